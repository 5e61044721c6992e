"""Comparing plans: which measures stayed, changed, came and went, and what became of their targets over years."""

from yaodian.compare.align import compare
from yaodian.compare.chains import Chain, History, Series, history
from yaodian.compare.model import Change, Comparison, Link

__all__ = ["Chain", "Change", "Comparison", "History", "Link", "Series", "compare", "history"]
