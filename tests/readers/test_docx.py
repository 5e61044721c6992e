from __future__ import annotations

import zipfile
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

import docx
import pytest
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.ns import nsdecls
from docx.oxml.parser import parse_xml

from yaodian.errors import UnreadableError
from yaodian.readers.base import Peek
from yaodian.readers.docx import DocxReader

if TYPE_CHECKING:
    from collections.abc import Callable

W = nsdecls("w", "r", "wp", "a")
SPACES = (
    f'{W} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)
TITLE = "某某市应急管理局2023年工作要点"


def t(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def p(content: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{content}</w:p>"


def made(*blocks: str, numbering: str | None = None, styles: str = "", **parts: str) -> bytes:
    """A DOCX file with these blocks of XML in its body; `numbering` and further parts (footnotes …) as XML."""
    document = docx.Document()
    body = document.element.body
    for child in list(body):
        body.remove(child)
    for block in parse_xml(f"<w:body {SPACES}>{''.join(blocks)}</w:body>"):
        body.append(block)
    if numbering is not None:
        root = document.part.numbering_part.element
        for child in list(root):
            root.remove(child)
        for child in parse_xml(f"<w:numbering {W}>{numbering}</w:numbering>"):
            root.append(child)
    for style in parse_xml(f"<w:styles {W}>{styles}</w:styles>"):
        document.styles.element.append(style)
    for kind, xml in parts.items():
        uri = PackURI(f"/word/{kind}.xml")
        content_type = f"application/vnd.openxmlformats-officedocument.wordprocessingml.{kind}+xml"
        blob = f"<w:{kind} {W}>{xml}</w:{kind}>".encode()
        document.part.relate_to(
            Part(uri, content_type, blob, document.part.package), getattr(RELATIONSHIP_TYPE, kind.upper())
        )
    return saved(document)


def saved(document: Any) -> bytes:
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def read(data: bytes) -> list[str]:
    return DocxReader().read(data, name="要点.docx").text.splitlines()


INLINE = [
    (t("加强") + t("监管"), ["加强监管"], "runs"),
    (t("加强 ") + t(" 监管"), ["加强  监管"], "blanks are kept"),
    (f"<w:ins>{t('新增')}</w:ins>{t('任务')}", ["新增任务"], "an insertion is accepted"),
    (f"<w:del><w:r><w:delText>旧</w:delText></w:r></w:del>{t('任务')}", ["任务"], "a deletion is accepted"),
    (f"<w:moveFrom>{t('旧处')}</w:moveFrom><w:moveTo>{t('新处')}</w:moveTo>", ["新处"], "a move is accepted"),
    (f"<w:ins><w:del>{t('来去')}</w:del></w:ins>{t('任务')}", ["任务"], "inserted and deleted again"),
    (t("密", "<w:vanish/>") + t("公开"), ["公开"], "hidden text"),
    (t("公开", '<w:vanish w:val="0"/>'), ["公开"], "hidden switched off"),
    (t("密", '<w:rStyle w:val="Hide"/>') + t("公开"), ["公开"], "hidden through a style"),
    (t("甲") + "<w:r><w:br/></w:r>" + t("乙"), ["甲", "乙"], "a soft line break ends the line"),
    (t("甲") + '<w:r><w:br w:type="page"/></w:r>' + t("乙"), ["甲", "乙"], "so does a page break"),
    (t("甲") + "<w:r><w:tab/></w:r>" + t("乙"), ["甲\t乙"], "a tab"),
    (t("COVID") + "<w:r><w:noBreakHyphen/></w:r>" + t("19"), ["COVID-19"], "a no-break hyphen"),
    (t("应急") + "<w:r><w:softHyphen/></w:r>" + t("管理"), ["应急管理"], "an optional hyphen is not seen"),
    ('<w:r><w:sym w:font="Wingdings" w:char="F06C"/></w:r>' + t("重点"), ["●重点"], "a symbol"),
    ('<w:r><w:sym w:font="Symbol" w:char="F0B3"/></w:r>' + t("95%"), ["≥95%"], "a symbol of the font Symbol"),
    (f"<w:hyperlink>{t('网站')}</w:hyperlink>{t('公布')}", ["网站公布"], "a link"),
    (f"<w:sdt><w:sdtPr/><w:sdtContent>{t('控件')}</w:sdtContent></w:sdt>{t('后')}", ["控件后"], "a content control"),
    (f"<w:smartTag>{t('2023年')}</w:smartTag>", ["2023年"], "a smart tag"),
    (f'<w:fldSimple w:instr=" DATE ">{t("2023年1月5日")}</w:fldSimple>', ["2023年1月5日"], "a simple field"),
    (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> REF a </w:instrText></w:r>'
         '<w:r><w:fldChar w:fldCharType="begin"/></w:r>' + t("内层") + '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        + f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{t("第三条")}<w:r><w:fldChar w:fldCharType="end"/></w:r>{t("规定")}',
        ["第三条规定"],
        "a field's result, not its instruction",
    ),
    ('<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>', ["末段"], "an open field"),
    ('<w:r><w:commentReference w:id="1"/></w:r>' + t("正文"), ["正文"], "a comment"),
    (
        f"<w:r><w:ruby><w:rubyPr/><w:rt>{t('yìng')}</w:rt><w:rubyBase>{t('应')}</w:rubyBase></w:ruby></w:r>{t('急')}",
        ["应急"],
        "reading aids",
    ),
    ("<m:oMath><m:r><m:t>a+b</m:t></m:r></m:oMath>", ["a+b"], "a formula"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "expected"), [pytest.param(*c[:2], id=c[2]) for c in INLINE])
def test_what_stands_in_a_paragraph(content: str, expected: list[str]) -> None:
    hide = '<w:style w:type="character" w:styleId="Hide"><w:rPr><w:vanish/></w:rPr></w:style>'
    expected = expected if expected == ["末段"] else [*expected, "末段"]
    assert read(made(p(content), p(t("末段")), styles=hide)) == expected


GONE = "<w:rPr><w:del/></w:rPr>"
HIDDEN = "<w:rPr><w:vanish/></w:rPr>"
CONTROL = "<w:sdt><w:sdtPr/><w:sdtContent>{}</w:sdtContent></w:sdt>"
BLOCKS = [
    ([p(t("甲")), p(""), p(t("乙"))], ["甲", "乙"], "empty paragraphs leave no line"),
    ([p(t("甲"), GONE), p(t("乙"))], ["甲乙"], "a deleted paragraph mark joins"),
    ([p(t("甲"), HIDDEN), p(t("乙"))], ["甲乙"], "a hidden paragraph mark joins"),
    ([p(t("甲"), GONE)], ["甲"], "a deleted mark at the end"),
    ([CONTROL.format(p(t("甲")) + p(t("乙"))), p(t("丙"))], ["甲", "乙", "丙"], "paragraphs in a content control"),
    ([CONTROL.format(CONTROL.format(p(t("甲"))))], ["甲"], "controls in each other"),
    ([f"<w:ins>{p(t('甲'))}</w:ins>", f"<w:customXml>{p(t('乙'))}</w:customXml>"], ["甲", "乙"], "wrapped paragraphs"),
    ([p(t("甲")), "<w:sectPr/>"], ["甲"], "a section's end"),
]


@pytest.mark.parametrize(("blocks", "expected"), [pytest.param(*c[:2], id=c[2]) for c in BLOCKS])
def test_order_of_blocks(blocks: list[str], expected: list[str]) -> None:
    assert read(made(*blocks)) == expected


def box(text: str) -> str:
    shape = f"<wps:wsp><wps:txbx><w:txbxContent>{text}</w:txbxContent></wps:txbx></wps:wsp>"
    old = f"<w:pict><v:shape><v:textbox><w:txbxContent>{text}</w:txbxContent></v:textbox></v:shape></w:pict>"
    return (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:inline><a:graphic><a:graphicData uri="u">'
        f"{shape}</a:graphicData></a:graphic></wp:inline></w:drawing></mc:Choice><mc:Fallback>{old}</mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )


def test_a_text_box_stands_once_after_its_paragraph() -> None:
    inner = p(t("框中一")) + p(t("框中二"))
    assert read(made(p(t("锚") + box(inner) + t("点")), p(t("后")))) == ["锚点", "框中一", "框中二", "后"]


def test_an_old_text_box_is_read() -> None:
    old = f"<w:r><w:pict><v:shape><v:textbox><w:txbxContent>{p(t('框'))}</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
    assert read(made(p(t("锚") + old))) == ["锚", "框"]


def cell(content: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>"


def tbl(*rows: list[str], first: str = "") -> str:
    made_rows = "".join(f"<w:tr>{first if not i else ''}{''.join(row)}</w:tr>" for i, row in enumerate(rows))
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{made_rows}</w:tbl>"


A, B = cell(p(t("甲"))), cell(p(t("乙")))
TABLES = [
    (tbl([A, B], [B, A]), ["甲\t乙", "乙\t甲"], "a line a row"),
    (tbl([cell(p(t("一")) + p(t("二"))), B]), ["一 二\t乙"], "paragraphs in a cell"),
    (tbl([cell(p(t("一") + "<w:r><w:br/></w:r>" + t("二"))), B]), ["一 二\t乙"], "line breaks in a cell"),
    (tbl([cell(p(t("一") + "<w:r><w:tab/></w:r>" + t("二"))), B]), ["一 二\t乙"], "tabs in a cell"),
    (tbl([cell(p(t("宽")), '<w:gridSpan w:val="2"/>'), B]), ["宽\t乙"], "a cell over columns"),
    (
        tbl([A, cell(p(t("高")), '<w:vMerge w:val="restart"/>'), B], [A, cell(p(t("高")), "<w:vMerge/>"), B]),
        ["甲\t高\t乙", "甲\t\t乙"],
        "a cell over rows",
    ),
    (tbl([A, cell(p("")), B]), ["甲\t\t乙"], "an empty cell keeps its place"),
    (tbl([A, cell(tbl([B, A]) + p(""))]), ["甲", "乙\t甲"], "a table in a cell follows the row"),
    (tbl([cell(p(t("一、总则")) + p(t("二、任务")))]), ["一、总则", "二、任务"], "a frame is no table"),
    (tbl([A, B], [B, A], first="<w:trPr><w:del/></w:trPr>"), ["乙\t甲"], "a deleted row"),
    (tbl([CONTROL.format(A), B]), ["甲\t乙"], "a cell in a content control"),
]


@pytest.mark.parametrize(("table", "expected"), [pytest.param(*c[:2], id=c[2]) for c in TABLES])
def test_tables(table: str, expected: list[str]) -> None:
    assert read(made(p(t("前")), table, p(t("后")))) == ["前", *expected, "后"]


def test_a_table_made_by_the_library() -> None:
    document = docx.Document()
    document.add_paragraph(TITLE)
    table = document.add_table(rows=3, cols=3)
    for i, row in enumerate(table.rows):
        for j, found in enumerate(row.cells):
            found.text = f"{i}{j}"
    table.cell(0, 0).merge(table.cell(0, 1))
    table.cell(1, 2).merge(table.cell(2, 2))
    assert read(saved(document)) == [TITLE, "00 01\t02", "10\t11\t12 22", "20\t21"]


def lvl(number: int, form: str, text: str, more: str = "", start: int = 1) -> str:
    return (
        f'<w:lvl w:ilvl="{number}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/>{more}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


def abstract(number: int, *levels: str) -> str:
    return f'<w:abstractNum w:abstractNumId="{number}">{"".join(levels)}</w:abstractNum>'


def num(number: int, of: int, override: str = "") -> str:
    return f'<w:num w:numId="{number}"><w:abstractNumId w:val="{of}"/>{override}</w:num>'


def item(text: str, number: int, level: int = 0) -> str:
    return p(t(text), f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')


PLAN = abstract(
    0,
    lvl(0, "chineseCounting", "%1、"),
    lvl(1, "chineseCounting", "（%2）"),
    lvl(2, "decimal", "%3."),
    lvl(3, "decimalEnclosedCircle", "%4"),
)
FORMS = [
    ("decimal", 11, "11"),
    ("chineseCounting", 10, "十"),
    ("chineseCounting", 21, "二十一"),
    ("chineseCounting", 101, "一〇一"),
    ("chineseCountingThousand", 11, "十一"),
    ("chineseCountingThousand", 110, "一百一十"),
    ("japaneseCounting", 12, "十二"),
    ("japaneseCounting", 112, "百十二"),
    ("ideographDigital", 10, "一〇"),
    ("chineseLegalSimplified", 15, "壹拾伍"),
    ("decimalFullWidth", 12, "１２"),
    ("decimalEnclosedCircle", 20, "⑳"),
    ("decimalEnclosedCircle", 21, "21"),
    ("decimalEnclosedCircleChinese", 3, "③"),
    ("upperRoman", 14, "XIV"),
    ("lowerRoman", 9, "ix"),
    ("upperLetter", 27, "AA"),
    ("lowerLetter", 2, "b"),
    ("ideographTraditional", 3, "丙"),
    ("decimalZero", 7, "07"),
    ("none", 7, ""),
    ("unheardOf", 7, "7"),
]


@pytest.mark.parametrize(("form", "start", "expected"), FORMS, ids=[f"{f[0]} {f[1]}" for f in FORMS])
def test_forms_of_numbers(form: str, start: int, expected: str) -> None:
    numbering = abstract(0, lvl(0, form, "第%1章", start=start)) + num(1, 0)
    assert read(made(item("总则", 1), numbering=numbering)) == [f"第{expected}章 总则"]


def test_levels_count_and_restart() -> None:
    levels = [0, 1, 2, 2, 3, 1, 2, 0, 1]
    assert read(made(*(item("任务", 1, level) for level in levels), numbering=PLAN + num(1, 0))) == [
        "一、任务", "（一）任务", "1.任务", "2.任务", "①任务", "（二）任务", "1.任务", "二、任务", "（一）任务",
    ]  # fmt: skip


LISTS = [
    (num(1, 0) + num(2, 0), [(1, 0), (1, 0), (2, 0)], ["一、", "二、", "三、"], "lists of one kind count on"),
    (
        num(1, 0) + num(2, 0, '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'),
        [(1, 0), (1, 0), (2, 0), (2, 0)],
        ["一、", "二、", "一、", "二、"],
        "a start of its own",
    ),
    (
        num(1, 0) + num(2, 0, f'<w:lvlOverride w:ilvl="0">{lvl(0, "decimal", "%1)")}</w:lvlOverride>'),
        [(1, 0), (2, 0)],
        ["一、", "2)"],
        "a level of its own",
    ),
    (num(1, 7), [(1, 0)], [""], "a list without a definition"),
    (num(1, 0), [(0, 0), (9, 0), (1, 8)], ["", "", ""], "no list, unknown list, unknown level"),
]


@pytest.mark.parametrize(("nums", "items", "labels"), [pytest.param(*c[:3], id=c[3]) for c in LISTS])
def test_lists(nums: str, items: list[tuple[int, int]], labels: list[str]) -> None:
    found = read(made(*(item("任务", number, level) for number, level in items), numbering=PLAN + nums))
    assert found == [label + "任务" for label in labels]


LEVELS = [
    ([lvl(0, "decimal", "%1"), lvl(1, "decimal", "%1.%2")], [0, 1, 1], ["1 甲", "1.1 甲", "1.2 甲"], "joined numbers"),
    (
        [lvl(0, "chineseCounting", "第%1章"), lvl(1, "decimal", "%1.%2", "<w:isLgl/>")],
        [0, 1],
        ["第一章 甲", "1.1 甲"],
        "figures for all levels",
    ),
    (
        [lvl(0, "decimal", "%1."), lvl(1, "decimal", "（%2）", '<w:lvlRestart w:val="0"/>')],
        [0, 1, 0, 1],
        ["1.甲", "（1）甲", "2.甲", "（2）甲"],
        "never restarts",
    ),
    (
        [lvl(0, "decimal", "%1."), lvl(1, "decimal", "（%2）"), lvl(2, "lowerLetter", "%3)", '<w:lvlRestart w:val="1"/>')],
        [0, 1, 2, 1, 2, 0, 1, 2],
        ["1.甲", "（1）甲", "a)甲", "（2）甲", "b)甲", "2.甲", "（1）甲", "a)甲"],
        "restarts after the first level only",
    ),
    ([lvl(0, "bullet", "\uf06c")], [0, 0], ["●甲", "●甲"], "bullets of a symbol font"),
    ([lvl(0, "decimal", "")], [0], ["甲"], "nothing printed"),
    ([lvl(0, "decimal", "第%1条", '<w:suff w:val="nothing"/>')], [0], ["第1条甲"], "nothing between"),
    ([lvl(0, "decimal", "%1."), lvl(1, "decimal", "%1.%2")], [1, 0], ["1.1 甲", "2.甲"], "a level passed over"),
]  # fmt: skip


@pytest.mark.parametrize(("levels", "items", "expected"), [pytest.param(*c[:3], id=c[3]) for c in LEVELS])
def test_labels(levels: list[str], items: list[int], expected: list[str]) -> None:
    numbering = abstract(0, *levels) + num(1, 0)
    assert read(made(*(item("甲", 1, level) for level in items), numbering=numbering)) == expected


def test_a_number_before_a_year_is_set_off() -> None:
    numbering = abstract(0, lvl(0, "decimal", "%1.")) + num(1, 0)
    assert read(made(item("2023年底前完成", 1), numbering=numbering)) == ["1. 2023年底前完成"]


def test_numbers_through_styles() -> None:
    style = '<w:style w:type="paragraph" w:styleId="{0}">{1}<w:pPr>{2}</w:pPr></w:style>'
    styles = (
        style.format("Chapter", "", '<w:numPr><w:numId w:val="1"/></w:numPr>')
        + style.format("Part", "", '<w:numPr><w:numId w:val="1"/></w:numPr>')
        + style.format("Bold", '<w:basedOn w:val="Part"/>', "")
    )
    linked = abstract(
        0,
        lvl(0, "chineseCounting", "%1、", '<w:pStyle w:val="Chapter"/>'),
        lvl(1, "chineseCounting", "（%2）", '<w:pStyle w:val="Part"/>'),
    )
    blocks = [p(t("甲"), f'<w:pStyle w:val="{name}"/>') for name in ("Chapter", "Part", "Bold", "Chapter")]
    plain = p(t("无"), '<w:pStyle w:val="Chapter"/><w:numPr><w:numId w:val="0"/></w:numPr>')
    found = read(made(*blocks, plain, numbering=linked + num(1, 0), styles=styles))
    assert found == ["一、甲", "（一）甲", "（二）甲", "二、甲", "无"]


def test_a_list_given_by_a_numbering_style() -> None:
    styles = '<w:style w:type="numbering" w:styleId="Outline"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    link = '<w:abstractNum w:abstractNumId="1"><w:numStyleLink w:val="Outline"/></w:abstractNum>'
    data = made(item("甲", 2), item("乙", 2), numbering=PLAN + link + num(1, 0) + num(2, 1), styles=styles)
    assert read(data) == ["一、甲", "二、乙"]


def test_deleted_and_hidden_paragraphs_are_not_counted() -> None:
    properties = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    gone = p(f"<w:del>{t('删')}</w:del>", properties + GONE)
    hidden = p(t("隐", "<w:vanish/>"), properties + HIDDEN)
    data = made(item("甲", 1), gone, hidden, item("乙", 1), numbering=PLAN + num(1, 0))
    assert read(data) == ["一、甲", "二、乙"]


def test_notes_stand_at_the_end_in_the_order_of_their_calls() -> None:
    def call(kind: str, number: int) -> str:
        return f'<w:r><w:{kind}Reference w:id="{number}"/></w:r>'

    def note(kind: str, number: int, text: str) -> str:
        return f'<w:{kind} w:id="{number}"><w:p><w:r><w:{kind}Ref/></w:r>{t(text)}</w:p></w:{kind}>'

    data = made(
        p(t("落实") + call("endnote", 2) + t("责任") + call("footnote", 3)),
        p(t("完成") + call("footnote", 2)),
        footnotes=note("footnote", 2, "脚注二") + note("footnote", 3, "脚注三") + note("footnote", 4, "无人引用"),
        endnotes=note("endnote", 2, "尾注"),
    )
    assert read(data) == ["落实责任", "完成", "脚注三", "脚注二", "尾注"]


def test_headers_and_footers_stay_out() -> None:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "内部资料"
    document.sections[0].footer.paragraphs[0].text = "第1页"
    document.add_paragraph(TITLE)
    document.add_comment(document.paragraphs[0].runs, text="批注", author="某", initials="某")
    assert read(saved(document)) == [TITLE]


def test_places_count_paragraphs_and_rows() -> None:
    document = DocxReader().read(made(p(t("甲")), p(""), tbl([A, B], [B, A]), p(t("乙"))), name="要点.docx")
    assert [(document.text[x.start : x.end], x.page, x.line) for x in document.places] == [
        ("甲", None, 1), ("甲\t乙", None, 3), ("乙\t甲", None, 4), ("乙", None, 5),
    ]  # fmt: skip


def test_properties_are_kept_beside_the_text() -> None:
    document = docx.Document()
    document.add_paragraph(TITLE)
    core = document.core_properties
    core.author, core.title = "办公室", "工作要点"
    core.created = core.modified = datetime(2023, 1, 5, 9, tzinfo=UTC)
    found = DocxReader().read(saved(document), name="要点.docx")
    assert {**found.extra, "created": found.extra["created"][:19], "modified": found.extra["modified"][:19]} == {
        "creator": "办公室", "title": "工作要点", "created": "2023-01-05T09:00:00", "modified": "2023-01-05T09:00:00",
    }  # fmt: skip
    assert found.metadata == {}


def changed(data: bytes, change: Callable[[str, bytes], bytes | None]) -> bytes:
    """Copy a package, each part changed; None leaves it out."""
    made_now = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(made_now, "w") as new:
        for name in old.namelist():
            content = change(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
    return made_now.getvalue()


PLAIN = b"vnd.openxmlformats-officedocument.wordprocessingml.document.main"
VARIANTS = {
    "docm": lambda _, c: c.replace(PLAIN, b"vnd.ms-word.document.macroEnabled.main"),
    "dotx": lambda _, c: c.replace(PLAIN, PLAIN.replace(b"document.main", b"template.main")),
    "dotm": lambda _, c: c.replace(PLAIN, b"vnd.ms-word.template.macroEnabledTemplate.main"),
    "strict": lambda _, c: c.replace(
        b"http://schemas.openxmlformats.org/officeDocument/2006/", b"http://purl.oclc.org/ooxml/officeDocument/"
    ).replace(b"http://schemas.openxmlformats.org/wordprocessingml/2006/", b"http://purl.oclc.org/ooxml/wordprocessingml/"),
    "lost picture": lambda n, c: c.replace(
        b"</Relationships>",
        b'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"'
        b' Target="NULL"/></Relationships>',
    ) if n == "word/_rels/document.xml.rels" else c,
    "no properties": lambda n, c: None if n == "docProps/core.xml" else c,
}  # fmt: skip


@pytest.mark.parametrize("variant", VARIANTS)
def test_variants_are_read(variant: str) -> None:
    data = changed(made(item("甲", 1), tbl([A, B]), numbering=PLAN + num(1, 0)), VARIANTS[variant])
    assert DocxReader().matches(Peek.of_bytes(data, "x"))
    assert read(data) == ["一、甲", "甲\t乙"]


def pictures_only() -> bytes:
    pillow = pytest.importorskip("PIL.Image")
    stream = BytesIO()
    pillow.new("L", (8, 8)).save(stream, "png")
    document = docx.Document()
    document.add_picture(stream)
    return saved(document)


FAULTS = {
    "cut off": ("broken", lambda: made(p(t(TITLE)))[:9000]),
    "bad XML": ("broken", lambda: changed(made(p("")), lambda n, c: c[:200] if n == "word/document.xml" else c)),
    "no main part": ("broken", lambda: changed(made(p("")), lambda n, c: None if n == "word/document.xml" else c)),
    "no text": ("empty", lambda: made(p(""))),
    "pictures only": ("scanned", pictures_only),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_cannot_be_read_says_why(fault: str) -> None:
    reason, make = FAULTS[fault]
    data = make()
    assert DocxReader().matches(Peek.of_bytes(data, "x"))
    with pytest.raises(UnreadableError) as caught:
        read(data)
    assert caught.value.reason == reason
    assert str(caught.value).startswith("要点.docx: ")
    assert "\n" not in str(caught.value)


def other_zip(name: str, content: bytes) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        package.writestr(name, content)
    return stream.getvalue()


OTHERS = {
    "an archive": other_zip("要点.txt", b"x"),
    "a workbook": other_zip("[Content_Types].xml", b"spreadsheetml.sheet.main+xml"),
    "a document inside an archive": other_zip("word/a.docx", PLAIN + b"+xml"),
    "a broken archive": b"PK\x03\x04" + bytes(200),
    "text": TITLE.encode(),
}


@pytest.mark.parametrize("other", OTHERS)
def test_other_files_do_not_match(other: str) -> None:
    peek = Peek.of_bytes(OTHERS[other], "x")
    assert not DocxReader().matches(peek)
    assert peek.stream.tell() == 0
