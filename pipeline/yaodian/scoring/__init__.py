"""Scoring of predicted records against gold, with intervals, a list of errors and paired comparison."""

from yaodian.scoring.evaluate import score
from yaodian.scoring.groups import group
from yaodian.scoring.paired import compare
from yaodian.scoring.report import render, render_comparison, render_errors, render_groups
from yaodian.scoring.result import (
    Accuracy,
    AttributeScore,
    Classification,
    ClassScore,
    Comparison,
    Counts,
    Deadlines,
    Difference,
    EntityScore,
    Figure,
    Hits,
    Mention,
    Mistake,
    MistakeGroup,
    Score,
    Segmentation,
)

__all__ = [
    "Accuracy",
    "AttributeScore",
    "ClassScore",
    "Classification",
    "Comparison",
    "Counts",
    "Deadlines",
    "Difference",
    "EntityScore",
    "Figure",
    "Hits",
    "Mention",
    "Mistake",
    "MistakeGroup",
    "Score",
    "Segmentation",
    "compare",
    "group",
    "render",
    "render_comparison",
    "render_errors",
    "render_groups",
    "score",
]
