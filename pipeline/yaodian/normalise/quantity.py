"""Value, unit, comparator, change, role and indicator of a quantity."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from yaodian.labels import QuantityAttributes
from yaodian.numerals import to_number

if TYPE_CHECKING:
    from yaodian.labels.quantity import Comparator, Role
    from yaodian.normalise.context import Context

_CN = "〇零一二三四五六七八九十百千万亿两"
_ARABIC = r"\d{1,15}(?:，\d{3}(?!\d))*(?:\.\d{1,8})?"
_NUMERAL = rf"{_ARABIC}(?:[十百千]?[万亿]{{1,2}}|[百千](?![米克瓦伏卡赫]))?|[数几上近]?[{_CN}]{{1,14}}(?:点[〇零一二三四五六七八九]{{1,6}})?"
_SPLIT = re.compile(
    rf"(?P<share>百分之|千分之|万分之)?(?P<a>{_NUMERAL})(?:分之(?P<of>[{_CN}]{{1,8}}))?(?P<more>余|多|来|几)?(?P<scale>[万亿](?=.))?"
    rf"(?P<unit1>[^\d\-—~至到]*?)(?:(?:以上|-{{1,2}}|—{{1,2}}|~|至|到)(?P<share2>百分之|千分之)?(?P<b>{_NUMERAL})(?P<more2>余|多)?(?P<unit2>.*))?\Z"
)
_SHARES = {"百分之": ("%", 1.0), "千分之": ("‰", 1.0), "万分之": ("‱", 1.0)}
_RIGHT: tuple[tuple[Comparator, re.Pattern[str]], ...] = (
    (">=", re.compile(r"[及和]?以上|及以上")),
    ("<=", re.compile(r"[及之]?以?内|之内|时间内|[及和]?以下(?!简称)|为限|范围内")),
    ("~", re.compile(r"左右|上下|前后|许")),
)
_LEFT: tuple[tuple[Comparator, re.Pattern[str]], ...] = (
    ("lead", re.compile(r"(?:提前|提早|预先)(?:至少|不少于|约)?$|(?:来临|开学|放假|到期|到来|节|庆|一|召开|开始|启动)前$")),
    (">=", re.compile(r"(?:不低于|不少于|不小于|不短于|不得低于|不得少于|不得小于|不下于|至少|最少|力争达到|达到或超过|≥|不低于全市平均|不晚于|起码|不应少于|不得短于|满|至少[\u4e00-\u9fff]{1,10}|(?:不低于|不少于)[^，。；\d]{1,16}的?)$")),
    ("<=", re.compile(
        r"(?:不超过|不高于|不大于|不多于|不得超过|不得高于|不得多于|不得大于|至多|最多|最高|控制在|控制到|≤|不迟于|不晚于|不长于|限期|排名前|前)$"
    )),
    (">", re.compile(r"(?:超过|高于|大于|多于|突破|超|>|逾|超出)$")),
    ("<", re.compile(r"(?:低于|少于|小于|不足|不到|<|未满|不满)$")),
    ("~", re.compile(r"(?:约|近|大约|将近|接近|约为|近乎)$")),
)  # fmt: skip
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
_PAST = re.compile(
    r"去年|上年|过去|以来|同比|较上年|比上年|共发生|全年共|累计|截至|回顾|已(?:经)?(?:建|完|有|达|形|连|实|累|接|投|发|转|停|改|整|查|清|退|收|处|办)|现有|目前|现已|当年|期末|上一年度|完成了|实现了|下达了|底数"
)
_PAST_YEAR = re.compile(r"(?:19|20)\d{2}年(?!以前|底前|前|底|要|将|计划|目标|力争|起)")
_TO_DO = re.compile(
    r"力争|确保|要|应|须|不低于|不少于|不超过|不高于|至少|不得|完成|达到|控制在|新建|新增|建成|开展|组织|实现|每|提前|以内|底前|年内|计划|拟|不大于|不小于|创建|培育|改造|今年|全年"
)
_BASELINE = re.compile(r"(?:前|近|较|比|以|上)(?:[三五两四]年)?$|基数|平均值|在[^，]{0,12}基础上")
_BASELINE_RIGHT = re.compile(r"(?:[^，。]{0,14}平均值|[^，。]{0,10}平均水平|的基础上|基数)")
_ENUMERATION_RIGHT = re.compile(
    r"(?:重点|主要|大|专项|关键|方面|环节|领域|机制|责任人|任务|行动|工程|要求|原则|问题|风险|专题|板块|阶段|清单|体系|制度|措施|部分|抓手|内容|维度|层面|类别|"
    r"能力|目标|难题|短板|重大|必|不|坚持|个|攻坚|事项|堡垒|标准|统一|方向|聚焦)"
)
_LIST_BEFORE = re.compile(r"[^，。；]{1,20}(?:、[^，。；]{1,20}){1,}(?:等|这|共)?$")
_CLAUSE = re.compile(r"[，；。：（）、]")
_CLAUSE_WIDE = re.compile(r"[，；。：（）]")
_LEADING = re.compile(
    r"^(?:并|且|其中|确保|力争|努力|全年|年内|今年|全市|全省|全县|全区|要|将|使|对|把|实现|做到|按照|按|每年|每月|每季度|每半年|每|底前|\d{1,2}月底前|"
    r"\d{4}年|年底前|上半年|下半年|原则上|累计|同比|较上年|比上年|均|各|再|组织开展|组织|开展)+"
)
_EARLIER_FIGURES = re.compile(r"(?:[\d.]{1,12}[%‰]?(?:个百分点)?(?:和|、|、?至))+$")


def attributes(context: Context) -> QuantityAttributes:
    """Normalise one quantity."""
    values, unit_text, vague = _read(context.span)
    unit, dimension, factor = _unit(context, unit_text)
    low_high = {key: round(value * factor, 6) for key, value in values.items()}
    comparator, change = _comparison(context, vague=vague)
    return QuantityAttributes(
        role=_role(context, comparator, change),
        **low_high,
        unit=unit,
        dimension=dimension,
        comparator=comparator,
        change=change,
        indicator=_indicator(context),
    )


def _number(text: str) -> float:
    if text[0] in "数几上近":
        text = "一" + text[1:] if len(text) > 1 else "一"
    if text[0] in "十百千万亿" and len(text) > 1 and text[0] != "十":
        text = "一" + text
    value = to_number(text)
    if value is None and text.startswith(("百", "千", "万", "亿")):
        value = to_number("一" + text)
    return value if value is not None else 0.0


def _read(span: str) -> tuple[dict[str, float], str, bool]:
    """Numbers of a span, its unit's wording, and whether the numeral is inexact."""
    if span.startswith("半"):
        return {"value": 0.5}, span[1:].removeprefix("个"), False
    half = re.fullmatch(rf"(?P<n>{_NUMERAL})个半(?P<u>.+)|(?P<m>{_NUMERAL})(?P<v>年|天)半", span)
    if half:
        return {"value": _number(half["n"] or half["m"]) + 0.5}, half["u"] or half["v"], False
    match = _SPLIT.match(span)
    if match is None:
        return {"value": 0.0}, span, True
    vague = bool(match["more"] or match["more2"]) or span[0] in "数几上近"
    if match["of"]:
        return {"value": round(_number(match["of"]) / _number(match["a"]), 6)}, "1", vague
    first = _number(match["a"])
    if match["b"]:
        second, unit = _number(match["b"]), match["unit2"]
        scale = re.search(r"[万亿]", match["b"])
        if scale and not re.search(r"[万亿]", match["a"]) and match["unit1"] == "":
            first *= 10_000 if scale[0] == "万" else 100_000_000
        share = match["share2"] or match["share"]
        return {"low": min(first, second), "high": max(first, second)}, share or unit, vague
    if match["scale"]:
        first *= 10_000 if match["scale"] == "万" else 100_000_000
    return {"value": first}, match["share"] or match["unit1"], vague


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


def _comparison(context: Context, *, vague: bool) -> tuple[Comparator, Any]:
    # Every pattern below looks at the words right before the figure; the longest needs under thirty characters.
    left, right = context.left[-32:], context.right
    comparator: Comparator = "~" if vague else "="
    for sign, pattern in _LEFT:
        if pattern.search(left):
            comparator = sign
            break
    else:
        for sign, pattern in _RIGHT:
            if pattern.match(right):
                comparator = sign
                break
    if comparator == "lead":
        return comparator, None
    if comparator == "<=" and re.search(r"(?:降至|降到|压降到|压减到)$", left) and right.startswith("以下"):
        comparator = "<"
    trimmed = _STRIP.sub("", _EARLIER_FIGURES.sub("", left))
    if _DOWN_TO.search(left):
        return comparator, None
    if _DOWN.search(trimmed):
        return comparator, "down"
    if _UP.search(trimmed) and not re.search(r"(?:提高|提升|上升|增长|增加)(?:到|至)$", trimmed):
        return comparator, "up"
    return comparator, None


def _role(context: Context, comparator: Comparator, change: str | None) -> Role:
    left, right = context.left, context.right
    if (_BASELINE.search(left) and context.span.endswith("年")) or _BASELINE_RIGHT.match(right):
        return "baseline"
    to_do = bool(_TO_DO.search(left[-30:])) or comparator in (">=", "<=", "lead")
    if _PAST.search(left) and not to_do:
        return "statistic"
    if _PAST_YEAR.search(left) and not to_do and change is None:
        return "statistic"
    if (
        comparator == "="
        and change is None
        and context.span[-1:] in "个项大类种方面条点步级"
        and (_LIST_BEFORE.search(left[-42:]) or _ENUMERATION_RIGHT.match(right))
    ):
        return "enumeration"
    if (
        context.text[context.end : context.end + 1] in "，、；。）"
        and _LIST_BEFORE.search(left[-42:])
        and context.span[-1:] in "项个类"
    ):
        return "enumeration"
    return "target"


def _indicator(context: Context) -> str | None:
    """Name of what is measured: the noun right behind a count, else the clause before the figure and its verb."""
    right = _CLAUSE.split(context.right, maxsplit=1)[0]
    after = re.match(r"(?:以上|以下|以内|左右|及以上|的|之内)*(?P<noun>[^\d\s“”《》（）]{2,24})", right)
    unit_is_count = not re.search(r"(?:%|‰|百分点|元|成|倍|小时|分钟|年|天|月|日|工作日|百分之.*)$", context.span)
    if unit_is_count and after and after["noun"]:
        return after["noun"]
    clause = _CLAUSE_WIDE.split(context.left)[-1]
    clause = _STRIP.sub("", clause)
    clause = re.sub(
        r"(?:达到|达|降至|降到|提高到|提升到|控制在|保持在|稳定在|为|在|至|到|提前|下降|增长|提高|减少|增加|降低|提升|缩短|每年|每)+$",
        "",
        clause,
    )
    clause = _LEADING.sub("", clause)
    if len(clause) >= 2:
        return clause[-40:]
    return after["noun"] if after and after["noun"] else None
