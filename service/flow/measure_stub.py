"""What can still be told of a stored measure that this program is too old to read whole."""

from collections.abc import Iterator, Mapping
from typing import cast

import msgspec

from service.model.event import Event, EventKind
from service.model.measure import Attachment, Measure
from service.model.register import StoredMeasure

UNREADABLE = cast("EventKind", cast("object", "unreadable"))
"""The kind of an event that this program cannot read.

No table knows it, so that the status of its measure is `unknown`, which counts as restricted.
"""

_BEYOND_US = "it meets what this program is too old to read"
_WHY = Event(
    id="measure-cannot-be-read",
    kind=UNREADABLE,
    day_state="not_recorded",
    note="A newer program stored this measure, and this one cannot read all of it.",
)


def stub_of(stored: StoredMeasure) -> Measure:
    """The measure with whatever of it can be read, and an event that makes its status unknown.

    It is behind every listing it was behind, or behind more where what narrows it cannot be read.
    What it reaches besides stays an open question.
    """
    said = _fields(cast("object", msgspec.json.decode(stored.body)))
    read = {
        "title": stored.measure_id,
        "authority": "",
        "jurisdiction": "",
        "kind": "",
        "citation": "",
        "effect": [{"kind": "unknown"}],
        "attaches_by": [],
        "confidence": "general_knowledge",
        **_readable(Measure, said),
        "id": stored.measure_id,
        "events": [],
        "attaches": list(_attachments(said.get("attaches"))),
    }
    if "reaches" in said and "reaches" not in read:
        read["reaches"] = [{"beyond": _BEYOND_US}]
    return msgspec.structs.replace(msgspec.convert(read, Measure), events=(_WHY,))


def _attachments(said: object) -> Iterator[Mapping[str, object]]:
    for each in cast("list[object]", said) if isinstance(said, list) else ():
        read = _readable(Attachment, _fields(each))
        if "list_code" in read:
            yield read


def _readable(struct: type[msgspec.Struct], said: Mapping[str, object]) -> dict[str, object]:
    """Those of the fields that a struct has and that can be read as it has them."""
    return {
        field.name: said[field.name]
        for field in msgspec.structs.fields(struct)
        if field.name in said and _can_be(said[field.name], cast("type", field.type))
    }


def _can_be(value: object, wanted: type) -> bool:
    try:
        msgspec.convert(value, wanted)
    except msgspec.ValidationError:
        return False
    return True


def _fields(said: object) -> Mapping[str, object]:
    return cast("dict[str, object]", said) if isinstance(said, dict) else {}
