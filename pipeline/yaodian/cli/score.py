"""`yaodian score`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from yaodian.cli.app import AsJson, answer, app
from yaodian.cli.train import read_records
from yaodian.errors import UsageError


@app.command()
def score(
    pred: Annotated[Path, typer.Argument(help="Predicted records (.jsonl or a folder).", show_default=False)],
    gold: Annotated[Path, typer.Argument(help="Gold records (.jsonl or a folder).", show_default=False)],
    *,
    errors: Annotated[bool, typer.Option("--errors", help="List every miss, false alarm and boundary error.")] = False,
    compare: Annotated[
        Path | None,
        typer.Option("--compare", help="Further predictions B: is B better than PRED (A) on the same documents?"),
    ] = None,
    resamples: Annotated[int, typer.Option(help="Bootstrap resamples.")] = 1000,
    seed: Annotated[int, typer.Option(help="Seed of the bootstrap.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Score predicted records against gold, with 95 % bootstrap intervals.

    Examples:
        yaodian score out/records.jsonl corpora/gold

        yaodian score out/records.jsonl corpora/gold --errors

        yaodian score a/records.jsonl corpora/gold --compare b/records.jsonl
    """
    from yaodian import scoring

    console = answer()
    if compare is not None:
        if errors:
            raise UsageError("--compare and --errors are two questions; ask one at a time")
        sides = [read_records([path]) for path in (pred, compare, gold)]
        comparison = scoring.compare(*sides, seed=seed, resamples=resamples)
        if as_json:
            typer.echo(json.dumps(comparison.to_dict(), ensure_ascii=False))
        else:
            scoring.render_comparison(comparison, console)
        return
    result = scoring.score(read_records([pred]), read_records([gold]), seed=seed, resamples=resamples)
    if as_json:
        typer.echo(json.dumps(result.to_dict(), ensure_ascii=False))
        return
    scoring.render(result, console)
    if errors:
        scoring.render_errors(result, console)
