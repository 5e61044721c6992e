"""`yaodian schema`."""

from __future__ import annotations

import json

import typer

from yaodian.cli.app import app


@app.command()
def schema() -> None:
    """Print the JSON Schema of a record.

    Example:
        yaodian schema > record.schema.json
    """
    from yaodian.record import json_schema

    typer.echo(json.dumps(json_schema(), ensure_ascii=False, indent=2))
