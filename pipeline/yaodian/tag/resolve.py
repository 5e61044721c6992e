"""The one place that decides between overlapping candidates."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from yaodian.tag.base import FILL

if TYPE_CHECKING:
    from collections.abc import Iterable

    from yaodian.tag.base import Candidate


def resolve(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Choose candidates that do not overlap: the longest, then priority, then score, then the first.

    Those that only fill gaps come after all others. Returns them in the order of the text. Takes n log n time for n candidates.
    """
    ranked = sorted(
        candidates,
        key=lambda c: (c.priority == FILL, c.start - c.end, -c.priority, -c.score, c.start, c.type, c.source),
    )
    starts: list[int] = []
    chosen: list[Candidate] = []
    for candidate in ranked:
        if candidate.end <= candidate.start:
            continue
        place = bisect_right(starts, candidate.start)
        if place and chosen[place - 1].end > candidate.start:
            continue
        if place < len(chosen) and chosen[place].start < candidate.end:
            continue
        starts.insert(place, candidate.start)
        chosen.insert(place, candidate)
    return chosen
