"""Entities that stand in a lexicon under their own type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yaodian.labels import ENTITY_TYPES
from yaodian.tag.base import IN_CONTEXT, Candidate, excluded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from yaodian.lexicon import Lexicon


class LexiconTagger:
    """Proposes every leftmost-longest lexicon term, type by type; the source names the lexicon's own source."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._terms = {name: lexicon[name] for name in ENTITY_TYPES if len(lexicon[name])}
        self._lexicon = lexicon

    def __call__(self, text: str) -> Iterator[Candidate]:
        """Propose candidates, except where a listed exclusion begins with the term."""
        for name, terms in self._terms.items():
            vetoes = excluded(self._lexicon, name, text)
            for start, end, entry in terms.scan(text):
                if entry.note != IN_CONTEXT and vetoes.get(start, 0) < end:
                    yield Candidate(start, end, name, f"lexicon:{entry.source}", priority=5)
