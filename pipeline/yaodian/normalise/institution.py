"""Kind of an institution: one body, or a class of duty-bearing bodies."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from yaodian.labels import InstitutionAttributes

if TYPE_CHECKING:
    from yaodian.normalise.context import Context

_COLLECTIVE = re.compile(
    r"^(?:各|有关|相关|涉|其他|所有|全体|基层)|各|[两二三四五]级|有关|相关|（[市县区州旗乡镇街道、]+）|[省市县区镇乡街村]级(?!机关事务)|"
    r"(?:部门|单位|机关|处室|科室|街道|乡镇|镇街|街镇|机构|委办局|部委|队伍|部队|支部|成员|调查组|现场指挥部|公安机关|党政机关)$|"
    r"^(?:乡镇|镇街|街道|县区|区县|市县|社区|地方|属地|县级|市级|区级)"
)
_NAMED_LEVEL = re.compile(r"^(?:市级机关|省级机关|[省市县区]直机关工委)")
_NAMED = re.compile(r"[\u4e00-\u9fff]{2,}街道$")


def attributes(context: Context) -> InstitutionAttributes:
    """Tell `named` from `collective` by the name's form; a lexicon entry's category decides first."""
    span = context.span
    entry = context.lexicon["INSTITUTION"].get(span)
    if entry and entry.category in ("named", "collective"):
        return InstitutionAttributes(kind="named" if entry.category == "named" else "collective")
    if _NAMED_LEVEL.match(span) or (_NAMED.search(span) and not span.startswith(("各", "有关", "相关"))):
        return InstitutionAttributes(kind="named")
    return InstitutionAttributes(kind="collective" if _COLLECTIVE.search(span) else "named")
