"""Formats that only an office program reads (DOC, WPS, RTF, ODT): LibreOffice makes a DOCX of them, which is read.

Every conversion has a folder and a LibreOffice profile of its own, so that several can run at once; macros and
remote links are off in it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from yaodian.errors import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from yaodian.readers.base import Document, Peek

VARIABLE = "YAODIAN_SOFFICE"
"""Environment variable with the path of LibreOffice's program `soffice`, where it is not found by itself."""
TIMEOUT = 120.0
"""Seconds for one conversion."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_RTF = re.compile(rb"[\s\x00\xef\xbb\xbf]{0,16}\{\\rtf")
_ODT = (b"application/vnd.oasis.opendocument.text", b"application/vnd.oasis.opendocument.text-template")
_OTHER_OLE = {
    "Workbook": "an Excel table (XLS); save it as XLSX or CSV",
    "Book": "an Excel table (XLS); save it as XLSX or CSV",
    "PowerPoint Document": "PowerPoint slides (PPT), which are not read here",
    "__properties_version1.0": "an Outlook message (MSG), which is not read here; save its attachment",
    "VisioDocument": "a Visio drawing, which is not read here",
}
_ENCRYPTED_FLAG = 0x01
_PLACES = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    r"C:\Program Files\LibreOffice\program\soffice.exe",
    r"C:\Program Files (x86)\LibreOffice\program\soffice.exe",
)
_SETTING = (
    '<item oor:path="/org.openoffice.Office.Common/Security/Scripting">'
    '<prop oor:name="{name}" oor:op="fuse"><value>true</value></prop></item>'
)
_PROFILE = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<oor:items xmlns:oor="http://openoffice.org/2001/registry">'
    + "".join(
        _SETTING.format(name=name)
        for name in ("DisableMacrosExecution", "BlockUntrustedRefererLinks", "DisableActiveContent")
    )
    + "</oor:items>\n"
)


class OfficeReader:
    """DOC, WPS, RTF and ODT; `Document.format` says which. Any other OLE file is named in the error."""

    name = "office"

    def __init__(self, *, timeout: float = TIMEOUT) -> None:
        self._timeout = timeout

    def matches(self, peek: Peek) -> bool:
        """Whether the file is an OLE compound file, RTF or ODT."""
        return peek.head.startswith(_OLE) or bool(_RTF.match(peek.head)) or _is_odt(peek.head)

    def read(self, data: bytes, *, name: str) -> Document:
        """Convert a whole file and read the result; its places count paragraphs and table rows.

        Raises:
            UnreadableError: protected, damaged, no text document, or LibreOffice is missing, fails or takes too long.
        """
        from yaodian.readers.docx import DocxReader

        kind = _kind(data, name)
        program = find_program()
        if program is None:
            raise UnreadableError(
                f"{name}: reading {kind.upper()} needs LibreOffice; install it (or set {VARIABLE} to its program "
                "soffice), or save the file as DOCX",
                reason="needs_program",
            )
        with TemporaryDirectory(prefix="yaodian-", ignore_cleanup_errors=True) as folder:
            converted = _convert(program, data, name=name, kind=kind, folder=Path(folder), timeout=self._timeout)
        return replace(DocxReader().read(converted, name=name), format=kind)


def find_program() -> str | None:
    """Path of LibreOffice's `soffice`: from the environment variable, on PATH, or where installers put it."""
    stated = os.environ.get(VARIABLE)
    if stated:
        return stated if Path(stated).is_file() else shutil.which(stated)
    found = shutil.which("soffice") or shutil.which("libreoffice")
    return found or next((place for place in _PLACES if Path(place).is_file()), None)


def _is_odt(head: bytes) -> bool:
    """Whether a ZIP's first part is the `mimetype` of an OpenDocument text, as that format demands."""
    return head.startswith(b"PK\x03\x04") and head[30:38] == b"mimetype" and head[38:77] == _ODT[0]


def _kind(data: bytes, name: str) -> str:
    """The format as it stands in `Document.format`.

    Raises:
        UnreadableError: protected by a password, damaged, or no text document.
    """
    if data.startswith(_OLE):
        return _ole_kind(data, name)
    if not data.startswith(b"PK"):
        return "rtf"
    try:
        with zipfile.ZipFile(_stream(data)) as package:
            manifest = package.read("META-INF/manifest.xml")
    except (zipfile.BadZipFile, KeyError, OSError, EOFError, ValueError) as error:
        raise UnreadableError(f"{name}: damaged ODT file; save it again", reason="broken") from error
    if b"encryption-data" in manifest:
        raise _encrypted(name)
    return "odt"


def _ole_kind(data: bytes, name: str) -> str:
    try:
        streams, flags = _ole_streams(data)
    except Exception as error:  # olefile raises many kinds on damaged bytes
        raise UnreadableError(
            f"{name}: damaged Office file; open it in Word or WPS and save it again", reason="broken"
        ) from error
    if "EncryptedPackage" in streams or flags & _ENCRYPTED_FLAG:
        raise _encrypted(name)
    if "WordDocument" in streams:
        # WPS Writer's own format is Word's by another name.
        return "wps" if name.lower().endswith(".wps") else "doc"
    # Older WPS, and Microsoft Works, which shares the ending.
    if any(stream.lower().startswith("wps") for stream in streams) or {"CONTENTS", "MatOST", "MN0"} & streams:
        return "wps"
    what = next((text for stream, text in _OTHER_OLE.items() if stream in streams), None)
    raise UnreadableError(
        f"{name}: {what or 'an OLE file that holds no text document; save it as DOCX, PDF or text'}", reason="unknown"
    )


def _ole_streams(data: bytes) -> tuple[set[str], int]:
    """Names at the root, and the byte of Word's file header that says whether it is encrypted."""
    import olefile

    with olefile.OleFileIO(_stream(data)) as ole:
        streams = {path[0] for path in ole.listdir(streams=True, storages=True)}
        header = ole.openstream("WordDocument").read(12) if "WordDocument" in streams else b""
    return streams, header[11] if len(header) > 11 else 0  # noqa: PLR2004 - FibBase, bits 8 to 15 of its flags


def _stream(data: bytes) -> Any:
    from io import BytesIO

    return BytesIO(data)


def _encrypted(name: str) -> UnreadableError:
    return UnreadableError(f"{name}: protected by a password; save it without one", reason="encrypted")


def _convert(program: str, data: bytes, *, name: str, kind: str, folder: Path, timeout: float) -> bytes:
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_PROFILE, encoding="utf-8")
    source, target = folder / f"source.{kind}", folder / "out"
    source.write_bytes(data)
    command = [
        program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", "--nolockcheck",
        "--convert-to", "docx:MS Word 2007 XML", "--outdir", str(target), str(source),
    ]  # fmt: skip
    status, said = _run(command, name=name, timeout=timeout)
    made = target / "source.docx"
    if status == 0 and made.is_file():
        return made.read_bytes()
    said = " ".join(said.split())[-200:] or "no message"
    raise UnreadableError(
        f"{name}: LibreOffice could not convert this {kind.upper()} file ({said}); open it there and save it as DOCX",
        reason="broken",
    )


def _run(command: Sequence[str], *, name: str, timeout: float) -> tuple[int, str]:
    """Run LibreOffice and return its exit status and what it said; after the time-out nothing of it stays behind."""
    try:
        process = subprocess.Popen(  # noqa: S603 - the program is the user's own, the arguments are made here
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    except OSError as error:
        raise UnreadableError(
            f"{name}: LibreOffice did not start ({command[0]}: {error.strerror}); check {VARIABLE}",
            reason="needs_program",
        ) from error
    with process:
        try:
            said, _ = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired as error:
            _kill(process)
            raise UnreadableError(
                f"{name}: LibreOffice took longer than {timeout:g} s; save the file as DOCX", reason="timeout"
            ) from error
    return process.returncode, said.decode("utf-8", "replace")


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End the program with its children: `soffice` is a starter, and the office behind it would live on."""
    if sys.platform == "win32":
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(process.pid)], check=False, capture_output=True)  # noqa: S603, S607
    else:
        import signal

        os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.communicate()
