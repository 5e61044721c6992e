"""A folder as it is: encodings, archives, tables, damage; ids and order."""

from __future__ import annotations

import csv
import io
import json
import sys
import zipfile
from pathlib import Path

import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from batch_help import PLAN, failures

from conftest import ROOT
from yaodian.batch import Plan, Settings, run
from yaodian.record import read_jsonl

A, B = PLAN.format(year=2023, n=5), PLAN.format(year=2024, n=6)


def _zip(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def _csv(rows: list[list[str]], encoding: str = "utf-8-sig", delimiter: str = ",") -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter).writerows(rows)
    return buffer.getvalue().encode(encoding)


def _go(folder: Path, **settings: object) -> tuple[dict[str, object], Path]:
    out = folder.parent / "out"
    run([str(folder)], str(out), settings=Settings(**settings), plan=Plan())  # type: ignore[arg-type]
    return {record.doc_id: record for record in read_jsonl(out / "records.jsonl")}, out


def _write(folder: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def test_ids_are_names_and_longer_where_names_meet(tmp_path: Path) -> None:
    a = A.encode()
    folder = _write(
        tmp_path / "in", {"x/plan.txt": a, "y/plan.txt": a, "y/plan.md": a, "z/y/plan.txt": a, "only.txt": a}
    )
    found, _ = _go(folder)
    assert list(found) == ["only", "x-plan.txt", "y-plan.md", "y-plan.txt", "y-plan.txt-2"]


def test_archives_are_read_through_and_their_faults_named(tmp_path: Path) -> None:
    inner = _zip({"deep.txt": B.encode()})
    files = {
        "一/计划.txt": A.encode(),
        "二/计划.txt": B.encode("gb18030"),
        "in.zip": inner,
        "bad.bin": bytes(256),
        "__MACOSX/a": b"x",
    }
    folder = _write(
        tmp_path / "in", {"pack.zip": _zip(files), "cut.zip": _zip(files)[:200], "a.rar": b"Rar!\x1a\x07\x01\x00"}
    )
    found, out = _go(folder)
    assert list(found) == ["pack/计划", "pack/二-计划", "pack/in/deep"]
    assert found["pack/二-计划"].text == B
    assert [(Path(row["source"]).name, row["reason"]) for row in failures(out)] == [
        ("a.rar", "unknown"),
        ("cut.zip", "broken"),
        ("pack.zip!bad.bin", "unknown"),
    ]


def test_an_encrypted_member_is_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    data = bytearray(_zip({"secret.txt": A.encode(), "open.txt": B.encode()}))
    # Set the encryption flag of the first member, in its own header and in the directory.
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    found, out = _go(_write(tmp_path / "in", {"pack.zip": bytes(data)}))
    assert list(found) == ["pack/open"]
    assert [row["reason"] for row in failures(out)] == ["encrypted"]


def test_names_in_archives_of_chinese_windows(tmp_path: Path) -> None:
    data = _zip({"AAAAAAAA.txt": A.encode()})
    data = data.replace(b"AAAAAAAA", "工作要点".encode("gb18030"))
    found, _ = _go(_write(tmp_path / "in", {"pack.zip": data}))
    assert list(found) == ["pack/工作要点"]


ROWS = [
    ["标题", "发文机关", "年份", "来源网站", "正文"],
    ["甲局2021年工作要点", "甲局", "2021", "甲网", A],
    ["乙局工作要点", "乙局", "2022", "", B],
]
FRAME = pd.DataFrame(ROWS[1:], columns=ROWS[0])


def _parquet() -> bytes:
    buffer = io.BytesIO()
    FRAME.to_parquet(buffer)
    return buffer.getvalue()


def _excel() -> bytes:
    buffer = io.BytesIO()
    FRAME.to_excel(buffer, index=False)
    return buffer.getvalue()


TABLES = {
    "t.csv": _csv(ROWS),
    "gbk.csv": _csv(ROWS, "gb18030"),
    "semicolon.csv": _csv(ROWS, delimiter=";"),
    "tab.txt": _csv(ROWS, "utf-16", "\t"),
    "t.jsonl": "".join(
        json.dumps(dict(zip(ROWS[0], row, strict=True)), ensure_ascii=False) + "\n" for row in ROWS[1:]
    ).encode(),
    "array": json.dumps([dict(zip(ROWS[0], row, strict=True)) for row in ROWS[1:]]).encode(),
    "t.parquet": _parquet(),
    "t.xlsx": _excel(),
}


@pytest.mark.parametrize("name", TABLES)
def test_tables_are_told_by_content_and_their_columns_kept(tmp_path: Path, name: str) -> None:
    found, out = _go(_write(tmp_path / "in", {name: TABLES[name]}))
    first, second = found.values()
    assert [first.text.replace("\r\n", "\n"), second.text.replace("\r\n", "\n")] == [A, B]
    assert (first.metadata.title, first.metadata.issuer, first.metadata.plan_year) == (
        "甲局2021年工作要点",
        "甲局",
        2021,
    )
    assert (second.metadata.issuer, second.metadata.plan_year) == ("乙局", 2022)
    sources = list(csv.DictReader((out / "sources.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert json.loads(sources[0]["extra"])["来源网站"] == "甲网"
    assert failures(out) == []


def test_bad_rows_are_named_by_line(tmp_path: Path) -> None:
    lines = [json.dumps({"id": "a/1", "text": A}), "{broken", json.dumps({"text": ""}), "[1]", json.dumps({"text": B})]
    found, out = _go(_write(tmp_path / "in", {"t.jsonl": "\n".join(lines).encode()}))
    assert list(found) == ["t/a/1", "t/000005"]
    assert [row["reason"] for row in failures(out)] == ["broken", "empty", "broken"]


@pytest.mark.parametrize(
    ("column", "reason"),
    [(None, "unknown"), ("nowhere", "unknown")],
    ids=["none of the usual names", "a name that is not there"],
)
def test_a_table_without_text_says_which_columns_there_are(tmp_path: Path, column: str | None, reason: str) -> None:
    folder = _write(tmp_path / "in", {"t.csv": _csv([["甲", "乙"], ["1", A]])})
    found, out = _go(folder, text_column=column)
    assert not found
    (row,) = failures(out)
    assert row["reason"] == reason
    assert "--text-column" in row["message"]
    found, _ = _go(folder, text_column="乙")
    assert [record.text for record in found.values()] == [A]


def test_a_plan_with_commas_is_no_table(tmp_path: Path) -> None:
    found, _ = _go(_write(tmp_path / "in", {"a.txt": ("内容,要求,时限\n" + A).replace("，", ",").encode()}))
    assert list(found) == ["a"]


def test_a_list_of_addresses_in_a_folder_does_not_go_online(tmp_path: Path) -> None:
    found, _ = _go(_write(tmp_path / "in", {"a.txt": b"http://127.0.0.1:9/x.html\n"}))
    assert len(found) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "utf-32"])
def test_encodings_are_told_and_said(tmp_path: Path, encoding: str) -> None:
    found, _ = _go(_write(tmp_path / "in", {"a": A.encode(encoding)}))
    assert found["a"].text == A
    said = [w.message for w in found["a"].warnings if w.code == "encoding"]
    assert bool(said) == (encoding not in ("utf-8", "utf-8-sig"))


def test_a_file_cut_off_in_a_character_is_read_and_said(tmp_path: Path) -> None:
    folder = _write(tmp_path / "in", {"a": A.encode()[:-3], "b": A.encode("gb18030")[:-2]})
    found, _ = _go(folder)
    for record in found.values():
        assert record.text[:-2] == A[: len(record.text) - 2]
        assert "damaged_bytes" in [w.code for w in record.warnings]


def test_the_page_on_running_names_every_reason_and_format() -> None:
    from yaodian.errors import REASONS
    from yaodian.export import EXPORTERS

    page = (ROOT / "docs" / "running.md").read_text(encoding="utf-8")
    assert [reason for reason in REASONS if f"`{reason}`" not in page] == []
    outputs = (ROOT / "docs" / "outputs.md").read_text(encoding="utf-8")
    assert [name for name in EXPORTERS if name not in outputs] == []
