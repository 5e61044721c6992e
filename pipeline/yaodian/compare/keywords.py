"""Words that became more or less frequent between two sets of documents, each with a sentence that shows it.

Function words of the list stopwords-iso are left out. (spaCy's Chinese list is of no use here: it holds 安全 and 加强.)
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Any

from yaodian.compare.tables import distinct, frame
from yaodian.errors import UsageError
from yaodian.lexicon.words import words
from yaodian.segment.sentences import sentences

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

    from yaodian.lexicon import Lexicon
    from yaodian.record import Record

KEYWORDS = (
    "word", "n_left", "n_right", "per_10000_left", "per_10000_right", "documents_left", "documents_right", "log_ratio",
    "g2", "p", "p_adjusted", "doc_id", "start", "end", "sentence",
)  # fmt: skip
_RUNNING = re.compile(r"\w")
_KEYWORD = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]{2,}")
"""Words that can be key words: two Chinese characters and more. One is mostly a part of a name or a number."""
_ORDINAL = re.compile("[一二三四五六七八九十]{1,3}是")
"""What opens the members of an enumeration: 一是, 二是. Stop-word lists do not have them."""
_HALF = 0.5


def keywords(
    left: Iterable[Record],
    right: Iterable[Record],
    *,
    minimum: int = 5,
    stop_words: Iterable[str] | None = None,
    lexicon: Lexicon | None = None,
) -> pd.DataFrame:
    """Compare word frequencies of two sets of documents, such as those of two years.

    With a and b occurrences in c and d running words, E1 = c(a+b)/(c+d) and E2 = d(a+b)/(c+d) are expected, and
    G2 = 2 (a ln(a/E1) + b ln(b/E2)) (Rayson and Garside 2000, after Dunning 1993), with p by the chi-square
    distribution of one degree of freedom and adjusted over all rows by Benjamini and Hochberg (1995). The log ratio
    (Hardie 2014) is log2((b/d) / (a/c)), 1 for a word twice as frequent on the right, with 0.5 in the place of a count
    of 0. Words of one text are not independent draws, so p-values rank the words rather than test a theory.

    Args:
        left: the earlier documents.
        right: the later ones.
        minimum: occurrences on both sides together that a word must have.
        stop_words: words to leave out; None for those of stopwords-iso.
        lexicon: lexicon whose terms are single words; None for the packaged one.

    Returns:
        Columns of `KEYWORDS`, the greatest G2 first: counts, frequencies in 10,000 running words, documents that have
        the word, and the sentence where it stands first on the side where it is more frequent.

    Raises:
        UsageError: a side has no words, `minimum` is below 1, or a `doc_id` is given twice on a side.
    """
    if minimum < 1:
        raise UsageError(f"minimum is {minimum}; a word must occur at least once")
    stopped = _stop_words() if stop_words is None else frozenset(stop_words)
    sides = [_Side(distinct(side), lexicon) for side in (left, right)]
    if not all(side.running for side in sides):
        raise UsageError("one side has no words; give documents with text on both sides")
    one, two = sides
    found = [
        word
        for word in sorted(one.counts | two.counts)
        if one.counts[word] + two.counts[word] >= minimum and word not in stopped
    ]
    rows = [_row(word, one, two) for word in found]
    _add_likelihood(rows, one.running, two.running)
    return frame(sorted(rows, key=lambda row: (-row["g2"], row["word"])), KEYWORDS, ())


@cache
def _stop_words() -> frozenset[str]:
    from stopwordsiso import stopwords

    return frozenset(stopwords("zh"))


class _Side:
    """Counts of one set of documents."""

    def __init__(self, records: Sequence[Record], lexicon: Lexicon | None) -> None:
        self.running = 0
        self.counts: Counter[str] = Counter()
        self.documents: Counter[str] = Counter()
        self.first: dict[str, tuple[Record, int]] = {}
        for record in records:
            place, seen = 0, set()
            for word in words(record.text, lexicon):
                self.running += bool(_RUNNING.search(word))
                if _KEYWORD.fullmatch(word) and not _ORDINAL.fullmatch(word):
                    self.counts[word] += 1
                    seen.add(word)
                    self.first.setdefault(word, (record, place))
                place += len(word)
            self.documents.update(seen)


def _row(word: str, left: _Side, right: _Side) -> dict[str, Any]:
    from math import log2

    a, b = left.counts[word], right.counts[word]
    ratio = log2(((b or _HALF) / right.running) / ((a or _HALF) / left.running))
    side = right if b / right.running >= a / left.running else left
    return {
        "word": word,
        "n_left": a,
        "n_right": b,
        "per_10000_left": 10_000 * a / left.running,
        "per_10000_right": 10_000 * b / right.running,
        "documents_left": left.documents[word],
        "documents_right": right.documents[word],
        "log_ratio": ratio,
        **_sentence(*side.first[word]),
    }


def _sentence(record: Record, place: int) -> dict[str, Any]:
    """The sentence around a place; its line where the place is outside of any, as in a heading's number."""
    text = record.text
    start = text.rfind("\n", 0, place) + 1
    end = text.find("\n", place)
    end = len(text) if end < 0 else end
    around = [s for s in sentences(text, start, end) if s.start <= place < s.end]
    if around:
        start, end = around[0].start, around[0].end
    return {"doc_id": record.doc_id, "start": start, "end": end, "sentence": text[start:end]}


def _add_likelihood(rows: list[dict[str, Any]], left: int, right: int) -> None:
    if not rows:
        return
    import numpy as np
    from scipy.stats import false_discovery_control, power_divergence

    observed = np.array([[row["n_left"], row["n_right"]] for row in rows], dtype=float)
    expected = observed.sum(axis=1, keepdims=True) * np.array([left, right]) / (left + right)
    g2, p = power_divergence(observed, expected, axis=1, lambda_="log-likelihood")
    for row, *figures in zip(rows, g2, p, false_discovery_control(p), strict=True):
        row["g2"], row["p"], row["p_adjusted"] = map(float, figures)
