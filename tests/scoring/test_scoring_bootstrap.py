"""Units, intervals, comparison, what cannot be scored, and the printed tables."""

from __future__ import annotations

import io
import time
from typing import Any

import pytest
from rich.console import Console
from scoring_factories import TEXT, make, measure

from yaodian.errors import UsageError
from yaodian.record import Section
from yaodian.scoring import compare, render, render_errors, score


def corpus(documents: int, *, right: int) -> tuple[list[Any], list[Any]]:
    """Gold with two hazards a document and predictions that find both in the first `right` documents."""
    gold = [make([(1, 3, "HAZARD"), (5, 6, "HAZARD")], doc_id=f"d{i}") for i in range(documents)]
    half = [make([(1, 3, "HAZARD")], doc_id=f"d{i}") for i in range(documents)]
    return [g if i < right else h for i, (g, h) in enumerate(zip(gold, half, strict=True))], gold


def test_seed_and_documents_decide_the_intervals() -> None:
    pred, gold = corpus(8, right=4)
    one = score(pred, gold, seed=3, resamples=200)
    assert score(pred[::-1], gold[::-1], seed=3, resamples=200) == one
    others = {score(pred, gold, seed=seed, resamples=200).micro.strict.f1.low for seed in range(4, 12)}
    assert len({*others, one.micro.strict.f1.low}) > 1
    assert (one.unit, one.units, one.seed, one.resamples) == ("document", 8, 3, 200)


def test_interval_holds_the_figure() -> None:
    figure = score(*corpus(8, right=4)).micro.strict.f1
    assert figure.value is not None
    assert figure.low is not None
    assert figure.high is not None
    assert figure.value == pytest.approx(2 * 12 / (16 + 12))
    assert 2 / 3 <= figure.low < figure.value < figure.high <= 1


def test_no_interval_without_resamples_or_from_one_unit() -> None:
    pred, gold = corpus(3, right=1)
    assert score(pred, gold, resamples=0).micro.strict.f1.low is None
    gold[0] = make([(1, 3, "HAZARD"), (5, 6, "HAZARD"), (8, 9, "QUANTITY")], doc_id="d0")
    found = score(pred, gold)
    assert found.micro.strict.f1.low is not None
    assert found.entities["QUANTITY"].strict.f1.value == 0
    assert found.entities["QUANTITY"].strict.f1.low is None


def sections(*places: tuple[int, int]) -> tuple[Section, ...]:
    top = tuple(
        Section(id=f"s{i}", level=1, number="一、", heading="", start=a, end=b) for i, (a, b) in enumerate(places)
    )
    inner = Section(
        id="inner", level=2, number="（一）", heading="", start=places[0][0] + 1, end=places[0][1], parent="s0"
    )
    return (*top, inner)


def test_one_document_is_resampled_by_its_top_level_sections() -> None:
    gold = make([(1, 3, "HAZARD"), (12, 14, "HAZARD"), (22, 24, "HAZARD")], sections=sections((10, 20), (20, 30)))
    pred = make([(1, 3, "HAZARD"), (12, 14, "HAZARD"), (23, 24, "HAZARD")])
    found = score([pred], [gold])
    assert (found.unit, found.units) == ("section", 3)
    assert (found.micro.strict.f1.low, found.micro.strict.f1.high) == (0, 1)
    # Everything within one section: nothing to resample.
    inside = make([(12, 14, "HAZARD"), (15, 16, "HAZARD")], sections=sections((10, 20), (20, 30)))
    assert score([pred], [inside]).entities["HAZARD"].strict.f1.low is not None
    assert score([inside], [inside]).entities["HAZARD"].strict.f1.low is None


def test_a_lone_document_without_sections_has_no_intervals() -> None:
    record = make([(1, 3, "HAZARD")])
    found = score([record], [record])
    assert (found.unit, found.units) == ("section", 1)
    assert found.micro.strict.f1.model_dump() == {"value": 1.0, "low": None, "high": None}


def test_paired_comparison() -> None:
    a, gold = corpus(10, right=2)
    b, _ = corpus(10, right=7)
    found = compare(a, [*b, make(doc_id="extra")], gold, resamples=500)
    assert found.left_out == ("extra",)
    micro = found.micro
    assert micro.a is not None
    assert micro.b is not None
    assert micro.difference.value == pytest.approx(micro.b - micro.a)
    # b is never worse in any document, so no resample can say so, which unpaired draws would.
    assert micro.difference.low is not None
    assert micro.difference.low >= 0
    assert micro.b_better is not None
    assert micro.b_better > 0.95
    assert compare(a, a, gold).micro.b_better == 0
    assert found.entities["QUANTITY"].difference.value is None


OTHER = make(doc_id="d", text=TEXT + "。")


@pytest.mark.parametrize(
    ("pred", "gold", "options", "message"),
    [
        pytest.param([make(doc_id="a")], [make(doc_id="b")], {}, "in common", id="nothing in common"),
        pytest.param([], [], {}, "in common", id="nothing at all"),
        pytest.param([OTHER], [make()], {}, "d: .*different texts", id="other text"),
        pytest.param([make(), make()], [make()], {}, "d: given twice in the predictions", id="twice"),
        pytest.param([make()], [make()], {"resamples": -1}, "resamples is -1", id="negative resamples"),
    ],
)
def test_what_cannot_be_scored_is_one_line(pred: Any, gold: Any, options: dict[str, int], message: str) -> None:
    with pytest.raises(UsageError, match=message) as caught:
        score(pred, gold, **options)
    assert "\n" not in str(caught.value)


def test_documents_on_one_side_are_listed() -> None:
    found = score([make(doc_id="a"), make(doc_id="b")], [make(doc_id="b"), make(doc_id="c")], resamples=0)
    assert (found.documents, found.only_gold, found.only_predicted) == (("b",), ("c",), ("a",))


def test_tables_print_any_name_and_text() -> None:
    text = "[/red]防汛[bold]\n" * 3
    gold = make([(0, 3, "HAZARD")], doc_id="[/]", text=text, measures=(measure(0, 0, 9, "party"),))
    pred = make([(0, 4, "HAZARD")], doc_id="[/]", text=text, measures=(measure(0, 0, 9, "recovery"),))
    out = io.StringIO()
    console = Console(file=out, width=200)
    found = score([pred], [gold, make(doc_id="[/a]")])
    render(found, console)
    render_errors(found, console)
    printed = out.getvalue()
    assert "HAZARD" in printed
    assert "party" in printed
    assert "[/]" in printed
    assert "[/a]" in printed


@pytest.mark.slow
def test_a_thousand_resamples_of_twenty_documents_are_quick() -> None:
    spans = [(i, i + 1, "HAZARD") for i in range(0, 78, 2)]
    records = [
        make(spans, doc_id=str(i), measures=tuple(measure(j, j, j + 1, "party") for j in range(70))) for i in range(20)
    ]
    times = {}
    for resamples in (0, 1000):
        score(records, records, resamples=resamples)
        start = time.perf_counter()
        score(records, records, resamples=resamples)
        times[resamples] = time.perf_counter() - start
    assert times[1000] - times[0] < 1
