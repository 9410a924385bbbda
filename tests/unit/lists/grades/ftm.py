"""FollowTheMoney exports as a user's own list, mutated: new property, no name, new schema."""

import json
from collections.abc import Callable
from typing import Any

from tests.unit.lists.grades.mutations import (
    UNKNOWN,
    VALUE,
    Files,
    Mutation,
    Sample,
    cell_put,
    column_added,
)

_ABADIGGA, _BALTIC_LEADER, _DILBAR = "ofac-35064", "ofac-34940", "ofac-35301"


def _entity_changed(entity_id: str, change: Callable[[Any], None]) -> Mutation:
    """Change the entity with an id in a file of one JSON object a line."""

    def mutate(files: Files) -> Files:
        records = [json.loads(line) for line in files[0].splitlines() if line.strip()]
        found = [each.get("entity", each) for each in records]
        (entity,) = (each for each in found if each["id"] == entity_id and len(each) > 1)
        change(entity)
        lines = (json.dumps(record, ensure_ascii=False) for record in records)
        return ("".join(f"{line}\n" for line in lines).encode(), *files[1:])

    return mutate


def _torn(entity_id: str) -> Mutation:
    """Tear off the end of an entity's line."""

    def mutate(files: Files) -> Files:
        (line,) = (
            each for each in files[0].splitlines() if f'"id": "{entity_id}"'.encode() in each
        )
        return (files[0].replace(line, line[:-1]), *files[1:])

    return mutate


def _property_added(entity: Any) -> None:
    entity["properties"][UNKNOWN] = [VALUE]


def _field_added(entity: Any) -> None:
    entity[UNKNOWN] = VALUE


def _without_schema(entity: Any) -> None:
    del entity["schema"]


def _new_schema(entity: Any) -> None:
    entity["schema"] = "Spaceship"


def _sample(file: str, add: Callable[[Any], None]) -> Sample:
    return Sample(
        word="ftm_jsonl",
        source="own",
        list_code="mine",
        files=(file,),
        unknown=_entity_changed(_ABADIGGA, add),
        blank=_entity_changed(_BALTIC_LEADER, _without_schema),
        code=_entity_changed(_ABADIGGA, _new_schema),
        torn=_torn(_BALTIC_LEADER),
        cut_is_seen=False,
    )


SAMPLES = (
    _sample("ftm/entities.ftm.json", _property_added),
    _sample("ftm/targets.nested.json", _field_added),
    Sample(
        word="ftm_delta",
        source="own",
        list_code="mine",
        files=("ftm/additions.delta.json",),
        unknown=_entity_changed(_DILBAR, _property_added),
        blank=None,
        code=_entity_changed(_DILBAR, _new_schema),
        not_applicable="a delta whose only party cannot be read is refused",
        cut_is_seen=False,
    ),
    Sample(
        word="ftm_simple_csv",
        source="own",
        list_code="mine",
        files=("ftm/targets.simple.csv",),
        unknown=column_added(),
        blank=cell_put("name", ""),
        code=cell_put("schema", "Spaceship"),
        header=0,
        cut_is_seen=False,
    ),
)
