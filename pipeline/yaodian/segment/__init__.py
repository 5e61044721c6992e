"""Segmentation: a text's metadata, section tree and measures, and the view that the taggers read."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from yaodian.record import Measure, Metadata, Notice, Section
from yaodian.segment.body import divide
from yaodian.segment.metadata import Front, completed, metadata
from yaodian.segment.paragraphs import lines, paragraphs
from yaodian.segment.tree import Tree, Unit, build
from yaodian.spans import Span, View, view
from yaodian.traditional import is_traditional, simplified

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["Segmentation", "completed", "segment"]

_CJK = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_LETTER = re.compile(r"[^\W\d_]")
_MIN_CHINESE = 0.3
_SAMPLE = 1000
_PLAN_WORDS = re.compile(
    r"加强|推进|开展|落实|完善|建立|健全|组织|确保|实施|做好|推动|提升|强化|制定|深化|工作|管理|监督|建设|责任|单位|部门"
)
_MIN_PLAN_WORDS = 5


@dataclass(frozen=True, slots=True)
class Segmentation:
    """What segmentation finds. Spans of records are the source's, `views` the same measures in the view."""

    view: View
    metadata: Metadata
    sections: tuple[Section, ...]
    measures: tuple[Measure, ...]
    views: tuple[Span, ...]
    notes: tuple[tuple[Span, ...], ...]
    """For each measure, the view spans of its notes of duties."""
    warnings: tuple[Notice, ...]
    reading: str
    """The text as it was read: the text itself, or in simplified characters, as many."""


def segment(text: str) -> Segmentation:
    """Segment one document. Never raises on any text; what is doubtful becomes a warning."""
    if is_traditional(text):
        # As many characters as before: every offset below holds for the text itself.
        found = _segment(simplified(text), text)
        notice = Notice(
            code="traditional_characters",
            message="read as simplified: metadata and canonical names are simplified, texts are the document's own",
        )
        return replace(found, warnings=(notice, *found.warnings))
    return _segment(text, text)


def _segment(reading: str, text: str) -> Segmentation:
    """Segment `reading`, whose characters stand for those of `text`, one for one."""
    looked = view(reading, paragraphs(reading, lines(reading)))
    warning = _unfit(reading, looked)
    if warning:
        return Segmentation(looked, Metadata(), (), (), (), (), (warning,), reading)
    parts = divide(looked.text)
    front = Front(_texts(looked, parts.before), _texts(looked, parts.after))
    if not parts.numbered and not _reads_like_a_plan(_texts(looked, parts.body)):
        notice = Notice(
            code="not_a_plan", message="no numbered units and hardly a word of a work plan: nothing extracted"
        )
        return Segmentation(looked, metadata(front), (), (), (), (), (notice,), reading)
    tree = build(looked.text, parts.body)
    warnings = list(_number_warnings(looked, tree))
    if not parts.numbered:
        warnings.append(Notice(code="no_numbering", message="no numbered units: the text is one list of measures"))
    measures = tuple(
        Measure(id=f"m{i:03d}", section=s.unit.id if s.unit else None, start=span.start, end=span.end)
        for i, s in enumerate(tree.stretches, start=1)
        for span in (looked.to_source(s.start, s.end),)
    )
    return Segmentation(
        view=looked,
        metadata=metadata(front),
        sections=tuple(_section(text, looked, unit) for unit in tree.units),
        measures=measures,
        views=tuple(Span(s.start, s.end) for s in tree.stretches),
        notes=tuple(tuple(s.notes) for s in tree.stretches),
        warnings=tuple(warnings),
        reading=reading,
    )


def _texts(looked: View, spans: Sequence[Span]) -> list[str]:
    return [looked.text[s.start : s.end] for s in spans]


def _unfit(text: str, looked: View) -> Notice | None:
    if not looked.text.strip():
        return Notice(code="empty_text", message="the text is empty or only white space")
    # A sample tells the script as well as the whole.
    sample = looked.text[:: max(1, len(looked.text) // _SAMPLE)]
    letters = len(_LETTER.findall(sample))
    if letters and len(_CJK.findall(sample)) < _MIN_CHINESE * letters:
        return Notice(code="not_chinese", message="fewer than three letters in ten are Chinese: nothing extracted")
    if not letters:
        return Notice(code="no_words", message="the text has no words: nothing extracted")
    return None


def _reads_like_a_plan(texts: Sequence[str]) -> bool:
    return sum(len(_PLAN_WORDS.findall(text)) for text in texts) >= _MIN_PLAN_WORDS


def _section(text: str, looked: View, unit: Unit) -> Section:
    number = looked.to_source(unit.marker.start, unit.marker.end)
    heading = looked.to_source(unit.heading.start, unit.heading.end) if unit.heading else None
    return Section(
        id=unit.id,
        level=unit.level,
        number=text[number.start : number.end].strip(),
        heading=text[heading.start : heading.end] if heading else "",
        start=number.start,
        end=looked.to_source(unit.marker.start, unit.end).end,
        parent=unit.parent.id if unit.parent else None,
    )


def _number_warnings(looked: View, tree: Tree) -> Iterator[Notice]:
    """Numbers that repeat or jump among the units of one kind under one parent."""
    last: dict[tuple[str | None, str], int] = {}
    for unit in tree.units:
        ordinal = unit.marker.ordinal
        if ordinal is None:
            continue
        key = (unit.parent.id if unit.parent else None, unit.marker.kind.name)
        before = last.get(key)
        last[key] = ordinal
        if before is None or ordinal == before + 1:
            continue
        # Items that number through the whole document (（十）under 四、 after （九） under 三、) have their own key.
        code = "duplicate_section_number" if ordinal == before else "irregular_section_number"
        place = looked.to_source(unit.marker.start, unit.marker.end)
        message = f"{looked.text[unit.marker.start : unit.marker.end]} follows number {before} of its kind"
        yield Notice(code=code, message=message, start=place.start, end=place.end)
