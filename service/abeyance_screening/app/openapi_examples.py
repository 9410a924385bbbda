"""The examples of the OpenAPI document: what was sent to a service, and what it answered.

`openapi_examples.json` is written by `tools.quality.write_examples`, which asks a service.
"""

from collections.abc import Mapping
from http import HTTPStatus
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import cast

import msgspec

from abeyance_screening.platform.http.bodies import JSON, NDJSON

_RECORDED = Path(str(resources.files("abeyance_screening.app"))) / "openapi_examples.json"
_TEXTS = ("text/", "application/atom+xml", NDJSON)
_LINES = "screenStream"
# The exchange of an operation whose requests or answers are lines, where it is not its own.
_OF_LINES: Mapping[str, str] = MappingProxyType({"jobResults": _LINES, "addJob": _LINES})


class _Recorded(msgspec.Struct, frozen=True):
    """What was sent, None for nothing, and what was answered: JSON, or a text."""

    answer: object
    request: object = None


_NOTHING = _Recorded(None)


class Examples:
    """The examples that a document has; one that two operations have stands in it once."""

    def __init__(self) -> None:
        """Read what was recorded."""
        self._recorded = msgspec.json.decode(_RECORDED.read_bytes(), type=dict[str, _Recorded])
        self._names: dict[bytes, str] = {}
        self.components: dict[str, object] = {}

    def add_to(self, name: str, operation: Mapping[str, object]) -> None:
        """Add to an operation, by its id, examples of its request and of its success."""
        asked = cast("dict[str, object]", operation.get("requestBody", {}))
        for media_type, content in _contents(asked):
            exchange = _exchange_of(name, media_type)
            value = self._recorded.get(exchange, _NOTHING).request
            self._add(content, f"{exchange}.request", value, media_type)
        answers = cast("dict[str, dict[str, object]]", operation["responses"])
        done = [
            each for status, each in answers.items() if _is_success(status) and status != "202"
        ]
        # an operation that may also have it wait is shown by what it answers when it is done
        for answer in done or [answers[each] for each in answers if _is_success(each)]:
            for media_type, content in _contents(answer):
                exchange = _exchange_of(name, media_type)
                value = self._recorded.get(exchange, _NOTHING).answer
                self._add(content, exchange, value, media_type)
                brief = self._recorded.get(f"{name}.brief", _NOTHING).answer
                self._add(content, f"{name}.brief", brief, media_type, "brief")

    def _add(
        self,
        content: dict[str, object],
        name: str,
        value: object,
        media_type: str,
        title: str = "example",
    ) -> None:
        """Add an example to the content of one media type, if there is one of that kind."""
        is_of_kind = media_type.startswith(_TEXTS if isinstance(value, str) else JSON)
        if value is not None and is_of_kind:
            known = self._names.setdefault(msgspec.json.encode(value, order="sorted"), name)
            self.components[known] = {"value": value}
            examples = cast("dict[str, object]", content.setdefault("examples", {}))
            examples[title] = {"$ref": f"#/components/examples/{known}"}


def _exchange_of(operation: str, media_type: str) -> str:
    return _OF_LINES.get(operation, operation) if media_type == NDJSON else operation


def _contents(described: Mapping[str, object]) -> list[tuple[str, dict[str, object]]]:
    content = cast("dict[str, dict[str, object]]", described.get("content", {}))
    return list(content.items())


def _is_success(status: str) -> bool:
    return HTTPStatus(int(status)).is_success
