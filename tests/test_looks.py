"""Looks at one character, which spare the trial of a pattern, never hide what the pattern finds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yaodian import spans, times
from yaodian.normalise import indicator
from yaodian.normalise import quantity as figures
from yaodian.relate.goals import _GOAL
from yaodian.tag import institution, quantity

if TYPE_CHECKING:
    from collections.abc import Callable

_LOOK = re.compile(r"\(\?=\[[^\]]*\]\)|\(\?=\.\.街道\)")
OPENED = {
    "blank": spans._BLANK,
    "time": times._HINT,
    "figure": indicator._FIGURE,
    "goal": _GOAL,
    "number": quantity._NUMBER,
    "half": quantity._HALVES,
    "self": institution._SELF,
    "collective": institution._COLLECTIVE,
    "acting": institution._ACTING,
    "street": institution._NAMED_STREET,
}
LEFT = {
    **{f"comparison {sign}": (pattern, figures._is_compared) for sign, pattern in figures._LEFT},
    "change": (indicator._CHANGE, lambda left: left[-1] in indicator._CHANGE_ENDS),
    "earlier figures": (indicator._EARLIER, lambda left: left[-1] in "、和及与"),
    "list": (figures._LIST_BEFORE, lambda left: bool(figures._JOINT_BEFORE.search(left))),
    "quantifier": (institution._QUANTIFIER, lambda left: bool(institution._quantifier(left, len(left)))),
    "ordinal": (quantity._BEFORE_ORDINAL, lambda left: left[-1] in quantity._ORDINAL_ENDS),
    "range of dates": (quantity._DATE_RANGE, lambda left: left[-1] in quantity._DATE_RANGE_ENDS),
}
RIGHT = {"about": figures._ABOUT, "between": figures._BETWEEN, **{f"bound {s}": p for s, p in figures._RIGHT}}
many = settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("name", OPENED)
@many
@given(data=st.data())
def test_at_the_beginning_of_a_pattern(name: str, data: st.DataObject) -> None:
    pattern = OPENED[name]
    look = _LOOK.match(pattern.pattern)
    assert look
    plain = re.compile(pattern.pattern[look.end() :])
    text = data.draw(st.from_regex(plain))
    assert [m.span() for m in pattern.finditer(text)] == [m.span() for m in plain.finditer(text)]


@pytest.mark.parametrize("name", LEFT)
@many
@given(data=st.data())
def test_at_the_end_of_what_stands_before(name: str, data: st.DataObject) -> None:
    pattern: re.Pattern[str]
    look: Callable[[str], bool]
    pattern, look = LEFT[name]
    text = data.draw(st.from_regex(pattern).filter(lambda text: "\n" not in text))
    # The older look for any character of comparison comes first and is no part of this promise.
    if pattern.search(text) and (look is not figures._is_compared or figures._COMPARES.search(text)):
        assert look(text)


@pytest.mark.parametrize("name", RIGHT)
@many
@given(data=st.data())
def test_at_the_beginning_of_what_stands_behind(name: str, data: st.DataObject) -> None:
    text = data.draw(st.from_regex(RIGHT[name]))
    if RIGHT[name].match(text):
        assert text[0] in figures._RIGHT_BEGINS


def test_folding_and_width_look_for_few_characters() -> None:
    everything = "".join(map(chr, [*range(0xD800), *range(0xE000, 0x11000)]))
    assert len(spans.fold(everything)) == len(everything)
    changed = {a for a, b in zip(everything, spans.fold(everything), strict=True) if a != b}
    assert changed == set(spans._FOLD)
