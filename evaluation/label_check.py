"""Labels of the gold set that models trained without the document disagree with most: candidates for an error.

usage: python evaluation/label_check.py     lists them on standard output and writes results/label_check.json

Every document of the working splits is read by a recogniser of all types that was trained on the others, and
cleanlab's token method (Wang and Mueller 2022) ranks the characters whose label is least likely. Test documents are
not looked at.
"""

from __future__ import annotations

import json
from itertools import groupby
from typing import TYPE_CHECKING

from cleanlab.token_classification.filter import find_label_issues

from corpus import RESULTS, gold, passes
from yaodian.labels import ENTITY_TYPES
from yaodian.lexicon import load_lexicon
from yaodian.recognise.chain import marginals
from yaodian.recognise.features import clauses, see
from yaodian.train import recogniser

if TYPE_CHECKING:
    from yaodian.record import Record

FOLDS = 5
TYPES = tuple(ENTITY_TYPES)
NAMES = ["O", *(f"{place}-{name[0]}" for name in TYPES for place in "BI")]


def main() -> None:
    """List suspicious stretches, the least likely first."""
    records = [*gold("train"), *gold("dev")]
    texts, labels, chances = [], [], []
    for fold in range(FOLDS):
        held = records[fold::FOLDS]
        rest = [r for r in records if r not in held]
        weights = recogniser.fit([*rest, *passes("single").values()], TYPES)
        for record in held:
            text, truth = recogniser.labelled(record, TYPES)
            found = marginals(weights.scores(see(text, load_lexicon())), weights.transitions, clauses(text))
            # Line ends between paragraphs are in no clause: certainly outside.
            found[found.sum(axis=1) == 0, 0] = 1.0
            texts.append((record, text))
            labels.append(truth.tolist())
            chances.append(found)
    issues = find_label_issues(labels, chances)
    stretches = _stretches(issues, texts, labels, chances)
    for line in stretches:
        print(line["document"], line["gold"], "→", line["model"], line["context"])
    summary = {
        "documents": len(records),
        "characters": sum(map(len, labels)),
        "characters_flagged": len(issues),
        "stretches": len(stretches),
    }
    (RESULTS / "label_check.json").write_text(json.dumps(summary, indent=1) + "\n", encoding="utf-8")
    print(summary)


def _context(text: str, start: int, end: int) -> str:
    return f"{text[max(0, start - 14) : start]}【{text[start:end]}】{text[end : end + 12]}".replace("\n", "⏎")


def _stretches(
    issues: list[tuple[int, int]], texts: list[tuple[Record, str]], labels: list[list[int]], chances: list
) -> list[dict[str, str]]:
    """Neighbouring flagged characters as one, in cleanlab's order of their first."""
    rank = {place: number for number, place in enumerate(issues)}
    found = []
    for document, places in groupby(sorted(issues), key=lambda place: place[0]):
        record, text = texts[document]
        run: list[int] = []
        for position in [*(p for _, p in places), -9]:
            if run and position != run[-1] + 1:
                start, end = run[0], run[-1] + 1
                best = [NAMES[int(chances[document][i].argmax())] for i in run]
                found.append(
                    {
                        "rank": min(rank[document, i] for i in run),
                        "document": record.doc_id,
                        "gold": " ".join(NAMES[labels[document][i]] for i in run),
                        "model": " ".join(best),
                        "context": _context(text, start, end),
                    }
                )
                run = []
            if position >= 0:
                run.append(position)
    return sorted(found, key=lambda line: line["rank"])


if __name__ == "__main__":
    main()
