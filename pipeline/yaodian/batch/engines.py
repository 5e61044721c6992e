"""Engines: where tasks are done. One in this process, one over worker processes of this machine.

A worker process has a pipe of its own. Pools that share one pipe among workers hang when a worker is killed in the
middle of a message; here the pipe breaks, and the loss is that worker's document.
"""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import signal
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from typing import TYPE_CHECKING, Protocol

from yaodian.batch.work import Outcome, Task, language, work
from yaodian.errors import InputError, YaodianError

if TYPE_CHECKING:
    from multiprocessing.context import SpawnProcess

    from yaodian.batch.settings import Settings

# A worker holds its next task already while it works, so that it never waits for this process.
_DEPTH = 2
_MAX_FAILED_STARTS = 3


class Engine(Protocol):
    """Does tasks, in any order."""

    def ready(self) -> bool:
        """Whether a further task should be submitted now."""
        ...

    def submit(self, task: Task) -> None:
        """Take one task."""
        ...

    def collect(self) -> list[tuple[Task, Outcome]]:
        """Wait for outcomes; an empty list when nothing is at work."""
        ...

    def close(self) -> None:
        """Stop, whatever is at work."""
        ...


class InProcess:
    """Does tasks here, one after the other: no start-up, but no limit of time either."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._tasks: deque[Task] = deque()
        language(settings)

    def ready(self) -> bool:
        """One at a time."""
        return not self._tasks

    def submit(self, task: Task) -> None:
        """Take one task."""
        self._tasks.append(task)

    def collect(self) -> list[tuple[Task, Outcome]]:
        """Do what was submitted."""
        done = [(task, work(task, self._settings)) for task in self._tasks]
        self._tasks.clear()
        return done

    def close(self) -> None:
        """Nothing to stop."""


@dataclass(slots=True)
class _Worker:
    process: SpawnProcess
    pipe: Connection
    tasks: deque[Task] = field(default_factory=deque)
    since: float | None = None
    """When it began on its first task; None while it starts up."""

    @property
    def room(self) -> int:
        return _DEPTH - len(self.tasks)


class Processes:
    """Worker processes, started by spawning on every system, each with a pipe of its own."""

    def __init__(self, jobs: int, settings: Settings) -> None:
        self._settings = settings
        self._context = multiprocessing.get_context("spawn")
        self._waiting: deque[Task] = deque()
        self._failed_starts = 0
        self._jobs = jobs
        self._workers: list[_Worker] = []

    def _start(self) -> _Worker:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=_serve, args=(theirs, self._settings), daemon=True)
        process.start()
        theirs.close()
        return _Worker(process, ours)

    def ready(self) -> bool:
        """Whether a worker has room."""
        unstarted = _DEPTH * (self._jobs - len(self._workers))
        return len(self._waiting) < unstarted + sum(worker.room for worker in self._workers)

    def submit(self, task: Task) -> None:
        """Queue one task."""
        self._waiting.append(task)
        # Workers are started as work for them appears: one file needs no 64 of them.
        if len(self._workers) < min(self._jobs, len(self._waiting) + sum(bool(w.tasks) for w in self._workers)):
            self._workers.append(self._start())
        self._hand_out()

    def _hand_out(self) -> None:
        for worker in sorted(self._workers, key=lambda w: len(w.tasks)):
            if not self._waiting:
                return
            # A task with content goes to an idle worker only: two ends that both write would wait for each other.
            if worker.since is None or worker.room <= 0 or (worker.tasks and self._waiting[0].content is not None):
                continue
            if not worker.process.is_alive():
                continue
            task = self._waiting.popleft()
            if not worker.tasks:
                worker.since = time.monotonic()
            worker.tasks.append(task)
            with contextlib.suppress(OSError):  # a dead worker is noticed by `collect`
                worker.pipe.send(task)

    def collect(self) -> list[tuple[Task, Outcome]]:
        """Wait until at least one outcome is there, or a worker died or ran out of time."""
        done: list[tuple[Task, Outcome]] = []
        while not done and (self._waiting or any(worker.tasks for worker in self._workers)):
            for pipe in wait([worker.pipe for worker in self._workers], timeout=self._patience()):
                worker = next(w for w in self._workers if w.pipe is pipe)
                done += self._receive(worker)
            done += self._out_of_time()
            self._hand_out()
        return done

    def _patience(self) -> float:
        """Seconds until the first worker is out of time."""
        begun = [w.since for w in self._workers if w.tasks and w.since is not None]
        return max(0.0, min(begun) + self._settings.timeout - time.monotonic()) if begun else self._settings.timeout

    def _receive(self, worker: _Worker) -> list[tuple[Task, Outcome]]:
        try:
            message = worker.pipe.recv()
        except (EOFError, OSError):
            return self._replace(
                worker, "died", f"the process that worked on it died (exit {_exit(worker)}); try it alone"
            )
        if worker.since is None:
            if message is not None:
                raise InputError(message)
            self._failed_starts = 0
            worker.since = time.monotonic()
            return []
        worker.since = time.monotonic()
        return [(worker.tasks.popleft(), message)]

    def _out_of_time(self) -> list[tuple[Task, Outcome]]:
        limit = self._settings.timeout
        now = time.monotonic()
        late = [w for w in self._workers if w.tasks and w.since is not None and now - w.since >= limit]
        # An outcome that came in the meantime is taken first.
        late = [w for w in late if not w.pipe.poll()]
        return [
            pair
            for worker in late
            for pair in self._replace(worker, "timeout", f"took longer than {limit:g} s; raise --timeout or split it")
        ]

    def _replace(self, worker: _Worker, reason: str, why: str) -> list[tuple[Task, Outcome]]:
        """Put a new worker in the place of one that died or is stuck; its other tasks are done again."""
        _kill(worker)
        worker.process.join()
        worker.pipe.close()
        if worker.since is None:
            self._failed_starts += 1
            if self._failed_starts >= _MAX_FAILED_STARTS:
                raise InputError("worker processes die at their start; is there memory for them? Try fewer --jobs")
        failed = []
        if worker.tasks:
            task = worker.tasks.popleft()
            failed.append((task, Outcome(status="failed", reason=reason, message=f"{task.name}: {why}")))
            self._waiting.extendleft(reversed(worker.tasks))
        self._workers[self._workers.index(worker)] = self._start()
        return failed

    def close(self) -> None:
        """Stop all workers at once."""
        for worker in self._workers:
            _kill(worker)
        for worker in self._workers:
            worker.process.join()
            worker.pipe.close()
        self._workers = []


def _kill(worker: _Worker) -> None:
    """Kill a worker with what it started, such as LibreOffice."""
    import psutil

    started = []
    with contextlib.suppress(psutil.Error):
        started = psutil.Process(worker.process.pid).children(recursive=True)
    worker.process.kill()
    for process in started:
        with contextlib.suppress(psutil.Error):
            process.kill()


def _end_with_parent() -> None:
    """End this process when the main one is gone, even in the middle of a document."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _exit(worker: _Worker) -> int | None:
    worker.process.join(1)
    return worker.process.exitcode


def _serve(pipe: Connection, settings: Settings) -> None:
    """Worker process: load once, then do tasks until the pipe breaks, which it does when the other side is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with contextlib.suppress(EOFError, OSError):
        try:
            language(settings)
        except YaodianError as error:
            pipe.send(str(error))
            return
        # What was loaded lives as long as the process: no search for garbage needs to walk over it again.
        gc.freeze()
        pipe.send(None)
        while True:
            task = pipe.recv()
            pipe.send(work(task, settings))
