"""What a figure measures: the noun behind a count, else the words before the figure that name it.

The name is a contiguous stretch of the sentence, without the verb that governs it, its subject and its time.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from yaodian.normalise.context import Context

_CLAUSE = re.compile(r"[，。；：（）、\n]")
_WIDE_CLAUSE = re.compile(r"[，。；：（）\n]")
_BOUND_BEHIND = re.compile(r"(?:以上|以下|以内|之内|左右|上下|及以上|时间|的|多|余)+")
_WITHIN = re.compile(r"(?:时间)?(?:以内|之内|内|前|后)")
# A verb behind the noun ends it, unless the verb is the noun's own end (`基层卫生人员轮训`).
_VERB_BEHIND = re.compile(
    r"(?:开展|落实|列入|试用|进行|实施|实现|完成|担任|参加|参与|接受|纳入|足额|全部|全面|逐|由|要|应(?!急)|须|将|在|于|对|从|每|按|已|未|"
    r"不|达到|达|进(?!修|口)|到(?!位率)|给|用于|均|分别|两年|最严重|立马|一律|组建|配备|设置|签订|推动|做好|负责|执行|采取|建立|实行|先行|各|需要)(?=.)"
)
_AND = re.compile(r"(?:和|及|与|或)")
_FIGURE = re.compile(
    r"(?=[\d.，一二三四五六七八九十百千两])(?:[\d.，]*\d[\d.，]*[^\d、，]{0,6}[、和及与]|[一二三四五六七八九十百千两]+[个项名家处座次]、)"
)
_CHANGE_WORDS = (
    "不低于|不少于|不小于|不超过|不高于|不大于|不得低于|不得少于|不得超过|不短于|不迟于|不晚于|至少|最多|最高|最高可|最高达|最高可达|超过|突破|高于|低于|大于|小于|约|近|均|"
    "再|各|分别|力争|同比|累计|较上年|比上年|较去年|比去年|上|以上|达到|达|降至|降到|压降到|提高到|提升到|提高至|提升至|增至|增加到|控制在|保持在|稳定在|维持在|缩短为|缩短至|压缩至|压减至|"
    "为|在|至|到|提前|下降|增长|提高|减少|增加|降低|提升|缩短|上升|节约|压减|净增|满|就|仅|共|共计|合计|已|有|才|要|新增|保持|连续|总数|延长|收窄|≥|≤|＞|＜|占|努力|实现|"
    "年内|年底|全年"
)
_CHANGE = re.compile(rf"(?:{_CHANGE_WORDS}|总量(?=达)|(?:今年|明年|上半年|\d{{1,2}}月|年|季度|月)(?:底|末)?前)+$")
# Most clauses end in none of these, and one look at the last character spares the trial from every position.
_CHANGE_ENDS = frozenset(word[-1] for word in _CHANGE_WORDS.split("|")) | {"前"}
# Figures that share one name: `分别达到100%、[95%]`.
_EARLIER = re.compile(r"(?:[\d.，]*\d[^\s\d，。；、]{0,5}(?:、|和|及|与))+$")
_AT_LEAST = re.compile(r"^(?:至少|全年|应|不少于)+")
_FIGURE_AT_END = re.compile(r"[\d.，]+[^\d]{0,4}$")
_NO_NOUN = re.compile(r"[\d\s“《]")
_THRESHOLD = re.compile(r"(?:以上|以下|以内)?的")
_FROM = re.compile(r"(?:由|从)(?:(?:19|20)\d{2}年[末底初度]?)?(?:目前|原来|去年|上年|的|\d)?[^，。；]{0,8}$")
# `由8张增加到16张`: what stands behind is no name.
_TURNS_INTO = re.compile(r"(?:提高|提升|增加|扩大|压缩|压减|缩短|减少|下降|降低|调整|扩充|增|升|降|减|扩)[至到为]")
_COMPARED = re.compile(r"(?:较|比|与|同)(?:去年|上年|上一年度?|(?:19|20)\d{2}年|前)(?:同期|相比|底|末)?$")
_NUMBERING = re.compile(
    r"^\s*(?:[\d.]{1,4}[.．、\s]+|[一二三四五六七八九十]{1,2}[是要]|首先|其次|其中|同时|并|且|再|确保|力争|努力|剩余)+"
)
_TIME = re.compile(
    r"^(?:(?:今|明|去|上|当)年|全年|年内|年底前?|(?:上|下)半年|[一二三四]季度|第[一二三四]季度|\d{4}年|\d{1,2}月(?:\d{1,2}日|底|初|中旬|上旬|下旬)?前?|"
    r"(?:主汛期|汛期|汛|春节|国庆节?|开学|入汛|入冬)前?|到\d{4}年底?|全市|全省|全县|全区|全系统|累计|共|原则上|要|将|把|对|使)+"
)
_RECURS = re.compile(
    r"(?:每|各)(?:半年|年度?|季度|季|个月|月|两周|周|旬|日|天|学期|人|家|名|校|村|站|个|班|栋|次)(?:度)?"
)
# A body that acts: its name ends in a known suffix, and a word of duty or recurrence follows, or the name is long.
_SUBJECT = re.compile(
    r"^(?:由|请|会同|督促)?[\u4e00-\u9fff“”、（）]{1,24}?(?:局|厅|委|办公室|支队|大队|总队|公司|部门|单位|街道|乡镇|政府|中心|指挥部|处室|科室|企业|责任人|负责人)"
    r"(?:要|应(?!急)|须|将|牵头|负责|对|(?=每))|^(?:由|请|会同)[\u4e00-\u9fff“”、（）]{1,24}?(?:局|厅|委|办|支队|大队|公司|部门|单位|中心)(?=[\u4e00-\u9fff]{2})"
)
_VERB_BEFORE = re.compile(
    r"^(?:完成|新建|建成|设立|整治|发生|明确|制定|组织|开展|实施|采集|新增|启用|评选|调整|发放|配备|增设|设置|建设|加固改造|加固|改造|形成|推广|培育|创建|新开工|"
    r"选派|招聘|引进|遴选|办理|受理|查处|立案|检查|安排|投入|筹集|下达|争取|落实|补充|储备|购置|更新|修订|编制|出台|印发|举办|召开|拍摄|编发|接入|汇聚|打造|申报|实现|保持|满足|关闭|压减|拆除|更换|铺设|划定|督促|加大|提供|覆盖|辖区|区级|市级储备|命名|组建|打成|计划|预计|推进|推动|聚焦|办好|(?:[市县区省]内)?现有|整改完成|建立|实行)+"
)
_DURATION = frozenset({"duration", "frequency"})
_LONGEST = 24
_HEAD = 4
_COMPARED_WITH = re.compile(r"(?:超过|高于|低于|大于|小于|不足|达到?|不少于|不低于|少于|多于)$")
_BY_ITSELF = frozenset({"ratio", "money", "duration", "frequency", "temperature", "other"})
"""Dimensions whose figure stands behind what it measures; a count stands before it."""


def indicator(context: Context, dimension: str) -> str | None:
    """Words of the sentence that name what the figure measures, None where nothing does."""
    right = context.right
    clause = _CLAUSE.search(right)
    right = right[: clause.start()] if clause else right
    within = _WITHIN.match(right) if dimension in _DURATION else None
    if within and len(right) - within.end() > 1:
        return _cut(_action(right[within.end() :]))
    if _THRESHOLD.match(right) and _COMPARED_WITH.search(context.left):
        named = _before(context.left, clauses=1)
        if len(named) > 1:
            return _cut(named)
    behind = "" if dimension in _BY_ITSELF or _TURNS_INTO.match(right) else _noun(right)
    if len(behind) > 1:
        return _cut(behind)
    before = _before(context.left)
    if len(before) > 1:
        return _cut(before)
    rest = _noun(right)
    return _cut(rest) if len(rest) > 1 else None


def _cut(words: str) -> str:
    return words[:_LONGEST]


def _action(words: str) -> str:
    """The act that a period is set for: `[2小时]内报告初步灾情`."""
    stop = re.search(r"[一二三四五六七八九十\d“《]", words)
    return words[: stop.start()] if stop and stop.start() > 1 else words


def _noun(right: str) -> str:
    """The noun at the head of what stands behind the figure."""
    words = _BOUND_BEHIND.sub("", right, count=1) if _BOUND_BEHIND.match(right) else right
    words = _NO_NOUN.split(words, maxsplit=1)[0] if not words.startswith("“") else words
    verb = _VERB_BEHIND.search(words, 2)
    words = words[: verb.start()] if verb else words
    joint = _AND.search(words, 2)
    words = words[: joint.start()] if joint else words
    before, of, after = words.rpartition("的")
    # `守法记录良好的企业` is one name, `机制的实施` is a name and what happens to it.
    return before if of and (len(after) > _HEAD or len(before) <= _HEAD) else words


def _unchanged(words: str) -> str:
    """The words without those of change and comparison at their end."""
    return _CHANGE.sub("", words) if words[-1:] in _CHANGE_ENDS else words


def _before(left: str, clauses: int = 3) -> str:
    """The name at the end of what stands before the figure, of its own clause or of one before it."""
    found = [clause for clause in _WIDE_CLAUSE.split(left) if clause]
    for clause in reversed(found[-clauses:]):
        words = _unchanged(_EARLIER.sub("", clause) if clause[-1] in "、和及与" else clause)
        figures = list(_FIGURE.finditer(words))
        words = words[figures[-1].end() :] if figures else words
        words = _unchanged(_COMPARED.sub("", _FROM.sub("", _unchanged(words))))
        recurring = list(_RECURS.finditer(words))
        if recurring:
            after = _unchanged(_AT_LEAST.sub("", words[recurring[-1].end() :]))
            words = after if len(after) > 1 else words[: recurring[-1].start()]
        for lead in (_NUMBERING, _TIME, _SUBJECT, _TIME, _VERB_BEFORE):
            found_lead = lead.match(words)
            if found_lead and len(words) - found_lead.end() > 1:
                words = words[found_lead.end() :]
        words = _FIGURE_AT_END.sub("", words)
        if len(words) > 1 and not words.isdigit():
            return words[-_LONGEST:]
    return ""
