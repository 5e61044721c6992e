"""Mistakes grouped by what went wrong and who is to blame, the greatest group first."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from yaodian.scoring.result import Mistake, MistakeGroup

if TYPE_CHECKING:
    from collections.abc import Iterable

_ENDING = 2
"""Characters at a missed span's end that tell which pattern was not known: 防办, 中心, 条例."""


def group(mistakes: Iterable[Mistake]) -> list[MistakeGroup]:
    """Group mistakes by layer, kind, the two types, and the source of the prediction.

    What was missed has no source; the last characters of its text stand in for it, so that a missing word of the
    lexicon or the grammar shows as a group. Measures are not grouped by their endings.
    """
    found: defaultdict[tuple[str, str, str, str, str], list[Mistake]] = defaultdict(list)
    for mistake in mistakes:
        found[_key(mistake)].append(mistake)
    groups = [
        MistakeGroup(
            layer=members[0].layer,
            kind=members[0].kind,
            gold=gold or None,
            predicted=predicted or None,
            source=source or None,
            mistakes=tuple(members),
        )
        for (_, _, gold, predicted, source), members in found.items()
    ]
    return sorted(groups, key=lambda g: (-len(g.mistakes), g.layer, g.kind, g.gold or "", g.source or ""))


def _key(mistake: Mistake) -> tuple[str, str, str, str, str]:
    gold, predicted = mistake.gold, mistake.predicted
    source = mistake.source or ""
    if gold and not predicted and mistake.layer == "entity":
        source = f"…{gold.text[-_ENDING:]}"
    return (
        mistake.layer,
        mistake.kind,
        (gold.type or "") if gold else "",
        (predicted.type or "") if predicted else "",
        source,
    )
