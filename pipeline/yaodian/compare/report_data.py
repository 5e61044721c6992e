"""What the report shows, as plain values: rows of links with their differences, counts, and places in the texts.

A place is a stretch of a plan's text. Its id is made of numbers alone (`p0-275-277`: plan, start, end), so that nothing
a document says becomes part of an address; whatever the page shows is tied to ids of places.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import pairwise
from typing import TYPE_CHECKING, Any, get_args

from yaodian.compare.model import Direction, Kind, Relation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from yaodian.compare.chains import History
    from yaodian.compare.model import Change, Comparison, Link
    from yaodian.record import Measure, Record, Section

RELATIONS: tuple[str, ...] = get_args(Relation)
DIRECTIONS: tuple[str, ...] = get_args(Direction)
KINDS: tuple[str, ...] = get_args(Kind)
COUNTED = ("unchanged", "reworded", "changed", "strengthened", "weakened", "split", "merged", "moved", "dropped", "new")
"""What the summary counts; `strengthened`, `weakened` and `moved` are counted beside the seven relations."""
NO_CLASS = "none"

_TOKEN = re.compile(r"[0-9.]+|[A-Za-z]+|.", re.DOTALL)
_SHORTEST = 2
"""Tokens that equal wording between two differences must have: a chance 的 in common tells nothing."""

Piece = tuple[str, str]
"""Wording and how it differs: `same`, `del` or `ins`."""


class Places:
    """Stretches of the plans' texts that the page leads to."""

    def __init__(self, records: Sequence[Record]) -> None:
        self._records = records
        self._found: list[set[tuple[int, int]]] = [set() for _ in records]
        self.groups: dict[str, list[str]] = {}
        """Ids of places by the key of a number or of a chart's mark."""

    def add(self, plan: int, start: int, end: int) -> str:
        """Id of a place; a place beyond the text is cut to it."""
        length = len(self._records[plan].text)
        start, end = max(0, min(start, length)), max(0, min(end, length))
        self._found[plan].add((start, end))
        return f"p{plan}-{start}-{end}"

    def group(self, key: str, ids: Iterable[str]) -> str:
        """Tie places to a key; returns the key, or an empty text where there is no place."""
        found = list(dict.fromkeys(ids))
        if found:
            self.groups[key] = found
        return key if found else ""

    def leaves(self, plan: int) -> Iterator[dict[str, Any]]:
        """A plan's text cut where places and headings begin and end.

        Yields:
            `text`, `ids` (places that begin here), `within` (places that the stretch is part of), `heading`.
        """
        record = self._records[plan]
        text, found = record.text, sorted(self._found[plan])
        heads = [_head(text, section) for section in record.sections]
        cuts = sorted({0, len(text), *(edge for span in [*found, *heads] for edge in span)})
        starts: dict[int, list[str]] = {}
        for start, end in found:
            starts.setdefault(start, []).append(f"p{plan}-{start}-{end}")
        opening, running = 0, list[tuple[int, int]]()
        heads.sort()
        for start, end in pairwise(cuts):
            running = [span for span in running if span[1] > start]
            while opening < len(found) and found[opening][0] <= start:
                if found[opening][1] > start:
                    running.append(found[opening])
                opening += 1
            yield {
                "text": text[start:end],
                "ids": starts.get(start, []),
                "within": [f"p{plan}-{a}-{b}" for a, b in running],
                "heading": any(a <= start < b for a, b in heads),
            }


def _head(text: str, section: Section) -> tuple[int, int]:
    """Number and heading of a section; the number alone where the heading is worded otherwise in the text."""
    behind = section.start + len(section.number)
    found = text.find(section.heading, behind, section.end) if section.heading else -1
    return section.start, found + len(section.heading) if found >= 0 else min(behind, section.end)


@dataclass(slots=True)
class View:
    """Everything that the page and its charts are made of."""

    history: History
    labels: list[str]
    places: Places
    measures: list[dict[str, Measure]] = field(default_factory=list)
    """Measures of each plan by id."""
    rows: list[dict[str, Any]] = field(default_factory=list)
    pairs: list[dict[str, Any]] = field(default_factory=list)

    @property
    def records(self) -> tuple[Record, ...]:
        """The plans."""
        return self.history.records

    def measure(self, plan: int, name: str) -> str:
        """Id of a measure's place."""
        measure = self.measures[plan][name]
        return self.places.add(plan, measure.start, measure.end)


def view(history: History) -> View:
    """Rows, counts and places of a history."""
    measures = [{measure.id: measure for measure in record.measures} for record in history.records]
    made = View(history, plan_labels(history.records), Places(history.records), measures)
    for plan, comparison in enumerate(history.comparisons):
        rows = [_row(made, plan, comparison, link) for link in comparison.links]
        rows.sort(key=lambda row: row["order"])
        for number, row in enumerate(rows):
            row["id"] = f"r{plan}-{number}"
        made.rows += rows
        made.pairs.append(_pair(made, plan, comparison, rows))
    return made


def plan_labels(records: Sequence[Record]) -> list[str]:
    """Names of plans on axes: their years where all have different ones, else document ids."""
    years = [record.metadata.plan_year for record in records]
    names = [str(year) for year in years] if None not in years else [record.doc_id for record in records]
    seen: Counter[str] = Counter()
    result = []
    for record, name in zip(records, names, strict=True):
        label = name if names.count(name) == 1 or name == record.doc_id else f"{name} {record.doc_id}"
        seen[label] += 1
        result.append(label if seen[label] == 1 else f"{label} ({seen[label]})")
    return result


def function_of(measure: Measure) -> str:
    """Primary function of a measure, `none` where it has none."""
    return measure.function.primary if measure.function else NO_CLASS


def counts(comparison: Comparison) -> dict[str, int]:
    """Links of a comparison by what happened to them (`COUNTED`)."""
    found = Counter(what for link in comparison.links for what in happened(link))
    return {name: found[name] for name in COUNTED}


def happened(link: Link) -> list[str]:
    """What is counted of a link: its relation, directions of its changes, and whether it moved."""
    directions = {change.direction for change in link.changes} - {"other"}
    return [link.relation, *sorted(directions), *(["moved"] if link.moved else [])]


def _row(made: View, plan: int, comparison: Comparison, link: Link) -> dict[str, Any]:
    before = [made.measures[plan][name] for name in link.left]
    after = [made.measures[plan + 1][name] for name in link.right]
    old = "\n".join(comparison.left.text[m.start : m.end] for m in before)
    new = "\n".join(comparison.right.text[m.start : m.end] for m in after)
    left, right = difference(old, new) if old and new else ([("same", old)] * bool(old), [("same", new)] * bool(new))
    functions = list(dict.fromkeys(function_of(m) for m in [*before, *after]))
    return {
        "pair": plan,
        "pair_label": f"{made.labels[plan]} → {made.labels[plan + 1]}",
        "relation": link.relation,
        "moved": link.moved,
        "score": link.score,
        "left": left,
        "right": right,
        "left_places": [(made.measure(plan, m.id), made.labels[plan], m.id) for m in before],
        "right_places": [(made.measure(plan + 1, m.id), made.labels[plan + 1], m.id) for m in after],
        "functions": functions,
        "hazards": _hazards(comparison, link),
        "changes": [_change(made, plan, change) for change in link.changes],
        "happened": happened(link),
        # Dropped measures stand where they were: behind those of the later plan that come before them.
        "order": (
            plan,
            (after or before)[0].start / max(len((comparison.right if after else comparison.left).text), 1),
        ),
    }


def _hazards(comparison: Comparison, link: Link) -> list[str]:
    found = [
        entity.canonical or entity.text
        for record, ids in ((comparison.left, link.left), (comparison.right, link.right))
        for entity in record.entities
        if entity.type == "HAZARD" and entity.measure in ids
    ]
    return list(dict.fromkeys(found))


def _change(made: View, plan: int, change: Change) -> dict[str, Any]:
    return {
        "kind": change.kind,
        "direction": change.direction,
        "note": change.note,
        "places": [
            (made.places.add(plan + side, *place), made.labels[plan + side])
            for side, place in enumerate((change.left, change.right))
            if place
        ],
    }


def _pair(made: View, plan: int, comparison: Comparison, rows: list[dict[str, Any]]) -> dict[str, Any]:
    figures = {}
    for what in COUNTED:
        found = [row for row in rows if what in row["happened"]]
        # A number leads to the later wording, and where there is none to the earlier one.
        ids = [place[0] for row in found for place in row["right_places"] or row["left_places"]]
        figures[what] = (len(found), made.places.group(f"n.{plan}.{what}", ids))
    sides = {}
    for name, number, record in (("left", plan, comparison.left), ("right", plan + 1, comparison.right)):
        ids = [made.measure(number, m.id) for m in record.measures]
        sides[name] = (len(record.measures), made.places.group(f"all.{number}", ids))
    label = f"{made.labels[plan]} → {made.labels[plan + 1]}"
    return {"number": plan, "label": label, "figures": figures, **sides}


def difference(left: str, right: str) -> tuple[list[Piece], list[Piece]]:
    """The two sides of a change as pieces: numbers and Latin words whole, all else character by character."""
    a, b = _TOKEN.findall(left), _TOKEN.findall(right)
    codes: list[Any] = [list(code) for code in SequenceMatcher(None, a, b, autojunk=False).get_opcodes()]
    joined: list[Any] = []
    for number, (tag, i1, i2, j1, j2) in enumerate(codes):
        inner = 0 < number < len(codes) - 1
        word = "".join(a[i1:i2])
        slight = tag == "equal" and inner and i2 - i1 < _SHORTEST and not re.search(r"[0-9A-Za-z\n，。；、]", word)
        kind = "changed" if tag != "equal" or slight else "equal"
        if joined and joined[-1][0] == kind:
            joined[-1][2], joined[-1][4] = i2, j2
        else:
            joined.append([kind, i1, i2, j1, j2])
    sides: tuple[list[Piece], list[Piece]] = ([], [])
    for kind, i1, i2, j1, j2 in joined:
        for side, words, mark in ((sides[0], a[i1:i2], "del"), (sides[1], b[j1:j2], "ins")):
            if words:
                side.append(("same" if kind == "equal" else mark, "".join(words)))
    return sides
