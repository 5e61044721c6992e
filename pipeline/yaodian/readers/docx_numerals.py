"""One number in each of the ways that Word prints it, and symbol fonts' characters as Unicode."""

from __future__ import annotations

from string import ascii_uppercase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_DIGITS = str.maketrans("0123456789", "〇一二三四五六七八九")
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"),
    (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip
_HUNDRED = 100
_TWENTY = 20
_MOST_LETTERS = 780
_MOST_ROMAN = 32767


def _counting(number: int) -> str:
    """十一, 一百零一."""
    import cn2an

    return str(cn2an.an2cn(str(number), "low"))


def _legal(number: int) -> str:
    import cn2an

    return str(cn2an.an2cn(str(number), "up"))


def _short_counting(number: int) -> str:
    """Units up to 99, from there digit by digit: 十一, 一〇一."""
    return _counting(number) if number < _HUNDRED else _digits(number)


def _japanese(number: int) -> str:
    """百一 for 一百零一: no one before a unit and no zero."""
    text = _counting(number).replace("零", "")
    return "".join(c for c, after in zip(text, text[1:] + " ", strict=True) if not (c == "一" and after in "十百千"))


def _digits(number: int) -> str:
    return str(number).translate(_DIGITS)


def _letters(number: int) -> str:
    """A … Z, AA, BB …: Word repeats the letter."""
    if not 0 < number <= _MOST_LETTERS:
        return str(number)
    return ascii_uppercase[(number - 1) % 26] * ((number - 1) // 26 + 1)


def _roman(number: int) -> str:
    if not 0 < number <= _MOST_ROMAN:
        return str(number)
    pieces = []
    for size, sign in _ROMAN:
        pieces.append(sign * (number // size))
        number %= size
    return "".join(pieces)


def _from(first: str, last: int) -> Callable[[int], str]:
    """Ready-made characters for 1 to `last`, then plain figures."""
    return lambda number: chr(ord(first) + number - 1) if 0 < number <= last else str(number)


def _cycle(signs: str) -> Callable[[int], str]:
    return lambda number: signs[(number - 1) % len(signs)] if number > 0 else str(number)


_FORMS: dict[str, Callable[[int], str]] = {
    "none": lambda _: "",
    "decimalZero": lambda number: f"{number:02d}",
    "numberInDash": lambda number: f"- {number} -",
    "chineseCounting": _short_counting,
    "taiwaneseCounting": _short_counting,
    "chineseCountingThousand": _counting,
    "taiwaneseCountingThousand": _counting,
    "japaneseCounting": _japanese,
    "ideographDigital": _digits,
    "japaneseDigitalTenThousand": _digits,
    "taiwaneseDigital": _digits,
    "chineseLegalSimplified": _legal,
    "ideographTraditional": _cycle(_STEMS),
    "ideographZodiac": _cycle(_BRANCHES),
    "decimalFullWidth": lambda number: str(number).translate(_FULL_WIDTH),
    "decimalFullWidth2": lambda number: str(number).translate(_FULL_WIDTH),
    "decimalEnclosedCircle": _from("①", _TWENTY),
    "decimalEnclosedCircleChinese": _from("①", _TWENTY),
    "decimalEnclosedParen": _from("⑴", _TWENTY),
    "decimalEnclosedFullstop": _from("⒈", _TWENTY),
    "ideographEnclosedCircle": _from("㊀", 10),
    "upperLetter": _letters,
    "lowerLetter": lambda number: _letters(number).lower(),
    "upperRoman": _roman,
    "lowerRoman": lambda number: _roman(number).lower(),
}


def numeral(number: int, form: str) -> str:
    """Print `number` in a `w:numFmt`; forms not known here are printed in figures.

    `custom 001, 002, …` is a form with as many digits as its first example.
    """
    if form.startswith("custom "):
        return str(number).zfill(len(form.removeprefix("custom ").split(",")[0].strip()))
    return _FORMS.get(form, str)(number)


_WINGDINGS = {
    0x6C: "●", 0x6D: "○", 0x6E: "■", 0x6F: "□", 0x70: "□", 0x71: "□", 0x72: "□", 0x73: "◆", 0x74: "◆", 0x75: "◆",
    0x76: "◆", 0x81: "①", 0x82: "②", 0x83: "③", 0x84: "④", 0x85: "⑤", 0x86: "⑥", 0x87: "⑦", 0x88: "⑧", 0x89: "⑨",
    0x8A: "⑩", 0x9F: "•", 0xA3: "□", 0xA7: "■", 0xA8: "□", 0xB2: "◇", 0xB7: "•", 0xD8: "➢", 0xDC: "➢", 0xE0: "→",
    0xF0: "➢", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑", 0x52: "☑", 0x53: "☒",
}  # fmt: skip
_SYMBOL = {
    0x44: "Δ", 0x57: "Ω", 0x61: "α", 0x62: "β", 0x67: "γ", 0x6C: "λ", 0x6D: "μ", 0x70: "π", 0xA3: "≤", 0xA5: "∞",
    0xAE: "→", 0xB0: "°", 0xB1: "±", 0xB3: "≥", 0xB4: "×", 0xB7: "•", 0xB8: "÷", 0xB9: "≠", 0xBB: "≈", 0xD7: "·",
}  # fmt: skip
_PRIVATE = 0xF000


def symbol(text: str, font: str = "Wingdings") -> str:
    """Characters of a symbol font, which stand at U+F000 and up, as Unicode; a bullet for those not known here."""
    known = _SYMBOL if font == "Symbol" else _WINGDINGS
    return "".join(known.get(ord(c) - _PRIVATE, "•") if _PRIVATE <= ord(c) <= _PRIVATE + 0xFF else c for c in text)
