"""Function and policy instrument of measures, with calibrated probabilities."""

from yaodian.classify.features import Seen, seen, seen_places
from yaodian.classify.model import Classifier, Prediction, check_meta, fit, load, save

__all__ = ["Classifier", "Prediction", "Seen", "check_meta", "fit", "load", "save", "seen", "seen_places"]
