"""Numbers that a Word file does not hold as text: list formatting counted as Word counts it.

A paragraph names a list (`w:num`) and a level, itself or through its style. Lists that share one abstract list count
on together; a `startOverride` begins anew where its list is first used.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from yaodian.readers.docx_numerals import numeral, symbol

if TYPE_CHECKING:
    from collections.abc import Iterator

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LEVELS = 9
_HOLDER = re.compile(r"%([1-9])")
_CLOSED = "、，。：）】〕》.,:)"
_OFF = {"0", "false", "off"}


def value(parent: Any, *path: str) -> str | None:
    """`w:val` of the element that `path` leads to, or None."""
    for name in path:
        parent = None if parent is None else parent.find(W + name)
    return None if parent is None else parent.get(W + "val", "")


def flag(parent: Any, name: str) -> bool | None:
    """State of an on-off element such as `w:vanish`; None where it is not given."""
    found = value(parent, name)
    return None if found is None else found not in _OFF


class Styles:
    """What paragraphs and runs take over from their styles."""

    def __init__(self, root: Any) -> None:
        found = () if root is None else root.iterfind(W + "style")
        self._styles = {style.get(W + "styleId"): style for style in found}
        self._default = next(
            (
                name
                for name, style in self._styles.items()
                if style.get(W + "type") == "paragraph" and style.get(W + "default", "0") not in _OFF
            ),
            None,
        )

    def chain(self, name: str | None) -> Iterator[tuple[str, Any]]:
        """The style and those it is based on, nearest first."""
        seen = set()
        while name is not None and name in self._styles and name not in seen:
            seen.add(name)
            yield name, self._styles[name]
            name = value(self._styles[name], "basedOn")

    def paragraph(self, properties: Any) -> Iterator[tuple[str, Any]]:
        """The styles of a paragraph with these `w:pPr`."""
        return self.chain(value(properties, "pStyle") or self._default)

    def hidden(self, run: Any, paragraph: Any) -> bool:
        """Whether text with the properties `run` (`w:rPr`) in a paragraph with `paragraph` (`w:pPr`) is hidden."""
        own = flag(run, "vanish")
        if own is not None:
            return own
        of_run = () if run is None else self.chain(value(run, "rStyle"))
        for styles in (of_run, self.paragraph(paragraph)):
            for _, style in styles:
                found = flag(style.find(W + "rPr"), "vanish")
                if found is not None:
                    return found
        return False


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    form: str
    text: str
    restart: int | None
    legal: bool
    spaced: bool
    hidden: bool
    style: str | None


@dataclass(slots=True)
class _List:
    """One `w:num`: its levels, and the counters of its abstract list."""

    levels: dict[int, _Level]
    counts: dict[int, int]
    starts: dict[int, int] = field(default_factory=dict)


def _level(element: Any) -> _Level:
    # A newer format stands in mc:AlternateContent beside the old one.
    form = next(element.iter(W + "numFmt"), None)
    kind = "decimal" if form is None else str(form.get(W + "val", "decimal"))
    if form is not None and kind == "custom":
        kind = f"custom {form.get(W + 'format', '')}"
    restart = value(element, "lvlRestart")
    return _Level(
        start=_number(value(element, "start"), 0),
        form=kind,
        text=value(element, "lvlText") or "",
        restart=None if restart is None else _number(restart, 0),
        legal=bool(flag(element, "isLgl")),
        spaced=value(element, "suff") != "nothing",
        hidden=bool(flag(element.find(W + "rPr"), "vanish")),
        style=value(element, "pStyle"),
    )


def _number(text: str | None, default: int) -> int:
    try:
        return int(text or "")
    except ValueError:
        return default


class Numbering:
    """Counts paragraphs in document order."""

    def __init__(self, root: Any, styles: Styles) -> None:
        self._styles = styles
        self._lists: dict[str, _List] = {}
        if root is None:
            return
        abstracts = {a.get(W + "abstractNumId"): a for a in root.iterfind(W + "abstractNum")}
        nums = {n.get(W + "numId"): n for n in root.iterfind(W + "num")}
        counts: dict[str, dict[int, int]] = {}
        for name, num in nums.items():
            abstract_name = self._abstract(num, nums, abstracts)
            if abstract_name is None:
                continue
            levels = _levels(abstracts[abstract_name])
            found = _List(levels, counts.setdefault(abstract_name, {}))
            for override in num.iterfind(W + "lvlOverride"):
                number = _number(override.get(W + "ilvl"), 0)
                levels.update(_levels(override))
                if (start := value(override, "startOverride")) is not None:
                    found.starts[number] = _number(start, 0)
            self._lists[name] = found

    def _abstract(self, num: Any, nums: dict[str, Any], abstracts: dict[str, Any]) -> str | None:
        """Name of a list's abstract list, through a numbering style where it is given by one."""
        for _ in range(_LEVELS):
            name = value(num, "abstractNumId")
            if name not in abstracts:
                return None
            link = value(abstracts[name], "numStyleLink")
            if link is None:
                return name
            linked = (value(style, "pPr", "numPr", "numId") for _, style in self._styles.chain(link))
            num = nums.get(next((found for found in linked if found), ""))
        return None

    def label(self, properties: Any) -> str:
        """Count one paragraph with these `w:pPr` and return what Word prints in front of it, "" where nothing."""
        place = self._place(properties)
        if place is None:
            return ""
        found, number = place
        level = found.levels[number]
        _count(found, number)
        if level.hidden:
            return ""
        if level.form == "bullet":
            return symbol(level.text).strip()
        return _HOLDER.sub(lambda holder: self._part(found, level, int(holder[1]) - 1), level.text).strip()

    def spaced(self, properties: Any, label: str, text: str) -> bool:
        """Whether a blank stands between a label and the text: none after Chinese marks, as `一、` and `（一）`."""
        place = self._place(properties)
        if place is None or not place[0].levels[place[1]].spaced or not label:
            return False
        last = label[-1]
        if last in _CLOSED:
            # 1. before 2023年 would read as 1.2023.
            return last.isascii() and text[:1].isascii()
        return last.isdecimal() or last.isalpha()

    def _place(self, properties: Any) -> tuple[_List, int] | None:
        """The list and level of a paragraph: its own, else those of its style."""
        own = None if properties is None else properties.find(W + "numPr")
        name, number = value(own, "numId"), value(own, "ilvl")
        of_style: str | None = None
        if name is None:
            for style, element in self._styles.paragraph(properties):
                name = value(element, "pPr", "numPr", "numId")
                if name is not None:
                    number = number or value(element, "pPr", "numPr", "ilvl")
                    of_style = style
                    break
        found = self._lists.get(name or "0")
        if found is None:
            return None
        if of_style is not None:
            linked = {level.style: n for n, level in found.levels.items() if level.style}
            styles = [style for style, _ in self._styles.paragraph(properties)]
            at = next((linked[style] for style in styles if style in linked), _number(number, 0))
        else:
            at = _number(number, 0)
        return (found, at) if at in found.levels else None

    def _part(self, found: _List, level: _Level, number: int) -> str:
        """One number of a label such as `%1.%2`; a lower level not yet counted stands at its start."""
        if number not in found.levels:
            return ""
        count = found.counts.get(number, found.levels[number].start)
        form = found.levels[number].form
        return numeral(count, "decimal" if level.legal and form != "none" else form)


def _levels(parent: Any) -> dict[int, _Level]:
    return {_number(element.get(W + "ilvl"), 0): _level(element) for element in parent.iterfind(W + "lvl")}


def _count(found: _List, number: int) -> None:
    counts = found.counts
    for at, start in found.starts.items():
        counts[at] = start - 1
    found.starts = {}
    for upper in range(number):
        if upper in found.levels:
            # A level passed over counts as begun: it is printed as part of 1.1.
            counts.setdefault(upper, found.levels[upper].start)
    counts[number] = counts.get(number, found.levels[number].start - 1) + 1
    for lower in range(number + 1, _LEVELS):
        restart = found.levels[lower].restart if lower in found.levels else None
        # lvlRestart names the level, from 1, whose counting sets this one back; 0 is never.
        if restart is None or number < restart:
            counts.pop(lower, None)
