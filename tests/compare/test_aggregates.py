"""Tables of a study: counts known by hand, sums that must hold, and rows that lead back to the text."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, get_args

import networkx as nx
import numpy as np
import openpyxl
import pandas as pd
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

import yaodian
from conftest import CORPORA
from yaodian.compare import aggregates, network, pmc, rules, tables
from yaodian.compare.keywords import keywords
from yaodian.compare.workbook import to_xlsx
from yaodian.errors import InputError, UsageError
from yaodian.labels import functions, instruments
from yaodian.record import Entity, Function, Measure, Metadata, Record, Relation, Section, derived, sha256

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from spacy.language import Language

_ATTRIBUTES: dict[str, dict[str, Any]] = {
    "INSTITUTION": {"kind": "named"},
    "HAZARD": {"kind": "event", "category": "水旱"},
    "REGULATION": {"status": "mention", "form": "rule"},
    "QUANTITY": {"role": "target", "value": 1.0, "dimension": "count"},
}


class Draft:
    """A record in the making: text grows by measures, each with its classes and entities."""

    def __init__(self, doc_id: str, **metadata: Any) -> None:
        self.doc_id = doc_id
        self.metadata = {"issuer": "某某市应急管理局", **metadata}
        self.text = "某某市应急管理局工作要点\n"
        self.sections: list[Section] = []
        self.measures: list[Measure] = []
        self.entities: list[Entity] = []
        self.relations: list[Relation] = []

    def section(self, name: str, parent: str | None = None) -> Draft:
        start = len(self.text)
        self.text += f"{name}\n"
        level = 1 if parent is None else 2
        part = Section(
            id=name, level=level, number="一、", heading=name, start=start, end=len(self.text), parent=parent
        )
        self.sections.append(part)
        return self

    def measure(
        self,
        function: str | None = "prevention",
        instrument: str | None = "environment",
        *,
        names: Iterable[tuple[str, str] | tuple[str, str, dict[str, Any]]] = (),
        roles: dict[str, str] | None = None,
        deadline: str | None = None,
        section: str | None = None,
        wording: str = "做好工作",
    ) -> Draft:
        """Add a measure that names entities (type, wording, attributes) and in which institutions act in roles."""
        start, key = len(self.text), f"m{len(self.measures) + 1:03}"
        self.text += wording
        found: dict[str, str] = {}
        for kind, name, *more in names:
            place = len(self.text)
            self.text += name
            attributes = {**_ATTRIBUTES[kind], **(more[0] if more else {})}
            entity = Entity(
                id=f"e{len(self.entities) + 1:03}", type=kind, start=place, end=len(self.text), text=name, measure=key, attributes=attributes
            )  # fmt: skip
            self.entities.append(entity)
            found[name] = entity.id
        self.text += "。\n"
        for name, role in (roles or {}).items():
            self.relations.append(Relation(type=role, head=found[name], tail=key))
        self.measures.append(
            Measure(
                id=key, section=section, start=start, end=len(self.text) - 1, instrument=instrument, deadline=deadline,
                function=Function(primary=function) if function else None, actors=tuple(found[n] for n in roles or ()),
            )
        )  # fmt: skip
        return self

    def record(self) -> Record:
        return Record(
            doc_id=self.doc_id, text=self.text, text_sha256=sha256(self.text), metadata=Metadata(**self.metadata),
            sections=self.sections, measures=self.measures, entities=self.entities, relations=self.relations,
        )  # fmt: skip


def plan(year: int, classes: dict[str, int], **metadata: Any) -> Record:
    """A plan with so many measures of each function."""
    draft = Draft(f"plan-{year}", plan_year=year, **metadata)
    for name, n in classes.items():
        for _ in range(n):
            draft.measure(name, "none" if name == "none" else "environment")
    return draft.record()


def leads_to_text(frame: pd.DataFrame, records: Iterable[Record], wording: str | None = "text") -> None:
    texts = {record.doc_id: record.text for record in records}
    assert len(frame)
    for row in frame.to_dict("records"):
        part = texts[row["doc_id"]][row["start"] : row["end"]]
        assert part.strip()
        assert wording is None or part == row[wording]


@pytest.mark.parametrize(
    ("doc_id", "metadata", "year"),
    [
        pytest.param("x-2020", {"plan_year": 2023, "date": "2022-12-30"}, 2023, id="plan's year first"),
        pytest.param("x-2020", {"date": "2022-12-30"}, 2022, id="then the date"),
        pytest.param("x-2020", {"date": "2022"}, 2022, id="a date of a year alone"),
        pytest.param("x-2020", {}, 2020, id="then the end of the doc_id"),
        pytest.param("某市2021年", {}, 2021, id="with its measure word"),
        pytest.param("2020-x", {}, None, id="not elsewhere in the doc_id"),
        pytest.param("x12020", {}, None, id="not the end of a longer number"),
    ],
)
def test_year_of_a_document(doc_id: str, metadata: dict[str, Any], year: int | None) -> None:
    assert tables.year_of(Draft(doc_id, **metadata).record()) == year


# The clause list


def test_codes_count_documents_top_sections_and_measures() -> None:
    first = Draft("a-2022").measure().section("一").measure(section="一").section("一.1", "一")
    first.measure("none", "none", section="一.1").section("二").measure(section="二")
    records = [first.record(), Draft("b-2023").section("x").measure(section="x").record()]
    frame = tables.clauses(records)
    assert list(frame["code"]) == ["1-0-1", "1-1-1", "1-1-2", "1-2-1", "2-1-1"]
    assert list(frame.columns) == list(tables.CLAUSES)
    assert list(frame["section_heading"].dropna()) == ["一", "一.1", "二", "x"]
    leads_to_text(frame, records)


def test_clauses_carry_classes_labels_and_actors() -> None:
    names = [("INSTITUTION", "市水务局"), ("INSTITUTION", "市气象局"), ("INSTITUTION", "市水务局")]
    draft = Draft("a-2022").measure(
        "monitoring", "supply", names=names, roles={"市水务局": "actor_of", "市气象局": "actor_of"}
    )
    row = tables.clauses([draft.record()]).iloc[0]
    assert (row["function_label"], row["phase"], row["phase_label"], row["instrument_label"]) == (
        "监测预警", "warn", "监测与预警", "供给型",
    )  # fmt: skip
    assert row["actors"] == "市水务局; 市气象局"


def test_sections_that_enclose_each_other_end() -> None:
    draft = Draft("a-2022").section("一", "二").section("二", "一").measure(section="一")
    assert list(tables.clauses([draft.record()])["code"]) == ["1-0-1"]


def test_phases_have_labels() -> None:
    assert {scheme.phase for scheme in functions().values()} <= set(tables.PHASES)


# Shares


def test_shares_known_by_hand() -> None:
    records = [plan(2022, {"prevention": 30, "response": 10, "none": 5}), plan(2021, {"party": 2})]
    frame = aggregates.shares(records)
    row = frame[(frame["group"] == 2022) & (frame["class"] == "response")].iloc[0]
    assert (row["label"], row["n"], row["total"], row["percent"], row["documents"], row["left_out"]) == (
        "指挥处置", 10, 40, 25.0, 1, 5,
    )  # fmt: skip
    assert list(frame["group"].unique()) == [2021, 2022]
    assert "none" not in set(frame["class"])
    assert row["low"] < 25 < row["high"]


@pytest.mark.parametrize(
    ("counts", "warning"),
    [
        ({"prevention": 25, "response": 5}, None),
        ({"prevention": 26, "response": 4}, "n < 5"),
        ({"prevention": 24, "response": 5}, "fewer than 30 measures"),
        ({"prevention": 4, "response": 4}, "n < 5; fewer than 30 measures"),
    ],
)
def test_small_counts_are_warned_of(counts: dict[str, int], warning: str | None) -> None:
    frame = aggregates.shares([plan(2022, counts)])
    found = frame[frame["class"] == "response"].iloc[0]["warning"]
    assert (None if pd.isna(found) else found) == warning


def test_interval_is_the_bootstrap_over_measures() -> None:
    frame = aggregates.shares([plan(2022, {"prevention": 70, "response": 30})], resamples=5000)
    row = frame[frame["class"] == "response"].iloc[0]
    drawn = scipy.stats.bootstrap(
        (np.repeat([0, 100], [70, 30]),), np.mean, method="percentile", n_resamples=5000, rng=1, vectorized=True
    ).confidence_interval
    assert (row["low"], row["high"]) == (pytest.approx(drawn.low, abs=1.01), pytest.approx(drawn.high, abs=1.01))


def test_a_group_has_the_same_interval_beside_any_others() -> None:
    one, other = plan(2022, {"prevention": 20, "response": 20}), plan(2021, {"party": 7, "response": 9})
    alone, beside = aggregates.shares([one]), aggregates.shares([other, one])
    pd.testing.assert_frame_equal(alone, beside[beside["group"] == 2022].reset_index(drop=True), check_dtype=False)
    lows = {tuple(aggregates.shares([one], seed=seed, resamples=20)["low"].dropna()) for seed in range(5)}
    assert len(lows) > 1


def test_what_resampling_cannot_vary_has_no_interval() -> None:
    frame = aggregates.shares([plan(2022, {"prevention": 40})])
    assert frame[["low", "high"]].isna().all(axis=None)
    without = aggregates.shares([plan(2022, {"party": 1, "response": 1})], resamples=0)
    assert without["low"].isna().all()
    assert without["low"].dtype == float


def test_documents_without_measures_or_year_are_groups_too() -> None:
    frame = aggregates.shares([Draft("x").record(), plan(2022, {"party": 1})])
    assert frame["group"].isna().iloc[-1]
    assert frame[frame["group"].isna()]["total"].eq(0).all()
    assert frame[frame["group"].isna()]["percent"].isna().all()
    assert frame[frame["group"].isna()]["documents"].eq(1).all()


def test_shares_by_issuer() -> None:
    records = [plan(2022, {"party": 3}, issuer="乙局"), plan(2021, {"party": 1}, issuer="甲局")]
    frame = aggregates.shares(records, by="issuer")
    assert list(frame[frame["class"] == "party"]["group"]) == ["乙局", "甲局"]


_COUNTS = st.dictionaries(st.sampled_from(sorted(functions())), st.integers(0, 6), max_size=6)


@settings(max_examples=40, deadline=None)
@given(st.lists(_COUNTS, min_size=1, max_size=3))
def test_shares_sum_to_a_hundred_and_counts_to_the_measures(counts: list[dict[str, int]]) -> None:
    records = [plan(2020 + n, classes) for n, classes in enumerate(counts)]
    for axis in ("function", "instrument", "phase"):
        frame = aggregates.shares(records, axis, resamples=20)
        for _, group in frame.groupby("group"):
            total = group["total"].iloc[0]
            assert group["n"].sum() == total
            assert total == 0 or math.isclose(group["percent"].sum(), 100)
        totals = frame.drop_duplicates("group")
        assert (totals["total"] + totals["left_out"]).sum() == sum(len(record.measures) for record in records)
        found = aggregates.cross(records, axis, "year").set_index(["row", "column"])["n"]
        assert found["total", "total"] == totals["total"].sum()


# Change


def test_chi_square_known_by_hand() -> None:
    records = [plan(2021, {"prevention": 10, "response": 20}), plan(2022, {"prevention": 20, "response": 10})]
    frame = aggregates.change(records, 2021, 2022).set_index("class")
    overall = frame.loc["all"]
    assert (overall["chi2"], overall["dof"], overall["cramers_v"]) == (pytest.approx(20 / 3), 1, pytest.approx(1 / 3))
    assert frame.loc["prevention", "difference"] == pytest.approx(100 / 3)
    assert frame.loc["prevention", "min_expected"] == 15
    assert frame["warning"].isna().all()
    assert frame.loc["prevention", "p"] == pytest.approx(0.0098, abs=1e-4)


def test_small_expected_counts_are_warned_of() -> None:
    records = [plan(2021, {"prevention": 30, "response": 1}), plan(2022, {"prevention": 30, "response": 3})]
    frame = aggregates.change(records, 2021, 2022).set_index("class")
    assert frame.loc["all", "warning"] == "expected count below 5 in 2 of 4 cells"


@pytest.mark.parametrize("left", [{}, {"prevention": 3}, {"none": 3}])
def test_nothing_to_test_is_said(left: dict[str, int]) -> None:
    frame = aggregates.change([plan(2021, left), plan(2022, {"prevention": 2})], 2021, 2022)
    assert frame["warning"].eq("nothing to test").all()
    assert frame["p"].isna().all()


@pytest.mark.parametrize(
    "call",
    [
        lambda r: aggregates.change(r, 2021, 1999),
        lambda r: aggregates.change(r, 2021, 2021, by="month"),
        lambda r: aggregates.shares(r, "colour"),
        lambda r: aggregates.shares(r, resamples=-1),
        lambda r: aggregates.cross(r, "colour"),
        lambda r: tables.clauses([*r, *r]),
        lambda r: network.network([*r, *r]),
        lambda r: keywords(r, []),
        lambda r: keywords(r, r, minimum=0),
        lambda _: to_xlsx({}, None),
    ],
)
def test_calls_that_cannot_be_meant(call: Any) -> None:
    with pytest.raises(UsageError) as error:
        call([plan(2021, {"party": 1})])
    assert "\n" not in str(error.value)


# Cross tables


def test_cross_table_with_totals() -> None:
    draft = Draft("a-2022").measure("prevention", "supply").measure("prevention", "environment")
    draft.measure("response", "supply").measure("none", "none").measure("response", None)
    frame = aggregates.cross([draft.record()])
    cells = frame.set_index(["row", "column"])
    assert cells.loc[("prepare", "supply"), "n"] == 1
    assert cells.loc[("prepare", "supply"), "percent"] == 50
    assert cells.loc[("respond", "total"), "n"] == 1
    assert cells.loc[("total", "supply"), "n"] == 2
    assert cells.loc[("total", "total"), ["n", "percent"]].tolist() == [3, 100]
    assert pd.isna(cells.loc[("warn", "supply"), "percent"])
    assert set(frame["row"]) == {*tables.PHASES, "total"}


def test_cross_table_by_year_is_spread_with_chinese_labels() -> None:
    records = [plan(2022, {"party": 1}), plan(2021, {"party": 3}), Draft("x").measure("party").record()]
    wide = aggregates.spread(aggregates.cross(records, "instrument", "year")).set_index("label")
    counts = [column for column in wide.columns if column.endswith("n")]
    assert counts == ["2021 n", "2022 n", "不详 n", "合计 n"]
    assert wide.loc["环境型", counts].tolist() == [3, 1, 1, 5]
    assert wide.loc["环境型", "2021 %"] == 60
    assert list(wide.index) == [i.chinese for i in instruments().values() if i.id != "none"] + ["合计"]


# Hazards and regulations


def test_hazards_by_year_and_their_lives() -> None:
    flood, fire = ("HAZARD", "洪涝"), ("HAZARD", "火灾", {"category": "火灾"})
    records = [
        Draft("c-2023").measure(names=[flood]).record(),
        Draft("a-2021").measure(names=[flood, flood]).measure(names=[fire, flood]).record(),
    ]
    lives = tables.hazards(records).set_index("canonical")
    assert lives.loc["洪涝", ["first_year", "last_year", "years", "present", "mentions", "measures"]].tolist() == [
        2021, 2023, 2, "2021; 2023", 4, 3,
    ]  # fmt: skip
    assert lives.loc["洪涝", "doc_id"] == "a-2021"
    assert lives.loc["火灾", "category"] == "火灾"
    years = tables.hazards_by_year(records)
    assert years[["canonical", "year", "mentions"]].to_numpy().tolist() == [
        ["洪涝", 2021, 3],
        ["洪涝", 2023, 1],
        ["火灾", 2021, 1],
    ]
    leads_to_text(years, records)


def test_regulations_tell_what_is_done_with_them() -> None:
    rule = "某某市防汛办法"
    revised = Draft("a-2022").measure(names=[("REGULATION", rule), ("REGULATION", rule, {"status": "revise"})])
    records = [revised.record(), Draft("b-2023").measure(names=[("REGULATION", rule, {"status": "repeal"})]).record()]
    frame = tables.regulations_by_year(records)
    assert frame[["issued", "revised", "repealed"]].to_numpy().tolist() == [[False, True, False], [False, False, True]]
    assert list(frame["evidence"]) == ["revise a-2022#e002", "repeal b-2023#e001"]
    assert tables.regulations(records)["category"].tolist() == ["rule"]


# Actors


_ROLES = {"甲局": "leads", "乙局": "supports", "丙局": "actor_of"}


def acting() -> Record:
    names = [("INSTITUTION", name) for name in _ROLES]
    draft = Draft("a-2022").measure(names=names[:2], roles={"甲局": "leads", "乙局": "supports"})
    draft.measure(names=[names[0], names[2]], roles={"甲局": "responsible_for", "丙局": "actor_of"})
    draft.measure(names=[names[0], names[2]], roles={"甲局": "leads", "丙局": "actor_of"})
    return draft.measure(names=[("INSTITUTION", "各区", {"kind": "collective"})], roles={"各区": "leads"}).record()


def test_actors_by_role() -> None:
    frame = network.actors([acting()]).set_index("body")
    columns = ["leads", "supports", "responsible_for", "acts"]
    assert frame.loc["甲局", columns].tolist() == [2, 0, 1, 3]
    assert frame.loc["乙局", columns].tolist() == [0, 1, 0, 1]
    assert frame.loc["丙局", columns].tolist() == [0, 0, 0, 2]
    assert frame.index[0] == "甲局"
    leads_to_text(frame.reset_index(), [acting()])


def test_a_body_has_the_role_that_the_text_says_and_acts_where_it_says_none() -> None:
    frame = network.acts([acting()])
    assert frame[frame["measure"] == "m001"][["body", "role"]].to_numpy().tolist() == [
        ["甲局", "leads"],
        ["乙局", "supports"],
    ]
    assert frame[frame["measure"] == "m003"][["body", "role"]].to_numpy().tolist() == [
        ["甲局", "leads"],
        ["丙局", "acts"],
    ]
    leads_to_text(frame, [acting()])


def test_a_body_named_twice_in_a_measure_acts_once() -> None:
    draft = Draft("a-2022").measure(names=[("INSTITUTION", "甲局")], roles={"甲局": "leads"})
    again = draft.entities[0].model_copy(update={"id": "e9"})
    draft.entities.append(again)
    draft.relations.append(Relation(type="leads", head="e9", tail="m001"))
    assert network.actors([draft.record()])["leads"].tolist() == [1]


def test_network_of_a_star() -> None:
    found = network.network([acting()])
    nodes, edges = found.nodes.set_index("body"), found.edges
    assert edges[["source", "target", "weight"]].to_numpy().tolist() == [["丙局", "甲局", 2], ["乙局", "甲局", 1]]
    assert edges.loc[0, "measures"] == "a-2022#m002; a-2022#m003"
    assert edges.loc[0, "years"] == "2022"
    assert nodes.loc["甲局", ["degree", "weighted_degree", "measures"]].tolist() == [2, 3, 3]
    # Of the three pairs of the others one, 乙局 and 丙局, is linked, and through 甲局 alone.
    assert nodes.loc["甲局", "betweenness"] == pytest.approx(1 / 3)
    assert nodes.loc["各区", "degree"] == 0
    assert found.density == pytest.approx(2 * 2 / (4 * 3))
    assert set(network.network([acting()], collective=False).nodes["body"]) == set(_ROLES)


def test_network_leaves_as_graphml_and_edge_list(tmp_path: Path) -> None:
    found = network.network([acting()])
    found.to_graphml(tmp_path / "n.graphml")
    read = nx.read_graphml(tmp_path / "n.graphml")
    assert read.edges["丙局", "甲局"]["weight"] == 2
    assert read.nodes["甲局"]["doc_id"] == "a-2022"
    found.to_edge_list(tmp_path / "n.csv")
    lines = (tmp_path / "n.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines == ["source,target,weight", "丙局,甲局,2", "乙局,甲局,1"]


def test_no_actors_no_network() -> None:
    found = network.network([plan(2022, {"party": 1})])
    assert (len(found.nodes), len(found.edges), found.density) == (0, 0, None)
    assert list(found.edges.columns) == list(network.EDGES)


# Key words


def worded(doc_id: str, text: str) -> Record:
    return Record(doc_id=doc_id, text=text, text_sha256=sha256(text))


def test_log_likelihood_known_by_hand() -> None:
    left, right = worded("a", "洪涝，" * 10 + "台风，" * 10), worded("b", "第一句。防汛要管洪涝灾情。" + "洪涝，" * 4)
    frame = keywords([left], [right], minimum=1).set_index("word")
    row = frame.loc["洪涝"]
    c, d = (10_000 * row[f"n_{side}"] / row[f"per_10000_{side}"] for side in ("left", "right"))
    assert c == pytest.approx(20)
    assert (row["n_left"], row["n_right"]) == (10, 5)
    expected = c * 15 / (c + d), d * 15 / (c + d)
    g2 = 2 * (10 * math.log(10 / expected[0]) + 5 * math.log(5 / expected[1]))
    assert row["g2"] == pytest.approx(g2)
    assert row["p"] == pytest.approx(scipy.stats.chi2.sf(g2, 1))
    assert row["log_ratio"] == pytest.approx(math.log2((5 / d) / (10 / c)))
    gone = frame.loc["台风"]
    assert gone["log_ratio"] == pytest.approx(math.log2((0.5 / d) / (10 / c)))
    assert (gone["doc_id"], gone["start"], gone["end"]) == ("a", 0, len(left.text))


def test_key_words_come_with_the_first_sentence_of_the_side_that_has_more() -> None:
    left, right = worded("a", "台风很大。"), worded("b", "开头一句。\n防范台风影响。台风台风台风。")
    row = keywords([left], [right], minimum=2).set_index("word").loc["台风"]
    assert (row["doc_id"], row["sentence"]) == ("b", "防范台风影响。")
    assert right.text[row["start"] : row["end"]] == row["sentence"]
    assert row["documents_right"] == 1


def test_function_words_and_enumerators_are_no_key_words() -> None:
    text = "一是因为安全，二是因为加强。一是因为安全，二是因为加强。"
    found = set(keywords([worded("a", text)], [worded("b", text)], minimum=2)["word"])
    assert {"安全", "加强"} <= found
    assert not {"因为", "一是", "二是"} & found
    assert "安全" not in set(keywords([worded("a", text)], [worded("b", text)], minimum=2, stop_words=["安全"])["word"])


def test_rare_words_are_left_out() -> None:
    frame = keywords([worded("a", "台风，台风")], [worded("b", "台风，洪涝")], minimum=4)
    assert frame.empty
    assert frame.columns.tolist()[0] == "word"


# The PMC index


def scheme(tmp_path: Path, text: str) -> pmc.Scheme:
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")
    return pmc.read_scheme(path)


_LOW = '[[grade]]\nid = "low"\nchinese = "不良"\nleast = 0\n'


def variable(*subs: str, name: str = "X1") -> str:
    listed = ", ".join(f'{{ chinese = "项", rules = [{{ {sub} }}] }}' for sub in subs)
    return f'[[variable]]\nid = "{name}"\nchinese = "变量"\nsub = [{listed}]\n'


RULES = {
    'part = "measure", function = ["response"]': "响应。",
    'part = "measure", phase = ["warn"]': "预警气象局。",
    'part = "measure", instrument = ["demand"]': None,
    'part = "measure", function = ["none"]': "背景。",
    'part = "measure", phase = ["recover"]': None,
    'part = "measure", actors = 1': "预警气象局。",
    'part = "measure", actors = 2': None,
    'part = "measure", ahead = [1, 2]': "响应。",
    'part = "measure", ahead = [0, 0]': None,
    'part = "entity", type = "INSTITUTION"': "气象局",
    'part = "entity", type = "INSTITUTION", system = ["company"]': None,
    'part = "entity", type = "HAZARD", attributes = { category = ["水旱", "火灾"] }': "洪涝",
    'part = "entity", type = "HAZARD", attributes = { kind = ["domain"] }': None,
    'part = "document", genre = ["work_plan"]': "某某市应急管理局工作要点",
    'part = "document", issuer_level = ["city"]': "某某市应急管理局",
    'part = "document", issuer_level = ["national"]': None,
    'part = "document", disclosure = ["主动公开"]': None,
    'part = "text", any_of = ["没有", "背景"]': "背景",
    'part = "text", any_of = ["背景"], at_least = 2': None,
}


def policy() -> Record:
    draft = Draft("a-2023", plan_year=2023, genre="work_plan").measure("none", "none", wording="背景")
    draft.measure("response", "supply", deadline="2025年底前", wording="响应")
    draft.measure("monitoring", names=[("INSTITUTION", "气象局")], roles={"气象局": "leads"}, wording="预警")
    return draft.measure("none", "none", names=[("HAZARD", "洪涝")], deadline="年底前").record()


@pytest.mark.parametrize(("rule", "wording"), RULES.items())
def test_rules(tmp_path: Path, rule: str, wording: str | None) -> None:
    found = pmc.pmc([policy()], scheme(tmp_path, variable(rule) + _LOW))
    assert found.matrix["X1:1"].tolist() == [int(wording is not None)]
    assert found.evidence["text"].tolist() == ([] if wording is None else [wording])


@pytest.mark.parametrize(
    ("deadline", "ahead"),
    [
        ("年底前", 0),
        ("明年", 1),
        ("2025年底前", 2),
        ("“十五五”期间", 7),
        ("2-3年时间内", 3),
        ("6个月内", 0),
        ("汛前", None),
    ],
)
def test_years_to_a_deadline(deadline: str, ahead: int | None) -> None:
    record = Draft("a-2023").measure(deadline=deadline).record()
    assert rules.years_ahead(record, record.measures[0]) == ahead


@pytest.mark.parametrize(
    ("issuer", "level"),
    [
        ("天津市应急管理局", "province"),
        ("天津市河西区应急管理局", "county"),
        ("某某市应急管理局", "city"),
        ("某省水利厅", "province"),
    ],
)
def test_level_of_the_issuer(tmp_path: Path, issuer: str, level: str) -> None:
    own = scheme(tmp_path, variable(f'part = "document", issuer_level = ["{level}"]') + _LOW)
    assert pmc.pmc([Draft("a", issuer=issuer).record()], own).matrix["X1:1"].tolist() == [1]


def test_index_is_the_sum_of_means_and_grades_are_exact(tmp_path: Path) -> None:
    yes, no = 'part = "text", any_of = ["背景"]', 'part = "text", any_of = ["没有"]'
    grades = '[[grade]]\nid = "good"\nchinese = "优秀"\nleast = 1\n' + _LOW
    text = variable(yes, yes, no) + variable(yes, no, no, name="X2") + grades
    other = worded("b", "某文件")
    found = pmc.pmc([other, policy()], scheme(tmp_path, text)).indices.set_index("doc_id")
    assert found.loc["a-2023", ["X1", "X2", "index"]].tolist() == [pytest.approx(2 / 3), pytest.approx(1 / 3), 1]
    assert found.loc["a-2023", ["grade", "grade_label", "rank"]].tolist() == ["good", "优秀", 1]
    assert found.loc["b", ["index", "grade", "rank"]].tolist() == [0, "low", 2]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("[[variable", "TOML", id="no TOML"),
        pytest.param(variable('part = "measure"') + _LOW, "condition", id="a rule that asks for nothing"),
        pytest.param(variable('part = "measure", function = ["flood"]') + _LOW, "flood", id="unknown function"),
        pytest.param(variable('part = "measure", colour = ["red"]') + _LOW, "colour", id="unknown condition"),
        pytest.param(variable('part = "entity", type = "PERSON"') + _LOW, "PERSON", id="unknown type"),
        pytest.param(
            variable('part = "entity", type = "HAZARD", attributes = { status = ["cite"] }') + _LOW, "status", id="another type's attribute"
        ),
        pytest.param(
            variable('part = "entity", type = "HAZARD", attributes = { category = ["水灾"] }') + _LOW, "水灾", id="unknown value"
        ),
        pytest.param(variable('part = "document", issuer_level = ["village"]') + _LOW, "issuer_level.*county", id="unknown level"),
        pytest.param(variable('part = "text", any_of = []') + _LOW, "any_of", id="no wording"),
        pytest.param(variable('part = "text", any_of = ["a"]'), "grade", id="no grades"),
        pytest.param(variable('part = "text", any_of = ["a"]') + _LOW + _LOW, "fall", id="grades that do not fall"),
        pytest.param(variable('part = "text", any_of = ["a"]') * 2 + _LOW, "twice", id="a variable twice"),
        pytest.param(
            variable('part = "text", any_of = ["a"]') + '[[grade]]\nid = "g"\nchinese = "优"\nleast = 2\n' + _LOW, "best", id="a grade out of reach"
        ),
    ],
)  # fmt: skip
def test_a_bad_scheme_is_an_error_of_one_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(InputError, match=said) as error:
        scheme(tmp_path, text)
    assert "own.toml" in str(error.value)
    assert "\n" not in str(error.value)


def test_a_missing_scheme_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        pmc.read_scheme(tmp_path / "none.toml")


def test_packaged_scheme_has_ten_variables_and_the_four_grades() -> None:
    packaged = pmc.read_scheme()
    assert [v.id for v in packaged.variable] == [f"X{n}" for n in range(1, 11)]
    assert [(g.id, g.least) for g in packaged.grade] == [
        ("perfect", 9),
        ("excellent", 7),
        ("acceptable", 5),
        ("low", 0),
    ]
    described = pmc.pmc([], packaged).variables
    assert described.set_index("sub").loc["X2:3", "rules"] == "measure(ahead = 1 to 2)"


def test_rules_know_the_levels_and_systems_of_the_record() -> None:
    assert set(get_args(rules.Level)) == set(derived._LEVELS)
    assert set(get_args(rules.System)) == {*derived._SYSTEMS, "other"}


# The workbook


def test_workbook_keeps_values(tmp_path: Path) -> None:
    frame = pd.DataFrame({"text": ["=1+1", None, "a\x01"], "n": [1, pd.NA, 3], "flag": [True, False, None]})
    frame["n"] = frame["n"].astype("Int64")
    to_xlsx({"表/一": frame, "空": frame.head(0)}, tmp_path / "t.xlsx")
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    assert book.sheetnames == ["表_一", "空", "notes"]
    assert [[cell.value for cell in row] for row in book["表_一"].iter_rows(min_row=2)] == [
        ["=1+1", 1, True],
        [None, None, False],
        ["a\ufffd", 3, None],
    ]
    assert book["表_一"]["A2"].data_type == "s"
    assert [cell.value for cell in book["notes"][2]] == ["表_一", 4, "text", "control characters replaced"]
    to_xlsx({"表/一": frame, "空": frame.head(0)}, tmp_path / "u.xlsx")
    assert (tmp_path / "t.xlsx").read_bytes() == (tmp_path / "u.xlsx").read_bytes()


@pytest.mark.parametrize("names", [("A", "a"), ("notes",), ("a/b", "a:b")])
def test_sheets_that_are_one_to_excel(tmp_path: Path, names: tuple[str, ...]) -> None:
    with pytest.raises(UsageError, match="taken"):
        to_xlsx(dict.fromkeys(names, pd.DataFrame({"a": [1]})), tmp_path / "t.xlsx")


# Real texts


@pytest.fixture(scope="module")
def real(nlp: Language) -> list[Record]:
    texts = [(CORPORA / "texts" / f"{name}.txt", name) for name in ("tj-2023", "syn-21", "syn-22", "syn-24")]
    return [yaodian.extract(path.read_bytes().decode(), doc_id=name, nlp=nlp) for path, name in texts]


def all_frames(records: list[Record]) -> dict[str, pd.DataFrame]:
    found = network.network(records)
    return {
        "clauses": tables.clauses(records),
        "shares": aggregates.shares(records),
        "cross": aggregates.cross(records),
        "change": aggregates.change(records, 2021, 2024),
        "hazards": tables.hazards(records),
        "hazards_by_year": tables.hazards_by_year(records),
        "regulations": tables.regulations(records),
        "regulations_by_year": tables.regulations_by_year(records),
        "acts": network.acts(records),
        "actors": network.actors(records),
        "nodes": found.nodes,
        "edges": found.edges,
        "keywords": keywords(records[:1], records[1:]).rename(columns={"sentence": "text"}),
        **pmc.pmc(records).frames(),
    }


def test_real_texts_give_every_table_twice_the_same_and_every_row_its_text(real: list[Record], tmp_path: Path) -> None:
    frames, again = all_frames(real), all_frames(real)
    for name, frame in frames.items():
        pd.testing.assert_frame_equal(frame, again[name])
        if "start" in frame:
            leads_to_text(frame, real)
    assert frames["clauses"]["code"].is_unique
    assert len(frames["clauses"]) == sum(len(record.measures) for record in real)
    mentions = sum(entity.type == "HAZARD" for record in real for entity in record.entities)
    assert frames["hazards"]["mentions"].sum() == frames["hazards_by_year"]["mentions"].sum() == mentions
    ones = frames["pmc_matrix"].drop(columns=["doc_id", "year", "issuer"]).to_numpy().sum()
    assert len(frames["pmc_evidence"]) == ones
    references = {f"{record.doc_id}#{measure.id}" for record in real for measure in record.measures}
    assert {place for cell in frames["edges"]["measures"] for place in cell.split("; ")} <= references
    to_xlsx(frames, tmp_path / "study.xlsx")
    assert openpyxl.load_workbook(tmp_path / "study.xlsx", read_only=True).sheetnames == list(frames)
