"""Who does a measure: bodies in its notes of duties, its subject, and those named by 由…牵头."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from yaodian.spans import contains

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from yaodian.spans import HasSpan, Span

_BY = re.compile(r"(?:由|责成|委托|归)\Z")
_PARTNER = re.compile(
    r"(?:会同|联合|协同|联手|联动|会商|(?<![磋会协])商|(?<=[\u4e00-\u9fff])(?<![不共协会陪随一相如])同)\Z"
)
_WITH = re.compile(r"(?:与|和|毗邻的|邻近的|邻省)\Z")
_TOGETHER = re.compile(
    r"[^，。；]{0,4}(?:建立|签订|签|签署|共建|共享|联合|开展|共同|协作|联动|联手|组成|结对|合作|合办|订下|研究|搭建|建|健全|打通|跨区域)"
)
# What a body begins only to go on as a noun phrase: posts, works, texts and qualities of it.
_NOT_SUBJECT = re.compile(
    r"[的》”。；]|\Z|主任|主要(?!负责[^人])|负责人|书记|局长|领导|班子|成员|面积|网站|系统|项目|工作(?!人员要)|预案|专家|机关干部|干部|考核巡查反馈|反馈|整体|发热|设在|"
    r"总体|是|党员|人员|职工|学生|医院|用房|办公|队伍建设|建设(?!单位)|改革|关于|文件|要求|部署|决策|精神|印发的|下达|挂牌督办的|包保|辖区|范围|门口|官网|微信|大厅|一体|会议"
)
_URGED = re.compile(
    r"(?:督促|指导|推动|要求|引导|支持|配合|协调|帮助|报|向|对|与|和|、|及|请|通知|移交|移送|通报|抄送|组织|确保|将|把|为|给|至|在|从|到|经|以|设|于)\Z"
)
_CLAUSE_START = re.compile(
    r"(?:^|[，；：。\n（）]|(?:[一二三四五六七八九十]{1,2}是|首先是?|其次|日前|月底前|底前|年内|其中|期间|时|后|旬|全年|每年|力争)|\d{1,2}月|[\d一二三四五六七八九十][.、．])\Z"
)
_JOINTS = frozenset(["、", "和", "与", "及", "以及"])


def actors(text: str, measure: Span, notes: Iterable[Span], bodies: Sequence[HasSpan]) -> Iterator[int]:
    """Indices of the institutions in `bodies` that act in a measure; all spans are the view's.

    Bodies joined by `、` or `和` act together or not at all: the first one's left side and the last one's right
    side decide.
    """
    for index, body in enumerate(bodies):
        if any(contains(note, body) for note in notes):
            yield index
    inside = [index for index, body in enumerate(bodies) if contains(measure, body)]
    for group in _joined(text, inside, bodies):
        if _act(text, measure, bodies[group[0]], bodies[group[-1]]):
            yield from (index for index in group if not any(contains(note, bodies[index]) for note in notes))


def _joined(text: str, indices: Sequence[int], bodies: Sequence[HasSpan]) -> Iterator[list[int]]:
    """Runs of bodies with nothing but a joint between them."""
    run: list[int] = []
    for index in indices:
        if run and text[bodies[run[-1]].end : bodies[index].start] not in _JOINTS:
            yield run
            run = []
        run.append(index)
    if run:
        yield run


def _act(text: str, measure: Span, first: HasSpan, last: HasSpan) -> bool:
    """Whether bodies from the first to the last are what acts."""
    before = text[max(measure.start, first.start - 10) : first.start]
    if _BY.search(before) or _PARTNER.search(before):
        return True
    if _WITH.search(before):
        return bool(_TOGETHER.match(text, last.end))
    if _URGED.search(before) or _NOT_SUBJECT.match(text, last.end):
        return False
    return first.start == measure.start or bool(_CLAUSE_START.search(before))


_LEADS = re.compile(r"(?:等(?:部门|单位)?)?(?:负责)?(?:牵头|主责|主办|总牵头)")
_SUPPORTS = re.compile(r"(?:等(?:部门|单位)?)?(?:按(?:照)?职责分工)?(?:配合|协助|协办|参与|参加|支持)")
_LEAD_NOTE = re.compile(r"(?:牵头|主办|主责)(?:单位|部门|处室|科室|股室|科|处)?：[^：；。]*\Z")
_SUPPORT_NOTE = re.compile(r"(?:配合|协办|参与|参加|协同)(?:单位|部门|处室|科室|股室|科|处)?：[^：；。]*\Z")
_LISTED = re.compile(r"(?:[、和与及][\u4e00-\u9fff（）]{2,20})*")
_SHARED_ROLE = re.compile(r"(?:牵头|主责|主办|(?P<support>配合|协助|协办|参与|参加))\Z")
_NOTE_REACH = 200


def role(text: str, body: HasSpan, notes: Iterable[Span]) -> str:
    """Role of an acting body: `leads`, `supports`, or `responsible_for` where neither word stands with it.

    A list shares the word at its end: `市应急局、市水利局[配合]`.
    """
    for note in notes:
        if contains(note, body):
            before = text[max(note.start, body.start - _NOTE_REACH) : body.start]
            if _LEAD_NOTE.search(before):
                return "leads"
            if _SUPPORT_NOTE.search(before):
                return "supports"
    before = text[max(0, body.start - 8) : body.start]
    if _PARTNER.search(before):
        return "supports"
    behind = _LISTED.match(text, body.end)
    end = behind.end() if behind else body.end
    for position in (body.end, end):
        if _LEADS.match(text, position):
            return "leads"
        if _SUPPORTS.match(text, position):
            return "supports"
    tail = _SHARED_ROLE.search(text[body.end : end])
    if tail:
        return "supports" if tail["support"] else "leads"
    return "responsible_for"
