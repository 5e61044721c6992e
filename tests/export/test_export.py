"""Every format of results holds the same rows, whatever stands in them."""

from __future__ import annotations

import builtins
import csv
import json
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import duckdb
import pandas as pd
import pyarrow.parquet as pq
import pytest
from python_calamine import CalamineWorkbook
from spacy.tokens import DocBin
from spacy.vocab import Vocab

import yaodian
from conftest import CORPORA
from yaodian.components import record as record_of
from yaodian.errors import UsageError
from yaodian.export import COLUMNS, EXPORTERS, Extracted, Options, docbin, extracted, kind, open_exporters, xlsx
from yaodian.export.cells import undo
from yaodian.export.meanings import column_meaning, table_meaning
from yaodian.record import Record, parse, read_jsonl, sha256

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from spacy.language import Language

ODD = (
    "=1+1", "+1", "-a", "-5.0", "@x", "＝1", "'=1", "'", "=", "007", "1.0", "1e5", "NA", "nan", "None", "TRUE", "x,y;z",
    '"q"', "two\nlines", "tab\there", " both ends ", "🚒𠮷", "_x0041_", "<b>&amp;</b>", "http://a.b/c", "\u3000", "é\u0301",
)  # fmt: skip
"""What breaks careless formats; each stands in a heading, in `extra` and in a name of a source."""


def odd_records() -> list[tuple[Record, dict[str, Any], list[Any]]]:
    found = []
    for number, odd in enumerate(ODD):
        text = f"一、{odd}\n某某市应急管理局要在6月底前检查30家企业。"
        sections = [{"id": "s1", "level": 1, "number": "一、", "heading": odd, "start": 0, "end": len(text)}]
        at = text.index("30家")
        entity = {
            "id": "e1", "type": "QUANTITY", "start": at, "end": at + 3, "text": "30家", "score": 0.5,
            "attributes": {"role": "baseline", "value": 30.0 if number % 2 else 0.25, "dimension": "count"},
        }  # fmt: skip
        data = {
            "doc_id": f"{number:03}", "source": odd, "text": text, "text_sha256": sha256(text), "sections": sections,
            "entities": [entity], "metadata": {"title": odd, "plan_year": 2023},
            "warnings": [{"code": "odd", "message": odd}],
        }  # fmt: skip
        source = {"source": odd, "format": "plain", "bytes": number, "extra": {"b": odd, "a": None}}
        place = SimpleNamespace(start=0, end=2 + len(odd), page=None, line=1)
        found.append((parse(data, where=odd), source, [place]))
    return found


@pytest.fixture(scope="session")
def documents(nlp: Language) -> list[Extracted]:
    found = odd_records()
    for name in ("syn-01", "syn-12", "tj-2023"):
        text = (CORPORA / "texts" / f"{name}.txt").read_bytes().decode()
        found.append((yaodian.extract(text, doc_id=name, source=f"texts/{name}.txt", nlp=nlp), {"format": "plain"}, []))
    return [extracted(record, source=source, places=places) for record, source, places in found]


@pytest.fixture(scope="session")
def expected(documents: list[Extracted]) -> dict[str, list[tuple[Any, ...]]]:
    return {table: [tuple(row) for found in documents for row in found.rows[table]] for table in COLUMNS}


@pytest.fixture(scope="session")
def folder(documents: list[Extracted], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("结果")
    write(documents, folder, *EXPORTERS)
    return folder


def write(documents: Sequence[Extracted], folder: Path, *names: str, options: Options | None = None) -> None:
    with open_exporters(names, folder, options) as exporters:
        for found in documents:
            exporters.write(found)


def typed(rows: Sequence[Sequence[Any]]) -> list[tuple[tuple[type, Any], ...]]:
    """Rows of which True is not 1 and 1.0 is not 1."""
    return [tuple((type(value), value) for value in row) for row in rows]


def test_folder_holds_these_files_and_nothing_else(folder: Path) -> None:
    tables = [f"{table}.{suffix}" for table in COLUMNS for suffix in ("csv", "parquet")]
    others = ["records.jsonl", "results.xlsx", "yaodian.duckdb", "docs/00001.spacy"]
    found = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]
    assert sorted(found) == sorted(tables + others)


def test_every_table_and_every_type_of_value_is_put_to_the_test(expected: dict[str, list[tuple[Any, ...]]]) -> None:
    assert all(expected.values())
    values = [value for rows in expected.values() for row in rows for value in row]
    assert {type(value) for value in values} == {str, int, float, bool, type(None)}
    assert any(isinstance(v, float) and v.is_integer() for v in values)
    assert any(isinstance(v, float) and not v.is_integer() for v in values)
    for table, rows in expected.items():
        for row in rows:
            for column, value in zip(COLUMNS[table], row, strict=True):
                assert value is None or type(value) is kind(table, column), (table, column, value)


def test_json_lines_are_the_records(documents: list[Extracted], folder: Path) -> None:
    raw = (folder / "records.jsonl").read_bytes()
    assert raw == "".join(found.line + "\n" for found in documents).encode()
    records = list(read_jsonl(folder / "records.jsonl"))
    assert [record.to_json() for record in records] == [found.line for found in documents]


@pytest.mark.parametrize("table", COLUMNS)
def test_parquet_holds_the_rows(table: str, folder: Path, expected: dict[str, list[tuple[Any, ...]]]) -> None:
    frame = pq.read_table(folder / f"{table}.parquet")
    assert tuple(frame.column_names) == COLUMNS[table]
    assert typed([tuple(row.values()) for row in frame.to_pylist()]) == typed(expected[table])


@pytest.mark.parametrize("table", COLUMNS)
def test_duckdb_holds_the_rows(table: str, folder: Path, expected: dict[str, list[tuple[Any, ...]]]) -> None:
    with duckdb.connect(str(folder / "yaodian.duckdb"), read_only=True) as database:
        found = database.table(table)
        assert tuple(found.columns) == COLUMNS[table]
        assert typed(found.fetchall()) == typed(expected[table])


@pytest.mark.parametrize("table", COLUMNS)
def test_csv_holds_the_rows(table: str, folder: Path, expected: dict[str, list[tuple[Any, ...]]]) -> None:
    names = {str: "string", int: "Int64", float: "float64", bool: "boolean"}
    types = {column: names[kind(table, column)] for column in COLUMNS[table]}
    frame = pd.read_csv(
        folder / f"{table}.csv", encoding="utf-8-sig", dtype=types, keep_default_na=False, na_values=[""]
    )
    assert tuple(frame.columns) == COLUMNS[table]
    rows = [
        tuple(None if pd.isna(value) else undo(value) if isinstance(value, str) else value for value in row)
        for row in frame.itertuples(index=False, name=None)
    ]
    assert rows == expected[table]
    with (folder / f"{table}.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert not [cell for cell in cells if len(cell) > 1 and cell[0] in "=+@＝＋－＠\t\r"]


@pytest.mark.parametrize("table", COLUMNS)
def test_excel_holds_the_rows(table: str, folder: Path, expected: dict[str, list[tuple[Any, ...]]]) -> None:
    sheet = CalamineWorkbook.from_path(folder / "results.xlsx").get_sheet_by_name(table)
    head, *rows = sheet.to_python()
    assert tuple(head) == COLUMNS[table]
    made = [
        tuple(value_of(table, column, value) for column, value in zip(COLUMNS[table], row, strict=True)) for row in rows
    ]
    assert typed(made) == typed(expected[table])


def value_of(table: str, column: str, value: Any) -> Any:
    wanted = kind(table, column)
    if value == "" and not isinstance(value, bool):
        return None
    assert isinstance(value, wanted if wanted in (str, bool) else (int, float)), (table, column, value)
    return wanted(value)


def test_docbin_holds_the_rows(folder: Path, expected: dict[str, list[tuple[Any, ...]]]) -> None:
    rows: dict[str, list[tuple[Any, ...]]] = {table: [] for table in COLUMNS}
    for doc in DocBin().from_disk(folder / "docs" / "00001.spacy").get_docs(Vocab()):
        record = record_of(doc, doc_id=doc.user_data["doc_id"], source=doc.user_data["source"])
        found = extracted(record, source={}, places=())
        for table in COLUMNS:
            given = doc.user_data[table] if table in doc.user_data else found.rows[table]
            rows[table] += [tuple(row) for row in given]
        for group, parts in (
            ("yaodian", record.entities),
            ("yaodian_sections", record.sections),
            ("yaodian_measures", record.measures),
        ):
            spans = [(span.id_, span.start, span.end, span.text) for span in doc.spans[group]]
            assert spans == [(p.id, p.start, p.end, record.text[p.start : p.end]) for p in parts]
        assert [span.label_ for span in doc.spans["yaodian"]] == [entity.type for entity in record.entities]
    assert typed_all(rows) == typed_all(expected)


def typed_all(rows: dict[str, list[tuple[Any, ...]]]) -> dict[str, Any]:
    return {table: typed(found) for table, found in rows.items()}


def test_docbin_goes_on_in_the_next_shard(
    documents: list[Extracted], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(docbin, "SHARD", 4)
    write(documents[:9], tmp_path, "docbin")
    shards = sorted((tmp_path / "docs").iterdir())
    assert [path.name for path in shards] == ["00001.spacy", "00002.spacy", "00003.spacy"]
    found = [doc.user_data["doc_id"] for path in shards for doc in DocBin().from_disk(path).get_docs(Vocab())]
    assert found == [f"{number:03}" for number in range(9)]


@pytest.mark.parametrize("name", ["jsonl", "csv", "xlsx", "parquet", "docbin"])
def test_the_same_rows_give_the_same_bytes(name: str, documents: list[Extracted], tmp_path: Path) -> None:
    contents = []
    for number in ("a", "b"):
        folder = tmp_path / number
        folder.mkdir()
        write(documents[:5], folder, name)
        contents.append({p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()})
    assert contents[0] == contents[1]


@pytest.mark.parametrize("name", EXPORTERS)
def test_no_document_at_all_gives_readable_files(name: str, tmp_path: Path) -> None:
    write([], tmp_path, name)
    if name == "csv":
        assert (tmp_path / "places.csv").read_text(encoding="utf-8-sig") == "doc_id,start,end,page,line\n"
    elif name == "parquet":
        assert pq.read_table(tmp_path / "entities.parquet").num_rows == 0
    elif name == "xlsx":
        book = CalamineWorkbook.from_path(tmp_path / "results.xlsx")
        assert book.sheet_names == list(COLUMNS)
    elif name == "duckdb":
        with duckdb.connect(str(tmp_path / "yaodian.duckdb"), read_only=True) as database:
            assert database.execute("SELECT count(*) FROM measures_full").fetchall() == [(0,)]
    elif name == "jsonl":
        assert (tmp_path / "records.jsonl").read_bytes() == b""
    else:
        assert list((tmp_path / "docs").iterdir()) == []


def test_the_byte_order_mark_can_be_left_out(documents: list[Extracted], tmp_path: Path) -> None:
    write(documents[:1], tmp_path, "csv", options=Options(bom=False))
    assert (tmp_path / "sources.csv").read_bytes().startswith(b"doc_id,")


def test_a_full_sheet_goes_on_in_the_next(
    documents: list[Extracted], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xlsx, "MAX_ROWS", 4)
    write(documents[:7], tmp_path, "xlsx")
    book = CalamineWorkbook.from_path(tmp_path / "results.xlsx")
    sheets = [book.get_sheet_by_name(name).to_python() for name in ("sections", "sections 2", "sections 3")]
    assert [len(rows) for rows in sheets] == [4, 4, 2]
    assert all(rows[0] == list(COLUMNS["sections"]) for rows in sheets)
    assert [row[0] for rows in sheets for row in rows[1:]] == [f"{number:03}" for number in range(7)]


def test_what_excel_cannot_hold_is_noted(tmp_path: Path) -> None:
    empty = {table: [] for table in COLUMNS}
    rows = [
        ("d1", "c", "x" * 40_000, None, None),
        ("d2", "c", "a\x00b\ufffe", None, None),
        ("d3", "c", "y", None, None),
    ]
    write([Extracted("{}", {**empty, "warnings": rows})], tmp_path, "xlsx")
    book = CalamineWorkbook.from_path(tmp_path / "results.xlsx")
    messages = [row[2] for row in book.get_sheet_by_name("warnings").to_python()[1:]]
    assert messages[0].endswith(xlsx.CUT)
    assert len(messages[0]) == xlsx.MAX_UNITS
    assert messages[1:] == ["a\ufffdb\ufffd", "y"]
    head, *notes = book.get_sheet_by_name("notes").to_python()
    assert head == ["sheet", "row", "column", "doc_id", "note"]
    assert [note[:4] for note in notes] == [["warnings", 2, "message", "d1"], ["warnings", 3, "message", "d2"]]
    assert "40000 characters" in notes[0][4]


def test_row_groups_are_bounded(documents: list[Extracted], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from yaodian.export import parquet

    monkeypatch.setattr(parquet, "_BATCH_ROWS", 2)
    monkeypatch.setattr(parquet, "_GROUP_ROWS", 4)
    write(documents[:9], tmp_path, "parquet")
    data = pq.ParquetFile(tmp_path / "documents.parquet").metadata
    assert [data.row_group(number).num_rows for number in range(data.num_row_groups)] == [4, 4, 1]
    assert data.row_group(0).column(0).compression == "ZSTD"


def test_names_that_are_unknown_are_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="tsv: no such format; known: jsonl, csv, xlsx, parquet, duckdb, docbin"):
        open_exporters(["csv", "tsv"], tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_package_that_is_missing_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def no_excel(name: str, *args: Any, **kwargs: Any) -> Any:
        if name == "xlsxwriter":
            raise ModuleNotFoundError("No module named 'xlsxwriter'", name="xlsxwriter")
        return real(name, *args, **kwargs)

    monkeypatch.delitem(__import__("sys").modules, "yaodian.export.xlsx")
    monkeypatch.setattr(builtins, "__import__", no_excel)
    with pytest.raises(UsageError, match="xlsx: needs the package xlsxwriter, which"):
        open_exporters(["xlsx"], tmp_path)


def test_files_are_complete_also_after_an_error(documents: list[Extracted], tmp_path: Path) -> None:
    def write_and_fail() -> None:
        with open_exporters(EXPORTERS, tmp_path) as exporters:
            exporters.write(documents[0])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_and_fail()
    with duckdb.connect(str(tmp_path / "yaodian.duckdb"), read_only=True) as database:
        assert database.execute("SELECT count(*) FROM documents").fetchall() == [(1,)]
    assert CalamineWorkbook.from_path(tmp_path / "results.xlsx").get_sheet_by_name("documents").height == 2
    assert pq.read_table(tmp_path / "documents.parquet").num_rows == 1
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_provenance_is_checked_and_cleaned() -> None:
    record, _, _ = odd_records()[0]
    source = {"source": "坏\udcff.txt", "extra": {"乙": 1, "甲": [2]}, "url": ""}
    (row,) = extracted(record, source=source, places=()).rows["sources"]
    made = dict(zip(COLUMNS["sources"], row, strict=True))
    assert made["source"] == "坏?.txt"
    assert made["extra"] == '{"乙": 1, "甲": [2]}'
    assert (made["url"], made["bytes"]) == (None, None)
    assert json.loads(made["extra"]) == {"甲": [2], "乙": 1}
    with pytest.raises(ValueError, match="colour"):
        extracted(record, source={"colour": "red"}, places=())


@pytest.mark.parametrize("table", COLUMNS)
def test_tables_and_columns_say_what_they_mean(table: str, folder: Path) -> None:
    with duckdb.connect(str(folder / "yaodian.duckdb"), read_only=True) as database:
        comment = database.execute("SELECT comment FROM duckdb_tables() WHERE table_name = ?", [table]).fetchall()
        columns = database.execute(
            "SELECT column_name, comment FROM duckdb_columns() WHERE table_name = ? ORDER BY column_index", [table]
        ).fetchall()
    assert comment == [(table_meaning(table),)]
    assert columns == [(column, column_meaning(table, column)) for column in COLUMNS[table]]


VIEWS = """
SELECT view_name FROM duckdb_views() WHERE NOT internal
"""


def test_views_lead_back_to_their_words(folder: Path) -> None:
    """Every view has a comment, and those with places have the text at them."""
    texts = {r.doc_id: r.text for r in read_jsonl(folder / "records.jsonl")}
    with duckdb.connect(str(folder / "yaodian.duckdb"), read_only=True) as database:
        views = [name for (name,) in database.execute(VIEWS).fetchall()]
        assert len(views) == 11
        for view in views:
            frame, names = database.view(view).fetchall(), database.view(view).columns
            assert frame, view
            if {"start", "end", "text"} <= set(names):
                for row in frame:
                    made = dict(zip(names, row, strict=True))
                    assert texts[made["doc_id"]][made["start"] : made["end"]] == made["text"]
        assert not database.execute("SELECT 1 FROM duckdb_views() WHERE NOT internal AND comment IS NULL").fetchall()
        for view, table in (("measures_full", "measures"), ("entities_full", "entities"), ("targets_full", "targets"),
                            ("section_paths", "sections")):  # fmt: skip
            one, other = (len(database.view(name).fetchall()) for name in (view, table))
            assert one == other, view


def test_views_give_pages_headings_and_pairs(tmp_path: Path) -> None:
    text = "一、总则\n（一）检查\n市应急管理局牵头，市公安局配合，检查燃气。"
    begin = text.index("市应急")
    data = {
        "doc_id": "d", "text": text, "text_sha256": sha256(text), "metadata": {"title": "某某市2023年工作要点", "plan_year": 2023},
        "sections": [
            {"id": "s1", "level": 1, "number": "一、", "heading": "总则", "start": 0, "end": len(text)},
            {"id": "s1.1", "level": 2, "number": "（一）", "heading": "检查", "start": 5, "end": len(text), "parent": "s1"},
        ],
        "measures": [{"id": "m1", "section": "s1.1", "start": begin, "end": len(text), "actors": ["e1", "e2"],
                      "function": {"primary": "enforcement"}, "phase": "prepare", "instrument": "environment"}],
        "entities": [
            {"id": "e1", "type": "INSTITUTION", "start": begin, "end": begin + 6, "text": "市应急管理局", "measure": "m1",
             "canonical": "某某市应急管理局", "attributes": {"kind": "named"}},
            {"id": "e2", "type": "INSTITUTION", "start": begin + 9, "end": begin + 13, "text": "市公安局", "measure": "m1",
             "attributes": {"kind": "named"}},
        ],
        "relations": [{"type": t, "head": h, "tail": "m1"}
                      for t, h in (("actor_of", "e1"), ("leads", "e1"), ("actor_of", "e2"))],
    }  # fmt: skip
    places = [
        SimpleNamespace(start=0, end=4, page=1, line=1),
        SimpleNamespace(start=begin, end=len(text), page=2, line=1),
    ]
    write([extracted(parse(data, where="d"), source={}, places=places)], tmp_path, "duckdb")
    with duckdb.connect(str(tmp_path / "yaodian.duckdb"), read_only=True) as database:
        (measure,) = database.execute("SELECT section_path, actors, page, line FROM measures_full").fetchall()
        (pair,) = database.execute("SELECT body_a, role_a, body_b, role_b FROM actor_pairs").fetchall()
        load = database.execute("SELECT body, leads, acts, measures FROM lead_body_load ORDER BY body").fetchall()
        (share,) = database.execute("SELECT n, percent, percent_without_none FROM function_shares").fetchall()
    assert measure == ("一、总则 > （一）检查", "某某市应急管理局; 市公安局", 2, 1)
    assert pair == ("市公安局", "acts", "某某市应急管理局", "leads")
    assert load == [("市公安局", 0, 1, 1), ("某某市应急管理局", 1, 0, 1)]
    assert share == (1, 100.0, 100.0)
