"""Containers opened: every member of an archive, row of a table or address of a list becomes a task of its own."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from itertools import chain, count
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from yaodian.batch.fetch import addresses
from yaodian.batch.files import open_input
from yaodian.batch.work import Outcome, Task, failed
from yaodian.decode import decode
from yaodian.errors import UnreadableError
from yaodian.readers import Member, Peek, Reader, reader_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from yaodian.batch.fetch import Fetcher
    from yaodian.batch.settings import Settings

_DEPTH = 3


def expand(task: Task, settings: Settings) -> Iterator[Task | tuple[Task, Outcome]]:
    """Yield a task for every member; a member that cannot be had is yielded with its outcome.

    The content of one member is in memory at a time.
    """
    if task.member.count("/") >= _DEPTH - 1:
        error = UnreadableError(f"{task.name}: archives inside archives, {_DEPTH} deep; unpack it", reason="too_large")
        yield task, failed(error)
        return
    ids = _Ids(task)
    try:
        yield from ids.tasks(_members(task, settings))
    except UnreadableError as error:
        # What came before the damage stays; the damage itself stands as one more member.
        yield replace(ids.task(Member("", b"")), name=task.name), failed(error)
    except (KeyboardInterrupt, GeneratorExit, SystemExit):
        raise
    except BaseException as error:  # noqa: BLE001  libraries raise what they like on damaged files, panics of Rust too
        what = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        damage = UnreadableError(f"{task.name}: damaged ({what}); get it again", reason="broken")
        yield replace(ids.task(Member("", b"")), name=task.name), failed(damage)


def _members(task: Task, settings: Settings) -> Iterator[Member]:
    """Members of a container; at least one.

    Raises:
        UnreadableError: it cannot be opened, is none any more, or holds nothing.
    """
    number = 0
    with BytesIO(task.content) if isinstance(task.content, bytes) else open_input(task.path) as stream:
        reader = reader_of(Peek.of(stream, task.name))
        stream.seek(0)
        if isinstance(reader, Reader):
            raise UnreadableError(f"{task.name}: changed while it was read; try --resume", reason="missing")
        members = reader.members(stream, name=task.name, text_column=settings.text_column)
        for number, member in enumerate(members, start=1):  # noqa: B007  counted for what follows
            yield member
    if not number:
        raise UnreadableError(f"{task.name}: holds no document", reason="empty")


def fetched(task: Task, fetcher: Fetcher) -> Task | tuple[Task, Outcome]:
    """Fetch a task's web address."""
    try:
        page = fetcher.fetch(task.name)
    except UnreadableError as error:
        return task, failed(error)
    return replace(task, content=page.data, url=page.final_url, fetched=page.fetched)


def listed(task: Task) -> Iterator[Task]:
    """Yield a task for every address of a list, not fetched yet."""
    ids = _Ids(task)
    with open_input(task.path) as stream:
        text = decode(stream.read(), name=task.name).text
    for address in addresses(text) or ():
        yield replace(ids.task(Member(address.url, b"")), name=address.url, content=None)


class _Ids:
    """Numbers members and gives them document ids that are unique within the container."""

    def __init__(self, container: Task) -> None:
        self._container = container
        self._taken: set[int] = set()
        self.count = 0

    def tasks(self, members: Iterator[Member]) -> Iterator[Task | tuple[Task, Outcome]]:
        for member in members:
            task = self.task(member)
            yield (task, failed(member.content)) if isinstance(member.content, UnreadableError) else task

    def task(self, member: Member) -> Task:
        self.count += 1
        prefix = f"{self._container.member}/" if self._container.member else ""
        content = None if isinstance(member.content, UnreadableError) else member.content
        return Task(
            path=self._container.path,
            member=f"{prefix}{self.count:09d}",
            name=f"{self._container.name}!{member.name}".encode("utf-8", "replace").decode(),
            doc_id=f"{self._container.doc_id}/{self._unique(member)}",
            content=content,
        )

    def _unique(self, member: Member) -> str:
        # A row's id may hold half a character, which no file can.
        short = (member.id or _stem(member.name)).encode("utf-8", "replace").decode()
        longer = member.name.replace("/", "-")
        names = chain((short, longer.removesuffix(PurePosixPath(member.name).suffix)), _numbered(longer, self.count))
        # Hashes, not names: a table may have millions of rows.
        found = next(name for name in names if hash(name) not in self._taken)
        self._taken.add(hash(found))
        return found


def _numbered(name: str, number: int) -> Iterator[str]:
    yield name
    for times in count(1):
        yield f"{name}{'-' * times}{number}"


def _stem(name: str) -> str:
    return name.partition("://")[2] if "://" in name else PurePosixPath(name).stem or name
