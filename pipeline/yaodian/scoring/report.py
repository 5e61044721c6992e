"""Scores as Rich tables; every figure stands with its interval and what it was measured on."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from yaodian.scoring.result import (
        Classification,
        Comparison,
        Counts,
        Figure,
        Hits,
        Mention,
        Mistake,
        MistakeGroup,
        Score,
    )

_DEVELOPMENT = (
    "Documents that steered the rules or trained the model give development scores, no estimate for unseen plans."
)


_SHOWN = 40
"""Characters shown of a span."""


def render(score: Score, console: Console) -> None:
    """Print entities, segmentation, attributes and classes to a console."""
    from rich.markup import escape

    console.print(
        f"{len(score.documents)} documents: {escape(', '.join(score.documents))}; "
        f"95 % intervals: {score.resamples} bootstrap resamples over {score.units} {score.unit}s"
    )
    console.print(_DEVELOPMENT, style="dim")
    for name, missing in (("gold", score.only_gold), ("predictions", score.only_predicted)):
        if missing:
            console.print(f"[yellow]only in {name}[/]: {escape(', '.join(missing))}")
    console.print(_entities(score))
    console.print(_segmentation(score))
    console.print(_attributes(score))
    for title, axis in (("Functions", score.functions), ("Instruments", score.instruments)):
        console.print(_classes(title, axis))


def render_errors(score: Score, console: Console) -> None:
    """Print every disagreement with its context."""
    columns = ("document", "kind", "gold", "predicted", "in context", "source")
    table = _table(f"{len(score.errors)} disagreements", *columns)
    for column in table.columns:
        column.justify = "left"
    table.expand = True
    for error in score.errors:
        sides = [_side(error.gold), _side(error.predicted)]
        kind = f"{error.layer} {error.kind}"
        table.add_row(_plain(error.doc_id), kind, *sides, _in_context(error), _plain(error.source or ""))
    console.print(table)


def render_groups(groups: list[MistakeGroup], console: Console, *, examples: int) -> None:
    """Print groups of mistakes, the greatest first, each with some of its members in context."""
    total = sum(len(group.mistakes) for group in groups)
    table = _table(f"{total} disagreements in {len(groups)} groups", "n", "kind", "types", "source", "examples")
    for column in table.columns[1:]:
        column.justify = "left"
    table.expand = True
    for group in groups:
        types = " → ".join(name or "–" for name in (group.gold, group.predicted))
        shown = _plain("\n").join(_example(mistake) for mistake in group.mistakes[:examples])
        kind = f"{group.layer} {group.kind}"
        table.add_row(str(len(group.mistakes)), kind, types, _plain(group.source or ""), shown)
    console.print(table)


def render_comparison(comparison: Comparison, console: Console) -> None:
    """Print strict F1 of two sets of predictions and whether the second is better."""
    from rich.markup import escape

    console.print(
        f"{len(comparison.documents)} documents: {escape(', '.join(comparison.documents))}; "
        f"95 % intervals: {comparison.resamples} paired bootstrap resamples over {comparison.units} {comparison.unit}s"
    )
    if comparison.left_out:
        console.print(f"[yellow]not in all three[/]: {escape(', '.join(comparison.left_out))}")
    table = _table("Strict entity F1", "type", "A", "B", "B minus A", "B better in", "verdict")
    for name, found in [*comparison.entities.items(), ("all", comparison.micro)]:
        gained = found.difference
        table.add_row(
            name, _share(found.a), _share(found.b), _figure(gained),
            "–" if found.b_better is None else f"{found.b_better:.1%}", _verdict(gained),
        )  # fmt: skip
    console.print(table)


def _verdict(gained: Figure) -> str:
    """Whether an interval of a difference leaves out 0."""
    if gained.low is None or gained.high is None:
        return "too few documents to say"
    if gained.low > 0:
        return "B is better"
    return "A is better" if gained.high < 0 else "no difference shown"


def _plain(text: str) -> Text:
    """Text of documents, in which nothing is markup."""
    from rich.text import Text

    return Text(text)


def _side(mention: Mention | None) -> Text:
    return _plain(f"{mention.type or ''} {mention.text[:_SHOWN]}" if mention else "–")


def _in_context(error: Mistake) -> Text:
    middle = error.gold or error.predicted
    return _plain(f"{error.before}【{middle.text[:_SHOWN] if middle else ''}】{error.after}".replace("\n", "⏎"))


def _example(error: Mistake) -> Text:
    """Where it stands, and what was predicted in place of what gold has."""
    instead = f" ← {error.predicted.text[:_SHOWN]}" if error.gold and error.predicted else ""
    return _plain(f"{error.doc_id}: ") + _in_context(error) + _plain(instead.replace("\n", "⏎"))


def _table(title: str, *columns: str) -> Table:
    from rich.table import Table

    table = Table(title=title, title_justify="left")
    for number, column in enumerate(columns):
        table.add_column(column, justify="right" if number else "left", overflow="fold")
    return table


def _figure(figure: Figure) -> str:
    if figure.value is None:
        return "–"
    if figure.low is None or figure.high is None:
        return f"{figure.value:.3f}"
    return f"{figure.value:.3f} [{figure.low:.3f}, {figure.high:.3f}]"


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _row(counts: Counts | Hits) -> tuple[str, str, str]:
    return _share(counts.precision), _share(counts.recall), _figure(counts.f1)


def _entities(score: Score) -> Table:
    table = _table(
        "Entities",
        "type",
        "gold",
        "pred",
        "P strict",
        "R strict",
        "F1 strict",
        "F1 exact",
        "F1 partial",
        "F1 type",
        "F1 overlap",
    )
    for name, scores in [*score.entities.items(), ("all", score.micro)]:
        others = (scores.exact, scores.partial, scores.type, scores.overlap)
        table.add_row(
            name,
            str(scores.strict.possible),
            str(scores.strict.actual),
            *_row(scores.strict),
            *(_share(s.f1.value) for s in others),
        )
    return table


def _segmentation(score: Score) -> Table:
    table = _table("Segmentation", "unit", "gold", "pred", "P", "R", "F1")
    found = score.segmentation
    rows = (
        ("measures", found.measures),
        ("measures, edges tolerant", found.measures_tolerant),
        ("sections", found.sections),
        ("actors", score.actors),
    )
    for name, hits in rows:
        table.add_row(name, str(hits.possible), str(hits.actual), *_row(hits))
    for name, accuracy in found.metadata.items():
        table.add_row(f"metadata {name}", str(accuracy.n), "", "", "", f"accuracy {_figure(accuracy.accuracy)}")
    deadline = score.deadlines.strict
    table.add_row("deadlines", str(deadline.possible), str(deadline.actual), *_row(deadline))
    return table


def _attributes(score: Score) -> Table:
    table = _table("Attributes of strictly matched entities", "attribute", "n", "accuracy", "overlap F1")
    for kind, found in score.attributes.items():
        for name, attribute in found.items():
            overlap = _figure(attribute.overlap_f1) if attribute.overlap_f1 else ""
            table.add_row(f"{kind} {name}", str(attribute.n), _figure(attribute.accuracy), overlap)
    return table


def _classes(title: str, axis: Classification) -> Table:
    either = f", primary or secondary {_figure(axis.accuracy_either)}" if axis.accuracy_either else ""
    head = (
        f"{title}: accuracy {_figure(axis.accuracy)}{either}, macro-F1 {_figure(axis.macro_f1)}, "
        f"kappa {_figure(axis.kappa)}, n = {axis.n} of {axis.gold}"
    )
    table = _table(head, "class", "support", "P", "R", "F1", "taken for")
    for index, label in enumerate(axis.labels):
        scores = axis.classes.get(label)
        if scores is None:
            continue
        row = axis.confusion[index]
        wrong = sorted(((n, axis.labels[i]) for i, n in enumerate(row) if n and i != index), reverse=True)
        table.add_row(
            label, str(scores.support), _share(scores.precision), _share(scores.recall), _share(scores.f1),
            ", ".join(f"{name} {n}" for n, name in wrong[:3]),
        )  # fmt: skip
    return table
