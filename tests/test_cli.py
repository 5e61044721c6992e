"""The command line as its users call it."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from conftest import SEED
from yaodian.record import read_jsonl

if TYPE_CHECKING:
    from pathlib import Path


def run(*args: str | Path, **options: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "yaodian", *map(str, args)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False, **options)


def test_extract_writes_records_and_tables(tmp_path: Path) -> None:
    out = tmp_path / "结果"
    done = run("extract", SEED, "-o", out)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    (record,) = read_jsonl(out / "records.jsonl")
    assert record.doc_id == "tj-2023"
    raw = (out / "entities.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(raw.decode("utf-8-sig").splitlines()))
    assert [row["text"] for row in rows] == [entity.text for entity in record.entities]
    assert "measures" in done.stdout


def test_bad_files_do_not_stop_the_others(tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_bytes(SEED.read_bytes())
    (tmp_path / "gbk.txt").write_bytes(SEED.read_bytes().decode().encode("gb18030"))
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "blank.txt").write_text(" \n", encoding="utf-8")
    (tmp_path / "binary.txt").write_bytes(bytes(range(256)) * 8)
    (tmp_path / "poem.txt").write_text("床前明月光，疑是地上霜。", encoding="utf-8")
    done = run("extract", tmp_path, tmp_path / "missing.txt", "-o", tmp_path / "out", "--json")
    assert done.returncode == 1
    summary = json.loads(done.stdout)
    assert summary["documents"] == 4
    assert len(summary["failures"]) == 2
    assert "Traceback" not in done.stderr
    for name in ("empty.txt", "binary.txt", "missing.txt"):
        assert sum(name in line for line in done.stderr.splitlines()) == 1
    records = {record.doc_id: record for record in read_jsonl(tmp_path / "out" / "records.jsonl")}
    assert records["gbk"].text == records["good"].text
    assert records["blank"].warnings[0].code == "empty_text"
    assert records["poem"].warnings[0].code == "not_a_plan"


@pytest.mark.parametrize(
    ("args", "status", "message"),
    [
        (["extract", "nowhere"], 1, "no such file"),
        (["show", "nowhere.txt"], 1, "no such file"),
        (["score", "nowhere", "nowhere"], 1, "no such file"),
        (["extract"], 2, "Missing argument"),
        (["fly"], 2, "No such command"),
        (["extract", str(SEED), "--model", "nowhere", "-o", "out-x"], 1, "train a model"),
        (["extract", str(SEED), "--lexicon", "nowhere.csv", "-o", "out-x"], 1, "check the path"),
    ],
)
def test_wrong_calls_end_in_one_line_and_a_status(tmp_path: Path, args: list[str], status: int, message: str) -> None:
    done = run(*args, cwd=tmp_path)
    assert done.returncode == status
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_help_and_version_import_nothing_heavy() -> None:
    code = "import sys; from yaodian.cli import main\ntry:\n    main()\nexcept SystemExit:\n    pass\nprint(sorted({'spacy','sklearn','pandas','numpy','pydantic','jieba_next'} & set(sys.modules)))"
    for flag in ("--help", "--version"):
        done = subprocess.run(
            [sys.executable, "-c", code, flag], capture_output=True, text=True, encoding="utf-8", check=True
        )
        assert done.stdout.strip().endswith("[]")


def test_a_lexicon_of_ones_own(tmp_path: Path) -> None:
    lexicon = tmp_path / "mine.csv"
    terms = ["新型“三合一” 场所", "A-3级风险点", "火3"]
    rows = ["type,term,canonical,category,source"] + [f'HAZARD,"{t}",,domain/火灾,my notes' for t in terms]
    lexicon.write_text("\n".join(rows), encoding="utf-8")
    plan = tmp_path / "plan.txt"
    plan.write_text(
        "某局2023年工作要点\n一、总体\n整治新型“三合一” 场所、A-3级风险点和火3,落实监管责任。", encoding="utf-8"
    )
    done = run("show", plan, "--lexicon", lexicon, "--json")
    found = [(e["text"], e["source"]) for e in json.loads(done.stdout)["entities"] if e["type"] == "HAZARD"]
    assert found == [(term, "lexicon:my notes") for term in terms]
    lexicon.write_text("\n".join([*rows, "HAZARD,,,,x"]), encoding="utf-8")
    done = run("show", plan, "--lexicon", lexicon)
    assert done.returncode == 1
    assert f"{lexicon}:5: term is empty" in done.stderr


def test_show_prints_every_character(tmp_path: Path) -> None:
    done = run("show", SEED)
    assert done.returncode == 0
    printed = Counter(done.stdout)
    wanted = Counter("".join(SEED.read_text(encoding="utf-8").split()))
    assert not {char: n for char, n in wanted.items() if printed[char] < n}
    assert "…" not in done.stdout


def test_schema_is_json() -> None:
    assert json.loads(run("schema").stdout)["title"] == "Yaodian record"


def test_errors_are_grouped_and_two_systems_compared(tmp_path: Path) -> None:
    assert run("extract", SEED, "-o", tmp_path).returncode == 0
    good = tmp_path / "records.jsonl"
    (record,) = read_jsonl(good)
    worse = tmp_path / "worse.jsonl"
    kept = tuple(e for e in record.entities if e.type != "HAZARD")
    worse.write_text(record.model_copy(update={"entities": kept}).to_json() + "\n", encoding="utf-8")
    groups = json.loads(run("errors", worse, good, "--json").stdout)
    assert {(g["kind"], g["gold"]) for g in groups} == {("miss", "HAZARD")}
    assert sum(len(g["mistakes"]) for g in groups) == len(record.entities) - len(kept)
    shown = run("errors", worse, good, "--examples", "1").stdout
    assert "entity miss" in shown
    assert "HAZARD → –" in shown
    compared = run("score", worse, good, "--compare", good)
    assert compared.returncode == 0, compared.stderr
    assert "B is better" in compared.stdout
    figures = json.loads(run("score", worse, good, "--compare", good, "--json").stdout)
    assert figures["entities"]["HAZARD"]["difference"]["value"] == 1.0
    assert figures["entities"]["QUANTITY"]["difference"]["value"] == 0.0
    both = run("score", worse, good, "--compare", good, "--errors")
    assert both.returncode == 2
    assert "one at a time" in both.stderr
