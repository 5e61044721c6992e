"""`yaodian score`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from yaodian.cli.app import AsJson, answer, app
from yaodian.cli.train import read_records


@app.command()
def score(
    pred: Annotated[Path, typer.Argument(help="Predicted records (.jsonl or a folder).", show_default=False)],
    gold: Annotated[Path, typer.Argument(help="Gold records (.jsonl or a folder).", show_default=False)],
    *,
    errors: Annotated[bool, typer.Option("--errors", help="List every miss, false alarm and boundary error.")] = False,
    resamples: Annotated[int, typer.Option(help="Bootstrap resamples.")] = 1000,
    seed: Annotated[int, typer.Option(help="Seed of the bootstrap.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Score predicted records against gold, with 95 % bootstrap intervals.

    Examples:
        yaodian score out/records.jsonl corpora/gold

        yaodian score out/records.jsonl corpora/gold --errors
    """
    from yaodian.scoring import render, render_errors
    from yaodian.scoring import score as evaluate

    result = evaluate(read_records([pred]), read_records([gold]), seed=seed, resamples=resamples)
    if as_json:
        typer.echo(json.dumps(result.to_dict(), ensure_ascii=False))
        return
    console = answer()
    render(result, console)
    if errors:
        render_errors(result, console)
