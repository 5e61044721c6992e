"""Flows of measures between functions from plan to plan: bars a plan, joined by ribbons as wide as links are many."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from yaodian.compare.report_charts import plot
from yaodian.compare.report_data import function_of
from yaodian.labels import functions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from yaodian.compare.report_data import View

_STEPS = 16
_BAR = 0.035
"""Half a bar's width, where plans are 1 apart."""
_GAP = 0.6
"""Measures that the space between two bars is wide."""
_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8c6d31", "#5b5b5b", "#7b4fa3",
            "#a6761d", "#1b9e9e", "#b2477d", "#4c8c2b", "#c9a400", "#b5b5b5")  # fmt: skip

Key = tuple[int, str, str]


def flow_rows(view: View) -> list[dict[str, Any]]:
    """One row a plan, its function and the next plan's: measures on both ends that links join, and their places."""
    left: dict[Key, float] = defaultdict(float)
    right: dict[Key, float] = defaultdict(float)
    ids: dict[Key, list[str]] = defaultdict(list)
    for plan, comparison in enumerate(view.history.comparisons):
        for link in comparison.links:
            for a in link.left:
                for b in link.right:
                    ends = view.measures[plan][a], view.measures[plan + 1][b]
                    key = (plan, function_of(ends[0]), function_of(ends[1]))
                    # A measure's width is shared by what it became, so that bars and ribbons add up.
                    left[key] += 1 / len(link.right)
                    right[key] += 1 / len(link.left)
                    ids[key] += [view.measure(plan, a), view.measure(plan + 1, b)]
    order = list(functions())
    return [
        {"plan": key[0], "from": key[1], "to": key[2], "left": left[key], "right": right[key],
         "k": view.places.group(f"f.{key[0]}.{key[1]}.{key[2]}", ids[key])}
        for key in sorted(left, key=lambda k: (k[0], order.index(k[1]), order.index(k[2])))
    ]  # fmt: skip


def bar_rows(view: View) -> list[dict[str, Any]]:
    """One row a plan and function: where its bar begins and ends, in measures from above."""
    rows = []
    for plan, record in enumerate(view.records):
        top = 0.0
        for name in functions():
            ids = [view.measure(plan, m.id) for m in record.measures if function_of(m) == name]
            if ids:
                key = view.places.group(f"h.function.{plan}.{name}", ids)
                rows.append(
                    {"plan": plan, "class": name, "top": top, "bottom": top + len(ids), "n": len(ids), "k": key}
                )
                top += len(ids) + _GAP
    return rows


def _ribbons(flows: list[dict[str, Any]], bars: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Edges of the ribbons at steps between the bars."""
    used_left = {(bar["plan"], bar["class"]): bar["top"] for bar in bars}
    used_right = dict(used_left)
    rows = []
    for number, flow in enumerate(flows):
        a, b = (flow["plan"], flow["from"]), (flow["plan"] + 1, flow["to"])
        y0, y1 = used_left[a], used_right[b]
        used_left[a] += flow["left"]
        used_right[b] += flow["right"]
        for step in range(_STEPS + 1):
            t = step / _STEPS
            eased = t * t * (3 - 2 * t)
            rows.append({"flow": number, "from": flow["from"], "to": flow["to"], "k": flow["k"],
                         "x": flow["plan"] + _BAR + t * (1 - 2 * _BAR), "y": round(y0 + eased * (y1 - y0), 3),
                         "y2": round(y0 + flow["left"] + eased * (y1 + flow["right"] - y0 - flow["left"]), 3),
                         "n": round(flow["right"], 1)})  # fmt: skip
    return rows


def flows(rows: list[dict[str, Any]], bars: list[dict[str, Any]], words: Mapping[str, str], labels: list[str]) -> Any:
    """Chart of the flows; a bar's colour is its function, a ribbon's that of the function it comes from."""
    import altair as alt

    present = [name for name in functions() if any(bar["class"] == name for bar in bars)]
    domain = [words[f"function.{name}"] for name in present]
    colours = [_COLOURS[list(functions()).index(name) % len(_COLOURS)] for name in present]
    scale = alt.Scale(domain=domain, range=colours)
    ribbons = [{**r, "from_label": words[f"function.{r['from']}"], "to_label": words[f"function.{r['to']}"]}
               for r in _ribbons(rows, bars)]  # fmt: skip
    blocks = [{**b, "from_label": words[f"function.{b['class']}"], "x": b["plan"] - _BAR, "x2": b["plan"] + _BAR,
               "middle": (b["top"] + b["bottom"]) / 2} for b in bars]  # fmt: skip
    ends = [-0.12, len(labels) - 1 + 0.42]
    names = " : ".join(f"datum.value == {i} ? {_quoted(label)}" for i, label in enumerate(labels)) + " : ''"
    axis = alt.Axis(
        values=list(range(len(labels))), labelExpr=names, orient="top", grid=False, domain=False, ticks=False
    )
    x = alt.X("x:Q", title=None, scale=alt.Scale(domain=ends, nice=False), axis=axis)
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(reverse=True, nice=False))
    colour = alt.Color("from_label:N", scale=scale, legend=None)
    last = len(labels) - 1
    return alt.layer(
        plot(ribbons)
        .mark_area(opacity=0.42, cursor="pointer", interpolate="monotone")
        .encode(x=x, y=y, y2="y2:Q", detail="flow:N", color=colour, tooltip=["from_label:N", "to_label:N", "n:Q"]),
        plot(blocks)
        .mark_rect(cursor="pointer")
        .encode(x=x, x2="x2:Q", y=alt.Y("top:Q"), y2="bottom:Q", color=colour, tooltip=["from_label:N", "n:Q"]),
        plot([b for b in blocks if b["plan"] == last])
        .mark_text(align="left", dx=5, fontSize=12)
        .encode(x=alt.X("x2:Q"), y=alt.Y("middle:Q"), text="from_label:N"),
    ).properties(height=max(320, 6 * max((bar["bottom"] for bar in bars), default=1)))


def _quoted(text: str) -> str:
    """A text as a string of Vega's expressions."""
    import json

    return json.dumps(text, ensure_ascii=True)
