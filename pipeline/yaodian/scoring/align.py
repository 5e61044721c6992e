"""One-to-one alignment of gold and predicted spans: the single matching that every scheme counts from."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from yaodian.spans import HasSpan, overlap

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

T = TypeVar("T", bound=HasSpan)


@dataclass(frozen=True, slots=True)
class Alignment(Generic[T]):
    """Pairs of (gold, predicted), and what is left on either side; all in order of position."""

    pairs: tuple[tuple[T, T], ...]
    missed: tuple[T, ...]
    spurious: tuple[T, ...]


def same_span(a: HasSpan, b: HasSpan) -> bool:
    """Whether two spans have the same start and end."""
    return a.start == b.start and a.end == b.end


def overlapping(gold: Sequence[T], predicted: Sequence[T]) -> Iterator[tuple[int, int]]:
    """Indices (gold, predicted) of all pairs that share a character; `predicted` must be sorted by start.

    Spans are half-open: [0, 2) and [2, 4) share none.
    """
    starts = [p.start for p in predicted]
    longest = max((p.end - p.start for p in predicted), default=0)
    for i, span in enumerate(gold):
        for j in range(bisect_right(starts, span.start - longest), bisect_left(starts, span.end)):
            if overlap(span, predicted[j]):
                yield i, j


def align(gold: Sequence[T], predicted: Sequence[T], *, kind: Callable[[T], str]) -> Alignment[T]:
    """Pair gold and predicted spans of one document, each used at most once.

    Pairs are taken greedily: equal span and `kind` first, then equal span, then the greatest number of shared
    characters. Ties go to a pair of equal kind, then to the one further left, then to the one that covers less.
    The order does not depend on which side is gold, so swapping the sides swaps the result. Where nothing is
    nested or crossing this is the alignment of SemEval-2013 task 9.1 (Segura-Bedmar et al. 2013).
    """
    gold = sorted(gold, key=lambda s: (s.start, s.end, kind(s)))
    predicted = sorted(predicted, key=lambda s: (s.start, s.end, kind(s)))
    ranked = sorted((_rank(gold[i], predicted[j], kind), i, j) for i, j in overlapping(gold, predicted))
    of_gold: dict[int, int] = {}
    used: set[int] = set()
    for _, i, j in ranked:
        if i not in of_gold and j not in used:
            of_gold[i] = j
            used.add(j)
    return Alignment(
        pairs=tuple((gold[i], predicted[of_gold[i]]) for i in sorted(of_gold)),
        missed=tuple(span for i, span in enumerate(gold) if i not in of_gold),
        spurious=tuple(span for j, span in enumerate(predicted) if j not in used),
    )


def _rank(a: T, b: T, kind: Callable[[T], str]) -> tuple[int | str, ...]:
    """Sort key of a pair, lower is better; the same for (a, b) and (b, a)."""
    first, second = sorted((kind(a), kind(b)))
    other_kind = int(first != second)
    tier = other_kind if same_span(a, b) else 2
    left, right = max(a.start, b.start), min(a.end, b.end)
    return (tier, left - right, other_kind, left, -min(a.start, b.start), max(a.end, b.end), first, second)
