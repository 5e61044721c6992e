"""Expressions of time that set a deadline or a season, found in a text and resolved against the plan's year.

No general date library is used: those that read Chinese (JioNLP, Recognizers-Text, ChineseTimeNLP) join neighbouring
expressions in long sentences and read numbers of documents as dates, and none knows 汛前, 三季度末 or “十四五”期间.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Literal

from yaodian.numerals import to_number
from yaodian.spans import Span

Kind = Literal["by", "in", "for", "every", "season"]

_CN = "一二三四五六七八九十"
_Y = r"(?:(?:19|20)\d{2} ?年度?|今年|明年|次年|当年|翌年|本年度?)"
_M = r"(?:1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九]) ?月"
_PART = r"(?:\d{1,2} ?日|底|末|初|上旬|中旬|下旬|份)"
_BY = r"(?:之前|以前|前(?!后)|内)"
_POINT = rf"(?:{_Y}(?:的)?)?{_M}{_PART}?"
_POINTS = rf"{_POINT}(?:(?:、|和){_POINT})*"
_QUARTER = rf"(?:{_Y})?第?[一二三四1-4](?:、第?[一二三四1-4])*季度"
_HALF = rf"(?:{_Y})?(?:上半年|下半年)"
_PLAN = r"“?十[一二三四五六七]五”?"
_N = rf"(?:\d{{1,3}}|[两{_CN}]{{1,3}})"
_LINK = r"(?:[-—~－]{1,2}|至|到)"
_FEASTS = "春节|元旦|元宵节?|清明节?|“?五一”?|端午节?|中秋节?|国庆节?|“十一”|“七一”|开学|暑期|暑假|寒假|高考|中考"
_SEASONS = (
    "主汛期|主汛(?=前|后|中)|入汛|汛期|汛(?=前|后|中)|(?:森林)?防火(?:紧要)?期|森林防火期|入冬|供暖季?|供暖期|采暖期|采暖季|春耕|秋收|今冬明春|冬春季节?|雨季|冬季|台风期|枯水期|丰水期|黄金周|节日|节(?=前)|全国“?两会”?|两会|"
    "“七下八上”(?:防汛关键期|关键期)?"
)
# In order: what begins at one place is tried from the longest kind of expression to the shortest.
_FORMS: tuple[tuple[Kind, tuple[str, ...]], ...] = (
    (
        "every",
        (
            rf"每年(?:{_POINTS}{_BY}?|(?:{_FEASTS}|{_SEASONS})前?|年底{_BY}?)",
            r"每季度(?:末|首月(?:\d{1,2}日)?|最后一个月)(?:\d{1,2}日)?前?|每半年末前?",
            rf"每月(?:\d{{1,2}}日|底|初|末){_BY}?",
            r"每(?:周|星期)[一二三四五六日天](?![次更巡调查报])晚?前?|每[日天]\d{1,2}时前",
        ),
    ),
    (
        "in",
        (
            rf"{_POINT}{_LINK}{_POINT}|\d{{1,2}}{_LINK}{_M}",
            rf"(?:19|20)\d{{2}}年?{_LINK}(?:19|20)?\d{{2}} ?年(?:期间)?",
        ),
    ),
    (
        "by",
        (
            rf"即日起至{_POINT}|{_POINTS}{_BY}|{_HALF}底?{_BY}|{_QUARTER}(?:末|底){_BY}?|{_QUARTER}{_BY}",
            rf"(?:到|至){_PLAN}末|{_PLAN}末(?:期|年)?|(?:到|至){_Y}(?:底|末)?|{_Y}(?:年?底|末){_BY}?",
            rf"年(?:底|末){_BY}?|年终{_BY}|(?:今年|明年)?年内|本年度内",
        ),
    ),
    ("in", (rf"{_PLAN}(?:期间|时期)|{_HALF}(?:、下半年)?|{_QUARTER}",)),
    (
        "for",
        (
            rf"用?{_N}(?:{_LINK}{_N})?(?:年|个月)(?:左右)?(?:时间)?内|用{_N}年(?:左右)?时间",
            rf"(?:今后|未来){_N}(?:年|个月)|半年内",
        ),
    ),
    (
        "season",
        (
            rf"(?:{_Y})?(?:{_FEASTS})(?:、(?:{_FEASTS}))*(?:前后|前(?:\d+[天周])?|期间|等(?:重点)?时段|长?假期?)",
            rf"(?:{_Y})?(?:{_SEASONS})(?:、(?:{_SEASONS}))*(?:来临)?(?:前后|前|后|期间|内)?",
        ),
    ),
    ("in", (rf"{_POINTS}(?:前后|起)?", "明年")),
)
# What any expression begins with: one look at a character spares the trial of all forms.
_FIRST = f"[0-9两{_CN}今明次当翌本上下第每“到至即年用未半春元清端中国开暑寒高主入汛森防冬供采秋雨台枯丰黄节全]"
_ANY = re.compile(
    f"(?={_FIRST})(?:" + "|".join(f"(?P<g{number}>{'|'.join(forms)})" for number, (_, forms) in enumerate(_FORMS)) + ")"
)
# Most measures name no time at all, and the look for one of these characters costs a hundredth of the pattern.
_HINT = re.compile(
    r"(?=[月季汛年节期庆底假冬前每五七十“清元中端春秋])(?:[月季汛年节期庆底假冬前]|每[周星日天]|[五七十]一|“七下|清明|元旦|中秋|端午|春耕|秋收|五”)"
)
_TOLD = re.compile(r"(?:自|截至|较|比|与|同|近|去年|上年|从|印发|发布|施行|成立于)$")
_FROM_EVENT = re.compile(r"(?:之日起|发生后|受理后|作出后|接报后|发布后|结束后|自[^，。；]{1,20}起)[^，。；]{0,6}$")
_NO_TIME = re.compile(r"份?以来|来(?!临)|起施行|施行的|例会|来发生过|的?《")
# A day is the date of a document where one is issued on it: `2022年1月20日印发的`.
_ISSUED = re.compile(r"(?:印发|发布|施行|实施|出台|公布|召开|发生|签订|通过)")
_ALONE = re.compile(rf"{_Y}\Z")
_PAST_YEAR = re.compile(r"((?:19|20)\d{2}) ?年")
_COMPOUND = re.compile(r"(?:防|备|抗|安全度|平安度|超)\Z")


@dataclass(frozen=True, slots=True)
class Time:
    """A resolved expression.

    `value` by kind: `by` an ISO 8601 date, the last day; `in` an interval of two dates; `for` a duration, or two
    with a slash; `every` a repeating interval (`R/P3M`); `season` the wording, after its year where it has one.
    """

    kind: Kind
    value: str


def find(text: str, start: int, end: int, plan_year: int | None = None) -> tuple[Span, Kind] | None:
    """First expression in `[start, end)` that says by when or in which season, outside titles and reports."""
    if not _HINT.search(text, start, end):
        return None
    position = start
    while match := _ANY.search(text, position, end):
        kind = _FORMS[int((match.lastgroup or "g0")[1:])][0]
        if _counts(text, match, start, kind, plan_year):
            return Span(*match.span()), kind
        position = match.end()
    return None


def _counts(text: str, match: re.Match[str], start: int, kind: Kind, plan_year: int | None) -> bool:
    """Whether a match is a deadline: no title's part, no event's date, no past."""
    before = text[max(start, match.start() - 24) : match.start()]
    if before.rfind("《") > before.rfind("》") or _TOLD.search(before) or _NO_TIME.match(text, match.end()):
        return False
    if text.startswith(("至", "到"), match.start()) and before.endswith(("截", "达", "持续", "直")):
        return False
    if match[0].endswith("日") and _ISSUED.match(text, match.end()):
        return False
    if kind == "for" and _FROM_EVENT.search(before):
        return False
    if kind == "season" and _COMPOUND.search(before):
        return False
    year = _PAST_YEAR.match(match[0])
    return not (year and plan_year and int(year[1]) < plan_year and kind == "in")


def resolve(wording: str, plan_year: int | None) -> Time | None:
    """Resolve an expression; None where it cannot be, as for a date without year in a plan without year.

    Args:
        wording: as found by `find`, white space allowed.
        plan_year: the year of the plan, against which 年底 and 明年 are read.
    """
    text = re.sub(r"\s", "", wording)
    match = _ANY.match(text)
    if match is None:
        return None
    kind = _FORMS[int((match.lastgroup or "g0")[1:])][0]
    if kind == "every":
        return Time(kind, f"R/{_PERIODS[text[1]]}")
    if kind in ("for", "season"):
        return _duration(text) if kind == "for" else _season(text, plan_year)
    return _dated(text, kind, plan_year)


def _dated(text: str, kind: Kind, plan_year: int | None) -> Time | None:
    """A last day or an interval of two days."""
    bounds = _bounds(text, plan_year)
    if bounds is None:
        return None
    first, last = bounds
    if kind == "by" or re.search(r"(?:底|末)$", text) or first == last or (_ALONE.match(text) and text[0] in "到至"):
        return Time("by", last.isoformat())
    return Time("in", f"{first.isoformat()}/{last.isoformat()}")


_YEAR_DIGITS = 4
_PERIODS = {"年": "P1Y", "季": "P3M", "半": "P6M", "月": "P1M", "周": "P1W", "星": "P1W", "日": "P1D", "天": "P1D"}


def _duration(text: str) -> Time | None:
    if text.startswith("半年"):
        return Time("for", "P6M")
    found = re.search(rf"(?P<a>{_N})(?:{_LINK}(?P<b>{_N}))?(?P<unit>年|个月)", text)
    if found is None:
        return None
    letter = "Y" if found["unit"] == "年" else "M"
    numbers = [int(to_number(found[name]) or 0) for name in "ab" if found[name]]
    return Time("for", "/".join(f"P{number}{letter}" for number in numbers))


def _season(text: str, plan_year: int | None) -> Time:
    year = re.match(_Y, text)
    if not year:
        return Time("season", text)
    number = _year(year[0], plan_year)
    rest = text[year.end() :]
    return Time("season", f"{number} {rest}" if number else rest)


def _year(word: str, plan_year: int | None) -> int | None:
    digits = re.match(r"(?:19|20)\d{2}", word)
    if digits:
        return int(digits[0])
    if plan_year is None:
        return None
    return plan_year + 1 if word.startswith(("明", "次", "翌")) else plan_year


def _bounds(text: str, plan_year: int | None) -> tuple[date, date] | None:
    """First and last day of a point, a period, or a range of two points."""
    text = re.sub(rf"^(?:到|至|即日起至)|{_BY}$|期间$|时期$|前后$|起$", "", text)
    plan = re.match(rf"“?十(?P<n>[{_CN}])五”?", text)
    if plan:
        # The tenth five-year plan began in 2001.
        first = 2001 + 5 * (_CN.index(plan["n"]) + 1)
        return date(first, 1, 1), date(first + 4, 12, 31)
    years = re.fullmatch(rf"(?P<a>(?:19|20)\d{{2}})年?{_LINK}(?P<b>(?:19|20)?\d{{2}})年", text)
    if years:
        last = years["b"] if len(years["b"]) == _YEAR_DIGITS else years["a"][:2] + years["b"]
        return date(int(years["a"]), 1, 1), date(int(last), 12, 31)
    parts = [part for part in re.split(rf"{_LINK}|(?<=[月日旬底初末年])[、和]", text) if part]
    if len(parts) > 1 and not parts[0].endswith(("月", "日", "旬", "底", "初", "末", "年")):
        parts[0] += "月"
    found = [_point(part, plan_year) for part in parts]
    if not found or any(point is None for point in found):
        return None
    first_day, last_day = found[0][0], found[-1][1]  # type: ignore[index]
    # 2020年5月—12月: the year of the first point is the second one's as well.
    if last_day < first_day:
        year = first_day.year + (last_day.month < first_day.month)
        # 29 February is the last day of that month in any year.
        last_day = last_day.replace(year=year, day=min(last_day.day, monthrange(year, last_day.month)[1]))
    return first_day, last_day


def _point(text: str, plan_year: int | None) -> tuple[date, date] | None:
    """First and last day of a year, half, quarter, month, third of a month, or day."""
    named = re.match(_Y, text)
    year = _year(named[0] if named else "", plan_year)
    if year is None:
        return None
    rest = text[named.end() :] if named else text
    quarters = [int(to_number(digit) or 1) for digit in re.findall(rf"[{_CN}1-4]", rest)] if "季度" in rest else []
    if quarters:
        return _months(year, 3 * min(quarters) - 2, 3 * max(quarters))
    if "半年" in rest:
        return _months(year, 1, 6) if "上" in rest else _months(year, 7, 12)
    month = re.match(_M, rest)
    if not month:
        return _months(year, 1, 12)
    number = int(to_number(month[0].removesuffix("月").strip()) or 0)
    return _within_month(year, number, rest[month.end() :])


_THIRDS = {"上旬": (1, 10), "中旬": (11, 20), "下旬": (21, 31), "初": (1, 10)}


def _within_month(year: int, month: int, part: str) -> tuple[date, date] | None:
    length = monthrange(year, month)[1]
    day = re.match(r"(\d{1,2})日", part)
    if day:
        number = int(day[1])
        return (date(year, month, number),) * 2 if 1 <= number <= length else None
    first, last = next((days for name, days in _THIRDS.items() if part.startswith(name)), (1, length))
    return date(year, month, first), date(year, month, min(last, length))


def _months(year: int, first: int, last: int) -> tuple[date, date]:
    return date(year, first, 1), date(year, last, monthrange(year, last)[1])
