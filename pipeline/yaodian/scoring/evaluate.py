"""Score predictions against gold: count by unit, resample once, read every figure off the totals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yaodian.labels import ENTITY_TYPES
from yaodian.scoring import attributes, classes, entities, structure
from yaodian.scoring.counting import hits
from yaodian.scoring.documents import match
from yaodian.scoring.mistakes import mistakes
from yaodian.scoring.result import Score
from yaodian.scoring.tally import Sample, Tally

if TYPE_CHECKING:
    from collections.abc import Sequence

    from yaodian.record import Record


def score(pred: Sequence[Record], gold: Sequence[Record], *, seed: int = 0, resamples: int = 1000) -> Score:
    """Score predictions against gold, matched by `doc_id`.

    Args:
        pred: predicted records, in any order.
        gold: gold records.
        seed: of the bootstrap; the same seed and documents give the same intervals.
        resamples: number of bootstrap resamples; 0 for figures without intervals.

    Raises:
        UsageError: no document in common, one given twice, or two texts under one id.
    """
    corpus = match(pred, gold)
    tally = Tally(corpus.units)
    for document in corpus.documents:
        for part in (entities, structure, attributes, classes):
            part.count(document, tally)
    sample = Sample(tally, seed=seed, resamples=resamples)
    return Score(
        documents=tuple(document.gold.doc_id for document in corpus.documents),
        unit=corpus.unit,
        units=corpus.units,
        seed=seed,
        resamples=resamples,
        only_gold=corpus.only_gold,
        only_predicted=corpus.only_predicted,
        micro=entities.entity_score(sample, entities.MICRO),
        entities={name: entities.entity_score(sample, name) for name in ENTITY_TYPES},
        segmentation=structure.segmentation(sample),
        attributes=attributes.attribute_scores(sample),
        functions=classes.classification(sample, corpus.documents, classes.FUNCTION),
        instruments=classes.classification(sample, corpus.documents, classes.INSTRUMENT),
        deadlines=classes.deadlines(sample),
        actors=hits(sample, ("actor",)),
        errors=tuple(mistake for document in corpus.documents for mistake in mistakes(document)),
    )
