"""Measures as the pages get them, with what matters to a test and the rest plain."""

from datetime import date

from abeyance_screening.engine.measures.measure import Effect, EventKind
from abeyance_screening.engine.measures.status import EventShown, MeasureOnDay

PLAIN = MeasureOnDay(
    id="us-bis-affiliates-rule",
    title="Affiliates Rule",
    authority="BIS",
    jurisdiction="US",
    kind="rule",
    effect=(Effect(kind="licence_required"),),
    attaches_by=("ownership",),
    condition=None,
    as_of=date(2026, 11, 24),
    status="in_force",
    force="in_force",
    operation="operative",
    evidence="confirmed",
    since=date(2021, 8, 2),
    until=None,
    until_bound=None,
    lapsed=None,
    next_change_on=None,
    next_change_to=None,
    confirmed=True,
    residual_obligation=None,
    slices=(),
    flags=(),
    rests_on=(),
    upcoming=(),
    disputed=(),
    citation="90 FR 47201",
    url=None,
    quote=None,
    plain="A firm half owned by listed parties needs its owners' licence.",
    confidence="verified_primary",
    checked_until=None,
    stale=False,
)


def event(
    kind: EventKind,
    announced_on: date | None = None,
    effective_on: date | None = None,
    until: date | None = None,
    citation: str | None = None,
) -> EventShown:
    return EventShown(
        id=f"{kind}-1",
        kind=kind,
        announced_on=announced_on,
        published_on=None,
        effective_on=effective_on,
        until=until,
        until_bound=None,
        slice=None,
        citation=citation,
        url=None,
        quote=None,
        confidence="verified_primary",
        formality=None,
        origin="shipped",
        note=None,
    )
