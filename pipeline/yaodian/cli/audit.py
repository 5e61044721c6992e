"""`yaodian audit`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from yaodian.cli.app import AsJson, Lexicons, Model, answer, app

if TYPE_CHECKING:
    from collections.abc import Iterator

    from yaodian.record import Record


@app.command()
def audit(
    paths: Annotated[
        list[Path], typer.Argument(help="Text files or folders, or records (.jsonl).", show_default=False)
    ],
    *,
    shown: Annotated[int, typer.Option("--show", min=0, help="Numbers left over to list.")] = 20,
    lexicon: Lexicons = None,
    model: Model = None,
    as_json: AsJson = False,
) -> None:
    """Check every figure against the text, and account for every number in it.

    Accuracy is the share of quantities whose value stands in the text; coverage the share of numbers that ended as a
    quantity, a date, a name, a numbering or a listed exclusion. Exit status 1 if a value is not in the text.

    Examples:
        yaodian audit plans/

        yaodian audit out/records.jsonl --show 100
    """
    from yaodian.audit import KINDS
    from yaodian.audit import audit as examine
    from yaodian.lexicon import load_lexicon

    records = list(_records(paths, lexicon or [], model))
    found = examine(records, load_lexicon([Path(path) for path in lexicon or []]))
    if as_json:
        typer.echo(json.dumps({"documents": len(records), **found.to_dict()}, ensure_ascii=False))
    else:
        console = answer()
        accuracy = "–" if found.accuracy is None else f"{found.accuracy:.2%}"
        coverage = "–" if found.coverage is None else f"{found.coverage:.2%}"
        console.print(f"{len(records)} documents, {found.quantities} quantities")
        console.print(f"accuracy: {accuracy} of the quantities have the value that stands in the text", markup=False)
        parts = ", ".join(f"{kind} {found.numbers[kind]}" for kind in KINDS)
        console.print(f"coverage: {coverage} of {found.numbers.total()} numbers ({parts})", markup=False)
        for title, lines in (("wrong", found.wrong), ("left over", found.left_over)):
            for line in lines[:shown]:
                console.print(f"{title}: {line}", markup=False)
            if len(lines) > shown:
                console.print(f"… and {len(lines) - shown} more {title}", markup=False)
    if found.wrong:
        raise typer.Exit(1)


def _records(paths: list[Path], lexicon: list[str], model: str | None) -> Iterator[Record]:
    from yaodian.batch import Settings, records
    from yaodian.cli.train import read_records

    ready = [path for path in paths if path.suffix == ".jsonl"]
    if ready:
        yield from read_records(ready)
    others = [str(path) for path in paths if path.suffix != ".jsonl"]
    if others:
        yield from records(others, Settings(lexicons=tuple(lexicon), model=model))
