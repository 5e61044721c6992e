"""File formats of records: inline marks, labels one a line, tables. JSON Lines are the record's own."""

from yaodian.formats import inline
from yaodian.formats.labels import is_labels, read_labels, write_labels
from yaodian.formats.tables import TableWriter

__all__ = ["TableWriter", "inline", "is_labels", "read_labels", "write_labels"]
