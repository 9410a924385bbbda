"""The rules, each on a measure that has nothing but what the rule needs."""

from typing import cast

import pytest

from abeyance_screening.engine.measures.law.resolve import status_on
from abeyance_screening.engine.measures.measure import Event, EventKind
from tests.unit.measures.law.building import (
    KNOWN_NOW,
    RETRACTED,
    EventFields,
    day,
    event,
    licence,
    measure,
)

START = event("take_effect", "2025-01-01")
PUBLISHED = event("publish", "2025-06-01", announced_on=day("2025-01-01"))
SUSPENDED = event("suspend", "2025-11-10", "2026-11-10", until_bound="exclusive")
OPEN = event("suspend", "2025-11-10", until_state="none_stated")
STAYED = event("stay", "2025-11-10")
UNENFORCED = event("not_enforced", "2025-11-10")
EASED = event("authorise", "2025-11-10", "2026-11-10", until_bound="exclusive")
NARROWED = event("narrow", "2025-11-10")
REVOKED = event("revoke", "2026-02-20")
TERM = event("take_effect", "2025-01-01", "2026-11-10", lapse_effect="restriction_ends")


def _row(name: str, events: list[Event], as_of: str, word: str) -> object:
    return pytest.param(events, as_of, word, id=name)


@pytest.mark.parametrize(
    ("events", "as_of", "word"),
    [
        _row("announced alone", [event("announce", "2025-01-01")], "2026-01-01", "announced"),
        _row("published without a day", [event("publish", None, announced_on=day("2025-01-01"))],
             "2026-01-01", "published_not_effective"),
        _row("day before effect", [PUBLISHED], "2025-05-31", "published_not_effective"),
        _row("day of effect", [PUBLISHED], "2025-06-01", "in_force"),
        _row("listed", [event("list", "2025-01-01")], "2025-01-01", "in_force"),
        _row("a letter", [event("is_informed", "2025-01-01")], "2025-01-01", "in_force"),
        _row("amended", [START, event("amend", "2025-02-01")], "2025-02-01", "in_force"),
        _row("corrected", [START, event("correct", "2025-02-01")], "2025-02-01", "in_force"),
        _row("expanded", [START, event("expand", "2025-02-01")], "2025-02-01", "in_force"),
        _row("narrowed", [START, NARROWED], "2025-11-10", "in_force_eased"),
        _row("narrowed and widened again", [START, NARROWED, event("expand", "2025-12-01")],
             "2025-12-01", "in_force"),
        _row("day before suspension", [START, SUSPENDED], "2025-11-09", "in_force"),
        _row("first suspended day", [START, SUSPENDED], "2025-11-10", "suspended"),
        _row("last suspended day", [START, SUSPENDED], "2026-11-09", "suspended"),
        _row("day after suspension", [START, SUSPENDED], "2026-11-10", "in_force_by_lapse"),
        _row("open suspension", [START, OPEN], "2029-01-01", "suspended"),
        _row("suspension without a recorded end",
             [START, event("suspend", "2025-11-10", until_state="not_recorded")],
             "2025-11-10", "unknown"),
        _row("suspended before effect", [PUBLISHED, event("suspend", "2025-05-01", "2026-05-01")],
             "2025-05-15", "suspended"),
        _row("suspended over the day of effect",
             [PUBLISHED, event("suspend", "2025-05-01", "2026-05-01")], "2025-07-01", "suspended"),
        _row("extended without a gap", [START, SUSPENDED,
             event("extend_suspension", "2026-11-10", "2027-11-10")], "2026-11-10", "suspended"),
        _row("extended after a gap: in the gap", [START, SUSPENDED,
             event("extend_suspension", "2026-11-20", "2027-11-10")],
             "2026-11-15", "in_force_by_lapse"),
        _row("extended after a gap: behind it", [START, SUSPENDED,
             event("extend_suspension", "2026-11-20", "2027-11-10")], "2026-11-20", "suspended"),
        _row("shortened by a later act", [START, SUSPENDED,
             event("suspend", "2026-01-01", "2026-03-01")], "2026-03-01", "in_force_by_lapse"),
        _row("resumed early", [START, SUSPENDED, event("resume", "2026-05-01")],
             "2026-05-01", "in_force"),
        _row("resumed after the lapse", [START, SUSPENDED, event("resume", "2026-12-01")],
             "2026-12-01", "in_force"),
        _row("confirmed after the lapse", [START, SUSPENDED, event("take_effect", "2026-11-10")],
             "2026-11-10", "in_force"),
        _row("took effect while suspended", [PUBLISHED,
             event("suspend", "2025-05-01", "2026-05-01"), event("take_effect", "2025-06-01")],
             "2025-06-01", "suspended"),
        _row("stayed", [START, STAYED], "2025-11-10", "court_stayed"),
        _row("stay lifted", [START, STAYED, event("lift_stay", "2026-01-01")],
             "2026-01-01", "in_force"),
        _row("the authority cannot lift a stay", [START, STAYED, event("resume", "2026-01-01")],
             "2026-01-01", "court_stayed"),
        _row("stayed and suspended", [START, STAYED, SUSPENDED], "2026-01-01", "court_stayed"),
        _row("not enforced", [START, UNENFORCED], "2025-11-10", "in_force_not_enforced"),
        _row("enforced again", [START, UNENFORCED, event("resume", "2026-01-01")],
             "2026-01-01", "in_force"),
        _row("eased", [START, EASED], "2026-11-09", "in_force_eased"),
        _row("easing ran out", [START, EASED], "2026-11-10", "in_force"),
        _row("easing withdrawn", [START, EASED, event("revoke_authorisation", "2026-01-01")],
             "2026-01-01", "in_force"),
        _row("easing without a recorded end",
             [START, event("authorise", "2025-11-10", until_state="not_recorded")],
             "2025-11-10", "in_force"),
        _row("easing outlives a lapse", [START, SUSPENDED,
             event("authorise", "2025-12-01", until_state="none_stated")],
             "2026-11-10", "in_force_by_lapse"),
        _row("delayed: old start", [PUBLISHED, event("delay", None, "2025-09-01",
             announced_on=day("2025-05-01"))], "2025-06-01", "published_not_effective"),
        _row("delayed: last day", [PUBLISHED, event("delay", None, "2025-09-01",
             announced_on=day("2025-05-01"))], "2025-08-31", "published_not_effective"),
        _row("delayed: new start", [PUBLISHED, event("delay", None, "2025-09-01",
             announced_on=day("2025-05-01"))], "2025-09-01", "in_force_by_lapse"),
        _row("delayed and taken effect", [PUBLISHED, event("delay", None, "2025-09-01",
             announced_on=day("2025-05-01")), event("take_effect", "2025-09-01")],
             "2025-09-01", "in_force"),
        _row("delayed when in force: a part is later", [START, event("delay", None, "2025-09-01",
             announced_on=day("2025-05-01"))], "2025-06-01", "in_force_eased"),
        _row("own term: last day", [TERM], "2026-11-10", "in_force"),
        _row("own term: day after", [TERM], "2026-11-11", "ended_by_term_unconfirmed"),
        _row("own term renewed", [TERM, event("renew", "2026-10-01", "2027-10-01",
             lapse_effect="restriction_ends")], "2026-11-11", "in_force"),
        _row("own term renewed late: in the gap", [TERM, event("renew", "2026-12-01",
             "2027-12-01")], "2026-11-20", "ended_by_term_unconfirmed"),
        _row("own term renewed late", [TERM, event("renew", "2026-12-01", "2027-12-01")],
             "2026-12-01", "in_force"),
        _row("own term over while suspended", [TERM, OPEN], "2026-11-11",
             "ended_by_term_unconfirmed"),
        _row("own term that nobody recorded", [event("take_effect", "2025-01-01",
             until_state="not_recorded")], "2029-01-01", "in_force"),
        _row("revoked", [START, REVOKED], "2026-02-20", "ended"),
        _row("a lapse revives nothing", [START, SUSPENDED, REVOKED], "2026-11-10", "ended"),
        _row("a resumption revives nothing", [START, REVOKED, event("resume", "2026-03-01")],
             "2026-03-01", "ended"),
        _row("a renewal revives nothing revoked", [TERM, REVOKED,
             event("renew", "2026-03-01", "2027-03-01")], "2026-03-01", "ended"),
        _row("a renewal revives what expired", [TERM, event("expire", "2026-11-10"),
             event("renew", "2026-12-01", "2027-12-01")], "2026-12-01", "in_force"),
        _row("suspended after it expired, then renewed", [TERM, event("expire", "2026-02-20"),
             event("suspend", "2026-03-01", until_state="none_stated"),
             event("renew", "2026-12-01", "2027-12-01")], "2026-12-01", "in_force"),
        _row("revoked before its day", [PUBLISHED, event("revoke", "2025-03-01")],
             "2025-06-01", "ended"),
        _row("listed anew", [START, event("delist", "2026-02-20"), event("list", "2026-05-01")],
             "2026-05-01", "in_force"),
        _row("listed anew without the old suspension", [START, SUSPENDED, REVOKED,
             event("list", "2026-05-01")], "2026-05-01", "in_force"),
        _row("reinstated", [START, REVOKED, event("reinstate", "2026-05-01")],
             "2026-05-01", "in_force"),
        _row("reinstatement alone: before", [event("reinstate", "2026-05-01")],
             "2026-04-30", "not_yet_made"),
        _row("expired", [START, event("expire", "2026-02-20")], "2026-02-20", "ended"),
        _row("annulled", [START, STAYED, event("annul", "2026-02-20")], "2026-02-20", "ended"),
        _row("replaced", [START, event("replace", "2026-02-20")], "2026-02-20", "ended"),
        _row("measures stopped", [START, event("stop_measures", "2026-02-20")],
             "2026-02-20", "ended"),
        _row("only a removal: before", [event("delist", "2026-02-20")], "2026-02-19", "in_force"),
        _row("only a removal: after", [event("delist", "2026-02-20")], "2026-02-20", "ended"),
        _row("an end without a day", [START, event("expire", None, day_state="not_recorded")],
             "2026-01-01", "unknown"),
        _row("a start without a day", [event("take_effect", None, day_state="not_recorded")],
             "1990-01-01", "in_force"),
        _row("challenged", [START, event("challenge_pending", "2025-02-01")],
             "2025-02-01", "in_force"),
        _row("only challenged", [event("challenge_pending", "2025-02-01")],
             "2025-02-01", "unknown"),
        _row("disputed", [START, event("dispute", "2025-02-01")], "2025-02-01", "in_force"),
    ],
)  # fmt: skip
def test_a_record_reads_as_the_law_says(events: list[Event], as_of: str, word: str):
    assert status_on(measure(*events), day(as_of), KNOWN_NOW).word == word


@pytest.mark.parametrize(
    ("events", "as_of", "word"),
    [
        _row("before it", [EASED], "2025-11-09", "not_yet_made"),
        _row("first day", [EASED], "2025-11-10", "eased_by_licence"),
        _row("last day", [EASED], "2026-11-09", "eased_by_licence"),
        _row("day after", [EASED], "2026-11-10", "authorisation_lapsed_unconfirmed"),
        _row("extended", [EASED, event("extend_authorisation", "2026-11-01", "2027-11-01")],
             "2026-11-10", "eased_by_licence"),
        _row("replaced by a shorter one", [EASED, event("replace_authorisation", "2026-01-01",
             "2026-03-01")], "2026-03-01", "authorisation_lapsed_unconfirmed"),
        _row("open", [event("authorise", "2025-11-10", until_state="none_stated")],
             "2029-01-01", "eased_by_licence"),
        _row("no recorded end", [event("authorise", "2025-11-10", until_state="not_recorded")],
             "2025-11-11", "unknown"),
        _row("revoked", [EASED, event("revoke_authorisation", "2026-01-01")],
             "2026-01-01", "ended"),
        _row("expired on record", [EASED, event("expire", "2026-11-10")], "2026-11-10", "ended"),
        _row("given anew", [EASED, event("revoke", "2026-01-01"),
             event("authorise", "2026-05-01", "2026-08-01")], "2026-05-01", "eased_by_licence"),
        _row("itself suspended", [EASED,
             event("suspend", "2026-01-01", until_state="none_stated")], "2026-01-01", "unknown"),
    ],
)  # fmt: skip
def test_a_licence_is_a_measure_that_eases(events: list[Event], as_of: str, word: str):
    assert status_on(licence(*events), day(as_of), KNOWN_NOW).word == word


@pytest.mark.parametrize(
    ("loosening", "fields", "word"),
    [
        pytest.param("suspend", {"issued_by_authority": False}, "in_force", id="somebody else"),
        pytest.param("suspend", {"confidence": "disputed"}, "in_force", id="contradicted"),
        pytest.param("suspend", {"retracted_at": RETRACTED}, "in_force", id="taken back"),
        pytest.param("suspend", {}, "suspended", id="the authority itself"),
        pytest.param("stay", {"issued_by_authority": False}, "court_stayed", id="a court"),
        pytest.param("annul", {"issued_by_authority": False}, "ended", id="a court for good"),
        pytest.param("revoke", {"issued_by_authority": False}, "in_force", id="hearsay of an end"),
    ],
)
def test_relief_counts_only_from_those_who_can_give_it(
    loosening: EventKind, fields: EventFields, word: str
):
    relief = event(loosening, "2025-11-10", **{"until_state": "none_stated", **fields})
    assert status_on(measure(START, relief), day("2026-01-01"), KNOWN_NOW).word == word


def test_hearsay_of_relief_is_shown_as_upcoming():
    relief = event("suspend", "2025-11-10", until_state="none_stated", issued_by_authority=False)
    status = status_on(measure(START, relief), day("2026-01-01"), KNOWN_NOW)
    assert status.upcoming == (relief.id,)
    assert "relief_not_issued_by_authority" in status.flags


def test_a_contradicted_tightening_makes_the_word_unconfirmed():
    resumed = event("resume", "2025-12-01", confidence="disputed")
    status = status_on(measure(START, OPEN, resumed), day("2026-01-01"), KNOWN_NOW)
    assert (status.word, status.confirmed, status.evidence) == ("suspended", False, "disputed")
    assert status.disputed == (resumed.id,)


def test_a_measure_without_events_is_unknown_and_one_not_yet_public_not_known():
    assert status_on(measure(), day("2026-01-01"), KNOWN_NOW).word == "unknown"
    assert status_on(measure(START), day("2026-01-01"), day("2024-12-31")).word == "not_known"


def test_an_event_of_an_unreadable_kind_makes_the_status_unknown():
    strange = event(cast("EventKind", cast("object", "vanish")), "2025-02-01")
    status = status_on(measure(START, strange), day("2026-01-01"), KNOWN_NOW)
    assert (status.word, status.rests_on) == ("unknown", (strange.id,))
    assert status_on(measure(START, strange), day("2026-01-01"), day("2025-01-31")).word == (
        "in_force"
    )


def test_a_term_whose_renewals_nobody_looked_for_ends_in_the_unknown():
    given = measure(TERM, renewals_searched=False)
    assert status_on(given, day("2026-11-10"), KNOWN_NOW).word == "in_force"
    assert status_on(given, day("2026-11-11"), KNOWN_NOW).word == "unknown"


def test_a_suspension_after_which_the_measure_ends_ends_it():
    given = event("suspend", "2025-11-10", "2026-11-10", lapse_effect="restriction_ends")
    status = status_on(measure(START, given), day("2026-11-11"), KNOWN_NOW)
    assert status.word == "ended_by_term_unconfirmed"


def test_an_announcement_is_upcoming_until_an_act_makes_it_good():
    said = event("announce_suspension", "2025-10-30")
    before = status_on(measure(START, said, SUSPENDED), day("2025-10-31"), day("2025-10-31"))
    after = status_on(measure(START, said, SUSPENDED), day("2025-12-01"), day("2025-12-01"))
    assert (before.word, before.upcoming) == ("in_force", (said.id,))
    assert "suspension_announced_not_formalised" in before.flags
    assert (after.word, after.upcoming) == ("suspended", ())


def test_an_act_is_upcoming_until_the_day_before_it_acts():
    upcoming = [
        status_on(measure(START, REVOKED), day(on), KNOWN_NOW).upcoming
        for on in ("2026-02-19", "2026-02-20")
    ]
    assert upcoming == [(REVOKED.id,), ()]


def test_a_published_measure_is_so_since_it_was_public():
    status = status_on(measure(PUBLISHED), day("2025-03-01"), KNOWN_NOW)
    assert (status.since, status.until) == (day("2025-01-01"), None)
    assert status.next_change is not None
    assert status.next_change.on == day("2025-06-01")


def test_a_month_without_a_day_is_unconfirmed_for_that_month_only():
    given = measure(event("take_effect", "2025-04-01", exactness="month"))
    words = [status_on(given, day(on), KNOWN_NOW).confirmed for on in ("2025-04-30", "2025-05-01")]
    assert words == [False, True]
