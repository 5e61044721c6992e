"""The recogniser: weight tables on disk, and a tagger whose candidates only fill gaps between those of the rules."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any

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
    PAIR,
    PAIRS,
    SINGLE,
    Seen,
    clauses,
    see,
)
from yaodian.tag.base import FILL, Candidate, excluded
from yaodian.tag.suffixes import cut_short

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from yaodian.lexicon import Lexicon

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

FILE = "recogniser.npz"
_FORMAT = 1
_DECIMALS = 4
_PLACES = SINGLE + 1
_LEAST = 0.8
"""Least probability of every character of a span; chosen on the development documents by evaluation/ablation.py."""


@dataclass(frozen=True)
class Weights:
    """Weight tables; `k` labels are `O` and, for each type, its first and its further characters.

    `single` holds the known code points in order and `single_weights` (5, known + 1, k) their weights by offset,
    the last row for unknown ones; pairs likewise with 2 offsets; `kind_weights` is (3, 3, 5, k), `head_weights`
    (2, 7, k), `bias` (k,), `transitions` (k, k).
    """

    types: tuple[str, ...]
    single: Integers
    single_weights: Floats
    pair: Integers
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
        for offsets, rows, tables in zip((CHARACTERS, PAIRS), self._index.rows(seen.codes), self._tables, strict=True):
            for offset, weights in zip(offsets, tables, strict=True):
                total += weights.take(rows[seen.characters_at(offset)], axis=0)
        for places, (before, at, behind) in zip(seen.kinds, self.kind_weights, strict=True):
            # One table of all triples in place of three: a gather costs more than the table.
            triples = (before[:, None, None] + at[:, None] + behind).reshape(_PLACES**3, -1)
            one, two, three = (places[seen.kinds_at(offset)] for offset in KIND_OFFSETS)
            total += triples.take((one * _PLACES + two) * _PLACES + three, axis=0)
        for distances, weights in zip(seen.heads, self.head_weights, strict=True):
            total += weights.take(distances, axis=0)
        return total

    @property
    def _tables(self) -> tuple[Floats, Floats]:
        return self.single_weights, self.pair_weights

    @cached_property
    def _index(self) -> _Index:
        return _Index(self.single, self.pair)


_ARRAYS = [field.name for field in fields(Weights) if field.name != "types"]


class _Index:
    """Rows of known characters and pairs in their tables by look-up, which is faster than search in sorted codes."""

    def __init__(self, single: Integers, pair: Integers) -> None:
        first, second = np.divmod(pair, PAIR)
        alphabet = np.unique(np.concatenate([single, first, second]))
        # Number 0 is every character that no table knows; it is also the last one's, where larger codes are cut off.
        self._numbers = np.zeros(int(alphabet.max(initial=0)) + 2, dtype=np.int64)
        self._numbers[alphabet] = np.arange(1, len(alphabet) + 1)
        self._size = len(alphabet) + 1
        # Two bytes a pair are enough for the packaged model: 5 MB.
        self._single = np.full(self._size, len(single), dtype=np.min_scalar_type(len(single)))
        self._single[self._numbers[single]] = np.arange(len(single))
        self._pair = np.full(self._size**2, len(pair), dtype=np.min_scalar_type(len(pair)))
        self._pair[self._numbers[first] * self._size + self._numbers[second]] = np.arange(len(pair))

    def rows(self, codes: Integers) -> tuple[NDArray[np.unsignedinteger[Any]], NDArray[np.unsignedinteger[Any]]]:
        """Row of each code and of each pair of neighbours; the row after the last for unknown ones."""
        numbers = self._numbers[np.minimum(codes, len(self._numbers) - 1)]
        return self._single[numbers], self._pair[numbers[:-1] * self._size + numbers[1:]]


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
        closed = np.zeros(len(text) + 1, dtype=np.bool_)
        closed[[len(text), *(end for _, end in pieces)]] = True
        for number, name in enumerate(self._weights.types):
            # What a list rules out for the rules (`各级政府` in 各级政府性融资), it rules out here as well.
            vetoes = excluded(self._lexicon, name, text)
            found = _runs(chances[:, 1 + 2 * number], chances[:, 2 + 2 * number], closed, self._least)
            for start, end, score in found:
                if vetoes.get(start, 0) < end and not (name == "INSTITUTION" and cut_short(text, end)):
                    yield Candidate(start, end, name, "model:recogniser", round(score, _DECIMALS), FILL)


def _runs(first: Floats, further: Floats, closed: NDArray[np.bool_], least: float) -> Iterator[tuple[int, int, float]]:
    """Spans of two characters and more whose chances all reach `least`, with the least of these as their score.

    `first` and `further` are the chances of a span's first and further characters; no span goes on over a position
    of `closed`, which has the text's end as well.
    """
    stops = np.flatnonzero(np.append(further < least, True) | closed)
    starts = np.flatnonzero(first >= least)
    ends = stops[np.searchsorted(stops, starts + 1)]
    starts, ends = starts[ends - starts > 1], ends[ends - starts > 1]
    if not starts.size:
        return
    # A name whose next character might well belong to it is not sure.
    over = np.where(closed[ends], 1.0, 1.0 - np.append(further, 0.0)[ends])
    inner = np.minimum.reduceat(np.append(further, 1.0), np.column_stack([starts + 1, ends]).ravel())[::2]
    scores = np.minimum(np.minimum(first[starts], inner), over)
    sure = scores >= least
    yield from zip(starts[sure].tolist(), ends[sure].tolist(), scores[sure].tolist(), strict=True)


def save(weights: Weights, folder: Path) -> None:
    """Write the tables; the same weights give the same bytes."""
    arrays = {name: getattr(weights, name) for name in _ARRAYS if name not in ("single", "pair")}
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
            tables = {name: arrays[name] for name in _ARRAYS}
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
