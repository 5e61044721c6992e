"""Conversion of quantities to base units with Pint, so that `2 h` and `120 min`, or `亩` and `ha`, can be compared.

The registry is data: the lexicon's `units.csv` gives the unit of every measure word, `pint_units.txt` what Pint lacks.
What is counted (件, 人次) and money have no base but themselves.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pint import UnitRegistry

_NAMES = {
    "wk": "week", "mo": "month", "a": "year", "h": "hour", "d": "day", "min": "minute", "s": "second",
    "t": "tonne", "L": "liter", "mL": "milliliter", "m2": "meter**2", "km2": "kilometer**2", "cm2": "centimeter**2",
    "m3": "meter**3", "cm3": "centimeter**3", "m3/s": "meter**3/second", "m3/d": "meter**3/day",
    "m3/h": "meter**3/hour", "t/d": "tonne/day", "t/a": "tonne/year", "ha": "hectare",
    "亩": "mu", "吨标准煤": "tonne_coal_equivalent",
    "ug/m3": "microgram/meter**3", "mg/m3": "milligram/meter**3", "mg/L": "milligram/liter", "km/h": "kilometer/hour",
    "m/s": "meter/second", "mm/h": "millimeter/hour", "℃": "degC", "%": "percent", "‰": "permille", "百分点": "percent",
    "[nmi_i]": "nautical_mile", "Mbit": "megabit", "GB": "gigabyte", "TB": "terabyte", "By": "byte",
    "倍": "dimensionless",
}  # fmt: skip
_PLAIN = frozenset(["m", "km", "cm", "mm", "kg", "g", "mg", "kW", "MW", "kWh", "kV", "V", "MPa", "Hz", "bit"])
_DECIMALS = 9


@cache
def _registry() -> UnitRegistry[Any]:
    # Imported late: it takes a seventh of a second, and only tables of targets need it.
    import pint

    registry: UnitRegistry[Any] = pint.UnitRegistry(autoconvert_offset_to_baseunit=True)
    registry.load_definitions(
        resources.files(__package__).joinpath("pint_units.txt").read_text(encoding="utf-8").splitlines()
    )
    return registry


def _name(unit: str | None) -> str | None:
    """Pint's name of a canonical unit, None where it has none."""
    return _NAMES.get(unit or "", unit if unit in _PLAIN else None)


def to_base(value: float, unit: str | None) -> tuple[float, str] | None:
    """Value and name of the base unit (SI) of a quantity, None where its unit has none.

    Shares become pure numbers: 5 % is 0.05. Months and years are Pint's, of mean length.
    """
    name = _name(unit)
    if name is None:
        return None
    found = _registry().Quantity(value, name).to_base_units()
    return round(float(found.magnitude), _DECIMALS), f"{found.units:~}" or "1"


def convert(value: float, unit: str, to: str) -> float | None:
    """`value` in another unit of its dimension (`1 a` is `12 mo`), None where no factor joins the two."""
    import pint

    source, target = _name(unit), _name(to)
    if source is None or target is None:
        return None
    try:
        return round(float(_registry().Quantity(value, source).to(target).magnitude), _DECIMALS)
    except pint.DimensionalityError:
        return None
