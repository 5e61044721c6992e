"""What stands on a PDF page: upright glyphs and ruled lines, in one coordinate system with `y` downwards.

Rotated pages are turned upright; watermarks at an angle and glyphs printed twice to look bold are dropped.
"""

from __future__ import annotations

import ctypes
import math
import unicodedata
from collections import Counter
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from yaodian.readers.docx_numerals import symbol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

UNREADABLE = "\ufffd"
"""Stands for a glyph of which the file does not say what character it is."""
_MAX_OBJECTS = 20_000
_THIN = 3.0
_STRAIGHT = 1.0
_SAME = 0.15
_QUARTER = math.pi / 2
_SLANT = 0.05
_HYPHENS = {"\u00ad", "\u0002", "\ufffe"}
_SPACES = {"\u200b", "\u200c", "\u200d", "\u2060", "\ufeff"}
# Radicals that fonts without a proper table give for the characters they look like; NFKC has none of these.
_RADICALS = dict(zip(
    "⺁⺇⺌⺎⺏⺐⺒⺓⺝⺟⺠⺩⺬⻁⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻬⻮⻰⻳",
    "厂几小兀尢尢巳幺月母民王示虎西见角贝车长门青韦页风飞食马骨鬼鱼鸟卤麦黄齐齿龙龟",
    strict=True,
))  # fmt: skip
_NORMALISED = (
    ("\u2e9f", "\u2e9f"),
    ("\u2ef3", "\u2ef3"),
    ("\u2f00", "\u2fdf"),
    ("\uf900", "\ufaff"),
    ("\ufb00", "\ufb06"),
)


class Glyph(NamedTuple):
    """One character: `[x0, x1]` on the baseline `y`, in points; `size` is the font's."""

    char: str
    x0: float
    x1: float
    y: float
    size: float


class Rule(NamedTuple):
    """A straight line along one axis."""

    x0: float
    y0: float
    x1: float
    y1: float


class Sheet(NamedTuple):
    """A page: glyphs, rules, and the share of its area that pictures cover."""

    glyphs: list[Glyph]
    rules: list[Rule]
    pictured: float


def sheet(page: Any) -> Sheet:
    """Read a pypdfium2 page."""
    text = page.get_textpage()
    try:
        found = list(_raw_glyphs(text))
    finally:
        text.close()
    turn = _main_turn(found)
    glyphs = [_turned(glyph, turn) for glyph, angle in found if _off(angle, turn) < _SLANT]
    rules, pictured = _objects(page, turn)
    return Sheet(_once(glyphs), rules, pictured)


def plain(char: str) -> str:
    """The ordinary character for a compatibility form, a radical or a symbol font's place."""
    if char in _RADICALS:
        return _RADICALS[char]
    if any(first <= char <= last for first, last in _NORMALISED):
        return unicodedata.normalize("NFKC", char)
    if "\uf020" <= char <= "\uf0ff":
        return symbol(char)
    return "-" if char in _HYPHENS else char


def _raw_glyphs(text: Any) -> Iterator[tuple[Glyph, float]]:
    """All characters with their angle; coordinates as in the file."""
    import pypdfium2.raw as pdfium

    matrix, box = pdfium.FS_MATRIX(), pdfium.FS_RECTF()
    x, y = ctypes.c_double(), ctypes.c_double()
    high = 0
    for i in range(pdfium.FPDFText_CountChars(text)):
        # Blanks and line ends that PDFium guesses: gaps are judged here by the layout.
        if pdfium.FPDFText_IsGenerated(text, i) == 1:
            continue
        code = pdfium.FPDFText_GetUnicode(text, i)
        if 0xD800 <= code < 0xDC00:  # noqa: PLR2004 - the first half of a pair
            high = code
            continue
        if high and 0xDC00 <= code < 0xE000:  # noqa: PLR2004
            code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00)
        high = 0
        char = _character(code, pdfium.FPDFText_HasUnicodeMapError(text, i) == 1)
        pdfium.FPDFText_GetMatrix(text, i, matrix)
        pdfium.FPDFText_GetLooseCharBox(text, i, box)
        pdfium.FPDFText_GetCharOrigin(text, i, x, y)
        size = pdfium.FPDFText_GetFontSize(text, i) * math.hypot(matrix.c, matrix.d)
        angle = math.atan2(matrix.b, matrix.a)
        width = (box.top - box.bottom) if abs(matrix.b) > abs(matrix.a) else box.right - box.left
        for piece in char:
            yield Glyph(piece, x.value, x.value + max(width, 0.0), y.value, size or 1.0), angle


def _character(code: int, failed: bool) -> str:
    if failed or code == 0 or 0xD800 <= code < 0xE000:  # noqa: PLR2004
        return UNREADABLE
    char = plain(chr(code))
    if char in _SPACES:
        return ""
    if char.isspace():
        return " "
    return UNREADABLE if unicodedata.category(char[:1] or " ") in {"Cc", "Cn", "Co"} else char


def _main_turn(found: Iterable[tuple[Glyph, float]]) -> int:
    """Quarter turns that make most of a page's text upright."""
    turns = Counter(round(angle / _QUARTER) % 4 for _, angle in found if _off(angle, round(angle / _QUARTER)) < _SLANT)
    return turns.most_common(1)[0][0] if turns else 0


def _off(angle: float, turn: int) -> float:
    """Angle between a direction and a number of quarter turns."""
    return abs((angle - turn * _QUARTER + math.pi) % (2 * math.pi) - math.pi)


def _point(x: float, y: float, turn: int) -> tuple[float, float]:
    """Turn a point and let `y` grow downwards."""
    return ((x, -y), (y, x), (-x, y), (-y, -x))[turn]


def _turned(glyph: Glyph, turn: int) -> Glyph:
    x, y = _point(glyph.x0, glyph.y, turn)
    return glyph._replace(x0=x, x1=x + glyph.x1 - glyph.x0, y=y)


def _once(glyphs: list[Glyph]) -> list[Glyph]:
    """Leave out a glyph that stands again at nearly the same place, as in imitated bold and in shadows."""
    kept: list[Glyph] = []
    places: dict[tuple[str, int, int], list[Glyph]] = {}
    for glyph in glyphs:
        column, row = int(glyph.x0 // 4), int(glyph.y // 4)
        near = (
            other
            for c in (column - 1, column, column + 1)
            for r in (row - 1, row, row + 1)
            for other in places.get((glyph.char, c, r), ())
        )
        limit = min(_SAME * glyph.size, 4.0)
        # The parts of one ligature (ff) share a place and follow each other.
        ligature = kept and glyph.char.isascii() and kept[-1] == glyph
        if not ligature and any(abs(o.x0 - glyph.x0) < limit and abs(o.y - glyph.y) < limit for o in near):
            continue
        kept.append(glyph)
        places.setdefault((glyph.char, column, row), []).append(glyph)
    return kept


def _objects(page: Any, turn: int) -> tuple[list[Rule], float]:
    """Ruled lines, and the share of the page that pictures cover."""
    import pypdfium2.raw as pdfium

    rules: list[Rule] = []
    covered = 0.0
    wanted = [pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_IMAGE]
    for item in islice(page.get_objects(filter=wanted), _MAX_OBJECTS):
        if item.type == pdfium.FPDF_PAGEOBJ_IMAGE:
            left, bottom, right, top = item.get_bounds()
            covered += (right - left) * (top - bottom)
        else:
            rules.extend(_rules(item, turn))
    return rules, covered / ((page.get_width() * page.get_height()) or 1.0)


def _rules(item: Any, turn: int) -> Iterator[Rule]:
    """Straight lines of a path: those it draws, or the long sides of a thin filled bar."""
    import pypdfium2.raw as pdfium

    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(item, fill, stroke)
    for line in _polylines(item, turn):
        xs, ys = [x for x, _ in line], [y for _, y in line]
        thin = min(max(xs) - min(xs), max(ys) - min(ys)) <= _THIN
        if not stroke.value and not (fill.value and thin):
            continue
        for (x0, y0), (x1, y1) in pairwise(line):
            if min(abs(x1 - x0), abs(y1 - y0)) <= _STRAIGHT and max(abs(x1 - x0), abs(y1 - y0)) > _THIN:
                yield Rule(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def _polylines(item: Any, turn: int) -> list[list[tuple[float, float]]]:
    """A path's corner points on the page; curves are cut out."""
    import pypdfium2.raw as pdfium

    matrix, holder = item.get_matrix(), item.container
    while holder is not None:
        matrix, holder = matrix.multiply(holder.get_matrix()), holder.container
    x, y = ctypes.c_float(), ctypes.c_float()
    found: list[list[tuple[float, float]]] = []
    for i in range(min(pdfium.FPDFPath_CountSegments(item), _MAX_OBJECTS)):
        segment = pdfium.FPDFPath_GetPathSegment(item, i)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        across, up = matrix.on_point(x.value, y.value)
        point = _point(across, up, turn)
        if pdfium.FPDFPathSegment_GetType(segment) != pdfium.FPDF_SEGMENT_LINETO or not found:
            found.append([])
        found[-1].append(point)
        if pdfium.FPDFPathSegment_GetClose(segment):
            found[-1].append(found[-1][0])
    return found
