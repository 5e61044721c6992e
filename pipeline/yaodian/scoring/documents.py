"""Which documents are scored, how their parts align, and to which unit of resampling each part belongs."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from yaodian.errors import UsageError
from yaodian.scoring.align import Alignment, align

if TYPE_CHECKING:
    from collections.abc import Sequence

    from yaodian.record import Entity, Measure, Record, Section
    from yaodian.scoring.result import Unit
    from yaodian.spans import HasSpan


@dataclass(frozen=True, slots=True)
class Document:
    """A document on both sides, aligned once."""

    gold: Record
    predicted: Record
    entities: Alignment[Entity]
    measures: Alignment[Measure]
    unit: int
    """Number of the document, or of its front matter where sections are resampled."""
    sections: tuple[Section, ...] = ()
    """Gold's top-level sections where they are the units (numbered from `unit + 1`), else empty."""

    def unit_of(self, part: HasSpan) -> int:
        """Number of the unit that holds the part's first character.

        Where sections are the units, whatever stands in none of them belongs to the front matter.
        """
        place = bisect_right(self.sections, part.start, key=lambda section: section.start)
        if place and part.start < self.sections[place - 1].end:
            return self.unit + place
        return self.unit


@dataclass(frozen=True, slots=True)
class Corpus:
    """The documents that both sides have, sorted by id, and the ids on one side only."""

    documents: tuple[Document, ...]
    unit: Unit
    units: int
    only_gold: tuple[str, ...]
    only_predicted: tuple[str, ...]


def match(pred: Sequence[Record], gold: Sequence[Record]) -> Corpus:
    """Match predictions with gold by `doc_id`.

    Raises:
        UsageError: an id is given twice, the sides have no document in common, or its texts differ.
    """
    predicted, expected = by_id(pred, side="predictions"), by_id(gold, side="gold")
    common = sorted(predicted.keys() & expected.keys())
    if not common:
        raise UsageError("predictions and gold have no doc_id in common; score the files that belong together")
    for name in common:
        if predicted[name].text_sha256 != expected[name].text_sha256:
            raise UsageError(f"{name}: prediction and gold have different texts; extract gold's text again")
    single = len(common) == 1
    top = _top_level(expected[common[0]]) if single else ()
    return Corpus(
        documents=tuple(_document(predicted[name], expected[name], i, top) for i, name in enumerate(common)),
        unit="section" if single else "document",
        units=1 + len(top) if single else len(common),
        only_gold=tuple(sorted(expected.keys() - predicted.keys())),
        only_predicted=tuple(sorted(predicted.keys() - expected.keys())),
    )


def by_id(records: Sequence[Record], *, side: str) -> dict[str, Record]:
    """Records by `doc_id`; `side` names them in the error.

    Raises:
        UsageError: two records have one id.
    """
    found: dict[str, Record] = {}
    for record in records:
        if record.doc_id in found:
            raise UsageError(f"{record.doc_id}: given twice in the {side}; keep one record a document")
        found[record.doc_id] = record
    return found


def _top_level(record: Record) -> tuple[Section, ...]:
    return tuple(sorted((s for s in record.sections if s.parent is None), key=lambda s: s.start))


def _document(predicted: Record, gold: Record, unit: int, sections: tuple[Section, ...]) -> Document:
    return Document(
        gold=gold,
        predicted=predicted,
        entities=align(gold.entities, predicted.entities, kind=lambda entity: entity.type),
        measures=align(gold.measures, predicted.measures, kind=lambda _: ""),
        unit=unit,
        sections=sections,
    )
