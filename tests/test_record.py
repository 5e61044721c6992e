"""The record: what it promises, how it is read, and its schema."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import jsonschema
import pytest
from pydantic import ValidationError

import yaodian
from yaodian.errors import InputError, RecordError
from yaodian.record import Record, json_schema, parse, read_jsonl, sha256, write_jsonl

if TYPE_CHECKING:
    from pathlib import Path

TEXT = "出台市应急管理局规定🚒"


def data(**changes: object) -> dict:
    base = {
        "schema": 1,
        "doc_id": "d",
        "text": TEXT,
        "text_sha256": sha256(TEXT),
        "measures": [
            {"id": "m001", "start": 0, "end": 10, "function": {"primary": "rulemaking"}, "instrument": "environment"}
        ],
        "entities": [
            {
                "id": "e001",
                "type": "INSTITUTION",
                "start": 2,
                "end": 8,
                "text": "市应急管理局",
                "measure": "m001",
                "attributes": {"kind": "named"},
            }
        ],
    }
    return {**base, **changes}


def entity(**changes: object) -> list[dict]:
    return [{**data()["entities"][0], **changes}]


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"schema": 2}, "schema", "reads schema 1"),
        ({"colour": "red"}, "colour", "Extra inputs"),
        ({"text_sha256": "0"}, "record", "not the hash"),
        ({"entities": entity(text="市应急")}, "record", "reads"),
        ({"entities": entity(end=99)}, "record", "beyond the text"),
        ({"entities": entity(end=2)}, "record", "not after start"),
        ({"entities": entity(start=2.0)}, "entities.0.start", "integer"),
        ({"entities": entity(type="PERSON")}, "entities.0", "unknown type"),
        ({"entities": entity(attributes={"kind": "many"})}, "entities.0", "named"),
        ({"entities": entity(attributes={"kind": "named", "role": "target"})}, "entities.0", "Extra"),
        ({"entities": entity() * 2}, "record", "given twice"),
        ({"entities": entity(measure="m009")}, "record", "does not exist"),
    ],
)
def test_what_breaks_the_schema_is_named(changes: dict, field: str, reason: str) -> None:
    with pytest.raises(RecordError) as caught:
        parse(data(**changes), where="file.jsonl:3")
    message = str(caught.value)
    assert message.startswith(f"file.jsonl:3: {field}")
    assert reason in message
    assert "\n" not in message


def test_records_are_frozen() -> None:
    record = parse(data(), where="x")
    with pytest.raises(ValidationError):
        record.doc_id = "other"


def test_round_trip_over_jsonl(tmp_path: Path) -> None:
    record = parse(data(), where="x")
    path = tmp_path / "r.jsonl"
    assert write_jsonl([record, record], path) == 2
    assert list(read_jsonl(path)) == [record, record]
    assert "市应急管理局" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("line", "reason"), [("{", "not valid JSON"), ("[]", "JSON object"), ('{"doc_id": 1}', "doc_id")]
)
def test_a_bad_line_is_named(tmp_path: Path, line: str, reason: str) -> None:
    path = tmp_path / "r.jsonl"
    path.write_text(json.dumps(data()) + "\n" + line + "\n", encoding="utf-8")
    with pytest.raises(RecordError, match=reason) as caught:
        list(read_jsonl(path))
    assert f"{path}:2" in str(caught.value)


def test_a_missing_file_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="check the path"):
        list(read_jsonl(tmp_path / "none.jsonl"))


def test_the_schema_accepts_records_and_refuses_wrong_attributes(seed_text: str) -> None:
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    record = yaodian.extract(seed_text, doc_id="seed")
    assert not list(validator.iter_errors(json.loads(record.to_json())))
    assert list(validator.iter_errors(data(entities=entity(attributes={"kind": "event", "category": "其他"}))))


def test_frames_have_one_row_a_part(seed_text: str) -> None:
    record = yaodian.extract(seed_text, doc_id="seed")
    frames = record.to_frames()
    parts = {name: len(frame) for name, frame in frames.items() if name not in ("targets", "actions", "institutions")}
    assert parts == {
        "documents": 1,
        "sections": len(record.sections),
        "measures": len(record.measures),
        "entities": len(record.entities),
        "relations": len(record.relations),
        "warnings": len(record.warnings),
    }
    row = frames["entities"].iloc[0]
    assert seed_text[row["start"] : row["end"]] == row["text"]


def test_json_keeps_the_documented_keys() -> None:
    keys = list(json.loads(parse(data(), where="x").to_json()))
    expected = [
        "schema",
        "doc_id",
        "source",
        "text_sha256",
        "text",
        "metadata",
        "sections",
        "measures",
        "entities",
        "relations",
        "warnings",
    ]
    assert keys == expected
    assert list(Record.model_fields) == ["schema_", *expected[1:]]
