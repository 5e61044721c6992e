"""Checks the gold set and reports how far the two labelling passes agree.

usage: python evaluation/gold.py                    check, and write results/agreement.json
       python evaluation/gold.py adopt FOLDER       take adjudicated inline files into corpora/gold
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from corpus import CORPORA, RESULTS, gold, passes, splits
from yaodian.formats import inline, write_labels
from yaodian.scoring import score


def adopt(folder: Path) -> None:
    """Convert adjudicated inline files to label lines; each must mark its text exactly."""
    for path in sorted(folder.glob("*.txt")):
        marked = path.read_bytes().decode("utf-8")
        record = inline.loads(marked, doc_id=path.stem, source=f"texts/{path.name}", name=str(path))
        text = (CORPORA / "texts" / path.name).read_bytes().decode("utf-8")
        if record.text != text:
            raise SystemExit(f"{path}: does not mark corpora/texts/{path.name} character for character")
        write_labels(record, CORPORA / "gold" / f"{path.stem}.jsonl")


def agreement() -> dict[str, object]:
    """Score pass b against pass a: F1 is symmetric, so that neither is the reference."""
    first, second = passes("a"), passes("b")
    common = sorted(set(first) & set(second))
    result = score([second[name] for name in common], [first[name] for name in common])
    return {"documents": common, **result.to_dict()}


def main() -> None:
    """Run the check."""
    if sys.argv[1:2] == ["adopt"]:
        adopt(Path(sys.argv[2]))
        return
    records = gold()
    named = {name for names in splits().values() for name in names}
    unsplit = [record.doc_id for record in records if record.doc_id not in named]
    if unsplit:
        raise SystemExit(f"corpora/splits.toml does not name {', '.join(unsplit)}")
    found = agreement()
    found.pop("errors", None)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "agreement.json").write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(f"{len(records)} gold records are well formed; agreement of {len(found['documents'])} double passes written")


if __name__ == "__main__":
    main()
