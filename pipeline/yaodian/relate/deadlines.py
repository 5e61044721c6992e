"""Deadline expressions and qualitative goals of a measure."""

from __future__ import annotations

import re

from yaodian.spans import Span

_MONTH = r"(?:1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])月"
_YEAR = r"(?:(?:19|20)\d{2}年|今年|明年|当年|翌年|次年|本年)"
_DAY = r"(?:\d{1,2}日|底|中旬|上旬|下旬|初|末|份)"
_BY = r"(?:之前|以前|前|内)"
_FEAST = r"(?:春节|元旦|清明|五一|“五一”|端午|中秋|国庆|“十一”|“七一”|开学|暑期|暑假|寒假|入冬|入汛|供暖期|采暖期|高考|中考|春耕|秋收|主汛期|汛期|防火期|两会)"
DEADLINE = re.compile(
    rf"(?:每年)?{_YEAR}?(?:{_MONTH}{_DAY}?(?:[—\-~至到]{{1,2}}{_MONTH}{_DAY}?|(?:前|以前|之前))?|年底{_BY}?|年末{_BY}?)(?:完成前)?(?![份一-龥]?以来)|"
    rf"到{_YEAR}(?:年?底|末)?|{_YEAR}(?:底|末){_BY}?|年内|年底{_BY}?|年终前|"
    rf"(?:{_YEAR})?(?:上半年|下半年)(?:内|前)?|(?:{_YEAR})?(?:第?[一二三四1-4](?:、[一二三四])?)季度(?:末|内|前|底)?(?:前)?|"
    rf"(?:主)?汛(?:前|期前|后|中|期)|“?十[一二三四五六]五”?(?:期间|末|时期|期末)|{_FEAST}前(?:\d+[天日])?|"
    r"(?:\d{1,3}|[一二两三四五六七八九十]{1,3})(?:[-—~至](?:\d{1,3}|[一二两三四五六七八九十]))?(?:年|个月|个工作日|天)时间内|"
    r"(?:森林)?防火(?:紧要)?期|每月\d{1,2}日前|每季度末|每半年末|同期"
)
_HINT = re.compile(r"[月季汛年节期庆底假冬]")
_GOAL = re.compile(
    r"“?(?:双下降|双降|三下降|动态清零|只减不增|全覆盖|零容忍|零死亡|零事故|零发生|零伤亡|零遗漏|零盲区|零报告|零新增|动态归零|清仓见底|"
    r"应[\u4e00-\u9fff]尽[\u4e00-\u9fff]|不漏一[\u4e00-\u9fff](?:、不[\u4e00-\u9fff]一[\u4e00-\u9fff])?|100%全覆盖|“双控”目标)”?"
)


def deadline(text: str, start: int, end: int) -> Span | None:
    """First expression in `[start, end)` that says by when or in which season."""
    # Most measures name no time at all, and the look for one of these characters costs a hundredth of the pattern.
    match = DEADLINE.search(text, start, end) if _HINT.search(text, start, end) else None
    return Span(*match.span()) if match else None


def goals(text: str, start: int, end: int) -> list[Span]:
    """Qualitative goals such as `动态清零` in `[start, end)`, with their quotation marks."""
    return [Span(*match.span()) for match in _GOAL.finditer(text, start, end)]
