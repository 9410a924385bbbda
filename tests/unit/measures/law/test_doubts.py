"""What nobody recorded, what came in an unlikely order: read as restricted, never as cleared."""

import pytest

from abeyance_screening.engine.measures.law.resolve import status_on
from abeyance_screening.engine.measures.measure import Event, EventKind, Slice
from tests.unit.measures.law.building import KNOWN_NOW, day, event, measure, part

START = event("take_effect", "2025-01-01")
OPEN = event("suspend", "2025-11-10", until_state="none_stated")
STAYED = event("stay", "2025-11-10")
UNENFORCED = event("not_enforced", "2025-11-10")
REVOKED = event("revoke", "2025-11-10")
TERM = event("take_effect", "2025-01-01", "2025-11-10", lapse_effect="restriction_ends")
B = part("para. 2")


def _row(name: str, events: list[Event], as_of: str, word: str) -> object:
    return pytest.param(events, as_of, word, id=name)


def _undated(kind: str) -> Event:
    return Event(id=f"{kind}-undated", kind=kind, day_state="not_recorded")  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    ("events", "as_of", "word"),
    [
        _row("suspended and resumed", [START, OPEN, _undated("resume")], "2026-01-01", "unknown"),
        _row("stayed and resumed", [START, STAYED, _undated("resume")],
             "2026-01-01", "court_stayed"),
        _row("stayed and lifted", [START, STAYED, _undated("lift_stay")],
             "2026-01-01", "unknown"),
        _row("not enforced and resumed", [START, UNENFORCED, _undated("resume")],
             "2026-01-01", "unknown"),
        _row("revoked and reinstated", [START, REVOKED, _undated("reinstate")],
             "2026-01-01", "unknown"),
        _row("revoked and resumed", [START, REVOKED, _undated("resume")], "2026-01-01", "ended"),
        _row("revoked and renewed", [START, REVOKED, _undated("renew")], "2026-01-01", "ended"),
        _row("run out and renewed", [TERM, _undated("renew")], "2026-01-01", "unknown"),
        _row("in force before any of it", [START, OPEN, _undated("resume")],
             "2025-11-09", "in_force"),
        _row("suspended, day unknown", [START, _undated("suspend")], "2026-01-01", "unknown"),
        _row("suspended, day unknown, end known: last day", [START, event("suspend", None,
             "2026-01-01", day_state="not_recorded")], "2025-12-31", "unknown"),
        _row("suspended, day unknown, end known: after it", [START, event("suspend", None,
             "2026-01-01", day_state="not_recorded")], "2026-01-01", "in_force_by_lapse"),
        _row("eased, day unknown", [START, event("authorise", None, day_state="not_recorded",
             until_state="none_stated")], "2026-01-01", "in_force"),
    ],
)  # fmt: skip
def test_an_act_without_a_day_never_clears(events: list[Event], as_of: str, word: str):
    assert status_on(measure(*events), day(as_of), KNOWN_NOW).word == word


@pytest.mark.parametrize(
    ("events", "as_of", "word"),
    [
        _row("a renewal revives nothing revoked that expired as well", [TERM, REVOKED,
             event("expire", "2025-12-01"), event("renew", "2026-01-01", "2027-01-01")],
             "2026-01-01", "ended"),
        _row("a start spoken of after the delay", [event("publish", "2025-06-01",
             announced_on=day("2025-01-01")), event("delay", None, "2025-09-01",
             announced_on=day("2025-05-01")), event("take_effect", "2025-07-01",
             announced_on=day("2025-05-02"))], "2025-07-01", "in_force"),
        _row("a start spoken of before the delay", [event("take_effect", "2025-07-01",
             announced_on=day("2025-04-30")), event("delay", None, "2025-09-01",
             announced_on=day("2025-05-01"))], "2025-07-01", "published_not_effective"),
        _row("delayed until nobody knows when", [event("publish", "2025-06-01",
             announced_on=day("2025-01-01")), event("delay", None, "2025-09-01",
             announced_on=day("2025-05-01")), event("delay", None, until_state="not_recorded",
             announced_on=day("2025-05-02"))], "2025-07-01", "published_not_effective"),
        _row("the same: the first delay over", [event("publish", "2025-06-01",
             announced_on=day("2025-01-01")), event("delay", None, "2025-09-01",
             announced_on=day("2025-05-01")), event("delay", None, until_state="not_recorded",
             announced_on=day("2025-05-02"))], "2025-09-01", "in_force_by_lapse"),
        _row("suspended, a part unread", [START, OPEN, event("suspend", "2025-12-01",
             until_state="not_recorded", slice=B)], "2026-01-01", "unknown"),
        _row("suspended, a part only not enforced", [START, OPEN, event("resume", "2025-12-01",
             slice=B), event("not_enforced", "2025-12-02", slice=B)],
             "2026-01-01", "in_force_not_enforced"),
        _row("announced, and somebody objects", [event("take_effect", None,
             announced_on=day("2025-01-01"), published_on=day("2031-01-01")),
             event("challenge_pending", "2025-02-01")], "2026-01-01", "announced"),
    ],
)  # fmt: skip
def test_the_unlikely_is_read_the_stricter_way(events: list[Event], as_of: str, word: str):
    assert status_on(measure(*events), day(as_of), KNOWN_NOW).word == word


@pytest.mark.parametrize(
    ("public", "word"),
    [
        pytest.param("2025-12-01", "in_force", id="its start was spoken of later"),
        pytest.param("2025-02-01", "published_not_effective", id="its start was promised before"),
    ],
)
def test_what_was_done_to_a_part_before_a_start_of_its_own_shows_that_it_was_there(
    public: str, word: str
):
    suspended = event("suspend", "2025-03-01", "2025-06-01", slice=B)
    begins = event("take_effect", "2026-01-01", announced_on=day(public), slice=B)
    status = status_on(measure(START, suspended, begins), day("2025-02-15"), KNOWN_NOW)
    told = {each.part: each.status for each in status.slices}
    assert told.get("para. 2", status.word) == word


def test_the_note_of_a_part_does_not_tell_it_apart():
    one = event("suspend", "2025-11-10", "2026-11-10", slice=Slice(part="para. 2", note="No. 70"))
    other = event(
        "extend_suspension", "2026-11-10", "2027-11-10", slice=Slice(part="para. 2", note="No. 9")
    )
    (only,) = status_on(measure(START, one, other), day("2026-12-01"), KNOWN_NOW).slices
    assert (only.part, only.status) == ("para. 2", "suspended")


@pytest.mark.parametrize("kind", ["renew", "take_effect", "list", "reinstate"])
def test_an_end_that_others_give_frees_nobody(kind: EventKind):
    start = event("take_effect", "2025-01-01", until_state="none_stated")
    said = event(
        kind,
        "2025-02-01",
        "2025-03-01",
        until_bound="inclusive",
        lapse_effect="restriction_ends",
        issued_by_authority=False,
    )
    status = status_on(measure(start, said), day("2025-03-02"), KNOWN_NOW)
    assert status.word == "in_force"


def test_a_later_start_that_others_speak_of_takes_no_part_out():
    start = event("take_effect", "2025-01-01")
    later = event("take_effect", "2026-01-01", slice=part("A"), issued_by_authority=False)
    status = status_on(measure(start, later), day("2025-06-01"), KNOWN_NOW)
    assert (status.word, status.slices) == ("in_force", ())


@pytest.mark.parametrize(
    ("effective_on", "confirmed"),
    [pytest.param("2025-02-01", True, id="given"), pytest.param(None, False, id="not recorded")],
)
@pytest.mark.parametrize(
    ("kind", "word"),
    [("suspend", "suspended"), ("revoke", "ended"), ("authorise", "in_force_eased")],
)
def test_relief_without_its_first_day_is_unconfirmed(
    kind: EventKind, word: str, effective_on: str | None, confirmed: bool
):
    start = event("take_effect", "2025-01-01")
    relief = event(kind, effective_on, published_on=day("2025-02-01"), until_state="none_stated")
    status = status_on(measure(start, relief), day("2025-02-01"), KNOWN_NOW)
    assert (status.word, status.confirmed) == (word, confirmed)


@pytest.mark.parametrize(
    ("as_of", "confirmed"), [("2025-05-31", True), ("2025-06-01", False), ("2025-06-02", False)]
)
def test_an_act_that_others_deny_puts_the_word_in_doubt_from_its_own_day(
    as_of: str, confirmed: bool
):
    start = event("take_effect", "2025-01-01")
    denied = event("suspend", "2025-06-01", "2026-06-01", confidence="disputed")
    status = status_on(measure(start, denied), day(as_of), KNOWN_NOW)
    assert (status.word, status.confirmed) == ("in_force", confirmed)
