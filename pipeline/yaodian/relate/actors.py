"""Who does a measure: bodies in its notes of duties, its subject, and those named by 由…牵头."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from yaodian.spans import contains

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from yaodian.spans import HasSpan, Span

_BY = re.compile(r"(?:由|责成|委托)\Z")
_PARTNER = re.compile(r"(?:会同|联合|协同|联手|会商)\Z")
_TOGETHER = re.compile(r"[^，。；]{0,3}(?:建立|签订|签署|共建|共享|联合|开展|共同|协作|联动)")
# What follows a body that only begins a noun phrase (`市政府的…`, `市委、`).
_NO_SUBJECT = frozenset("的、（》”。；")
_ACTS = re.compile(
    r"(?:等(?:部门|单位)?)?(?:牵头|负责|具体负责|要|应当|应|须|需|必须|每[年月周季半]|会同|联合|配合|参与|具体|主要负责|分别|共同|统一|同步|于|开展|组织|每个|至少|全年|"
    r"按照|按|对|年内|在\d|\d{1,2}月)"
)
_URGED = re.compile(
    r"(?:督促|指导|推动|要求|引导|支持|配合|协调|帮助|报|向|对|与|和|、|及|请|通知|移交|移送|通报|抄送|组织|确保|将|把|为|给|至|在|从|到|经|以)\Z"
)
_CLAUSE_START = re.compile(r"(?:^|[，；：。]|(?:是|日前|月底前|年内|年底前|其中)|\d{1,2}月)\Z")


def actors(text: str, measure: Span, notes: Iterable[Span], bodies: Sequence[HasSpan]) -> Iterator[int]:
    """Indices of the institutions in `bodies` that act in a measure; all spans are the view's."""
    found: set[int] = set()
    for index, body in enumerate(bodies):
        if any(contains(note, body) for note in notes) or (contains(measure, body) and _acts(text, measure, body)):
            found.add(index)
    for index, body in enumerate(bodies):
        # `由A、B和C牵头`: what is listed with an actor acts as well.
        if index and index - 1 in found and contains(measure, body):
            between = text[bodies[index - 1].end : body.start]
            if between in ("、", "和", "与", "及", "，"):
                found.add(index)
    yield from sorted(found)


def _acts(text: str, measure: Span, body: HasSpan) -> bool:
    before = text[max(measure.start, body.start - 8) : body.start]
    if _BY.search(before) or _PARTNER.search(before):
        return True
    if before.endswith(("与", "同", "和")) and _TOGETHER.match(text, body.end):
        return True
    if body.start == measure.start and text[body.end : body.end + 1] not in _NO_SUBJECT:
        return True
    if _URGED.search(before) or text[body.end : body.end + 1] == "的":
        return False
    return bool(_CLAUSE_START.search(before)) and bool(_ACTS.match(text, body.end))
