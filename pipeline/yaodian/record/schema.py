"""JSON Schema of the record, with one branch an entity type so that attributes are checked by type."""

from __future__ import annotations

from typing import Any

from yaodian.labels import ENTITY_TYPES, functions, instruments
from yaodian.record.model import Record


def json_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of one record, generated from the types."""
    schema = Record.model_json_schema(by_alias=True)
    definitions = schema["$defs"]
    entity = definitions.pop("Entity")
    definitions.pop("Attributes", None)
    branches = []
    for name, kind in ENTITY_TYPES.items():
        attributes = kind.attributes.model_json_schema()
        definitions.update(attributes.pop("$defs", {}))
        branch = {**entity, "title": f"Entity{name.title()}", "properties": dict(entity["properties"])}
        branch["properties"]["type"] = {"const": name, "title": "Type"}
        branch["properties"]["attributes"] = attributes
        definitions[branch["title"]] = branch
        branches.append({"$ref": f"#/$defs/{branch['title']}"})
    definitions["Entity"] = {"oneOf": branches}
    ids = {"primary": list(functions()), "secondary": [*functions(), None]}
    for field, values in ids.items():
        definitions["Function"]["properties"][field] = {"enum": values}
    definitions["Measure"]["properties"]["instrument"] = {"enum": [*instruments(), None]}
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "Yaodian record"
    return schema
