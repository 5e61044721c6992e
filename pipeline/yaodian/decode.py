"""Bytes to text: which encoding, and whether it is text at all."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from yaodian.errors import InputError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CANDIDATES = ["gb18030", "big5", "big5hkscs", "utf_16_le", "utf_16_be"]
_CONTROL_SHARE = 0.02
_COMMON_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text and the encoding it was read in (Python's codec name)."""

    text: str
    encoding: str


def decode(data: bytes, *, name: str = "input") -> Decoded:
    """Decode a file's bytes; line ends are kept as they are.

    Args:
        data: the whole file.
        name: how the file is called in an error.

    Raises:
        InputError: the bytes are no text, or in no encoding known here.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return Decoded(_strict(data, encoding, name), encoding)
    try:
        decoded = Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        decoded = _guess(data, name)
    if _is_binary(decoded.text):
        raise InputError(f"{name}: not a text file; convert it to plain text (UTF-8) first")
    return decoded


def _strict(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise InputError(
            f"{name}: begins as {encoding} but byte {error.start} does not fit; save it again as UTF-8"
        ) from error


def _guess(data: bytes, name: str) -> Decoded:
    from charset_normalizer import from_bytes

    best = from_bytes(data, cp_isolation=_CANDIDATES, threshold=0.5).best()
    found = [best.encoding] if best else []
    for encoding in [*found, *_CANDIDATES]:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _is_binary(text) and _chinese_share(text) >= _COMMON_SHARE:
            return Decoded(text, encoding)
    raise InputError(f"{name}: neither UTF-8, UTF-16, GB18030 nor Big5 text; save it again as UTF-8")


def _is_binary(text: str) -> bool:
    control = sum(1 for c in text if c < " " and c not in "\t\n\r\f\v\x1a")
    return "\x00" in text or control > _CONTROL_SHARE * max(len(text), 1)


def _chinese_share(text: str) -> float:
    wanted = sum(1 for c in text if "\u4e00" <= c <= "\u9fff" or "\u3000" <= c <= "\u303f" or c < "\x7f")
    return wanted / max(len(text), 1)
