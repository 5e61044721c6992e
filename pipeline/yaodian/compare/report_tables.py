"""The report's sections: each chart with the table of its figures, so that every figure can be read and followed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from yaodian.compare import report_charts as charts
from yaodian.compare import report_flows as streams
from yaodian.compare.report_charts import longest_chains, span
from yaodian.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from yaodian.compare.report_data import View
    from yaodian.record import Entity

_MOST_ROWS = 150
"""Rows of a table of names; the workbook has all."""
_MOST_WORDS = 60


@dataclass(frozen=True, slots=True)
class Cell:
    """Text of a cell, or the key of a word (`word`) that is said in the page's language, and the key of its places."""

    text: str = ""
    word: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table: columns are keys of words or, where `Cell` says so, texts."""

    columns: list[Cell]
    rows: list[list[Cell]]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart by its name in the page; `draw` makes it in a language, None where there is nothing to draw."""

    name: str
    draw: Callable[[Mapping[str, str]], Any]
    static: bool = False
    """Whether it is for files alone, not for the page."""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page: title and note are keys of words."""

    name: str
    note: str
    figures: list[Figure]
    tables: list[Table] = field(default_factory=list)


def sections(view: View) -> list[Section]:
    """Sections of the report with charts, in the page's order."""
    return [_targets(view), _chains(view), _functions(view), _flows(view), _shares(view), _more(view)]


def _words(*keys: str) -> list[Cell]:
    return [Cell(word=key) for key in keys]


def _texts(labels: Iterable[str]) -> list[Cell]:
    return [Cell(label) for label in labels]


def _targets(view: View) -> Section:
    rows = charts.target_rows(view)
    lines: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        lines[row["series_label"]].append(row)
    body = []
    for found in lines.values():
        by_plan = {row["plan"]: row for row in found}
        unit = found[0]["unit"]
        cells = [_value(by_plan.get(label)) for label in view.labels]
        unit_cell = Cell(word="ratio") if unit == "1" else Cell(unit)
        body.append([Cell(found[0]["indicator"] or "–"), unit_cell, *cells, Cell(found[0]["chain"])])
    columns = [*_words("target", "unit"), *_texts(view.labels), Cell(word="chain")]
    figures = [
        Figure("targets", lambda words: charts.targets(rows, words, view.labels)),
        Figure("targets-small", lambda words: charts.multiples(rows, words, view.labels), static=True),
    ]
    return Section("targets", "target_note", figures, [Table(columns, body)] * bool(body))


def _value(row: dict[str, Any] | None) -> Cell:
    if row is None:
        return Cell("")
    if row["absent"]:
        return Cell(word="absent")
    bounds = f"{row['low']:g}" if row["low"] == row["high"] else f"{row['low']:g}–{row['high']:g}"
    sign = {">=": "≥ ", "<=": "≤ ", ">": "> ", "<": "< ", "~": "≈ "}.get(row["comparator"], "")
    return Cell(sign + bounds, key=row["k"])


def _chains(view: View) -> Section:
    rows = charts.chain_rows(view)
    lines: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
    for row in rows:
        lines[row["chain"]][row["plan"]] = row
    body = [
        [
            Cell(chain),
            Cell(next(iter(found.values()))["text"]),
            *(_state(found.get(label)) for label in view.labels),
        ]
        for chain, found in lines.items()
    ]
    shown = len({row["chain"] for row in longest_chains(rows)})
    note = "chain_note" if shown == len(lines) else "chain_note_cut"
    columns = [*_words("chain", "name"), *_texts(view.labels)]
    figure = Figure("chains", lambda words: charts.chains(rows, words, view.labels))
    return Section("chains", note, [figure], [Table(columns, body)] * bool(body))


def _state(row: dict[str, Any] | None) -> Cell:
    if row is None:
        return Cell("")
    return Cell(word="gap") if row["state"] == "gap" else Cell(word=f"relation.{row['state']}", key=row["k"])


def _functions(view: View) -> Section:
    rows = charts.heat_rows(view, "function")
    cells = {(row["class"], row["plan"]): Cell(str(row["n"]), key=row["k"]) for row in rows}
    names = dict.fromkeys(row["class"] for row in sorted(rows, key=lambda row: -row["n"]))
    body = [
        [Cell(word=f"function.{name}"), *(cells.get((name, label), Cell("0")) for label in view.labels)]
        for name in names
    ]
    figure = Figure("functions", lambda words: charts.heat(rows, words, view.labels))
    return Section("functions", "", [figure], [Table([Cell(word="function"), *_texts(view.labels)], body)])


def _flows(view: View) -> Section:
    rows, bars = streams.flow_rows(view), streams.bar_rows(view)
    body = [
        [
            Cell(span(view.labels, row["plan"])),
            Cell(word=f"function.{row['from']}"),
            Cell(word=f"function.{row['to']}"),
            Cell(f"{row['right']:.3g}", key=row["k"]),
        ]
        for row in rows
    ]
    figure = Figure("flows", lambda words: streams.flows(rows, bars, words, view.labels) if rows else None)
    return Section("flows", "flow_note", [figure], [Table(_words("pair", "flow_from", "flow_to", "count"), body)])


def _shares(view: View) -> Section:
    figures, tables = [], []
    for axis in ("function", "instrument"):
        charts.heat_rows(view, axis)  # ties the counts to their measures
        rows = charts.share_rows(view, axis)
        figures.append(Figure(f"shares-{axis}", partial(_share, rows, view.labels, axis)))
        body = [
            [
                Cell(word=f"{axis}.{row['class']}"),
                Cell(row["plan"]),
                Cell(str(row["n"]), key=row["k"]),
                Cell("–" if row["percent"] is None else f"{row['percent']:.1f}"),
                Cell("–" if row["low"] is None else f"{row['low']:.1f}–{row['high']:.1f}"),
            ]
            for row in rows
        ]
        tables.append(Table(_words(axis, "plan_axis", "count", "percent", "interval"), body, axis))
    return Section("shares", "share_note", figures, tables)


def _share(rows: list[dict[str, Any]], labels: list[str], axis: str, words: Mapping[str, str]) -> Any:
    return charts.share(rows, words, labels, axis)


def _more(view: View) -> Section:
    acting = [{actor for measure in record.measures for actor in measure.actors} for record in view.records]
    tables = [
        _named(view, "hazards", lambda _, entity: entity.type == "HAZARD"),
        _named(view, "regulations", lambda _, entity: entity.type == "REGULATION"),
        _named(view, "actors", lambda plan, entity: entity.id in acting[plan]),
        _keywords(view),
        _pmc(view),
    ]
    return Section("more", "", [], [table for table in tables if table.rows])


def _named(view: View, title: str, wanted: Callable[[int, Entity], bool]) -> Table:
    """Names by plan, each count leading to all mentions of the plan."""
    found: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for plan, record in enumerate(view.records):
        for entity in record.entities:
            if wanted(plan, entity):
                place = view.places.add(plan, entity.start, entity.end)
                found[entity.canonical or entity.text][plan].append(place)
    ordered = sorted(found.items(), key=lambda item: (-sum(map(len, item[1].values())), item[0]))[:_MOST_ROWS]
    body = []
    for number, (name, by_plan) in enumerate(ordered):
        cells = [
            Cell(str(len(by_plan[plan])), key=view.places.group(f"e.{title}.{number}.{plan}", by_plan[plan]))
            for plan in range(len(view.labels))
        ]
        body.append([Cell(name), *cells])
    return Table([Cell(word="name"), *_texts(view.labels)], body, title)


def _keywords(view: View) -> Table:
    """Words whose frequency changed most between the first plan and the last."""
    from yaodian.compare.keywords import keywords

    last = len(view.records) - 1
    ends = [view.records[i].model_copy(update={"doc_id": str(i)}) for i in (0, last)]
    try:
        found = keywords(ends[:1], ends[1:]).head(_MOST_WORDS).to_dict("records")
    except UsageError:  # a plan without words
        found = []
    body = []
    for number, row in enumerate(found):
        place = view.places.add(int(row["doc_id"]), row["start"], row["end"])
        key = view.places.group(f"w.{number}", [place])
        body.append(
            [
                Cell(row["word"], key=key),
                *(Cell(str(row[name])) for name in ("n_left", "n_right")),
                Cell(f"{row['log_ratio']:+.2f}"),
                Cell(f"{row['g2']:.1f}"),
            ]
        )
    columns = [Cell(word="name"), *_texts([view.labels[0], view.labels[last]]), *_words("ratio_log", "keyness")]
    return Table(columns, body, "keywords")


def _pmc(view: View) -> Table:
    """PMC index of each plan; a sub-variable that is met leads to the first place that shows it."""
    from yaodian.compare.pmc import pmc

    study = pmc(record.model_copy(update={"doc_id": str(i)}) for i, record in enumerate(view.records))
    shown = {(row["sub"], int(row["doc_id"])): row for row in study.evidence.to_dict("records")}
    indices = study.indices.to_dict("records")
    body = [[Cell(word="index"), Cell(), *(Cell(f"{row['index']:.2f} {row['grade_label']}") for row in indices)]]
    for row in study.variables.to_dict("records"):
        cells = []
        for plan in range(len(view.labels)):
            found = shown.get((row["sub"], plan))
            place = [view.places.add(plan, found["start"], found["end"])] if found else []
            cells.append(Cell("1" if found else "0", key=view.places.group(f"v.{row['sub']}.{plan}", place)))
        body.append([Cell(f"{row['sub']} {row['variable_label']}"), Cell(row["sub_label"]), *cells])
    return Table([*_words("variable", "name"), *_texts(view.labels)], body, "pmc")
