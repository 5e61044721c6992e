"""A run's memory: one SQLite file in the output folder that holds the list of inputs and every finished document.

Each outcome is one transaction, so that a run killed at any moment loses at most the documents it was working on. The
tables that people read are written from here, in the order of the inputs.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing, contextmanager
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from filelock import FileLock, Timeout

from yaodian.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from yaodian.batch.inputs import Input
    from yaodian.batch.work import Outcome, Task

VERSION = 1
_SCHEMA = """
CREATE TABLE IF NOT EXISTS facts (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS inputs (
    seq INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, stem TEXT NOT NULL, longer TEXT NOT NULL,
    doc_id TEXT) STRICT;
CREATE TABLE IF NOT EXISTS results (
    path TEXT NOT NULL, member TEXT NOT NULL, name TEXT NOT NULL, doc_id TEXT NOT NULL, sha256 TEXT, key TEXT NOT NULL,
    status TEXT NOT NULL, reason TEXT, message TEXT, counts TEXT, payload BLOB, whole INTEGER NOT NULL,
    PRIMARY KEY (path, member)) STRICT, WITHOUT ROWID;
"""
_PAGE = 500
# Where trying again may help; any other failure stands as long as the bytes are the same.
_PASSING = ("timeout", "died", "denied", "missing", "needs_program", "not_fetched", "internal")
_IDS = """
WITH numbered AS (SELECT seq, stem, longer, COUNT(*) OVER (PARTITION BY stem) AS n FROM inputs),
named AS (SELECT seq, CASE WHEN n = 1 THEN stem ELSE longer END AS name FROM numbered),
counted AS (SELECT seq, name, ROW_NUMBER() OVER (PARTITION BY name ORDER BY seq) AS k FROM named)
UPDATE inputs SET doc_id = CASE WHEN k = 1 THEN name ELSE name || '-' || k END
FROM counted WHERE counted.seq = inputs.seq
"""

# A name with its folder's, or with a number, may meet another file's own name.
_UNIQUE = """
UPDATE inputs SET doc_id = doc_id || '~' || seq
WHERE seq NOT IN (SELECT MIN(seq) FROM inputs GROUP BY doc_id)
"""


@dataclass(frozen=True, slots=True)
class Stored:
    """A finished document as kept."""

    path: str
    member: str
    name: str
    doc_id: str
    sha256: str | None
    key: str
    status: str
    reason: str | None
    message: str | None
    counts: dict[str, Any]
    payload: bytes
    whole: bool
    """Of a container: whether all its members are here too."""


_COLUMNS = tuple(field.name for field in fields(Stored))


class Store:
    """The run's SQLite file. One process at a time works in it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = FileLock(path.with_suffix(".lock"), timeout=0)
        try:
            self._lock.acquire()
        except Timeout as error:
            raise InputError(f"{path}: another run is working here; wait for it, or choose another -o") from error
        with self._explained():
            self._db = sqlite3.connect(path, timeout=10.0, isolation_level=None)
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = NORMAL")
            self._db.execute("BEGIN IMMEDIATE")
            for statement in _SCHEMA.split(";"):
                self._db.execute(statement)
            self._db.execute("COMMIT")
        version = self.fact("version")
        if version not in (None, str(VERSION)):
            raise InputError(f"{path}: written by another version of yaodian; begin anew with --fresh")
        self.put_fact("version", str(VERSION))

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:
            raise InputError(f"{self.path}: cannot be written ({error}); choose another folder with -o") from error
        except sqlite3.DatabaseError as error:
            raise InputError(f"{self.path}: damaged ({error}); begin anew with --fresh") from error

    @staticmethod
    def files_of(path: Path) -> str | None:
        """Names of the files that a run delivered, as kept in its store; None where that cannot be told."""
        if not path.exists():
            return None
        try:
            with closing(sqlite3.connect(path)) as db:
                row = db.execute("SELECT value FROM facts WHERE key = 'files'").fetchone()
        except sqlite3.DatabaseError:
            return None
        return str(row[0]) if row else None

    def close(self) -> None:
        """Close the file."""
        self._db.close()
        self._lock.release()

    def fact(self, key: str) -> str | None:
        """A value kept under a key."""
        with self._explained():
            row = self._db.execute("SELECT value FROM facts WHERE key = ?", (key,)).fetchone()
        return row[0] if row else None

    def put_fact(self, key: str, value: str) -> None:
        """Keep a value under a key."""
        with self._explained():
            self._db.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (key, value))

    def plan(self, inputs: Iterable[Input]) -> int:
        """Replace the list of inputs and give every one its document id; returns how many there are.

        An id is the file's name without suffix; where several files would share it, with its folder's name in front.
        """
        with self._explained():
            self._db.execute("BEGIN")
            self._db.execute("DELETE FROM inputs")
            rows = ((i.path, i.kind, i.stem, i.longer) for i in inputs)
            self._db.executemany("INSERT OR IGNORE INTO inputs (path, kind, stem, longer) VALUES (?, ?, ?, ?)", rows)
            count = int(self._db.execute("SELECT COUNT(*) FROM inputs").fetchone()[0])
            if not count:
                # A slip of the pen must not cost what is kept.
                self._db.execute("ROLLBACK")
                return 0
            self._db.execute(_IDS)
            self._db.execute(_UNIQUE)
            self._db.execute("DELETE FROM results WHERE path NOT IN (SELECT path FROM inputs)")
            self._db.execute("COMMIT")
            return count

    def inputs(self) -> Iterator[tuple[str, str, str]]:
        """Yield `(path, kind, doc_id)` of all inputs in order."""
        last = -1
        while True:
            with self._explained():
                page = self._db.execute(
                    "SELECT seq, path, kind, doc_id FROM inputs WHERE seq > ? ORDER BY seq LIMIT ?", (last, _PAGE)
                ).fetchall()
            if not page:
                return
            last = page[-1][0]
            for _, path, kind, doc_id in page:
                yield path, kind, doc_id

    def known(self, path: str, member: str, doc_id: str, key: str) -> str | None:
        """SHA-256 of the bytes whose outcome is kept and still holds under this id and key, or None."""
        with self._explained():
            row = self._db.execute(
                "SELECT sha256, reason, whole FROM results WHERE path = ? AND member = ? AND doc_id = ? AND key = ?",
                (path, member, doc_id, key),
            ).fetchone()
        if not row or row[1] in _PASSING or not row[2]:
            return None
        # A container is done again, member by member, for those of its members that may come right.
        prefix = f"{member}/" if member else ""
        marks = ", ".join("?" * len(_PASSING))
        again = (
            "SELECT 1 FROM results WHERE path = ? AND member > ? AND substr(member, 1, ?) = ? "  # noqa: S608
            f"AND reason IN ({marks}) LIMIT 1"
        )
        with self._explained():
            waits = self._db.execute(again, (path, prefix or member, len(prefix), prefix, *_PASSING)).fetchone()
        return None if waits else row[0]

    def put(self, task: Task, key: str, outcome: Outcome) -> None:
        """Keep an outcome; a container's is not whole until `complete`."""
        row = (
            task.path, task.member, task.name, task.doc_id, outcome.sha256, key, outcome.status, outcome.reason,
            outcome.message, json.dumps(outcome.counts), outcome.payload, outcome.status != "container",
        )  # fmt: skip
        with self._explained():
            self._db.execute("BEGIN")
            if not task.member and outcome.status != "container":
                self._db.execute("DELETE FROM results WHERE path = ?", (task.path,))
            self._db.execute(f"INSERT OR REPLACE INTO results VALUES ({', '.join('?' * len(row))})", row)  # noqa: S608
            self._db.execute("COMMIT")

    def complete(self, path: str) -> None:
        """Mark a container, and those inside it, as whole."""
        with self._explained():
            self._db.execute("UPDATE results SET whole = 1 WHERE path = ? AND status = 'container'", (path,))

    def forget_members(self, path: str, member: str) -> None:
        """Drop what is kept of a container's members."""
        prefix = f"{member}/" if member else ""
        with self._explained():
            self._db.execute(
                "DELETE FROM results WHERE path = ? AND member > ? AND substr(member, 1, ?) = ?",
                (path, prefix, len(prefix), prefix),
            )

    def forget_all(self) -> None:
        """Drop all results."""
        with self._explained():
            self._db.execute("DELETE FROM results")

    def kind(self, path: str) -> str:
        """Kind of an input."""
        with self._explained():
            return str(self._db.execute("SELECT kind FROM inputs WHERE path = ?", (path,)).fetchone()[0])

    def get(self, path: str, member: str = "") -> Stored | None:
        """One outcome, or None."""
        return next(self._select("path = ? AND member = ?", (path, member)), None)

    def members(self, path: str) -> Iterator[Stored]:
        """Yield all members of a container in order, one in memory at a time."""
        last = ""
        while found := list(self._select("path = ? AND member > ? ORDER BY member LIMIT 16", (path, last))):
            yield from found
            last = found[-1].member

    def _select(self, where: str, values: tuple[Any, ...]) -> Iterator[Stored]:
        with self._explained():
            rows = self._db.execute(f"SELECT {', '.join(_COLUMNS)} FROM results WHERE {where}", values)  # noqa: S608
            for row in rows:
                found = dict(zip(_COLUMNS, row, strict=True))
                found["counts"] = json.loads(found["counts"] or "{}")
                yield Stored(**found)
