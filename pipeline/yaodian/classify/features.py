"""What the classifier sees of a measure: its characters, its headings, and what the measure before it was about.

Published work on Chinese policy sentences gains about seven points from the neighbouring sentence and the heading.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from yaodian.lexicon import load_lexicon

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from yaodian.record import Record


@dataclass(frozen=True, slots=True)
class Seen:
    """A measure's text and what surrounds it."""

    text: str
    heading: str
    top_heading: str
    previous: str


def seen(record: Record) -> list[Seen]:
    """Return every measure of a record with its surroundings."""
    headings = {section.id: (section.heading, section.parent) for section in record.sections}
    return seen_places(record.text, headings, [(m.start, m.end, m.section) for m in record.measures])


def seen_places(
    source: str,
    headings: Mapping[str, tuple[str, str | None]],
    measures: Iterable[tuple[int, int, str | None]],
) -> list[Seen]:
    """Return measures, given as `(start, end, section id)`, with their surroundings.

    `headings` maps a section's id to its heading and its parent's id.
    """
    result: list[Seen] = []
    previous = ""
    for start, end, section in measures:
        # Line breaks and blanks inside a sentence say nothing of it.
        text = "".join(source[start:end].split())
        heading, parent = headings.get(section or "", ("", None))
        top = heading
        while parent is not None:
            top, parent = headings[parent]
        heading = "".join(heading.split())
        result.append(Seen(text, "" if heading == text else heading, "".join(top.split()), previous))
        previous = text
    return result


def features(measures: Sequence[Seen]) -> list[list[str]]:
    """Return the features of each measure: character pairs and cues of its text and its headings.

    Words in place of character pairs gave the same accuracy within its interval at ten times the start-up cost.
    """
    return [
        [*(seen.text[i : i + 2] for i in range(len(seen.text) - 1)), *rest]
        for seen, rest in zip(measures, surroundings(measures), strict=True)
    ]


def surroundings(measures: Sequence[Seen]) -> list[list[str]]:
    """Return the features of each measure but its character pairs."""
    # Headings recur, and every text is the previous one of the next: each is read once.
    texts = {text for seen in measures for text in (seen.text, seen.heading, seen.top_heading, seen.previous)}
    cues = {text: _cues(text) for text in texts}
    result = []
    for seen in measures:
        own = cues[seen.text]
        found = [f"first:{seen.text[:n]}" for n in (2, 3, 4)]
        found += [f"cue:{cue}" for cue in own]
        if own:
            found += [f"first-cue:{own[0]}", f"last-cue:{own[-1]}"]
        found += [f"heading-cue:{cue}" for cue in cues[seen.heading]]
        found += [f"top-cue:{cue}" for cue in cues[seen.top_heading]]
        found += [f"previous-cue:{cue}" for cue in sorted(set(cues[seen.previous]))]
        if not seen.heading:
            found.append("no-heading")
        result.append(found)
    return result


def _cues(text: str) -> list[str]:
    """Functions that the words of the cue lexicon speak for, in the order of the text."""
    return [entry.category for _, _, entry in load_lexicon()["CUE"].scan(text)]
