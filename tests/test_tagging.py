"""Spans and attributes on tables of cases that a linguist can edit."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

import yaodian
from conftest import ROOT, table
from yaodian.lexicon import load_lexicon
from yaodian.normalise import Context, attributes
from yaodian.scoring.attributes import character_f1
from yaodian.spans import fold
from yaodian.tag import Candidate, build, resolve, tag

if TYPE_CHECKING:
    from yaodian.record import Entity

CASES = ROOT / "tests" / "cases"
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


def _phrases() -> list:
    rows = (CASES / "policy_phrases.tsv").read_text(encoding="utf-8").splitlines()
    return [row.split("\t") for row in rows if row and not row.startswith("#")]


def _readings(cell: str) -> list[tuple[float | tuple[float, float], str, str, str | None, str, str | None]]:
    found = []
    for reading in filter(None, cell.split(" ; ")):
        figures, _, indicator = reading.partition(" | ")
        value, unit, comparator, change, role = figures.split()
        bounds = tuple(float(part) for part in value.split(".."))
        found.append(
            (
                bounds[0] if len(bounds) == 1 else bounds,
                unit,
                comparator,
                None if change == "-" else change,
                role,
                None if indicator in ("", "-") else indicator,
            )
        )
    return found


def _read_phrase(marked: str, nlp) -> tuple[list[tuple[int, int]], list[Entity]]:
    """Spans in brackets, and the quantities found, both by position in the phrase."""
    head = "某市2023年工作要点\n一、任务\n"
    record = yaodian.extract(head + re.sub(r"[\[\]]", "", marked), nlp=nlp)
    spans, opened, position = [], 0, 0
    for char in marked:
        if char == "[":
            opened = position
        elif char == "]":
            spans.append((opened, position))
        else:
            position += 1
    return spans, [e for e in record.entities if e.type == "QUANTITY" and e.start >= len(head)]


@pytest.mark.parametrize(("marked", "readings"), _phrases(), ids=lambda cell: cell[:30])
def test_policy_phrases_are_read_in_full(nlp, marked: str, readings: str) -> None:
    head = len("某市2023年工作要点\n一、任务\n")
    spans, found = _read_phrase(marked, nlp)
    assert [(e.start - head, e.end - head) for e in found] == spans
    for entity, (value, unit, comparator, change, *_) in zip(found, _readings(readings), strict=True):
        read = entity.attributes
        assert (read.unit, read.comparator, read.change) == (unit, comparator, change)
        assert (read.value if read.low is None else (read.low, read.high)) == pytest.approx(value, rel=1e-4)


def test_roles_and_indicators_of_policy_phrases(nlp) -> None:
    roles, names = [], []
    for marked, readings in _phrases():
        _, found = _read_phrase(marked, nlp)
        for entity, (*_, role, indicator) in zip(found, _readings(readings), strict=True):
            roles.append(entity.attributes.role == role)
            names.append(character_f1(indicator or "", entity.attributes.indicator or "") if indicator else 1.0)
    assert sum(roles) / len(roles) > 0.9
    assert sum(names) / len(names) > 0.7
