"""CSV tables that Excel opens without mojibake and without running a cell: UTF-8 with BOM, formulas disarmed."""

from __future__ import annotations

import csv
from contextlib import ExitStack
from typing import TYPE_CHECKING

from yaodian.export.base import COLUMNS

if TYPE_CHECKING:
    from pathlib import Path

    from yaodian.export.base import Extracted, Options


class CsvTables:
    """Writes `<table>.csv` for every table."""

    name = "csv"

    def __init__(self, folder: Path, options: Options) -> None:
        encoding = "utf-8-sig" if options.bom else "utf-8"
        with ExitStack() as stack:
            self._files = {}
            for table, columns in COLUMNS.items():
                file = stack.enter_context((folder / f"{table}.csv").open("w", encoding=encoding, newline=""))
                csv.writer(file).writerow(columns)
                self._files[table] = file
            self._stack = stack.pop_all()

    def write(self, found: Extracted) -> None:
        """Append one document's rows."""
        for table, text in found.csv.items():
            self._files[table].write(text)

    def close(self) -> None:
        """Close all tables."""
        self._stack.close()
