"""CSV tables that Excel opens without mojibake and without running a cell: UTF-8 with BOM, formulas disarmed."""

from __future__ import annotations

import csv
import re
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from yaodian.export.base import COLUMNS

if TYPE_CHECKING:
    from pathlib import Path

    from yaodian.export.base import Extracted, Options

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


class CsvTables:
    """Writes `<table>.csv` for every table."""

    name = "csv"

    def __init__(self, folder: Path, options: Options) -> None:
        encoding = "utf-8-sig" if options.bom else "utf-8"
        with ExitStack() as stack:
            self._writers = {}
            for table, columns in COLUMNS.items():
                file = stack.enter_context((folder / f"{table}.csv").open("w", encoding=encoding, newline=""))
                self._writers[table] = csv.writer(file)
                self._writers[table].writerow(columns)
            self._stack = stack.pop_all()

    def write(self, found: Extracted) -> None:
        """Append one document's rows."""
        for table, rows in found.rows.items():
            self._writers[table].writerows([cell(value) for value in row] for row in rows)

    def close(self) -> None:
        """Close all tables."""
        self._stack.close()
