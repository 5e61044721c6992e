"""spaCy's DocBin: documents with entities, sections and measures as span groups, in shards of a thousand."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from spacy.tokens import DocBin
from spacy.vocab import Vocab

from yaodian.components.layers import SPANS, layer, put_spans
from yaodian.components.tokenizer import CharacterTokenizer
from yaodian.record import parse
from yaodian.spans import Span

if TYPE_CHECKING:
    from pathlib import Path

    from spacy.tokens import Doc

    from yaodian.export.base import Extracted, Options
    from yaodian.record import Record

SHARD = 1_000
_LAYER = ("metadata", "sections", "measures", "entities", "relations", "warnings")
_PROVENANCE = ("sources", "places")


class DocBinShards:
    """Writes `docs/00001.spacy` and so on.

    A loaded Doc has one token a character, the span groups of `yaodian.load()`, and in `user_data` its `doc_id`,
    `source`, rows of `sources` and `places`, and what `yaodian.components.record` builds the record from.
    """

    name = "docbin"

    def __init__(self, folder: Path, options: Options) -> None:  # noqa: ARG002  one signature for all
        self._folder = folder / "docs"
        self._folder.mkdir(exist_ok=True)
        self._shard = 0
        self._start()

    def _start(self) -> None:
        # A vocabulary a shard: strings of one are of no use to the next.
        self._make = CharacterTokenizer(Vocab())
        self._bin = DocBin(attrs=["ORTH"], store_user_data=True)

    def write(self, found: Extracted) -> None:
        """Append one document; a full shard goes to disk."""
        data = json.loads(found.line)
        doc = _doc(self._make, parse(data, where=data.get("doc_id", "record")), data)
        doc.user_data |= {name: [list(row) for row in found.rows[name]] for name in _PROVENANCE}
        self._bin.add(doc)
        if len(self._bin) >= SHARD:
            self._save()

    def _save(self) -> None:
        self._shard += 1
        self._bin.to_disk(self._folder / f"{self._shard:05}.spacy")
        self._start()

    def close(self) -> None:
        """Write the last shard."""
        if len(self._bin):
            self._save()


def _doc(make: CharacterTokenizer, record: Record, data: dict[str, Any]) -> Doc:
    doc = make(record.text)
    put_spans(doc, SPANS, [(Span(e.start, e.end), e.type, e.id) for e in record.entities])
    put_spans(doc, f"{SPANS}_sections", [(Span(s.start, s.end), f"LEVEL{s.level}", s.id) for s in record.sections])
    put_spans(doc, f"{SPANS}_measures", [(Span(m.start, m.end), "MEASURE", m.id) for m in record.measures])
    stored = layer(doc)
    stored.clear()  # the text is in the tokens
    stored |= {name: data[name] for name in _LAYER if name in data}
    doc.user_data |= {"doc_id": record.doc_id, "source": record.source}
    return doc
