"""How well functions and instruments are told: baselines, features, classes, calibration, and what more labels buy.

usage: python evaluation/functions.py     writes results/functions.{json,md}, calibration.png and learning_curve.png

Everything is trained without the development documents and scored on them.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import matplotlib as mpl
import numpy as np
from sklearn.calibration import calibration_curve
from sklearn.metrics import accuracy_score, cohen_kappa_score, f1_score, precision_recall_fscore_support

from corpus import RESULTS, gold, passes
from yaodian.classify import Classifier, Seen, fit, seen
from yaodian.lexicon import load_lexicon

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from yaodian.record import Record

mpl.use("Agg")
from matplotlib import pyplot as plt

AXES = ("function", "instrument")
RESAMPLES = 1000
ORDERS = 5
STEPS = (1, 2, 4, 8, 16, 30)
BINS = 8


class Data:
    """Measures with both labels, by document."""

    def __init__(self, records: Sequence[Record]) -> None:
        self.measures: list[Seen] = []
        self.function: list[str] = []
        self.instrument: list[str] = []
        self.documents: list[str] = []
        for record in records:
            for what, measure in zip(seen(record), record.measures, strict=True):
                if measure.function and measure.instrument:
                    self.measures.append(what)
                    self.function.append(measure.function.primary)
                    self.instrument.append(measure.instrument)
                    self.documents.append(record.doc_id)

    def labels(self, axis: str) -> list[str]:
        """Labels of an axis."""
        return self.function if axis == "function" else self.instrument


Predicted = tuple[list[str], list[str]]


def majority(train: Data, held: Data) -> Predicted:
    """Every measure gets the most frequent class."""
    tops = [Counter(train.labels(axis)).most_common(1)[0][0] for axis in AXES]
    return [tops[0]] * len(held.measures), [tops[1]] * len(held.measures)


def keywords(train: Data, held: Data) -> Predicted:
    """The function that most cues of the lexicon speak for, and the instrument that goes with it in training."""
    cues, top = load_lexicon()["CUE"], Counter(train.function).most_common(1)[0][0]
    votes = [Counter(entry.category for *_, entry in cues.scan(m.text)).most_common(1) for m in held.measures]
    function = [found[0][0] if found else top for found in votes]
    usual = {
        name: Counter(i for f, i in zip(train.function, train.instrument, strict=True) if f == name).most_common(1)
        for name in set(train.function)
    }
    return function, [usual[name][0][0] for name in function]


def classifier(change: Callable[[Seen], Seen] = lambda m: m) -> Callable[[Data, Data], Predicted]:
    """Train the classifier on measures that `change` has taken something from."""

    def predict(train: Data, held: Data) -> Predicted:
        model = Classifier(fit([change(m) for m in train.measures], train.function, train.instrument, calibrate=False))
        found = model.predict([change(m) for m in held.measures])
        return [p.function for p in found], [p.instrument for p in found]

    return predict


def interval(truth: list[str], found: list[str], documents: list[str], metric: Callable[..., float]) -> str:
    """A figure with its 95 % percentile interval over documents."""
    names = sorted(set(documents))
    rows = {name: [i for i, d in enumerate(documents) if d == name] for name in names}
    rng = np.random.default_rng(0)
    values = []
    for _ in range(RESAMPLES):
        drawn = [i for name in rng.choice(names, len(names)) for i in rows[name]]
        values.append(metric([truth[i] for i in drawn], [found[i] for i in drawn]))
    low, high = np.percentile(values, (2.5, 97.5))
    return f"{metric(truth, found):.3f} [{low:.3f}, {high:.3f}]"


def macro(truth: list[str], found: list[str]) -> float:
    """Macro-F1."""
    return float(f1_score(truth, found, average="macro", zero_division=0.0))


def systems(train: Data, held: Data) -> list[str]:
    """Table of baselines and of the classifier with features taken away."""
    rows = {
        "majority": majority,
        "keyword lexicon": keywords,
        "classifier, sentence alone": classifier(lambda m: replace(m, heading="", top_heading="", previous="")),
        "classifier, without the sentence before": classifier(lambda m: replace(m, previous="")),
        "classifier, without headings": classifier(lambda m: replace(m, heading="", top_heading="")),
        "classifier": classifier(),
    }
    table = [
        "| system | function accuracy | macro-F1 | instrument accuracy | macro-F1 |",
        "|---|---|---|---|---|",
    ]
    for name, predict in rows.items():
        cells = [
            interval(held.labels(axis), found, held.documents, metric)
            for axis, found in zip(AXES, predict(train, held), strict=True)
            for metric in (accuracy_score, macro)
        ]
        table.append(f"| {name} | {' | '.join(cells)} |")
    return table


def classes(train: Data, held: Data) -> list[str]:
    """Per-class figures of the classifier, with what each class is most taken for."""
    found = classifier()(train, held)
    table = ["| class | n | precision | recall | F1 | most taken for |", "|---|---:|---:|---:|---:|---|"]
    for axis, predicted in zip(AXES, found, strict=True):
        truth = held.labels(axis)
        names = sorted(set(truth))
        figures = precision_recall_fscore_support(truth, predicted, labels=names, zero_division=0.0)
        for name, precision, recall, f1, n in zip(names, *figures, strict=True):
            wrong = Counter(p for t, p in zip(truth, predicted, strict=True) if t == name != p).most_common(2)
            others = ", ".join(f"{other} {count}" for other, count in wrong)
            table.append(f"| {axis} {name} | {n} | {precision:.3f} | {recall:.3f} | {f1:.3f} | {others} |")
        table.append(f"| {axis}: kappa {cohen_kappa_score(truth, predicted):.3f} | {len(truth)} | | | | |")
    return table


def calibration(train: Data, held: Data) -> str:
    """Plot how often a prediction of some probability is right; returns the expected calibration error."""
    adjudicated = {record.doc_id for record in gold("train")}
    typical = [name in adjudicated for name in train.documents]
    model = Classifier(fit(train.measures, train.function, train.instrument, groups=train.documents, typical=typical))
    found = model.predict(held.measures)
    sure = np.array([max(p.function_scores.values()) for p in found])
    right = np.array([p.function == truth for p, truth in zip(found, held.function, strict=True)])
    share, mean = calibration_curve(right, sure, n_bins=BINS, strategy="quantile")
    edges = np.quantile(sure, np.linspace(0, 1, BINS + 1))
    counts = np.histogram(sure, edges)[0]
    error = float(np.sum(np.abs(share - mean) * counts[: len(share)]) / counts[: len(share)].sum())
    figure, axes = plt.subplots(figsize=(5, 5), layout="constrained")
    axes.plot([0, 1], [0, 1], color="0.7", linestyle="--", label="perfect")
    axes.plot(mean, share, marker="o", label=f"classifier (ECE {error:.3f})")
    axes.set(xlabel="predicted probability", ylabel="share that is right", xlim=(0, 1), ylim=(0, 1))
    axes.set_title(f"Function of measures: calibration on {len(set(held.documents))} development documents")
    axes.title.set_fontsize(10)
    axes.legend()
    figure.savefig(RESULTS / "calibration.png", dpi=150, metadata={"Software": None})
    return f"Expected calibration error of the function's probability: {error:.3f} ({BINS} bins, n = {len(sure)})."


def learning_curve(held: Data) -> tuple[list[str], dict[str, list[float]]]:
    """Accuracy by number of labelled plans, over several orders; then with the single measures as well."""
    plans = [*gold("train"), *passes("single").values()]
    curve: dict[str, list[float]] = {}
    for size in (*[s for s in STEPS if s < len(plans)], len(plans)):
        found = []
        for order in range(ORDERS):
            drawn = np.random.default_rng(order).choice(len(plans), size, replace=False)
            found.append(accuracy_score(held.function, classifier()(Data([plans[i] for i in drawn]), held)[0]))
        curve[str(size)] = found
    full = Data([*plans, *passes("measures").values()])
    everything = accuracy_score(held.function, classifier()(full, held)[0])
    sizes = [int(size) for size in curve]
    means = [float(np.mean(values)) for values in curve.values()]
    figure, axes = plt.subplots(figsize=(6, 4), layout="constrained")
    axes.fill_between(sizes, [min(v) for v in curve.values()], [max(v) for v in curve.values()], alpha=0.2)
    axes.plot(sizes, means, marker="o", label="labelled plans")
    axes.axhline(
        everything, linestyle="--", color="C1", label=f"all plans and {len(passes('measures'))} sets of single measures"
    )
    axes.set(xlabel="labelled plans", ylabel="function accuracy", ylim=(0, 1))
    axes.legend(loc="lower right")
    axes.set_title(f"What labels buy: accuracy on {len(set(held.documents))} development documents", fontsize=10)
    figure.savefig(RESULTS / "learning_curve.png", dpi=150, metadata={"Software": None})
    table = [f"| labelled plans | function accuracy, mean (least, most of {ORDERS} orders) |", "|---:|---|"]
    table += [
        f"| {s} | {m:.3f} ({min(v):.3f}, {max(v):.3f}) |" for s, m, v in zip(sizes, means, curve.values(), strict=True)
    ]
    table.append(
        f"| {sizes[-1]} and {len(full.measures) - len(Data(plans).measures)} single measures | {everything:.3f} |"
    )
    return table, {**curve, "with single measures": [everything]}


def main() -> None:
    """Write all tables and plots."""
    train = Data([*gold("train"), *passes("single").values(), *passes("measures").values()])
    held = Data(gold("dev"))
    curve, points = learning_curve(held)
    head = (
        f"Trained on {len(train.measures)} measures, scored on {len(held.measures)} measures of "
        f"{len(set(held.documents))} development documents; 95 % intervals over documents."
    )
    parts = [
        head,
        *systems(train, held),
        calibration(train, held),
        *curve,
        *classes(train, held),
    ]
    lines: list[str] = []
    for before, line in zip(["", *parts], parts, strict=False):
        if (bool(before) and before.startswith("|") != line.startswith("|")) or (
            before.startswith("|") and line.startswith("| ") and line.count("|") != before.count("|")
        ):
            lines.append("")
        lines.append(line)
    text = "\n".join(lines) + "\n"
    (RESULTS / "functions.md").write_text(text, encoding="utf-8", newline="\n")
    (RESULTS / "learning_curve.json").write_text(json.dumps(points, indent=1) + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
