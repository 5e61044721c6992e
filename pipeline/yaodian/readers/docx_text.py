"""The text in a Word document's XML, in the order of the page, with all tracked changes accepted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from yaodian.readers.docx_numbering import Numbering, Styles, W
from yaodian.readers.docx_numerals import symbol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from yaodian.readers.base import Lines
    from yaodian.record import Notice

_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_BREAK = "\n"
_LITERAL = {
    W + "tab": "\t",
    W + "ptab": "\t",
    W + "br": _BREAK,
    W + "cr": _BREAK,
    W + "noBreakHyphen": "-",
}
_GONE = {W + name for name in (
    "del", "moveFrom", "rPr", "pPr", "sdtPr", "sdtEndPr", "tblPr", "tblGrid", "trPr", "tcPr", "instrText", "delText",
    "delInstrText", "rt", "rubyPr", "softHyphen", "sectPr", "footnoteRef", "endnoteRef", "annotationRef", "separator",
    "continuationSeparator", "fldData", "ffData", "customXmlPr", "smartTagPr",
)}  # fmt: skip
_BOX = W + "txbxContent"
_BLANKS = re.compile(r"\s+")


class Body:
    """Reads parts of one document into `lines`, counting paragraphs and rows as it goes."""

    def __init__(self, lines: Lines, *, styles: Any, numbering: Any, footnotes: Any, endnotes: Any) -> None:
        self._lines = lines
        self._styles = Styles(styles)
        self._numbering = Numbering(numbering, self._styles)
        self._notes = {W + "footnoteReference": _by_id(footnotes), W + "endnoteReference": _by_id(endnotes)}
        self._called: dict[str, list[Any]] = {name: [] for name in self._notes}
        self._number = 0
        self._fields: list[bool] = []
        self._carried = ""
        self._boxes: list[Any] = []
        self._embedded = 0

    def read(self, document: Any) -> None:
        """Read the main part's body, then the notes it calls, footnotes first."""
        self._blocks(document.find(W + "body"))
        for notes in self._called.values():
            for note in notes:
                self._fields.clear()
                self._blocks(note)

    def notices(self) -> tuple[Notice, ...]:
        """What could not be read."""
        from yaodian.record import Notice

        if not self._embedded:
            return ()
        message = f"{self._embedded} embedded documents were not read; save the document again in Word to include them"
        return (Notice(code="embedded_document", message=message),)

    def _blocks(self, container: Any) -> None:
        for block in _children(container):
            if block.tag == W + "p":
                self._paragraph(block)
            elif block.tag == W + "tbl":
                self._flush()
                self._table(block)
            elif block.tag == W + "altChunk":
                self._embedded += 1
        self._flush()

    def _paragraph(self, paragraph: Any) -> None:
        self._number += 1
        text = self._text(paragraph)
        if text is not None:
            self._add(text)
        # An instruction ends with its paragraph at the latest; one never closed must not swallow the rest.
        self._fields = [shown for shown in self._fields if shown]
        self._open_boxes()

    def _add(self, text: str) -> None:
        # A soft break is as good as a paragraph's end: texts from the web have no others.
        for line in text.split(_BREAK):
            self._lines.add(line, number=self._number)

    def _flush(self) -> None:
        """Write text whose paragraph mark is gone but that no paragraph follows."""
        text, self._carried = self._carried, ""
        self._add(text)

    def _open_boxes(self) -> None:
        boxes, self._boxes = self._boxes, []
        for box in boxes:
            carried, self._carried = self._carried, ""
            fields, self._fields = self._fields, []
            self._blocks(box)
            self._carried, self._fields = carried, fields

    def _text(self, paragraph: Any) -> str | None:
        """A paragraph's text with its number; None where it runs on into the next, its mark being deleted or hidden."""
        properties = paragraph.find(W + "pPr")
        text = self._carried + "".join(self._pieces(paragraph, properties))
        mark = None if properties is None else properties.find(W + "rPr")
        gone = mark is not None and (mark.find(W + "del") is not None or mark.find(W + "moveFrom") is not None)
        if gone or self._styles.hidden(mark, properties):
            self._carried = text
            return None
        self._carried = ""
        label = self._numbering.label(properties)
        if not label or not text.strip():
            return text
        return label + (" " if self._numbering.spaced(properties, label, text.lstrip()) else "") + text.lstrip()

    def _pieces(self, element: Any, paragraph: Any) -> Iterator[str]:
        """Text of everything within a paragraph; boxes and notes met on the way are kept for later."""
        for child in _children(element):
            tag = child.tag
            if tag == W + "r":
                if not self._styles.hidden(child.find(W + "rPr"), paragraph):
                    yield from self._pieces(child, paragraph)
                else:
                    self._only_fields(child)
            elif tag == W + "fldChar":
                self._field(child.get(W + "fldCharType"))
            elif not self._fields or all(self._fields):
                yield from self._leaf(child, paragraph)

    def _leaf(self, element: Any, paragraph: Any) -> Iterator[str]:
        tag = element.tag
        if tag in {W + "t", _M + "t"}:
            yield (element.text or "").replace("\r", "").replace("\n", " ")
        elif tag in _LITERAL:
            yield _LITERAL[tag]
        elif tag == W + "sym":
            yield _symbol(element)
        elif tag in self._notes:
            self._call(tag, element.get(W + "id", ""))
        elif tag in {W + "drawing", W + "pict", W + "object"}:
            self._boxes.extend(_boxes(element))
        else:
            yield from self._pieces(element, paragraph)

    def _only_fields(self, run: Any) -> None:
        """Hidden runs still open and close fields."""
        for child in run.iterfind(W + "fldChar"):
            self._field(child.get(W + "fldCharType"))

    def _field(self, kind: str | None) -> None:
        """Follow complex fields: text counts where every open field is past its instruction."""
        if kind == "begin":
            self._fields.append(False)
        elif kind == "separate" and self._fields:
            self._fields[-1] = True
        elif kind == "end" and self._fields:
            self._fields.pop()

    def _call(self, tag: str, name: str) -> None:
        note = self._notes[tag].get(name)
        if note is not None and note not in self._called[tag]:
            self._called[tag].append(note)

    def _table(self, table: Any) -> None:
        rows = [[cell for cell in _children(row) if cell.tag == W + "tc"] for row in _rows(table)]
        if max(map(len, rows), default=0) <= 1:
            # One column is a frame round running text, not a table.
            for row in rows:
                for cell in row:
                    self._blocks(cell)
            return
        for row in rows:
            self._number += 1
            within: list[Any] = []
            cells = [self._cell(cell, within) for cell in row]
            self._lines.add("\t".join(cells), number=self._number)
            for nested in within:
                self._table(nested)
            self._open_boxes()

    def _cell(self, cell: Any, within: list[Any]) -> str:
        """One cell's text on one line; tables in it are put into `within`."""
        merged = cell.find(f"{W}tcPr/{W}vMerge")
        if merged is not None and merged.get(W + "val", "continue") == "continue":
            return ""
        texts = []
        for block in _children(cell):
            if block.tag == W + "p":
                texts.append(self._text(block) or "")
            elif block.tag == W + "tbl":
                within.append(block)
        texts.append(self._carried)
        self._carried = ""
        return _BLANKS.sub(" ", " ".join(text.strip() for text in texts)).strip()


def _children(element: Any) -> Iterator[Any]:
    """Elements within, those of content controls and other wrappers in their place, deleted ones left out."""
    for child in element:
        tag = child.tag
        if not isinstance(tag, str) or tag in _GONE:
            continue
        if tag in {W + "sdt", W + "sdtContent", W + "customXml", W + "smartTag", W + "ins", W + "moveTo"}:
            yield from _children(child)
        elif tag == _MC + "AlternateContent":
            # The same content twice, for new and for old programs.
            chosen = child.find(_MC + "Choice")
            chosen = child.find(_MC + "Fallback") if chosen is None else chosen
            if chosen is not None:
                yield from _children(chosen)
        else:
            yield child


def _rows(table: Any) -> Iterator[Any]:
    for row in _children(table):
        if row.tag == W + "tr" and row.find(f"{W}trPr/{W}del") is None:
            yield row


def _boxes(element: Any) -> Iterator[Any]:
    """Text boxes in a drawing, the outermost only and each once."""
    for child in _children(element):
        if child.tag == _BOX:
            yield child
        else:
            yield from _boxes(child)


def _by_id(root: Any) -> dict[str, Any]:
    return {} if root is None else {note.get(W + "id"): note for note in root}


def _symbol(element: Any) -> str:
    try:
        char = chr(int(element.get(W + "char", ""), 16))
    except ValueError:
        return ""
    return symbol(char, element.get(W + "font", ""))
