"""What a reader gives: a document's text as stored, and for each of its lines the place in the source.

A reader knows one file format and tells it by content. A container (an archive, a table) holds many documents. Both
are listed in one place, `yaodian.readers.READERS`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from yaodian.errors import UnreadableError
    from yaodian.record import Notice

HEAD = 1 << 16
"""Bytes of a file that a reader sees before it decides."""
_JUNK = re.compile(r"(?:^|/)(?:__MACOSX/|\.(?!\.?(?:/|$))|~\$|Thumbs\.db$|desktop\.ini$)", re.IGNORECASE)


def is_junk(path: str) -> bool:
    """Whether a path (with `/`) is a hidden file or what an operating system or Office leaves beside documents."""
    return bool(_JUNK.search(path))


@dataclass(frozen=True, slots=True)
class Place:
    """Characters `[start, end)` of a document's text stand in line `line` of page `page` of the source, both from 1.

    `page` is None where the format has no pages, `line` where it has no lines of its own.
    """

    start: int
    end: int
    page: int | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One document as read: all offsets of its record point into `text`."""

    text: str
    format: str
    """Name of the reader."""
    encoding: str | None = None
    """Codec of the bytes, where they were text."""
    damaged: int = 0
    """Places where bytes fitted no character and U+FFFD stands now."""
    metadata: Mapping[str, Any] = field(default_factory=dict)
    """Fields of the record's metadata that the file itself states outside its text (title, issuer, date …)."""
    curated: bool = False
    """Whether `metadata` was set by a person, column by column, and holds before what the text says."""
    notices: tuple[Notice, ...] = ()
    """What the reader of the record should know; becomes the record's warnings."""
    places: tuple[Place, ...] = ()
    """Map from lines of `text` to the source, ascending; empty where `text` is the file's own, line by line."""
    extra: Mapping[str, Any] = field(default_factory=dict)
    """Whatever else the source states, by its own names (索引号, columns of a table); JSON values."""


@dataclass(frozen=True, slots=True)
class Member:
    """One part of a container: bytes to be read, or a document already read, or why it cannot be had."""

    name: str
    content: bytes | Document | UnreadableError
    id: str | None = None
    """The id that the container itself gives it."""


@dataclass(frozen=True, slots=True)
class Peek:
    """What a reader sees of a file before it decides: the name, the first `HEAD` bytes, and the whole as a stream."""

    name: str
    head: bytes
    stream: BinaryIO

    @classmethod
    def of(cls, stream: BinaryIO, name: str) -> Peek:
        """Look at a seekable stream; it is left at its beginning."""
        head = stream.read(HEAD)
        stream.seek(0)
        return cls(name, head, stream)

    @classmethod
    def of_bytes(cls, data: bytes, name: str) -> Peek:
        """Look at a whole file's bytes."""
        return cls.of(BytesIO(data), name)


@runtime_checkable
class Reader(Protocol):
    """A format with one document a file."""

    name: str

    def matches(self, peek: Peek) -> bool:
        """Whether the file is of this format, by its content; quick, and never raises on any bytes."""
        ...

    def read(self, data: bytes, *, name: str) -> Document:
        """Read a whole file; `name` is how it is called in an error.

        Raises:
            UnreadableError: names the file, the reason and what to do.
        """
        ...


@runtime_checkable
class Container(Protocol):
    """A format that holds many documents."""

    name: str

    def matches(self, peek: Peek) -> bool:
        """Whether the file is of this format, by its content; quick, and never raises on any bytes."""
        ...

    def members(self, stream: BinaryIO, *, name: str, text_column: str | None = None) -> Iterator[Member]:
        """Yield the parts in a fixed order, one in memory at a time; `stream` can be sought.

        `text_column` names the column of a table that holds the texts; archives have no use for it.

        Raises:
            UnreadableError: the container as a whole cannot be read; a single part's fault is a `Member` instead.
        """
        ...


class Lines:
    """Collects lines of text with their places; `text` and `places` are then a document's.

    Every line ends in one newline; white space at both ends of a line is dropped, and so are empty lines.
    """

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0
        self._places: list[Place] = []

    def add(self, line: str, *, page: int | None = None, number: int | None = None) -> None:
        """Append one line that stands in line `number` of page `page` of the source."""
        line = " ".join(line.split("\n")).strip()
        if not line:
            return
        self._pieces.append(line + "\n")
        self._places.append(Place(self._length, self._length + len(line), page, number))
        self._length += len(line) + 1

    @property
    def text(self) -> str:
        """All lines."""
        return "".join(self._pieces)

    @property
    def places(self) -> tuple[Place, ...]:
        """One place a line."""
        return tuple(self._places)
