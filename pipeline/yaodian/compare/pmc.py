"""PMC index: how many of the things that a consistent policy has are found in a document, each with its place.

Policy modelling consistency (Ruiz Estrada 2011, Journal of Policy Modeling 33(4): 523-536): every sub-variable is 0 or
1, a main variable is the mean of its sub-variables, and the index is the sum of the main variables:
PMC = Σ_i Σ_j X_ij / n_i. Variables, rules and grades are data (`pmc.toml`); a rule is evaluated on a record, so what
studies code by hand is here repeatable, and as good as the extraction and the rules are.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from fractions import Fraction
from importlib import resources
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from yaodian.compare.rules import Place, Rule, describe, find
from yaodian.compare.tables import distinct, frame, year_of
from yaodian.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import pandas as pd

    from yaodian.record import Record

VARIABLES = ("variable", "variable_label", "sub", "sub_label", "rules")
EVIDENCE = ("doc_id", "variable", "variable_label", "sub", "sub_label", "matches", "start", "end", "text")
_KEYS = ("doc_id", "year", "issuer")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SubVariable(_Part):
    """A yes or no; 1 where one of the rules holds."""

    chinese: str
    rules: Annotated[tuple[Rule, ...], Field(min_length=1)]


class Variable(_Part):
    """A main variable, the mean of its sub-variables, which are coded `X1:1`, `X1:2` and so on."""

    id: str
    chinese: str
    sub: Annotated[tuple[SubVariable, ...], Field(min_length=1)]

    def codes(self) -> list[tuple[str, SubVariable]]:
        """Sub-variables with their codes."""
        return [(f"{self.id}:{number}", sub) for number, sub in enumerate(self.sub, start=1)]


class Grade(_Part):
    """Grade of an index of `least` and more."""

    id: str
    chinese: str
    least: float


class Scheme(_Part):
    """Main variables and grades, the best grade first and the last one from 0."""

    variable: Annotated[tuple[Variable, ...], Field(min_length=1)]
    grade: Annotated[tuple[Grade, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        bounds = [grade.least for grade in self.grade]
        if bounds != sorted(set(bounds), reverse=True) or bounds[-1] != 0:
            raise ValueError(f"grades must fall, the last to 0; they are {', '.join(map(str, bounds))}")
        if bounds[0] > len(self.variable):
            raise ValueError(f"the best grade begins at {bounds[0]}, but {len(self.variable)} variables give no more")
        names = [variable.id for variable in self.variable]
        if len(set(names)) < len(names):
            raise ValueError(f"a variable's id is given twice among {', '.join(names)}")
        return self

    def grade_of(self, index: Fraction) -> Grade:
        """Best grade that the index reaches; compared exactly, so 9 made of thirds is 9."""
        return next(grade for grade in self.grade if index >= Fraction(str(grade.least)))


def read_scheme(path: Path | None = None) -> Scheme:
    """Read variables, rules and grades; None for the packaged ones.

    Raises:
        InputError: the file cannot be read, or names what is wrong in it.
    """
    try:
        file = resources.files(__package__).joinpath("pmc.toml") if path is None else path
        return Scheme.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); check the path") from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(step) for step in first["loc"]) or "scheme"
        raise InputError(f"{path}: {where}: {first['msg'].removeprefix('Value error, ')}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: not valid TOML in UTF-8 ({error}); correct the file") from error


@dataclass(frozen=True, slots=True)
class PMC:
    """Tables of a PMC study.

    `variables`: the scheme, one row a sub-variable (`VARIABLES`). `matrix`: one row a document, a column of 0 and 1 for
    each sub-variable. `indices`: one row a document, a column for each main variable (0 to 1), then `index`, `grade`,
    `grade_label` and `rank`, 1 for the highest. `evidence`: one row for each 1, with the first place that shows it and
    how many parts match (`EVIDENCE`).
    """

    variables: pd.DataFrame
    matrix: pd.DataFrame
    indices: pd.DataFrame
    evidence: pd.DataFrame

    def frames(self) -> dict[str, pd.DataFrame]:
        """All tables by name, as `to_xlsx` takes them."""
        return {f"pmc_{name}": getattr(self, name) for name in ("variables", "matrix", "indices", "evidence")}


def pmc(records: Iterable[Record], scheme: Scheme | None = None) -> PMC:
    """Compute the PMC index of each document.

    Args:
        records: documents of one or several years and issuers.
        scheme: variables, rules and grades; None for the packaged ones.

    Raises:
        UsageError: a `doc_id` is given twice.
    """
    scheme = scheme or read_scheme()
    matrix, indices, evidence = [], [], []
    for record in distinct(records):
        keys = {"doc_id": record.doc_id, "year": year_of(record), "issuer": record.metadata.issuer}
        found = {code: _evidence(record, sub) for v in scheme.variable for code, sub in v.codes()}
        matrix.append({**keys, **{code: int(bool(places)) for code, places in found.items()}})
        indices.append({**keys, **_index(scheme, found)})
        evidence += _rows(record, scheme, found)
    ranked = sorted((row["index"] for row in indices), reverse=True)
    for row in indices:
        row["rank"] = ranked.index(row["index"]) + 1
    codes = [code for variable in scheme.variable for code, _ in variable.codes()]
    names = [variable.id for variable in scheme.variable]
    return PMC(
        variables=frame(_described(scheme), VARIABLES),
        matrix=frame(matrix, [*_KEYS, *codes]),
        indices=frame(indices, [*_KEYS, *names, "index", "grade", "grade_label", "rank"]),
        evidence=frame(evidence, EVIDENCE),
    )


def _evidence(record: Record, sub: SubVariable) -> list[Place]:
    """Places of the first rule that holds."""
    return next((places for rule in sub.rules if (places := find(record, rule))), [])


def _index(scheme: Scheme, found: dict[str, list[Place]]) -> dict[str, Any]:
    values = {
        variable.id: Fraction(sum(bool(found[code]) for code, _ in variable.codes()), len(variable.sub))
        for variable in scheme.variable
    }
    index = sum(values.values(), Fraction())
    grade = scheme.grade_of(index)
    figures = {name: float(value) for name, value in values.items()}
    return {**figures, "index": float(index), "grade": grade.id, "grade_label": grade.chinese}


def _rows(record: Record, scheme: Scheme, found: dict[str, list[Place]]) -> list[dict[str, Any]]:
    return [
        {
            "doc_id": record.doc_id,
            "variable": variable.id,
            "variable_label": variable.chinese,
            "sub": code,
            "sub_label": sub.chinese,
            "matches": len(found[code]),
            "start": found[code][0][0],
            "end": found[code][0][1],
            "text": record.text[slice(*found[code][0])],
        }
        for variable in scheme.variable
        for code, sub in variable.codes()
        if found[code]
    ]


def _described(scheme: Scheme) -> list[dict[str, Any]]:
    return [
        {
            "variable": variable.id,
            "variable_label": variable.chinese,
            "sub": code,
            "sub_label": sub.chinese,
            "rules": " or ".join(map(describe, sub.rules)),
        }
        for variable in scheme.variable
        for code, sub in variable.codes()
    ]
