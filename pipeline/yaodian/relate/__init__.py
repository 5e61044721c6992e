"""Relations inside a document: who does a measure, by when, what its verbs are, which figures are its targets."""

from yaodian.relate.actions import actions
from yaodian.relate.actors import actors
from yaodian.relate.deadlines import deadline, goals

__all__ = ["actions", "actors", "deadline", "goals"]
