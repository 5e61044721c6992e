"""Writes tables of columns and answers to the worked queries into docs/outputs.md, between their markers.

The queries stand in the page itself; their answers are those on the corpus's texts.

usage: python evaluation/output_docs.py           write
       python evaluation/output_docs.py --check   exit with 1 if the page does not hold what the queries give
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

import yaodian
from corpus import CORPORA, ROOT
from yaodian.export import COLUMNS, extracted, kind, open_exporters
from yaodian.export import duckdb as duckdb_export
from yaodian.export.meanings import column_meaning, table_meaning

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from spacy.language import Language

PAGE = ROOT / "docs" / "outputs.md"
QUERY = re.compile(r"```sql\n(.*?)```\n\n<!-- answer (\d+) -->", re.DOTALL)
_TYPES = {str: "text", int: "whole number", float: "number", bool: "true or false"}
_SQL_TYPES = {"VARCHAR": "text", "BIGINT": "whole number", "HUGEINT": "whole number", "DOUBLE": "number",
              "BOOLEAN": "true or false"}  # fmt: skip


def build(folder: Path, nlp: Language | None = None) -> Path:
    """Extract the corpus's texts into a database in `folder` and return its path."""
    with open_exporters(["duckdb"], folder) as exporters:
        for path in sorted((CORPORA / "texts").glob("*.txt")):
            text, source = path.read_bytes().decode("utf-8"), f"texts/{path.name}"
            record = yaodian.extract(text, doc_id=path.stem, source=source, nlp=nlp)
            exporters.write(extracted(record, source={"source": source, "format": "plain"}, places=()))
    return folder / "yaodian.duckdb"


def put(text: str, name: str, content: str) -> str:
    """`text` with `content` between the markers of this name."""
    pattern = rf"<!-- {name} -->(?:.*?<!-- /{name} -->)?"
    return re.sub(pattern, lambda _: f"<!-- {name} -->\n{content}<!-- /{name} -->", text, count=1, flags=re.DOTALL)


def _cell(value: Any) -> str:
    return "" if value is None else str(value).replace("|", "\\|").replace("\n", " ")


def markdown(head: Iterable[str], rows: Iterable[Sequence[Any]]) -> str:
    """Return a table in Markdown."""
    heading = list(head)
    lines = [heading, ["---"] * len(heading), *([_cell(value) for value in row] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def answer(database: duckdb.DuckDBPyConnection, query: str) -> str:
    """Answer of a query as a table in Markdown."""
    found = database.execute(query)
    return markdown([column[0] for column in found.description], found.fetchall())


def tables() -> str:
    """All tables with their columns."""
    parts = []
    for table, columns in COLUMNS.items():
        rows = [(f"`{c}`", _TYPES[kind(table, c)], column_meaning(table, c)) for c in columns]
        parts.append(f"### {table}\n\n{table_meaning(table)}\n\n{markdown(('column', 'type', 'meaning'), rows)}\n")
    return "".join(parts)


def views(database: duckdb.DuckDBPyConnection) -> str:
    """All views with their columns; one that only passes a table's column on has that column's meaning."""
    found = database.execute("SELECT view_name, comment, sql FROM duckdb_views() WHERE NOT internal").fetchall()
    order = re.findall(r"CREATE VIEW (\w+)", duckdb_export.views())
    parts = []
    for view, comment, sql in sorted(found, key=lambda row: order.index(row[0])):
        columns = database.execute(
            "SELECT column_name, data_type, comment FROM duckdb_columns() WHERE table_name = ? ORDER BY column_index",
            [view],
        ).fetchall()
        rows = [(f"`{c}`", _SQL_TYPES.get(kind, "structure"), own or _passed_on(c, sql)) for c, kind, own in columns]
        parts.append(f"### {view}\n\n{comment}\n\n{markdown(('column', 'type', 'meaning'), rows)}\n")
    return "".join(parts)


def _passed_on(column: str, sql: str) -> str:
    # The table whose meaning holds is the one the view is about: the first that it names and that has such a column.
    about = re.findall(r"\b(?:FROM|JOIN) \(*([a-z_]+)", sql)
    steps = {"measures_full": "measures", "entities_full": "entities", "acting_bodies": "entities"}
    for table in (*(steps.get(name, name) for name in about), "documents", "measures", "sections"):
        if column in COLUMNS.get(table, ()):
            return column_meaning(table, column)
    raise KeyError(f"{column}: a column of a view has no meaning; write a comment in views.sql")


def filled(text: str, database: duckdb.DuckDBPyConnection) -> str:
    """The page with all tables and answers."""
    text = put(put(text, "tables", tables()), "views", views(database))
    for query, number in QUERY.findall(text):
        text = put(text, f"answer {number}", answer(database, query))
    return text


def main() -> None:
    """Write or check."""
    text = PAGE.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder, duckdb.connect(str(build(Path(folder))), read_only=True) as database:
        wanted = filled(text, database)
    if "--check" in sys.argv:
        sys.exit(0 if text == wanted else "docs/outputs.md: not what the queries give; run evaluation/output_docs.py")
    PAGE.write_text(wanted, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
