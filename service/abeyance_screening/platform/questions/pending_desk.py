"""Changes that wait for a second person: who may approve them, and what is then done."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from secrets import token_bytes
from typing import Annotated

import msgspec
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import PathParameter, SkipValidation

from abeyance_screening.platform.access.callers import Caller, all_scopes
from abeyance_screening.platform.access.identity import Eyes, are_same_eyes
from abeyance_screening.platform.access.keys import ACCOUNT, ApiKeyStore, Keys, is_working
from abeyance_screening.platform.access.pending_changes import (
    ChangeRequest,
    HoldRelease,
    JudgementWithdrawal,
    PendingChange,
    PendingChangeStore,
    TermsChange,
)
from abeyance_screening.platform.access.sessions import UserSessionStore
from abeyance_screening.platform.http.bodies import TypedRequest
from abeyance_screening.platform.http.entrance import caller_of
from abeyance_screening.platform.postgres.database import AnyConnection, Connect, fetched
from abeyance_screening.platform.postgres.pool import PooledStore
from abeyance_screening.platform.service import ServiceParts
from abeyance_screening.platform.settings import Settings
from abeyance_screening.platform.stores.judgements import JudgementStore
from abeyance_screening.primitives.days import utc_now
from abeyance_screening.primitives.errors import (
    BadInputError,
    NotFoundError,
    OwnDecisionError,
    StoreUnavailableError,
)

ChangeId = Annotated[int, PathParameter(ge=1, le=2**63 - 1, description="The `id` of the change.")]
WAITS = {
    202: ResponseSpec(
        data_container=PendingChange,
        generate_examples=False,
        description="It is done once a second person has approved it: the account asks for four "
        "eyes.",
    )
}
"""The answer of what waits, for the API document."""
_ALONE = (
    "cannot be switched on: the account has no second person with the scope `admin` whose key was "
    "not made by the first"
)


def keys_over(
    connect: Connect, settings: Settings, changed: Callable[[], Awaitable[None]] | None = None
) -> Keys:
    """Return the keys over what lends connections; `changed` is called after each change."""
    roles = () if settings.people is None else settings.people.roles
    are_admins = any(
        each.account in {None, ACCOUNT} and {"admin", "operator"} & set(each.scopes)
        for each in roles
    )
    return Keys(connect, utc_now, token_bytes, changed, are_logins_admins=are_admins)


def keys_of_service(parts: ServiceParts) -> Keys:
    """Return the keys of a service; what is changed counts in this process at once."""
    pool, keyring = parts.pool, parts.entrance.keyring

    async def changed() -> None:
        with suppress(StoreUnavailableError):
            await keyring.look(ApiKeyStore(pool.place))

    return keys_over(pool.connect_unit, parts.settings, changed)


class PendingDesk(msgspec.Struct, frozen=True, kw_only=True):
    """The changes of the caller's account that wait for a second person."""

    pool: PooledStore
    keys: Keys
    caller: Caller
    now: Callable[[], datetime]

    def store(self, connection: AnyConnection | None = None) -> PendingChangeStore:
        """Return the store of the account, on the pool or on a connection."""
        place = self.pool.pool if connection is None else connection
        return PendingChangeStore(place, self.caller.account)

    async def set_terms(self, *, four_eyes: bool) -> PendingChange | None:
        """Ask for four eyes, or no longer; the latter waits, and is returned.

        Raises:
            BadInputError: The account has one admin alone, who could then do nothing.
        """
        async with self.pool.connect() as connection, connection.transaction():
            pending, account = self.store(connection), self.caller.account
            if await pending.is_four_eyed():
                if four_eyes:
                    return None
                body = TermsChange(four_eyes=False)
                return await pending.add(body, "four_eyes", self.caller.asker, self.now())
            if four_eyes and not await self._is_second_admin(connection):
                raise BadInputError("four_eyes", _ALONE)
            await JudgementStore(connection, account).set_four_eyed(four_eyes=four_eyes)
        return None

    async def waits(self, body: HoldRelease) -> PendingChange | None:
        """Have the release of a hold wait, if the account asks for four eyes.

        Raises:
            NotFoundError: The account holds no such screening.
        """
        async with self.pool.connect() as connection, connection.transaction():
            pending, about = self.store(connection), str(body.screening)
            if not await pending.is_four_eyed():
                return None
            asked = self.caller.account, body.screening
            if not any(
                row["held_at"] for row in await fetched(connection, "screening_hold", *asked)
            ):
                raise NotFoundError("hold", about)
            return await pending.add(body, about, self.caller.asker, self.now())

    async def approve(self, number: int) -> PendingChange:
        """Do what waits, as another person than the one who asked for it.

        Raises:
            BadInputError: It does not wait, or can be done no longer.
            NotFoundError: There is no such change, or no longer what it is about.
            OwnDecisionError: Whoever asked for it may be the caller.
        """
        async with self.pool.connect() as connection, connection.transaction():
            asked = await self._waiting(connection, number)
            if are_same_eyes(asked.eyes, self.caller.asker.eyes):
                raise OwnDecisionError(asked.change.asked_by)
            await self._carry_out(connection, asked)
            done = await self._decided(connection, number, is_approved=True)
        await self.keys.look()
        return done

    async def refuse(self, number: int) -> PendingChange:
        """Refuse what waits; whoever asked for it may, and so takes it back.

        Raises:
            BadInputError: It does not wait.
            NotFoundError: There is no such change.
        """
        async with self.pool.connect() as connection, connection.transaction():
            await self._waiting(connection, number)
            return await self._decided(connection, number, is_approved=False)

    async def _decided(
        self, connection: AnyConnection, number: int, *, is_approved: bool
    ) -> PendingChange:
        by, state = self.caller.asker.name, "approved" if is_approved else "refused"
        return await self.store(connection).decide(number, state, by, self.now())

    async def _carry_out(self, connection: AnyConnection, asked: ChangeRequest) -> None:
        account, judgements = self.caller.account, JudgementStore(connection, self.caller.account)
        match asked.body:
            case TermsChange(four_eyes=four_eyes):
                await judgements.set_four_eyed(four_eyes=four_eyes)
            case HoldRelease(screening=key, because=because):
                if not await fetched(connection, "release_screening", account, key, because):
                    raise NotFoundError("hold", str(key))
            case JudgementWithdrawal(judgement=key):
                found = await judgements.get(key)
                if found is None:
                    raise NotFoundError("judgement", str(key))
                if found[1].state != "holds":
                    raise BadInputError("judgement_id", f"is {found[1].state} already")
                await judgements.settle(key, "withdrawn", asked.change.asked_by, self.now())
            case body:
                await self.keys.carry_out(connection, body, asked.asker)

    async def _waiting(self, connection: AnyConnection, number: int) -> ChangeRequest:
        found = await self.store(connection).get(number)
        if found is None:
            raise NotFoundError("change", str(number))
        if found.change.state != "waiting":
            raise BadInputError("change_id", f"waits for nobody: it is {found.change.state}")
        return found

    async def _is_second_admin(self, connection: AnyConnection) -> bool:
        """Return whether two people manage the account, as far as the service knows of them.

        Known are those with keys, those who are logged in, and the caller. Whom a proxy lets in is
        known only when they come, so that somebody who came by it is believed not to be alone.
        """
        if self.caller.login == "proxy":
            return True
        now, account = self.now(), self.caller.account
        store = ApiKeyStore(connection)
        managing = {
            each.id
            for each in await store.all()
            if each.account == account
            and is_working(each, now)
            and "admin" in all_scopes(each.scopes)
        }
        eyes = [
            each.eyes or Eyes(people=(each.owner,))
            for each in await store.proofs()
            if each.id in managing
        ]
        eyes += [
            Eyes(people=(each.user_name,))
            for each in await UserSessionStore(connection).all(now)
            if each.account == account and "admin" in all_scopes(each.scopes)
        ]
        eyes.append(self.caller.asker.eyes)
        return any(not are_same_eyes(one, other) for one in eyes for other in eyes)


ThePending = NamedDependency[SkipValidation[PendingDesk]]


def pending_desks(parts: ServiceParts) -> Callable[[TypedRequest], Awaitable[PendingDesk]]:
    """Return the function that provides the changes that wait in a caller's account."""
    keys = keys_of_service(parts)

    async def desk_of(request: TypedRequest) -> PendingDesk:
        return PendingDesk(pool=parts.pool, keys=keys, caller=caller_of(request), now=parts.now)

    return desk_of
