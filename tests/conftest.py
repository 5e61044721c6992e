from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import yaodian

if TYPE_CHECKING:
    from spacy.language import Language

ROOT = Path(__file__).parent.parent
CORPORA = ROOT / "corpora"
SEED = CORPORA / "texts" / "tj-2023.txt"


@pytest.fixture(scope="session")
def nlp() -> Language:
    return yaodian.load()


@pytest.fixture(scope="session")
def seed_text() -> str:
    return SEED.read_bytes().decode("utf-8")


def table(name: str) -> list:
    """Cases of `tests/cases/NAME.tsv`: tab-separated, `#` comments; the last cell is the reason and the test's id."""
    rows = (Path(__file__).parent / "cases" / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    cells = [row.split("\t") for row in rows if row.strip() and not row.startswith("#")]
    return [pytest.param(*row[:-1], id=row[-1]) for row in cells]
