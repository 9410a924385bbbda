"""Write the examples of the OpenAPI document: what a service really answers.

    ABEYANCE_DATA_DIR=new-folder abeyance serve --no-refresh --no-work
    ABEYANCE_DATA_DIR=new-folder abeyance keys add example --scope operator
    python -m tools.quality.write_examples http://127.0.0.1:8080 KEY

The service is a new one, with the lists that come with the program and nothing else. Each question
of `exchanges` is asked, and what comes back is written. A test asks them again, and compares which
fields come.
"""

import sys
from functools import cache
from pathlib import Path
from pkgutil import resolve_name
from types import MappingProxyType
from typing import Any

import httpx
import msgspec

from abeyance_screening.app.features import FEATURES
from abeyance_screening.platform.examples import Exchange

EXAMPLES = Path("service/abeyance_screening/app/openapi_examples.json")
# How many entries are written of lists that are long in any answer.
_SHORT = MappingProxyType(
    {"open_questions": 2, "profiles": 2, "lapsed": 2, "coming": 2, "required": 2}
    | {"hits": 1, "parties": 1, "editions": 2}
)


class Example(msgspec.Struct, omit_defaults=True):
    """What was sent with an exchange, if anything, and what came back: JSON, or a text."""

    answer: object
    request: object = None


@cache
def exchanges() -> tuple[Exchange, ...]:
    """Return the exchanges of all features, in the order in which they are carried out."""
    named = (each.examples for each in FEATURES if each.examples is not None)
    every = [exchange for name in named for exchange in resolve_name(name)]
    return tuple(sorted(every, key=lambda each: each.last))


def recorded(client: httpx.Client) -> dict[str, Example]:
    """Return the example of each exchange, by its name; they are carried out in order.

    Raises:
        AssertionError: A request was refused.
    """
    found: dict[str, object] = {}
    return {each.operation: _recorded(client, each, found) for each in exchanges()}


def _recorded(client: httpx.Client, asked: Exchange, found: dict[str, object]) -> Example:
    method, _, address = asked.request.format(**found).partition(" ")
    headers = dict(asked.headers)
    content: str | bytes | None = None
    if isinstance(asked.body, str):
        content = asked.body
        headers.setdefault("content-type", "text/csv")
    elif asked.body is not None:
        content = msgspec.json.encode(asked.body)
        headers["content-type"] = "application/json"
    # one that may come twice does, so that the answer has no key in it
    times = 2 if "idempotency-key" in headers else 1
    answers = [
        client.request(method, address, content=content, headers=headers) for _ in range(times)
    ]
    response = answers[-1]
    assert response.is_success, (asked.operation, response.text)
    is_json = response.headers.get("content-type") == "application/json"
    answer: object = response.json() if is_json else response.text
    for name, path in asked.found.items():
        found[name] = _at(answer, path)
    return Example(answer=_shortened(answer), request=asked.body)


def _shortened(answer: Any) -> Any:
    """Return an answer with the first entries only of long lists, as `_SHORT` says."""
    if isinstance(answer, dict):
        return {
            name: _shortened(value[: _SHORT.get(name)] if isinstance(value, list) else value)
            for name, value in answer.items()
        }
    return [_shortened(each) for each in answer] if isinstance(answer, list) else answer


def _at(answer: Any, path: str) -> object:
    for step in path.split("."):
        answer = answer[int(step) if isinstance(answer, list) else step]
    return answer


def main() -> None:
    address, key = sys.argv[1:]
    headers = {"authorization": f"Bearer {key}"}
    with httpx.Client(base_url=address, headers=headers, timeout=60) as client:
        examples = recorded(client)
    EXAMPLES.write_bytes(msgspec.json.format(msgspec.json.encode(examples), indent=1) + b"\n")


if __name__ == "__main__":
    main()
