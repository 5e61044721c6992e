"""Folders of short plans, and the command in a process of its own."""

from __future__ import annotations

import csv
import json
import os
import sqlite3
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

PLAN = """某某市应急管理局{year}年工作要点

一、加强风险防控
（一）开展检查。6月底前，市应急管理局会同市消防救援支队对{n}家危险化学品企业开展执法检查，隐患整改率达到98%以上。
（二）修订预案。修订《某某市防汛应急预案》，组织应急演练{n}次。
"""


def plans(folder: Path, count: int) -> list[Path]:
    """Write `count` short plans that all differ."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for n in range(count):
        file = folder / f"plan-{n:05d}.txt"
        file.write_text(PLAN.format(year=2000 + n % 27, n=n + 2), encoding="utf-8")
        files.append(file)
    return files


def command(*args: object) -> list[str]:
    return [sys.executable, "-m", "yaodian", "extract", *map(str, args)]


def extract(*args: object, env: dict[str, str] | None = None, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*args), capture_output=True, text=True, encoding="utf-8", check=False, env={**os.environ, **(env or {})}, **options,
    )  # fmt: skip


def results(out: Path) -> dict[str, bytes]:
    """All files that a run delivered, but for its own memory."""
    return {
        p.relative_to(out).as_posix(): p.read_bytes()
        for p in sorted(out.rglob("*"))
        if p.is_file() and ".yaodian" not in p.relative_to(out).parts
    }


def failures(out: Path) -> list[dict[str, str]]:
    return list(csv.DictReader((out / "failures.csv").read_text(encoding="utf-8-sig").splitlines()))


def doc_ids(out: Path) -> list[str]:
    return [json.loads(line)["doc_id"] for line in (out / "records.jsonl").read_text(encoding="utf-8").splitlines()]


def kept(out: Path) -> int:
    """Documents in the run's memory."""
    db = sqlite3.connect(out / ".yaodian" / "run.sqlite")
    try:
        return int(db.execute("SELECT COUNT(*) FROM results WHERE status = 'done'").fetchone()[0])
    except sqlite3.OperationalError:
        return 0
    finally:
        db.close()


def last_run(out: Path) -> dict[str, object]:
    return dict(json.loads((out / ".yaodian" / "run.json").read_text(encoding="utf-8")))


FAULTS = """
import os, sys
if os.environ.get("YAODIAN_FAULTS"):
    import yaodian.readers.plain as plain
    real = plain.decode
    def decode(data, *, name="input"):
        if b"DIE" in data:
            os._exit(9)
        if b"STUCK" in data:
            import time
            time.sleep(600)
        if b"HUNGRY" in data:
            raise MemoryError
        if b"FAULT" in data:
            raise ZeroDivisionError("two\\nlines")
        return real(data, name=name)
    plain.decode = decode
"""


def faulty(folder: Path) -> dict[str, str]:
    """Environment in which a document with a certain word kills, stops or breaks whoever reads it."""
    folder.mkdir(exist_ok=True)
    (folder / "sitecustomize.py").write_text(FAULTS, encoding="utf-8")
    return {"PYTHONPATH": str(folder), "YAODIAN_FAULTS": "1"}
