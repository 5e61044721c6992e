"""The list of disagreements, one by one, with the source to blame and the words around."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yaodian.record import Entity, Measure
from yaodian.scoring.align import Alignment, same_span
from yaodian.scoring.classes import FUNCTION, label
from yaodian.scoring.result import Kind, Mention, Mistake

if TYPE_CHECKING:
    from collections.abc import Iterator

    from yaodian.scoring.documents import Document

    Item = Entity | Measure

CONTEXT = 15
"""Characters shown on each side."""


def mistakes(document: Document) -> list[Mistake]:
    """All disagreements on a document's entities, then on its measures, each by position.

    A measure of right span and other function is a `type` error; functions that one side lacks are not compared.
    """
    entities = sorted(_disagreements(document.entities), key=_position)
    measures = sorted(_disagreements(document.measures), key=_position)
    return [_mistake(document, kind, gold, predicted) for kind, gold, predicted in (*entities, *measures)]


def _disagreements(
    alignment: Alignment[Entity] | Alignment[Measure],
) -> Iterator[tuple[Kind, Item | None, Item | None]]:
    for gold, predicted in alignment.pairs:
        kind = _kind(gold, predicted)
        if kind:
            yield kind, gold, predicted
    for gold in alignment.missed:
        yield "miss", gold, None
    for predicted in alignment.spurious:
        yield "spurious", None, predicted


def _kind(gold: Item, predicted: Item) -> Kind | None:
    ours, theirs = _type(gold), _type(predicted)
    other_type = ours != theirs and None not in (ours, theirs)
    if same_span(gold, predicted):
        return "type" if other_type else None
    return "boundary_and_type" if other_type else "boundary"


def _type(item: Item) -> str | None:
    return item.type if isinstance(item, Entity) else label(item, FUNCTION)


def _position(found: tuple[Kind, Item | None, Item | None]) -> tuple[int, int]:
    return _hull(found[1], found[2])


def _hull(gold: Item | None, predicted: Item | None) -> tuple[int, int]:
    """First character and one past the last of what either side covers."""
    items = [item for item in (gold, predicted) if item]
    return min(item.start for item in items), max(item.end for item in items)


def _mistake(document: Document, kind: Kind, gold: Item | None, predicted: Item | None) -> Mistake:
    text = document.gold.text
    start, end = _hull(gold, predicted)
    return Mistake(
        doc_id=document.gold.doc_id,
        layer="entity" if isinstance(gold or predicted, Entity) else "measure",
        kind=kind,
        gold=_mention(text, gold),
        predicted=_mention(text, predicted),
        source=predicted.source if isinstance(predicted, Entity) else None,
        before=text[max(0, start - CONTEXT) : start],
        after=text[end : end + CONTEXT],
    )


def _mention(text: str, item: Item | None) -> Mention | None:
    if item is None:
        return None
    return Mention(type=_type(item), start=item.start, end=item.end, text=text[item.start : item.end])
