"""What a web page states about its document: meta tags, the table with the 索引号, the line below the headline."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from yaodian.numerals import to_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from yaodian.readers.html_lines import Line, Page

# Names of the meta tags for government sites (GB/T; 政府网站发展指引), and what other systems write.
_META = [
    "SiteName", "SiteDomain", "SiteIDCode", "ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType",
    "ArticleTitle", "PubDate", "ContentSource", "Keywords", "Author", "Description", "Url", "Image", "FileNum",
    "IndexNum", "DocNumber", "Lanmu", "others",
]  # fmt: skip
_META_NAMES = {name.lower(): name for name in _META}
_META_PREFIXES = ("og:", "article:", "dc.", "dcterms.")
_NUMBERS = "发文字号 文号 发布文号 文件编号 文件字号 发文文号"
_ISSUERS = "发文机关 发文单位 发文机构 发布机构 发布单位 发布机关 制发机关 制定机关 印发机关 公开机构"
_DATES = (
    "成文日期 成文时间 发文日期 发文时间 印发日期 印发时间 "
    "生成日期 生成时间 发布日期 发布时间 公开日期 公开时间 公布日期"
)
_TITLES = "标题 名称 信息名称 文件名称 公文标题"
_INDEX = f"索引号 索取号 信息索引号 信息索引 主题分类 信息分类 有效性 时效性 {_NUMBERS} {_ISSUERS} {_DATES}"
_OTHERS = (
    f"{_TITLES} 组配分类 体裁分类 服务对象 公开责任部门 责任部门 信息来源 生效日期 生效时间 "
    "实施日期 施行日期 失效日期 失效时间 废止日期 废止时间 主题词 关键词 关键字 文件状态 "
    "效力状态 是否有效 公开方式 公开范围 公开程序 公开时限 公开形式 公开属性 内容概述 "
    "内容概要 信息格式 语种 载体类型 统一编号 规范性文件编号 记录形式 信息类别 信息类型 "
    "文件类型 公文种类 文种 概述 文件类别 统一登记号 所属机构 所属主题 分类"
)
_BELOW_HEADLINE = (
    "来源 文章来源 稿件来源 作者 浏览次数 浏览量 浏览 点击数 点击率 点击量 点击 阅读次数 "
    "阅读量 阅读 访问量 访问次数 字体大小 字体 字号 时间 日期 编辑 责任编辑 分享到 分享 "
    "视力保护色 保护视力色 审核 校对 初审 复审 终审 录入 打印 收藏"
)
_AMBIGUOUS = frozenset({"时间", "日期", "名称", "标题", "概述", "分类"})
_MIN_LABELS = 3
_MIN_VALUES = 2
_CUT = "\x1f"
_DOC_NUMBER = re.compile(r"[\u4e00-\u9fffA-Z]{1,16}[〔\[［【（(](?:19|20)\d{2}[〕\]］】）)]\s*第?\d{1,5}号")
_FIGURES = re.compile(r"(?<!\d)((?:19|20)\d\d)[-/.年](\d{1,2})[-/.月](\d{1,2})(?!\d)")
_CHINESE = re.compile(
    r"([二一][〇○零一二三四五六七八九]{3})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})日"
)
_SITE = re.compile(r"(?:网|网站|门户|政府|局|委|委员会|厅|部|平台|中心|办公室|频道|首页|公开|公告|动态|要闻|文件)$")
_TITLE_PARTS = re.compile(r"\s*[_|｜]\s*|\s+[-–—·>»]+\s+|\s*(?:--|>>)\s*")
_NO_TITLE = re.compile(
    r"(?:文章|文件|信息|内容|新闻)?(?:页|详情|详细|正文|详情页|内容页|无标题文档|untitled.*|index)", re.IGNORECASE
)
_WHITE = re.compile(r"\s+")


def _pattern(names: str) -> re.Pattern[str]:
    """Labels at a beginning, letter-spaced or not: with a colon anywhere, bare only as a text node of their own."""
    each = "|".join(r"\s*".join(name) for name in sorted(names.split(), key=len, reverse=True))
    return re.compile(
        rf"(?:(?<![^{_CUT}])[【\[]?\s*(?P<bare>{each})\s*[】\]]?(?=\s*(?:{_CUT}|\Z))|"
        rf"(?<![^\s{_CUT}|｜（(\[【])[【\[]?(?P<label>{each})\s*[】\]]?\s*{_CUT}?\s*[:：])\s*[:：]?"
    )


_INDEX_LABEL = _pattern(f"{_INDEX} {_OTHERS}")
_ANY_LABEL = _pattern(f"{_INDEX} {_OTHERS} {_BELOW_HEADLINE}")


@dataclass(slots=True)
class Facts:
    """What the page states, by its own names."""

    meta: dict[str, str] = field(default_factory=dict)
    stated: dict[str, str] = field(default_factory=dict)
    """Labels and values of the table with the 索引号 and of the line below the headline."""
    title: str | None = None
    """The page's `<title>` as it is."""
    lines: set[int] = field(default_factory=set)
    """Indices of the lines that hold nothing but labels and values of the table."""

    @property
    def titles(self) -> list[str]:
        """Names that the page gives its article, the surest first."""
        named = [
            _first(self.meta, "ArticleTitle"),
            _first(self.stated, *_TITLES.split()),
            _first(self.meta, "og:title"),
        ]
        return [compact(name) for name in named if name]

    def add(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Keep what is stated first."""
        for label, value in pairs:
            if value:
                self.stated.setdefault(label, value)

    def metadata(self, headline: str | None) -> dict[str, str]:
        """Fields of the record's metadata, where the page states them."""
        number = _first(self.stated, *_NUMBERS.split())
        dates = [self.stated.get(name) for name in [*_DATES.split(), "时间", "日期"]]
        dates += [_first(self.meta, "PubDate", "article:published_time")]
        found = {
            "title": next(iter(self.titles), None) or headline,
            "issuer": _first(self.stated, *_ISSUERS.split()),
            "doc_number": compact(number) if number and _DOC_NUMBER.search(compact(number)) else None,
            "date": next((day for text in dates if text and (day := iso_date(text))), None),
        }
        return {name: value for name, value in found.items() if value}

    def extra(self) -> dict[str, str]:
        """Everything stated, under its own name."""
        return {**self.meta, **self.stated}


def _first(values: Mapping[str, str], *names: str) -> str | None:
    return next((values[name] for name in names if values.get(name)), None)


def compact(text: str) -> str:
    """Drop white space beside Chinese characters."""
    return re.sub(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])", "", text).strip()


def plain(text: str) -> str:
    """A text without white space, to be compared."""
    return _WHITE.sub("", text)


def iso_date(text: str) -> str | None:
    """First date in `text` (`2023-3-1`, `2023年3月1日`, `二〇二三年三月一日`) as `YYYY-MM-DD`, or None."""
    text = re.sub(r"(?<=[-/.年月])\s+|\s+(?=[-/.年月日])", "", text)
    if match := _FIGURES.search(text):
        numbers: list[float | None] = [float(n) for n in match.groups()]
    elif match := _CHINESE.search(text.replace("○", "〇")):
        numbers = [to_number(n) for n in match.groups()]
    else:
        return None
    try:
        return date(*(int(n or 0) for n in numbers)).isoformat()
    except ValueError:
        return None


def is_doc_number(text: str) -> bool:
    """Whether a line is a document's number and nothing else."""
    return bool(_DOC_NUMBER.fullmatch(compact(text)))


def facts_of(root: Any, page: Page) -> Facts:
    """Read a page's meta tags and its table with the 索引号."""
    facts = Facts()
    for element in root.iter("meta"):
        name = (element.get("name") or element.get("property") or "").strip()
        value = (element.get("content") or "").strip()
        known = _META_NAMES.get(name.lower()) or (name if name.lower().startswith(_META_PREFIXES) else None)
        if known and value:
            facts.meta.setdefault(known, value)
    title = next(root.iter("title"), None)
    facts.title = " ".join("".join(title.itertext()).split()) if title is not None else None
    for run in _runs(page.lines):
        pairs = labelled([page.lines[index] for index in run], _INDEX_LABEL)
        names = {label for label, _ in pairs}
        if len(names) < _MIN_LABELS or not names & set(_INDEX.split()) or sum(bool(v) for _, v in pairs) < _MIN_VALUES:
            continue
        facts.lines.update(run)
        facts.add(pairs)
    return facts


def labelled(lines: Sequence[Line], pattern: re.Pattern[str] = _ANY_LABEL) -> list[tuple[str, str]]:
    """Labels and values of lines, as `label：value` or each in an element of its own."""
    text = _CUT.join(piece for line in lines for piece in line.pieces)
    matches = list(pattern.finditer(text))
    ends = [*(m.start() for m in matches[1:]), len(text)][: len(matches)]
    return [
        (plain(m["bare"] or m["label"]), " ".join(text[m.end() : end].replace(_CUT, " ").split()).strip("：: |｜"))
        for m, end in zip(matches, ends, strict=True)
    ]


def opens_with_label(line: Line) -> bool:
    """Whether a line begins with a label and a colon, as the line below a headline does."""
    text = _CUT.join(line.pieces)
    match = _ANY_LABEL.match(text)
    if not match or not match["label"]:
        return False
    # 时间： may begin an announcement as well; in company it is the page's.
    return plain(match["label"]) not in _AMBIGUOUS or len(_ANY_LABEL.findall(text)) > 1


def _runs(lines: Sequence[Line]) -> list[list[int]]:
    """Runs of lines that begin with a label, or hold the value of a label that stands alone."""
    runs: list[list[int]] = []
    waiting: Line | None = None
    for index, line in enumerate(lines):
        text = _CUT.join(line.pieces)
        follows = bool(runs) and runs[-1][-1] == index - 1
        if _INDEX_LABEL.match(text):
            if follows:
                runs[-1].append(index)
            else:
                runs.append([index])
            last = list(_INDEX_LABEL.finditer(text))[-1]
            waiting = line if last.end() == len(text) and not line.row else None
        elif follows and waiting and _beside(waiting, line):
            runs[-1].append(index)
            waiting = None
        else:
            waiting = None
    return runs


def _beside(label: Line, value: Line) -> bool:
    """Whether a value stands in the element that follows its label's, not somewhere further down the page."""
    element = label.element
    while element.getnext() is None and element.getparent() is not None:
        element = element.getparent()
    # An element that holds more than the label is none of its own.
    if plain("".join(element.itertext())) != plain(label.text):
        return False
    following = element.getnext()
    return following is not None and (value.element is following or following in value.element.iterancestors())


def article_name(title: str | None, known: Mapping[str, str]) -> str | None:
    """A `<title>` without the site's and the column's name, or None where nothing is left of it."""
    parts = [part.strip() for part in _TITLE_PARTS.split(title or "") if part.strip()]
    drop = {plain(value) for key in ("SiteName", "ColumnName") if (value := known.get(key))}
    parts = [part for part in parts if plain(part) not in drop and not _NO_TITLE.fullmatch(part)]
    if not parts:
        return None
    best = parts[0]
    if len(parts) > 1 and _SITE.search(best):
        best = max(parts, key=len)
    head, dash, tail = best.rpartition("-")
    return head.strip() if dash and head and _SITE.search(tail) else best
