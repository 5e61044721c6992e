"""The record: typed classes, JSON Lines, JSON Schema and tables of one document's extraction."""

from yaodian.record.jsonl import parse, read_jsonl, write_jsonl
from yaodian.record.model import (
    SCHEMA_VERSION,
    Entity,
    Excerpt,
    Function,
    Measure,
    Metadata,
    Notice,
    Record,
    Relation,
    Section,
    sha256,
)
from yaodian.record.schema import json_schema

__all__ = [
    "SCHEMA_VERSION",
    "Entity",
    "Excerpt",
    "Function",
    "Measure",
    "Metadata",
    "Notice",
    "Record",
    "Relation",
    "Section",
    "json_schema",
    "parse",
    "read_jsonl",
    "sha256",
    "write_jsonl",
]
