"""One page's glyphs to rows in reading order: tables cell by cell, columns one after the other."""

from __future__ import annotations

import re
from bisect import bisect
from dataclasses import dataclass
from itertools import pairwise
from math import inf
from statistics import median
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from yaodian.readers.pdf_glyphs import Glyph, Rule, Sheet

_ASCII = re.compile(r"[0-9A-Za-z]")
_CLOSING = "，。、；：！？）》〉”’】〕％,.;:!?)%"
_BLANKS = re.compile(r" {2,}")
_LATIN_GAP = 0.2
_WIDE_GAP = 1.0
_VERY_WIDE_GAP = 2.5
_SNAP = 3.0
_MAX_EDGES = 20_000
_MIN_BAND = 3
_FILLED = 0.6
_STEP = 2.0
_GUTTER = 0.7


@dataclass(frozen=True, slots=True)
class Row:
    """One printed line or table row.

    `first` is the width that its first word needs, `side` tells columns apart, and `alone` says that the line is no
    running text: a table row, or words set far apart.
    """

    text: str
    x0: float
    x1: float
    y: float
    size: float
    first: float = 0.0
    side: int = 0
    alone: bool = False


def rows(page: Sheet) -> list[Row]:
    """Rows of a page in reading order."""
    tables = [_Table(cells) for cells in _tables(page.rules)]
    free: list[Glyph] = []
    for glyph in page.glyphs:
        home = next((table for table in tables if table.holds(glyph)), None)
        (home.glyphs if home else free).append(glyph)
    lines = [line for line in _lines(free) if any(glyph.char != " " for glyph in line)]
    gutter = _gutter(lines)
    found = _written(lines) if gutter is None else _by_columns(lines, gutter)
    return _with_tables(found, tables)


def _written(lines: Iterable[Sequence[Glyph]], side: int = 0) -> list[Row]:
    return [row for line in lines if (row := _row(line, side)) is not None]


def _lines(glyphs: Iterable[Glyph]) -> list[list[Glyph]]:
    """Group glyphs that share a line; a raised or lowered figure belongs to the line that it overlaps most."""
    found: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda g: (g.y, g.x0)):
        if found and _same_line(found[-1], glyph):
            found[-1].append(glyph)
        else:
            found.append([glyph])
    for line in found:
        line.sort(key=lambda g: g.x0)
    return found


def _same_line(line: Sequence[Glyph], glyph: Glyph) -> bool:
    # A line's glyphs come in the order of their baselines, so the last is the lowest.
    lead = max(line[-8:], key=lambda g: g.size)
    overlap = min(lead.y, glyph.y) + 0.2 * min(lead.size, glyph.size) - max(lead.y - lead.size, glyph.y - glyph.size)
    return overlap > 0.6 * min(lead.size, glyph.size) and glyph.y - lead.y < 0.5 * max(lead.size, glyph.size)


def _row(line: Sequence[Glyph], side: int = 0) -> Row | None:
    """Write one line out, with blanks where glyphs stand apart."""
    seen = [glyph for glyph in line if glyph.char != " "]
    if not seen:
        return None
    text = _write(line)
    word = _first_word(text)
    first = seen[min(len(word), len(seen)) - 1].x1 - seen[0].x0
    size = median(glyph.size for glyph in seen)
    alone = any(b.x0 - a.x1 > _VERY_WIDE_GAP * size for a, b in pairwise(seen))
    return Row(text, seen[0].x0, max(g.x1 for g in seen), seen[0].y, size, first, side, alone)


def _write(line: Sequence[Glyph]) -> str:
    pieces: list[str] = []
    before: Glyph | None = None
    for glyph in line:
        if before is not None and before.char != " " and glyph.char != " " and _apart(before, glyph):
            pieces.append(" ")
        pieces.append(glyph.char)
        before = glyph
    return _BLANKS.sub(" ", "".join(pieces)).strip()


def _apart(before: Glyph, glyph: Glyph) -> bool:
    latin = _ASCII.match(before.char) and _ASCII.match(glyph.char)
    return glyph.x0 - before.x1 > (_LATIN_GAP if latin else _WIDE_GAP) * max(before.size, glyph.size)


def _first_word(text: str) -> str:
    """What must stand together at the beginning of a line: a Latin word or one character, and marks behind it."""
    end = 1
    if _ASCII.match(text):
        while end < len(text) and text[end].isascii() and text[end] != " ":
            end += 1
    while end < len(text) and text[end] in _CLOSING:
        end += 1
    return text[:end]


def _gutter(lines: Sequence[Sequence[Glyph]]) -> float | None:
    """Where the blank between two columns of running text lies, or None.

    Running text fills its column; side-by-side labels and values, and tables without rules, do not.
    """
    solid = [[glyph for glyph in line if glyph.char != " "] for line in lines]
    if len(solid) < 2 * _MIN_BAND:
        return None
    left, right = min(line[0].x0 for line in solid), max(line[-1].x1 for line in solid)
    size = median(line[0].size for line in solid)
    best: dict[tuple[int, int], list[float]] = {}
    for step in range(int(0.35 * (right - left) / _STEP), int(0.65 * (right - left) / _STEP)):
        x = left + step * _STEP
        clear = [line for line in solid if _blank(line, x) >= _GUTTER * size]
        filled = sum(1 for line in clear if _fills(line, left, x, size) and _fills(line, x, right, size))
        # Of places that part equally many full lines, those which no hanging mark touches.
        best.setdefault((filled, len(clear)), []).append(x)
    found = max(best, default=(0, 0))
    return median(best[found]) if found[0] >= max(_MIN_BAND, len(solid) // 4) else None


def _blank(line: Sequence[Glyph], x: float) -> float:
    """Width of the blank in a line about `x`; a glyph lies on the side of its middle."""
    right = bisect(line, x, key=_middle)
    return line[right].x0 - line[right - 1].x1 if 0 < right < len(line) else inf


def _middle(glyph: Glyph) -> float:
    return (glyph.x0 + glyph.x1) / 2


def _fills(line: Sequence[Glyph], left: float, right: float, size: float) -> bool:
    return sum(g.x1 - g.x0 for g in line if left < _middle(g) <= right) >= _FILLED * (right - left - size)


def _by_columns(lines: Sequence[Sequence[Glyph]], gutter: float) -> list[Row]:
    """Rows across the gutter stand where they are; between them the left column comes before the right."""
    result: list[Row] = []
    left: list[Glyph] = []
    right: list[Glyph] = []
    for line in [*lines, ()]:
        if line and not _crosses(line, gutter):
            left.extend(g for g in line if _middle(g) <= gutter)
            right.extend(g for g in line if _middle(g) > gutter)
            continue
        result.extend([*_written(_lines(left), 1), *_written(_lines(right), 2), *_written([line])])
        left, right = [], []
    return result


def _crosses(line: Sequence[Glyph], gutter: float) -> bool:
    solid = [glyph for glyph in line if glyph.char != " "]
    return _blank(solid, gutter) < _GUTTER * max(glyph.size for glyph in solid)


class _Table:
    """Cells of a ruled table, as (x0, top, x1, bottom), and the glyphs within."""

    def __init__(self, cells: list[tuple[float, float, float, float]]) -> None:
        self.cells = sorted(cells, key=lambda cell: (cell[1], cell[0]))
        self.glyphs: list[Glyph] = []
        self.x0, self.top = min(c[0] for c in cells), min(c[1] for c in cells)
        self.x1, self.bottom = max(c[2] for c in cells), max(c[3] for c in cells)

    def holds(self, glyph: Glyph) -> bool:
        x, y = (glyph.x0 + glyph.x1) / 2, glyph.y - 0.35 * glyph.size
        return self.x0 <= x <= self.x1 and self.top <= y <= self.bottom

    def rows(self) -> list[Row]:
        """One row for each upper edge; a cell over several rows stands in its first."""
        inside: dict[tuple[float, float, float, float], list[Glyph]] = {cell: [] for cell in self.cells}
        for glyph in self.glyphs:
            x, y = (glyph.x0 + glyph.x1) / 2, glyph.y - 0.35 * glyph.size
            home = next((c for c in self.cells if c[0] <= x <= c[2] and c[1] <= y <= c[3]), None)
            if home:
                inside[home].append(glyph)
        by_top: dict[float, list[str]] = {}
        for cell in self.cells:
            by_top.setdefault(cell[1], []).append(_cell_text(inside[cell]))
        return [
            Row("\t".join(texts), self.x0, self.x1, top, 0.0, alone=True) for top, texts in by_top.items() if any(texts)
        ]


def _cell_text(glyphs: Sequence[Glyph]) -> str:
    text = ""
    for line in _lines(glyphs):
        text = joined(text, _write(line))
    return text


def joined(text: str, following: str) -> str:
    """Two pieces of one broken line: a blank between Latin words, none beside Chinese characters or after a hyphen."""
    if not text or not following:
        return text + following
    a, b = text[-1], following[0]
    parted = a.isascii() and b.isascii() and a not in "-/(" and not (a.isdigit() and b.isdigit())
    return text + (" " if parted else "") + following


def _tables(rules: Sequence[Rule]) -> list[list[tuple[float, float, float, float]]]:
    """Cells of each ruled table with two columns at least; a frame round text is none."""
    edges = [_edge(rule) for rule in rules]
    across = sum(edge["orientation"] == "h" for edge in edges)
    if min(across, len(edges) - across) < 2:  # noqa: PLR2004 - a cell has two sides each way
        return []
    from pdfplumber import table

    merged = table.merge_edges(edges, _SNAP, _SNAP, _SNAP, _SNAP)
    across = sum(edge["orientation"] == "h" for edge in merged)
    if across * (len(merged) - across) > _MAX_EDGES:
        return []
    cells = table.intersections_to_cells(table.edges_to_intersections(merged, _SNAP, _SNAP))
    found: list[list[tuple[float, float, float, float]]] = table.cells_to_tables(cells)
    return [cells for cells in found if len({cell[0] for cell in cells}) > 1]


def _edge(rule: Rule) -> dict[str, Any]:
    level = rule.x1 - rule.x0 >= rule.y1 - rule.y0
    x = (rule.x0 + rule.x1) / 2
    y = (rule.y0 + rule.y1) / 2
    x0, x1 = (rule.x0, rule.x1) if level else (x, x)
    top, bottom = (y, y) if level else (rule.y0, rule.y1)
    return {
        "x0": x0, "x1": x1, "top": top, "bottom": bottom, "width": x1 - x0, "height": bottom - top,
        "orientation": "h" if level else "v",
    }  # fmt: skip


def _with_tables(lines: list[Row], tables: Sequence[_Table]) -> list[Row]:
    """Put each table's rows before the first line that stands below it, in its column or across."""
    result = list(lines)
    for table in tables:
        at = next(
            (i for i, row in enumerate(result) if row.y > table.top and row.x0 < table.x1 and row.x1 > table.x0),
            len(result),
        )
        result[at:at] = table.rows()
    return result
