"""INSTITUTION 机构: organs, units, committees, commands, teams and companies that bear names or duties."""

from __future__ import annotations

from typing import Literal

from yaodian.labels.base import Attributes, EntityType


class InstitutionAttributes(Attributes):
    """`named` where the name picks out one body, `collective` for a class of duty-bearing bodies."""

    kind: Literal["named", "collective"]


INSTITUTION = EntityType(
    name="INSTITUTION",
    chinese="机构",
    colour="#9ecbff",
    attributes=InstitutionAttributes,
    examples=("市应急管理局", "国家消防救援局", "各区", "水务部门"),
    definition="Party and government organs, their units, committees, commands, public institutions, named firms.",
)
