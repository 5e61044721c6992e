"""Tables of texts: JSON Lines, CSV, Excel and Parquet with a text column; every row is a document.

The text column is the one named by the caller, else the first of the usual names. Columns that bear the record's
metadata under one of their usual names fill it; all others are kept as they are.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from itertools import islice
from typing import TYPE_CHECKING, Any, BinaryIO

from yaodian.decode import decode
from yaodian.errors import UnreadableError
from yaodian.readers.base import HEAD, Document, Member

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from yaodian.readers.base import Peek

TEXT = (
    "text",
    "content",
    "body",
    "fulltext",
    "full_text",
    "正文",
    "内容",
    "全文",
    "文本",
    "文件内容",
    "政策内容",
    "原文",
)
"""Names under which a text column is found, in this order."""
NAMES = {
    "id": ("doc_id", "id", "编号", "序号"),
    "title": ("title", "标题", "文件名称", "名称", "题名", "政策名称"),
    "issuer": ("issuer", "发文机关", "发布机构", "发文机构", "发文单位", "发布单位", "机构", "部门"),
    "doc_number": ("doc_number", "文号", "发文字号", "文件编号"),
    "date": ("date", "成文日期", "发文日期", "发布日期", "发布时间", "日期"),
    "plan_year": ("plan_year", "year", "年份", "年度"),
}
"""Names under which the record's metadata are found in a table."""
_YEAR = re.compile(r"(?:19|20)\d\d")
_DATE = re.compile(r"((?:19|20)\d\d)\s*[-/.年]\s*(\d{1,2})(?:\s*[-/.月]\s*(\d{1,2}))?")
_MIN_COLUMNS = 2
_SEEN = 6
_SEEN_CHARACTERS = 1024
_ROWS = 256
csv.field_size_limit(1 << 30)


def _document(row: Mapping[str, Any], column: str, kind: str, encoding: str | None) -> Document:
    """One row as a document."""
    by_name = {str(key).strip().lower(): key for key in row if key is not None}
    metadata: dict[str, Any] = {}
    used = {column}
    for name, aliases in NAMES.items():
        key = next((by_name[a] for a in aliases if a in by_name and row[by_name[a]] not in (None, "")), None)
        value = _metadata(name, row[key]) if key is not None and key not in used else None
        if key is not None and value is not None and name != "id":
            metadata[name] = value
    extra = {str(k): _plain(v) for k, v in row.items() if k not in used and k is not None and v not in (None, "")}
    text = row[column]
    return Document(
        text=text if isinstance(text, str) else "",
        format=kind,
        encoding=encoding,
        metadata=metadata,
        curated=True,
        extra=extra,
    )


def _id(row: Mapping[str, Any]) -> str | None:
    found = next((row[a] for a in NAMES["id"] if row.get(a) not in (None, "")), None)
    return str(found).strip() if found is not None else None


def _metadata(name: str, value: Any) -> Any:
    """A cell as the record wants it, or None where it cannot be that."""
    text = str(value).strip()
    if name == "plan_year":
        found = _YEAR.search(text)
        return int(found[0]) if found else None
    if name == "date":
        found = _DATE.search(text)
        if not found:
            return None
        parts = [found[1], *(f"{int(part):02d}" for part in found.groups()[1:] if part)]
        return "-".join(parts)
    return text


def _plain(value: Any) -> Any:
    return value if isinstance(value, (str, int, float, bool)) else str(value)


def _column(names: Iterable[Any], wanted: str | None, name: str) -> str:
    """Name of the text column.

    Raises:
        UnreadableError: there is none.
    """
    found = [str(n) for n in names if n is not None]
    if wanted is not None and wanted in found:
        return wanted
    by_name = {n.strip().lower(): n for n in found}
    column = next((by_name[t] for t in TEXT if t in by_name), None)
    if column is None or wanted is not None:
        raise UnreadableError(
            f"{name}: no text column{f' {wanted}' if wanted else ''} among {', '.join(found[:12])}; "
            "name it with --text-column",
            reason="unknown",
        )
    return column


def _members(
    rows: Iterable[tuple[int, Any]], *, name: str, kind: str, encoding: str | None, wanted: str | None
) -> Iterator[Member]:
    """Turn numbered rows into members; a row that is no mapping is a fault of its own."""
    column = None
    for number, row in rows:
        inside = f"{number:06d}"
        if isinstance(row, UnreadableError):
            yield Member(inside, row)
            continue
        if column is None:
            column = _column(row, wanted, name)
        if column not in row:
            missing = f"{name}!{inside}: no column {column} in this row; its columns: {', '.join(map(str, row))[:200]}"
            yield Member(inside, UnreadableError(missing, reason="unknown"))
            continue
        document = _document(row, column, kind, encoding)
        if document.text.strip():
            yield Member(inside, document, _id(row))
        else:
            yield Member(
                inside, UnreadableError(f"{name}!{inside}: column {column} is empty in this row", reason="empty")
            )


def _text_of_head(peek: Peek) -> tuple[str, str] | None:
    """First complete lines of a text file and its encoding, or None where it is no text."""
    head = peek.head
    if len(head) == HEAD:
        head = head[: head.rfind(b"\n") + 1] or head
    try:
        decoded = decode(head, name=peek.name)
    except UnreadableError:
        return None
    return decoded.text, decoded.encoding


def _lines(stream: BinaryIO, name: str) -> tuple[io.TextIOWrapper, str]:
    """Open a binary stream as text in the encoding of its beginning."""
    head = stream.read(HEAD)
    stream.seek(0)
    cut = head[: head.rfind(b"\n") + 1] if len(head) == HEAD else head
    encoding = decode(cut or head, name=name).encoding
    return io.TextIOWrapper(
        stream, encoding="utf-8-sig" if encoding == "utf-8" else encoding, errors="replace", newline=""
    ), encoding


class JsonTable:
    """JSON Lines, one object a row, or one JSON array of objects."""

    name = "jsonl"

    def matches(self, peek: Peek) -> bool:
        """Match by a first line that is an object, or the beginning of an array of objects."""
        found = _text_of_head(peek)
        if not found:
            return False
        start = found[0].lstrip("\ufeff \t\r\n")
        if re.match(r"\[\s*\{\s*\"", start):
            return True
        if not re.match(r"\{\s*\"", start):
            return False
        line, ended, _ = start.partition("\n")
        try:
            return isinstance(json.loads(line), dict)
        except ValueError:
            # A line longer than what was looked at cannot be complete.
            return not ended and len(peek.head) == HEAD

    def members(self, stream: BinaryIO, *, name: str, text_column: str | None = None) -> Iterator[Member]:
        """Yield one document a row.

        Raises:
            UnreadableError: no text column, or a damaged array.
        """
        lines, encoding = _lines(stream, name)
        with lines:
            first = lines.read(_SEEN_CHARACTERS).lstrip("\ufeff \t\r\n")[:1]
            lines.seek(0)
            rows = _array(lines, name) if first == "[" else _objects(lines, name)
            yield from _members(rows, name=name, kind=self.name, encoding=encoding, wanted=text_column)


def _array(lines: io.TextIOWrapper, name: str) -> Iterator[tuple[int, Any]]:
    try:
        found = json.load(lines)
    except (ValueError, RecursionError) as error:
        raise UnreadableError(f"{name}: not valid JSON ({error}); write one object a line", reason="broken") from error
    for number, row in enumerate(found, start=1):
        yield number, row if isinstance(row, dict) else _no_object(name, number)


def _objects(lines: Iterable[str], name: str) -> Iterator[tuple[int, Any]]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            yield number, UnreadableError(f"{name}:{number}: not valid JSON ({error}); mend this line", reason="broken")
            continue
        yield number, row if isinstance(row, dict) else _no_object(name, number)


def _no_object(name: str, number: int) -> UnreadableError:
    return UnreadableError(
        f"{name}:{number}: not a JSON object; a row is one object with named fields", reason="broken"
    )


class CsvTable:
    """CSV or tab-separated values with a header."""

    name = "csv"

    def matches(self, peek: Peek) -> bool:
        """Match a file whose name says so, or whose first line names a text column among others."""
        found = _text_of_head(peek)
        if not found:
            return False
        named = peek.name.lower().endswith((".csv", ".tsv"))
        first = found[0].lstrip("\ufeff").partition("\n")[0]
        reader = csv.reader(io.StringIO(found[0].lstrip("\ufeff")), delimiter=_delimiter(first))
        try:
            rows = list(islice(reader, _SEEN))
        except csv.Error:
            return False
        header = [cell.strip().lower() for cell in rows[0]] if rows else []
        # The last row may be cut off where the look ends.
        whole = rows[1:-1] if len(rows) < _SEEN else rows[1:]
        return (
            len(header) >= _MIN_COLUMNS
            and (named or any(cell in TEXT for cell in header))
            and all(len(row) == len(header) for row in whole if row)
        )

    def members(self, stream: BinaryIO, *, name: str, text_column: str | None = None) -> Iterator[Member]:
        """Yield one document a row.

        Raises:
            UnreadableError: no text column, or not CSV.
        """
        lines, encoding = _lines(stream, name)
        with lines:
            first = lines.readline()
            lines.seek(0)
            rows = csv.DictReader(lines, delimiter=_delimiter(first), strict=True)
            _column(rows.fieldnames or (), text_column, name)
            try:
                yield from _members(
                    enumerate(rows, start=1), name=name, kind=self.name, encoding=encoding, wanted=text_column
                )
            except csv.Error as error:
                raise UnreadableError(
                    f"{name}:{rows.line_num}: not valid CSV ({error}); mend it or save it again", reason="broken"
                ) from error


def _delimiter(header: str) -> str:
    return max(",\t;|", key=header.count)


class ParquetTable:
    """A Parquet file, read by batches of rows."""

    name = "parquet"

    def matches(self, peek: Peek) -> bool:
        """Match by the first bytes."""
        return peek.head.startswith(b"PAR1")

    def members(self, stream: BinaryIO, *, name: str, text_column: str | None = None) -> Iterator[Member]:
        """Yield one document a row.

        Raises:
            UnreadableError: no text column, or a damaged file.
        """
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            table = pq.ParquetFile(stream)
            batches = table.iter_batches(batch_size=_ROWS)
            rows = enumerate((row for batch in batches for row in batch.to_pylist()), start=1)
            _column(table.schema_arrow.names, text_column, name)
            yield from _members(rows, name=name, kind=self.name, encoding=None, wanted=text_column)
        except (pa.ArrowException, OSError) as error:
            raise UnreadableError(
                f"{name}: a damaged Parquet file ({_one_line(error)}); write it again", reason="broken"
            ) from error


class ExcelTable:
    """An Excel workbook: the rows of its first sheet that has a text column."""

    name = "xlsx"

    def matches(self, peek: Peek) -> bool:
        """Match a ZIP that holds a workbook."""
        if not peek.head.startswith(b"PK\x03\x04"):
            return False
        try:
            with zipfile.ZipFile(peek.stream) as archive:
                found = any(n.startswith("xl/workbook") for n in archive.namelist())
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
            found = False
        peek.stream.seek(0)
        return found

    def members(self, stream: BinaryIO, *, name: str, text_column: str | None = None) -> Iterator[Member]:
        """Yield one document a row.

        Raises:
            UnreadableError: no text column in any sheet, or a damaged file.
        """
        from python_calamine import CalamineError, load_workbook

        try:
            book = load_workbook(stream)
        except CalamineError as error:
            raise UnreadableError(
                f"{name}: a damaged workbook ({_one_line(error)}); save it again", reason="broken"
            ) from error
        headers: list[str] = []
        for sheet in book.sheet_names:
            rows = book.get_sheet_by_name(sheet).iter_rows()
            header = [str(cell) for cell in next(rows, [])]
            headers += header
            try:
                _column(header, text_column, name)
            except UnreadableError:
                continue
            numbered = ((i, dict(zip(header, row, strict=False))) for i, row in enumerate(rows, start=1))
            yield from _members(numbered, name=name, kind=self.name, encoding=None, wanted=text_column)
            return
        _column(headers, text_column, name)


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:160]
