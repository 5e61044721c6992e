"""Suffixes of bodies that are none: where a name seems to end, but another word goes on."""

from __future__ import annotations

import re

# Characters after which a one-character suffix is no suffix: 部署, 委托, 局面, 所有, 处理, 办理, 院落, 队列.
_GOES_ON = {
    "部": "署分位件落长门下级编颁省队际", "委": "托派任员会办", "局": "面部势限促长", "所": "有需在属列示以谓学涉得致能", "处": "理置于罚长室分在境方以",
    "办": "一二三四五六七八九十理法公好事结成案学证件实医矿案", "院": "落长校内感", "队": "列伍员长形", "执法队": "伍", "救援队": "伍", "消防队": "伍", "抢险队": "伍", "厅": "长", "署": "名", "科": "技学普研长室目", "室": "内外",
    "站": "点台位在式长", "会": "议同商员计同场审诊展务晤", "社": "会区", "股": "权份", "馆": "藏", "机关": "单党", "中心": "城区组任工环节思地",
    "街道": "办路", "海关": "总", "中学": "生习", "小学": "生阶", "大学": "生习", "支队": "伍", "大队": "伍", "部队": "", "银行": "业机卡", "公司": "化制", "学校": "", "机构": "改设编", "委员会": "", "政府": "采购网工性投信储补专", "办公室": "",
    "党组": "织", "党委": "书政负理副办班常", "研究院": "", "人大": "代", "政协": "委提", "集团": "", "财政": "局厅部资预收支补投专性奖评体政困保", "所属": "", "工会": "活",
}  # fmt: skip
REGIONS = frozenset(
    [
        "区",
        "县",
        "市",
        "州",
        "旗",
        "乡",
        "镇",
        "园区",
        "街道",
        "乡镇",
        "县区",
        "区县",
        "市县",
        "市州",
        "县市",
        "镇街",
        "街镇",
    ]
)
REGION_GOES_ON = re.compile(r"[域分间划块场民政容级村干里]|[\u4e00-\u9fff]?长")


def goes_on(text: str, term: str, end: int) -> bool:
    """Whether the suffix is the beginning of another word (`部` in 部署)."""
    if term in REGIONS and REGION_GOES_ON.match(text, end):
        return True
    if text.startswith(("会同", "会商"), end):
        return False
    following = text[end : end + 1]
    if following == "伍" and term.endswith("队"):
        return True
    if term == "机关" and text.startswith(("作风", "建设", "事务", "服务"), end):
        return True
    if following == "法" and term.endswith("办"):
        return True
    if following == "：" and term.startswith(
        ("责任", "牵头", "配合", "主办", "协办", "承办", "参加", "负责", "相关处室")
    ):
        return True
    return bool(following) and following in _GOES_ON.get(term, "")


def cut_short(text: str, end: int) -> bool:
    """Whether what ends at `end` would end inside another word: `政府` before 网站, `部` before 署."""
    following = text[end : end + 1]
    return bool(following) and any(following in _GOES_ON.get(text[end - n : end], "") for n in (1, 2, 3))
