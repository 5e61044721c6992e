"""Is b better than a? A paired bootstrap: both systems are scored on the same resamples of the same units."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from yaodian.errors import UsageError
from yaodian.labels import ENTITY_TYPES
from yaodian.scoring import entities
from yaodian.scoring.documents import by_id, match
from yaodian.scoring.result import Comparison, Difference
from yaodian.scoring.tally import Sample, Tally, optional

if TYPE_CHECKING:
    from collections.abc import Sequence

    from yaodian.record import Record
    from yaodian.scoring.documents import Corpus


def compare(
    a: Sequence[Record], b: Sequence[Record], gold: Sequence[Record], *, seed: int = 0, resamples: int = 1000
) -> Comparison:
    """Compare two sets of predictions by strict entity F1, over all types and by type.

    Only documents that all three sets have are used. The difference is b minus a, with a percentile interval
    over resamples in which both have the same units (Efron and Tibshirani 1993, chapter 13; Koehn 2004).

    Raises:
        UsageError: no document in common, one given twice, or two texts under one id.
    """
    sets = [set(by_id(records, side=side)) for records, side in ((a, "a"), (b, "b"), (gold, "gold"))]
    common = set.intersection(*sets)
    if not common:
        raise UsageError("a, b and gold have no doc_id in common; compare predictions for the same documents")
    one, two = (
        match([r for r in side if r.doc_id in common], [r for r in gold if r.doc_id in common]) for side in (a, b)
    )
    samples = [Sample(_tally(corpus), seed=seed, resamples=resamples) for corpus in (one, two)]
    return Comparison(
        documents=tuple(sorted(common)),
        unit=one.unit,
        units=one.units,
        seed=seed,
        resamples=resamples,
        left_out=tuple(sorted(set.union(*sets) - common)),
        micro=_difference(samples[0], samples[1], entities.MICRO),
        entities={name: _difference(samples[0], samples[1], name) for name in ENTITY_TYPES},
    )


def _tally(corpus: Corpus) -> Tally:
    tally = Tally(corpus.units)
    for document in corpus.documents:
        entities.count(document, tally)
    return tally


def _difference(a: Sample, b: Sample, scope: str) -> Difference:
    key = ("entity", scope, "strict")
    of_a, of_b = entities.f1(a, key), entities.f1(b, key)
    gained = of_b - of_a
    # What gold holds is the same for both, so that swapping a and b only turns the sign.
    figure = b.figure(gained, held_by=[(*key, name) for name in ("correct", "incorrect", "missed")])
    resampled = gained[1:][np.isfinite(gained[1:])]
    better = float(np.mean(resampled > 0)) if figure.low is not None else None
    return Difference(a=optional(of_a[0]), b=optional(of_b[0]), difference=figure, b_better=better)
