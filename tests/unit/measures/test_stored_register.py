"""The register as a database holds it, also where a newer program stored it."""

import json
import logging
from datetime import UTC, date, datetime

import msgspec
import pytest

from abeyance_screening.engine.lists.listing import Listing, Name
from abeyance_screening.engine.measures.board import MeasureBoard
from abeyance_screening.engine.measures.measure import (
    Event,
    Measure,
    RegisterMark,
    StoredMeasure,
    StoredRegister,
)
from abeyance_screening.engine.measures.register_rows import (
    register_of,
    stored_event,
    stored_measure,
)
from abeyance_screening.engine.screening.trade.restrictions import restrictions_on
from abeyance_screening.engine.screening.trade.transaction import Item, Transaction
from abeyance_screening.primitives.days import Days
from tests.shipped_register import load

TODAY = date(2026, 11, 24)
DAYS = Days(as_of=TODAY, known_at=TODAY)
SHIPPED = load()
GALLIUM, RULE = "cn-2024-46-2", "us-bis-affiliates-rule"
ENTITY_LIST = "us-bis-entity-list"
OWN = Event(
    id="own-suspend",
    kind="suspend",
    effective_on=date(2026, 1, 1),
    until_state="none_stated",
    origin="operator",
    recorded_at=datetime(2026, 1, 1, tzinfo=UTC),
    recorded_by="anna",
)


def _stored(measure: Measure, **said: object) -> StoredMeasure:
    """The measure as a newer program might store it."""
    stored = stored_measure(measure)
    body = json.dumps(json.loads(stored.body) | said)
    return msgspec.structs.replace(stored, body=body)


def _register(changed: str, **said: object) -> StoredRegister:
    return StoredRegister(
        mark=RegisterMark(revision=1, changed=1),
        measures=tuple(
            _stored(each, **said) if each.id == changed else stored_measure(each)
            for each in SHIPPED.measures
        ),
        events=(
            *(stored_event(each.id, event) for each in SHIPPED.measures for event in each.events),
            stored_event(changed, OWN),
        ),
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        pytest.param("emergency", "a newer field", id="unknown field"),
        pytest.param("title", 7, id="wrong type"),
        pytest.param("effect", [{"kind": "levy"}], id="unknown effect"),
        pytest.param("attaches", [{"list_code": "us_bis_el", "by": "x"}], id="inside attaches"),
        pytest.param("attaches", [{"list_code": "us_bis_el", "programmes": 7}], id="its type"),
        pytest.param("confidence", None, id="null"),
    ],
)
def test_a_measure_that_cannot_be_read_is_unknown_and_stays_behind_its_listings(
    field: str, value: object, caplog: pytest.LogCaptureFixture
):
    with caplog.at_level(logging.WARNING):
        board = MeasureBoard(register_of(_register(ENTITY_LIST, **{field: value})))
    shown = board.one(ENTITY_LIST, DAYS)
    assert (shown.status, shown.flags) == ("unknown", ("event_cannot_be_read",))
    listing = Listing(id="x", list_code="us_bis_el", names=(Name(text="Acme", kind="primary"),))
    behind = {each.id: each.status for each in board.of_prints((listing,), DAYS)}
    assert behind[ENTITY_LIST] == "unknown"
    assert OWN in board.register.get(ENTITY_LIST).events
    assert [record.msg for record in caplog.records] == ["register.measure_cannot_be_read"]


def test_every_other_measure_is_as_it_was():
    register = register_of(_register(ENTITY_LIST, emergency=True))
    others = {each.id: each for each in register.measures if each.id != ENTITY_LIST}
    assert others == {each.id: each for each in SHIPPED.measures if each.id != ENTITY_LIST}


def test_a_measure_whose_goods_cannot_be_read_stays_an_open_question():
    board = MeasureBoard(register_of(_register(GALLIUM, reaches=[{"size": "large"}])))
    asked = Transaction(items=(Item(description="coffee"),), origin="BR", destination="DE")
    found = restrictions_on(board, asked, DAYS)
    assert GALLIUM in {each.id for each in found.open_questions}
    assert GALLIUM not in {each.measure.id for each in found.met}


def test_a_body_that_is_no_object_leaves_the_id():
    stored = _register(RULE)
    broken = tuple(
        msgspec.structs.replace(each, body="[]") if each.measure_id == RULE else each
        for each in stored.measures
    )
    register = register_of(msgspec.structs.replace(stored, measures=broken))
    assert MeasureBoard(register).one(RULE, DAYS).title == RULE
