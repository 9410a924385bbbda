"""Words that answers choose from: open, since a later version may add one, and named where shared.

What is sent must be one of the words of its enum, and is refused otherwise. What is answered may
be a word that an older client never saw, so that such an enum is a string with
`x-extensible-enum`: a generated client reads it as text and fails at none. Source: Zalando RESTful
API guidelines, rule 112.
"""

from collections.abc import Collection, Iterator, Mapping
from types import MappingProxyType
from typing import TypeAliasType, cast, get_args

from abeyance_screening.engine.lists.edition import ListState
from abeyance_screening.engine.lists.listing import EntityType, NameKind, PolicyKind
from abeyance_screening.engine.measures.measure import (
    AttachesBy,
    Confidence,
    EffectKind,
    EventKind,
    UntilBound,
)
from abeyance_screening.engine.measures.status_table import Evidence, StatusWord
from abeyance_screening.engine.screening.answer import Agreement, Outcome
from abeyance_screening.engine.screening.ownership_findings import Verdict
from abeyance_screening.engine.screening.trade.transaction import ReachFact

OPEN = "x-extensible-enum"
_REFERENCE = "#/components/schemas/"
# The enums that several fields share: what each is, and its words.
_NAMED: Mapping[str, tuple[str, object]] = MappingProxyType(
    {
        "Status": ("The status of a measure on a day.", StatusWord),
        "Evidence": ("What the status of a measure rests on.", Evidence),
        "Outcome": ("What was found for a counterparty.", Outcome),
        "Verdict": ("Whether a test is met.", Verdict),
        "Agreement": ("Whether question and listing agree.", Agreement),
        "ListState": ("The state of a list.", ListState),
        "EntityType": ("What kind of party it is.", EntityType),
        "NameKind": ("What kind of name it is.", NameKind),
        "EffectKind": ("What a measure does.", EffectKind),
        "EventKind": ("What an act does to a measure.", EventKind),
        "AttachesBy": ("By what a measure reaches a party or a transaction.", AttachesBy),
        "ReachFact": ("A fact of a transaction.", ReachFact),
        "UntilBound": ("Whether a last day is included.", UntilBound),
        "Confidence": ("How well an act's words are known.", Confidence),
        "PolicyKind": ("How applications for a licence are reviewed.", PolicyKind),
    }
)
_LATER = "A later version may add values: treat one that you do not know as one that needs a look."


def named_enums() -> dict[str, object]:
    """Return the schemas of the enums that several fields share, by name."""
    return {
        name: {"type": "string", OPEN: list(words_of(kind)), "description": f"{said} {_LATER}"}
        for name, (said, kind) in _NAMED.items()
    }


def with_open_enums(schemas: Mapping[str, object], closed: Collection[str]) -> dict[str, object]:
    """Return schemas in which every enum that is only answered is open.

    `closed` are the schemas of what is sent; a choice in them that may be null has its field's
    name as title, since generators of clients would number it otherwise: `EntityTypeType0`.
    """
    names = {frozenset(words_of(kind)): name for name, (_, kind) in _NAMED.items()}
    return {
        name: _titled(each) if name in closed else _opened(each, names)
        for name, each in schemas.items()
    }


def words_of(kind: object) -> Iterator[str]:
    """Yield the words of a `Literal`, or of several in a union."""
    kind = cast("object", kind.__value__) if isinstance(kind, TypeAliasType) else kind
    for each in cast("tuple[object, ...]", get_args(kind)):
        if isinstance(each, str):
            yield each
        else:
            yield from words_of(each)


def _titled(schema: object) -> object:
    whole = cast("dict[str, object]", schema)
    fields = cast("dict[str, dict[str, list[dict[str, object]]]]", whole.get("properties", {}))
    titled = {
        name: field
        | {
            "anyOf": [
                each | {"title": name.title().replace("_", "")} if "enum" in each else each
                for each in field["anyOf"]
            ]
        }
        if "anyOf" in field
        else field
        for name, field in fields.items()
    }
    return whole | {"properties": titled} if titled else whole


def _opened(node: object, names: Mapping[frozenset[str], str]) -> object:
    if isinstance(node, list):
        return [_opened(each, names) for each in cast("list[object]", node)]
    if not isinstance(node, dict):
        return node
    schema = {
        key: each if key in {"example", "examples", "default"} else _opened(each, names)
        for key, each in cast("dict[str, object]", node).items()
        if key != "enum"
    }
    words = _words_in(cast("dict[str, object]", node))
    if not words:
        return schema
    is_nullable = None in words
    told = [each for each in words if each is not None]
    name = names.get(frozenset(told))
    schema = {key: each for key, each in schema.items() if key not in {"type", *_UNIONS}}
    if name is None:
        return schema | {"type": ["string", "null"] if is_nullable else "string", OPEN: told}
    reference = {"$ref": f"{_REFERENCE}{name}"}
    return schema | ({"oneOf": [reference, {"type": "null"}]} if is_nullable else reference)


_UNIONS = ("oneOf", "anyOf")


def _words_in(node: Mapping[str, object]) -> list[str | None]:
    """Return the words that a schema allows, None for null; none if it allows anything else."""
    if "enum" in node:
        return [
            each
            for each in cast("list[object]", node["enum"])
            if each is None or type(each) is str
        ]
    found = list[str | None]()
    for union in _UNIONS:
        for each in cast("list[dict[str, object]]", node.get(union, [])):
            words = [None] if each == {"type": "null"} else _words_in(each)
            if not words:
                return []
            found += words
    return found if any(found) else []
