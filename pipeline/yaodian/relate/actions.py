"""Verbs that say what a measure does, one a clause."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from yaodian.spans import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

_VERBS = (
    "制修订|修订完善|研究制定|贯彻落实|建立健全|建立完善|组织开展|排查整治|持续推进|统筹推进|推动落实|"
    "制定|出台|印发|编制|修订|修改|起草|发布|废止|开展|推进|推动|加强|强化|完善|健全|建立|落实|实施|深化|提升|提高|"
    "组织|指导|督促|督导|推广|建设|新建|改造|建成|构建|打造|优化|规范|加快|加大|抓好|做好|严格|严厉打击|打击|查处|排查|整治|"
    "检查|巡查|监测|预警|评估|普查|会商|储备|演练|培训|宣传|普及|选拔|培养|激励|表彰|考核|问责|约谈|通报|签订|成立|组建|"
    "整合|统筹|协调|配合|支持|引导|鼓励|发挥|夯实|巩固|扩大|拓展|压实|聚焦|紧盯|防范|化解|消除|防止|遏制|确保|保障|保持|"
    "编写|汇总|公布|公示|启动|转移|安置|救助|恢复|重建|调查|处置|救援|抢险|采购|安排|投入|落细|固化|深入|探索|创新|运用|利用|学习|领会|坚持"
)
_OPENING = (
    rf"(?:一是|二是|三是|四是|五是|六是|首先|其次|再次|最后|同时|并|进一步|持续|深入|全面|大力|着力|切实|扎实|认真|积极|"
    rf"不断|有效|有序|稳步|坚决|严格|统筹|继续|加快|全力|重点|年内|科学|充分|及时|集中|广泛|定期|联合|牢牢)*(?P<verb>{_VERBS})"
)
_FIRST = re.compile(_OPENING)
_LATER = re.compile(rf"[，；、：]{_OPENING}")


def actions(text: str, measure: Span) -> Iterator[Span]:
    """Spans of the verbs that open the clauses of a measure, in the view."""
    first = _FIRST.match(text, measure.start, measure.end)
    if first:
        yield Span(*first.span("verb"))
    for match in _LATER.finditer(text, measure.start, measure.end):
        yield Span(*match.span("verb"))
