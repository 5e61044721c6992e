from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import pytest

from yaodian.errors import UnreadableError
from yaodian.readers.base import Peek
from yaodian.readers.pdf import PdfReader

reportlab = pytest.importorskip("reportlab")
from reportlab.lib.pdfencrypt import StandardEncryption  # noqa: E402
from reportlab.lib.utils import ImageReader  # noqa: E402
from reportlab.pdfbase import pdfmetrics  # noqa: E402
from reportlab.pdfbase.cidfonts import UnicodeCIDFont  # noqa: E402
from reportlab.pdfgen.canvas import Canvas  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable

SONG = "STSong-Light"
pdfmetrics.registerFont(UnicodeCIDFont(SONG))

TITLE = "某某市应急管理局2023年工作要点"
PLAN = [
    "一、加强安全生产监管",
    "为深入贯彻落实市委、市政府关于安全生产的决策部署，进一步加强应急管理体系和能力建设，结合我市实际，制定本要点，请各单位遵照执行。",
    "（一）开展重点行业领域专项整治，年底前完成全市128家危险化学品企业的安全评估，整改率达到95%以上。",
    "（二）推进森林防火能力建设，配备扑火机具300台（套），组建20支半专业队伍，提前2小时发布预警信息。",
    "1.完善应急预案体系，修订《某某市突发事件总体应急预案》，全年组织综合演练不少于4次，参演人数不少于2000人。",
    "二、健全应急救援体系",
    "各县（区）应急管理部门要切实提高政治站位，压实工作责任，细化工作措施，确保各项任务落到实处、取得实效。",
]


class Pages:
    """A reportlab canvas that sets Chinese paragraphs as an office program does: 16 points, indented, 28 a line."""

    def __init__(self, *, columns: int = 28, size: float = 16, leading: float = 28, **options: object) -> None:
        self.buffer = BytesIO()
        self.canvas = Canvas(self.buffer, pagesize=(595, 842), invariant=1, **options)
        self.columns, self.size, self.leading = columns, size, leading
        self.x, self.y, self.bottom = 72.0, 760.0, 80.0
        self.number = 1
        self.furniture: Callable[[Pages], None] = lambda _: None

    def put(self, x: float, y: float, text: str, size: float | None = None, font: str = SONG) -> None:
        self.canvas.setFont(font, size or self.size)
        self.canvas.drawString(x, y, text)

    def line(self, text: str, *, indent: int = 0, size: float | None = None) -> None:
        if self.y < self.bottom:
            self.page()
        self.put(self.x + indent * self.size, self.y, text, size)
        self.y -= self.leading

    def paragraph(self, text: str, *, indent: int = 2) -> None:
        for i, line in enumerate(wrapped(text, self.columns, self.size, indent)):
            self.line(line, indent=0 if i else indent)

    def centred(self, text: str, y: float | None = None, size: float = 22) -> None:
        width = pdfmetrics.stringWidth(text, SONG, size)
        self.put(297.5 - width / 2, self.y if y is None else y, text, size)
        if y is None:
            self.y -= 2 * self.leading

    def page(self) -> None:
        self.furniture(self)
        self.canvas.showPage()
        self.number += 1
        self.y = 760.0

    def data(self) -> bytes:
        self.furniture(self)
        self.canvas.save()
        return self.buffer.getvalue()


def wrapped(text: str, columns: int, size: float, indent: int) -> list[str]:
    lines, room = [""], (columns - indent) * size
    for char in text:
        over = pdfmetrics.stringWidth(lines[-1] + char, SONG, size) > room + 0.1
        if over and char not in "，。；、）》":
            lines.append("")
            room = columns * size
        lines[-1] += char
    return lines


def read(data: bytes) -> str:
    return PdfReader().read(data, name="要点.pdf").text


def text_of(paragraphs: list[str]) -> str:
    return "".join(paragraph + "\n" for paragraph in paragraphs)


def test_paragraphs_come_back_as_they_were_set() -> None:
    pages = Pages()
    pages.centred(TITLE)
    for paragraph in PLAN:
        pages.paragraph(paragraph)
    assert read(pages.data()) == text_of([TITLE, *PLAN])


def test_paragraphs_without_indent_are_told_by_room_and_numbers() -> None:
    pages = Pages()
    for paragraph in PLAN:
        pages.paragraph(paragraph, indent=0)
    assert read(pages.data()) == text_of(PLAN)


def test_hanging_lines_belong_to_their_number() -> None:
    pages = Pages(columns=24)
    for paragraph in PLAN:
        for i, line in enumerate(wrapped(paragraph, 24, 16, 0)):
            pages.line(line, indent=3 if i else 0)
    numbered = [paragraph for paragraph in PLAN if paragraph[0] in "一二（1"]
    assert [line for line in read(pages.data()).splitlines() if line[0] in "一二（1"] == numbered


PAGE_NUMBERS = ["— {} —", "第{}页 共10页", "- {} -", "{}", "第 {} 页", "{}/10", "Page {} of 10", "－{}－"]


@pytest.mark.parametrize("form", PAGE_NUMBERS)
@pytest.mark.parametrize("alternating", [False, True], ids=["every page", "odd and even"])
def test_a_paragraph_goes_on_over_the_page_without_furniture(form: str, alternating: bool) -> None:
    def furniture(pages: Pages) -> None:
        head = "某某市应急管理局文件" if not alternating or pages.number % 2 else f"{TITLE}（第{pages.number}版）"
        pages.put(72, 800, head, 9)
        x = 280 if not alternating or pages.number % 2 else 100
        pages.put(x, 40, form.format(pages.number), 10)

    pages = Pages()
    pages.furniture = furniture
    bodies = [paragraph.lstrip("一二（）、1.") for paragraph in PLAN[1:5]]
    plan = [f"（{n}）{n * i}处{bodies[i % 4]}" for i, n in enumerate("一二三四五六七八九十" * 3)]
    for paragraph in plan:
        pages.paragraph(paragraph)
    data = pages.data()
    assert pages.number >= 2
    assert read(data) == text_of(plan)


def test_a_heading_that_repeats_in_the_body_stays() -> None:
    pages = Pages()
    for n in range(3):
        pages.y = 760 - 10 * n
        pages.paragraph("工作任务")
        pages.paragraph(PLAN[1])
        pages.page()
    pages.paragraph(PLAN[5])
    assert read(pages.data()) == text_of(["工作任务", PLAN[1]] * 3 + [PLAN[5]])


def test_places_name_page_and_line() -> None:
    pages = Pages()
    pages.furniture = lambda p: p.put(280, 40, f"— {p.number} —", 10)
    pages.centred(TITLE)
    pages.paragraph(PLAN[1])
    pages.page()
    pages.paragraph(PLAN[5])
    document = PdfReader().read(pages.data(), name="要点.pdf")
    assert [(document.text[p.start : p.end], p.page, p.line) for p in document.places] == [
        (TITLE, 1, 1),
        (PLAN[1], 1, 2),
        (PLAN[5], 2, 1),
    ]


def test_two_columns_are_read_one_after_the_other() -> None:
    pages = Pages(columns=17, size=12, leading=20)
    pages.centred(TITLE)
    top = pages.y
    for x, half in ((72.0, PLAN[:4]), (72.0 + 19 * 12, PLAN[4:])):
        pages.x, pages.y = x, top
        for paragraph in half:
            pages.paragraph(paragraph)
    assert read(pages.data()) == text_of([TITLE, *PLAN])


def test_a_paragraph_goes_on_in_the_next_column() -> None:
    pages = Pages(columns=17, size=12, leading=20)
    pages.centred(TITLE)
    top = pages.y
    lines = [(line, 0 if i else 2) for p in PLAN for i, line in enumerate(wrapped(p, 17, 12, 2))]
    middle = next(i for i in range(len(lines) // 2, len(lines)) if not lines[i][1])
    for x, half in ((72.0, lines[:middle]), (72.0 + 19 * 12, lines[middle:])):
        pages.x, pages.y = x, top
        for line, indent in half:
            pages.line(line, indent=indent)
    assert read(pages.data()) == text_of([TITLE, *PLAN])


def test_labels_and_values_side_by_side_are_no_columns() -> None:
    pages = Pages()
    for n in range(8):
        pages.put(72, pages.y, f"任务{n}")
        pages.put(400, pages.y, f"责任处室{n}")
        pages.y -= 28
    assert read(pages.data()) == text_of([f"任务{n} 责任处室{n}" for n in range(8)])


TABLE = [
    ["序号", "工作任务", "责任单位"],
    ["1", "开展危险化学品企业安全评估，年底前全部完成", "危化处"],
    ["2", "修订应急预案 GB 3836", "应急处"],
]


def grid(pages: Pages, ys: list[float], xs: list[float], *, bars: bool) -> None:
    for y in ys:
        if bars:
            pages.canvas.rect(xs[0], y, xs[-1] - xs[0], 0.5, fill=1, stroke=0)
        else:
            pages.canvas.line(xs[0], y, xs[-1], y)
    for x in xs:
        if bars:
            pages.canvas.rect(x, ys[-1], 0.5, ys[0] - ys[-1], fill=1, stroke=0)
        else:
            pages.canvas.line(x, ys[0], x, ys[-1])


@pytest.mark.parametrize("bars", [False, True], ids=["drawn lines", "filled bars"])
def test_a_ruled_table_is_a_line_a_row(bars: bool) -> None:
    pages = Pages(size=12)
    pages.paragraph(PLAN[0])
    xs, ys = [72.0, 110.0, 260.0, 340.0], [700.0, 670.0, 620.0, 590.0]
    grid(pages, ys, xs, bars=bars)
    for row, top in zip(TABLE, ys, strict=False):
        for cell, x in zip(row, xs, strict=False):
            for i in range(0, len(cell), 12):
                pages.put(x + 3, top - 16 - 16 * (i // 12), cell[i : i + 12])
    pages.y = 550
    pages.paragraph(PLAN[5])
    assert read(pages.data()) == text_of([PLAN[0], *map("\t".join, TABLE), PLAN[5]])


def test_a_merged_cell_stands_once() -> None:
    pages = Pages(size=12)
    for y, x in ((700, 72), (670, 150), (640, 72)):
        pages.canvas.line(x, y, 300, y)
    for x in (72, 150, 300):
        pages.canvas.line(x, 700, x, 640)
    pages.put(80, 668, "危化处")
    pages.put(160, 682, "安全评估")
    pages.put(160, 652, "隐患整改")
    assert read(pages.data()) == "危化处\t安全评估\n隐患整改\n"


def test_a_frame_round_text_is_no_table() -> None:
    pages = Pages()
    pages.canvas.rect(60, 560, 480, 220)
    for paragraph in PLAN[:3]:
        pages.paragraph(paragraph)
    assert read(pages.data()) == text_of(PLAN[:3])


def test_watermarks_and_imitated_bold_leave_no_trace() -> None:
    pages = Pages()
    pages.canvas.saveState()
    pages.canvas.translate(150, 300)
    pages.canvas.rotate(45)
    pages.put(0, 0, "内部资料 严禁外传", 40)
    pages.canvas.restoreState()
    y = pages.y
    pages.paragraph(PLAN[0])
    pages.put(pages.x + 32.4, y, PLAN[0])
    pages.paragraph(PLAN[1])
    assert read(pages.data()) == text_of(PLAN[:2])


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_set_sideways_is_read_upright(turn: int) -> None:
    # PDFium leaves out rotated text without a glyph of known height: without a Chinese font, a line needs a figure.
    lines = [f"（{n}）{i}月底前完成第{i}批隐患整改" for i, n in enumerate("一二三四五六七八", 1)]
    pages = Pages(size=12, leading=20)
    pages.canvas.translate(297, 421)
    pages.canvas.rotate(turn)
    pages.canvas.translate(-240, -680)
    for line in lines:
        pages.line(line)
    assert read(pages.data()) == text_of(lines)


CHARACTERS = [
    ("⼯作⽅案", "工作方案", "Kangxi radicals"),
    ("⻓期⻛险⻔类", "长期风险门类", "radicals supplement"),
    ("⺠⽣", "民生", "both"),
    ("〇一二三", "〇一二三", "ordinary ones stay"),
    ("（％）：２０２３年①Ⅲ", "（％）：２０２３年①Ⅲ", "full-width and circled ones stay"),
]


@pytest.mark.parametrize(("put", "expected"), [pytest.param(*c[:2], id=c[2]) for c in CHARACTERS])
def test_compatibility_characters(put: str, expected: str) -> None:
    pages = Pages()
    pages.put(72, 700, put)
    assert read(pages.data()) == expected + "\n"


def test_blanks_between_latin_words_only() -> None:
    pages = Pages(columns=20)
    for i, line in enumerate(["按照ISO 45001和COVID-", "19 emergency response", "plan要求做好安全生产和应急管"]):
        pages.put(72, 700 - 28 * i, line)
    pages.put(72, 700 - 28 * 3, "理工作。")
    text = read(pages.data())
    assert text.replace("\n", "") in {
        "按照ISO 45001和COVID-19 emergency response plan要求做好安全生产和应急管理工作。",
        "按照ISO 45001和COVID-19 emergency responseplan要求做好安全生产和应急管理工作。",
    }


def test_glyphs_without_a_character_are_reported() -> None:
    pages = Pages()
    pages.paragraph(PLAN[0])
    pages.page()
    pages.paragraph("落实\ue123\ue456责任")
    document = PdfReader().read(pages.data(), name="要点.pdf")
    assert document.text == text_of([PLAN[0], "落实\ufffd\ufffd责任"])
    (notice,) = document.notices
    assert notice.code == "unreadable_glyphs"
    assert notice.message == "2 glyphs on page 2 have no character in the file"
    assert document.text[notice.start : notice.end] == "\ufffd"


def picture(pages: Pages) -> None:
    pillow = pytest.importorskip("PIL.Image")
    pages.canvas.drawImage(ImageReader(pillow.new("L", (60, 84), 200)), 0, 0, 595, 842)


def test_scanned_pages_among_others_are_named() -> None:
    pages = Pages()
    pages.paragraph(PLAN[0])
    for _ in range(2):
        pages.page()
        picture(pages)
    pages.page()
    pages.paragraph(PLAN[5])
    document = PdfReader().read(pages.data(), name="要点.pdf")
    assert document.text == text_of([PLAN[0], PLAN[5]])
    assert [(n.code, n.message) for n in document.notices] == [
        ("pages_without_text", "pages 2, 3: pictures without a text layer")
    ]


def test_a_picture_with_a_text_layer_is_read() -> None:
    pages = Pages()
    picture(pages)
    text = pages.canvas.beginText(72, 700)
    text.setFont(SONG, 16)
    text.setTextRenderMode(3)
    text.textLine(PLAN[1][:28])
    pages.canvas.drawText(text)
    assert read(pages.data()) == PLAN[1][:28] + "\n"


def scanned(mark: str) -> bytes:
    pages = Pages()
    for _ in range(2):
        picture(pages)
        pages.put(400, 20, mark, 9)
        pages.page()
    picture(pages)
    return pages.data()


def locked(user: str) -> bytes:
    pages = Pages(encrypt=StandardEncryption(user, ownerPassword="owner", canCopy=0))
    pages.paragraph(PLAN[0])
    return pages.data()


def blank() -> bytes:
    pages = Pages()
    pages.page()
    return pages.data()


FAULTS = [
    ("encrypted", lambda: locked("secret")),
    ("scanned", lambda: scanned("")),
    ("scanned", lambda: scanned("扫描全能王 创建")),
    ("empty", blank),
    ("broken", lambda: b"%PDF-1.7\n" + bytes(500)),
    ("broken", lambda: b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF"),
]


@pytest.mark.parametrize(("reason", "make"), FAULTS, ids=[f"{i} {f[0]}" for i, f in enumerate(FAULTS)])
def test_what_cannot_be_read_says_why(reason: str, make: Callable[[], bytes]) -> None:
    with pytest.raises(UnreadableError) as caught:
        read(make())
    assert caught.value.reason == reason
    assert str(caught.value).startswith("要点.pdf: ")
    assert "\n" not in str(caught.value)


def test_an_owner_password_does_not_hinder_reading() -> None:
    assert read(locked("")) == PLAN[0] + "\n"


def test_a_file_cut_off_gives_its_text_or_broken() -> None:
    pages = Pages()
    pages.paragraph(PLAN[0])
    data = pages.data()
    for length in range(0, len(data), 97):
        try:
            text = read(data[:length])
        except UnreadableError as error:
            assert error.reason in {"broken", "empty"}  # noqa: PT017
        else:
            assert text == PLAN[0] + "\n"


def test_properties_are_kept_beside_the_text() -> None:
    pages = Pages()
    pages.canvas.setTitle("工作要点")
    pages.canvas.setAuthor("办公室")
    pages.paragraph(PLAN[0])
    document = PdfReader().read(pages.data(), name="要点.pdf")
    assert document.extra == {"title": "工作要点", "author": "办公室", "created": "2000-01-01T00:00:00"}
    assert document.metadata == {}


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"%PDF-1.4", True),
        (b"\n" * 1000 + b"%PDF-1.4", True),
        (b" " * 1024 + b"%PDF-1.4", False),
        (b"PK\x03\x04", False),
    ],
)
def test_pdf_is_told_by_its_mark(head: bytes, expected: bool) -> None:
    assert PdfReader().matches(Peek.of_bytes(head, "x")) is expected


def test_what_stands_before_the_mark_is_passed_over() -> None:
    pages = Pages()
    pages.paragraph(PLAN[0])
    assert read(b"\r\n" * 100 + pages.data()) == PLAN[0] + "\n"
