"""A run: inputs to tasks, tasks to an engine, outcomes to the store, and from there in order to the files."""

from __future__ import annotations

import json
import os
import time
from collections import deque
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from yaodian.batch.engines import Engine, InProcess, Processes
from yaodian.batch.expand import expand, fetched, listed
from yaodian.batch.files import RUN, file_sha256, is_remote
from yaodian.batch.inputs import find
from yaodian.batch.publish import Publisher, check_output
from yaodian.batch.settings import Settings, fingerprint, key_of
from yaodian.batch.store import Store
from yaodian.batch.work import Outcome, Task, language
from yaodian.errors import InputError, UsageError, YaodianError
from yaodian.export import Options

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from yaodian.batch.fetch import Fetcher
    from yaodian.batch.summary import Summary

# So few documents are done sooner here than worker processes start.
_FEW = 4
_SMALL = 1 << 20
_STORE = "run.sqlite"


class InterruptedRunError(YaodianError):
    """The user stopped a run; what is done is kept."""

    exit_code = 130


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How a run is done; nothing here changes a byte of its results."""

    formats: tuple[str, ...] = ("jsonl", "csv")
    options: Options = field(default_factory=Options)
    jobs: int | None = None
    """Worker processes; None: one a core, or none at all for a few files."""
    engine: str = "processes"
    scheduler: str | None = None
    """Address of a Dask scheduler."""
    resume: bool = False
    fresh: bool = False
    work: str | None = None
    """Folder for the run's memory; None: `.yaodian` in the output folder, or the user's cache for a remote one."""
    pause: float = 1.0
    """Seconds between two requests to one web server."""


@dataclass(frozen=True, slots=True)
class Watch:
    """What a caller is told while a run goes on."""

    more: Callable[[int], None] = lambda _: None
    """So many further documents are known of."""
    done: Callable[[int], None] = lambda _: None
    """A document is settled, with so many bytes of results."""
    missing: Callable[[str], None] = lambda _: None
    """A path leads to nothing."""


def run(paths: Sequence[str], out: str, *, settings: Settings, plan: Plan, watch: Watch | None = None) -> Summary:
    """Extract everything below `paths` into `out`.

    Whatever the plan, the same inputs and settings give the same bytes in `out`. Memory does not grow with the number
    of documents.

    Raises:
        InputError: nothing to do, or the output cannot be written.
        UsageError: `out` holds an unfinished run, and the plan says neither resume nor fresh; an unknown format.
        InterruptedRunError: stopped by the user.
    """
    if plan.resume and plan.fresh:
        raise UsageError("--resume goes on and --fresh begins anew: choose one")
    check_output(out)
    folder = _folder(out, plan.work)
    with ExitStack() as stack:
        store = _open(folder, out, plan)
        stack.callback(store.close)
        one = _Run(store, folder, settings, plan, watch or Watch())
        try:
            return one.go(paths, out)
        except KeyboardInterrupt as error:
            raise InterruptedRunError(
                f"interrupted: {one.settled} documents are done; the same command with --resume goes on"
            ) from error
        except OSError as error:
            raise InputError(
                f"{out}: {error.strerror or error}; make room or choose another folder, then --resume"
            ) from error
        finally:
            one.close()


def _folder(out: str, work: str | None) -> Path:
    """Where the run keeps its memory."""
    if work is None and is_remote(out):
        import hashlib

        from platformdirs import user_cache_path

        return user_cache_path("yaodian") / hashlib.sha256(out.encode()).hexdigest()[:16]
    return Path(work) if work is not None else Path(out) / RUN


def _open(folder: Path, out: str, plan: Plan) -> Store:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        files = Store.files_of(folder / _STORE) if plan.fresh else None
        if plan.fresh:
            for name in (_STORE, f"{_STORE}-wal", f"{_STORE}-shm"):
                (folder / name).unlink(missing_ok=True)
    except OSError as error:
        raise InputError(f"{out}: cannot be written ({error.strerror}); choose another folder with -o") from error
    store = Store(folder / _STORE)
    if files:
        store.put_fact("files", files)
    if store.fact("state") == "running" and not plan.resume:
        store.close()
        raise UsageError(f"{out}: holds an unfinished run; add --resume to go on with it, or --fresh to begin anew")
    return store


class _Run:
    def __init__(self, store: Store, folder: Path, settings: Settings, plan: Plan, watch: Watch) -> None:
        self._store = store
        self._folder = folder
        self._settings = settings
        self._plan = plan
        self._watch = watch
        self._engine: Engine | None = None
        self._publisher: Publisher | None = None
        self._fetching: Fetcher | None = None
        self._inputs: Iterator[tuple[str, str, str]] = store.inputs()
        self._expansions: deque[tuple[str, Iterator[Task | tuple[Task, Outcome]], bool]] = deque()
        self._open: dict[str, int] = {}
        """For each container at work: its unfinished members, and itself while it is being opened."""
        self._ready: set[str] = set()
        """Inputs that are settled in this run and not published yet."""
        self._key = ""
        self.settled = 0
        self.unchanged = 0

    def go(self, paths: Sequence[str], out: str) -> Summary:
        begun = time.time()
        facts = fingerprint(self._settings)
        self._key = key_of(facts)
        missing: list[str] = []
        apart = frozenset(os.path.realpath(path) for path in (out, self._folder) if not is_remote(str(path)))
        if apart & {os.path.realpath(path) for path in paths if not is_remote(path)}:
            raise UsageError(f"{out}: the output folder is an input as well; choose another one with -o")
        found = find(paths, missing=lambda error: missing.append(str(error)), apart=apart)
        count = self._store.plan(found)
        for line in missing:
            self._watch.missing(line)
        if not count:
            raise InputError("nothing to extract; name files, folders or addresses that exist")
        self._publisher = Publisher(self._store, self._folder / "staging", self._plan.formats, self._plan.options)
        self._engine = self._make_engine(count)
        if self._settings.lexicons or self._settings.model:
            # What the user brings along is checked before anything is given up for it.
            language(self._settings)
        if not self._plan.resume:
            self._store.forget_all()
        self._watch.more(count)
        self._store.put_fact("state", "running")
        self._loop(self._engine, self._publisher)
        self._publisher.close()
        summary = self._publisher.summary
        summary.unchanged = self.unchanged
        manifest = {
            **facts,
            "inputs": list(paths),
            "missing": missing,
            "formats": sorted(self._plan.formats),
            "counts": summary.counts(),
        }
        self._publisher.deliver(out, manifest)
        self._log(begun)
        self._store.put_fact("state", "finished")
        return summary

    def close(self) -> None:
        if self._fetching is not None:
            self._fetching.close()
        if self._engine is not None:
            self._engine.close()
        if self._publisher is not None:
            with suppress(OSError):  # what failed to be written was told already
                self._publisher.close()

    def _make_engine(self, count: int) -> Engine:
        plan = self._plan
        if plan.engine == "dask":
            from yaodian.batch.dask import Dask

            return Dask(plan.scheduler, self._settings, jobs=plan.jobs)
        if plan.engine != "processes":
            raise UsageError(f"--engine {plan.engine}: unknown; known: processes, dask")
        if plan.jobs is None and count <= _FEW and all(_is_small(path) for path, _, _ in self._store.inputs()):
            return InProcess(self._settings)
        return Processes(plan.jobs or os.cpu_count() or 1, self._settings)

    def _loop(self, engine: Engine, publisher: Publisher) -> None:
        while True:
            while engine.ready() and (task := self._next_task()) is not None:
                engine.submit(task)
            found = engine.collect()
            for task, outcome in found:
                self._take(task, outcome)
            publisher.advance(self._ready)
            if not found and not self._expansions:
                return

    def _next_task(self) -> Task | None:
        """Next task that an engine must do; what needs no work is settled on the way. None when there is none now."""
        while self._expansions:
            path, tasks, fetch = self._expansions[0]
            item = next(tasks, None)
            if item is None:
                self._expansions.popleft()
                self._leave(path)
                continue
            self._watch.more(1)
            self._open[path] += 1
            task = self._prepared(item, fetch=fetch)
            if task is not None:
                return task
        for path, kind, doc_id in self._inputs:
            name = path if is_remote(path) else PurePath(path).as_posix()
            task = Task(
                path=path, member="", name=name, doc_id=doc_id, known=self._store.known(path, "", doc_id, self._key)
            )
            if kind == "addresses":
                self._take(task, Outcome(status="container", sha256=file_sha256(path)))
                return self._next_task()
            ready = self._prepared(task, fetch=True) if kind == "url" else task
            if ready is not None:
                return ready
        return None

    def _prepared(self, item: Task | tuple[Task, Outcome], *, fetch: bool) -> Task | None:
        """A task with what it needs, or None where it is settled already."""
        if isinstance(item, tuple):
            self._take(*item)
            return None
        if self._store.known(item.path, item.member, item.doc_id, self._key) is not None:
            self._take(item, Outcome(status="unchanged"))
            return None
        if not fetch:
            return item
        found = fetched(item, self._fetcher)
        if isinstance(found, tuple):
            self._take(*found)
            return None
        return found

    def _take(self, task: Task, outcome: Outcome) -> None:
        """Keep an outcome, and settle the input when nothing of it is open any more."""
        if outcome.status == "container":
            self._enter(task, outcome)
            return
        if outcome.status == "unchanged":
            self.unchanged += 1
        else:
            self._store.put(task, self._key, outcome)
        self.settled += 1
        self._watch.done(len(outcome.payload))
        if task.path in self._open:
            self._leave(task.path)
        else:
            self._ready.add(task.path)

    def _enter(self, task: Task, outcome: Outcome) -> None:
        before = self._store.get(task.path, task.member)
        if before is None or (before.sha256, before.key) != (outcome.sha256, self._key):
            self._store.forget_members(task.path, task.member)
        self._store.put(task, self._key, outcome)
        # A nested container was counted when it was a task; the outermost one was not.
        self._open.setdefault(task.path, 1)
        lists = task.member == "" and self._store.kind(task.path) == "addresses"
        tasks = listed(task) if lists else expand(task, self._settings)
        # What lies inside a container goes first, so that no more of them are open than lie in one another.
        self._expansions.appendleft((task.path, iter(tasks), lists))
        self._watch.done(0)

    def _leave(self, path: str) -> None:
        self._open[path] -= 1
        if not self._open[path]:
            del self._open[path]
            self._store.complete(path)
            self._ready.add(path)

    @property
    def _fetcher(self) -> Fetcher:
        if self._fetching is None:
            from yaodian.batch.fetch import Fetcher

            self._fetching = Fetcher(self._folder / "pages", pause=self._plan.pause)
        return self._fetching

    def _log(self, begun: float) -> None:
        """What differs from run to run, apart from the manifest."""
        took = {"seconds": round(time.time() - begun, 1), "begun": int(begun), "unchanged": self.unchanged}
        plan = {"jobs": self._plan.jobs, "engine": self._plan.engine, "resume": self._plan.resume}
        (self._folder / "run.json").write_text(json.dumps(took | plan) + "\n", encoding="utf-8")


def _is_small(path: str) -> bool:
    try:
        return not is_remote(path) and Path(path).stat().st_size <= _SMALL
    except OSError:
        return True
