"""Status, form and document number of a policy text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from yaodian.labels import RegulationAttributes

if TYPE_CHECKING:
    from yaodian.labels.regulation import Form, Status
    from yaodian.normalise.context import Context

_FORMS: tuple[tuple[Form, re.Pattern[str]], ...] = (
    ("contingency_plan", re.compile(r"(?:应急|处置|疏散|救援|防御|抢险|转移|灭火|保障|专项|总体)?预案$")),
    ("scheme", re.compile(r"方案$")),
    ("list", re.compile(r"清单$|目录$|名录$|名单$|一览表$|台账$")),
    ("opinion", re.compile(r"意见$")),
    ("notice", re.compile(r"通知$|通报$|批复$|决定$|公告$|通告$|函$|公报$")),
    ("standard", re.compile(r"标准$|规范$|导则$|规程$|指南$|指引$|基准$")),
    ("regulation", re.compile(r"条例$")),
    ("law", re.compile(r"(?<!办)法$|法律$|宪法$|法典$")),
    ("rule", re.compile(r"办法$|规定$|细则$|规则$|制度$|准则$|规程$|守则$|章程$")),
    ("plan", re.compile(r"规划$|计划$|要点$|工作安排$|安排$|纲要$|规划纲要$|任务书$")),
)
_TRAILER = re.compile(r"(?:（[^（）]*）)+$|[》”]+$")
_NUMBER = re.compile(
    r"[\u4e00-\u9fffA-Z]{1,16}[〔\[［【（](?:19|20)\d{2}[〕\]］】）]第?\d{1,5}号|[\u4e00-\u9fff]{0,16}令第?\d{1,4}号"
)
_ARTICLES = re.compile(r"条”?(?:硬|具体|重要|刚性)?(?:措施|举措)|^“.*”$")

# Each status with the verbs before the text and the words after it that show it; the nearest to the text decides.
_ISSUE = r"制定|出台|印发|编制|发布|起草|拟定|拟订|研究制定|颁布|公布|编印|下发|组织编写|编写|草拟|转发|形成"
_REVISE = r"修订|修改|制修订|修编|修正|完善修订|修订完善|调整|更新"
_IMPLEMENT = r"贯彻|落实|严守|遵守|恪守|执行|实施|宣贯|深化|推进|推动|践行|学习|抓好|完成|对照|严格|对标"
_PROMOTE = r"推广|宣传|宣讲|解读|普及"
_REPEAL = r"废止|清理|停止执行"
_CITE = r"根据|依据|按照|依照|遵照|参照|按|以|对照|依"
_BEFORE = re.compile(
    rf"新(?:近)?修[订改](?:后)?的?|(?P<revise>{_REVISE})|(?P<issue>{_ISSUE})|(?P<repeal>{_REPEAL})|(?P<promote>{_PROMOTE})|(?P<cite>{_CITE})|(?P<implement>{_IMPLEMENT})"
)
_AFTER: tuple[tuple[Status, re.Pattern[str]], ...] = (
    ("issue", re.compile(r"(?:等[^，]{0,8})?(?:的)?(?:编制|起草|制定|出台|印发|发布|立法|报批|送审)|[^。]{0,40}(?:印发给|印发你们|现予印发)")),
    ("revise", re.compile(r"(?:等[^，]{0,8})?(?:的)?(?:修订|修改|修编|制修订)")),
    ("implement", re.compile(
        r"(?:等[^，]{0,14})?[^，]{0,6}(?:贯彻|落实|执行|实施(?!方案|意见|细则)|落地|宣贯)"
    )),
    ("promote", re.compile(r"(?:等[^，]{0,6})?(?:的)?(?:宣传|推广|普及|宣讲)")),
    ("cite", re.compile(r"[^，]{0,4}(?:基础上|要求|规定|精神|明确|确定)")),
)  # fmt: skip
_PART_OF = re.compile(r"(?:相应条款|[^，。]{0,8}条款|第[一二三四五六七八九十百\d]+条)")
_CLAUSE_BREAK = re.compile(r"[，：:。；]")


def attributes(context: Context) -> RegulationAttributes:
    """Read form and number off the title and status off the verb that governs it."""
    span = context.span
    number = _NUMBER.search(span) if "号" in span else None
    return RegulationAttributes(status=_status(context), form=_form(span), doc_number=number[0] if number else None)


def _form(span: str) -> Form:
    if _ARTICLES.search(span):
        return "other"
    bare = span
    while (shorter := _TRAILER.sub("", bare)) != bare:
        bare = shorter
    for form, pattern in _FORMS:
        if pattern.search(bare):
            return form
    return "other"


def _status(context: Context) -> Status:
    right = context.right
    right = (
        right.lstrip("》”") if not right.startswith("《") else right[right.rfind("》") + 1 :] if "》" in right else ""
    )
    while right.startswith(("、《", "和《", "与《", "及《")) and "》" in right:
        right = right[right.index("》") + 1 :]
    if _PART_OF.match(right):
        return "mention"
    after = next((status for status, pattern in _AFTER[:2] if pattern.match(right)), None)
    if after:
        return after
    before = _verb_before(context.left or _line_above(context))
    if before in ("issue", "revise", "repeal", "promote"):
        return before
    after = next((status for status, pattern in _AFTER[2:] if pattern.match(right)), None)
    if after == "cite" and before == "implement":
        return "implement"
    return after or before or "mention"


def _line_above(context: Context) -> str:
    """Return the end of the line above where the span opens a line: a headline broken after 关于印发."""
    above = context.text[max(0, context.start - 60) : max(0, context.start - 1)].rpartition("\n")[2]
    return above if above.endswith(("印发", "转发", "发布", "下发")) else ""


def _verb_before(left: str) -> Status | None:
    """Status of the nearest governing verb; titles listed before this one are stepped over."""
    clause = left
    while clause.endswith(("》", "》、", "》和", "》与", "》及", "》以及")) and "《" in clause:
        clause = clause[: clause.rindex("《")]
    start = max((match.end() for match in _CLAUSE_BREAK.finditer(clause)), default=0)
    found = None
    for match in _BEFORE.finditer(clause, start):
        found = match.lastgroup or found
    return found  # type: ignore[return-value]
