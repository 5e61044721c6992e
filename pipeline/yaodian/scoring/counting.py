"""Two kinds of count that several parts share: hits of sets of things, and agreement on values."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

from yaodian.scoring.result import Accuracy, Hits
from yaodian.scoring.tally import optional, ratio

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from yaodian.scoring.tally import Key, Sample, Tally

_TOLERANCE = 1e-9
"""Relative difference below which two numbers are the same."""


def add_hits(
    tally: Tally,
    key: Key,
    gold: Iterable[tuple[Hashable, int]],
    predicted: Iterable[tuple[Hashable, int]],
) -> None:
    """Count the things, given as (thing, unit), that are on both sides; equal ones pair off one to one."""
    offered = list(predicted)
    left = Counter(thing for thing, _ in offered)
    for thing, unit in gold:
        tally.add(unit, (*key, "possible"))
        if left[thing]:
            left[thing] -= 1
            tally.add(unit, (*key, "found"))
            tally.add(unit, (*key, "right"))
    for _, unit in offered:
        tally.add(unit, (*key, "actual"))


def hits(sample: Sample, key: Key) -> Hits:
    """Precision, recall and their harmonic mean from the counts under `key`."""
    parts = [(*key, name) for name in ("found", "right", "possible", "actual")]
    found, right, possible, actual = (sample.total(part) for part in parts)
    precision, recall = ratio(right, actual), ratio(found, possible)
    # Harmonic mean; 0 where only one side has anything, undefined where neither has.
    f1 = ratio(2 * found * right, found * actual + right * possible)
    f1[(possible + actual > 0) & (found * right == 0)] = 0.0
    return Hits(
        **{part[-1]: sample.observed(part) for part in parts},
        precision=optional(precision[0]),
        recall=optional(recall[0]),
        f1=sample.figure(f1, held_by=parts[2:]),
    )


def same(a: object, b: object) -> bool:
    """Whether two values agree; numbers to a relative difference of 1e-9."""
    if isinstance(a, int | float) and isinstance(b, int | float):
        return math.isclose(a, b, rel_tol=_TOLERANCE, abs_tol=0.0)
    return a == b


def is_absent(value: object) -> bool:
    """Whether a value says nothing: None, an empty string or tuple."""
    return value is None or value in ("", ())


def add_agreement(tally: Tally, unit: int, key: Key, gold: object, predicted: object) -> None:
    """Count whether gold and prediction agree on one value; two absent values agree."""
    agree = float(same(gold, predicted) or (is_absent(gold) and is_absent(predicted)))
    tally.add(unit, (*key, "n"))
    tally.add(unit, (*key, "right"), agree)
    if not (is_absent(gold) and is_absent(predicted)):
        tally.add(unit, (*key, "present"))
        tally.add(unit, (*key, "right_present"), agree)


def accuracy(sample: Sample, *keys: Key) -> Accuracy:
    """Share of agreement over the counts under all `keys` together."""
    n, right, present, right_present = (
        [(*key, name) for key in keys] for name in ("n", "right", "present", "right_present")
    )
    among_present = ratio(sample.total(*right_present), sample.total(*present))
    return Accuracy(
        n=sample.observed(*n),
        accuracy=sample.figure(ratio(sample.total(*right), sample.total(*n)), held_by=n),
        present=sample.observed(*present),
        accuracy_present=optional(among_present[0]),
    )
