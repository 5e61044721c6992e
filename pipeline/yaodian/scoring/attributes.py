"""Attributes of entities, judged where span and type are right."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from yaodian.labels import ENTITY_TYPES
from yaodian.scoring.align import same_span
from yaodian.scoring.counting import accuracy, add_agreement, is_absent
from yaodian.scoring.result import AttributeScore
from yaodian.scoring.tally import ratio

if TYPE_CHECKING:
    from yaodian.scoring.documents import Document
    from yaodian.scoring.tally import Key, Sample, Tally

FREE_TEXT = frozenset({"indicator"})
"""Attributes whose wording may differ a little, so that overlap is given beside equality."""


def count(document: Document, tally: Tally) -> None:
    """Count the attributes of a document's strictly matched entities."""
    for gold, predicted in document.entities.pairs:
        if gold.type != predicted.type or not same_span(gold, predicted):
            continue
        for field in ENTITY_TYPES[gold.type].attributes.model_fields:
            key, unit = ("attribute", gold.type, field), document.unit_of(gold)
            ours, theirs = getattr(gold.attributes, field), getattr(predicted.attributes, field)
            add_agreement(tally, unit, key, ours, theirs)
            if field in FREE_TEXT and not (is_absent(ours) and is_absent(theirs)):
                tally.add(unit, (*key, "shared"), character_f1(ours or "", theirs or ""))


def character_f1(a: str, b: str) -> float:
    """F1 of two texts as bags of characters, 0..1, 0 where one is empty (Rajpurkar et al. 2016, by character)."""
    shared = (Counter(a) & Counter(b)).total()
    return 2 * shared / (len(a) + len(b)) if shared else 0.0


def attribute_scores(sample: Sample) -> dict[str, dict[str, AttributeScore]]:
    """Figures of every attribute of every type, by type and attribute."""
    return {
        name: {field: _attribute(sample, ("attribute", name, field)) for field in kind.attributes.model_fields}
        for name, kind in ENTITY_TYPES.items()
    }


def _attribute(sample: Sample, key: Key) -> AttributeScore:
    overlap = None
    if key[-1] in FREE_TEXT:
        present = (*key, "present")
        overlap = sample.figure(ratio(sample.total((*key, "shared")), sample.total(present)), held_by=[present])
    return AttributeScore(**dict(accuracy(sample, key)), overlap_f1=overlap)
