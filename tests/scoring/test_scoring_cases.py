"""Entities by the table `align.tsv`, segmentation, attributes, classes and errors by hand-made records."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from scoring_factories import TEXT, entity, make, marked, measure

from yaodian.record import Metadata, Section
from yaodian.scoring import Counts, score
from yaodian.scoring.counting import same
from yaodian.scoring.structure import core
from yaodian.spans import Span

with (Path(__file__).parent / "align.tsv").open(encoding="utf-8", newline="") as lines:
    CASES = list(csv.DictReader(lines, delimiter="\t"))


def outcomes(counts: Counts) -> str:
    return f"{counts.correct}{counts.incorrect}{counts.partial}{counts.missed}{counts.spurious}"


@pytest.mark.parametrize("case", CASES, ids=[case["reason"] for case in CASES])
def test_table(case: dict[str, str]) -> None:
    found = score([marked(case["predicted"])], [marked(case["gold"])], resamples=0).micro
    for scheme in ("strict", "exact", "partial", "type"):
        assert outcomes(getattr(found, scheme)) == case[scheme], scheme
    hits = found.overlap
    assert f"{hits.found}/{hits.possible} {hits.right}/{hits.actual}" == case["overlap"]


def test_partial_is_worth_a_half() -> None:
    found = score([make([(0, 3, "HAZARD")])], [make([(0, 2, "HAZARD"), (5, 7, "HAZARD")])], resamples=0)
    partial = found.micro.partial
    assert (partial.precision, partial.recall) == (0.5, 0.25)
    assert partial.f1.value == pytest.approx(1 / 3)


def test_a_type_stands_for_itself() -> None:
    found = score([make([(0, 2, "INSTITUTION")])], [make([(0, 2, "HAZARD")])], resamples=0)
    assert outcomes(found.entities["HAZARD"].exact) == "00010"
    assert outcomes(found.entities["INSTITUTION"].exact) == "00001"
    assert found.entities["QUANTITY"].strict.f1.value is None


@pytest.mark.parametrize(
    ("text", "span", "expected"),
    [
        pytest.param("做好工作。", (0, 5), (0, 4), id="full stop"),
        pytest.param(" 做好工作。\n", (0, 7), (1, 5), id="white space at both ends"),
        pytest.param("做好“工作”；", (0, 7), (0, 5), id="closing quotation mark"),
        pytest.param("“做好工作", (0, 5), (0, 5), id="an opening mark counts"),
        pytest.param("。。", (0, 2), (0, 2), id="nothing else: kept"),
    ],
)
def test_core(text: str, span: tuple[int, int], expected: tuple[int, int]) -> None:
    assert core(text, Span(*span)) == Span(*expected)


def test_segmentation() -> None:
    text = "一、总则\n做好工作。抓好落实。"
    gold = make(
        text=text,
        sections=(Section(id="s1", level=1, number="一、", heading="总则", start=0, end=15),),
        measures=(measure(0, 5, 10), measure(1, 10, 15)),
        metadata=Metadata(title="要点", plan_year=2023),
    )
    pred = make(
        text=text,
        sections=(Section(id="s1", level=2, number="一、", heading="总则", start=0, end=15),),
        measures=(measure(0, 4, 9), measure(1, 10, 15)),
        metadata=Metadata(title="要点", date="2023"),
    )
    found = score([pred], [gold], resamples=0).segmentation
    assert found.measures.f1.value == 0.5
    assert found.measures_tolerant.f1.value == 1
    assert found.sections.f1.value == 0
    assert {n: a.accuracy.value for n, a in found.metadata.items() if a.present} == {
        "title": 1, "date": 0, "plan_year": 0,
    }  # fmt: skip
    assert (found.metadata_all.n, found.metadata_all.present) == (8, 3)
    assert found.metadata_all.accuracy.value == pytest.approx(6 / 8)
    assert found.metadata_all.accuracy_present == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        pytest.param(0.3, 0.1 + 0.2, True, id="rounding of floats"),
        pytest.param(1e9, 1e9 + 2, False, id="more than 1e-9 of it"),
        pytest.param(0.0, 0, True, id="zero"),
        pytest.param(0.0, 1e-12, False, id="the tolerance is relative"),
        pytest.param(2.0, None, False, id="absent"),
        pytest.param("h", "h", True, id="text"),
    ],
)
def test_same(a: object, b: object, expected: bool) -> None:
    assert same(a, b) is same(b, a) is expected


def quantities(*attributes: dict[str, Any]) -> Any:
    return make(entities=tuple(entity(i, 3 * i, 3 * i + 2, "QUANTITY", **a) for i, a in enumerate(attributes)))


def test_attributes_of_strictly_matched_entities() -> None:
    gold = quantities({"value": 0.3, "indicator": "事故起数"}, {"indicator": "面积"}, {}, {"change": "up"})
    pred = quantities({"value": 0.1 + 0.2, "indicator": "起数"}, {}, {"value": 3}, {"change": "down"})
    found = score([pred], [gold], resamples=0).attributes["QUANTITY"]
    assert {name: part.n for name, part in found.items()} == dict.fromkeys(found, 4)
    assert found["value"].accuracy.value == 0.75
    assert (found["change"].accuracy.value, found["change"].accuracy_present) == (0.75, 0)
    indicator = found["indicator"]
    assert (indicator.accuracy.value, indicator.present, indicator.accuracy_present) == (0.5, 2, 0)
    assert indicator.overlap_f1 is not None
    assert indicator.overlap_f1.value == pytest.approx((2 * 2 / 6 + 0) / 2)


def test_attributes_need_the_right_span() -> None:
    found = score([make([(0, 3, "HAZARD")])], [make([(0, 2, "HAZARD")])], resamples=0)
    assert found.attributes["HAZARD"]["kind"].n == 0
    assert found.attributes["HAZARD"]["kind"].accuracy.value is None


def test_classes_stand_on_measures_of_equal_span() -> None:
    gold = make(
        measures=(
            measure(0, 0, 5, "party", secondary="publicity", instrument="supply"),
            measure(1, 5, 9, "recovery", instrument="supply"),
            measure(2, 9, 12, "recovery", instrument="demand"),
            measure(3, 12, 20),
        )
    )
    pred = make(
        measures=(
            measure(0, 0, 5, "publicity", instrument="supply"),
            measure(1, 5, 9, instrument="demand"),
            measure(2, 9, 13, "recovery"),
            measure(3, 13, 20, "party"),
        )
    )
    found = score([pred], [gold], resamples=0)
    functions = found.functions
    assert (functions.gold, functions.n) == (3, 2)
    assert functions.accuracy.value == 0
    assert functions.accuracy_either is not None
    assert functions.accuracy_either.value == 0.5
    assert functions.labels == ("party", "recovery", "publicity", "absent")
    assert functions.confusion == ((0, 0, 1, 0), (0, 0, 0, 1), (0, 0, 0, 0), (0, 0, 0, 0))
    assert functions.classes["publicity"].recall is None
    assert found.instruments.accuracy.value == 0.5
    assert found.instruments.accuracy_either is None


def test_deadlines_and_actors() -> None:
    spans = [(0, 2, "INSTITUTION"), (3, 5, "INSTITUTION")]
    gold = make(spans, measures=(measure(0, 0, 8, deadline="年内", actors=("e0", "e1")), measure(1, 8, 9)))
    pred = make(spans, measures=(measure(0, 0, 8, deadline="汛前", actors=("e1",)), measure(1, 8, 9)))
    found = score([pred], [gold], resamples=0)
    assert found.deadlines.accuracy.accuracy.value == 0.5
    assert found.deadlines.strict.f1.value == 0
    assert (found.actors.precision, found.actors.recall) == (1, 0.5)


def test_errors_name_kind_source_and_context() -> None:
    gold = make(
        [(20, 22, "HAZARD"), (30, 32, "HAZARD"), (40, 42, "HAZARD"), (2, 4, "HAZARD"), (50, 52, "HAZARD")],
        measures=(measure(0, 0, 10, "party"), measure(1, 10, 20, "party"), measure(2, 60, 70)),
    )
    pred = make(
        [(20, 22, "HAZARD"), (30, 33, "HAZARD"), (40, 42, "INSTITUTION"), (60, 62, "HAZARD"), (49, 52, "QUANTITY")],
        measures=(measure(0, 0, 10, "recovery"), measure(1, 10, 21, "party"), measure(2, 60, 70, "party")),
    )
    sourced = tuple(e.model_copy(update={"source": "rule:x"}) for e in pred.entities)
    errors = score([pred.model_copy(update={"entities": sourced})], [gold], resamples=0).errors
    assert [(e.layer, e.kind) for e in errors] == [
        ("entity", "miss"),
        ("entity", "boundary"),
        ("entity", "type"),
        ("entity", "boundary_and_type"),
        ("entity", "spurious"),
        ("measure", "type"),
        ("measure", "boundary"),
    ]
    miss, boundary = errors[:2]
    assert (miss.before, miss.after) == (TEXT[:2], TEXT[4:19])
    assert miss.predicted is None
    assert miss.source is None
    assert boundary.predicted is not None
    assert (boundary.predicted.text, boundary.source) == (TEXT[30:33], "rule:x")
    assert (boundary.before, boundary.after) == (TEXT[15:30], TEXT[33:48])
    assert errors[-2].gold is not None
    assert errors[-2].gold.type == "party"
