"""The trained pipeline: weights of the measure classifier, their metadata and the model card."""

from pathlib import Path

PATH = Path(__file__).parent
