"""A web page as the lines that a browser would show, each with its place: blocks, `<br>`, list numbers, table rows.

One walk through the whole page makes them, so choosing the main text later is choosing among lines: no line can be
lost on the way or come twice.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from yaodian.readers.html_lists import ListNumbers

if TYPE_CHECKING:
    from collections.abc import Collection

_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "dir",
    "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6",
    "header", "hr", "html", "legend", "li", "main", "menu", "nav", "ol", "p", "pre", "section", "summary",
    "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
})  # fmt: skip
_UNSEEN = frozenset({
    "applet", "audio", "base", "button", "canvas", "datalist", "embed", "iframe", "input", "link", "map", "meta",
    "noframes", "noscript", "object", "optgroup", "option", "rp", "rt", "script", "select", "style", "svg",
    "template", "textarea", "title", "video", "xml",
})  # fmt: skip
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")
_NOT_DISPLAYED = re.compile(r"display\s*:\s*none")
_PRESERVED = re.compile(r"white-space\s*:\s*(?:pre|break-spaces)")
_HEADINGS = re.compile(
    r"(?:^|[-_])(?:title|tit|headline|heading|bt|biaoti|activity-name)\d?$|(?<=[a-z])Title$|^(?:ucap|article|news|con)title",
    re.IGNORECASE,
)
_WIDE = "\u2e80-\u2fff\u3001-\u9fff\uf900-\ufaff\uff00-\uffef“”‘’…"
# A line end beside a Chinese character is the source's layout; a browser's blank there is no part of the text.
_END = r"[ \t\r\f]*\n[ \t\r\f\n]*"
_WRAP = re.compile(rf"(?<=[{_WIDE}]){_END}|{_END}(?=[{_WIDE}])")
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_NOTHING = re.compile("[\x00-\x08\x0b\x0e-\x1f\u00ad\u200b-\u200f\u2060\ufeff]")
_RAISED = str.maketrans("0123456789+-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻")
_IS_RAISED = re.compile(r"\s*[-+−]?\d{1,4}\s*")
_PARAGRAPHS = 4
_BIG_CELL = 600
_BIG_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class Line:
    """One line; `at` is its place in the walk, to be compared with an element's (see `Page.holds`)."""

    text: str
    pieces: tuple[str, ...]
    """Its text nodes or cells: where label and value stand in elements of their own, nothing else parts them."""
    number: int | None
    """Line of the page's source, from 1."""
    at: int
    element: Any
    linked: int
    """Characters that stand in links."""
    heading: Any = None
    """The element that makes it a heading, None in running text."""
    row: bool = False
    """Whether it is a row of a table."""


@dataclass(slots=True)
class Page:
    """All lines of a page in order."""

    lines: list[Line] = field(default_factory=list)
    begin: dict[Any, int] = field(default_factory=dict)
    end: dict[Any, int] = field(default_factory=dict)

    def holds(self, element: Any, line: Line) -> bool:
        """Whether a line begins inside an element."""
        begin, end = self._span(element)
        return begin <= line.at < end

    def within(self, element: Any) -> range:
        """Indices of the lines that begin inside an element."""
        first, last = (bisect_left(self.lines, at, key=lambda line: line.at) for at in self._span(element))
        return range(first, last)

    def _span(self, element: Any) -> tuple[int, int]:
        return self.begin.get(element, 0), self.end.get(element, 0)

    def around(self, lines: Collection[Line]) -> Any:
        """Return the innermost element that holds all of one or more lines."""
        element = next(iter(lines)).element
        while element.getparent() is not None and not all(self.holds(element, line) for line in lines):
            element = element.getparent()
        return element


def page_of(root: Any, containers: Collection[Any] = ()) -> Page:
    """Make the lines of a parsed page.

    Args:
        root: lxml element; parse without comments, so that text has no gaps.
        containers: elements known to hold the main text; a line never crosses their edges, and a script that fades
            them in (`visibility: hidden` until then) does not hide them.
    """
    return _Walk(containers).run(root)


class _Walk:
    def __init__(self, containers: Collection[Any]) -> None:
        self.page = Page()
        self.containers = containers
        self.clock = 0
        self.source_line: int | None = None
        self.lists = ListNumbers()
        self.tables: list[bool] = []
        self.row: list[_Cell] = []
        self.in_cell = self.in_link = self.in_pre = self.in_sup = 0
        self.headings: list[Any] = []
        self.prefix = ""
        self._clear()

    def _clear(self) -> None:
        self.pieces: list[str] = []
        self.linked = 0
        self.start: tuple[int | None, int, Any, Any] | None = None

    def run(self, root: Any) -> Page:
        from lxml import etree

        walker = etree.iterwalk(root, events=("start", "end"))
        skipped = None
        for event, element in walker:
            self.clock += 1
            if event == "start":
                self.page.begin[element] = self.clock
                self.source_line = element.sourceline or self.source_line
                if self._unseen(element):
                    skipped = element
                    walker.skip_subtree()
                else:
                    self._open(element)
                    self._text(element.text, element)
                continue
            self.page.end[element] = self.clock
            if element is skipped:
                skipped = None
            else:
                self._close(element)
            self._text(element.tail, element.getparent())
        self._break()
        return self.page

    def _unseen(self, element: Any) -> bool:
        if element.tag in _UNSEEN or element.get("hidden") is not None:
            return True
        style = (element.get("style") or "").lower()
        return bool(style) and bool((_NOT_DISPLAYED if element in self.containers else _HIDDEN).search(style))

    def _open(self, element: Any) -> None:
        tag = element.tag
        if tag == "br" or tag in _BLOCKS or element in self.containers:
            self._break()
        match tag:
            case "a":
                self.in_link += 1
            case "sup":
                self.in_sup += 1
            case "ol" | "ul" | "menu" | "dir":
                self.lists.open(element)
            case "li":
                self.prefix = self.lists.item(element)
            case "table":
                self.tables.append(_is_data(element, self.containers))
            case "td" | "th" if self.tables and self.tables[-1]:
                self.in_cell += 1
            case _:
                pass
        if _preserves(element):
            self.in_pre += 1
        if _is_heading(element):
            self.headings.append(element)

    def _close(self, element: Any) -> None:
        tag = element.tag
        if tag in ("td", "th") and self.in_cell and self.tables[-1]:
            self._end_cell()
        elif tag in _BLOCKS or element in self.containers:
            self._break()
        self._leave(element)
        if _preserves(element):
            self.in_pre -= 1
        if self.headings and self.headings[-1] is element:
            self.headings.pop()

    def _leave(self, element: Any) -> None:
        match element.tag:
            case "a":
                self.in_link -= 1
            case "sup":
                self.in_sup -= 1
            case "ol" | "ul" | "menu" | "dir":
                self.lists.close()
            case "li":
                self.prefix = ""
            case "tr" | "table":
                self._end_row(element)
                if element.tag == "table":
                    self.tables.pop()
            case _:
                pass

    def _text(self, text: str | None, element: Any) -> None:
        if not text:
            return
        if self.in_pre and "\n" in text:
            for index, part in enumerate(text.split("\n")):
                if index:
                    self._break()
                    self.source_line = (self.source_line or 0) + 1
                self._piece(part, element)
            return
        self._piece(text, element)
        if self.source_line:
            self.source_line += text.count("\n")

    def _piece(self, text: str, element: Any) -> None:
        if self.in_sup and _IS_RAISED.fullmatch(text):
            text = text.strip().translate(_RAISED)
        bare = text.strip()
        if bare and self.start is None:
            before = text[: len(text) - len(text.lstrip())].count("\n")
            number = None if self.source_line is None else self.source_line + before
            self.start = (number, self.clock, element, self.headings[-1] if self.headings else None)
        if bare and self.prefix:
            self.pieces.append(self.prefix)
            self.prefix = ""
        self.pieces.append(text)
        if self.in_link:
            self.linked += len(bare)

    def _break(self) -> None:
        """End a line; inside a table's cell a line end is a blank."""
        if self.in_cell:
            self.pieces.append(" ")
            return
        if self.start is not None:
            number, at, element, heading = self.start
            text = _clean(self.pieces)
            pieces = tuple(p for piece in self.pieces if (p := _clean([piece])))
            if text:
                self.page.lines.append(Line(text, pieces, number, at, element, self.linked, heading))
        self._clear()

    def _end_cell(self) -> None:
        self.in_cell -= 1
        number = self.start[0] if self.start else None
        self.row.append(_Cell(_clean(self.pieces), number, self.linked))
        self._clear()

    def _end_row(self, element: Any) -> None:
        cells, self.row = self.row, []
        texts = tuple(cell.text for cell in cells if cell.text)
        if texts:
            at = self.page.begin[element]
            text = "\t".join(cell.text for cell in cells).rstrip("\t")
            number = next(cell.number for cell in cells if cell.text)
            self.page.lines.append(Line(text, texts, number, at, element, sum(c.linked for c in cells), row=True))


@dataclass(frozen=True, slots=True)
class _Cell:
    text: str
    number: int | None
    linked: int


def _clean(pieces: list[str]) -> str:
    text = _NOTHING.sub("", "".join(pieces))
    text = _BLANKS.sub(" ", _WRAP.sub("", text))
    return text.replace("\xa0", " ").strip()


def _preserves(element: Any) -> bool:
    return element.tag == "pre" or bool(_PRESERVED.search(element.get("style") or ""))


def _is_heading(element: Any) -> bool:
    if element.tag in ("h1", "h2", "ucaptitle"):
        return True
    names = f"{element.get('class') or ''} {element.get('id') or ''}".split()
    return any(_HEADINGS.search(name) for name in names)


def _is_data(table: Any, containers: Collection[Any]) -> bool:
    """Whether a table shows data: several columns, and no cell that holds a whole page."""
    if table.get("role") in ("presentation", "none") or any(e in containers for e in table.iterdescendants()):
        return False
    if any(_seen_length(inner) for inner in table.iterdescendants("table")):
        return False
    rows = [[c for c in row.iterchildren("td", "th") if _seen_length(c)] for row in table.iter("tr")]
    rows = [row for row in rows if row]
    if not any(len(row) > 1 for row in rows):
        return False
    cells = [cell for row in rows for cell in row]
    biggest = max(cells, key=_seen_length)
    paragraphs = sum(1 for _ in biggest.iter("p", "br", "div", "li"))
    if len(rows) <= 2 and paragraphs >= _PARAGRAPHS:  # noqa: PLR2004
        return False
    share = _seen_length(biggest) / sum(_seen_length(cell) for cell in cells)
    return not (share > _BIG_SHARE and _seen_length(biggest) > _BIG_CELL and paragraphs > _PARAGRAPHS)


def _seen_length(element: Any) -> int:
    texts = element.xpath(".//text()[not(ancestor::script or ancestor::style)]")
    return sum(len(text.strip()) for text in texts)
