"""One token a character: token index and character offset are the same number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from spacy.tokens import Doc
from spacy.util import registry

from yaodian.components.layers import KEY
from yaodian.decode import without_surrogates

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from spacy.language import Language
    from spacy.vocab import Vocab


class CharacterTokenizer:
    """Makes a Doc of which token `i` is character `i` of the text, white space included."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        """Return the Doc of `text`; `doc.text == text`, save that a lone surrogate becomes U+FFFD."""
        text = without_surrogates(text)
        # The text is kept beside the tokens: putting it together from them again takes as long as tagging it.
        return Doc(self.vocab, words=list(text), spaces=[False] * len(text), user_data={KEY: {"text": text}})

    def to_bytes(self, **_: Any) -> bytes:
        """Nothing to serialise."""
        return b""

    def from_bytes(self, _data: bytes, **_: Any) -> CharacterTokenizer:
        """Nothing to restore."""
        return self

    def to_disk(self, path: str | Path, **_: Any) -> None:
        """Nothing to write."""

    def from_disk(self, _path: str | Path, **_: Any) -> CharacterTokenizer:
        """Nothing to read."""
        return self


@registry.tokenizers("yaodian.CharacterTokenizer.v1")  # type: ignore[untyped-decorator]
def character_tokenizer() -> Callable[[Language], CharacterTokenizer]:
    """Create the tokenizer for a config's `[nlp.tokenizer]`."""

    def make(nlp: Language) -> CharacterTokenizer:
        return CharacterTokenizer(nlp.vocab)

    return make
