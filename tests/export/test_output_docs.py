"""The page on results: its tables are those of the code, and its queries give the answers that stand there."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

import duckdb
import pytest

from conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.language import Language

sys.path.append(str(ROOT / "evaluation"))
import output_docs

PAGE = output_docs.PAGE.read_text(encoding="utf-8")
QUERIES = output_docs.QUERY.findall(PAGE)


@pytest.fixture(scope="module")
def database(nlp: Language, tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    path = output_docs.build(tmp_path_factory.mktemp("corpus"), nlp)
    with duckdb.connect(str(path), read_only=True) as opened:
        yield opened


def standing(name: str) -> str:
    found = re.search(rf"<!-- {name} -->\n(.*?)<!-- /{name} -->", PAGE, re.DOTALL)
    assert found, name
    return found[1]


def test_every_query_of_the_page_has_its_answer() -> None:
    assert PAGE.count("```sql") == len(QUERIES) == 10
    assert [number for _, number in QUERIES] == [str(number) for number in range(1, 11)]


@pytest.mark.slow
@pytest.mark.parametrize(("query", "number"), QUERIES, ids=[number for _, number in QUERIES])
def test_a_query_gives_the_answer_that_stands_there(
    database: duckdb.DuckDBPyConnection, query: str, number: str
) -> None:
    made = output_docs.answer(database, query)
    assert made.count("\n") > 2, "an answer without a row shows nothing"
    assert made == standing(f"answer {number}")


@pytest.mark.slow
def test_tables_and_views_are_those_of_the_code(database: duckdb.DuckDBPyConnection) -> None:
    assert output_docs.tables() == standing("tables")
    assert output_docs.views(database) == standing("views")


def test_markers_take_new_content_and_nothing_else_changes() -> None:
    text = "a <!-- x --> b <!-- x 1 -->"
    once = output_docs.put(text, "x", "1 \\1\n")
    assert once == "a <!-- x -->\n1 \\1\n<!-- /x --> b <!-- x 1 -->"
    assert output_docs.put(once, "x", "2\n") == "a <!-- x -->\n2\n<!-- /x --> b <!-- x 1 -->"
