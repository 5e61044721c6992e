"""Training the measure classifier from labelled records, with honest figures from whole documents held out."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from yaodian.classify import Classifier, Seen, Weights, fit, save, seen
from yaodian.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from yaodian.record import Record

_MIN_MEASURES = 30
_FOLDS = 5


def train(records: Sequence[Record], out: Path, *, seed: int = 0) -> dict[str, Any]:
    """Train on all labelled measures of `records`, write the model, and return its metadata.

    The metadata's scores come from cross-validation by document (by top-level section if there is one document):
    no document is scored by a model that has seen it.

    Raises:
        UsageError: too few labelled measures, or only one class.
    """
    rows = [row for record in records for row in _labelled(record)]
    if len(rows) < _MIN_MEASURES or len({function for _, function, _, _ in rows}) < 2:  # noqa: PLR2004
        raise UsageError(
            f"{len(rows)} labelled measures: at least {_MIN_MEASURES} of two functions are needed to train"
        )
    groups = [group for *_, group in rows]
    meta = {
        "documents": sorted(record.doc_id for record in records),
        "measures": len(rows),
        "gold_sha256": fingerprint(records),
        "seed": seed,
        "cross_validation": _cross_validate(rows, groups, seed),
    }
    save(_fit(rows, seed), out, meta)
    return meta


def fingerprint(records: Sequence[Record]) -> str:
    """SHA-256 over the records' JSON in order of their ids; identifies a gold set."""
    text = "\n".join(record.to_json() for record in sorted(records, key=lambda r: r.doc_id))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


_Row = tuple[Seen, str, str, str]


def _labelled(record: Record) -> list[_Row]:
    found = []
    for measure, what in zip(record.measures, seen(record), strict=True):
        if measure.function and measure.instrument:
            group = json.dumps([record.doc_id, (measure.section or "").split(".")[0]])
            found.append((what, measure.function.primary, measure.instrument, group))
    return found


def _fit(rows: Sequence[_Row], seed: int) -> Weights:
    return fit([r[0] for r in rows], [r[1] for r in rows], [r[2] for r in rows], seed=seed)


def _cross_validate(rows: Sequence[_Row], groups: Sequence[str], seed: int) -> dict[str, Any]:
    """Accuracy and macro-F1 with whole documents (or sections) left out, fold by fold."""
    from sklearn.metrics import accuracy_score, f1_score
    from sklearn.model_selection import GroupKFold

    documents = [json.loads(group)[0] for group in groups]
    unit = "document" if len(set(documents)) > 1 else "section"
    keys = documents if unit == "document" else list(groups)
    folds = min(_FOLDS, len(set(keys)))
    splitter = GroupKFold(folds, shuffle=True, random_state=seed)
    truth: list[tuple[str, str]] = []
    found: list[tuple[str, str]] = []
    for train_index, test_index in splitter.split(rows, groups=keys):
        model = Classifier(_fit([rows[i] for i in train_index], seed))
        predictions = model.predict([rows[i][0] for i in test_index])
        truth += [(rows[i][1], rows[i][2]) for i in test_index]
        found += [(p.function, p.instrument) for p in predictions]
    result: dict[str, Any] = {"left_out": unit, "folds": folds, "n": len(truth)}
    for position, axis in enumerate(("function", "instrument")):
        gold, predicted = [t[position] for t in truth], [f[position] for f in found]
        result[axis] = {
            "accuracy": round(accuracy_score(gold, predicted), 4),
            "macro_f1": round(f1_score(gold, predicted, average="macro", zero_division=0.0), 4),
        }
    return result
