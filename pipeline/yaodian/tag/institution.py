"""INSTITUTION by grammar: place or level, field of duty, suffix; read from right to left, since right edges are easy.

A name is parsed backwards from its suffix (`局`, `办公室`, `指挥部`): fields of duty, levels, places and inner
suffixes are taken as long as they follow; an unlisted place before 县/市/区 is taken by its shape. What remains to
the left is the sentence's.
"""

from __future__ import annotations

import re
from copy import copy
from typing import TYPE_CHECKING

from yaodian.lexicon import Endings
from yaodian.lexicon.words import is_word
from yaodian.tag.base import Candidate
from yaodian.tag.duties import in_notes
from yaodian.tag.places import SUFFIXES, introduced, listed_stem, prefixes, shaped_place, unlisted_stem
from yaodian.tag.suffixes import REGION_GOES_ON, REGIONS, goes_on

if TYPE_CHECKING:
    from collections.abc import Iterator

    from yaodian.lexicon import Lexicon

_LIMIT = 40
_OPEN_LIMIT = 12
# What no name holds: marks other than quotes, function words, and the verbs that most often stand before a body.
_CLOSED = frozenset("，。；：、！？（）《》〈〉\n 的了等并把将对向由为不每个各和与及或在以经报请于从至到是有要应须会")
# What holds a clause together: a verb, or a body that ends before the field begins.
_CLAUSE = re.compile(
    r"抓|带|完善|推送|推动|设立|设置|成立|组成|组建|共建|合建|联建|开展|委托|聘请|邀请|召开|办好|争创|争取|动员|健全|加强|联合|"
    r"配备|落实|负责|会同|协调推|主任|局|厅|政府|党委|党组|委(?!员)|部(?=[\u4e00-\u9fff]{2})|[所校]|\d"
)
_NO_NAME = ("国家", "全国", "中央", "级", "地方", "上级", "各级", "基层", "属地", "社区")
_GRADE = re.compile(r"(?:国家|[省市区县州])级(?!人民|党委|政府)")
_GRADED = ("基地", "抢险队", "救援基地", "扑火队", "救援队", "救援支队")
_TAKES_FIRMS = (
    "督促",
    "组织",
    "支持",
    "依托",
    "联合",
    "引导",
    "推动",
    "协调",
    "指导",
    "要求",
    "会同",
    "引入",
    "约谈",
    "关闭",
    "排查",
)
_VERBS_TOO = frozenset(["组织", "考核", "调度", "指挥", "宣传", "培训", "监督", "督查", "督办", "研究"])
_FIRMS = frozenset(["公司", "有限公司", "有限责任公司", "股份有限公司", "责任公司", "集团", "集团公司", "集团有限公司"])
_NO_OPEN = frozenset(["机构", "学校", "基地", "救援基地", "联席会议", "机关", "工作站", "服务站", "救援队伍"])
# `社区党委`, `灾区医院`: regions of a kind, and no level of government.
_NO_DISTRICT = frozenset("灾片景疫牧林社校地范库矿厂")
# One-character words after which a name begins.
_OPENERS = frozenset("由对向与和及在到以将把为经报请赴从至同请按待令约邀与跟给让的是有")
_BRACKET = re.compile(
    r"（(?:[省市县区州旗乡镇街道盟委组处室场、办厅局院园科股站所]{1,9}|党组|党委|开发区|办事处|社区)）"
)
# `办公厅（室）`: the name of the same body at another level.
_ALSO = re.compile(r"（[室厅局委办处科院所中心]{1,2}）")
_ALSO_AFTER = ("厅", "局", "委", "办", "处", "院", "所", "大学")
_CAMPUS = re.compile(r"（[\u4e00-\u9fff]{2}）")
_SHARED_LEVELS = re.compile(
    r"(?:[国省市区县乡镇街州]|自治区|街道|各级)(?:、?(?:[省市区县乡镇村街州旗]|街道|社区)){1,4}(?:[两二三四五]级|各级)?"
)
_SHARED_ENDS = frozenset("省市区县乡镇村街州旗道区级")
_QUANTIFIER = re.compile(
    r"(?:各有关|各相关|地方各级|各级各类|各级各|各级|各|有关|相关|其他有关|其他相关|其他|所有|全体|涉及的)(?:[省市县区州]级|[省市县区州]直)?\Z|"
    r"(?:涉(?!及)[\u4e00-\u9fff]{1,3})\Z"
)
_QUANTIFIER_ENDS = frozenset("关级类各他有体的直")
# Each pattern that is tried everywhere opens with a look at what stands there, which spares the trial of all forms.
_SELF = re.compile(
    r"(?=[我本局厅委办院部会处中总支大街校])(?:(?:我|本)(?:局|厅|委|办|院|部(?!门|分|位)|中心|会(?!议)|署|大队|支队|总队|指挥部|街道|镇|乡)(?![\u4e00-\u9fff]?长)|"
    r"(?<![\u4e00-\u9fff])(?:局|厅|委|办|院|部|会|处|中心|总队|支队|大队|街道|校)(?:机关党委|机关各处室|机关各科室|机关各股室|机关|党组|党委|党工委|"
    r"党总支|党支部|办公室|领导班子(?!成员)|属各单位|属单位|属事业单位|直属各单位|直属单位|直属事业单位|直各单位|系统各单位|各处室|各科室|各部门))"
)
_COLLECTIVE = re.compile(
    r"(?=[各相有涉部政])(?:(?:各有关|各相关|各|相关|有关)(?:区|县|市|县区|区县|地区)(?:、|和)(?:部门|单位)|"
    r"(?:各有关|各相关|各级各类?|各级|各|相关|有关|涉及)(?P<one>地区|地(?![方质下理震面点图形])|区县|县区|区|县|市|州|旗|盟|镇街|街镇|乡镇|镇|街道|街)"
    r"(?P<more>（[市县区州、旗]{1,5}）)?(?![域间场政分划民级村属直])|"
    r"(?<![\u4e00-\u9fff])(?:各地区|各地)|(?:有关|各|相关)地方(?=[、，和要应])|"
    r"各省、自治区、直辖市(?:（[\u4e00-\u9fff]{1,8}）)?(?:人民政府)?|(?<=职责的)部门(?=[要应须和与，、]|依)|"
    r"(?<=党委[和、])政府(?![职投采购网工部办有各]))"
)
# 街道, 乡镇 and a brigade that speaks of itself count where they act.
_ACTING = re.compile(
    r"(?=[街乡镇大支办])(?:(?<=[由，。；、：与向归各])|(?<![\u4e00-\u9fff]))(?:街道|乡镇|镇街|大队|支队|办事处)"
    r"(?=[要应须需负按派共依组对每将在“、，和双]|主要|牵头|全部|全年|配合|提前|复核|落实|党工委|纪工委|各|设立)"
)
_NAMED_STREET = re.compile(
    r"(?=..街道)(?:(?<=[的、，和与及])|(?<![\u4e00-\u9fff]))(?![\u4e00-\u9fff]?[的个各了和在])[\u4e00-\u9fff]{2}街道(?![\u4e00-\u9fff]?面积|办事处)"
)
_OWN = re.compile(r"(?<![\u4e00-\u9fff])|(?<=[由经报向与和请在对各及、，])")
_ZONE_WORDS = (
    "临港",
    "经济",
    "高新",
    "工业",
    "产业",
    "经开",
    "综合保税",
    "化工园",
    "旅游度假",
    "新区",
    "空港",
    "开发",
    "街道",
    "派出所",
    "市场监管所",
    "司法所",
    "卫生院",
    "小学",
    "中学",
)
_LIST_BEFORE = re.compile(r"(?:等(?:有关|相关|主管|职能|多个)?|等各?)?\Z")


class InstitutionTagger:
    """Finds named and collective bodies by how names are built."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._grammar = _Grammar(lexicon)
        self._heads = lexicon["HEAD"]
        self._plurals = lexicon["PLURAL"]
        self._not = lexicon["NOT_INSTITUTION"]

    def __call__(self, text: str) -> Iterator[Candidate]:
        """Propose candidates."""
        vetoes = {end: start for start, end, _ in self._not.scan(text)}
        grammar = self._grammar.with_places(introduced(text))
        for start, end, entry in self._heads.scan(text):
            if (
                entry.category == "never"
                or goes_on(text, entry.term, end)
                or (end - start == 1 and text[start - 1 : start].isdigit())
            ):
                continue
            found = grammar.name(text, start, end, entry.category)
            if found is not None and found < vetoes.get(end, len(text) + 1) and not _is_grade(text, found, start):
                also = (
                    (_CAMPUS if entry.term == "大学" else _ALSO).match(text, end)
                    if entry.term.endswith(_ALSO_AFTER)
                    else None
                )
                yield Candidate(found, also.end() if also else end, "INSTITUTION", "rule:institution-suffix")
        for start, end, entry in self._plurals.scan(text):
            if goes_on(text, entry.term, end):
                continue
            found = grammar.collective(text, start, end, alone=entry.category == "alone")
            if found is not None and found < vetoes.get(end, len(text) + 1):
                yield Candidate(found, end, "INSTITUTION", "rule:institution-collective", priority=1)
        for pattern, source in (
            (_SELF, "rule:institution-self"),
            (_COLLECTIVE, "rule:institution-collective"),
            (_ACTING, "rule:institution-acting"),
            (_NAMED_STREET, "rule:institution-street"),
        ):
            for match in pattern.finditer(text):
                if match.start() < vetoes.get(match.end(), len(text)):
                    yield Candidate(match.start(), match.end(), "INSTITUTION", source)
        yield from in_notes(text)


def _is_grade(text: str, start: int, head: int) -> bool:
    """Whether a level says of what grade something is, not whose: `创建国家级危险化学品应急救援基地`."""
    return bool(_GRADE.match(text, start, head)) and text.startswith(_GRADED, head)


def _quantifier(text: str, end: int, floor: int = 0) -> re.Match[str] | None:
    """The words such as 各有关 that end at `end`."""
    if text[max(floor, end - 1) : end] in _QUANTIFIER_ENDS or "涉" in text[max(floor, end - 4) : end]:
        return _QUANTIFIER.search(text, max(floor, end - 8), end)
    return None


def _boundary(text: str, position: int) -> bool:
    """Whether a name can begin at `position`."""
    if not position or text[position - 1] in _OPENERS or not "\u4e00" <= text[position - 1] <= "\u9fff":
        return True
    return is_word(text[max(0, position - 2) : position])


def _before_firm(text: str, position: int) -> bool:
    """Whether a firm's name can begin at `position`: after a mark, a function word, or a verb that takes firms."""
    before = text[position - 1 : position]
    return not "\u4e00" <= before <= "\u9fff" or before in _OPENERS or text[:position].endswith(_TAKES_FIRMS)


def _firm(text: str, end: int) -> int | None:
    """Start of a firm's name, which opens with two characters that are no word: `[赤峡]铜业公司`, not `物业公司`."""
    for start in range(end - 2, max(0, end - _OPEN_LIMIT) - 1, -1):
        if text[start] in _CLOSED or not "\u4e00" <= text[start] <= "\u9fff":
            return None
        if _before_firm(text, start) and unlisted_stem(text, start + 2, start):
            return None if _CLAUSE.search(text, start, end) else start
    return None


class _Grammar:
    """Reads names from right to left."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._heads = lexicon["HEAD"]
        inner = {entry.term for entry in self._heads if len(entry.term) > 1 or entry.term in "委局厅部"}
        domains = {entry.term for entry in lexicon["DOMAIN"]}
        self._domains = Endings(domains)
        self._inner = Endings(inner)
        self._others = Endings(domains | inner | {entry.term for entry in lexicon["INSTITUTION"]})
        self._places = Endings(prefixes(lexicon))
        self._local: Endings | None = None

    def with_places(self, names: frozenset[str]) -> _Grammar:
        """Return the same grammar with places that one text introduces."""
        if not names:
            return self
        grammar = copy(self)
        grammar._local = Endings(names)  # noqa: SLF001
        return grammar

    def name(self, text: str, start: int, end: int, needs: str) -> int | None:
        """Start of the name that ends with the suffix `[start, end)`, or None if what `needs` names is missing."""
        begin = self._begin(text, start, end, needs)
        # `市场监督管理局` ends in 管理局, but is built of 市场监督管理 and 局.
        for length in range(end - start - 1, 0, -1):
            shorter = self._heads.get(text[end - length : end])
            if shorter and shorter.category != "never":
                other = self._begin(text, end - length, end, shorter.category)
                begin = other if begin is None or (other is not None and other < begin) else begin
        if begin is None:
            return None
        before = _quantifier(text, begin)
        return before.start() if before else begin

    def _begin(self, text: str, start: int, end: int, needs: str) -> int | None:
        begin, domains, places = self._leftwards(text, start, max(0, end - _LIMIT))
        if not places and end - start > 1 and text[start:end] not in _NO_OPEN:
            opened = self._open_field(text, begin)
            if opened is None and text[start:end] in _FIRMS:
                opened = _firm(text, begin)
            if opened is not None:
                return opened
        enough = {
            "alone": True,
            "strong": domains + places > 0,
            "domain": domains > 0,
            "place": places > 0,
            "both": domains > 0 and places > 0,
        }[needs]
        return begin if enough else None

    def _open_field(self, text: str, end: int) -> int | None:
        """Start of a name whose field of duty before `end` is not listed: `[市]托育综合`, `[鹤浦县]绿源农业`.

        The nearest place or level to the left opens the name where a boundary stands before it: punctuation, a
        function word or a word of the language. Words that hold a clause together cannot stand in between.
        """
        floor = max(0, end - _OPEN_LIMIT)
        position = end
        while position > floor and text[position - 1] not in _CLOSED:
            length = self._place(text, position, max(0, position - 8))
            if length and _boundary(text, position - length):
                place = text[position - length : position]
                between = position < end and (_CLAUSE.search(text, position, end) or place.endswith(_NO_NAME))
                return None if between or REGION_GOES_ON.match(text, position) else position - length
            position -= 1
        return None

    def collective(self, text: str, start: int, end: int, *, alone: bool) -> int | None:
        """Start of the collective name with the plural head `[start, end)`, or None if nothing singles it out."""
        floor = max(0, end - _LIMIT)
        quantifier = _quantifier(text, start, floor)
        if quantifier and quantifier[0].startswith("涉") and is_word(text[start - 1 : end]):
            # `涉水景区`: 景区 is a word, `涉农区县` two.
            return None
        if quantifier:
            begin = quantifier.start()
            level, domains, places = self._leftwards(text, begin, floor)
            return level if domains + places and self._can_stand_before_quantifier(text, level, begin) else begin
        if text[start:end] in REGIONS:
            return start if alone else None
        listed = self._list_of_fields(text, start, floor)
        begin, domains, places = self._leftwards(text, start, floor)
        begin = min(begin, listed) if listed is not None else begin
        if begin == start:
            return start if alone else None
        before = _quantifier(text, begin, floor)
        return before.start() if before else begin

    def _can_stand_before_quantifier(self, text: str, start: int, end: int) -> bool:
        """`市安委会[各成员单位]` and `市级[有关部门]` are one name, `各区[各部门]` and `全市[各单位]` are not."""
        piece = text[start:end]
        if piece.endswith("级"):
            return True
        return len(piece) > 1 and self._heads.ending_at(text, end, start) > 0 and not piece.endswith(("部门", "单位"))

    def _list_of_fields(self, text: str, end: int, floor: int) -> int | None:
        """Start of a list of fields before a shared head: `[应急、气象、水利等]部门`; at least two fields."""
        others = _LIST_BEFORE.search(text, max(floor, end - 5), end)
        position, fields = (others.start() if others else end), 0
        begin = None
        while length := self._domains.longest(text, position, floor):
            fields += 1
            begin = position - length
            if begin <= floor or text[begin - 1] not in "、和与及":
                break
            position = begin - 1
        return begin if fields > 1 else None

    def _leftwards(self, text: str, position: int, floor: int) -> tuple[int, int, int]:
        """Take parts to the left of `position`; returns where they begin, and how many fields and places they are."""
        domains, places, level_taken = 0, 0, False
        while position > floor:
            length, is_place = self._part(text, position, floor)
            if not length or (level_taken and not is_place and self._is_field(text, position, length)):
                break
            if (
                not is_place
                and text[position - length : position] in _VERBS_TOO
                and text[position] in "局厅委市省县区镇乡各中"
            ):
                # `组织局机关`: a field of duty in 组织部 and a verb before any other body.
                break
            # `考核本级政府有关部门`, `信息区应急指挥中心`: what stands before a level is no field of duty.
            level_taken = is_place and (length == 1 or text[position - 1] == "级")
            position -= length
            places += is_place
            domains += not is_place
        # `东渚临港经济区管委会`, `桂塘派出所`: zones and offices of the township level are named like a county.
        if text.startswith(_ZONE_WORDS, position):
            length = unlisted_stem(text, position, floor)
            if not length:
                length = listed_stem(text, position, floor) if text.startswith("街道", position) else 0
            position, places = position - length, places + bool(length)
        return position, domains, places

    def _is_field(self, text: str, end: int, length: int) -> bool:
        """Whether the part is a field of duty, and neither a body (`省纪委监委`驻厅) nor a short prefix (`团`县委)."""
        return length > 1 and text[end - 1] != "地" and not self._inner.longest(text, end, end - length)

    def _part(self, text: str, end: int, floor: int) -> tuple[int, bool]:
        """Length of the part of a name that ends at `end`, and whether it is a place or level."""
        if text[end - 1] == "）":
            opening = text.rfind("（", floor, end)
            bracket = _BRACKET.fullmatch(text, opening, end) if opening > floor else None
            return (end - opening, True) if bracket else (0, False)
        place = self._place(text, end, floor)
        other = self._others.longest(text, end, floor)
        if place >= other:
            return place, bool(place)
        return other, False

    def _place(self, text: str, end: int, floor: int) -> int:
        best = self._places.longest(text, end, floor)
        if self._local:
            best = max(best, self._local.longest(text, end, floor))
        if best == 2 and text[end - 1] in SUFFIXES and is_word(text[max(floor, end - 3) : end - 1]):
            # `完成县委`: 成县 is a county, but 完成 is a word.
            best = 1
        if best == 2 and end - 3 >= floor and text[end - 2] == "和" and text[end - 3] in "委局厅办会府":
            # `市安委会和县委`: 和县 is a county, but 和 joins two bodies.
            best = 1
        if text[end - 1] in _SHARED_ENDS:
            shared = _SHARED_LEVELS.search(text, max(floor, end - 12), end)
            if shared and shared.end() == end:
                best = max(best, end - shared.start())
        if best == 1 and text[end - 1] == "区" and end - 2 >= floor and text[end - 2] in _NO_DISTRICT:
            return 0
        if best <= 1 and text[end - 1] in SUFFIXES:
            best = max(best, shaped_place(text, end, floor))
        if not best and text[end - 1] in "局厅委办院" and _OWN.match(text, end - 1):
            best = 1
        return best
