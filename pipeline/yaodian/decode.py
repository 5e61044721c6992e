"""Bytes to text: which encoding, and whether it is text at all."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from yaodian.errors import UnreadableError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CANDIDATES = ["gb18030", "big5", "big5hkscs", "utf_16_le", "utf_16_be"]
_SURROGATE = re.compile("[\ud800-\udfff]")
_CONTROL_SHARE = 0.02
_COMMON_SHARE = 0.5
# A file cut off inside a character, or with a few damaged bytes, is still read.
_DAMAGE_SHARE = 0.001
_DAMAGE_FREE = 2


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text and the encoding it was read in (Python's codec name).

    `damaged` counts the places where bytes did not fit and U+FFFD stands now.
    """

    text: str
    encoding: str
    damaged: int = 0


def decode(data: bytes, *, name: str = "input") -> Decoded:
    """Decode a file's bytes; line ends are kept as they are.

    Args:
        data: the whole file.
        name: how the file is called in an error.

    Raises:
        UnreadableError: the bytes are no text, or in no encoding known here.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            found = _lenient(data, encoding)
            if found is None:
                raise UnreadableError(
                    f"{name}: begins as {encoding} but does not go on so; save it again as UTF-8", reason="broken"
                )
            return found
    try:
        decoded = Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        decoded = _lenient(data, "utf-8") or _guess(data, name)
    if _is_binary(decoded.text):
        raise UnreadableError(f"{name}: not a text file; save it as text, DOCX or PDF", reason="unknown")
    return decoded


def without_surrogates(text: str) -> str:
    """Replace lone surrogates by U+FFFD: they are no characters, and neither spaCy nor JSON can hold them."""
    return _SURROGATE.sub("\ufffd", text)


def _lenient(data: bytes, encoding: str) -> Decoded | None:
    """Decode with U+FFFD for what does not fit, or None where that is more than a few bytes."""
    text = data.decode(encoding, "replace")
    damaged = text.count("\ufffd")
    if damaged > _DAMAGE_FREE + _DAMAGE_SHARE * len(text) or damaged * 4 > len(text):
        return None
    return Decoded(text, encoding, damaged)


def _guess(data: bytes, name: str) -> Decoded:
    from charset_normalizer import from_bytes

    best = from_bytes(data, cp_isolation=_CANDIDATES, threshold=0.5).best()
    found = [best.encoding] if best else []
    for strict in (True, False):
        for encoding in [*found, *_CANDIDATES]:
            decoded = _strict(data, encoding) if strict else _lenient(data, encoding)
            if decoded and not _is_binary(decoded.text) and _chinese_share(decoded.text) >= _COMMON_SHARE:
                return decoded
    raise UnreadableError(
        f"{name}: neither UTF-8, UTF-16, GB18030 nor Big5 text; save it again as UTF-8", reason="unknown"
    )


def _strict(data: bytes, encoding: str) -> Decoded | None:
    try:
        return Decoded(data.decode(encoding), encoding)
    except UnicodeDecodeError:
        return None


def _is_binary(text: str) -> bool:
    control = sum(1 for c in text if c < " " and c not in "\t\n\r\f\v\x1a")
    return "\x00" in text or control > _CONTROL_SHARE * max(len(text), 1)


def _chinese_share(text: str) -> float:
    wanted = sum(1 for c in text if "\u4e00" <= c <= "\u9fff" or "\u3000" <= c <= "\u303f" or c < "\x7f")
    return wanted / max(len(text), 1)
