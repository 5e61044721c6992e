"""Mojibake: text that was once decoded in the wrong encoding. Repaired where nothing was lost, else reported.

A line is taken for damaged when few of its letters are common ones; a repair counts when undoing the wrong decoding
gives, without any loss, a line of common ones.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache

_MIN_LETTERS = 4
_SUSPECT = 0.75
_PLAUSIBLE = 0.9
# Enough where other lines went the same way: names of places and people are written in rare characters.
_LIKELY = 0.5
# (what the bytes were taken for, what they are): UTF-8 in an editor set to GBK, either on a Western system, and
# Big5 taken for GBK.
_WRONG_TURNS = (
    ("gb18030", "utf-8"),
    ("gb18030", "big5"),
    ("sloppy-windows-1252", "utf-8"),
    ("latin-1", "utf-8"),
    ("sloppy-windows-1252", "gb18030"),
    ("latin-1", "gb18030"),
)
_LOST = re.compile("\ufffd+|(?:锟斤拷)+锟?|(?:烫烫){2,}|(?:屯屯){2,}")
"""Marks that remain where bytes were lost for good: replacement characters, and these read as GBK once more."""
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class Repaired:
    """Lines (with their line ends) as they were and as they now stand; how many were repaired, how many places lost."""

    source: tuple[str, ...]
    lines: tuple[str, ...]
    repaired: int
    lost: int

    @property
    def text(self) -> str:
        """The whole text."""
        return "".join(self.lines)


@cache
def _common() -> frozenset[str]:
    """Common Chinese characters: level 1 of GB/T 2312-1980 and of Big5."""
    first = [bytes((high, low)) for high in range(0xB0, 0xD8) for low in range(0xA1, 0xFF)]
    found = {pair.decode("gb2312", "ignore") for pair in first}
    lows = [*range(0x40, 0x7F), *range(0xA1, 0xFF)]
    found |= {bytes((high, low)).decode("big5", "ignore") for high in range(0xA4, 0xC7) for low in lows}
    return frozenset(found - {""})


def plausibility(text: str) -> float | None:
    """Share of common Chinese characters among the letters beyond ASCII; None where there are too few to tell."""
    letters = {char: n for char, n in Counter(text).items() if char > "\x7f" and char.isalpha()}
    total = sum(letters.values())
    if total < _MIN_LETTERS:
        return None
    common = _common()
    return sum(n for char, n in letters.items() if char in common) / total


def repair(text: str) -> Repaired | None:
    """Repair `text` line by line; None where nothing is wrong with it, which costs next to nothing."""
    lost = len(_LOST.findall(text))
    whole = plausibility(text)
    if not lost and (whole is None or whole >= _PLAUSIBLE):
        return None
    # Not splitlines(): damaged text is full of U+0085, which ends a line there.
    lines = _LINE.findall(text)
    turns: Counter[tuple[str, str]] = Counter()
    mended = [_mend(line, turns) for line in lines]
    if turns:
        # What is too short to judge went the way of the lines around it.
        usual = turns.most_common(1)[0][0]
        mended = [line if _plausible(line, at_least=_SUSPECT) else _also(line, usual) for line in mended]
    repaired = sum(1 for old, new in zip(lines, mended, strict=True) if old != new)
    if not repaired and not lost:
        return None
    return Repaired(tuple(lines), tuple(mended), repaired, lost)


def _plausible(line: str, *, at_least: float) -> bool:
    share = plausibility(line)
    return share is not None and share >= at_least


def _also(line: str, turn: tuple[str, str]) -> str:
    found = _undo(line, turn)
    share = plausibility(found) if found else 0.0
    return found if found and (share is None or share >= _LIKELY) else line


def _mend(line: str, turns: Counter[tuple[str, str]]) -> str:
    if plausibility(line) is None or _plausible(line, at_least=_SUSPECT):
        return line
    for turn in _WRONG_TURNS:
        found = _undo(line, turn)
        if found and _plausible(found, at_least=_PLAUSIBLE):
            turns[turn] += 1
            return found
    return line


def _undo(line: str, turn: tuple[str, str]) -> str | None:
    """Decode a line's bytes as they were meant, or None where they do not fit."""
    import ftfy.bad_codecs  # noqa: F401  registers sloppy-windows-1252

    body = line.rstrip("\r\n")
    letters = [char for char in body if char > "\x7f" and char.isalpha()]
    # Bytes taken for GBK come out as Chinese characters, those taken for a Western code page as Latin letters.
    fitting = sum(char >= "\u2e80" if turn[0] == "gb18030" else char < "\u2000" for char in letters)
    if fitting * 2 < len(letters):
        return None
    try:
        found = body.encode(turn[0]).decode(turn[1])
    except UnicodeError:
        return None
    return None if _CONTROL.search(found) else found + line[len(body) :]
