"""Whatever lies in a folder: each input comes out once, as a document or as a failure, and resuming changes nothing."""

from __future__ import annotations

import csv
import json
import shutil
import sys
import tempfile
import warnings
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))
from batch_help import doc_ids, failures, results

import yaodian.batch
from yaodian.batch import Plan, Settings
from yaodian.errors import UnreadableError

pytestmark = pytest.mark.slow

# Few names and few texts, so that both meet often; the names are such as other names are made into.
STEMS = ["a", "b", "a.txt", "a-a.txt", "a.txt-2", "要点", "a!b", "b~2", "A"]
FOLDERS = ["", "a", "b", "a/a", "b/a"]
TEXTS = ["一、开展检查。", "一、开展检查。\n二、修订预案4份。", "整改率达到98%。"]
MEMBERS = st.lists(st.tuples(st.sampled_from(["a.txt", "b.txt", "a/a.txt", "a.md", "a"]), st.sampled_from([*TEXTS, ""])), min_size=1, max_size=4)  # fmt: skip
ROWS = st.lists(st.tuples(st.sampled_from(["a", "b", "", "000001"]), st.sampled_from([*TEXTS, ""])), min_size=1, max_size=4)  # fmt: skip


@st.composite
def content(draw: st.DrawFn) -> tuple[str, Any]:
    kind = draw(st.sampled_from(["text", "text", "empty", "zip", "rows", "nested", "cut"]))
    if kind == "text":
        return kind, draw(st.sampled_from(TEXTS))
    return kind, draw(ROWS if kind == "rows" else MEMBERS)


FILES = st.dictionaries(
    st.tuples(st.sampled_from(FOLDERS), st.sampled_from(STEMS), st.sampled_from([".txt", ".zip", ".x"])),
    content(),
    min_size=1,
    max_size=6,
)


def zipped(members: list[tuple[str, str]], more: dict[str, bytes] | None = None) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive, warnings.catch_warnings():
        # An archive may hold one name twice, of which the library warns.
        warnings.simplefilter("ignore")
        for name, text in members:
            archive.writestr(zipfile.ZipInfo(name), text)
        for name, data in (more or {}).items():
            archive.writestr(name, data)
    return stream.getvalue()


def made(kind: str, what: Any) -> tuple[bytes, list[tuple[str, str | None]]]:
    """A file's bytes, and for each of its parts the name and the text, or None where it must fail."""
    if kind == "text":
        return what.encode(), [("", what)]
    if kind == "empty":
        return b"", [("", None)]
    if kind == "cut":
        return zipped(what)[:-30], [("", None)]
    if kind == "rows":
        data = "".join(json.dumps({"id": i, "text": text}) + "\n" for i, text in what)
        return data.encode(), [(f"!{n:06d}", text or None) for n, (_, text) in enumerate(what, 1)]
    parts = [(f"!{name}", text or None) for name, text in what]
    if kind == "nested":
        return zipped(what, {"in.zip": zipped(what)}), parts + [(f"!in.zip{name}", text) for name, text in parts]
    return zipped(what), parts


def put(root: Path, files: dict[tuple[str, str, str], tuple[str, Any]]) -> list[tuple[str, str | None]]:
    """Write the files into `root/in`; returns what must come out, in the folder's order."""
    expected = []
    shutil.rmtree(root / "in", ignore_errors=True)
    (root / "in").mkdir()
    for (folder, stem, end), (kind, what) in files.items():
        path = root / "in" / folder / f"{stem}{end}"
        data, parts = made(kind, what)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        expected += [(path, f"{path.as_posix()}{name}", text) for name, text in parts]
    expected.sort(key=lambda item: item[0])
    return [(name, text) for _, name, text in expected]


def go(root: Path, out: str, *, resume: bool = False) -> yaodian.batch.Summary:
    return yaodian.batch.run([str(root / "in")], str(root / out), settings=Settings(), plan=Plan(resume=resume))


@pytest.fixture(autouse=True)
def _in_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """No worker processes, however many files there are: they would take most of the time."""
    monkeypatch.setattr(sys.modules["yaodian.batch.run"], "_FEW", 1000)


def outcome(out: Path) -> list[tuple[str, str | None]]:
    """Everything that came out: documents with their text, and failures."""
    with (out / "sources.csv").open(encoding="utf-8-sig", newline="") as stream:
        sources = [row["source"] for row in csv.DictReader(stream)]
    texts = [json.loads(line)["text"] for line in (out / "records.jsonl").read_text(encoding="utf-8").splitlines()]
    return [*zip(sources, texts, strict=True), *((row["source"], None) for row in failures(out))]


@given(files=FILES)
@settings(max_examples=40, deadline=None)
def test_every_input_comes_out_once_in_order_under_an_id_of_its_own(files: dict[Any, Any]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        expected = put(root, files)
        summary = go(root, "out")
        documents = [item for item in expected if item[1] is not None]
        failed = [item for item in expected if item[1] is None]
        assert outcome(root / "out") == [*documents, *failed]
        assert summary.documents == len(documents)
        assert sum(summary.failures_by_reason.values()) == len(failed)
        ids = doc_ids(root / "out")
        assert len(set(ids)) == len(ids)


@given(files=FILES, changed=FILES, gone=st.sets(st.integers(0, 5)))
@settings(max_examples=30, deadline=None)
def test_a_resumed_run_over_a_changed_folder_equals_a_fresh_one(
    files: dict[Any, Any], changed: dict[Any, Any], gone: set[int]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        put(root, files)
        go(root, "out")
        kept = {key: what for n, (key, what) in enumerate(files.items()) if n not in gone}
        put(root, kept | changed)
        resumed = go(root, "out", resume=True)
        fresh = go(root, "fresh")
        assert results(root / "out") == results(root / "fresh")
        assert resumed.counts() == fresh.counts()
        again = go(root, "out", resume=True)
        assert results(root / "out") == results(root / "fresh")
        assert again.counts() == fresh.counts()


@given(files=FILES, stop=st.integers(0, 8))
@settings(max_examples=25, deadline=None)
def test_a_run_stopped_at_any_document_and_resumed_equals_a_fresh_one(files: dict[Any, Any], stop: int) -> None:
    module = sys.modules["yaodian.batch.engines"]
    real, done = module.work, 0

    def work(*args: Any) -> Any:
        nonlocal done
        if done == stop:
            raise KeyboardInterrupt
        done += 1
        return real(*args)

    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        put(root, files)
        module.work = work  # type: ignore[attr-defined]
        try:
            go(root, "out")
        except yaodian.batch.InterruptedRunError:
            assert not (root / "out" / "manifest.json").exists()
        finally:
            module.work = real  # type: ignore[attr-defined]
        go(root, "out", resume=True)
        go(root, "fresh")
        assert results(root / "out") == results(root / "fresh")


@given(files=FILES, bad=st.sets(st.integers(0, 12)))
@settings(max_examples=25, deadline=None)
def test_failures_that_may_pass_are_tried_again_wherever_they_stand(files: dict[Any, Any], bad: set[int]) -> None:
    module = sys.modules["yaodian.batch.work"]
    real, done = module._extract, 0

    def late(task: Any, *args: Any) -> Any:
        nonlocal done
        done += 1
        if done in bad:
            raise UnreadableError(f"{task.name}: took longer; raise --timeout", reason="timeout")
        return real(task, *args)

    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        put(root, files)
        module._extract = late  # type: ignore[attr-defined]
        try:
            go(root, "out")
        finally:
            module._extract = real  # type: ignore[attr-defined]
        go(root, "out", resume=True)
        go(root, "fresh")
        assert results(root / "out") == results(root / "fresh")
