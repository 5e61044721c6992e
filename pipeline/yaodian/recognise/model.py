"""The recogniser: weight tables on disk, and a tagger whose candidates only fill gaps between those of the rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from yaodian.errors import ModelError
from yaodian.labels import ENTITY_TYPES
from yaodian.recognise.chain import marginals
from yaodian.recognise.features import (
    CHARACTERS,
    FAR,
    HEADS,
    KIND_OFFSETS,
    KINDS,
    PAIRS,
    SINGLE,
    Seen,
    clauses,
    see,
)
from yaodian.tag.base import FILL, Candidate, excluded

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from yaodian.lexicon import Lexicon

    Floats = NDArray[np.float64]

FILE = "recogniser.npz"
_FORMAT = 1
_DECIMALS = 4
_PLACES = SINGLE + 1
_LEAST = 0.8
"""Least probability of every character of a span; chosen on the development documents by evaluation/ablation.py."""


@dataclass(frozen=True, slots=True)
class Weights:
    """Weight tables; `k` labels are `O` and, for each type, its first and its further characters.

    `single` holds the known code points in order and `single_weights` (5, known + 1, k) their weights by offset,
    the last row for unknown ones; pairs likewise with 2 offsets; `kind_weights` is (3, 3, 5, k), `head_weights`
    (2, 7, k), `bias` (k,), `transitions` (k, k).
    """

    types: tuple[str, ...]
    single: NDArray[np.int64]
    single_weights: Floats
    pair: NDArray[np.int64]
    pair_weights: Floats
    kind_weights: Floats
    head_weights: Floats
    bias: Floats
    transitions: Floats

    @classmethod
    def from_features(cls, types: tuple[str, ...], state: dict[tuple[str, int], float], transitions: Floats) -> Weights:
        """Tables from weights by feature name (see `Seen.names`) and label number."""
        labels = 1 + 2 * len(types)
        kept = [(name.split(), label, weight) for (name, label), weight in state.items()]
        single = np.array(sorted({int(name[2]) for name, _, _ in kept if name[0] == "character"}), dtype=np.int64)
        pair = np.array(sorted({int(name[2]) for name, _, _ in kept if name[0] == "pair"}), dtype=np.int64)
        tables = {
            "character": np.zeros((len(CHARACTERS), len(single) + 1, labels)),
            "pair": np.zeros((len(PAIRS), len(pair) + 1, labels)),
            "kind": np.zeros((len(KINDS), len(KIND_OFFSETS), _PLACES, labels)),
            "head": np.zeros((len(HEADS), FAR + 1, labels)),
            "bias": np.zeros(labels),
        }
        for (kind, *where), label, weight in kept:
            at = [int(number) for number in where]
            if kind == "character":
                at = [CHARACTERS.index(at[0]), int(np.searchsorted(single, at[1]))]
            elif kind == "pair":
                at = [PAIRS.index(at[0]), int(np.searchsorted(pair, at[1]))]
            elif kind == "kind":
                at[1] = KIND_OFFSETS.index(at[1])
            tables[kind][(*at, label)] = weight
        return cls(
            types=types,
            single=single,
            single_weights=tables["character"],
            pair=pair,
            pair_weights=tables["pair"],
            kind_weights=tables["kind"],
            head_weights=tables["head"],
            bias=tables["bias"],
            transitions=transitions,
        )

    def scores(self, seen: Seen) -> Floats:
        """Log potentials of the labels, shape (n, k)."""
        total = np.repeat(self.bias[None, :], seen.size, axis=0).astype(np.float64)
        for offsets, known, values, tables in (
            (CHARACTERS, self.single, seen.codes, self.single_weights),
            (PAIRS, self.pair, seen.pairs, self.pair_weights),
        ):
            rows = _rows(known, values)
            for offset, weights in zip(offsets, tables, strict=True):
                total += weights[rows[seen.characters_at(offset)]]
        for places, (before, at, behind) in zip(seen.kinds, self.kind_weights, strict=True):
            # One table of all triples in place of three: a gather costs more than the table.
            triples = (before[:, None, None] + at[:, None] + behind).reshape(_PLACES**3, -1)
            one, two, three = (places[seen.kinds_at(offset)] for offset in KIND_OFFSETS)
            total += triples[(one * _PLACES + two) * _PLACES + three]
        for distances, weights in zip(seen.heads, self.head_weights, strict=True):
            total += weights[distances]
        return total


def _rows(known: NDArray[np.int64], values: NDArray[np.int64]) -> NDArray[np.intp]:
    """Row of each value in a sorted table; the row after the last for unknown values."""
    rows = np.searchsorted(known, values)
    rows[rows == len(known)] = 0
    return np.where(known[rows] == values, rows, len(known)) if len(known) else np.zeros(len(values), dtype=np.intp)


class Recogniser:
    """A tagger: proposes spans that the model is sure of, with the priority that only fills gaps."""

    def __init__(self, weights: Weights, lexicon: Lexicon, *, least: float = _LEAST) -> None:
        self._weights = weights
        self._lexicon = lexicon
        self._least = least

    def __call__(self, text: str) -> Iterator[Candidate]:
        """Propose candidates of a view's text."""
        if not text:
            return
        pieces = clauses(text)
        chances = marginals(self._weights.scores(see(text, self._lexicon)), self._weights.transitions, pieces)
        chances = chances.round(_DECIMALS)
        ends = {end for _, end in pieces}
        for number, name in enumerate(self._weights.types):
            # What a list rules out for the rules (`各级政府` in 各级政府性融资), it rules out here as well.
            vetoes = excluded(self._lexicon, name, text)
            first, further = chances[:, 1 + 2 * number], chances[:, 2 + 2 * number]
            for start in np.flatnonzero(first >= self._least).tolist():
                end = start + 1
                while end < len(text) and end not in ends and further[end] >= self._least:
                    end += 1
                # A name whose next character might well belong to it is not sure.
                over = 1.0 - float(further[end]) if end < len(text) and end not in ends else 1.0
                score = min(float(first[start]), float(further[start + 1 : end].min(initial=1.0)), over)
                if score >= self._least and end - start > 1 and vetoes.get(start, 0) < end:
                    yield Candidate(start, end, name, "model:recogniser", round(score, _DECIMALS), FILL)


def save(weights: Weights, folder: Path) -> None:
    """Write the tables; the same weights give the same bytes."""
    arrays = {name: getattr(weights, name) for name in Weights.__slots__ if name not in ("types", "single", "pair")}
    np.savez_compressed(
        folder / FILE,
        format=np.array(_FORMAT),
        types=np.frombuffer("\n".join(weights.types).encode(), dtype=np.uint8),
        single=weights.single,
        pair=weights.pair,
        **{name: array.astype(np.float16) for name, array in arrays.items()},
    )


def load(folder: Path) -> Weights | None:
    """Read a model's recogniser; None where the model has none. Nothing in the file can be executed.

    Raises:
        ModelError: the file is damaged or of another format.
    """
    path = folder / FILE
    if not path.is_file():
        return None
    try:
        with np.load(path, allow_pickle=False) as arrays:
            made_by = int(arrays["format"])
            types = tuple(arrays["types"].tobytes().decode().split("\n"))
            tables = {name: arrays[name] for name in Weights.__slots__ if name != "types"}
        whole = {
            name: table.astype(np.int64 if name in ("single", "pair") else np.float32) for name, table in tables.items()
        }
        weights = Weights(types=types, **whole)
        labels = 1 + 2 * len(types)
        fits = weights.transitions.shape == (labels, labels) and set(types) <= set(ENTITY_TYPES)
    except Exception as error:  # zip, NumPy and decoding each raise their own kinds on a damaged file
        raise ModelError(f"{path}: not loaded ({type(error).__name__}); train it again with `yaodian train`") from error
    if not fits or made_by != _FORMAT:
        raise ModelError(f"{path}: arrays do not fit together; train it again with `yaodian train`")
    return weights
