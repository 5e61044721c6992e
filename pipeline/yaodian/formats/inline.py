"""Records as marked-up text: labels stand in the text itself, so that a pass can be written and compared by eye.

A span is `⟦text│LABEL⟧` (entities, deadlines, goals) or `⟪text│LABEL⟫` (measures, headings, notes of duties); spans
nest. The first line is `META {json}`. Labels: `I kind [actor]`, `R status form`, `H kind category`,
`Q role v=… u=… dim=… cmp=… [chg=…] [ind=…]`, `D` deadline, `G` goal, `M function[+second] instrument`,
`S level [number]`, `N` note of duties.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from yaodian.errors import RecordError
from yaodian.labels import phase_of
from yaodian.record import Entity, Function, Measure, Metadata, Record, Relation, Section, sha256

if TYPE_CHECKING:
    from collections.abc import Sequence

_OPEN, _CLOSE, _BAR = "⟦⟪", "⟧⟫", "│"
_TYPES = {"I": "INSTITUTION", "R": "REGULATION", "H": "HAZARD", "Q": "QUANTITY"}
_COMPARATORS = {"eq": "=", "ge": ">=", "le": "<=", "gt": ">", "lt": "<", "approx": "~", "lead": "lead"}
_NUMBER = r"-?\d+(?:\.\d+)?"
_QUANTITY = re.compile(
    rf"Q (?P<role>\w+) v=(?P<low>{_NUMBER})(?:\.\.(?P<high>{_NUMBER}))? u=(?P<unit>\S+) dim=(?P<dimension>\w+) "
    r"cmp=(?P<cmp>\w+)(?: chg=(?P<change>up|down))?(?: ind=(?P<indicator>.+))?"
)
_DOC_NUMBER = re.compile(r"[\u4e00-\u9fffA-Z]{1,16}[〔\[［【（](?:19|20)\d{2}[〕\]］】）]第?\d{1,5}号")


@dataclass(frozen=True, slots=True)
class _Mark:
    start: int
    end: int
    label: str

    @property
    def key(self) -> str:
        return self.label.split(" ", 1)[0]

    @property
    def words(self) -> list[str]:
        return self.label.split()[1:]


def loads(marked: str, *, doc_id: str, source: str | None = None, name: str = "pass") -> Record:
    """Read one marked-up text.

    Raises:
        RecordError: a mark is open, or a label is not of its form; names the place.
    """
    first, _, body = marked.partition("\n")
    if not first.startswith("META "):
        raise RecordError(f"{name}:1: the first line must be META and a JSON object")
    text, marks = _parse(body, name)
    sections = _sections(text, marks)
    measures = sorted((m for m in marks if m.key == "M"), key=lambda m: m.start)
    entities = _entities(text, marks, measures, name)
    actors = _actors(marks, measures, sections, entities)
    return Record(
        doc_id=doc_id,
        source=source,
        text_sha256=sha256(text),
        text=text,
        metadata=Metadata(**json.loads(first[5:])),
        sections=tuple(sections),
        measures=tuple(
            _measure(text, mark, sections, marks, number=number, actors=actors.get(number, ()))
            for number, mark in enumerate(measures, start=1)
        ),
        entities=tuple(entity for entity, _ in entities),
        relations=tuple(
            Relation(type="actor_of", head=actor, tail=f"m{number:03d}")
            for number, found in sorted(actors.items())
            for actor in found
        ),
    )


def _parse(body: str, name: str) -> tuple[str, list[_Mark]]:
    pieces: list[str] = []
    length = 0
    stack: list[tuple[str, int]] = []
    marks: list[_Mark] = []
    position = 0
    for match in re.finditer(rf"[{_OPEN}]|{_BAR}([^{_CLOSE}]*)([{_CLOSE}])", body):
        pieces.append(body[position : match.start()])
        length += match.start() - position
        position = match.end()
        if match[0] in _OPEN:
            stack.append((match[0], length))
            continue
        if not stack or _OPEN.index(stack[-1][0]) != _CLOSE.index(match[2]):
            line = body.count("\n", 0, match.start()) + 2
            raise RecordError(f"{name}:{line}: {match[0]!r} closes nothing that is open")
        marks.append(_Mark(stack.pop()[1], length, match[1].strip()))
    if stack:
        raise RecordError(f"{name}: {len(stack)} marks are never closed")
    pieces.append(body[position:])
    return "".join(pieces), marks


def _rank(number: str, level: int) -> tuple[int, int]:
    return (level, 0 if re.match(r"第.+(?:部分|编|篇|章)", number) else 1)


def _sections(text: str, marks: Sequence[_Mark]) -> list[Section]:
    heads = sorted((m for m in marks if m.key == "S"), key=lambda m: m.start)
    content_end = max((m.end for m in marks if m.key in "MSN"), default=0)
    stack: list[tuple[tuple[int, int], str]] = []
    children: dict[str | None, int] = {}
    result: list[Section] = []
    ranks = [_rank(" ".join(m.words[1:]), int(m.words[0])) for m in heads]
    for index, mark in enumerate(heads):
        while stack and stack[-1][0] >= ranks[index]:
            stack.pop()
        parent = stack[-1][1] if stack else None
        children[parent] = children.get(parent, 0) + 1
        identity = f"{parent}.{children[parent]}" if parent else f"s{children[parent]}"
        stack.append((ranks[index], identity))
        after = next((heads[j].start for j in range(index + 1, len(heads)) if ranks[j] <= ranks[index]), None)
        end = len(text[:after].rstrip()) if after is not None else max(content_end, mark.end)
        number = " ".join(mark.words[1:])
        found = re.match(r"\s*".join(map(re.escape, re.sub(r"\s", "", number))), text[mark.start : mark.end])
        printed = found[0] if found else ""
        heading = text[mark.start + len(printed) : mark.end].strip()
        result.append(
            Section(
                id=identity,
                level=int(mark.words[0]),
                number=printed,
                heading=heading,
                start=mark.start,
                end=end,
                parent=parent,
            )
        )
    return result


def _entities(text: str, marks: Sequence[_Mark], measures: Sequence[_Mark], name: str) -> list[tuple[Entity, _Mark]]:
    result = []
    found = sorted((m for m in marks if m.key in _TYPES), key=lambda m: (m.start, m.end))
    for number, mark in enumerate(found, start=1):
        inside = next((i for i, m in enumerate(measures, 1) if m.start <= mark.start and mark.end <= m.end), None)
        entity = Entity(
            id=f"e{number:03d}",
            type=_TYPES[mark.key],
            start=mark.start,
            end=mark.end,
            text=text[mark.start : mark.end],
            measure=f"m{inside:03d}" if inside else None,
            attributes=_attributes(text, mark, name),
        )
        result.append((entity, mark))
    return result


def _attributes(text: str, mark: _Mark, name: str) -> dict[str, Any]:
    words = mark.words
    if mark.key == "I":
        return {"kind": words[0]}
    if mark.key == "R":
        number = _DOC_NUMBER.search(text[mark.start : mark.end])
        return {"status": words[0], "form": words[1], "doc_number": number[0] if number else None}
    if mark.key == "H":
        return {"kind": words[0], "category": words[1]}
    match = _QUANTITY.fullmatch(mark.label)
    if match is None:
        line = text.count("\n", 0, mark.start) + 2
        raise RecordError(f"{name}:{line}: {mark.label!r} is no quantity label")
    low, high = float(match["low"]), match["high"]
    values = {"value": low} if high is None else {"low": low, "high": float(high)}
    return {
        "role": match["role"], **values, "unit": match["unit"], "dimension": match["dimension"],
        "comparator": _COMPARATORS[match["cmp"]], "change": match["change"], "indicator": match["indicator"],
    }  # fmt: skip


def _actors(
    marks: Sequence[_Mark],
    measures: Sequence[_Mark],
    sections: Sequence[Section],
    entities: list[tuple[Entity, _Mark]],
) -> dict[int, tuple[str, ...]]:
    """Acting bodies of each measure (by number); those of a note go to the measures before it in its unit."""
    notes = [m for m in marks if m.key == "N"]
    result: dict[int, list[str]] = {}
    for entity, mark in entities:
        if mark.key != "I" or "actor" not in mark.words:
            continue
        if entity.measure:
            result.setdefault(int(entity.measure[1:]), []).append(entity.id)
            continue
        note = next((n for n in notes if n.start <= mark.start and mark.end <= n.end), None)
        if note is None:
            continue
        begin = max(
            [s.start for s in sections if s.start <= note.start] + [n.end for n in notes if n.end <= note.start],
            default=0,
        )
        covered = [i for i, m in enumerate(measures, 1) if begin <= m.start and m.end <= note.start]
        covered = covered or [i for i, m in enumerate(measures, 1) if m.end <= note.start][-1:]
        for number in covered:
            result.setdefault(number, []).append(entity.id)
    return {number: tuple(dict.fromkeys(found)) for number, found in result.items()}


def _note_of(measure: _Mark, sections: Sequence[Section], marks: Sequence[_Mark]) -> _Mark | None:
    """First note of duties with a deadline behind a measure, before another unit begins."""
    ahead = min((s.start for s in sections if s.start > measure.start), default=None)
    notes = sorted((m for m in marks if m.key == "N" and m.start >= measure.end), key=lambda m: m.start)
    for note in notes:
        if ahead is not None and note.start >= ahead:
            return None
        if any(m.key == "D" and note.start <= m.start < note.end for m in marks):
            return note
    return None


def _measure(
    text: str,
    mark: _Mark,
    sections: Sequence[Section],
    marks: Sequence[_Mark],
    *,
    number: int,
    actors: tuple[str, ...],
) -> Measure:
    primary, _, secondary = mark.words[0].partition("+")
    section = max((s for s in sections if s.start <= mark.start), key=lambda s: s.start, default=None)
    inside = sorted(
        (m for m in marks if m.key in "DG" and mark.start <= m.start and m.end <= mark.end),
        key=lambda m: m.start,
    )
    deadlines = [text[m.start : m.end] for m in inside if m.key == "D"]
    if not deadlines:
        # 完成时限 in a note of duties counts for the measures that the note stands for.
        note = _note_of(mark, sections, marks)
        deadlines = [text[m.start : m.end] for m in marks if note and m.key == "D" and note.start <= m.start < note.end]
    return Measure(
        id=f"m{number:03d}",
        section=section.id if section else None,
        start=mark.start,
        end=mark.end,
        function=Function(primary=primary, secondary=secondary or None),
        phase=phase_of(primary),
        instrument=mark.words[1],
        actors=actors,
        deadline=deadlines[0] if deadlines else None,
        qualitative_goals=tuple(text[m.start : m.end] for m in inside if m.key == "G"),
    )
