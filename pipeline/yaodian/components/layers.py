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

Rows = list[tuple[Span, str, str]]
"""Character span, label and id of each span of a group."""


Layer = dict[str, Any]
"""A document on its way through the stages: its text and what they found so far, as plain data."""


class Stage:
    """A component: `run` completes a layer, and the call writes what was found into a Doc's span groups as well.

    `extract` needs no Doc and runs the stages on the layer alone.
    """

    def run(self, stored: Layer) -> None:
        """Do the work on the plain data."""
        raise NotImplementedError

    def groups(self, stored: Layer) -> dict[str, Rows]:  # noqa: ARG002  most stages write none
        """Span groups by name for the spaCy side."""
        return {}

    def __call__(self, doc: Doc) -> Doc:
        """Process one Doc."""
        text_of(doc)
        stored = layer(doc)
        self.run(stored)
        for name, rows in self.groups(stored).items():
            put_spans(doc, name, rows)
        return doc


def layer(doc: Doc) -> Layer:
    """Return the project's own layer of a Doc, created empty at first use."""
    return cast("Layer", doc.user_data.setdefault(KEY, {}))


def given(*, metadata: Mapping[str, Any], first: bool, notices: Iterable[Notice]) -> Layer:
    """Layer that tells the segmenter what is known of a text from elsewhere; see `segment.completed`."""
    notes = [notice.model_dump() for notice in notices]
    return {"given": {"metadata": dict(metadata), "first": first, "notices": notes}}


def text_of(doc: Doc) -> str:
    """Text of a Doc, kept in its layer."""
    stored = layer(doc)
    if "text" not in stored:
        stored["text"] = doc.text
    return cast("str", stored["text"])


def get_view(stored: Layer) -> View:
    """View that the segmenter stored."""
    if "view" not in stored:
        raise ValueError("no view in this Doc: add `yaodian_segmenter` to the pipeline before this component")
    return View(stored["view"], tuple(stored["offsets"]))


def record(doc: Doc, *, doc_id: str = "doc", source: str | None = None) -> Record:
    """Build the record of a processed Doc."""
    text_of(doc)
    return record_of(layer(doc), doc_id=doc_id, source=source)


def record_of(stored: Layer, *, doc_id: str, source: str | None) -> Record:
    """Build the record of a layer that the stages completed."""
    text = stored["text"]
    lists = {name: stored.get(name, ()) for name in ("sections", "measures", "entities", "relations", "warnings")}
    head = {"doc_id": doc_id, "source": source, "text_sha256": sha256(text), "text": text}
    return Record.model_validate({**head, "metadata": stored.get("metadata", {}), **lists})


def put_spans(doc: Doc, group: str, rows: Rows) -> None:
    """Write a span group, splitting tokens where a span's edge falls inside one."""
    text = text_of(doc)
    if len(doc) == len(text):
        # One token a character: indices are offsets.
        spans = [SpacySpan(doc, s.start, s.end, label=label, span_id=identity) for s, label, identity in rows]
        doc.spans[group] = spans
        return
    starts = {token.idx: token.i for token in doc}
    edges = {edge for span, _, _ in rows for edge in (span.start, span.end)}
    if any(edge not in starts and edge < len(text) for edge in edges):
        _split(doc, sorted(edges))
        starts = {token.idx: token.i for token in doc}
    ends = {token.idx + len(token): token.i + 1 for token in doc}
    doc.spans[group] = [
        SpacySpan(doc, starts[span.start], ends[span.end], label=label, span_id=identity)
        for span, label, identity in rows
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
