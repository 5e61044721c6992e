"""Function and policy instrument of measures, with calibrated probabilities."""

from yaodian.classify.features import Seen, seen, seen_places
from yaodian.classify.model import Classifier, Prediction, Weights, check_meta, fit, fit_estimators, load, save

__all__ = [
    "Classifier",
    "Prediction",
    "Seen",
    "Weights",
    "check_meta",
    "fit",
    "fit_estimators",
    "load",
    "save",
    "seen",
    "seen_places",
]
