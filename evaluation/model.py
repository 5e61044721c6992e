"""Trains the packaged model on train and development documents and writes its card and the scores.

usage: python evaluation/model.py          train, then score train and development documents
       python evaluation/model.py --test   score the test documents as well (only to report)
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import yaodian
from corpus import RESULTS, ROOT, gold, passes, splits
from yaodian.classify import check_meta
from yaodian.scoring import Figure, Score, score
from yaodian.train import train

if TYPE_CHECKING:
    from yaodian.record import Record

MODEL = ROOT / "models" / "zh_yaodian"
LABELS = {
    "train": "train (steered the rules, trained the model)",
    "dev": "development (model trained without them)",
    "test": "test (looked at only to report)",
}
CARD = """# Model card: zh_yaodian

Reads the measures of Chinese government work plans: their function (15 classes), their policy instrument (4 classes),
and the entities that the grammar leaves out.

- **Classifier**: TF-IDF of character pairs, of cue words in the sentence, its headings and the sentence before; two
  logistic regressions, calibrated by temperature on held-out documents.
- **Recogniser**: a linear-chain CRF over characters with lexicon features, trained by CRFsuite, of the types
  {types}; its spans fill gaps between the rules' where each of their characters has a probability of 0.8 or more.
- **Files**: `classifier.npz`, `recogniser.npz` (plain arrays, read with pickling off), `meta.json` (format, labels,
  training documents, fingerprint of the gold records, cross-validation).
- **Trained on**: {plans} labelled plans ({adjudicated} of them adjudicated from two passes, the others labelled once)
  and {sets} sets of single measures; {measures} measures in all, labels of scheme {scheme}. All but tj-2023 are
  synthetic; the list is in `meta.json`.
- **Cross-validation** (the adjudicated documents left out in {folds} folds, n = {n}): function accuracy {function},
  macro-F1 {function_macro}; instrument accuracy {instrument}, macro-F1 {instrument_macro}. Two annotators agree with
  accuracy {human_function} on functions and {human_instrument} on instruments.
- **Use**: first reading of many plans; a share of classes over a corpus, with its error in mind. Not for statements
  about a single measure without reading it.
- **Limits**: the annotators of the training documents were language models working from the scheme; plans outside
  emergency management, water, housing, health, education, market supervision and transport are hardly among them.

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
    agreement = json.loads((RESULTS / "agreement.json").read_text(encoding="utf-8"))
    sets = set(passes("measures"))
    text = CARD.format(
        types=", ".join(meta["recogniser"]["types"]),
        plans=len(set(meta["documents"]) - sets),
        adjudicated=len([*gold("train"), *gold("dev")]),
        sets=len(sets),
        human_function=f"{agreement['functions']['accuracy']['value']:.3f}",
        human_instrument=f"{agreement['instruments']['accuracy']['value']:.3f}",
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
    if not name.startswith(LABELS["train"]):
        measured.append(("function accuracy", found.functions.n, found.functions.accuracy))
        measured.append(("function macro-F1", found.functions.n, found.functions.macro_f1))
        measured.append(("instrument accuracy", found.instruments.n, found.instruments.accuracy))
    ceiling = {what: value for what, _, value in agreement_figures()}
    return [
        f"| {name} | {what} | {n} | {figure(value)}{_above(value, ceiling.get(what))} |" for what, n, value in measured
    ]


def _above(value: Figure, agreement: Figure | None) -> str:
    """Mark a figure above what two annotators reach: it says that the system knows these documents' labels."""
    if agreement is None or None in (value.value, agreement.value):
        return ""
    return " †" if value.value > agreement.value else ""  # type: ignore[operator]


def agreement_figures() -> list[tuple[str, int, Figure]]:
    """How far the two passes agree: no figure above says much."""
    data = json.loads((RESULTS / "agreement.json").read_text(encoding="utf-8"))
    found = [(kind, scores["strict"]["possible"], scores["strict"]["f1"]) for kind, scores in data["entities"].items()]
    for axis in ("functions", "instruments"):
        name = axis.removesuffix("s")
        found.append((f"{name} accuracy", data[axis]["n"], data[axis]["accuracy"]))
        found.append((f"{name} macro-F1", data[axis]["n"], data[axis]["macro_f1"]))
    return [(what, n, Figure(**value)) for what, n, value in found]


def agreement_rows() -> list[str]:
    """Table rows of the agreement, and what the mark at a figure says."""
    data = json.loads((RESULTS / "agreement.json").read_text(encoding="utf-8"))
    label = f"two annotators: {len(data['documents'])} documents"
    rows = [f"| {label} | {what} | {n} | {figure(value)} |" for what, n, value in agreement_figures()]
    return [*rows, "", "† above the agreement of two annotators."]


def training() -> list[Record]:
    """All that the packaged model learns from: gold of both working splits, plans and measures labelled once."""
    return [*gold("train"), *gold("dev"), *passes("single").values(), *passes("measures").values()]


def unseen(split: str) -> Score:
    """Score a split with a model that was trained without its documents."""
    held = {record.doc_id for record in gold(split)}
    with tempfile.TemporaryDirectory() as folder:
        train([r for r in training() if r.doc_id not in held], Path(folder), scored=[*splits()["train"]])
        return scores(split, yaodian.load(model=folder))


def scores(split: str, nlp: object) -> Score:
    """Score a pipeline on a split."""
    records = gold(split)
    predicted = [yaodian.extract(r.text, doc_id=r.doc_id, source=r.source, nlp=nlp) for r in records]  # type: ignore[arg-type]
    return score(predicted, records)


def main() -> None:
    """Train, write the card, score."""
    meta = train(training(), MODEL, scored=[*splits()["train"], *splits()["dev"]])
    card()
    wanted = ["train", "dev"] + (["test"] if "--test" in sys.argv else [])
    table = ["| split | figure | n | value [95 % interval] |", "|---|---|---:|---|"]
    for split in wanted:
        found = unseen(split) if split == "dev" else scores(split, yaodian.load())
        table += rows(f"{LABELS[split]}: {len(found.documents)} documents", found)
        data = found.to_dict()
        data.pop("errors")
        (RESULTS / f"scores-{split}.json").write_text(json.dumps(data, ensure_ascii=False) + "\n", encoding="utf-8")
    folds = meta["cross_validation"]
    for axis in ("function", "instrument"):
        for what, value in folds[axis].items():
            table.append(f"| cross-validation by {folds['left_out']} | {axis} {what} | {folds['n']} | {value:.3f} |")
    table += agreement_rows()
    (RESULTS / "scores.md").write_text("\n".join(table) + "\n", encoding="utf-8", newline="\n")
    print("\n".join(table))


if __name__ == "__main__":
    main()
