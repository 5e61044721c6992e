"""The spaCy side: tokenizer, components, `load()`, and Doc to record.

Importing it registers the components and two extensions: `doc._.yaodian_record`, and `doc._.yaodian_words`, jieba's
words with the project's terms, computed when asked for.
"""

from spacy.tokens import Doc

from yaodian.components.layers import record, text_of
from yaodian.components.loading import extract, extract_document, load
from yaodian.components.tokenizer import CharacterTokenizer
from yaodian.lexicon.words import words

Doc.set_extension("yaodian_record", getter=record, force=True)
Doc.set_extension("yaodian_words", getter=lambda doc: words(text_of(doc)), force=True)

__all__ = ["CharacterTokenizer", "extract", "extract_document", "load", "record"]
