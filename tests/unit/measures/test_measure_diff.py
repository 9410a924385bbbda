"""What changed about a measure between two days."""

from datetime import UTC, date, datetime

import msgspec
import pytest

from abeyance_screening.engine.measures.board import MeasureBoard
from abeyance_screening.engine.measures.calendar import (
    changes_between,
    diff_in_words,
    measure_diff,
    span_of,
)
from abeyance_screening.engine.measures.law.coming import MeasureDiff, StatusThen
from abeyance_screening.engine.measures.measure import Event
from abeyance_screening.engine.measures.register.register import Register
from abeyance_screening.primitives.days import Days
from abeyance_screening.primitives.errors import BadInputError, NotFoundError
from tests.shipped_register import load
from tests.unit.measures.law.building import day, event, maybe_day, measure, part

TODAY = date(2026, 11, 24)
BOARD = MeasureBoard(load())
STARTED = event("take_effect", "2025-01-01")
SUSPENDED = event("suspend", "2025-01-10", "2025-03-01")


def diff(*events: Event, since: str, to: str, known_at: str | None = None) -> MeasureDiff:
    board = MeasureBoard(Register([measure(*events)]))
    return measure_diff(board, "xx-test", span_of(day(since), day(to), maybe_day(known_at)))


def deeds(found: MeasureDiff) -> list[tuple[str, str, str]]:
    return [(each.event.id, done.what, str(done.on)) for each in found.events for done in each.did]


def test_the_affiliates_rule_came_back_by_lapse_and_an_extension_was_only_announced():
    found = measure_diff(BOARD, "us-bis-affiliates-rule", span_of(date(2025, 12, 1), TODAY, None))
    assert (found.before.status, found.after.status) == ("suspended", "in_force_by_lapse")
    assert found.sentence == (
        "On 1 Dec 2025 suspended; since 10 Nov 2026 in force because what held it back ran out, "
        "unconfirmed."
    )
    assert ("suspend-2025-11-10", "lapsed", "2026-11-10") in deeds(found)
    assert ("announce-extension-2026-09-23", "became_known", "2026-09-23") in deeds(found)
    assert {"status", "since", "confirmed"} <= set(found.changed)


def test_each_day_is_asked_with_what_was_public_on_it():
    found = diff(STARTED, SUSPENDED, since="2025-01-05", to="2025-02-01")
    assert (found.before.known_at, found.after.known_at) == (day("2025-01-05"), day("2025-02-01"))
    assert found.before.until is None
    assert deeds(found) == [
        (SUSPENDED.id, "became_known", "2025-01-10"),
        (SUSPENDED.id, "took_effect", "2025-01-10"),
    ]


def test_with_one_knowledge_nothing_becomes_known():
    found = diff(STARTED, SUSPENDED, since="2025-01-05", to="2025-02-01", known_at="2025-02-01")
    assert (found.before.known_at, found.after.known_at) == (day("2025-02-01"), day("2025-02-01"))
    assert found.before.next_change_to == "suspended"
    assert deeds(found) == [(SUSPENDED.id, "took_effect", "2025-01-10")]


def test_what_was_recorded_of_a_day_before_is_told_as_having_become_known():
    """Nexperia's order was in force for twelve days before anybody was told."""
    ordered = event("take_effect", "2025-09-30", announced_on=day("2025-10-12"))
    found = diff(ordered, since="2025-10-05", to="2025-12-01")
    assert (found.before.status, found.after.status) == ("not_known", "in_force")
    assert deeds(found) == [(ordered.id, "became_known", "2025-10-12")]


@pytest.mark.parametrize(
    ("since", "to", "lapsed"),
    [
        pytest.param("2025-02-01", "2025-02-28", False, id="up to its last day"),
        pytest.param("2025-02-01", "2025-03-01", True, id="up to the day after"),
        pytest.param("2025-03-01", "2025-04-01", False, id="from the day after"),
    ],
)
def test_a_suspension_lapses_between(since: str, to: str, lapsed: bool):
    found = diff(STARTED, SUSPENDED, since=since, to=to)
    assert ((SUSPENDED.id, "lapsed", "2025-03-01") in deeds(found)) is lapsed
    assert (found.before.status != found.after.status) is lapsed


def test_what_was_taken_back_is_told_with_its_day():
    mistaken = msgspec.structs.replace(
        SUSPENDED, retracted_at=datetime(2025, 1, 20, 12, tzinfo=UTC)
    )
    found = diff(STARTED, mistaken, since="2025-01-15", to="2025-02-01")
    assert (found.before.status, found.after.status) == ("suspended", "in_force")
    assert deeds(found) == [(mistaken.id, "taken_back", "2025-01-20")]


def test_a_correction_is_told_with_the_day_it_was_recorded():
    correction = msgspec.structs.replace(
        SUSPENDED, id="again", replaces="gone", recorded_at=datetime(2025, 1, 20, tzinfo=UTC)
    )
    found = diff(STARTED, correction, since="2025-01-15", to="2025-02-01")
    assert deeds(found) == [("again", "became_known", "2025-01-20")]


def test_a_day_against_itself_changed_nothing():
    found = diff(STARTED, SUSPENDED, since="2025-02-01", to="2025-02-01")
    assert (found.changed, found.events) == ((), ())
    assert found.sentence == "On both days suspended; nothing changed."


def test_a_later_end_of_the_same_status_is_a_change():
    extended = event("extend_suspension", "2025-02-20", "2025-06-01")
    found = diff(STARTED, SUSPENDED, extended, since="2025-02-01", to="2025-03-01")
    assert found.sentence == (
        "On both days suspended; what changed: its end, the day of its next change."
    )


def test_every_field_that_may_change_has_words():
    days = {"as_of", "known_at", "status"}
    fields = tuple(field for field in StatusThen.__struct_fields__ if field not in days)
    then = diff(STARTED, since="2025-02-01", to="2025-02-01").after
    assert diff_in_words(then, then, fields).count(",") == len(fields) - 1


def test_the_first_day_may_not_lie_after_the_second():
    with pytest.raises(BadInputError, match=r"^from: lies after"):
        span_of(day("2025-02-02"), day("2025-02-01"), None)


def test_a_measure_nobody_has_is_not_found():
    with pytest.raises(NotFoundError, match="no-such"):
        measure_diff(BOARD, "no-such", span_of(TODAY, TODAY, None))


@pytest.mark.parametrize(
    ("since", "changes"),
    [
        pytest.param("2025-01-09", True, id="before it was suspended"),
        pytest.param("2025-01-10", False, id="since it was suspended"),
    ],
)
def test_nothing_is_told_where_nothing_changed(since: str, changes: bool):
    made = measure(STARTED, SUSPENDED)
    board = MeasureBoard(Register([made]))
    span = span_of(day(since), day("2025-02-01"), None)
    before, after = (
        board.one(made.id, Days(as_of=span.since, known_at=span.known_since)),
        board.one(made.id, Days(as_of=span.to, known_at=span.known_to)),
    )
    found = changes_between(made, span, before, after)
    assert (found is not None) is changes


def test_that_the_last_reading_has_grown_too_old_changes_no_measure():
    # the statute was in force on both days; on the second nobody had read its sources for a year
    made = msgspec.structs.replace(measure(STARTED), checked_until=day("2025-02-01"))
    board = MeasureBoard(Register([made]))
    span = span_of(day("2025-02-02"), day("2027-02-02"), None)
    before, after = (
        board.one(made.id, Days(as_of=each, known_at=each)) for each in (span.since, span.to)
    )
    assert (before.evidence, after.evidence, after.stale) == ("confirmed", "stale", True)
    assert changes_between(made, span, before, after) is None
    told = measure_diff(board, made.id, span)
    assert (told.changed, told.after.evidence) == ((), "stale")


def test_an_announcement_alone_is_a_change():
    made = measure(STARTED, event("announce_extension", None, announced_on=day("2025-01-20")))
    board = MeasureBoard(Register([made]))
    span = span_of(day("2025-01-19"), day("2025-01-20"), None)
    before = after = board.one(made.id, Days(as_of=span.since, known_at=span.known_since))
    found = changes_between(made, span, before, after)
    assert found is not None
    assert found.changed == ()
    assert [each.event.kind for each in found.events] == ["announce_extension"]


def test_an_event_names_the_part_it_is_about():
    suspended = event("suspend", "2025-01-10", slice=part("A"), until_state="none_stated")
    (found,) = diff(STARTED, suspended, since="2025-01-05", to="2025-02-01").events
    assert found.slice == "A"
