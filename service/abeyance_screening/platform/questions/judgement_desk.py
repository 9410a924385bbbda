"""Judgements of the caller's account: who makes them, on which hits, and what becomes of them."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date, datetime
from typing import Annotated

import msgspec
from litestar.di import NamedDependency
from litestar.params import PathParameter, SkipValidation

from abeyance_screening.engine.screening.desk import Desk
from abeyance_screening.engine.screening.watched.standing import StandingHit
from abeyance_screening.platform.access.identity import Asker, are_same_eyes
from abeyance_screening.platform.access.pending_changes import (
    JudgementWithdrawal,
    PendingChange,
    PendingChangeStore,
)
from abeyance_screening.platform.http.bodies import TypedRequest
from abeyance_screening.platform.http.entrance import caller_of
from abeyance_screening.platform.postgres.database import AnyConnection
from abeyance_screening.platform.postgres.pool import PooledStore
from abeyance_screening.platform.questions.parameters import TheDesk
from abeyance_screening.platform.service import ServiceParts
from abeyance_screening.platform.stores.judgements import (
    Decision,
    HitJudgement,
    JudgedCounterparty,
    JudgementStore,
    NewJudgement,
)
from abeyance_screening.primitives.errors import BadInputError, NotFoundError, OwnDecisionError

JudgementId = Annotated[int, PathParameter(ge=1, description="The `id` of the judgement.")]


class JudgementRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be judged: one listing, or all hits of one party.

    They are hits of the counterparty itself, or of the `owner` that is named. `at` stands before
    the names of fields in what is said of a fault, where it is one of several.
    """

    counterparty: str
    listing: str | None
    party: str | None
    owner: str | None
    decision: Decision
    reason: str
    until: date | None
    at: str = ""


class JudgementDesk(msgspec.Struct, frozen=True, kw_only=True):
    """Makes and keeps the judgements of one account; `by` is who asks."""

    desk: Desk
    pool: PooledStore
    account: str
    by: Asker

    def store(self, connection: AnyConnection | None = None) -> JudgementStore:
        """Return the store of the account, on the pool or on a connection.

        Raises:
            StoreUnavailableError: The database does not answer.
        """
        return JudgementStore(self.pool.pool if connection is None else connection, self.account)

    async def judge(self, asked: Sequence[JudgementRequest]) -> tuple[HitJudgement, ...]:
        """Make judgements, all or none, and return them, one of each hit.

        Raises:
            BadInputError: One names no hit of its counterparty, or that is not screened yet.
            NotFoundError: The account has no such counterparty.
            StoreUnavailableError: The database does not answer; none was made.
        """
        async with self.pool.connect() as connection, connection.transaction():
            return await self.judge_on(connection, asked)

    async def judge_on(
        self, connection: AnyConnection, asked: Sequence[JudgementRequest]
    ) -> tuple[HitJudgement, ...]:
        """Make judgements in the transaction of a connection, and return them, one of each hit.

        Raises:
            BadInputError: One names no hit of its counterparty, or that is not screened yet.
            NotFoundError: The account has no such counterparty.
            StoreUnavailableError: The database does not answer.
        """
        now, made, store = self.desk.now(), list[int](), self.store(connection)
        waits = await PendingChangeStore(connection, self.account).is_four_eyed()
        # all lock in one order, so that two who judge the same wait for each other
        for each in sorted(asked, key=lambda each: each.counterparty):
            self._check_until(each, now)
            counterparty = await self._counterparty(store, each)
            for hit in self._hits(counterparty, each):
                new = NewJudgement(
                    counterparty=counterparty,
                    basis=hit,
                    decision=each.decision,
                    reason=each.reason,
                    until=each.until,
                    by=self.by.name,
                    eyes=self.by.eyes,
                    at=now,
                )
                made.append(await store.add(new, waits=waits))
        return await store.by_id(made)

    async def _counterparty(
        self, store: JudgementStore, asked: JudgementRequest
    ) -> JudgedCounterparty:
        found = await store.counterparty(asked.counterparty)
        if found is None:
            raise NotFoundError("counterparty", asked.counterparty)
        if found.pending or found.standing is None:
            reason = "is not screened yet as it is now: judge it when it is not pending any more"
            raise BadInputError(f"{asked.at}counterparty", reason)
        return found

    def _hits(
        self, counterparty: JudgedCounterparty, asked: JudgementRequest
    ) -> Sequence[StandingHit]:
        hits = () if counterparty.standing is None else counterparty.standing.hits
        own = [each for each in hits if each.owner == asked.owner]
        if asked.listing is not None:
            field, found = "listing", [each for each in own if each.listing_id == asked.listing]
        else:
            parties = self.desk.current.get().parties
            party = parties.of(asked.party or "")
            field = "party"
            found = [each for each in own if parties.of(each.listing_id) == party]
        if not found:
            reason = "is no hit of this counterparty as it was last screened"
            raise BadInputError(f"{asked.at}{field}", reason)
        return found

    def _check_until(self, asked: JudgementRequest, now: datetime) -> None:
        if asked.until is not None and asked.until < now.date():
            reason = "lies in the past: it is the last day on which it holds"
            raise BadInputError(f"{asked.at}until", reason)

    async def approve(self, key: int) -> HitJudgement:
        """Approve a judgement that waits, as another person than the one who made it.

        Raises:
            BadInputError: It does not wait.
            OwnDecisionError: It is the caller's own.
            NotFoundError: The account has no such judgement.
            StoreUnavailableError: The database does not answer; nothing was changed.
        """
        async with self.pool.connect() as connection, connection.transaction():
            store = self.store(connection)
            counterparty, judgement = await self._waiting(store, key)
            if are_same_eyes(await store.eyes(judgement), self.by.eyes):
                raise OwnDecisionError(judgement.asked_by)
            await store.approve(counterparty, judgement, self.by.name, self.desk.now())
            return (await store.by_id((key,)))[0]

    async def refuse(self, key: int) -> HitJudgement:
        """Refuse a judgement that waits.

        Raises:
            BadInputError: It does not wait.
            NotFoundError: The account has no such judgement.
            StoreUnavailableError: The database does not answer; nothing was changed.
        """
        async with self.pool.connect() as connection, connection.transaction():
            store = self.store(connection)
            await self._waiting(store, key)
            await store.settle(key, "refused", self.by.name, self.desk.now())
            return (await store.by_id((key,)))[0]

    async def withdraw(self, key: int) -> HitJudgement | PendingChange:
        """Withdraw a judgement that holds or waits: the hit is to be judged again.

        What two people made, two withdraw where the account asks for four eyes: it then waits.

        Raises:
            BadInputError: It neither holds nor waits.
            NotFoundError: The account has no such judgement.
            StoreUnavailableError: The database does not answer; nothing was changed.
        """
        async with self.pool.connect() as connection, connection.transaction():
            store = self.store(connection)
            found = await store.get(key)
            if found is None:
                raise NotFoundError("judgement", str(key))
            if found[1].state not in {"holds", "waiting"}:
                raise BadInputError("judgement_id", f"is {found[1].state} already")
            pending, now = PendingChangeStore(connection, self.account), self.desk.now()
            if found[1].approved_by is not None and await pending.is_four_eyed():
                return await pending.add(
                    JudgementWithdrawal(judgement=key), str(key), self.by, now
                )
            await store.settle(key, "withdrawn", self.by.name, now)
            return (await store.by_id((key,)))[0]

    async def _waiting(self, store: JudgementStore, key: int) -> tuple[int, HitJudgement]:
        found = await store.get(key)
        if found is None:
            raise NotFoundError("judgement", str(key))
        if found[1].state != "waiting":
            reason = f"waits for nobody: it is {found[1].state}"
            raise BadInputError("judgement_id", reason)
        return found


TheJudgements = NamedDependency[SkipValidation[JudgementDesk]]


def judgement_desks(
    parts: ServiceParts,
) -> Callable[[TypedRequest, TheDesk], Awaitable[JudgementDesk]]:
    """Return the function that provides the judgements of a caller's account."""

    async def desk_of(request: TypedRequest, desk: TheDesk) -> JudgementDesk:
        caller = caller_of(request)
        return JudgementDesk(desk=desk, pool=parts.pool, account=caller.account, by=caller.asker)

    return desk_of
