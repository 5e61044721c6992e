"""The two axes on which a measure is classed, read from TOML so that another policy field can bring its own."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class MeasureClass:
    """One class of an axis; `phase` only on functions."""

    id: str
    chinese: str
    definition: str
    phase: str | None = None


@cache
def _load(name: str) -> dict[str, MeasureClass]:
    text = resources.files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return {row["id"]: MeasureClass(**row) for row in tomllib.loads(text)["class"]}


def functions() -> dict[str, MeasureClass]:
    """Functions of a measure by id, in the scheme's order (the order of precedence)."""
    return _load("functions")


def instruments() -> dict[str, MeasureClass]:
    """Policy instruments by id, after Rothwell and Zegveld (1985)."""
    return _load("instruments")


def phase_of(function: str) -> str:
    """Phase of the emergency-management cycle (Emergency Response Law) that a function belongs to."""
    return functions()[function].phase or "govern"
