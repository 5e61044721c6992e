"""Where results go: one document's rows to files of every kind. A new format is one module and one line here."""

from __future__ import annotations

from contextlib import ExitStack
from importlib import import_module
from typing import TYPE_CHECKING, Self

from yaodian.errors import UsageError
from yaodian.export.base import COLUMNS, Exporter, Extracted, Options, kind
from yaodian.export.rows import extracted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path
    from types import TracebackType

EXPORTERS: dict[str, str] = {
    "jsonl": "yaodian.export.jsonl:JsonLines",
    "csv": "yaodian.export.csv:CsvTables",
    "xlsx": "yaodian.export.xlsx:ExcelWorkbook",
    "parquet": "yaodian.export.parquet:ParquetTables",
    "duckdb": "yaodian.export.duckdb:DuckDatabase",
    "docbin": "yaodian.export.docbin:DocBinShards",
}
"""All formats by name, each the place of a class; it is imported when it is asked for."""


class Exporters:
    """Several formats written at once; closes them all, also where one of them fails."""

    def __init__(self, opened: Sequence[Exporter], stack: ExitStack) -> None:
        self._opened = opened
        self._stack = stack

    def write(self, found: Extracted) -> None:
        """Append one document to every format."""
        for exporter in self._opened:
            exporter.write(found)

    def close(self) -> None:
        """Complete the files of every format; a second call does nothing."""
        self._stack.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_exporters(names: Iterable[str], folder: Path, options: Options | None = None) -> Exporters:
    """Open formats for writing into `folder`, which exists; a name given twice counts once.

    Raises:
        UsageError: a name is unknown, or a format needs a package that is not installed.
    """
    classes = [_class(name) for name in dict.fromkeys(names)]
    with ExitStack() as stack:
        opened = []
        for make in classes:
            exporter = make(folder, options or Options())
            stack.callback(exporter.close)
            opened.append(exporter)
        return Exporters(opened, stack.pop_all())


def _class(name: str) -> type[Exporter]:
    if name not in EXPORTERS:
        raise UsageError(f"{name}: no such format; known: {', '.join(EXPORTERS)}")
    module, _, attribute = EXPORTERS[name].partition(":")
    try:
        found: type[Exporter] = getattr(import_module(module), attribute)
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package == __name__.partition(".")[0]:
            raise
        raise UsageError(
            f"{name}: needs the package {package}, which is not installed; run: pip install {package}"
        ) from error
    return found


__all__ = [
    "COLUMNS",
    "EXPORTERS",
    "Exporter",
    "Exporters",
    "Extracted",
    "Options",
    "extracted",
    "kind",
    "open_exporters",
]
