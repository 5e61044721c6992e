"""What the caller named, as an ordered list of files and addresses."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from yaodian.batch.fetch import addresses
from yaodian.batch.files import is_remote, walk
from yaodian.decode import decode
from yaodian.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_WEB = re.compile(r"https?://", re.IGNORECASE)
_LIST_LIMIT = 64 << 20


@dataclass(frozen=True, slots=True)
class Input:
    """One file or address. `stem` is the id it wishes for, `longer` the one it takes where several wish the same."""

    path: str
    kind: str
    """`file`, `url` (one web address) or `addresses` (a file that lists web addresses)."""
    stem: str
    longer: str


def find(
    paths: Iterable[str], *, missing: Callable[[InputError], None], apart: frozenset[str] = frozenset()
) -> Iterator[Input]:
    """Yield all inputs below `paths` (files, folders, fsspec addresses, web addresses) in a fixed order.

    A list of web addresses is one only where it was named itself: a folder never makes the program go online.
    `missing` is told of every path that leads to nothing.
    """
    for path in paths:
        if _WEB.match(path):
            yield Input(path, "url", path.partition("://")[2], path)
            continue
        if _is_list(path):
            yield Input(path, "addresses", Path(path).stem, path)
            continue
        count = 0
        try:
            for found in walk(path, apart):
                count += 1
                if isinstance(found, InputError):
                    missing(found)
                else:
                    yield _input(found)
        except InputError as error:
            missing(error)
        else:
            if not count:
                missing(InputError(f"{path}: no file in this folder; check the path"))


def _input(path: str) -> Input:
    pure: PurePosixPath | Path = PurePosixPath(path) if is_remote(path) else Path(path)
    return Input(path, "file", pure.stem, f"{pure.parent.name}-{pure.name}")


def _is_list(path: str) -> bool:
    file = Path(path)
    try:
        if is_remote(path) or not file.is_file() or file.stat().st_size > _LIST_LIMIT:
            return False
        return addresses(decode(file.read_bytes()).text) is not None
    except (OSError, InputError):
        return False
