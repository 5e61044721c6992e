"""`yaodian extract`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from yaodian.cli.app import AsJson, Lexicons, Model, answer, app, talk

if TYPE_CHECKING:
    from yaodian.batch import Summary


@app.command()
def extract(
    paths: Annotated[list[Path], typer.Argument(help="Text files, or folders of them.", show_default=False)],
    *,
    out: Annotated[Path, typer.Option("-o", "--out", help="Folder for records.jsonl and the CSV tables.")] = Path(
        "out"
    ),
    lexicon: Lexicons = None,
    model: Model = None,
    as_json: AsJson = False,
) -> None:
    """Extract records and tables from work plans.

    Writes `records.jsonl` and the tables documents, sections, measures, entities, relations, warnings, targets, actions
    and institutions as CSV (UTF-8 with BOM: they open in Excel).

    Exit status: 0 all done, 1 some files failed, 2 wrong call.

    Examples:
        yaodian extract plan.txt -o out

        yaodian extract plans/ more/2024.txt -o out --lexicon my-hazards.csv
    """
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from yaodian.batch import find, run
    from yaodian.components import load

    sources, missing = find(paths)
    for error in missing:
        typer.echo(f"yaodian: {error}", err=True)
    if not sources:
        raise typer.Exit(1)
    nlp = load(lexicons=lexicon or (), model=model)
    console = talk()
    columns = (TextColumn("extracting"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("extract", total=len(sources))
        summary = run(sources, out, nlp, progress=lambda: progress.advance(task))
    for failure in summary.failures:
        typer.echo(f"yaodian: {failure}", err=True)
    if as_json:
        from yaodian.batch import as_json as dump

        typer.echo(dump(summary))
    else:
        _print(summary, out)
    if summary.failures or missing:
        raise typer.Exit(1)


def _print(summary: Summary, out: Path) -> None:
    from rich.table import Table

    from yaodian.labels import ENTITY_TYPES, functions

    console = answer()
    console.print(
        f"[bold]{summary.documents}[/] documents, {summary.characters:,} characters: "
        f"[bold]{summary.sections}[/] sections, [bold]{summary.measures}[/] measures"
    )
    entities = Table(title="Entities", title_justify="left")
    entities.add_column("type")
    entities.add_column("类型")
    entities.add_column("n", justify="right")
    for name, kind in ENTITY_TYPES.items():
        entities.add_row(name, kind.chinese, str(summary.entities.get(name, 0)))
    if not summary.documents:
        return
    console.print(entities)
    shares = Table(title="Functions of measures", title_justify="left")
    for column, justify in (("function", "left"), ("职能", "left"), ("n", "right"), ("%", "right")):
        shares.add_column(column, justify=justify)  # type: ignore[arg-type]
    for name, what in functions().items():
        count = summary.functions.get(name, 0)
        if count:
            shares.add_row(name, what.chinese, str(count), f"{100 * count / max(summary.measures, 1):.1f}")
    console.print(shares)
    for line in summary.warnings[:20]:
        console.print(f"[yellow]warning[/] {line}")
    if len(summary.warnings) > 20:  # noqa: PLR2004
        console.print(f"… and {len(summary.warnings) - 20} more in warnings.csv")
    console.print(f"Tables and records are in [bold]{out}[/]: records.jsonl, measures.csv, entities.csv, targets.csv …")
