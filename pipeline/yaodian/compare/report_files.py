"""A comparison's charts as SVG and PNG, and its tables as one workbook."""

from __future__ import annotations

import os
import sys
import warnings
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from yaodian.compare.report_data import function_of, view
from yaodian.compare.report_words import words
from yaodian.errors import InputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from yaodian.compare.chains import History
    from yaodian.compare.report_data import View

_FONTS = (
    ("notosanscjk", "Noto Sans CJK SC"), ("notosanssc", "Noto Sans SC"), ("notosanshans", "Noto Sans S Chinese"),
    ("sourcehansans", "Source Han Sans SC"), ("pingfang", "PingFang SC"), ("hiragino sans gb", "Hiragino Sans GB"),
    ("stheiti", "Heiti SC"), ("msyh", "Microsoft YaHei"), ("simhei", "SimHei"), ("deng", "DengXian"),
    ("wqy-microhei", "WenQuanYi Micro Hei"), ("wqy-zenhei", "WenQuanYi Zen Hei"),
    ("droidsansfallback", "Droid Sans Fallback"), ("notoserifcjk", "Noto Serif CJK SC"), ("songti", "Songti SC"),
    ("simsun", "SimSun"),
)  # fmt: skip
"""Beginnings of file names of fonts with simplified Chinese characters, and the families' names; the best first."""
_NO_FONT = (
    "no font with Chinese characters was found, so they are empty boxes in the charts; "
    "install one, such as Noto Sans CJK (Debian: fonts-noto-cjk)"
)
INSTALL = "charts need altair and vl-convert-python; install them with: pip install 'yaodian[report]'"
_SCALE = 2
"""Pixels of a PNG for each of the chart's."""
_WIDTH = 620


def check(history: History) -> None:
    """Raise `UsageError` where there are no plans or the libraries for charts are not installed."""
    from importlib.util import find_spec

    if not history.records:
        raise UsageError("no plans to report on; give at least two")
    if not (find_spec("altair") and find_spec("vl_convert")):
        raise UsageError(INSTALL)


def write_charts(history: History, folder: Path, *, language: str = "zh") -> list[Path]:
    """Write every chart as SVG and PNG into a folder, which is made where it is missing.

    Warns once (`UserWarning`) where no font with Chinese characters is found.

    Returns:
        The files written.

    Raises:
        UsageError: unknown language, no plans, or the libraries for charts are not installed.
        InputError: a file cannot be written.
    """
    from yaodian.compare.report_charts import relations, relations_rows, styled, vega_lite
    from yaodian.compare.report_tables import Figure, sections

    said = words(language)
    check(history)
    import vl_convert

    font = chinese_font()
    if font is None:
        warnings.warn(_NO_FONT, stacklevel=2)
    made = view(history)
    bars = relations_rows(made)
    figures = [Figure("relations", lambda said: relations(bars, said) if bars else None)]
    figures += [figure for part in sections(made) for figure in part.figures]
    files = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for figure in figures:
            # A list to choose from is of no use on paper: the small charts show the targets.
            chart = None if figure.name == "targets" else figure.draw(said)
            if chart is None:
                continue
            sized = chart if figure.static else chart.properties(width=_WIDTH)
            spec = styled(sized, font or "sans-serif").properties(background="white").to_dict()
            svg, png = folder / f"{figure.name}.svg", folder / f"{figure.name}.png"
            svg.write_text(vl_convert.vegalite_to_svg(spec, vl_version=vega_lite()), encoding="utf-8", newline="\n")
            png.write_bytes(vl_convert.vegalite_to_png(spec, vl_version=vega_lite(), scale=_SCALE))
            files += [svg, png]
    except OSError as error:
        raise InputError(f"{folder}: cannot be written to ({error.strerror}); choose another folder") from error
    return files


def chinese_font() -> str | None:
    """Family of the best font with simplified Chinese characters on this machine; None where there is none."""
    names = {name.lower() for folder in _font_folders() for name in _files(folder)}
    return next((family for start, family in _FONTS if any(name.startswith(start) for name in names)), None)


def _font_folders() -> list[Path]:
    home = Path.home()
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA", str(home))
        return [Path(os.environ.get("WINDIR", "C:/Windows")) / "Fonts", Path(local) / "Microsoft/Windows/Fonts"]
    if sys.platform == "darwin":
        return [Path("/System/Library"), Path("/Library/Fonts"), home / "Library/Fonts"]
    return [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), home / ".fonts", home / ".local/share/fonts"]


def _files(folder: Path) -> Iterator[str]:
    # macOS keeps fonts that are loaded on demand under AssetsV2; the rest of /System/Library is large.
    if folder == Path("/System/Library"):
        for name in ("Fonts", "AssetsV2"):
            yield from _files(folder / name)
        return
    for _, _, names in os.walk(folder):
        yield from (name for name in names if name.lower().endswith((".ttf", ".ttc", ".otf", ".otc")))


def write_tables(history: History, path: Path) -> None:
    """Write all tables of a comparison to one Excel workbook.

    Links, changes, chains and series of this comparison; the coded clause list, shares, tests, cross tables, hazards,
    regulations, bodies and their network, words and PMC index over its plans.

    Raises:
        UsageError: there are no plans.
        InputError: the file cannot be written.
    """
    from yaodian.compare.workbook import to_xlsx

    if not history.records:
        raise UsageError("no plans to write tables of; give at least two")
    frames = tables(history)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        to_xlsx(frames, path)
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror}); choose another place") from error


def tables(history: History) -> dict[str, pd.DataFrame]:
    """All tables of a comparison as data frames by name."""
    made = view(history)
    return {**_own(made), **_aggregates(made)}


def _own(made: View) -> dict[str, pd.DataFrame]:
    import pandas as pd

    frames = {
        "links": ([*_links(made)], ["pair", "relation", "moved", "score", "function", "hazards", "left", "right",
                                    "left_text", "right_text", "changes"]),
        "changes": ([*_changes(made)], ["pair", "left", "right", "relation", "kind", "direction", "left_text",
                                        "right_text", "note", "left_start", "left_end", "right_start", "right_end"]),
        "chains": ([*_chains(made)], ["chain", "first", "last", "plans", "gaps", "function", "text", "members"]),
        "series": ([*_series(made)], ["chain", "indicator", "unit", "plan", "absent", "comparator", "low", "high",
                                      "measure", "entity", "start", "end", "text"]),
    }  # fmt: skip
    return {name: pd.DataFrame(rows, columns=columns) for name, (rows, columns) in frames.items()}


def _links(made: View) -> Iterator[dict[str, Any]]:
    for plan, comparison in enumerate(made.history.comparisons):
        for link in comparison.links:
            sides = [
                [made.measures[plan + side][name] for name in ids] for side, ids in enumerate((link.left, link.right))
            ]
            texts = [
                "\n".join(made.records[plan + side].text[m.start : m.end] for m in found)
                for side, found in enumerate(sides)
            ]
            row = {
                "pair": _pair(made, plan),
                "relation": link.relation,
                "moved": link.moved,
                "score": link.score,
                "function": "; ".join(dict.fromkeys(function_of(m) for m in [*sides[0], *sides[1]])),
                "left": "; ".join(link.left) or None,
                "right": "; ".join(link.right) or None,
                "left_text": texts[0] or None,
                "right_text": texts[1] or None,
                "changes": "; ".join(f"{c.kind} {c.direction}: {c.note}" for c in link.changes) or None,
            }
            hazards = [
                entity.canonical or entity.text
                for side, ids in enumerate((link.left, link.right))
                for entity in made.records[plan + side].entities
                if entity.type == "HAZARD" and entity.measure in ids
            ]
            yield row | {"hazards": "; ".join(dict.fromkeys(hazards)) or None}


def _pair(made: View, plan: int) -> str:
    return f"{made.labels[plan]} → {made.labels[plan + 1]}"


def _changes(made: View) -> Iterator[dict[str, Any]]:
    for plan, comparison in enumerate(made.history.comparisons):
        for link in comparison.links:
            for change in link.changes:
                row: dict[str, Any] = {
                    "pair": _pair(made, plan),
                    "left": "; ".join(link.left),
                    "right": "; ".join(link.right),
                    "relation": link.relation,
                    "kind": change.kind,
                    "direction": change.direction,
                    "note": change.note,
                }
                sides = (("left", comparison.left, change.left), ("right", comparison.right, change.right))
                for name, record, place in sides:
                    if place:
                        row |= {f"{name}_start": place[0], f"{name}_end": place[1],
                                f"{name}_text": record.text[slice(*place)]}  # fmt: skip
                yield row


def _chains(made: View) -> Iterator[dict[str, Any]]:
    for chain in made.history.chains:
        first = made.measures[chain.first][chain.members[chain.first][0]]
        members = [f"{made.labels[plan]}: {', '.join(ids)}" for plan, ids in enumerate(chain.members) if ids]
        yield {
            "chain": chain.id,
            "first": made.labels[chain.first],
            "last": made.labels[chain.last],
            "plans": len(members),
            "gaps": "; ".join(made.labels[plan] for plan in chain.gaps) or None,
            "function": function_of(first),
            "text": made.records[chain.first].text[first.start : first.end],
            "members": "; ".join(members),
        }


def _series(made: View) -> Iterator[dict[str, Any]]:
    for series in made.history.series:
        shared = {"chain": series.chain, "indicator": series.indicator, "unit": series.unit}
        for point in series.points:
            row = asdict(point) | {"plan": made.labels[point.plan], "absent": False}
            yield shared | row | {"text": made.records[point.plan].text[point.start : point.end]}
        for plan in sorted(series.absent):
            yield shared | {"plan": made.labels[plan], "absent": True}


def _aggregates(made: View) -> dict[str, pd.DataFrame]:
    from yaodian.compare import aggregates, keywords, network, pmc
    from yaodian.compare import tables as lists

    records = list(made.records)
    if len({record.doc_id for record in records}) < len(records):
        # Rows must lead back to one text, so plans that share a doc_id go by their labels.
        records = [r.model_copy(update={"doc_id": name}) for r, name in zip(records, made.labels, strict=True)]
    frames = {"clauses": lists.clauses(records)}
    for axis in ("function", "instrument", "phase"):
        frames[f"{axis}_shares"] = aggregates.shares(records, axis, by="doc_id")
    for left, right in pairwise(range(len(records))):
        pair = [records[left], records[right]]
        names = pair[0].doc_id, pair[1].doc_id
        for axis in ("function", "instrument"):
            frames[f"test_{axis}_{left + 1}_{right + 1}"] = aggregates.change(pair, *names, axis=axis, by="doc_id")  # type: ignore[arg-type]
        try:
            frames[f"words_{left + 1}_{right + 1}"] = keywords.keywords(pair[:1], pair[1:])
        except UsageError:  # a plan without words
            continue
    frames["phase_instrument"] = aggregates.cross(records)
    frames["function_plan"] = aggregates.cross(records, "function", "doc_id")
    frames["hazards"] = lists.hazards(records)
    frames["hazards_by_year"] = lists.hazards_by_year(records)
    frames["regulations"] = lists.regulations(records)
    frames["regulations_by_year"] = lists.regulations_by_year(records)
    frames["actors"] = network.actors(records)
    bodies = network.network(records)
    frames |= {"network_nodes": bodies.nodes, "network_edges": bodies.edges}
    return frames | pmc.pmc(records).frames()
