"""Segmentation: spans of measures, sections, and the document's metadata."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yaodian.record import Metadata
from yaodian.scoring.counting import accuracy, add_agreement, add_hits, hits
from yaodian.scoring.result import Segmentation
from yaodian.spans import Span, trim

if TYPE_CHECKING:
    from collections.abc import Iterator

    from yaodian.record import Record
    from yaodian.scoring.documents import Document
    from yaodian.scoring.tally import Sample, Tally
    from yaodian.spans import HasSpan

CLOSING = "。；;！!？?，,、：:.．…”’\"'）)》〉】」』"
"""Punctuation that the tolerant figure ignores at the end of a measure."""


def core(text: str, span: HasSpan) -> Span:
    """The span without white space at its ends and closing punctuation at its end; unchanged if none is left."""
    trimmed = trim(text, span.start, span.end)
    end = trimmed.end
    while end > trimmed.start and (text[end - 1] in CLOSING or text[end - 1].isspace()):
        end -= 1
    return Span(trimmed.start, end) if end > trimmed.start else Span(span.start, span.end)


def count(document: Document, tally: Tally) -> None:
    """Count a document's measures, sections and metadata; metadata belong to the front matter."""
    gold, predicted = document.gold, document.predicted
    add_hits(tally, ("measure",), _measures(document, gold), _measures(document, predicted))
    add_hits(tally, ("tolerant",), _cores(document, gold), _cores(document, predicted))
    add_hits(tally, ("section",), _sections(document, gold), _sections(document, predicted))
    for field in Metadata.model_fields:
        ours, theirs = getattr(gold.metadata, field), getattr(predicted.metadata, field)
        add_agreement(tally, document.unit, ("metadata", field), ours, theirs)


def _measures(document: Document, record: Record) -> Iterator[tuple[Span, int]]:
    return ((Span(m.start, m.end), document.unit_of(m)) for m in record.measures)


def _cores(document: Document, record: Record) -> Iterator[tuple[Span, int]]:
    return ((core(record.text, m), document.unit_of(m)) for m in record.measures)


def _sections(document: Document, record: Record) -> Iterator[tuple[tuple[int, int], int]]:
    return (((s.start, s.level), document.unit_of(s)) for s in record.sections)


def segmentation(sample: Sample) -> Segmentation:
    """Figures of the structure."""
    fields = {field: ("metadata", field) for field in Metadata.model_fields}
    return Segmentation(
        measures=hits(sample, ("measure",)),
        measures_tolerant=hits(sample, ("tolerant",)),
        sections=hits(sample, ("section",)),
        metadata={field: accuracy(sample, key) for field, key in fields.items()},
        metadata_all=accuracy(sample, *fields.values()),
    )
