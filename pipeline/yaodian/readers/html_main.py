"""Which of a page's lines are its main text.

The element that holds it is found by name (the editors and systems of Chinese government sites and of WeChat), else
with trafilatura; then all lines in it are taken, because trafilatura itself leaves out headings, short paragraphs and
repeated lines. At both ends the lines of the page round the text are set aside.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from yaodian.readers.html_facts import is_doc_number, labelled, opens_with_label, plain

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from yaodian.readers.html_facts import Facts
    from yaodian.readers.html_lines import Line, Page

_CONTAINERS = re.compile(
    r"UCAP-CONTENT|TRS_EDITOR|TRS_UEDITOR|trs_editor_view|Custom_UnionStyle|zoom(?:con)?|fontzoom|js_content|"
    r"rich_media_content|pages_content|vsb_content(?:_\d+)?|v_news_content|bt_content|xxgk_content|"
    r"article[-_]?(?:content|body|con|text|txt)|news[-_]?(?:content|con|text)|con[-_]?(?:text|txt)|text[-_]?content|"
    r"info[-_]?content|detail[-_]?(?:content|con)|main[-_]?(?:text|txt)",
    re.IGNORECASE,
)
_AROUND_TAGS = frozenset({"nav", "footer", "aside"})
_AROUND = re.compile(
    r"(?:^|[-_])(?:foot(?:er)?|sidebar|aside|related|relate|recommend|comments?|copyright|friend-?links?|"
    r"nav(?:bar|igation)?|menu|crumbs?|bread-?crumbs?|position|location|weizhi|dqwz|share|bdshare\w*|jiathis\w*|"
    r"social|print|font-?size|qr-?code|ewm|erweima|tool(?:bar|s)?|xgwz|xgyd|xgxx|xgjd|prev-?next|page-?turn|sxp|"
    r"links?|login|search|top-?bar|reward)(?:$|[-_\d])",
    re.IGNORECASE,
)
_FOOT = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]ICP备|ICP备(?:案号)?[:：\d]|公网安备|网站标识码|版权所有|"
    r"Copyright|^(?:网站)?(?:主办|承办|协办|技术支持|主管)(?:单位)?[:：]|免责声明|您访问的链接即将离开|(?:建议|推荐)使用.{0,30}浏览器|"
    r"未经.{0,20}(?:授权|许可).{0,12}转载|无障碍(?:浏览|阅读)",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"^(?:您|你)?(?:现在|当前)?的?(?:所在)?(?:位置|栏目)(?:是)?[:：]|^(?:网站)?首页\s*(?:[>》›»/]|-+>?)|^[>›»]"
)
_BUTTONS = re.compile(
    r"(?:[【\[（(]?\s*(?:打印(?:本页|此页|文章|页面)?|关闭(?:本页|窗口|页面)?|收藏(?:本页)?|返回(?:顶部|首页|上页)?|纠错|我要纠错|下载|"
    r"分享(?:到)?|复制链接|微信|微博|新浪微博|腾讯微博|QQ空间|QQ好友|QQ|人人网|更多|放大|缩小|大|中|小|默认|字体|字号|超大|朗读|听全文|"
    r"扫一扫[^。]{0,24}|手机(?:浏览|阅读)|返回列表|点赞|在看|赞)\s*[】\]）)]?[\s|｜:：+\-/]*)+",
    re.IGNORECASE,
)
_NEIGHBOURS = re.compile(
    r"^[【\[]?(?:上一(?:篇|条|页)|下一(?:篇|条|页)|前一篇|后一篇|相关(?:链接|阅读|解读|稿件|文章|新闻|报道|政策|推荐|信息|文件|内容)|"
    r"推荐阅读|延伸阅读|猜你喜欢|热门(?:文章|推荐)|图解|政策解读|解读(?:文件|材料)|友情链接|微信扫一扫|预览时标签不可点|继续滑动看下一个)"
    r"(?:$|[\s】\]:：>])"
)
_CREDIT = re.compile(
    r"^[【\[（(]?\s*(?:责任编辑|责编|编辑|(?:信息|文章|稿件)?来源|作者|审核|校对|初审|终审|扫一扫|分享到?)\s*[:：]"
)
_ATTACHED = re.compile(r"附\s*件|附\s*表|\.(?:docx?|xlsx?|pdf|wps|et|ofd|zip|rar)\b", re.IGNORECASE)
_DAY = re.compile(r"[（(]?(?:\d{4}|[二一][〇○零一二三四五六七八九]{3})\s*年\s*.{1,3}月\s*.{1,3}日[）)]?")
_OPENS = re.compile(
    r"第[一二三四五六七八九十\d]{1,3}(?:部分|[章节条])|[一二三四五六七八九十]{1,3}、|（[一二三四五六七八九十]{1,3}）|\d{1,2}[.．、](?!\d)"
)
_SENTENCE = re.compile(r"[。；！？]")
_NEEDS_SCRIPT = re.compile(r"JavaScript|启用脚本|正在加载|加载中|Loading", re.IGNORECASE)
_PROSE = 20
_SHELL = 200
_SHARE = 0.6
_EVIDENCE_SHARE = 0.8
_AROUND_SHARE = 0.3
_LEAST = 8
_HEAD_LINES = 8
_TAIL_LINES = 4


def containers(root: Any) -> list[Any]:
    """Elements whose name says that they hold an article, outermost ones only."""
    found: list[Any] = []
    for element in root.iter():
        if element.tag in ("html", "body", "meta", "script", "style", "a", "input", "link"):
            continue
        names = f"{element.get('class') or ''} {element.get('id') or ''}".split()
        named = element.tag == "ucapcontent" or any(_CONTAINERS.fullmatch(name) for name in names)
        if named and not any(outer in found for outer in element.iterancestors()):
            found.append(element)
    return found


def main_lines(page: Page, facts: Facts, *, named: Sequence[Any], source: str) -> list[int]:
    """Indices of the lines of the main text, ascending; empty where the page has none.

    Args:
        page: its lines.
        facts: what it states; the lines of its table of labels are no text.
        named: its `containers`.
        source: the page as it was decoded.
    """
    around = _around(page, named)
    usable = [i for i in range(len(page.lines)) if i not in around and i not in facts.lines]
    roots = _roots(page, usable, named, source)
    inside = [i for i in usable if any(page.holds(root, page.lines[i]) for root in roots)]
    chosen = _without_end(page.lines, _without_beginning(page.lines, inside, facts))
    if not chosen or not _is_text([page.lines[i] for i in chosen]):
        return []
    return chosen + _signature(page.lines, chosen[-1], [i for i in usable if i > inside[-1]])


def is_prose(line: Line) -> bool:
    """Whether a line is a sentence of a text rather than a menu's, a list's or a footer's entry."""
    free = len(line.text) - line.linked
    return free >= _PROSE and line.linked < free and bool(_SENTENCE.search(line.text)) and not _FOOT.search(line.text)


def _weight(lines: Iterable[Line]) -> int:
    return sum(len(line.text) - line.linked for line in lines if is_prose(line))


def _around(page: Page, named: Collection[Any]) -> set[int]:
    """Indices of lines in menus, side bars, share bars and footers: by tag or name, and without the main text."""
    total = _weight(page.lines)
    result: set[int] = set()
    starts = {element for element in page.begin if _is_around(element)}
    for element in starts:
        if any(above in starts for above in element.iterancestors()) or _inside_or_holds(page, element, named):
            continue
        held = page.within(element)
        weight = _weight(page.lines[i] for i in held)
        bare = not weight and not any(_is_unit(page.lines[i]) for i in held)
        if weight <= total * _AROUND_SHARE if element.tag in _AROUND_TAGS else bare:
            result.update(held)
    return result


def _is_around(element: Any) -> bool:
    if element.tag in _AROUND_TAGS:
        return True
    names = f"{element.get('class') or ''} {element.get('id') or ''}".split()
    return element.tag not in ("html", "body") and any(_AROUND.search(name) for name in names)


def _inside_or_holds(page: Page, element: Any, named: Collection[Any]) -> bool:
    begin, end = page.begin[element], page.end[element]
    return any(begin <= page.begin.get(n, -1) < end for n in named)


def _roots(page: Page, usable: Sequence[int], named: Sequence[Any], source: str) -> list[Any]:
    """Elements that hold the main text together."""
    lines = [page.lines[i] for i in usable]
    total = _weight(lines)
    roots = [e for e in named if any(page.holds(e, line) for line in lines)]
    if not roots or _weight(x for x in lines if any(page.holds(e, x) for e in roots)) < total * _SHARE:
        roots = _by_evidence(page, lines, source)
    if not roots:
        return []
    outside = [x for x in lines if _is_unit(x) and not any(page.holds(e, x) for e in roots)]
    if not outside:
        return roots
    held = [x for x in lines if any(page.holds(e, x) for e in roots)]
    return [page.around([*held, *outside])]


def _is_unit(line: Line) -> bool:
    """Whether a line opens a numbered unit of a plan, so that it must not be left outside."""
    return bool(_OPENS.match(line.text)) and line.linked * 2 < len(line.text)


def _by_evidence(page: Page, lines: Sequence[Line], source: str) -> list[Any]:
    """Return the innermost element round all lines that trafilatura takes for main text, or round all sentences."""
    from trafilatura import extract

    prose = [line for line in lines if is_prose(line)]
    text = plain(extract(source, favor_recall=True, include_tables=True, include_comments=False) or "")
    kept = [
        line for line in lines if len(line.text) >= _PROSE and plain(line.text) in text and not _FOOT.search(line.text)
    ]
    if _weight(kept) < _weight(prose) * _EVIDENCE_SHARE or not kept:
        kept = [*kept, *prose]
    if not kept:
        kept = [line for line in lines if line.linked * 2 < len(line.text) and not _FOOT.search(line.text)]
    return [page.around(kept)] if kept else []


def _without_beginning(lines: Sequence[Line], inside: Sequence[int], facts: Facts) -> list[int]:
    """Drop what stands above the first sentence and is none of the text: the way to the page, dates, buttons, links.

    A headline that stands there twice, for the page and for the document, is kept once.
    """
    first = next((n for n, i in enumerate(inside) if is_prose(lines[i])), min(len(inside), _HEAD_LINES))
    kept: list[int] = []
    for n, index in enumerate(inside):
        line = lines[index]
        if n < first:
            if opens_with_label(line) and not is_doc_number(line.text):
                facts.add(labelled([line]))
                continue
            again = line.heading is not None and any(
                plain(lines[i].text) == plain(line.text) for i in inside[n + 1 : n + _HEAD_LINES]
            )
            if again or _is_edge(line) or _is_link(line):
                continue
        kept.append(index)
    return kept


def _without_end(lines: Sequence[Line], inside: Sequence[int]) -> list[int]:
    """Drop what stands below the last sentence and is none of the text: footers, buttons, neighbours, related links."""
    last = max((n for n, i in enumerate(inside) if is_prose(lines[i])), default=-1)
    kept = list(inside[: last + 1])
    tail = list(inside[last + 1 :])
    units = max((n for n, i in enumerate(tail) if _is_unit(lines[i])), default=-1)
    cut = next((n for n, i in enumerate(tail) if n > units and _NEIGHBOURS.match(lines[i].text)), len(tail))
    tail = [i for n, i in enumerate(tail) if n < cut or _DAY.fullmatch(lines[i].text) or _is_attached(lines[i])]
    tail = [i for i in tail if not _is_edge(lines[i]) and not _CREDIT.match(lines[i].text)]
    while tail and _is_link(lines[tail[-1]]):
        tail.pop()
    return [*kept, *tail]


def _is_edge(line: Line) -> bool:
    text = line.text
    return not line.row and bool(_FOOT.search(text) or _PLACE.match(text) or _BUTTONS.fullmatch(text))


def _is_attached(line: Line) -> bool:
    return bool(_ATTACHED.search(line.text)) and not _NEIGHBOURS.match(line.text)


def _is_link(line: Line) -> bool:
    return line.linked >= len(plain(line.text)) * 0.8 and not _is_attached(line) and line.heading is None


def _is_text(lines: Sequence[Line]) -> bool:
    """Whether there is a text at all: not a menu, a form to log in, or a shell that scripts would fill."""
    if any(is_prose(line) for line in lines):
        whole = "".join(line.text for line in lines)
        return len(whole) >= _SHELL or not _NEEDS_SCRIPT.search(whole)
    free = sum(len(line.text) - line.linked for line in lines)
    linked = sum(line.linked for line in lines)
    form = any(e.tag == "input" for e in lines[0].element.getroottree().iter("input") if e.get("type") == "password")
    shell = free < _SHELL and any(_NEEDS_SCRIPT.search(line.text) for line in lines)
    return free >= _LEAST and linked <= free and not form and not shell


def _signature(lines: Sequence[Line], last: int, below: Sequence[int]) -> list[int]:
    """A signature with its date, which systems put below the text's own element."""
    following = below[:_TAIL_LINES]
    dated = next((n for n, i in enumerate(following) if _DAY.fullmatch(lines[i].text)), None)
    if dated is None or _DAY.fullmatch(lines[last].text):
        return []
    return [i for i in following[: dated + 1] if not _is_edge(lines[i]) and not opens_with_label(lines[i])]
