"""One row a measure with its code, and what measures name by year: the lists that the counts are taken from.

A document's year is `metadata.plan_year`, else the year of `metadata.date`, else the year its `doc_id` ends with.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from yaodian.errors import UsageError
from yaodian.labels import functions, instruments, phase_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    import pandas as pd

    from yaodian.record import Entity, Measure, Record

PHASES = {
    "prepare": "预防与应急准备",
    "warn": "监测与预警",
    "respond": "应急处置与救援",
    "recover": "事后恢复与重建",
    "govern": "综合保障",
}
"""Phases of emergency management: four after the chapters of the Emergency Response Law, and what serves them all."""
CLAUSES = (
    "code", "doc_id", "year", "issuer", "measure", "section", "section_heading", "text", "function", "function_label",
    "phase", "phase_label", "instrument", "instrument_label", "actors", "start", "end",
)  # fmt: skip
_PLACE = ("doc_id", "entity", "start", "end", "text")
_COUNTED = ("documents", "measures", "mentions")
BY_YEAR = ("canonical", "category", "year", *_COUNTED, *_PLACE)
REGULATIONS_BY_YEAR = (*BY_YEAR, "issued", "revised", "repealed", "evidence")
LIFESPANS = ("canonical", "category", "first_year", "last_year", "years", "present", *_COUNTED, *_PLACE)

_TRAILING_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})年?\Z")
_WHOLE = {"year", "first_year", "last_year"}
"""Columns that are whole numbers and may be missing."""
_REAL = {
    "percent", "low", "high", "percent_left", "percent_right", "difference", "chi2", "p", "p_adjusted", "cramers_v",
    "min_expected",
}  # fmt: skip
"""Columns that are numbers also where all of them are missing."""


def year_of(record: Record) -> int | None:
    """Year a document is for; None where neither metadata nor `doc_id` tell one."""
    metadata = record.metadata
    if metadata.plan_year is not None:
        return metadata.plan_year
    if metadata.date:
        return int(metadata.date[:4])
    found = _TRAILING_YEAR.search(record.doc_id)
    return int(found[1]) if found else None


def labels(axis: str) -> dict[str, str]:
    """Chinese labels of an axis (`function`, `instrument` or `phase`) by id, in the scheme's order.

    Raises:
        UsageError: there is no such axis.
    """
    if axis == "phase":
        return PHASES
    if axis not in ("function", "instrument"):
        raise UsageError(f"{axis}: no such axis; known: function, instrument, phase")
    scheme = functions() if axis == "function" else instruments()
    return {name: found.chinese for name, found in scheme.items()}


def frame(rows: Iterable[dict[str, Any]], columns: Sequence[str], whole: Collection[str] = _WHOLE) -> pd.DataFrame:
    """Rows as a data frame with these columns; those in `whole` become nullable integers."""
    import pandas as pd

    made = pd.DataFrame(list(rows), columns=list(columns))
    for column in columns:
        if column in whole:
            made[column] = made[column].astype("Int64")
        elif column in _REAL:
            made[column] = made[column].astype("float64")
    return made


def distinct(records: Iterable[Record]) -> list[Record]:
    """Records as a list.

    Raises:
        UsageError: a `doc_id` is given twice, so that rows would not lead back to one text.
    """
    found = list(records)
    seen: set[str] = set()
    for record in found:
        if record.doc_id in seen:
            raise UsageError(f"{record.doc_id}: given twice; give every document once, under its own doc_id")
        seen.add(record.doc_id)
    return found


def clauses(records: Iterable[Record]) -> pd.DataFrame:
    """Coded clause list: one row a measure, in the order of `records` and of the text.

    The unit of analysis of studies of policy instruments (政策工具) is coded 文件-章-条: the document's number in
    `records`, the position of its top section in the text (0 where the measure stands in none), and the measure's
    position in that section. `1-3-2` is the second measure of the third section of the first document. What the
    classifier takes for no measure has a code as well, so that codes do not depend on classes.

    Returns:
        Columns of `CLAUSES`; `actors` are the acting bodies' canonical names, joined with `; `.
    """
    return frame(clause_rows(distinct(records)), CLAUSES)


def clause_rows(records: Iterable[Record]) -> Iterator[dict[str, Any]]:
    """Rows of the coded clause list."""
    for number, record in enumerate(records, start=1):
        tops, headings = _top_sections(record)
        names = {entity.id: entity.canonical or entity.text for entity in record.entities}
        counted: dict[int, int] = {}
        for measure in sorted(record.measures, key=lambda m: (m.start, m.end)):
            top = tops.get(measure.section or "", 0)
            counted[top] = counted.get(top, 0) + 1
            yield {
                "code": f"{number}-{top}-{counted[top]}",
                "doc_id": record.doc_id,
                "year": year_of(record),
                "issuer": record.metadata.issuer,
                "measure": measure.id,
                "section": measure.section,
                "section_heading": headings.get(measure.section or ""),
                "text": record.text[measure.start : measure.end],
                **_classes(measure),
                "actors": "; ".join(dict.fromkeys(names[actor] for actor in measure.actors)) or None,
                "start": measure.start,
                "end": measure.end,
            }


def _top_sections(record: Record) -> tuple[dict[str, int], dict[str, str]]:
    """Position of the top section that each section belongs to, and headings, by section id."""
    parents = {section.id: section.parent for section in record.sections}
    ordered = sorted((s for s in record.sections if s.parent is None), key=lambda s: s.start)
    numbers = {section.id: number for number, section in enumerate(ordered, start=1)}
    tops = {}
    for section in parents:
        top, steps = section, 0
        # A record's parents are not checked for circles.
        while parents[top] is not None and steps < len(parents):
            top, steps = parents[top] or top, steps + 1
        tops[section] = numbers.get(top, 0)
    return tops, {section.id: section.heading for section in record.sections}


def _classes(measure: Measure) -> dict[str, str | None]:
    function = measure.function.primary if measure.function else None
    phase = measure.phase or (phase_of(function) if function else None)
    found = {"function": function, "phase": phase, "instrument": measure.instrument}
    given = {axis: labels(axis).get(value or "") for axis, value in found.items()}
    return found | {f"{axis}_label": label for axis, label in given.items()}


def hazards(records: Iterable[Record]) -> pd.DataFrame:
    """One row a hazard: first and last year, years present, mentions, and where it stands first (`LIFESPANS`)."""
    return _lifespans(records, "HAZARD", "category")


def hazards_by_year(records: Iterable[Record]) -> pd.DataFrame:
    """One row a hazard and year in which it is named, with the first place of the year (`BY_YEAR`)."""
    return frame((row for row, _ in _by_year(records, "HAZARD", "category")), BY_YEAR)


def regulations(records: Iterable[Record]) -> pd.DataFrame:
    """One row a regulation, `category` being its form; columns as of `hazards`."""
    return _lifespans(records, "REGULATION", "form")


def regulations_by_year(records: Iterable[Record]) -> pd.DataFrame:
    """One row a regulation and year, with what the year's documents do with it.

    Returns:
        Columns of `REGULATIONS_BY_YEAR`: `issued`, `revised` and `repealed` say whether a document of the year issues,
        revises or repeals it; `evidence` lists the mentions that say so (`revise tj-2023#e012`).
    """
    rows = []
    for row, found in _by_year(records, "REGULATION", "form"):
        acted = {status: [m for m in found if _attribute(m[1], "status") == status] for status in _STATUSES}
        row |= {column: bool(acted[status]) for status, column in _STATUSES.items()}
        evidence = [f"{status} {r.doc_id}#{e.id}" for status, mentions in acted.items() for r, e in mentions]
        rows.append(row | {"evidence": "; ".join(evidence) or None})
    return frame(rows, REGULATIONS_BY_YEAR)


_STATUSES = {"issue": "issued", "revise": "revised", "repeal": "repealed"}
_Mention = tuple["Record", "Entity"]


def _attribute(entity: Entity, name: str) -> str | None:
    value: str | None = getattr(entity.attributes, name, None)
    return value


def _mentions(records: Iterable[Record], kind: str) -> dict[str, list[_Mention]]:
    """Mentions of a type by canonical name, by year, document and place; documents without a year come last."""
    found: dict[str, list[_Mention]] = {}
    for record in sorted(distinct(records), key=lambda r: (year_of(r) is None, year_of(r) or 0)):
        for entity in sorted(record.entities, key=lambda e: e.start):
            if entity.type == kind:
                found.setdefault(entity.canonical or entity.text, []).append((record, entity))
    return dict(sorted(found.items()))


def _by_year(records: Iterable[Record], kind: str, category: str) -> Iterator[tuple[dict[str, Any], list[_Mention]]]:
    for name, found in _mentions(records, kind).items():
        years: dict[int | None, list[_Mention]] = {}
        for record, entity in found:
            years.setdefault(year_of(record), []).append((record, entity))
        for year, mentions in years.items():
            row = {"canonical": name, "category": _attribute(mentions[0][1], category), "year": year}
            yield row | _counts(mentions), mentions


def _lifespans(records: Iterable[Record], kind: str, category: str) -> pd.DataFrame:
    rows = []
    for name, found in _mentions(records, kind).items():
        years = sorted({year for record, _ in found if (year := year_of(record)) is not None})
        rows.append(
            {
                "canonical": name,
                "category": _attribute(found[0][1], category),
                "first_year": years[0] if years else None,
                "last_year": years[-1] if years else None,
                "years": len(years),
                "present": "; ".join(map(str, years)) or None,
                **_counts(found),
            }
        )
    return frame(rows, LIFESPANS)


def _counts(found: list[_Mention]) -> dict[str, Any]:
    record, first = found[0]
    return {
        "documents": len({r.doc_id for r, _ in found}),
        "measures": len({(r.doc_id, e.measure) for r, e in found if e.measure}),
        "mentions": len(found),
        "doc_id": record.doc_id,
        "entity": first.id,
        "start": first.start,
        "end": first.end,
        "text": first.text,
    }
