"""How alike two measures are: evidence from wording, entities, function, heading and place, for all pairs at once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from yaodian.spans import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from yaodian.record import Measure, Record

    Matrix = NDArray[np.float64]

FEATURES = ("wording", "masked", "left_in_right", "right_in_left", "entities", "function", "heading", "place", "best")
"""Names of the features, each between 0 and 1, in the order of the last axis of `features`."""
_NUMBER = re.compile(r"[\d０-９〇零一二三四五六七八九十百千万亿两几]+(?:\.\d+)?")
_BLANK = re.compile(r"\s+")
_PUNCTUATION = re.compile(r"[^\w]+")


@dataclass(frozen=True, slots=True)
class Side:
    """One plan's measures as the comparison reads them."""

    record: Record
    measures: tuple[Measure, ...]
    texts: tuple[str, ...]
    """Wordings without white space, folded."""
    headings: tuple[str, ...]
    entities: tuple[frozenset[str], ...]
    """Canonical names of the bodies, texts and hazards in each measure."""


def side(record: Record) -> Side:
    """Prepare a record."""
    sections = {section.id: section for section in record.sections}
    found: dict[str, set[str]] = {}
    for entity in record.entities:
        if entity.measure and entity.type != "QUANTITY":
            found.setdefault(entity.measure, set()).add(entity.canonical or entity.text)
    headings = []
    for measure in record.measures:
        section = sections.get(measure.section or "")
        names = []
        while section is not None:
            names.append(section.heading)
            section = sections.get(section.parent or "")
        headings.append("".join(reversed(names)))
    return Side(
        record,
        record.measures,
        tuple(wording(record.text[m.start : m.end]) for m in record.measures),
        tuple(headings),
        tuple(frozenset(found.get(m.id, ())) for m in record.measures),
    )


def wording(text: str) -> str:
    """Text without white space, folded: what counts as the same word for word."""
    return fold(_BLANK.sub("", text))


def bare(text: str) -> str:
    """Wording without punctuation."""
    return _PUNCTUATION.sub("", text)


def features(left: Side, right: Side) -> Matrix:
    """Evidence for every pair of measures.

    Returns:
        Array of shape (left measures, right measures, len(FEATURES)).
    """
    shape = (len(left.texts), len(right.texts))
    if not all(shape):
        return np.zeros((*shape, len(FEATURES)))
    a, b = _weights(left.texts, right.texts)
    masked = _weights([_NUMBER.sub("0", t) for t in left.texts], [_NUMBER.sub("0", t) for t in right.texts])
    shared = _shared(*masked)
    functions = _functions(left) @ _functions(right).T
    place = 1 - np.abs(_places(left)[:, None] - _places(right)[None, :])
    cosine = _cosine(*masked)
    # How far a pair stands out among all pairs of its row and column.
    rest = np.maximum(_second(cosine), _second(cosine.T).T)
    best = np.clip(0.5 + (cosine - rest) / 2, 0, 1)
    heads = _cosine(*_weights(left.headings, right.headings))
    columns = (_cosine(a, b), cosine, *shared, _jaccard(left.entities, right.entities), functions, heads, place, best)
    return np.stack(columns, axis=-1)


def _weights(left: Sequence[str], right: Sequence[str]) -> tuple[Matrix, Matrix]:
    """TF-IDF of character pairs and triples, rows of unit length."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    if not any(len(text) > 1 for text in (*left, *right)):
        return np.zeros((len(left), 1)), np.zeros((len(right), 1))
    made = TfidfVectorizer(analyzer="char", ngram_range=(2, 3), sublinear_tf=True).fit_transform([*left, *right])
    dense = made.toarray()
    return dense[: len(left)], dense[len(left) :]


def _cosine(a: Matrix, b: Matrix) -> Matrix:
    result: Matrix = np.clip(a @ b.T, 0, 1)
    return result


def _shared(a: Matrix, b: Matrix) -> tuple[Matrix, Matrix]:
    """Share of the left wording's weight that stands in the right one, and the other way round."""
    present_a, present_b = (a > 0).astype(float), (b > 0).astype(float)
    total_a = np.maximum(a.sum(axis=1, keepdims=True), 1e-9)
    total_b = np.maximum(b.sum(axis=1, keepdims=True), 1e-9)
    return (a @ present_b.T) / total_a, ((b @ present_a.T) / total_b).T


def _jaccard(left: Sequence[frozenset[str]], right: Sequence[frozenset[str]]) -> Matrix:
    return np.array([[len(a & b) / len(a | b) if a | b else 0.5 for b in right] for a in left])


def _functions(one: Side) -> Matrix:
    """Probabilities of the functions, a row a measure; gold without scores counts as certain."""
    from yaodian.labels import functions

    names = {name: i for i, name in enumerate(functions())}
    table = np.zeros((len(one.measures), len(names)))
    for row, measure in zip(table, one.measures, strict=True):
        if measure.function:
            for name, share in (measure.function.scores or {measure.function.primary: 1.0}).items():
                row[names[name]] = share
    result: Matrix = table / np.maximum(np.linalg.norm(table, axis=1, keepdims=True), 1e-9)
    return result


def _places(one: Side) -> Matrix:
    count = max(len(one.texts) - 1, 1)
    return np.arange(len(one.texts)) / count


def _second(table: Matrix) -> Matrix:
    """For each cell the largest other value of its row."""
    if table.shape[1] == 1:
        return np.zeros_like(table)
    order = np.sort(table, axis=1)
    top, second = order[:, -1:], order[:, -2:-1]
    return np.where(table == top, second, top)
