"""Parquet tables: typed, compressed, the same bytes from the same rows."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from yaodian.export.base import COLUMNS, kind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from yaodian.export.base import Extracted, Options

_TYPES = {str: pa.string(), int: pa.int64(), float: pa.float64(), bool: pa.bool_()}
# Rows wait as Python objects until they are worth a batch, and batches until they are worth a row group.
_BATCH_ROWS = 2_048
_GROUP_ROWS = 1 << 16
_GROUP_BYTES = 1 << 25


def schema(table: str) -> pa.Schema:
    """Arrow's schema of a table; every column may hold None."""
    return pa.schema([pa.field(column, _TYPES[kind(table, column)]) for column in COLUMNS[table]])


class _Table:
    """One file, its waiting rows and its waiting batches."""

    def __init__(self, path: Path, table: str) -> None:
        self._schema = schema(table)
        self._writer = pq.ParquetWriter(path, self._schema, compression="zstd")
        self._rows: list[Sequence[Any]] = []
        self._batches: list[pa.RecordBatch] = []

    def extend(self, rows: Sequence[Sequence[Any]]) -> None:
        self._rows += rows
        if len(self._rows) >= _BATCH_ROWS:
            self._pack()
            if (
                sum(batch.num_rows for batch in self._batches) >= _GROUP_ROWS
                or sum(batch.nbytes for batch in self._batches) >= _GROUP_BYTES
            ):
                self._flush()

    def close(self) -> None:
        try:
            self._pack()
            self._flush()
        finally:
            self._writer.close()

    def _pack(self) -> None:
        if self._rows:
            columns = zip(*self._rows, strict=True)
            arrays = [pa.array(column, field.type) for column, field in zip(columns, self._schema, strict=True)]
            self._batches.append(pa.record_batch(arrays, schema=self._schema))
            self._rows = []

    def _flush(self) -> None:
        if self._batches:
            table = pa.Table.from_batches(self._batches)
            self._writer.write_table(table, row_group_size=table.num_rows)
            self._batches = []


class ParquetTables:
    """Writes `<table>.parquet` for every table; a row group has at most some 32 MB in memory."""

    name = "parquet"

    def __init__(self, folder: Path, options: Options) -> None:  # noqa: ARG002  one signature for all
        with ExitStack() as stack:
            self._tables = {}
            for name in COLUMNS:
                self._tables[name] = _Table(folder / f"{name}.parquet", name)
                stack.callback(self._tables[name].close)
            self._stack = stack.pop_all()

    def write(self, found: Extracted) -> None:
        """Append one document's rows."""
        for table, rows in found.rows.items():
            self._tables[table].extend(rows)

    def close(self) -> None:
        """Write what waits and close all tables."""
        self._stack.close()
