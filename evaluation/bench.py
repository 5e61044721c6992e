"""Speed, memory, scaling and peers, measured in one go: see `bench_stages`, `bench_runs` and `bench_peers`.

Nothing here judges: machines are shared, and a figure of seconds holds for the one it was measured on. Compare ratios.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import signal
import sys
import time
from dataclasses import dataclass
from typing import Any

from threadpoolctl import threadpool_limits

import bench_peers
import bench_report
import bench_runs
import bench_stages
import yaodian
from bench_measure import machine, starting
from corpus import RESULTS, splits


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is measured."""

    repeats: int
    stage_repeats: int
    peer_repeats: int
    sample: int
    """Plans out of the 100 MB corpus."""
    sizes: tuple[int, ...]
    """MB of the inputs over which memory is looked at."""
    scaling: tuple[int, int]
    """MB of the input that is run with one worker and with more, and how often."""
    formats: int
    """MB of the input that is written in several formats."""


USUAL = Extent(7, 5, 3, 100, (1, 10, 100), (10, 3), 10)
QUICK = Extent(3, 2, 1, 30, (1, 2, 4), (2, 1), 2)
FULL = Extent(7, 5, 3, 100, (1, 10, 100, 1000), (10, 5), 100)


def _arguments() -> tuple[Extent, bool]:
    parser = argparse.ArgumentParser(description="Measure speed and memory; write evaluation/results/bench*.")
    group = parser.add_mutually_exclusive_group()
    group.add_argument("--quick", action="store_true", help="few repeats and small inputs: under two minutes")
    group.add_argument("--full", action="store_true", help="inputs up to 1 GB: an hour or more, 15 GB of disk")
    given = parser.parse_args()
    return (QUICK if given.quick else FULL if given.full else USUAL), given.quick


class _Talk:
    """Says what is done, with the minutes since the beginning in front."""

    def __init__(self) -> None:
        self._begin = time.monotonic()

    def __call__(self, words: str) -> None:
        passed = int(time.monotonic() - self._begin)
        print(f"{passed // 60:3}:{passed % 60:02} {words}", flush=True)


def measured(extent: Extent, say: _Talk) -> dict[str, Any]:
    """All figures, JSON values."""
    found: dict[str, Any] = {}
    bench_stages.ready()
    texts = bench_stages.corpus_texts()
    nlp = yaodian.load()
    chosen = {
        "seed": [texts[bench_stages.SEED_TEXT]],
        "corpus": list(texts.values()),
        "generated": bench_stages.sample(extent.sample),
    }
    # Peers write warnings and whole tracebacks, and libraries of arithmetic would take all cores.
    logging.disable(logging.CRITICAL)
    with threadpool_limits(1):
        found["speed"] = {name: bench_stages.speed(some, nlp, extent.repeats) for name, some in chosen.items()}
        for name, one in found["speed"].items():
            say(f"extraction, {name}: {one['per_second']['median']:,.0f} characters a second")
        found["stages"] = bench_stages.stages(texts, nlp, extent.stage_repeats)
        say("stages")
        few = [texts[name] for name in (bench_stages.SEED_TEXT, *splits()["dev"][:3])]
        found["peers"] = bench_peers.measure(few, nlp, extent.peer_repeats, say=say)
    logging.disable(logging.NOTSET)
    found["start"] = starting(extent.repeats)
    say("start-up")
    cores = os.cpu_count() or 1
    jobs = sorted({1, 2, *(n for n in (4, 8, 16, 32) if n <= cores)})
    size, repeats = extent.scaling
    found["scaling"] = bench_runs.scaling(size, jobs, repeats=repeats, say=say)
    found["formats"] = bench_runs.formats(extent.formats, jobs=max(2, cores))
    say("formats")
    found["memory"] = bench_runs.memory(extent.sizes, jobs=max(2, cores), say=say)
    return found


def main() -> None:
    """Measure and write."""
    extent, quick = _arguments()
    # Ended from outside, it leaves no run of its own going on.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    say = _Talk()
    found = {"machine": machine(), "quick": quick, **measured(extent, say)}
    RESULTS.mkdir(exist_ok=True)
    text = json.dumps(found, ensure_ascii=False, indent=1) + "\n"
    (RESULTS / "bench.json").write_text(text, encoding="utf-8", newline="\n")
    bench_report.write(found)
    say("written: evaluation/results/bench.json, its tables and picture, and the figures of docs/scale.md")


if __name__ == "__main__":
    main()
