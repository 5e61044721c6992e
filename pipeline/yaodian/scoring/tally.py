"""Counts by unit, and the bootstrap over them: every figure is a vectorised function of resampled totals.

Element 0 of each array is the observed figure, the others are the resamples, so a statistic is written once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from yaodian.errors import UsageError
from yaodian.scoring.result import Figure

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Key = tuple[str, ...]

_TAILS = (2.5, 97.5)
"""Percentiles of a 95 % interval."""
_FEWEST_UNITS = 2


class Tally:
    """Sums by key and unit, filled document by document."""

    def __init__(self, units: int) -> None:
        self.units = units
        self.columns: dict[Key, Array] = {}

    def add(self, unit: int, key: Key, by: float = 1.0) -> None:
        """Add to the count `key` of a unit in `range(units)`."""
        if key not in self.columns:
            self.columns[key] = np.zeros(self.units)
        self.columns[key][unit] += by


class Sample:
    """Totals of a tally: as observed, and in each resample of its units.

    Units are drawn with replacement, as many as there are (Efron and Tibshirani 1993, chapters 6 and 13). The
    draws depend on the number of units, the seed and `resamples` alone, so two tallies of the same units are
    resampled in pairs.

    Raises:
        UsageError: `resamples` is negative.
    """

    def __init__(self, tally: Tally, *, seed: int, resamples: int) -> None:
        if resamples < 0:
            raise UsageError(f"resamples is {resamples}; give 0 for no intervals or a positive number such as 1000")
        n = tally.units
        draws = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=resamples)
        self._weights = np.vstack([np.ones((1, n)), draws])
        self._counts = np.array(list(tally.columns.values())).reshape(-1, n)
        self._totals = self._counts @ self._weights.T
        self._rows = {key: row for row, key in enumerate(tally.columns)}

    def total(self, *keys: Key) -> Array:
        """Sum of the counts `keys`, shape (1 + resamples,); a key never counted is 0."""
        rows = [self._rows[key] for key in keys if key in self._rows]
        total: Array = self._totals[rows].sum(axis=0)
        return total

    def observed(self, *keys: Key) -> int:
        """Sum of the counts `keys` in the data itself."""
        return round(float(self.total(*keys)[0]))

    def figure(self, values: Array, *, held_by: Iterable[Key]) -> Figure:
        """Observed value and 95 % percentile interval (Efron and Tibshirani 1993, chapter 13).

        Args:
            values: shape (1 + resamples,), NaN where the statistic is undefined; such resamples are left out.
            held_by: the counts in the statistic's denominator. Where fewer than two units hold any of them,
                resampling says nothing and there is no interval.
        """
        value, resampled = optional(values[0]), values[1:][np.isfinite(values[1:])]
        if value is None or not resampled.size or self._holders(held_by) < _FEWEST_UNITS:
            return Figure(value=value)
        low, high = np.percentile(resampled, _TAILS)
        return Figure(value=value, low=float(low), high=float(high))

    def _holders(self, keys: Iterable[Key]) -> int:
        """Number of units in which at least one of the counts is not 0."""
        rows = [self._rows[key] for key in keys if key in self._rows]
        return int(np.count_nonzero(self._counts[rows].any(axis=0)))


def ratio(numerator: Array, denominator: Array) -> Array:
    """Elementwise quotient, NaN where the denominator is 0."""
    quotient: Array = np.divide(numerator, denominator, out=np.full(numerator.shape, np.nan), where=denominator != 0)
    return quotient


def optional(value: float) -> float | None:
    """The number as a Python float, None for NaN."""
    return None if np.isnan(value) else float(value)
