"""Cells of CSV: values to text and back, exact in both directions, formulas disarmed.

Rows travel from the workers as CSV text, so that the process that writes the files only copies; formats with types of
their own read the values back.
"""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# A cell that begins like a formula is one to Excel, and to a Chinese Excel also in full width: an apostrophe in front
# makes it text (OWASP, CSV injection). One that begins so after apostrophes gets one more: so `undo` is exact.
_STARTS = frozenset("'=+-@\t\r＝＋－＠")
_FORMULA = re.compile(r"'*(?:[=+@\t\r＝＋－＠]|-(?![\d.,]+[%‰℃]?\Z)).", re.DOTALL)


def cell(value: Any) -> Any:
    """Value of a cell as the csv module shall write it: formulas disarmed, whole floats without `.0`."""
    if isinstance(value, str):
        return "'" + value if value and value[0] in _STARTS and _FORMULA.match(value) else value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def undo(text: str) -> str:
    """Return the text that `cell` was given."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text, 1) else text


def to_csv(rows: Iterable[Sequence[Any]]) -> str:
    """Rows as CSV text, without a header."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([cell(value) for value in row] for row in rows)
    return text.getvalue()


def from_csv(text: str, kinds: Sequence[type]) -> list[list[Any]]:
    """Values of rows that `to_csv` wrote; `kinds` are the types of their columns. An empty cell is None."""
    read = [_READ[kind] for kind in kinds]
    rows = csv.reader(io.StringIO(text, newline=""))
    return [[make(value) if value else None for make, value in zip(read, row, strict=True)] for row in rows]


_READ: dict[type, Any] = {str: undo, int: int, float: float, bool: lambda text: text == "True"}
