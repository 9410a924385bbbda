"""Answers as a later version of the service may give them within what `/v1` promises."""

import json
from typing import Any

from tests.repository import ROOT

DOCUMENT = ROOT / "openapi" / "openapi.json"


def from_later(value: Any, name: str, changed: set[str]) -> Any:
    """An answer as a later version may give it; `changed` receives the names of its choices.

    Every choice of words has one that a client never saw, and every object a new field.
    """
    schemas = json.loads(DOCUMENT.read_bytes())["components"]["schemas"]

    def within(value: Any, schema: dict[str, Any], name: str = "") -> Any:
        if "$ref" in schema:
            named = schema["$ref"].rpartition("/")[2]
            return within(value, schemas[named], named)
        inner = [each for each in schema.get("oneOf", []) if each != {"type": "null"}]
        if value is not None and len(inner) == 1:
            return within(value, inner[0])
        if isinstance(value, str) and "x-extensible-enum" in schema:
            changed.add(name)
            value = "word_of_later"
        if isinstance(value, list) and "items" in schema:
            value = [within(each, schema["items"]) for each in value]
        if isinstance(value, dict) and "properties" in schema:
            kinds = schema["properties"]
            value = {key: within(each, kinds[key]) for key, each in value.items()}
            # what was sent is echoed in the type of questions, which have no other field
            if schema.get("additionalProperties") is not False:
                value["field_of_later"] = 1
        return value

    return within(value, schemas[name])
