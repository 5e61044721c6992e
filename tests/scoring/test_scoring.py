"""Scores against hand-computed cases, against nervaluate and scikit-learn, and by their properties."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nervaluate import Evaluator
from sklearn.metrics import cohen_kappa_score, f1_score

from yaodian.errors import UsageError
from yaodian.record import Entity, Function, Measure, Record, sha256
from yaodian.scoring import compare, group, score

TEXT = "一二三四五六七八九十" * 6
ATTRIBUTES = {
    "INSTITUTION": {"kind": "named"},
    "HAZARD": {"kind": "event", "category": "其他"},
    "REGULATION": {"status": "mention", "form": "other"},
}


def record(spans: list[tuple[int, int, str]], *, doc_id: str = "d", functions: list[str] | None = None) -> Record:
    measures = [
        Measure(
            id=f"m{i}", start=i, end=i + 1, function=Function(primary=f), instrument="supply" if f != "none" else "none"
        )
        for i, f in enumerate(functions or [])
    ]
    entities = [
        Entity(id=f"e{i}", type=kind, start=a, end=b, text=TEXT[a:b], attributes=ATTRIBUTES[kind])
        for i, (a, b, kind) in enumerate(sorted(spans))
    ]
    return Record(
        doc_id=doc_id, text=TEXT, text_sha256=sha256(TEXT), measures=tuple(measures), entities=tuple(entities)
    )


@pytest.mark.parametrize(
    ("pred", "gold", "strict", "exact", "kind", "overlap"),
    [
        pytest.param([(0, 2, "HAZARD")], [(0, 2, "HAZARD")], 1, 1, 1, 1, id="right"),
        pytest.param([(0, 3, "HAZARD")], [(0, 2, "HAZARD")], 0, 0, 1, 1, id="boundary"),
        pytest.param([(0, 2, "INSTITUTION")], [(0, 2, "HAZARD")], 0, 1, 0, 0, id="type"),
        pytest.param([(2, 4, "HAZARD")], [(0, 2, "HAZARD")], 0, 0, 0, 0, id="touching spans do not overlap"),
        pytest.param(
            [(0, 2, "HAZARD"), (4, 6, "HAZARD")], [(0, 2, "HAZARD")], 2 / 3, 2 / 3, 2 / 3, 2 / 3, id="spurious"
        ),
    ],
)
def test_schemes(pred: list, gold: list, strict: float, exact: float, kind: float, overlap: float) -> None:
    found = score([record(pred)], [record(gold)], resamples=0).micro
    values = [found.strict.f1.value, found.exact.f1.value, found.type.f1.value, found.overlap.f1.value]
    assert values == pytest.approx([strict, exact, kind, overlap])


@st.composite
def flat(draw: st.DrawFn) -> list[tuple[int, int, str]]:
    spans, position = [], 0
    for _ in range(draw(st.integers(1, 8))):
        start = position + draw(st.integers(1, 3))
        end = start + draw(st.integers(1, 3))
        if end >= len(TEXT):
            break
        spans.append((start, end, draw(st.sampled_from(sorted(ATTRIBUTES)))))
        position = end
    return spans


def inclusive(spans: list[tuple[int, int, str]]) -> list[dict]:
    """nervaluate takes the last character for the end, ours is one past it."""
    return [{"label": kind, "start": start, "end": end - 1} for start, end, kind in spans]


@given(gold=flat(), keep=st.lists(st.booleans(), min_size=8, max_size=8))
def test_strict_and_exact_agree_with_nervaluate(gold: list, keep: list[bool]) -> None:
    # Predictions are a subset with right edges: on overlapping or spurious spans nervaluate 1.2.1 counts some twice.
    pred = [span for span, kept in zip(gold, keep, strict=False) if kept]
    theirs = Evaluator([inclusive(gold)], [inclusive(pred)], tags=sorted(ATTRIBUTES)).evaluate()["overall"]
    ours = score([record(pred)], [record(gold)], resamples=0).micro
    for scheme in ("strict", "exact"):
        counts, other = getattr(ours, scheme), theirs[scheme]
        assert (counts.correct, counts.missed, counts.spurious) == (other.correct, other.missed, other.spurious)


@given(spans=flat())
def test_gold_against_itself_is_perfect(spans: list) -> None:
    found = score([record(spans)], [record(spans)], resamples=0).micro
    assert found.strict.f1.value == 1
    assert found.overlap.f1.value == 1


@given(a=flat(), b=flat())
def test_precision_and_recall_swap(a: list, b: list) -> None:
    one = score([record(a)], [record(b)], resamples=0).micro.strict
    other = score([record(b)], [record(a)], resamples=0).micro.strict
    assert (one.precision, one.recall) == (other.recall, other.precision)


FUNCTIONS = ["party", "enforcement", "prevention", "none"]


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(FUNCTIONS), st.sampled_from(FUNCTIONS)), min_size=4, max_size=30))
def test_functions_agree_with_scikit_learn(pairs: list[tuple[str, str]]) -> None:
    gold, pred = [g for g, _ in pairs], [p for _, p in pairs]
    found = score([record([], functions=pred)], [record([], functions=gold)], resamples=0).functions
    assert found.accuracy.value == pytest.approx(sum(g == p for g, p in pairs) / len(pairs))
    assert found.macro_f1.value == pytest.approx(
        f1_score(gold, pred, labels=sorted(set(gold)), average="macro", zero_division=0.0)
    )
    if len(set(gold) | set(pred)) > 1:
        assert found.kappa.value == pytest.approx(cohen_kappa_score(gold, pred))


def test_intervals_repeat_by_seed_and_contain_the_figure() -> None:
    gold = [record([(1, 3, "HAZARD"), (5, 6, "HAZARD")], doc_id=str(i)) for i in range(6)]
    pred = [
        record([(1, 3, "HAZARD")] if i % 2 else [(1, 3, "HAZARD"), (5, 6, "HAZARD")], doc_id=str(i)) for i in range(6)
    ]
    one, two = (score(pred, gold, seed=3, resamples=200).micro.strict.f1 for _ in range(2))
    assert one == two
    assert one.low is not None
    assert one.high is not None
    assert one.low <= one.value <= one.high


def test_compare_says_which_is_better() -> None:
    gold = [record([(1, 3, "HAZARD")], doc_id=str(i)) for i in range(5)]
    worse = [record([(1, 2, "HAZARD")], doc_id=str(i)) for i in range(5)]
    found = compare(worse, gold, gold, resamples=50).micro
    assert found.difference.value == 1
    assert found.b_better == 1


def test_what_cannot_be_scored_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="in common"):
        score([record([], doc_id="a")], [record([], doc_id="b")])


def test_groups_hold_every_mistake_once_and_name_the_blame() -> None:
    gold = record([(0, 4, "INSTITUTION"), (5, 9, "INSTITUTION"), (10, 14, "HAZARD"), (20, 24, "REGULATION")])
    found = record([(5, 8, "INSTITUTION"), (10, 14, "INSTITUTION"), (30, 32, "REGULATION")])
    result = score([found], [gold], resamples=0)
    groups = group(result.errors)
    assert sorted(m.model_dump_json() for g in groups for m in g.mistakes) == sorted(
        m.model_dump_json() for m in result.errors
    )
    kinds = {(g.kind, g.gold, g.predicted, g.source) for g in groups}
    assert kinds == {
        ("miss", "INSTITUTION", None, "…三四"),
        ("miss", "REGULATION", None, "…三四"),
        ("boundary", "INSTITUTION", "INSTITUTION", None),
        ("type", "HAZARD", "INSTITUTION", None),
        ("spurious", None, "REGULATION", None),
    }
    assert [len(g.mistakes) for g in groups] == sorted((len(g.mistakes) for g in groups), reverse=True)
