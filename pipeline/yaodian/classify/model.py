"""The classifier of functions and instruments: fitting, saving without code, loading with checks, predicting."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from yaodian.classify.features import Seen, features
from yaodian.errors import ModelError
from yaodian.labels import SCHEME_VERSION, functions, instruments
from yaodian.record import SCHEMA_VERSION

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

FORMAT = 1
"""Version of the features and of the file; a model of another one is refused."""
_WEIGHTS, _META = "classifier.skops", "meta.json"
_DECIMALS = 4
_FOLDS = 5


@dataclass(frozen=True, slots=True)
class Prediction:
    """Classes of one measure; probabilities are rounded, so that the bytes do not depend on the machine."""

    function: str
    function_scores: dict[str, float]
    instrument: str


class Classifier:
    """Two linear models over one vectoriser."""

    def __init__(self, parts: dict[str, Any]) -> None:
        self._vectoriser = parts["vectoriser"].set_params(analyzer=list)
        self._function = parts["function"]
        self._instrument = parts["instrument"]

    def predict(self, measures: Sequence[Seen]) -> list[Prediction]:
        """Predict function and instrument; `none` goes with `none` on both axes."""
        if not measures:
            return []
        matrix = self._vectoriser.transform(features(measures))
        by_function = self._function.predict_proba(matrix)
        by_instrument = self._instrument.predict_proba(matrix)
        names, tools = self._function.classes_.tolist(), self._instrument.classes_.tolist()
        result = []
        for row, tool_row in zip(by_function.tolist(), by_instrument.tolist(), strict=True):
            function = names[max(range(len(row)), key=row.__getitem__)]
            allowed = [i for i, tool in enumerate(tools) if (tool == "none") == (function == "none")]
            instrument = tools[max(allowed, key=tool_row.__getitem__)] if allowed else "none"
            scores = {name: round(value, _DECIMALS) for name, value in zip(names, row, strict=True)}
            result.append(Prediction(function, scores, instrument))
        return result


def fit(
    measures: Sequence[Seen], function: Sequence[str], instrument: Sequence[str], *, seed: int = 0
) -> dict[str, Any]:
    """Fit the parts of a classifier.

    Probabilities are calibrated by temperature scaling on held-out folds (Guo et al. 2017).

    Returns:
        The fitted parts, for `Classifier` and `save`.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectoriser = TfidfVectorizer(analyzer=list, sublinear_tf=True, min_df=2)
    matrix = vectoriser.fit_transform(features(measures))
    return {
        "vectoriser": vectoriser,
        "function": _calibrated(matrix, function, seed),
        "instrument": _calibrated(matrix, instrument, seed),
    }


def _calibrated(matrix: Any, labels: Sequence[str], seed: int) -> Any:
    """Fit a logistic regression and divide its logits by the temperature that suits held-out folds best.

    The temperature is folded into the weights, so that the saved model is a plain scikit-learn estimator.
    """
    model = _regression().fit(matrix, labels)
    temperature = _temperature(matrix, labels, model.classes_.tolist(), seed)
    model.coef_ /= temperature
    model.intercept_ /= temperature
    return model


def _regression() -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=30.0, class_weight="balanced", max_iter=2000)


def _temperature(matrix: Any, labels: Sequence[str], classes: list[str], seed: int) -> float:
    """Temperature with the least log loss on the logits of held-out folds."""
    import numpy as np
    from scipy.optimize import minimize_scalar
    from scipy.special import log_softmax
    from sklearn.model_selection import KFold

    column = {name: index for index, name in enumerate(classes)}
    target = np.array([column[label] for label in labels])
    # A class that a fold has not seen gets a logit below all others.
    logits = np.full((len(labels), len(classes)), -20.0)
    for seen_rows, held_out in KFold(_FOLDS, shuffle=True, random_state=seed).split(target):
        model = _regression().fit(matrix[seen_rows], [labels[i] for i in seen_rows])
        scores = np.log(np.clip(model.predict_proba(matrix[held_out]), 1e-12, 1.0))
        for position, name in enumerate(model.classes_.tolist()):
            logits[held_out, column[name]] = scores[:, position]

    def loss(temperature: float) -> float:
        return float(-log_softmax(logits / temperature, axis=1)[np.arange(len(target)), target].mean())

    return float(minimize_scalar(loss, bounds=(0.05, 5.0), method="bounded").x)


def save(parts: dict[str, Any], folder: Path, meta: dict[str, Any]) -> None:
    """Write weights (skops) and `meta.json` to a folder."""
    import sklearn
    import skops.io

    folder.mkdir(parents=True, exist_ok=True)
    # The analyser is set again on loading, so that the file names no callable.
    parts["vectoriser"].set_params(analyzer="word")
    skops.io.dump(parts, folder / _WEIGHTS)
    meta = {
        "format": FORMAT,
        "record_schema": SCHEMA_VERSION,
        "scheme": SCHEME_VERSION,
        "scikit_learn": sklearn.__version__,
        **meta,
    }
    (folder / _META).write_text(json.dumps(meta, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def load(folder: Path) -> Classifier:
    """Load a classifier; nothing in the files is executed.

    Raises:
        ModelError: the model is missing, damaged, of another format, or trained for other labels.
    """
    check_meta(folder)
    import skops.io

    path = folder / _WEIGHTS
    try:
        unknown = skops.io.get_untrusted_types(file=path)
        # Only classes of scikit-learn and numpy are let in, whatever the file names.
        trusted = [name for name in unknown if name.startswith(("sklearn.", "numpy."))]
        parts = skops.io.load(path, trusted=trusted)
    except Exception as error:  # skops raises many kinds on damaged or foreign files
        raise ModelError(f"{path}: not loaded ({type(error).__name__}); train it again with `yaodian train`") from error
    known = {"function": functions(), "instrument": instruments()}
    for axis, classes in known.items():
        strange = set(parts[axis].classes_) - set(classes)
        if strange:
            raise ModelError(f"{path}: {axis} {min(strange)!r} is not in the scheme; train it again")
    return Classifier(parts)


def check_meta(folder: Path) -> dict[str, Any]:
    """Read `meta.json` and check that the model fits this version."""
    path = folder / _META
    try:
        meta: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ModelError(f"{path}: cannot be read; train a model with `yaodian train` or reinstall") from error
    except ValueError as error:
        raise ModelError(f"{path}: not valid JSON; train the model again") from error
    expected = {"format": FORMAT, "record_schema": SCHEMA_VERSION, "scheme": SCHEME_VERSION}
    for key, value in expected.items():
        if meta.get(key) != value:
            raise ModelError(
                f"{path}: model has {key} {meta.get(key)!r}, this version needs {value!r}; "
                "train it again with `yaodian train`"
            )
    return meta
