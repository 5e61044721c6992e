"""HAZARD by grammar: a listed hazard with the words that make it specific, or with 事故/灾害 behind it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from yaodian.tag.base import Candidate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from yaodian.lexicon import Lexicon

# What stands behind a domain or event and makes it one event name (`道路运输` + 事故).
_EVENT_TAIL = re.compile(
    r"(?:生产安全|安全生产|安全|泄漏|爆炸|火灾|中毒|坍塌|垮塌|倾覆|污染)?(?:事故|灾害)(?![多易频]发|隐患点|风险点)"
)
_NOT_BEFORE_TAIL = frozenset(["自然灾害", "生产安全事故", "消防安全"])


class HazardTagger:
    """Extends lexicon hits to the right where they name an accident or a disaster together with what follows."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._terms = lexicon["HAZARD"]

    def __call__(self, text: str) -> Iterator[Candidate]:
        """Propose candidates."""
        for start, end, entry in self._terms.scan(text):
            tail = _EVENT_TAIL.match(text, end)
            if tail and entry.term not in _NOT_BEFORE_TAIL and not entry.term.endswith(("事故", "灾害")):
                yield Candidate(start, tail.end(), "HAZARD", "rule:hazard-event")
