"""What a status tells a reader beside its word: each flag where it holds, and nowhere else."""

from collections.abc import Sequence

import msgspec
import pytest

from abeyance_screening.engine.measures.law.resolve import status_on
from abeyance_screening.engine.measures.measure import Event, Measure
from tests.unit.measures.law.building import KNOWN_NOW, day, event, licence, measure, part

START = event("take_effect", "2025-01-01")
PAUSE = event("suspend", "2025-06-01", "2026-06-01")
UNDATED = event("take_effect", None, day_state="not_recorded")
REVOKED = event("revoke", "2025-12-01")
OTHERS = event("suspend", "2025-06-01", "2026-06-01", issued_by_authority=False)
B = part("B")
EASING = event("authorise", "2025-03-01", "2026-03-01", until_bound="inclusive")
SUNSET = event("take_effect", "2025-01-01", "2026-01-01", lapse_effect="restriction_ends")


def _row(name: str, told: Measure | Sequence[Event], as_of: str, *flags: str) -> object:
    whole = told if isinstance(told, Measure) else measure(*told)
    return pytest.param(whole, as_of, flags, id=name)


def _with(told: Measure, **fields: str) -> Measure:
    return msgspec.structs.replace(told, **fields)


@pytest.mark.parametrize(
    ("told", "as_of", "flags"),
    [
        _row("a start with its day", [START], "2025-02-01"),
        _row(
            "a pause without a start",
            [PAUSE],
            "2025-07-01",
            "start_day_not_recorded",
            "no_extension_recorded",
        ),
        _row("a pause with a start", [START, PAUSE], "2025-07-01", "no_extension_recorded"),
        _row("over without a start", [PAUSE, REVOKED], "2026-01-01", "suspension_moot"),
        _row(
            "over without a start, nothing paused", [REVOKED], "2026-01-01", "removal_event_only"
        ),
        _row(
            "a start whose day nobody recorded", [UNDATED], "2025-02-01", "start_day_not_recorded"
        ),
        _row("the same, over", [UNDATED, REVOKED], "2026-01-01"),
        _row("a pause that ran out", [START, PAUSE], "2026-06-01", "no_confirming_source"),
        _row(
            "an extension announced",
            [
                START,
                PAUSE,
                event("announce_extension", None, "2027-06-01", announced_on=day("2025-09-01")),
            ],
            "2025-10-01",
            "extension_announced_not_formalised",
        ),
        _row(
            "an extension made",
            [START, PAUSE, event("extend_suspension", "2026-06-01", "2027-06-01")],
            "2025-10-01",
        ),
        _row(
            "a pause announced, and over",
            [START, event("announce_suspension", None, announced_on=day("2025-02-01")), REVOKED],
            "2026-01-01",
            "suspension_announced_not_formalised",
        ),
        _row(
            "others say that it is suspended",
            [START, OTHERS],
            "2025-07-01",
            "relief_not_issued_by_authority",
        ),
        _row(
            "others say so, and others again",
            [START, msgspec.structs.replace(OTHERS, confidence="disputed")],
            "2025-07-01",
        ),
        _row(
            "a challenge and a dispute",
            [START, event("challenge_pending", "2025-02-01"), event("dispute", "2025-03-01")],
            "2025-04-01",
            "challenge_pending",
            "disputed",
        ),
        _row(
            "a day that is a month",
            [event("take_effect", "2025-01-01", exactness="month")],
            "2025-04-01",
            "day_not_exact",
        ),
        _row(
            "a start known only by the day of its print",
            [event("take_effect", None, published_on=day("2025-01-01"))],
            "2025-02-01",
            "effective_day_not_recorded",
        ),
        _row(
            "a start told from memory",
            [event("take_effect", "2025-01-01", confidence="general_knowledge")],
            "2025-02-01",
            "rests_on_general_knowledge",
        ),
        _row(
            "one part paused, another begun later",
            [
                START,
                event("suspend", "2025-06-01", "2026-06-01", slice=B),
                event("take_effect", "2025-02-01", slice=part("A")),
            ],
            "2025-07-01",
        ),
        _row("a licence beside it", [START, EASING], "2025-04-01", "renewal_due_2026-03-01"),
        _row("its last day", [START, EASING], "2026-03-01", "renewal_due_2026-03-01"),
        _row("the day after", [START, EASING], "2026-03-02"),
        _row(
            "a licence whose end nobody read",
            [START, event("authorise", "2025-03-01", until_state="not_recorded")],
            "2025-04-01",
            "licence_term_not_recorded",
        ),
        _row(
            "a licence of its own, running",
            licence(event("take_effect", "2025-01-01", "2026-01-01", until_bound="inclusive")),
            "2025-04-01",
            "expires_2026-01-01",
        ),
        _row(
            "a licence of its own, over",
            licence(event("take_effect", "2025-01-01", "2026-01-01", until_bound="inclusive")),
            "2026-01-02",
            "no_confirming_source",
            "until_passed_no_renewal_recorded",
        ),
        _row("its own term", [SUNSET], "2025-04-01", "sunset_2026-01-01"),
        _row(
            "its own term that nobody read",
            [event("take_effect", "2025-01-01", until_state="not_recorded")],
            "2025-04-01",
            "term_not_recorded",
        ),
        _row(
            "a pause whose end nobody read",
            [START, event("suspend", "2025-06-01", until_state="not_recorded")],
            "2025-07-01",
            "suspension_end_not_recorded",
        ),
        _row(
            "a part revoked",
            [START, event("revoke", "2025-06-01", slice=B)],
            "2025-07-01",
            "partly_revoked",
        ),
        _row(
            "a part that begins later",
            [START, event("take_effect", "2026-06-01", slice=B)],
            "2025-07-01",
            "partly_not_yet_effective_until_2026-06-01",
        ),
        _row(
            "a part whose delay ran out",
            [START, event("delay", "2025-01-01", "2025-07-01", slice=B)],
            "2025-08-01",
            "part_in_force_by_lapse",
        ),
        _row(
            "over, with a successor",
            _with(measure(START, REVOKED), successor="xx-next"),
            "2026-01-01",
            "successor_xx-next",
        ),
        _row(
            "in force, with a successor to come",
            _with(measure(START, REVOKED), successor="xx-next"),
            "2025-11-01",
        ),
        _row(
            "over, with what is still owed",
            _with(measure(START, REVOKED), residual_obligation="Keep records."),
            "2026-01-01",
            "residual_obligation",
        ),
        _row(
            "in force, with what will be owed",
            _with(measure(START, REVOKED), residual_obligation="Keep records."),
            "2025-11-01",
        ),
    ],
)
def test_a_status_has_these_flags_and_no_others(told: Measure, as_of: str, flags: tuple[str, ...]):
    assert status_on(told, day(as_of), KNOWN_NOW).flags == flags


def test_what_is_partly_suspended_rests_on_what_operates_and_on_the_pause():
    paused = event("suspend", "2025-06-01", "2026-06-01", slice=B)
    status = status_on(measure(START, paused), day("2025-07-01"), KNOWN_NOW)
    assert (status.word, status.rests_on) == ("partly_suspended", (START.id, paused.id))
