"""What a document says of itself, read from the lines before and after its body."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from yaodian.numerals import to_number
from yaodian.record import Metadata
from yaodian.spans import fold

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

DOC_NUMBER = re.compile(
    r"[\u4e00-\u9fffA-Z]{1,16}[〔\[［【（](?:19|20)\d{2}[〕\]］】）]第?\d{1,5}号|"
    r"[\u4e00-\u9fff]{2,20}(?:令|公告|通告)第?\d{1,4}号"
)
_KINDS = (
    "工作要点|工作计划|工作方案|实施方案|行动计划|行动方案|工作安排|工作思路|工作报告|实施意见|指导意见|实施办法|"
    "管理办法|规划|意见|通知|决定|通报|批复|复函|办法|规定|条例|标准|计划|方案|要点|报告|纲要|预案|细则"
)
_TITLE = re.compile(rf".{{2,90}}(?:{_KINDS})(?:（[^）]{{1,12}}）)?[》”]?")
_TITLE_OF_NOTICE = re.compile(r"(?P<issuer>.{2,60}?)关于(?:印发|下发|转发|发布|做好|进一步|深入|全面|加强|开展|.{2})")
_ISSUER_OF_PLAN = re.compile(
    r"(?P<issuer>.{2,40}?(?:局|委|厅|部|院|办公室|办|委员会|指挥部|政府|大队|支队|总队|处|中心|街道))"
    r"(?:关于)?(?:印发)?[《“]?(?:\d{4}|二〇)"
)
_BODY_ALONE = re.compile(
    r"[\u4e00-\u9fff、]{2,40}(?:局|委|厅|部|院|办公室|办|委员会|指挥部|政府|大队|支队|总队|中心|街道办事处)"
)
_DATE = re.compile(
    r"(?P<y>\d{4}|[二一][〇○零ＯO一二三四五六七八九]{3})年(?P<m>\d{1,2}|[一二三四五六七八九十]{1,3})月"
    r"(?P<d>\d{1,2}|[一二三四五六七八九十]{1,3})日"
)
DATE_LINE = re.compile(rf"[（(]?{_DATE.pattern}(?:印发|发布)?[）)]?[。]?")
_YEAR = re.compile(r"(?P<y>(?:19|20)\d{2}|二[〇○零][〇○零一二三四五六七八九]{2})\s*年")
_DISCLOSURE = re.compile(
    r"[（【]?(?:此件|公开方式：|信息公开选项：|公开属性：)?(?P<d>(?:主动|依申请|不予|不)公开)[）】]?"
)
_ADDRESS_END = re.compile(r"[\u4e00-\u9fff、，（）“”\d]{2,300}：")
_NOT_ADDRESSED = re.compile(
    r"^(?:发文机关|发布机构|标题|名称|文号|发文字号|成文日期|发布日期|主题分类|主题词|索引号|各位代表)|如下|要求|以下|附件|问题|是指|内容|目标|原则"
)
_GENRES = (
    ("work_plan", re.compile(r"工作要点|工作计划|工作安排|重点工作|工作思路|年度计划|要点")),
    ("work_report", re.compile(r"工作报告|工作总结")),
    ("scheme", re.compile(r"方案|行动计划")),
    ("opinion", re.compile(r"意见")),
    ("notice", re.compile(r"通知|通报|批复|复函|决定")),
)


@dataclass(slots=True)
class Front:
    """Paragraph texts before the body, those after it, and the body's first lines, all folded."""

    before: Sequence[str]
    after: Sequence[str] = field(default=())


def iso_date(text: str) -> str | None:
    """First full date in `text` as `YYYY-MM-DD`, or None."""
    match = _DATE.search(text.replace("○", "〇").replace("Ｏ", "〇").replace("O", "〇"))
    if not match:
        return None
    year, month, day = (to_number(match[key]) for key in "ymd")
    if year and month and day and month <= 12 and day <= 31:
        return f"{int(year):04d}-{int(month):02d}-{int(day):02d}"
    return None


def is_addressees(line: str) -> bool:
    """Whether a line names the bodies a document is sent to (主送机关)."""
    return bool(_ADDRESS_END.fullmatch(line)) and not _NOT_ADDRESSED.search(line)


def is_title(line: str) -> bool:
    """Whether a line reads like a document's headline or the end of one."""
    return bool(_TITLE.fullmatch(line)) and "。" not in line


def metadata(front: Front) -> Metadata:
    """Read title, issuer, number, dates, addressees, disclosure note and genre."""
    before = list(front.before)
    title, lines = _title(before)
    plan = next((t for t in reversed(_titles(before)) if t != title), title)
    year = _YEAR.search(_after_number(plan or "")) or _YEAR.search(_after_number(title or ""))
    everything = [*before, *front.after]
    disclosure = next((m["d"] for line in everything if (m := _DISCLOSURE.fullmatch(line))), None)
    number = next((m[0] for line in before if (m := DOC_NUMBER.fullmatch(_after_number(line)))), None)
    addressees = next((line for line in before if is_addressees(line)), None)
    dates = [iso_date(line) for line in [*before, *front.after] if DATE_LINE.fullmatch(line)]
    genre = next((name for name, pattern in _GENRES if pattern.search(" ".join([title or "", plan or ""]))), None)
    return Metadata(
        title=title,
        issuer=_issuer(title, plan, lines, front.after),
        doc_number=number,
        date=next((d for d in dates if d), None),
        plan_year=_plan_year(year),
        addressees=_addressees(addressees) if addressees else (),
        disclosure=disclosure,
        genre=genre,
    )


def completed(found: Metadata, given: Mapping[str, Any], *, first: bool) -> Metadata:
    """Complete what a text says of itself by what is known from elsewhere (a web page's head, a table's columns).

    Args:
        found: read off the text.
        given: fields of Metadata; others are ignored.
        first: whether `given` holds where both say something; the date that a text bears always holds.
    """
    known = {k: v for k, v in given.items() if k in Metadata.model_fields and v not in (None, "")}
    update = {k: v for k, v in known.items() if getattr(found, k) in (None, ()) or (first and k != "date")}
    if is_title(fold(str(known.get("title", "")))):
        # What a page's head calls the title and reads like one is no piece of a headline over several lines.
        update["title"] = known["title"]
    title = update.get("title")
    if title:
        year = _plan_year(_YEAR.search(title))
        genre = next((name for name, pattern in _GENRES if pattern.search(title)), None)
        update = {"plan_year": found.plan_year or year, "genre": found.genre or genre} | update
    return Metadata.model_validate(found.model_dump() | update)


def _after_number(line: str) -> str:
    return re.sub(r"^(?:发文字号|文\s*号)：", "", line).strip()


def _plan_year(match: re.Match[str] | None) -> int | None:
    if not match:
        return None
    value = to_number(match["y"].replace("○", "〇"))
    return int(value) if value else None


def _titles(before: Sequence[str]) -> list[str]:
    return [line for line in before if is_title(line)]


def _title(before: Sequence[str]) -> tuple[str | None, list[str]]:
    """Title, joined where it stands on two or three lines, and the lines above it."""
    for index, line in enumerate(before[:12]):
        if DOC_NUMBER.fullmatch(line) or is_addressees(line) or "。" in line:
            continue
        if is_title(line):
            head = ""
            for back in range(index - 1, max(index - 3, -1), -1):
                above = before[back]
                if (
                    is_title(above)
                    or "。" in above
                    or not (
                        re.search(r"关于|印发|转发|\d{4}年|进一步|人民政府|[，、]$", above)
                        or (line.startswith("关于") and not head and _BODY_ALONE.fullmatch(above))
                    )
                ):
                    break
                if DOC_NUMBER.fullmatch(above) or is_addressees(above) or DATE_LINE.fullmatch(above):
                    break
                head = above + head
            return head + line, list(before[:index])
    first = next((x for x in before if not DOC_NUMBER.fullmatch(x) and x[-1] not in "。：" and "。" not in x), None)
    return first, []


def _issuer(title: str | None, plan: str | None, above: Sequence[str], after: Sequence[str]) -> str | None:
    for text in (title, plan):
        match = _TITLE_OF_NOTICE.match(text or "") or _ISSUER_OF_PLAN.match(text or "")
        if match:
            return match["issuer"].lstrip("《“")
    for line in above:
        match = re.fullmatch(r"(.{2,40})文件", line)
        if match:
            return match[1]
    for index, line in enumerate(after):
        if index and DATE_LINE.fullmatch(line) and len(after[index - 1]) <= 40:
            return after[index - 1]
    return None


def _addressees(line: str) -> tuple[str, ...]:
    parts = [p for part in re.split(r"[，；]", line.rstrip("：")) for p in _split_list(part)]
    return tuple(p for p in parts if p)


def _split_list(part: str) -> list[str]:
    """Split at `、` outside brackets where each side can stand alone (`厅机关各处室、各直属单位`)."""
    pieces = re.split(r"、(?![^（]*）)", part)
    if any(len(piece) < 3 for piece in pieces):
        return [part]
    return pieces
