"""Cross-checks: entities against nervaluate 1.2.1, classes and their bootstrap against scikit-learn."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nervaluate import Evaluator
from scoring_factories import ATTRIBUTES, TEXT, Spans, make, measure
from sklearn.metrics import accuracy_score, cohen_kappa_score, confusion_matrix, f1_score

from yaodian.scoring import Counts, score
from yaodian.scoring.classes import FUNCTION, kappa, macro_f1
from yaodian.scoring.tally import Sample, Tally

SLOT = 10
SCHEMES = {"strict": "strict", "exact": "exact", "partial": "partial", "type": "ent_type"}
FUNCTIONS = ["party", "enforcement", "prevention", "none"]


def inclusive(spans: Spans) -> list[dict[str, Any]]:
    """Spans for nervaluate, whose `end` is the last character where ours is one past it."""
    return [{"label": kind, "start": start, "end": end - 1} for start, end, kind in spans]


@st.composite
def slotted(draw: st.DrawFn) -> tuple[Spans, Spans]:
    """Gold and predictions with at most one of each in every slot of ten characters.

    nervaluate walks through the predictions and lets an earlier one take a gold span that a later one has
    exactly, and so turns a hit into a spurious prediction. Where each span overlaps at most one of the other
    side, and none of its own, that cannot happen, and both must agree on every count. Spans of neighbouring
    slots may touch.
    """
    sides: tuple[Spans, Spans] = ([], [])
    for slot in range(len(TEXT) // SLOT):
        for side in sides:
            if draw(st.booleans()):
                start = draw(st.integers(0, SLOT - 1))
                end = draw(st.integers(start + 1, SLOT))
                side.append((slot * SLOT + start, slot * SLOT + end, draw(st.sampled_from(sorted(ATTRIBUTES)))))
    return sides


def agree(ours: Counts, theirs: Any) -> None:
    for name in ("correct", "incorrect", "partial", "missed", "spurious", "possible", "actual"):
        assert getattr(ours, name) == getattr(theirs, name), name
    # What is undefined here is 0 there.
    for name in ("precision", "recall"):
        assert (getattr(ours, name) or 0) == pytest.approx(getattr(theirs, name))
    assert (ours.f1.value or 0) == pytest.approx(theirs.f1)


@settings(deadline=None, max_examples=200)
@given(slotted())
def test_every_scheme_agrees_with_nervaluate(sides: tuple[Spans, Spans]) -> None:
    gold, pred = sides
    found = score([make(pred)], [make(gold)], resamples=0)
    # nervaluate takes the first document for its format, so one that is not empty stands in front.
    lead = [{"label": "LEAD", "start": 0, "end": 1}]
    theirs = Evaluator(
        [lead, inclusive(gold)], [lead, inclusive(pred)], tags=sorted(ATTRIBUTES), loader="dict"
    ).evaluate()
    for name, other in SCHEMES.items():
        agree(getattr(found.micro, name), theirs["overall"][other])
        for kind, by_scheme in theirs["entities"].items():
            agree(getattr(found.entities[kind], name), by_scheme[other])


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(FUNCTIONS), st.sampled_from(FUNCTIONS)), min_size=1, max_size=30))
def test_classes_agree_with_scikit_learn(pairs: list[tuple[str, str]]) -> None:
    gold, pred = zip(*pairs, strict=True)
    sides = [make(measures=tuple(measure(i, i, i + 1, f) for i, f in enumerate(side))) for side in (pred, gold)]
    found = score(sides[:1], sides[1:], resamples=0).functions
    assert found.accuracy.value == pytest.approx(accuracy_score(gold, pred))
    assert found.macro_f1.value == pytest.approx(
        f1_score(gold, pred, labels=sorted(set(gold)), average="macro", zero_division=0.0)
    )
    if len(found.labels) == 1:
        assert found.kappa.value is None
        return
    assert found.kappa.value == pytest.approx(cohen_kappa_score(gold, pred))
    assert np.array_equal(found.confusion, confusion_matrix(gold, pred, labels=found.labels))
    for name, part in found.classes.items():
        truth, guess = [g == name for g in gold], [p == name for p in pred]
        assert part.support == sum(truth)
        assert part.f1 == pytest.approx(f1_score(truth, guess))


def test_each_resample_is_what_scikit_learn_says_of_the_drawn_units() -> None:
    generator = np.random.default_rng(1)
    units = [[(generator.choice(FUNCTIONS), generator.choice(FUNCTIONS)) for _ in range(6)] for _ in range(5)]
    tally = Tally(len(units))
    for number, pairs in enumerate(units):
        for gold, pred in pairs:
            tally.add(number, (FUNCTION, "n"))
            tally.add(number, (FUNCTION, "gold", gold))
            tally.add(number, (FUNCTION, "predicted", pred))
            tally.add(number, (FUNCTION, "right", gold), float(gold == pred))
    sample = Sample(tally, seed=4, resamples=20)
    draws = np.random.default_rng(4).multinomial(5, np.full(5, 1 / 5), size=20)
    kappas, macros = kappa(sample, FUNCTION, FUNCTIONS), macro_f1(sample, FUNCTION, FUNCTIONS)
    for row, times in enumerate(draws, start=1):
        drawn = [pair for unit, n in zip(units, times, strict=True) for pair in unit * n]
        gold, pred = zip(*drawn, strict=True)
        assert kappas[row] == pytest.approx(cohen_kappa_score(gold, pred))
        labels = sorted(set(gold))
        assert macros[row] == pytest.approx(f1_score(gold, pred, labels=labels, average="macro", zero_division=0.0))
