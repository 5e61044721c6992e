"""The classifier of functions and instruments: fitting, saving without code, loading with checks, predicting.

Fitting is scikit-learn's. What it learns is a vocabulary and three arrays, and they are all that is kept: NumPy's
own format, read with pickling off, cannot carry code, and extraction need not import scikit-learn.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from yaodian.classify.features import Seen, features, surroundings
from yaodian.errors import ModelError
from yaodian.labels import SCHEME_VERSION, functions, instruments
from yaodian.record import SCHEMA_VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

FORMAT = 1
"""Version of the features and of the file; a model of another one is refused."""
_WEIGHTS, _META = "classifier.npz", "meta.json"
_AXES = ("function", "instrument")
_DECIMALS = 4
_FOLDS = 5


@dataclass(frozen=True, slots=True)
class Prediction:
    """Classes of one measure; probabilities are rounded, so that the bytes do not depend on the machine."""

    function: str
    function_scores: dict[str, float]
    instrument: str


@dataclass(frozen=True, slots=True)
class Weights:
    """A linear model over TF-IDF features, one weight matrix for both axes.

    `idf` has one value a feature, `coefficients` one row a feature and one column a class, `intercepts` one value
    a class; the columns are the functions' and then the instruments'.
    """

    vocabulary: dict[str, int]
    idf: NDArray[np.float32]
    coefficients: NDArray[np.float32]
    intercepts: NDArray[np.float32]
    functions: tuple[str, ...]
    instruments: tuple[str, ...]


class Classifier:
    """Predicts both axes; the same figures as scikit-learn's TfidfVectorizer and LogisticRegression."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        pairs = [(term, index) for term, index in weights.vocabulary.items() if len(term) == 2]  # noqa: PLR2004
        codes = _pairs(_codes("".join(term for term, _ in pairs)))[::2]
        order = np.argsort(codes)
        self._pairs = codes[order]
        """Pairs of the vocabulary as numbers, in order, and the columns of their weights."""
        self._columns = np.array([index for _, index in pairs], dtype=np.intp)[order]
        # `none` goes with `none`: the instruments that a function can have.
        self._none = [i for i, tool in enumerate(weights.instruments) if tool == "none"]
        self._some = [i for i, tool in enumerate(weights.instruments) if tool != "none"]

    def predict(self, measures: Sequence[Seen]) -> list[Prediction]:
        """Predict function and instrument; `none` goes with `none` on both axes."""
        if not measures:
            return []
        weights, split = self._weights, len(self._weights.functions)
        logits = self._logits(measures)
        by_function, by_instrument = _softmax(logits[:, :split]), _softmax(logits[:, split:]).tolist()
        best, rounded = by_function.argmax(axis=1).tolist(), by_function.round(_DECIMALS).tolist()
        result = []
        for index, scores, tools in zip(best, rounded, by_instrument, strict=True):
            function = weights.functions[index]
            allowed = self._none if function == "none" else self._some
            instrument = weights.instruments[max(allowed, key=tools.__getitem__)] if allowed else "none"
            result.append(Prediction(function, dict(zip(weights.functions, scores, strict=True)), instrument))
        return result

    def _logits(self, measures: Sequence[Seen]) -> NDArray[np.float64]:
        """Logits, one row a measure: sublinear term frequency times idf, scaled to length 1, times the weights."""
        vocabulary, size = self._weights.vocabulary, len(measures)
        others = [
            row * len(vocabulary) + column
            for row, found in enumerate(surroundings(measures))
            for feature in found
            if (column := vocabulary.get(feature)) is not None
        ]
        # A row's features with their counts, all rows at once: row and column as one number.
        keys = np.concatenate([self._pair_keys([seen.text for seen in measures]), np.array(others, dtype=np.intp)])
        unique, frequencies = np.unique(keys, return_counts=True)
        rows, columns = np.divmod(unique, len(vocabulary))
        lengths = np.bincount(rows, minlength=size)
        values = (1.0 + np.log(frequencies)) * self._weights.idf[columns]
        norms = np.sqrt(np.bincount(rows, weights=values * values, minlength=size))
        values /= np.where(norms > 0, norms, 1.0)[rows]
        logits = np.repeat(self._weights.intercepts[None, :].astype(np.float64), size, axis=0)
        filled = np.flatnonzero(lengths)
        if filled.size:
            starts = np.concatenate([[0], np.cumsum(lengths[filled])[:-1]])
            logits[filled] += np.add.reduceat(
                values[:, None] * self._weights.coefficients.take(columns, axis=0), starts, axis=0
            )
        return logits

    def _pair_keys(self, texts: Sequence[str]) -> NDArray[np.intp]:
        """Row and column as one number of every known character pair; looked up in one go for all texts."""
        lengths = np.array([len(text) for text in texts], dtype=np.intp)
        codes = _pairs(_codes("".join(texts)))
        rows = np.repeat(np.arange(len(texts)), lengths)
        # The last character of a text makes no pair with the first of the next one.
        whole, rows = rows[:-1] == rows[1:], rows[:-1]
        places = np.searchsorted(self._pairs, codes)
        places[places == len(self._pairs)] = 0
        known = (self._pairs[places] == codes) & whole if len(self._pairs) else np.zeros_like(whole)
        keys: NDArray[np.intp] = rows[known] * len(self._weights.vocabulary) + self._columns[places[known]]
        return keys


def _codes(text: str) -> NDArray[np.int64]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.int64)


def _pairs(codes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Each code point with the next one as one number; code points have 21 bits."""
    return (codes[:-1] << 21) + codes[1:]


def _softmax(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
    result: NDArray[np.float64] = exponentials / exponentials.sum(axis=1, keepdims=True)
    return result


def fit(
    measures: Sequence[Seen],
    function: Sequence[str],
    instrument: Sequence[str],
    *,
    groups: Sequence[str] | None = None,
    typical: Sequence[bool] | None = None,
    seed: int = 0,
    calibrate: bool = True,
) -> Weights:
    """Fit a classifier with scikit-learn.

    Probabilities are calibrated by temperature scaling on held-out folds (Guo et al. 2017), which changes no class;
    the folds keep measures of one of `groups`, such as a document's, together. `typical` marks the measures that are
    like those to be read: the temperature is the one that suits them (None: all).
    """
    vectoriser, models = fit_estimators(
        measures, function, instrument, groups=groups, typical=typical, seed=seed, calibrate=calibrate
    )
    return Weights(
        vocabulary={str(term): int(index) for term, index in vectoriser.vocabulary_.items()},
        idf=vectoriser.idf_.astype(np.float32),
        coefficients=np.concatenate([_row_a_class(model.coef_) for model in models]).T.astype(np.float32),
        intercepts=np.concatenate([_row_a_class(model.intercept_) for model in models]).astype(np.float32),
        functions=tuple(models[0].classes_.tolist()),
        instruments=tuple(models[1].classes_.tolist()),
    )


def _row_a_class(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weights with one row a class; of two classes scikit-learn keeps the second one's alone."""
    return np.concatenate([np.zeros_like(weights), weights]) if len(weights) == 1 else weights


def fit_estimators(
    measures: Sequence[Seen],
    function: Sequence[str],
    instrument: Sequence[str],
    *,
    groups: Sequence[str] | None = None,
    typical: Sequence[bool] | None = None,
    seed: int = 0,
    calibrate: bool = True,
) -> tuple[Any, tuple[Any, Any]]:
    """Fit scikit-learn's vectoriser and one logistic regression an axis."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectoriser = TfidfVectorizer(analyzer=list, sublinear_tf=True, min_df=2)
    matrix = vectoriser.fit_transform(features(measures))
    if not calibrate:
        return vectoriser, (_regression().fit(matrix, function), _regression().fit(matrix, instrument))
    folds = _Folds(groups, typical, seed)
    return vectoriser, (_calibrated(matrix, function, folds), _calibrated(matrix, instrument, folds))


@dataclass(frozen=True, slots=True)
class _Folds:
    """How the held-out logits are made from which the temperature is read."""

    groups: Sequence[str] | None
    typical: Sequence[bool] | None
    seed: int

    def split(self, size: int) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
        from sklearn.model_selection import GroupKFold, KFold

        together = self.groups is not None and len(set(self.groups)) >= _FOLDS
        splitter = (GroupKFold if together else KFold)(_FOLDS, shuffle=True, random_state=self.seed)
        yield from splitter.split(np.zeros(size), groups=self.groups if together else None)


def _calibrated(matrix: Any, labels: Sequence[str], folds: _Folds) -> Any:
    """Fit a logistic regression and divide its logits by the temperature that suits held-out folds best.

    The temperature is folded into the weights, so that the saved model is a plain scikit-learn estimator.
    """
    model = _regression().fit(matrix, labels)
    temperature = _temperature(matrix, labels, model.classes_.tolist(), folds)
    model.coef_ /= temperature
    model.intercept_ /= temperature
    return model


def _regression() -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=30.0, class_weight="balanced", max_iter=2000, tol=1e-3)


def _temperature(matrix: Any, labels: Sequence[str], classes: list[str], folds: _Folds) -> float:
    """Temperature with the least log loss on the logits of held-out folds."""
    import numpy as np
    from scipy.optimize import minimize_scalar
    from scipy.special import log_softmax

    column = {name: index for index, name in enumerate(classes)}
    target = np.array([column[label] for label in labels])
    # A class that a fold has not seen gets a logit below all others.
    logits = np.full((len(labels), len(classes)), -20.0)
    for seen_rows, held_out in folds.split(len(target)):
        model = _regression().fit(matrix[seen_rows], [labels[i] for i in seen_rows])
        scores = np.log(np.clip(model.predict_proba(matrix[held_out]), 1e-12, 1.0))
        for position, name in enumerate(model.classes_.tolist()):
            logits[held_out, column[name]] = scores[:, position]

    kept = np.flatnonzero(folds.typical) if folds.typical is not None and any(folds.typical) else np.arange(len(target))

    def loss(temperature: float) -> float:
        return float(-log_softmax(logits[kept] / temperature, axis=1)[np.arange(len(kept)), target[kept]].mean())

    return float(minimize_scalar(loss, bounds=(0.05, 5.0), method="bounded").x)


def save(weights: Weights, folder: Path, meta: dict[str, Any]) -> None:
    """Write weights and `meta.json` to a folder; the same weights give the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    terms = sorted(weights.vocabulary, key=weights.vocabulary.__getitem__)
    np.savez_compressed(
        folder / _WEIGHTS,
        # Half precision: the vocabulary of two thousand measures stays under a megabyte.
        idf=weights.idf,
        coefficients=weights.coefficients.astype(np.float16),
        intercepts=weights.intercepts,
        vocabulary=np.frombuffer("\n".join(terms).encode("utf-8"), dtype=np.uint8),
    )
    meta = {
        "format": FORMAT,
        "record_schema": SCHEMA_VERSION,
        "scheme": SCHEME_VERSION,
        "functions": list(weights.functions),
        "instruments": list(weights.instruments),
        **meta,
    }
    (folder / _META).write_text(json.dumps(meta, ensure_ascii=False, indent=2) + "\n", encoding="utf-8", newline="\n")


def load(folder: Path) -> Classifier:
    """Load a classifier; nothing in the files can be executed.

    Raises:
        ModelError: the model is missing, damaged, of another format, or trained for other labels.
    """
    meta = check_meta(folder)
    path = folder / _WEIGHTS
    try:
        with np.load(path, allow_pickle=False) as arrays:
            terms = arrays["vocabulary"].tobytes().decode("utf-8").split("\n")
            weights = Weights(
                vocabulary={term: index for index, term in enumerate(terms)},
                idf=arrays["idf"],
                coefficients=arrays["coefficients"].astype(np.float32),
                intercepts=arrays["intercepts"],
                functions=tuple(meta["functions"]),
                instruments=tuple(meta["instruments"]),
            )
    except Exception as error:  # zip, NumPy and decoding each raise their own kinds on a damaged file
        raise ModelError(f"{path}: not loaded ({type(error).__name__}); train it again with `yaodian train`") from error
    classes = len(weights.functions) + len(weights.instruments)
    if weights.coefficients.shape != (len(terms), classes) or weights.idf.shape != (len(terms),):
        raise ModelError(f"{path}: arrays do not fit together; train it again with `yaodian train`")
    return Classifier(weights)


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
    for axis, known in zip(_AXES, (functions(), instruments()), strict=True):
        strange = sorted(set(meta.get(f"{axis}s", ["nothing"])) - set(known))
        if strange:
            raise ModelError(f"{path}: {axis} {strange[0]!r} is not in the scheme; train the model again")
    return meta
