"""Relations inside a document: who does a measure, what its verbs and goals are, which figures are its targets."""

from yaodian.relate.actions import actions
from yaodian.relate.actors import actors, role
from yaodian.relate.goals import goals

__all__ = ["actions", "actors", "goals", "role"]
