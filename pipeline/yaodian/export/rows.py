"""A record and where it came from, as rows: the one form that every format is written from."""

from __future__ import annotations

import json
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Protocol

from yaodian.export.base import COLUMNS, Extracted
from yaodian.record.frames import COLUMNS as RECORD_COLUMNS
from yaodian.record.frames import rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from yaodian.record import Record


class PlaceLike(Protocol):
    """Characters `[start, end)` of the text stand in line `line` of page `page` of the source, both from 1."""

    @property
    def start(self) -> int: ...  # noqa: D102
    @property
    def end(self) -> int: ...  # noqa: D102
    @property
    def page(self) -> int | None: ...  # noqa: D102
    @property
    def line(self) -> int | None: ...  # noqa: D102


_SOURCE = COLUMNS["sources"][1:]
_PICK = {table: itemgetter(*columns) for table, columns in RECORD_COLUMNS.items()}


def extracted(record: Record, *, source: Mapping[str, Any], places: Iterable[PlaceLike]) -> Extracted:
    """Make one document's rows from its record and its provenance.

    An empty text becomes None: CSV and Excel know no difference, and every format shall hold the same rows.

    Args:
        record: the document's record.
        source: values of the columns of `sources` but `doc_id`, those without a value left out; `extra` is a mapping.
        places: where each line of the text stands in the source.

    Raises:
        ValueError: `source` has a key that is no column.
    """
    tables: dict[str, Sequence[Sequence[Any]]] = {
        table: [_without_empty(row) if "" in row else row for row in map(pick, found)]
        for (table, found), pick in zip(rows(record).items(), _PICK.values(), strict=True)
    }
    tables["sources"] = [_without_empty((record.doc_id, *_provenance(source)))]
    tables["places"] = [(record.doc_id, p.start, p.end, p.page, p.line) for p in places]
    return Extracted(record.to_json(), tables)


def _without_empty(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(None if value == "" else value for value in row)


def _provenance(source: Mapping[str, Any]) -> list[Any]:
    unknown = source.keys() - set(_SOURCE)
    if unknown:
        raise ValueError(f"no columns of `sources`: {', '.join(sorted(unknown))}; known: {', '.join(_SOURCE)}")
    extra = source.get("extra")
    given = {**source, "extra": json.dumps(extra, ensure_ascii=False, sort_keys=True) if extra else None}
    return [_clean(given.get(name)) for name in _SOURCE]


def _clean(value: Any) -> Any:
    """Names of files may hold bytes that are no text, which no format can write."""
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else value
