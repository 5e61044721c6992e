"""Records one by one in this process, for commands that look at documents and write no results."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from yaodian.batch.expand import expand
from yaodian.batch.files import open_input
from yaodian.batch.inputs import find
from yaodian.batch.work import Task, language
from yaodian.components import extract_document
from yaodian.readers import Document, cleaned, read

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from yaodian.batch.settings import Settings
    from yaodian.errors import InputError
    from yaodian.record import Record


def records(paths: Iterable[str], settings: Settings) -> Iterator[Record]:
    """Yield the record of every document below `paths`, in the order in which a run writes them.

    Raises:
        InputError: a path or a document cannot be read.
    """
    for found in find(paths, missing=_raise):
        yield from _records(Task(path=found.path, member="", name=found.path, doc_id=found.stem), settings)


def _raise(error: InputError) -> None:
    raise error


def _records(task: Task, settings: Settings) -> Iterator[Record]:
    document = _document(task)
    if document is not None:
        nlp = language(settings)
        yield extract_document(document, doc_id=task.doc_id, source=task.name, nlp=nlp)
        return
    for item in expand(task, settings):
        if isinstance(item, Task):
            yield from _records(item, settings)


def _document(task: Task) -> Document | None:
    """A task's document, or None where it is a container."""
    if isinstance(task.content, Document):
        return cleaned(task.content)
    with BytesIO(task.content) if task.content is not None else open_input(task.path) as stream:
        return read(stream, name=task.name)
