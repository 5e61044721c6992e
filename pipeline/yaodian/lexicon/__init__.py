"""Word lists as data: institutions and their parts, regulations, hazards, units, and what is none of them."""

from yaodian.lexicon.matching import Beginnings, Endings, Lexicon, Terms, load_lexicon
from yaodian.lexicon.table import Entry, read_lexicon

__all__ = ["Beginnings", "Endings", "Entry", "Lexicon", "Terms", "load_lexicon", "read_lexicon"]
