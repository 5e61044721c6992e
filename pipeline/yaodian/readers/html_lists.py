"""Numbers that a browser writes before list items: they are part of a plan and stand nowhere in its source."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_NUMBERED = re.compile(r"[（(]?(?:\d{1,3}|[一二三四五六七八九十]{1,3})(?:[)）、．]|\.(?!\d))|第.{1,3}[章节条]|[①-⑳]")


@dataclass(slots=True)
class _Counted:
    form: Callable[[int], str]
    next: int
    step: int


class ListNumbers:
    """Counts the items of open lists, innermost last."""

    def __init__(self) -> None:
        self._open: list[_Counted | None] = []

    def open(self, element: Any) -> None:
        """Begin an `ol`, which is counted, or a list of another kind, which is not."""
        self._open.append(_counted(element) if element.tag == "ol" else None)

    def close(self) -> None:
        """End the innermost list."""
        self._open.pop()

    def item(self, element: Any) -> str:
        """Return what stands before an `li`: its number, or nothing where its text begins with one of its own."""
        counted = self._open[-1] if self._open else None
        if counted is None:
            return ""
        number = _integer(element.get("value"), counted.next)
        counted.next = number + counted.step
        begin = "".join(islice((text for text in element.itertext() if text.strip()), 4)).strip()
        return "" if _NUMBERED.match(begin) else counted.form(number)


def _integer(text: str | None, default: int) -> int:
    try:
        return int(text or "")
    except ValueError:
        return default


def _counted(element: Any) -> _Counted:
    step = -1 if element.get("reversed") is not None else 1
    first = sum(1 for _ in element.iterchildren("li")) if step < 0 else 1
    return _Counted(_form(element), _integer(element.get("start"), first), step)


def _form(element: Any) -> Callable[[int], str]:
    """How a list prints its numbers: by style, by UEditor's class, by type."""
    style = (element.get("style") or "").lower().replace(" ", "")
    names = element.get("class") or ""
    if editor := re.search(r"custom_(cn|num)([12]?)", names):
        figure: Callable[[int], str] = _chinese if editor[1] == "cn" else str
        mark = {"": "{}、" if editor[1] == "cn" else "{}.", "1": "{}）", "2": "（{}）"}[editor[2]]
        return lambda number: mark.format(figure(number))
    if re.search(r"list-style(?:-type)?:[^;]*none", style):
        return lambda _: ""
    if re.search(r"cjk-ideographic|chinese", style):
        return lambda number: f"{_chinese(number)}、"
    kind = element.get("type") or ""
    if kind.lower() == "a" or "-alpha" in style or "-latin" in style:
        first = ord("A" if kind == "A" or "upper-" in style else "a")
        return lambda number: f"{chr(first + (number - 1) % 26)}."
    return lambda number: f"{number}."


def _chinese(number: int) -> str:
    import cn2an

    return str(cn2an.an2cn(str(number), "low"))
