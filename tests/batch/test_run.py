"""Runs as their users meet them: many processes, interrupted, resumed, over changed folders."""

from __future__ import annotations

import csv
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from batch_help import PLAN, command, doc_ids, extract, failures, faulty, kept, last_run, plans, results

FORMATS = ("-f", "jsonl", "-f", "csv", "-f", "xlsx", "-f", "parquet", "-f", "docbin")


def test_the_same_bytes_whatever_the_number_of_processes(tmp_path: Path) -> None:
    plans(tmp_path / "in", 12)
    found = []
    for jobs in (1, 3):
        out = tmp_path / f"out{jobs}"
        done = extract("in", "-o", out, "--jobs", jobs, *FORMATS, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        found.append(results(out))
    assert found[0] == found[1]
    assert {"records.jsonl", "entities.csv", "results.xlsx", "entities.parquet", "manifest.json"} <= set(found[0])
    assert doc_ids(tmp_path / "out1") == [f"plan-{n:05d}" for n in range(12)]


def _start(*args: object, cwd: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command(*args), cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def _wait_for(out: Path, count: int) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if (out / ".yaodian" / "staging").exists() and kept(out) >= count:
            return
        time.sleep(0.01)
    raise AssertionError("the run did not get so far")


@pytest.mark.slow
def test_a_run_killed_at_any_moment_goes_on_without_loss_or_double(tmp_path: Path) -> None:
    plans(tmp_path / "in", 150)
    whole = tmp_path / "whole"
    assert extract("in", "-o", whole, "--jobs", 2, cwd=tmp_path).returncode == 0
    wanted = results(whole)
    rng = random.Random(20231120)  # noqa: S311
    for attempt in range(6):
        out = tmp_path / f"out{attempt}"
        done = 0
        for _ in range(rng.randint(1, 3)):
            run = _start("in", "-o", out, "--jobs", 2, "--resume", cwd=tmp_path)
            time.sleep(rng.uniform(0.3, 2.5))
            run.kill()
            run.wait()
            assert run.stderr is not None
            run.stderr.close()
            if (out / "manifest.json").exists():
                break
            now = kept(out) if (out / ".yaodian" / "run.sqlite").exists() else 0
            assert now >= done
            done = now
        end = extract("in", "-o", out, "--jobs", 2, "--resume", cwd=tmp_path)
        assert end.returncode == 0, end.stderr
        assert last_run(out)["unchanged"] >= done
        assert results(out) == wanted


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT to a single process there")
def test_ctrl_c_ends_in_one_line_that_says_how_to_go_on(tmp_path: Path) -> None:
    plans(tmp_path / "in", 400)
    out = tmp_path / "out"
    run = _start("in", "-o", out, "--jobs", 2, cwd=tmp_path)
    _wait_for(out, 60)
    run.send_signal(signal.SIGINT)
    _, talk = run.communicate(timeout=60)
    assert run.returncode == 130
    assert talk.decode().count("\n") == 1
    assert "--resume" in talk.decode()
    assert not (out / "records.jsonl").exists()
    again = extract("in", "-o", out, cwd=tmp_path)
    assert again.returncode == 2
    assert "--resume" in again.stderr
    assert extract("in", "-o", out, "--resume", cwd=tmp_path).returncode == 0
    assert len(doc_ids(out)) == 400
    assert last_run(out)["unchanged"] > 0


def test_a_worker_that_dies_and_a_document_that_takes_too_long_cost_themselves_only(tmp_path: Path) -> None:
    files = plans(tmp_path / "in", 30)
    for number, word in ((3, "DIE"), (9, "STUCK"), (17, "DIE"), (21, "HUNGRY"), (25, "FAULT")):
        files[number].write_text(word, encoding="utf-8")
    out = tmp_path / "out"
    done = extract("in", "-o", out, "--jobs", 2, "--timeout", 3, cwd=tmp_path, env=faulty(tmp_path / "faults"))
    assert done.returncode == 1
    assert [(row["source"], row["reason"]) for row in failures(out)] == [
        ("in/plan-00003.txt", "died"),
        ("in/plan-00009.txt", "timeout"),
        ("in/plan-00017.txt", "died"),
        ("in/plan-00021.txt", "too_large"),
        ("in/plan-00025.txt", "internal"),
    ]
    assert all("\n" not in row["message"] for row in failures(out))
    assert len(doc_ids(out)) == 25
    assert done.stderr.count("\n") == 5
    # Dead and late ones are tried again, and now nothing is in their way.
    for number in (3, 9, 17, 21, 25):
        files[number].write_text("一、开展检查。", encoding="utf-8")
    assert extract("in", "-o", out, "--resume", cwd=tmp_path).returncode == 0
    assert len(doc_ids(out)) == 30


def test_resume_redoes_what_changed_and_drops_what_is_gone(tmp_path: Path) -> None:
    files = plans(tmp_path / "in", 8)
    out = tmp_path / "out"
    assert extract("in", "-o", out, cwd=tmp_path).returncode == 0
    files[2].write_text(files[2].read_text(encoding="utf-8").replace("98%", "99%"), encoding="utf-8")
    files[5].unlink()
    (tmp_path / "in" / "another.txt").write_text("一、开展检查。", encoding="utf-8")
    os.utime(files[0])
    assert extract("in", "-o", out, "--resume", cwd=tmp_path).returncode == 0
    assert last_run(out)["unchanged"] == 6
    fresh = tmp_path / "fresh"
    assert extract("in", "-o", fresh, cwd=tmp_path).returncode == 0
    assert results(out) == results(fresh)


def test_other_settings_are_no_reason_to_keep_old_results(tmp_path: Path) -> None:
    plans(tmp_path / "in", 3)
    out = tmp_path / "out"
    assert extract("in", "-o", out, cwd=tmp_path).returncode == 0
    lexicon = tmp_path / "more.csv"
    lexicon.write_text(
        "term,type,canonical,category,note,source,since\n隐患整改率,HAZARD,,其他,,test,\n", encoding="utf-8"
    )
    done = extract("in", "-o", out, "--resume", "--lexicon", lexicon, cwd=tmp_path)
    assert done.returncode in (0, 1)
    if done.returncode == 0:
        assert last_run(out)["unchanged"] == 0


def test_formats_not_asked_for_any_more_are_taken_away(tmp_path: Path) -> None:
    plans(tmp_path / "in", 2)
    out = tmp_path / "out"
    extract("in", "-o", out, "-f", "csv", "-f", "xlsx", cwd=tmp_path)
    (out / "mine.txt").write_text("my notes", encoding="utf-8")
    extract("in", "-o", out, "-f", "jsonl", cwd=tmp_path)
    assert set(results(out)) == {"records.jsonl", "failures.csv", "manifest.json", "mine.txt"}


def test_the_output_may_lie_in_the_input(tmp_path: Path) -> None:
    plans(tmp_path, 2)
    for _ in range(2):
        assert extract(".", "-o", "out", cwd=tmp_path).returncode == 0
        assert len(doc_ids(tmp_path / "out")) == 2


def test_two_runs_at_once_do_not_mix(tmp_path: Path) -> None:
    plans(tmp_path / "in", 400)
    out = tmp_path / "out"
    first = _start("in", "-o", out, "--jobs", 1, cwd=tmp_path)
    _wait_for(out, 30)
    second = extract("in", "-o", out, "--resume", cwd=tmp_path)
    assert second.returncode == 1
    assert "another run" in second.stderr
    assert second.stderr.count("\n") == 1
    first.communicate(timeout=120)
    assert first.returncode == 0
    assert len(doc_ids(out)) == 400


def test_a_damaged_store_is_named(tmp_path: Path) -> None:
    plans(tmp_path / "in", 2)
    out = tmp_path / "out"
    extract("in", "-o", out, cwd=tmp_path)
    (out / ".yaodian" / "run.sqlite").write_bytes(b"no database at all" * 100)
    done = extract("in", "-o", out, "--resume", cwd=tmp_path)
    assert done.returncode == 1
    assert "--fresh" in done.stderr
    assert extract("in", "-o", out, "--fresh", cwd=tmp_path).returncode == 0


@pytest.mark.slow
def test_ten_thousand_files_of_which_one_in_a_hundred_is_broken(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    files = plans(folder, 10_000)
    damage = [
        b"",
        b"\x00\x01\x02" * 50,
        b"%PDF-1.7 cut off",
        b"PK\x03\x04 cut off",
        b"\x89PNG\r\n\x1a\n" + bytes(range(200)),
    ]
    broken = files[7::100]
    for number, file in enumerate(broken):
        file.write_bytes(damage[number % len(damage)])
    out = tmp_path / "out"
    done = extract("in", "-o", out, "--jobs", 2, "-f", "jsonl", cwd=tmp_path)
    assert done.returncode == 1
    assert [row["source"] for row in failures(out)] == [f"in/{file.name}" for file in broken]
    assert len(doc_ids(out)) == 9_900


def test_a_list_of_addresses_is_fetched_and_kept(tmp_path: Path) -> None:
    from functools import partial
    from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
    from threading import Thread

    page = "<html><head><title>{0}</title></head><body><div class='article'><h1>{0}</h1><p>{1}</p></div></body></html>"
    site = tmp_path / "site"
    site.mkdir()
    for n in (1, 2):
        lines = PLAN.format(year=2020 + n, n=n).replace("\n", "</p><p>")
        (site / f"{n}.html").write_text(page.format(f"某局{2020 + n}年工作要点", lines), encoding="utf-8")
    seen: list[str] = []

    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, _format: str, *args: object) -> None:
            seen.append(str(args[0]))

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(site))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        base = f"http://127.0.0.1:{server.server_port}"
        (tmp_path / "list.txt").write_text(
            f"# plans\n{base}/1.html\n{base}/gone.html\n{base}/2.html\n", encoding="utf-8"
        )
        out = tmp_path / "out"
        done = extract("list.txt", "-o", out, "--pause", "0", cwd=tmp_path)
        assert done.returncode == 1
        assert [(row["source"], row["reason"]) for row in failures(out)] == [(f"{base}/gone.html", "not_fetched")]
        sources = list(csv.DictReader((out / "sources.csv").read_text(encoding="utf-8-sig").splitlines()))
        assert [row["url"] for row in sources] == [f"{base}/1.html", f"{base}/2.html"]
        assert all(row["fetched"].startswith("20") for row in sources)
        before, first = len(seen), results(out)
        extract("list.txt", "-o", out, "--pause", "0", "--resume", cwd=tmp_path)
        assert not [line for line in seen[before:] if "1.html" in line or "2.html" in line]
        assert results(out) == first
        single = extract(f"{base}/1.html", "-o", tmp_path / "single", "--pause", "0", cwd=tmp_path)
        assert single.returncode == 0, single.stderr
        server.shutdown()
