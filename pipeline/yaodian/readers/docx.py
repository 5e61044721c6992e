"""Word documents: what a reader of the printed page sees, a paragraph or table row a line.

python-docx opens the package; the text is read from its XML, as python-docx itself passes over content controls, text
boxes, notes, tracked changes and list numbers.
"""

from __future__ import annotations

import re
import zipfile
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING, Any

from yaodian.errors import UnreadableError
from yaodian.readers.base import Document, Lines, Peek

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from docx.opc.part import Part

_TYPES = "[Content_Types].xml"
_MAIN = re.compile(
    rb"vnd\.(?:openxmlformats-officedocument\.wordprocessingml\.(?:document|template)|"
    rb"ms-word\.(?:document\.macroEnabled|template\.macroEnabledTemplate))\.main\+xml"
)
_PLAIN_MAIN = b"vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/")
_MAX_XML = 512 << 20
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"


class DocxReader:
    """DOCX, DOCM, DOTX and DOTM, transitional and strict."""

    name = "docx"

    def matches(self, peek: Peek) -> bool:
        """Whether the file is a ZIP whose main part is a Word document."""
        if not peek.head.startswith(b"PK\x03\x04"):
            return False
        try:
            peek.stream.seek(0)
            with zipfile.ZipFile(peek.stream) as package:
                return bool(_MAIN.search(package.read(_TYPES)))
        except Exception:  # noqa: BLE001 - zipfile raises many kinds on damaged bytes
            # Cut off, so without its directory: the first parts' names still tell.
            return _TYPES.encode() in peek.head and b"word/" in peek.head
        finally:
            peek.stream.seek(0)

    def read(self, data: bytes, *, name: str) -> Document:
        """Read a whole file.

        Places count paragraphs and table rows from 1, empty ones too. Footnotes and endnotes stand at the end.

        Raises:
            UnreadableError: damaged, too large, or without text.
        """
        from yaodian.readers.docx_text import Body

        with _broken(name):
            main = _open(data, name)
            parts = {kind: _related(main, kind) for kind in ("styles", "numbering", "footnotes", "endnotes")}
            lines = Lines()
            body = Body(lines, **parts)
            body.read(main.element)  # type: ignore[attr-defined]
            extra = dict(_properties(main.package))
            pictures = any("/image" in relation.reltype for relation in main.rels.values())
        if not lines.text:
            if pictures:
                raise UnreadableError(
                    f"{name}: the document holds pictures and no text; recognise the text (OCR) first", reason="scanned"
                )
            raise UnreadableError(f"{name}: the document holds no text", reason="empty")
        return Document(text=lines.text, format=self.name, places=lines.places, extra=extra, notices=body.notices())


@contextmanager
def _broken(name: str) -> Iterator[None]:
    try:
        yield
    except (UnreadableError, MemoryError):
        raise
    except Exception as error:
        raise UnreadableError(
            f"{name}: damaged DOCX file ({_line(error)}); open it in Word and save it again", reason="broken"
        ) from error


def _line(error: Exception) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())[:100]}"


def _open(data: bytes, name: str) -> Part:
    """Open the package and return its main part; a variant that python-docx refuses is made ordinary first."""
    import docx

    with zipfile.ZipFile(BytesIO(data)) as package:
        if sum(item.file_size for item in package.infolist()) > _MAX_XML:
            raise UnreadableError(f"{name}: unpacked, the document is larger than 512 MB", reason="too_large")
    try:
        return docx.Document(BytesIO(data)).part
    except (KeyError, ValueError):
        return docx.Document(BytesIO(_ordinary(data))).part


def _ordinary(data: bytes) -> bytes:
    """Copy a package as python-docx wants it: transitional names, the plain content type, no dangling relations."""
    made = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as package, zipfile.ZipFile(made, "w") as copy:
        names = set(package.namelist())
        for item in package.infolist():
            content = package.read(item)
            if item.filename.endswith((".xml", ".rels")):
                content = _STRICT.sub(rb"http://schemas.openxmlformats.org/\1/2006/", content)
            if item.filename == _TYPES:
                content = _MAIN.sub(_PLAIN_MAIN, content)
            elif item.filename.endswith(".rels"):
                content = _without_dangling(content, item.filename, names)
            copy.writestr(item.filename, content)
    return made.getvalue()


def _without_dangling(content: bytes, name: str, names: set[str]) -> bytes:
    """Drop relations to parts that are not there; some programs write `word/NULL` for a lost picture."""
    from posixpath import dirname, join, normpath

    from docx.opc.oxml import parse_xml
    from lxml import etree

    root: Any = parse_xml(content)  # type: ignore[arg-type]  # bytes as well as str
    folder = "/" + dirname(dirname(name))
    for relation in list(root):
        target = normpath(join(folder, relation.get("Target", "").partition("#")[0])).lstrip("/")
        if relation.get("TargetMode") != "External" and target not in names:
            root.remove(relation)
    return bytes(etree.tostring(root))


def _related(main: Part, kind: str) -> Any:
    """XML root of a part beside the main one, or None; python-docx's own properties would add an empty part."""
    from docx.oxml.parser import parse_xml

    try:
        part = main.part_related_by(_RELATIONS + kind)
    except (KeyError, ValueError):
        return None
    return part.element if hasattr(part, "element") else parse_xml(part.blob)


def _properties(package: Any) -> Mapping[str, str]:
    """Creator, dates and title as the file states them; what cannot be read is left out."""
    from docx.opc.constants import RELATIONSHIP_TYPE

    try:
        core = package.part_related_by(RELATIONSHIP_TYPE.CORE_PROPERTIES).core_properties
    except (KeyError, ValueError, AttributeError):
        return {}
    stated = {
        "creator": core.author, "title": core.title, "created": core.created, "modified": core.modified,
    }  # fmt: skip
    return {key: found if isinstance(found, str) else found.isoformat() for key, found in stated.items() if found}
