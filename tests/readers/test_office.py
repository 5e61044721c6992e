from __future__ import annotations

import os
import subprocess
import sys
import time
import zipfile
from io import BytesIO
from pathlib import Path

import docx
import pytest

from yaodian.errors import UnreadableError
from yaodian.readers import office
from yaodian.readers.base import Peek
from yaodian.readers.docx import DocxReader
from yaodian.readers.office import OfficeReader

PLAN = ["某某市应急管理局2023年工作要点", "一、加强安全生产监管", "（一）年底前完成128家企业评估。", "1.修订预案。"]
TABLE = "序号\t工作任务\n1\t组织演练\n"
RTF = rb"{\rtf1\ansi text}"

needs_office = pytest.mark.skipif(office.find_program() is None, reason="LibreOffice is not installed")
needs_scripts = pytest.mark.skipif(sys.platform == "win32", reason="Windows starts no scripts as programs")


def plan() -> bytes:
    document = docx.Document()
    for paragraph in PLAN:
        document.add_paragraph(paragraph)
    table = document.add_table(rows=2, cols=2)
    for row, texts in zip(table.rows, TABLE.splitlines(), strict=True):
        for cell, text in zip(row.cells, texts.split("\t"), strict=True):
            cell.text = text
    document.add_paragraph("落实责任", style="List Number")
    document.add_paragraph("加强督办", style="List Number")
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


EXPECTED = "".join(f"{paragraph}\n" for paragraph in PLAN) + TABLE + "1.落实责任\n2.加强督办\n"


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the plan in the formats that LibreOffice writes."""
    folder = tmp_path_factory.mktemp("office")
    (folder / "plan.docx").write_bytes(plan())
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    program = office.find_program()
    assert program is not None
    for form in ("doc:MS Word 97", "rtf", "odt"):
        command = [
            program,
            profile,
            "--headless",
            "--convert-to",
            form,
            "--outdir",
            str(folder),
            str(folder / "plan.docx"),
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=300)
    (folder / "plan.wps").write_bytes((folder / "plan.doc").read_bytes())
    return folder


@needs_office
@pytest.mark.slow
@pytest.mark.parametrize("form", ["doc", "wps", "rtf", "odt"])
def test_office_formats_come_back_as_written(converted: Path, form: str) -> None:
    data = (converted / f"plan.{form}").read_bytes()
    assert OfficeReader().matches(Peek.of_bytes(data, "x"))
    document = OfficeReader().read(data, name=f"plan.{form}")
    assert document.text == EXPECTED
    assert document.format == form
    assert [place.line for place in document.places] == list(range(1, 9))


@needs_office
@pytest.mark.slow
def test_a_real_program_that_is_too_slow_is_ended(converted: Path) -> None:
    with pytest.raises(UnreadableError) as caught:
        OfficeReader(timeout=0.05).read((converted / "plan.doc").read_bytes(), name="plan.doc")
    assert caught.value.reason == "timeout"


def fake(folder: Path, body: str) -> str:
    """A stand-in for soffice that runs Python with `out`, the folder for results, and `arguments`."""
    script = folder / "soffice"
    script.write_text(
        f"#!{sys.executable}\nimport pathlib, sys, time\narguments = sys.argv[1:]\n"
        f"out = pathlib.Path(arguments[arguments.index('--outdir') + 1])\n{body}\n",
        encoding="utf-8",
    )
    script.chmod(0o755)
    return str(script)


@needs_scripts
def test_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "plan.docx").write_bytes(plan())
    body = (
        f"here = pathlib.Path({str(tmp_path)!r})\n"
        "(here / 'arguments').write_text('\\n'.join(arguments))\n"
        "(here / 'source').write_bytes(pathlib.Path(arguments[-1]).read_bytes())\n"
        "out.mkdir()\n(out / 'source.docx').write_bytes((here / 'plan.docx').read_bytes())"
    )
    monkeypatch.setenv(office.VARIABLE, fake(tmp_path, body))
    document = OfficeReader().read(RTF, name="a.rtf")
    assert (document.format, document.text) == ("rtf", EXPECTED)
    assert (tmp_path / "source").read_bytes() == RTF
    profile, *rest = (tmp_path / "arguments").read_text().split("\n")
    folder = Path(rest[-1]).parent
    assert profile == f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    assert rest == [
        "--headless", "--norestore", "--nolockcheck", "--convert-to", "docx:MS Word 2007 XML",
        "--outdir", str(folder / "out"), str(folder / "source.rtf"),
    ]  # fmt: skip
    assert not folder.exists()


FAILURES = {
    "exit status": ("sys.exit('source file could not be loaded')", "broken", "source file could not be loaded"),
    "no output": ("pass", "broken", "no message"),
    "output that is no DOCX": ("out.mkdir(); (out / 'source.docx').write_bytes(b'x')", "broken", "damaged DOCX"),
    "time-out": ("time.sleep(60)", "timeout", "longer than 1 s"),
}


@needs_scripts
@pytest.mark.parametrize("failure", FAILURES)
def test_failures_of_the_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failure: str) -> None:
    body, reason, said = FAILURES[failure]
    monkeypatch.setenv(office.VARIABLE, fake(tmp_path, body))
    begun = time.monotonic()
    with pytest.raises(UnreadableError, match=said) as caught:
        OfficeReader(timeout=1 if reason == "timeout" else 60).read(RTF, name="a.rtf")
    assert caught.value.reason == reason
    assert str(caught.value).startswith("a.rtf: ")
    assert "\n" not in str(caught.value)
    assert time.monotonic() - begun < 30


@needs_scripts
def test_the_time_out_ends_children_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    body = (
        "import subprocess\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        f"pathlib.Path({str(tmp_path / 'child')!r}).write_text(str(child.pid))\nchild.wait()"
    )
    monkeypatch.setenv(office.VARIABLE, fake(tmp_path, body))
    with pytest.raises(UnreadableError):
        OfficeReader(timeout=2).read(RTF, name="a.rtf")
    child = int((tmp_path / "child").read_text())
    for _ in range(100):
        if not _runs(child):
            return
        time.sleep(0.05)
    pytest.fail("the child of the program still runs")


def _runs(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{number}/stat")
    return not (state.exists() and state.read_text().rsplit(")", 1)[1].split()[0] == "Z")


@pytest.mark.parametrize("stated", ["", "/no/such/soffice"])
def test_without_the_program_the_error_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stated: str
) -> None:
    monkeypatch.setenv(office.VARIABLE, stated)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(office, "_PLACES", ())
    with pytest.raises(UnreadableError, match=r"LibreOffice.*DOCX") as caught:
        OfficeReader().read(RTF, name="a.rtf")
    assert caught.value.reason == "needs_program"


@needs_scripts
def test_a_program_that_does_not_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "soffice"
    program.write_bytes(b"\x7fELF no program")
    program.chmod(0o755)
    monkeypatch.setenv(office.VARIABLE, str(program))
    with pytest.raises(UnreadableError, match="did not start") as caught:
        OfficeReader().read(RTF, name="a.rtf")
    assert caught.value.reason == "needs_program"


def ole(streams: dict[str, bytes]) -> bytes:
    """The smallest OLE file (version 3) with these streams at its root, each of 4096 bytes at least."""
    sector, end, free = 512, 0xFFFFFFFE, 0xFFFFFFFF
    bodies = {name: body.ljust(4096, b"\0") for name, body in streams.items()}
    directory_sectors = (len(bodies) + 1 + 3) // 4
    fat = [0xFFFFFFFD, *range(2, directory_sectors + 1), end]
    entries = [_entry("Root Entry", 5, end, 0, child=1 if bodies else free)]
    content = b""
    for i, (name, body) in enumerate(bodies.items(), 1):
        body = body.ljust(-(-len(body) // sector) * sector, b"\0")  # noqa: PLW2901
        first = len(fat)
        fat += [*range(first + 1, first + len(body) // sector), end]
        entries.append(_entry(name, 2, first, len(body), right=i + 1 if i < len(bodies) else free))
        content += body
    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(24, b"\0")
        + b"".join(n.to_bytes(2, "little") for n in (0x3E, 3, 0xFFFE, 9, 6))
        + bytes(6)
        + b"".join(n.to_bytes(4, "little") for n in (0, 1, 1, 0, 4096, end, 0, end, 0, 0))
    ).ljust(sector, b"\xff")
    table = b"".join(n.to_bytes(4, "little") for n in fat).ljust(sector, b"\xff")
    return header + table + b"".join(entries).ljust(directory_sectors * sector, b"\0") + content


def _entry(name: str, kind: int, first: int, size: int, *, child: int = 0xFFFFFFFF, right: int = 0xFFFFFFFF) -> bytes:
    raw = (name + "\0").encode("utf-16-le")
    return (
        raw.ljust(64, b"\0")
        + len(raw).to_bytes(2, "little")
        + bytes([kind, 1])
        + b"".join(n.to_bytes(4, "little") for n in (0xFFFFFFFF, right, child))
        + bytes(36)
        + first.to_bytes(4, "little")
        + size.to_bytes(8, "little")
    )


def word(flags: int) -> bytes:
    return b"\xec\xa5\xc1\0" + bytes(6) + flags.to_bytes(2, "little")


def odt(manifest: str, kind: bytes = b"text") -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        package.writestr("mimetype", b"application/vnd.oasis.opendocument." + kind)
        package.writestr("META-INF/manifest.xml", manifest)
    return stream.getvalue()


KINDS = [
    (lambda: ole({"EncryptedPackage": b"x", "EncryptionInfo": b"x"}), "encrypted", "password"),
    (lambda: ole({"WordDocument": word(0x0100)}), "encrypted", "password"),
    (lambda: ole({"WordDocument": word(0x8100)}), "encrypted", "password"),
    (lambda: odt("<manifest:encryption-data/>"), "encrypted", "password"),
    (lambda: ole({"Workbook": b"x"}), "unknown", "Excel"),
    (lambda: ole({"PowerPoint Document": b"x"}), "unknown", "PowerPoint"),
    (lambda: ole({"__properties_version1.0": b"x"}), "unknown", "Outlook"),
    (lambda: ole({"Something": b"x"}), "unknown", "no text document"),
    (lambda: ole({"WordDocument": word(0)})[:700], "broken", "damaged"),
    (lambda: odt("")[:100], "broken", "damaged"),
]


@pytest.mark.parametrize(("make", "reason", "said"), KINDS, ids=[f"{i} {k[2]}" for i, k in enumerate(KINDS)])
def test_what_is_no_readable_document_is_named_without_the_program(
    monkeypatch: pytest.MonkeyPatch, make: object, reason: str, said: str
) -> None:
    monkeypatch.setenv(office.VARIABLE, "/no/such/soffice")
    data = make()  # type: ignore[operator]
    assert OfficeReader().matches(Peek.of_bytes(data, "x"))
    with pytest.raises(UnreadableError, match=said) as caught:
        OfficeReader().read(data, name="要点.doc")
    assert caught.value.reason == reason


NAMES = [
    (lambda: ole({"1Table": b"", "WordDocument": word(0)}), "要点.doc", "doc"),
    (lambda: ole({"WordDocument": word(0x1200)}), "要点.WPS", "wps"),
    (lambda: ole({"WpsContents": b"x"}), "要点.dat", "wps"),
    (lambda: ole({"CONTENTS": b"x"}), "要点.wps", "wps"),
    (lambda: RTF, "要点.doc", "rtf"),
    (lambda: odt(""), "要点.odt", "odt"),
]


@needs_scripts
@pytest.mark.parametrize(("make", "name", "form"), NAMES, ids=[f"{i} {n[2]}" for i, n in enumerate(NAMES)])
def test_formats_are_told_by_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make: object, name: str, form: str
) -> None:
    (tmp_path / "plan.docx").write_bytes(plan())
    body = f"out.mkdir(); (out / 'source.docx').write_bytes(pathlib.Path({str(tmp_path / 'plan.docx')!r}).read_bytes())"
    monkeypatch.setenv(office.VARIABLE, fake(tmp_path, body))
    assert OfficeReader().read(make(), name=name).format == form  # type: ignore[operator]


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (RTF, True),
        (b"\xef\xbb\xbf" + RTF, True),
        (b"\r\n " + RTF, True),
        (odt("", b"spreadsheet"), False),
        (odt("", b"text-template"), True),
        (b"PK\x03\x04", False),
        (b"{\\r", False),
        ("某某市".encode(), False),
        (b"", False),
    ],
)
def test_other_files_do_not_match(head: bytes, expected: bool) -> None:
    assert OfficeReader().matches(Peek.of_bytes(head, "x")) is expected


def test_docx_is_left_to_its_reader() -> None:
    peek = Peek.of_bytes(plan(), "x")
    assert (OfficeReader().matches(peek), DocxReader().matches(peek)) == (False, True)
