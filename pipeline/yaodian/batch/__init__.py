"""Batch extraction: folders, archives, tables and addresses to files, over processes or a cluster, resumable."""

from yaodian.batch.run import InterruptedRunError, Plan, Watch, run
from yaodian.batch.settings import Settings
from yaodian.batch.single import records
from yaodian.batch.summary import Summary, as_json

__all__ = ["InterruptedRunError", "Plan", "Settings", "Summary", "Watch", "as_json", "records", "run"]
