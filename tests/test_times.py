"""Deadlines: found where they stand, resolved against the plan's year, and nothing else taken for one."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import ROOT
from yaodian.spans import Span, view
from yaodian.times import find as find_time
from yaodian.times import resolve


def _cases() -> list[list[str]]:
    rows = (ROOT / "tests" / "cases" / "deadlines.tsv").read_text(encoding="utf-8").splitlines()
    return [row.split("\t") for row in rows if row and not row.startswith("#")]


@pytest.mark.parametrize(("year", "marked", "kind", "value"), _cases(), ids=lambda cell: cell[:24])
def test_deadlines(year: str, marked: str, kind: str, value: str) -> None:
    bare = view(marked, [(Span(0, len(marked)),)]).text
    wanted = re.search(r"\[(.*?)\]", bare)
    text = re.sub(r"[\[\]]", "", bare)
    found = find_time(text, 0, len(text), int(year))
    assert (text[found[0].start : found[0].end] if found else None) == (wanted[1] if wanted else None)
    if found:
        time = resolve(text[found[0].start : found[0].end], int(year))
        assert time is not None
        assert (time.kind, time.value) == (kind, value)


@pytest.mark.parametrize("wording", ["13月底前", "2月30日前", "6月31日", "", "汛", "〔2023〕5号", "前"])
def test_what_is_no_time_resolves_to_nothing(wording: str) -> None:
    assert resolve(wording, 2023) is None


def test_a_plan_without_year_leaves_dates_open() -> None:
    assert resolve("6月底前", None) is None
    assert resolve("2024年6月底前", None).value == "2024-06-30"
    assert resolve("汛前", None).value == "汛前"


@settings(max_examples=200)
@given(
    st.text("今明年月日底前后内至到一二三十季度上半末旬初期间汛“”五四每12340—- 、", max_size=24),
    st.integers(2000, 2060),
)
def test_any_wording_is_resolved_or_not_and_intervals_run_forward(wording: str, year: int) -> None:
    time = resolve(wording, year)
    found = find_time(wording, 0, len(wording), year)
    assert found is None or 0 <= found[0].start < found[0].end <= len(wording)
    if time is not None and time.kind in ("by", "in"):
        days = [date.fromisoformat(day) for day in time.value.split("/")]
        assert days == sorted(days)


@pytest.mark.parametrize("year", [2019, 2020, 2023, 2024, None])
def test_ranges_over_the_end_of_february_and_days_that_do_not_exist(year: int | None) -> None:
    first = ("2023年1月", "1月", "2024年2月", "2月29日", "2023年11月", "今年3月", "2月底")
    last = ("2月", "2月29日", "2月30日", "明年2月底", "12月", "2024年2月", "6月31日")
    for a in first:
        for b in last:
            for wording in (f"{a}—{b}", f"{a}至{b}", f"{a}、{b}前", f"{b}前", a):
                time = resolve(wording, year)
                assert time is None or time.value
