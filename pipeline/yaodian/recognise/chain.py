"""Marginals of a linear-chain CRF over many short sequences at once (Lafferty, McCallum and Pereira 2001).

The sequences are stepped through side by side, so that the number of NumPy calls is the longest length's.
"""

from __future__ import annotations

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
    potentials = np.exp(scores - scores.max(axis=1, keepdims=True))
    steps, back = np.exp(transitions), np.exp(transitions).T.copy()
    order = sorted(spans, key=lambda span: span[0] - span[1])
    lengths = np.array([end - start for start, end in order], dtype=np.intp)
    longest = int(lengths[0]) if len(lengths) else 0
    # Step by sequence by label, longest first: at each step the sequences that are long enough are a prefix.
    sequence = np.repeat(np.arange(len(order)), lengths)
    step = np.arange(len(sequence)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    rows = np.repeat(np.array([start for start, _ in order], dtype=np.intp), lengths) + step
    active = np.searchsorted(-lengths, -np.arange(1, longest + 1), side="right").tolist()
    laid = np.zeros((longest, len(order), scores.shape[1]))
    laid[step, sequence] = potentials[rows]
    forward, backward = laid.copy(), np.ones_like(laid)
    for now in range(1, longest):
        size = active[now]
        forward[now, :size] *= forward[now - 1, :size] @ steps
        if now % _RESCALE == 0:
            forward[now, :size] /= forward[now, :size].sum(axis=1, keepdims=True)
    for now in range(longest - 2, -1, -1):
        size = active[now + 1]
        backward[now, :size] = (backward[now + 1, :size] * laid[now + 1, :size]) @ back
        if now % _RESCALE == 0:
            backward[now, :size] /= backward[now, :size].sum(axis=1, keepdims=True)
    joint = (forward * backward)[step, sequence]
    result = np.zeros_like(scores)
    result[rows] = joint / joint.sum(axis=1, keepdims=True)
    return result
