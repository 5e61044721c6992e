"""Two questions about a record's figures: is every value what the text says, and what became of every number.

Accuracy is checked against the span's own characters, read again by other means than the tagger's. Coverage asks of
each number in the text whether it ended as a quantity, a date, a name, a numbering or a listed exclusion; what did
not is left over and listed. The two are apart: a tagger that finds little can be wholly accurate.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from yaodian.lexicon import load_lexicon
from yaodian.lexicon.words import is_word
from yaodian.numerals import to_number
from yaodian.spans import fold
from yaodian.units import convert

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from yaodian.lexicon import Lexicon
    from yaodian.record import Entity, Record

_CN = "一二三四五六七八九十百千万亿两零〇壹贰叁肆伍陆柒捌玖拾佰仟"
_NUMBER = re.compile(rf"\d[\d,，]*(?:\.\d+)?|[{_CN}]+(?:点[{_CN}]+)?")
_SPOKEN = re.compile(rf"(?P<arabic>\d[\d,，]*(?:\.\d+)?)(?P<scale>[十百千万亿]*)|(?P<chinese>[{_CN}]+(?:点[{_CN}]+)?)")
_SCALES = {"十": 10, "百": 100, "千": 1_000, "万": 10_000, "亿": 100_000_000}
_INEXACT = re.compile(
    rf"[数几半余多来刻]|分之|/\d|成[{_CN}\d]|(?<![\d.])[{_CN}]*[一二三四五六七八九][二三四五六七八九]"
)
_DATE_BEHIND = re.compile(
    r" ?(?:年(?!龄|均)|月|日|号|时(?!间)|点(?:前|半|整|钟|\d)|季度|旬|世纪|周年|年代|月份|：\d\d|[至到]\d{1,2}月)"
)
_FURNITURE = re.compile(r"[—-] ?\Z")
_DATE_BEFORE = re.compile(r"(?:年|月|[-—~至到、/]|\d[.:：])\Z")
_ORDINAL_BEFORE = re.compile(r"(?:第|初|“?十)\Z")
_ORDINAL_BEHIND = re.compile(r"(?:[、.．)）](?!\d)|[是要]|级|届|号|期|中全会|五”|五规划)")
_CODE = re.compile(r"[A-Za-z]\Z|^[A-Za-z]")
_DIALLED = re.compile(r"(?:电话|热线|传真|邮编|拨打|编号|代码|网址|举报)[^，。；]{0,12}\Z")
_CONTEXT = 12
_TOLERANCE = 1e-6
KINDS = ("quantity", "date", "name", "numbering", "exclusion", "word", "left over")
"""What a number can have ended as; `word` is a numeral inside a word of the dictionary (`统一`)."""


@dataclass(slots=True)
class Audit:
    """Findings over any number of records."""

    quantities: int = 0
    wrong: list[str] = field(default_factory=list)
    """One line a quantity whose value the text does not bear out."""
    numbers: Counter[str] = field(default_factory=Counter)
    """Numbers by what they ended as, of `KINDS`."""
    left_over: list[str] = field(default_factory=list)
    """One line a number that ended as nothing, in context."""

    @property
    def accuracy(self) -> float | None:
        """Share of quantities that the text bears out, None where there is none."""
        return 1 - len(self.wrong) / self.quantities if self.quantities else None

    @property
    def coverage(self) -> float | None:
        """Share of numbers that ended as something, None where there is none."""
        total = self.numbers.total()
        return 1 - self.numbers["left over"] / total if total else None

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON."""
        return {
            "quantities": self.quantities,
            "accuracy": self.accuracy,
            "wrong": self.wrong,
            "numbers": {kind: self.numbers[kind] for kind in KINDS},
            "coverage": self.coverage,
            "left_over": self.left_over,
        }


def audit(records: Iterable[Record], lexicon: Lexicon | None = None) -> Audit:
    """Audit records; `lexicon` is the one that they were extracted with (None: the packaged one)."""
    result, known = Audit(), lexicon or load_lexicon()
    for record in records:
        for entity in record.entities:
            if entity.type == "QUANTITY":
                result.quantities += 1
                if not bears_out(record.text, entity, known):
                    read: Any = entity.attributes
                    value = read.value if read.low is None else (read.low, read.high)
                    result.wrong.append(f"{record.doc_id}:{entity.start}: {entity.text!r} read as {value} {read.unit}")
        for kind, start, end in _numbers(record, known):
            result.numbers[kind] += 1
            if kind == "left over":
                around = record.text[max(0, start - _CONTEXT) : start], record.text[end : end + _CONTEXT]
                line = f"{around[0]}[{record.text[start:end]}]{around[1]}".replace("\n", "⏎")
                result.left_over.append(f"{record.doc_id}:{start}: {line}")
    return result


def bears_out(text: str, entity: Entity, lexicon: Lexicon) -> bool:
    """Whether a quantity's numbers stand in its span, up to the factor of its unit.

    Inexact and compound numerals (`十余`, `三分之一`, `两个半`) bear out any value: their reading is tested elsewhere.
    """
    if text[entity.start : entity.end] != entity.text:
        return False
    span = fold(re.sub(r"\s", "", entity.text))
    read: Any = entity.attributes
    values = [v for v in (read.value, read.low, read.high) if v is not None]
    if not values:
        return False
    if _INEXACT.search(span):
        return True
    spoken = [number for match in _SPOKEN.finditer(span) for number in _spoken(match)]
    factors = {1.0, 10_000.0, 100_000_000.0}
    units = [entry for entry in lexicon["UNIT"] if entry.term in span]
    factors |= {float(entry.note or 1) for entry in units}
    # `10个月至1年`: the bound with the other unit was converted.
    factors |= {
        f for entry in units if entry.canonical and (f := convert(1.0, entry.canonical, read.unit or "")) is not None
    }
    factors |= {0.0001} if "万分之" in span else set()
    return all(_is_among(abs(value), spoken, factors) for value in values)


def _is_among(value: float, spoken: Iterable[float], factors: set[float]) -> bool:
    near = _TOLERANCE * max(1.0, value)
    return any(abs(value - number * factor) <= near for number in spoken for factor in factors)


def _spoken(match: re.Match[str]) -> Iterator[float]:
    """Readings of a numeral in a span: its scale may be the beginning of the unit (`10.5亿千瓦`)."""
    if match["chinese"]:
        for wording in (match["chinese"], f"一{match['chinese']}"):
            value = to_number(wording)
            if value is not None:
                yield value
                return
        return
    number = float(match["arabic"].replace(",", "").replace("，", "").rstrip("."))
    yield number
    for scale in match["scale"]:
        number *= _SCALES[scale]
        yield number


def _numbers(record: Record, lexicon: Lexicon) -> Iterator[tuple[str, int, int]]:
    """Every number of the text with what it ended as."""
    text = fold(record.text)
    quantities = _covered(len(text), [(e.start, e.end) for e in record.entities if e.type == "QUANTITY"])
    names = _covered(len(text), [(e.start, e.end) for e in record.entities if e.type != "QUANTITY"])
    numbered = _covered(len(text), [(s.start, s.start + len(s.number)) for s in record.sections])
    listed = _covered(len(text), [(start, end) for start, end, _ in lexicon["NOT_QUANTITY"].scan(text)])
    quoted = _covered(len(text), [match.span() for match in re.finditer(r"“[^“”\n]{1,24}”|〔\d{4}〕\d+号", text)])
    for match in _NUMBER.finditer(text):
        start, end = match.span()
        if any(quantities[start:end]):
            kind = "quantity"
        elif any(names[start:end]):
            kind = "name"
        elif any(numbered[start:end]):
            kind = "numbering"
        else:
            kind = _other(text, start, end, excluded=any(listed[start:end]) or any(quoted[start:end]))
        yield kind, start, end


def _other(text: str, start: int, end: int, *, excluded: bool) -> str:
    """What a number is that no span and no section holds."""
    before, behind = text[max(0, start - 16) : start], text[end : end + 8]
    tests = (
        ("date", _DATE_BEHIND.match(behind) or (text[start].isdigit() and _DATE_BEFORE.search(before))),
        ("exclusion", excluded),
        ("numbering", _ORDINAL_BEFORE.search(before) or _ORDINAL_BEHIND.match(behind)),
        ("exclusion", _FURNITURE.search(before) and re.match(r" ?[—-]", behind)),
        ("exclusion", _CODE.search(before) or _CODE.search(behind) or _DIALLED.search(before)),
        ("word", not text[start].isdigit() and any(is_word(text[i : i + 2]) for i in range(max(0, start - 1), end))),
    )
    return next((kind for kind, holds in tests if holds), "left over")


def _covered(size: int, spans: Iterable[tuple[int, int]]) -> bytearray:
    flags = bytearray(size + 1)
    for start, end in spans:
        flags[start:end] = b"\x01" * (end - start)
    return flags
