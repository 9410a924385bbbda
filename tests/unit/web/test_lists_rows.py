"""The rows of the lists page: words first, and nothing invented for days without a try."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from abeyance_screening.engine.lists.edition import (
    AttemptOnDay,
    EditionCounts,
    ListState,
    LoadAttempt,
    LoadOutcome,
)
from abeyance_screening.engine.screening.answer import EditionCoverage, ListAnswer, ListCoverage
from abeyance_screening.features.lists.page import (
    DAYS,
    causes,
    edition_row,
    grown_by,
    row_of,
    strip_in_words,
    strip_of,
)
from abeyance_screening.primitives.errors import STRANGE

TODAY = date(2026, 11, 26)


def tried(day: date, outcome: LoadOutcome) -> AttemptOnDay:
    return AttemptOnDay(list_code="us_bis_el", day=day, outcome=outcome)


def covered(state: ListState = "fresh", **fields) -> ListAnswer:
    given: dict[str, Any] = {
        "code": "us_bis_el",
        "title": "Entity List",
        "source": "us_csl",
        "state": state,
        "reason": None,
        "edition": 7,
        "sha256": "ab",
        "published_on": date(2026, 11, 24),
        "confirmed_on": TODAY,
        "loaded_at": datetime(2026, 11, 25, 6, tzinfo=UTC),
        "age_days": 0,
        "max_age_days": 3,
        "entry_count": 3420,
    }
    whole = ListCoverage(**(given | fields))
    editions = (
        EditionCoverage(
            **{name: getattr(whole, name) for name in EditionCoverage.__struct_fields__}
        ),
    )
    return ListAnswer(coverage=whole, editions=editions)


def row(answer: ListAnswer, **given):
    return row_of(
        answer,
        given.get("attempts", ()),
        given.get("last", ()),
        given.get("counts", {}),
        TODAY,
    )


def test_the_strip_has_thirty_days_and_ends_today():
    strip = strip_of([], TODAY)
    assert len(strip) == DAYS == 30
    assert (strip[0].day, strip[-1].day) == (TODAY - timedelta(days=29), TODAY)
    assert {each.square for each in strip} == {"none"}


@pytest.mark.parametrize(
    ("outcomes", "square"),
    [
        (["unchanged", "loaded"], "loaded"),
        (["unchanged", "refused"], "refused"),
        (["unreachable", "unchanged"], "unchanged"),
        (["unreachable"], "unreachable"),
    ],
)
def test_a_day_shows_its_most_telling_try(outcomes, square):
    strip = strip_of([tried(TODAY, each) for each in outcomes], TODAY)
    assert strip[-1].square == square
    assert strip[-2].square == "none"


def test_the_strip_in_words_counts_days():
    tries = [tried(TODAY, "loaded"), tried(TODAY - timedelta(days=1), "unchanged")]
    assert strip_in_words(strip_of(tries, TODAY)) == (
        "Last 30 days: loaded on 1, nothing new on 1, not tried on 28."
    )


def test_a_fresh_list_says_its_age_and_limit():
    told = row(covered())
    assert (told.state_words, told.edition_words) == ("Fresh", "of 24 Nov 2026")
    assert told.age_words == "today's, limit 3 days"
    assert told.entries == "3,420"
    assert told.is_well


def test_a_list_too_old_says_so_once():
    reason = "last known to be the newest 118 days before the day asked about, the limit is 3"
    told = row(covered("too_old", age_days=118, reason=reason))
    assert (told.state_words, told.reason) == ("Too old", None)
    assert told.age_words == "118 days old, limit 3 days"
    assert not told.is_well


def test_a_refused_file_is_told_with_its_reason():
    told = row(covered("kept", reason="shrank 38 % (tried 2026-11-26 05:00 UTC)"))
    assert told.state_words == "Kept: the new file was refused"
    assert told.reason is not None
    assert "shrank 38 %" in told.reason


def test_a_list_never_loaded_has_no_numbers():
    nothing: dict[str, Any] = dict.fromkeys(
        ("edition", "sha256", "published_on", "confirmed_on", "loaded_at", "age_days")
    )
    told = row(covered("missing", entry_count=None, **nothing))
    assert (told.edition_words, told.entries, told.tried) == ("no edition", "none", "never tried")


def test_the_last_try_is_the_latest_of_all_sources():
    told: list[tuple[str, int, LoadOutcome]] = [
        ("us_csl", 26, "unreachable"),
        ("us_bis_el", 25, "loaded"),
    ]
    tries = [
        LoadAttempt(
            list_code="us_bis_el",
            source=source,
            at=datetime(2026, 11, day, 5, 30, tzinfo=UTC),
            outcome=outcome,
            reason=None,
        )
        for source, day, outcome in told
    ]
    assert row(covered(), last=tries).tried == "26 Nov 2026, 05:30 UTC: not reached"


def failed(code: str, day: int, reason: str, outcome: LoadOutcome = "unreachable") -> LoadAttempt:
    return LoadAttempt(
        list_code=code,
        source="us_csl",
        at=datetime(2026, 11, day, 5, 30, tzinfo=UTC),
        outcome=outcome,
        reason=reason,
    )


def test_each_cause_that_lists_could_not_be_renewed_for_is_told_once():
    away, gone = "the publisher's address could not be found", "the server answered 404"
    lists = [covered("too_old", code=f"list_{n}").coverage for n in range(3)]
    fresh = covered("fresh", code="list_3").coverage
    attempts = [
        failed("list_0", 26, away),
        failed("list_0", 25, gone),
        failed("list_1", 26, away),
        failed("list_2", 26, gone),
        failed("list_3", 26, gone),
    ]
    assert [*causes([*lists, fresh], attempts)] == [
        "The publisher's address could not be found: 2 lists.",
        "The server answered 404: 1 list.",
    ]
    again = failed("list_2", 27, "", "unchanged")
    captcha = f"an HTML page {STRANGE}"
    pages = [
        failed(f"list_{n}", 28, f"{n}.csv is {captcha}; expected is one of: {n}") for n in range(2)
    ]
    assert [*causes(lists[:2], [*attempts, *pages])] == [
        "A page for people came in place of the file, such as a captcha or a notice: 2 lists."
    ]
    assert len([*causes(lists, [*attempts, again])]) == 1


@pytest.mark.parametrize(
    ("by", "words"),
    [
        (12, "12 more than in the edition before"),
        (-3, "three fewer than in the edition before"),
        (0, "as many as in the edition before"),
        (None, None),
    ],
)
def test_growth_in_words(by, words):
    assert row(covered(), counts={7: by}).grown == words


def test_growth_is_counted_within_a_source():
    editions = [(1, "a", "x", 10), (2, "a", "y", 90), (3, "a", "x", 8), (4, "b", "x", 1)]
    assert grown_by(editions) == {1: None, 2: None, 3: -2, 4: None}


def counts(**fields) -> EditionCounts:
    given: dict[str, Any] = {
        "edition": 9,
        "list_code": "us_bis_el",
        "source": "us_csl",
        "published_on": date(2026, 11, 24),
        "loaded_at": datetime(2026, 11, 25, 6, tzinfo=UTC),
        "entry_count": 3420,
        "is_first": False,
        "reread": False,
        "listed": 0,
        "changed": 0,
        "gone": 0,
    }
    return EditionCounts(**(given | fields))


def test_what_an_edition_changed_in_words():
    told = edition_row(counts(listed=1200, gone=1))
    assert told.words == "1,200 added, 1 gone"
    assert told.title == "Entity List, edition of 24 Nov 2026"
    assert told.href == "/v1/lists/us_bis_el/editions/9/changes"


def test_an_edition_without_a_difference_says_so():
    assert edition_row(counts()).words == "no entry differs"
    assert edition_row(counts(changed=2, reread=True)).words == (
        "2 changed (the same file, read again)"
    )


@pytest.mark.parametrize(
    ("programmes", "words"),
    [
        pytest.param(("Mali",), "Mali", id="one"),
        pytest.param(("Burundi", "Egypt", "Mali"), "Burundi, Egypt or Mali", id="three"),
        pytest.param(
            tuple("ABCDEFG"), "A, B, C, D, E or 2 other programmes", id="more than anybody reads"
        ),
    ],
)
def test_a_programme_that_no_entry_names_any_more_is_told(programmes, words):
    told = edition_row(counts(gone=9, programmes_gone=programmes))
    assert told.words == f"9 gone; no entry names {words} any more"


def test_a_first_edition_has_no_changes_to_look_at():
    told = edition_row(counts(is_first=True))
    assert (told.words, told.href) == ("first edition here, 3,420 entries", None)
