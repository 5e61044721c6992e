"""Extraction over many files: records are written as they come, failures are listed, nothing stops the rest."""

from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from yaodian.components import extract
from yaodian.errors import InputError, YaodianError
from yaodian.formats import TableWriter

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from spacy.language import Language

    from yaodian.batch.inputs import Source
    from yaodian.record import Record

RECORDS = "records.jsonl"


@dataclass(slots=True)
class Summary:
    """What a run did: counts over all records, and one line for each failure."""

    documents: int = 0
    characters: int = 0
    sections: int = 0
    measures: int = 0
    entities: dict[str, int] = field(default_factory=dict)
    functions: dict[str, int] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def add(self, record: Record) -> None:
        """Count one record."""
        self.documents += 1
        self.characters += len(record.text)
        self.sections += len(record.sections)
        self.measures += len(record.measures)
        for entity in record.entities:
            self.entities[entity.type] = self.entities.get(entity.type, 0) + 1
        for measure in record.measures:
            if measure.function:
                name = measure.function.primary
                self.functions[name] = self.functions.get(name, 0) + 1
        self.warnings += [f"{record.doc_id}: {w.code}: {w.message}" for w in record.warnings]


def run(sources: Sequence[Source], out: Path, nlp: Language, *, progress: Callable[[], None] = lambda: None) -> Summary:
    """Extract all sources into `out/records.jsonl` and one CSV a table.

    Memory does not grow with the number of documents. `progress` is called after each.

    Raises:
        InputError: the output folder cannot be written.
    """
    summary = Summary()
    try:
        out.mkdir(parents=True, exist_ok=True)
        with ExitStack() as stack:
            tables = stack.enter_context(TableWriter(out))
            records = stack.enter_context((out / RECORDS).open("w", encoding="utf-8", newline="\n"))
            for source in sources:
                record = _one(source, nlp, summary)
                if record is not None:
                    records.write(record.to_json() + "\n")
                    tables.write(record)
                    summary.add(record)
                progress()
    except OSError as error:
        raise InputError(f"{out}: cannot be written ({error.strerror}); choose another folder with -o") from error
    return summary


def _one(source: Source, nlp: Language, summary: Summary) -> Record | None:
    try:
        decoded = source.read()
        return extract(decoded.text, doc_id=source.doc_id, source=source.path.as_posix(), nlp=nlp)
    except YaodianError as error:
        summary.failures.append(str(error))
    except Exception as error:  # noqa: BLE001  one document must not cost the others
        summary.failures.append(f"{source.path}: internal error ({type(error).__name__}: {error}); please report it")
    return None


def as_json(summary: Summary) -> str:
    """Return the summary as one JSON object."""
    names = (
        "documents",
        "characters",
        "sections",
        "measures",
        "entities",
        "functions",
        "warnings",
        "failures",
    )
    return json.dumps({name: getattr(summary, name) for name in names}, ensure_ascii=False)
