"""What a tagger is: a pure function from text to candidates, registered by entry point, that never raises."""

from __future__ import annotations

from importlib.metadata import entry_points
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from yaodian.lexicon import Lexicon

GROUP = "yaodian.taggers"
IN_CONTEXT = "in context"
"""Note of lexicon terms too ordinary to count by themselves; the type's own grammar takes them up."""

FILL = -1
"""Priority of candidates that only fill gaps: they are taken where nothing of another priority overlaps."""


class Candidate(NamedTuple):
    """A proposed entity, `[start, end)` in the view's text; candidates may overlap."""

    start: int
    end: int
    type: str
    source: str
    score: float = 1.0
    priority: int = 0
    """Higher wins among candidates of one length; the packaged grammars use 0 to 10, `FILL` comes after all."""


class Tagger(Protocol):
    """Called with a view's text (folded, paragraphs on lines of their own); proposes candidates in any order."""

    def __call__(self, text: str) -> Iterator[Candidate]:
        """Propose candidates."""
        ...


class TaggerFactory(Protocol):
    """What the entry point names: builds a tagger for the lexicon in force."""

    def __call__(self, lexicon: Lexicon) -> Tagger:
        """Build a tagger."""
        ...


def excluded(lexicon: Lexicon, name: str, text: str) -> dict[int, int]:
    """Ends of the words that are no entity of the type `name`, by where they start: what ends within one is no name."""
    return {start: end for start, end, _ in lexicon[f"NOT_{name}"].scan(text)}


def registered() -> dict[str, TaggerFactory]:
    """Factories of all installed taggers by name, in name order."""
    found = sorted(entry_points(group=GROUP), key=lambda point: point.name)
    return {point.name: point.load() for point in found}
