"""How far the record was reviewed, and that what is shown beside a status is never used."""

from datetime import date

import msgspec
import pytest
from hypothesis import given

from abeyance_screening.engine.measures.law.life import public_on
from abeyance_screening.engine.measures.law.resolve import status_on
from abeyance_screening.engine.measures.measure import Event, Measure
from abeyance_screening.engine.measures.status import MeasureStatus
from tests.unit.measures.law.building import KNOWN_NOW, day, event, measure
from tests.unit.measures.law.generating import SAYS, all_measures, events, measures, slices
from tests.unit.measures.law.test_properties import any_day

START = event("take_effect", "2025-01-01")
SUSPENDED = event("suspend", "2025-11-10", "2026-11-10", until_bound="exclusive")


def _checked(given: Measure, until: str | None) -> Measure:
    return msgspec.structs.replace(given, checked_until=None if until is None else day(until))


STATUTE = msgspec.structs.replace(measure(START), attaches_by=("goods", "country"))
LISTED = msgspec.structs.replace(measure(START), attaches_by=("listing",))
WITH_TERM = msgspec.structs.replace(
    measure(event("take_effect", "2025-01-01", "2026-01-01")), attaches_by=("goods",)
)


@pytest.mark.parametrize(
    ("given", "checked_until", "evidence", "is_stale"),
    [
        pytest.param(STATUTE, "2025-06-01", "confirmed", False, id="checked on the very day"),
        pytest.param(STATUTE, "2024-06-01", "confirmed", False, id="a statute, a year before"),
        pytest.param(STATUTE, "2024-05-31", "stale", True, id="a statute, a day earlier"),
        pytest.param(LISTED, "2025-05-02", "confirmed", False, id="a list, 30 days before"),
        pytest.param(LISTED, "2025-05-01", "stale", True, id="a list, 31 days before"),
        pytest.param(WITH_TERM, "2025-05-02", "confirmed", False, id="a term, 30 days before"),
        pytest.param(WITH_TERM, "2025-05-01", "stale", True, id="a term, 31 days before"),
        pytest.param(STATUTE, None, "stale", True, id="nobody knows when"),
    ],
)
def test_past_its_interval_of_reading_what_acts_say_is_stale(
    given: Measure, checked_until: str | None, evidence: str, is_stale: bool
):
    status = status_on(_checked(given, checked_until), day("2025-06-01"), KNOWN_NOW)
    assert (status.evidence, status.is_stale) == (evidence, is_stale)
    assert (status.word, status.confirmed) == ("in_force", True)


@pytest.mark.parametrize(
    ("checked_until", "is_stale"),
    [
        pytest.param("2025-06-04", False, id="180 days before"),
        pytest.param("2025-06-03", True, id="181 days before"),
    ],
)
def test_a_reading_of_what_has_ended_lasts_for_half_a_year(checked_until: str, is_stale: bool):
    given = _checked(measure(START, event("revoke", "2025-02-01")), checked_until)
    assert status_on(given, day("2025-12-01"), KNOWN_NOW).is_stale is is_stale


@pytest.mark.parametrize(
    ("checked_until", "is_stale"),
    [
        pytest.param("2025-11-02", False, id="30 days before"),
        pytest.param("2025-11-01", True, id="31 days before"),
    ],
)
def test_a_reading_of_what_is_in_motion_lasts_for_30_days(checked_until: str, is_stale: bool):
    given = _checked(measure(START, SUSPENDED), checked_until)
    assert status_on(given, day("2025-12-02"), KNOWN_NOW).is_stale is is_stale


@pytest.mark.parametrize(
    ("given_measure", "evidence"),
    [
        pytest.param(measure(START, SUSPENDED), "by_lapse", id="by lapse"),
        pytest.param(measure(START, event("dispute", "2025-02-01")), "disputed", id="disputed"),
        pytest.param(measure(event("announce", "2025-02-01")), "announced_only", id="announced"),
    ],
)
def test_other_evidence_stays_what_it_is_and_says_that_it_is_stale(
    given_measure: Measure, evidence: str
):
    status = status_on(_checked(given_measure, "2025-03-01"), day("2026-12-01"), KNOWN_NOW)
    assert (status.evidence, status.is_stale) == (evidence, True)


@pytest.mark.parametrize("given_measure", [measure(), measure(START)], ids=["empty", "unknown"])
def test_what_is_not_known_is_stale_as_well(given_measure: Measure):
    status = status_on(given_measure, day("2026-01-01"), day("2024-01-01"))
    assert (status.evidence, status.is_stale) == ("stale", True)


def _use(status: MeasureStatus) -> MeasureStatus:
    """The status without what only tells of things shown beside it."""
    shown = {"upcoming": (), "disputed": (), "flags": (), "evidence": "stale", "confirmed": False}
    bare = msgspec.structs.replace(status, **shown)
    parts = tuple(msgspec.structs.replace(each, status=_use(each.status)) for each in status.parts)
    rest = None if status.rest is None else _use(status.rest)
    return msgspec.structs.replace(bare, parts=parts, rest=rest)


def _is_shown_only(each: Event) -> bool:
    doubts = {"challenge_pending", "dispute"}
    return each.confidence == "disputed" or each.kind in SAYS or each.kind in doubts


@given(given_measure=all_measures(), as_of=any_day, known_at=any_day)
def test_without_what_is_only_shown_the_status_is_the_same(
    given_measure: Measure, as_of: date, known_at: date
):
    used = tuple(each for each in given_measure.events if not _is_shown_only(each))
    hearsay_or_unborn = status_on(given_measure, as_of, known_at).word in {"announced", "unknown"}
    if hearsay_or_unborn or not any(public_on(each) <= known_at for each in used):
        return
    bare = msgspec.structs.replace(given_measure, events=used)
    assert _use(status_on(given_measure, as_of, known_at)) == _use(
        status_on(bare, as_of, known_at)
    )


@given(given_measure=measures, said=events(SAYS, slices), as_of=any_day, known_at=any_day)
def test_an_announcement_lessens_nothing(
    given_measure: Measure, said: Event, as_of: date, known_at: date
):
    before = status_on(given_measure, as_of, known_at)
    more = msgspec.structs.replace(given_measure, events=(*given_measure.events, said))
    after = status_on(more, as_of, known_at)
    if before.word in {"not_known", "not_yet_made"}:
        assert after.word in {before.word, "not_yet_made", "announced"}
        return
    if before.word == after.word == "announced" and after.since != before.since:
        # it may have been announced earlier
        assert before.since is not None
        assert after.since is not None
        assert after.since < before.since
        after = msgspec.structs.replace(after, since=before.since)
    assert _use(after) == _use(before)


AMENDED = event("amend", "2025-11-15")


@pytest.mark.parametrize(
    ("as_of", "confirmed", "rests_on"),
    [
        pytest.param("2025-11-14", False, (), id="before anything that is on record"),
        pytest.param("2025-11-15", True, (AMENDED.id,), id="once an act presupposes it"),
    ],
)
def test_a_presumed_start_rests_on_what_presupposes_it_and_is_unconfirmed_before(
    as_of: str, confirmed: bool, rests_on: tuple[str, ...]
):
    status = status_on(_checked(measure(AMENDED), "2026-01-01"), day(as_of), KNOWN_NOW)
    assert (status.word, status.confirmed, status.rests_on) == ("in_force", confirmed, rests_on)
    assert status.evidence == ("confirmed" if confirmed else "stale")


@pytest.mark.parametrize(
    ("known_at", "told"),
    [
        pytest.param("2026-11-04", True, id="before the extension is public"),
        pytest.param("2026-11-05", False, id="decided, and not yet begun"),
    ],
)
def test_an_extension_that_is_decided_is_recorded(known_at: str, told: bool):
    extended = event(
        "extend_suspension", "2026-11-10", "2027-11-10", announced_on=day("2026-11-05")
    )
    status = status_on(measure(START, SUSPENDED, extended), day("2026-11-09"), day(known_at))
    assert status.word == "suspended"
    assert ("no_extension_recorded" in status.flags) is told
