"""Words of the language: a fast test for two-character words, and jieba's segmentation with the project's terms.

The word list is jieba's own dictionary cut down to words of two characters (frequency 3 and more): it loads in
milliseconds where the whole dictionary takes half a second, and telling a name from a word needs no more.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from yaodian.labels import ENTITY_TYPES
from yaodian.lexicon.matching import load_lexicon

if TYPE_CHECKING:
    from jieba_next import Tokenizer

    from yaodian.lexicon.matching import Lexicon


@cache
def _two_characters() -> frozenset[str]:
    text = resources.files(__package__).joinpath("data/two_character_words.txt").read_text(encoding="utf-8").strip()
    return frozenset(text[i : i + 2] for i in range(0, len(text), 2))


def is_word(term: str) -> bool:
    """Whether `term` is a word of two characters in jieba's dictionary."""
    return term in _two_characters()


@cache
def segmenter(lexicon: Lexicon | None = None) -> Tokenizer:
    """Return a jieba tokenizer that knows the entity terms of a lexicon (None: the packaged one).

    The tokens are jieba's own; jieba-next computes them in a compiled build. Each lexicon has its own tokenizer,
    built once, so that one's terms do not show in another's tokens.
    """
    import jieba_next

    jieba_next.set_log_level("WARNING")
    words = jieba_next.Tokenizer()
    words.initialize()
    terms = {e.term for e in lexicon or load_lexicon() if e.type in ENTITY_TYPES and e.term not in words.FREQ}
    # All frequencies first: a look-up after an addition builds the compiled dictionary anew, 40 ms a term.
    for term, frequency in [(term, words.suggest_freq(term)) for term in sorted(terms)]:
        words.add_word(term, frequency)
    return words


def words(text: str, lexicon: Lexicon | None = None) -> list[str]:
    """Tokens of `text`, which they concatenate to."""
    found: list[str] = segmenter(lexicon).lcut(text)
    return found
