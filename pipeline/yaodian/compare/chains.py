"""A measure's life over several years: chains of links, with gaps, and the targets that are followed along them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from yaodian.compare.align import Weights, compare, packaged
from yaodian.compare.changes import Figure, figures, pair_figures
from yaodian.compare.similarity import features, side

if TYPE_CHECKING:
    from collections.abc import Sequence

    from yaodian.compare.model import Comparison
    from yaodian.record import Record

_RESUMED = 0.6
_LONGEST_GAP = 10
"""Plans after which a measure that comes back counts as a new one."""


@dataclass(frozen=True, slots=True)
class Chain:
    """One measure over the plans in which it stands.

    `members` has one entry a plan, in the plans' order: ids of its measures there, empty where it is absent. A chain
    whose inner entries are empty was dropped and taken up again.
    """

    id: str
    members: tuple[tuple[str, ...], ...]

    @property
    def first(self) -> int:
        """Number of the first plan in which it stands."""
        return next(i for i, ids in enumerate(self.members) if ids)

    @property
    def last(self) -> int:
        """Number of the last plan in which it stands."""
        return max(i for i, ids in enumerate(self.members) if ids)

    @property
    def gaps(self) -> tuple[int, ...]:
        """Numbers of the plans between first and last in which it is absent."""
        return tuple(i for i in range(self.first, self.last) if not self.members[i])


@dataclass(frozen=True, slots=True)
class Point:
    """A target in one plan: its value (or a range's bounds) in the base unit, and where it stands."""

    plan: int
    measure: str
    entity: str
    start: int
    end: int
    low: float
    high: float
    comparator: str


@dataclass(frozen=True, slots=True)
class Series:
    """One indicator followed over the plans of a chain; `absent` names the plans of its life that do not set it."""

    chain: str
    indicator: str
    unit: str
    points: tuple[Point, ...]
    absent: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class History:
    """Plans in order of their years, each compared with the next, and what runs through them."""

    records: tuple[Record, ...]
    comparisons: tuple[Comparison, ...]
    chains: tuple[Chain, ...]
    series: tuple[Series, ...]


def history(records: Sequence[Record], *, weights: Weights | None = None) -> History:
    """Compare plans in the order given, each with the next, and follow measures and targets through all of them."""
    weights = weights or packaged()
    comparisons = tuple(compare(a, b, weights=weights) for a, b in pairwise(records))
    chains = _resumed(_chained(records, comparisons), records, weights)
    ordered = sorted(chains, key=lambda c: (c.first, _order(records[c.first], c.members[c.first])))
    named = tuple(Chain(f"c{i:03d}", chain.members) for i, chain in enumerate(ordered, start=1))
    series = tuple(line for chain in named for line in _series(chain, records))
    return History(tuple(records), comparisons, named, series)


def _order(record: Record, ids: tuple[str, ...]) -> int:
    return next(i for i, measure in enumerate(record.measures) if measure.id == ids[0])


def _chained(records: Sequence[Record], comparisons: Sequence[Comparison]) -> list[Chain]:
    """Measures joined along links from year to year; what splits or merges stays one chain."""
    owner: dict[tuple[int, str], tuple[int, str]] = {
        (plan, m.id): (plan, m.id) for plan, record in enumerate(records) for m in record.measures
    }

    def root(key: tuple[int, str]) -> tuple[int, str]:
        while owner[key] != key:
            owner[key] = owner[owner[key]]
            key = owner[key]
        return key

    for plan, comparison in enumerate(comparisons):
        for link in comparison.links:
            keys = [(plan, i) for i in link.left] + [(plan + 1, j) for j in link.right]
            for key in keys[1:]:
                owner[root(key)] = root(keys[0])
    groups: dict[tuple[int, str], list[list[str]]] = {}
    for plan, record in enumerate(records):
        for measure in record.measures:
            rows = groups.setdefault(root((plan, measure.id)), [[] for _ in records])
            rows[plan].append(measure.id)
    return [Chain("", tuple(tuple(ids) for ids in rows)) for rows in groups.values()]


def _resumed(chains: list[Chain], records: Sequence[Record], weights: Weights) -> list[Chain]:
    """Join a chain that ended with one that begins two or more plans later where they are the same measure again."""
    sides = [side(record) for record in records]
    place = [{m.id: i for i, m in enumerate(record.measures)} for record in records]
    options = []
    for end in range(len(records) - 2):
        for begin in range(end + 2, min(end + 2 + _LONGEST_GAP, len(records))):
            ended = [c for c in chains if c.last == end]
            begun = [c for c in chains if c.first == begin]
            if not ended or not begun:
                continue
            chances = weights.probabilities(features(sides[end], sides[begin]))
            for a in ended:
                for b in begun:
                    rows = [place[end][i] for i in a.members[end]]
                    columns = [place[begin][j] for j in b.members[begin]]
                    chance = float(max(chances[i, j] for i in rows for j in columns))
                    if chance >= _RESUMED:
                        options.append((chance, id(a), id(b), a, b))
    result = {id(chain): chain for chain in chains}
    used: set[int] = set()
    for _, first, second, a, b in sorted(options, key=lambda o: (-o[0], o[3].members, o[4].members)):
        if not {first, second} & used:
            used |= {first, second}
            del result[second]
            joined = tuple(x + y for x, y in zip(a.members, b.members, strict=True))
            result[first] = Chain("", joined)
    return list(result.values())


def _series(chain: Chain, records: Sequence[Record]) -> list[Series]:
    """Targets of a chain that measure the same from plan to plan."""
    lines: list[list[tuple[int, Figure]]] = []
    for plan, (record, ids) in enumerate(zip(records, chain.members, strict=True)):
        here = figures(record, [m for m in record.measures if m.id in ids])
        pairs = pair_figures([line[-1][1] for line in lines], here)
        taken = set()
        for old, new in pairs:
            next(line for line in lines if line[-1][1] is old).append((plan, new))
            taken.add(id(new))
        lines += [[(plan, figure)] for figure in here if id(figure) not in taken]
    return [_line(chain, line) for line in lines]


def _line(chain: Chain, line: list[tuple[int, Figure]]) -> Series:
    points = tuple(
        Point(plan, f.entity.measure or "", f.entity.id, *f.place, f.low, f.high, f.comparator) for plan, f in line
    )
    present = {point.plan for point in points}
    life = range(chain.first, chain.last + 1)
    names = [f.indicator for _, f in line if f.indicator]
    return Series(chain.id, names[-1] if names else "", line[0][1].unit, points, tuple(set(life) - present))
