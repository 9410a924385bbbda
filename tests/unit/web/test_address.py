"""The address holds the state: what is read from it, what it is written as, what is refused."""

from datetime import date
from decimal import Decimal

import pytest
from litestar.datastructures import MultiDict

from service.model.days import Days
from service.model.question import Owner
from service.web.address import Clocks, link, read_clocks
from service.web.asked import OwnerGiven, View, read_question, read_view
from service.web.frame import Frame

TODAY = date(2026, 11, 24)
DAYS = Days(as_of=TODAY, known_at=TODAY)


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
    view = View(
        name="Acme & Söhne",
        lists=("us_bis_el", "un_sc"),
        countries="CN, Iran",
        entity_type="vessel",
        threshold="0.8",
        owners=(OwnerGiven(name="A", share="60"), OwnerGiven(name="B", share="")),
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
    assert View().query() == ()
    assert link("/", View(name="X").query()) == "/?name=X"


def test_owners_stand_with_the_share_beside_them():
    view = read_view(
        given(("owner", ""), ("share", "9"), ("owner", "B"), ("share", "12.5 %"), ("owner", "C"))
    )
    assert view.owners == (OwnerGiven(name="B", share="12.5 %"), OwnerGiven(name="C", share=""))
    asked, faults = read_question(View(name="X", owners=view.owners), DAYS)
    assert faults == ()
    assert asked is not None
    assert asked.counterparties[0].owners == (
        Owner(name="B", share=Decimal("12.5")),
        Owner(name="C"),
    )


@pytest.mark.parametrize(
    ("view", "fault"),
    [
        pytest.param(View(name="X", threshold="1.01"), "“1.01” is no score", id="score above"),
        pytest.param(View(name="X", threshold="high"), "“high” is no score", id="score in words"),
        pytest.param(View(name="X", countries="Narnia"), "“Narnia” is no country", id="country"),
        pytest.param(View(name="X", entity_type="ghost"), "“ghost” is no type", id="type"),
        pytest.param(View(name="X", end_use="fun"), "“fun” is no end use", id="end use"),
        pytest.param(
            View(name="X", owners=(OwnerGiven(name="A", share="half"),)),
            "“half” is no percentage",
            id="share",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(view: View, fault: str):
    asked, faults = read_question(view, DAYS)
    assert asked is None
    assert [each.text.startswith(fault) for each in faults] == [True]


def test_countries_may_be_written_as_names():
    view = View(name="X", countries="China, us", items="gallium", origin="Japan")
    asked, _ = read_question(view, DAYS)
    assert asked is not None
    assert asked.counterparties[0].countries == ("CN", "US")
    assert asked.transaction is not None
    assert asked.transaction.origin == "JP"


def test_an_answer_replaces_another_and_can_be_taken_back():
    view = View(name="X").answered("rule", "yes")
    assert view.answer_to("rule") == "yes"
    changed = view.answered("rule", "no")
    assert (changed.yes, changed.no) == ((), ("rule",))
    assert changed.answered("rule", "") == View(name="X")


def test_a_frame_steps_from_day_to_day_and_keeps_the_rest():
    frame = Frame(
        title="X",
        path="/",
        section="/",
        today=TODAY,
        clocks=Clocks(known_at=date(2025, 12, 1)),
        query=(("name", "X"),),
    )
    assert frame.day_before == "/?name=X&as_of=2026-11-23&known_at=2025-12-01"
    assert frame.on(None) == "/?name=X&known_at=2025-12-01"
    assert frame.lasting == "/?name=X&as_of=2026-11-24&known_at=2025-12-01"
    assert not frame.is_today
    assert frame.in_words == "Tue 24 Nov 2026"


@pytest.mark.parametrize("day", [date.min, date.max], ids=["first", "last"])
def test_a_frame_stands_on_any_day_there_is(day: date):
    frame = Frame(title="X", path="/", section="/", today=TODAY, clocks=Clocks(as_of=day))
    assert frame.day_before.startswith("/?as_of=")
    assert frame.day_after.startswith("/?as_of=")
