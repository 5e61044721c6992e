"""The gold set, the packaged model and the documents that speak of them are of one piece."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib

import pytest

import yaodian
from conftest import CORPORA, ROOT
from yaodian.cli.pages import FOLDER, pages
from yaodian.errors import ModelError, RecordError
from yaodian.formats import inline, read_labels, write_labels
from yaodian.labels import ENTITY_TYPES
from yaodian.scoring import score

GOLD = sorted((CORPORA / "gold").glob("*.jsonl"))
SPLITS = tomllib.loads((CORPORA / "splits.toml").read_text(encoding="utf-8"))["splits"]
# Floors under the development scores, well inside their intervals: a fall below is a regression, not noise.
FLOORS = {"INSTITUTION": 0.85, "REGULATION": 0.88, "HAZARD": 0.80, "QUANTITY": 0.95}


@pytest.mark.parametrize("path", GOLD, ids=lambda path: path.stem)
def test_gold_reads_and_writes_the_same(path, tmp_path) -> None:
    record = read_labels(path, root=CORPORA)
    assert record.doc_id == path.stem
    write_labels(record, tmp_path / "again.jsonl")
    assert (tmp_path / "again.jsonl").read_bytes() == path.read_bytes()


@pytest.mark.parametrize(
    "path", sorted((CORPORA / "passes").glob("*/*.txt")), ids=lambda path: f"{path.parent.name}-{path.stem}"
)
def test_passes_mark_what_they_are_for(path) -> None:
    record = inline.loads(path.read_bytes().decode("utf-8"), doc_id=path.stem)
    if path.parent.name == "measures":
        assert record.measures
        assert all(measure.function and measure.instrument for measure in record.measures)
        assert not record.entities
    else:
        assert record.text == (CORPORA / "texts" / path.name).read_bytes().decode("utf-8")


def test_no_plan_labelled_once_is_scored_on() -> None:
    once = {path.stem for path in (CORPORA / "passes" / "single").glob("*.txt")}
    assert once == set(SPLITS["single"])
    assert not once & {path.stem for path in GOLD}


def test_splits_name_every_document_once() -> None:
    named = [name for names in SPLITS.values() for name in names]
    assert sorted(named) == sorted(path.stem for path in (CORPORA / "texts").glob("*.txt"))


def test_no_test_document_trained_the_model() -> None:
    meta = json.loads((ROOT / "models" / "zh_yaodian" / "meta.json").read_text(encoding="utf-8"))
    assert not set(meta["documents"]) & set(SPLITS["test"])
    assert {path.stem for path in GOLD} - set(SPLITS["test"]) <= set(meta["documents"])


def test_development_scores_stay_above_their_floors(nlp) -> None:
    gold = [read_labels(path, root=CORPORA) for path in GOLD if path.stem not in SPLITS["test"]]
    found = score([yaodian.extract(g.text, doc_id=g.doc_id, nlp=nlp) for g in gold], gold, resamples=0)
    assert {kind: found.entities[kind].strict.f1.value >= floor for kind, floor in FLOORS.items()} == dict.fromkeys(
        FLOORS, True
    )
    assert found.segmentation.measures.f1.value > 0.98


def test_changed_text_under_gold_is_refused(tmp_path) -> None:
    (tmp_path / "texts").mkdir()
    name = GOLD[0].stem
    (tmp_path / "texts" / f"{name}.txt").write_text("别的文本", encoding="utf-8")
    with pytest.raises(RecordError, match="has changed"):
        read_labels(GOLD[0], root=tmp_path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": 99}, "format"),
        ({"scheme": "0.9"}, "scheme"),
        ({"record_schema": 7}, "record_schema"),
        ({"functions": ["fly"]}, "not in the scheme"),
    ],
)
def test_a_model_that_does_not_fit_is_refused(tmp_path, change, message) -> None:
    source = ROOT / "models" / "zh_yaodian"
    meta = json.loads((source / "meta.json").read_text(encoding="utf-8"))
    (tmp_path / "meta.json").write_text(json.dumps({**meta, **change}), encoding="utf-8")
    with pytest.raises(ModelError, match=message):
        yaodian.load(model=tmp_path)


def test_a_damaged_model_is_refused(tmp_path) -> None:
    (tmp_path / "meta.json").write_bytes((ROOT / "models" / "zh_yaodian" / "meta.json").read_bytes())
    (tmp_path / "classifier.npz").write_bytes(b"not a zip")
    nlp = yaodian.load(model=tmp_path)
    with pytest.raises(ModelError, match="train it again"):
        yaodian.extract("某局2023年工作要点\n一、总体\n开展检查。", nlp=nlp)


def test_training_repeats_to_the_byte(tmp_path) -> None:
    from yaodian.train import train

    gold = [read_labels(path, root=CORPORA) for path in GOLD[:2]]
    for name in ("one", "two"):
        train(gold, tmp_path / name)
    assert (tmp_path / "one" / "classifier.npz").read_bytes() == (tmp_path / "two" / "classifier.npz").read_bytes()


def test_help_pages_are_what_the_commands_print() -> None:
    assert {path.stem: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.txt")} == pages()


def test_readme_holds_the_generated_tables_and_its_code_runs(monkeypatch) -> None:
    monkeypatch.chdir(ROOT)
    subprocess.run([sys.executable, ROOT / "evaluation" / "readme.py", "--check"], check=True)
    pages = "".join((ROOT / name).read_text(encoding="utf-8") for name in ("README.md",))
    blocks = re.findall(r"```python\n(.*?)```", pages, re.DOTALL)
    assert len(blocks) >= 2
    for block in blocks:
        exec(compile(block, "README.md", "exec"), {})  # noqa: S102


def test_every_entity_type_is_declared_and_documented() -> None:
    record = (ROOT / "docs" / "record.md").read_text(encoding="utf-8")
    for name, kind in ENTITY_TYPES.items():
        assert kind.chinese
        assert re.fullmatch(r"#[0-9a-f]{6}", kind.colour)
        assert kind.examples
        assert all(f"`{field}`" in record for field in kind.attributes.model_fields)
        assert f"| {name} |" in record
