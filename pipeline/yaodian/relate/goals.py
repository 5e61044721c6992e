"""Qualitative goals of a measure."""

from __future__ import annotations

import re

from yaodian.spans import Span

_GOAL = re.compile(
    r"(?=[“双三动只全零清应不1])“?(?:双下降|双降|三下降|动态清零|只减不增|全覆盖|零容忍|零死亡|零事故|零发生|零伤亡|零遗漏|零盲区|零报告|零新增|动态归零|清仓见底|"
    r"应[\u4e00-\u9fff]尽[\u4e00-\u9fff]|不漏一[\u4e00-\u9fff](?:、不[\u4e00-\u9fff]一[\u4e00-\u9fff])?|100%全覆盖|“双控”目标)”?"
)


def goals(text: str, start: int, end: int) -> list[Span]:
    """Qualitative goals such as `动态清零` in `[start, end)`, with their quotation marks."""
    return [Span(*match.span()) for match in _GOAL.finditer(text, start, end)]
