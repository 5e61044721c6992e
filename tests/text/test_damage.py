"""Mojibake and traditional characters: what is repaired, what is only said, and that nothing else is touched."""

from __future__ import annotations

import opencc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import yaodian
from conftest import CORPORA
from yaodian.mojibake import repair
from yaodian.readers import Document, Place, cleaned
from yaodian.traditional import is_traditional, simplified

TEXTS = [path.read_bytes().decode("utf-8") for path in sorted((CORPORA / "texts").glob("*.txt"))[:8]]
TO_TRADITIONAL = opencc.OpenCC("s2t")


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize(
    ("meant", "taken"),
    [
        ("utf-8", "latin-1"),
        ("utf-8", "sloppy-windows-1252"),
        ("gb18030", "latin-1"),
        ("gb18030", "sloppy-windows-1252"),
    ],
)
def test_what_lost_nothing_is_repaired_whole(text: str, meant: str, taken: str) -> None:
    import ftfy.bad_codecs  # noqa: F401

    found = repair(text.encode(meant).decode(taken))
    assert found is not None
    assert found.text == text
    assert found.lost == 0


def test_traditional_text_taken_for_gbk_is_repaired() -> None:
    text = "市應急管理局關於印發工作要點的通知\n一、加強風險防控工作\n"
    found = repair(text.encode("big5").decode("gb18030"))
    assert found is not None
    assert found.text == text


@pytest.mark.parametrize("text", TEXTS)
def test_sound_text_is_left_alone(text: str) -> None:
    assert repair(text) is None
    assert repair(TO_TRADITIONAL.convert(text)) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ok",
        "Plan 2023 à la carte – résumé",
        "罕见字：龘靐齉爩鱻麤",
        "㐀㐁㐂㐃㐄㐅",
        "😀😀😀😀",
        "Привет, мир",
        "ロシア語とカタカナ",
    ],
)
def test_other_writing_is_no_damage(text: str) -> None:
    found = repair(text)
    assert found is None or found.text == text


def test_only_the_damaged_lines_are_touched() -> None:
    sound = "一、加强风险防控\n" * 3
    damaged = "市应急管理局组织开展执法检查\n".encode().decode("latin-1")
    found = repair(damaged * 9 + sound)
    assert found is not None
    assert found.text == "市应急管理局组织开展执法检查\n" * 9 + sound
    assert found.repaired == 9


def test_what_is_lost_is_counted_not_guessed() -> None:
    text = "加强锟斤拷锟斤拷管理，落实\ufffd\ufffd责任\n"
    found = repair(text)
    assert found is not None
    assert (found.text, found.lost, found.repaired) == (text, 2, 0)


@given(st.text(max_size=200))
@settings(max_examples=300, deadline=None)
def test_repair_never_raises_and_keeps_the_number_of_lines(text: str) -> None:
    found = repair(text)
    if found:
        assert "".join(found.source) == text
        assert len(found.lines) == len(found.source)


def test_places_follow_the_repair() -> None:
    lines = ["市应急管理局开展检查", "ok", "修订应急预案和管理办法"]
    damaged = [line.encode().decode("latin-1") for line in lines]
    text, places, at = "", [], 0
    for number, line in enumerate(damaged, start=1):
        places.append(Place(at, at + len(line), 1, number))
        text += line + "\n"
        at = len(text)
    found = cleaned(Document(text=text, format="pdf", places=tuple(places)))
    assert [found.text[p.start : p.end] for p in found.places] == lines
    assert [notice.code for notice in found.notices] == ["mojibake_repaired"]


@pytest.mark.parametrize("text", TEXTS)
def test_traditional_text_is_tagged_as_simplified_at_its_own_offsets(text: str) -> None:
    traditional = TO_TRADITIONAL.convert(text)
    if len(traditional) != len(text):
        pytest.skip("the converter to traditional changed the length")
    here, there = yaodian.extract(text), yaodian.extract(traditional)
    assert [(e.type, e.start, e.end, e.attributes, e.canonical) for e in there.entities] == [
        (e.type, e.start, e.end, e.attributes, e.canonical) for e in here.entities
    ]
    assert [m.function for m in there.measures] == [m.function for m in here.measures]
    assert all(traditional[e.start : e.end] == e.text for e in there.entities)
    assert there.warnings[0].code == "traditional_characters"
    assert "traditional_characters" not in [w.code for w in here.warnings]


@given(st.text(alphabet=st.sampled_from("應急乾隆著作權裡面後門皇后髮發台檯，。\n1aé😀龘"), max_size=80))
@settings(max_examples=300, deadline=None)
def test_simplified_keeps_every_offset(text: str) -> None:
    assert len(simplified(text)) == len(text)


def test_a_quotation_does_not_make_a_text_traditional() -> None:
    assert not is_traditional(TEXTS[0] + "\n附：《應急管理條例》原件。")
