"""Reading: files of every kind to documents, told apart by content. A new format is one module and one line here."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from yaodian.errors import UnreadableError
from yaodian.readers.base import HEAD, Container, Document, Lines, Member, Peek, Place, Reader, is_junk
from yaodian.readers.clean import cleaned

if TYPE_CHECKING:
    from typing import BinaryIO

READERS = (
    "yaodian.readers.pdf:PdfReader",
    "yaodian.readers.docx:DocxReader",
    "yaodian.readers.office:OfficeReader",
    "yaodian.readers.tables:ParquetTable",
    "yaodian.readers.tables:ExcelTable",
    "yaodian.readers.archive:ZipArchive",
    "yaodian.readers.archive:OtherArchive",
    "yaodian.readers.html:MhtmlReader",
    "yaodian.readers.html:HtmlReader",
    "yaodian.readers.tables:JsonTable",
    "yaodian.readers.tables:CsvTable",
    "yaodian.readers.plain:PlainReader",
)
"""All readers; the first that matches reads the file, so the vaguer a format's marks, the later it stands."""


def reader_of(peek: Peek) -> Reader | Container:
    """Find the reader of a file by its content.

    Raises:
        UnreadableError: the file is empty or of no known format.
    """
    if not peek.head:
        raise UnreadableError(f"{peek.name}: the file is empty", reason="empty")
    for place in READERS:
        module, _, name = place.partition(":")
        reader: Reader | Container = getattr(import_module(module), name)()
        if reader.matches(peek):
            return reader
    raise UnreadableError(
        f"{peek.name}: neither text nor a document that is known here; save it as text, DOCX or PDF", reason="unknown"
    )


def read(stream: BinaryIO, *, name: str, limit: int | None = None) -> Document | None:
    """Read a file from a stream that can be sought; None where it is a container, which is left unread.

    Args:
        stream: the file, from its beginning.
        name: how it is called in an error.
        limit: bytes that a single document may have.

    Raises:
        UnreadableError: the file cannot be read, or is larger than the limit; says why.
    """
    reader = reader_of(Peek.of(stream, name))
    if not isinstance(reader, Reader):
        return None
    stream.seek(0)
    data = stream.read() if limit is None else stream.read(limit + 1)
    if limit is not None and len(data) > limit:
        raise UnreadableError(f"{name}: larger than {limit >> 20} MB; split it", reason="too_large")
    return cleaned(reader.read(data, name=name))


__all__ = [
    "HEAD", "READERS", "Container", "Document", "Lines", "Member", "Peek", "Place", "Reader",
    "cleaned", "is_junk", "read", "reader_of",
]  # fmt: skip
