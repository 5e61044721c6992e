"""The surroundings that decide an attribute: what stands left and right of a span in its sentence."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from yaodian.lexicon import Lexicon

_SENTENCE_END = re.compile(r"[。；！？\n]")
_REACH = 80
_REACH_TOLD = 240


@lru_cache(maxsize=4)
def _sentence_ends(text: str) -> list[int]:
    return [match.start() for match in _SENTENCE_END.finditer(text)]


class Context:
    """One span in a view's text, and the lexicon in force."""

    __slots__ = ("_left", "_right", "end", "lexicon", "span", "start", "text")

    def __init__(self, text: str, start: int, end: int, lexicon: Lexicon) -> None:
        self.text = text
        self.start = start
        self.end = end
        self.lexicon = lexicon
        self.span = text[start:end]
        """Wording of the span."""
        self._left: str | None = None
        self._right: str | None = None

    @property
    def left(self) -> str:
        """Up to 80 characters of the same sentence before the span."""
        if self._left is None:
            ends = _sentence_ends(self.text)
            place = bisect_left(ends, self.start)
            floor = ends[place - 1] + 1 if place else 0
            self._left = self.text[max(floor, self.start - _REACH) : self.start]
        return self._left

    @property
    def told(self) -> str:
        """What the sentence says before the span, over its semicolons, up to 240 characters."""
        floor = max(0, self.start - _REACH_TOLD)
        before = self.text[floor : self.start]
        ends = before.rfind("。"), before.rfind("！"), before.rfind("？"), before.rfind("\n")
        return before[max(ends) + 1 :]

    @property
    def right(self) -> str:
        """Up to 80 characters of the same sentence after the span."""
        if self._right is None:
            ends = _sentence_ends(self.text)
            place = bisect_right(ends, self.end - 1)
            ceiling = ends[place] if place < len(ends) else len(self.text)
            self._right = self.text[self.end : min(ceiling, self.end + _REACH)]
        return self._right
