"""One Excel workbook, a sheet a table: cells are values and never formulas, and what Excel cannot hold is noted."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import xlsxwriter

from yaodian.export.base import COLUMNS, kind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

    from yaodian.export.base import Extracted, Options

MAX_ROWS = 1_048_576
"""Rows of a sheet, its header among them."""
MAX_UNITS = 32_767
"""UTF-16 units of a cell: a character beyond U+FFFF, such as an emoji or a rare Hanzi, takes two."""
CUT = "…〔cut: the text goes on〕"
"""What stands at the end of a cell that was cut."""

OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
"""Of a workbook: nothing that a text says becomes a formula, a link or a number."""
CREATED = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
"""Date that stands in every workbook, so that the same results give the same bytes."""
_LINE_END = re.compile(r"\r\n?")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_NOTES = ("sheet", "row", "column", "doc_id", "note")
_WIDE = {"text": 60, "sentence": 60, "object": 50, "heading": 40, "section_heading": 40, "title": 40, "message": 60,
         "extra": 40, "source": 24, "doc_id": 16, "issuer": 24, "canonical": 24, "actors": 30, "note": 60}  # fmt: skip
_NARROW = 10
_USUAL = 14


def cell(value: str) -> tuple[str, str | None]:
    """Text as a cell can hold it, and what was done to it where something is lost.

    Line ends become the line feed that Excel breaks lines at; what XML forbids becomes U+FFFD; more than `MAX_UNITS`
    is cut.
    """
    if "\r" in value:
        value = _LINE_END.sub("\n", value)
    note = None
    if not value.isprintable() and _FORBIDDEN.search(value):
        value = _FORBIDDEN.sub("\ufffd", value)
        note = "control characters replaced"
    if value.startswith("<r>") and value.endswith("</r>"):
        # xlsxwriter takes this for its own markup of rich text and writes it as XML.
        value, note = value + " ", "a space added"
    if len(value) > MAX_UNITS // 2 and _units(value) > MAX_UNITS:
        note = f"cut: {len(value)} characters are more than a cell of Excel holds"
        value = _head(value, MAX_UNITS - len(CUT)) + CUT
    return value, note


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _head(text: str, units: int) -> str:
    """Beginning of a text that takes at most so many UTF-16 units; no character is split."""
    return text.encode("utf-16-le")[: 2 * units].decode("utf-16-le", "ignore")


class Sheet:
    """The sheets of one table: `entities`, and once it is full `entities 2`."""

    def __init__(self, book: Workbook, name: str, columns: Sequence[str], widths: Sequence[int], head: Format) -> None:
        self._book, self._name, self._columns, self._widths, self._head = book, name, columns, widths, head
        self._sheets = 0
        self._open()

    def _open(self) -> None:
        self._sheets += 1
        self.title = self._name if self._sheets == 1 else f"{self._name} {self._sheets}"
        self._sheet: Worksheet = self._book.add_worksheet(self.title)
        for index, width in enumerate(self._widths):
            self._sheet.set_column(index, index, width)
        self._sheet.freeze_panes(1, 0)
        for index, column in enumerate(self._columns):
            self._sheet.write_string(0, index, column, self._head)
        self._next = 1

    def write(self, row: Sequence[Any]) -> list[tuple[int, str]]:
        """Append a row; returns number and note of every column whose value could not be kept."""
        if self._next >= MAX_ROWS:
            self.close()
            self._open()
        sheet, number, notes = self._sheet, self._next, []
        for index, value in enumerate(row):
            if value is None:
                continue
            if isinstance(value, bool):
                sheet.write_boolean(number, index, value)
            elif isinstance(value, str):
                text, note = cell(value)
                sheet.write_string(number, index, text)
                if note:
                    notes.append((index, note))
            elif math.isfinite(value):
                sheet.write_number(number, index, value)
            else:
                sheet.write_string(number, index, str(value))
        self._next += 1
        return notes

    @property
    def row(self) -> int:
        """Number of the last row as Excel shows it."""
        return self._next

    def close(self) -> None:
        """Put the filter over all rows of the sheet."""
        self._sheet.autofilter(0, 0, max(self._next - 1, 1), len(self._columns) - 1)


def _width(table: str, column: str) -> int:
    return _WIDE.get(column, _USUAL if kind(table, column) is str else _NARROW)


class ExcelWorkbook:
    """Writes `results.xlsx`; rows go to temporary files, so that memory does not grow."""

    name = "xlsx"

    def __init__(self, folder: Path, options: Options) -> None:  # noqa: ARG002  one signature for all
        self._book: Workbook = xlsxwriter.Workbook(str(folder / "results.xlsx"), {**OPTIONS, "tmpdir": str(folder)})
        self._book.set_properties({"created": CREATED})
        self._book.use_zip64()
        self._head = self._book.add_format({"bold": True})
        self._tables = {
            name: Sheet(self._book, name, columns, [_width(name, column) for column in columns], self._head)
            for name, columns in COLUMNS.items()
        }
        self._notes: Sheet | None = None

    def write(self, found: Extracted) -> None:
        """Append one document's rows."""
        for name, rows in found.rows.items():
            table = self._tables[name]
            for row in rows:
                for index, note in table.write(row):
                    self._note(table.title, table.row, COLUMNS[name][index], row[0], note)

    def _note(self, *values: Any) -> None:
        if self._notes is None:
            widths = [_WIDE.get(column, _USUAL) for column in _NOTES]
            self._notes = Sheet(self._book, "notes", _NOTES, widths, self._head)
        self._notes.write(values)

    def close(self) -> None:
        """Complete the workbook."""
        for table in (*self._tables.values(), *filter(None, [self._notes])):
            table.close()
        self._book.close()
