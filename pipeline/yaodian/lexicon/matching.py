"""A lexicon in use: terms by type, looked up in one pass over the text."""

from __future__ import annotations

import hashlib
import re
from functools import cache, cached_property
from typing import TYPE_CHECKING

from daachorse import MATCH_KIND_LEFTMOST_LONGEST, CharwiseDoubleArrayAhoCorasick

from yaodian.lexicon.table import Entry, read_all

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

Places = list[tuple[int, int, int]]

_SURROGATE = re.compile("[\ud800-\udfff]")


class Terms:
    """The entries of one type."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries = {entry.term: entry for entry in entries}
        self._last: tuple[str, Places] = ("", [])

    def __contains__(self, term: str) -> bool:
        return term in self._entries

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries.values())

    def get(self, term: str) -> Entry | None:
        """Entry of exactly this term."""
        return self._entries.get(term)

    @cached_property
    def longest(self) -> int:
        """Characters of the longest term, 0 if there is none."""
        return max(map(len, self._entries), default=0)

    @cached_property
    def _ordered(self) -> list[Entry]:
        return list(self._entries.values())

    @cached_property
    def _automaton(self) -> CharwiseDoubleArrayAhoCorasick | None:
        if not self._entries:
            return None
        return CharwiseDoubleArrayAhoCorasick(list(self._entries), MATCH_KIND_LEFTMOST_LONGEST)

    def scan(self, text: str) -> Iterator[tuple[int, int, Entry]]:
        """Non-overlapping leftmost-longest matches as `(start, end, entry)`, in linear time."""
        for start, end, index in self.places(text):
            yield start, end, self._ordered[index]

    def places(self, text: str) -> Places:
        """Matches as `(start, end, number of the entry)`; those of the last text are kept for its next reader."""
        last, found = self._last
        if last is not text:
            found = self._find(text)
            self._last = (text, found)
        return found

    def _find(self, text: str) -> Places:
        if self._automaton is None:
            return []
        try:
            found: Places = self._automaton.find(text)
        except UnicodeEncodeError:
            # The automaton takes no lone surrogates; a character for a character keeps the offsets.
            found = self._automaton.find(_SURROGATE.sub("\ufffd", text))
        return found

    @cached_property
    def _endings(self) -> Endings:
        return Endings(self._entries)

    def ending_at(self, text: str, end: int, floor: int = 0) -> int:
        """Length of the longest term that ends at `end` and begins at or after `floor`; 0 if none does."""
        return self._endings.longest(text, end, floor)


class Endings:
    """Terms looked up by where they end; only lengths that occur with the last two characters are tried."""

    def __init__(self, terms: Iterable[str]) -> None:
        self._terms = frozenset(terms)
        lengths: dict[str, set[int]] = {}
        for term in self._terms:
            lengths.setdefault(term[-2:], set()).add(len(term))
        self._lengths = {ending: sorted(found, reverse=True) for ending, found in lengths.items()}

    def longest(self, text: str, end: int, floor: int = 0) -> int:
        """Length of the longest term that ends at `end` and begins at or after `floor`; 0 if none does."""
        if end - floor > 1:
            for length in self._lengths.get(text[end - 2 : end], ()):
                if length <= end - floor and text[end - length : end] in self._terms:
                    return length
        return 1 if end > floor and text[end - 1] in self._terms else 0


class Beginnings:
    """Terms looked up by where they begin; only lengths that occur with the first character are tried."""

    def __init__(self, terms: Iterable[str]) -> None:
        self._terms = frozenset(terms)
        lengths: dict[str, set[int]] = {}
        for term in self._terms:
            lengths.setdefault(term[0], set()).add(len(term))
        self._lengths = {char: sorted(found, reverse=True) for char, found in lengths.items()}

    def longest(self, text: str, start: int) -> int:
        """Length of the longest term that begins at `start`, 0 if none does."""
        for length in self._lengths.get(text[start : start + 1], ()):
            if start + length <= len(text) and text[start : start + length] in self._terms:
                return length
        return 0


_NONE = Terms(())


class Lexicon:
    """All entries in force, by type; `fingerprint` identifies them in manifests and model cards."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        by_type: dict[str, list[Entry]] = {}
        for entry in entries:
            by_type.setdefault(entry.type, []).append(entry)
        self._terms = {name: Terms(found) for name, found in by_type.items()}
        text = "\n".join(sorted(repr(entry) for found in by_type.values() for entry in found))
        self.fingerprint = hashlib.sha256(text.encode()).hexdigest()[:16]

    def __getitem__(self, kind: str) -> Terms:
        found = self._terms.get(kind)
        return _NONE if found is None else found

    def __iter__(self) -> Iterator[Entry]:
        return (entry for terms in self._terms.values() for entry in terms)


def load_lexicon(paths: Iterable[Path] = ()) -> Lexicon:
    """Packaged lexicons with the user's files added; see `yaodian.lexicon.table` for the format."""
    found = tuple(paths)
    return Lexicon(read_all(found)) if found else _packaged()


@cache
def _packaged() -> Lexicon:
    return Lexicon(read_all(()))
