"""What measures are and who does them by when: functions, instruments, deadlines and actors.

All of it is judged on measures whose span is right; how many those are stands beside the figures.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from yaodian.labels import functions, instruments
from yaodian.scoring.align import same_span
from yaodian.scoring.counting import accuracy, add_agreement, add_hits, hits
from yaodian.scoring.result import Classification, ClassScore, Deadlines, Figure
from yaodian.scoring.tally import optional, ratio

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from yaodian.record import Measure, Record
    from yaodian.scoring.documents import Document
    from yaodian.scoring.tally import Array, Sample, Tally

FUNCTION, INSTRUMENT = "function", "instrument"
ABSENT = "absent"
"""Predicted class of a measure that was given none; never right."""


def label(measure: Measure, axis: str) -> str | None:
    """Class of a measure on an axis, the primary one for functions."""
    if axis == INSTRUMENT:
        return measure.instrument
    return measure.function.primary if measure.function else None


def count(document: Document, tally: Tally) -> None:
    """Count classes, deadlines and actors of a document's measures."""
    for measure in document.gold.measures:
        for axis in (FUNCTION, INSTRUMENT):
            if label(measure, axis):
                tally.add(document.unit_of(measure), (axis, "labelled"))
    spans, predicted_spans = _spans(document.gold), _spans(document.predicted)
    for gold, predicted in _matched(document):
        unit = document.unit_of(gold)
        for axis in (FUNCTION, INSTRUMENT):
            _count_class(tally, unit, axis, gold, predicted)
        add_agreement(tally, unit, ("deadline",), gold.deadline, predicted.deadline)
        add_hits(tally, ("deadline", "strict"), _deadline(gold, unit), _deadline(predicted, unit))
        ours, theirs = _actors(spans, gold), _actors(predicted_spans, predicted)
        add_hits(tally, ("actor",), ((span, unit) for span in ours), ((span, unit) for span in theirs))


def _matched(document: Document) -> Iterator[tuple[Measure, Measure]]:
    return (pair for pair in document.measures.pairs if same_span(*pair))


def _count_class(tally: Tally, unit: int, axis: str, gold: Measure, predicted: Measure) -> None:
    expected = label(gold, axis)
    if expected is None:
        return
    given = label(predicted, axis) or ABSENT
    secondary = gold.function.secondary if axis == FUNCTION and gold.function else None
    tally.add(unit, (axis, "n"))
    tally.add(unit, (axis, "gold", expected))
    tally.add(unit, (axis, "predicted", given))
    tally.add(unit, (axis, "right", expected), float(given == expected))
    tally.add(unit, (axis, "either"), float(given in (expected, secondary)))


def _deadline(measure: Measure, unit: int) -> list[tuple[str, int]]:
    return [(measure.deadline, unit)] if measure.deadline else []


def _spans(record: Record) -> dict[str, tuple[int, int]]:
    return {entity.id: (entity.start, entity.end) for entity in record.entities}


def _actors(spans: dict[str, tuple[int, int]], measure: Measure) -> set[tuple[int, int]]:
    return {spans[actor] for actor in measure.actors if actor in spans}


def deadlines(sample: Sample) -> Deadlines:
    """Figures of the deadline expressions."""
    return Deadlines(accuracy=accuracy(sample, ("deadline",)), strict=hits(sample, ("deadline", "strict")))


def classification(sample: Sample, documents: Sequence[Document], axis: str) -> Classification:
    """Figures of an axis, `FUNCTION` or `INSTRUMENT`."""
    pairs = [
        (expected, label(predicted, axis) or ABSENT)
        for document in documents
        for gold, predicted in _matched(document)
        if (expected := label(gold, axis))
    ]
    scheme = functions() if axis == FUNCTION else instruments()
    seen = {name for pair in pairs for name in pair}
    labels = tuple(name for name in (*scheme, ABSENT) if name in seen)
    n = (axis, "n")
    right = sample.total(*((axis, "right", name) for name in labels))
    either = sample.figure(ratio(sample.total((axis, "either")), sample.total(n)), held_by=[n])
    kappas = sample.figure(kappa(sample, axis, labels), held_by=[n])
    return Classification(
        gold=sample.observed((axis, "labelled")),
        n=len(pairs),
        accuracy=sample.figure(ratio(right, sample.total(n)), held_by=[n]),
        accuracy_either=either if axis == FUNCTION else None,
        macro_f1=sample.figure(macro_f1(sample, axis, labels), held_by=[n]),
        kappa=Figure(value=_kappa(pairs), low=kappas.low, high=kappas.high),
        labels=labels,
        confusion=_confusion(pairs, labels),
        classes=_classes(pairs, labels),
    )


def macro_f1(sample: Sample, axis: str, labels: Sequence[str]) -> Array:
    """Mean F1 over the classes present in gold, of the data and of each resample; NaN where there is none."""
    total = np.zeros_like(sample.total())
    present = np.zeros_like(total)
    for name in labels:
        right, gold, predicted = (sample.total((axis, part, name)) for part in ("right", "gold", "predicted"))
        total += np.where(gold > 0, np.nan_to_num(ratio(2 * right, gold + predicted)), 0.0)
        present += gold > 0
    return ratio(total, present)


def kappa(sample: Sample, axis: str, labels: Sequence[str]) -> Array:
    """Cohen's (1960) kappa of the data and of each resample; NaN where chance agreement is complete."""
    n = sample.total((axis, "n"))
    agreed = sample.total(*((axis, "right", name) for name in labels))
    chance = np.zeros_like(n)
    for name in labels:
        chance += sample.total((axis, "gold", name)) * sample.total((axis, "predicted", name))
    # (po - pe) / (1 - pe), multiplied by n squared so that everything but the quotient is a whole number.
    return ratio(n * agreed - chance, n * n - chance)


def _kappa(pairs: Sequence[tuple[str, str]]) -> float | None:
    if len({name for pair in pairs for name in pair}) <= 1:
        return None
    from sklearn.metrics import cohen_kappa_score

    gold, predicted = zip(*pairs, strict=True)
    return optional(cohen_kappa_score(gold, predicted))


def _confusion(pairs: Sequence[tuple[str, str]], labels: Sequence[str]) -> tuple[tuple[int, ...], ...]:
    if len(labels) <= 1:
        # scikit-learn warns of a matrix of one cell.
        return ((len(pairs),),) if pairs else ()
    from sklearn.metrics import confusion_matrix

    gold, predicted = zip(*pairs, strict=True)
    return tuple(map(tuple, confusion_matrix(gold, predicted, labels=list(labels)).tolist()))


def _classes(pairs: Sequence[tuple[str, str]], labels: Sequence[str]) -> dict[str, ClassScore]:
    if not pairs:
        return {}
    from sklearn.metrics import precision_recall_fscore_support

    gold, predicted = zip(*pairs, strict=True)
    figures = precision_recall_fscore_support(gold, predicted, labels=list(labels), zero_division=np.nan)
    return {
        name: ClassScore(precision=optional(p), recall=optional(r), f1=optional(f), support=int(support))
        for name, p, r, f, support in zip(labels, *figures, strict=True)
    }
