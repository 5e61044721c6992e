"""QUANTITY 量化指标: numbers with a unit that say how much, how many, how long or how often."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import model_validator

from yaodian.labels.base import Attributes, EntityType

Role = Literal["target", "enumeration", "baseline", "statistic"]
Comparator = Literal["=", ">=", "<=", ">", "<", "~", "lead"]
Change = Literal["up", "down"] | None


class QuantityAttributes(Attributes):
    """Normalised number: either `value`, or `low` and `high` of a range.

    `unit` is a UCUM or ISO 4217 code where one exists, else the Chinese measure word; `indicator` is the text
    that names what is measured.
    """

    role: Role
    value: float | None = None
    low: float | None = None
    high: float | None = None
    unit: str | None = None
    dimension: str
    comparator: Comparator = "="
    change: Change = None
    indicator: str | None = None

    @model_validator(mode="after")
    def _value_or_range(self) -> Self:
        ranged = self.low is not None and self.high is not None
        if (self.value is None) == (not ranged) or (self.low is None) != (self.high is None):
            raise ValueError("a quantity has either `value` or both `low` and `high`")
        return self


QUANTITY = EntityType(
    name="QUANTITY",
    chinese="量化指标",
    colour="#b6e3a1",
    attributes=QuantityAttributes,
    examples=("2小时", "2-3年", "95%", "3000万元"),
    definition="A number with its unit or measure word that says how much, how many, how long or how often.",
)
