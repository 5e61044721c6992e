"""REGULATION by grammar: bracketed titles, document numbers, quoted sets of texts, and plan names by period."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from yaodian.tag.base import Candidate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from yaodian.lexicon import Lexicon

_TITLE_LIMIT = 150
_BRACKET = re.compile(r"[《》\n]")
_NUMBER = r"[\u4e00-\u9fffA-Z]{1,16}?[〔\[［【（](?:19|20)\d{2}[〕\]］】）]第?\d{1,5}号"
# A document's number right behind its title, in brackets of its own.
_NUMBER_BEHIND = re.compile(
    rf"（(?:{_NUMBER}|[^（）〔〕，]{{0,20}}令第?\d{{1,4}}号|[A-Z]{{1,5}}(?:/[A-Z])? ?\d[\d.—-]{{1,12}})）"
)
# Searched from the year's bracket on, and from there to the left: most characters are never looked at twice.
_BARE_NUMBER = re.compile(r"[〔［\[](?:19|20)\d{2}[〕］\]]第?\d{1,5}号|令第?\d{1,4}号")
_ISSUER_BEFORE = re.compile(r"[\u4e00-\u9fff]{1,14}\Z")
_NUMBER_NOT_HEAD = re.compile(
    r".*(?:根据|按照|依据|依照|关于|以及|参照|对照|落实|执行|废止|印发|下发|转发|修订|修改|发布|要点|通知|方案|文件|意见|公文|的|和|与|及|由|见|照|以|将|日|年)"
)
# Kinds of text, whose presence at a title's end makes it a policy text whatever else it says.
_KIND = re.compile(
    r"(?:法|条例|办法|规定|细则|规则|规程|规范|标准|导则|指南|指引|手册|规划|计划|要点|安排|方案|预案|意见|通知|通报|决定|批复|"
    r"公告|通告|目录|清单|名录|纲要|制度|机制|措施|条款|要求|协议|公约|责任书|承诺书|任务书|图|表|函|令|报告|台账|办)"
    r"(?:（[^）]{1,30}）)?\Z"
)
_NO_POLICY = re.compile(
    r"(?:报|刊|杂志|日报|晚报|读本|选编|摘编|文选|文集|教材|丛书|之歌|故事|专题片|宣传片|纪录片|节目|栏目|论述|思想|学习问答|"
    r"一书|一封信|公开信|倡议书|简报|动态|快报|专刊|治国理政)(?:（[^）]{1,12}）)?\Z"
)
_NO_POLICY_BEFORE = re.compile(
    r"(?:专题片|宣传片|警示片|纪录片|电影|影片|歌曲|微视频|短视频|节目|栏目|专栏|话剧|报纸|杂志|图书|书籍|动漫)\Z"
)
_NO_POLICY_BEHIND = re.compile(
    r"(?:电视|警示|宣传|教育)?(?:专题片|宣传片|警示片|纪录片|电影|节目|栏目|专栏|公众号|杂志|歌曲|一书)"
)
_OVERALL_PLAN = re.compile(r"(?:国家|[省市县区])?(?:突发(?:公共)?事件)?总体应急预案")
_CN = "一二三四五六七八九十两"
_KIND_WORD = "法|条例|办法|规定|细则|规程|规范|标准|制度|方案|意见|清单|预案|机制"
_QUOTED_SET = re.compile(rf"“(?:[{_CN}\d]+(?:{_KIND_WORD})){{1,5}}”")
_PERIOD_PLAN = re.compile(
    rf"“十[{_CN}]五”(?:[\u4e00-\u9fff]{{0,18}}?)规划(?:纲要|《纲要》)?(?![^，。；、]{{0,2}}编制工作)|"
    rf"国民经济和社会发展第十[{_CN}]个五年规划(?:和2035年远景目标)?(?:纲要)?"
)
_ARTICLES = re.compile(
    r"条”?(?:硬措施|具体措施|重要措施|刚性措施|措施|举措|实施意见|禁令)|条(?:意见|规定)(?=[，。；、的])"
)
_ARTICLES_BEFORE = re.compile(
    rf"(?:国务院安委会|国务院|国家|全国|[省市县区])?(?:安全生产|安全防范|消防安全|燃气安全|防汛|矿山安全)?“?(?:[{_CN}十]{{1,3}}|\d{{1,3}})\Z"
)
_QUOTED_RULE = re.compile(
    rf"“[{_CN}\d]+[项条](?:准则|禁令|规定|纪律)”|“[^“”，。；\n]{{1,12}}”(?:[\u4e00-\u9fff]{{0,4}}(?:工作办法|管理办法|实施办法|工作制度|管理制度))"
)


class RegulationTagger:
    """Finds policy texts by how they are named; books, papers and films in brackets are left out."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._not = lexicon["NOT_REGULATION"]

    def __call__(self, text: str) -> Iterator[Candidate]:
        """Propose candidates."""
        yield from self._titles(text)
        for match in _BARE_NUMBER.finditer(text):
            before = _ISSUER_BEFORE.search(text, max(0, match.start() - 14), match.start())
            if before:
                cut = _NUMBER_NOT_HEAD.match(text, before.start(), match.start())
                start = cut.end() if cut else before.start()
                if start < match.start():
                    yield Candidate(start, match.end(), "REGULATION", "rule:document-number")
        yield from self._articles(text)
        if "总体应急预案" in text:
            for match in _OVERALL_PLAN.finditer(text):
                yield Candidate(match.start(), match.end(), "REGULATION", "rule:overall-plan", priority=1)
        for pattern, source in (
            (_QUOTED_SET, "rule:quoted-set"),
            (_PERIOD_PLAN, "rule:period-plan"),
            (_QUOTED_RULE, "rule:quoted-rule"),
        ):
            for match in pattern.finditer(text):
                yield Candidate(match.start(), match.end(), "REGULATION", source, priority=1)

    @staticmethod
    def _articles(text: str) -> Iterator[Candidate]:
        for match in _ARTICLES.finditer(text):
            floor = max(0, match.start() - 16)
            before = next(
                (m for at in range(floor, match.start()) if (m := _ARTICLES_BEFORE.match(text, at, match.start()))),
                None,
            )
            if before:
                yield Candidate(before.start(), match.end(), "REGULATION", "rule:articles", priority=1)

    def _titles(self, text: str) -> Iterator[Candidate]:
        depth, start = 0, 0
        for match in _BRACKET.finditer(text):
            char, position = match[0], match.start()
            if char == "\n":
                depth = 0
            elif char == "《":
                if depth == 0:
                    start = position
                depth += 1
            elif depth:
                depth -= 1
                if depth == 0 and position - start <= _TITLE_LIMIT and self._is_policy(text, start, position):
                    end = position + 1
                    behind = _NUMBER_BEHIND.match(text, end)
                    yield Candidate(start, behind.end() if behind else end, "REGULATION", "rule:title", priority=3)

    def _is_policy(self, text: str, start: int, closing: int) -> bool:
        title = text[start + 1 : closing]
        if not title or title in self._not:
            return False
        if _NO_POLICY_BEFORE.search(text, max(0, start - 4), start) or _NO_POLICY.search(title):
            return False
        if _NO_POLICY_BEHIND.match(text, closing + 1):
            return False
        return bool(_KIND.search(title)) or "，" not in title
