"""Training a model from labelled records, with honest figures from whole documents held out."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from yaodian import recognise
from yaodian.classify import Classifier, Seen, Weights, fit, save, seen
from yaodian.errors import UsageError
from yaodian.train import recogniser

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from yaodian.record import Record

_MIN_MEASURES = 30
_FOLDS = 5


def train(
    records: Sequence[Record], out: Path, *, seed: int = 0, scored: Collection[str] | None = None
) -> dict[str, Any]:
    """Train a classifier on the labelled measures of `records` and a recogniser on their institutions.

    Writes the model and returns its metadata. Records without any entity train the classifier alone; without
    python-crfsuite, or without labelled institutions, the model has no recogniser.

    The metadata's scores come from cross-validation by document (by top-level section if there is one document):
    no document is scored by a model that has seen it. `scored` are the ids of the documents that are held out and
    scored, None for all; the others train every fold. The probabilities are calibrated on them as well.

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
        "cross_validation": _cross_validate(rows, groups, seed, scored),
        "recogniser": None,
    }
    named = [record for record in records if any(entity.type in recogniser.TYPES for entity in record.entities)]
    (out / recognise.FILE).unlink(missing_ok=True)
    if named and recogniser.available():
        meta["recogniser"] = {"types": list(recogniser.TYPES), "documents": sorted(r.doc_id for r in named)}
    save(_fit(rows, seed, scored=scored), out, meta)
    if meta["recogniser"]:
        recognise.save(recogniser.fit(named), out)
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


def _fit(rows: Sequence[_Row], seed: int, *, scored: Collection[str] | None = None, calibrate: bool = True) -> Weights:
    documents = [json.loads(group)[0] for *_, group in rows]
    return fit(
        [r[0] for r in rows],
        [r[1] for r in rows],
        [r[2] for r in rows],
        groups=documents,
        typical=None if scored is None else [name in scored for name in documents],
        seed=seed,
        calibrate=calibrate,
    )


def _cross_validate(
    rows: Sequence[_Row], groups: Sequence[str], seed: int, scored: Collection[str] | None
) -> dict[str, Any]:
    """Accuracy and macro-F1 with whole documents (or sections) left out, fold by fold."""
    from sklearn.metrics import accuracy_score, f1_score
    from sklearn.model_selection import GroupKFold

    documents = [json.loads(group)[0] for group in groups]
    held = [i for i, name in enumerate(documents) if scored is None or name in scored]
    always = [i for i, name in enumerate(documents) if not (scored is None or name in scored)]
    unit = "document" if len({documents[i] for i in held}) > 1 else "section"
    keys = [documents[i] if unit == "document" else groups[i] for i in held]
    folds = min(_FOLDS, len(set(keys)))
    splitter = GroupKFold(folds, shuffle=True, random_state=seed)
    truth: list[tuple[str, str]] = []
    found: list[tuple[str, str]] = []
    for train_index, test_index in splitter.split(held, groups=keys):
        known = [rows[i] for i in always] + [rows[held[i]] for i in train_index]
        unseen = [rows[held[i]] for i in test_index]
        predictions = Classifier(_fit(known, seed, calibrate=False)).predict([row[0] for row in unseen])
        truth += [(row[1], row[2]) for row in unseen]
        found += [(p.function, p.instrument) for p in predictions]
    result: dict[str, Any] = {"left_out": unit, "documents": len(set(keys)), "folds": folds, "n": len(truth)}
    for position, axis in enumerate(("function", "instrument")):
        gold, predicted = [t[position] for t in truth], [f[position] for f in found]
        result[axis] = {
            "accuracy": round(accuracy_score(gold, predicted), 4),
            "macro_f1": round(f1_score(gold, predicted, average="macro", zero_division=0.0), 4),
        }
    return result
