"""How many of the public Chinese specs of Recognizers-Text our quantities get right, case by case.

usage: python evaluation/recognizers.py FOLDER     FOLDER holds DimensionModel.json, CurrencyModel.json, …

The specs are not part of the project. A case is right if all its results and no others are found: text, value and
unit. Our quantities keep the span of number and unit and convert units, so that this converter gives the value in the
unit as written, joins the parts of a sum of money, and writes a comparator with its bound as an interval.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from yaodian.lexicon import load_lexicon
from yaodian.normalise import Context, attributes
from yaodian.numerals import to_number
from yaodian.spans import fold
from yaodian.tag.quantity import NUMERAL, QuantityTagger

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

UNITS = {
    "公分": "Centimeter", "厘米": "Centimeter", "cm": "Centimeter", "米": "Meter", "m": "Meter", "公里": "Kilometer",
    "千米": "Kilometer", "km": "Kilometer", "毫米": "Millimeter", "亩": "Mu", "公顷": "Hectare",
    "平方米": "Square meter",
    "平方公里": "Square kilometer", "立方米": "Cubic meter", "千克": "Kilogram", "公斤": "Kilogram", "克": "Gram",
    "斤": "Jin", "吨": "Metric ton", "升": "Liter", "毫升": "Milliliter", "千瓦": "Kilowatt", "比特": "Bit",
    "字节": "Byte", "兆赫兹": "Megahertz", "兆赫": "Megahertz",
}  # fmt: skip
MONEY = {
    "元": ("Chinese yuan", "CNY"), "块": ("Chinese yuan", "CNY"), "块钱": ("Chinese yuan", "CNY"),
    "人民币": ("Chinese yuan", "CNY"), "元人民币": ("Chinese yuan", "CNY"), "美元": ("United States dollar", "USD"),
    "美圆": ("United States dollar", "USD"), "台币": ("New Taiwan dollar", "TWD"), "欧元": ("Euro", "EUR"),
    "新台币": ("New Taiwan dollar", "TWD"), "日元": ("Japanese yen", "JPY"), "英镑": ("British pound", "GBP"),
    "港币": ("Hong Kong dollar", "HKD"), "港元": ("Hong Kong dollar", "HKD"), "个比特币": ("Bitcoin", None),
}  # fmt: skip
_PARTS = re.compile(rf"又?(?:(?P<tenths>{NUMERAL})角)?(?:(?P<hundredths>{NUMERAL})(?:美分|日本銭|分))?")
_JOINT = re.compile(r"(?:的同时|并且?|且|、)?\Z")
_BOUND = re.compile(
    r"(?P<ge>大于或?者?等于|不小于|不少于|不低于|至少有?|≥|> ?=)|"
    r"(?P<le>小于或?者?等于|不超过|不大于|不高于|至多|≤|< ?=)|"
    r"(?P<gt>大于|超过了?|高于|多于|过|>)|(?P<lt>小于|少于|低于|<)"
)
_LEXICON = load_lexicon()


def quantities(text: str) -> Iterator[tuple[int, int, Any, str]]:
    """Our quantities as (start, end, attributes, unit's wording)."""
    for found in sorted(QuantityTagger(_LEXICON)(text)):
        read: Any = attributes("QUANTITY", Context(text, found.start, found.end, _LEXICON))
        wording = re.sub(rf"^(?:{NUMERAL})[余多来几]?[万亿]?|半$", "", text[found.start : found.end])
        yield found.start, found.end, read, wording


def _written(value: float, wording: str) -> str:
    """Value in the unit as written, as Recognizers-Text prints it."""
    entry = _LEXICON["UNIT"].get(wording)
    plain = value / float(entry.note or 1) if entry else value
    return f"{round(plain, 6):.15g}"


def dimension(text: str) -> list[tuple[str, str, str]]:
    """Results of the dimension model."""
    found = []
    for start, end, read, wording in quantities(text):
        if wording in UNITS and read.value is not None:
            minus = start and text[start - 1] == "负"
            value = _written(-read.value if minus else read.value, wording)
            found.append((text[start - minus : end], value, UNITS[wording]))
    return found


def currency(text: str) -> list[tuple[str, str, str]]:
    """Results of the currency model; `50元6角三分` is one sum."""
    found, done = [], 0
    for start, last, read, wording in quantities(text):
        end = last
        if start < done or wording not in MONEY or read.value is None:
            continue
        value = read.value
        rest = _PARTS.match(text, end)
        if rest and rest[0].strip("又"):
            value += (to_number(rest["tenths"]) or 0) / 10 if rest["tenths"] else 0
            value += (to_number(rest["hundredths"]) or 0) / 100 if rest["hundredths"] else 0
            end = rest.end()
        ahead = re.search(r"人民币\s*\Z", text[:start])
        begin = ahead.start() if ahead and wording == "元" else start
        done = end
        found.append((text[begin:end], _written(value, wording), MONEY[wording][0]))
    return found


def number_range(text: str) -> list[tuple[str, str]]:
    """Results of the number range model: a bound before a numeral, two numerals with a link, or one that is open."""
    found: list[tuple[str, str]] = []
    numerals = list(re.finditer(rf"(?P<n>{NUMERAL})(?P<more>[余多几])?(?P<scale>[万亿])?", text))
    done, lower = 0, None
    for index, match in enumerate(numerals):
        if match.start() < done:
            continue
        value = _value(match)
        following = numerals[index + 1] if index + 1 < len(numerals) else None
        link = text[match.end() : following.start()] if following else ""
        bound = next(
            (b for b in _BOUND.finditer(text, max(0, match.start() - 6), match.start()) if b.end() == match.start()),
            None,
        )
        if following and re.fullmatch(r" ?[~–—到至-] ?|与", link):
            behind = "之间" if link == "与" else ""
            end = following.end() + len(behind)
            found.append((text[match.start() : end], f"[{value},{_value(following)})"))
            done = end
        elif bound:
            kind = bound.lastgroup
            interval = {"ge": f"[{value},)", "gt": f"({value},)", "le": f"(,{value}]", "lt": f"(,{value})"}[
                kind or "ge"
            ]
            end = match.end()
            if lower and interval.startswith("(,") and _JOINT.fullmatch(text, lower[1], bound.start()):
                # `大于10且小于20` is one interval where the second bound is above the first.
                low = lower[2].removesuffix(",)")
                if float(low[1:]) < float(re.sub(r"[(,)\]]", "", interval)):
                    found.pop()
                    found.append((text[lower[0] : end], f"{low}{interval[1:]}"))
                    lower = None
                    continue
            found.append((text[bound.start() : end], interval))
            lower = (bound.start(), end, interval) if interval.endswith(",)") else None
        elif text.startswith("以上", match.end()):
            found.append((text[match.start() : match.end() + 2], f"({value},)"))
        elif match["more"]:
            found.append((match[0], f"({value},)"))
    return found


def _value(match: re.Match[str]) -> str:
    value = to_number(match["n"].removeprefix("百分之")) or 0.0
    value *= {"万": 10_000, "亿": 100_000_000}.get(match["scale"] or "", 1)
    return f"{value:.15g}"


MODELS: dict[str, tuple[Callable[[str], list[Any]], tuple[str, ...]]] = {
    "DimensionModel": (dimension, ("value", "unit")),
    "CurrencyModel": (currency, ("value", "unit")),
    "NumberRangeModel": (number_range, ("value",)),
}


def main() -> None:
    """Count the cases that are right."""
    folder = Path(sys.argv[1])
    for name, (read, keys) in MODELS.items():
        cases = json.loads((folder / f"{name}.json").read_text(encoding="utf-8-sig"))
        right = 0
        for case in cases:
            expected = [
                (fold(r["Text"]), *(str(r["Resolution"].get(key)) for key in keys)) for r in case.get("Results", [])
            ]
            found = read(fold(case["Input"]))
            right += found == expected
            if found != expected and "-v" in sys.argv:
                print(f"  {case['Input']}\n    expected {expected}\n    found    {found}")
        print(f"{name}: {right} of {len(cases)} cases right")


if __name__ == "__main__":
    main()
