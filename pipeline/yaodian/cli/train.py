"""`yaodian train`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from yaodian.cli.app import AsJson, answer, app

if TYPE_CHECKING:
    from yaodian.record import Record


def read_records(paths: list[Path]) -> list[Record]:
    """Read records from JSONL files, gold label files, and folders of either."""
    from yaodian.errors import InputError
    from yaodian.formats import is_labels, read_labels
    from yaodian.record import read_jsonl

    files: list[Path] = []
    for path in paths:
        if not path.exists():
            raise InputError(f"{path}: no such file or folder; check the path")
        files += sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    if not files:
        raise InputError(f"{paths[0]}: no .jsonl file in this folder")
    records: list[Record] = []
    for file in files:
        if is_labels(file):
            records.append(read_labels(file, root=file.parent.parent))
        else:
            records += read_jsonl(file)
    return records


@app.command()
def train(
    gold: Annotated[list[Path], typer.Argument(help="Labelled records: .jsonl files or folders.", show_default=False)],
    *,
    out: Annotated[Path, typer.Option("-o", "--out", help="Folder for the model.")] = Path("model"),
    seed: Annotated[int, typer.Option(help="Seed of the folds.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Train a model from labelled records: functions and instruments of measures, and names of institutions.

    The figures printed are from cross-validation with whole documents left out.

    Examples:
        yaodian train corpora/gold -o my-model

        yaodian extract plans/ -o out --model my-model
    """
    from yaodian.train import train as fit

    meta = fit(read_records(gold), out, seed=seed)
    if as_json:
        typer.echo(json.dumps(meta, ensure_ascii=False))
        return
    figures = meta["cross_validation"]
    console = answer()
    console.print(
        f"trained on {meta['measures']} measures of {len(meta['documents'])} documents; model in [bold]{out}[/]"
    )
    for axis in ("function", "instrument"):
        console.print(
            f"{axis}: accuracy {figures[axis]['accuracy']:.3f}, macro-F1 {figures[axis]['macro_f1']:.3f} "
            f"(n = {figures['n']}, {figures['folds']}-fold, whole {figures['left_out']}s left out)"
        )
    if meta["recogniser"] is None:
        from yaodian.train.recogniser import INSTALL, available

        why = "the records hold no institution" if available() else f"python-crfsuite is missing; {INSTALL}"
        console.print(f"no recogniser of institutions: {why}", markup=False)
    else:
        console.print(f"recogniser of institutions: trained on {len(meta['recogniser']['documents'])} documents")
