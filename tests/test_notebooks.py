"""The tours: every cell runs, in order, in one namespace, and no output is kept in the files."""

from __future__ import annotations

import re

import pytest

from conftest import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("[0-9]*.md"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS])
def test_every_cell_runs(path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(ROOT)
    cells = re.findall(r"^```python\n(.*?)^```$", path.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    assert len(cells) >= 3
    space: dict[str, object] = {}
    for number, cell in enumerate(cells, start=1):
        exec(compile(cell, f"{path.name}, cell {number}", "exec"), space)  # noqa: S102
    assert capsys.readouterr().out


def test_there_is_a_tour_for_each_user_and_none_holds_output() -> None:
    assert [path.stem for path in NOTEBOOKS] == ["1-researchers", "2-annotators", "3-analysts"]
    assert all("```output" not in path.read_text(encoding="utf-8") for path in NOTEBOOKS)
