"""An error about a value that is none of some names them all, and the one that was meant."""

from enum import Enum
from typing import Annotated, Literal

import msgspec
import pytest

from abeyance_screening.engine.lists.own.entries import OwnEntry
from abeyance_screening.engine.measures.measure import Measure
from abeyance_screening.engine.screening.question import ScreeningQuestion
from abeyance_screening.primitives.choices import (
    choices_of,
    explained,
    meant_by,
    not_one_of,
)
from abeyance_screening.primitives.faults import COUNTRY, in_words

TYPES = "aircraft, organisation, person, vessel"


class Colour(Enum):
    """What a thing may be."""

    RED = "red"
    GREEN = "green"


class Inner(msgspec.Struct):
    """A thing in a thing."""

    size: Literal["small", "large"] | None = None
    count: Literal[1, 2] = 1


class Thing(msgspec.Struct, rename={"kept_in": "in"}):
    """Every place where a value may be one of some."""

    colours: tuple[Colour, ...] = ()
    pair: tuple[int, Literal["a", "b"]] = (1, "a")
    named: dict[str, Inner] = {}
    inner: Annotated[Inner, msgspec.Meta(description="it")] | None = None
    kept_in: Literal["box"] = "box"
    words: set[Literal["on", "off"]] = set()
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=4)] = "a"
    few: Annotated[list[int], msgspec.Meta(max_length=2)] = []
    country: Annotated[str, msgspec.Meta(pattern=COUNTRY)] = "CN"


def fault_of(content: object, kind: type) -> str:
    with pytest.raises(msgspec.ValidationError) as caught:
        msgspec.convert(content, kind)
    return explained(caught.value, kind)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ({"colours": ["red", "gren"]}, "'gren' is not one of: red, green; did you mean green?"),
        ({"pair": [1, "c"]}, "'c' is not one of: a, b"),
        ({"named": {"x": {"size": "Smal"}}}, "'Smal' is not one of: large, small; did you mean"),
        ({"inner": {"size": "huge"}}, "'huge' is not one of: large, small - at `$.inner.size`"),
        ({"inner": {"count": 3}}, "3 is not one of: 1, 2 - at `$.inner.count`"),
        ({"name": ""}, "is empty - at `$.name`"),
        ({"name": "abcde"}, "has more than 4 characters - at `$.name`"),
        ({"few": [1, 2, 3]}, "has more than 2 entries - at `$.few`"),
        ({"country": "cn"}, "is not an ISO 3166-1 alpha-2 code - at `$.country`"),
        ({"in": "bax"}, "'bax' is not one of: box; did you mean box? - at `$.in`"),
        ({"words": ["of"]}, "'of' is not one of: off, on; did you mean off?"),
    ],
)
def test_a_value_that_is_none_of_some_is_told_all_of_them(content: object, says: str):
    assert says in fault_of(content, Thing)


@pytest.mark.parametrize(
    ("kind", "path", "known"),
    [
        pytest.param(ScreeningQuestion, ".counterparties[0].entity_type", TYPES, id="a party"),
        pytest.param(
            ScreeningQuestion,
            ".counterparties[0].owners[1].owners[0].entity_type",
            TYPES,
            id="owner",
        ),
        pytest.param(OwnEntry, ".aliases[0].kind", "alias, former, weak_alias", id="own list"),
    ],
)
def test_what_is_allowed_is_found_at_its_place(kind: type, path: str, known: str):
    assert ", ".join(sorted(choices_of(kind, path))) == known


def test_a_measure_names_every_kind_of_event():
    assert {"take_effect", "suspend", "revoke"} < set(choices_of(Measure, ".events[0].kind"))


@pytest.mark.parametrize("path", [".titel", ".events[0].quote", ".title.more", ""])
def test_where_anything_may_be_said_nothing_is_named(path: str):
    assert choices_of(Measure, path) == ()


PARTY = {"name": "Garant-SV"}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ([], "must be an object, but is an array"),
        ({}, "the field `counterparties` is missing"),
        ({"counterparties": None}, "must be an array, but is null - at `$.counterparties`"),
        ({"counterparties": []}, "is empty - at `$.counterparties`"),
        (
            {"counterparties": [PARTY | {"nmae": "x"}]},
            "the field `nmae` is unknown - at `$.counterparties[0]`",
        ),
        ({"counterparties": [PARTY], "limit": 0}, "is less than 1 - at `$.limit`"),
        ({"counterparties": [PARTY], "threshold": 3}, "is more than 1 - at `$.threshold`"),
        (
            {"counterparties": [PARTY], "threshold": "high"},
            "must be a number or null, but is a string - at `$.threshold`",
        ),
        (
            {"counterparties": [PARTY], "limit": 1.5},
            "must be a whole number or null, but is a number with a fraction - at `$.limit`",
        ),
        (
            {"counterparties": [PARTY], "store": "yes"},
            "must be true or false or null, but is a string - at `$.store`",
        ),
        (
            {"counterparties": [PARTY], "as_of": "2026-13-01"},
            "is not a day such as 2026-08-01 - at `$.as_of`",
        ),
        (
            {"counterparties": [PARTY | {"birth_date": "07.10.1952"}]},
            "is not 1952-10-07, 1952-10 or 1952 - at `$.counterparties[0].birth_date`",
        ),
    ],
)
def test_a_fault_is_told_in_words_and_not_in_those_of_the_decoder(content: object, says: str):
    assert fault_of(content, ScreeningQuestion) == says


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"{", "is JSON that ends too early"),
        (b'{"a": 1,}', "is not JSON: trailing comma in object (byte 8)"),
    ],
)
def test_what_is_not_json_is_told_as_such(body: bytes, says: str):
    with pytest.raises(msgspec.DecodeError) as caught:
        msgspec.json.decode(body)
    assert in_words(str(caught.value)) == says


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("Person", "; did you mean person?"),
        ("vesel", "; did you mean vessel?"),
        ("company", ""),
        ("", ""),
    ],
)
def test_only_what_is_spelled_alike_was_meant(given: str, meant: str):
    known = TYPES.split(", ")
    assert meant_by(given, known) == meant
    assert not_one_of(given, known) == f"is not one of: {TYPES}{meant}"
