"""Who calls: an account with its scopes, limits and defaults."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import Literal

import msgspec

from abeyance_screening.engine.screening.question import QuestionDefaults
from abeyance_screening.platform.settings import SCOPES, CallerLimits, Scope

ACCOUNT = "main"
"""The account of a key that names none, of operators, and of anybody where no key is asked for."""


# --- The keyring: every key that works now, in the memory of each process that answers.
#
# A request costs no look into the database. Each process looks for changes every second, so a
# revoked key stops everywhere within two seconds. While the database is away, the keys known stay
# as they are: those that worked go on, those revoked stay out.

LOOK_EVERY_S = 1.0
"""How often each process looks whether a key was made, rotated or revoked.

A change must count everywhere within two seconds, also where a look is slow.
"""
_WRITE_USES_EVERY = timedelta(minutes=1)
# What anybody may do who reaches a service that asks for no key.
OPEN: frozenset[Scope] = frozenset({"screen", "jobs", "read"})
type UseWriter[K] = Callable[[Mapping[K, datetime]], Awaitable[None]]
"""Writes when each key or session was last used; an earlier moment changes nothing."""


class Caller(msgspec.Struct, frozen=True, kw_only=True):
    """Whoever makes a request: `key` is the id of the key, None for anybody without one.

    `owner` is recorded as the author of what the caller changes. `login` is how a person logged
    in: by a session of ours, or at a proxy; None for a key, an operator or nobody known.
    """

    key: int | None
    account: str
    owner: str
    scopes: frozenset[str]
    defaults: QuestionDefaults = QuestionDefaults()
    limits: CallerLimits = CallerLimits()
    login: Literal["session", "proxy"] | None = None


ANYBODY = Caller(key=None, account=ACCOUNT, owner="anybody", scopes=frozenset(OPEN))
"""The caller of a service that asks for no key."""


class UseNotes[K]:
    """When each key or session was last used, until that is written for all processes."""

    def __init__(self) -> None:
        self._waiting: dict[K, datetime] = {}
        self._written_at = datetime.min.replace(tzinfo=UTC)

    def note(self, used: K, at: datetime) -> None:
        """Note a use, to be written."""
        self._waiting[used] = at

    def last(self, used: K) -> datetime | None:
        """Return the last use that is not written yet; None if there is none."""
        return self._waiting.get(used)

    async def write_due(self, write: UseWriter[K], now: datetime) -> None:
        """Write what is noted, if that was done a minute ago or more.

        Raises:
            StoreUnavailableError: As `write`; it is tried again in a minute.
        """
        if abs(now - self._written_at) >= _WRITE_USES_EVERY:
            self._written_at = now
            await self.write(write)

    async def write(self, write: UseWriter[K]) -> None:
        """Write what was noted since the last time, with one statement for all.

        Raises:
            StoreUnavailableError: The database does not answer; it is written the next time.
        """
        uses, self._waiting = self._waiting, {}
        if not uses:
            return
        try:
            await write(uses)
        except BaseException:
            self._waiting = uses | self._waiting
            raise


def all_scopes(given: Collection[str]) -> frozenset[str]:
    """Return the scopes that come with those given: `admin` has every other."""
    return frozenset(SCOPES if "admin" in given else given)
