"""The same run on a Dask cluster: tasks go to its scheduler, outcomes come back here and into the same store.

Workers must have this package and see the inputs under the same paths (a shared file system, or fsspec addresses).
A task whose worker dies is done again elsewhere; a document that kills several workers is given up by the scheduler.
"""

from __future__ import annotations

import contextlib
import queue
import time
from collections import deque
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from yaodian.batch.files import is_remote
from yaodian.batch.work import Outcome, Task, work
from yaodian.errors import InputError, UsageError

if TYPE_CHECKING:
    from distributed import Client, Future

    from yaodian.batch.settings import Settings

_PER_THREAD = 3
_PATIENCE = 5.0
_CONNECT = 20.0


class Dask:
    """Tasks on a scheduler at `address`, or on a cluster of local processes where that is None."""

    def __init__(self, address: str | None, settings: Settings, *, jobs: int | None) -> None:
        try:
            from distributed import Client
        except ModuleNotFoundError as error:
            raise UsageError("--engine dask needs Dask; run: pip install 'yaodian[dask]'") from error
        self._settings = settings
        self._outcomes: queue.SimpleQueue[Future[Any]] = queue.SimpleQueue()
        self._tasks: dict[str, tuple[Task, Future[Any], float]] = {}
        # The scheduler gives up all that waited at a worker with what killed it: each is tried again by itself.
        self._suspects: deque[Task] = deque()
        self._alone = ""
        self._threads = 1
        self._counted = 0.0
        try:
            self._client: Client = (
                Client(address, timeout=_CONNECT)
                if address
                else Client(n_workers=jobs, threads_per_worker=1, dashboard_address=None)
            )
        except (OSError, TimeoutError, ValueError) as error:
            raise InputError(
                f"{address}: no Dask scheduler answers there ({type(error).__name__}); check --scheduler"
            ) from error

    def ready(self) -> bool:
        """Whether the cluster should have more to do."""
        if time.monotonic() > self._counted + _PATIENCE:
            # Workers come and go; asking for each task would cost more than the task.
            self._threads = max(1, sum(self._client.nthreads().values()))
            self._counted = time.monotonic()
        return not self._alone and len(self._tasks) < _PER_THREAD * self._threads

    def submit(self, task: Task) -> None:
        """Send one task."""
        self._send(task)

    def _send(self, task: Task) -> str:
        # A worker has a working directory of its own.
        sent = task if is_remote(task.path) else replace(task, path=str(Path(task.path).absolute()))
        future = self._client.submit(work, sent, self._settings, pure=False)
        self._tasks[str(future.key)] = (task, future, time.monotonic())
        future.add_done_callback(self._outcomes.put)
        return str(future.key)

    def collect(self) -> list[tuple[Task, Outcome]]:
        """Wait for outcomes."""
        while self._tasks or self._suspects:
            if not self._tasks:
                self._alone = self._send(self._suspects.popleft())
            done = []
            with contextlib.suppress(queue.Empty):
                done += self._settle(self._outcomes.get(timeout=_PATIENCE))
                while True:
                    done += self._settle(self._outcomes.get_nowait())
            done += self._out_of_time()
            if done:
                return done
            if self._client.status not in ("running", "connecting"):
                raise InputError("the Dask scheduler is gone; start it and go on with --resume")
        return []

    def _settle(self, future: Future[Any]) -> list[tuple[Task, Outcome]]:
        if str(future.key) not in self._tasks:
            return []
        task, _, _ = self._tasks.pop(str(future.key))
        alone, self._alone = self._alone, ""
        if future.status == "finished":
            outcome: Outcome = future.result()
        elif not alone:
            self._suspects.append(task)
            return []
        else:
            what = type(future.exception()).__name__ if future.status == "error" else future.status
            outcome = _failed(task, "died", f"the worker that did it died ({what}); try it alone")
        future.release()
        return [(task, outcome)]

    def _out_of_time(self) -> list[tuple[Task, Outcome]]:
        """Give up tasks that are late even if they waited behind others, and restart the workers they block."""
        limit = self._settings.timeout
        now = time.monotonic()
        late = {key for key, (_, _, since) in self._tasks.items() if now - since > limit * _PER_THREAD}
        if not late:
            return []
        blocked = [address for address, keys in self._client.processing().items() if late & {str(k) for k in keys}]
        self._alone = ""
        done = []
        for key in late:
            task, future, _ = self._tasks.pop(key)
            future.cancel()
            done.append((task, _failed(task, "timeout", f"took longer than {limit:g} s; raise --timeout or split it")))
        if blocked:
            self._client.restart_workers(blocked, raise_for_error=False)
        # What waited behind them begins anew, and so does its time.
        self._tasks = {key: (task, future, now) for key, (task, future, _) in self._tasks.items()}
        return done

    def close(self) -> None:
        """Leave the cluster; what is still at work there is cancelled."""
        with contextlib.suppress(OSError, TimeoutError):
            self._client.cancel([future for _, future, _ in self._tasks.values()])
            self._client.close()


def _failed(task: Task, reason: str, why: str) -> Outcome:
    return Outcome(status="failed", reason=reason, message=f"{task.name}: {why}")
