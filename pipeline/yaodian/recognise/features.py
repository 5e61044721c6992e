"""What the recogniser sees of each character, as arrays: its neighbours, and what the lexicons of names say of it.

Every feature is a small integer at a position, so that a text's scores are a few gathers from weight tables.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from yaodian.lexicon import Lexicon
    from yaodian.lexicon.matching import Terms

    Integers = NDArray[np.int64]

CHARACTERS = (-2, -1, 0, 1, 2)
"""Offsets of the single characters seen from a position."""
PAIRS = (-1, 0)
"""Offsets of the first characters of the pairs seen."""
KINDS = ("DOMAIN", "HEAD", "PLURAL")
"""Types of lexicon entries whose matches are seen: fields of duty, suffixes of names, heads of collective names."""
KIND_OFFSETS = (-1, 0, 1)
HEADS = ("HEAD", "PLURAL")
"""Types the distance to whose next match is seen."""
OUTSIDE, BEGIN, INSIDE, END, SINGLE = range(5)
"""Place of a character in a lexicon match."""
FAR = 6
"""Distances of `FAR` and more, up to `_REACH`, are one; 0 is none within reach."""
_REACH = 10
PAIR = 1 << 21
"""Code points are smaller: a pair's number is its first character's times this, and its second's."""
_PAD = max(map(abs, CHARACTERS))
_STOPS = np.zeros(1 << 16, dtype=np.bool_)
_STOPS[[0, *map(ord, "，。；：、")]] = True
# Clauses: no name goes on over such a mark, and short pieces are decoded side by side.
_CLAUSE = re.compile(r"[^，。；：\n]{1,64}[，。；：\n]?")


@dataclass(frozen=True, slots=True)
class Seen:
    """Features of a text of n characters."""

    size: int
    codes: Integers
    """Code points with two more at each end, shape (n + 4,); 0 outside the text and for line ends."""
    pairs: Integers
    """Each code point with the one behind it as one number, shape (n + 3,)."""
    kinds: tuple[Integers, ...]
    """Place in a match for each of `KINDS`, with one more at each end, shape (n + 2,)."""
    heads: tuple[Integers, ...]
    """Characters to the end of the next match, for each of `HEADS`; 0 where a mark comes first or none is near."""

    def characters_at(self, offset: int) -> slice:
        """Slice of `codes` or `pairs` that holds, for every position, the character at an offset from it."""
        return slice(_PAD + offset, _PAD + offset + self.size)

    def kinds_at(self, offset: int) -> slice:
        """Slice of one of `kinds` likewise."""
        return slice(1 + offset, 1 + offset + self.size)

    def names(self, position: int) -> Iterator[str]:
        """Names of a position's features, as training and the weight tables know them."""
        yield "bias"
        for offset in CHARACTERS:
            yield f"character {offset} {self.codes[self.characters_at(offset)][position]}"
        for offset in PAIRS:
            yield f"pair {offset} {self.pairs[self.characters_at(offset)][position]}"
        for kind, places in enumerate(self.kinds):
            for offset in KIND_OFFSETS:
                yield f"kind {kind} {offset} {places[self.kinds_at(offset)][position]}"
        for kind, distances in enumerate(self.heads):
            yield f"head {kind} {distances[position]}"


def clauses(text: str) -> list[tuple[int, int]]:
    """Spans that are decoded one by one, in order; together they hold every character but leading marks."""
    return [match.span() for match in _CLAUSE.finditer(text)]


def see(text: str, lexicon: Lexicon) -> Seen:
    """Features of a folded text."""
    size = len(text)
    codes = np.zeros(size + 2 * _PAD, dtype=np.int64)
    inner = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    codes[_PAD : _PAD + size] = np.where(inner == ord("\n"), 0, inner)
    places = tuple(_places(lexicon[kind], text) for kind in KINDS)
    stop = _next(_STOPS[np.minimum(codes[_PAD : _PAD + size], len(_STOPS) - 1)], size)
    return Seen(
        size=size,
        codes=codes,
        pairs=codes[:-1] * PAIR + codes[1:],
        kinds=places,
        heads=tuple(_distance(places[KINDS.index(kind)][1:-1], stop) for kind in HEADS),
    )


def _places(terms: Terms, text: str) -> Integers:
    """Place of every character in a match, with one more character of `OUTSIDE` at each end."""
    places = np.zeros(len(text) + 2, dtype=np.int64)
    found = terms.places(text)
    if not found:
        return places
    starts, ends = (np.fromiter(map(itemgetter(edge), found), dtype=np.int64, count=len(found)) + 1 for edge in (0, 1))
    edges = np.zeros(len(text) + 3, dtype=np.int64)
    edges[starts] += 1
    edges[ends] -= 1
    places[np.cumsum(edges)[:-1] > 0] = INSIDE
    places[starts] = BEGIN
    places[ends - 1] = END
    places[starts[ends - starts == 1]] = SINGLE
    return places


def _distance(places: Integers, stop: Integers) -> Integers:
    """Characters from each position to the next end of a match, if the next mark, at `stop`, is not nearer."""
    size = len(places)
    closing = _next((places == END) | (places == SINGLE), size)
    distance = closing - np.arange(size)
    near = (distance <= _REACH) & (closing < stop)
    return np.where(near, np.minimum(distance, FAR), 0)


def _next(flags: NDArray[np.bool_], size: int) -> Integers:
    """Index of the next flagged position after each one; far away where there is none."""
    nearest = np.full(size + 1, size + 2 * _REACH, dtype=np.int64)
    nearest[:-1] = np.where(flags, np.arange(size), size + 2 * _REACH)
    nearest = np.minimum.accumulate(nearest[::-1])[::-1]
    return nearest[1:]
