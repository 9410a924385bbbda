"""What comes after a day: which kind of change, on which day, because of which event."""

from datetime import date, timedelta

import msgspec
import pytest

from abeyance_screening.engine.measures.law.coming import (
    ComingKind,
    announced_to_come,
    coming_changes,
    lapsed,
    took_effect,
)
from abeyance_screening.engine.measures.measure import Event, UntilBound
from abeyance_screening.engine.measures.status_table import StatusWord
from tests.unit.measures.law.building import KNOWN_NOW, day, event, licence, measure, part

ONE_DAY = timedelta(days=1)
FOREVER_AGO = date(1900, 1, 1)
STARTED = event("take_effect", "2025-01-01")


def rows(*events: Event, as_of: str = "2025-02-01") -> list[tuple[str, ComingKind, str]]:
    """Day, kind and event of what comes, in order."""
    changes = coming_changes(measure(*events), day(as_of), KNOWN_NOW)
    return [(str(each.on), each.what, each.event.id) for each in changes]


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        pytest.param(
            [event("suspend", "2025-01-10", "2025-03-01")],
            ("2025-03-01", "suspension_ends", "suspend-2025-01-10"),
            id="a suspension ends",
        ),
        pytest.param(
            [event("not_enforced", "2025-01-10", "2025-03-01")],
            ("2025-03-01", "non_enforcement_ends", "not_enforced-2025-01-10"),
            id="it is enforced again",
        ),
        pytest.param(
            [event("stay", "2025-01-10", "2025-03-01")],
            ("2025-03-01", "stay_ends", "stay-2025-01-10"),
            id="a court's stay ends",
        ),
        pytest.param(
            [event("authorise", "2025-01-10", "2025-03-01")],
            ("2025-03-01", "licence_ends", "authorise-2025-01-10"),
            id="a licence ends",
        ),
        pytest.param(
            [event("renew", "2025-01-10", "2025-03-01")],
            ("2025-03-02", "term_ends", "renew-2025-01-10"),
            id="its own term ends",
        ),
        pytest.param(
            [event("revoke", "2025-03-01", announced_on=day("2025-01-10"))],
            ("2025-03-01", "ends", "revoke-2025-03-01"),
            id="it is revoked",
        ),
        pytest.param(
            [event("suspend", "2025-03-01", announced_on=day("2025-01-10"))],
            ("2025-03-01", "suspension_begins", "suspend-2025-03-01"),
            id="a suspension begins",
        ),
        pytest.param(
            [
                event("suspend", "2025-01-10", until_state="none_stated"),
                event("resume", "2025-03-01"),
            ],
            ("2025-03-01", "resumes", "resume-2025-03-01"),
            id="it is resumed",
        ),
    ],
)
def test_of_a_measure_in_force(events, expected):
    assert rows(STARTED, *events) == [expected]


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        pytest.param(
            [event("publish", "2025-03-01", announced_on=day("2025-01-10"))],
            ("2025-03-01", "starts", "publish-2025-03-01"),
            id="a published start",
        ),
        pytest.param(
            [
                event("publish", "2025-02-15", announced_on=day("2025-01-10")),
                event("delay", "2025-01-20", "2025-03-01"),
            ],
            ("2025-03-01", "delay_ends", "delay-2025-01-20"),
            id="a delayed start",
        ),
    ],
)
def test_of_a_measure_not_begun(events, expected):
    assert rows(*events) == [expected]


def test_of_a_licence_its_end_comes():
    changes = coming_changes(
        licence(event("authorise", "2025-01-01", "2025-03-01")), day("2025-02-01"), KNOWN_NOW
    )
    assert [(str(each.on), each.what, each.after) for each in changes] == [
        ("2025-03-01", "licence_ends", "authorisation_lapsed_unconfirmed")
    ]


@pytest.mark.parametrize(
    ("bound", "on"),
    [
        pytest.param("inclusive", "2025-03-02", id="the day is within"),
        pytest.param("exclusive", "2025-03-01", id="the day is not"),
        pytest.param("unknown", "2025-03-01", id="unknown is restricted on the day"),
    ],
)
def test_the_new_state_stands_on_the_day_the_bound_says(bound: UntilBound, on: str):
    suspended = event("suspend", "2025-01-10", "2025-03-01", until_bound=bound)
    assert [each[0] for each in rows(STARTED, suspended)] == [on]
    assert rows(STARTED, suspended, as_of=on) == []
    assert len(rows(STARTED, suspended, as_of=str(day(on) - ONE_DAY))) == 1


def test_an_extended_suspension_ends_once_at_its_new_end():
    extended = event("extend_suspension", "2025-02-20", "2025-06-01")
    told = rows(STARTED, event("suspend", "2025-01-10", "2025-03-01"), extended)
    assert told == [("2025-06-01", "suspension_ends", extended.id)]


def test_a_part_is_told_where_the_word_of_the_whole_stays():
    began = event("take_effect", "2025-03-01", announced_on=day("2025-01-01"), slice=part("A"))
    (change,) = coming_changes(measure(STARTED, began), day("2025-02-01"), KNOWN_NOW)
    assert (change.part, change.before, change.after) == (
        part("A"),
        "published_not_effective",
        "in_force",
    )


def test_the_last_part_suspended_is_told_as_a_change_of_the_whole():
    suspended = event("suspend", "2025-01-10", "2025-03-01", slice=part("A"))
    (change,) = coming_changes(measure(STARTED, suspended), day("2025-02-01"), KNOWN_NOW)
    assert (change.part, change.event.slice) == (None, part("A"))
    assert (change.before, change.after) == ("partly_suspended", "in_force_by_lapse")


def test_one_of_two_eased_parts_loses_its_licence_alone():
    licences = (
        event("authorise", "2025-01-10", "2025-03-01", id="A", slice=part("A")),
        event("authorise", "2025-01-10", "2025-06-01", id="B", slice=part("B")),
    )
    first, second = coming_changes(measure(STARTED, *licences), day("2025-02-01"), KNOWN_NOW)
    assert (first.part, first.after) == (part("A"), "in_force")
    assert (second.part, second.after, second.event.id) == (None, "in_force", "B")


EXTENSION = event("announce_extension", "2025-03-01", "2025-06-01", announced_on=day("2025-01-20"))
SUSPENDED = event("suspend", "2025-01-10", "2025-03-01")


def said(*events: Event, as_of: str = "2025-02-01") -> list[tuple[str, ComingKind, StatusWord]]:
    changes = announced_to_come(measure(*events), day(as_of), KNOWN_NOW)
    assert all(each.before == each.after and each.is_announced for each in changes)
    return [(str(each.on), each.what, each.after) for each in changes]


@pytest.mark.parametrize("confidence", ["verified_primary", "disputed"])
@pytest.mark.parametrize(
    ("as_of", "on", "word"),
    [
        pytest.param("2025-02-28", "2025-03-01", "in_force_by_lapse", id="before it would begin"),
        pytest.param("2025-03-01", "2025-06-01", "in_force_by_lapse", id="the day it would begin"),
        pytest.param("2025-05-31", "2025-06-01", "in_force_by_lapse", id="its last day"),
        pytest.param("2025-06-01", None, None, id="the day it would be over"),
    ],
)
def test_an_announced_extension_stands_by_its_next_day_and_changes_no_word(
    as_of, on, word, confidence
):
    announced = msgspec.structs.replace(EXTENSION, confidence=confidence)
    expected = [] if on is None else [(on, "announced_extension", word)]
    assert said(STARTED, SUSPENDED, announced, as_of=as_of) == expected
    told = coming_changes(measure(STARTED, SUSPENDED, announced), day(as_of), KNOWN_NOW)
    assert told == coming_changes(measure(STARTED, SUSPENDED), day(as_of), KNOWN_NOW)


def test_an_announced_end_that_is_included_is_past_the_day_after():
    announced = msgspec.structs.replace(EXTENSION, until_bound="inclusive")
    assert said(STARTED, SUSPENDED, announced, as_of="2025-04-01")[0][0] == "2025-06-02"


def test_an_announcement_that_an_act_made_good_is_no_longer_told():
    extended = event("extend_suspension", "2025-02-20", "2025-06-01")
    assert said(STARTED, SUSPENDED, EXTENSION, extended) == []


def test_nothing_is_told_as_said_of_a_measure_that_has_ended():
    assert said(STARTED, SUSPENDED, EXTENSION, event("revoke", "2025-01-30")) == []


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"issued_by_authority": False}, id="relief from somebody else"),
        pytest.param({"confidence": "disputed"}, id="a contradicted act"),
    ],
)
def test_an_act_that_is_set_aside_is_told_as_said(fields):
    act = event("suspend", "2025-03-01", "2025-06-01", **fields)
    assert said(STARTED, act) == [("2025-03-01", "act_set_aside", "in_force")]


def test_an_announcement_without_a_day_to_come_is_no_row():
    assert said(STARTED, event("announce_easing", None, announced_on=day("2025-01-20"))) == []


def test_a_suspension_runs_out_once_unless_something_took_its_place():
    extended = event("extend_suspension", "2025-02-20", "2025-06-01")
    days = day("2025-02-01"), day("2025-12-31"), KNOWN_NOW
    assert lapsed(measure(STARTED, SUSPENDED), *days) == {SUSPENDED.id: day("2025-03-01")}
    assert lapsed(measure(STARTED, SUSPENDED, extended), *days) == {extended.id: day("2025-06-01")}
    assert lapsed(measure(STARTED, SUSPENDED, event("revoke", "2025-02-20")), *days) == {}


@pytest.mark.parametrize(
    ("since", "to", "there"),
    [
        pytest.param("2025-02-27", "2025-02-28", False, id="up to the day before"),
        pytest.param("2025-02-28", "2025-03-01", True, id="up to the day"),
        pytest.param("2025-03-01", "2025-03-02", False, id="from the day"),
    ],
)
def test_the_first_day_is_left_out_and_the_last_counts(since, to, there: bool):
    resumed = event("resume", "2025-03-01")
    days = day(since), day(to), KNOWN_NOW
    assert (SUSPENDED.id in lapsed(measure(STARTED, SUSPENDED), *days)) is there
    assert (resumed.id in took_effect(measure(STARTED, resumed), *days)) is there


def test_a_measure_nothing_was_public_of_has_nothing_to_come():
    assert coming_changes(measure(STARTED), FOREVER_AGO, day("2024-12-31")) == ()
    assert announced_to_come(measure(EXTENSION), FOREVER_AGO, day("2024-12-31")) == ()
