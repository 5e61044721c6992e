"""Speed and memory of whole extraction against plain jieba, in one process, and the cost of starting.

usage: python evaluation/bench.py      writes results/bench.json and results/bench.md
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
import tracemalloc
from statistics import median
from typing import TYPE_CHECKING

import jieba

import yaodian
from corpus import CORPORA, RESULTS
from yaodian.components.layers import get_view, layer

if TYPE_CHECKING:
    from collections.abc import Callable

REPEATS = 7


def seconds(work: Callable[[], object]) -> float:
    """Median time of one call over several."""
    found = []
    for _ in range(REPEATS):
        begin = time.perf_counter()
        work()
        found.append(time.perf_counter() - begin)
    return median(found)


def start(code: str) -> float:
    """Median time of a fresh interpreter that runs `code`."""
    return seconds(lambda: subprocess.run([sys.executable, "-c", code], check=True, capture_output=True))


def throughput(pattern: str) -> dict[str, float]:
    """Characters a second of extraction and of `jieba.lcut` over the same texts, turn about."""
    texts = [path.read_bytes().decode("utf-8") for path in sorted((CORPORA / "texts").glob(pattern))]
    nlp = yaodian.load()
    jieba.setLogLevel("WARNING")
    jieba.initialize()
    for text in texts:
        yaodian.extract(text, nlp=nlp)
    ours, theirs = [], []
    for _ in range(REPEATS):
        begin = time.perf_counter()
        for text in texts:
            yaodian.extract(text, nlp=nlp)
        middle = time.perf_counter()
        for text in texts:
            jieba.lcut(text)
        ours.append(middle - begin)
        theirs.append(time.perf_counter() - middle)
    characters = sum(map(len, texts))
    return {
        "characters": characters,
        "documents": len(texts),
        "extract_characters_per_second": round(characters / median(ours)),
        "jieba_characters_per_second": round(characters / median(theirs)),
        "extract_to_jieba_time": round(median(a / b for a, b in zip(ours, theirs, strict=True)), 2),
    }


def stages() -> dict[str, float]:
    """Time of each stage on the seed as a multiple of `jieba.lcut` on it; the tagger's two parts apart."""
    text = (CORPORA / "texts" / "tj-2023.txt").read_bytes().decode("utf-8")
    nlp = yaodian.load()
    spent: dict[str, list[float]] = {}
    tagger = nlp.get_pipe("yaodian_tagger")
    yaodian.extract(text, nlp=nlp)
    for _ in range(REPEATS):
        doc = nlp.make_doc(text)
        for name, component in nlp.pipeline:
            begin = time.perf_counter()
            doc = component(doc)
            spent.setdefault(name.removeprefix("yaodian_"), []).append(time.perf_counter() - begin)
        view = get_view(layer(doc)).text
        begin = time.perf_counter()
        list(tagger.taggers[-1](view))  # type: ignore[attr-defined]
        spent.setdefault("tagger,_the_recogniser_alone", []).append(time.perf_counter() - begin)
        begin = time.perf_counter()
        jieba.lcut(text)
        spent.setdefault("jieba", []).append(time.perf_counter() - begin)
    whole = median(spent.pop("jieba"))
    return {f"stage_{name}_to_jieba_time": round(median(times) / whole, 2) for name, times in spent.items()}


def memory() -> dict[str, float]:
    """Peak memory that Python allocates while 20 and while 200 documents are extracted, in MB."""
    text = (CORPORA / "texts" / "tj-2023.txt").read_bytes().decode("utf-8")
    nlp = yaodian.load()
    yaodian.extract(text, nlp=nlp)
    peaks = {}
    for documents in (20, 200):
        tracemalloc.start()
        for _ in range(documents):
            yaodian.extract(text, nlp=nlp)
        peaks[f"peak_mb_{documents}_documents"] = round(tracemalloc.get_traced_memory()[1] / 1e6, 2)
        tracemalloc.stop()
    return peaks


def starting() -> dict[str, float]:
    """Start-up as multiples: of a bare interpreter, and of importing spaCy and scikit-learn."""
    bare = start("pass")
    cli = start("import sys; sys.argv = ['yaodian', '--help']; from yaodian.__main__ import main; main()")
    imports = start("import spacy, sklearn.linear_model, sklearn.feature_extraction.text")
    first = start("import yaodian; yaodian.extract('某局2023年工作要点\\n一、总体\\n开展检查。')")
    return {
        "help_to_bare_interpreter": round(cli / bare, 2),
        "first_extraction_to_imports": round(first / imports, 2),
    }


def main() -> None:
    """Measure, print and write."""
    seed = {f"{name}_tj-2023": value for name, value in throughput("tj-2023.txt").items()}
    found = {
        **throughput("*.txt"),
        "extract_to_jieba_time_tj-2023": seed["extract_to_jieba_time_tj-2023"],
        **stages(),
        **memory(),
        **starting(),
    }
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "bench.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    rows = "\n".join(f"| {name.replace('_', ' ')} | {value:,} |" for name, value in found.items())
    (RESULTS / "bench.md").write_text(f"| measured | value |\n|---|---:|\n{rows}\n", encoding="utf-8")
    for name, value in found.items():
        print(f"{name:36} {value:>12,}")


if __name__ == "__main__":
    main()
