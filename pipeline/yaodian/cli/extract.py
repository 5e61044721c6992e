"""`yaodian extract`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from yaodian.cli.app import AsJson, Lexicons, Model, answer, app, talk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from yaodian.batch import Summary, Watch

_RUN = "How the run is done"
_READ = "What is read"
_WRITE = "What is written"


@app.command()
def extract(
    paths: Annotated[
        list[str],
        typer.Argument(
            help="Files, folders, web addresses, lists of web addresses, or fsspec addresses (s3://…).",
            show_default=False,
        ),
    ],
    *,
    out: Annotated[str, typer.Option("-o", "--out", help="Folder for the results; may be an fsspec address.")] = "out",
    formats: Annotated[
        list[str] | None,
        typer.Option(
            "-f",
            "--format",
            help="jsonl, csv, xlsx, parquet, duckdb or docbin; several times for several. Default: jsonl and csv.",
            rich_help_panel=_WRITE,
        ),
    ] = None,
    csv_bom: Annotated[
        bool,
        typer.Option(
            "--csv-bom/--no-csv-bom",
            help="Begin CSV files with a byte order mark, by which Excel tells UTF-8.",
            rich_help_panel=_WRITE,
        ),
    ] = True,
    text_column: Annotated[
        str | None,
        typer.Option(help="Column that holds the texts of CSV, JSON, Excel and Parquet.", rich_help_panel=_READ),
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option("-j", "--jobs", min=1, help="Worker processes; default: one a core.", rich_help_panel=_RUN),
    ] = None,
    resume: Annotated[
        bool,
        typer.Option("--resume", help="Go on with what is there; unchanged files are skipped.", rich_help_panel=_RUN),
    ] = False,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Begin anew, also over an unfinished run.", rich_help_panel=_RUN)
    ] = False,
    timeout: Annotated[
        float, typer.Option(min=0.1, help="Seconds that one document may take.", rich_help_panel=_RUN)
    ] = 300.0,
    engine: Annotated[str, typer.Option(help="processes or dask.", rich_help_panel=_RUN)] = "processes",
    scheduler: Annotated[
        str | None, typer.Option(help="Address of a Dask scheduler (tcp://host:8786).", rich_help_panel=_RUN)
    ] = None,
    work: Annotated[
        str | None,
        typer.Option(help="Folder for the run's memory; default: .yaodian in the output folder.", rich_help_panel=_RUN),
    ] = None,
    pause: Annotated[
        float, typer.Option(min=0.0, help="Seconds between two requests to one web server.", rich_help_panel=_RUN)
    ] = 1.0,
    lexicon: Lexicons = None,
    model: Model = None,
    as_json: AsJson = False,
) -> None:
    """Extract records and tables from work plans, in whatever files they come.

    Reads text (UTF-8, UTF-16, GB18030, Big5), Markdown, web pages, DOCX, PDF with a text layer, DOC, WPS, RTF and ODT
    (through LibreOffice), ZIP archives, and CSV, JSON, Excel and Parquet with a text column. What cannot be read is
    listed in failures.csv with the reason; the rest goes on. A stopped run goes on with --resume.

    Writes records.jsonl, the tables as CSV, and manifest.json, from which the run can be repeated.

    Exit status: 0 all done, 1 some files failed, 2 wrong call, 130 interrupted.

    Examples:
        yaodian extract plan.docx -o out

        yaodian extract plans/ more/2024.pdf -o out -f csv -f duckdb --jobs 4

        yaodian extract addresses.txt -o out --resume
    """
    from yaodian.batch import Plan, Settings, run
    from yaodian.batch import as_json as dump
    from yaodian.export import Options

    settings = Settings(lexicons=tuple(lexicon or ()), model=model, text_column=text_column, timeout=timeout)
    plan = Plan(
        formats=tuple(formats or ("jsonl", "csv")),
        options=Options(bom=csv_bom),
        jobs=jobs,
        engine=engine,
        scheduler=scheduler,
        resume=resume,
        fresh=fresh,
        work=work,
        pause=pause,
    )
    missing: list[str] = []
    for watch in _progress(missing):
        summary = run(paths, out, settings=settings, plan=plan, watch=watch)
    for line in summary.failures:
        typer.echo(f"yaodian: {line}", err=True)
    if as_json:
        typer.echo(dump(summary))
    else:
        _print(summary, out)
    if summary.failures or missing:
        raise typer.Exit(1)


def _progress(missing: list[str]) -> Iterator[Watch]:
    """Yield one watch that draws a bar with rate and time left where standard error is a terminal."""
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        Task,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.text import Text

    from yaodian.batch import Watch

    class Rate(ProgressColumn):
        def render(self, task: Task) -> Text:
            return Text(f"{task.speed:.1f}/s" if task.speed else "–/s")

    def tell(line: str) -> None:
        missing.append(line)
        typer.echo(f"yaodian: {line}", err=True)

    console = talk()
    columns = (TextColumn("extracting"), BarColumn(), MofNCompleteColumn(), Rate(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        bar = progress.add_task("extract", total=0)
        known = 0

        def more(count: int) -> None:
            nonlocal known
            known += count
            progress.update(bar, total=known)

        yield Watch(more=more, done=lambda _: progress.advance(bar), missing=tell)


def _print(summary: Summary, out: str) -> None:
    from rich.table import Table

    from yaodian.labels import ENTITY_TYPES, functions

    console = answer()
    console.print(
        f"[bold]{summary.documents}[/] documents, {summary.characters:,} characters: "
        f"[bold]{summary.sections}[/] sections, [bold]{summary.measures}[/] measures"
    )
    if summary.unchanged:
        console.print(f"{summary.unchanged} of the documents were done before and are unchanged")
    if summary.documents:
        entities = Table(title="Entities", title_justify="left")
        entities.add_column("type")
        entities.add_column("类型")
        entities.add_column("n", justify="right")
        for name, kind in ENTITY_TYPES.items():
            entities.add_row(name, kind.chinese, str(summary.entities.get(name, 0)))
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
        console.print(f"[yellow]warning[/] {line}", soft_wrap=True)
    total = sum(summary.warnings_by_code.values())
    if total > 20:  # noqa: PLR2004
        console.print(f"… and {total - 20} more in warnings.csv")
    failed = sum(summary.failures_by_reason.values())
    if failed:
        reasons = ", ".join(f"{n} {reason}" for reason, n in sorted(summary.failures_by_reason.items()))
        console.print(f"[red]{failed} failed[/] ({reasons}): see failures.csv")
    console.print(f"Results are in [bold]{out}[/]; manifest.json tells how they were made")
