"""The learned recogniser: the arithmetic, the files, and that it only fills gaps."""

from __future__ import annotations

from itertools import pairwise, product
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import yaodian
from conftest import CORPORA, SEED
from yaodian.errors import ModelError, UsageError
from yaodian.formats import read_labels
from yaodian.lexicon import load_lexicon
from yaodian.recognise import FILE, Recogniser, load, save
from yaodian.recognise.chain import marginals
from yaodian.recognise.features import clauses, see
from yaodian.tag import Candidate, resolve
from yaodian.tag.base import FILL
from yaodian.train import recogniser, train
from zh_yaodian import PATH

if TYPE_CHECKING:
    from pathlib import Path

    from yaodian.recognise import Weights
    from yaodian.record import Record


@pytest.fixture(scope="module")
def gold() -> list[Record]:
    return [read_labels(CORPORA / "gold" / f"{name}.jsonl", root=CORPORA) for name in ("syn-08", "syn-10")]


@pytest.fixture(scope="module")
def weights(gold: list[Record]) -> Weights:
    return recogniser.fit(gold)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 2**32 - 1), st.lists(st.integers(1, 4), min_size=1, max_size=4), st.integers(2, 4))
def test_marginals_are_those_of_all_paths(seed: int, lengths: list[int], labels: int) -> None:
    rng = np.random.default_rng(seed)
    scores, transitions = rng.normal(size=(sum(lengths) + 1, labels)) * 3, rng.normal(size=(labels, labels)) * 3
    edges = np.cumsum([1, *lengths])
    spans = [(int(a), int(b)) for a, b in pairwise(edges)]
    found = marginals(scores, transitions, spans)
    expected = np.zeros_like(scores)
    for start, end in spans:
        total = 0.0
        for path in product(range(labels), repeat=end - start):
            weight = np.exp(
                sum(scores[start + i, label] for i, label in enumerate(path))
                + sum(transitions[a, b] for a, b in pairwise(path))
            )
            total += weight
            for i, label in enumerate(path):
                expected[start + i, label] += weight
        expected[start:end] /= total
    np.testing.assert_allclose(found, expected, atol=1e-9)


@pytest.mark.slow
def test_tables_give_the_trainers_own_probabilities(gold: list[Record], tmp_path: Path) -> None:
    import pycrfsuite

    text, labels = recogniser.labelled(gold[0], recogniser.TYPES)
    seen, pieces = see(text, load_lexicon()), clauses(text)
    names = [list(seen.names(i)) for i in range(len(text))]
    trainer = pycrfsuite.Trainer(verbose=False)
    for start, end in pieces:
        trainer.append(names[start:end], [str(label) for label in labels[start:end]])
    trainer.set_params(recogniser.PARAMETERS)
    trainer.train(str(tmp_path / "crf"))
    tagger = pycrfsuite.Tagger()
    tagger.open(str(tmp_path / "crf"))
    # CRFsuite prints its weights with six decimals.
    weights = recogniser.fit(gold[:1])
    found = marginals(weights.scores(seen), weights.transitions, pieces)
    for start, end in pieces[::7]:
        tagger.set(names[start:end])
        for label in tagger.labels():
            for i in range(start, end):
                assert found[i, int(label)] == pytest.approx(tagger.marginal(label, i - start), abs=1e-4)


def test_it_learns_what_it_was_shown(gold: list[Record], weights: Weights) -> None:
    text, labels = recogniser.labelled(gold[0], recogniser.TYPES)
    found = {(c.start, c.end) for c in Recogniser(weights, load_lexicon(), least=0.5)(text)}
    starts = np.flatnonzero(labels % 2 == 1)
    assert len(found) > 0.8 * len(starts)


@pytest.mark.parametrize(
    "text",
    ["", "\n\n", "，", "局" * 5000, "a" * 300, "\ud800局", "😀市应急局😀", "　　", "《" * 200],
    ids=["empty", "line ends", "mark", "one clause", "latin", "lone surrogate", "beyond the BMP", "blanks", "open"],
)
def test_any_text_is_read(weights: Weights, text: str) -> None:
    for candidate in Recogniser(weights, load_lexicon(), least=0.0)(text):
        assert 0 <= candidate.start < candidate.end <= len(text)
        assert candidate.priority == FILL


def test_clauses_are_short_and_leave_out_nothing_but_marks() -> None:
    text = "市应急局，" + "局" * 500 + "。\n\n：办公室"
    covered = set()
    for start, end in clauses(text):
        assert 0 < end - start <= 65
        covered.update(range(start, end))
    assert {text[i] for i in range(len(text)) if i not in covered} <= set("，。；：\n")


def test_it_fills_gaps_and_takes_nothing_from_the_rules() -> None:
    rule = Candidate(5, 8, "INSTITUTION", "rule")
    filling = [
        Candidate(0, 4, "INSTITUTION", "model", 0.9, FILL),
        Candidate(4, 12, "INSTITUTION", "model", 0.99, FILL),
        Candidate(8, 10, "HAZARD", "model", 0.9, FILL),
    ]
    assert resolve([*filling, rule]) == [filling[0], rule, filling[2]]


def test_a_model_comes_back_from_its_file_and_the_same_weights_give_the_same_bytes(
    weights: Weights, tmp_path: Path
) -> None:
    for name in "ab":
        (tmp_path / name).mkdir()
        save(weights, tmp_path / name)
    assert (tmp_path / "a" / FILE).read_bytes() == (tmp_path / "b" / FILE).read_bytes()
    back = load(tmp_path / "a")
    text = SEED.read_text(encoding="utf-8")
    before, after = (list(Recogniser(w, load_lexicon())(text)) for w in (weights, back))
    assert [(c.start, c.end) for c in before] == [(c.start, c.end) for c in after]


def test_a_model_without_recogniser_is_one_and_a_damaged_one_is_named(weights: Weights, tmp_path: Path) -> None:
    assert load(tmp_path) is None
    (tmp_path / FILE).write_bytes(b"no archive")
    with pytest.raises(ModelError, match="train it again"):
        load(tmp_path)
    save(weights, tmp_path)
    with np.load(tmp_path / FILE) as arrays:
        content = dict(arrays)
    np.savez(tmp_path / FILE, **{**content, "transitions": np.zeros((2, 2))})
    with pytest.raises(ModelError, match="do not fit together"):
        load(tmp_path)


@pytest.mark.slow
def test_training_says_whether_there_is_a_recogniser(
    gold: list[Record], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    meta = train(gold, tmp_path)
    assert meta["recogniser"] == {"types": list(recogniser.TYPES), "documents": ["syn-08", "syn-10"]}
    assert (tmp_path / FILE).is_file()
    monkeypatch.setattr(recogniser, "available", lambda: False)
    assert train(gold, tmp_path)["recogniser"] is None
    assert not (tmp_path / FILE).exists()
    with pytest.raises(UsageError, match="pip install"):
        recogniser.fit(gold)


def test_records_without_such_entities_cannot_train_one(gold: list[Record]) -> None:
    with pytest.raises(UsageError, match="no INSTITUTION"):
        recogniser.fit([gold[0].model_copy(update={"entities": ()})], ("INSTITUTION",))


def test_the_packaged_recogniser_works_in_the_pipeline() -> None:
    assert load(PATH) is not None
    record = yaodian.extract(SEED.read_text(encoding="utf-8"))
    assert all(e.score is not None and 0 <= e.score <= 1 for e in record.entities)
