"""Where the corpus is and how its parts are read; shared by the programs of this folder."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from yaodian.formats import inline, read_labels

if TYPE_CHECKING:
    from yaodian.record import Record

ROOT = Path(__file__).parent.parent
CORPORA = ROOT / "corpora"
RESULTS = Path(__file__).parent / "results"


def splits() -> dict[str, list[str]]:
    """Document ids by split."""
    return tomllib.loads((CORPORA / "splits.toml").read_text(encoding="utf-8"))["splits"]


def gold(split: str | None = None) -> list[Record]:
    """Adjudicated records of a split, or of all."""
    wanted = None if split is None else set(splits()[split])
    paths = sorted((CORPORA / "gold").glob("*.jsonl"))
    return [read_labels(path, root=CORPORA) for path in paths if wanted is None or path.stem in wanted]


def passes(name: str) -> dict[str, Record]:
    """Records of one labelling pass (`a` or `b`) by document id."""
    found = {}
    for path in sorted((CORPORA / "passes" / name).glob("*.txt")):
        marked = path.read_bytes().decode("utf-8")
        found[path.stem] = inline.loads(marked, doc_id=path.stem, source=f"texts/{path.name}", name=str(path))
    return found
