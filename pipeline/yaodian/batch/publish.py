"""From the store to the files that people read: in the order of the inputs, first beside, then in one move."""

from __future__ import annotations

import csv
import errno
import json
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from yaodian.batch.files import is_remote
from yaodian.batch.summary import Summary
from yaodian.batch.work import unpack
from yaodian.errors import InputError
from yaodian.export import Options, open_exporters
from yaodian.export.cells import cell

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from yaodian.batch.store import Store, Stored

RECORDS = "records.jsonl"
MANIFEST = "manifest.json"
FAILURES = "failures.csv"
_FAILURE = ("source", "reason", "message", "sha256")


def check_output(out: str) -> None:
    """See to it before any work that results can go to `out`.

    Raises:
        InputError: an address that fsspec does not know, or a file in the place of the folder.
    """
    if not is_remote(out):
        if Path(out).is_file():
            raise InputError(f"{out}: is a file; choose a folder with -o")
        return
    import fsspec

    try:
        fsspec.url_to_fs(out)
    except Exception as error:  # every file system has errors of its own
        what = " ".join(str(error).split())[:200]
        raise InputError(f"{out}: cannot be written to ({what}); choose another place with -o") from error


class Publisher:
    """Writes results as soon as everything before them is there, so that files grow in the inputs' order."""

    def __init__(self, store: Store, staging: Path, formats: Sequence[str], options: Options) -> None:
        self.summary = Summary()
        self._store = store
        self._staging = staging
        shutil.rmtree(staging, ignore_errors=True)
        staging.mkdir(parents=True)
        self._exporters = open_exporters(formats, staging, options)
        encoding = "utf-8-sig" if options.bom else "utf-8"
        self._failures_file = (staging / FAILURES).open("w", encoding=encoding, newline="")
        self._failures = csv.writer(self._failures_file)
        self._failures.writerow(_FAILURE)
        self._inputs: Iterator[tuple[str, str, str]] = store.inputs()
        self._next = next(self._inputs, None)

    def advance(self, settled: set[str]) -> None:
        """Write all inputs at the front that are settled in this run, and take them out of `settled`."""
        while self._next is not None and self._next[0] in settled:
            path = self._next[0]
            settled.remove(path)
            found = self._store.get(path)
            if found is not None and found.status == "container":
                for member in self._store.members(path):
                    self._write(member)
            elif found is not None:
                self._write(found)
            self._next = next(self._inputs, None)

    def _write(self, found: Stored) -> None:
        if found.status == "done":
            self._exporters.write(unpack(found.payload))
            self.summary.add(found.doc_id, found.counts)
        elif found.status == "failed":
            self._failures.writerow([cell(v) for v in (found.name, found.reason, found.message, found.sha256)])
            self.summary.fail(found.reason or "", found.message or "")

    def close(self) -> None:
        """Complete the files beside the folder."""
        self._exporters.close()
        self._failures_file.close()

    def deliver(self, out: str, manifest: dict[str, Any]) -> None:
        """Move all files into `out`, each at once, the manifest last; what an earlier run left there is removed.

        Raises:
            InputError: `out` cannot be written.
        """
        text = json.dumps(manifest, ensure_ascii=False, indent=1) + "\n"
        (self._staging / MANIFEST).write_text(text, encoding="utf-8", newline="\n")
        files = sorted(p.relative_to(self._staging).as_posix() for p in self._staging.rglob("*") if p.is_file())
        files.sort(key=lambda name: name == MANIFEST)
        before = json.loads(self._store.fact("files") or "[]")
        try:
            if is_remote(out):
                _upload(self._staging, out, files, before)
            else:
                _move(self._staging, Path(out), files, before)
        except OSError as error:
            raise InputError(
                f"{out}: cannot be written ({error.strerror or error}); choose another folder with -o"
            ) from error
        self._store.put_fact("files", json.dumps(files))
        shutil.rmtree(self._staging, ignore_errors=True)


def _move(staging: Path, out: Path, files: Sequence[str], before: Sequence[str]) -> None:
    for name in files:
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        _replace(staging / name, out / name)
    for name in set(before) - set(files):
        (out / name).unlink(missing_ok=True)


def _replace(source: Path, target: Path) -> None:
    """Move a file into its place in one step, over disks as well: then by a copy beside it."""
    try:
        os.replace(source, target)  # noqa: PTH105  replaces on Windows too
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        beside = target.with_name(f".{target.name}.part")
        shutil.copyfile(source, beside)
        os.replace(beside, target)  # noqa: PTH105


def _upload(staging: Path, out: str, files: Sequence[str], before: Sequence[str]) -> None:
    import fsspec

    system, root = fsspec.url_to_fs(out)
    system.makedirs(root, exist_ok=True)
    for name in files:
        system.put_file(str(staging / name), f"{root.rstrip('/')}/{name}")
    for name in set(before) - set(files):
        system.rm_file(f"{root.rstrip('/')}/{name}")
