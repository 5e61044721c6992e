"""How Chinese official documents number their units: which marks open a unit, and at what level.

Levels follow the scheme: `一、` and 第一章/第一部分 1, `（一）` 2, `1.` 3, `（1）` 4, `①` 5; a bullet lies one below
the last numbered unit. `rank` orders kinds within one level, so that `一、` can stand under 第一部分.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from yaodian.numerals import to_ordinal

_CN = "一二三四五六七八九十百"
_ORDINAL = "(?:[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
BULLET_KIND = "bullet"


@dataclass(frozen=True, slots=True)
class Kind:
    """One way of numbering; `pattern` matches at a paragraph's start and captures the numeral as `n`."""

    name: str
    level: int
    rank: int
    pattern: str


# A full stop or comma after Chinese numerals opens a unit; `二、三产业` and `一、二级` go on with a numeral and do not.
KINDS = (
    Kind("part", 1, 0, rf"第(?P<part>[{_CN}\d]{{1,4}})(?:部分|编|篇)[、：]?"),
    Kind("chapter", 1, 1, rf"第(?P<chapter>[{_CN}\d]{{1,4}})章[、：]?"),
    Kind("level1", 1, 3, rf"(?P<level1>{_ORDINAL})[、.](?![{_CN}][、级季产])"),
    Kind("node", 2, 2, rf"第(?P<node>[{_CN}\d]{{1,4}})节[、：]?"),
    Kind("article", 2, 4, rf"第(?P<article>[{_CN}\d]{{1,5}})条(?![^。；]{{0,12}}规定)[、：]?"),
    Kind("level2", 2, 5, rf"（(?P<level2>{_ORDINAL})）[、.]?"),
    Kind("level3", 3, 6, r"(?P<level3>\d{1,3})(?:[、]|\.(?![\d]))"),
    Kind("level4", 4, 7, r"（(?P<level4>\d{1,3})）[、.]?|(?P<level4b>\d{1,2})）"),
    Kind("level5", 5, 8, rf"(?P<level5>[{_CIRCLED}])[、.]?"),
    Kind(BULLET_KIND, 0, 9, r"(?P<bullet>——|—(?!\d)|[◇◆●○·•■□▲△▶➢※★☆](?!\d))"),
)
_BY_NAME = {kind.name: kind for kind in KINDS}
_OPENING = re.compile("|".join(kind.pattern for kind in KINDS))
_ENDS_WITH_TWO_NAMES = {"level4b": "level4"}


@dataclass(frozen=True, slots=True)
class Marker:
    """A number or bullet found; `[start, end)` in the view, `ordinal` None for a bullet."""

    kind: Kind
    start: int
    end: int
    ordinal: int | None


def opening(text: str, start: int, end: int) -> Marker | None:
    """Return the mark that opens a unit at `start`, if one stands there."""
    match = _OPENING.match(text, start, end)
    return _marker(match) if match else None


def _marker(match: re.Match[str]) -> Marker:
    name = match.lastgroup or ""
    numeral = match[name]
    kind = _BY_NAME[_ENDS_WITH_TWO_NAMES.get(name, name)]
    if kind.name == BULLET_KIND:
        ordinal = None
    elif numeral in _CIRCLED:
        ordinal = _CIRCLED.index(numeral) + 1
    else:
        ordinal = to_ordinal(numeral)
    return Marker(kind, match.start(), match.end(), ordinal)


_INLINE = re.compile(rf"(?<=[。；：])(?:（[{_CN}]{{1,3}}）|\d{{1,2}}(?:[、]|\.(?!\d))|（\d{{1,2}}）|[{_CIRCLED}])")


def inline_starts(text: str, start: int, end: int) -> list[int]:
    """Offsets at which a run-on paragraph `[start, end)` goes on to its next numbered unit.

    Counted only where the numbers run on by one, from 1 or from the number that opens the paragraph, so that a
    lone `（二）` after a full stop stays text.
    """
    if not _INLINE.search(text, start, end):
        return []
    first = opening(text, start, end)
    expected = {first.kind.name: first.ordinal + 1} if first and first.ordinal is not None else {}
    found: list[Marker] = []
    for match in _INLINE.finditer(text, start, end):
        marker = opening(text, match.start(), end)
        if marker is None or marker.ordinal is None:
            continue
        if marker.ordinal == expected.get(marker.kind.name, 1):
            expected[marker.kind.name] = marker.ordinal + 1
            found.append(marker)
    counts = [m.kind.name for m in found] + ([first.kind.name] if first else [])
    return [m.start for m in found if counts.count(m.kind.name) > 1]
