"""Training the recogniser from labelled records with CRFsuite (Okazaki 2007)."""

from __future__ import annotations

import tempfile
from bisect import bisect_left, bisect_right
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from yaodian.errors import UsageError
from yaodian.lexicon import load_lexicon
from yaodian.recognise import Weights
from yaodian.recognise.features import clauses, see
from yaodian.segment import segment

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from yaodian.lexicon import Lexicon
    from yaodian.record import Record

TYPES = ("INSTITUTION", "HAZARD")
"""Types the packaged recogniser finds: those for which it adds to the rules on the development documents."""
INSTALL = "install it with: pip install 'yaodian[train]'"
PARAMETERS = {"c1": 0.02, "c2": 0.5, "max_iterations": 150, "feature.possible_transitions": True}
"""L1 and L2 regularisation, iterations of L-BFGS, and transitions that the data lacks get a weight as well."""


def available() -> bool:
    """Whether python-crfsuite is installed."""
    return find_spec("pycrfsuite") is not None


def fit(records: Sequence[Record], types: Sequence[str] = TYPES, lexicon: Lexicon | None = None) -> Weights:
    """Fit a recogniser of some types on gold records; the same records give the same weights.

    Raises:
        UsageError: python-crfsuite is not installed, or no record has an entity of these types.
    """
    if not available():
        raise UsageError(f"training a recogniser needs python-crfsuite; {INSTALL}")
    import pycrfsuite

    trainer = pycrfsuite.Trainer(verbose=False)
    found = 0
    for record in records:
        text, labels = labelled(record, types)
        found += int(np.count_nonzero(labels))
        seen = see(text, lexicon or load_lexicon())
        names = [list(seen.names(position)) for position in range(len(text))]
        for start, end in clauses(text):
            trainer.append(names[start:end], [str(label) for label in labels[start:end].tolist()])
    if not found:
        raise UsageError(f"no {' or '.join(types)} in these records; a recogniser needs labelled entities")
    trainer.set_params(PARAMETERS)
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "crf")
        trainer.train(path)
        tagger = pycrfsuite.Tagger()
        tagger.open(path)
        info = tagger.info()
        tagger.close()
    size = 1 + 2 * len(types)
    transitions = np.zeros((size, size))
    for (one, other), weight in info.transitions.items():
        transitions[int(one), int(other)] = weight
    state = {(name, int(label)): weight for (name, label), weight in info.state_features.items()}
    return Weights.from_features(tuple(types), state, transitions)


def labelled(record: Record, types: Iterable[str]) -> tuple[str, np.typing.NDArray[np.int64]]:
    """The view's text of a record and the label number of each of its characters."""
    looked = segment(record.text).view
    labels = np.zeros(len(looked.text), dtype=np.int64)
    numbers = {name: 1 + 2 * number for number, name in enumerate(types)}
    for entity in record.entities:
        if entity.type not in numbers:
            continue
        start, end = entity.start, entity.end
        if looked.offsets is not None:
            start, end = (
                bisect_left(looked.offsets, entity.start),
                bisect_right(looked.offsets, entity.end - 1, 0, len(looked.text)),
            )
        labels[start:end] = numbers[entity.type] + 1
        labels[start : min(start + 1, end)] = numbers[entity.type]
    return looked.text, labels
