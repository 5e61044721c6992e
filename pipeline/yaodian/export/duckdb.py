"""A DuckDB database: typed tables with comments, and views that answer questions across them.

Keys are told in the comments and not enforced: with two million entities the indices of primary keys take five times
as long to load and twelve times the space, foreign keys eight and sixteen times.
"""

from __future__ import annotations

import shutil
import tempfile
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from yaodian.export.base import COLUMNS, kind
from yaodian.export.meanings import column_meaning, table_meaning
from yaodian.export.parquet import ParquetTables

if TYPE_CHECKING:
    from yaodian.export.base import Extracted, Options

_MEMORY = "512MB"
"""What the database may take while it is loaded; the rest goes to disk."""
_TYPES = {str: "VARCHAR", int: "BIGINT", float: "DOUBLE", bool: "BOOLEAN"}


def views() -> str:
    """SQL of all views with their comments."""
    return resources.files(__package__).joinpath("views.sql").read_text(encoding="utf-8")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _tables() -> str:
    """SQL of all tables with their comments."""
    statements = []
    for table, columns in COLUMNS.items():
        typed = ", ".join(f'"{column}" {_TYPES[kind(table, column)]}' for column in columns)
        statements += [
            f'CREATE TABLE "{table}" ({typed});',
            f'COMMENT ON TABLE "{table}" IS {_quoted(table_meaning(table))};',
        ]
        statements += [
            f'COMMENT ON COLUMN "{table}"."{column}" IS {_quoted(column_meaning(table, column))};' for column in columns
        ]
    return "\n".join(statements)


class DuckDatabase:
    """Writes `yaodian.duckdb`; rows wait in Parquet files of a temporary folder, so that memory does not grow."""

    name = "duckdb"

    def __init__(self, folder: Path, options: Options) -> None:
        self._path = folder / "yaodian.duckdb"
        # In the target's own folder: the system's temporary one may be a small disk, or memory.
        self._spool = Path(tempfile.mkdtemp(prefix=".duckdb-", dir=folder))
        try:
            self._rows = ParquetTables(self._spool, options)
        except BaseException:
            shutil.rmtree(self._spool, ignore_errors=True)
            raise

    def write(self, found: Extracted) -> None:
        """Append one document's rows."""
        self._rows.write(found)

    def close(self) -> None:
        """Load all rows into the database and remove the temporary folder."""
        try:
            self._rows.close()
            config: dict[str, str | bool | int | float | list[str]] = {
                "temp_directory": str(self._spool / "tmp"),
                "memory_limit": _MEMORY,
            }
            with duckdb.connect(str(self._path), config=config) as database:
                database.execute(_tables())
                for table in COLUMNS:
                    path = (self._spool / f"{table}.parquet").as_posix()
                    database.execute(f'INSERT INTO "{table}" SELECT * FROM read_parquet(?)', [path])  # noqa: S608
                database.execute(views())
        finally:
            shutil.rmtree(self._spool, ignore_errors=True)
