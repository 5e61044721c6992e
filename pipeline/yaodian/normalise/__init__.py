"""Attributes of entities: one function a type, each reading the span in its context."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yaodian.normalise import hazard, institution, quantity, regulation
from yaodian.normalise.canonical import Canonical, Named, place_of, regulation_key, successor
from yaodian.normalise.context import Context

if TYPE_CHECKING:
    from collections.abc import Callable

    from yaodian.labels import Attributes

__all__ = ["Canonical", "Context", "Named", "attributes", "place_of", "regulation_key", "successor"]

_BY_TYPE: dict[str, Callable[[Context], Attributes]] = {
    "INSTITUTION": institution.attributes,
    "REGULATION": regulation.attributes,
    "HAZARD": hazard.attributes,
    "QUANTITY": quantity.attributes,
}


def attributes(kind: str, context: Context) -> Attributes:
    """Attributes of one entity of type `kind`."""
    return _BY_TYPE[kind](context)
