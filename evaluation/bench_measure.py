"""Times as median and spread, and in ratios taken turn about: on a shared machine seconds alone say little."""

from __future__ import annotations

import gc
import os
import platform
import subprocess
import sys
import time
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

Spread = dict[str, float]
"""`median`, `low` and `high` of repeated measurements and their number `n`."""
_DIGITS = 4


def rounded(value: float) -> float:
    """Four significant digits: more are noise."""
    return float(f"{value:.{_DIGITS}g}")


def spread(values: Iterable[float]) -> Spread:
    """Median, lowest and highest of measurements.

    Raises:
        ValueError: no measurement.
    """
    found = sorted(values)
    if not found:
        raise ValueError("nothing was measured")
    return {"median": rounded(median(found)), "low": rounded(found[0]), "high": rounded(found[-1]), "n": len(found)}


def timed(work: Callable[[], object]) -> float:
    """Seconds of one call."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def turn_about(works: Mapping[str, Callable[[], object]], repeats: int) -> dict[str, list[float]]:
    """Seconds of each work, all of them done once in every round after one round that does not count."""
    times: dict[str, list[float]] = defaultdict(list)
    for number in range(repeats + 1):
        gc.collect()
        for name, work in works.items():
            took = timed(work)
            if number:
                times[name].append(took)
    return times


def rate(characters: int, times: Iterable[float]) -> Spread:
    """Characters a second."""
    return spread(characters / t for t in times)


def ratio(times: Iterable[float], base: Iterable[float]) -> Spread:
    """How many times as long as the base, round by round."""
    return spread(a / b for a, b in zip(times, base, strict=True))


def starting(repeats: int) -> dict[str, Spread]:
    """Start-up of fresh interpreters: `--help` to a bare one, a first extraction to importing its two large libraries.

    Seconds are given beside the ratios.
    """
    first = "import yaodian; yaodian.extract('某局2023年工作要点\\n一、总体\\n开展检查。')"
    codes = {
        "bare": "pass",
        "help": "import sys; sys.argv = ['yaodian', '--help']; from yaodian.__main__ import main; main()",
        "imports": "import spacy, sklearn.linear_model, sklearn.feature_extraction.text",
        "first": first,
    }
    times = turn_about({name: _fresh(code) for name, code in codes.items()}, repeats)
    return {
        "help_to_bare_interpreter": ratio(times["help"], times["bare"]),
        "help_seconds": spread(times["help"]),
        "first_extraction_to_imports": ratio(times["first"], times["imports"]),
        "first_extraction_seconds": spread(times["first"]),
    }


def _fresh(code: str) -> Callable[[], object]:
    return lambda: subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


def machine() -> dict[str, Any]:
    """What was measured on; `load` is how many processes others kept running in the minute before."""
    import psutil

    return {
        "cpu": _cpu(),
        "cores": os.cpu_count() or 1,
        "memory_gb": round(psutil.virtual_memory().total / 1e9),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "load": round(psutil.getloadavg()[0], 1),
        "date": datetime.now(UTC).date().isoformat(),
    }


def _cpu() -> str:
    """Name of the processor as the system tells it."""
    listing = Path("/proc/cpuinfo")
    if listing.is_file():
        for line in listing.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
