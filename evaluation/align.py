"""Alignment of plans over years: fits the pair model, scores it on bureaus that it has not seen, compares annotators.

usage: python evaluation/align.py [--write]     writes results/align.json and align.md; --write also the model's weights
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.linear_model import LogisticRegression

import yaodian
from corpus import CORPORA, RESULTS
from yaodian.compare.align import FILE, Weights, compare
from yaodian.compare.model import Change, Link
from yaodian.compare.similarity import FEATURES, features, side
from yaodian.spans import Span, overlap
from zh_yaodian import PATH

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from yaodian.record import Record

PART_SHARE, PART_GAIN = 0.5, 0.1
_DRAWS = 2000


@dataclass(frozen=True)
class Pair:
    """Two plans of one bureau and the links that were labelled between them."""

    name: str
    left: Record
    right: Record
    links: tuple[Link, ...]

    @property
    def bureau(self) -> str:
        """What is left out as a whole when the pair is scored."""
        return self.name.rsplit("-", 2)[0]


def read_links(path: Path, left: Record, right: Record) -> tuple[Link, ...]:
    """Links of one file, a JSON object a line whose sides are spans `[start, end)` of measures in the two texts."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    return tuple(
        Link(_ids(left, r["left"]), _ids(right, r["right"]), r["relation"], 1.0, r["moved"], _changes(r["changes"]))
        for r in rows
    )


def _changes(rows: Sequence[dict[str, Any]]) -> tuple[Change, ...]:
    """Labelled changes; annotators gave their wordings, not their places."""
    return tuple(Change(row["kind"], row["direction"], None, None, row["note"]) for row in rows)


def _ids(record: Record, spans: Sequence[tuple[int, int]]) -> tuple[str, ...]:
    """Ids of the measures that share most with the labelled spans."""
    found = [max(record.measures, key=lambda m: overlap(Span(*span), m)).id for span in spans]
    return tuple(dict.fromkeys(found))


def pairs(folder: str) -> list[Pair]:
    """All labelled pairs of `corpora/alignments/FOLDER`."""
    found = []
    for path in sorted((CORPORA / "alignments" / folder).glob("*.jsonl")):
        bureau, first, second = path.stem.rsplit("-", 2)
        records = [_record(f"{bureau}-{year}") for year in (first, second)]
        found.append(Pair(path.stem, *records, read_links(path, *records)))
    return found


def _record(name: str) -> Record:
    text = (CORPORA / "series" / f"{name}.txt").read_bytes().decode("utf-8")
    return yaodian.extract(text, doc_id=name)


def examples(pair: Pair) -> tuple[Any, Any]:
    """Evidence and labels of all pairs of measures but the further parts of splits and merges."""
    left, right = side(pair.left), side(pair.right)
    evidence = features(left, right)
    row = {m.id: i for i, m in enumerate(left.measures)}
    column = {m.id: j for j, m in enumerate(right.measures)}
    labels, counts = np.zeros(evidence.shape[:2]), np.ones(evidence.shape[:2], bool)
    for link in pair.links:
        cells = sorted((evidence[row[a], column[b], 0], row[a], column[b]) for a, b in product(link.left, link.right))
        for _, i, j in cells[:-1]:
            counts[i, j] = False
        for _, i, j in cells[-1:]:
            labels[i, j] = 1
    return evidence[counts], labels[counts]


def fit(train: Sequence[Pair]) -> Weights:
    """Fit the pair model."""
    made = [examples(pair) for pair in train]
    model = LogisticRegression(C=10, max_iter=5000).fit(
        np.concatenate([x for x, _ in made]), np.concatenate([y for _, y in made])
    )
    coefficients = tuple(round(float(c), 4) for c in model.coef_[0])
    return Weights(coefficients, round(float(model.intercept_[0]), 4), PART_SHARE, PART_GAIN)


def nearest(pair: Pair, least: float = 0.4) -> list[Link]:
    """Baseline: each left measure goes to its nearest right one by TF-IDF, if that is near enough."""
    evidence = features(side(pair.left), side(pair.right))[..., 0]
    best = evidence.argmax(axis=1)
    return [
        Link((m.id,), (pair.right.measures[j].id,), "reworded", float(evidence[i, j]))
        for i, (m, j) in enumerate(zip(pair.left.measures, best, strict=True))
        if evidence[i, j] >= least
    ]


def counts(found: Sequence[Link], gold: Sequence[Link]) -> dict[str, int]:
    """Numbers that all scores are made of, for one pair of plans."""
    want = {(link.left, link.right): link for link in gold if link.left and link.right}
    have = {(link.left, link.right): link for link in found if link.left and link.right}
    single = [{p for k in links for p in product(*k)} for links in (want, have)]
    both = want.keys() & have.keys()
    told = {cell for link in found if _sets_target(link) for cell in product(link.left, link.right)}
    changed = [link for link in gold if _sets_target(link)]
    return {
        "strict": len(both), "found": len(have), "gold": len(want),
        "lax": len(single[0] & single[1]), "lax_found": len(single[1]), "lax_gold": len(single[0]),
        "relations": sum(want[key].relation == have[key].relation for key in both),
        "targets": sum(any(cell in told for cell in product(link.left, link.right)) for link in changed),
        "targets_gold": len(changed),
    }  # fmt: skip


def _sets_target(link: Link) -> bool:
    """Whether a target, or how it is compared, differs between the sides."""
    return any(change.kind in ("target", "comparator") for change in link.changes)


def scores(rows: Sequence[dict[str, int]]) -> dict[str, float]:
    """F1 of links (strict: both sides whole; lax: single pairs), relation accuracy, recall of changed targets."""
    total = {key: sum(row[key] for row in rows) for key in rows[0]}
    return {
        "strict_f1": 2 * total["strict"] / (total["found"] + total["gold"]),
        "lax_f1": 2 * total["lax"] / (total["lax_found"] + total["lax_gold"]),
        "relation_accuracy": total["relations"] / max(total["strict"], 1),
        "changed_targets_recall": total["targets"] / max(total["targets_gold"], 1),
    }


def main() -> None:
    """Fit, score, print and write."""
    gold = pairs("gold")
    rows, base = [], []
    for pair in gold:
        weights = fit([other for other in gold if other.bureau != pair.bureau])
        rows.append(counts(compare(pair.left, pair.right, weights=weights).links, pair.links))
        base.append(counts(nearest(pair), pair.links))
    a, b = ({p.name: p for p in pairs(name)} for name in ("a", "b"))
    people = [counts(b[name].links, a[name].links) for name in a if name in b]
    table = {"yaodian, bureau left out": scores(rows), "TF-IDF nearest neighbour": scores(base)}
    if people:
        table["two annotators"] = scores(people)
    links = sum(row["gold"] for row in rows)
    by_pair = {pair.name: scores([row]) for pair, row in zip(gold, rows, strict=True)}
    report = {"pairs": [p.name for p in gold], "links": links, "scores": table, "by_pair": by_pair}
    (RESULTS / "align.json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    text = _as_table(table)
    bureaus = len({pair.bureau for pair in gold})
    text += f"\n\n{len(gold)} pairs of plans of {bureaus} bureaus, {links} links; synthetic plans."
    (RESULTS / "align.md").write_text(text + "\n", encoding="utf-8")
    print(text)
    if "--write" in sys.argv:
        whole = fit(gold)
        data = {
            "features": list(FEATURES), "coefficients": whole.coefficients, "intercept": whole.intercept,
            "part_share": whole.part_share, "part_gain": whole.part_gain,
            "fitted_on": [p.name for p in gold],
        }  # fmt: skip
        (PATH / FILE).write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


def _as_table(table: dict[str, dict[str, float]]) -> str:
    names = list(next(iter(table.values())))
    lines = [f"| | {' | '.join(name.replace('_', ' ') for name in names)} |", "|---|" + "---:|" * len(names)]
    for who, values in table.items():
        # The baseline only links; it tells neither relations nor changes.
        links_only = who.startswith("TF-IDF")
        cells = ["–" if links_only and not n.endswith("f1") else f"{values[n]:.3f}" for n in names]
        lines.append(f"| {who} | {' | '.join(cells)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
