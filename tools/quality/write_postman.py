"""Writes the Postman collection of `docs/how-to` from the OpenAPI document.

Each operation is a request, in a folder by its tag, with the body of the document's example. `uv
run --group dev python -m tools.quality.write_postman` writes it; `just fix` does so too.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
OPENAPI = ROOT / "openapi" / "openapi.json"
COLLECTION = ROOT / "docs" / "how-to" / "abeyance.postman_collection.json"
_FORM = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
_HOST = "http://127.0.0.1:8080"
type Json = dict[str, Any]


def collection(document: Json) -> str:
    """Return the collection of an OpenAPI document as JSON, in the order of the document."""
    folders: dict[str, list[Json]] = {each["name"]: [] for each in document["tags"]}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            request = _request(document, path, method, operation)
            item = {"name": operation["summary"], "request": request}
            folders[operation["tags"][0]].append(item)
    whole = {
        "info": {"name": "Abeyance", "schema": _FORM},
        "variable": [{"key": "host", "value": _HOST}, {"key": "key", "value": ""}],
        "auth": {
            "type": "apikey",
            "apikey": [
                {"key": "key", "value": "X-API-Key"},
                {"key": "value", "value": "{{key}}"},
                {"key": "in", "value": "header"},
            ],
        },
        "item": [{"name": name, "item": items} for name, items in folders.items()],
    }
    return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"


def _request(document: Json, path: str, method: str, operation: Json) -> Json:
    parameters: list[Json] = operation.get("parameters", [])
    queries = [each for each in parameters if each["in"] == "query"]
    variables = [each for each in parameters if each["in"] == "path"]
    steps = re.sub(r"\{(\w+)\}", r":\1", path).strip("/").split("/")
    url: Json = {"raw": f"{{{{host}}}}/{'/'.join(steps)}", "host": ["{{host}}"], "path": steps}
    if queries:
        url["query"] = [
            {"key": each["name"], "value": "", "disabled": not each.get("required", False)}
            for each in queries
        ]
    if variables:
        url["variable"] = [{"key": each["name"], "value": ""} for each in variables]
    request: Json = {"method": method.upper(), "url": url}
    for media_type, body in _bodies(document, operation):
        request["header"] = [{"key": "Content-Type", "value": media_type}]
        request["body"] = {"mode": "raw", "raw": body}
    return request


def _bodies(document: Json, operation: Json) -> Iterator[tuple[str, str]]:
    """Yield the first body that the document has an example of, with its media type."""
    examples: Json = document["components"]["examples"]
    for media_type, content in operation.get("requestBody", {}).get("content", {}).items():
        for each in content.get("examples", {}).values():
            value = examples[each["$ref"].rpartition("/")[2]]["value"]
            told = value if isinstance(value, str) else json.dumps(value, indent=1)
            yield media_type, told
            return


if __name__ == "__main__":
    _ = COLLECTION.write_text(collection(json.loads(OPENAPI.read_bytes())), "utf-8")
