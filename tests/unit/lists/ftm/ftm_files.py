"""FollowTheMoney files made by tests."""

import json

from abeyance_screening.engine.lists.edition import ParsedDelta, ParsedEdition
from abeyance_screening.engine.lists.listing import Listing
from abeyance_screening.engine.lists.own.ftm import read_deltas, read_entities, read_simple
from abeyance_screening.engine.lists.reading.files import GivenFile, whole

type Line = dict[str, object]


def entity(entity_id: str, schema: str, *, target: bool | None = None, **said: object) -> Line:
    properties = {
        name: value if isinstance(value, list) else [value] for name, value in said.items()
    }
    line: Line = {"id": entity_id, "schema": schema, "properties": properties}
    return line if target is None else {**line, "target": target}


def lines(*objects: object) -> bytes:
    return "\n".join(json.dumps(one, ensure_ascii=False) for one in objects).encode()


def parse_entities(content: bytes, list_code: str) -> ParsedEdition:
    (parsed,) = whole(lambda files: read_entities(files, list_code))(given(content))
    assert isinstance(parsed, ParsedEdition)
    return parsed


def parse_deltas(files: tuple[GivenFile, ...], list_code: str) -> ParsedEdition | ParsedDelta:
    (parsed,) = whole(lambda opened: read_deltas(opened, list_code, lambda _: None))(files)
    return parsed


def parse_simple_csv(content: bytes, list_code: str) -> ParsedEdition:
    (parsed,) = whole(lambda files: read_simple(files, list_code))(given(content))
    assert isinstance(parsed, ParsedEdition)
    return parsed


def read(*objects: Line) -> tuple[Listing, ...]:
    return parse_entities(lines(*objects), "mine").listings


def given(*contents: bytes) -> tuple[GivenFile, ...]:
    return tuple(GivenFile(f"file {number}", content) for number, content in enumerate(contents))


def facts(listing: Listing, kind: str) -> list[str]:
    return [fact.value for fact in listing.facts if fact.kind == kind]
