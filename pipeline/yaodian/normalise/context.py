"""The surroundings that decide an attribute: what stands left and right of a span in its clause and sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from yaodian.lexicon import Lexicon

_SENTENCE_END = "。；！？\n"
_REACH = 80


@dataclass(frozen=True, slots=True)
class Context:
    """One span in a view's text, and the lexicon in force."""

    text: str
    start: int
    end: int
    lexicon: Lexicon

    @property
    def span(self) -> str:
        """Wording of the span."""
        return self.text[self.start : self.end]

    @property
    def left(self) -> str:
        """Up to 80 characters of the same sentence before the span."""
        floor = max(0, self.start - _REACH)
        cut = max(self.text.rfind(char, floor, self.start) for char in _SENTENCE_END)
        return self.text[max(cut + 1, floor) : self.start]

    @property
    def right(self) -> str:
        """Up to 80 characters of the same sentence after the span."""
        ceiling = min(len(self.text), self.end + _REACH)
        found = [i for char in _SENTENCE_END if (i := self.text.find(char, self.end, ceiling)) >= 0]
        return self.text[self.end : min(found, default=ceiling)]
