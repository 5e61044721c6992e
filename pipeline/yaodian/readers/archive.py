"""Archives: every file in a ZIP is read as if it lay in the folder; other archives are named and left."""

from __future__ import annotations

import zipfile
import zlib
from typing import TYPE_CHECKING, BinaryIO

from yaodian.errors import UnreadableError
from yaodian.readers.base import Member, is_junk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from yaodian.readers.base import Peek

LIMIT = 256 << 20
"""Bytes that one member may take unpacked: a small archive can be made to unpack without end."""
_UTF8 = 0x800
_ENCRYPTED = 0x1
_OTHERS = {b"Rar!": "RAR", b"7z\xbc\xaf": "7-Zip", b"\x1f\x8b": "gzip", b"BZh": "bzip2", b"\xfd7zXZ": "XZ"}


class ZipArchive:
    """A ZIP of files."""

    name = "zip"

    def matches(self, peek: Peek) -> bool:
        """Match by the first bytes; DOCX and its like are taken out before."""
        return peek.head.startswith((b"PK\x03\x04", b"PK\x05\x06"))

    def members(self, stream: BinaryIO, *, name: str, text_column: str | None = None) -> Iterator[Member]:
        """Yield the files in the archive's order, but for folders and what operating systems leave behind.

        Raises:
            UnreadableError: the archive is damaged.
        """
        try:
            archive = zipfile.ZipFile(stream)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise UnreadableError(
                f"{name}: a damaged ZIP archive ({error}); get it again, or unpack what can be unpacked",
                reason="broken",
            ) from error
        with archive:
            for info in archive.infolist():
                inside = _file_name(info)
                if not info.is_dir() and not is_junk(inside):
                    yield Member(inside, _content(archive, info, f"{name}!{inside}"))


def _file_name(info: zipfile.ZipInfo) -> str:
    """Name of a member; archives made under Chinese Windows hold GBK names without saying so."""
    if info.flag_bits & _UTF8:
        return info.filename
    try:
        raw = info.filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> bytes | UnreadableError:
    if info.flag_bits & _ENCRYPTED:
        return UnreadableError(f"{name}: protected by a password; unpack the archive first", reason="encrypted")
    try:
        with archive.open(info) as member:
            data = member.read(LIMIT + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        return UnreadableError(f"{name}: damaged in the archive ({error}); get it again", reason="broken")
    if len(data) > LIMIT:
        return UnreadableError(
            f"{name}: more than {LIMIT >> 20} MB unpacked; unpack it and split it", reason="too_large"
        )
    return data


class OtherArchive:
    """Archives that are told apart but not unpacked."""

    name = "archive"

    def matches(self, peek: Peek) -> bool:
        """Match by the first bytes."""
        return any(peek.head.startswith(mark) for mark in _OTHERS)

    def members(self, stream: BinaryIO, *, name: str, text_column: str | None = None) -> Iterator[Member]:
        """Tell what it is.

        Raises:
            UnreadableError: always.
        """
        head = stream.read(8)
        kind = next(kind for mark, kind in _OTHERS.items() if head.startswith(mark))
        raise UnreadableError(f"{name}: a {kind} archive; unpack it, or pack it as ZIP", reason="unknown")
