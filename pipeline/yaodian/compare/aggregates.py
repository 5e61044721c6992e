"""Shares, changes and cross tables of what measures are: counts of the coded clause list, with what they can bear.

Reported past work and formalities (function `none`) are no measures: they are left out of every share, and each table
of shares says how many rows were left out. Measures of one plan are not independent of each other, and plans of
successive years copy from each other: intervals and p-values describe the counts and prove no cause.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from yaodian.compare.tables import clause_rows, distinct, frame, labels, year_of
from yaodian.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from yaodian.record import Record

Axis = Literal["function", "instrument", "phase"]
By = Literal["year", "issuer", "doc_id"]
BY = ("year", "issuer", "doc_id")
"""What documents can be grouped by."""
SHARES = ("group", "class", "label", "n", "total", "percent", "low", "high", "documents", "left_out", "warning")
_TEST = ("chi2", "dof", "p", "p_adjusted", "cramers_v", "min_expected", "warning")
CHANGES = ("class", "label", "n_left", "n_right", "percent_left", "percent_right", "difference", *_TEST)
CROSS = ("row", "row_label", "column", "column_label", "n", "percent")
ALL, TOTAL, UNKNOWN = "all", "total", "unknown"
"""Class of the test over all classes, key of a cross table's totals, and key of a missing year or issuer."""
FEWEST, FEWEST_MEASURES = 5, 30
"""Counts and group sizes below which a share is warned of."""

_TAILS = (2.5, 97.5)
_FEWEST_EXPECTED = 5
_MOST_SMALL = 0.2
_Row = dict[str, Any]


def shares(
    records: Iterable[Record], axis: Axis = "function", *, by: By = "year", seed: int = 0, resamples: int = 1000
) -> pd.DataFrame:
    """Share of each class of an axis in each group of documents: one row a group and class, also where n is 0.

    Intervals are percentiles of a bootstrap over the group's measures (Efron and Tibshirani 1993, chapter 13). Drawing
    `total` measures with replacement draws the counts of their classes from a multinomial distribution, so the counts
    are drawn at once. A group's draws depend on its own counts and the seed alone.

    Args:
        records: documents of one or several years and issuers.
        axis: what the measures are grouped by.
        by: what the documents are grouped by; the group of documents that have none is NA and comes last.
        seed: seed of the bootstrap.
        resamples: number of resamples; 0 for no intervals.

    Returns:
        Columns of `SHARES`. `percent` of `total`, the group's measures that have a class on the axis; its 95 % interval
        `low` to `high`, missing where n is 0 or all, which resampling cannot vary; `left_out`, the group's rows that
        are no measures or have no class; `warning` where the count is small.

    Raises:
        UsageError: an argument is unknown or negative, or a `doc_id` is given twice.
    """
    if resamples < 0:
        raise UsageError(f"resamples is {resamples}; give 0 for no intervals or a positive number such as 1000")
    known = labels(axis)
    rows: list[_Row] = []
    for group, found in _groups(records, by).items():
        counted = _count(found.rows, axis)
        total = counted.total()
        classes = [name for name in known if name != "none" or counted[name]]
        intervals = _intervals([counted[name] for name in classes], seed, resamples)
        rows += [
            {
                "group": group,
                "class": name,
                "label": known[name],
                "n": counted[name],
                "total": total,
                "percent": _percent(counted[name], total),
                "low": low,
                "high": high,
                "documents": found.documents,
                "left_out": len(found.rows) - total,
                "warning": _small(counted[name], total),
            }
            for name, (low, high) in zip(classes, intervals, strict=True)
        ]
    return frame(rows, SHARES, {"group"} if by == "year" else ())


def change(
    records: Iterable[Record], left: int | str, right: int | str, *, axis: Axis = "function", by: By = "year"
) -> pd.DataFrame:
    """Test whether shares differ between two groups: all classes together, then each class against the rest.

    Pearson's chi-square without Yates' correction, and Cramér's V = sqrt(chi2 / (n · (min(rows, columns) - 1)))
    (Cramér 1946, chapter 21). The classes' own p-values are adjusted together by Benjamini and Hochberg (1995).

    Args:
        records: documents of both groups; others are not used.
        left: the earlier group's year, issuer or doc_id.
        right: the later group's.
        axis: what the measures are grouped by.
        by: what the documents are grouped by.

    Returns:
        Columns of `CHANGES`: `difference` in percentage points, right minus left. `warning` after Cochran (1954) where
        more than a fifth of the cells have an expected count below 5, or one has less than 1. Figures are missing where
        there is nothing to test.

    Raises:
        UsageError: a group has no documents, an argument is unknown, or a `doc_id` is given twice.
    """
    groups = _groups(records, by)
    for group in (left, right):
        if group not in groups:
            known = ", ".join(str(name) for name in groups if name is not None)
            raise UsageError(f"{group}: no document of this {by}; known: {known or 'none'}")
    before, after = (_count(groups[group].rows, axis) for group in (left, right))
    totals = before.total(), after.total()
    names = [name for name in labels(axis) if before[name] or after[name]]
    rows = [
        {
            "class": name,
            "label": labels(axis)[name],
            **_change(before[name], after[name], totals),
            **_test([[before[name], totals[0] - before[name]], [after[name], totals[1] - after[name]]]),
        }
        for name in names
    ]
    _adjust(rows)
    everything = {"class": ALL, "label": "全部", **_change(*totals, totals)}
    overall = _test([[before[name] for name in names], [after[name] for name in names]])
    return frame([everything | overall, *rows], CHANGES, {"dof"})


def cross(records: Iterable[Record], rows: Axis | By = "phase", columns: Axis | By = "instrument") -> pd.DataFrame:
    """Cross table in long form: one row a cell, with row totals, column totals and the grand total.

    Args:
        records: documents of one or several years and issuers.
        rows: `function`, `instrument`, `phase`, `year`, `issuer` or `doc_id`.
        columns: likewise.

    Returns:
        Columns of `CROSS`, keys as text. `percent` is of the row's total, missing where that is 0; totals have the key
        `total` and the label 合计. Only measures that have a class on both axes are counted.

    Raises:
        UsageError: an argument is unknown, or a `doc_id` is given twice.
    """
    for axis in {rows, columns}.difference(BY):
        labels(axis)  # raises for an unknown one
    found = [
        row
        for row in clause_rows(distinct(records))
        if _is_measure(row) and all(row[axis] or axis in BY for axis in (rows, columns))
    ]
    row_labels, column_labels = (_keys(found, axis) for axis in (rows, columns))
    cells: Counter[tuple[str, str]] = Counter()
    for row in found:
        for r in (_key(row[rows]), TOTAL):
            for c in (_key(row[columns]), TOTAL):
                cells[r, c] += 1
    made = [
        {
            "row": r,
            "row_label": row_label,
            "column": c,
            "column_label": column_label,
            "n": cells[r, c],
            "percent": _percent(cells[r, c], cells[r, TOTAL]),
        }
        for r, row_label in row_labels.items()
        for c, column_label in column_labels.items()
    ]
    return frame(made, CROSS, ())


def spread(table: pd.DataFrame) -> pd.DataFrame:
    """Lay a cross table out as it is printed: one row a row, Chinese labels, `… n` and `… %` for each column."""
    cells = {(row["row_label"], row["column_label"]): row for row in table.to_dict("records")}
    columns = list(dict.fromkeys(label for _, label in cells))
    rows = [
        {"label": row}
        | {f"{column} n": cells[row, column]["n"] for column in columns}
        | {f"{column} %": cells[row, column]["percent"] for column in columns}
        for row in dict.fromkeys(label for label, _ in cells)
    ]
    return frame(rows, ["label", *(f"{column} {unit}" for column in columns for unit in "n%")], ())


@dataclass(slots=True)
class _Group:
    """Documents of one year or issuer."""

    documents: int = 0
    rows: list[_Row] = field(default_factory=list)


def _groups(records: Iterable[Record], by: str) -> dict[Any, _Group]:
    """Documents by group, with the rows of their clauses: years in order, others as they come, None last."""
    if by not in BY:
        raise UsageError(f"{by}: documents cannot be grouped by this; known: {', '.join(BY)}")
    found: dict[Any, _Group] = {}
    for record in distinct(records):
        key = year_of(record) if by == "year" else record.doc_id if by == "doc_id" else record.metadata.issuer
        group = found.setdefault(key, _Group())
        group.documents += 1
        group.rows += clause_rows([record])
    keys = [key for key in found if key is not None]
    return {key: found[key] for key in [*(sorted(keys) if by == "year" else keys), *({None} & set(found))]}


def _is_measure(row: _Row) -> bool:
    """Whether a row is a measure: by its function, or where it has none by its instrument."""
    return bool((row["function"] or row["instrument"]) != "none")


def _count(found: Iterable[_Row], axis: str) -> Counter[str]:
    """Measures by class; those without a class are not counted."""
    return Counter(row[axis] for row in found if _is_measure(row) and row[axis])


def _percent(n: int, total: int) -> float | None:
    return 100 * n / total if total else None


def _small(n: int, total: int) -> str | None:
    notes = [f"n < {FEWEST}"] * (n < FEWEST) + [f"fewer than {FEWEST_MEASURES} measures"] * (total < FEWEST_MEASURES)
    return "; ".join(notes) or None


def _intervals(counts: Sequence[int], seed: int, resamples: int) -> list[tuple[float | None, float | None]]:
    import numpy as np

    total = sum(counts)
    if not total or not resamples:
        return [(None, None)] * len(counts)
    drawn = np.random.default_rng(seed).multinomial(total, np.array(counts) / total, size=resamples)
    low, high = np.percentile(100 * drawn / total, _TAILS, axis=0)
    return [(float(a), float(b)) if 0 < n < total else (None, None) for n, a, b in zip(counts, low, high, strict=True)]


def _change(n_left: int, n_right: int, totals: tuple[int, int]) -> _Row:
    left, right = _percent(n_left, totals[0]), _percent(n_right, totals[1])
    return {
        "n_left": n_left,
        "n_right": n_right,
        "percent_left": left,
        "percent_right": right,
        "difference": None if left is None or right is None else right - left,
    }


def _test(table: list[list[int]]) -> _Row:
    """Chi-square and Cramér's V of two rows of counts; missing where a row or all but one column is empty."""
    import numpy as np
    from scipy.stats import chi2_contingency
    from scipy.stats.contingency import association

    observed = np.array(table)
    observed = observed[:, observed.any(axis=0)] if observed.size else observed
    if observed.size == 0 or observed.shape[1] == 1 or not observed.any(axis=1).all():
        return dict.fromkeys(_TEST) | {"warning": "nothing to test"}
    result = chi2_contingency(observed, correction=False)
    return {
        "chi2": float(result.statistic),
        "dof": int(result.dof),
        "p": float(result.pvalue),
        "p_adjusted": None,
        "cramers_v": float(association(observed, method="cramer")),
        "min_expected": float(result.expected_freq.min()),
        "warning": _expected(result.expected_freq),
    }


def _expected(expected: NDArray[np.float64]) -> str | None:
    small = int((expected < _FEWEST_EXPECTED).sum())
    if small > _MOST_SMALL * expected.size or expected.min() < 1:
        return f"expected count below {_FEWEST_EXPECTED} in {small} of {expected.size} cells"
    return None


def _adjust(rows: list[_Row]) -> None:
    from scipy.stats import false_discovery_control

    tested = [row for row in rows if row["p"] is not None]
    if tested:
        for row, p in zip(tested, false_discovery_control([row["p"] for row in tested]), strict=True):
            row["p_adjusted"] = float(p)


def _key(value: Any) -> str:
    return UNKNOWN if value is None else str(value)


def _keys(found: Sequence[_Row], axis: str) -> dict[str, str]:
    """Labels by key: all classes of the scheme, or the years and names that occur; then the total."""
    present = {row[axis] for row in found}
    if axis in BY:
        ordered = sorted(present - {None}, key=lambda v: (v if isinstance(v, int) else 0, str(v)))
        keys = {str(value): str(value) for value in ordered} | ({UNKNOWN: "不详"} if None in present else {})
    else:
        keys = {name: label for name, label in labels(axis).items() if name != "none" or name in present}
    return keys | {TOTAL: "合计"}
