"""A record's labels, one a line, beside the text they point into: a changed label is a one-line diff.

The first line tells document, text file, hash and metadata; every other line is one section, measure, entity or
relation. The text itself stays in its own file, byte for byte.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from yaodian.decode import decode
from yaodian.errors import InputError, RecordError
from yaodian.record import Record, parse, sha256

if TYPE_CHECKING:
    from pathlib import Path

_LISTS = ("sections", "measures", "entities", "relations", "warnings")


def write_labels(record: Record, path: Path) -> None:
    """Write one record's labels; the record's `source` names the text file, relative to the corpus."""
    data = json.loads(record.to_json())
    head = {key: data[key] for key in ("schema", "doc_id", "source", "text_sha256", "metadata")}
    lines = [head]
    for name in _LISTS:
        lines += [{"part": name, **_compact(row)} for row in data[name]]
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    path.write_text(text, encoding="utf-8", newline="\n")


def _compact(row: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if value not in (None, [], {})}


def read_labels(path: Path, *, root: Path) -> Record:
    """Read one record's labels and the text they belong to.

    Args:
        path: the labels' file.
        root: folder to which the record's `source` is relative.

    Raises:
        InputError: a file cannot be read.
        RecordError: a line is wrong, or the text is not the one that was labelled.
    """
    try:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); check the path") from error
    except ValueError as error:
        raise RecordError(f"{path}: not valid JSON ({error}); one label a line is expected") from error
    if not rows or "source" not in rows[0]:
        raise RecordError(f"{path}:1: the first line must name doc_id, source, text_sha256 and metadata")
    head, *rest = rows
    text_path = root / head["source"]
    try:
        text = decode(text_path.read_bytes(), name=str(text_path)).text
    except OSError as error:
        raise InputError(f"{text_path}: cannot be read ({error.strerror}); {path} labels this text") from error
    if sha256(text) != head["text_sha256"]:
        raise RecordError(f"{path}: {text_path} has changed since it was labelled; restore it or label it again")
    data: dict[str, Any] = {**head, "text": text, **{name: [] for name in _LISTS}}
    for number, row in enumerate(rest, start=2):
        part = row.pop("part", None)
        if part not in _LISTS:
            raise RecordError(f"{path}:{number}: part {part!r} is unknown; known: {', '.join(_LISTS)}")
        data[part].append(row)
    return parse(data, where=str(path))


def is_labels(path: Path) -> bool:
    """Whether a JSONL file holds one record's labels, a line each, rather than whole records."""
    try:
        with path.open(encoding="utf-8") as lines:
            head = json.loads(lines.readline() or "{}")
    except (OSError, ValueError):
        return False
    return isinstance(head, dict) and "text_sha256" in head and "text" not in head
