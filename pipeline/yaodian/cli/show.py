"""`yaodian show`: a text in the terminal, coloured by label, with its section tree beside it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from yaodian.cli.app import AsJson, Lexicons, Model, answer, app

if TYPE_CHECKING:
    from rich.text import Text
    from rich.tree import Tree

    from yaodian.record import Record

_NARROW = 100


@app.command()
def show(
    file: Annotated[Path, typer.Argument(help="A text, or a record (.jsonl) of which the first is shown.")],
    *,
    lexicon: Lexicons = None,
    model: Model = None,
    as_json: AsJson = False,
) -> None:
    """Show one text coloured by label, its section tree beside it.

    Examples:
        yaodian show plan.txt

        yaodian show out/records.jsonl

        yaodian show plan.txt --json | python -m json.tool
    """
    record = _record(file, lexicon or [], model)
    if as_json:
        typer.echo(record.to_json())
        return
    from rich.table import Table

    console = answer()
    console.print(_legend())
    if console.width < _NARROW:
        console.print(_tree(record))
        console.print(_coloured(record))
        return
    grid = Table.grid(padding=(0, 2), expand=True)
    grid.add_column(ratio=1, min_width=28, overflow="fold")
    # Chinese has no blanks to break lines at: fold, or the rest of a paragraph would be cut off.
    grid.add_column(ratio=3, overflow="fold")
    grid.add_row(_tree(record), _coloured(record))
    console.print(grid)


def _record(file: Path, lexicon: list[str], model: str | None) -> Record:
    from yaodian.batch import Settings, records
    from yaodian.errors import InputError
    from yaodian.record import read_jsonl

    settings = Settings(lexicons=tuple(lexicon), model=model)
    found = read_jsonl(file) if file.suffix == ".jsonl" else records([str(file)], settings)
    record = next(found, None)
    if record is None:
        raise InputError(f"{file}: holds no record")
    return record


def _legend() -> Text:
    from rich.text import Text

    from yaodian.labels import ENTITY_TYPES

    legend = Text()
    for kind in ENTITY_TYPES.values():
        legend.append(f" {kind.chinese} {kind.name} ", style=f"black on {kind.colour}")
        legend.append(" ")
    return legend


def _tree(record: Record) -> Tree:
    from rich.text import Text
    from rich.tree import Tree

    tree = Tree(Text(record.metadata.title or record.doc_id, style="bold", overflow="fold"))
    branches = {None: tree}
    for section in record.sections:
        label = Text(f"{section.number}{section.heading}"[:40], overflow="fold")
        branches[section.id] = branches[section.parent].add(label)  # type: ignore[index]
    return tree


def _coloured(record: Record) -> Text:
    from rich.text import Text

    from yaodian.labels import ENTITY_TYPES

    text = Text(record.text, overflow="fold")
    for entity in record.entities:
        text.stylize(f"black on {ENTITY_TYPES[entity.type].colour}", entity.start, entity.end)
    for section in record.sections:
        end = section.start + len(section.number)
        text.stylize("bold", section.start, end)
    return text
