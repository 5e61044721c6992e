"""Terse records for the tests of scoring: `市[防汛|H]工作`, a letter for the type behind the bar."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from yaodian.record import Entity, Function, Measure, Record, sha256

if TYPE_CHECKING:
    from collections.abc import Sequence

Spans = list[tuple[int, int, str]]
"""(start, end, type)"""

TYPES = {"I": "INSTITUTION", "R": "REGULATION", "H": "HAZARD", "Q": "QUANTITY"}
ATTRIBUTES: dict[str, dict[str, Any]] = {
    "INSTITUTION": {"kind": "named"},
    "REGULATION": {"status": "mention", "form": "other"},
    "HAZARD": {"kind": "event", "category": "其他"},
    "QUANTITY": {"role": "target", "value": 2.0, "unit": "h", "dimension": "duration"},
}
TEXT = "一二三四五六七八九十" * 8


def entity(number: int, start: int, end: int, kind: str, *, text: str = TEXT, **attributes: Any) -> Entity:
    return Entity.model_validate(
        {
            "id": f"e{number}",
            "type": kind,
            "start": start,
            "end": end,
            "text": text[start:end],
            "attributes": {**ATTRIBUTES[kind], **attributes},
        }
    )


def make(spans: Sequence[tuple[int, int, str]] = (), *, doc_id: str = "d", text: str = TEXT, **parts: Any) -> Record:
    entities = tuple(entity(i, start, end, kind, text=text) for i, (start, end, kind) in enumerate(spans))
    return Record(**{"doc_id": doc_id, "text": text, "text_sha256": sha256(text), "entities": entities, **parts})


def marked(line: str) -> Record:
    """Record of a marked line; marks may nest."""
    text, spans, opened, characters = "", [], [], iter(line)
    for character in characters:
        if character == "[":
            opened.append(len(text))
        elif character == "|":
            spans.append((opened.pop(), len(text), TYPES[next(characters)]))
            assert next(characters) == "]"
        else:
            text += character
    return make(sorted(spans), text=text)


def measure(number: int, start: int, end: int, primary: str | None = None, **fields: Any) -> Measure:
    function = Function(primary=primary, secondary=fields.pop("secondary", None)) if primary else None
    return Measure(id=f"m{number}", start=start, end=end, function=function, **fields)


def spans(*, most: int = 8) -> st.SearchStrategy[Spans]:
    """Any spans of `TEXT`, which may nest, cross and repeat."""
    return st.lists(
        st.tuples(st.integers(0, 30), st.integers(1, 6), st.sampled_from(sorted(ATTRIBUTES))).map(
            lambda drawn: (drawn[0], drawn[0] + drawn[1], drawn[2])
        ),
        max_size=most,
    )
