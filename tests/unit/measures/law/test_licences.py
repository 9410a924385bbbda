"""A measure that is itself a licence: what loosens and what tightens change places."""

from datetime import timedelta

import pytest

from abeyance_screening.engine.measures.law.resolve import status_on
from abeyance_screening.engine.measures.measure import Event, EventKind, UntilBound
from tests.unit.measures.law.building import KNOWN_NOW, day, event, licence

GIVEN = event("authorise", "2025-01-01", "2026-01-01", until_bound="exclusive")
OPEN = event("authorise", "2025-01-01", announced_on=day("2024-11-01"), until_state="none_stated")


def _row(name: str, events: list[Event], as_of: str, word: str) -> object:
    return pytest.param(events, as_of, word, id=name)


@pytest.mark.parametrize(
    ("kind", "bound", "last"),
    [
        pytest.param(kind, bound, last, id=f"{kind}, {bound}")
        for kind in ("publish", "take_effect", "list", "reinstate", "renew", "authorise")
        for bound, last in (
            ("inclusive", "2025-06-01"),
            ("exclusive", "2025-05-31"),
            ("unknown", "2025-05-31"),
        )
    ],
)
def test_whatever_gave_a_licence_its_end_is_read_the_stricter_way(
    kind: EventKind, bound: UntilBound, last: str
):
    given = licence(event(kind, "2025-01-01", "2025-06-01", until_bound=bound))
    words = [
        status_on(given, day(last) + timedelta(days=number), KNOWN_NOW).word for number in (0, 1)
    ]
    assert words == ["eased_by_licence", "authorisation_lapsed_unconfirmed"]


@pytest.mark.parametrize(
    ("events", "as_of", "word"),
    [
        _row("stayed", [OPEN, event("stay", "2025-03-01")], "2025-03-01", "unknown"),
        _row("the stay lifted", [OPEN, event("stay", "2025-03-01"),
             event("lift_stay", "2025-04-01", issued_by_authority=False)],
             "2025-04-01", "eased_by_licence"),
        _row("stayed, then run out", [GIVEN, event("stay", "2025-03-01")],
             "2026-01-01", "authorisation_lapsed_unconfirmed"),
        _row("suspended, then revoked", [OPEN, event("suspend", "2025-03-01"),
             event("revoke", "2025-04-01")], "2025-04-01", "ended"),
        _row("put off: last day", [OPEN, event("delay", None, "2025-02-01",
             announced_on=day("2024-12-01"))], "2025-02-01", "published_not_effective"),
        _row("put off: first day", [OPEN, event("delay", None, "2025-02-01",
             announced_on=day("2024-12-01"))], "2025-02-02", "unknown"),
        _row("put off to a day that the act names", [OPEN, event("delay", "2025-02-02",
             announced_on=day("2024-12-01"))], "2025-02-02", "eased_by_licence"),
        _row("put off nobody knows how long", [OPEN, event("delay", None,
             announced_on=day("2024-12-01"), until_state="not_recorded")],
             "2025-02-02", "unknown"),
        _row("put off, then given all the same", [event("delay", None, "2025-06-01",
             announced_on=day("2024-10-01")), OPEN], "2025-01-01", "eased_by_licence"),
        _row("put off when it ran already", [OPEN, event("delay", None, "2025-04-01",
             announced_on=day("2025-02-01"))], "2025-03-01", "eased_by_licence"),
        _row("given on a day nobody recorded", [event("authorise", None, "2026-01-01",
             day_state="not_recorded")], "2025-06-01", "unknown"),
        _row("the same after its end", [event("authorise", None, "2026-01-01",
             day_state="not_recorded")], "2026-01-01", "authorisation_lapsed_unconfirmed"),
        _row("ended on a day nobody recorded", [OPEN, event("expire", None,
             day_state="not_recorded")], "2025-06-01", "unknown"),
        _row("withdrawn on a day nobody recorded", [OPEN, event("revoke_authorisation", None,
             day_state="not_recorded")], "2025-06-01", "unknown"),
        _row("given and revoked on one day", [OPEN, event("revoke", "2025-01-01")],
             "2025-01-01", "ended"),
    ],
)  # fmt: skip
def test_a_licence_in_doubt_gives_no_relief(events: list[Event], as_of: str, word: str):
    assert status_on(licence(*events), day(as_of), KNOWN_NOW).word == word


@pytest.mark.parametrize("kind", ["authorise", "take_effect", "reinstate", "renew"])
@pytest.mark.parametrize(
    ("by_authority", "word"),
    [
        pytest.param(True, "eased_by_licence", id="the authority itself"),
        pytest.param(False, "unknown", id="hearsay"),
    ],
)
def test_a_licence_is_given_by_its_authority_alone(kind: EventKind, by_authority: bool, word: str):
    given = event(kind, "2025-01-01", until_state="none_stated", issued_by_authority=by_authority)
    assert status_on(licence(given), day("2025-06-01"), KNOWN_NOW).word == word


def test_who_says_that_a_licence_was_taken_away_is_believed():
    said = event("revoke", "2025-03-01", issued_by_authority=False)
    words = [
        status_on(licence(OPEN, said), day(on), KNOWN_NOW).word
        for on in ("2025-02-28", "2025-03-01")
    ]
    assert words == ["eased_by_licence", "ended"]


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        pytest.param("authorise", "not_yet_made", id="given for the first time"),
        pytest.param("replace_authorisation", "unknown", id="in place of an earlier one"),
        pytest.param("extend_authorisation", "unknown", id="a longer term of an earlier one"),
    ],
)
def test_a_licence_that_succeeds_an_earlier_one_may_have_run_before(kind: EventKind, word: str):
    given = licence(event(kind, "2025-01-10", "2026-01-01", until_bound="exclusive"))
    assert status_on(given, day("2025-01-09"), KNOWN_NOW).word == word
    assert status_on(given, day("2025-01-10"), KNOWN_NOW).word == "eased_by_licence"
