"""File formats of labels: inline marks, labels one a line. Records have JSON Lines of their own, tables exporters."""

from yaodian.formats import inline
from yaodian.formats.labels import is_labels, read_labels, write_labels

__all__ = ["inline", "is_labels", "read_labels", "write_labels"]
