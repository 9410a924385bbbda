"""Who calls, from where, and what a route asks of them: accounts, networks, scopes."""

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Literal, cast

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
OPEN: frozenset[Scope] = frozenset(
    {"screen", "jobs", "read", "delete", "hold", "webhooks", "counterparties", "judge"}
)
_OF_ACCOUNT: frozenset[Scope] = frozenset({*OPEN, "admin"})
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
        """Write what is noted, if that was done a minute ago or more."""
        if abs(now - self._written_at) >= _WRITE_USES_EVERY:
            self._written_at = now
            await self.write(write)

    async def write(self, write: UseWriter[K]) -> None:
        """Write what was noted since the last time, with one statement for all."""
        uses, self._waiting = self._waiting, {}
        if not uses:
            return
        try:
            await write(uses)
        except BaseException:
            self._waiting = uses | self._waiting
            raise


def all_scopes(given: Collection[str]) -> frozenset[str]:
    """Return the scopes that come with those given.

    `admin` has every other that concerns its account alone, `operator` has all: the register and
    which listings are one party hold for every account.
    """
    if "operator" in given:
        return frozenset(SCOPES)
    return frozenset({*given, *_OF_ACCOUNT} if "admin" in given else given)


_OPTION = "access"


class RouteAccess(msgspec.Struct, frozen=True, kw_only=True):
    """Who may call a route, and what the audit log says of a call.

    `scope` is None where everybody may call it. `reading` is recorded before the answer is given.
    `change` is what the database records itself, in the transaction of the change; only that it
    was refused, or that there is nothing to change, is recorded here. `about` names the part of
    the path that either is about. With `local` anybody may call it at a service that asks for no
    key, where all that there is belongs to one account. `also` is a second scope that it takes,
    where one act does what two routes do.
    """

    scope: Scope | None
    reading: str | None = None
    about: str | None = None
    change: str | None = None
    local: bool = False
    also: Scope | None = None

    @property
    def scopes(self) -> frozenset[Scope]:
        """Every scope that a call takes; none where everybody may call it."""
        return frozenset(each for each in (self.scope, self.also) if each is not None)


CLOSED = RouteAccess(scope="operator")
"""What holds for a route that declares nothing."""


def needs(
    scope: Scope,
    *,
    reading: str | None = None,
    about: str | None = None,
    change: str | None = None,
    local: bool = False,
    also: Scope | None = None,
) -> dict[str, object]:
    """Return the `opt` of a route that needs a scope; see `RouteAccess` for the audit log."""
    return option_of(
        RouteAccess(
            scope=scope, reading=reading, about=about, change=change, local=local, also=also
        )
    )


def public(*, change: str | None = None) -> dict[str, object]:
    """Return the `opt` of a route that everybody may call, with a key or without."""
    return option_of(RouteAccess(scope=None, change=change))


def option_of(access: RouteAccess) -> dict[str, object]:
    """Return the `opt` by which a route declares its access."""
    return {_OPTION: access}


def access_in(options: Mapping[str, object]) -> RouteAccess | None:
    """Return what a route declared by its `opt`; None if it declares nothing."""
    return cast("RouteAccess | None", options.get(_OPTION))


# --- Addresses of clients: which of them are one client, and which are within some networks.

type Network = IPv4Network | IPv6Network
# A home or a server usually has a whole network of this size in IPv6.
_IPV6_BITS = 64


def client_group(address: str) -> str:
    """Return what counts as one client: an IPv4 address, or the /64 of an IPv6 address."""
    ip = _read(address) if ":" in address else None
    if ip is None:
        return address
    if isinstance(ip, IPv4Address):
        return str(ip)
    return str(ip_network((int(ip), _IPV6_BITS), strict=False))


def is_within(address: str | None, networks: Iterable[Network]) -> bool:
    """Whether an address is in one of some networks; one that cannot be read is in none."""
    ip = _read(address or "")
    return ip is not None and any(ip in network for network in networks)


def _read(address: str) -> IPv4Address | IPv6Address | None:
    """Return an address, as IPv4 where its IPv6 form stands for one; None if it is none."""
    try:
        ip = ip_address(address)
    except ValueError:
        return None
    mapped = ip.ipv4_mapped if isinstance(ip, IPv6Address) else None
    return ip if mapped is None else mapped
