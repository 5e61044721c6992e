"""Entities: the four schemes of SemEval-2013 task 9.1 and the plain overlap figure.

Gold and predictions of a document are aligned one to one (`align`), and each pair is judged once a scheme:

| scheme | correct | otherwise |
|---|---|---|
| strict | same span and type | incorrect |
| exact | same span | incorrect |
| partial | same span | partial, worth one half |
| type | same type | incorrect |

What is in no pair is missed or spurious. precision = (correct + partial / 2) / actual, recall the same over
possible, F1 their harmonic mean (Segura-Bedmar, Martínez and Herrero-Zazo 2013, section 4).

The figures of a type come from gold and predictions of that type alone, aligned anew: a pair of two types is a
miss of one and spurious in the other, so within a type strict equals exact, and every pair is right by type.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from yaodian.labels import ENTITY_TYPES
from yaodian.scoring.align import Alignment, align, overlapping, same_span
from yaodian.scoring.counting import hits
from yaodian.scoring.result import Counts, EntityScore
from yaodian.scoring.tally import optional, ratio

if TYPE_CHECKING:
    from collections.abc import Sequence

    from yaodian.record import Entity
    from yaodian.scoring.documents import Document
    from yaodian.scoring.tally import Array, Key, Sample, Tally

SCHEMES = ("strict", "exact", "partial", "type")
OUTCOMES = ("correct", "incorrect", "partial", "missed", "spurious")
MICRO = "micro"
"""Scope of the figures over all types; the others are named as the types are."""


def count(document: Document, tally: Tally) -> None:
    """Count a document's entities over all types and by type.

    A pair counts in the unit of its gold entity.
    """
    _count_schemes(document, tally, MICRO, document.entities)
    for name in ENTITY_TYPES:
        gold = [e for e in document.gold.entities if e.type == name]
        predicted = [e for e in document.predicted.entities if e.type == name]
        _count_schemes(document, tally, name, align(gold, predicted, kind=lambda entity: entity.type))
        _count_overlap(document, tally, name, gold, predicted)


def _count_schemes(document: Document, tally: Tally, scope: str, alignment: Alignment[Entity]) -> None:
    for scheme in SCHEMES:
        key = ("entity", scope, scheme)
        for gold, predicted in alignment.pairs:
            tally.add(document.unit_of(gold), (*key, outcome(scheme, gold, predicted)))
        for entity in alignment.missed:
            tally.add(document.unit_of(entity), (*key, "missed"))
        for entity in alignment.spurious:
            tally.add(document.unit_of(entity), (*key, "spurious"))


def outcome(scheme: str, gold: Entity, predicted: Entity) -> str:
    """Outcome of an aligned pair under a scheme of `SCHEMES`."""
    right_span, right_type = same_span(gold, predicted), gold.type == predicted.type
    if scheme == "partial":
        return "correct" if right_span else "partial"
    right = {"strict": right_span and right_type, "exact": right_span, "type": right_type}
    return "correct" if right[scheme] else "incorrect"


def _count_overlap(
    document: Document, tally: Tally, scope: str, gold: Sequence[Entity], predicted: Sequence[Entity]
) -> None:
    predicted = sorted(predicted, key=lambda entity: entity.start)
    touched = list(overlapping(gold, predicted))
    counted = {
        "found": [gold[i] for i in {i for i, _ in touched}],
        "right": [predicted[j] for j in {j for _, j in touched}],
        "possible": gold,
        "actual": predicted,
    }
    for name, entities in counted.items():
        for entity in entities:
            for place in (scope, MICRO):
                tally.add(document.unit_of(entity), ("entity", place, "overlap", name))


def entity_score(sample: Sample, scope: str) -> EntityScore:
    """All figures of a type or of `MICRO`."""
    return EntityScore(
        **{scheme: _counts(sample, ("entity", scope, scheme)) for scheme in SCHEMES},
        overlap=hits(sample, ("entity", scope, "overlap")),
    )


def _counts(sample: Sample, key: Key) -> Counts:
    correct, incorrect, partial, missed, spurious = ((*key, name) for name in OUTCOMES)
    possible = (correct, incorrect, partial, missed)
    actual = (correct, incorrect, partial, spurious)
    credit = sample.total(correct) + 0.5 * sample.total(partial)
    return Counts(
        **{name: sample.observed((*key, name)) for name in OUTCOMES},
        possible=sample.observed(*possible),
        actual=sample.observed(*actual),
        precision=optional(ratio(credit, sample.total(*actual))[0]),
        recall=optional(ratio(credit, sample.total(*possible))[0]),
        f1=sample.figure(f1(sample, key), held_by=(*possible, spurious)),
    )


def f1(sample: Sample, key: Key) -> Array:
    """F1 of a scheme, observed and resampled; NaN where there is nothing to find and nothing found.

    Args:
        sample: the totals.
        key: `("entity", scope, scheme)`.
    """
    correct, incorrect, partial, missed, spurious = (sample.total((*key, name)) for name in OUTCOMES)
    credit = correct + 0.5 * partial
    return ratio(2 * credit, 2 * (correct + incorrect + partial) + missed + spurious)
