"""Records as JSON Lines: strict reading that names file, line, field and reason, and plain writing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from yaodian.errors import InputError, RecordError
from yaodian.record.model import SCHEMA_VERSION, Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path


def parse(data: dict[str, Any], *, where: str) -> Record:
    """Validate one record given as a dictionary.

    Raises:
        RecordError: names `where`, the field and the reason.
    """
    version = data.get("schema", SCHEMA_VERSION)
    if version != SCHEMA_VERSION:
        raise RecordError(
            f"{where}: schema: this version reads schema {SCHEMA_VERSION}, the record has {version!r}; "
            "extract the text again or install the yaodian version that wrote it"
        )
    try:
        return Record.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = ".".join(str(step) for step in first["loc"]) or "record"
        raise RecordError(f"{where}: {field}: {first['msg'].removeprefix('Value error, ')}") from error


def read_jsonl(path: Path) -> Iterator[Record]:
    """Read records from a JSONL file (UTF-8, one object a line; blank lines are skipped).

    Raises:
        InputError: the file cannot be read.
        RecordError: a line is no JSON or breaks the schema.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="\n") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield _parse_line(line, where=f"{path}:{number}")
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); check the path") from error
    except UnicodeDecodeError as error:
        raise RecordError(f"{path}: byte {error.start}: not UTF-8; records are UTF-8 without BOM") from error


def _parse_line(line: str, *, where: str) -> Record:
    try:
        data = json.loads(line)
    except (json.JSONDecodeError, RecursionError) as error:
        raise RecordError(f"{where}: not valid JSON ({error}); one record a line is expected") from error
    if not isinstance(data, dict):
        raise RecordError(f"{where}: a record is a JSON object, this is a {type(data).__name__}")
    return parse(data, where=where)


def write_jsonl(records: Iterable[Record], path: Path) -> int:
    """Write records one a line as UTF-8 without BOM; returns how many."""
    count = 0
    with path.open("w", encoding="utf-8", newline="\n") as out:
        for record in records:
            out.write(record.to_json() + "\n")
            count += 1
    return count
