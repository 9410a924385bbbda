"""The arrival of a register bundle: how fetching it ended, and making it the stored register.

A bundle never takes anything back. Its ledger must extend what the database holds: every recorded
event is still there, unchanged and with its time, and what was retracted stays retracted.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from abeyance_screening.engine.lists.load import digest_of as digest_of_files
from abeyance_screening.engine.measures.measure import (
    PlaceConfirmation,
    RegisterMark,
    ShippedRegister,
    StoredEvent,
)
from abeyance_screening.engine.measures.places import places
from abeyance_screening.engine.measures.register.read import (
    RETRACTED,
    LedgerLine,
    broken_promises,
    digest_of,
)
from abeyance_screening.engine.measures.register_rows import UNREADABLE, event_of
from abeyance_screening.engine.measures.register_state import BundleOrigin
from abeyance_screening.features.register.bundle_file import RegisterBundle
from abeyance_screening.platform.stores.places import add_confirmation, place_states
from abeyance_screening.platform.stores.register import (
    DatabaseRegister,
    Recording,
    replace_shipped,
)
from abeyance_screening.primitives.errors import BundleRefusedError

# How far a bundle's time may lie ahead of this clock. A bundle from far ahead would keep every
# later one out.
MOST_AHEAD = timedelta(days=1)


async def record_bundle(
    store: DatabaseRegister, bundle: RegisterBundle, now: datetime, began_with: str
) -> bool:
    """Make a bundle's register the stored one; return whether anything changed.

    Operators' events stay. Replicas are notified as of any change. Keys that the bundle hands over
    to are trusted from now on by an installation that `began_with` keys of this digest.

    Raises:
        BundleRefusedError: The bundle is older than the stored register, or does not extend it.
    """
    if bundle.made_at > now + MOST_AHEAD:
        raise BundleRefusedError("made_at", f"{bundle.made_at:%Y-%m-%d} has not come yet")
    async with store.recording() as recording:
        stored = await recording.stored()
        _refuse_older(bundle, stored.mark)
        held = [each for each in stored.events if each.origin == "shipped"]
        for measure, event, what in _broken(bundle.register, held):
            raise BundleRefusedError("register", f"measure {measure}: {event}: {what}")
        await recording.add_bundle(_origin_of(bundle, now))
        await _record_readings(recording, bundle, now)
        if bundle.next_keys is not None:
            await recording.hand_over(began_with, bundle.next_keys, bundle.signed_by, now)
        is_changed = await replace_shipped(recording, stored, bundle.register, now)
        if is_changed or bundle.notes.readings or stored.mark.made_at != bundle.made_at:
            await recording.mark(bundle.register.revision, bundle.made_at)
    return is_changed


def _origin_of(bundle: RegisterBundle, now: datetime) -> BundleOrigin:
    return BundleOrigin(
        made_at=bundle.made_at,
        sha256=bundle.sha256,
        revision=bundle.register.revision,
        signed_by=bundle.signed_by,
        keeper=bundle.notes.keeper,
        changes=bundle.notes.changes,
        editions=tuple(
            f"{each.edition.source} {digest_of_files(each.files)}" for each in bundle.editions
        ),
        taken_up_at=now,
    )


async def _record_readings(recording: Recording, bundle: RegisterBundle, now: datetime) -> None:
    """Confirm places that a keeper read, unless they are unknown, or read further here."""
    known = {each.id for each in places()}
    states = await place_states(recording.connection)
    for each in bundle.notes.readings:
        state = states.get(each.place)
        until = None if state is None else state.until
        if each.place in known and (until is None or until < each.until):
            confirmation = PlaceConfirmation(
                place=each.place,
                until=each.until,
                confirmed_at=now,
                confirmed_by=f"{each.read_by} (bundle of {bundle.made_at:%Y-%m-%d})",
            )
            await add_confirmation(recording.connection, confirmation, None)


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
