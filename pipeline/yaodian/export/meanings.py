"""What tables and columns mean: one place for the database's comments and for the documentation."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any


@cache
def _meanings() -> dict[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath("meanings.toml").read_text(encoding="utf-8"))


def table_meaning(table: str) -> str:
    """One line that says what a row of a table is, and its key."""
    meaning: str = _meanings()["tables"][table]
    return meaning


def column_meaning(table: str, column: str) -> str:
    """One line that says what a column holds: that of the table's own list, else that of the list for all tables.

    Raises:
        KeyError: the column has no meaning written down.
    """
    found = _meanings()
    meaning: str = found.get(table, {}).get(column) or found["columns"][column]
    return meaning
