"""jieba: words of the language, for telling a name from ordinary words and as a layer under the classifier."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jieba_next import Tokenizer


@cache
def tokenizer() -> Tokenizer:
    """The jieba tokenizer with its own dictionary, loaded once (0.4 s).

    jieba-next gives jieba's tokens from a compiled build.
    """
    import jieba_next

    jieba_next.set_log_level("WARNING")
    words = jieba_next.Tokenizer()
    words.initialize()
    return words


def is_word(term: str) -> bool:
    """Whether jieba's dictionary lists `term` as a word."""
    return bool(tokenizer().FREQ.get(term))


def words(text: str) -> list[str]:
    """Tokens of `text`, which they concatenate to."""
    found: list[str] = tokenizer().lcut(text)
    return found
