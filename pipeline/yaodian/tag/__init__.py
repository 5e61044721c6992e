"""Tagging: taggers propose candidates, one resolver decides; every entity says which rule or lexicon found it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yaodian.tag.base import Candidate, Tagger, TaggerFactory, registered
from yaodian.tag.resolve import resolve

if TYPE_CHECKING:
    from collections.abc import Iterable

    from yaodian.lexicon import Lexicon

__all__ = ["Candidate", "Tagger", "TaggerFactory", "build", "registered", "resolve", "tag"]


def build(lexicon: Lexicon, names: Iterable[str] | None = None) -> list[Tagger]:
    """Build the installed taggers (or those of `names`) for a lexicon."""
    factories = registered()
    return [factories[name](lexicon) for name in (factories if names is None else names)]


def tag(text: str, taggers: Iterable[Tagger]) -> list[Candidate]:
    """Entities of a view's text, resolved, in the order of the text."""
    return resolve(candidate for tagger in taggers for candidate in tagger(text))
