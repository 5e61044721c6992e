"""Paths of every kind: local ones, and addresses of file systems that fsspec knows (`s3://…`)."""

from __future__ import annotations

import hashlib
import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from yaodian.errors import InputError, UnreadableError
from yaodian.readers import is_junk

if TYPE_CHECKING:
    from collections.abc import Iterator

RUN = ".yaodian"
"""Folder in an output folder in which a run keeps its memory; it marks the folder as an output."""
_REASONS = {FileNotFoundError: "missing", PermissionError: "denied"}


def is_remote(path: str) -> bool:
    """Whether a path is an address that fsspec resolves."""
    return "://" in path


@contextmanager
def open_input(path: str) -> Iterator[BinaryIO]:
    """Open a file for reading.

    Raises:
        UnreadableError: it cannot be opened.
    """
    try:
        stream = _remote(path) if is_remote(path) else Path(path).open("rb")  # noqa: SIM115  closed below
    except OSError as error:
        reason = next((r for kind, r in _REASONS.items() if isinstance(error, kind)), "denied")
        what = error.strerror or type(error).__name__
        raise UnreadableError(
            f"{path}: cannot be opened ({what}); check path and permissions", reason=reason
        ) from error
    with stream:
        try:
            yield stream
        except OSError as error:
            what = error.strerror or type(error).__name__
            raise UnreadableError(f"{path}: cannot be read ({what}); try again", reason="denied") from error


def sha256_of(stream: BinaryIO) -> str:
    """SHA-256 of a stream's bytes; the stream is left at its beginning."""
    digest = hashlib.sha256()
    while block := stream.read(1 << 20):
        digest.update(block)
    stream.seek(0)
    return digest.hexdigest()


def file_sha256(path: str) -> str:
    """SHA-256 of a file's bytes.

    Raises:
        UnreadableError: it cannot be read.
    """
    with open_input(path) as stream:
        return sha256_of(stream)


def _remote(path: str) -> BinaryIO:
    import fsspec

    return fsspec.open(path, "rb").open()  # type: ignore[no-any-return]


def walk(path: str, apart: frozenset[str] = frozenset()) -> Iterator[str | InputError]:
    """Yield the files of a folder (or the file itself), hidden ones and the like left out.

    A folder inside that cannot be listed is yielded as an error; the rest goes on. `apart` holds real paths of folders
    that are no input.

    Raises:
        InputError: there is nothing at this path, or it cannot be listed.
    """
    if is_remote(path):
        yield from _walk_remote(path)
        return
    root = Path(path)
    try:
        if root.is_file():
            yield _named(str(root))
            return
        if not root.is_dir():
            raise InputError(f"{path}: no such file or folder; check the path")
    except OSError as error:
        raise InputError(f"{path}: cannot be listed ({error.strerror}); check its permissions") from error
    yield from _walk_local(root, root, apart)


def _walk_local(folder: Path, root: Path, apart: frozenset[str]) -> Iterator[str | InputError]:
    """Files below a folder; links to folders are not followed, so that no ring is walked without end."""
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        yield InputError(f"{folder}: cannot be listed ({error.strerror}); check its permissions")
        return
    for entry in entries:
        if is_junk(entry.relative_to(root).as_posix()) or os.path.realpath(entry) in apart:
            continue
        try:
            if entry.is_dir():
                # What a run wrote is no input: a folder may be its own output's parent.
                if not entry.is_symlink() and not (entry / RUN).exists():
                    yield from _walk_local(entry, root, apart)
            elif entry.is_file() or not entry.exists():
                yield _named(str(entry))
            else:
                yield InputError(f"{entry}: no regular file; leave it out")
        except OSError as error:
            yield InputError(f"{entry}: cannot be opened ({error.strerror}); check its permissions")


def _named(path: str) -> str | InputError:
    """The path, or an error where its name is no text: no result could bear it."""
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        shown = path.encode("utf-8", "replace").decode()
        return InputError(f"{shown}: its name is not UTF-8; rename it")
    return path


def _walk_remote(path: str) -> Iterator[str]:
    import fsspec

    try:
        system, root = fsspec.url_to_fs(path)
        scheme = path.split("://", 1)[0]
        found = system.find(root)
    except ImportError as error:
        raise InputError(f"{path}: {error}; install the library it names") from error
    except Exception as error:  # every file system has errors of its own
        raise InputError(
            f"{path}: cannot be listed ({' '.join(str(error).split())[:200]}); check address and rights"
        ) from error
    if not found:
        raise InputError(f"{path}: nothing at this address; check it")
    for name in sorted(found):
        if not is_junk(name.removeprefix(root)):
            yield f"{scheme}://{name}"
