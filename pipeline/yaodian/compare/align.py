"""Which measures of two plans are the same: an assignment over all pairs, then splits and merges among what is left."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from yaodian.compare.changes import changes_between
from yaodian.compare.model import Change, Comparison, Link
from yaodian.compare.similarity import FEATURES, Side, bare, features, side
from yaodian.errors import ModelError

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from yaodian.record import Record

    Matrix = NDArray[np.float64]

FILE = "align.json"
_LINKED = 0.5
_CLAUSE = re.compile(r"[，。；：、]")
_FIGURE = re.compile(r"\d+(?:\.\d+)?%?")
_SHORTEST = 6


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic model of `P(two measures belong together)` over `FEATURES`, and when a part counts as split off."""

    coefficients: tuple[float, ...]
    intercept: float
    part_share: float
    """Share of a part's best clause that must stand in the whole."""
    part_gain: float
    """Share of the whole's wording that the part must add to what its other parts cover."""

    def probabilities(self, evidence: Matrix) -> Matrix:
        """Probability for every pair, shape (left, right)."""
        result: Matrix = 1 / (1 + np.exp(-(evidence @ np.array(self.coefficients) + self.intercept)))
        return result


def load_weights(folder: Path) -> Weights:
    """Read the weights of a model folder.

    Raises:
        ModelError: there are none, or for other features.
    """
    try:
        data = json.loads((folder / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(f"{folder / FILE}: cannot be read ({error}); reinstall yaodian") from error
    if data.pop("features", None) != list(FEATURES):
        raise ModelError(f"{folder / FILE}: fitted for other features; run `make align`")
    return Weights(tuple(data["coefficients"]), data["intercept"], data["part_share"], data["part_gain"])


@cache
def packaged() -> Weights:
    """Weights that come with the package."""
    from zh_yaodian import PATH

    return load_weights(PATH)


def compare(left: Record, right: Record, *, weights: Weights | None = None) -> Comparison:
    """Link the measures of two records; every measure ends in exactly one link.

    Args:
        left: the earlier plan.
        right: the later plan.
        weights: of the pair model; None takes the packaged ones.
    """
    one, other = side(left), side(right)
    found = links(one, other, weights or packaged())
    return Comparison(left, right, _with_moves(one, other, found))


def links(left: Side, right: Side, weights: Weights) -> list[Link]:
    """Links between two sides, in the order of the left text, then of the right."""
    evidence = features(left, right)
    chances = weights.probabilities(evidence)
    groups = _assigned(chances)
    _add_parts(groups, left, right, weights)
    found = [_link(left, right, a, b, chances) for a, b in groups]
    used_left = {i for a, _ in groups for i in a}
    used_right = {j for _, b in groups for j in b}
    found += [_alone(left, i, chances[i], on_left=True) for i in range(len(left.texts)) if i not in used_left]
    found += [_alone(right, j, chances[:, j], on_left=False) for j in range(len(right.texts)) if j not in used_right]
    order = {m.id: i for i, m in enumerate(left.measures)}
    later = {m.id: i for i, m in enumerate(right.measures)}
    return sorted(found, key=lambda k: (not k.left, order[k.left[0]] if k.left else later[k.right[0]]))


def _assigned(chances: Matrix) -> list[tuple[list[int], list[int]]]:
    """One-to-one pairs that together are most probable."""
    from scipy.optimize import linear_sum_assignment

    if not chances.size:
        return []
    # A pair below the threshold is worth nothing, so that it cannot push a good one aside.
    worth = np.where(chances >= _LINKED, np.log(np.maximum(chances, 1e-12) / (1 - chances + 1e-12)), 0.0)
    rows, columns = linear_sum_assignment(worth, maximize=True)
    return [([int(i)], [int(j)]) for i, j in zip(rows, columns, strict=True) if chances[i, j] >= _LINKED]


def _add_parts(groups: list[tuple[list[int], list[int]]], left: Side, right: Side, weights: Weights) -> None:
    """Join measures that are left over to a pair whose other side holds most of their wording."""
    left_free = set(range(len(left.texts))) - {i for a, _ in groups for i in a}
    right_free = set(range(len(right.texts))) - {j for _, b in groups for j in b}
    joins = []
    for number, (a, b) in enumerate(groups):
        for j in right_free:
            share, gain = _part(left.texts[a[0]], right.texts[b[0]], right.texts[j])
            joins.append((share, gain, number, "right", j))
        for i in left_free:
            share, gain = _part(right.texts[b[0]], left.texts[a[0]], left.texts[i])
            joins.append((share, gain, number, "left", i))
    for share, gain, number, where, index in sorted(joins, reverse=True):
        a, b = groups[number]
        free, mine, other = (right_free, b, a) if where == "right" else (left_free, a, b)
        fits = share >= weights.part_share and gain >= weights.part_gain
        # A link is one to many or many to one, never many to many.
        if fits and index in free and len(other) == 1:
            free.discard(index)
            mine.append(index)


def _part(whole: str, part: str, further: str) -> tuple[float, float]:
    """How much of `further`'s best clause stands in `whole`, and what share of `whole` it covers beyond `part`."""
    held = _pairs(whole)
    clauses = [_pairs(clause) for clause in _CLAUSE.split(further) if len(clause) >= _SHORTEST]
    share = max((len(pairs & held) / len(pairs) for pairs in clauses if pairs), default=0.0)
    return share, len((held & _pairs(further)) - _pairs(part)) / max(len(held), 1)


def _pairs(text: str) -> set[str]:
    """Character pairs, figures left out: a part keeps its words when its target moves."""
    words = _FIGURE.sub("", text)
    return {words[i : i + 2] for i in range(len(words) - 1)}


def _link(left: Side, right: Side, a: list[int], b: list[int], chances: Matrix) -> Link:
    a, b = sorted(a), sorted(b)
    score = round(float(chances[np.ix_(a, b)].max()), 4)
    ids = tuple(left.measures[i].id for i in a), tuple(right.measures[j].id for j in b)
    if len(a) == len(b) == 1 and bare(left.texts[a[0]]) == bare(right.texts[b[0]]):
        return Link(*ids, "unchanged", score)
    changes: tuple[Change, ...] = changes_between(
        left.record, [left.measures[i] for i in a], right.record, [right.measures[j] for j in b]
    )
    if len(b) > 1:
        return Link(*ids, "split", score, changes=changes)
    if len(a) > 1:
        return Link(*ids, "merged", score, changes=changes)
    return Link(*ids, "changed" if changes else "reworded", score, changes=changes)


def _alone(one: Side, index: int, chances: Matrix, *, on_left: bool) -> Link:
    score = round(1 - float(chances.max(initial=0.0)), 4)
    ids = (one.measures[index].id,)
    return Link(ids, (), "dropped", score) if on_left else Link((), ids, "new", score)


def _with_moves(left: Side, right: Side, found: list[Link]) -> list[Link]:
    """Mark links that leave their section for another than most of its measures went to."""
    tops_left, tops_right = _tops(left), _tops(right)
    went: dict[str | None, Counter[str | None]] = {}
    for link in found:
        if link.left and link.right:
            went.setdefault(tops_left[link.left[0]], Counter())[tops_right[link.right[0]]] += 1
    result = []
    for link in found:
        moved = False
        if link.left and link.right:
            seen, here = went[tops_left[link.left[0]]], tops_right[link.right[0]]
            usual, times = seen.most_common(1)[0]
            moved = here != usual and seen[here] * 2 <= times
        result.append(replace(link, moved=moved))
    return result


def _tops(one: Side) -> dict[str, str | None]:
    """Top section of every measure by its id."""
    parents = {section.id: section.parent for section in one.record.sections}

    def top(section: str | None) -> str | None:
        while section is not None and parents.get(section) is not None:
            section = parents[section]
        return section

    return {measure.id: top(measure.section) for measure in one.measures}
