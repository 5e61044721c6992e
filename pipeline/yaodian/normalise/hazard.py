"""Kind and national category of a hazard, from the lexicon entry or the words of the span."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yaodian.labels import HazardAttributes

if TYPE_CHECKING:
    from yaodian.normalise.context import Context


def attributes(context: Context) -> HazardAttributes:
    """Return the category of the longest listed term in the span; an accident or disaster is an event."""
    span, terms = context.span, context.lexicon["HAZARD"]
    entry = terms.get(span)
    if entry is None:
        inside = sorted(terms.scan(span), key=lambda hit: hit[0] - hit[1])
        entry = inside[0][2] if inside else None
    kind, _, category = (entry.category if entry else "event/其他").partition("/")
    if span.endswith(("事故", "灾害", "爆炸", "中毒", "泄漏")):
        kind = "event"
    elif span.endswith(("防控", "防治")) or span.startswith("防"):
        kind = "activity"
    return HazardAttributes.model_validate({"kind": kind, "category": category})
