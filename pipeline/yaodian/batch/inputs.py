"""Paths to texts: which files there are, and what each holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from yaodian.decode import Decoded, decode
from yaodian.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

SUFFIXES = (".txt", ".md", ".text")


@dataclass(frozen=True, slots=True)
class Source:
    """One file and the id that its record will bear."""

    path: Path
    doc_id: str

    def read(self) -> Decoded:
        """Read and decode the file.

        Raises:
            InputError: the file is empty, no text, or cannot be read.
        """
        try:
            data = self.path.read_bytes()
        except OSError as error:
            raise InputError(
                f"{self.path}: cannot be read ({error.strerror}); check the path and its permissions"
            ) from error
        if not data:
            raise InputError(f"{self.path}: the file is empty")
        return decode(data, name=str(self.path))


def find(paths: Iterable[Path]) -> tuple[list[Source], list[InputError]]:
    """List the text files of `paths` (files, or folders searched through) in a fixed order.

    Ids are file names without suffix; where two files would share one, both get their folder's name in front.

    Returns:
        The sources, and an error for every path that leads to none.
    """
    found: list[Path] = []
    errors: list[InputError] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(p for p in path.rglob("*") if p.is_file() and p.suffix.lower() in SUFFIXES)
            if not inside:
                errors.append(InputError(f"{path}: no text file ({', '.join(SUFFIXES)}) in this folder"))
            found += inside
        elif path.exists():
            found.append(path)
        else:
            errors.append(InputError(f"{path}: no such file or folder; check the path"))
    found = list(dict.fromkeys(found))
    stems = [path.stem for path in found]
    taken: dict[str, int] = {}
    sources = []
    for path in found:
        name = path.stem if stems.count(path.stem) == 1 else f"{path.parent.name}-{path.name}"
        taken[name] = taken.get(name, 0) + 1
        sources.append(Source(path, name if taken[name] == 1 else f"{name}-{taken[name]}"))
    return sources, errors
