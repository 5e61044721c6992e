"""Training from labelled records."""

from yaodian.train.classifier import fingerprint, train

__all__ = ["fingerprint", "train"]
