"""Sessions as one process knows them, while the database that knows the others is away."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from abeyance_screening.platform.access.sessions import SessionDraft, Sessions, SessionState
from abeyance_screening.platform.settings import PeopleSettings, ProxyLogin
from abeyance_screening.primitives.errors import StoreUnavailableError

NOW = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
TOKEN = "a" * 43
SETTINGS = PeopleSettings(
    login=ProxyLogin(user_header="x", roles_header=None, networks=()), roles=()
)


class SilentStore:
    """A database that fails each question after a while, on the clock of the test."""

    def __init__(self) -> None:
        self.asked, self.now = 0, NOW

    async def change_number(self) -> int:
        self.asked += 1
        await asyncio.sleep(0.01)
        raise StoreUnavailableError

    async def since(self, number: int, at: datetime) -> tuple[SessionState, ...]:
        raise NotImplementedError

    async def begin(self, draft: SessionDraft) -> None:
        raise NotImplementedError

    async def end(self, digest: bytes, at: datetime) -> None:
        raise NotImplementedError

    async def note_uses(self, uses: Mapping[bytes, datetime]) -> None:
        raise NotImplementedError


async def test_while_the_database_is_away_nobody_who_waited_is_taken_for_logged_out():
    store = SilentStore()
    sessions = Sessions(lambda: store, SETTINGS, lambda: store.now, bytes)
    first = asyncio.create_task(sessions.caller(TOKEN))
    await asyncio.sleep(0)
    # these came while the first looked, which has said nothing of them
    store.now = NOW.replace(second=5)
    others = [asyncio.create_task(sessions.caller(TOKEN)) for _ in range(3)]
    for each in (first, *others):
        with pytest.raises(StoreUnavailableError):
            await each
    assert store.asked == 2
