"""Work grows with the text and no faster, on hostile texts as well: counted in calls, not in seconds."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from yaodian import times
from yaodian.lexicon import load_lexicon
from yaodian.normalise import Context, attributes
from yaodian.tag import build, tag

if TYPE_CHECKING:
    from collections.abc import Callable

SIZES = (200, 800)
HOSTILE = {
    "digits": "1",
    "digits and commas": "1,",
    "Chinese numerals": "一",
    "scales": "万亿",
    "shares": "百分之",
    "ranges": "1-",
    "numbers": "3个、",
    "comparators": "不少于",
    "opening brackets": "《",
    "quotes": "“3",
    "months": "6月",
    "bodies": "市应急局",
    "heads": "局",
    "lists": "局、",
    "hazards": "火灾",
    "places": "市区县",
    "one clause": "推动落实",
}


def calls(work: Callable[[], object]) -> int:
    """Number of calls of functions, Python's and C's, that some work makes."""
    counted = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal counted
        counted += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return counted


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE)
def test_tagging_and_reading_take_calls_in_proportion(piece: str) -> None:
    lexicon = load_lexicon()
    taggers = build(lexicon)

    def work(size: int) -> Callable[[], object]:
        text = piece * size

        def run() -> None:
            for found in tag(text, taggers):
                attributes(found.type, Context(text, found.start, found.end, lexicon))
            times.find(text, 0, len(text), 2023)

        return run

    work(10)()
    small, large = (calls(work(size)) for size in SIZES)
    assert large <= 1.3 * SIZES[1] / SIZES[0] * small + 200
