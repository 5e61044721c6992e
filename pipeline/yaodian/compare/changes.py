"""What differs in substance between linked measures: targets, comparators, deadlines, scope, actors, basis."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from yaodian.compare.model import Change, Direction, Kind
from yaodian.labels.quantity import QuantityAttributes
from yaodian.times import resolve
from yaodian.units import to_base

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from yaodian.record import Entity, Measure, Record

# What is better when there is less of it; everything else that is planned is better when there is more.
_LESS = re.compile(
    r"事故|死亡|伤亡|亡人|受灾|损失|火灾|起数|发病|感染|死亡率|受害率|时限|时间|办理|到达|响应|出动|上报|报告|报送|办结|"
    r"降至|降到|控制在|压减|能耗|排放|浓度|投诉|漏损|误报|差错|超标"
)
_STRICT_UP = (">=", ">")
_STRICT_DOWN = ("<=", "<")
_SCOPES = (
    ("试点", "个别"),
    ("重点", "部分", "主要", "规模以上", "骨干", "示范", "高危", "高风险"),
    (
        "所有",
        "全部",
        "全体",
        "各类",
        "各级各类",
        "全市",
        "全县",
        "全区",
        "全省",
        "全域",
        "全面",
        "全覆盖",
        "一律",
        "每个",
        "各",
    ),
)
"""Words that say how far a measure reaches, from narrow to wide."""
_SCOPE = re.compile("|".join(sorted((w for level in _SCOPES for w in level if len(w) > 1), key=len, reverse=True)))
_LEVEL = {word: level for level, words in enumerate(_SCOPES) for word in words}
_CLAUSE_ENDS = "，。；：\n"
_YEARLY = {
    "日": 365, "天": 365, "周": 52, "半个月": 24, "半月": 24, "月": 12, "两个月": 6, "季度": 4, "季": 4,
    "半年": 2, "年": 1,
}  # fmt: skip
"""How often a year something is done that is done every so often."""
_RECURS = re.compile(rf"每({'|'.join(sorted(_YEARLY, key=len, reverse=True))})")
_COUNTED = re.compile(r"[^，。；：]{0,24}?[\d一二三四五六七八九十两]+[次场轮期遍]")
_TIMES = ("次", "场", "轮", "期", "场次", "遍")
_LIKE_WORDS = 0.7
_LIST_ITEM = re.compile(r"[、和及与]?[\u4e00-\u9fff“”]{2,16}[、和及与]?")
_ALIKE = 0.34
_SAME = 1e-9


@dataclass(frozen=True, slots=True)
class Figure:
    """A target as compared: its bounds in the base unit, and the words that name what it measures."""

    entity: Entity
    low: float
    high: float
    unit: str
    dimension: str
    comparator: str
    change: str | None
    indicator: str

    @property
    def goal(self) -> bool:
        """Whether it is a target, and no count of things that are listed."""
        return getattr(self.entity.attributes, "role", "") == "target"

    @property
    def place(self) -> tuple[int, int]:
        """Start and end in the record's text."""
        return self.entity.start, self.entity.end


def changes_between(
    left: Record, before: Sequence[Measure], right: Record, after: Sequence[Measure]
) -> tuple[Change, ...]:
    """Differences between the measures `before` of one record and `after` of another that are linked to each other."""
    found = [
        *_targets(figures(left, before), figures(right, after)),
        *_deadlines(left, before, right, after),
        *_rhythms(left, before, right, after),
        *_scopes(left, before, right, after),
        *_lists(left, before, right, after),
        *_named(left, before, right, after),
    ]
    return tuple(found)


def figures(record: Record, measures: Sequence[Measure]) -> list[Figure]:
    """Targets of measures, and things they count, in base units; what recurs is counted a year (`每季度[1次]`: 4)."""
    ids = {measure.id for measure in measures}
    return [
        _figure(entity, entity.attributes, record.text[_clause_start(record.text, entity.start) : entity.start])
        for entity in record.entities
        if entity.measure in ids
        and isinstance(entity.attributes, QuantityAttributes)
        and entity.attributes.role in ("target", "enumeration")
    ]


def _clause_start(text: str, position: int) -> int:
    """Where the clause begins in which `position` stands; looks back no further than that."""
    start = 0
    for mark in _CLAUSE_ENDS:
        start = max(start, text.rfind(mark, start, position) + 1)
    return start


def _figure(entity: Entity, read: QuantityAttributes, before: str) -> Figure:
    low = read.value if read.value is not None else read.low or 0.0
    high = read.value if read.value is not None else read.high or 0.0
    base = to_base(low, read.unit), to_base(high, read.unit)
    if base[0] and base[1]:
        low, high, unit = base[0][0], base[1][0], base[0][1]
    else:
        unit = read.unit or ""
        recurs = _RECURS.search(before) if unit in _TIMES else None
        if recurs:
            low, high = (round(_YEARLY[recurs[1]] * bound, 6) for bound in (low, high))
    return Figure(entity, low, high, unit, read.dimension, read.comparator, read.change, read.indicator or "")


def _targets(left: list[Figure], right: list[Figure]) -> Iterator[Change]:
    pairs = pair_figures(left, right)
    for a, b in pairs:
        if abs(a.low - b.low) > _SAME * max(1.0, abs(a.low)) or abs(a.high - b.high) > _SAME * max(1.0, abs(a.high)):
            yield Change("target", _direction(a, b), a.place, b.place, f"{a.entity.text} → {b.entity.text}")
        elif a.comparator != b.comparator:
            yield Change("comparator", _tighter(a, b), a.place, b.place, f"{a.comparator} → {b.comparator}")
    for a in left:
        if a.goal and all(a is not x for x, _ in pairs):
            yield Change("target", "weakened", a.place, None, f"{a.entity.text} → –")
    for b in right:
        if b.goal and all(b is not y for _, y in pairs):
            yield Change("target", "strengthened", None, b.place, f"– → {b.entity.text}")


def pair_figures(left: list[Figure], right: list[Figure]) -> list[tuple[Figure, Figure]]:
    """Figures that measure the same: of one unit, by their indicators and values, the best pairs first."""
    options = []
    for i, a in enumerate(left):
        for j, b in enumerate(right):
            if a.unit != b.unit or (a.change is None) != (b.change is None):
                continue
            alike = _alike(a.indicator, b.indicator)
            same = abs(a.low - b.low) <= _SAME * max(1.0, abs(a.low))
            options.append((alike + 0.3 * same - 0.01 * abs(i - j), i, j, alike, same))
    found, used_left, used_right = [], set(), set()
    for _, i, j, alike, same in sorted(options, reverse=True):
        alone = sum(x.unit == left[i].unit for x in left) == 1 == sum(y.unit == right[j].unit for y in right)
        if i not in used_left and j not in used_right and (alike >= _ALIKE or same or alone):
            used_left.add(i)
            used_right.add(j)
            found.append((left[i], right[j]))
    return found


def _alike(a: str, b: str) -> float:
    if not a or not b:
        return 0.5 if a == b else 0.2
    return SequenceMatcher(None, a, b, autojunk=False).ratio()


def _direction(a: Figure, b: Figure) -> Direction:
    """Whether the later figure asks for more: higher where more is better, lower where less is."""
    rises = b.low > a.low or (b.low == a.low and b.high > a.high)
    if "lead" in (a.comparator, b.comparator):
        return "strengthened" if rises else "weakened"
    if b.change == "down":
        return "strengthened" if rises else "weakened"
    if b.comparator in _STRICT_UP:
        less = False
    elif b.comparator in _STRICT_DOWN:
        less = True
    else:
        less = bool(_LESS.search(b.indicator + a.indicator)) or b.dimension == "duration"
    return "strengthened" if rises != less else "weakened"


def _tighter(a: Figure, b: Figure) -> Direction:
    """Whether a comparator binds more than another at the same value: only what was inexact and is so no more."""
    if "~" in (a.comparator, b.comparator):
        return "strengthened" if a.comparator == "~" else "weakened"
    return "other"


def _deadlines(left: Record, before: Sequence[Measure], right: Record, after: Sequence[Measure]) -> Iterator[Change]:
    """Deadlines counted from the beginning of each plan's year: that a plan moves on by a year is no change."""
    had, have = _when(left, before), _when(right, after)
    old, new = had, have
    if len(before) > 1 or len(after) > 1:
        # Parts of a measure share its deadline or not; a wording that is still there is no change.
        old = [x for x in had if all(x[1] != y[1] for y in have)]
        new = [y for y in have if all(x[1] != y[1] for x in had)]
    for index in range(max(len(old), len(new))):
        a = old[index] if index < len(old) else None
        b = new[index] if index < len(new) else None
        if a and b and (a[1] == b[1] or a[0] == b[0]):
            continue
        if a and b:
            direction: Direction = (
                "other" if a[1] is None or b[1] is None else "strengthened" if b[1] < a[1] else "weakened"
            )
        else:
            direction = "strengthened" if b else "weakened"
        note = f"{a[0] if a else '–'} → {b[0] if b else '–'}"
        yield Change("deadline", direction, a[2] if a else None, b[2] if b else None, note)


def _when(record: Record, measures: Sequence[Measure]) -> list[tuple[str, int | None, tuple[int, int]]]:
    """Wording, days since the beginning of the plan's year, and place of the measures' deadlines."""
    year = record.metadata.plan_year
    found = []
    for measure in measures:
        if not measure.deadline:
            continue
        start = record.text.find(measure.deadline, measure.start)
        time = resolve(measure.deadline, year)
        days = None
        if time and year and (day := re.search(r"(\d{4})-(\d{2})-(\d{2})$", time.value or "")):
            days = (date(*map(int, day.groups())) - date(year, 1, 1)).days
            # A leap day is no change.
            days -= days >= 59 and year % 4 == 0  # noqa: PLR2004
        found.append((measure.deadline, days, (start, start + len(measure.deadline))))
    return found


def _scopes(left: Record, before: Sequence[Measure], right: Record, after: Sequence[Measure]) -> Iterator[Change]:
    """Words of scope that the one side has and the other replaced by a wider or narrower one."""
    a, b = _scope_words(left, before), _scope_words(right, after)
    gone = [x for x in a if all(x[0] != y[0] for y in b)]
    come = [y for y in b if all(x[0] != y[0] for x in a)]
    for (old, place, behind), (new, there, following) in zip(gone, come, strict=False):
        if _LEVEL[old] != _LEVEL[new] and behind[:2] == following[:2]:
            direction: Direction = "strengthened" if _LEVEL[new] > _LEVEL[old] else "weakened"
            yield Change("scope", direction, place, there, f"{old}{behind[:4]} → {new}{following[:4]}")


def _scope_words(record: Record, measures: Sequence[Measure]) -> list[tuple[str, tuple[int, int], str]]:
    return [
        (m[0], (m.start(), m.end()), record.text[m.end() : m.end() + 4])
        for measure in measures
        for m in _SCOPE.finditer(record.text, measure.start, measure.end)
    ]


def _rhythms(left: Record, before: Sequence[Measure], right: Record, after: Sequence[Measure]) -> Iterator[Change]:
    """How often something is done, where no figure says it: `每周研判` → `每半月研判`."""
    a, b = _every(left, before), _every(right, after)
    if len(a) == len(b) == 1 and a[0][0] != b[0][0]:
        direction: Direction = "strengthened" if b[0][0] > a[0][0] else "weakened"
        yield Change("target", direction, a[0][1], b[0][1], f"{a[0][2]} → {b[0][2]}")


def _every(record: Record, measures: Sequence[Measure]) -> list[tuple[int, tuple[int, int], str]]:
    return [
        (_YEARLY[m[1]], (m.start(), m.end()), m[0])
        for measure in measures
        for m in _RECURS.finditer(record.text, measure.start, measure.end)
        if not _COUNTED.match(record.text, m.end(), measure.end)
    ]


def _lists(left: Record, before: Sequence[Measure], right: Record, after: Sequence[Measure]) -> Iterator[Change]:
    """Members that a list gained or lost, in a measure whose wording else stayed."""
    if len(before) != 1 or len(after) != 1:
        return
    a, b = (record.text[m.start : m.end] for record, (m,) in ((left, tuple(before)), (right, tuple(after))))
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    if matcher.ratio() < _LIKE_WORDS:
        return
    for what, i, j, k, m in matcher.get_opcodes():
        old, new = a[i:j], b[k:m]
        # What only changed its place is still there.
        if what == "insert" and _is_member(new, b, k, m) and new.strip("、和及与") not in a:
            place = (after[0].start + k, after[0].start + m)
            yield Change("scope", "strengthened", None, place, f"– → {new.strip('、和及与')}")
        elif what == "delete" and _is_member(old, a, i, j) and old.strip("、和及与") not in b:
            place = (before[0].start + i, before[0].start + j)
            yield Change("scope", "weakened", place, None, f"{old.strip('、和及与')} → –")


def _is_member(piece: str, text: str, start: int, end: int) -> bool:
    joined = (
        piece[:1] in "、和及与" or piece[-1:] in "、和及与" or text[start - 1 : start] == "、" == text[end : end + 1]
    )
    return joined and bool(_LIST_ITEM.fullmatch(piece))


def _named(left: Record, before: Sequence[Measure], right: Record, after: Sequence[Measure]) -> Iterator[Change]:
    """Acting bodies and texts that the basis of a measure names, by canonical name."""
    kinds: tuple[Kind, ...] = ("actor", "regulation")
    for kind in kinds:
        old, new = _names(left, before, kind), _names(right, after, kind)
        gone, come = sorted(old.keys() - new.keys()), sorted(new.keys() - old.keys())
        # Notes of duties come and go with the layout: a body is another one only where both plans name one.
        if (gone and come) if kind == "actor" else (gone or come):
            yield Change(
                kind,
                "other",
                old[gone[0]] if gone else None,
                new[come[0]] if come else None,
                f"{'、'.join(gone) or '–'} → {'、'.join(come) or '–'}",
            )


def _names(record: Record, measures: Sequence[Measure], kind: str) -> dict[str, tuple[int, int]]:
    ids = {measure.id for measure in measures}
    acting = {actor for measure in measures for actor in measure.actors}
    return {
        (entity.canonical or entity.text): (entity.start, entity.end)
        for entity in record.entities
        if (kind == "actor" and entity.id in acting)
        or (kind == "regulation" and entity.type == "REGULATION" and entity.measure in ids)
    }
