"""One name for one thing over a corpus: short forms, place prefixes, brackets and synonyms resolved in a document.

What cannot be resolved keeps its own wording; nothing is guessed from outside the document and the lexicons.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from yaodian.lexicon import Endings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from yaodian.lexicon import Lexicon

_SELF = re.compile(r"(?:我|本)(?:局|厅|委|办|院|部|中心|会|署|大队|支队|总队|指挥部|街道|镇|乡)\Z")
_OWN_ORGAN = re.compile(r"(?P<own>[局厅委办院部会])(?P<rest>机关|党组|党委|属|直)")
_PLACE = re.compile(
    r"(?P<place>[\u4e00-\u9fff]{1,9}?(?:自治区|自治州|特别行政区|[省市州盟县区旗镇乡]|街道))(?=[\u4e00-\u9fff]{2})"
)
_LEVELS = "省市州盟县区旗镇乡"
_BRACKETS = re.compile(r"[《》〈〉<>“”\"\s]")
_STATE = re.compile(r"^中华人民共和国(?=[\u4e00-\u9fff]{3})")
_NUMBER_BEHIND = re.compile(r"[（(][^（）()]*(?:〔|\[|号|GB|AQ|\d{4}-)[^（）()]*[）)]$")
_ABBREVIATED = re.compile(
    r"《(?P<title>[^《》\n]{4,80}(?:〈[^〈〉]*〉[^《》\n]{0,40})?)》(?:（[^（）]{0,30}）)?[（(](?:以下)?(?:统称|简称)为?[：:]?[“《](?P<short>[^”》]{2,20})[”》][）)]"
)
_KIND_ALONE = re.compile(r"[\u4e00-\u9fff“”\d]{2,6}\Z")
_HAZARD_TAIL = re.compile(r"(?:灾害|事故)\Z")


class Named(NamedTuple):
    """What canonical forms are read from: a span's type and wording, in the view."""

    type: str
    text: str
    start: int


class Canonical:
    """Canonical forms in one document.

    Args:
        text: the view's text.
        names: all entities of the document, in order.
        issuer: the issuing body, where known.
        lexicon: the lexicon in force.
    """

    def __init__(self, text: str, names: Iterable[Named], issuer: str | None, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        known = list(names)
        self._place = place_of(issuer or "") or _place_in_titles(issuer or "", known)
        own = issuer and self._place and issuer[:1] in _LEVELS and self._place.endswith(issuer[0])
        self._issuer = f"{self._place}{issuer[1:]}" if own and issuer else issuer
        self._titles = _titles(text, known)

    def of(self, name: Named) -> str | None:
        """Canonical form of an entity, None for a type that has none."""
        if name.type == "REGULATION":
            return self._regulation(name.text)
        if name.type == "INSTITUTION":
            return self._institution(name.text)
        if name.type == "HAZARD":
            return self._hazard(name.text)
        return None

    def _regulation(self, text: str) -> str:
        title = regulation_key(text)
        return self._titles.get(title, title)

    def _hazard(self, text: str) -> str:
        entry = self._lexicon["HAZARD"].get(text)
        if entry and entry.canonical != entry.term:
            return entry.canonical
        shorter = _HAZARD_TAIL.sub("", text)
        known = self._lexicon["HAZARD"].get(shorter)
        if shorter != text and known and known.category.startswith("event"):
            return known.canonical
        return text

    def _institution(self, text: str) -> str:
        entry = self._lexicon["INSTITUTION"].get(text)
        if entry:
            return entry.canonical
        if self._issuer and _SELF.match(text):
            return self._issuer
        own = _OWN_ORGAN.match(text)
        if own and self._issuer and self._issuer.endswith(own["own"]):
            return self._issuer if own["rest"] == "机关" and own.end() == len(text) else self._issuer + text[1:]
        full = _long_form(text, self._lexicon)
        if self._place and full[:1] in _LEVELS and full[1:2] not in _LEVELS and self._place.endswith(full[0]):
            return self._place + full[1:]
        return full


def place_of(name: str) -> str | None:
    """The place at the head of a body's name, its lowest level included: `云岭省临澜市应急管理局` is of 云岭省临澜市."""
    end = 0
    while match := _PLACE.match(name, end):
        end = match.end()
    return name[:end] or None


def _place_in_titles(issuer: str, names: Iterable[Named]) -> str | None:
    """The place whose titles a document cites most where its issuer gives but a level: `市应急管理局`, `《天津市…》`."""
    level = issuer[:1]
    if level not in _LEVELS or not level:
        return None
    places = Counter(
        match["place"]
        for name in names
        if name.type == "REGULATION"
        and (match := _PLACE.match(name.text.lstrip("《")))
        and match["place"].endswith(level)
    )
    return next((place for place, _ in places.most_common(1) if len(place) > 2), None)


def regulation_key(text: str) -> str:
    """Key of one text whatever brackets, blanks, number or 中华人民共和国 it is written with."""
    title = _NUMBER_BEHIND.sub("", _BRACKETS.sub("", text))
    return _STATE.sub("", title).replace("(", "（").replace(")", "）")


def _titles(text: str, names: Iterable[Named]) -> dict[str, str]:
    """Full titles by the short forms that the document ties to them: by 以下简称, or by the kind of text alone."""
    titles: dict[str, str] = {}
    full: list[str] = []
    for match in _ABBREVIATED.finditer(text):
        titles[regulation_key(match["short"])] = regulation_key(match["title"])
    for name in names:
        if name.type != "REGULATION":
            continue
        key = regulation_key(name.text)
        if name.text.startswith("《") and _KIND_ALONE.match(key) and key not in titles:
            longer = next((title for title in reversed(full) if title.endswith(key) and title != key), None)
            if longer:
                titles[key] = longer
        full.append(key)
    return titles


@lru_cache(maxsize=4)
def _short_forms(lexicon: Lexicon) -> Endings:
    return Endings(entry.term for entry in lexicon["SHORT"])


def _long_form(text: str, lexicon: Lexicon) -> str:
    """The name with the short form at its end written out; a form that stands within a longer word is left."""
    length = _short_forms(lexicon).longest(text, len(text)) if text else 0
    entry = lexicon["SHORT"].get(text[len(text) - length :]) if length else None
    return text[: len(text) - length] + entry.canonical if entry else text


def successor(name: str, lexicon: Lexicon) -> tuple[str, str] | None:
    """The body that took over the duties of a body of before a reform, and the year; None where none is known."""
    for entry in lexicon["SUCCESSOR"]:
        if name.endswith(entry.term):
            return name[: len(name) - len(entry.term)] + entry.canonical, entry.since
    return None
