"""REGULATION 法规文件: laws, rules, plans, schemes, opinions, standards, lists and notices."""

from __future__ import annotations

from typing import Literal

from yaodian.labels.base import Attributes, EntityType

Status = Literal["issue", "revise", "implement", "promote", "repeal", "cite", "mention"]
Form = Literal[
    "law", "regulation", "rule", "plan", "scheme", "opinion", "contingency_plan", "standard", "notice", "list", "other"
]  # fmt: skip


class RegulationAttributes(Attributes):
    """What is done with the text (`status`), what kind of text it is (`form`), and its 文号 where one follows."""

    status: Status
    form: Form
    doc_number: str | None = None


REGULATION = EntityType(
    name="REGULATION",
    chinese="法规文件",
    colour="#c7b8f5",
    attributes=RegulationAttributes,
    examples=("《天津市安全生产条例》", "“十四五”规划", "安全生产十五条措施"),
    definition="Laws, regulations, rules, plans, schemes, opinions, standards, lists, notices and document numbers.",
)
