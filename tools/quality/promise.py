"""What `/v1` promises, and what of it a change of the OpenAPI document would break.

`openapi/promised.json` is the document of the last release. Fields, values of open enums, optional
parameters, addresses and media types may be added to it; nothing of it may go, narrow or begin to
be asked for. What a caller may rely on is told in `docs/reference/promise.md`.

    python -m tools.quality.promise check
    python -m tools.quality.promise keep
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import click
import msgspec

_FOLDER = Path(__file__).parents[2] / "openapi"
PROMISED, CURRENT = _FOLDER / "promised.json", _FOLDER / "openapi.json"
_METHODS = ("get", "post", "put", "patch", "delete")
# Bounds of what is sent: a request may not be held to less, nor to more.
_OPEN = "x-extensible-enum"
_AT_MOST = ("maxLength", "maxItems", "maximum")
_AT_LEAST = ("minLength", "minItems", "minimum")

type Json = Mapping[str, Any]
type Direction = Literal["sent", "answered"]


class _Documents:
    """Two documents, whose references are followed."""

    def __init__(self, promised: Json, current: Json) -> None:
        self.promised = promised
        self.current = current
        self._seen: set[tuple[str, str, Direction]] = set()

    def breaks(self) -> Iterator[str]:
        """Yield every promise that the current document breaks, in words."""
        for path, item in self.promised["paths"].items():
            for method in (each for each in _METHODS if each in item):
                where = f"{method.upper()} {path}"
                now = self.current["paths"].get(path, {}).get(method)
                if now is None:
                    yield f"{where}: is gone"
                else:
                    yield from self._operation(where, item[method], now)

    def _operation(self, where: str, was: Json, now: Json) -> Iterator[str]:
        yield from self._parameters(where, was.get("parameters", ()), now.get("parameters", ()))
        body = self._of(self.promised, was.get("requestBody", {}))
        body_now = self._of(self.current, now.get("requestBody", {}))
        yield from self._contents(f"{where}, body", body, body_now, "sent")
        if body_now.get("required") and not body.get("required"):
            yield f"{where}, body: is asked for now"
        for status, answer in was["responses"].items():
            told = f"{where}, {status}"
            answer_now = now["responses"].get(status)
            if answer_now is None:
                yield f"{told}: is not told any more"
                continue
            one = self._of(self.promised, answer)
            yield from self._contents(told, one, self._of(self.current, answer_now), "answered")

    def _parameters(self, where: str, was: Sequence[Json], now: Sequence[Json]) -> Iterator[str]:
        before = {(each["in"], each["name"]): each for each in was}
        after = {(each["in"], each["name"]): each for each in now}
        for key, parameter in before.items():
            told = f"{where}, {key[0]} {key[1]}"
            if key not in after:
                yield f"{told}: is gone"
                continue
            if after[key].get("required") and not parameter.get("required"):
                yield f"{told}: is asked for now"
            yield from self._schema(told, parameter["schema"], after[key]["schema"], "sent")
        for key, parameter in after.items():
            if key not in before and parameter.get("required"):
                yield f"{where}, {key[0]} {key[1]}: is new and asked for"

    def _contents(self, where: str, was: Json, now: Json, direction: Direction) -> Iterator[str]:
        for kind, content in was.get("content", {}).items():
            content_now = now.get("content", {}).get(kind)
            if content_now is None:
                yield f"{where}: {kind} is gone"
            elif "schema" in content and "schema" in content_now:
                yield from self._schema(where, content["schema"], content_now["schema"], direction)

    def _schema(self, where: str, was: Json, now: Json, direction: Direction) -> Iterator[str]:
        if "$ref" in was and "$ref" in now:
            key = (was["$ref"], now["$ref"], direction)
            if key in self._seen:
                return
            self._seen.add(key)
        one, other = self._kinds(self.promised, was), self._kinds(self.current, now)
        if direction == "sent":
            gone = sorted(one.keys() - other.keys())
            yield from (f"{where}: {kind} is not taken any more" for kind in gone)
        else:
            new = (kind for kind in other.keys() - one.keys() if not _is_tagged(other[kind]))
            yield from (f"{where}: {kind} may come now" for kind in sorted(new))
            if not one.keys() & other.keys():
                yield f"{where}: {', '.join(sorted(one))} is gone"
        for kind in sorted(one.keys() & other.keys()):
            yield from self._same_kind(where, one[kind], other[kind], direction)

    def _same_kind(self, where: str, was: Json, now: Json, direction: Direction) -> Iterator[str]:
        yield from self._values(where, was, now, direction)
        if direction == "sent":
            yield from _bounds(where, was, now)
        if "items" in was and "items" in now:
            yield from self._schema(f"{where}[]", was["items"], now["items"], direction)
        fields, fields_now = was.get("properties", {}), now.get("properties", {})
        for name in fields:
            told = f"{where}.{name}"
            if name not in fields_now:
                yield f"{told}: is gone"
            else:
                yield from self._schema(told, fields[name], fields_now[name], direction)
        asked, asked_now = set(was.get("required", ())), set(now.get("required", ()))
        if direction == "sent":
            yield from (f"{where}.{each}: is asked for now" for each in sorted(asked_now - asked))
        else:
            left = sorted((asked - asked_now) & fields_now.keys())
            yield from (f"{where}.{each}: may be left out now" for each in left)

    def _values(self, where: str, was: Json, now: Json, direction: Direction) -> Iterator[str]:
        """Yield what values are taken no more, or may come though the enum was not open."""
        before, after = set(was.get("enum", ())), set(now.get("enum", ()))
        if direction == "sent":
            if after:
                gone = sorted(map(str, before - after)) if before else ["any text"]
                yield from (f"{where}: {each!r} is not taken any more" for each in gone)
            return
        if before and not after <= before:
            yield f"{where}: may have values that it promised not to have"
        opened = set(was.get(_OPEN, ())) - set(now.get(_OPEN, ()))
        yield from (f"{where}: the value {each!r} is gone" for each in sorted(opened))

    def _kinds(self, document: Json, schema: Json) -> dict[str, Json]:
        """Return the alternatives of a schema by their type, or by the name of a struct."""
        name = str(schema.get("$ref", "")).rpartition("/")[2]
        whole = self._of(document, schema)
        alternatives = whole.get("anyOf") or whole.get("oneOf")
        if alternatives:
            found = [self._kinds(document, each) for each in alternatives]
            return {kind: each for kinds in found for kind, each in kinds.items()}
        types = whole.get("type", "anything")
        return {
            name if name and each == "object" else each: whole
            for each in ([types] if isinstance(types, str) else types)
        }

    def _of(self, document: Json, schema: Json) -> Json:
        while "$ref" in schema:
            found: Any = document
            for step in schema["$ref"].removeprefix("#/").split("/"):
                found = found[step]
            schema = found
        return schema


def _is_tagged(schema: Json) -> bool:
    """Return whether a struct says by a field of one value that it is another than before.

    Such an answer comes only to who asks for it (`view=brief`).
    """
    fields, required = schema.get("properties", {}), schema.get("required", ())
    told = (fields[each] for each in required if each in fields)
    return any("const" in each or len(each.get("enum", ())) == 1 for each in told)


def _bounds(where: str, was: Json, now: Json) -> Iterator[str]:
    for bound in _AT_MOST:
        if bound in now and now[bound] < was.get(bound, float("inf")):
            yield f"{where}: {bound} is lower"
    for bound in _AT_LEAST:
        if bound in now and now[bound] > was.get(bound, 0):
            yield f"{where}: {bound} is higher"


def breaks(promised: Json, current: Json) -> tuple[str, ...]:
    """Return every promise of one OpenAPI document that another breaks, each once, in words."""
    return tuple(dict.fromkeys(_Documents(promised, current).breaks()))


@click.command(help=__doc__)
@click.argument("what", type=click.Choice(["check", "keep"]))
def main(what: str) -> None:
    """Check the current document, or keep it as what is promised from now on."""
    current = CURRENT.read_bytes()
    broken = breaks(msgspec.json.decode(PROMISED.read_bytes()), msgspec.json.decode(current))
    for each in broken:
        click.echo(each, err=True)
    if what == "keep":
        PROMISED.write_bytes(current)
    elif broken:
        sys.exit(1)


if __name__ == "__main__":
    main()
