"""Pages of rows to paragraphs: running heads and page numbers out, broken lines joined, also over a page's end."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from yaodian.readers.pdf_layout import joined
from yaodian.segment.numbering import opening
from yaodian.spans import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from yaodian.readers.pdf_layout import Row

_DASHES = r"[\s\-—–―─·•|~～.]*"
_PAGE_NUMBER = re.compile(
    rf"{_DASHES}(?:第\s*)?(?:\d{{1,4}}|[ivxlc]{{1,6}})(?:\s*页)?{_DASHES}|"
    rf"{_DASHES}第\s*[\d一二三四五六七八九十百]{{1,4}}\s*页\s*[,，/（(]?\s*共\s*[\d一二三四五六七八九十百]{{1,4}}\s*页[)）]?{_DASHES}|"
    rf"{_DASHES}\d{{1,4}}\s*[/／]\s*\d{{1,4}}{_DASHES}|{_DASHES}page\s*\d{{1,4}}(?:\s*of\s*\d{{1,4}})?{_DASHES}",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d+")
_TERMINAL = "。；：！？.;:!?"
_HANGING = "，。、；：！？）》”"
_SLOTS = 3
_BODY = 0.9
_SHARE = 0.4
_SHIFT = 4.0
_SHORT = 0.5
_WIDE, _NARROW = 14, 8
_INDENT = 1.2
_LOOSE = 1.6
_ALIGNED = 0.5


class Numbered(NamedTuple):
    """A row with its page and its number on it, both from 1."""

    row: Row
    page: int
    line: int


class Paragraph(NamedTuple):
    """A paragraph, and where its first line stands."""

    text: str
    page: int
    line: int


def paragraphs(pages: Sequence[Sequence[Row]]) -> Iterator[Paragraph]:
    """Paragraphs of all pages, the rows of each page in reading order."""
    body = [kept for page in _bodies(pages) for kept in page]
    margins = _Margins([item.row for item in body])
    text = ""
    first = before = None
    for item in body:
        if first is not None and before is not None and margins.goes_on(first, before, item):
            text = joined(text, item.row.text)
        else:
            if first is not None:
                yield Paragraph(text, first.page, first.line)
            text, first = item.row.text, item
        before = item
    if first is not None:
        yield Paragraph(text, first.page, first.line)


def _bodies(pages: Sequence[Sequence[Row]]) -> Iterator[list[Numbered]]:
    """Leave out page numbers, and rows that come back at the same height on many pages, digits aside."""
    numbered = [[Numbered(row, p, i) for i, row in enumerate(page, 1)] for p, page in enumerate(pages, 1)]
    heights: dict[tuple[bool, str], list[float]] = defaultdict(list)
    for page in numbered:
        ordered = _top_down(page)
        for item in ordered[:_SLOTS]:
            heights[True, _shape(item)].append(item.row.y)
        for item in ordered[-_SLOTS:]:
            heights[False, _shape(item)].append(item.row.y)
    needed = max(2, _SHARE * sum(1 for page in pages if page))
    for page in numbered:
        gone = {id(item) for item in _outer(_top_down(page), heights, needed)}
        yield [item for item in page if id(item) not in gone]


def _top_down(page: Sequence[Numbered]) -> list[Numbered]:
    return sorted(page, key=lambda item: (item.row.y, item.row.x0))


def _shape(item: Numbered) -> str:
    return _DIGITS.sub("#", item.row.text)


def _outer(ordered: list[Numbered], heights: dict[tuple[bool, str], list[float]], needed: float) -> Iterator[Numbered]:
    """Furniture at the top and at the foot, from outside inwards."""
    widest = max((item.row.x1 - item.row.x0 for item in ordered), default=0.0)
    common = median([item.row.size for item in ordered]) if ordered else 0.0
    for top, items in ((True, ordered), (False, ordered[::-1])):
        for item in items[:_SLOTS]:
            row = item.row
            if row.size == 0.0:
                break
            near = sum(1 for y in heights[top, _shape(item)] if abs(y - row.y) <= _SHIFT)
            # A line of the body's size and width is text, even where two pages agree in it.
            body = row.x1 - row.x0 > _BODY * widest and row.size > _BODY * common and not row.alone
            if not ((near >= needed and not body) or _PAGE_NUMBER.fullmatch(fold(row.text))):
                break
            yield item


class _Margins:
    """Where lines of running text begin and end, by column."""

    def __init__(self, rows: Sequence[Row]) -> None:
        by_side: dict[int, list[Row]] = defaultdict(list)
        for row in rows:
            if not row.alone:
                by_side[row.side].append(row)
        self._left = {side: _edge([(row.x0, row.size) for row in found]) for side, found in by_side.items()}
        self._right = {side: _right(found) for side, found in by_side.items()}
        gaps = [
            round((b.y - a.y) / a.size, 1)
            for a, b in pairwise(rows)
            if a.size and a.side == b.side and 0 < b.y - a.y < 4 * a.size
        ]
        self._gap = Counter(gaps).most_common(1)[0][0] if gaps else 2.0
        # Where most paragraphs are indented, a line at the margin goes on.
        indented = [row for row in rows if not row.alone and self._indent(row) >= _INDENT]
        self._indents = len(indented) >= max(1, len([row for row in rows if not row.alone]) // 10)

    def _indent(self, row: Row) -> float:
        """Distance from the left margin in characters."""
        return (row.x0 - self._left[row.side]) / row.size

    def _full(self, row: Row, following: Row) -> bool:
        """Whether the next line's first word had no room at this line's end."""
        long = row.x1 - self._left[row.side] >= (_NARROW if row.side else _WIDE) * row.size
        short = (2 * _SHORT if self._indents else _SHORT) * row.size
        return long and row.x1 + following.first > self._right[row.side] - short

    def goes_on(self, first: Numbered, before: Numbered, item: Numbered) -> bool:
        """Whether a row belongs to the paragraph that begins with `first` and has come to `before`."""
        a, b = before.row, item.row
        if a.alone or b.alone or abs(a.size - b.size) > 0.1 * a.size or not self._full(a, b):
            return False
        moved = before.page != item.page or a.side != b.side
        if not moved and not 0 < b.y - a.y <= _LOOSE * self._gap * a.size:
            return False
        at_margin = self._indent(b) < _INDENT
        if opening(fold(b.text), 0, len(b.text)) and not (at_margin and self._indents and a.text[-1] not in _TERMINAL):
            return False
        return at_margin or self._hangs(first.row, a, b)

    def _hangs(self, first: Row, before: Row, row: Row) -> bool:
        """Whether a numbered paragraph's first line stands out to the left, the others under one another."""
        if opening(fold(first.text), 0, len(first.text)) is None:
            return False
        inwards = self._indent(row) - self._indent(first)
        return inwards > _ALIGNED and (before is first or abs(self._indent(before) - self._indent(row)) < _ALIGNED)


def _right(rows: Sequence[Row]) -> float:
    """The right margin; a mark at a line's end may hang out over it."""
    inside = [row for row in rows if row.text[-1] not in _HANGING] or rows
    return -_edge([(-row.x1, row.size) for row in inside])


def _edge(places: Sequence[tuple[float, float]]) -> float:
    """The lowest place that several of (place, font size) have; the lowest of all where none agree."""
    ordered = sorted(places)
    others = max(2, len(ordered) // 30) - 1
    for (place, size), (other, _) in zip(ordered, ordered[others:], strict=False):
        if other - place <= size / 2:
            return place
    return ordered[0][0]
