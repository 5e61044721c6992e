"""Records as tables: one row a document, section, measure, entity or relation, keyed by `doc_id` and the ids."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from yaodian.labels import ENTITY_TYPES
from yaodian.record import derived

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pandas as pd

    from yaodian.record.model import Record

_ATTRIBUTES = tuple(dict.fromkeys(f for t in ENTITY_TYPES.values() for f in t.attributes.model_fields))
_ENTITY = ("id", "type", "start", "end", "text", "measure", "canonical", "source", "score")
COLUMNS: dict[str, tuple[str, ...]] = {
    "documents": (
        "doc_id", "source", "text_sha256", "characters", "title", "issuer", "doc_number", "date", "plan_year",
        "addressees", "disclosure", "genre", "sections", "measures", "entities", "warnings",
    ),
    "sections": ("doc_id", "id", "level", "number", "heading", "start", "end", "parent"),
    "measures": (
        "doc_id", "id", "section", "start", "end", "text", "function", "function_secondary", "function_score",
        "phase", "instrument", "actors", "actions", "deadline", "qualitative_goals",
    ),
    "entities": ("doc_id", *_ENTITY, *_ATTRIBUTES),
    "relations": ("doc_id", "type", "head", "tail"),
    "warnings": ("doc_id", "code", "message", "start", "end"),
    "targets": derived.TARGETS,
    "actions": derived.ACTIONS,
    "institutions": derived.INSTITUTIONS,
}  # fmt: skip
"""Column names of every table, in order. Lists are joined with `; `."""

_NO_ATTRIBUTES: dict[str, Any] = dict.fromkeys(_ATTRIBUTES)
_WHOLE = {"start", "end", "object_end", "level", "plan_year", "mentions", "acts"}


def rows(record: Record) -> dict[str, list[dict[str, Any]]]:
    """Rows of one record by table name, every row with the columns of `COLUMNS`."""
    return {table: list(make(record)) for table, make in _TABLES.items()}


def frames(records: Iterable[Record]) -> dict[str, pd.DataFrame]:
    """Pandas data frames of `records` by table name; offsets and counts are nullable integers."""
    import pandas as pd

    collected: dict[str, list[dict[str, Any]]] = {table: [] for table in COLUMNS}
    for record in records:
        for table, found in rows(record).items():
            collected[table] += found
    result = {table: pd.DataFrame(found, columns=list(COLUMNS[table])) for table, found in collected.items()}
    for table, frame in result.items():
        for column in _WHOLE & set(frame.columns):
            if table != "institutions" or column != "level":
                frame[column] = frame[column].astype("Int64")
    return result


def _join(values: Iterable[str]) -> str | None:
    return "; ".join(values) or None


# Fields are read as they stand (`vars`): to dump the models took longer than all else here.
def _document(record: Record) -> Iterator[dict[str, Any]]:
    yield {
        "doc_id": record.doc_id,
        "source": record.source,
        "text_sha256": record.text_sha256,
        "characters": len(record.text),
        **vars(record.metadata),
        "addressees": _join(record.metadata.addressees),
        "sections": len(record.sections),
        "measures": len(record.measures),
        "entities": len(record.entities),
        "warnings": len(record.warnings),
    }


def _sections(record: Record) -> Iterator[dict[str, Any]]:
    for section in record.sections:
        yield {"doc_id": record.doc_id, **vars(section)}


def _measures(record: Record) -> Iterator[dict[str, Any]]:
    for measure in record.measures:
        function = measure.function
        scores = (function.scores if function else None) or {}
        yield {
            "doc_id": record.doc_id,
            "id": measure.id,
            "section": measure.section,
            "start": measure.start,
            "end": measure.end,
            "text": record.text[measure.start : measure.end],
            "function": function.primary if function else None,
            "function_secondary": function.secondary if function else None,
            "function_score": scores.get(function.primary) if function else None,
            "phase": measure.phase,
            "instrument": measure.instrument,
            "actors": _join(measure.actors),
            "actions": _join(action.text for action in measure.actions),
            "deadline": measure.deadline,
            "qualitative_goals": _join(measure.qualitative_goals),
        }


def _entities(record: Record) -> Iterator[dict[str, Any]]:
    for entity in record.entities:
        row = {"doc_id": record.doc_id, **_NO_ATTRIBUTES, **vars(entity), **vars(entity.attributes)}
        del row["attributes"]
        yield row


def _relations(record: Record) -> Iterator[dict[str, Any]]:
    for relation in record.relations:
        yield {"doc_id": record.doc_id, **vars(relation)}


def _warnings(record: Record) -> Iterator[dict[str, Any]]:
    for warning in record.warnings:
        yield {"doc_id": record.doc_id, **vars(warning)}


_TABLES = {
    "documents": _document,
    "sections": _sections,
    "measures": _measures,
    "entities": _entities,
    "relations": _relations,
    "warnings": _warnings,
    "targets": derived.targets,
    "actions": derived.actions,
    "institutions": derived.institutions,
}
