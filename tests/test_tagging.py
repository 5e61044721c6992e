"""Spans and attributes on tables of cases that a linguist can edit."""

from __future__ import annotations

import re

import pytest

from conftest import table
from yaodian.lexicon import load_lexicon
from yaodian.normalise import Context, attributes
from yaodian.spans import fold
from yaodian.tag import Candidate, build, resolve, tag

LEXICON = load_lexicon()
TAGGERS = build(LEXICON)


@pytest.mark.parametrize(("kind", "sentence"), table("spans"))
def test_spans(kind: str, sentence: str) -> None:
    text = fold(re.sub(r"[\[\]]", "", sentence))
    expected = [fold(found) for found in re.findall(r"\[(.*?)\]", sentence)]
    found = [text[c.start : c.end] for c in tag(text, TAGGERS) if c.type == kind]
    assert found == expected


@pytest.mark.parametrize(("sentence", "value", "unit", "comparator", "change"), table("quantities"))
def test_quantities(sentence: str, value: str, unit: str, comparator: str, change: str) -> None:
    start, end = sentence.index("["), sentence.index("]") - 1
    text = fold(re.sub(r"[\[\]]", "", sentence))
    found = attributes("QUANTITY", Context(text, start, end, LEXICON)).model_dump()
    numbers = [float(number) for number in value.split("..")]
    got = [found["value"]] if len(numbers) == 1 else [found["low"], found["high"]]
    assert got == numbers
    assert (found["unit"], found["comparator"], found["change"] or "") == (unit, comparator, change)


@pytest.mark.parametrize(
    ("sentence", "status", "form"),
    [
        ("出台[《天津市安全生产办法》]", "issue", "rule"),
        ("修订[《天津市安全生产条例》]", "revise", "regulation"),
        ("推动[《十四五规划》]有效落实", "implement", "plan"),
        ("推广[《家庭应急物资储备建议清单》]", "promote", "list"),
        ("在[《风险防范实施方案》]基础上深化评估", "cite", "scheme"),
        ("对照新修订的[《安全生产法》]开展自查", "cite", "law"),
        ("[《安全生产法》]相应条款", "mention", "law"),
        ("制定《甲办法》、[《乙规定》]", "issue", "rule"),
    ],
)
def test_regulation_attributes(sentence: str, status: str, form: str) -> None:
    start, end = sentence.index("["), sentence.index("]") - 1
    text = re.sub(r"[\[\]]", "", sentence)
    found = attributes("REGULATION", Context(text, start, end, LEXICON)).model_dump()
    assert (found["status"], found["form"]) == (status, form)


@pytest.mark.parametrize(
    ("name", "kind"),
    [("市应急管理局", "named"), ("各区", "collective"), ("水务部门", "collective"), ("党中央", "named")],
)
def test_institution_kind(name: str, kind: str) -> None:
    assert attributes("INSTITUTION", Context(name, 0, len(name), LEXICON)).model_dump() == {"kind": kind}


def test_resolver_prefers_length_then_priority_then_score() -> None:
    def candidate(start: int, end: int, source: str, priority: int = 0, score: float = 1.0) -> Candidate:
        return Candidate(start, end, "HAZARD", source, score, priority)

    found = resolve(
        [candidate(0, 2, "short"), candidate(0, 4, "long"), candidate(4, 6, "low"), candidate(4, 6, "high", 1)]
    )
    assert [c.source for c in found] == ["long", "high"]
    assert [c.source for c in resolve([candidate(0, 2, "a", 0, 0.2), candidate(0, 2, "b", 0, 0.9)])] == ["b"]
    assert len(resolve([candidate(0, 2, "a"), candidate(2, 4, "b")])) == 2
