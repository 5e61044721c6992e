"""Lines to paragraphs: what hard wraps tore apart is joined, and page furniture is set aside."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from yaodian.segment.numbering import opening
from yaodian.spans import Span, fold, trim

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_LINE = re.compile(r"[^\r\n\v\f\x85\u2028\u2029]+")
_PAGE_NUMBER = re.compile(r"[-—–·|\s]*第?\s*\d{1,4}\s*(?:/\s*\d{1,4}|页)?[-—–·|，\s]*(?:共\s*\d{1,4}\s*页)?[-—–·|\s]*")
# What a content-management system puts round a text; each opens a line of its own.
_FURNITURE = re.compile(
    r"【?(?:索\s*引\s*号|主题分类|主\s*题\s*词|信息分类|体裁分类|服务对象|组配分类|公开方式|公开范围|有\s*效\s*性|文件状态|"
    r"发布日期|发布时间|发文日期|成文日期|生成日期|公开日期|信息来源|稿件来源|来\s*源|作\s*者|责任编辑|编\s*辑|"
    r"字\s*体|字\s*号(?=[：\s])|浏览次数|浏览量|访问量|阅读|点击数|点击量|点击率|打印|关闭|收藏|分享|"
    r"扫一扫|上一篇|下一篇|相关链接|相关附件|相关解读|当前位置|您的位置|您现在的位置|网站首页|首页|版权所有|主办单位|"
    r"承办单位|技术支持|网站标识码|网站地图|联系我们|[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]ICP备|"
    r"政府网站标识码|Copyright|ICP备)",
    re.IGNORECASE,
)
_FURNITURE_LIMIT = 120
_MARKS_BEFORE = re.compile(r"(?:[#>]{1,6}\s+|\*\*)+")
_UNFINISHED = "，、（《〈“‘"
_TERMINAL = "。；！？：…"
_NARROW = re.compile(r"[\x00-\u2e7f]")
_MIN_LINES = 6
_MIN_WIDTH = 20
_WRAP_SHARE = 0.5
_FULL_SHARE = 0.82


def lines(text: str) -> list[Span]:
    """Spans of all lines that hold more than white space, trimmed, without their line ends."""
    found = (trim(text, m.start(), m.end()) for m in _LINE.finditer(text))
    return [_without_marks(text, span) for span in found if len(span)]


def _without_marks(text: str, span: Span) -> Span:
    """Leave Markdown's heading and emphasis marks at both ends of a line outside."""
    opened = _MARKS_BEFORE.match(text, span.start, span.end)
    start = opened.end() if opened and opened.end() < span.end else span.start
    end = span.end
    while text.endswith("**", start, end) and end - 2 > start:
        end -= 2
    return trim(text, start, end)


def is_furniture(line: str) -> bool:
    """Whether a line is a page number or belongs to the page round the text, not to the document."""
    if _PAGE_NUMBER.fullmatch(line):
        return True
    return len(line) <= _FURNITURE_LIMIT and bool(_FURNITURE.match(line)) and line[-1] not in "。；"


def width(line: str) -> int:
    """Columns that a line takes in print: a Chinese character takes two."""
    return 2 * len(line) - len(_NARROW.findall(line))


def wrap_width(texts: Sequence[str]) -> int | None:
    """Columns at which the document's lines were broken, or None where a line is a paragraph.

    A hard-wrapped text has most of its unfinished lines at nearly one width.
    """
    unfinished = sorted(w for t in texts if t[-1] not in _TERMINAL and (w := width(t)) >= _MIN_WIDTH)
    if len(unfinished) < _MIN_LINES or len(unfinished) < len(texts) * 0.3:
        return None
    typical = unfinished[int(len(unfinished) * 0.75)]
    near = sum(1 for w in unfinished if typical * 0.9 <= w <= typical * 1.1)
    return typical if near >= len(unfinished) * _WRAP_SHARE else None


def paragraphs(text: str, found: Iterable[Span]) -> list[tuple[Span, ...]]:
    """Group line spans into paragraphs; furniture is left out.

    A line goes on in the next when it stops at a comma or an opening mark, or when it reaches the document's wrap
    width without a terminator, and the next one opens no unit of its own.
    """
    kept = [(span, fold(text[span.start : span.end])) for span in found]
    kept = [(span, line) for span, line in kept if not is_furniture(line)]
    wrap = wrap_width([line for _, line in kept])
    result: list[list[Span]] = []
    previous = ""
    for span, line in kept:
        if result and _goes_on(previous, line, wrap):
            result[-1].append(span)
        else:
            result.append([span])
        previous = line
    return [tuple(group) for group in result]


def _goes_on(line: str, following: str, wrap: int | None) -> bool:
    full = wrap is not None and line[-1] not in _TERMINAL and width(line) >= wrap * _FULL_SHARE
    return (full or line[-1] in _UNFINISHED) and not opening(following, 0, len(following))
