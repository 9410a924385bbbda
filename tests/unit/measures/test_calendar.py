"""The calendar: which rows there are, in which order, and what they say."""

from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest

from abeyance_screening.engine.measures.board import MeasureBoard, MeasureFilter
from abeyance_screening.engine.measures.calendar import CalendarFilter, coming, place_of
from abeyance_screening.engine.measures.law.coming import ComingChange
from abeyance_screening.engine.measures.measure import (
    Attachment,
    Event,
    Measure,
    Source,
    UntilBound,
)
from abeyance_screening.engine.measures.register.register import Register
from abeyance_screening.primitives.days import Days, days_of
from abeyance_screening.primitives.errors import BadInputError
from tests.shipped_register import load
from tests.unit.measures.law.building import day, event, licence, measure, part

TODAY = date(2026, 11, 24)
EVERYTHING = CalendarFilter()
BOARD = MeasureBoard(load())
STARTED = event("take_effect", "2025-01-01")


def told(as_of: date = TODAY, **fields) -> tuple[ComingChange, ...]:
    """The calendar of the packaged register."""
    return coming(BOARD, CalendarFilter(**fields), Days(as_of=as_of, known_at=TODAY))


def of(*events: Event, as_of: str = "2025-02-01", **fields) -> tuple[ComingChange, ...]:
    """The calendar of a register of one measure, as known on the day asked about."""
    return of_measure(msgspec.structs.replace(measure(*events), **fields), as_of)


def of_measure(
    made: Measure, as_of: str = "2025-02-01", chosen: CalendarFilter = EVERYTHING
) -> tuple[ComingChange, ...]:
    return coming(
        MeasureBoard(Register([made])), chosen, Days(as_of=day(as_of), known_at=day(as_of))
    )


def test_the_first_row_of_november_2026_is_the_suspended_paragraph_of_mofcom_2024_no_46():
    first = told()[0]
    assert (first.measure_id, first.on, first.days_ahead) == (
        "cn-2024-46-2",
        date(2026, 11, 27),
        3,
    )
    assert (first.what, first.status_before, first.status_after) == (
        "suspension_ends",
        "suspended",
        "in_force_by_lapse",
    )
    assert (first.stated_end, first.until_bound) == (date(2026, 11, 27), "unknown")
    assert first.sentence == (
        "Suspended until 27 Nov 2026, read as restricted on that day; "
        "if nothing is recorded by then it is in force again."
    )
    assert first.event.citation == "MOFCOM Announcement 2025 No. 72"
    assert first.event.url is not None


def test_rows_stand_by_day_and_then_by_measure_and_none_twice():
    rows = told(as_of=date(2020, 1, 1))
    assert len(rows) > 100
    assert [(each.on, each.measure_id) for each in rows] == sorted(
        (each.on, each.measure_id) for each in rows
    )
    assert len({place_of(each) for each in rows}) == len({each.id for each in rows}) == len(rows)


def test_a_row_keeps_its_id_whenever_it_is_asked_for():
    earlier = {each.id for each in told(as_of=date(2026, 11, 20))}
    assert {each.id for each in told()} <= earlier


@pytest.mark.parametrize(
    ("until", "there"),
    [
        pytest.param(date(2026, 11, 26), False, id="the day before"),
        pytest.param(date(2026, 11, 27), True, id="the day itself"),
    ],
)
def test_until_is_the_last_day_told(until, there: bool):
    rows = told(until=until)
    assert ("cn-2024-46-2" in {each.measure_id for each in rows}) is there


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"measure_id": "cn-2024-46-2"}, id="measure"),
        pytest.param({"measures": MeasureFilter(jurisdiction="CN")}, id="jurisdiction"),
        pytest.param({"measures": MeasureFilter(authority="MOFCOM")}, id="authority"),
        pytest.param({"measures": MeasureFilter(list_code="us_dod_1260h")}, id="list"),
    ],
)
def test_a_filter_keeps_some_rows_as_they_are(fields):
    every, kept = told(), told(**fields)
    assert 0 < len(kept) < len(every)
    assert set(kept) < set(every)


def test_a_list_keeps_what_reaches_it():
    rows = told(measures=MeasureFilter(list_code="us_dod_1260h"))
    assert all("us_dod_1260h" in each.lists for each in rows)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        pytest.param({"measure_id": "no-such"}, "measure", id="measure"),
        pytest.param({"measures": MeasureFilter(list_code="no_such")}, "list", id="list"),
        pytest.param({"until": date(2026, 11, 23)}, "until", id="until before the day"),
    ],
)
def test_what_cannot_be_asked_names_its_field(fields, field: str):
    with pytest.raises(BadInputError, match=f"^{field}:"):
        told(**fields)


def test_a_row_carries_its_act_its_lists_and_the_day_it_was_public():
    suspended = msgspec.structs.replace(
        event("suspend", "2025-01-10", "2025-03-01"),
        citation="1 XX 2",
        source=Source(url="https://example.org/act"),
        quote="is suspended",
    )
    lists = (Attachment(list_code="b"), Attachment(list_code="a"), Attachment(list_code="b"))
    (row,) = of(STARTED, suspended, attaches=lists)
    assert row.lists == ("b", "a")
    assert row.known_on == day("2025-01-10")
    assert (row.event.citation, row.event.url, row.event.quote, row.event.confidence) == (
        "1 XX 2",
        "https://example.org/act",
        "is suspended",
        "verified_primary",
    )


@pytest.mark.parametrize(
    ("bound", "words"),
    [
        pytest.param("inclusive", "that day included", id="inclusive"),
        pytest.param("exclusive", "that day not included", id="exclusive"),
        pytest.param("unknown", "read as restricted on that day", id="unknown"),
    ],
)
def test_the_sentence_says_how_the_end_is_read(bound: UntilBound, words: str):
    (row,) = of(STARTED, event("suspend", "2025-01-10", "2025-03-01", until_bound=bound))
    assert row.sentence == (
        f"Suspended until 1 Mar 2025, {words}; "
        "if nothing is recorded by then it is in force again."
    )


SENTENCES = [
    pytest.param(
        [STARTED, event("authorise", "2025-01-10", "2025-03-01")],
        "Eased by a licence until 1 Mar 2025, read as restricted on that day; "
        "if nothing is recorded by then it is in force without that relief.",
        id="a licence on top",
    ),
    pytest.param(
        [event("take_effect", "2025-01-01", "2025-03-01")],
        "Its own term runs until 1 Mar 2025, read as included; "
        "if nothing is recorded by then it counts as ended by its own term.",
        id="its own term",
    ),
    pytest.param(
        [STARTED, event("not_enforced", "2025-01-10", "2025-03-01")],
        "Not enforced until 1 Mar 2025, read as restricted on that day; "
        "if nothing is recorded by then it is enforced again.",
        id="not enforced",
    ),
    pytest.param(
        [
            event("publish", "2025-02-15", announced_on=day("2025-01-10")),
            event("delay", "2025-03-01", announced_on=day("2025-01-20")),
        ],
        "Start put off to 1 Mar 2025; if nothing is recorded by then it is in force.",
        id="a delay to a day",
    ),
    pytest.param(
        [STARTED, event("revoke", "2025-03-01", announced_on=day("2025-01-10"))],
        "Ends on 1 Mar 2025.",
        id="a revocation to come",
    ),
    pytest.param(
        [
            STARTED,
            event("take_effect", "2025-03-01", announced_on=day("2025-01-10"), slice=part("Rest")),
        ],
        "Rest: takes effect on 1 Mar 2025.",
        id="a part that starts",
    ),
    pytest.param(
        [STARTED, event("narrow", "2025-03-01", announced_on=day("2025-01-10"))],
        "Becomes narrower on 1 Mar 2025; from then on it is in force, eased.",
        id="a deed that does not say what holds then",
    ),
    pytest.param(
        [
            STARTED,
            event(
                "announce_extension",
                "2025-03-01",
                "2025-06-01",
                announced_on=day("2025-01-20"),
                confidence="disputed",
            ),
        ],
        "An extension from 1 Mar 2025 to 1 Jun 2025 was announced on 20 Jan 2025; sources "
        "contradict each other on it and no act found; it changes nothing.",
        id="a disputed announcement",
    ),
    pytest.param(
        [
            STARTED,
            event(
                "suspend",
                "2025-03-01",
                announced_on=day("2025-01-20"),
                issued_by_authority=False,
            ),
        ],
        "An act (suspend from 1 Mar 2025) was reported on 20 Jan 2025; "
        "it is not from the authority itself, so it changes nothing.",
        id="relief from somebody else",
    ),
]


@pytest.mark.parametrize(("events", "sentence"), SENTENCES)
def test_the_sentence_says_what_comes(events, sentence: str):
    (row,) = of(*events)
    assert row.sentence == sentence


def test_the_end_of_a_licence_is_told_of_the_licence():
    made = licence(event("authorise", "2025-01-01", "2025-03-01"))
    (row,) = of_measure(made)
    assert row.sentence == (
        "The licence runs until 1 Mar 2025, read as restricted on that day; "
        "if nothing is recorded by then it authorises nothing any more."
    )


def test_a_row_counts_from_the_day_it_is_where_the_measure_comes_from():
    china, elsewhere = date(2026, 11, 25), date(2026, 11, 24)
    days = Days(as_of=elsewhere, known_at=elsewhere, as_of_by=(("CN", china),))
    rows = {each.jurisdiction: each for each in coming(BOARD, EVERYTHING, days)}
    assert (rows["CN"].as_of, rows["US"].as_of) == (china, elsewhere)
    assert all(each.days_ahead == (each.on - each.as_of).days for each in rows.values())


def test_the_same_question_is_worked_out_once():
    assert told() is told()
    assert told(until=date(2026, 12, 1)) is not told(until=date(2026, 12, 2))


def test_what_is_only_announced_is_marked_and_has_one_status():
    (row,) = of(STARTED, event("announce_extension", "2025-03-01", announced_on=day("2025-01-20")))
    assert (row.announced, row.disputed) == (True, False)
    assert (row.status_of, row.status_before, row.status_after) == (
        "measure",
        "in_force",
        "in_force",
    )


def test_an_announcement_of_both_governments_names_them_and_how_far_was_read():
    said = event(
        "announce_extension",
        "2025-03-01",
        "2025-06-01",
        announced_on=day("2025-01-20"),
    )
    said = msgspec.structs.replace(said, note="Announced by both governments; no act found.")
    (row,) = of(STARTED, said, checked_until=day("2025-01-31"))
    assert row.sentence == (
        "An extension from 1 Mar 2025 to 1 Jun 2025 was announced by both governments on "
        "20 Jan 2025; no act found, sources read until 31 Jan 2025; it changes nothing."
    )
    assert (row.disputed, row.status_before, row.status_after) == (False, "in_force", "in_force")


# --- What has passed.

PAUSED = event("suspend", "2025-01-10", "2025-03-01", until_bound="inclusive")
KEPT = CalendarFilter(passed_days=90)


def passed(*events: Event, as_of: str, known_at: str | None = None) -> tuple[ComingChange, ...]:
    """The rows of a register of one measure whose day has passed within 90 days."""
    board = MeasureBoard(Register([measure(STARTED, *events)]))
    rows = coming(board, KEPT, Days(as_of=day(as_of), known_at=day(known_at or as_of)))
    return tuple(row for row in rows if row.is_passed)


@pytest.mark.parametrize(
    ("as_of", "there"),
    [
        pytest.param("2025-03-01", False, id="the last day of the suspension"),
        pytest.param("2025-03-02", True, id="the day itself"),
        pytest.param("2025-05-30", True, id="89 days later"),
        pytest.param("2025-05-31", False, id="90 days later"),
    ],
)
def test_a_row_stays_ninety_days_with_its_day_included(as_of: str, there: bool):
    assert ("suspension_ends" in {row.what for row in passed(PAUSED, as_of=as_of)}) is there


def test_a_lapse_that_passed_says_that_nothing_is_confirmed_and_keeps_its_id():
    (ahead,) = of(STARTED, PAUSED, as_of="2025-02-01")
    (row,) = [each for each in passed(PAUSED, as_of="2025-03-10") if each.what == ahead.what]
    assert (row.id, row.on, row.days_ahead) == (ahead.id, day("2025-03-02"), -8)
    assert row.outcome is not None
    assert row.outcome.word == "nothing_confirmed"
    assert row.outcome.sentence == "Passed on 2 Mar 2025, nothing confirmed since."
    assert (ahead.is_passed, ahead.outcome) == (False, None)


@pytest.mark.parametrize(
    ("act", "words"),
    [
        pytest.param(
            event("extend_suspension", "2025-03-02", "2025-09-01", announced_on=day("2025-03-20")),
            "extend suspension from 2 Mar 2025 to 1 Sep 2025, public on 20 Mar 2025",
            id="a longer suspension, published late",
        ),
        pytest.param(
            event("resume", "2025-03-02", announced_on=day("2025-03-20")),
            "resume from 2 Mar 2025, public on 20 Mar 2025",
            id="its end, confirmed",
        ),
    ],
)
def test_an_act_that_follows_is_the_outcome_and_the_entry_stays_one(act: Event, words: str):
    (ahead,) = of(STARTED, PAUSED, as_of="2025-02-01")
    rows = [each for each in passed(PAUSED, act, as_of="2025-04-01") if each.on == ahead.on]
    assert [each.id for each in rows] == [ahead.id]
    (outcome,) = [each.outcome for each in rows]
    assert outcome is not None
    assert (outcome.word, outcome.known_on) == ("act_followed", day("2025-03-20"))
    assert words in outcome.sentence
    before = passed(PAUSED, act, as_of="2025-04-01", known_at="2025-03-19")
    assert [each.outcome and each.outcome.word for each in before if each.id == ahead.id] == [
        "nothing_confirmed"
    ]


def test_what_was_called_off_before_its_day_never_passed():
    longer = event("extend_suspension", "2025-02-20", "2025-09-01")
    assert "suspension_ends" not in {
        each.what for each in passed(PAUSED, longer, as_of="2025-03-10")
    }


def test_what_was_only_announced_passes_without_an_act():
    said = event("announce_easing", "2025-03-05", announced_on=day("2025-02-01"))
    (row,) = [each for each in passed(said, as_of="2025-03-10") if each.announced]
    assert row.outcome is not None
    assert row.outcome.word == "no_act_found"
    assert row.status_before == row.status_after == "in_force"


@pytest.mark.parametrize("as_of", [date(2026, 11, 24), date(2026, 11, 27), date(2027, 3, 1)])
def test_every_entry_of_an_earlier_feed_stays_in_the_later_one(as_of: date):
    eve = Days(as_of=as_of - timedelta(days=89), known_at=as_of)
    earlier = {each.id for each in coming(BOARD, EVERYTHING, eve) if each.on <= as_of}
    kept = coming(BOARD, KEPT, Days(as_of=as_of, known_at=as_of))
    assert earlier <= {each.id for each in kept if each.is_passed}
    assert len({place_of(each) for each in kept}) == len({each.id for each in kept}) == len(kept)


@pytest.mark.parametrize("hour", range(24))
def test_the_feed_of_the_27th_holds_the_27th_in_every_time_zone(hour: int):
    days = days_of(None, None, datetime(2026, 11, 27, hour, tzinfo=UTC))
    rows = {each.measure_id: each for each in coming(BOARD, KEPT, days)}
    assert rows["cn-2024-46-2"].on == date(2026, 11, 27)


def test_a_part_of_which_alone_the_word_changes_is_named_as_such():
    began = event("take_effect", "2025-03-01", announced_on=day("2025-01-10"), slice=part("Rest"))
    (row,) = of(STARTED, began)
    assert (row.status_of, row.slice, row.status_before, row.status_after) == (
        "slice",
        "Rest",
        "published_not_effective",
        "in_force",
    )


def test_a_measure_of_another_id_is_found_by_it():
    made: Measure = msgspec.structs.replace(
        measure(STARTED, event("suspend", "2025-01-10", "2025-03-01")), also_known_as=("other",)
    )
    assert of_measure(made, chosen=CalendarFilter(measure_id="other"))
