"""`load()` and `extract()`: the pipeline put together."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from spacy.util import load_config_from_str, load_model_from_config

from yaodian.components import stages  # noqa: F401  registers factories
from yaodian.components.layers import Layer, Stage, given, layer, record, record_of
from yaodian.components.tokenizer import CharacterTokenizer
from yaodian.decode import without_surrogates

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from spacy.language import Language

    from yaodian.readers import Document
    from yaodian.record import Record

_CONFIG = """
[nlp]
lang = "zh"
pipeline = ["yaodian_segmenter","yaodian_tagger","yaodian_relator","yaodian_classifier"]

[nlp.tokenizer]
@tokenizers = "yaodian.CharacterTokenizer.v1"

[components]

[components.yaodian_segmenter]
factory = "yaodian_segmenter"

[components.yaodian_tagger]
factory = "yaodian_tagger"

[components.yaodian_relator]
factory = "yaodian_relator"

[components.yaodian_classifier]
factory = "yaodian_classifier"
"""


def load(*, lexicons: Iterable[Path | str] = (), model: Path | str | None = None) -> Language:
    """Load the whole pipeline as a spaCy `Language` whose tokens are characters.

    Args:
        lexicons: further lexicon files or folders, see the lexicon's format in the docs.
        model: folder of a trained model; None takes the packaged one.

    Raises:
        LexiconError: a lexicon has a bad line.
        ModelError: the model is missing or does not fit this version.
    """
    config = load_config_from_str(_CONFIG)
    config["components"]["yaodian_tagger"]["lexicons"] = [str(path) for path in lexicons]
    if model is not None:
        for component in ("yaodian_tagger", "yaodian_classifier"):
            config["components"][component]["model"] = str(model)
    nlp = load_model_from_config(config, auto_fill=True, validate=False)
    # Characters are few and long texts are the rule here: the limit guards parsers, of which there is none.
    nlp.max_length = 50_000_000
    return nlp


@cache
def _default() -> Language:
    return load()


def extract(text: str, *, doc_id: str = "doc", source: str | None = None, nlp: Language | None = None) -> Record:
    """Extract one text.

    Args:
        text: the document, as stored; offsets of the record count its code points.
        doc_id: id of the record.
        source: where the text is from, kept in the record.
        nlp: a loaded pipeline; None uses the default one, loaded at the first call.
    """
    return _extract(text, {}, doc_id=doc_id, source=source, nlp=nlp or _default())


def extract_document(document: Document, *, doc_id: str, source: str | None, nlp: Language) -> Record:
    """Extract a document that a reader gave, with the metadata and notices that it brings along.

    Metadata out of a table's columns hold before what the text says; those of a web page complete it.
    """
    known = given(metadata=document.metadata, first=document.curated, notices=document.notices)
    return _extract(document.text, known, doc_id=doc_id, source=source, nlp=nlp)


def _extract(text: str, known: Layer, *, doc_id: str, source: str | None, nlp: Language) -> Record:
    own = _own_stages(nlp)
    if own is None or len(text) > nlp.max_length:
        doc = nlp.make_doc(text)
        layer(doc).update(known)
        return record(nlp(doc), doc_id=doc_id, source=source)
    stored: Layer = {"text": without_surrogates(text), **known}
    for stage in own:
        stage.run(stored)
    return record_of(stored, doc_id=doc_id, source=source)


def _own_stages(nlp: Language) -> list[Stage] | None:
    """Stages of a pipeline that has no other components and the tokenizer of characters: these need no Doc."""
    components = [component for _, component in nlp.pipeline]
    own = [component for component in components if isinstance(component, Stage)]
    return own if len(own) == len(components) and isinstance(nlp.tokenizer, CharacterTokenizer) else None


__all__ = ["extract", "extract_document", "load"]
