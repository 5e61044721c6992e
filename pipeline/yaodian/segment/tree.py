"""The section tree and the measures of a body: headings, run-in headings, sentences and notes of duties."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from yaodian.segment.numbering import BULLET_KIND, Marker, opening
from yaodian.segment.sentences import NOTE_LINE, Sentence, is_note, sentences
from yaodian.spans import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

HEADING_LIMIT = 40
"""Characters of a run-in heading at most; a longer first sentence is a measure (scheme, §1)."""
_TASKLIKE = re.compile(r"[\d《]|[一二三四五六七八九十百千]+[个项次家名场处]|，[^，]*，[^，]*，|；")
_FIGURE = re.compile(r"\d(?![\d—-]*(?:年|周年))")
"""A figure other than a year makes a first sentence a task, in any document."""
_CHAIN = 2
"""Commas from which a first sentence is a chain of tasks, in a document without the habit of run-in headings."""
_DASHES = ("——", "—")
_MIN_TASKLIKE = 0.5
_MIN_FOR_STYLE = 3


@dataclass(slots=True)
class Unit:
    """A numbered unit; spans are the view's. `end` grows with its content."""

    id: str
    marker: Marker
    level: int
    heading: Span | None
    parent: Unit | None
    end: int
    children: int = 0


@dataclass(slots=True)
class Stretch:
    """A measure of the view and the notes of duties that belong to it."""

    start: int
    end: int
    unit: Unit | None
    notes: list[Span] = field(default_factory=list)


@dataclass(slots=True)
class Tree:
    """Units and measures in the order of the text."""

    units: list[Unit] = field(default_factory=list)
    stretches: list[Stretch] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Paragraph:
    span: Span
    marker: Marker | None
    found: tuple[Sentence, ...]
    note: bool

    @property
    def first(self) -> Sentence | None:
        return self.found[0] if self.found else None


def build(text: str, body: Sequence[Span]) -> Tree:
    """Build the tree of the view's body paragraphs."""
    paragraphs = [_read(text, span) for span in body]
    run_in = _run_in_kinds(text, paragraphs)
    tree = Tree()
    stack: list[Unit] = []
    for index, paragraph in enumerate(paragraphs):
        if paragraph.note:
            _attach_note(tree, stack, paragraph.span)
            continue
        following = paragraphs[index + 1 :]
        content = list(paragraph.found)
        if paragraph.marker:
            unit = _open(tree, stack, paragraph.marker)
            unit.heading, skip = _heading(text, paragraph, following, run_in)
            unit.end = max(unit.end, paragraph.span.end)
            content = content[skip:]
        unit_now = stack[-1] if stack else None
        for sentence in content:
            tree.stretches.append(Stretch(sentence.start, sentence.end, unit_now, list(sentence.notes)))
        _spread_notes(tree, len(content))
        for unit in stack:
            unit.end = max(unit.end, paragraph.span.end)
    return tree


def _spread_notes(tree: Tree, count: int) -> None:
    """A note at the end of a paragraph stands for the sentences before it, back to an earlier note."""
    paragraph = tree.stretches[len(tree.stretches) - count :]
    notes: list[Span] = []
    for stretch in reversed(paragraph):
        if stretch.notes:
            notes = list(stretch.notes)
        else:
            stretch.notes.extend(notes)


def _read(text: str, span: Span) -> _Paragraph:
    marker = opening(text, span.start, span.end)
    start = marker.end if marker else span.start
    bracketed = (
        text[start] == "（" and text[span.end - 1] == "）" and is_note(text, start, span.end)
        if start < span.end
        else False
    )
    note = marker is None and (bracketed or bool(NOTE_LINE.match(text, start, span.end)))
    return _Paragraph(span, marker, () if note else tuple(sentences(text, start, span.end)), note)


def _attach_note(tree: Tree, stack: Sequence[Unit], span: Span) -> None:
    """A note on a line of its own belongs to the measures above it in the same unit, up to an earlier note's."""
    unit = stack[-1] if stack else None
    above = [s for s in tree.stretches if s.unit is unit]
    last = max((n.start for s in above for n in s.notes), default=-1)
    covered = [s for s in above if s.start > last] or above[-1:]
    if covered and covered[0].start < last:
        covered = [s for s in above if s.notes and s.notes[-1].start == last]
    for stretch in covered:
        stretch.notes.append(span)
    for open_unit in stack:
        open_unit.end = max(open_unit.end, span.end)


def _run_in_kinds(text: str, paragraphs: Sequence[_Paragraph]) -> set[str]:
    """Kinds of numbers whose short first sentences are headings in this document, whatever they say.

    Where most units of a kind open with something like a task (figures, titles, a chain of clauses, more than 40
    characters), that document has no such habit at that level: there a short first sentence is a heading only if it
    reads like no task itself.
    """
    tasklike: defaultdict[str, list[bool]] = defaultdict(list)
    for paragraph in paragraphs:
        if paragraph.marker and len(paragraph.found) > 1 and paragraph.first:
            sentence = text[paragraph.first.start : paragraph.first.end]
            long = len(sentence) > HEADING_LIMIT or sentence[-1] != "。"
            tasklike[paragraph.marker.kind.name].append(long or bool(_TASKLIKE.search(sentence)))
    return {
        kind
        for kind, found in tasklike.items()
        if len(found) < _MIN_FOR_STYLE or sum(found) < _MIN_TASKLIKE * len(found)
    }


def _open(tree: Tree, stack: list[Unit], marker: Marker) -> Unit:
    if marker.kind.name == BULLET_KIND:
        while stack and stack[-1].marker.kind.name == BULLET_KIND:
            stack.pop()
        level = stack[-1].level + 1 if stack else 1
    else:
        while stack and stack[-1].marker.kind.rank >= marker.kind.rank:
            stack.pop()
        level = marker.kind.level
    parent = stack[-1] if stack else None
    siblings = parent.children if parent else sum(1 for unit in tree.units if unit.parent is None)
    number = siblings + 1
    if parent:
        parent.children = number
    unit = Unit(f"{parent.id}.{number}" if parent else f"s{number}", marker, level, None, parent, marker.end)
    tree.units.append(unit)
    stack.append(unit)
    return unit


def _heading(
    text: str, paragraph: _Paragraph, following: Sequence[_Paragraph], run_in: set[str]
) -> tuple[Span | None, int]:
    """Heading of a unit's opening paragraph and how many of its sentences the heading uses up."""
    marker, first = paragraph.marker, paragraph.first
    if marker is None or first is None:
        return None, 0
    heading = Span(first.start, first.end)
    length = len(heading)
    rest = len(paragraph.found) > 1
    if marker.kind.level == 1 and not rest and (length <= HEADING_LIMIT or text[first.end - 1] not in "。；！？"):
        return heading, 1
    if rest:
        short = length <= HEADING_LIMIT and text[first.end - 1] == "。"
        habit = marker.kind.name in run_in | {"level1"}
        topic = not _TASKLIKE.search(text, first.start, first.end) and text.count("，", first.start, first.end) < _CHAIN
        figures = _FIGURE.search(text, first.start, first.end)
        return (heading, 1) if short and not figures and (habit or topic) else (None, 0)
    if _has_content(text, marker, following):
        return (heading, 1) if length <= HEADING_LIMIT or text[first.end - 1] not in "。；" else (None, 0)
    return heading, 0


def _has_content(text: str, marker: Marker, following: Sequence[_Paragraph]) -> bool:
    """Whether the unit opened by `marker` has paragraphs or sub-units of its own below its first line.

    A dash followed by bullets of another mark (`——` and then `●`) has them for its own.
    """
    for paragraph in following:
        if paragraph.note:
            continue
        if paragraph.marker is None:
            return True
        if paragraph.marker.kind.name == marker.kind.name == BULLET_KIND:
            mark, next_mark = (text[m.start : m.end] for m in (marker, paragraph.marker))
            return mark in _DASHES and next_mark not in _DASHES
        return paragraph.marker.kind.rank > marker.kind.rank
    return False
