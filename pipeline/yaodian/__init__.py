"""Yaodian 要点: Chinese government work plans as data, exact to the character, offline.

Four verbs: `load` a spaCy pipeline, `extract` a record from a text, `score` records against gold, and the record's
own `to_frames`. Names are imported when first used, so that `import yaodian` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from yaodian.version import __version__

if TYPE_CHECKING:
    from yaodian.components import extract, load
    from yaodian.record import Record, json_schema, read_jsonl, write_jsonl
    from yaodian.scoring import score

_HOMES = {
    "extract": "yaodian.components",
    "load": "yaodian.components",
    "Record": "yaodian.record",
    "json_schema": "yaodian.record",
    "read_jsonl": "yaodian.record",
    "write_jsonl": "yaodian.record",
    "score": "yaodian.scoring",
}

__all__ = ["Record", "__version__", "extract", "json_schema", "load", "read_jsonl", "score", "write_jsonl"]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'yaodian' has no attribute {name!r}")
