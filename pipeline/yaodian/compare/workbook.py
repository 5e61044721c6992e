"""Data frames as one Excel workbook, a sheet a frame: cells by the rules of the results' own workbook."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from yaodian.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import pandas as pd

_NOTES = ("sheet", "row", "column", "note")
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
_LONGEST = 28
"""Characters of a sheet's name: Excel takes 31, and a second sheet of a long table has a number behind."""
_WIDEST, _NARROWEST, _LOOKED_AT = 60, 10, 50
"""Widths of columns in characters, and rows that are looked at to choose them."""


def to_xlsx(frames: Mapping[str, pd.DataFrame], path: Path) -> None:
    """Write data frames to an Excel workbook, each to a sheet named by its key.

    Missing values are empty cells. What a cell cannot hold is told on a sheet `notes`. The same frames give the same
    bytes.

    Raises:
        UsageError: there is no frame, or two names are one to Excel.
    """
    import xlsxwriter

    from yaodian.export.xlsx import CREATED, OPTIONS, Sheet

    titles = _titles(frames)
    with xlsxwriter.Workbook(str(path), {**OPTIONS, "tmpdir": str(path.parent)}) as book:
        book.set_properties({"created": CREATED})
        head = book.add_format({"bold": True})
        noted: list[tuple[Any, ...]] = []
        for name, frame in frames.items():
            columns = [str(column) for column in frame.columns]
            table = Sheet(book, titles[name], columns, [*_widths(frame)], head)
            for row in _rows(frame):
                noted += [(table.title, table.row, columns[index], note) for index, note in table.write(row)]
            table.close()
        if noted:
            table = Sheet(book, "notes", _NOTES, [_NARROWEST, _NARROWEST, _NARROWEST, _WIDEST], head)
            for note in noted:
                table.write(note)
            table.close()


def _titles(frames: Mapping[str, pd.DataFrame]) -> dict[str, str]:
    if not frames:
        raise UsageError("no tables to write; give at least one data frame")
    titles = {name: _FORBIDDEN.sub("_", name)[:_LONGEST].strip("' ") or "table" for name in frames}
    taken = {"notes": "the notes", "history": "Excel itself"}
    for name, title in titles.items():
        if title.lower() in taken:
            raise UsageError(f"{name}: as a sheet's name this is taken by {taken[title.lower()]}; use another name")
        taken[title.lower()] = name
    return titles


def _rows(frame: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    for row in frame.astype(object).where(frame.notna(), None).itertuples(index=False, name=None):
        yield tuple(value if value is None or isinstance(value, str | int | float) else _plain(value) for value in row)


def _plain(value: Any) -> Any:
    """NumPy's scalars as Python's; anything else as text."""
    return value.item() if hasattr(value, "item") else str(value)


def _widths(frame: pd.DataFrame) -> Iterator[int]:
    for column in frame.columns:
        # A Chinese character is as wide as two Latin ones.
        texts = [str(column), *(value for value in frame[column].head(_LOOKED_AT) if isinstance(value, str))]
        widest = max(sum(1 if character.isascii() else 2 for character in text) for text in texts)
        yield min(max(widest + 2, _NARROWEST), _WIDEST)
