"""HAZARD by grammar: terms with 事故/灾害 behind them, and ordinary words that name a domain only in company.

`铁路` or `纺织` names a domain of safety control in `道路运输、铁路、民航等行业领域` and nothing of the kind elsewhere.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from yaodian.tag.base import FILL, IN_CONTEXT, Candidate, excluded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from yaodian.lexicon import Entry, Lexicon


# What stands behind a domain or event and makes it one event name (`道路运输` + 事故).
_EVENT_TAIL = re.compile(
    r"(?:生产安全|安全生产|安全|泄漏|爆炸|火灾|中毒|坍塌|垮塌|倾覆|污染)?(?:事故|灾害)(?![多易频]发|隐患点|风险点)"
)
_SAFETY_BEHIND = re.compile(
    r"(?:等)?(?:重点|高危|高风险|关键)?(?:行业领域|行业|领域)?(?:安全(?!感)|专项整治|隐患|事故|风险|爆炸|泄漏|安全生产)|等(?:重点|高危|高风险)?(?:行业|领域|行业领域|事故|重点部位)"
)
# What no list has stands between two hazards of one list (`顶板事故、煤层自燃、煤尘爆炸`).
_BETWEEN = re.compile(r"、[\u4e00-\u9fff]{2,8}、")
_JOINT = frozenset(["、", "和", "及", "与", "以及", "或", "”、“", "，"])


class HazardTagger:
    """Extends lexicon hits to the right, and takes up terms that count in context."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._terms = lexicon["HAZARD"]
        self._lexicon = lexicon

    def __call__(self, text: str) -> Iterator[Candidate]:
        """Propose candidates."""
        vetoes = excluded(self._lexicon, "HAZARD", text)
        hits = [hit for hit in self._terms.scan(text) if vetoes.get(hit[0], 0) < hit[1]]
        sure = [entry.note != IN_CONTEXT or bool(_SAFETY_BEHIND.match(text, end)) for _, end, entry in hits]
        self._spread(text, hits, sure)
        last = 0
        for (start, end, entry), counts in zip(hits, sure, strict=True):
            if counts and entry.note == IN_CONTEXT:
                yield Candidate(start, end, "HAZARD", "rule:hazard-in-context", priority=4)
            tail = _EVENT_TAIL.match(text, end)
            if counts:
                if last and _BETWEEN.fullmatch(text, last, start):
                    yield Candidate(last + 1, start - 1, "HAZARD", "rule:hazard-listed", priority=FILL)
                last = tail.end() if tail else end
            # A domain needs 事故 to be an event's name (`道路运输事故`); an event has it already (`[爆炸]事故教训`).
            if tail and entry.category.startswith("domain") and not entry.term.endswith(("事故", "灾害")):
                yield Candidate(start, tail.end(), "HAZARD", "rule:hazard-event")

    @staticmethod
    def _spread(text: str, hits: list[tuple[int, int, Entry]], sure: list[bool]) -> None:
        """Let a sure hazard vouch for its neighbours in a list, to the right and then to the left."""
        for order in (range(1, len(hits)), range(len(hits) - 2, -1, -1)):
            for index in order:
                other = index - 1 if order.step > 0 else index + 1
                left, right = sorted((index, other))
                if sure[other] and text[hits[left][1] : hits[right][0]] in _JOINT:
                    sure[index] = True
