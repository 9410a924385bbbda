"""Reports: how each list fared when something was to come in."""

from datetime import date, datetime

import msgspec

from service.diff import NO_DIFFERENCE, Difference
from service.model.edition import LoadAttempt, LoadOutcome, NewEdition


class LoadReport(msgspec.Struct, frozen=True, kw_only=True):
    """How one list of the files fared; the counts are of listings."""

    list_code: str
    source: str
    outcome: LoadOutcome
    reason: str | None
    published_on: date | None
    entry_count: int
    listed: int = 0
    changed: int = 0
    gone: int = 0


def attempt_of(report: LoadReport, at: datetime) -> LoadAttempt:
    """The try that a report tells of."""
    return LoadAttempt(
        list_code=report.list_code,
        source=report.source,
        at=at,
        outcome=report.outcome,
        reason=report.reason,
    )


def report_of(
    edition: NewEdition,
    outcome: LoadOutcome,
    reason: str | None = None,
    difference: Difference = NO_DIFFERENCE,
) -> LoadReport:
    """What is told of an edition's list."""
    return LoadReport(
        list_code=edition.list_code,
        source=edition.source,
        outcome=outcome,
        reason=reason,
        published_on=edition.published_on,
        entry_count=edition.entry_count,
        listed=len(difference.listed),
        changed=len(difference.changed),
        gone=len(difference.gone),
    )
