"""What can go wrong, each with one line that says what to do and the exit status a command ends with."""

from __future__ import annotations

REASONS = {
    "missing": "no such file",
    "denied": "the file cannot be opened",
    "empty": "the file holds no text",
    "unknown": "no format that is known here",
    "broken": "damaged or cut off",
    "encrypted": "protected by a password",
    "scanned": "pictures of pages, no text layer",
    "needs_program": "a program that reads this format is not installed",
    "too_large": "larger than the limit",
    "not_fetched": "the address gave no page",
    "timeout": "took longer than the limit",
    "died": "the process that worked on it died",
    "internal": "a fault of this program",
}
"""Why a document failed: the word that stands in `failures.csv`, and what it means."""


class YaodianError(Exception):
    """Base of all errors raised on purpose; `str(error)` is one line that a user can act on."""

    exit_code = 1


class InputError(YaodianError):
    """A path or a text that cannot be used: missing, empty, not text, no readable file."""


class UnreadableError(InputError):
    """One document that cannot be read; `reason` is one of `REASONS`, for counting and sorting failures."""

    def __init__(self, message: str, *, reason: str) -> None:
        super().__init__(message)
        if reason not in REASONS:
            raise ValueError(f"unknown reason {reason!r}; known: {', '.join(REASONS)}")
        self.reason = reason

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle with the reason: errors cross processes."""
        return _unreadable, (str(self), self.reason)


def _unreadable(message: str, reason: str) -> UnreadableError:
    return UnreadableError(message, reason=reason)


class RecordError(YaodianError):
    """A record that breaks the schema; names file, line, field and reason."""


class LexiconError(YaodianError):
    """A bad line in a lexicon; names file and line."""


class ModelError(YaodianError):
    """A trained model that is missing, or whose schema or version does not fit."""


class UsageError(YaodianError):
    """A call that cannot be meant, such as scoring two sets without a document in common."""

    exit_code = 2
