"""One folder with every format there is, sound and damaged, half of the names with a wrong suffix."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
import zipfile
from io import BytesIO, StringIO
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "readers"))
sys.path.insert(0, str(Path(__file__).parent))
import test_docx as in_docx
import test_html as in_html
import test_office as in_office
import test_pdf as in_pdf
import xlsxwriter
from batch_help import extract, failures, results

from yaodian.readers.office import find_program

if TYPE_CHECKING:
    from collections.abc import Mapping

    Places = list[tuple[int | None, int]]

pytestmark = pytest.mark.slow

PLAN = [
    "某某市应急管理局2023年工作要点",
    "一、加强风险防控",
    "（一）开展检查。6月底前，市应急管理局会同市消防救援支队对12家危险化学品企业开展执法检查，隐患整改率达到98%以上。",
    "（二）修订预案。修订《某某市防汛应急预案》，组织应急演练4次。",
]
TEXT = "".join(line + "\n" for line in PLAN)
TRADITIONAL = "某某市應急管理局2023年工作要點\n一、加強風險防控\n（一）開展檢查。6月底前，對12家企業開展執法檢查。\n"
TASK = "一、开展第{}次检查。6月底前完成整改。"
OFFICE = find_program()


def lines(texts: list[str]) -> str:
    return "".join(text + "\n" for text in texts)


# Word: numbers from the list's definition, a table, a footnote.
_NUMBERS = in_docx.abstract(
    0, in_docx.lvl(0, "chineseCounting", "%1、"), in_docx.lvl(1, "chineseCounting", "（%2）")
) + in_docx.num(1, 0)
DOCX_LINES = [
    PLAN[0], "一、加强风险防控", "（一）开展检查", "（二）修订预案，组织演练4次", "二、夯实基层基础", "任务\t单位",
    "组建队伍\t市应急管理局", "请遵照执行。", "指市级预案",
]  # fmt: skip
DOCX_PLACES: Places = [(None, n) for n in (1, 3, 4, 5, 6, 7, 8, 9, 10)]


def word() -> bytes:
    from test_docx import cell, item, made, p, t, tbl

    note = '<w:footnote w:id="2"><w:p><w:r><w:footnoteRef/></w:r>' + t("指市级预案") + "</w:p></w:footnote>"
    call = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    blocks = [
        p(t(PLAN[0])), p(""), item("加强风险防控", 1), item("开展检查", 1, 1), item("修订预案，组织演练4次", 1, 1),
        item("夯实基层基础", 1), tbl([cell(p(t("任务"))), cell(p(t("单位")))], [cell(p(t("组建队伍"))), cell(p(t("市应急管理局")))]),
        p(t("请遵照执行。") + call),
    ]  # fmt: skip
    return made(*blocks, numbering=_NUMBERS, footnotes=note)


# PDF: two pages in one column, one page in two.
PDF_LINES = [in_pdf.TITLE, *in_pdf.PLAN]


def one_column() -> tuple[bytes, Places]:
    pages = in_pdf.Pages()
    pages.furniture = lambda page: page.put(280, 40, f"— {page.number} —", 10)
    pages.centred(in_pdf.TITLE)
    places: Places = [(1, 1)]
    line = 2
    for n, paragraph in enumerate(in_pdf.PLAN):
        if n == 3:
            pages.page()
            line = 1
        places.append((pages.number, line))
        pages.paragraph(paragraph)
        line += len(in_pdf.wrapped(paragraph, 28, 16, 2))
    return pages.data(), places


def two_columns() -> bytes:
    pages = in_pdf.Pages(columns=17, size=12, leading=20)
    pages.centred(in_pdf.TITLE)
    top = pages.y
    for x, half in ((72.0, in_pdf.PLAN[:4]), (72.0 + 19 * 12, in_pdf.PLAN[4:])):
        pages.x, pages.y = x, top
        for paragraph in half:
            pages.paragraph(paragraph)
    return pages.data()


# HTML: a page of an office in GBK with its table of index numbers above the text.
HTML_STATED = {"索引号": "0001-1", "发布机构": "某某市应急管理局", "文号": "某应急〔2023〕5号"}


def web_page() -> str:
    table = "".join(f"<tr><td>{name}：</td><td>{value}</td></tr>" for name, value in HTML_STATED.items())
    body = f"<table>{table}</table>\n<h1>{in_html.TITLE}</h1>\n<div id=zoom>{in_html.paragraphs(in_html.BODY)}</div>"
    return in_html.page(f"<ul>{in_html.MENU}</ul>\n{body}\n{in_html.FOOT}", charset="gbk")


def html_places() -> Places:
    rows, at = web_page().split("\n"), 0
    found: Places = []
    for line in in_html.PLAN:
        at = next(n for n, row in enumerate(rows[at:], at + 1) if f"{line}</" in row)
        found.append((None, at))
    return found


def zipped(members: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return stream.getvalue()


def gbk_names(data: bytes) -> bytes:
    """The archive as Chinese Windows makes it: names in GBK, which nothing in it says."""
    for name, stand_in in (("要点", "ZZZZ"), ("附件", "YYYY")):
        data = data.replace(stand_in.encode(), name.encode("gb18030"))
    return data


def table_rows(count: int) -> list[tuple[str, str]]:
    return [(f"r{n}", TASK.format(n)) for n in range(count)]


def as_csv(encoding: str) -> bytes:
    stream = StringIO()
    csv.writer(stream).writerows(
        [("编号", "标题", "正文"), ("a", "甲", TEXT), ("b", "乙", '一、推进"双随机"检查。\n二、演练')]
    )
    return stream.getvalue().encode(encoding)


def as_parquet() -> bytes:
    stream = BytesIO()
    names, texts = zip(*table_rows(3), strict=True)
    pq.write_table(pa.table({"id": names, "text": texts, "n": [{"x": [1, 2]}] * 3}), stream)
    return stream.getvalue()


def as_excel() -> bytes:
    stream = BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    book.add_worksheet("说明").write_row(0, 0, ["说明"])
    sheet = book.add_worksheet("数据")
    for n, row in enumerate([("编号", "内容"), *table_rows(2)]):
        sheet.write_row(n, 0, row)
    book.close()
    return stream.getvalue()


def with_password(data: bytes) -> bytes:
    """Mark an archive's only member as encrypted."""
    local, central = data.index(b"PK\x03\x04"), data.index(b"PK\x01\x02")
    marked = bytearray(data)
    marked[local + 6] |= 1
    marked[central + 8] |= 1
    return bytes(marked)


def flipped(data: bytes, at: float = 0.5, count: int = 24) -> bytes:
    """The same bytes with some in the middle turned over."""
    start = int(len(data) * at)
    return data[:start] + bytes(b ^ 0x5A for b in data[start : start + count]) + data[start + count :]


def cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


ROWS = {f"r{n}": TASK.format(n) for n in range(3)}


def sound() -> dict[str, tuple[bytes, dict[str, str]]]:
    """File → its bytes, and each of its documents' text by the name under which it stands."""
    page = web_page()
    html = lines(in_html.PLAN)
    jsonl = "".join(json.dumps({"id": k, "text": v}, ensure_ascii=False) + "\n" for k, v in ROWS.items())
    inner = zipped({"内层.txt": TEXT.encode("gb18030")})
    return {
        "utf8.txt": (TEXT.encode(), {"": TEXT}),
        "文本/bom.pdf": (TEXT.encode("utf-8-sig"), {"": TEXT}),
        "文本/utf16.docx": (TEXT.encode("utf-16"), {"": TEXT}),
        "文本/国标.txt": (TEXT.encode("gb18030"), {"": TEXT}),
        "文本/繁体.html": (TRADITIONAL.encode("big5"), {"": TRADITIONAL}),
        "文本/windows.txt": (TEXT.replace("\n", "\r\n").encode(), {"": TEXT.replace("\n", "\r\n")}),
        "文本/markdown.md": (f"# {TEXT}".encode(), {"": f"# {TEXT}"}),
        "网页/公开.html": (page.encode("gb18030"), {"": html}),
        "网页/公开.doc": (page.encode("gb18030"), {"": html}),
        "网页/存档.mhtml": (in_html.mhtml(page, encoding="gb18030"), {"": html}),
        "网页/存档.txt": (in_html.mhtml(page, encoding="gb18030"), {"": html}),
        "文件/要点.docx": (word(), {"": lines(DOCX_LINES)}),
        "文件/要点.zip": (word(), {"": lines(DOCX_LINES)}),
        "文件/一栏.pdf": (one_column()[0], {"": lines(PDF_LINES)}),
        "文件/二栏.txt": (two_columns(), {"": lines(PDF_LINES)}),
        "压缩/年度/打包.zip": (
            gbk_names(zipped({"ZZZZ.txt": TEXT.encode(), "YYYY/ZZZZ.txt": word(), "in.zip": inner})),
            {"要点.txt": TEXT, "附件/要点.txt": lines(DOCX_LINES), "in.zip!内层.txt": TEXT},
        ),
        "压缩/打包.docx": (zipped({"要点/重复.txt": TEXT.encode()}), {"要点/重复.txt": TEXT}),
        "表格/国标.csv": (as_csv("gb18030"), {"000001": TEXT, "000002": '一、推进"双随机"检查。\n二、演练'}),
        "表格/逗号.txt": (as_csv("utf-8"), {"000001": TEXT, "000002": '一、推进"双随机"检查。\n二、演练'}),
        "表格/逐行.jsonl": (jsonl.encode(), {f"{n:06d}": v for n, v in enumerate(ROWS.values(), 1)}),
        "表格/逐行.csv.bak": (jsonl.encode(), {f"{n:06d}": v for n, v in enumerate(ROWS.values(), 1)}),
        "表格/数组.txt": (json.dumps([{"text": TEXT}]).encode(), {"000001": TEXT}),
        "表格/列.parquet": (as_parquet(), {f"{n:06d}": v for n, v in enumerate(ROWS.values(), 1)}),
        "表格/列.txt": (as_parquet(), {f"{n:06d}": v for n, v in enumerate(ROWS.values(), 1)}),
        "表格/表.xlsx": (as_excel(), {"000001": TASK.format(0), "000002": TASK.format(1)}),
        "表格/表.zip": (as_excel(), {"000001": TASK.format(0), "000002": TASK.format(1)}),
    }  # fmt: skip


def broken() -> dict[str, tuple[bytes, dict[str, str]]]:
    """File → its bytes, and each failure's reason by the name of what failed."""
    archive = zipped({"要点.txt": TEXT.encode()}, zipfile.ZIP_STORED)
    found = {
        "坏/乱.txt": (bytes(range(256)) * 8, "unknown"),
        "坏/半.docx": (cut(word()), "broken"),
        "坏/翻.docx": (flipped(word(), 0.3, 400), "broken"),
        "坏/半.pdf": (b"%PDF-1.7\n" + cut(one_column()[0])[20:400], "broken"),
        "坏/翻.pdf": (b"%PDF-1.4\n" + bytes(b ^ 0x5A for b in one_column()[0][9:]), "broken"),
        "坏/半.zip": (cut(archive), "broken"),
        "坏/半.parquet": (cut(as_parquet()), "broken"),
        "坏/半.xlsx": (cut(as_excel()), "broken"),
        "坏/数组.json": (cut(json.dumps([{"text": TEXT}] * 2).encode()), "broken"),
        "坏/ole.doc": (in_office.ole({"WordDocument": in_office.word(0)})[:700], "broken"),
        "坏/菜单.html": (in_html.page(f"<ul>{in_html.MENU * 8}</ul>").encode(), "empty"),
        "坏/密.pdf": (in_pdf.locked("secret"), "encrypted"),
        "坏/密.docx": (in_office.ole({"EncryptedPackage": b"x", "EncryptionInfo": b"x"}), "encrypted"),
        "坏/扫描.pdf": (in_pdf.scanned(""), "scanned"),
        "坏/扫描.docx": (in_docx.pictures_only(), "scanned"),
        "坏/照片.txt": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "scanned"),
        "坏/压缩.rar": (b"Rar!\x1a\x07\x01\x00" + bytes(60), "unknown"),
        "坏/压缩.txt": (b"7z\xbc\xaf\x27\x1c" + bytes(60), "unknown"),
        "坏/旧表.xls": (in_office.ole({"Workbook": b"x"}), "unknown"),
        "坏/无列.csv": ("甲,乙\n1,2\n".encode(), "unknown"),
    }
    empty = {f"坏/空.{end}": (b"", "empty") for end in ("txt", "docx", "pdf", "zip", "csv", "parquet", "xlsx", "html")}
    inside = {
        "坏/密.zip": (with_password(archive), {"!要点.txt": "encrypted"}),
        "坏/半好.zip": (
            zipped({"坏.docx": cut(word()), "照片.txt": b"\xff\xd8\xff" + bytes(range(256)), "空.txt": b""}),
            {"!坏.docx": "broken", "!照片.txt": "scanned", "!空.txt": "empty"},
        ),
        "坏/翻存.zip": (flipped(archive, 0.3, 8), {"!要点.txt": "broken"}),
        "坏/行.jsonl": (b'{"text": ""}\n{"text": 5\n[1]\n', {"!000001": "empty", "!000002": "broken", "!000003": "broken"}),
    }  # fmt: skip
    whole = {name: (data, {"": reason}) for name, (data, reason) in {**found, **empty}.items()}
    return whole | inside


@pytest.fixture(scope="module")
def office_files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[bytes, dict[str, str]]]:
    """DOC, WPS, RTF and ODT as LibreOffice writes them, one of them under a wrong name; none where it is missing."""
    if OFFICE is None:
        return {}
    folder = tmp_path_factory.mktemp("office")
    (folder / "plan.docx").write_bytes(in_office.plan())
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    made = {}
    for form, name in (("doc:MS Word 97", "要点.doc"), ("rtf", "要点.txt"), ("odt", "要点.odt")):
        command = [OFFICE, profile, "--headless", "--convert-to", form, "--outdir", str(folder)]
        subprocess.run([*command, str(folder / "plan.docx")], check=True, capture_output=True, timeout=300)
        made[name] = (folder / f"plan.{form.partition(':')[0]}").read_bytes()
    made["要点.wps"] = made["要点.doc"]
    return {f"办公/{name}": (data, {"": in_office.EXPECTED}) for name, data in made.items()}


def write(root: Path, files: Mapping[str, bytes]) -> None:
    for name, data in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)


def named(found: Mapping[str, tuple[bytes, dict[str, str]]], root: str) -> list[tuple[str, str]]:
    """`(name in messages, expectation)` of everything, in the folder's order."""
    order = sorted(found, key=lambda name: PurePosixPath(name).parts)
    return [
        (f"{root}/{name}{f'!{part}' if part and part[0] != '!' else part}", expected)
        for name in order
        for part, expected in found[name][1].items()
    ]


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory, office_files: dict[str, tuple[bytes, dict[str, str]]]) -> Path:
    """The folder `全部` read by one process, by two, and in a run that was resumed over a changed folder."""
    root = tmp_path_factory.mktemp("everything")
    files = {name: data for name, (data, _) in {**sound(), **office_files, **broken()}.items()}
    write(root / "全部", files)
    for jobs in (1, 2):
        assert extract("全部", "-o", f"out{jobs}", "--jobs", jobs, cwd=root).returncode == 1
    # First only a part, of which some will change and some will go.
    shutil.move(root / "全部", root / "aside")
    part = dict(list(files.items())[::2])
    write(root / "全部", {**part, "走.txt": b"1", "utf8.txt": b"2", "压缩/打包.docx": part.get("坏/密.zip", b"3")})
    extract("全部", "-o", "resumed", cwd=root)
    shutil.rmtree(root / "全部")
    shutil.move(root / "aside", root / "全部")
    assert extract("全部", "-o", "resumed", "--resume", cwd=root).returncode == 1
    return root


def records(out: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (out / "records.jsonl").read_text(encoding="utf-8").splitlines()]


def rows(out: Path, table: str) -> list[dict[str, str]]:
    with (out / f"{table}.csv").open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_every_document_is_there_once_in_order_with_its_whole_text(
    runs: Path, office_files: dict[str, tuple[bytes, dict[str, str]]]
) -> None:
    found = records(runs / "out1")
    sources = [row["source"] for row in rows(runs / "out1", "sources")]
    assert [
        (source, record["text"]) for source, record in zip(sources, found, strict=True)
    ] == named({**sound(), **office_files}, "全部")  # fmt: skip
    ids = [record["doc_id"] for record in found]
    assert len(set(ids)) == len(ids)
    assert [row["doc_id"] for row in rows(runs / "out1", "sources")] == ids


def test_every_failure_is_there_once_in_order_with_its_reason(runs: Path) -> None:
    found = failures(runs / "out1")
    assert [(row["source"], row["reason"]) for row in found] == named(broken(), "全部")
    for row in found:
        assert row["message"].startswith(row["source"].partition("!")[0])
        assert "\n" not in row["message"]
        assert "; " in row["message"] or row["reason"] == "empty", "it says what to do"


def test_the_same_bytes_by_one_process_by_two_and_resumed(runs: Path) -> None:
    one, two, resumed = (results(runs / out) for out in ("out1", "out2", "resumed"))
    assert sorted(one) == sorted(two) == sorted(resumed)
    assert [name for name in one if not one[name] == two[name] == resumed[name]] == []


def test_all_offsets_point_into_the_text(runs: Path) -> None:
    texts = {record["doc_id"]: str(record["text"]) for record in records(runs / "out1")}
    entities = 0
    for record in records(runs / "out1"):
        for entity in record["entities"]:  # type: ignore[attr-defined]
            assert str(record["text"])[entity["start"] : entity["end"]] == entity["text"]
            entities += 1
    assert entities > len(texts)
    for place in rows(runs / "out1", "places"):
        line = texts[place["doc_id"]][int(place["start"]) : int(place["end"])]
        assert line == line.strip() != ""


def test_places_lead_to_page_and_line(runs: Path) -> None:
    ids = {row["source"]: row["doc_id"] for row in rows(runs / "out1", "sources")}
    texts = {str(record["doc_id"]): str(record["text"]) for record in records(runs / "out1")}
    found: dict[str, list[tuple[str, tuple[int | None, int]]]] = {}
    for row in rows(runs / "out1", "places"):
        where = (int(row["page"]) if row["page"] else None, int(row["line"]))
        found.setdefault(row["doc_id"], []).append((texts[row["doc_id"]][int(row["start"]) : int(row["end"])], where))
    expected = {
        "文件/一栏.pdf": (PDF_LINES, one_column()[1]),
        "文件/要点.docx": (DOCX_LINES, DOCX_PLACES),
        "网页/公开.html": (in_html.PLAN, html_places()),
    }
    for name, (texts_of_lines, places) in expected.items():
        assert found[ids[f"全部/{name}"]] == list(zip(texts_of_lines, places, strict=True)), name


def test_what_a_page_states_about_itself_is_kept(runs: Path) -> None:
    stated = {row["source"]: json.loads(row["extra"] or "{}") for row in rows(runs / "out1", "sources")}
    assert stated["全部/网页/公开.html"].items() >= HTML_STATED.items()
    documents = {row["doc_id"]: row for row in rows(runs / "out1", "documents")}
    ids = {row["source"]: row["doc_id"] for row in rows(runs / "out1", "sources")}
    assert documents[ids["全部/网页/公开.html"]]["doc_number"] == HTML_STATED["文号"]


def parquet_with(text: bytes = b"", **columns: pa.Array) -> bytes:
    """A table of one row, its text replaced in the file by other bytes of the same length, or with more columns."""
    stream = BytesIO()
    pq.write_table(pa.table({"text": ["一、检查。"], **columns}), stream, compression="none", use_dictionary=False)
    return stream.getvalue().replace("检".encode(), text or "检".encode())


def excel_with(sheet: bytes) -> bytes:
    """A workbook whose second sheet is these bytes."""
    with zipfile.ZipFile(BytesIO(as_excel())) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    return zipped(parts | {"xl/worksheets/sheet2.xml": sheet})


DAMAGED = {
    "parquet": flipped(as_parquet(), 0.2, 40),
    "parquet, no UTF-8": parquet_with(b"\xff\xff\xff"),
    "parquet, a day too late": parquet_with(day=pa.array([2**62], pa.timestamp("us"))),
    "xlsx": flipped(as_excel(), 0.35, 40),
    "xlsx, its XML broken": excel_with(b"<worksheet><sheetData><row></c>"),
    "zip": flipped(zipped({"一.txt": TEXT.encode(), "二.txt": TEXT.encode()}), 0.75, 2),
    "zip, a name no UTF-8": zipped({"一.txt": TEXT.encode()}).replace("一.txt".encode(), b"\xff\xff\xff.txt", 1),
    "zip, LZMA": flipped(zipped({"一.txt": (TEXT * 9).encode()}, zipfile.ZIP_LZMA), 0.3, 40),
    "zip of nothing": zipped({}),
    "csv of nothing": b"id,text\n",
    "jsonl, half a pair": b'{"text": "\\ud800"}\n{"id": "\\udc00", "text": "a"}\n',
    "array": b'\n [{"text": "a"}]\n',
    "rows": b'{"text": "a"}\n{"other": 1}\n{"text": "b"}\n',
}


@pytest.mark.parametrize("kind", DAMAGED)
def test_a_damaged_container_costs_itself_only(tmp_path: Path, kind: str) -> None:
    write(tmp_path / "in", {"a.txt": TEXT.encode(), "b.dat": DAMAGED[kind], "c.txt": TEXT.encode()})
    done = extract("in", "-o", "out", cwd=tmp_path)
    assert done.returncode in (0, 1), done.stderr
    assert "Traceback" not in done.stderr
    sources = [row["source"] for row in rows(tmp_path / "out", "sources")]
    assert {"in/a.txt", "in/c.txt"} <= set(sources)
    assert any(name.startswith("in/b.dat") for name in [*sources, *(f["source"] for f in failures(tmp_path / "out"))])
    if kind == "rows":
        assert sources == ["in/a.txt", "in/b.dat!000001", "in/b.dat!000003", "in/c.txt"]
        assert [row["source"] for row in failures(tmp_path / "out")] == ["in/b.dat!000002"]
    if kind == "array":
        assert sources == ["in/a.txt", "in/b.dat!000001", "in/c.txt"]
