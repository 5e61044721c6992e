"""Where the body of a document begins and ends, and what stands before and after it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from yaodian.segment.metadata import DATE_LINE, DOC_NUMBER, is_addressees, is_title
from yaodian.segment.numbering import BULLET_KIND, inline_starts, opening
from yaodian.spans import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

_ATTACHMENT = re.compile(r"附\s*(?:件|表|录|图)\s*[\d一二三四五六七八九十]{0,3}(?:[：.、\s]|\Z|.{0,40}\Z)")
_AFTER = re.compile(
    r"抄\s*送|抄\s*报|（?此件|（?联系人|（?公开方式|信息公开选项|主题词|.{2,30}办公室(?:秘书处)?\d{4}年\d{1,2}月\d{1,2}日印发"
)
_SIGNATURE_LIMIT = 40


@dataclass(frozen=True, slots=True)
class Parts:
    """Paragraph spans of the view: before the body, the body itself, and after it."""

    before: tuple[Span, ...]
    body: tuple[Span, ...]
    after: tuple[Span, ...]
    numbered: bool


def divide(text: str) -> Parts:
    """Divide the view's paragraphs (one a line of `text`) into what precedes the body, the body and the rest."""
    spans = _lines(text)
    begin, numbered = _begin(text, spans)
    end = _end(text, spans, begin)
    return Parts(tuple(spans[:begin]), tuple(_split(text, spans[begin:end])), tuple(spans[end:]), numbered)


def _lines(text: str) -> list[Span]:
    found, position = [], 0
    for line in text.split("\n"):
        if line:
            found.append(Span(position, position + len(line)))
        position += len(line) + 1
    return found


def _begin(text: str, spans: Sequence[Span]) -> tuple[int, bool]:
    levels = []
    for index, span in enumerate(spans):
        marker = opening(text, span.start, span.end)
        if marker:
            levels.append((index, marker.kind))
            if marker.kind.level == 1:
                break
    first = next((i for i, kind in levels if kind.level == 1), None)
    if first is None:
        first = next((i for i, kind in levels if kind.name != BULLET_KIND), None)
    elif any(i < first and kind.name == "article" for i, kind in levels):
        first = min(i for i, kind in levels if kind.name == "article")
    if first is not None:
        return first, True
    for index, span in enumerate(spans):
        line = text[span.start : span.end]
        if not (_is_front(line) or (index < 3 and is_title(line)) or len(line) < 4):
            return (index, False) if index or _has_sentence(line) else (1, False)
    return len(spans), False


def _has_sentence(line: str) -> bool:
    return any(char in line for char in "。；，")


def _is_front(line: str) -> bool:
    if DOC_NUMBER.fullmatch(line) or is_addressees(line) or DATE_LINE.fullmatch(line) or _AFTER.match(line):
        return True
    return len(line) <= _SIGNATURE_LIMIT and not _has_sentence(line) and line[-1] not in "：。"


def _end(text: str, spans: Sequence[Span], begin: int) -> int:
    for index in range(begin + 1, len(spans)):
        line = text[spans[index].start : spans[index].end]
        if _AFTER.match(line) or (len(line) <= 60 and _ATTACHMENT.match(line)):
            return _with_signature(text, spans, begin, index)
        if DATE_LINE.fullmatch(line):
            return _with_signature(text, spans, begin, index)
    return len(spans)


def _with_signature(text: str, spans: Sequence[Span], begin: int, end: int) -> int:
    """Move the end up over the names of the bodies that sign above a date or an attachment line."""
    while end - 1 > begin:
        line = text[spans[end - 1].start : spans[end - 1].end]
        if len(line) > _SIGNATURE_LIMIT or line[-1] in "。；：，" or opening(line, 0, len(line)):
            break
        if not re.search(r"[局厅委部院办府会处心队室站所]\Z", line):
            break
        end -= 1
    return end


def _split(text: str, spans: Sequence[Span]) -> list[Span]:
    """Part run-on paragraphs at the numbers inside them."""
    result: list[Span] = []
    for span in spans:
        start = span.start
        for cut in inline_starts(text, span.start, span.end):
            result.append(Span(start, cut))
            start = cut
        result.append(Span(start, span.end))
    return result
