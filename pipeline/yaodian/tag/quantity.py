"""QUANTITY by grammar: a numeral, then its unit from the registry; dates, ordinals, names and idioms stay out."""

from __future__ import annotations

import re
from functools import cache
from string import ascii_letters
from typing import TYPE_CHECKING

from yaodian.lexicon import Beginnings
from yaodian.tag.base import Candidate
from yaodian.tag.places import gazetteer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from yaodian.lexicon import Lexicon

_CN = "〇零一二三四五六七八九十百千万亿两"
_FINANCIAL = "[壹贰叁肆伍陆柒捌玖][壹贰叁肆伍陆柒捌玖拾佰仟零万亿]{1,13}|[壹贰叁肆伍陆柒捌玖](?=元)"
_ARABIC = r"\d{1,15}(?:，\d{3}(?!\d))*(?:\.\d{1,8})?"
# Digits are bounded everywhere: an unbounded run before alternatives takes quadratic time.
NUMERAL = (
    rf"(?:百分之|千分之|万分之)(?:{_ARABIC}|[{_CN}点]{{1,8}})|{_FINANCIAL}"
    rf"|{_ARABIC}(?:[十百千]?[万亿]{{1,2}}|[百千](?![米克瓦伏卡赫]))?"
    rf"|[{_CN}]{{1,14}}分之[{_CN}]{{1,8}}"
    rf"|[数几][十百千万亿]{{1,3}}|[{_CN}]{{1,14}}(?:点[〇零一二三四五六七八九]{{1,6}}[十百千]?[万亿]{{0,2}})?"
)
# One look at a character spares the trial of all forms.
_NUMBER = re.compile(rf"(?=[\d数几{_CN}壹贰叁肆伍陆柒捌玖])(?<![\dA-Za-z.])(?:{NUMERAL})")
_NEXT_NUMBER = re.compile(NUMERAL)
# What makes a numeral inexact stands between it and the unit: 十余家, 百来家, 二十几个, 1.2亿多元.
_MORE = re.compile(
    r"(?:余|多(?![少样种元个方级])|(?<=[百千万亿])多(?=元)|来(?=[\u4e00-\u9fff])(?![自源访]|[水年])|(?<=[十百千])几)"
    r"(?:[万亿](?=[\u4e00-\u9fff]))?"
)
_RANGE = re.compile(
    rf"以上(?=[\d.，{_CN}]{{1,12}}[\u4e00-\u9fff]{{1,4}}以[下内])|-{{1,2}}|—{{1,2}}|~|至|到(?=[\d{_CN}])|－|"
    r"(?:且|但|而)?(?:不超过|不大于|小于|少于|低于|不多于|不高于)(?=\d)"
)
_SECOND_BOUND = re.compile(r"且|但|而|不|小|少|低")
_TENTH = re.compile(r"[一二三四五六七八九](?![一二三四五六七八九十成个月年])|[1-9](?!\d)")
_FRACTION = re.compile(r"/[1-9]\d?(?![\d/年月])")
_SHARE = "分之"
_HALF = re.compile(r"半(?=个?(?:小时|月|年|天|日|学期))|(?<=个)半(?=小时|月|年)")
_AND_A_HALF = re.compile(r"半(?![年天月日个小数])")
# Halves that stand alone; 上半年, 每半年 and 半年报 are calendar terms.
_HALVES = re.compile(
    r"(?=[半一])(?:(?:(?<![上下每前后过大多两个])|(?<=提前))半年(?=以?内|以上|之内|左右|时间|以来|[，。；、）\n]|\Z)|"
    r"(?<![每过大多两个])半(?:个月|个小时|小时|天(?=以?内|时间|之内|[，。；、）\n]|\Z))|"
    r"(?<=[短少减降])一半|半数(?=以上|的)|一刻钟)"
)
_MANY = ("近", "上", "约", "超", "逾", "超过", "突破")
_MINUS = tuple(f"{char}-" for char in "为是达至到约于")
_BEFORE_ORDINAL = re.compile(
    r"[第初○A-Za-z#№每这那同某]\Z|第[一二三四五六七八九十]{1,3}、\Z|的关键\Z|(?:星期|礼拜|周|编号|代码|国道|省道)\Z"
)
# The last characters of these words; most figures have another one before them.
_ORDINAL_ENDS = frozenset("第初○#№每这那同某、键期拜周号码道" + ascii_letters)
_YEAR = re.compile(r"(?:(?:19|20)\d{2}|[一二][〇零九][〇零一二三四五六七八九]{2})\Z")
_PLACE_LENGTH = 5
_DIALLED = 3
"""Digits from which a number behind 电话 is one to dial."""
_CLOCK_OR_DATE = re.compile(r"月|日|号|时(?!间|长)|点|季度|月份|年代|年级|中全会|届|·|路公交")
_DATE_RANGE = re.compile(r"(?:(?:19|20)\d{2}|\d{1,2}月?)(?:年)?[-—~至到]{1,2}\Z")
_DATE_RANGE_ENDS = frozenset("-—~至到")
_TARGET_BEFORE = re.compile(
    r"(?:达到|达|控制在|控制|降至|降到|降为|提高到|提升到|提高至|提升至|增至|增加到|不低于|不少于|不高于|不超过|不大于|不小于|"
    r"低于|高于|超过|小于|大于|至少|保持在|稳定在|维持在|≥|≤|>|<|约|近|余|突破|为|是)\Z"
)
_CHANGES_TO = re.compile(r"(?:提高|提升|增加|降低|下降|降|上升|增)[到至为]")
_TARGET_AFTER = re.compile(r"以上|以下|以内|之内|左右|上下|[，。；、）]|\Z|\n")
_FRACTION_AFTER = re.compile(r"的|以|(?:今|明|当)年|上半年|下半年")
_DURATION_DAY = re.compile(r"以?内|之内|以上|以下|左右|前预|时间|工期|左右")
_DAY_BEFORE = re.compile(r"(?:法定|提前|连续|不少于|超过|不超过|至少|用时|工期|历时|每|近|约|个)\Z")
_NOT_UNITS = (
    "人口",
    "人民",
    "人均",
    "条件",
    "项目",
    "个性",
    "场所",
    "家庭",
    "次生",
    "级以",
    "米粉",
    "件事关",
    "季度",
    "管理",
    "路由",
    "路径",
)
_ROUND_FIGURE = re.compile(r"[\u4e00-\u9fff]{0,6}?(?:人口|群众|人民|学生|职工|农民)|以上|左右")
_PER = re.compile(r"/(?:年|日|天|秒|小时|[百千万]人|10万人|人|万人|平方公里|亩|月|升|立方米|公里|辆|户|床|台)")
_QUOTE = re.compile(r"“[^“”\n]{1,14}”")
_LEVEL_AFTER = re.compile(r"以上|及以上|以下|地震|大风|强风|烈度")
_MEETING = re.compile(r"次?(?:全会|全体会议|全体\(扩大\)会议|党代会|代表大会|会议)")
# Measure words that more often end an ordinal or a name than a count when a Chinese numeral stands before them.
_ORDINAL_UNITS = frozenset(
    [
        "级",
        "届",
        "期",
        "号",
        "部",
        "标",
        "层",
        "班",
        "组",
        "区",
        "分",
        "度",
        "成",
        "方",
        "门",
        "口",
        "片",
        "线",
        "点",
        "段",
        "头",
        "面",
        "手",
        "身",
        "路",
        "块",
        "对",
        "队",
        "类",
        "人",
        "道",
        "本",
    ]
)
_COUNTED_AFTER_CN = frozenset(
    ["人", "组", "片", "段", "成", "部", "级", "层", "类", "班", "门", "本", "对", "队", "块", "道"]
)


@cache
def _numbered_places() -> frozenset[str]:
    """Places whose name holds a numeral: `七台河市`, `三明`."""
    return frozenset(name for name in gazetteer() if any(char in _CN for char in name))


@cache
def _numbered_pairs() -> frozenset[str]:
    """Numerals of such names, each with the character behind it."""
    return frozenset(name[i : i + 2] for name in _numbered_places() for i in range(3) if name[i : i + 1] in _CN)


def _in_place_name(text: str, start: int) -> bool:
    """Whether the numeral at `start` belongs to the name of a place."""
    return text[start : start + 2] in _numbered_pairs() and any(
        text[begin : begin + length] in _numbered_places()
        for begin in range(max(0, start - 2), start + 1)
        for length in range(start - begin + 2, _PLACE_LENGTH + 1)
    )


class QuantityTagger:
    """Reads numerals and looks their unit up; everything it leaves out is named in `not_quantities.csv` or here."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._units = Beginnings(entry.term for entry in lexicon["UNIT"])
        self._not = lexicon["NOT_QUANTITY"]

    def __call__(self, text: str) -> Iterator[Candidate]:
        """Propose candidates."""
        vetoes = [(start, end) for start, end, _ in self._not.scan(text)]
        quotes = [match.span() for match in _QUOTE.finditer(text)]
        done, veto, quote = 0, 0, 0
        for match in _HALVES.finditer(text):
            yield Candidate(match.start(), match.end(), "QUANTITY", "rule:half", priority=2)
        for match in _NUMBER.finditer(text):
            start = match.start()
            if start < done:
                continue
            while veto < len(vetoes) and vetoes[veto][1] <= start:
                veto += 1
            while quote < len(quotes) and quotes[quote][1] <= start:
                quote += 1
            found = self._read(text, match)
            if found is None:
                continue
            end, source = found
            if veto < len(vetoes) and _is_part_of(vetoes[veto], start, end):
                continue
            if quote < len(quotes) and quotes[quote][0] <= start and _is_slogan(text, quotes[quote], start, end):
                continue
            done = end
            begin = start - 1 if text.endswith(_MINUS, max(0, start - 2), start) else start
            yield Candidate(begin, end, "QUANTITY", source, priority=2)

    def _read(self, text: str, match: re.Match[str]) -> tuple[int, str] | None:
        """End of the quantity that begins with this numeral, and the rule that read it."""
        start, end = match.span()
        before = text[max(0, start - 8) : start]
        if _is_ordinal_before(before, match[0]):
            return None
        if _SHARE in match[0]:
            return self._share(text, end), "rule:fraction"
        if match[0][0] in _CN and _in_place_name(text, start):
            return None
        numeral, arabic = match[0], match[0][0].isdigit()
        part = _FRACTION.match(text, end) if numeral.isdigit() and len(numeral) < 3 else None
        if part and (_TARGET_AFTER.match(text, part.end()) or _FRACTION_AFTER.match(text, part.end())):
            return part.end(), "rule:fraction"
        more = _skip(_MORE, text, end)
        vague, end = more > end or before.endswith(_MANY), more
        unit = self._unit(text, end)
        if not unit and numeral[-1] == "千" and end == match.end():
            # 一百千瓦: the 千 belongs to the unit.
            unit = self._unit(text, end - 1)
            numeral, end = (numeral[:-1], end - 1) if unit else (numeral, end)
        last = self._second(text, numeral, end + unit, before)
        if last:
            return last, "rule:range"
        if not unit:
            return self._bare(text, before, start, end, arabic=arabic)
        if self._is_date(text, numeral, end, unit, before):
            return None
        if self._is_ordinal(text, numeral, end, unit, arabic=arabic, vague=vague):
            return None
        return self._with_unit(text, end, unit)

    def _second(self, text: str, numeral: str, end: int, before: str) -> int | None:
        """End of a range whose first figure ends at `end`, None where there is no second figure with a unit."""
        span = _RANGE.match(text, end)
        second = _NEXT_NUMBER.match(text, span.end()) if span else None
        if not second or (_YEAR.search(numeral) and _YEAR.search(second[0])):
            return None
        second_end = _skip(_MORE, text, second.end())
        unit = self._unit(text, second_end)
        if not unit or self._is_date(text, second[0], second_end, unit, before):
            return None
        return self._tenth(text, second_end + unit)

    def _with_unit(self, text: str, end: int, unit: int) -> tuple[int, str]:
        """End of a figure with its unit and what belongs to it: a half, a tenth, a rate."""
        half = _HALF.match(text, end + unit)
        if half and text[end : end + unit] == "个":
            return half.end() + self._unit(text, half.end()), "rule:half"
        if text[end : end + unit] in ("年", "天", "小时", "米", "斤"):
            unit = _skip(_AND_A_HALF, text, end + unit) - end
        if text[end + unit - 1] == "成":
            return self._tenth(text, end + unit), "rule:number-unit"
        return _skip(_PER, text, end + unit), "rule:number-unit"

    @staticmethod
    def _share(text: str, end: int) -> int:
        """End of a share such as `百分之五`, or of a range of two."""
        span = _RANGE.match(text, end)
        second = _NEXT_NUMBER.match(text, span.end()) if span else None
        return second.end() if second and _SHARE in second[0] else end

    @staticmethod
    def _tenth(text: str, end: int) -> int:
        """End with the digit behind 成 that counts hundredths: `六成五`."""
        return _skip(_TENTH, text, end) if text[end - 1] == "成" else end

    def _unit(self, text: str, position: int) -> int:
        """Length of the longest unit that begins here, 0 if none does."""
        length = self._units.longest(text, position)
        return 0 if length < 3 and text.startswith(_NOT_UNITS, position) else length  # 人民 but 人民币

    def _is_date(self, text: str, numeral: str, end: int, unit: int, before: str) -> bool:
        name = text[end : end + unit]
        if name == "周年":
            return True
        if name == "年":
            return bool(_YEAR.search(numeral)) or (numeral in ("一", "当") and text[end + 1 : end + 2] == "度")
        if name in ("日", "月"):
            if name == "月" or before.endswith(("月", "每月", "·")):
                return True
            return not (_DURATION_DAY.match(text, end + unit) or _DAY_BEFORE.search(before))
        return text.startswith(("月份", "年代"), end)

    def _is_ordinal(self, text: str, numeral: str, end: int, unit: int, *, arabic: bool, vague: bool) -> bool:
        name, after = text[end : end + unit], end + unit
        if name == "级":
            return not (arabic and _LEVEL_AFTER.match(text, after))
        if (
            name == "届"
            or (name == "期" and not arabic and len(numeral) < 2)
            or (name == "次" and _MEETING.match(text, after))
        ):
            return True
        if arabic or vague:
            return name == "号"
        if numeral in "一二三四五六七八九" and name in _ORDINAL_UNITS and name not in _COUNTED_AFTER_CN:
            return True
        return (numeral in ("万", "亿", "百", "千", "零", "〇") and unit == 1) or (
            numeral in "十百千" and unit == 1 and name in "分家方"
        )

    def _bare(self, text: str, before: str, start: int, end: int, *, arabic: bool) -> tuple[int, str] | None:
        """Read a figure without unit: a quantity where a comparator governs it (`指数达85`)."""
        if text[start:end] == "零" and before.endswith("为") and _TARGET_AFTER.match(text, end):
            return end, "rule:zero"
        if text[end - 1] in "万亿" and arabic and _ROUND_FIGURE.match(text, end):
            return end, "rule:round-figure"
        if not arabic or end - start > 12 or _CLOCK_OR_DATE.match(text, end):
            return None
        if before.endswith(("由", "从")) and _CHANGES_TO.match(text, end):
            return end, "rule:bare-target"
        if _TARGET_BEFORE.search(before) and _TARGET_AFTER.match(text, end):
            return end, "rule:bare-target"
        return None


def _is_ordinal_before(before: str, numeral: str) -> bool:
    """Whether the words before a numeral make it an ordinal, a number of something, or the end of a date range."""
    last = before[-1:]
    if last in _ORDINAL_ENDS and _BEFORE_ORDINAL.search(before) and not (last == "每" and _counts_by(numeral)):
        return True
    if len(numeral) >= _DIALLED and before.endswith(("热线", "电话")):
        return True
    return last in _DATE_RANGE_ENDS and bool(_DATE_RANGE.search(before))


def _counts_by(numeral: str) -> bool:
    """Whether `每` before the numeral counts by it (`每10万人`, `每3万人口`) and does not just say `every`."""
    return numeral not in ("一", "1")


def _is_part_of(word: tuple[int, int], start: int, end: int) -> bool:
    """Whether a candidate lies in a listed word, or begins inside one (`一组` in 统一组织)."""
    return (word[0] <= start and end <= word[1]) or word[0] < start < word[1]


def _skip(pattern: re.Pattern[str], text: str, position: int) -> int:
    match = pattern.match(text, position)
    return match.end() if match else position


def _is_slogan(text: str, quote: tuple[int, int], start: int, end: int) -> bool:
    """Whether a numeral inside a short quotation belongs to a slogan (`“三书”`) and not to a figure (`“3小时”`)."""
    if end > quote[1]:
        return False
    return not text[start].isdigit() or (start, end) != (quote[0] + 1, quote[1] - 1)
