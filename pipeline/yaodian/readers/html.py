"""Web pages as saved: the article's text line by line, what the page states about it, and nothing of the page round it.

`html_lines` makes the page's lines, `html_main` chooses among them, `html_facts` reads what is stated; here a page is
recognised, decoded, and put together.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, Any

from yaodian.decode import Decoded, decode
from yaodian.errors import UnreadableError
from yaodian.readers.base import Document, Lines

if TYPE_CHECKING:
    from collections.abc import Sequence
    from email.message import Message

    from yaodian.readers.base import Peek
    from yaodian.readers.html_facts import Facts
    from yaodian.readers.html_lines import Line, Page

_BOMS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_UTF16 = ((b"<\x00", "utf-16-le"), (b"\x00<", "utf-16-be"))
_SUFFIXES = (".html", ".htm", ".shtml", ".xhtml")
_BEFORE = re.compile(r"(?:\s|\ufeff|<!--.*?-->|<\?.*?\?>|<!\[.*?\]>)+", re.DOTALL)
_PAGE = re.compile(r"<!doctype\s+html\b|<(?:html|head|body)\b(?!\s*:)[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?([a-z][a-z0-9]*)(?=[\s/>])[^<>]*>", re.IGNORECASE)
_ANY_TAG = re.compile(r"</?[a-z][\w:.-]*(?:\s[^<>]*)?/?>", re.IGNORECASE)
_TAGS = frozenset({
    "a", "article", "aside", "b", "base", "big", "blockquote", "br", "button", "center", "col", "colgroup", "dd",
    "div", "dl", "dt", "em", "fieldset", "figure", "font", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6",
    "header", "hr", "i", "iframe", "img", "input", "label", "li", "link", "main", "meta", "nav", "noscript", "ol",
    "option", "p", "pre", "script", "section", "select", "small", "span", "strong", "style", "sub", "sup",
    "table", "tbody", "td", "textarea", "tfoot", "th", "thead", "title", "tr", "u", "ul",
})  # fmt: skip
_FRAGMENT_SHARE = 0.8
_DECLARED = re.compile(
    rb"<meta\b[^>]*?charset\s*=\s*[\"']?\s*([\w.:-]+)|<\?xml\b[^>]*?encoding\s*=\s*[\"']([\w.:-]+)", re.IGNORECASE
)
_DECLARED_WITHIN = 16_384
# Servers' and editors' defaults: they say nothing of a Chinese page, and any bytes are text in them.
_SAYS_NOTHING = frozenset({"iso8859-1", "cp1252", "ascii", "utf-16", "utf-16-le", "utf-16-be"})
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "hz": "gb18030", "big5": "big5hkscs", "cp950": "big5hkscs"}
_DAMAGE_FREE = 2
_DAMAGE_SHARE = 0.001
_HEADERS = re.compile(rb"\s*(?:[\w-]+:[^\n]*\n(?:[ \t]+[^\n]*\n)*)+\r?\n")
_RELATED = re.compile(rb"^content-type:\s*multipart/related\b", re.IGNORECASE | re.MULTILINE)
_SAVED_FROM = ("Snapshot-Content-Location", "Content-Location")
_NAME_SHORTEST = 6
_FIRST_LINES = 8
_EMPTY = "no main text in this page (only menus, a form, or scripts that would load it); save the page from a browser"


class HtmlReader:
    """HTML and XHTML, whole pages and fragments."""

    name = "html"

    def matches(self, peek: Peek) -> bool:
        """Whether the file begins as a page or as a fragment of one."""
        head = _roughly(peek.head)
        before = _BEFORE.match(head)
        head = head[before.end() :] if before else head
        if _PAGE.match(head):
            return True
        if not head.startswith("<") and not peek.name.lower().endswith(_SUFFIXES):
            return False
        tags = _ANY_TAG.findall(head)
        known = [m[1] for m in _TAG.finditer(head) if m[1].lower() in _TAGS]
        first = _TAG.match(head) if head.startswith("<") else None
        opens = first is None or first[1].lower() in _TAGS
        begins = opens and (first is not None or not head.startswith("<"))
        return begins and len(known) >= 2 and len(known) >= len(tags) * _FRAGMENT_SHARE  # noqa: PLR2004

    def read(self, data: bytes, *, name: str) -> Document:
        """Read a page; places are lines of its source.

        Raises:
            UnreadableError: the page has no main text, or its bytes are no text.
        """
        return _document(decoded(data, name=name), format_=self.name, name=name)


class MhtmlReader:
    """Pages saved whole by Chrome, Edge or Internet Explorer (`.mhtml`, `.mht`): the HTML part of a MIME message."""

    name = "mhtml"

    def matches(self, peek: Peek) -> bool:
        """Whether the file begins with the header lines of a multipart/related message."""
        headers = _HEADERS.match(peek.head)
        return bool(headers) and bool(_RELATED.search(headers[0] if headers else b""))

    def read(self, data: bytes, *, name: str) -> Document:
        """Read the page; places are lines of its HTML part, and a frame's page is read where the page itself is empty.

        Raises:
            UnreadableError: no HTML part, or none with a main text.
        """
        from dataclasses import replace
        from email import message_from_bytes

        message = message_from_bytes(data.lstrip())
        parts = [part for part in message.walk() if part.get_content_type() in ("text/html", "application/xhtml+xml")]
        if not parts:
            raise UnreadableError(f"{name}: a saved page without its HTML part; save it again", reason="broken")
        location = next((str(message[key]) for key in _SAVED_FROM if message[key]), None)
        parts.sort(key=lambda part: part["Content-Location"] != location)
        failure: UnreadableError | None = None
        for part in parts:
            try:
                document = _document(_decoded_part(part, name), format_=self.name, name=name)
            except UnreadableError as error:
                failure = failure or error
                continue
            saved = {"Content-Location": location} if location else {}
            return replace(document, extra={**document.extra, **saved})
        raise failure or UnreadableError(f"{name}: {_EMPTY}", reason="empty")


def _decoded_part(part: Message, name: str) -> Decoded:
    payload = part.get_payload(decode=True)
    return decoded(payload if isinstance(payload, bytes) else b"", name=name, charset=part.get_content_charset())


def _roughly(head: bytes) -> str:
    """Text of a file's first bytes, good enough to tell tags."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return head.decode("utf-16", "ignore")
    for mark, codec in _UTF16:
        if mark in head[:64] and head[:64].count(b"\x00") > 8:  # noqa: PLR2004
            return head.decode(codec, "ignore")
    return head.removeprefix(codecs.BOM_UTF8).decode("latin-1")


def decoded(data: bytes, *, name: str, charset: str | None = None) -> Decoded:
    """Decode a page's bytes: by byte order mark, by the declared charset where it fits, else by the bytes alone.

    Args:
        data: the whole page.
        name: how the page is called in an error.
        charset: one declared outside the page, used where the page itself declares none.

    Raises:
        UnreadableError: the bytes are no text.
    """
    if data.startswith(_BOMS):
        return decode(data, name=name)
    for mark, wide in _UTF16:
        if mark in data[:64] and data[:64].count(b"\x00") > 8:  # noqa: PLR2004
            return _in(data, wide) or decode(data, name=name)
    found = _DECLARED.search(data[:_DECLARED_WITHIN])
    codec = _codec((found[1] or found[2]).decode("ascii", "replace") if found else charset)
    # Pages that were moved to UTF-8 and still declare gb2312 are many; bytes in GB18030 are hardly ever valid UTF-8.
    if codec is None or (codec != "utf-8" and _is_utf8(data)):
        return decode(data, name=name)
    return _in(data, codec) or decode(data, name=name)


def _codec(declared: str | None) -> str | None:
    try:
        known = codecs.lookup(declared.strip().removeprefix("x-") if declared else "").name
    except LookupError:
        return None
    return None if known in _SAYS_NOTHING else _WIDER.get(known, known)


def _is_utf8(data: bytes) -> bool:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return sum(1 for c in text if c > "\x7f") > 3  # noqa: PLR2004


def _in(data: bytes, codec: str) -> Decoded | None:
    """Decode, or None where more than a few bytes do not fit: systems cut texts inside a character."""
    try:
        text = data.decode(codec, "replace")
    except (LookupError, UnicodeError):
        return None
    damaged = text.count("\ufffd")
    return None if damaged > _DAMAGE_FREE + _DAMAGE_SHARE * len(text) else Decoded(text, codec, damaged)


def _document(source: Decoded, *, format_: str, name: str) -> Document:
    from yaodian.readers.html_facts import facts_of, is_doc_number, labelled, opens_with_label
    from yaodian.readers.html_lines import page_of
    from yaodian.readers.html_main import containers, main_lines

    root = _parsed(source.text)
    if root is None:
        raise UnreadableError(f"{name}: {_EMPTY}", reason="empty")
    named = containers(root)
    page = page_of(root, set(named))
    facts = facts_of(root, page)
    chosen = main_lines(page, facts, named=named, source=source.text)
    if not chosen:
        raise UnreadableError(f"{name}: {_EMPTY}", reason="empty")
    headline, found = _headline(page, facts, chosen)
    lines = Lines()
    if headline and not _stands_in(headline, [page.lines[i] for i in chosen[:_FIRST_LINES]]):
        lines.add(headline, number=None if found is None else page.lines[found].number)
    # The document's number may stand between the headline and the text's own element.
    between = [i for i in range(chosen[0] if found is None else found + 1, chosen[0]) if i not in facts.lines]
    facts.add(labelled([page.lines[i] for i in between if opens_with_label(page.lines[i])]))
    numbers = [i for i in between if is_doc_number(page.lines[i].text)]
    for index in [*numbers, *chosen]:
        lines.add(page.lines[index].text, number=page.lines[index].number)
    return Document(
        text=lines.text,
        format=format_,
        encoding=source.encoding,
        damaged=source.damaged,
        metadata=facts.metadata(headline),
        places=lines.places,
        extra=facts.extra(),
    )


def _parsed(text: str) -> Any:
    from lxml import etree, html

    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        return html.document_fromstring(text.replace("\x00", "").encode("utf-8", "replace"), parser=parser)
    except etree.ParserError:
        return None


def _headline(page: Page, facts: Facts, chosen: Sequence[int]) -> tuple[str | None, int | None]:
    """Return the article's headline, and the index of its line where it stands on the page."""
    from yaodian.readers.html_facts import article_name, plain
    from yaodian.readers.html_main import is_prose

    end = next((i for i in chosen if is_prose(page.lines[i])), chosen[-1] + 1)
    groups = [g for g in _groups(page.lines[:end]) if g[0] not in facts.lines]
    texts = {g[0]: "".join(page.lines[i].text for i in g) for g in groups}
    tag = article_name(facts.title, facts.meta)
    names = [*facts.titles, *([tag] if tag else [])]
    wanted = {plain(name) for name in names}
    whole = plain(facts.title or "")
    exact = [i for i, text in texts.items() if plain(text) in wanted]
    partly = [i for i, text in texts.items() if len(plain(text)) > _NAME_SHORTEST and plain(text) in whole]
    for found in (exact, sorted(partly, key=lambda i: -len(texts[i]))):
        if found:
            return texts[found[0]], found[0]
    if facts.titles:
        return facts.titles[0], None
    headings = [i for i, text in texts.items() if page.lines[i].heading is not None and len(text) >= _NAME_SHORTEST]
    if headings:
        before = [i for i in headings if i <= chosen[0]] or headings
        return texts[before[-1]], before[-1]
    return (tag if tag and len(tag) >= _NAME_SHORTEST else None), None


def _groups(lines: Sequence[Line]) -> list[list[int]]:
    """Indices of lines, those of one heading together: a `<br>` may break it."""
    groups: list[list[int]] = []
    for index, line in enumerate(lines):
        if groups and line.heading is not None and lines[groups[-1][-1]].heading is line.heading:
            groups[-1].append(index)
        else:
            groups.append([index])
    return groups


def _stands_in(headline: str, lines: Sequence[Line]) -> bool:
    """Whether the first lines of a text hold its headline, be it broken in two or three."""
    from yaodian.readers.html_facts import plain

    return plain(headline).rstrip(".…") in plain("".join(line.text for line in lines))
