"""Sentences of a paragraph, with brackets respected and notes of duties set aside."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from yaodian.spans import Span, trim

if TYPE_CHECKING:
    from collections.abc import Iterator

TERMINATORS = "。；！？"
_PAIRS = {"》": "《", "〉": "〈", "”": "“", "’": "‘", "）": "（"}
_SPECIAL = re.compile(r"[。；！？《》〈〉“”‘’（）]")
_DUTY = r"责任|牵头|配合|主办|协办|承办|参加|参与|负责|主责|主管|分管|督办|落实|实施|完成|任务|时限|包保|协同"
_NOTE_KEY = (
    rf"(?:{_DUTY})(?:单位|部门|处室|科室|股室|领导|人员|人|机构|分工|时限|时间|期限|落实|科|处|局)?"
    r"(?:和责任人|及责任人|及时限)?[：]"
)
NOTE_LINE = re.compile(rf"【?{_NOTE_KEY}")
# A bracket whose content names who is in charge, and does nothing else.
_NOTE_INSIDE = re.compile(
    rf"(?:{_NOTE_KEY}).*|[^。；]*(?:牵头|负责|配合|参加|参与|落实|承办|协办|主办)(?:[，、；][^。]*)?",
    re.DOTALL,
)
_NOTE_END = re.compile(r"(?:牵头|负责|配合|参加|参与|落实|承办|协办|主办|实施|分工)[^，、；。]{0,6}\Z")
_JUST_PUNCTUATION = re.compile(r"[\W_]*\Z")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A stretch up to and with its terminator, and the notes of duties that stand behind it."""

    start: int
    end: int
    notes: tuple[Span, ...] = ()


def _pairs(text: str, start: int, end: int) -> dict[int, int]:
    """Offsets of opening marks to those of their closing ones; marks without a partner are left out."""
    stack: list[tuple[str, int]] = []
    found: dict[int, int] = {}
    for match in _SPECIAL.finditer(text, start, end):
        char = match[0]
        if char in _PAIRS:
            depth = next((i for i in range(len(stack) - 1, -1, -1) if stack[i][0] == _PAIRS[char]), None)
            if depth is not None:
                found[stack[depth][1]] = match.start()
                del stack[depth:]
        elif char not in TERMINATORS:
            stack.append((char, match.start()))
            del stack[:-8]
    return found


def is_note(text: str, start: int, end: int) -> bool:
    """Whether the bracket `[start, end)` is a note of duties such as `（责任单位：…）` or `（市水务局牵头）`."""
    inside = text[start + 1 : end - 1]
    if NOTE_LINE.match(inside):
        return True
    return bool(_NOTE_INSIDE.fullmatch(inside)) and bool(_NOTE_END.search(inside))


def sentences(text: str, start: int, end: int) -> list[Sentence]:
    """Split the paragraph `[start, end)` at terminators outside of brackets and quotation marks.

    Returns sentences in order; stretches of mere punctuation are left out.
    """
    found: list[Sentence] = []
    for stretch, notes in _stretches(text, start, end):
        span = trim(text, stretch.start, stretch.end)
        if _JUST_PUNCTUATION.match(text, span.start, span.end):
            if notes and found:
                last = found[-1]
                found[-1] = Sentence(last.start, last.end, (*last.notes, *notes))
            continue
        found.append(Sentence(span.start, span.end, notes))
    return found


def _stretches(text: str, start: int, end: int) -> Iterator[tuple[Span, tuple[Span, ...]]]:
    pairs = _pairs(text, start, end)
    begin, position = start, start
    notes: list[Span] = []
    cut = None
    while match := _SPECIAL.search(text, position, end):
        position = match.end()
        if match[0] in TERMINATORS:
            yield Span(begin, cut if cut is not None else match.end()), tuple(notes)
            begin, notes, cut = match.end(), [], None
            tail = NOTE_LINE.match(text, begin, end)
            if tail:
                yield Span(begin, begin), (Span(begin, end),)
                return
        elif match.start() in pairs:
            position = pairs[match.start()] + 1
            after = text[position] if position < end else "。"
            if match[0] == "（" and after in "。；（" + "！" and is_note(text, match.start(), position):
                notes.append(Span(match.start(), position))
                cut = match.start() if cut is None else cut
            elif match[0] == "（" and match.start() == begin and is_note(text, match.start(), position):
                yield Span(begin, begin), (Span(match.start(), position),)
                begin = position
    if begin < end:
        yield Span(begin, cut if cut is not None else end), tuple(notes)
