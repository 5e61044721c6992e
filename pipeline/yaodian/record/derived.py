"""Tables that are read off a record: targets, actions and institutions, one row each, every row with its place."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from yaodian.times import resolve
from yaodian.units import to_base

if TYPE_CHECKING:
    from collections.abc import Iterator

    from yaodian.record.model import Entity, Excerpt, Measure, Record

ROLES = ("leads", "supports", "responsible_for")
"""Types of the relations from an acting body to its measure that say in which role it acts."""
TARGETS = (
    "doc_id", "plan_year", "issuer", "entity", "measure", "section_heading", "function", "indicator", "comparator",
    "value", "low", "high", "unit", "dimension", "base_value", "base_unit", "change",
    "baseline", "deadline", "deadline_kind", "deadline_value",
    "actors", "actor_inferred", "text", "start", "end", "sentence",
)  # fmt: skip
ACTIONS = (
    "doc_id", "plan_year", "issuer", "measure", "function", "verb", "object", "start", "end", "object_end", "leads",
    "supports", "responsible_for", "actor_inferred", "regulations", "hazards", "deadline", "deadline_kind",
    "deadline_value",
)  # fmt: skip
INSTITUTIONS = ("doc_id", "canonical", "kind", "level", "system", "mentions", "acts", "start", "end", "text")

_CLAUSE_END = re.compile(r"[，；。：!！?？;\n]")
_LEVELS = {
    "national": r"^(?:国家|中央|国务院|全国|党中央|中共中央|中国|最高|应急管理部|[\u4e00-\u9fff]{2,8}部$)|总局$",
    "province": r"^(?:[\u4e00-\u9fff]{0,4}省|[\u4e00-\u9fff]{2,8}自治区|省)",
    "county": r"(?:^|[省市州盟])[\u4e00-\u9fff]{0,6}?(?:自治县|县|区|旗)(?![域块际间])",
    "township": r"^(?:各)?[\u4e00-\u9fff]{0,4}(?:街道|乡镇|镇街|镇|乡|社区|村)",
    "city": r"^(?:各)?[\u4e00-\u9fff]{0,6}?(?:市|自治州|州|盟)",
}
"""Patterns of names by level of government; the first that fits holds."""
_SYSTEMS = {
    "company": r"公司|集团|银行|电网|企业|厂$|矿$",
    "court": r"法院|检察院",
    "congress": r"人大|人民代表大会",
    "consultative": r"政协|政治协商",
    "mass organisation": (
        r"工会|妇联|妇女联合|共青团|团委|团市委|团县委|残联|科协|协会|学会|红十字|工商联|关工委|侨联"
    ),
    "forces": r"武警|部队|军区|警备区|解放军|民兵|武装部|人武部",
    "party": (
        r"^(?:党中央|中共|中央(?!气象))|党委|党组|党工委|党支部|纪委|纪检|组织部|宣传部|统战部|政法委|编办|编委|党校|"
        r"[省市县区州旗盟]委(?![员办])|[省市县区州旗盟]委(?:办(?!公厅)|宣|组|政|网)"
    ),
    "public institution": r"中心|学校|大学|学院|小学|中学|幼儿园|医院|卫生院|研究院|研究所|馆$|台$|站$|队$|院$",
    "government": (
        r"[局厅部委办署]|政府|办公室|委员会|指挥部|管委会|专班|领导小组|联席会议|部门|单位|街道|镇|乡|处$|科$|股$|室$|所$"
    ),
}
"""Patterns of names by system; the first that fits holds."""
_REMEMBERED = 1 << 14
"""Names, figures and deadlines of which the answer is kept: documents of one country share them."""


@lru_cache(_REMEMBERED)
def level_of(name: str) -> str | None:
    """Level of government of a body by its name, None where the name does not tell."""
    return next((level for level, pattern in _LEVELS.items() if re.search(pattern, name)), None)


@lru_cache(_REMEMBERED)
def system_of(name: str) -> str:
    """System a body belongs to by its name: party, government, court, company …; `other` where none is told."""
    return next((system for system, pattern in _SYSTEMS.items() if re.search(pattern, name)), "other")


def targets(record: Record) -> Iterator[dict[str, Any]]:
    """One row a quantity that is a target, with its baseline, deadline and actors."""
    measures = {measure.id: measure for measure in record.measures}
    headings = {section.id: section.heading for section in record.sections}
    figures: defaultdict[str, list[Entity]] = defaultdict(list)
    for entity in record.entities:
        if entity.type == "QUANTITY" and entity.measure:
            figures[entity.measure].append(entity)
    names = _names(record)
    for key, found in figures.items():
        measure = measures[key]
        aims = [entity for entity in found if getattr(entity.attributes, "role", None) == "target"]
        if not aims:
            continue
        acting, inferred = _actors(record, measure, names)
        deadline, sentence = _deadline(record, measure), record.text[measure.start : measure.end]
        for entity in aims:
            read = vars(entity.attributes)
            yield {
                "doc_id": record.doc_id,
                "plan_year": record.metadata.plan_year,
                "issuer": record.metadata.issuer,
                "entity": entity.id,
                "measure": key,
                "section_heading": headings.get(measure.section or ""),
                "function": measure.function.primary if measure.function else None,
                **{name: read[name] for name in _READ},
                **_base(read),
                "baseline": _baseline(entity, found),
                **deadline,
                "actors": acting,
                "actor_inferred": inferred,
                "text": entity.text,
                "start": entity.start,
                "end": entity.end,
                "sentence": sentence,
            }


_READ = ("indicator", "comparator", "value", "low", "high", "unit", "dimension", "change")


def _base(read: dict[str, Any]) -> dict[str, Any]:
    """The value, or a range's lower bound, in the base unit, so that targets of other units can be compared."""
    value = read["value"] if read["value"] is not None else read["low"]
    found = _to_base(value, read["unit"]) if value is not None else None
    return {"base_value": found[0], "base_unit": found[1]} if found else {"base_value": None, "base_unit": None}


_to_base = lru_cache(_REMEMBERED)(to_base)
_resolve = lru_cache(_REMEMBERED)(resolve)


def _baseline(target: Entity, figures: list[Entity]) -> str | None:
    """Wording of the last baseline of the same unit before a target."""
    unit = getattr(target.attributes, "unit", None)
    before = [
        figure.text
        for figure in figures
        if figure.start < target.start
        and getattr(figure.attributes, "role", None) == "baseline"
        and getattr(figure.attributes, "unit", None) == unit
    ]
    return before[-1] if before else None


def actions(record: Record) -> Iterator[dict[str, Any]]:
    """One row a verb that opens a clause, with what it acts on and who acts in which role."""
    names = _names(record)
    roles: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for relation in record.relations:
        if relation.type in ROLES:
            roles[relation.tail, relation.type].append(names[relation.head])
    acted: defaultdict[str, dict[str, list[str]]] = defaultdict(lambda: {"REGULATION": [], "HAZARD": []})
    for entity in record.entities:
        if entity.measure and entity.type in ("REGULATION", "HAZARD"):
            status = getattr(entity.attributes, "status", None)
            name = entity.canonical or entity.text
            acted[entity.measure][entity.type].append(f"{status}:{name}" if status else name)
    for measure in record.measures:
        if not measure.actions:
            continue
        acting, inferred = _actors(record, measure, names)
        by_role = {role: _join(roles[measure.id, role]) for role in ROLES}
        if inferred:
            by_role["responsible_for"] = acting
        deadline = _deadline(record, measure)
        for action in measure.actions:
            end = _object_end(record.text, action, measure)
            yield {
                "doc_id": record.doc_id,
                "plan_year": record.metadata.plan_year,
                "issuer": record.metadata.issuer,
                "measure": measure.id,
                "function": measure.function.primary if measure.function else None,
                "verb": action.text,
                "object": record.text[action.end : end].strip() or None,
                "start": action.start,
                "end": action.end,
                "object_end": end,
                **by_role,
                "actor_inferred": inferred,
                "regulations": _join(acted[measure.id]["REGULATION"]),
                "hazards": _join(dict.fromkeys(acted[measure.id]["HAZARD"])),
                **deadline,
            }


def _object_end(text: str, action: Excerpt, measure: Measure) -> int:
    stop = _CLAUSE_END.search(text, action.end, measure.end)
    return stop.start() if stop else measure.end


def institutions(record: Record) -> Iterator[dict[str, Any]]:
    """One row a body, whatever its wordings, with its level and system, and where it stands first."""
    acts = {relation.head for relation in record.relations if relation.type == "actor_of"}
    groups: dict[str, list[Entity]] = {}
    for entity in record.entities:
        if entity.type == "INSTITUTION":
            groups.setdefault(entity.canonical or entity.text, []).append(entity)
    for name, found in groups.items():
        first = found[0]
        yield {
            "doc_id": record.doc_id,
            "canonical": name,
            "kind": getattr(first.attributes, "kind", None),
            "level": level_of(name),
            "system": system_of(name),
            "mentions": len(found),
            "acts": sum(entity.id in acts for entity in found),
            "start": first.start,
            "end": first.end,
            "text": first.text,
        }


def _names(record: Record) -> dict[str, str]:
    return {entity.id: entity.canonical or entity.text for entity in record.entities}


def _actors(record: Record, measure: Measure, names: dict[str, str]) -> tuple[str | None, bool]:
    """Names of the acting bodies; the issuer, marked as inferred, where the measure names none."""
    if measure.actors:
        return _join(dict.fromkeys(names[actor] for actor in measure.actors)), False
    return record.metadata.issuer, record.metadata.issuer is not None


def _deadline(record: Record, measure: Measure) -> dict[str, str | None]:
    time = _resolve(measure.deadline, record.metadata.plan_year) if measure.deadline else None
    return {
        "deadline": measure.deadline,
        "deadline_kind": time.kind if time else None,
        "deadline_value": time.value if time else None,
    }


def _join(values: Any) -> str | None:
    return "; ".join(values) or None
