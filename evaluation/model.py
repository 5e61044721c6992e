"""Trains the packaged model on train and development documents and writes its card and the scores.

usage: python evaluation/model.py          train, then score train and development documents
       python evaluation/model.py --test   score the test documents as well (only to report)
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import yaodian
from corpus import RESULTS, ROOT, gold, passes, splits
from yaodian.classify import check_meta
from yaodian.scoring import Score, score
from yaodian.train import train

if TYPE_CHECKING:
    from yaodian.record import Record
    from yaodian.scoring.result import Figure

MODEL = ROOT / "models" / "zh_yaodian"
LABELS = {"train": "train (steered the rules)", "dev": "development", "test": "test (never looked at)"}
CARD = """# Model card: zh_yaodian

Classifies the measures of Chinese government work plans by function (15 classes) and by policy instrument (4 classes).

- **Kind**: TF-IDF of character pairs, headings and cue words; two logistic regressions, calibrated by temperature.
- **Files**: `classifier.npz` (plain arrays, read with pickling off), `meta.json` (format, labels, training documents,
  fingerprint of the gold records, cross-validation).
- **Trained on**: {documents} ({measures} measures), labels of scheme {scheme}: gold where a document has it, else one
  labelling pass. All but tj-2023 are synthetic plans.
- **Cross-validation** (whole documents left out, {folds} folds, n = {n}): function accuracy {function},
  macro-F1 {function_macro}; instrument accuracy {instrument}, macro-F1 {instrument_macro}.
- **Use**: first reading of many plans; a share of classes over a corpus, with its error in mind. Not for statements
  about a single measure without reading it.
- **Limits**: the annotators of the training documents were language models working from the scheme; plans outside
  emergency management, water, housing, health, education, market supervision and transport were not seen.

Written by `python evaluation/model.py` from `meta.json`; version {version}.
"""


def figure(value: Figure) -> str:
    """Write a figure with its interval."""
    if value.value is None:
        return "–"
    interval = f" [{value.low:.3f}, {value.high:.3f}]" if value.low is not None and value.high is not None else ""
    return f"{value.value:.3f}{interval}"


def card() -> None:
    """Write the model card from the model's metadata."""
    meta = check_meta(MODEL)
    folds = meta["cross_validation"]
    text = CARD.format(
        documents=", ".join(meta["documents"]),
        measures=meta["measures"],
        scheme=meta["scheme"],
        folds=folds["folds"],
        n=folds["n"],
        function=f"{folds['function']['accuracy']:.3f}",
        function_macro=f"{folds['function']['macro_f1']:.3f}",
        instrument=f"{folds['instrument']['accuracy']:.3f}",
        instrument_macro=f"{folds['instrument']['macro_f1']:.3f}",
        version=yaodian.__version__,
    )
    (MODEL / "README.md").write_text(text, encoding="utf-8", newline="\n")


def rows(name: str, found: Score) -> list[str]:
    """Table rows of one split."""
    measured: list[tuple[str, int, Figure]] = [
        (kind, scores.strict.possible, scores.strict.f1) for kind, scores in found.entities.items()
    ]
    measured.append(("measure spans", found.segmentation.measures.possible, found.segmentation.measures.f1))
    if name.startswith(LABELS["test"]):
        measured.append(("function accuracy", found.functions.n, found.functions.accuracy))
        measured.append(("function macro-F1", found.functions.n, found.functions.macro_f1))
        measured.append(("instrument accuracy", found.instruments.n, found.instruments.accuracy))
    return [f"| {name} | {what} | {n} | {figure(value)} |" for what, n, value in measured]


def labelled(split: str) -> list[Record]:
    """Gold records of a split, and one pass of each document that has none yet."""
    found = {name: record for source in ("b", "a") for name, record in passes(source).items()}
    found |= {record.doc_id: record for record in gold(split)}
    return [record for name, record in sorted(found.items()) if name in splits()[split]]


def scores(split: str, nlp: object) -> Score:
    """Score the current pipeline on a split."""
    records = gold(split) or labelled(split)
    predicted = [yaodian.extract(r.text, doc_id=r.doc_id, source=r.source, nlp=nlp) for r in records]  # type: ignore[arg-type]
    return score(predicted, records)


def main() -> None:
    """Train, write the card, score."""
    meta = train([*labelled("train"), *labelled("dev")], MODEL)
    card()
    nlp = yaodian.load()
    wanted = ["train", "dev"] + (["test"] if "--test" in sys.argv else [])
    table = ["| split | figure | n | value [95 % interval] |", "|---|---|---:|---|"]
    for split in wanted:
        found = scores(split, nlp)
        label = LABELS[split] if split != "test" or gold(split) else f"{LABELS[split]}, against pass a"
        table += rows(f"{label}: {len(found.documents)} documents", found)
        data = found.to_dict()
        data.pop("errors")
        (RESULTS / f"scores-{split}.json").write_text(json.dumps(data, ensure_ascii=False) + "\n", encoding="utf-8")
    folds = meta["cross_validation"]
    for axis in ("function", "instrument"):
        for what, value in folds[axis].items():
            table.append(f"| cross-validation by {folds['left_out']} | {axis} {what} | {folds['n']} | {value:.3f} |")
    (RESULTS / "scores.md").write_text("\n".join(table) + "\n", encoding="utf-8", newline="\n")
    print("\n".join(table))


if __name__ == "__main__":
    main()
