"""Notes of duties (`责任单位：…`, `（…牵头，…配合）`): there every piece of the list is a body, whatever its name is built from."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from yaodian.tag.base import Candidate

if TYPE_CHECKING:
    from collections.abc import Iterator

# A note of duties, and a piece of its list once the words for the share of the work are off.
_NOTE = re.compile(
    r"(?:责任|牵头|配合|主办|协办|承办|参加|参与|负责|主责|落实|督办|实施|完成)(?:单位|部门|处室|科室|股室|科|处)(?:和配合单位)?：(?P<list>[^。；：\n]{2,400})|"
    r"（(?P<inside>[^（）。；：\n]{2,30}(?:（[^（）]{1,12}）)?[^（）。；：\n]{0,200}?(?:牵头|负责|配合|参加|落实|参与)[^。；：\n]{0,200}?)）"
)
_PIECE = re.compile(r"[^、，；和及]+")
_SHARE = re.compile(
    r"(?:等?(?:按照?(?:各自)?职责)?(?:分工)?(?:分别)?(?:共同|具体|协同)?(?:牵头|负责|配合|参加|参与|落实|监督|实施|承办|组织实施|负责落实|按职责分工))+$|等$|^(?:由|会同|联合)"
)
_BODY_END = re.compile(
    r"(?:[局委办处科室厅部院所会站府队区县市州镇乡司团校馆股组关]|中心|街道|单位|部门|机构|公司|集团|社|处室|企业|法人)(?:（[^（）]{1,12}）)?$"
)


def in_notes(text: str) -> Iterator[Candidate]:
    """Bodies listed in notes of duties: there every piece of the list is one, whatever its name is built from."""
    for note in _NOTE.finditer(text):
        group = "list" if note["list"] else "inside"
        for piece in _PIECE.finditer(text, note.start(group), note.end(group)):
            start, end = piece.span()
            while share := _SHARE.search(text, start, end):
                start, end = (
                    (share.end(), end) if share.start() == start and share.end() < end else (start, share.start())
                )
                if start >= end:
                    break
            name = text[start:end]
            if 2 <= len(name) <= 24 and _BODY_END.search(name) and "企业" not in name and "法人" not in name:
                yield Candidate(start, end, "INSTITUTION", "rule:institution-note", priority=2)
