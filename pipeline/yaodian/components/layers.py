"""What the components pass on in a Doc: plain data in `doc.user_data`, so that it survives pickling and `nlp.pipe`.

`doc.spans` holds the same for spaCy's users. Where a foreign tokenizer's tokens do not end where a span does, the
tokens are split; no span is moved or dropped.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any, cast

from spacy.tokens import Span as SpacySpan

from yaodian.record import Record, sha256
from yaodian.spans import Span, View

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from spacy.tokens import Doc

    from yaodian.record import Notice

KEY = "yaodian"
SPANS = "yaodian"
"""Name of the span group with the entities."""


def layer(doc: Doc) -> dict[str, Any]:
    """Return the project's own layer of a Doc, created empty at first use."""
    return cast("dict[str, Any]", doc.user_data.setdefault(KEY, {}))


def give(doc: Doc, *, metadata: Mapping[str, Any], first: bool, notices: Iterable[Notice]) -> None:
    """Tell the segmenter, before it runs, what is known of a Doc from elsewhere; see `segment.completed`."""
    layer(doc)["given"] = {
        "metadata": dict(metadata),
        "first": first,
        "notices": [notice.model_dump() for notice in notices],
    }


def text_of(doc: Doc) -> str:
    """Text of a Doc, kept in its layer."""
    stored = layer(doc)
    if "text" not in stored:
        stored["text"] = doc.text
    return cast("str", stored["text"])


def get_view(doc: Doc) -> View:
    """View that the segmenter stored."""
    stored = layer(doc)
    if "view" not in stored:
        raise ValueError("no view in this Doc: add `yaodian_segmenter` to the pipeline before this component")
    return View(stored["view"], tuple(stored["offsets"]))


def put_parts(doc: Doc, name: str, parts: Iterable[Any]) -> None:
    """Store record parts (or their dictionaries) as plain data."""
    layer(doc)[name] = [part if isinstance(part, dict) else part.model_dump() for part in parts]


def record(doc: Doc, *, doc_id: str = "doc", source: str | None = None) -> Record:
    """Build the record of a processed Doc."""
    stored, text = layer(doc), text_of(doc)
    lists = {name: stored.get(name, ()) for name in ("sections", "measures", "entities", "relations", "warnings")}
    head = {"doc_id": doc_id, "source": source, "text_sha256": sha256(text), "text": text}
    return Record.model_validate({**head, "metadata": stored.get("metadata", {}), **lists})


def put_spans(doc: Doc, group: str, rows: Iterable[tuple[Span, str, str]]) -> None:
    """Write a span group of `(character span, label, id)`, splitting tokens where a span's edge falls inside one."""
    found, text = list(rows), text_of(doc)
    if len(doc) == len(text):
        # One token a character: indices are offsets.
        spans = [SpacySpan(doc, s.start, s.end, label=label, span_id=identity) for s, label, identity in found]
        doc.spans[group] = spans
        return
    starts = {token.idx: token.i for token in doc}
    edges = {edge for span, _, _ in found for edge in (span.start, span.end)}
    if any(edge not in starts and edge < len(text) for edge in edges):
        _split(doc, sorted(edges))
        starts = {token.idx: token.i for token in doc}
    ends = {token.idx + len(token): token.i + 1 for token in doc}
    doc.spans[group] = [
        SpacySpan(doc, starts[span.start], ends[span.end], label=label, span_id=identity)
        for span, label, identity in found
    ]


def _split(doc: Doc, edges: list[int]) -> None:
    text = text_of(doc)
    with doc.retokenize() as retokenizer:
        position = 0
        for token in doc:
            start, end = token.idx, token.idx + len(token)
            while position < len(edges) and edges[position] <= start:
                position += 1
            cuts = []
            while position < len(edges) and edges[position] < end:
                cuts.append(edges[position])
                position += 1
            if cuts:
                bounds = [start, *cuts, end]
                words = [text[a:b] for a, b in itertools.pairwise(bounds)]
                retokenizer.split(token, words, heads=[(token, i) for i in range(len(words))])
