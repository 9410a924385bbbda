"""Parts of a measure: what happens to one changes the word of the whole only as far as it must."""

import pytest

from abeyance_screening.engine.measures.law.resolve import status_on
from abeyance_screening.engine.measures.measure import Event
from tests.unit.measures.law.building import KNOWN_NOW, day, event, measure, part

A, B = part("para. 1"), part("para. 2")
START = event("take_effect", "2025-01-01")


def _row(name: str, events: list[Event], as_of: str, word: str, parts: dict[str, str]) -> object:
    return pytest.param(events, as_of, word, parts, id=name)


@pytest.mark.parametrize(
    ("events", "as_of", "word", "parts"),
    [
        _row("one part suspended", [START, event("suspend", "2025-11-10", "2026-11-10", slice=B)],
             "2026-01-01", "partly_suspended", {"para. 2": "suspended"}),
        _row("its suspension ran out",
             [START, event("suspend", "2025-11-10", "2026-11-10", slice=B)],
             "2026-11-10", "in_force_by_lapse", {}),
        _row("one part resumed", [START, event("suspend", "2025-11-10", until_state="none_stated"),
             event("resume", "2026-01-01", slice=A)],
             "2026-01-01", "partly_suspended", {"para. 1": "in_force"}),
        _row("one part stayed by a court", [START, event("stay", "2025-11-10", slice=B)],
             "2026-01-01", "in_force", {"para. 2": "court_stayed"}),
        _row("one part eased", [START, event("authorise", "2025-11-10", "2026-11-10", slice=B)],
             "2026-01-01", "in_force_eased", {}),
        _row("its easing ran out",
             [START, event("authorise", "2025-11-10", "2026-11-10", slice=B)],
             "2026-11-10", "in_force", {}),
        _row("one part narrowed", [START, event("narrow", "2025-11-10", slice=B)],
             "2026-01-01", "in_force", {"para. 2": "in_force_eased"}),
        _row("one part revoked", [START, event("revoke", "2025-11-10", slice=B)],
             "2026-01-01", "in_force", {"para. 2": "ended"}),
        _row("the whole revoked", [START, event("suspend", "2025-11-10", "2026-11-10", slice=B),
             event("revoke", "2026-01-01")], "2026-01-01", "ended", {}),
        _row("one part begins later", [START, event("take_effect", "2026-06-30", slice=B)],
             "2026-06-29", "in_force", {"para. 2": "not_yet_made"}),
        _row("one part begins later, and nothing says when that was published",
             [START, event("take_effect", "2026-06-30", slice=B, announced_on=None)],
             "2026-06-29", "in_force", {"para. 2": "published_not_effective"}),
        _row("that part has begun", [START, event("take_effect", "2026-06-30", slice=B)],
             "2026-06-30", "in_force", {}),
        _row("one part begins first",
             [event("publish", "2025-12-01", announced_on=day("2025-01-01")),
              event("take_effect", "2025-10-09", slice=A)], "2025-10-09", "in_force", {}),
        _row("parts alone: none has begun",
             [event("publish", "2026-01-01", slice=A), event("publish", "2027-01-01", slice=B)],
             "2025-12-31", "not_yet_made", {}),
        _row("parts alone: one has begun",
             [event("publish", "2026-01-01", slice=A), event("publish", "2027-01-01", slice=B)],
             "2026-01-01", "in_force", {"para. 2": "not_yet_made"}),
        _row("parts alone: both suspended",
             [event("publish", "2026-01-01", slice=A), event("suspend", "2026-02-01",
              until_state="none_stated", slice=A)], "2026-02-01", "suspended", {}),
        _row("parts alone: the only one ended", [event("list", "2025-01-01", slice=A),
             event("delist", "2026-01-01", slice=A)], "2026-01-01", "ended", {}),
        _row("one part reinstated", [event("revoke", "2016-01-16"),
             event("reinstate", "2025-09-29", slice=A)], "2025-09-29", "in_force", {}),
        _row("a part without a recorded end leaves the rest in force", [START,
             event("suspend", "2025-11-10", until_state="not_recorded", slice=B)],
             "2026-01-01", "in_force", {"para. 2": "unknown"}),
        _row("one part's delay reached", [START, event("delay", None, "2025-09-01", slice=B,
             announced_on=day("2024-12-01"))], "2025-09-01", "in_force",
             {"para. 2": "in_force_by_lapse"}),
    ],
)  # fmt: skip
def test_parts_are_told_apart(events: list[Event], as_of: str, word: str, parts: dict[str, str]):
    status = status_on(measure(*events), day(as_of), KNOWN_NOW)
    assert status.word == word
    assert {each.part: each.status for each in status.slices} == parts


def test_a_part_has_days_of_its_own():
    given = measure(START, event("suspend", "2025-11-10", "2026-11-10", slice=B))
    (only,) = status_on(given, day("2026-01-01"), KNOWN_NOW).slices
    assert (only.since, only.until) == (day("2025-11-10"), day("2026-11-10"))
