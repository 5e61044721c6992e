"""Lexicon files: CSV that a researcher edits without code; a bad line is an error that names it.

Columns: `type` (what the terms are: an entity type, or a part of the grammar), `term`, `canonical` (the form that
synonyms share; empty means the term itself), `category`, `note`, `source` (where the term is from), `since`.
Lines that begin with `#` are comments.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from yaodian.errors import LexiconError
from yaodian.labels import ENTITY_TYPES
from yaodian.spans import Span, view

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

COLUMNS = ("type", "term", "canonical", "category", "note", "source", "since")
PARTS = ("DOMAIN", "HEAD", "PLURAL", "STOP", "NOT_INSTITUTION", "NOT_REGULATION", "NOT_HAZARD", "NOT_QUANTITY",
         "UNIT", "PLACE", "CUE", "SHORT", "SUCCESSOR")  # fmt: skip
"""Types of the grammar's own word lists, beside the entity types."""
_REQUIRED = ("type", "term", "source")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a lexicon; `term` is folded as the taggers' text is."""

    type: str
    term: str
    canonical: str
    category: str
    note: str
    source: str
    since: str


def normal_form(term: str) -> str:
    """Bring a term into the form of the taggers' text: folded, without white space between Chinese characters."""
    return view(term, [(Span(0, len(term)),)]).text


def read_lexicon(path: Path) -> list[Entry]:
    """Read a lexicon file or every `*.csv` of a folder.

    Raises:
        LexiconError: names file, line and what is wrong with it.
    """
    if path.is_dir():
        files = sorted(path.glob("*.csv"))
        if not files:
            raise LexiconError(f"{path}: no .csv file in this folder; a lexicon is a CSV with {', '.join(COLUMNS)}")
        return [entry for file in files for entry in read_lexicon(file)]
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise LexiconError(f"{path}: cannot be read ({error.strerror}); check the path") from error
    except UnicodeDecodeError as error:
        raise LexiconError(f"{path}: byte {error.start}: not UTF-8; save the lexicon as CSV UTF-8") from error
    return list(_entries(text, str(path)))


def _entries(text: str, name: str) -> Iterator[Entry]:
    kept = [(n, line) for n, line in enumerate(text.splitlines(), start=1) if line.strip() and line[0] != "#"]
    if not kept:
        raise LexiconError(f"{name}: empty; the first line must be {','.join(COLUMNS)}")
    header = next(csv.reader([kept[0][1]]))
    unknown = [column for column in header if column not in COLUMNS]
    missing = [column for column in _REQUIRED if column not in header]
    if unknown or missing:
        raise LexiconError(
            f"{name}:{kept[0][0]}: columns must be among {','.join(COLUMNS)} with at least "
            f"{','.join(_REQUIRED)}; this line has {','.join(header)}"
        )
    for number, line in kept[1:]:
        yield _entry(line, header, f"{name}:{number}")


def _entry(line: str, header: list[str], where: str) -> Entry:
    try:
        cells = next(csv.reader([line], strict=True))
    except csv.Error as error:
        raise LexiconError(f"{where}: not valid CSV ({error}); double a quote inside quotes") from error
    if len(cells) > len(header):
        raise LexiconError(f"{where}: {len(cells)} cells but {len(header)} columns; quote a cell that has a comma")
    row = dict.fromkeys(COLUMNS, "") | dict(zip(header, (cell.strip() for cell in cells), strict=False))
    row["term"] = normal_form(row["term"])
    empty = [column for column in _REQUIRED if not row[column]]
    if empty:
        raise LexiconError(f"{where}: {empty[0]} is empty")
    if row["type"] not in ENTITY_TYPES and row["type"] not in PARTS:
        raise LexiconError(f"{where}: unknown type {row['type']!r}; known: {', '.join((*ENTITY_TYPES, *PARTS))}")
    return Entry(**{**row, "canonical": row["canonical"] or row["term"]})


def packaged() -> list[Entry]:
    """All lexicons that come with the project."""
    folder = resources.files(__package__).joinpath("data")
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".csv")), key=lambda f: f.name)
    return [e for f in files for e in _entries(f.read_text(encoding="utf-8"), f.name)]


def read_all(paths: Iterable[Path]) -> list[Entry]:
    """Packaged entries, then those of `paths`; for one type and term the later line holds."""
    merged: dict[tuple[str, str], Entry] = {}
    for entry in [*packaged(), *(e for path in paths for e in read_lexicon(Path(path)))]:
        merged[entry.type, entry.term] = entry
    return list(merged.values())
