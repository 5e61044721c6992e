"""`yaodian errors`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from yaodian.cli.app import AsJson, answer, app
from yaodian.cli.train import read_records


@app.command()
def errors(
    pred: Annotated[Path, typer.Argument(help="Predicted records (.jsonl or a folder).", show_default=False)],
    gold: Annotated[Path, typer.Argument(help="Gold records (.jsonl or a folder).", show_default=False)],
    *,
    examples: Annotated[int, typer.Option(min=0, help="Examples shown of each group.")] = 3,
    as_json: AsJson = False,
) -> None:
    """Group what predictions got wrong: by kind, by type, by rule, lexicon or model; misses by their last characters.

    Examples:
        yaodian errors out/records.jsonl corpora/gold

        yaodian errors out/records.jsonl corpora/gold --examples 10
    """
    from yaodian.scoring import group, render_groups, score

    groups = group(score(read_records([pred]), read_records([gold]), resamples=0).errors)
    if as_json:
        typer.echo(json.dumps([found.model_dump(mode="json") for found in groups], ensure_ascii=False))
    else:
        render_groups(groups, answer(), examples=examples)
