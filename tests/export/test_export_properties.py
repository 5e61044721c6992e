"""Rules for cells of CSV and Excel hold for any text."""

from __future__ import annotations

import csv
import io
import math
import re
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from yaodian.export import COLUMNS, Extracted, open_exporters, xlsx
from yaodian.export.cells import cell, from_csv, to_csv, undo

if TYPE_CHECKING:
    from pathlib import Path

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
HOSTILE = st.lists(st.sampled_from(list("'=+-@＝＋－＠\t\r\n\"<>&;,_x0041_5.%汉🚒\x00\x0b")), max_size=8).map("".join)
STRINGS = TEXT | HOSTILE


@given(STRINGS)
@example("'=")
@example("''-1+1")
@example("-5%")
def test_a_disarmed_text_can_be_had_back(text: str) -> None:
    assert undo(cell(text)) == text


@given(STRINGS)
@example("-2+3+cmd|' /C calc'!A0")
def test_no_cell_begins_like_a_formula(text: str) -> None:
    made = cell(text)
    assert not re.match(r"[=+@\t\r＝＋－＠].", made, re.DOTALL)
    if made.startswith("-") and len(made) > 1:
        assert re.fullmatch(r"-[\d.,]+[%‰℃]?", made)


@given(st.lists(STRINGS, min_size=1, max_size=5))
def test_csv_gives_texts_back(texts: list[str]) -> None:
    file = io.StringIO(newline="")
    csv.writer(file).writerow([cell(text) for text in ["x", *texts]])
    (row,) = csv.reader(io.StringIO(file.getvalue(), newline=""))
    assert [undo(text) for text in row[1:]] == texts


@given(st.floats() | st.integers() | st.booleans() | st.none())
def test_csv_gives_numbers_back(value: float | None) -> None:
    made = cell(value)
    if isinstance(value, float):
        assert float(str(made)) == value or math.isnan(value)
        assert not str(made).endswith(".0")
    else:
        assert made is value


def expected(text: str) -> str:
    text = re.sub("\r\n?", "\n", text)
    return "".join("\ufffd" if c in "\ufffe\uffff" or (c < " " and c not in "\n\t") else c for c in text)


@given(STRINGS)
@example("<r>x</r>")
def test_excel_keeps_what_xml_can_hold(text: str) -> None:
    made, note = xlsx.cell(text)
    if not (made.startswith("<r>") and text.endswith("</r>")):
        assert made == expected(text)
    assert (note is None) == (made == re.sub("\r\n?", "\n", text))


@given(st.integers(0, 40_000), st.integers(0, 40_000), st.booleans())
@example(0, 16_384, True)
def test_a_cell_of_excel_is_within_its_limit_and_cut_between_characters(wide: int, plain: int, first: bool) -> None:
    text = "🚒" * wide + "x" * plain if first else "x" * plain + "🚒" * wide
    made, note = xlsx.cell(text)
    assert len(made.encode("utf-16-le")) // 2 <= xlsx.MAX_UNITS
    if 2 * wide + plain <= xlsx.MAX_UNITS:
        assert (made, note) == (text, None)
    else:
        assert note
        assert made.endswith(xlsx.CUT)
        assert text.startswith(made.removesuffix(xlsx.CUT))
        assert len(made.encode("utf-16-le")) // 2 >= xlsx.MAX_UNITS - 1


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(STRINGS, min_size=1, max_size=30))
def test_a_workbook_gives_its_texts_back(tmp_path: Path, texts: list[str]) -> None:
    rows = [("d", "c", text or None, 1, 2) for text in texts]
    with open_exporters(["xlsx"], tmp_path) as book:
        book.write(Extracted("{}", {**{table: [] for table in COLUMNS}, "warnings": rows}))
    found = CalamineWorkbook.from_path(tmp_path / "results.xlsx").get_sheet_by_name("warnings").to_python()
    assert [row[2] for row in found[1:]] == [xlsx.cell(text)[0] for text in texts]


@given(
    st.lists(
        st.tuples(
            st.text(min_size=1),
            st.one_of(st.none(), st.integers(-(2**53), 2**53)),
            st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False)),
            st.one_of(st.none(), st.booleans()),
        )
    )
)
def test_rows_come_back_from_csv_text(rows: list[tuple[object, ...]]) -> None:
    found = from_csv(to_csv(rows), [str, int, float, bool])
    assert [tuple(row) for row in found] == rows
