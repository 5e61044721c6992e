"""HAZARD 灾害与风险类型: disasters, accidents and threats, and domains regulated because of them."""

from __future__ import annotations

from typing import Literal

from yaodian.labels.base import Attributes, EntityType

Category = Literal[
    "水旱", "气象", "地震", "地质", "海洋", "生物", "森林草原火灾",
    "工矿商贸", "交通运输", "建筑施工", "火灾", "危险化学品", "燃气", "特种设备", "其他",
    "公共卫生", "社会安全",
]  # fmt: skip


class HazardAttributes(Attributes):
    """An `event`, a `domain` of safety control or an `activity` against one, with its national category."""

    kind: Literal["event", "domain", "activity"]
    category: Category


HAZARD = EntityType(
    name="HAZARD",
    chinese="灾害与风险类型",
    colour="#ffb8a8",
    attributes=HazardAttributes,
    examples=("暴雨", "森林火灾", "危险化学品", "防汛抗旱"),
    definition="The name of a disaster, accident or threat, or of a trade, site or substance regulated because of it.",
)
