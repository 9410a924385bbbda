"""The arrival of a register bundle: how fetching it ended, and making it the stored register.

A bundle never takes anything back. Its ledger must extend what the database holds: every recorded
event is still there, unchanged and with its time, and what was retracted stays retracted.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from service.errors import BundleRefusedError
from service.lists.load import LoadReport
from service.measures.measure import RegisterMark, ShippedRegister, StoredEvent
from service.measures.register.bundle import RegisterBundle
from service.measures.register.read import RETRACTED, LedgerLine, broken_promises, digest_of
from service.measures.stored import UNREADABLE, RegisterStore, event_of, replace_shipped
from service.measures.watch.reading import WatchState

type BundleOutcome = Literal["recorded", "unchanged", "refused", "unreachable"]
"""How fetching a bundle ended: the register is new, or the same, or stays as it was."""

# How far a bundle's time may lie ahead of this clock. A bundle from far ahead would keep every
# later one out.
MOST_AHEAD = timedelta(days=1)


class BundleFetch(msgspec.Struct, frozen=True, kw_only=True):
    """The last attempt to fetch a bundle.

    `failures` is the number of failed attempts in a row. `asked` is a digest of the address and
    the trusted keys; the validators `etag` and `last_modified` count for these alone. `refused_at`
    and `refused_because` are those of the last refusal, which later successes leave as they are;
    the database keeps them, so that they are not given when an attempt is stored.
    """

    tried_at: datetime
    failures: int
    outcome: BundleOutcome
    reason: str | None
    asked: str
    etag: str | None = None
    last_modified: str | None = None
    refused_at: datetime | None = None
    refused_because: str | None = None


class BundleReport(msgspec.Struct, frozen=True, kw_only=True):
    """The outcome of fetching a bundle, and of loading each list that it carries.

    `revision` and `made_at` are those of the bundle, None where none was accepted. `not_newer` are
    the codes of the sources of which it carries an edition no newer than the current one, which
    stays. `reason` is stored and read by everybody; `detail` is the same for operators, with the
    words of the network, None where that is no more.
    """

    outcome: BundleOutcome
    reason: str | None = None
    detail: str | None = None
    revision: int | None = None
    made_at: datetime | None = None
    editions: tuple[LoadReport, ...] = ()
    not_newer: tuple[str, ...] = ()

    @property
    def is_failure(self) -> bool:
        """Whether the bundle, or an edition in it, was not taken up."""
        refused = any(each.outcome == "refused" for each in self.editions)
        return refused or self.outcome in {"refused", "unreachable"}


class RegisterState(msgspec.Struct, frozen=True, kw_only=True):
    """The register in force, how it is kept true, and the last attempt to fetch a newer one.

    `digest` is a SHA-256 of its measures and events. `made_at` is when the bundle was made that it
    came from, None for the program's own register. `watch` sums up the places where acts appear.
    """

    revision: int
    digest: str
    made_at: datetime | None
    last_fetch: BundleFetch | None
    watch: WatchState


async def record_bundle(store: RegisterStore, bundle: RegisterBundle, now: datetime) -> bool:
    """Make a bundle's register the stored one; return whether anything changed.

    Operators' events stay. Replicas are notified as of any change.

    Raises:
        BundleRefusedError: The bundle is older than the stored register, or does not extend it.
        StoreUnavailableError: The database does not answer; nothing was stored.
    """
    if bundle.made_at > now + MOST_AHEAD:
        raise BundleRefusedError("made_at", f"{bundle.made_at:%Y-%m-%d} has not come yet")
    async with store.recording() as recording:
        stored = await recording.stored()
        _refuse_older(bundle, stored.mark)
        held = [each for each in stored.events if each.origin == "shipped"]
        for measure, event, what in _broken(bundle.register, held):
            raise BundleRefusedError("register", f"measure {measure}: {event}: {what}")
        is_changed = await replace_shipped(recording, stored, bundle.register, now)
        if is_changed or stored.mark.made_at != bundle.made_at:
            await recording.mark(bundle.register.revision, bundle.made_at)
    return is_changed


def _refuse_older(bundle: RegisterBundle, mark: RegisterMark) -> None:
    revision = bundle.register.revision
    if revision < mark.revision:
        reason = f"{revision:,} is older than {mark.revision:,}, which is in force"
        raise BundleRefusedError("revision", reason)
    is_same = revision == mark.revision
    if is_same and mark.made_at is not None and bundle.made_at < mark.made_at:
        reason = f"{bundle.made_at.isoformat()} is older than the bundle in force"
        raise BundleRefusedError("made_at", reason)


def _broken(register: ShippedRegister, held: list[StoredEvent]) -> Iterator[tuple[str, str, str]]:
    """Yield what a register takes back: (measure, event, what is wrong)."""
    lines = [line for each in held for line in _lines_of(each)]
    yield from broken_promises(register.measures, lines)
    times = {
        (measure.id, event.id): event.recorded_at
        for measure in register.measures
        for event in measure.events
    }
    for each in held:
        key = each.measure_id, each.event_id
        if key not in times:
            yield *key, "was recorded, and is gone"
        elif times[key] != each.recorded_at:
            yield *key, "has another time of recording than before"


def _lines_of(stored: StoredEvent) -> Iterator[LedgerLine]:
    """Yield the lines of a ledger that a stored event stands for, without their times.

    What this program cannot read, a newer one stored, and only that one can compare it.
    """
    event = event_of(stored)
    if event.kind == UNREADABLE:
        return
    measure = stored.measure_id
    yield LedgerLine(measure=measure, event=event.id, recorded_at=None, digest=digest_of(event))
    if event.retracted_at is not None:
        yield LedgerLine(measure=measure, event=event.id, recorded_at=None, digest=RETRACTED)
