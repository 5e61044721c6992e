"""Whole runs of the command line, looked at from outside: seconds, memory of every process, CPU time, bytes on disk."""

from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil

from bench_corpus import MEGABYTE, write_files, write_jsonl
from bench_measure import rounded, spread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

_LOOK = 0.1
"""Seconds between two looks at the processes."""
_WORKER = "--multiprocessing-fork"
_STORE = ".yaodian"
FORMATS = ("jsonl", "csv")
SOME_FORMATS = ("jsonl", "csv", "parquet", "duckdb")
"""What a large run may write; the other two take many times as long."""


@dataclass(slots=True)
class _Seen:
    """Peak memory in bytes and CPU seconds of processes, as last seen."""

    memory: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    cpu: dict[int, float] = field(default_factory=dict)
    workers: set[int] = field(default_factory=set)

    def look(self, root: psutil.Process) -> None:
        with contextlib.suppress(psutil.Error):
            for process in [root, *root.children(recursive=True)]:
                self._one(process)

    def _one(self, process: psutil.Process) -> None:
        with contextlib.suppress(psutil.Error):
            # Asked again and again: between fork and exec a worker has its parent's command line.
            if process.pid not in self.workers and _WORKER in process.cmdline():
                self.workers.add(process.pid)
            with process.oneshot():
                memory, times = process.memory_info(), process.cpu_times()
            # Windows keeps the peak itself.
            self.memory[process.pid] = max(self.memory[process.pid], getattr(memory, "peak_wset", memory.rss))
            self.cpu[process.pid] = times.user + times.system

    def summary(self) -> dict[str, float]:
        """Peaks in MB of the main process and of the largest worker, and CPU seconds of main and workers."""
        main = self.memory.keys() - self.workers
        return {
            "main_mb": _mb(max((self.memory[pid] for pid in main), default=0)),
            "worker_mb": _mb(max((self.memory[pid] for pid in self.workers), default=0)),
            "main_cpu": rounded(sum(took for pid, took in self.cpu.items() if pid not in self.workers)),
            "worker_cpu": rounded(sum(took for pid, took in self.cpu.items() if pid in self.workers)),
        }


def _mb(size: float) -> float:
    return round(size / MEGABYTE, 1)


def whole_run(inputs: Path, out: Path, *, jobs: int, formats: Sequence[str] = FORMATS) -> dict[str, Any]:
    """Run `yaodian extract` over `inputs` and return what it took.

    Returns:
        documents, characters, failed, seconds; memory in MB and CPU seconds of `_Seen.summary`; `store_bytes` of the
        run's memory and `bytes` of each format's files.

    Raises:
        RuntimeError: the command went wrong as a whole; single documents that fail are counted.
    """
    command = [sys.executable, "-m", "yaodian", "extract", str(inputs), "-o", str(out), "--jobs", str(jobs), "--json"]
    command += [part for name in formats for part in ("-f", name)]
    seen = _Seen()
    begin = time.perf_counter()
    with (
        tempfile.TemporaryFile() as answer,
        tempfile.TemporaryFile() as talk,
        psutil.Popen(command, stdout=answer, stderr=talk) as process,
    ):
        try:
            while process.poll() is None:
                seen.look(process)
                with contextlib.suppress(subprocess.TimeoutExpired, psutil.TimeoutExpired):
                    process.wait(timeout=_LOOK)
        except BaseException:
            # Its workers end by themselves when it is gone.
            process.kill()
            raise
        seconds = time.perf_counter() - begin
        for stream in (answer, talk):
            stream.seek(0)
        said, words = answer.read().decode("utf-8"), talk.read().decode("utf-8", "replace")
    if process.returncode not in (0, 1) or not said:
        raise RuntimeError(f"{' '.join(command)}: exit {process.returncode}: {words.strip()[-1500:]}")
    found = json.loads(said)
    return {
        "documents": found["documents"],
        "characters": found["characters"],
        "failed": sum(found["failures_by_reason"].values()),
        "jobs": jobs,
        "seconds": rounded(seconds),
        **seen.summary(),
        "store_bytes": _size(out / _STORE),
        "bytes": _by_format(out),
    }


def _size(path: Path) -> int:
    return sum(p.stat().st_size for p in path.rglob("*") if p.is_file())


def _by_format(out: Path) -> dict[str, int]:
    sizes: dict[str, int] = defaultdict(int)
    for path in out.rglob("*"):
        if path.is_file() and _STORE not in path.parts and path.name not in ("manifest.json", "failures.csv"):
            sizes[path.suffix.removeprefix(".")] += path.stat().st_size
    return dict(sorted(sizes.items()))


def memory(sizes: Sequence[int], *, jobs: int, say: Callable[[str], None]) -> dict[str, list[dict[str, Any]]]:
    """Whole runs over corpora of so many MB, as text files and as rows of one JSONL file."""
    found: dict[str, list[dict[str, Any]]] = {"files": [], "rows": []}
    for size in sizes:
        for form, runs in found.items():
            with tempfile.TemporaryDirectory() as folder:
                inputs = _corpus(Path(folder), size, rows=form == "rows")
                one = whole_run(inputs, Path(folder) / "out", jobs=jobs)
            runs.append({"megabytes": size, **one})
            say(
                f"{size:>5} MB as {form:5} {one['seconds']:>7.1f} s, main process {one['main_mb']:.0f} MB, "
                f"worker {one['worker_mb']:.0f} MB, {one['failed']} failed"
            )
    return found


def _corpus(folder: Path, size: int, *, rows: bool) -> Path:
    path = folder / ("plans.jsonl" if rows else "plans")
    (write_jsonl if rows else write_files)(path, size * MEGABYTE)
    return path


def scaling(
    size: int, jobs: Iterable[int], *, repeats: int, say: Callable[[str], None]
) -> dict[str, list[dict[str, Any]] | int]:
    """Whole runs over rows of one corpus with so many workers each, turn about."""
    counts = list(jobs)
    runs: dict[int, list[dict[str, Any]]] = {n: [] for n in counts}
    with tempfile.TemporaryDirectory() as folder:
        inputs = _corpus(Path(folder), size, rows=True)
        for _ in range(repeats):
            for n in counts:
                out = Path(folder) / "out"
                runs[n].append(whole_run(inputs, out, jobs=n))
                shutil.rmtree(out)
                say(f"{n} workers, {size} MB: {runs[n][-1]['seconds']:.1f} s")
    first = [one["seconds"] for one in runs[counts[0]]]
    return {"megabytes": size, "runs": [_summed(found, first) for found in runs.values()]}


def _summed(found: Sequence[dict[str, Any]], first: Sequence[float]) -> dict[str, Any]:
    seconds = [one["seconds"] for one in found]
    return {
        "jobs": found[0]["jobs"],
        "seconds": spread(seconds),
        "per_second": spread(one["characters"] / one["seconds"] for one in found),
        "speedup": spread(a / b for a, b in zip(first, seconds, strict=True)),
        "main_cpu": spread(one["main_cpu"] for one in found),
        "worker_cpu": spread(one["worker_cpu"] for one in found),
    }


def formats(size: int, *, jobs: int) -> dict[str, Any]:
    """One whole run that writes the formats of a large run, for their bytes and the main process's time."""
    with tempfile.TemporaryDirectory() as folder:
        inputs = _corpus(Path(folder), size, rows=True)
        return {"megabytes": size, **whole_run(inputs, Path(folder) / "out", jobs=jobs, formats=SOME_FORMATS)}
