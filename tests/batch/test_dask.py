"""The run on a cluster: a scheduler and workers in processes of their own, one of them killed in the middle; S3."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from batch_help import doc_ids, extract, failures, faulty, kept, plans, results

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.slow


class Cluster:
    def __init__(self, folder: Path, workers: int) -> None:
        self._file = folder / "scheduler.json"
        env = {**os.environ, **faulty(folder / "faults")}
        self._env = env
        self.processes = [self._run("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")]
        self._until(self._file.exists)
        self.workers = [self.add() for _ in range(workers)]

    def _run(self, what: str, *args: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "dask", what, "--scheduler-file", str(self._file), *args]
        return subprocess.Popen(command, env=self._env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def add(self, *, nanny: bool = False) -> subprocess.Popen[bytes]:
        place = str(self._file.parent / f"w{len(self.processes)}")
        how = "--nanny" if nanny else "--no-nanny"
        worker = self._run("worker", how, "--nthreads", "1", "--no-dashboard", "--local-directory", place)
        self.processes.append(worker)
        return worker

    @property
    def address(self) -> str:
        return str(json.loads(self._file.read_text(encoding="utf-8"))["address"])

    @staticmethod
    def _until(true: object) -> None:
        end = time.monotonic() + 60
        while not true():  # type: ignore[operator]
            assert time.monotonic() < end
            time.sleep(0.05)

    def close(self) -> None:
        for process in self.processes:
            process.kill()
            process.wait()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    (tmp_path / "cluster").mkdir()
    found = Cluster(tmp_path / "cluster", 3)
    yield found
    found.close()


def test_a_worker_killed_in_the_middle_costs_nothing(tmp_path: Path, cluster: Cluster) -> None:
    plans(tmp_path / "in", 300)
    here = tmp_path / "here"
    assert extract("in", "-o", here, cwd=tmp_path).returncode == 0
    out = tmp_path / "out"
    args = ["in", "-o", out, "--engine", "dask", "--scheduler", cluster.address]
    from batch_help import command

    run = subprocess.Popen(command(*args), cwd=tmp_path, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL)
    end = time.monotonic() + 90
    while not ((out / ".yaodian" / "staging").exists() and kept(out) > 20):
        assert time.monotonic() < end
        time.sleep(0.02)
    cluster.workers[1].kill()
    assert kept(out) < 300
    _, talk = run.communicate(timeout=180)
    assert run.returncode == 0, talk.decode()
    assert results(out) == results(here)


def test_a_document_that_kills_its_workers_is_given_up(tmp_path: Path) -> None:
    (tmp_path / "cluster").mkdir()
    cluster = Cluster(tmp_path / "cluster", 0)
    try:
        for _ in range(2):
            cluster.add(nanny=True)
        files = plans(tmp_path / "in", 12)
        files[4].write_text("DIE", encoding="utf-8")
        out = tmp_path / "out"
        done = extract("in", "-o", out, "--engine", "dask", "--scheduler", cluster.address, cwd=tmp_path)
        assert done.returncode == 1
        assert [(row["source"], row["reason"]) for row in failures(out)] == [("in/plan-00004.txt", "died")]
        assert len(doc_ids(out)) == 11
    finally:
        cluster.close()


def test_no_scheduler_is_one_line(tmp_path: Path) -> None:
    plans(tmp_path / "in", 1)
    done = extract("in", "-o", "out", "--engine", "dask", "--scheduler", "tcp://127.0.0.1:9", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.strip().splitlines()[-1].endswith("check --scheduler")


def test_input_and_output_on_s3(tmp_path: Path) -> None:
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    env = {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
        "FSSPEC_S3_ENDPOINT_URL": f"http://{host}:{port}",
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
    }
    try:
        plans(tmp_path / "in", 5)
        (tmp_path / "in" / "broken.pdf").write_bytes(b"%PDF-1.7")
        put = (
            "import fsspec; fs = fsspec.filesystem('s3'); fs.mkdir('bucket'); fs.put({!r}, 'bucket/in', recursive=True)"
        )
        subprocess.run([sys.executable, "-c", put.format(str(tmp_path / "in"))], check=True, env={**os.environ, **env})
        for _ in range(2):
            done = extract("s3://bucket/in", "-o", "s3://bucket/out", "--jobs", 2, "--resume", cwd=tmp_path, env=env)
            assert done.returncode == 1, done.stderr
            assert "broken.pdf" in done.stderr
        get = "import fsspec; fs = fsspec.filesystem('s3'); fs.get('bucket/out', {!r}, recursive=True)"
        subprocess.run([sys.executable, "-c", get.format(str(tmp_path / "got"))], check=True, env={**os.environ, **env})
        assert len(doc_ids(tmp_path / "got")) == 5
        assert [row["source"] for row in failures(tmp_path / "got")] == ["s3://bucket/in/broken.pdf"]
    finally:
        server.stop()
