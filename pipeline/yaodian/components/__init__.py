"""The spaCy side: tokenizer, components, `load()`, and Doc to record."""

from yaodian.components.layers import record
from yaodian.components.loading import extract, load
from yaodian.components.tokenizer import CharacterTokenizer

__all__ = ["CharacterTokenizer", "extract", "load", "record"]
