"""What is done to every document after reading: damage is reported, and repaired where nothing is lost by it."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from itertools import accumulate
from typing import TYPE_CHECKING

from yaodian.decode import without_surrogates
from yaodian.mojibake import Repaired, repair
from yaodian.record import Notice

if TYPE_CHECKING:
    from yaodian.readers.base import Document, Place

_USUAL = ("utf-8", "utf-8-sig", "ascii")


def cleaned(document: Document) -> Document:
    """Return the document with repaired text, places that follow it, and a notice for everything that was found."""
    notices = list(document.notices)
    whole = without_surrogates(document.text)
    halves = whole.count("\ufffd") - document.text.count("\ufffd")
    if halves:
        # Half a character can be stored in no file; the length stays.
        document = replace(document, text=whole, damaged=document.damaged + halves)
    if document.encoding and document.encoding.lower() not in _USUAL:
        notices.append(Notice(code="encoding", message=f"read as {document.encoding}"))
    if document.damaged:
        notices.append(
            Notice(code="damaged_bytes", message=f"bytes that fit no character in {document.damaged} places: U+FFFD")
        )
    text, places = document.text, document.places
    found = repair(text)
    if found:
        notices += _report(found)
        text, places = found.text, _moved(places, found)
    return replace(document, text=text, places=places, notices=tuple(notices))


def _report(found: Repaired) -> list[Notice]:
    notices = []
    if found.repaired:
        notices.append(
            Notice(
                code="mojibake_repaired", message=f"{found.repaired} lines had been decoded wrongly and were repaired"
            )
        )
    if found.lost:
        notices.append(
            Notice(code="mojibake", message=f"characters lost in {found.lost} places; get the document again")
        )
    return notices


def _moved(places: tuple[Place, ...], found: Repaired) -> tuple[Place, ...]:
    """Places after the repair: a repaired line keeps its place whole."""
    if not places:
        return places
    before = [0, *accumulate(len(line) for line in found.source)]
    after = [0, *accumulate(len(line) for line in found.lines)]
    result = []
    for place in places:
        line = min(bisect_right(before, place.start) - 1, len(found.lines) - 1)
        start = after[line] + min(place.start - before[line], len(found.lines[line]))
        end = after[line] + len(found.lines[line].rstrip("\r\n"))
        result.append(replace(place, start=start, end=max(end, start)))
    return tuple(result)
