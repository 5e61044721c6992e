"""What an exporter gets, and what it must do. The batch gives it an empty folder and moves the finished files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from yaodian.export.cells import from_csv, to_csv
from yaodian.record.frames import COLUMNS as RECORD_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

COLUMNS: dict[str, tuple[str, ...]] = {
    **RECORD_COLUMNS,
    "sources": (
        "doc_id", "source", "format", "encoding", "bytes", "sha256", "url", "fetched", "extra",
    ),
    "places": ("doc_id", "start", "end", "page", "line"),
}  # fmt: skip
"""Column names of every table, in order: those of the record, then where each document and each line came from."""

_FLOATS = {"function_score", "score", "value", "low", "high", "base_value"}
_FLAGS = {"actor_inferred"}
_COUNTS = {
    "start", "end", "object_end", "plan_year", "mentions", "acts", "characters", "bytes", "page", "line",
    "documents.sections", "documents.measures", "documents.entities", "documents.warnings", "sections.level",
}  # fmt: skip


def kind(table: str, column: str) -> type[str | int | float | bool]:
    """Type of a column's values; any of them may be None."""
    if column in _FLOATS:
        return float
    if column in _FLAGS:
        return bool
    return int if column in _COUNTS or f"{table}.{column}" in _COUNTS else str


class Extracted:
    """One document's results, ready for any format.

    Args:
        line: the record as one line of JSON without its newline.
        rows: for every table of `COLUMNS` a list of rows, each a sequence of values (str, int, float, bool or None) in
            the order of the table's columns.
        csv: the same rows as CSV text without header; either of the two is enough.
    """

    def __init__(
        self,
        line: str,
        rows: Mapping[str, Sequence[Sequence[Any]]] | None = None,
        *,
        csv: Mapping[str, str] | None = None,
    ) -> None:
        if rows is None and csv is None:
            raise ValueError("either rows or csv must be given")
        self.line = line
        self._rows = rows
        self._csv = csv

    @property
    def rows(self) -> Mapping[str, Sequence[Sequence[Any]]]:
        """Rows by table; read from the CSV text when first asked for."""
        if self._rows is None:
            texts = self._csv or {}
            self._rows = {t: from_csv(text, [kind(t, c) for c in COLUMNS[t]]) for t, text in texts.items()}
        return self._rows

    @property
    def csv(self) -> Mapping[str, str]:
        """CSV text by table."""
        if self._csv is None:
            self._csv = {table: to_csv(rows) for table, rows in (self._rows or {}).items()}
        return self._csv


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Choices that concern single formats."""

    bom: bool = True
    """Whether CSV files begin with a byte order mark, by which Excel tells UTF-8."""


class Exporter(Protocol):
    """A file format of results. Its memory must not grow with the number of documents."""

    name: str
    """What stands after `--format`."""

    def __init__(self, folder: Path, options: Options) -> None:
        """Open the files in `folder`, which exists."""
        ...

    def write(self, found: Extracted) -> None:
        """Append one document."""
        ...

    def close(self) -> None:
        """Complete the files; called once, also after an error."""
        ...
