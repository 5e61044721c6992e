"""The benchmarks' corpus is of the size asked for, the same every time, and made of plans; their tables say what was found."""

from __future__ import annotations

import copy
import json
import sys
from typing import TYPE_CHECKING

import pytest

import yaodian
from conftest import ROOT, SEED

sys.path.append(str(ROOT / "evaluation"))
import bench_corpus
import bench_measure
import bench_peers
import bench_report
import bench_runs

if TYPE_CHECKING:
    from pathlib import Path

SIZE = 400_000


def spread(value: float) -> dict[str, float]:
    return {"median": value, "low": value * 0.9, "high": value * 1.1, "n": 3}


def run(megabytes: int, **more: float) -> dict:
    """A made run: a worker takes 20 s and the main process 2 s for 1,000 documents, after 4 s and 1 s of start-up."""
    documents = 1000 * megabytes
    return {
        "megabytes": megabytes,
        "documents": documents,
        "characters": 350 * documents,
        "failed": 0,
        "jobs": 2,
        "seconds": 2 + 12.5 * megabytes,
        "main_mb": 100.0,
        "worker_mb": 150.0,
        "main_cpu": 1 + 2 * megabytes,
        "worker_cpu": 4 + 20 * megabytes,
        "store_bytes": 3000 * documents,
        "bytes": {"csv": 4000 * documents, "jsonl": 8000 * documents},
        **more,
    }


def result() -> dict:
    speed = {"documents": 1, "characters": 9, "per_second": spread(2e5), "jieba_per_second": spread(6e5),
             "to_jieba": spread(3)}  # fmt: skip
    peer = {"peer": "Other", "version": "1.0", "task": "words", "what": "", "characters": 9,
            "per_second": spread(1e5), "ours_per_second": spread(2e5), "to_ours": spread(2)}  # fmt: skip
    scaled = [{"jobs": n, "seconds": spread(8 / n), "per_second": spread(1e5 * n), "speedup": spread(n),
               "main_cpu": spread(1), "worker_cpu": spread(7)} for n in (1, 2)]  # fmt: skip
    some = run(4)
    return {
        "machine": {
            "cpu": "A",
            "cores": 2,
            "memory_gb": 8,
            "system": "S",
            "python": "3.11",
            "load": 0.1,
            "date": "2026-01-01",
        },
        "quick": False,
        "speed": dict.fromkeys(("seed", "corpus", "generated"), speed),
        "stages": {"reading": {"per_second": spread(4e6), "to_jieba": spread(0.15)}},
        "peers": [peer, {"peer": "Gone", "task": "times", "what": "", "absent": "no weights"}],
        "start": {"help_to_bare_interpreter": spread(2), "first_extraction_to_imports": spread(0.6)},
        "scaling": {"megabytes": 10, "runs": scaled},
        "formats": {**some, "main_cpu": 13, "bytes": {**some["bytes"], "parquet": 4_000_000}},
        "memory": {form: [run(1), run(10, main_mb=101.0)] for form in ("files", "rows")},
    }


def test_the_same_plans_every_time() -> None:
    once = list(bench_corpus.plans(SIZE))
    bench_corpus.sources.cache_clear()
    assert list(bench_corpus.plans(SIZE)) == once
    assert len(set(once)) == len(once)
    assert bench_corpus.plan(3) == once[3], "a plan depends on its number alone"
    assert bench_corpus.plan(3, seed=2) != once[3]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_size_is_met_within_one_percent(seed: int, tmp_path: Path) -> None:
    number = bench_corpus.write_files(tmp_path / "files", SIZE, seed=seed)
    files = sorted((tmp_path / "files").rglob("*.txt"))
    assert len(files) == number
    assert sum(path.stat().st_size for path in files) == pytest.approx(SIZE, rel=0.01)
    bench_corpus.write_jsonl(tmp_path / "plans.jsonl", SIZE, seed=seed)
    rows = [json.loads(line) for line in (tmp_path / "plans.jsonl").read_bytes().splitlines()]
    assert [row["text"] for row in rows] == [path.read_bytes().decode() for path in files]


def test_texts_are_plans_with_figures_years_and_places_of_their_own(nlp) -> None:
    records = [yaodian.extract(bench_corpus.plan(number), nlp=nlp) for number in range(8)]
    for record in records:
        assert len(record.measures) > 4
        assert len(record.sections) > 3
        assert {"INSTITUTION", "QUANTITY"} <= {entity.type for entity in record.entities}
    assert len({record.metadata.plan_year for record in records}) > 2
    assert len({record.metadata.issuer for record in records}) > 4
    wordings = [{r.text[m.start : m.end] for m in r.measures} for r in records]
    assert len(set.union(*wordings)) > 0.9 * sum(map(len, wordings)), "hardly a measure stands in two plans"


def test_what_stays_and_what_changes() -> None:
    source = "某云市2023年工作要点\n一、甲\n（一）乙。市财政局2024年3月底前建成15个，比2021年增长3.5%，覆盖率100%。\n1.丙。\n"
    parts = bench_corpus._source(source * 3)
    assert parts is not None
    kinds = [(kind, wording, apart) for kind, wording, apart in parts.sections[0].measures[0] if kind != "text"]
    assert kinds[:6] == [
        ("body", "财政局", 0), ("year", "2024", 1), ("month", "3", 0), ("figure", "15", 0), ("year", "2021", -2),
        ("figure", "3.5", 0),
    ]  # fmt: skip
    kept = "".join(wording for kind, wording, _ in parts.sections[0].measures[0] if kind == "text")
    assert "覆盖率100%" in kept
    assert "1.丙" in kept, "a number that orders lines is no figure"


@pytest.mark.parametrize(
    ("number", "numeral"),
    [
        (1, "一"),
        (10, "十"),
        (11, "十一"),
        (20, "二十"),
        (99, "九十九"),
        (100, "一百"),
        (101, "一百零一"),
        (110, "一百一十"),
    ],
)
def test_ordinals(number: int, numeral: str) -> None:
    assert bench_corpus.ordinal(number) == numeral


def test_spread_and_ratio_are_taken_round_by_round() -> None:
    assert bench_measure.spread([3.0, 1.0, 2.0]) == {"median": 2.0, "low": 1.0, "high": 3.0, "n": 3}
    assert bench_measure.ratio([2.0, 9.0, 4.0], [1.0, 3.0, 4.0])["median"] == 2.0
    with pytest.raises(ValueError, match="nothing"):
        bench_measure.spread([])


def test_works_are_done_turn_about_after_a_round_that_does_not_count() -> None:
    calls: list[str] = []
    times = bench_measure.turn_about({"a": lambda: calls.append("a"), "b": lambda: calls.append("b")}, 2)
    assert calls == ["a", "b"] * 3
    assert {name: len(found) for name, found in times.items()} == {"a": 2, "b": 2}


def test_a_peer_that_cannot_run_is_listed_with_the_reason(nlp) -> None:
    def missing() -> bench_peers.Work:
        raise ModuleNotFoundError(name="nowhere")

    def failing() -> bench_peers.Work:
        return lambda text: text.index("no such text")

    peers = [
        bench_peers.Peer("one", "pytest", lambda: str.split, "words"),
        bench_peers.Peer("two", "nowhere", missing, "words"),
        bench_peers.Peer("three", "pytest", failing, "times"),
    ]
    rows = bench_peers.measure(["开展检查。"], nlp, 2, say=lambda _: None, peers=peers)
    assert [row.get("absent") for row in rows] == [
        None, "not installed (no module nowhere)", "ValueError: substring not found",
    ]  # fmt: skip
    assert rows[0]["to_ours"]["n"] == 2
    table = bench_report.peers({**result(), "peers": rows})
    assert "| words | two | absent: not installed (no module nowhere) |" in table


def test_every_peer_has_a_stage_of_ours(nlp) -> None:
    stages = bench_peers.ours(nlp)
    assert {peer.ours for peer in bench_peers.PEERS} <= stages.keys() == bench_peers.OURS.keys()
    text = SEED.read_bytes().decode("utf-8")
    assert all(stage(text) for stage in stages.values()), "each finds something"


def test_tables_hold_what_was_measured() -> None:
    found = result()
    short = bench_report.short(found)
    assert "| characters a second on one core: all texts of the corpus | 200,000 | 180,000–220,000 |" in short
    assert "| peak MB of the main process over 1 / 10 MB as text files | 100 / 101 |  |" in short
    assert "failed" not in short
    assert "A, 2 cores, 8 GB" in short
    assert "| reading | 4,000,000 | 0.15 | 0.135–0.165 |" in bench_report.stages(found)
    runs = bench_report.runs(found)
    assert "| 2 | 4 | 2 | 1 | 7 |" in runs
    assert "| 10 | text files | 10,000 | 0 | 127 | 101 | 150 | 21 | 204 |" in runs
    peers = bench_report.peers(found)
    assert "| words | Other 1.0 | 100,000 | 200,000 | 2 | 1.8–2.2 |" in peers
    assert "| times | Gone | absent: no weights |" in peers


def test_failed_documents_are_told() -> None:
    found = copy.deepcopy(result())
    found["memory"]["rows"][-1]["failed"] = 5
    assert "| documents that failed, of 10,005 | 5 |" in bench_report.short(found)


def test_a_plan_is_made_from_differences_so_that_start_up_does_not_count() -> None:
    plan = bench_report.planning(result())
    assert plan["worker"] == pytest.approx(0.020)
    assert plan["main"] == pytest.approx(0.002)
    assert plan["main_formats"] == pytest.approx(0.003)
    assert plan["busy"] == pytest.approx(0.8)
    example = bench_report.example(result())
    # Ten million documents: 220,000 s of both; 200,000 s of workers on 16 cores, 0.8 of the time at work.
    assert "| core-hours | N · (w + m) / 3600 | 61.11 |" in example
    assert "| hours | N · w / (C · b) / 3600 | 4.34 |" in example
    assert "| runs at the same time | C / (w / m), rounded up | 2 |" in example


def test_the_page_takes_new_figures_between_its_markers_only() -> None:
    text = "before\n<!-- figures -->\nold\n<!-- /figures -->\nbetween\n<!-- example -->\n<!-- /example -->\nafter\n"
    once = bench_report.page(text, result())
    assert "old" not in once
    assert [line for line in once.splitlines() if line in ("before", "between", "after")] == [
        "before",
        "between",
        "after",
    ]
    assert bench_report.page(once, result()) == once


def test_the_page_on_scale_holds_what_the_command_writes() -> None:
    found = json.loads((bench_report.RESULTS / "bench.json").read_text(encoding="utf-8"))
    text = bench_report.PAGE.read_text(encoding="utf-8")
    assert bench_report.page(text, found) == text
    for name, table in bench_report.TABLES.items():
        assert (bench_report.RESULTS / f"{name}.md").read_text(encoding="utf-8") == table(found)


@pytest.mark.slow
def test_a_whole_run_is_seen_from_outside(tmp_path: Path) -> None:
    number = bench_corpus.write_jsonl(tmp_path / "plans.jsonl", 100_000)
    found = bench_runs.whole_run(tmp_path / "plans.jsonl", tmp_path / "out", jobs=1)
    assert found["documents"] + found["failed"] == number
    assert found["main_mb"] > 10
    assert found["worker_mb"] > 10
    assert found["main_cpu"] > 0
    assert found["worker_cpu"] > 0
    assert found["bytes"].keys() == {"csv", "jsonl"}
    assert found["store_bytes"] > 1000
    with pytest.raises(RuntimeError, match="nothing to extract"):
        bench_runs.whole_run(tmp_path / "nothing", tmp_path / "none", jobs=1)
