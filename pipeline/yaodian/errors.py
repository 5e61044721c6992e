"""What can go wrong, each with one line that says what to do and the exit status a command ends with."""

from __future__ import annotations


class YaodianError(Exception):
    """Base of all errors raised on purpose; `str(error)` is one line that a user can act on."""

    exit_code = 1


class InputError(YaodianError):
    """A path or a text that cannot be used: missing, empty, not text, no readable file."""


class RecordError(YaodianError):
    """A record that breaks the schema; names file, line, field and reason."""


class LexiconError(YaodianError):
    """A bad line in a lexicon; names file and line."""


class ModelError(YaodianError):
    """A trained model that is missing, or whose schema or version does not fit."""


class UsageError(YaodianError):
    """A call that cannot be meant, such as scoring two sets without a document in common."""

    exit_code = 2
