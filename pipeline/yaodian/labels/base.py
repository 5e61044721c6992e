"""What every entity type declares about itself, so that scorer, viewer, schema and docs need no list of types."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict


class Attributes(BaseModel):
    """Base of the closed attribute models, one an entity type."""

    model_config = ConfigDict(frozen=True, extra="forbid")


@dataclass(frozen=True, slots=True)
class EntityType:
    """One entity type of the annotation scheme."""

    name: str
    chinese: str
    colour: str
    """CSS hexadecimal colour, legible as a background under black text."""
    attributes: type[Attributes]
    examples: tuple[str, ...]
    definition: str
