"""What a comparison is: links between the measures of two records, each with a relation, a score and its changes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from yaodian.record import Record

Relation = Literal["unchanged", "reworded", "changed", "split", "merged", "dropped", "new"]
"""`changed`: the same measure with another target, deadline, comparator, scope, actor or basis (see `Change`).

`split`: one earlier measure became several; `merged`: several became one. `dropped` has no right side, `new` no left.
"""
Kind = Literal["target", "deadline", "comparator", "scope", "actor", "regulation"]
Direction = Literal["strengthened", "weakened", "other"]


@dataclass(frozen=True, slots=True)
class Change:
    """One difference in substance between linked measures, with the wordings and places that show it.

    `left` and `right` are `(start, end)` in the two records' texts; None where the side has nothing of the kind.
    """

    kind: Kind
    direction: Direction
    left: tuple[int, int] | None
    right: tuple[int, int] | None
    note: str
    """For people: `2 h → 1 h`."""


@dataclass(frozen=True, slots=True)
class Link:
    """Measures of the left record and of the right one that are the same measure; ids in the order of the text.

    One to one for unchanged, reworded and changed; one to many for split, many to one for merged; one side empty for
    dropped and new.
    """

    left: tuple[str, ...]
    right: tuple[str, ...]
    relation: Relation
    score: float
    """Calibrated probability that the sides belong together; for dropped and new, that nothing belongs to it."""
    moved: bool = False
    """Whether it stands in another section than the sections' own correspondence would have it."""
    changes: tuple[Change, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two records and the links between their measures: every measure is in exactly one link."""

    left: Record
    right: Record
    links: Sequence[Link]
