"""An easing and what it eases are one pair, and the easing is never the wider of the two."""

from datetime import date

import msgspec
import pytest

from abeyance_screening.engine.measures.measure import Effect, Event, Measure
from abeyance_screening.engine.measures.reach import ItemClass, Reach
from abeyance_screening.engine.measures.register.check import faults
from tests.shipped_register import load

CHIPS = ItemClass(
    name="chips", words=("chip", "processor"), hs=("8542",), control_codes=("3A090",)
)
RULE = Measure(
    id="rule",
    title="A rule",
    authority="A",
    jurisdiction="US",
    kind="rule",
    citation="1 FR 1",
    effect=(Effect(kind="licence_required"),),
    attaches_by=("goods",),
    confidence="verified_secondary",
    checked_until=date(2026, 1, 1),
    events=(),
    reaches=(Reach(items=(CHIPS,), origin=("US",), destination=("CN", "EU")),),
)
POLICY = msgspec.structs.replace(
    RULE,
    id="policy",
    effect=(Effect(kind="easing"),),
    eases=("rule",),
    plain="A licence is still required; each application is decided on its own.",
    reaches=(
        Reach(
            items=(ItemClass(name="small chips", words=("chip",), control_codes=("3A090.b",)),),
            origin=("US",),
            destination=("CN", "FR"),
        ),
    ),
)


def _reach(**changed: object) -> Measure:
    return msgspec.structs.replace(
        POLICY, reaches=(msgspec.structs.replace(POLICY.reaches[0], **changed),)
    )


def _found(*measures: Measure) -> list[tuple[str, str]]:
    return [
        (fault.measure, fault.field) for fault in faults([("x.yaml", each) for each in measures])
    ]


def test_an_easing_that_lies_within_its_base_is_good():
    assert _found(RULE, POLICY) == []


@pytest.mark.parametrize(
    "wider",
    [
        pytest.param(_reach(destination=("CN", "JP")), id="another destination"),
        pytest.param(_reach(destination=()), id="any destination"),
        pytest.param(_reach(origin=()), id="any origin"),
        pytest.param(_reach(items=()), id="any item"),
        pytest.param(_reach(items=(ItemClass(name="x", words=("valve",)),)), id="another word"),
        pytest.param(_reach(items=(ItemClass(name="x", hs=("85",)),)), id="a wider HS code"),
        pytest.param(
            _reach(items=(ItemClass(name="x", control_codes=("3A",)),)), id="a wider code"
        ),
    ],
)
def test_an_easing_wider_than_its_base_is_refused(wider: Measure):
    assert ("policy", "reaches[0]") in _found(RULE, wider)


def test_an_easing_of_nothing_is_refused():
    assert _found(RULE, msgspec.structs.replace(POLICY, eases=())) == [("policy", "eases")]


def test_an_easing_of_an_easing_is_refused():
    base = msgspec.structs.replace(POLICY, id="rule", eases=("policy",))
    assert ("policy", "eases") in _found(base, POLICY)


def test_the_lapse_of_a_permission_only_ends_it():
    event = Event(
        id="put-off",
        kind="delay",
        published_on=load().get("us-bis-ic-designer-deadline").events[1].published_on,
        until=load().get("us-bis-ic-designer-deadline").events[1].until,
        lapse_effect="restriction_begins",
        citation="1 FR 2",
    )
    measure = msgspec.structs.replace(POLICY, events=(event,))
    assert _found(RULE, measure) == [("policy", "events[0].lapse_effect")]


def test_an_easing_that_is_no_licence_says_what_is_still_required():
    assert _found(RULE, msgspec.structs.replace(POLICY, plain=None)) == [("policy", "plain")]
