"""What odd folders and slips of the pen must not do: stop a run, hang it, or cost what is kept."""

from __future__ import annotations

import io
import json
import os
import sys
import zipfile
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from batch_help import PLAN, doc_ids, extract, failures, kept, plans

A = PLAN.format(year=2023, n=5)


def _zip(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


@pytest.mark.skipif(sys.platform != "linux", reason="names there are text")
def test_a_name_that_is_not_utf8_is_told_and_the_rest_goes_on(tmp_path: Path) -> None:
    plans(tmp_path / "in", 2)
    (Path(os.fsdecode(os.fsencode(tmp_path / "in") + b"/\xb9\xa4.txt"))).write_text(A, encoding="utf-8")
    done = extract("in", "-o", "out", cwd=tmp_path)
    assert done.returncode == 1
    assert "rename it" in done.stderr
    assert "Traceback" not in done.stderr
    assert len(doc_ids(tmp_path / "out")) == 2


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_named_pipe_is_no_file(tmp_path: Path) -> None:
    plans(tmp_path / "in", 1)
    os.mkfifo(tmp_path / "in" / "pipe.txt")
    done = extract("in", "-o", "out", cwd=tmp_path, timeout=60)
    assert done.returncode == 1
    assert "no regular file" in done.stderr
    assert len(doc_ids(tmp_path / "out")) == 1


def test_a_slip_of_the_pen_costs_nothing_that_is_kept(tmp_path: Path) -> None:
    plans(tmp_path / "in", 3)
    out = tmp_path / "out"
    assert extract("in", "-o", out, cwd=tmp_path).returncode == 0
    for wrong in (["typo"], ["in", "-f", "foo"], ["in", "--engine", "foo"], ["in", "--lexicon", "no.csv"]):
        done = extract(*wrong, "-o", out, "--resume", cwd=tmp_path)
        assert done.returncode in (1, 2), wrong
        assert "Traceback" not in done.stderr
        assert kept(out) == 3, wrong
    assert extract("in", "-o", out, cwd=tmp_path).returncode == 0


def test_the_output_cannot_be_the_input(tmp_path: Path) -> None:
    plans(tmp_path / "in", 1)
    done = extract("in", "-o", "in", cwd=tmp_path)
    assert done.returncode == 2
    assert "choose another" in done.stderr
    assert extract("in", "-o", "in/out", "--work", "in/work", cwd=tmp_path).returncode == 0
    assert extract("in", "-o", "in/out", "--work", "in/work", cwd=tmp_path).returncode == 0
    assert len(doc_ids(tmp_path / "in" / "out")) == 1


CASES = {
    "plain text that is called a table": ("a.csv", A.encode(), ["a"], []),
    "an array after white space": ("a.json", b" \n " + json.dumps([{"text": A}]).encode(), ["a/000001"], []),
    "a row without the text column": (
        "a.jsonl",
        "\n".join(json.dumps(row) for row in ({"text": A}, {"other": 1}, {"text": A})).encode(),
        ["a/000001", "a/000003"],
        ["unknown"],
    ),
    "half a character in a row": ("a.jsonl", b'{"id": "\\ud800", "text": "\\ud83d"}', ["a/?"], []),
    "a member that climbs out": ("a.zip", _zip({"../../up.txt": A.encode()}), ["a/up"], []),
    "an archive of nothing": ("a.zip", _zip({}), [], ["empty"]),
    "an archive of junk": ("a.zip", _zip({"__MACOSX/x": b"x", ".DS_Store": b"x"}), [], ["empty"]),
    "a table of nothing": ("a.csv", "标题,正文\n".encode(), [], ["empty"]),
}


@pytest.mark.parametrize(("name", "data", "ids", "reasons"), CASES.values(), ids=list(CASES))
def test_odd_containers(tmp_path: Path, name: str, data: bytes, ids: list[str], reasons: list[str]) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / name).write_bytes(data)
    done = extract("in", "-o", "out", cwd=tmp_path)
    assert "Traceback" not in done.stderr
    assert doc_ids(tmp_path / "out") == ids
    assert [row["reason"] for row in failures(tmp_path / "out")] == reasons


def test_formats_of_a_run_begun_anew_replace_those_of_the_old_one(tmp_path: Path) -> None:
    plans(tmp_path / "in", 1)
    assert extract("in", "-o", "out", cwd=tmp_path).returncode == 0
    assert extract("in", "-o", "out", "--fresh", "-f", "jsonl", cwd=tmp_path).returncode == 0
    assert not (tmp_path / "out" / "entities.csv").exists()


@pytest.mark.parametrize("address", ["foo://x/y", "gs://bucket/out"])
def test_an_address_that_nothing_can_write_to_is_told_before_the_work(tmp_path: Path, address: str) -> None:
    plans(tmp_path / "in", 1)
    done = extract("in", "-o", address, cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr
