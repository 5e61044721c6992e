"""The record: one document's extraction, frozen and closed. All offsets are half-open code points of `text`."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_serializer, field_validator, model_validator

from yaodian.labels import ENTITY_TYPES, Attributes, functions, instruments, phase_of

if TYPE_CHECKING:
    import pandas as pd

SCHEMA_VERSION = 1
Offset = Annotated[int, Field(ge=0, strict=True)]
Probability = Annotated[float, Field(ge=0.0, le=1.0)]
Phase = Literal["prepare", "warn", "respond", "recover", "govern"]


class Part(BaseModel):
    """Base of everything in a record."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Located(Part):
    """A part with a place in the text, which the record checks to be not empty."""

    start: Offset
    end: Annotated[Offset, Field(gt=0)]


class Metadata(Part):
    """What the document says of itself; None where it does not say."""

    title: str | None = None
    issuer: str | None = None
    doc_number: str | None = None
    date: Annotated[str, Field(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")] | None = None
    plan_year: int | None = None
    addressees: tuple[str, ...] = ()
    disclosure: str | None = None
    genre: str | None = None


class Section(Located):
    """A numbered unit, from its number to the end of its last content; `parent` is the enclosing unit's id."""

    id: str
    level: Annotated[int, Field(ge=1)]
    number: str
    heading: str
    parent: str | None = None


class Function(Part):
    """Function of a measure; `scores` are calibrated probabilities, absent in gold."""

    primary: str
    secondary: str | None = None
    scores: dict[str, Probability] | None = None

    @field_validator("primary", "secondary")
    @classmethod
    def _known(cls, value: str | None) -> str | None:
        if value is not None and value not in functions():
            raise ValueError(f"unknown function {value!r}; known: {', '.join(functions())}")
        return value


class Excerpt(Located):
    """A stretch of the text with its wording, such as an action's verb."""

    text: str


class Measure(Located):
    """One measure 措施 with its classes and the ids of the entities that act in it."""

    id: str
    section: str | None = None
    function: Function | None = None
    phase: Phase | None = None
    instrument: str | None = None
    actors: tuple[str, ...] = ()
    actions: tuple[Excerpt, ...] = ()
    deadline: str | None = None
    qualitative_goals: tuple[str, ...] = ()

    @field_validator("instrument")
    @classmethod
    def _known(cls, value: str | None) -> str | None:
        if value is not None and value not in instruments():
            raise ValueError(f"unknown instrument {value!r}; known: {', '.join(instruments())}")
        return value

    @model_validator(mode="after")
    def _phase_follows(self) -> Self:
        if self.function and self.phase not in (None, phase_of(self.function.primary)):
            raise ValueError(f"phase {self.phase!r} does not follow from function {self.function.primary!r}")
        return self


class Entity(Located):
    """One entity; `source` names the rule, lexicon or model that found it, absent in gold."""

    id: str
    type: str
    text: str
    measure: str | None = None
    attributes: Attributes
    canonical: str | None = None
    source: str | None = None
    score: Probability | None = None

    @field_validator("attributes", mode="before")
    @classmethod
    def _of_type(cls, value: Any, info: ValidationInfo) -> Any:
        name = info.data.get("type")
        kind = ENTITY_TYPES.get(name or "")
        if kind is None:
            raise ValueError(f"unknown type {name!r}; known: {', '.join(ENTITY_TYPES)}")
        if isinstance(value, dict):
            return kind.attributes.model_validate(value)
        if not isinstance(value, kind.attributes):
            raise ValueError(f"attributes do not belong to type {name!r}")  # noqa: TRY004  pydantic reports ValueError
        return value

    @field_serializer("attributes")
    def _present_attributes(self, value: Attributes) -> dict[str, Any]:
        return value.model_dump(exclude_none=True)


class Relation(Part):
    """A directed relation between two parts, by id."""

    type: str
    head: str
    tail: str


class Notice(Part):
    """Something the reader should know; `start` and `end` where it has a place."""

    code: str
    message: str
    start: Offset | None = None
    end: Offset | None = None


class Record(Part):
    """One document's extraction.

    Validation holds the promises that everything else relies on: every span lies in `text`, an entity's and an
    action's wording is the text at its offsets, ids are unique, and every reference has its target.
    """

    schema_: Literal[1] = Field(default=1, alias="schema")
    doc_id: str
    source: str | None = None
    text_sha256: str
    text: str
    metadata: Metadata = Metadata()
    sections: tuple[Section, ...] = ()
    measures: tuple[Measure, ...] = ()
    entities: tuple[Entity, ...] = ()
    relations: tuple[Relation, ...] = ()
    warnings: tuple[Notice, ...] = ()

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.text_sha256 != sha256(self.text):
            raise ValueError("text_sha256 is not the hash of text")
        self._check_places()
        self._check_references()
        return self

    def _check_places(self) -> None:
        located: list[Located] = [*self.sections, *self.measures, *self.entities]
        worded: list[Entity | Excerpt] = [*self.entities]
        for measure in self.measures:
            located += measure.actions
            worded += measure.actions
        length = len(self.text)
        for part in located:
            if part.end <= part.start:
                raise ValueError(f"{_name(part)}: end {part.end} is not after start {part.start}")
            if part.end > length:
                raise ValueError(f"{_name(part)}: end {part.end} is beyond the text's {len(self.text)} characters")
        for item in worded:
            if self.text[item.start : item.end] != item.text:
                raise ValueError(
                    f"{_name(item)}: text is {item.text!r} but [{item.start}, {item.end}) reads "
                    f"{self.text[item.start : item.end]!r}"
                )

    def _check_references(self) -> None:
        parts: list[Section | Measure | Entity] = [*self.sections, *self.measures, *self.entities]
        ids = {part.id for part in parts}
        if len(ids) < len(parts):
            seen: set[str] = set()
            double = next(p.id for p in parts if p.id in seen or seen.add(p.id))  # type: ignore[func-returns-value]
            raise ValueError(f"id {double!r} is given twice")
        references = [(s.id, s.parent) for s in self.sections] + [(m.id, m.section) for m in self.measures]
        references += [(e.id, e.measure) for e in self.entities]
        references += [(m.id, actor) for m in self.measures for actor in m.actors]
        references += [(r.type, end) for r in self.relations for end in (r.head, r.tail)]
        for holder, target in references:
            if target is not None and target not in ids:
                raise ValueError(f"{holder}: refers to {target!r}, which does not exist")

    def to_frames(self) -> dict[str, pd.DataFrame]:
        """Return the record as pandas data frames by table name; see `yaodian.record.frames`."""
        from yaodian.record.frames import frames

        return frames([self])

    def to_json(self) -> str:
        """One line of JSON, keys in the schema's order, Chinese characters unescaped."""
        return self.model_dump_json(by_alias=True)


def _name(part: Located) -> str:
    return getattr(part, "id", type(part).__name__.lower())


def sha256(text: str) -> str:
    """Hexadecimal SHA-256 of the text's UTF-8 bytes; lone surrogates are hashed as they are."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
