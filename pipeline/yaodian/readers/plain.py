"""Plain text and Markdown: the bytes as they are, in whatever encoding they were saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yaodian.decode import decode
from yaodian.errors import UnreadableError
from yaodian.readers.base import Document

if TYPE_CHECKING:
    from yaodian.readers.base import Peek

_MARKDOWN = (".md", ".markdown")
_KNOWN = {
    b"\x89PNG": ("a picture", "scanned"),
    b"\xff\xd8\xff": ("a picture", "scanned"),
    b"GIF8": ("a picture", "scanned"),
    b"II*\x00": ("a picture", "scanned"),
    b"MM\x00*": ("a picture", "scanned"),
    b"BM": ("a picture", "scanned"),
    b"RIFF": ("a picture, sound or film", "scanned"),
    b"SQLite format 3": ("a database", "unknown"),
    b"DUCK": ("a database", "unknown"),
    b"\x7fELF": ("a program", "unknown"),
    b"MZ": ("a program", "unknown"),
}
_REMEDY = {
    "scanned": "recognise its text first (for instance with OCR into a PDF with a text layer)",
    "unknown": "leave it out, or save its text as a text file",
}


class PlainReader:
    """Reads whatever is text; the last reader, so it matches all."""

    name = "text"

    def matches(self, peek: Peek) -> bool:
        """Match any file."""
        return True

    def read(self, data: bytes, *, name: str) -> Document:
        """Decode the file.

        Raises:
            UnreadableError: it is no text.
        """
        try:
            decoded = decode(data, name=name)
        except UnreadableError:
            for mark, (what, reason) in _KNOWN.items():
                if data.startswith(mark):
                    raise UnreadableError(f"{name}: {what}; {_REMEDY[reason]}", reason=reason) from None
            raise
        markdown = name.lower().endswith(_MARKDOWN)
        return Document(
            text=decoded.text,
            format="markdown" if markdown else self.name,
            encoding=decoded.encoding,
            damaged=decoded.damaged,
        )
