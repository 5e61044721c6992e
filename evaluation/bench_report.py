"""From `results/bench.json` to what people read: tables, a picture, and the figures of docs/scale.md.

usage: python evaluation/bench_report.py           write
       python evaluation/bench_report.py --check   exit with 1 if docs/scale.md does not hold what bench.json gives
"""

from __future__ import annotations

import json
import math
import sys
from typing import TYPE_CHECKING, Any

from bench_peers import OURS
from corpus import RESULTS, ROOT
from output_docs import markdown, put

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from bench_measure import Spread

PAGE = ROOT / "docs" / "scale.md"
DOCUMENTS = 10_000_000
"""Documents of the worked example."""
EXAMPLE_CORES = 16
EXAMPLE_PRICE = 0.05
"""Price of a core-hour in the worked example, in whatever currency: an assumption, not a measurement."""
_TEXTS = {
    "seed": "the seed, tj-2023",
    "corpus": "all texts of the corpus",
    "generated": "plans of the generated 100 MB",
}
_GROWN = {
    "documents": "documents",
    "failed": "failed",
    "seconds": "seconds",
    "main_mb": "MB of main",
    "worker_mb": "MB of a worker",
    "main_cpu": "CPU s of main",
    "worker_cpu": "CPU s of workers",
}
_FORMS = {"files": "text files", "rows": "rows of one JSON Lines file"}


def number(value: float) -> str:
    """Four significant digits, thousands apart."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"  # noqa: PLR2004  longer ones need no point


def row(name: str, found: Spread) -> tuple[str, str, str]:
    """Name, median and spread."""
    return name, number(found["median"]), f"{number(found['low'])}–{number(found['high'])}"


def _table(head: Iterable[str], rows: Iterable[Sequence[Any]], *, right: int) -> str:
    """Markdown table whose last `right` columns are figures."""
    heading, *rest = markdown(head, rows).splitlines()
    columns = heading.count(" | ") + 1
    line = "|" + "---|" * (columns - right) + "---:|" * right
    return "\n".join([heading, line, *rest[1:]]) + "\n"


def _on(found: dict[str, Any]) -> str:
    one = found["machine"]
    quick = " A quick run: few repeats, small corpora." if found["quick"] else ""
    return (
        f"{one['cpu']}, {one['cores']} cores, {one['memory_gb']} GB, {one['system']}, Python {one['python']}, "
        f"{one['date']}, load before {one['load']}; median and lowest to highest of the repeats.{quick}"
    )


def short(found: dict[str, Any]) -> str:
    """Table for the README."""
    rows: list[tuple[str, str, str]] = []
    for key, one in found["speed"].items():
        rows += [
            row(f"characters a second on one core: {_TEXTS[key]}", one["per_second"]),
            row("… its time as a multiple of `jieba.lcut`'s", one["to_jieba"]),
        ]
    size = found["scaling"]["megabytes"]
    for one in found["scaling"]["runs"]:
        jobs = f"{one['jobs']} worker process{'es' if one['jobs'] > 1 else ''}"
        rows.append(row(f"characters a second of a whole run over {size} MB, {jobs}", one["per_second"]))
    for form, runs in found["memory"].items():
        peaks = " / ".join(number(one["main_mb"]) for one in runs)
        sizes = " / ".join(number(one["megabytes"]) for one in runs)
        rows.append((f"peak MB of the main process over {sizes} MB as {_FORMS[form]}", peaks, ""))
        if lost := runs[-1]["failed"]:
            rows.append((f"documents that failed, of {runs[-1]['documents'] + lost:,}", str(lost), ""))
    start = found["start"]
    rows += [
        row("`yaodian --help` to a bare interpreter", start["help_to_bare_interpreter"]),
        row("first extraction to importing spaCy and scikit-learn", start["first_extraction_to_imports"]),
    ]
    return f"{_table(('measured', 'median', 'spread'), rows, right=2)}\n{_on(found)}\n"


def stages(found: dict[str, Any]) -> str:
    """Table of all stages."""
    rows = [
        (name, number(one["per_second"]["median"]), *row("", one["to_jieba"])[1:])
        for name, one in found["stages"].items()
    ]
    head = ("stage", "characters a second", "time to `jieba.lcut`'s", "spread")
    return f"{_table(head, rows, right=3)}\nOn all texts of the corpus, on one core. {_on(found)}\n"


def peers(found: dict[str, Any]) -> str:
    """Table of all peers, those that are absent with the reason."""
    rows = []
    for one in found["peers"]:
        what = f"{one['peer']} {one.get('version', '')}".strip() + (f": {one['what']}" if one["what"] else "")
        if "absent" in one:
            rows.append((one["task"], what, f"absent: {one['absent']}", "", "", ""))
        else:
            rates = (number(one[key]["median"]) for key in ("per_second", "ours_per_second"))
            rows.append((one["task"], what, *rates, *row("", one["to_ours"])[1:]))
    head = ("task", "peer", "characters a second", "ours", "its time to ours", "spread")
    ours = "".join(f"- {task}: {what}\n" for task, what in OURS.items())
    lead = "Speed only, on the same texts turn about, on one core. Over 1 in the fifth column: the peer takes longer.\n"
    return f"{lead}\n{_table(head, rows, right=4)}\nOurs:\n\n{ours}\n{_on(found)}\n"


def runs(found: dict[str, Any]) -> str:
    """Tables of all whole runs: over worker processes, and over growing inputs."""
    scaled = [
        (str(one["jobs"]), *(number(one[key]["median"]) for key in ("seconds", "speedup", "main_cpu", "worker_cpu")))
        for one in found["scaling"]["runs"]
    ]
    grown = [
        (number(one["megabytes"]), _FORMS[form], *(number(one[key]) for key in _GROWN))
        for form, some in found["memory"].items()
        for one in some
    ]
    return "\n".join(
        (
            f"{found['scaling']['megabytes']} MB as rows, with more and more worker processes; start-up included:\n",
            _table(("workers", "seconds", "speed-up", "CPU s of main", "CPU s of workers"), scaled, right=5),
            f"Growing inputs, {found['memory']['rows'][0]['jobs']} workers; peak memory of main and largest worker:\n",
            _table(("MB", "as", *_GROWN.values()), grown, right=len(_GROWN)),
            f"{_on(found)}\n",
        )
    )


def picture(found: dict[str, Any], path: Path) -> None:
    """Memory over the input's size, and speed over worker processes.

    Raises:
        ModuleNotFoundError: matplotlib is not installed.
    """
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4), layout="constrained")
    sizes = [one["megabytes"] for one in found["memory"]["rows"]]
    for marker, (form, runs) in zip("os", found["memory"].items(), strict=True):
        left.plot(sizes, [one["main_mb"] for one in runs], f"{marker}-C0", label=f"main process, {_FORMS[form]}")
        left.plot(sizes, [one["worker_mb"] for one in runs], f"{marker}--C1", label=f"largest worker, {_FORMS[form]}")
    left.set(xscale="log", xlabel="input, MB of text", ylabel="peak memory, MB", title="Memory of a run")
    left.set_xticks(sizes, [number(size) for size in sizes])
    left.minorticks_off()
    left.set_ylim(bottom=0)
    left.legend(fontsize="small", loc="lower right")
    runs = found["scaling"]["runs"]
    jobs, speed = [one["jobs"] for one in runs], [one["per_second"] for one in runs]
    middle = [one["median"] / 1000 for one in speed]
    errors = [
        [(one["median"] - one["low"]) / 1000 for one in speed],
        [(one["high"] - one["median"]) / 1000 for one in speed],
    ]
    right.errorbar(jobs, middle, yerr=errors, fmt="o-C0", capsize=4, label="measured, start-up included")
    right.plot(jobs, [middle[0] * n / jobs[0] for n in jobs], ":C7", label="in proportion")
    right.set(
        xlabel="worker processes",
        ylabel="thousand characters a second",
        title=f"A whole run over {found['scaling']['megabytes']} MB",
        xticks=jobs,
    )
    right.set_ylim(bottom=0)
    right.legend(fontsize="small", loc="lower right")
    figure.savefig(path, dpi=120)
    plt.close(figure)


def planning(found: dict[str, Any]) -> dict[str, float]:
    """Figures that a plan for a large run starts from, each per document where it is not said otherwise.

    Seconds are of CPU time and without start-up: the difference between the two largest inputs, over the documents
    between them. They are of rows.
    """
    before, last = found["memory"]["rows"][-2:]
    more = last["documents"] - before["documents"]
    worker, main = ((last[name] - before[name]) / more for name in ("worker_cpu", "main_cpu"))
    some, peaks = found["formats"], [one for each in found["memory"].values() for one in each]
    start = last["main_cpu"] - main * last["documents"]
    return {
        "characters": last["characters"] / last["documents"],
        "bytes": last["megabytes"] * 1e6 / last["documents"],
        "worker": worker,
        "main": main,
        "main_formats": (some["main_cpu"] - start) / some["documents"],
        "busy": worker * more / (last["seconds"] - before["seconds"]) / last["jobs"],
        "main_mb": max(one["main_mb"] for one in peaks),
        "worker_mb": max(one["worker_mb"] for one in peaks),
        "formats_main_mb": some["main_mb"],
        "jobs": last["jobs"],
        "store": some["store_bytes"] / some["documents"],
        **{f"bytes_{name}": size / some["documents"] for name, size in some["bytes"].items()},
    }


def figures(found: dict[str, Any]) -> str:
    """Table of what was measured, for docs/scale.md."""
    plan = planning(found)
    rows: list[tuple[str, str]] = [
        ("characters a document", number(plan["characters"])),
        ("bytes of text a document (UTF-8)", number(plan["bytes"])),
        ("**w** CPU seconds of a worker for 1,000 documents", number(1000 * plan["worker"])),
        ("**m** CPU seconds of the main process for 1,000 documents (JSON Lines and CSV)", number(1000 * plan["main"])),
        ("the same where Parquet and DuckDB are written as well", number(1000 * plan["main_formats"])),
        ("workers that one main process can keep busy, w / m", str(_fed(plan))),
        (f"**b** share of the time for which each of {plan['jobs']} workers was at work", number(plan["busy"])),
        ("peak MB of the main process, JSON Lines and CSV", number(plan["main_mb"])),
        ("peak MB of the main process, with Parquet and DuckDB as well", number(plan["formats_main_mb"])),
        ("peak MB of a worker", number(plan["worker_mb"])),
        ("MB on disk for 1,000 documents: the run's memory, `run.sqlite`", number(plan["store"] / 1000)),
        *(
            (f"MB on disk for 1,000 documents: {name.removeprefix('bytes_')}", number(size / 1000))
            for name, size in plan.items()
            if name.startswith("bytes_")
        ),
    ]
    sizes = ", ".join(number(one["megabytes"]) for one in found["memory"]["rows"])
    return f"{_table(('measured', 'value'), rows, right=1)}\nOver inputs of {sizes} MB. {_on(found)}\n"


def _fed(plan: dict[str, float]) -> int:
    return max(1, math.floor(plan["worker"] / max(plan["main"], 1e-9)))


def example(found: dict[str, Any]) -> str:
    """The worked example of docs/scale.md."""
    plan = planning(found)
    cores = EXAMPLE_CORES
    hours = DOCUMENTS * (plan["worker"] + plan["main"]) / 3600
    wall = DOCUMENTS * plan["worker"] / plan["busy"] / cores / 3600
    shards = math.ceil(cores / _fed(plan))
    memory = (cores * plan["worker_mb"] + shards * plan["main_mb"]) / 1000
    disk = {
        "texts": plan["bytes"],
        "run.sqlite": plan["store"],
        "JSON Lines": plan["bytes_jsonl"],
        "CSV": plan["bytes_csv"],
        "Parquet instead": plan["bytes_parquet"],
    }
    rows = [
        ("core-hours", "N · (w + m) / 3600", number(hours)),
        ("runs at the same time", "C / (w / m), rounded up", str(shards)),
        ("hours", "N · w / (C · b) / 3600", number(wall)),
        ("memory, GB", "C workers and a main process for every run", number(memory)),
        *((f"disk, GB: {name}", "N · bytes", number(DOCUMENTS * size / 1e9)) for name, size in disk.items()),
        ("cost", f"core-hours · p, with p = {EXAMPLE_PRICE}", number(hours * EXAMPLE_PRICE)),
    ]
    lead = f"N = {DOCUMENTS:,} documents of the measured length on C = {cores} cores like the one measured:\n"
    return f"{lead}\n{_table(('needed', 'how', 'value'), rows, right=1)}"


def page(text: str, found: dict[str, Any]) -> str:
    """docs/scale.md with the figures of `found`."""
    return put(put(text, "figures", figures(found)), "example", example(found))


TABLES = {"bench": short, "bench_stages": stages, "bench_peers": peers, "bench_runs": runs}
"""What makes each file of `results/`."""


def write(found: dict[str, Any]) -> None:
    """Write all tables, the picture and the page's figures."""
    for name, table in TABLES.items():
        (RESULTS / f"{name}.md").write_text(table(found), encoding="utf-8", newline="\n")
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8"), found), encoding="utf-8", newline="\n")
    try:
        picture(found, RESULTS / "scaling.png")
    except ModuleNotFoundError as error:
        print(f"results/scaling.png is not drawn anew: {error}; run: pip install matplotlib", file=sys.stderr)


def main() -> None:
    """Write or check."""
    found = json.loads((RESULTS / "bench.json").read_text(encoding="utf-8"))
    if "--check" in sys.argv:
        text = PAGE.read_text(encoding="utf-8")
        told = "docs/scale.md: not what results/bench.json gives; run evaluation/bench_report.py"
        sys.exit(0 if text == page(text, found) else told)
    write(found)


if __name__ == "__main__":
    main()
