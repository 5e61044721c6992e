"""Plans in any number, made out of the corpus's texts: their sections and measures anew, with other figures and names.

usage: python evaluation/bench_corpus.py MEGABYTES FOLDER            text files, a thousand a folder
       python evaluation/bench_corpus.py MEGABYTES FILE.jsonl        one plan a line

Plan number `n` depends on the seed and `n` alone, so that a sample of a large corpus needs no large corpus. The size is
that of the texts in UTF-8, in millions of bytes; it is met within 1 % from 300 kB on.
"""

from __future__ import annotations

import json
import random
import re
import sys
from dataclasses import dataclass
from functools import cache
from itertools import count, pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from corpus import CORPORA

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SEED = 1
MEGABYTE = 1_000_000
_A_FOLDER = 1000
_YEARS = range(2016, 2028)
_SECTIONS = range(4, 9)
_LAST = 60_000
"""Bytes that the last plan may have: it takes what is left of a corpus's size."""
_FOREIGN = 0.25
"""Share of measures that are taken from another plan's section."""
_LEAST_SECTIONS = 3
_WRAPPED = 0.3
"""From this share of lines without a terminator on, a text is hard-wrapped; its parts go with such texts only."""
_LONG = 18
_ORDINALS = "一二三四五六七八九十"
_FIRST, _SECOND = "云岚沅栖澜渌朔梧鹤泽棠浦潞濯淮岩沧澄滨屿桐汀禾锦", "江岭川陵州泉原平安阳岗溪湾河台塘屏城宁丰源浦峰林"
_BODIES = (
    "教育局", "公安局", "民政局", "司法局", "财政局", "水务局", "水利局", "林业局", "商务局", "审计局", "统计局",
    "交通运输局", "农业农村局", "生态环境局", "市场监督管理局", "住房和城乡建设局", "自然资源局", "文化和旅游局",
    "工业和信息化局", "气象局",
)  # fmt: skip
_SECTION = re.compile(rf"^[ \u3000]*[{_ORDINALS}]{{1,3}}、", re.MULTILINE)
_MARKS = (
    ("（{}）", re.compile(rf"^[ \u3000]*（[{_ORDINALS}]{{1,3}}）", re.MULTILINE)),
    ("({})", re.compile(rf"^[ \u3000]*\([{_ORDINALS}]{{1,3}}\)", re.MULTILINE)),
    ("{}.", re.compile(r"^[ \u3000]*\d{1,2}[.．](?!\d)", re.MULTILINE)),
    ("{}、", re.compile(r"^[ \u3000]*\d{1,2}、", re.MULTILINE)),
)
_CHINESE = ("（{}）", "({})")
_LINE = re.compile(r"(?<=\n)(?=.)")
"""Where a measure begins in a section without numbers."""
_STEM = re.compile(r"(?:^|《|关于印发)([\u4e00-\u9fff]{2,4}?)(?=省|市|区|县|旗|街道)", re.MULTILINE)
_SLOTS = (
    r"(?P<mark>^[ \u3000]*(?:\d{1,2}[.．、]|[（(]\d{1,2}[）)]))|"
    r"(?P<year>(?<![\d.])(?:19|20)\d\d(?=[年〕\]—－～-]))|(?P<spaced>(?:\d ){3}\d(?= ?年))|"
    r"(?P<month>(?<!\d)(?:1[0-2]|[1-9])(?=月))|(?P<day>(?<!\d)[0-3]?\d(?=日))|"
    r"(?P<figure>\d+(?:\.\d+)?)|(?P<body>(?<=[省市县区旗州])(?:BODIES))|(?P<place>PLACE)"
)
_PLAN_YEAR = re.compile(r"((?:19|20)\d\d) ?年|((?:\d ){3}\d) ?年")

Slot = tuple[str, str, int]
"""Kind of a part (`text` for what stays), its wording, and the years between it and the plan's year."""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with the lines below it, and measures whose numbers are made anew."""

    head: tuple[Slot, ...]
    mark: str
    """Form of a measure's number, empty where the section has none."""
    measures: tuple[tuple[Slot, ...], ...]


@dataclass(frozen=True, slots=True)
class Source:
    """What one text of the corpus gives."""

    head: tuple[Slot, ...]
    sections: tuple[Section, ...]
    wrapped: bool


def _slots(text: str, place: str, year: int) -> tuple[Slot, ...]:
    pattern = _SLOTS.replace("BODIES", "|".join(_BODIES)).replace("PLACE", place or "(?!)")
    found: list[Slot] = []
    last = 0
    for match in re.finditer(pattern, text, re.MULTILINE):
        kind = match.lastgroup or "text"
        if kind == "mark" or match[0] in ("0", "100"):
            continue
        found += [("text", text[last : match.start()], 0), (kind, match[0], _apart(kind, match[0], year))]
        last = match.end()
    return (*found, ("text", text[last:], 0))


def _apart(kind: str, wording: str, year: int) -> int:
    return int(wording.replace(" ", "")) - year if kind in ("year", "spaced") else 0


def _is_wrapped(text: str) -> bool:
    lines = [line.rstrip() for line in text.splitlines() if len(line) > _LONG]
    return sum(line[-1] not in "。；：！？;:" for line in lines) > len(lines) * _WRAPPED


def _section(text: str, place: str, year: int, *, wrapped: bool) -> Section:
    starts = {form: [m.span() for m in pattern.finditer(text)] for form, pattern in _MARKS}
    mark = min((form for form in starts if starts[form]), key=lambda form: starts[form][0], default="")
    # A line of a hard-wrapped text is no measure by itself.
    lines = [] if wrapped else [m.span() for m in _LINE.finditer(text)]
    edges = [*(starts[mark] if mark else lines), (len(text), len(text))]
    measures = [_slots(text[inner:end], place, year) for (_, inner), (end, _) in pairwise(edges)]
    head = _SECTION.sub("", text[: edges[0][0]], count=1)
    return Section(_slots(head, place, year), mark, tuple(measures))


def _source(text: str) -> Source | None:
    """Take a text apart; None where it has not enough numbered sections."""
    text = text.replace("\r\n", "\n").rstrip() + "\n"
    starts = [m.start() for m in _SECTION.finditer(text)]
    dated = _PLAN_YEAR.search(text)
    if len(starts) < _LEAST_SECTIONS or not dated:
        return None
    year = int((dated[1] or dated[2]).replace(" ", ""))
    found = _STEM.search(text[: starts[0]])
    place = found[1] if found else ""
    wrapped = _is_wrapped(text)
    sections = [_section(text[a:b], place, year, wrapped=wrapped) for a, b in pairwise([*starts, len(text)])]
    return Source(_slots(text[: starts[0]], place, year), tuple(sections), wrapped)


@cache
def sources() -> tuple[Source, ...]:
    """All texts of the corpus that can be taken apart, in the order of their names."""
    paths = sorted((CORPORA / "texts").glob("*.txt"))
    return tuple(s for path in paths if (s := _source(path.read_bytes().decode("utf-8"))) is not None)


@cache
def _pool(wrapped: bool) -> tuple[Section, ...]:
    return tuple(section for source in sources() if source.wrapped == wrapped for section in source.sections)


@cache
def _measures(wrapped: bool, mark: str) -> tuple[tuple[Slot, ...], ...]:
    return tuple(m for section in _pool(wrapped) if section.mark == mark for m in section.measures)


class _Writer:
    """Fills the slots of one plan: one year, one place, figures of as many digits as before."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._year = rng.choice(_YEARS)
        self._place = rng.choice(_FIRST) + rng.choice(_SECOND)

    def __call__(self, slots: Sequence[Slot]) -> str:
        return "".join(wording if kind == "text" else self._new(kind, wording, n) for kind, wording, n in slots)

    def _new(self, kind: str, wording: str, apart: int) -> str:
        rng = self._rng
        if kind == "figure":
            whole, point, decimals = wording.partition(".")
            low = 10 ** (len(whole) - 1)
            new = str(rng.randrange(low, 10 * low)) if whole != "0" else "0"
            return new + point + "".join(str(rng.randrange(1, 10)) for _ in decimals)
        if kind in ("year", "spaced"):
            return (" " if kind == "spaced" else "").join(str(self._year + apart))
        if kind == "month":
            return str(rng.randrange(1, 13))
        if kind == "day":
            return str(rng.randrange(1, 29))
        return self._place if kind == "place" else rng.choice(_BODIES)


def plan(number: int, *, seed: int = SEED, fill: int | None = None) -> str:
    """One plan's text.

    Args:
        number: which one, from 0.
        seed: another seed is another corpus.
        fill: bytes in UTF-8 to fill with as many sections as it takes, up to the measure that would go beyond them.
    """
    rng = random.Random(f"{seed} {number}")  # noqa: S311  no secret is made here
    write = _Writer(rng)
    source = rng.choice(sources())
    parts = [write(source.head)]
    size = len(parts[0].encode())
    pool = _pool(source.wrapped)
    sections = rng.sample(pool, rng.choice(_SECTIONS) if fill is None else len(pool))
    for place, section in enumerate(sections, start=1):
        for part in _parts(section, ordinal(place), rng, write, wrapped=source.wrapped):
            size += len(part.encode())
            if fill is not None and size > fill:
                return "".join(parts)
            parts.append(part)
    return "".join(parts)


def _parts(section: Section, number: str, rng: random.Random, write: _Writer, *, wrapped: bool) -> Iterator[str]:
    yield f"{number}、{write(section.head)}"
    known = _measures(wrapped, section.mark)
    own = rng.sample(section.measures, len(section.measures))
    for place, measure in enumerate(own, start=1):
        chosen = rng.choice(known) if rng.random() < _FOREIGN else measure
        yield section.mark.format(ordinal(place) if section.mark in _CHINESE else place) + write(chosen)


def ordinal(number: int) -> str:
    """Chinese numeral of 1 to 999; a section's place, as plans number them."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    head = f"{_ORDINALS[hundreds - 1]}百" if hundreds else ""
    if tens:
        head += ("" if tens == 1 and not hundreds else _ORDINALS[tens - 1]) + "十"
    elif hundreds and ones:
        head += "零"
    return head + (_ORDINALS[ones - 1] if ones else "")


def plans(size: int, *, seed: int = SEED) -> Iterator[str]:
    """Yield plans of `size` bytes in all, as nearly as measures allow."""
    left = size
    for number in count():
        last = left < _LAST
        text = plan(number, seed=seed, fill=left if last else None)
        yield text
        if last:
            return
        left -= len(text.encode())


def write_files(folder: Path, size: int, *, seed: int = SEED) -> int:
    """Write plans as text files into subfolders of `folder` and return their number."""
    number = 0
    for number, text in enumerate(plans(size, seed=seed), start=1):
        inside = folder / f"{(number - 1) // _A_FOLDER:03d}"
        inside.mkdir(parents=True, exist_ok=True)
        (inside / f"plan-{number:07d}.txt").write_bytes(text.encode())
    return number


def write_jsonl(path: Path, size: int, *, seed: int = SEED) -> int:
    """Write plans as rows with `id` and `text` and return their number."""
    number = 0
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for number, text in enumerate(plans(size, seed=seed), start=1):
            row = {"id": f"plan-{number:07d}", "text": text}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    return number


def main() -> None:
    """Write a corpus."""
    if len(sys.argv) != 3:  # noqa: PLR2004  two arguments
        sys.exit((__doc__ or "").split("\n\n")[1])
    size, target = int(float(sys.argv[1]) * MEGABYTE), Path(sys.argv[2])
    write = write_jsonl if target.suffix == ".jsonl" else write_files
    print(f"{write(target, size)} plans in {target}")


if __name__ == "__main__":
    main()
