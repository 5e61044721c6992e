"""What holds of any records: identity, symmetry, half-open spans, and that noise never helps."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scoring_factories import TEXT, Spans, make, measure, spans

from yaodian.labels import functions
from yaodian.record import Metadata, Section
from yaodian.scoring import Score, compare, score
from yaodian.scoring.align import align
from yaodian.spans import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

SHARES = {"precision", "recall", "value", "low", "high", "accuracy_present"}
SCHEMES = ("strict", "exact", "partial", "type", "overlap")
SWAPPED = {"found": "right", "possible": "actual", "missed": "spurious"}


def shares(node: Any, path: str = "") -> Iterator[tuple[str, float]]:
    """All defined shares in a result's dictionary, with their places."""
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in children:
        if key in SHARES and isinstance(child, float):
            yield f"{path}.{key}", child
        else:
            yield from shares(child, f"{path}.{key}")


@st.composite
def records(draw: st.DrawFn, doc_id: str) -> Any:
    drawn = draw(spans())
    cuts = sorted(draw(st.sets(st.integers(0, len(TEXT)), min_size=2, max_size=6)))
    names = st.sampled_from(list(functions()))
    measures = tuple(
        measure(
            i, a, b, draw(names),
            secondary=draw(st.none() | names),
            instrument=draw(st.sampled_from(["supply", "demand", None])),
            deadline=draw(st.sampled_from(["年内", None])),
            actors=("e0",) if drawn else (),
        )
        for i, (a, b) in enumerate(pairwise(cuts))
    )  # fmt: skip
    sections = tuple(
        Section(id=f"s{i}", level=1, number="一、", heading="", start=m.start, end=m.end)
        for i, m in enumerate(measures[1:])
    )
    meta = Metadata(title=draw(st.sampled_from(["要点", None])))
    return make(drawn, doc_id=doc_id, measures=measures, sections=sections, metadata=meta)


@settings(deadline=None)
@given(a=records("a"), b=records("b"), alone=st.booleans())
def test_gold_against_itself_is_perfect_everywhere(a: Any, b: Any, alone: bool) -> None:
    gold = [a] if alone else [a, b]
    found = score(gold, gold, resamples=20)
    # Of a perfect score only chance-corrected agreement can be undefined; whatever is defined is 1.
    assert {place: value for place, value in shares(found.to_dict()) if value != pytest.approx(1)} == {}
    assert found.errors == ()


@settings(deadline=None)
@given(a=spans(), b=spans())
def test_precision_and_recall_swap_with_the_sides(a: Spans, b: Spans) -> None:
    one, other = (score([make(x)], [make(y)], resamples=0) for x, y in ((a, b), (b, a)))
    parts = [(one.micro, other.micro), *((one.entities[name], other.entities[name]) for name in one.entities)]
    for mine, theirs in parts:
        for scheme in SCHEMES:
            x, y = getattr(mine, scheme), getattr(theirs, scheme)
            assert (x.precision, x.recall) == (y.recall, y.precision)
            assert x.f1.value == pytest.approx(y.f1.value)
            for name, counterpart in SWAPPED.items():
                if hasattr(x, name):
                    assert getattr(x, name) == getattr(y, counterpart)


@settings(deadline=None)
@given(cuts=st.lists(st.integers(0, len(TEXT)), min_size=3, max_size=9, unique=True).map(sorted))
def test_touching_spans_never_overlap(cuts: list[int]) -> None:
    pieces = [(a, b, "HAZARD") for a, b in pairwise(cuts)]
    found = score([make(pieces[1::2])], [make(pieces[::2])], resamples=0).micro
    for scheme in ("strict", "exact", "partial", "type"):
        counts = getattr(found, scheme)
        assert (counts.correct, counts.incorrect, counts.partial) == (0, 0, 0)
    assert (found.overlap.found, found.overlap.right) == (0, 0)


@settings(deadline=None)
@given(gold=spans(), pred=spans(), kind=st.sampled_from(["HAZARD", "INSTITUTION"]))
def test_a_spurious_entity_never_raises_precision(gold: Spans, pred: Spans, kind: str) -> None:
    before = score([make(pred)], [make(gold)], resamples=0).micro
    # Gold ends at character 36 at the latest.
    after = score([make([*pred, (50, 53, kind)])], [make(gold)], resamples=0).micro
    for scheme in SCHEMES:
        old, new = getattr(before, scheme), getattr(after, scheme)
        assert new.precision <= (old.precision or 0)
        assert new.recall == old.recall
        assert new.actual == old.actual + 1


@settings(deadline=None)
@given(gold=spans(), pred=spans())
def test_schemes_are_ordered_and_types_add_up(gold: Spans, pred: Spans) -> None:
    found = score([make(pred)], [make(gold)], resamples=0)
    micro = found.micro
    assert micro.strict.correct <= min(micro.exact.correct, micro.type.correct)
    assert micro.strict.possible == micro.exact.possible == micro.partial.possible == len(gold)
    assert micro.strict.actual == micro.overlap.actual == len(pred)
    assert micro.strict.correct == sum(part.strict.correct for part in found.entities.values())
    assert micro.overlap.found == sum(part.overlap.found for part in found.entities.values())


@settings(deadline=None)
@given(gold=spans(most=12), pred=spans(most=12), data=st.data())
def test_alignment_is_one_to_one_and_does_not_depend_on_order(gold: Spans, pred: Spans, data: st.DataObject) -> None:
    sides = [[Span(a, b) for a, b, _ in side] for side in (gold, pred)]
    found = align(*sides, kind=lambda _: "")
    shuffled = [data.draw(st.permutations(side)) for side in sides]
    assert align(*shuffled, kind=lambda _: "") == found
    assert sorted([g for g, _ in found.pairs] + list(found.missed)) == sorted(sides[0])
    assert sorted([p for _, p in found.pairs] + list(found.spurious)) == sorted(sides[1])
    assert all(g.start < p.end and p.start < g.end for g, p in found.pairs)


@settings(deadline=None)
@given(a=spans(), b=spans(), gold=spans())
def test_comparison_turns_its_sign_with_the_sides(a: Spans, b: Spans, gold: Spans) -> None:
    def many(side: Spans) -> list[Any]:
        return [make(side[i:], doc_id=str(i)) for i in range(3)]

    one, other = (compare(many(x), many(y), many(gold), resamples=50).micro for x, y in ((a, b), (b, a)))
    assert (one.a, one.b) == (other.b, other.a)
    if one.difference.value is not None:
        assert one.difference.value == pytest.approx(-(other.difference.value or 0))
    if one.difference.low is not None:
        assert one.difference.low == pytest.approx(-(other.difference.high or 0))


@settings(deadline=None)
@given(a=records("d"), b=records("d"))
def test_results_survive_json(a: Any, b: Any) -> None:
    found = score([a], [b], resamples=5)
    assert Score.model_validate_json(found.to_json()) == found
    assert Score.model_validate(found.to_dict()) == found
