"""Screening again: what a change can touch, and no more; each change is told once.

One process at a time does it, under a lock of the database. What it has not finished, the next one
begins anew: an answer that was stored does not differ from itself, so that nothing is told twice.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import lru_cache
from itertools import batched
from typing import override

import msgspec

from abeyance_screening.engine.lists.edition import ListingVersion
from abeyance_screening.engine.measures.board import CurrentBoard, MeasureBoard
from abeyance_screening.engine.names.match import SCORER_VERSION
from abeyance_screening.engine.screening.answer_json import Shelf
from abeyance_screening.engine.screening.finder import READ_AHEAD
from abeyance_screening.engine.screening.index.current import CurrentIndex
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.engine.screening.owners import result_with_owners
from abeyance_screening.engine.screening.screen import HitScreener
from abeyance_screening.engine.screening.watched.differences import FieldChange
from abeyance_screening.engine.screening.watched.law import (
    ListingLaw,
    law_of,
    under_other_law,
)
from abeyance_screening.engine.screening.watched.lookups import ChangedListings, NotingIndex
from abeyance_screening.engine.screening.watched.reopening import (
    of_another_counterparty,
    past_its_term,
    reasons_to_reopen,
)
from abeyance_screening.engine.screening.watched.standing import StandingAnswer, standing_of
from abeyance_screening.features.counterparties.store import (
    OF_NO_LAW,
    StandingWrite,
    WatchedStore,
)
from abeyance_screening.features.counterparties.telling import (
    Causes,
    Telling,
    coverage_events,
    is_changed_by_scorer,
    rescreened,
    scorer_changed,
)
from abeyance_screening.features.counterparties.types import (
    StoredCounterparty,
    WatchedCounterparty,
    World,
    latest_day,
)
from abeyance_screening.platform.events import EventCause, NewEvent
from abeyance_screening.platform.events.store import append
from abeyance_screening.platform.postgres.database import AnyConnection
from abeyance_screening.platform.postgres.pool import PooledStore
from abeyance_screening.platform.stores.judgements import (
    HeldJudgement,
    judgements_that_hold,
    reopen,
)
from abeyance_screening.primitives.days import Days, days_at
from abeyance_screening.primitives.errors import BadInputError
from abeyance_screening.primitives.fair_scheduler import give_turns

# So many are answered in one transaction: some tenths of a second.
_ANSWERED_AT_ONCE = 200
# While one transaction is stored, the next is screened: more at once would wait for the processor.
_AT_WORK = 2
# So many keys of those that are pending are read ahead.
_PENDING_AT_ONCE = 20_000
# So many are looked at before the database is asked for more.
_LOOKED_AT_ONCE = 2_000
# Where one in so many listings has changed, all counterparties are screened again: most of them
# would be anyway.
_ALL_FROM = 4
# A few measures each: some megabytes.
_LAWS_REMEMBERED = 4_096
# A summary names so many counterparties.
_NAMED = 20


class View(msgspec.Struct, frozen=True, kw_only=True):
    """What this process answers from at one moment, and the lead days in use."""

    index: ListingIndex
    board: MeasureBoard
    world: World
    now: datetime
    leads: tuple[int, ...]

    @property
    def days(self) -> Days:
        """The days that are today."""
        return self.world.days

    def law(self, listing_id: str) -> ListingLaw | None:
        """Return what the law says of a listing; None if no list has it."""
        return law_of(self.index, self.board, self.days, listing_id)


class Laws:
    """What the law says of listings in one view, worked out once for those asked about lately."""

    def __init__(self, view: View) -> None:
        self._leads = view.leads
        self.of = lru_cache(maxsize=_LAWS_REMEMBERED)(view.law)

    def digest(self, listing_id: str) -> bytes:
        """Return the digest of what the law says of a listing; empty if no list has it."""
        law = self.of(listing_id)
        return b"" if law is None else law.digest(self._leads)


class NotedAnswer(msgspec.Struct, frozen=True):
    """The answer about one counterparty, and all that it looked up, see `ChangedListings`.

    `lookups` is None where it could not be asked about.
    """

    standing: StandingAnswer
    lookups: bytes | None


class Screeners:
    """Answers counterparties from one view one after another, each as it asks to be answered."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._index = NotingIndex(view.index)
        self._shelf = Shelf()
        self._screeners: dict[tuple[tuple[str, ...] | None, float | None], HitScreener] = {}

    async def screened(self, watched: WatchedCounterparty) -> NotedAnswer:
        """Return the standing answer about a counterparty, and what it looked up.

        Raises:
            BadInputError: It names a list that is none, or has too many hits.
        """
        screener = self._screener(watched)
        screener.begin_anew()
        self._index.turn_to(id(watched))
        try:
            result = await result_with_owners(screener, watched.asked)
        finally:
            lookups = self._index.taken(id(watched))
        return NotedAnswer(standing_of(result, watched.leads), lookups)

    async def read_ahead(self, watched: Iterable[WatchedCounterparty]) -> None:
        """Read the names of counterparties that are screened next, see `READ_AHEAD`.

        What that looks up is noted for each. All of them are to be screened.
        """
        for each in watched:
            with suppress(BadInputError):
                screener = self._screener(each)
                self._index.turn_to(id(each))
                await screener.finder.read_ahead((each.asked,))

    def _screener(self, watched: WatchedCounterparty) -> HitScreener:
        """Return what answers questions that ask for these lists, at this threshold.

        Raises:
            BadInputError: It names a list that is none.
        """
        asked = watched.lists, watched.threshold
        screener = self._screeners.get(asked)
        if screener is None:
            view, question = self._view, watched.question(self._view.days)
            today = view.days.as_of
            screener = HitScreener(self._index, view.board, question, today, self._shelf)
            self._screeners[asked] = screener
        return screener


class UnderOtherLaw(Screeners):
    """Answers again where the law alone has changed, by what stands: no list is asked for hits."""

    def __init__(self, view: View, laws: Laws) -> None:
        super().__init__(view)
        self._laws = laws

    @override
    async def read_ahead(self, watched: Iterable[WatchedCounterparty]) -> None:
        """Read nothing: hardly anybody is screened."""

    async def again(self, watched: WatchedCounterparty, known: NotedAnswer) -> NotedAnswer:
        """Return the answer about a counterparty whose answer was right before the law changed.

        Raises:
            BadInputError: A hit has left its list, and it cannot be asked about any more.
        """
        standing = under_other_law(known.standing, self._laws.of, watched.leads)
        if standing is None:
            return await self.screened(watched)
        return NotedAnswer(standing, known.lookups)


def scorer_number() -> int:
    """Return the release of the scorer as a number, which grows."""
    return int(SCORER_VERSION)


class Rescreening:
    """Screens counterparties of all accounts again, as far as anything can have touched them."""

    def __init__(
        self,
        pool: PooledStore,
        current: CurrentIndex,
        boards: CurrentBoard,
        now: Callable[[], datetime],
        scorer: int | None = None,
    ) -> None:
        """Take what answers; `scorer` is the release of the scorer, this program's own if None."""
        self._pool = pool
        self._current = current
        self._boards = boards
        self._now = now
        self._scorer = scorer_number() if scorer is None else scorer

    async def view(self) -> View:
        """Return what this process answers from now.

        Raises:
            NotReadyError: Nothing was loaded yet.
            StoreUnavailableError: The database does not answer.
        """
        now = self._now()
        days = days_at(None, None, None, now)
        index = await self._current.on(days.edition_day)
        async with self._pool.connect() as connection:
            leads = await WatchedStore(connection).leads()
        return View(
            index=index,
            board=self._boards.get(),
            world=World(
                edition=_newest_on(index, days),
                register=self._boards.changed,
                days=days,
                scorer=self._scorer,
            ),
            now=now,
            leads=leads,
        )

    async def round(self) -> int:
        """Screen again what has changed since the last round; return how many answers were made.

        Raises:
            NotReadyError: Nothing was loaded yet.
            StoreUnavailableError: The database does not answer; what was done is kept.
        """
        view = await self.view()
        async with self._pool.connect() as connection:
            store = WatchedStore(connection)
            before, newest = await store.world(), await store.newest_edition()
        if newest > view.index.lists.newest or (before and view.world.is_behind(before)):
            # another process knows more, and this one will soon
            return 0
        done = 0
        if before is None:
            await self._begin(view)
        elif before != view.world:
            done += await _Sweep(self._pool, view, before).run()
        await self._tell_coverage(view)
        return done + await self._answer_pending(view)

    async def _begin(self, view: View) -> None:
        async with self._pool.connect() as connection, connection.transaction():
            store = WatchedStore(connection)
            if await store.world(lock=True) is None:
                await store.put_world(view.world, view.now)

    async def _answer_pending(self, view: View) -> int:
        """Answer those that are pending, each once; one that is put meanwhile may wait."""
        done = after = 0
        causes = Causes(otherwise=EventCause(kind="counterparty", on=view.days.as_of))
        screeners = [Screeners(view) for _ in range(_AT_WORK)]
        while True:
            async with self._pool.connect() as connection:
                keys = await WatchedStore(connection).pending(after, _PENDING_AT_ONCE)
            if not keys:
                return done
            done += await answer_all(self._pool, view, screeners, keys, causes)
            after = keys[-1]

    async def _tell_coverage(self, view: View) -> None:
        """Tell every account which required lists are no longer fresh, and which are again."""
        index, days = view.index, view.days
        coverage = index.coverage(index.codes(None), days, named=False)
        after = {
            each.code: (each.state, each.reason)
            for each in coverage.lists
            if each.role == "required" and each.state != "fresh"
        }
        async with self._pool.connect() as connection:
            if after == await WatchedStore(connection).coverage():
                return
            async with connection.transaction():
                store = WatchedStore(connection)
                world = await store.world(lock=True)
                if world is None or view.world.is_behind(world):
                    return
                before, accounts = await store.coverage(), await store.accounts()
                await store.put_coverage(after)
                await append(connection, coverage_events(accounts, view.now, before, after))


def _newest_on(index: ListingIndex, days: Days) -> int:
    """Return the id of the newest edition up to which all apply already on the day."""
    ahead = (each.id for each in index.lists.editions if each.known_on > days.edition_day)
    return min(index.lists.newest, min(ahead, default=index.lists.newest + 1) - 1)


# --- Answering some of them again, in one transaction.


async def answer_all(
    pool: PooledStore,
    view: View,
    screeners: Sequence[Screeners],
    keys: Sequence[int],
    causes: Causes,
) -> int:
    """Answer counterparties by their keys, some in a transaction; return how many were answered.

    Each of the `screeners` works by itself: while the database stores what one has answered,
    another one goes on.

    Raises:
        StoreUnavailableError: The database does not answer; what was done is kept.
    """
    waiting = batched(keys, _ANSWERED_AT_ONCE, strict=False)

    async def work(one: Screeners) -> int:
        return sum([await answer_again(pool, view, one, some, causes) for some in waiting])

    tasks = [asyncio.create_task(work(each)) for each in screeners]
    try:
        return sum(await asyncio.gather(*tasks))
    finally:
        for each in tasks:
            _ = each.cancel()
        _ = await asyncio.wait(tasks)


async def answer_again(
    pool: PooledStore, view: View, screeners: Screeners, keys: Sequence[int], causes: Causes
) -> int:
    """Answer counterparties by their keys, and tell what changed, all or nothing.

    Those that were answered from anything newer are left alone. Return how many were answered.

    Raises:
        StoreUnavailableError: The database does not answer; nothing was changed.
    """
    async with pool.connect() as connection, connection.transaction():
        store = WatchedStore(connection)
        world = await store.world()
        if world is not None and view.world.is_behind(world):
            return 0
        rows = [
            each
            for each in await store.locked(keys)
            if each.world is None or not view.world.is_behind(each.world)
        ]
        answers = dict[int, NotedAnswer]()
        for some in batched(rows, READ_AHEAD, strict=False):
            await screeners.read_ahead([each.watched for each in some])
            for each in some:
                answers[each.key] = await _answered(screeners, each)
        return await store_answers(connection, view, rows, answers, causes)


async def store_answers(
    connection: AnyConnection,
    view: View,
    rows: Sequence[StoredCounterparty],
    answers: Mapping[int, NotedAnswer],
    causes: Causes,
) -> int:
    """Store answers about counterparties that are locked, and tell what changed, in a transaction.

    Raises:
        StoreUnavailableError: The database does not answer.
    """
    telling = Telling(board=view.board, at=view.now)
    events = list[NewEvent]()
    writes = list[StandingWrite]()
    for row in rows:
        after = answers[row.key]
        events += telling.changes(row, after.standing, causes)
        if write := _write(row, after, causes):
            writes.append(write)
    events += await _reopened(connection, view, telling, rows, answers, causes)
    store = WatchedStore(connection)
    if writes:
        await store.answer(writes, view.world, view.now)
    new = {each for write in writes if write.is_new for each in write.standing.listings}
    laws = Laws(view)
    await store.add_laws({each: laws.digest(each) for each in sorted(new)})
    if events:
        await append(connection, events)
    return len(rows)


async def _answered(screeners: Screeners, row: StoredCounterparty) -> NotedAnswer:
    known = None if row.standing is None else NotedAnswer(row.standing, row.lookups)
    try:
        if isinstance(screeners, UnderOtherLaw) and known is not None and not row.pending:
            return await screeners.again(row.watched, known)
        return await screeners.screened(row.watched)
    except BadInputError:
        # It cannot be asked about any more, such as in a list that is gone: what was found before
        # stays, and finding nothing says nothing. Whoever reads it gets the reason.
        standing = StandingAnswer() if known is None else known.standing
        return NotedAnswer(msgspec.structs.replace(standing, is_sure=False), None)


def _write(row: StoredCounterparty, screened: NotedAnswer, causes: Causes) -> StandingWrite | None:
    after, before = screened.standing, row.standing or StandingAnswer()
    is_same = row.standing == after
    if is_same and not row.pending and row.lookups == screened.lookups:
        return None
    return StandingWrite(
        key=row.key,
        standing=after,
        lookups=screened.lookups,
        turn=row.turn if is_same else row.turn + 1,
        is_new=before.listings != after.listings,
        by_scorer=is_changed_by_scorer(before, after, causes),
    )


async def _reopened(
    connection: AnyConnection,
    view: View,
    telling: Telling,
    rows: Sequence[StoredCounterparty],
    answers: Mapping[int, NotedAnswer],
    causes: Causes,
) -> list[NewEvent]:
    """Reopen the judgements that no longer bind, and return the events that tell so."""
    by_key = {each.key: each for each in rows}
    reasons = dict[int, tuple[FieldChange, ...]]()
    held = list[HeldJudgement]()
    for key, judgements in (await judgements_that_hold(connection, list(by_key))).items():
        hits = {each.key: each for each in answers[key].standing.hits}
        for each in judgements:
            changes = (
                *of_another_counterparty(each.digest, by_key[key].digest),
                *reasons_to_reopen(each.basis, hits.get((each.listing_id, each.owner))),
                *past_its_term(each.until, view.days.as_of),
            )
            if changes:
                reasons[each.id] = changes
                held.append(each)
    reopened = await reopen(connection, reasons, view.now)
    return [
        telling.reopened(by_key[each.key], each, reasons[each.id], causes)
        for each in held
        if each.id in reopened
    ]


# --- One change of the world, from beginning to end.


class _Sweep:
    """Brings all counterparties from one world to the next."""

    def __init__(self, pool: PooledStore, view: View, before: World) -> None:
        self._pool = pool
        self._view = view
        self._before = before
        self._changed: dict[str, EventCause] = {}
        self._laws, self._digests = Laws(view), dict[str, bytes]()
        self._is_law_alone = False

    async def run(self) -> int:
        """Answer whatever the change may touch, tell of it, and say that all are answered."""
        written = await self._begun()
        keys = await self._touched()
        causes = Causes(otherwise=self._otherwise(), editions=self._changed)
        view = self._view
        screeners = [
            UnderOtherLaw(view, self._laws) if self._is_law_alone else Screeners(view)
            for _ in range(_AT_WORK)
        ]
        done = await answer_all(self._pool, view, screeners, keys, causes)
        await self._finish(written)
        return done

    async def _begun(self) -> int:
        """Return the number of the last change that was made before this began, and by now is."""
        async with self._pool.connect() as connection, connection.transaction():
            store = WatchedStore(connection)
            await store.world(lock=True)
            return await store.newest_change()

    async def _touched(self) -> list[int]:
        """Return the keys of counterparties that the change may touch, in order."""
        before, after = self._before, self._view.world
        versions = await self._versions()
        async with self._pool.connect() as connection:
            store = WatchedStore(connection)
            if versions is None or before.scorer != after.scorer:
                return await self._among_all(store, None)
            self._is_law_alone = not versions
            keys = set(await store.with_hits(sorted({each.listing_id for each in versions})))
            other = await self._of_other_law(store)
            # until all are answered: if the law returns to what it was, whoever was is asked again
            await store.put_laws(dict.fromkeys(other, OF_NO_LAW))
            keys |= set(await store.with_hits(other))
            keys |= set(await store.judged_until(after.days.as_of))
            if versions:
                index = self._view.index
                changed = await asyncio.to_thread(ChangedListings, index.lists, versions, index)
                keys |= set(await self._among_all(store, changed))
        return sorted(keys)

    async def _versions(self) -> tuple[ListingVersion, ...] | None:
        """Return the versions of listings that changed; None for so many that all are asked."""
        before, view = self._before, self._view
        days = latest_day(before.days), latest_day(view.days)
        async with self._pool.connect() as connection:
            store = WatchedStore(connection)
            gone = await store.delisted_between(*days) if days[0] != days[1] else ()
            if before.edition == view.world.edition:
                return gone
            if await store.changed_count(before.edition) * _ALL_FROM > view.index.listing_count:
                versions = None
                changed = await store.changed_versions(before.edition)
            else:
                changed = await store.changed_versions(before.edition)
                versions = _once((*changed, *gone))
        for each in changed:
            edition = max(each.first_edition, each.until_edition or 0)
            known = self._changed.get(each.listing_id)
            if known is None or (known.edition or 0) < edition:
                self._changed[each.listing_id] = EventCause(
                    kind="edition", list_code=each.list_code, edition=edition
                )
        return versions

    async def _of_other_law(self, store: WatchedStore) -> list[str]:
        """Return the listings that are hits, and of which the law says something else now.

        With the same register and the same days, it can do so only of listings that changed.
        """
        before, after = self._before, self._view.world
        is_same = (before.register, before.days) == (after.register, after.days)
        other = list[str]()
        for listing_id, law in (await store.laws()).items():
            if is_same and listing_id not in self._changed:
                continue
            await give_turns()
            now = self._digests[listing_id] = self._laws.digest(listing_id)
            if now != law:
                other.append(listing_id)
        return other

    async def _among_all(self, store: WatchedStore, changed: ChangedListings | None) -> list[int]:
        """Return the keys of all whose answer changed listings may touch; of all without these."""
        keys, after = list[int](), 0
        while some := await store.after(after, _LOOKED_AT_ONCE, looked_up=changed is not None):
            if changed is None:
                keys += [key for key, _ in some]
            else:
                touched = await asyncio.to_thread(changed.touch, [each for _, each in some])
                keys += [
                    key for (key, _), is_touched in zip(some, touched, strict=True) if is_touched
                ]
            after = some[-1][0]
        return keys

    def _otherwise(self) -> EventCause:
        """Return what a change comes from that no edition has brought about."""
        before, after = self._before, self._view.world
        if before.scorer != after.scorer:
            return EventCause(kind="scorer")
        kind = "register" if before.register != after.register else "day"
        return EventCause(kind=kind, on=after.days.as_of)

    async def _finish(self, written: int) -> None:
        """Say that all are answered from the new world, but those that were put meanwhile."""
        view, before = self._view, self._before
        async with self._pool.connect() as connection, connection.transaction():
            store = WatchedStore(connection)
            if await store.world(lock=True) != before:
                return
            await store.set_outdated_pending(written, view.world)
            await store.put_laws(self._digests)
            await store.put_world(view.world, view.now)
            accounts = await store.accounts()
            editions = await store.editions_between(before.edition, view.world.edition)
            events = list(rescreened(accounts, view.now, self._named(editions)))
            if before.scorer != view.world.scorer:
                changed = await store.changed_by(view.world.scorer, _NAMED)
                counts = {each: changed.get(each, (0, ())) for each in accounts}
                events += scorer_changed(counts, view.now, before.scorer, view.world.scorer)
            await append(connection, events)

    def _named(self, editions: Iterable[tuple[int, str]]) -> Iterable[tuple[str, EventCause, str]]:
        """Yield a key, the cause and words for each thing that is new."""
        before, after = self._before, self._view.world
        for edition, code in editions:
            cause = EventCause(kind="edition", list_code=code, edition=edition)
            yield f"edition:{edition}", cause, f"edition {edition} of {code}"
        today = after.days.as_of
        if before.days.as_of != today:
            cause = EventCause(kind="day", on=today)
            yield f"day:{today}", cause, f"the law as it is on {today}"
        if before.register != after.register:
            cause = EventCause(kind="register", on=today)
            yield f"register:{after.register}", cause, "the register of measures as it is now"


def _once(versions: Iterable[ListingVersion]) -> tuple[ListingVersion, ...]:
    """Return versions each once, in the order of the bytes of their ids."""
    keyed = {(each.listing_id, each.source, each.first_edition): each for each in versions}
    return tuple(keyed[key] for key in sorted(keyed))
