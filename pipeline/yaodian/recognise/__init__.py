"""A learned recogniser beside the grammar: a linear-chain CRF over characters that fills what the rules leave."""

from yaodian.recognise.model import FILE, Recogniser, Weights, load, save

__all__ = ["FILE", "Recogniser", "Weights", "load", "save"]
