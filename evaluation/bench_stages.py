"""Speed of whole extraction and of every stage on one core, each as a ratio to `jieba.lcut` on the same texts."""

from __future__ import annotations

import gc
import hashlib
import tempfile
import time
from collections import defaultdict
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jieba

import yaodian
from bench_corpus import plan
from bench_measure import rate, ratio, timed, turn_about
from corpus import CORPORA
from yaodian.batch import Settings
from yaodian.batch.store import Store
from yaodian.batch.work import Outcome, Task, pack, unpack, work
from yaodian.components.layers import get_view, record_of
from yaodian.export import EXPORTERS, Extracted, extracted, open_exporters
from yaodian.readers import Peek, Reader, cleaned, reader_of
from yaodian.tag import resolve

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from spacy.language import Language

    from yaodian.record import Record

SEED_TEXT = "tj-2023"
GENERATED = 12_000
"""Plans that a corpus of 100 MB has, about; the sample is spread over them."""
_PART = "tagger: "
"""Opens the names of the tagger's parts, which are timed apart."""
_STAGES = ("segmenter", "tagger", "relator", "classifier")


def ready() -> None:
    """Load jieba's dictionary, which is not to be timed."""
    jieba.setLogLevel("WARNING")
    jieba.initialize()


def corpus_texts() -> dict[str, str]:
    """All texts of the corpus by document id."""
    return {path.stem: path.read_bytes().decode("utf-8") for path in sorted((CORPORA / "texts").glob("*.txt"))}


def sample(plans: int) -> list[str]:
    """Plans spread evenly over a corpus of 100 MB."""
    return [plan(number) for number in range(0, GENERATED, GENERATED // plans)]


def speed(texts: Sequence[str], nlp: Language, repeats: int) -> dict[str, Any]:
    """Characters a second of whole extraction and of `jieba.lcut`, turn about."""
    times = turn_about(
        {
            "extract": lambda: [yaodian.extract(text, nlp=nlp) for text in texts],
            "jieba": lambda: [jieba.lcut(text) for text in texts],
        },
        repeats,
    )
    characters = sum(map(len, texts))
    return {
        "documents": len(texts),
        "characters": characters,
        "per_second": rate(characters, times["extract"]),
        "jieba_per_second": rate(characters, times["jieba"]),
        "to_jieba": ratio(times["extract"], times["jieba"]),
    }


class _Clock:
    """Seconds by stage over one round."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = defaultdict(float)

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        begin = time.perf_counter()
        try:
            yield
        finally:
            self.spent[name] += time.perf_counter() - begin


def stages(texts: dict[str, str], nlp: Language, repeats: int) -> dict[str, Any]:
    """Every stage's characters a second and its time as a multiple of `jieba.lcut`, in the order of a run.

    The tagger's parts are timed once more by themselves, and what the whole takes beyond them is its last part.
    """
    rounds: list[dict[str, float]] = []
    for number in range(repeats + 1):
        gc.collect()
        found = _round(texts, nlp)
        if number:
            rounds.append(found)
    characters = sum(map(len, texts.values()))
    base = [one["jieba"] for one in rounds]
    return {
        name: {"per_second": rate(characters, times), "to_jieba": ratio(times, base)}
        for name in rounds[0]
        if (times := [one[name] for one in rounds]) and name != "jieba"
    }


def _round(texts: dict[str, str], nlp: Language) -> dict[str, float]:
    clock = _Clock()
    outcomes: dict[str, Outcome] = {}
    for name, text in texts.items():
        outcomes[name] = _document(name, text.encode(), nlp, clock)
    with tempfile.TemporaryDirectory() as folder:
        _kept(outcomes, Path(folder), clock)
        _exported(outcomes, Path(folder), clock)
    settings = Settings()
    for name, text in texts.items():
        task = Task(path=name, member="", name=name, doc_id=name, content=text.encode())
        with clock("a document's work, reading to packing"):
            work(task, settings)
    for text in texts.values():
        with clock("jieba"):
            jieba.lcut(text)
    parts = sum(took for name, took in clock.spent.items() if name.startswith(_PART))
    clock.spent[f"{_PART}attributes and names (difference)"] = clock.spent["tagger"] - parts
    return dict(sorted(clock.spent.items(), key=_in_order))


def _in_order(item: tuple[str, float]) -> bool:
    # Parts come right behind the tagger, whichever was timed last.
    return not (item[0] == "reading" or item[0] == "segmenter" or item[0].startswith(("tagger", _PART)))


def _document(name: str, data: bytes, nlp: Language, clock: _Clock) -> Outcome:
    with clock("reading"):
        reader = reader_of(Peek.of_bytes(data, name))
        if not isinstance(reader, Reader):
            raise TypeError(f"{name}: a container, not a plan")
        document = cleaned(reader.read(data, name=name))
    stored: dict[str, Any] = {"text": document.text}
    for stage in _STAGES:
        component: Any = nlp.get_pipe(f"yaodian_{stage}")
        with clock(stage):
            component.run(stored)
        if stage == "tagger":
            _taggers(component, get_view(stored).text, clock)
    with clock("record"):
        record = record_of(stored, doc_id=name, source=name)
    return Outcome(status="done", sha256=hashlib.sha256(data).hexdigest(), payload=_packed(record, clock))


def _taggers(component: Any, view: str, clock: _Clock) -> None:
    found = []
    for tagger in component.taggers:
        name = type(tagger).__name__.removesuffix("Tagger").lower()
        with clock(f"{_PART}{name}"):
            found += list(tagger(view))
    with clock(f"{_PART}resolver"):
        resolve(found)


def _packed(record: Record, clock: _Clock) -> bytes:
    with clock("rows"):
        rows = extracted(record, source={"source": record.doc_id, "format": "plain"}, places=())
    with clock("packing"):
        return pack(rows)


def _kept(outcomes: dict[str, Outcome], folder: Path, clock: _Clock) -> None:
    store = Store(folder / "run.sqlite")
    for name, outcome in outcomes.items():
        task = Task(path=name, member="", name=name, doc_id=name)
        with clock("store"):
            store.put(task, "key", outcome)
    store.close()


def _exported(outcomes: dict[str, Outcome], folder: Path, clock: _Clock) -> None:
    found: list[Extracted] = []
    for outcome in outcomes.values():
        with clock("unpacking"):
            found.append(unpack(outcome.payload))
    with clock("reading rows back"):
        for one in found:
            _ = one.rows
    for name in EXPORTERS:
        inside = folder / name
        inside.mkdir()
        clock.spent[f"export: {name}"] = timed(lambda name=name, inside=inside: _export(name, inside, found))  # type: ignore[misc]


def _export(name: str, folder: Path, found: Sequence[Extracted]) -> None:
    with open_exporters([name], folder) as exporters:
        for one in found:
            exporters.write(one)
