"""What scoring hands back: frozen figures that go to JSON as they are.

A figure that is 0/0 (nothing to find and nothing found) is None, never 0 or 1. Shares lie in 0..1.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

Unit = Literal["document", "section"]
Kind = Literal["miss", "spurious", "boundary", "type", "boundary_and_type"]


class Part(BaseModel):
    """Base of everything in a result."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Result(Part):
    """A whole result: which documents it stands on and what was resampled for its intervals."""

    documents: tuple[str, ...]
    """Ids of the documents scored, sorted."""
    unit: Unit
    """What was resampled: documents, or the top-level sections of the only document."""
    units: int
    """How many units there were; sections count the front matter as one."""
    seed: int
    resamples: int

    def to_dict(self) -> dict[str, Any]:
        """Plain dictionaries, lists, numbers and strings, ready for JSON."""
        return self.model_dump(mode="json")

    def to_json(self, *, indent: int | None = None) -> str:
        """The result as JSON, Chinese characters unescaped."""
        return self.model_dump_json(indent=indent)


class Figure(Part):
    """A share with its 95 % percentile bootstrap interval.

    No interval where fewer than two units hold anything that the figure counts, or where none was asked for.
    """

    value: float | None
    low: float | None = None
    high: float | None = None


class Counts(Part):
    """One scheme of SemEval-2013 task 9.1 with its five outcomes.

    `possible` = correct + incorrect + partial + missed, `actual` = correct + incorrect + partial + spurious.
    """

    correct: int
    incorrect: int
    partial: int
    missed: int
    spurious: int
    possible: int
    actual: int
    precision: float | None
    recall: float | None
    f1: Figure


class Hits(Part):
    """Found and true things without partial credit; `found` of `possible` gold, `right` of `actual` predicted ones."""

    found: int
    right: int
    possible: int
    actual: int
    precision: float | None
    recall: float | None
    f1: Figure


class EntityScore(Part):
    """The four schemes of SemEval-2013 and the plain overlap figure, for one type or for all."""

    strict: Counts
    exact: Counts
    partial: Counts
    type: Counts
    overlap: Hits
    """Any overlapping pair of one type is a hit; not one to one."""


class Accuracy(Part):
    """Share of `n` things on which gold and prediction agree, where both being absent is agreement.

    `present` counts those for which at least one side has a value, `accuracy_present` is the share of agreement
    among them.
    """

    n: int
    accuracy: Figure
    present: int
    accuracy_present: float | None


class AttributeScore(Accuracy):
    """Accuracy of an attribute; `overlap_f1` only for free text, averaged over the `present` ones."""

    overlap_f1: Figure | None = None


class Segmentation(Part):
    """Structure: spans of measures, sections by (start, level), fields of the metadata."""

    measures: Hits
    measures_tolerant: Hits
    """White space at both ends and closing punctuation at the end ignored."""
    sections: Hits
    metadata: dict[str, Accuracy]
    metadata_all: Accuracy
    """All fields of all documents together."""


class ClassScore(Part):
    """One class against the rest; `support` is its number in gold."""

    precision: float | None
    recall: float | None
    f1: float | None
    support: int


class Classification(Part):
    """Classes of measures, on those whose span is right and that gold labels."""

    gold: int
    """Measures labelled in gold."""
    n: int
    """Those of them with a predicted measure of equal span: what the figures stand on."""
    accuracy: Figure
    accuracy_either: Figure | None
    """Right where the prediction is gold's primary or secondary class; None on an axis with one class a measure."""
    macro_f1: Figure
    """Unweighted mean of F1 over the classes present in gold."""
    kappa: Figure
    labels: tuple[str, ...]
    """Classes in gold or prediction, in the scheme's order; `absent` stands for a measure predicted without one."""
    confusion: tuple[tuple[int, ...], ...]
    """Counts by gold class (row) and predicted class (column), in the order of `labels`."""
    classes: dict[str, ClassScore]


class Deadlines(Part):
    """Deadline expressions, compared as strings on measures of equal span."""

    accuracy: Accuracy
    strict: Hits


class Mention(Part):
    """An entity or measure; `type` is a measure's function (None where it has none)."""

    type: str | None
    start: int
    end: int
    text: str


class Mistake(Part):
    """One thing that gold and prediction disagree on, with its surroundings.

    `before` and `after` are up to 15 characters around what both sides cover together.
    """

    doc_id: str
    layer: Literal["entity", "measure"]
    kind: Kind
    gold: Mention | None
    predicted: Mention | None
    source: str | None
    """Rule, lexicon or model that made the prediction."""
    before: str
    after: str


class MistakeGroup(Part):
    """Mistakes of one kind, between the same types, from one source."""

    layer: Literal["entity", "measure"]
    kind: Kind
    gold: str | None
    """Gold's type, or a measure's function; None where gold has nothing."""
    predicted: str | None
    source: str | None
    """Rule, lexicon or model of the predictions; of misses the last characters, as `…中心`."""
    mistakes: tuple[Mistake, ...]


class Score(Result):
    """Everything about one set of predictions."""

    only_gold: tuple[str, ...]
    """Documents of gold without a prediction; not scored."""
    only_predicted: tuple[str, ...]
    micro: EntityScore
    entities: dict[str, EntityScore]
    """By type: gold and predictions of that type alone."""
    segmentation: Segmentation
    attributes: dict[str, dict[str, AttributeScore]]
    """By type and attribute, over strictly matched entities."""
    functions: Classification
    instruments: Classification
    deadlines: Deadlines
    actors: Hits
    """Spans of the acting entities, on measures of equal span."""
    errors: tuple[Mistake, ...]


class Difference(Part):
    """Strict F1 of two systems on the same documents; `difference` is b minus a."""

    a: float | None
    b: float | None
    difference: Figure
    b_better: float | None
    """Share of the resamples in which b has the higher F1; a tie is not better."""


class Comparison(Result):
    """Two sets of predictions against one gold, by paired bootstrap."""

    left_out: tuple[str, ...]
    """Documents that are not in all three sets."""
    micro: Difference
    entities: dict[str, Difference]
