"""Writes the generated tables into the README, between their markers.

usage: python evaluation/readme.py           write
       python evaluation/readme.py --check   exit with 1 if the README does not hold the results' tables
"""

from __future__ import annotations

import re
import sys

from corpus import RESULTS, ROOT

MARKERS = {"scores": "scores.md", "ablation": "ablation.md", "align": "align.md", "bench": "bench.md"}


def filled(text: str) -> str:
    """README with every table that `results/` holds."""
    for name, file in MARKERS.items():
        path = RESULTS / file
        if path.is_file():
            table = f"<!-- {name} -->\n{path.read_text(encoding='utf-8')}<!-- /{name} -->"
            text = re.sub(
                rf"<!-- {name} -->(?:.*?<!-- /{name} -->)?", lambda _, table=table: table, text, flags=re.DOTALL
            )
    return text


def main() -> None:
    """Write or check."""
    path = ROOT / "README.md"
    text = path.read_text(encoding="utf-8")
    wanted = filled(text)
    if "--check" in sys.argv:
        sys.exit(
            0 if text == wanted else "README.md: tables are not those of evaluation/results; run evaluation/readme.py"
        )
    path.write_text(wanted, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
