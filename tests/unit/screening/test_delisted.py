"""Listings that had left their list are in `delisted`, and under the name of before in `left`."""

import asyncio
import json
from typing import Any

import msgspec
import pytest

from abeyance_screening.engine.screening.answer import (
    CounterpartyResult,
    OwnerResult,
    PartyResult,
    SearchAnswer,
    TextAnswer,
)
from abeyance_screening.engine.screening.answer_json import Shelf, Writer
from abeyance_screening.engine.screening.brevity import Brevity
from tests.unit.screening.test_number_matches import MILLS, answered

FOUND = answered(MILLS)


def written() -> dict[str, Any]:
    """Return the JSON of a result as an answer has it."""
    return json.loads(asyncio.run(Writer(Shelf()).result(FOUND)))


def without(told: dict[str, Any], *fields: str) -> bytes:
    return msgspec.json.encode({name: each for name, each in told.items() if name not in fields})


def test_an_answer_has_them_under_both_names():
    told = written()
    assert [each["standing"]["state"] for each in told["delisted"]] == ["left", "left"]
    assert told["left"] == told["delisted"]
    assert {each["listing"]["id"] for each in told["left"]}.isdisjoint(
        each["listing"]["id"] for each in told["hits"]
    )


def test_a_brief_answer_has_them_under_both_names():
    told = json.loads(msgspec.json.encode(Brevity().line(FOUND)))
    assert [each["left_on"] for each in told["delisted"]] == ["2024-01-01", "2024-01-01"]
    assert told["left"] == told["delisted"]


def test_a_brief_answer_without_any_has_neither():
    told = json.loads(msgspec.json.encode(Brevity().line(answered("Plain Bakery"))))
    assert told.keys().isdisjoint({"delisted", "left"})


@pytest.mark.parametrize(
    "missing",
    [
        pytest.param(("delisted",), id="kept before the field had its name"),
        pytest.param(("left",), id="once the old name is gone"),
        pytest.param((), id="today"),
    ],
)
def test_a_kept_answer_is_read_with_either_name(missing: tuple[str, ...]):
    read = msgspec.json.decode(without(written(), *missing), type=CounterpartyResult)
    assert read == FOUND
    assert read.delisted == FOUND.delisted != ()


@pytest.mark.parametrize("kind", [PartyResult, OwnerResult, SearchAnswer, TextAnswer])
def test_every_answer_with_the_old_name_has_the_new_one_beside_it(
    kind: type[PartyResult | SearchAnswer | TextAnswer],
):
    fields = kind.__struct_fields__
    assert fields.index("left") == fields.index("delisted") + 1
