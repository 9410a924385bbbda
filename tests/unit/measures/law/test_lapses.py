"""Every kind of term, on its last day and the day after, in the direction it states."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from abeyance_screening.engine.measures.law.resolve import status_on
from abeyance_screening.engine.measures.measure import Event, EventKind, LapseEffect, UntilBound
from abeyance_screening.engine.measures.status_table import StatusWord
from tests.unit.measures.law.building import KNOWN_NOW, day, event, measure

END = "2026-11-10"
START = event("take_effect", "2025-01-01")
PROMISED = event("take_effect", "2026-01-01", announced_on=day("2025-01-01"))

BOUNDS: dict[UntilBound | None, tuple[int, int]] = {
    "inclusive": (0, 0),
    "exclusive": (-1, -1),
    "unknown": (-1, 0),
    None: (-1, 0),
}
"""The last day of relief, and of a restriction's own term, counted from the stated end."""

RELIEF: dict[EventKind, tuple[LapseEffect, StatusWord, StatusWord]] = {
    "suspend": ("restriction_returns", "suspended", "in_force_by_lapse"),
    "extend_suspension": ("restriction_returns", "suspended", "in_force_by_lapse"),
    "stay": ("restriction_returns", "court_stayed", "in_force_by_lapse"),
    "not_enforced": ("restriction_returns", "in_force_not_enforced", "in_force_by_lapse"),
    "authorise": ("authorisation_ends", "in_force_eased", "in_force"),
    "extend_authorisation": ("authorisation_ends", "in_force_eased", "in_force"),
    "replace_authorisation": ("authorisation_ends", "in_force_eased", "in_force"),
    "delay": ("restriction_begins", "published_not_effective", "in_force_by_lapse"),
}
TERMS: tuple[EventKind, ...] = (
    "publish",
    "take_effect",
    "list",
    "is_informed",
    "reinstate",
    "renew",
)


def _rows() -> Iterator[object]:
    for bound, (relief, term) in BOUNDS.items():
        for kind, (lapse, running, after) in RELIEF.items():
            start = PROMISED if kind == "delay" else START
            given = _ending(kind, lapse, bound)
            yield pytest.param([start, given], relief, running, after, id=f"{kind}, {bound}")
        for kind in TERMS:
            given = _ending(kind, "restriction_ends", bound)
            yield pytest.param(
                [given], term, "in_force", "ended_by_term_unconfirmed", id=f"{kind}, {bound}"
            )
        given = _ending("suspend", "restriction_ends", bound)
        yield pytest.param(
            [START, given], term, "suspended", "ended_by_term_unconfirmed", id=f"last, {bound}"
        )


def _ending(kind: EventKind, lapse: LapseEffect, bound: UntilBound | None) -> Event:
    return event(kind, "2025-11-10", END, until_bound=bound, lapse_effect=lapse)


@pytest.mark.parametrize(("events", "last", "running", "after"), list(_rows()))
def test_a_term_lapses_in_its_stated_direction_after_its_last_day(
    events: list[Event], last: int, running: StatusWord, after: StatusWord
):
    end = day(END) + timedelta(days=last)
    status = status_on(measure(*events), end, KNOWN_NOW)
    lapsed = status_on(measure(*events), end + timedelta(days=1), KNOWN_NOW)
    assert (status.word, lapsed.word) == (running, after)
    assert status.next_change is not None
    assert (status.next_change.on, status.next_change.status) == (end + timedelta(days=1), after)
    assert status.next_change.event_id == events[-1].id


@pytest.mark.parametrize(("events", "last", "running", "after"), list(_rows()))
def test_a_lapse_is_never_confirmed(
    events: list[Event], last: int, running: StatusWord, after: StatusWord
):
    lapsed = status_on(measure(*events), day(END) + timedelta(days=last + 1), KNOWN_NOW)
    assert lapsed.confirmed is (after == "in_force")
    assert (lapsed.evidence == "by_lapse") is (after != "in_force")
    assert running != after
