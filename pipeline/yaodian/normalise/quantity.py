"""Value, unit, comparator, change, role and indicator of a quantity."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from yaodian.labels import QuantityAttributes
from yaodian.normalise.indicator import indicator
from yaodian.numerals import to_number
from yaodian.units import convert

if TYPE_CHECKING:
    from yaodian.labels.quantity import Change, Comparator, Role
    from yaodian.normalise.context import Context

_CN = "〇零一二三四五六七八九十百千万亿两壹贰叁肆伍陆柒捌玖拾佰仟"
_ARABIC = r"-?\d{1,15}(?:，\d{3}(?!\d))*(?:\.\d{1,8})?"
_NUMERAL = (
    rf"{_ARABIC}(?:[十百千]?[万亿]{{1,2}}|[百千](?![米克瓦伏卡赫]))?|"
    rf"[数几]?[{_CN}]{{1,14}}(?:点[〇零一二三四五六七八九]{{1,6}}[十百千]?[万亿]{{0,2}})?"
)
_FIRST = re.compile(
    rf"(?P<share>百分之|千分之|万分之)?(?P<number>{_NUMERAL})(?:分之(?P<of>[{_CN}]{{1,8}})|/(?P<by>\d{{1,2}})(?!\d))?"
    r"(?P<more>余|多|来|几)?(?P<scale>[万亿](?=.))?"
)
_LINK = re.compile(r"以上|-{1,2}|—{1,2}|~|至|到|(?:且|但|而)?(?:不超过|不大于|小于|少于|低于|不多于|不高于)")
_TWO_UNITS = re.compile(
    rf"(?P<low>{_NUMERAL})(?P<u>[^\d{_CN}~至到-]{{1,6}}?)(?:-{{1,2}}|—{{1,2}}|~|至|到)(?P<high>{_NUMERAL})(?P<v>[^\d{_CN}]{{1,6}})"
)
# Two digits side by side are two bounds: 三四十户, 一两年, 四十五六名.
_SIDE_BY_SIDE = re.compile(
    r"(?P<head>[一二三四五六七八九]?[十百千])?(?P<low>[一二三四五六七八九])(?P<high>[两二三四五六七八九])(?P<tail>[十百千万亿]*)\Z"
)
_SEVERAL = re.compile(r"[数几](?P<tail>[十百千万亿]+)\Z")
_SHARES = {"百分之": ("%", 1.0), "千分之": ("‰", 1.0), "万分之": ("1", 0.0001)}
_AND_A_HALF = re.compile(rf"(?P<n>{_NUMERAL})个半(?P<u>.+)|(?P<m>{_NUMERAL})(?P<v>年|天|小时|米|斤)半")
_TENTHS = re.compile(r"(?P<a>[一二三四五六七八九]|\d)成(?P<b>[一二三四五六七八九]|\d)")
_HALVES = {"一半": (0.5, "1"), "半数": (0.5, "1"), "一刻钟": (15.0, "分钟")}
_RIGHT: tuple[tuple[Comparator, re.Pattern[str]], ...] = (
    (">=", re.compile(r"[及和]?以上|及以上")),
    ("<=", re.compile(r"[及之]?以?内|之内|时间内|[及和]?以下(?!简称)|为限|范围内")),
    ("~", re.compile(r"左右|上下|前后|许|多(?![个种样元])")),
)
_LEFT: tuple[tuple[Comparator, re.Pattern[str]], ...] = (
    ("lead", re.compile(r"(?:提前|提早|预先)(?:至少|不少于|约)?$|(?:来临|开学|放假|到期|到来|节|庆|召开|开始|启动|会|开工|施工|作业)前$")),
    (">=", re.compile(r"(?:不低于|不少于|不小于|不短于|不得低于|不得少于|不得小于|不下于|至少|最少|达到或超过|不下|≥|不低于全市平均|不晚于|起码|不应少于|不得短于|满|至少[\u4e00-\u9fff\d]{1,10}|(?:不低于|不少于)[^，。；\d]{1,16}的?)$")),
    ("<=", re.compile(
        r"(?:不超过|不高于|不大于|不多于|不得超过|不得高于|不得多于|不得大于|至多|最多|最高|控制在|控制到|≤|不迟于|不晚于|不长于|限期|最高可?达|(?:不高于|不超过)[^，。；\d]{1,16}的)$"
    )),
    (">", re.compile(r"(?:超过|高于|大于|多于|突破|超|>|逾|超出)$")),
    ("<", re.compile(r"(?:低于|少于|小于|不足|不到|<|未满|不满)$")),
    ("~", re.compile(r"(?:(?<!节)约|近|大约|将近|接近|约为|近乎|大致|大概|约需|上)$")),
)  # fmt: skip
_ABOUT = re.compile(r"(?:左右|上下)")
_BETWEEN = re.compile(r"之间|区间")
# 前三年平均值, 近五年: how many years back, and no bound.
_SPAN_OF_YEARS = re.compile(r"(?:前|近|上|最近|过去)$")
_DURATION = re.compile(r"(?:年|月|周|天|日|小时|分钟|秒)$")
_DOUBLE = re.compile(r"以上|不超过|不大于|小于|少于|低于|不多于|不高于")
_DOWN_BELOW = re.compile(r"(?:降|压|减|缩)[^，。；\d]{0,3}[至到]$")
_WORDS_BEFORE = 28
_COMPARES = re.compile(r"[少低超约近高大多前逾满限≥≤<>至控不未突接上最小早预先码]")
# The characters that these patterns end or begin with; 至少, 不低于 and 不少于 go on with any other.
_LEFT_ENDS = frozenset("约为于少前过下≥晚码满多在到≤迟长期高可达的破超>逾出足<近乎致概需上早先")
_RIGHT_BEGINS = frozenset("及和以内之时为范左上前许多区下")
_CHANGES = re.compile(r"[降减少低缩增升提长涨多扩落省约浮轻]")
_UP_TO = re.compile(r"(?:提高|提升|上升|增长|增加)(?:到|至)$")
_DOWN = re.compile(
    r"(?:下降|减少|降低|压减|压降|缩短|下调|削减|降幅(?:达到|均|不低于|达)?|减|少|降|回落|节约|压缩|下浮|减轻)(?:了|约|近|达|为|到)?$"
)
_DOWN_TO = re.compile(r"(?:下降|减少|降低|压减|缩短|降|压降|压缩)(?:至|到|为)$")
_UP = re.compile(
    r"(?:增长|增加|提高|提升|上升|上浮|扩大|增幅(?:达到|不低于|达)?|涨幅|新增长|多|升|上涨|涨|增)(?:了|约|近|达)?$"
)
_STRIP = re.compile(
    r"(?:不低于|不少于|不小于|不超过|不高于|不大于|不得低于|不得少于|不得超过|不短于|至少|最多|约|近|均|再|各|分别|力争|同比|累计|较上年|比上年|较去年|比去年|上|以上|达到|超过)+$"
)
# A sentence that opens in the past stays there until a word of intention: 去年…, 截至…, 已建成….
_PAST = re.compile(
    r"去年|上一?年度?(?![份])|过去|以来|共发生|全年共|累计|截至|回顾|已(?:经)?(?:建|完|有|达|形|连|实|累|接|投|发|转|停|改|整|查|清|退|收|处|办|历|逾|超|覆)|"
    r"现有|目前|现已|当年|期末|完成了|实现了|下达了|底数|全[市县省区州](?:共|登记|在用|现|有|在册)|在册|一季度，"
)
_COMPARED = re.compile(
    r"(?:较|比|与|同|到|至|由|从)(?:目前的?|原来的?|去年|上年|上一年度?|上年度|(?:19|20)\d{2}年)(?:同期|相比|底|末)?"
)
_PAST_YEAR = re.compile(r"(?:19|20)\d{2}年(?!以前|底前|前|底|要|将|计划|目标|力争|起)")
_TO_DO = re.compile(
    r"力争|确保|要(?!点)|应(?![急对])|须|必须|计划|拟|今年|明年|目标|将(?!近)|不得|年内|底前|\d月[底前]|不低于|不少于|不超过|不高于|至少|控制在|每(?:年|月|季|半|周|日|个|家|名)|提前|全年(?!共)"
)
_BASELINE = re.compile(r"(?:前|近|较|比|以|上)(?:[三五两四]年)?$|基数|平均值|在[^，]{0,12}基础上")
_BASELINE_RIGHT = re.compile(r"(?:[^，。]{0,14}平均值|[^，。]{0,10}平均水平|的基础上|基数)")
# 全县小型水库43座: a stock is told where nothing is done to it.
_STOCK = re.compile(r"全[市县区省州][^，。；：\d]{0,12}$")
_DONE = re.compile(r"新|建|完成|开展|组织|培|创|实现|达|增|力争|选|推|办|设|配|改造|投|轮训|遴|打造|申报|争取|评")
_FROM = re.compile(r"(?:由|从)(?:(?:19|20)\d{2}年[末底初度]?)?[^，。；：\d]{0,14}$")
_CHANGED_TO = re.compile(
    r"[^，。；：\d]{0,4}(?:提高|提升|增加|增长|扩大|上升|压缩|压减|缩短|缩减|减少|下降|降低|降|减|调整|增|升|扩|延长)[至到为]"
)
_ENUMERATION_RIGHT = re.compile(
    r"(?:重点|主要|大|专项|关键|方面|环节|领域|机制|责任人|任务|行动|工程|要求|原则|问题|风险|专题|板块|阶段|清单|体系|制度|措施|部分|抓手|内容|维度|层面|类别|"
    r"能力|目标|难题|短板|重大|必|不|坚持|个|攻坚|事项|堡垒|标准|统一|方向|聚焦)"
)
# A list of names before the figure that counts them; the names hold no figures of their own.
_LIST_BEFORE = re.compile(
    r"(?P<list>[^，。；：、\d]{1,20}(?:(?:、|和|及)[^，。；：、\d]{1,20}){1,})(?P<others>等|这|共)?$"
)
_JOINT_BEFORE = re.compile(r"[、和及][^，。；：\d]*\Z")
_WHOLE = re.compile(r"\d+(?![\d.])|[一二三四五六七八九十两]+")
_COUNT_OF_LIST = 12
_INTRODUCES = re.compile(r"[^，。；、\d]{1,8}：")
# A verb of change whose object stands before the figure: 净增市场主体3000户, 减少群众支出300万元.
_CHANGED_BY = re.compile(
    r"(?:(?P<up>净增加?|增收|增产|多(?:完成|建成|办理))|(?P<down>减少|压减|减排|(?<![不至最得])少(?:发生)?))[^，。；：\d]{0,10}$(?<![至到为])(?<!减少)(?<!压减)"
)
_EARLIER_FIGURES = re.compile(r"(?:[\d.，]{1,12}[%‰\u4e00-\u9fff]{0,4}(?:个百分点)?(?:和|、|、?至))+$")


def attributes(context: Context) -> QuantityAttributes:
    """Normalise one quantity."""
    values, unit_text, vague = _read(context.span)
    unit, dimension, factor = _unit(context, unit_text)
    low_high = {key: round(value * factor, 6) for key, value in values.items()}
    if "low" in values:
        unit, low_high = _bounds_of_two_units(context, unit, low_high)
    comparator, change = _comparison(context, vague=vague)
    return QuantityAttributes(
        role=_role(context, comparator, change),
        **low_high,
        unit=unit,
        dimension=dimension,
        comparator=comparator,
        change=change,
        indicator=indicator(context, dimension),
    )


def _bounds_of_two_units(
    context: Context, unit: str | None, bounds: dict[str, float]
) -> tuple[str | None, dict[str, float]]:
    """Both bounds of `10个月至1年` in the unit of the first: 10 to 12 months."""
    parts = _TWO_UNITS.fullmatch(context.span)
    first, second = (context.lexicon["UNIT"].get(parts[key]) for key in "uv") if parts else (None, None)
    if not (parts and first and second) or first.canonical == second.canonical:
        return unit, bounds
    low = _number(parts["low"])[0] * float(first.note or 1)
    high = convert(_number(parts["high"])[1] * float(second.note or 1), second.canonical, first.canonical)
    return (unit, bounds) if high is None else (first.canonical, {"low": round(low, 6), "high": round(high, 6)})


def _number(text: str) -> tuple[float, float]:
    """Bounds of one numeral; both the same where it is exact."""
    several = _SEVERAL.match(text)
    if several:
        one = to_number("一" + several["tail"]) or 0.0
        return one, one * 9
    beside = _SIDE_BY_SIDE.match(text)
    if beside and _are_neighbours(beside["low"], beside["high"]):
        head, tail = beside["head"] or "", beside["tail"]
        return to_number(head + beside["low"] + tail) or 0.0, to_number(head + beside["high"] + tail) or 0.0
    value = to_number(text)
    if value is None and text[:1] in "百千万亿":
        value = to_number("一" + text)
    return (value or 0.0,) * 2


def _are_neighbours(low: str, high: str) -> bool:
    """Whether 三四, 一两 or 三五 are two estimates and not digits of one number."""
    step = int(to_number(high) or 0) - int(to_number(low) or 0)
    return step == 1 or (low, high) == ("三", "五")


@lru_cache(maxsize=4096)
def _read(span: str) -> tuple[dict[str, float], str, bool]:
    """Numbers of a span, its unit's wording, and whether the numeral is inexact."""
    special = _read_half(span) or _read_tenths(span)
    if special:
        return {"value": special[0]}, special[1], False
    first = _FIRST.match(span)
    if first is None:
        return {"value": 0.0}, span, True
    low, high = _bounds(first)
    share, rest = first["share"], span[first.end() :]
    if first["of"] or first["by"]:
        return {"value": low}, "1", bool(first["more"])
    for link in _LINK.finditer(rest):
        second = _FIRST.match(rest, link.end())
        if second is not None:
            return _range(rest[: link.start()], (low, high), second, rest[second.end() :], share)
    if first["more"] == "几":
        # 三十几 is 30 to 39; 一百几十 is not written so.
        high = low + 9
    several = first["more"] == "几" or span[0] in "数几"
    if low != high:
        return {"low": low, "high": high}, share or rest, several
    return {"value": low}, share or rest, bool(first["more"]) or several


def _read_half(span: str) -> tuple[float, str] | None:
    """`半年`, `一半`, `两个半小时`, `一年半`: value and unit's wording."""
    if span in _HALVES:
        return _HALVES[span]
    if span.startswith("半"):
        return 0.5, span[1:].removeprefix("个")
    half = _AND_A_HALF.fullmatch(span) if "半" in span else None
    return (_number(half["n"] or half["m"])[0] + 0.5, half["u"] or half["v"]) if half else None


def _read_tenths(span: str) -> tuple[float, str] | None:
    """`六成五`: value in tenths and unit's wording."""
    tenths = _TENTHS.fullmatch(span)
    return (_number(tenths["a"])[0] + _number(tenths["b"])[0] / 10, "成") if tenths else None


def _bounds(match: re.Match[str]) -> tuple[float, float]:
    """Value of a matched numeral with its scale, or its fraction."""
    low, high = _number(match["number"])
    if match["of"]:
        return (round(_number(match["of"])[0] / low, 6),) * 2 if low else (0.0, 0.0)
    if match["by"]:
        return (round(low / float(match["by"]), 6),) * 2 if float(match["by"]) else (0.0, 0.0)
    scale = {"万": 10_000.0, "亿": 100_000_000.0}.get(match["scale"] or "", 1.0)
    return low * scale, high * scale


def _range(
    unit: str, first: tuple[float, float], second: re.Match[str], rest: str, share: str | None
) -> tuple[dict[str, float], str, bool]:
    low, high = first[0], _bounds(second)[1]
    scale = re.search(r"[万亿]", second["number"] + (second["scale"] or ""))
    if scale and low < high / 1000 and not unit:
        # 2至3万亩: the scale of the second numeral is the first one's as well.
        low *= 10_000 if scale[0] == "万" else 100_000_000
    wording = second["share"] or share or rest or unit
    return {"low": min(low, high), "high": max(low, high)}, wording, bool(second["more"])


def _unit(context: Context, wording: str) -> tuple[str | None, str, float]:
    if wording.startswith("/") and wording not in context.lexicon["UNIT"]:
        return wording, "rate", 1.0
    if wording in ("万", "亿"):
        return "1", "count", 10_000.0 if wording == "万" else 100_000_000.0
    if wording in _SHARES:
        unit, factor = _SHARES[wording]
        return unit, "ratio", factor
    if not wording or wording == "1":
        return "1", "ratio" if wording == "1" else "other", 1.0
    entry = context.lexicon["UNIT"].get(wording)
    if entry is None and "/" in wording:
        head, _, tail = wording.partition("/")
        base = context.lexicon["UNIT"].get(head)
        return (f"{base.canonical}/{tail}" if base else wording), "rate", float(base.note) if base else 1.0
    if entry is None:
        return wording, "count", 1.0
    return entry.canonical, entry.category, float(entry.note or 1)


def _comparison(context: Context, *, vague: bool) -> tuple[Comparator, Change]:
    # Every pattern below looks at the words right before the figure; the longest needs under thirty characters.
    left = context.left[-_WORDS_BEFORE:]
    comparator = _comparator(context, left, vague=vague)
    return comparator, None if comparator == "lead" else _change(left)


def _comparator(context: Context, left: str, *, vague: bool) -> Comparator:
    right = context.right
    plain: Comparator = "~" if vague else "="
    compared_behind = right[:1] in _RIGHT_BEGINS
    if compared_behind and _ABOUT.match(right):
        return "~"
    if _DOUBLE.search(context.span) or (compared_behind and _BETWEEN.match(right)):
        return "="
    if (left.endswith("每") and _DURATION.search(context.span)) or (
        context.span.endswith("年") and _SPAN_OF_YEARS.search(left)
    ):
        return plain
    before = next((sign for sign, pattern in _LEFT if pattern.search(left)), None) if _is_compared(left) else None
    if before:
        return "<" if before == "<=" and _DOWN_BELOW.search(left) and right.startswith("以下") else before
    behind = next((sign for sign, pattern in _RIGHT if pattern.match(right)), None) if compared_behind else None
    if behind == "<=" and right.startswith("以下") and _DOWN_BELOW.search(left):
        return "<"
    return behind or plain


def _is_compared(left: str) -> bool:
    """Whether the words can end in one of comparison; most cannot, and a look costs less than six patterns."""
    likely = left[-1:] in _LEFT_ENDS or "至少" in left or "不低于" in left or "不少于" in left
    return likely and bool(_COMPARES.search(left))


def _change(left: str) -> Change:
    if not _CHANGES.search(left):
        return None
    by = _CHANGED_BY.search(left)
    if by:
        return "down" if by["down"] else "up"
    if _DOWN_TO.search(left):
        return None
    trimmed = _STRIP.sub("", _EARLIER_FIGURES.sub("", left))
    if _DOWN.search(trimmed):
        return "down"
    return "up" if _UP.search(trimmed) and not _UP_TO.search(trimmed) else None


def _role(context: Context, comparator: Comparator, change: Change) -> Role:
    left, right = context.left, context.right
    years = context.span.endswith("年")
    if (years and _BASELINE.search(left)) or _BASELINE_RIGHT.match(right):
        return "baseline"
    if _FROM.search(left) and _CHANGED_TO.match(right):
        return "baseline"
    if _is_reported(context.told, comparator) or (_STOCK.search(left) and not _DONE.search(left[-14:])):
        return "statistic"
    if comparator == "=" and change is None and _is_enumeration(context):
        return "enumeration"
    return "target"


def _is_enumeration(context: Context) -> bool:
    """Whether the figure counts things that are listed right before it or announced right behind it."""
    numeral = _WHOLE.match(context.span)
    value = to_number(numeral[0]) if numeral else None
    if value is None:
        return False
    before = context.left[-60:]
    listed = _LIST_BEFORE.search(before) if _JOINT_BEFORE.search(before) else None
    if listed:
        return bool(listed["others"]) or 1 + len(re.findall("、|和|及", listed["list"])) in (value, value + 1)
    if value > _COUNT_OF_LIST:
        return False
    if _INTRODUCES.match(context.right):
        return True
    return context.span[-1:] in "个项大类种方面条点步级部" and bool(_ENUMERATION_RIGHT.match(context.right))


def _is_reported(left: str, comparator: Comparator) -> bool:
    """Whether the last word of the sentence that speaks of time speaks of the past.

    Words of comparison (`较上年`) name the past without leaving the present.
    """
    told = _COMPARED.sub("", left)
    times = [*_PAST.finditer(told), *_PAST_YEAR.finditer(told)]
    if not times:
        return False
    past = max(match.end() for match in times)
    planned = max((m.end() for m in _TO_DO.finditer(told)), default=-1)
    return planned < past and comparator != "lead"
