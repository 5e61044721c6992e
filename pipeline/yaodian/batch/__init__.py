"""Batch extraction."""

from yaodian.batch.inputs import Source, find
from yaodian.batch.run import RECORDS, Summary, as_json, run

__all__ = ["RECORDS", "Source", "Summary", "as_json", "find", "run"]
