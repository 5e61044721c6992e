"""Marginals of a linear-chain CRF over many short sequences at once (Lafferty, McCallum and Pereira 2001).

The sequences are stepped through side by side, so that the number of NumPy calls is the longest length's.
"""

from __future__ import annotations

from functools import reduce
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_RESCALE = 8
"""Steps after which messages are scaled to sum 1: often enough that none underflows."""


def marginals(scores: Floats, transitions: Floats, spans: list[tuple[int, int]]) -> Floats:
    """Probability of each label at each position, by the forward-backward algorithm with scaling.

    Args:
        scores: log potentials of labels, shape (n, k).
        transitions: log potentials of label pairs, from rows to columns, shape (k, k).
        spans: sequences as `[start, end)` of rows; they do not overlap.

    Returns:
        Shape (n, k); rows in no span are 0.
    """
    size, labels = len(spans), scores.shape[1]
    # Labels are few: a column at a time is faster than a row at a time.
    potentials = np.exp(scores - reduce(np.maximum, scores.T)[:, None])
    # Forwards and backwards at once: each sequence lies beside its own reverse, and one matrix steps both on.
    both = np.zeros((2 * labels, 2 * labels))
    both[:labels, :labels] = np.exp(transitions)
    both[labels:, labels:] = np.exp(transitions).T
    starts, ends = np.array(spans, dtype=np.intp).reshape(-1, 2).T
    order = np.argsort(starts - ends, kind="stable")
    starts, lengths = starts[order], (ends - starts)[order]
    longest = int(lengths[0]) if size else 0
    # Step after step, longest sequence first: at each step the sequences that are long enough are a prefix.
    sequence = np.repeat(np.arange(size), lengths)
    step = np.arange(len(sequence)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    rows = starts[sequence] + step
    active = np.searchsorted(-lengths, -np.arange(1, longest + 1), side="right")
    firsts = np.concatenate([[0], np.cumsum(active)])
    ahead, behind = firsts[step] + sequence, firsts[lengths[sequence] - 1 - step] + sequence
    laid = np.empty((len(rows), 2 * labels))
    mine = potentials[rows]
    laid[ahead, :labels] = mine
    laid[behind, labels:] = mine
    # What comes to each place from the one before, without the place's own potential.
    arrived = np.empty_like(laid)
    arrived[:size] = 1.0
    message = laid[:size]
    for now, (first, last) in enumerate(pairwise(firsts[1:].tolist()), start=1):
        np.matmul(message[: last - first], both, out=arrived[first:last])
        message = arrived[first:last] * laid[first:last]
        if now % _RESCALE == 0:
            halves = message.reshape(-1, 2, labels)
            halves /= halves.sum(axis=2, keepdims=True)
    joint = mine * arrived[ahead, :labels] * arrived[behind, labels:]
    result = np.zeros_like(scores)
    result[rows] = joint / reduce(np.add, joint.T)[:, None]
    return result
