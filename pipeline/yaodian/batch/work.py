"""One document's work, done in whatever process an engine chooses: read, extract, pack. Never raises."""

from __future__ import annotations

import hashlib
import zlib
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from io import BytesIO
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any, Literal

from yaodian.batch.files import open_input, sha256_of
from yaodian.components import extract_document, load
from yaodian.errors import UnreadableError, YaodianError
from yaodian.export import COLUMNS, Extracted, extracted
from yaodian.readers import Document, cleaned, read

if TYPE_CHECKING:
    from spacy.language import Language

    from yaodian.batch.settings import Settings
    from yaodian.record import Record

Status = Literal["done", "failed", "container", "unchanged"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One document to be done. `path` and `member` are its key; `content` is None where the worker reads the file."""

    path: str
    member: str
    name: str
    """How it is called in messages and in the record's `source`."""
    doc_id: str
    content: bytes | Document | None = None
    known: str | None = None
    """SHA-256 of the bytes whose results are at hand already."""
    url: str | None = None
    fetched: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a task. `payload` holds the results, packed; `counts` what the run sums up."""

    status: Status
    sha256: str | None = None
    payload: bytes = b""
    counts: dict[str, Any] = field(default_factory=dict)
    reason: str | None = None
    message: str | None = None


def failed(error: UnreadableError, *, sha256: str | None = None) -> Outcome:
    """Outcome of a document that cannot be had."""
    return Outcome(status="failed", reason=error.reason, message=str(error), sha256=sha256)


def pack(found: Extracted) -> bytes:
    """Results as compressed bytes: lengths of the parts, the record's line, and each table's rows as CSV."""
    parts = [found.line, *(found.csv[table] for table in COLUMNS)]
    head = " ".join(str(len(part)) for part in parts)
    return zlib.compress(f"{head}\n{''.join(parts)}".encode("utf-8", "surrogatepass"), 1)


def unpack(payload: bytes) -> Extracted:
    """Undo `pack`."""
    head, _, text = zlib.decompress(payload).decode("utf-8", "surrogatepass").partition("\n")
    ends = list(accumulate(map(int, head.split())))
    line, *tables = (text[a:b] for a, b in pairwise([0, *ends]))
    return Extracted(line, csv=dict(zip(COLUMNS, tables, strict=True)))


@lru_cache(maxsize=2)
def language(settings: Settings) -> Language:
    """Load the pipeline once a process."""
    return load(lexicons=settings.lexicons, model=settings.model)


def work(task: Task, settings: Settings) -> Outcome:
    """Do one task."""
    try:
        return _work(task, settings)
    except UnreadableError as error:
        return failed(error)
    except YaodianError as error:
        return Outcome(status="failed", reason="internal", message=f"{task.name}: {error}")
    except MemoryError:
        return Outcome(status="failed", reason="too_large", message=f"{task.name}: not enough memory; split it")
    except Exception as error:  # noqa: BLE001  one document must not cost the others
        what = " ".join(f"{type(error).__name__}: {error}".split())[:300]
        return Outcome(
            status="failed", reason="internal", message=f"{task.name}: internal error ({what}); please report it"
        )


def _work(task: Task, settings: Settings) -> Outcome:
    if isinstance(task.content, Document):
        data = task.content.text.encode("utf-8", "surrogatepass")
        return _extract(task, cleaned(task.content), len(data), hashlib.sha256(data).hexdigest(), settings)
    with BytesIO(task.content) if task.content is not None else open_input(task.path) as stream:
        sha = sha256_of(stream)
        if sha == task.known:
            return Outcome(status="unchanged", sha256=sha)
        try:
            document = read(stream, name=task.name, limit=settings.max_bytes)
            if document is None:
                return Outcome(status="container", sha256=sha)
            return _extract(task, document, stream.tell(), sha, settings)
        except UnreadableError as error:
            return failed(error, sha256=sha)


def _extract(task: Task, document: Document, size: int, sha: str, settings: Settings) -> Outcome:
    if len(document.text) > settings.max_characters:
        raise UnreadableError(
            f"{task.name}: {len(document.text):,} characters, more than {settings.max_characters:,}; split it",
            reason="too_large",
        )
    record = extract_document(document, doc_id=task.doc_id, source=task.name, nlp=language(settings))
    source = {
        "source": task.name,
        "format": document.format,
        "encoding": document.encoding,
        "bytes": size,
        "sha256": sha,
        "url": task.url,
        "fetched": task.fetched,
        "extra": document.extra,
    }
    payload = pack(extracted(record, source=source, places=document.places))
    return Outcome(status="done", sha256=sha, payload=payload, counts=_counts(record))


def _counts(record: Record) -> dict[str, Any]:
    return {
        "characters": len(record.text),
        "sections": len(record.sections),
        "measures": len(record.measures),
        "entities": Counter(entity.type for entity in record.entities),
        "functions": Counter(m.function.primary for m in record.measures if m.function),
        "warnings": [f"{w.code}: {w.message}" for w in record.warnings],
    }
