"""From spans to findings: canonical names, roles of actors, the tables of targets, actions and bodies, the audit."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

import yaodian
from yaodian.audit import audit
from yaodian.lexicon import load_lexicon
from yaodian.normalise import place_of, regulation_key, successor
from yaodian.record.derived import level_of, system_of
from yaodian.units import to_base

if TYPE_CHECKING:
    from yaodian.record import Record

HEAD = "云岭省临澜市应急管理局2023年工作要点\n一、任务\n"


def extracted(body: str) -> Record:
    return yaodian.extract(HEAD + body, doc_id="d")


@pytest.mark.parametrize(
    ("body", "text", "canonical"),
    [
        ("我局牵头开展检查。", "我局", "云岭省临澜市应急管理局"),
        ("局机关开展学习。", "局机关", "云岭省临澜市应急管理局"),
        ("市安委办组织督查。", "市安委办", "云岭省临澜市安全生产委员会办公室"),
        ("市住建局开展排查。", "市住建局", "云岭省临澜市住房和城乡建设局"),
        ("开展危化品整治。", "危化品", "危险化学品"),
        ("防范山洪灾害。", "山洪灾害", "山洪"),
        ("防范地质灾害。", "地质灾害", "地质灾害"),
        ("落实《中华人民共和国安全生产法》。", "《中华人民共和国安全生产法》", "安全生产法"),
        ("落实《安全生产法》。", "《安全生产法》", "安全生产法"),
        (
            "制定《临澜市防汛工作实施办法》（以下简称《实施办法》）。宣传《实施办法》。",
            "《实施办法》",
            "临澜市防汛工作实施办法",
        ),
        ("印发《临澜市值守工作方案》。落实《方案》要求。", "《方案》", "临澜市值守工作方案"),
    ],
)
def test_one_name_for_one_thing(body: str, text: str, canonical: str) -> None:
    found = {e.text: e.canonical for e in extracted(body).entities}
    assert found[text] == canonical


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("《安全生产法》", "《中华人民共和国安全生产法》"),
        ("《关于〈办法〉的通知》", "关于办法的通知"),
        ("《防洪 标准》（GB 50201-2014）", "《防洪标准》"),
        ("《应急预案(试行)》", "《应急预案（试行）》"),
    ],
)
def test_one_key_for_one_text(one: str, other: str) -> None:
    assert regulation_key(one) == regulation_key(other)


def test_the_place_of_a_headline_without_one_is_read_off_the_titles() -> None:
    text = "市应急管理局2023年工作要点\n一、任务\n市应急管理局落实《天津市安全生产条例》《天津市防汛条例》。"
    found = {e.text: e.canonical for e in yaodian.extract(text).entities}
    assert found["市应急管理局"] == "天津市应急管理局"


def test_predecessors_are_linked_to_the_body_that_took_over() -> None:
    assert successor("临澜市安全生产监督管理局", load_lexicon()) == ("临澜市应急管理局", "2018")
    assert successor("临澜市应急管理局", load_lexicon()) is None
    assert place_of("云岭省临澜市应急管理局") == "云岭省临澜市"


@pytest.mark.parametrize(
    ("name", "level", "system"),
    [
        ("国务院安委会", "national", "government"),
        ("云岭省应急管理厅", "province", "government"),
        ("临澜市委", "city", "party"),
        ("鹤川县人民法院", "county", "court"),
        ("桂塘街道办事处", "township", "government"),
        ("鹤川县第一中学", "county", "public institution"),
        ("临澜市燃气有限公司", "city", "company"),
        ("市总工会", "city", "mass organisation"),
    ],
)
def test_level_and_system_are_read_off_the_name(name: str, level: str, system: str) -> None:
    assert (level_of(name), system_of(name)) == (level, system)


@pytest.mark.parametrize(
    ("body", "roles"),
    [
        ("由市应急管理局牵头，市水利局配合，开展检查。", {"市应急管理局": "leads", "市水利局": "supports"}),
        (
            "市公安局、市交通运输局联合整治。",
            {"市公安局": "responsible_for", "市交通运输局": "responsible_for"},
        ),
        ("县气象局每日报送预报。", {"县气象局": "responsible_for"}),
        ("督促市水利局整改。", {}),
        ("向市委报告情况。", {}),
        (
            "修订预案。\n（牵头单位：市应急管理局；配合单位：市水利局、市财政局）",
            {"市应急管理局": "leads", "市水利局": "supports", "市财政局": "supports"},
        ),
    ],
)
def test_who_acts_in_which_role(body: str, roles: dict[str, str]) -> None:
    record = extracted(body)
    names = {e.id: e.text for e in record.entities}
    found = {names[r.head]: r.type for r in record.relations if r.type not in ("actor_of", "target_of")}
    assert found == roles
    assert {names[r.head] for r in record.relations if r.type == "actor_of"} == set(roles)


def test_targets_have_their_deadline_baseline_and_actor() -> None:
    record = extracted("市水利局6月底前将覆盖率由60%提高到80%以上；全年组织演练不少于2次。")
    rows = record.to_frames()["targets"].to_dict("records")
    first, second = rows
    assert (first["value"], first["unit"], first["comparator"], first["baseline"]) == (80, "%", ">=", "60%")
    assert (first["deadline_kind"], first["deadline_value"]) == ("by", "2023-06-30")
    assert (first["actors"], first["actor_inferred"]) == ("云岭省临澜市水利局", False)
    assert (second["actors"], second["actor_inferred"]) == ("云岭省临澜市应急管理局", True)
    for row in rows:
        assert record.text[row["start"] : row["end"]] == row["text"]
        assert row["text"] in row["sentence"]


def test_actions_have_their_object_and_what_they_act_on() -> None:
    record = extracted("修订《临澜市防汛预案》，开展森林火灾隐患排查。")
    rows = record.to_frames()["actions"].to_dict("records")
    assert [(row["verb"], row["object"]) for row in rows] == [
        ("修订", "《临澜市防汛预案》"),
        ("开展", "森林火灾隐患排查"),
    ]
    assert rows[0]["regulations"] == "revise:临澜市防汛预案"
    assert rows[0]["hazards"] == "森林火灾"
    for row in rows:
        assert record.text[row["start"] : row["end"]] == row["verb"]


def test_every_row_of_every_table_leads_back_into_the_text(seed_text: str) -> None:
    record = yaodian.extract(seed_text, doc_id="seed")
    frames = record.to_frames()
    for name in ("targets", "institutions"):
        for row in frames[name].to_dict("records"):
            assert record.text[row["start"] : row["end"]] == row["text"]
    assert frames["institutions"]["mentions"].sum() == sum(e.type == "INSTITUTION" for e in record.entities)


def test_audit_finds_a_wrong_value_and_counts_every_number_once(seed_text: str) -> None:
    record = yaodian.extract(seed_text, doc_id="seed")
    found = audit([record])
    assert found.wrong == []
    assert found.accuracy == 1.0
    entities = list(record.entities)
    place = next(i for i, e in enumerate(entities) if e.text == "2小时")
    spoiled = entities[place].attributes.model_copy(update={"value": 3.0})
    entities[place] = entities[place].model_copy(update={"attributes": spoiled})
    worse = audit([record.model_copy(update={"entities": tuple(entities)})])
    assert len(worse.wrong) == 1
    assert "2小时" in worse.wrong[0]
    assert worse.numbers == found.numbers
    assert found.numbers.total() >= len(re.findall(r"\d+", seed_text)) / 2


def test_audit_knows_a_bound_in_another_unit() -> None:
    record = yaodian.extract("某局2023年工作要点\n一、结案后10个月至1年内开展评估。\n二、加强监督管理，落实责任。")
    assert any(e.text == "10个月至1年" for e in record.entities)
    assert audit([record]).wrong == []


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("开展3次演练。", "quantity"),
        ("2023年6月开展演练。", "date"),
        ("落实《15条措施》。", "name"),
        ("统一部署。", "exclusion"),
        ("拨打12350举报。", "exclusion"),
    ],
)
def test_numbers_end_as_what_they_are(body: str, kind: str) -> None:
    record = extracted(body)
    numbers = audit([record]).numbers
    assert numbers[kind] >= 1
    assert numbers["left over"] == 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ((2.0, "h"), (120.0, "min")),
        ((15.0, "亩"), (1.0, "ha")),
        ((1.0, "km2"), (100.0, "ha")),
        ((50.0, "%"), (500.0, "‰")),
        ((1.0, "t"), (1000.0, "kg")),
        ((72.0, "km/h"), (20.0, "m/s")),
        ((1.0, "m3"), (1000.0, "L")),
    ],
)
def test_the_same_quantity_has_one_base(one: tuple[float, str], other: tuple[float, str]) -> None:
    first, second = to_base(*one), to_base(*other)
    assert first is not None
    assert second is not None
    assert first[1] == second[1]
    assert first[0] == pytest.approx(second[0])


@pytest.mark.parametrize("unit", ["件", "人次", "CNY", "工作日", None, ""])
def test_what_is_counted_has_no_base(unit: str | None) -> None:
    assert to_base(3.0, unit) is None
