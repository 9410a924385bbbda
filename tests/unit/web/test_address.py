"""The address holds the state: what is read from it, what it is written as, what is refused."""

from datetime import UTC, date, datetime
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st
from litestar.datastructures import MultiDict

from abeyance_screening.engine.screening.question import Owner
from abeyance_screening.platform.pages.frame import AddressDays, Frame, link, read_clocks
from abeyance_screening.platform.questions.form import (
    FormFields,
    OwnerField,
    read_question,
    read_view,
)

TODAY = date(2026, 11, 24)
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def given(*pairs: tuple[str, str]) -> MultiDict[str]:
    return MultiDict(pairs)


@pytest.mark.parametrize(
    ("printed", "day", "fault"),
    [
        pytest.param("2025-10-15", date(2025, 10, 15), None, id="a day"),
        pytest.param("2026-1-5", date(2026, 1, 5), None, id="without zeros"),
        pytest.param("", None, None, id="left open"),
        pytest.param("2026-02-31", None, "31 Feb 2026 is not a day.", id="no such day"),
        pytest.param("2026-13-01", None, "“2026-13-01” is not a day.", id="no such month"),
        pytest.param("tomorrow", None, "“tomorrow” is not a day.", id="words"),
        pytest.param("0000-01-01", None, "1 Jan 0000 is not a day.", id="no such year"),
    ],
)
def test_a_day_is_read_or_refused_in_words(printed: str, day: date | None, fault: str | None):
    clocks, faults = read_clocks(given(("as_of", printed)))
    assert clocks.as_of == day
    assert [each.text for each in faults] == ([] if fault is None else [fault])


def test_a_view_comes_back_from_its_own_address():
    view = FormFields(
        name="Acme & Söhne",
        lists=("us_bis_el", "un_sc"),
        countries="CN, Iran",
        entity_type="vessel",
        threshold="0.8",
        owners=(OwnerField(name="A", share="60"), OwnerField(name="B", share="")),
        items="2846\ngallium",
        origin="CN",
        destination="US",
        end_use="military",
        yes=("one",),
        no=("two", "three"),
        unsure=("four",),
    )
    assert read_view(given(*view.query())) == view


def test_an_empty_view_has_no_query():
    assert FormFields().query() == ()
    assert link("/", FormFields(name="X").query()) == "/?name=X"


def test_owners_stand_with_the_share_beside_them():
    view = read_view(
        given(("owner", ""), ("share", "9"), ("owner", "B"), ("share", "12.5 %"), ("owner", "C"))
    )
    assert view.owners == (OwnerField(name="B", share="12.5 %"), OwnerField(name="C", share=""))
    asked, faults = read_question(FormFields(name="X", owners=view.owners))
    assert faults == ()
    assert asked is not None
    assert asked.counterparties[0].owners == (
        Owner(name="B", share=Decimal("12.5")),
        Owner(name="C"),
    )


@pytest.mark.parametrize(
    ("view", "fault"),
    [
        pytest.param(
            FormFields(name="X", threshold="1.01"), "“1.01” is not a score", id="score above"
        ),
        pytest.param(
            FormFields(name="X", threshold="high"), "“high” is not a score", id="score in words"
        ),
        pytest.param(
            FormFields(name="X", countries="Narnia"),
            "“Narnia” is not a known country",
            id="country",
        ),
        pytest.param(
            FormFields(name="X", entity_type="ghost"), "“ghost” is not a type", id="type"
        ),
        pytest.param(
            FormFields(name="X", end_use="fun"), "“fun” is not a known end use", id="end use"
        ),
        pytest.param(
            FormFields(name="X", owners=(OwnerField(name="A", share="half"),)),
            "“half” is not a percentage",
            id="share",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(view: FormFields, fault: str):
    asked, faults = read_question(view)
    assert asked is None
    assert [each.text.startswith(fault) for each in faults] == [True]


def test_countries_may_be_written_as_names():
    view = FormFields(name="X", countries="China, us", items="gallium", origin="Japan")
    asked, _ = read_question(view)
    assert asked is not None
    assert asked.counterparties[0].countries == ("CN", "US")
    assert asked.transaction is not None
    assert asked.transaction.origin == "JP"


def test_an_answer_replaces_another_and_can_be_taken_back():
    view = FormFields(name="X").answered("rule", "yes")
    assert view.answer_to("rule") == "yes"
    changed = view.answered("rule", "no")
    assert (changed.yes, changed.no) == ((), ("rule",))
    assert changed.answered("rule", "") == FormFields(name="X")


def test_a_frame_steps_from_day_to_day_and_keeps_the_rest():
    frame = Frame(
        title="X",
        path="/",
        section="/",
        now=NOON,
        clocks=AddressDays(known_at=date(2025, 12, 1)),
        query=(("name", "X"),),
    )
    assert frame.day_before == "/?name=X&as_of=2026-11-23&known_at=2025-12-01"
    assert frame.on(None) == "/?name=X&known_at=2025-12-01"
    assert frame.lasting == "/?name=X&as_of=2026-11-24&known_at=2025-12-01"
    assert not frame.is_today
    assert frame.in_words == "today, Tue 24 Nov 2026"


@pytest.mark.parametrize("day", [date.min, date.max], ids=["first", "last"])
def test_a_frame_stands_on_any_day_there_is(day: date):
    frame = Frame(title="X", path="/", section="/", now=NOON, clocks=AddressDays(as_of=day))
    assert frame.day_before.startswith("/?as_of=")
    assert frame.day_after.startswith("/?as_of=")


AT_TWO = datetime(2026, 11, 10, 2, tzinfo=UTC)
_DAYS = st.none() | st.dates()
# Within these every authority's day can be told.
_MOMENTS = st.datetimes(
    min_value=AT_TWO.replace(year=1900, tzinfo=None),
    max_value=AT_TWO.replace(year=2200, tzinfo=None),
    timezones=st.just(UTC),
)


@pytest.mark.parametrize(
    ("printed", "at"),
    [
        pytest.param("2026-11-10T02:00:00Z", AT_TWO, id="UTC"),
        pytest.param("2026-11-10T10:00:00+08:00", AT_TWO, id="in Beijing"),
        pytest.param("2026-11-10T02:00Z", AT_TWO, id="without seconds"),
        pytest.param("", None, id="left open"),
    ],
)
def test_a_moment_is_read(printed: str, at: datetime | None):
    assert read_clocks(given(("at", printed))) == (AddressDays(at=at), ())


@pytest.mark.parametrize(
    "printed", ["2026-11-10T02:00:00", "2026-11-10", "now", "0001-01-01T00:00:00+14:00"]
)
def test_a_moment_that_cannot_be_read_is_refused_in_words(printed: str):
    clocks, faults = read_clocks(given(("at", printed)))
    assert clocks.at is None
    assert [each.text for each in faults] == [
        f"“{printed}” is not a moment; write it as 2026-11-10T02:00:00Z."
    ]


def test_a_link_to_a_day_left_open_keeps_the_moment_where_it_is_not_one_day_everywhere():
    frame = Frame(title="X", path="/", section="/", now=AT_TWO, query=(("name", "X"),))
    assert frame.lasting == "/?name=X&at=2026-11-10T02%3A00%3A00Z"
    at_six = msgspec.structs.replace(frame, now=AT_TWO.replace(hour=6))
    assert at_six.lasting == "/?name=X&as_of=2026-11-10&known_at=2026-11-10"
    asked = msgspec.structs.replace(frame, clocks=AddressDays(as_of=TODAY))
    assert asked.lasting == "/?name=X&as_of=2026-11-24&at=2026-11-10T02%3A00%3A00Z"


@drawn(as_of=_DAYS, known_at=_DAYS, at=st.none() | _MOMENTS, now=_MOMENTS, later=_MOMENTS)
def test_a_lasting_link_asks_about_the_same_days_for_every_authority(
    as_of: date | None,
    known_at: date | None,
    at: datetime | None,
    now: datetime,
    later: datetime,
):
    clocks = AddressDays(as_of=as_of, known_at=known_at, at=at)
    link_back, faults = read_clocks(given(*clocks.lasting(now).query()))
    assert faults == ()
    assert link_back.days(later) == clocks.days(now)


@pytest.mark.parametrize(
    ("clocks", "now", "field", "when"),
    [
        pytest.param(
            AddressDays(),
            NOON,
            "today, Tue 24 Nov 2026",
            "today, 24 Nov 2026",
            id="today, one day everywhere",
        ),
        pytest.param(
            AddressDays(),
            AT_TWO,
            "today, 10 Nov 2026 UTC",
            "today, 10 Nov 2026 UTC; 9 Nov 2026 in New York, Ottawa and Washington",
            id="today, not everywhere",
        ),
        pytest.param(
            AddressDays(at=AT_TWO),
            NOON,
            "10 Nov 2026, 02:00 UTC",
            "on 10 Nov 2026, 02:00 UTC; 9 Nov 2026 in New York, Ottawa and Washington",
            id="a moment",
        ),
        pytest.param(
            AddressDays(as_of=date(2026, 11, 10)),
            AT_TWO,
            "Tue 10 Nov 2026",
            "on 10 Nov 2026",
            id="a day asked for",
        ),
    ],
)
def test_the_day_asked_about_is_told_as_it_was_asked(
    clocks: AddressDays, now: datetime, field: str, when: str
):
    frame = Frame(title="X", path="/", section="/", now=now, clocks=clocks)
    assert (frame.in_words, frame.when) == (field, when)


def test_the_utc_day_asked_for_is_not_today_while_it_is_not_everywhere():
    day = AddressDays(as_of=date(2026, 11, 10), known_at=date(2026, 11, 10))
    frame = Frame(title="X", path="/", section="/", now=AT_TWO, clocks=day)
    assert not frame.is_today
    assert msgspec.structs.replace(frame, now=AT_TWO.replace(hour=5)).is_today


def test_a_step_keeps_what_was_known_and_today_drops_the_moment():
    frame = Frame(title="X", path="/", section="/", now=NOON, clocks=AddressDays(at=AT_TWO))
    assert frame.day_before == "/?as_of=2026-11-09&at=2026-11-10T02%3A00%3A00Z"
    assert frame.on(None) == "/"
