"""Segmentation of the layouts that real plans have."""

from __future__ import annotations

import pytest

from yaodian.segment import segment

HEAD = "某市应急管理局2023年工作要点\n"


def measures(text: str) -> list[str]:
    return [text[m.start : m.end] for m in segment(text).measures]


def headings(text: str) -> list[tuple[int, str, str]]:
    return [(s.level, s.number, s.heading) for s in segment(text).sections]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(
            "一、总体\n(一)加强监管。开展检查;落实责任。",
            ["开展检查;", "落实责任。"],
            id="run-in heading, half-width marks",
        ),
        pytest.param("一、总体\n（一）加强监管。\n开展检查。", ["开展检查。"], id="heading alone on a line"),
        pytest.param("一、总体\n（一）开展全市安全检查。", ["开展全市安全检查。"], id="heading and measure at once"),
        pytest.param(
            "一、总体\n1．开展检查；\n2、落实责任。", ["开展检查；", "落实责任。"], id="two ways of third level"
        ),
        pytest.param(
            "一、总体\n开展“查一查！改一改。”活动（见附件。）并上报。",
            ["开展“查一查！改一改。”活动（见附件。）并上报。"],
            id="marks inside brackets",
        ),
        pytest.param(
            "一、总体\n重点是：一是查；二是改。", ["重点是：一是查；", "二是改。"], id="enumerators belong to measures"
        ),
        pytest.param("一、总体\n开展检查（责任单位：市局）。\n", ["开展检查"], id="a note of duties is cut off"),
        pytest.param(
            "一、总体\n开展检查。（市应急局牵头，市水务局配合）", ["开展检查。"], id="a note behind the full stop"
        ),
        pytest.param("一、总体\n开展检查。\n责任单位：市应急局\n", ["开展检查。"], id="a note on its own line"),
        pytest.param(
            "一、总体\n开展全市范围内的安全生产检查，\n\n- 3 -\n\n落实责任。",
            ["开展全市范围内的安全生产检查，\n\n- 3 -\n\n落实责任。"],
            id="a page number inside a sentence",
        ),
        pytest.param(
            "一、总体\n开展检查。\n某市应急管理局\n2023年1月5日\n抄送：市政府。",
            ["开展检查。"],
            id="signature, date and copies",
        ),
        pytest.param("一、总体\n开展检查。\n附件：任务分工表\n一、表格内容。", ["开展检查。"], id="attachment"),
        pytest.param("一、总体\n（开展检查。落实责任。", ["（开展检查。", "落实责任。"], id="a bracket left open"),
        pytest.param(
            "第一章 总体\n一、任务\n①开展检查。\n②落实责任。",
            ["开展检查。", "落实责任。"],
            id="chapters and circled numbers",
        ),
        pytest.param("一、总体\n——开展检查。\n——落实责任。", ["开展检查。", "落实责任。"], id="bullets"),
        pytest.param(
            "一、总体\n——检查要严。\n●查企业。\n●查工地。",
            ["查企业。", "查工地。"],
            id="a dash heads the bullets below it",
        ),
    ],
)
def test_measures(body: str, expected: list[str]) -> None:
    assert measures(HEAD + body) == expected


@pytest.mark.parametrize("end", ["\r\n", "\n\n", "\r"])
def test_line_ends_do_not_matter(end: str) -> None:
    lines = [HEAD.strip(), "一、总体", "（一）加强监管。开展检查。", "二、保障", "落实责任。"]
    assert measures(end.join(lines)) == ["开展检查。", "落实责任。"]
    assert [level for level, _, _ in headings(end.join(lines))] == [1, 2, 1]


def test_no_numbering_gives_measures_and_a_warning() -> None:
    found = segment(HEAD + "全面加强安全监管工作，落实责任。组织开展检查，推进建设。")
    assert len(found.measures) == 2
    assert [w.code for w in found.warnings] == ["no_numbering"]


@pytest.mark.parametrize(
    ("numbers", "code"), [("一二二", "duplicate_section_number"), ("一二五", "irregular_section_number")]
)
def test_wrong_numbering_is_kept_and_named(numbers: str, code: str) -> None:
    text = HEAD + "\n".join(f"{n}、标题\n开展检查。" for n in numbers)
    found = segment(text)
    assert [s.number for s in found.sections] == [f"{n}、" for n in numbers]
    assert [s.id for s in found.sections] == ["s1", "s2", "s3"]
    assert [w.code for w in found.warnings] == [code]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty_text"),
        (" \n\t", "empty_text"),
        ("The quick brown fox jumps over the lazy dog.", "not_chinese"),
        ("床前明月光，疑是地上霜。\n举头望明月，低头思故乡。", "not_a_plan"),
        ("12345 67890", "no_words"),
    ],
)
def test_what_is_no_plan_gives_no_measures_but_a_warning(text: str, code: str) -> None:
    found = segment(text)
    assert not found.measures
    assert [w.code for w in found.warnings] == [code]


def test_hard_wrapped_lines_are_joined() -> None:
    wrapped = "开展全市安全生产大检查，落实企业主体责任，推动隐患排\n查治理走深走实，切实提升本质安全水平，坚决防范各类事\n故发生，维护人民群众生命财产安全，确保全市安全形势稳\n定向好发展，不断增强群众获得感幸福感，推动工作再上新\n台阶取得新成效实现新发展迈上新的更高的台阶。"
    text = HEAD + "一、总体\n" + "\n".join([wrapped] * 3)
    assert measures(text) == [wrapped] * 3


def test_metadata_of_a_notice() -> None:
    text = (
        "某某市应急管理局关于印发2023年工作要点的通知\n某应急〔2023〕5号\n各区应急管理局，局机关各处室、直属事业单位：\n"
        "现印发给你们。\n2023年1月20日\n（此件主动公开）\n2023年工作要点\n一、总体\n开展检查。"
    )
    found = segment(text).metadata
    assert found.issuer == "某某市应急管理局"
    assert found.doc_number == "某应急〔2023〕5号"
    assert found.date == "2023-01-20"
    assert found.plan_year == 2023
    assert found.addressees == ("各区应急管理局", "局机关各处室", "直属事业单位")
    assert found.disclosure == "主动公开"
    assert found.genre == "work_plan"


def test_title_below_the_issuers_line_and_date_in_brackets() -> None:
    notice = "某汛〔2025〕2号\n某某县防汛抗旱指挥部\n关于印发2025年防汛工作要点的通知\n（2025年3月5日）\n各乡镇指挥部：\n一、总体\n开展检查。"
    found = segment(notice).metadata
    assert found.title == "某某县防汛抗旱指挥部关于印发2025年防汛工作要点的通知"
    assert found.issuer == "某某县防汛抗旱指挥部"
    assert found.date == "2025-03-05"
    plan = segment(
        "某某县安委会办公室2024年工作要点\n（2024年3月5日）\n2024年，全县工作平稳。\n一、总体\n开展检查。"
    ).metadata
    assert (plan.title, plan.date) == ("某某县安委会办公室2024年工作要点", "2024-03-05")


def test_markdown_marks_are_not_part_of_the_text() -> None:
    text = "# **某局2023年工作要点**\n\n## **一、总体要求**\n\n**（一）加强监管。** 开展检查。"
    assert headings(text) == [(1, "一、", "总体要求"), (2, "（一）", "加强监管。")]
    assert measures(text) == ["开展检查。"]


def test_a_note_stands_for_the_sentences_before_it() -> None:
    text = HEAD + "一、总体\n开展检查。落实责任。（市应急局牵头）组织演练。\n责任单位：市水务局\n"
    found = segment(text)
    assert [len(notes) for notes in found.notes] == [1, 1, 1]


def test_a_document_without_run_in_headings_keeps_its_short_tasks() -> None:
    """Most items open with a task; a short first sentence is a heading only if it names a topic."""
    items = [
        "1、6月底前完成30家企业检查，新建2处站点。落实责任。",
        "2、开展检查，落实责任，做好整改。加强宣传。",
        "3、印发《安全办法》。组织培训5次。",
        "4、做好复学保障。开展消杀。",
    ]
    text = HEAD + "一、总体\n" + "\n".join(items)
    assert [h for level, _, h in headings(text) if level == 3] == ["", "", "", "做好复学保障。"]
    assert len(measures(text)) == 7
