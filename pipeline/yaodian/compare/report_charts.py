"""The report's charts as Vega-Lite, made with Altair; `k` of a mark is the key of the places that it counts."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from yaodian.compare.report_data import RELATIONS, function_of

if TYPE_CHECKING:
    import altair as alt

    from yaodian.compare.report_data import View

Words = Mapping[str, str]
Rows = list[dict[str, Any]]

FONTS = "system-ui, 'PingFang SC', 'Hiragino Sans GB', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Source Han Sans SC', sans-serif"  # noqa: E501
# Okabe and Ito's colours, which people who do not tell red from green tell apart; grey for what stayed as it was.
COLOURS = {
    "unchanged": "#b5b5b5",
    "reworded": "#56b4e9",
    "changed": "#0072b2",
    "split": "#cc79a7",
    "merged": "#e69f00",
    "dropped": "#d55e00",
    "new": "#009e73",
    "start": "#5b5b5b",
    "resumed": "#f0e442",
}
_SERIES = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#5b5b5b")
_LONGEST = 120
"""Chains that the chart shows; more would be a wall."""
_MULTIPLES = 12


def values(rows: Rows) -> Any:
    """Rows as data that stand in the chart itself."""
    import altair as alt

    return alt.Data(values=rows)  # type: ignore[no-untyped-call]


def plot(rows: Rows) -> Any:
    """Begin a chart of rows."""
    import altair as alt

    return alt.Chart(values(rows))


def span(labels: list[str], plan: int) -> str:
    """Name of a pair of plans, the first by its number."""
    return f"{labels[plan]} → {labels[plan + 1]}"


def relations_rows(view: View) -> Rows:
    """One row a pair of plans and relation."""
    return [
        {"pair": pair["label"], "relation": name, "n": pair["figures"][name][0], "k": pair["figures"][name][1]}
        for pair in view.pairs
        for name in RELATIONS
    ]


def relations(rows: Rows, words: Words) -> Any:
    """Bars of what became of the measures, a bar a pair of plans."""
    import altair as alt

    return (
        plot(_named(rows, words, relation="relation"))
        .mark_bar(stroke="white")
        .encode(
            x=alt.X("n:Q", title=words["count"]),
            y=alt.Y("pair:N", title=None, sort=None),
            color=_colour("relation", list(RELATIONS), words, "relation"),
            order="order:Q",
            tooltip=["pair:N", "relation_label:N", "n:Q"],
        )
        .transform_calculate(order=f"indexof({list(RELATIONS)}, datum.relation)")
        .properties(height=alt.Step(34))
    )


def target_rows(view: View) -> Rows:
    """One row a series and plan: its value or the plans that are without it; changing series first."""
    lines = []
    for number, series in enumerate(view.history.series):
        values = {(point.low, point.high, point.comparator) for point in series.points}
        lines.append((-(len(values) > 1), -len(series.points), number, series))
    rows: Rows = []
    for _, _, number, series in sorted(lines, key=lambda line: line[:3]):
        name = f"{series.indicator or '–'} · {series.chain}"
        shared: dict[str, Any] = {"series": name, "id": number, "chain": series.chain, "indicator": series.indicator,
                  "unit": series.unit, "several": len(series.points) > 1}  # fmt: skip
        for point in series.points:
            key = view.places.group(f"t.{number}.{point.plan}", [view.places.add(point.plan, point.start, point.end)])
            rows.append({**shared, "plan": view.labels[point.plan], "low": point.low, "high": point.high,
                         "comparator": point.comparator, "absent": False, "k": key})  # fmt: skip
        rows += [{**shared, "plan": view.labels[plan], "low": None, "high": None, "comparator": None, "absent": True,
                  "k": ""} for plan in sorted(series.absent)]  # fmt: skip
    # Two series of one chain may have one indicator.
    ids: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        if row["id"] not in ids[row["series"]]:
            ids[row["series"]].append(row["id"])
    for row in rows:
        place = ids[row["series"]].index(row["id"])
        row["series_label"] = row["series"] + (f" ({place + 1})" if place else "")
    return rows


def _target_layers(base: alt.Chart, words: Words, labels: list[str]) -> Any:
    import altair as alt

    x = alt.X("plan:O", title=None, scale=alt.Scale(domain=labels), axis=alt.Axis(labelAngle=0))
    y = alt.Y(
        "low:Q", title=words["value"], scale=alt.Scale(zero=False, nice=True, padding=12), axis=alt.Axis(format=",~f")
    )
    tips = ["plan:N", alt.Tooltip("low:Q", format=",~f"), alt.Tooltip("high:Q", format=",~f"), "comparator:N", "unit:N"]
    set_ = base.transform_filter("!datum.absent")
    return alt.layer(
        set_.mark_line(color=_SERIES[0], strokeWidth=2).encode(x=x, y=y),
        set_.mark_rule(color=_SERIES[0], strokeWidth=5, opacity=0.4).encode(x=x, y=y, y2="high:Q"),
        set_.mark_point(color=_SERIES[0], filled=True, size=110, cursor="pointer").encode(x=x, y=y, tooltip=tips),
        set_.mark_text(dy=-13, fontSize=12).encode(x=x, y=y, text=alt.Text("low:Q", format=",~f")),
        base.transform_filter("datum.absent")
        .mark_text(text=f"✕ {words['absent']}", color="#8a3b00", dy=-8, fontSize=12)
        .encode(x=x, y=alt.value("height")),
    )


def targets(rows: Rows, words: Words, labels: list[str]) -> Any:
    """Line of one target over the plans, chosen from a list."""
    import altair as alt

    names = list(dict.fromkeys(row["series_label"] for row in rows))
    if not names:
        return None
    pick = alt.param(name="pick", value=names[0], bind=alt.binding_select(options=names, name=words["target_pick"]))
    base = plot(rows).transform_filter("datum.series_label == pick")
    return _target_layers(base, words, labels).add_params(pick).properties(height=240)


def multiples(rows: Rows, words: Words, labels: list[str]) -> Any:
    """Small charts of the first targets that stand in several plans."""
    import altair as alt

    names = list(dict.fromkeys(row["series_label"] for row in rows if row["several"]))[:_MULTIPLES]
    shown = [{**row, "title": _wrapped(row["series_label"])} for row in rows if row["series_label"] in names]
    if not shown:
        return None
    layers = _target_layers(alt.Chart(), words, labels).properties(width=210, height=120)
    facet = alt.Facet(
        "title:N",
        title=None,
        sort=[_wrapped(name) for name in names],
        header=alt.Header(labelExpr="split(datum.label, '\\n')", labelFontSize=12),
    )
    return layers.facet(facet=facet, columns=3, data=values(shown)).resolve_scale(y="independent")


def _wrapped(name: str) -> str:
    return "\n".join(name[i : i + 16] for i in range(0, min(len(name), 48), 16))


def chain_rows(view: View) -> Rows:
    """One row a chain and plan of its life: what happened to it since the plan before, or that it is absent."""
    came: dict[tuple[int, str], str] = {
        (plan + 1, name): link.relation
        for plan, comparison in enumerate(view.history.comparisons)
        for link in comparison.links
        for name in link.right
    }
    rows = []
    for chain in view.history.chains:
        measure = view.measures[chain.first][chain.members[chain.first][0]]
        start = re.sub(r"\s+", "", view.records[chain.first].text[measure.start : measure.end])
        for plan in range(chain.first, chain.last + 1):
            ids = chain.members[plan]
            state = "gap" if not ids else "start" if plan == chain.first else came.get((plan, ids[0]), "new")
            if state == "new" and plan > chain.first:
                state = "resumed" if plan - 1 in chain.gaps else "split"
            key = view.places.group(f"c.{chain.id}.{plan}", [view.measure(plan, name) for name in ids])
            rows.append({"chain": chain.id, "label": f"{chain.id} {start[:14]}", "text": start[:60],
                         "plan": view.labels[plan],
                         "first": view.labels[chain.first], "last": view.labels[chain.last], "n": len(ids),
                         "state": state, "length": chain.last - chain.first + 1, "k": key})  # fmt: skip
    return rows


def longest_chains(rows: Rows) -> Rows:
    """Rows of the chains that the chart shows: the longest, in their own order."""
    lengths = {row["chain"]: row["length"] for row in rows}
    shown = set(sorted(lengths, key=lambda name: -lengths[name])[:_LONGEST])
    return [row for row in rows if row["chain"] in shown]


def chains(rows: Rows, words: Words, labels: list[str]) -> Any:
    """Lives of measures as bars over the plans, with gaps."""
    import altair as alt

    shown = longest_chains(rows)
    if not shown:
        return None
    base = plot(_named(shown, words, relation="state"))
    y = alt.Y("label:N", title=None, sort=None, scale=alt.Scale(type="band", padding=0.25),
              axis=alt.Axis(labelLimit=170, labelFontSize=11, ticks=False, domain=False))  # fmt: skip
    x = alt.X("plan:O", title=None, scale=alt.Scale(type="band", domain=labels, padding=0.02),
              axis=alt.Axis(orient="top", labelAngle=0, ticks=False, domain=False))  # fmt: skip
    tips = ["chain:N", "plan:N", "state_label:N", "text:N"]
    states = [s for s in ("start", *RELATIONS, "resumed") if any(row["state"] == s for row in shown)]
    return alt.layer(
        base.mark_rule(color="#555", strokeDash=[4, 3]).encode(y=y, x=alt.X("first:O"), x2="last:O"),
        base.transform_filter("datum.state != 'gap'")
        .mark_rect(cursor="pointer")
        .encode(y=y, x=x, color=_colour("state", states, words, "relation", title=words["life"]), tooltip=tips),
        base.transform_filter("datum.state == 'gap'")
        .mark_point(size=70, color="#8a3b00", filled=False)
        .encode(y=y, x=x, tooltip=tips),
    ).properties(height=alt.Step(19))


def heat_rows(view: View, axis: str) -> Rows:
    """One row a class and plan that has measures of it."""
    found: dict[tuple[int, str], list[str]] = defaultdict(list)
    for plan, record in enumerate(view.records):
        for measure in record.measures:
            name = function_of(measure) if axis == "function" else measure.instrument or "none"
            found[plan, name].append(view.measure(plan, measure.id))
    return [
        {
            "plan": view.labels[plan],
            "class": name,
            "n": len(ids),
            "k": view.places.group(f"h.{axis}.{plan}.{name}", ids),
        }
        for (plan, name), ids in sorted(found.items())
    ]  # fmt: skip


def heat(rows: Rows, words: Words, labels: list[str], axis: str = "function") -> Any:
    """Heat map of class by plan, the counts written in it."""
    import altair as alt

    order = [words[key] for key in words if key.startswith(f"{axis}.")]
    base = plot(_classed(rows, words, axis)).encode(
        x=alt.X("plan:O", title=None, scale=alt.Scale(domain=labels), axis=alt.Axis(labelAngle=0)),
        y=alt.Y("class_label:N", title=None, sort=order),
        tooltip=["class_label:N", "plan:N", "n:Q"],
    )
    most = max((row["n"] for row in rows), default=1)
    return alt.layer(
        base.mark_rect(cursor="pointer").encode(
            color=alt.Color("n:Q", title=words["count"], scale=alt.Scale(scheme="blues", domain=[0, most]))
        ),
        base.mark_text(cursor="pointer").encode(
            text="n:Q", color=alt.condition(f"datum.n > {most * 0.6}", alt.value("white"), alt.value("#111"))
        ),
    ).properties(height=alt.Step(26))


def share_rows(view: View, axis: str) -> Rows:
    """One row a plan and class: percent and its interval."""
    from yaodian.compare.aggregates import shares

    names = {f"plan-{plan}": label for plan, label in enumerate(view.labels)}
    records = [r.model_copy(update={"doc_id": f"plan-{i}"}) for i, r in enumerate(view.records)]
    table = shares(records, axis, by="doc_id")  # type: ignore[arg-type]
    return [
        {"plan": names[row["group"]], "class": row["class"], "n": row["n"], "percent": _number(row["percent"]),
         "low": _number(row["low"]), "high": _number(row["high"]),
         "k": f"h.{axis}.{int(row['group'][5:])}.{row['class']}" if row["n"] else ""}
        for row in table.to_dict("records")
    ]  # fmt: skip


def share(rows: Rows, words: Words, labels: list[str], axis: str) -> Any:
    """Shares of classes with their intervals, the plans side by side."""
    import altair as alt

    order = [words[key] for key in words if key.startswith(f"{axis}.")]
    shown = [row for row in _classed(rows, words, axis) if row["percent"] is not None]
    colours = [_SERIES[i % len(_SERIES)] for i in range(len(labels))]
    base = plot(shown).encode(
        y=alt.Y("class_label:N", title=None, sort=order),
        yOffset=alt.YOffset("plan:N", sort=labels),
        color=alt.Color("plan:N", title=words["plan_axis"], scale=alt.Scale(domain=labels, range=colours)),
    )
    tips = ["class_label:N", "plan:N", *(alt.Tooltip(f"{name}:Q", format=".1f") for name in ("percent", "low", "high"))]
    return alt.layer(
        base.mark_rule(strokeWidth=2, opacity=0.6).encode(x=alt.X("low:Q", title=words["percent"]), x2="high:Q"),
        base.mark_point(filled=True, size=70, opacity=1, cursor="pointer").encode(
            x="percent:Q",
            shape=alt.Shape("plan:N", scale=alt.Scale(domain=labels), title=words["plan_axis"]),
            tooltip=[*tips, "n:Q"],
        ),
    ).properties(height=alt.Step(max(26, 10 * len(labels)), **{"for": "position"}))


def _number(value: Any) -> float | None:
    return None if value is None or value != value else float(value)  # noqa: PLR0124  NaN


def _named(rows: Rows, words: Words, *, relation: str) -> Rows:
    return [{**row, f"{relation}_label": words.get(f"relation.{row[relation]}", words["gap"])} for row in rows]


def _classed(rows: Rows, words: Words, axis: str) -> Rows:
    return [{**row, "class_label": words[f"{axis}.{row['class']}"]} for row in rows]


def _colour(name: str, values: list[str], words: Words, group: str, title: str | None = None) -> alt.Color:
    import altair as alt

    domain = [words[f"{group}.{value}"] for value in values]
    scale = alt.Scale(domain=domain, range=[COLOURS[value] for value in values])
    return alt.Color(f"{name}_label:N", title=title, scale=scale, legend=alt.Legend(orient="top", columns=3))


def styled(chart: alt.TopLevelMixin, font: str) -> Any:
    """A chart in a font, with what all charts share."""
    configured: Any = chart
    return (
        configured.configure(font=font)
        .configure_view(stroke=None)
        .configure_axis(labelFontSize=12, titleFontSize=12, labelColor="#222", titleColor="#222", gridColor="#e3e3e3")
        .configure_legend(labelFontSize=12, titleFontSize=12, labelLimit=220)
    )


def vega_lite() -> str:
    """Version of Vega-Lite that Altair writes, as vl-convert names it: `6.4`."""
    import altair as alt

    return alt.SCHEMA_VERSION.removeprefix("v").rpartition(".")[0]
