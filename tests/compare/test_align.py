"""Links between plans: what stays, changes, splits, merges, moves, goes and comes, and lives through years."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import yaodian
from conftest import ROOT
from yaodian.compare import compare, history

if TYPE_CHECKING:
    from yaodian.compare.model import Link

sys.path.insert(0, str(ROOT / "evaluation"))

HEAD = "某市应急管理局{year}年工作要点\n"
OLD = HEAD.format(year=2022) + (
    "一、风险防控\n"
    "1.市应急管理局对不少于100家危险化学品企业开展执法检查，隐患整改率达到95%以上。\n"
    "2.提前2小时发布暴雨预警信息，并通过广播、短信通知到村。\n"
    "3.修订《某市防汛应急预案》，6月底前组织全市综合演练。\n"
    "二、基础保障\n"
    "1.补充应急物资，完善仓库管理制度；建立应急物资调拨机制，与周边三市签订互助协议。\n"
    "2.开展安全宣传进企业活动。\n"
    "3.每季度召开一次安全生产形势分析会。\n"
)
NEW = HEAD.format(year=2023) + (
    "一、风险防控\n"
    "1.对危险化学品企业开展执法检查，市应急管理局检查企业不少于120家，隐患整改率达到95%以上。\n"
    "2.提前180分钟发布暴雨预警信息，并通过广播、短信通知到村。\n"
    "3.修订《某市防汛应急预案》，3月底前组织全市综合演练。\n"
    "二、基础保障\n"
    "1.补充应急物资，完善仓库管理制度。\n"
    "2.建立应急物资调拨机制，与周边三市签订互助协议。\n"
    "3.每月召开一次安全生产形势分析会。\n"
    "4.建设林火视频监控系统，新增前端探头80个。\n"
)


@pytest.fixture(scope="module")
def links() -> list[Link]:
    return list(compare(yaodian.extract(OLD), yaodian.extract(NEW)).links)


def _of(links: list[Link], *, left: tuple[str, ...] = (), right: tuple[str, ...] = ()) -> Link:
    return next(link for link in links if (left and link.left == left) or (right and link.right == right))


def test_a_raised_target_in_other_words(links: list[Link]) -> None:
    link = _of(links, left=("m001",))
    assert (link.right, link.relation) == (("m001",), "changed")
    (change,) = [c for c in link.changes if c.kind == "target"]
    assert change.direction == "strengthened"
    assert change.left is not None
    assert change.right is not None
    assert OLD[slice(*change.left)] == "100家"
    assert NEW[slice(*change.right)] == "120家"


def test_another_unit_is_read_before_it_is_compared(links: list[Link]) -> None:
    (change,) = _of(links, left=("m002",)).changes
    assert (change.kind, change.direction, change.note) == ("target", "strengthened", "2小时 → 180分钟")


def test_an_earlier_deadline_is_stricter(links: list[Link]) -> None:
    (change,) = _of(links, left=("m003",)).changes
    assert (change.kind, change.direction) == ("deadline", "strengthened")


def test_how_often_counts_as_a_target(links: list[Link]) -> None:
    link = next(k for k in links if k.left and "形势分析会" in _text(OLD, k.left[0]))
    (change,) = link.changes
    assert (change.kind, change.direction) == ("target", "strengthened")


def _text(source: str, measure: str) -> str:
    record = yaodian.extract(source)
    found = next(m for m in record.measures if m.id == measure)
    return source[found.start : found.end]


def test_new_and_dropped(links: list[Link]) -> None:
    assert [_text(OLD, k.left[0]) for k in links if k.relation == "dropped"] == ["开展安全宣传进企业活动。"]
    assert ["林火" in _text(NEW, k.right[0]) for k in links if k.relation == "new"] == [True]


def test_a_plan_beside_itself_is_unchanged() -> None:
    record = yaodian.extract(OLD)
    assert {k.relation for k in compare(record, record).links} == {"unchanged"}
    assert [k.left for k in compare(record, record).links] == [k.right for k in compare(record, record).links]


SENTENCES = [line[2:] for line in (OLD + NEW).splitlines() if line[:1].isdigit()]
SENTENCES += ["2023.12.31。", "确保100%、100%、99.99%。", "。", "开展检查。" * 40]


@given(st.lists(st.sampled_from(SENTENCES), max_size=8), st.lists(st.sampled_from(SENTENCES), max_size=8))
@settings(max_examples=40, deadline=None)
def test_every_measure_is_in_exactly_one_link(left: list[str], right: list[str]) -> None:
    plans = []
    for year, lines in ((2022, left), (2023, right)):
        body = "".join(f"{n}.{line}\n" for n, line in enumerate(lines, start=1))
        plans.append(yaodian.extract(HEAD.format(year=year) + "一、任务\n" + body))
    found = compare(*plans)
    for side, record in zip(("left", "right"), plans, strict=True):
        ids = [i for link in found.links for i in getattr(link, side)]
        assert sorted(ids) == sorted(m.id for m in record.measures)
    for link in found.links:
        sizes = len(link.left), len(link.right)
        wanted = {"dropped": (1, 0), "new": (0, 1), "split": (1, 2), "merged": (2, 1)}.get(link.relation, (1, 1))
        assert sizes >= wanted
        assert 1 in sizes
        assert 0.0 <= link.score <= 1.0
        for change in link.changes:
            for place, record in ((change.left, plans[0]), (change.right, plans[1])):
                assert place is None or 0 <= place[0] < place[1] <= len(record.text)


def test_a_measure_taken_up_again_is_one_life_with_a_gap() -> None:
    years = [OLD, NEW, OLD.replace("2022年", "2024年")]
    found = history([yaodian.extract(text, doc_id=str(i)) for i, text in enumerate(years)])
    (chain,) = [c for c in found.chains if c.gaps]
    assert (chain.first, chain.last, chain.gaps) == (0, 2, (1,))
    (line,) = [s for s in found.series if s.unit == "家" and len(s.points) == 3]
    assert [p.low for p in line.points] == [100, 120, 100]
    assert all(len(chain.members) == 3 for chain in found.chains)


@pytest.mark.slow
def test_links_of_the_labelled_pairs() -> None:
    from align import counts, pairs, scores

    rows = [counts(compare(p.left, p.right).links, p.links) for p in pairs("gold")]
    found = scores(rows)
    assert len(rows) == 4
    assert found["strict_f1"] >= 0.90
    assert found["lax_f1"] >= 0.95
    assert found["relation_accuracy"] >= 0.85
