"""CSV tables, one a kind of part, that Excel opens without mojibake: UTF-8 with BOM, formulas disarmed."""

from __future__ import annotations

import csv
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Self

from yaodian.record.frames import COLUMNS, rows

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from yaodian.record import Record

# A cell that begins like a formula is one to Excel: an apostrophe makes it text again (OWASP, CSV injection).
_FORMULA = ("=", "+", "@", "\t", "\r")


class TableWriter:
    """Writes records to `documents.csv`, `measures.csv` … of one folder as they come."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stack = ExitStack()
        self._writers: dict[str, Any] = {}

    def __enter__(self) -> Self:
        """Open all tables and write their headers."""
        self._folder.mkdir(parents=True, exist_ok=True)
        for table, columns in COLUMNS.items():
            path = self._folder / f"{table}.csv"
            file = self._stack.enter_context(path.open("w", encoding="utf-8-sig", newline=""))
            self._writers[table] = csv.DictWriter(file, columns)
            self._writers[table].writeheader()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close all tables."""
        self._stack.close()

    def write(self, record: Record) -> None:
        """Append one record's rows."""
        for table, found in rows(record).items():
            self._writers[table].writerows({key: _cell(value) for key, value in row.items()} for row in found)


def _cell(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(_FORMULA) and len(value) > 1 and value not in (">=", "<="):
        return "'" + value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value
