"""Rules that are evaluated on a record: what a part must have, and the places of the parts that have it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

from yaodian.compare.tables import labels, year_of
from yaodian.labels import ENTITY_TYPES, phase_of
from yaodian.record.derived import level_of, system_of
from yaodian.times import resolve

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from yaodian.record import Entity, Measure, Record

Place = tuple[int, int]
"""Start and end in the record's text."""
Count = Annotated[int, Field(ge=1)]
Names = Annotated[tuple[str, ...], Field(min_length=1)]
Level = Literal["national", "province", "city", "county", "township"]
System = Literal[
    "company", "court", "congress", "consultative", "mass organisation", "forces", "party", "public institution",
    "government", "other",
]  # fmt: skip
Levels = Annotated[tuple[Level, ...], Field(min_length=1)]
Systems = Annotated[tuple[System, ...], Field(min_length=1)]

_MONTHS = 12
_MUNICIPALITIES = ("北京市", "天津市", "上海市", "重庆市")


class _Rule(BaseModel):
    """A rule holds where `at_least` parts meet all of its conditions; what is not given asks for nothing."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    at_least: Count = 1

    @model_validator(mode="after")
    def _asks(self) -> Self:
        if not self.model_fields_set - {"part", "at_least"}:
            raise ValueError("a rule needs a condition beside `part`")
        return self


class MeasureRule(_Rule):
    """Measures by class, acting bodies and how many years after the plan's year the deadline lies, both inclusive."""

    part: Literal["measure"]
    function: Names | None = None
    phase: Names | None = None
    instrument: Names | None = None
    actors: Count | None = None
    ahead: tuple[int, int] | None = None

    @model_validator(mode="after")
    def _known(self) -> Self:
        for axis in ("function", "phase", "instrument"):
            _check(axis, getattr(self, axis), labels(axis))
        return self

    def holds(self, record: Record, measure: Measure) -> bool:
        """Whether the measure meets all conditions; one of function `none` only where the rule names that."""
        function = measure.function.primary if measure.function else None
        if function == "none" and "none" not in (self.function or ()):
            return False
        phase = measure.phase or (phase_of(function) if function else None)
        return (
            _among(function, self.function)
            and _among(phase, self.phase)
            and _among(measure.instrument, self.instrument)
            and len(measure.actors) >= (self.actors or 0)
            and (self.ahead is None or _within(years_ahead(record, measure), self.ahead))
        )

    def places(self, record: Record) -> Iterator[Place]:
        """Places of the measures."""
        return ((m.start, m.end) for m in record.measures if self.holds(record, m))


class EntityRule(_Rule):
    """Entities by type and attributes, institutions also by level and system, which their names tell."""

    part: Literal["entity"]
    type: str
    attributes: dict[str, Names] = {}
    level: Levels | None = None
    system: Systems | None = None

    @model_validator(mode="after")
    def _known(self) -> Self:
        _check("type", (self.type,), ENTITY_TYPES)
        fields = ENTITY_TYPES[self.type].attributes.model_fields
        _check(f"attribute of {self.type}", self.attributes, fields)
        for name, values in self.attributes.items():
            closed = get_args(fields[name].annotation)
            if closed and all(isinstance(value, str) for value in closed):
                _check(f"{name} of {self.type}", values, closed)
        return self

    def holds(self, entity: Entity) -> bool:
        """Whether the entity meets all conditions."""
        name = entity.canonical or entity.text
        return (
            entity.type == self.type
            and all(getattr(entity.attributes, key) in values for key, values in self.attributes.items())
            and (self.level is None or level_of(name) in self.level)
            and (self.system is None or system_of(name) in self.system)
        )

    def places(self, record: Record) -> Iterator[Place]:
        """Places of the entities."""
        return ((e.start, e.end) for e in record.entities if self.holds(e))


class DocumentRule(_Rule):
    """The document by its metadata; its place is that of the wording in the text, else of title or first line."""

    part: Literal["document"]
    genre: Names | None = None
    disclosure: Names | None = None
    issuer_level: Levels | None = None

    def places(self, record: Record) -> Iterator[Place]:
        """One place if the document meets all conditions."""
        metadata = record.metadata
        level = _level(metadata.issuer) if metadata.issuer else None
        if (
            _among(metadata.genre, self.genre)
            and _among(metadata.disclosure, self.disclosure)
            and _among(level, self.issuer_level)
        ):
            wording = metadata.disclosure if self.disclosure else metadata.issuer if self.issuer_level else None
            place = _place(record.text, wording, metadata.title)
            if place:
                yield place


class TextRule(_Rule):
    """Wordings, wherever they stand in the text."""

    part: Literal["text"]
    any_of: Annotated[tuple[Annotated[str, Field(min_length=1)], ...], Field(min_length=1)]

    def places(self, record: Record) -> Iterator[Place]:
        """Places of the wordings."""
        return (match.span() for match in re.finditer("|".join(map(re.escape, self.any_of)), record.text))


Rule = Annotated[MeasureRule | EntityRule | DocumentRule | TextRule, Field(discriminator="part")]


def find(record: Record, rule: MeasureRule | EntityRule | DocumentRule | TextRule) -> list[Place]:
    """Places that meet a rule, in the order of the text; none where they are fewer than the rule asks for."""
    found = sorted(rule.places(record))
    return found if len(found) >= rule.at_least else []


def describe(rule: BaseModel) -> str:
    """Write a rule out in one line, for the table of variables of a paper."""
    given: dict[str, Any] = rule.model_dump(exclude_unset=True, exclude={"part"}, mode="json")
    return f"{getattr(rule, 'part', 'rule')}({', '.join(f'{key} = {_short(value)}' for key, value in given.items())})"


def _short(value: Any) -> str:
    if isinstance(value, dict):
        return " and ".join(f"{key}: {_short(inner)}" for key, inner in value.items())
    if isinstance(value, list):
        return " to ".join(map(str, value)) if isinstance(value[0], int) else "|".join(value)
    return str(value)


def years_ahead(record: Record, measure: Measure) -> int | None:
    """Years from the plan's year to the end of the measure's deadline; None where it has no dated one.

    A duration counts by its whole years, the longer of two: 2-3年内 is 3.
    """
    year = year_of(record)
    time = resolve(measure.deadline, year) if measure.deadline else None
    if time is None or year is None or time.kind not in ("by", "in", "for"):
        return None
    last = time.value.rpartition("/")[2]
    if time.kind == "for":
        number = int(last[1:-1])
        return number if last.endswith("Y") else number // _MONTHS
    return int(last[:4]) - year


def _level(issuer: str) -> str | None:
    """Level of an issuer; a municipality's own organs rank with those of provinces, though their names say 市."""
    level = level_of(issuer)
    return "province" if level == "city" and issuer.startswith(_MUNICIPALITIES) else level


def _check(what: str, names: Iterable[str] | None, known: Any) -> None:
    for name in names or ():
        if name not in known:
            raise ValueError(f"unknown {what} {name!r}; known: {', '.join(known)}")


def _among(value: str | None, names: tuple[str, ...] | None) -> bool:
    return names is None or value in names


def _within(value: int | None, bounds: tuple[int, int]) -> bool:
    return value is not None and bounds[0] <= value <= bounds[1]


def _place(text: str, *wordings: str | None) -> Place | None:
    """Place of the first wording that stands in the text, else of the first line that is not blank."""
    for wording in wordings:
        if wording and (start := text.find(wording)) >= 0:
            return start, start + len(wording)
    line = re.search(r"\S[^\n]*", text)
    return line.span() if line else None
