"""Numerals to numbers: Arabic, Chinese, financial and mixed; cn2an reads whole, found numerals."""

from __future__ import annotations

import re
from functools import lru_cache
from math import prod

CHINESE_DIGITS = "〇零一二三四五六七八九两壹贰叁肆伍陆柒捌玖"
_UNITS = "十百千拾佰仟"
_SCALES = {"十": 10, "百": 100, "千": 1_000, "万": 10_000, "亿": 100_000_000}
_MIXED = re.compile(r"([\d.]+)([十百千万亿]*)\Z")
# 一点二亿: cn2an reads the point but not the scale behind it.
_POINTED = re.compile(r"(?P<number>.+点[零〇一二三四五六七八九]+)(?P<scale>[十百千万亿]*)\Z")
_ORDINARY = str.maketrans("拾佰仟〇", "十百千零")
_DIGITS = {c: str(i % 10) for i, c in enumerate("零一二三四五六七八九")} | {"〇": "0", "两": "2"}


@lru_cache(maxsize=4096)
def to_number(text: str) -> float | None:
    """Value of one numeral such as `12`, `1,100万`, `1.2亿`, `三千二百万`, `二〇二三`, or None if it is none.

    Thousands separators are allowed; white space is not.
    """
    text = text.replace(",", "").replace("，", "")
    mixed = _MIXED.match(text)
    if mixed:
        try:
            value = float(mixed[1])
        except ValueError:
            return None
        for scale in mixed[2]:
            value *= _SCALES[scale]
        return round(value, 6)
    return _chinese(text.translate(_ORDINARY))


def _chinese(text: str) -> float | None:
    """Value of a Chinese numeral in ordinary characters."""
    if text in _SMALL:
        return _SMALL[text]
    if len(text) > 1 and all(c in _DIGITS for c in text):
        return float("".join(_DIGITS[c] for c in text))
    pointed = _POINTED.match(text)
    if pointed and pointed["scale"]:
        value = _chinese(pointed["number"])
        return None if value is None else round(value * prod(_SCALES[scale] for scale in pointed["scale"]), 6)
    # Imported late: it takes a tenth of a second, and most documents count no further than ninety-nine.
    import cn2an

    try:
        return float(cn2an.cn2an(text, "smart"))
    except (ValueError, KeyError, IndexError):
        return None


_ONES = "零一二三四五六七八九"
_TENS = ["", "十", *(f"{digit}十" for digit in _ONES[2:])]
_SMALL = {
    f"{tens}{'' if tens and not i else _ONES[i]}": 10.0 * t + i for t, tens in enumerate(_TENS) for i in range(10)
}
_SMALL["两"] = 2.0


def to_ordinal(text: str) -> int | None:
    """Whole number of a heading's numeral (`十二`, `3`), or None."""
    value = to_number(text)
    return int(value) if value is not None and value == int(value) else None
