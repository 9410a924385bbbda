"""Sessions as one process knows them, while the database that knows the others is away."""

import asyncio
from datetime import UTC, datetime

import asyncpg
import pytest

from abeyance_screening.platform.access.sessions import Sessions, UserSessionStore
from abeyance_screening.platform.settings import PeopleSettings, ProxyLogin
from abeyance_screening.primitives.errors import StoreUnavailableError

NOW = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
TOKEN = "a" * 43
SETTINGS = PeopleSettings(
    login=ProxyLogin(user_header="x", roles_header=None, networks=()), roles=()
)


class SilentDatabase:
    """A database that fails each query after a while, on the clock of the test."""

    def __init__(self) -> None:
        self.asked, self.now = 0, NOW

    async def fetch(self, _query: str, /, *_args: object) -> list[asyncpg.Record]:
        self.asked += 1
        await asyncio.sleep(0.01)
        raise OSError


async def test_while_the_database_is_away_nobody_who_waited_is_taken_for_logged_out():
    database = SilentDatabase()
    store = UserSessionStore(database)
    sessions = Sessions(lambda: store, SETTINGS, lambda: database.now, bytes)
    first = asyncio.create_task(sessions.caller(TOKEN))
    await asyncio.sleep(0)
    # these came while the first looked, which has said nothing of them
    database.now = NOW.replace(second=5)
    others = [asyncio.create_task(sessions.caller(TOKEN)) for _ in range(3)]
    for each in (first, *others):
        with pytest.raises(StoreUnavailableError):
            await each
    assert database.asked == 2
