"""Days are read only where they are certain."""

from datetime import date

import pytest

from abeyance_screening.engine.measures.measure import EventKind, UntilBound
from abeyance_screening.features.watch.proposals.us_fr import effective_day, term_of
from tests.tools.propose.us_fr.gazette import documents, made

DATED = documents("api_dated.json")
TENTH = date(2025, 11, 10)


@pytest.mark.parametrize(
    ("number", "day"),
    [
        ("2025-19846", TENTH),
        ("2025-19001", date(2025, 9, 29)),
        ("2020-05190", date(2020, 3, 10)),
        ("2022-00448", None),
    ],
    ids=["suspension", "three dates, one effective", "a term", "another rule's date moves"],
)
def test_the_first_day_of_real_documents(number: str, day: date | None):
    assert effective_day(DATED[number]).day == day


@pytest.mark.parametrize(
    ("fields", "day", "others"),
    [
        pytest.param(
            {"dates": "This rule is effective November 10, 2025."}, TENTH, (), id="in words"
        ),
        pytest.param({"dates": "Effective Date: November 10, 2025."}, TENTH, (), id="a heading"),
        pytest.param({"dates": "Effective on November 10, 2025."}, TENTH, (), id="on"),
        pytest.param({"effective_on": TENTH}, TENTH, (), id="the field"),
        pytest.param(
            {
                "effective_on": TENTH,
                "dates": "This rule is effective November 10, 2025, except for instruction 5,"
                " which is effective January 1, 2026.",
            },
            TENTH,
            (date(2026, 1, 1),),
            id="the field, and another day",
        ),
        pytest.param(
            {"dates": "Effective May 1, 2025, and effective May 2, 2025."},
            None,
            (date(2025, 5, 1), date(2025, 5, 2)),
            id="two days and no field",
        ),
        pytest.param(
            {"abstract": "This final rule is effective November 10, 2025."},
            TENTH,
            (),
            id="summary",
        ),
        pytest.param(
            {"abstract": "the same sanctions that were imposed effective February 24, 2022."},
            None,
            (),
            id="another rule's day",
        ),
        pytest.param({"dates": "Comments by November 10, 2025."}, None, (), id="comments"),
        pytest.param({"dates": "Effective February 30, 2025."}, None, (), id="no such day"),
        pytest.param({"dates": "This rule is effective immediately."}, None, (), id="no day"),
    ],
)
def test_the_first_day(fields: dict[str, object], day: date | None, others: tuple[date, ...]):
    found = effective_day(made(**fields))
    assert (found.day, found.others) == (day, others)


@pytest.mark.parametrize(
    ("number", "kind", "until", "bound"),
    [
        ("2025-19846", "suspend", date(2026, 11, 9), "unknown"),
        ("2020-05190", "extend_authorisation", date(2020, 5, 15), "inclusive"),
        ("2022-00448", "delay", date(2022, 3, 7), "exclusive"),
    ],
    ids=["stayed until", "effective through, extended until", "delayed to"],
)
def test_the_end_of_real_documents(number: str, kind: EventKind, until: date, bound: UntilBound):
    term = term_of(DATED[number], kind)
    assert (term.until, term.bound) == (until, bound)
    assert term.quote is not None
    assert f"{until:%B} {until.day}, {until.year}" in term.quote


@pytest.mark.parametrize(
    ("kind", "dates", "until", "bound"),
    [
        pytest.param("suspend", "is suspended through May 1, 2026.", 1, "inclusive", id="through"),
        pytest.param("suspend", "The suspension ends May 1, 2026.", 1, "unknown", id="ends"),
        pytest.param("suspend", "The stay expires on May 1, 2026.", 1, "unknown", id="expires"),
        pytest.param("suspend", "Comments are open until May 1, 2026.", None, None, id="comments"),
        pytest.param("suspend", "The suspension lasts a year.", None, None, id="no day"),
        pytest.param(
            "authorise", "A license valid through May 1, 2026.", 1, "inclusive", id="licence"
        ),
        pytest.param("delay", "The new date is May 1, 2026.", 1, "unknown", id="a new date"),
        pytest.param("list", "A license valid through May 1, 2026.", None, None, id="no term"),
    ],
)
def test_the_end(kind: EventKind, dates: str, until: int | None, bound: UntilBound | None):
    term = term_of(made(dates=dates), kind)
    assert term.until == (None if until is None else date(2026, 5, until))
    assert term.bound == bound


def test_two_ends_are_no_end():
    document = made(dates="A is stayed until May 1, 2026, B is stayed until May 2, 2026.")
    term = term_of(document, "suspend")
    assert term.until is None
    assert term.others == (date(2026, 5, 1), date(2026, 5, 2))
