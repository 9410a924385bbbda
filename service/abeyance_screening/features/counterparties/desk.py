"""The counterparties of one caller: put, read with their standing answers, and deleted."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import cast

import msgspec

from abeyance_screening.engine.lists.profile import check_profile_names
from abeyance_screening.engine.screening.answer import ScreeningAnswer
from abeyance_screening.engine.screening.desk import Desk, DeskCaller
from abeyance_screening.engine.screening.question import (
    DEFAULT_LIMIT,
    QuestionDefaults,
    ScreeningQuestion,
)
from abeyance_screening.engine.screening.validate import checks
from abeyance_screening.features.counterparties.rescreen import (
    NotedAnswer,
    Rescreening,
    Screeners,
    View,
    store_answers,
)
from abeyance_screening.features.counterparties.store import CounterpartyStore, WatchedStore
from abeyance_screening.features.counterparties.telling import Causes
from abeyance_screening.features.counterparties.types import (
    NUL,
    ListedCounterparty,
    ListedQuery,
    StoredCounterparty,
    WatchedCounterparty,
    World,
    check_new_id,
    check_no_nul,
    terms_read,
)
from abeyance_screening.platform.events import EventCause
from abeyance_screening.platform.postgres.database import AnyConnection
from abeyance_screening.platform.postgres.pool import PooledStore
from abeyance_screening.platform.questions.judgement_view import JudgedView, LeftOut, judged_answer
from abeyance_screening.platform.stores.judgements import HitJudgement, newest_judgements
from abeyance_screening.primitives.errors import (
    BadInputError,
    NotFoundError,
    QuotaExceededError,
    RevisionDiffersError,
)

# A counterparty does not go by itself: there is no sense in asking again soon.
_ASK_AGAIN_S = 3_600


class CounterpartyAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A counterparty as it is kept, with its standing answer."""

    id: str
    """Your own id."""
    counterparty: WatchedCounterparty
    """What is kept of it, with the lists and the threshold that were left to the key."""
    revision: int
    """Number of the revision, for `If-Match`; each change makes it larger."""
    pending: bool
    """True until it has been screened as it is now; `answer` is up to date all the same."""
    added_at: datetime
    """When it was registered, in UTC."""
    changed_at: datetime
    """When it was last changed, in UTC."""
    screened_at: datetime | None
    """When it was last screened to tell what changed, in UTC; null if never."""
    answer: ScreeningAnswer
    """The answer as it is now: what a screening would answer, not kept and without an id."""
    judgements: tuple[HitJudgement, ...]
    """The newest judgement on each hit that holds, waits for a second person, or was reopened."""
    left_out: LeftOut = 0
    not_kept: tuple[str, ...] = ()
    """Fields that were sent and are not kept, as the installation is set."""


class CounterpartyDesk(msgspec.Struct, frozen=True, kw_only=True):
    """Serves the counterparties of one account.

    `quota` is how many it may have. With `names_only`, no more is kept of one than its id, its
    name and how it is asked about.
    """

    desk: Desk
    rescreening: Rescreening
    pool: PooledStore
    account: str
    defaults: QuestionDefaults
    quota: int
    names_only: bool

    def store(self, connection: AnyConnection | None = None) -> CounterpartyStore:
        """Return the store of the account, on the pool or on a connection."""
        return CounterpartyStore(
            self.pool.pool if connection is None else connection, self.account
        )

    def accepted(
        self, key: str, given: WatchedCounterparty, at: str = ""
    ) -> tuple[WatchedCounterparty, tuple[str, ...]]:
        """Return a counterparty as it is to be kept, and the fields that are not kept.

        `at` is placed before the names of fields.

        Raises:
            BadInputError: It cannot be asked about as it is, or has another id than its address.
        """
        if given.id not in {None, key}:
            raise BadInputError(f"{at}id", f"is not {key!r}, which the address says")
        filled = given.filled(key, self.defaults)
        check_no_nul(cast("object", msgspec.to_builtins(filled)), at.removesuffix("."))
        for _ in checks((filled.asked,), at):
            pass
        if filled.profile is not None:
            if filled.lists is not None:
                raise BadInputError(f"{at}profile", "and `lists` are given, of which one decides")
            check_profile_names(f"{at}profile", filled.profile)
        self.desk.current.get().codes(filled.lists)
        if not self.names_only:
            return filled, ()
        bare = WatchedCounterparty(
            id=filled.id,
            name=filled.name,
            lists=filled.lists,
            threshold=filled.threshold,
            profile=filled.profile,
            lead_days=filled.lead_days,
        )
        sent, kept = (msgspec.structs.asdict(each) for each in (filled, bare))
        return bare, tuple(each for each in sent if sent[each] != kept[each])

    async def check_id(self, key: str) -> None:
        """Check that a counterparty may have an id: a new one is held to more than one on record.

        Raises:
            BadInputError: It may not.
        """
        try:
            check_new_id(key)
        except BadInputError:
            if NUL in key or await self.store().get(key) is None:
                raise

    async def put(
        self, key: str, given: WatchedCounterparty, revision: int | None
    ) -> tuple[StoredCounterparty, bool, tuple[str, ...]]:
        """Store a counterparty and its standing answer; return it, whether it is new, what is not.

        One that is the same as before is left as it is. It stays pending where this process knows
        less than the standing answers rest on, or has another scorer.

        Raises:
            BadInputError: It cannot be asked about as it is.
            QuotaExceededError: The account has as many as it may have.
            RevisionDiffersError: It is not in that revision, or is not there.
        """
        watched, not_kept = self.accepted(key, given)
        await self.check_id(key)
        screened = await self._screened(watched)
        async with self.pool.connect() as connection, connection.transaction():
            world, before = await self._locked(connection, key)
            _check_revision(before, revision)
            is_new = await self._put_on(connection, watched, screened, world)
            after = _found(await self.store(connection).get(key), key)
            return after, is_new, not_kept

    async def put_and[T](
        self,
        key: str,
        given: WatchedCounterparty,
        then: Callable[[AnyConnection], Awaitable[T]],
    ) -> T:
        """Have a counterparty on watch, and return what is then done in the same transaction.

        One that is there under its id and name is left as it is.

        Raises:
            BadInputError: It cannot be asked about as it is, or somebody else has the id.
            QuotaExceededError: The account has as many as it may have.
        """
        watched, _ = self.accepted(key, given)
        await self.check_id(key)
        screened = await self._screened(watched)
        async with self.pool.connect() as connection, connection.transaction():
            world, before = await self._locked(connection, key)
            if before is None:
                await self._put_on(connection, watched, screened, world)
            elif before.watched.name.casefold() != watched.name.casefold():
                raise BadInputError("id", f"is taken: {key} is {before.watched.name}")
            return await then(connection)

    async def _screened(self, watched: WatchedCounterparty) -> tuple[View, NotedAnswer]:
        view = await self.rescreening.view()
        return view, await Screeners(view).screened(watched)

    async def _locked(
        self, connection: AnyConnection, key: str
    ) -> tuple[World | None, StoredCounterparty | None]:
        """Return the world and a counterparty, so that neither changes in this transaction."""
        world = await WatchedStore(connection).world()
        return world, await self.store(connection).get(key, lock=True)

    async def _put_on(
        self,
        connection: AnyConnection,
        watched: WatchedCounterparty,
        screened: tuple[View, NotedAnswer],
        world: World | None,
    ) -> bool:
        """Store a counterparty and return whether it is new.

        Its answer is stored unless this process knows less than the world.
        """
        (view, after), store, key = screened, self.store(connection), watched.id or ""
        put = await store.put((watched,), view.now)
        if not put:
            return False
        await self.check_quota(store)
        stored = _found(await store.get(key, lock=True), key)
        is_other = world is not None and (
            view.world.is_behind(world) or view.world.scorer != world.scorer
        )
        if not is_other and not (stored.world and view.world.is_behind(stored.world)):
            await self._answer(connection, view, stored, after)
        # of several that are put at once under one id, the first alone is in its first revision
        return put[0].revision == 1

    async def put_all(self, watched: Sequence[WatchedCounterparty]) -> int:
        """Store counterparties, each id once, to be screened soon; return how many are changed.

        Raises:
            QuotaExceededError: The account would have more than it may; none of these is stored.
            StoreUnavailableError: The database does not answer; none of these is stored.
        """
        async with self.pool.connect() as connection, connection.transaction():
            store = self.store(connection)
            changed = await store.put(watched, self.desk.now())
            if changed:
                await self.check_quota(store)
            return len(changed)

    async def check_quota(self, store: CounterpartyStore) -> None:
        """Check that the account has no more than it may, in the transaction that adds some.

        Raises:
            QuotaExceededError: It has more.
        """
        if await store.total() > self.quota:
            raise QuotaExceededError(("counterparties",), _ASK_AGAIN_S)

    async def _answer(
        self,
        connection: AnyConnection,
        view: View,
        stored: StoredCounterparty,
        after: NotedAnswer,
    ) -> None:
        causes = Causes(otherwise=EventCause(kind="counterparty", on=view.days.as_of))
        await store_answers(connection, view, (stored,), {stored.key: after}, causes)

    async def listed(self, query: ListedQuery, most: int) -> tuple[ListedCounterparty, ...]:
        """Return up to `most` counterparties by id, each with the outcome of its answer now."""
        terms = ("", *await self.store().terms())
        covered = frozenset([each for each in terms if await self._is_covered(each)])
        if query.outcome == "no_hits" and not covered:
            return ()
        return await self.store().listed(msgspec.structs.replace(query, covered=covered), most)

    async def _is_covered(self, terms: str) -> bool:
        try:
            return (await self.desk.of_account.coverage(terms_read(terms))).complete
        except BadInputError:
            # such as in a list that is gone
            return False

    async def get(self, key: str) -> StoredCounterparty:
        """Return a counterparty.

        Raises:
            NotFoundError: The account has none with the id.
        """
        return _found(await self.store().get(key), key)

    async def delete(self, key: str, revision: int | None) -> None:
        """Delete a counterparty; of its events and judgements a record without names stays.

        Raises:
            CounterpartyHeldError: A kept screening about it is held as evidence.
            NotFoundError: The account has none with the id.
            RevisionDiffersError: It is not in that revision.
        """
        async with self.pool.connect() as connection, connection.transaction():
            store = self.store(connection)
            before = _found(await store.get(key, lock=True), key)
            _check_revision(before, revision)
            await store.check_not_held(key)
            await store.delete(key, revision)
            await store.forget_names(key)

    async def answer(self, stored: StoredCounterparty) -> ScreeningAnswer | BadInputError:
        """Return the answer about a counterparty as it is now, or why it can have none any more.

        It is that of `shown`, and counts as no question of the caller's.

        Raises:
            NotReadyError: Nothing was loaded yet.
        """
        try:
            desk = self.desk.of(DeskCaller(account=self.account))
            return await desk.answered(_question(stored.watched))
        except BadInputError as error:
            return error

    async def shown(
        self,
        stored: StoredCounterparty,
        judged: JudgedView = "show",
        not_kept: tuple[str, ...] = (),
    ) -> CounterpartyAnswer:
        """Return a counterparty with its answer as it is now and the judgements on its hits.

        Raises:
            BadInputError: It cannot be asked about any more, such as in a list that is gone.
            NotReadyError: Nothing was loaded yet.
        """
        judgements = await newest_judgements(self.pool.pool, self.account, (stored.id,))
        desk, asked = self.desk.of_account, _question(stored.watched)
        answer, left_out = await judged_answer(desk, asked, judgements, judged)
        return CounterpartyAnswer(
            id=stored.id,
            counterparty=stored.watched,
            revision=stored.revision,
            pending=stored.pending,
            added_at=stored.added_at,
            changed_at=stored.changed_at,
            screened_at=stored.screened_at,
            answer=answer,
            judgements=judgements,
            left_out=left_out,
            not_kept=not_kept,
        )


def _question(watched: WatchedCounterparty) -> ScreeningQuestion:
    return ScreeningQuestion(
        counterparties=(watched.asked,),
        lists=watched.lists,
        profile=watched.profile,
        threshold=watched.threshold,
        limit=DEFAULT_LIMIT,
    )


def _found(stored: StoredCounterparty | None, key: str) -> StoredCounterparty:
    if stored is None:
        raise NotFoundError("counterparty", key)
    return stored


def _check_revision(stored: StoredCounterparty | None, revision: int | None) -> None:
    if revision is not None and (stored is None or stored.revision != revision):
        raise RevisionDiffersError(None if stored is None else stored.revision)
