"""HAZARD by grammar: terms with 事故/灾害 behind them, and ordinary words that name a domain only in company.

`铁路` or `纺织` names a domain of safety control in `道路运输、铁路、民航等行业领域` and nothing of the kind elsewhere.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from yaodian.lexicon.words import is_word
from yaodian.tag.base import FILL, IN_CONTEXT, Candidate, excluded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from yaodian.lexicon import Entry, Lexicon


# What stands behind a domain or event and makes it one event name (`道路运输` + 事故).
_EVENT_TAIL = re.compile(
    r"(?:生产安全|安全生产|安全|泄漏|爆炸|火灾|中毒|坍塌|垮塌|倾覆|污染)?(?:事故|灾害)(?![多易频]发|隐患点|风险点)"
)
_SAFETY_BEHIND = re.compile(
    r"(?:等)?(?:重点|高危|高风险|关键)?(?:行业领域|行业|领域)?(?:安全(?!感)|专项整治|隐患|事故|风险|爆炸|泄漏|安全生产)|等(?:重点|高危|高风险)?(?:行业|领域|行业领域|事故|重点部位)"
)
# What makes the thing before it the name of an event: `[渔船倾覆]`, `[水源地污染]`.
_MISHAP = re.compile(
    r"(?:火灾|爆炸|爆燃|透水|突水|冒顶|侧翻|泄漏|泄露|倾覆|沉没|翻沉|自沉|坍塌|垮塌|倒塌|塌陷|溃坝|溃决|溃口|决口|垮坝|失事|失稳|失火|坠落|碰撞|断裂|爆管|"
    r"滑坡|崩塌|落石|泥石流|洪水|洪涝|中毒|污染|超标|窒息|触电|猝死|疫情|虫害)"
)
# Where the name of the thing can begin: in a list, or behind a word that takes hazards as its object.
_OPENS = re.compile(r"(?:、|防范|严防|防止|预防|杜绝|避免|遏制|模拟)\Z")
_SEVERITY = re.compile(
    r"重大|较大|特大|一般|各类|各种|多起|一起|近年|突发|历史|同类|此类|相关|可能|大型|重点|年度|全县|全市|全省|全区|辖区|本地|发生|防范|引发|"
    r"造成|导致|处置|严防|防止|防治|预防|治理|环境|减少|降低|控制|化解|数据|丢失|天气|重要|主要|统筹|做好|抗击|防控|阻断|战胜|[\d一二三四五六七八九十两]|[起次例的是有无在为被了于和与及不以等]"
)
_LONGEST_THING = 5
# What a list that holds a hazard may hold as a further one, by its end.
_SIBLING = re.compile(
    r"[、和及]([\u4e00-\u9fff“”]{1,8}?(?:病|症|热|瘟|疫|痘|霉|虫|螨|蛾|蝗|灾|害|中毒|污染|泄漏|爆炸|火灾|坍塌|倾覆|碰撞|坠落|窒息|伤害|失稳|超标))(?=[、，。；等和及])"
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
        yield from _compounds(text, hits)
        yield from _mishaps(text)
        last = 0
        for (start, end, entry), counts in zip(hits, sure, strict=True):
            if counts and entry.note == IN_CONTEXT:
                yield Candidate(start, end, "HAZARD", "rule:hazard-in-context", priority=4)
            tail = _EVENT_TAIL.match(text, end)
            if counts:
                if last and _BETWEEN.fullmatch(text, last, start):
                    yield Candidate(last + 1, start - 1, "HAZARD", "rule:hazard-listed", priority=FILL)
                last = tail.end() if tail else end
                yield from _siblings(text, last)
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


def _compounds(text: str, hits: Sequence[tuple[int, int, Entry]]) -> Iterator[Candidate]:
    """A domain right before an event is that event's: `[渔船][倾覆]` is one name."""
    for (start, middle, before), (behind, end, entry) in pairwise(hits):
        of_a_domain = behind == middle and before.category.startswith("domain")
        mishap = entry.term.endswith("事故") or _MISHAP.fullmatch(text, behind, end)
        if of_a_domain and entry.category.startswith("event") and mishap:
            yield Candidate(start, end, "HAZARD", "rule:hazard-compound", priority=1)


def _mishaps(text: str) -> Iterator[Candidate]:
    """A thing that no list has before what can happen to it: `、[水源地污染]、`."""
    for mishap in _MISHAP.finditer(text):
        head = mishap.start()
        for length in range(2, _LONGEST_THING + 1):
            start = head - length
            if start < 0 or not _OPENS.search(text, max(0, start - 2), start):
                continue
            thing = text[start:head]
            if _is_thing(thing):
                yield Candidate(start, mishap.end(), "HAZARD", "rule:hazard-mishap", priority=1)
            break


def _is_thing(thing: str) -> bool:
    """Whether characters are words that name a thing, and neither a severity nor a verb."""
    if _SEVERITY.search(thing) or not all("\u4e00" <= char <= "\u9fff" for char in thing):
        return False
    return is_word(thing[:2]) and (len(thing) <= 3 or is_word(thing[-2:]))


def _siblings(text: str, position: int) -> Iterator[Candidate]:
    """What follows a hazard in its list and ends like one, as far as the list goes."""
    while sibling := _SIBLING.match(text, position):
        yield Candidate(sibling.start(1), sibling.end(1), "HAZARD", "rule:hazard-sibling", priority=FILL)
        position = sibling.end()
