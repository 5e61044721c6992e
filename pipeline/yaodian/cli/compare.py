"""`yaodian compare`: what became of the measures of one plan in the next, over two years or more."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from yaodian.cli.app import AsJson, Lexicons, Model, answer, app

if TYPE_CHECKING:
    from yaodian.compare.chains import History
    from yaodian.record import Record


@app.command()
def compare(
    plans: Annotated[
        list[Path],
        typer.Argument(help="Two plans or more: files of any readable kind, or records (.jsonl).", show_default=False),
    ],
    *,
    out: Annotated[Path, typer.Option("-o", "--out", help="The report, one HTML file that opens offline.")] = Path(
        "report.html"
    ),
    charts: Annotated[
        Path | None, typer.Option(help="Folder for the charts as SVG and PNG.", show_default=False)
    ] = None,
    tables: Annotated[
        Path | None, typer.Option(help="Excel workbook (.xlsx) for all tables.", show_default=False)
    ] = None,
    language: Annotated[str, typer.Option(help="Language in which report and charts open: zh or en.")] = "zh",
    lexicon: Lexicons = None,
    model: Model = None,
    as_json: AsJson = False,
) -> None:
    """Compare plans over years: which measures stayed, changed, came and went.

    Plans are put in the order of their years where all have one, else taken as given; each is compared with the next.

    Examples:
        yaodian compare 2023.docx 2024.docx -o report.html

        yaodian compare plans/ --charts charts --tables tables.xlsx

        yaodian compare out/records.jsonl --json
    """
    from yaodian.compare.chains import history
    from yaodian.compare.report import write_report, write_tables
    from yaodian.compare.report_words import words

    words(language)  # raises for an unknown one before the work begins
    found = history(_in_order(plans, lexicon or [], model))
    write_report(found, out, language=language)
    if charts:
        _write_charts(found, charts, language)
    if tables:
        write_tables(found, tables)
    if as_json:
        typer.echo(json.dumps(_summary(found), ensure_ascii=False))
    else:
        _print(found, [path for path in (out, charts, tables) if path])


def _in_order(plans: list[Path], lexicon: list[str], model: str | None) -> list[Record]:
    from yaodian.cli.audit import _records
    from yaodian.errors import UsageError

    # One path at a time: records and documents may be mixed, and the order given may be the order of the plans.
    records = [record for path in plans for record in _records([path], lexicon, model)]
    if len(records) < 2:  # noqa: PLR2004
        raise UsageError(f"{len(records)} plan found; give at least two to compare")
    years = [record.metadata.plan_year for record in records]
    if None not in years:
        records.sort(key=lambda record: record.metadata.plan_year or 0)
    return records


def _write_charts(found: History, folder: Path, language: str) -> None:
    import warnings

    from yaodian.compare.report import write_charts

    with warnings.catch_warnings(record=True) as noted:
        warnings.simplefilter("always")
        write_charts(found, folder, language=language)
    for message in dict.fromkeys(str(note.message) for note in noted if note.category is UserWarning):
        typer.echo(f"yaodian: {message}", err=True)


def _summary(found: History) -> dict[str, Any]:
    from dataclasses import asdict

    from yaodian.compare.report_data import counts, plan_labels

    labels = plan_labels(found.records)
    return {
        "plans": [
            {"plan": label, "doc_id": r.doc_id, "plan_year": r.metadata.plan_year, "measures": len(r.measures)}
            for label, r in zip(labels, found.records, strict=True)
        ],
        "pairs": [
            {
                "left": labels[number],
                "right": labels[number + 1],
                "counts": counts(comparison),
                "links": [asdict(link) for link in comparison.links],
            }
            for number, comparison in enumerate(found.comparisons)
        ],
        "chains": [
            {"id": c.id, "members": [list(ids) for ids in c.members], "gaps": [labels[plan] for plan in c.gaps]}
            for c in found.chains
        ],
        "series": [asdict(series) for series in found.series],
    }


def _print(found: History, written: list[Path]) -> None:
    from itertools import pairwise

    from rich.table import Table

    from yaodian.compare.report_data import COUNTED, counts, plan_labels

    console = answer()
    labels = plan_labels(found.records)
    plans = ", ".join(f"{label} {len(r.measures)}" for label, r in zip(labels, found.records, strict=True))
    console.print(f"{len(found.records)} plans; measures: {plans}", markup=False)
    table = Table(title="What became of the measures (links)", title_justify="left")
    table.add_column("what")
    for left, right in pairwise(labels):
        table.add_column(f"{left} → {right}", justify="right")
    columns = [counts(comparison) for comparison in found.comparisons]
    for what in COUNTED:
        table.add_row(what, *(str(column[what]) for column in columns))
    console.print(table)
    gaps = sum(bool(chain.gaps) for chain in found.chains)
    console.print(
        f"{len(found.chains)} measures followed, {gaps} with a gap; {len(found.series)} targets followed", markup=False
    )
    for path in written:
        console.print(f"written: {path}", markup=False)
