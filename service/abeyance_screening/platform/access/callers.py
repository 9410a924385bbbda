"""Who calls, by which key, from where, and what a route asks: accounts, scopes, networks."""

import hmac
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Literal, cast

import msgspec

from abeyance_screening.engine.screening.question import QuestionDefaults
from abeyance_screening.platform.access.identity import Asker, Eyes
from abeyance_screening.platform.access.keys import (
    ACCOUNT,
    ApiKeyStore,
    KeyProof,
    digest_of,
    is_key,
)
from abeyance_screening.platform.logs import KEY_PREFIX
from abeyance_screening.platform.settings import SCOPES, CallerLimits, Operator, Scope
from abeyance_screening.primitives.errors import (
    ElsewhereError,
    ForbiddenError,
    StoreUnavailableError,
    UnauthorisedError,
    WrongKeyError,
)

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
# A change made by hand in the database bumps no number, so everything is read again this often.
_READ_AGAIN = timedelta(seconds=30)
_HANDLE_BYTES = 8
# What an operator of the settings may do: their work, and reading what it is about.
_OPERATORS: frozenset[str] = frozenset({"register", "judge", "read"})
_NO_KEY = "send a key in the header `Authorization: Bearer <key>` or `X-API-Key: <key>`"
_STRANGE_KEY = "this is no key of the service, nor of an operator in ABEYANCE_OPERATORS"
_WRONG_KEY = "the key is not known, or was revoked"
_EXPIRED = "the key has expired"
_LACKS = "the key lacks the scope `{}`"
_ELSEWHERE = "the key is not taken from this address"
type UseWriter[K] = Callable[[Mapping[K, datetime]], Awaitable[None]]
"""Writes when each key or session was last used; an earlier moment changes nothing."""


class Caller(msgspec.Struct, frozen=True, kw_only=True):
    """Whoever makes a request: `key` is the id of the key, None for anybody without one.

    `owner` is recorded as the author of what the caller changes. `login` is how a person logged
    in: by a session of ours, or at a proxy; None for a key, an operator or nobody known.
    `known_eyes` are those who may act as this caller, None for the owner alone.
    """

    key: int | None
    account: str
    owner: str
    scopes: frozenset[str]
    defaults: QuestionDefaults = QuestionDefaults()
    limits: CallerLimits = CallerLimits()
    login: Literal["session", "proxy"] | None = None
    known_eyes: Eyes | None = None

    @property
    def asker(self) -> Asker:
        """Who asks for what they change."""
        eyes = self.known_eyes or Eyes(people=(self.author,))
        return Asker(name=self.author, eyes=eyes)

    @property
    def author(self) -> str:
        """Who is named as the author of what they write: `local` where no key is asked for."""
        return "local" if self == ANYBODY else self.owner


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


class _Secret(msgspec.Struct, frozen=True):
    """One secret of a key: the current one, or the one before it for as long as it works."""

    digest: bytes
    until: datetime | None
    networks: tuple[Network, ...]
    caller: Caller


# Compared with a key that is not known, so that it takes as long as one that is.
_NOBODY = _Secret(bytes(32), None, (), ANYBODY)


class Keyring:
    """The keys that work now, and those of the operators in the settings.

    With `is_asking`, every request needs a key; without, only those that change something do.
    """

    def __init__(
        self, operators: Sequence[Operator], *, is_asking: bool, now: Callable[[], datetime]
    ) -> None:
        self._operators = [(each.name, each.key.encode()) for each in operators]
        self._is_asking = is_asking
        self._now = now
        self._secrets: dict[bytes, _Secret] | None = None
        self._uses = UseNotes[int]()
        self._number: int | None = None
        self._read_at = datetime.min.replace(tzinfo=UTC)

    def admit(self, needed: Scope, given: str | None, address: str | None) -> Caller:
        """Return who makes a request that needs a scope, by the key and address it came with.

        Raises:
            UnauthorisedError: There is no key, or it does not work any more.
            ForbiddenError: The key may not do this, or not from this address.
            StoreUnavailableError: No key was read from the database yet.
        """
        caller = self.owner(needed, given, address)
        self.check_scope(caller, needed)
        return caller

    def owner(
        self, needed: Scope, given: str | None, address: str | None, *, local: bool = False
    ) -> Caller:
        """Return who makes a request, whether they may or not; see `check_scope`.

        Raises:
            UnauthorisedError: There is no key where one is needed, or it does not work any more.
            ForbiddenError: The key is not taken from this address.
            StoreUnavailableError: No key was read from the database yet.
        """
        caller = None if given is None else self._known(given, address)
        if caller is not None:
            return caller
        if self._is_open(needed, local=local):
            return ANYBODY
        if given is None:
            raise UnauthorisedError(_NO_KEY)
        raise WrongKeyError(_STRANGE_KEY)

    def check_scope(self, caller: Caller, needed: Scope, *, local: bool = False) -> None:
        """Check that somebody may do what needs a scope, or that anybody may.

        With `local` anybody may where no key is asked for, whatever the scope.

        Raises:
            ForbiddenError: The key lacks it.
        """
        if needed not in caller.scopes and not self._is_open(needed, local=local):
            raise ForbiddenError(_LACKS.format(needed))

    def _is_open(self, needed: Scope, *, local: bool) -> bool:
        return not self._is_asking and (local or needed in OPEN)

    def is_for_us(self, given: str) -> bool:
        """Whether a text is a key of this service, also a wrong one, not a proxy's own."""
        return given.startswith(KEY_PREFIX) or self._operator(given) is not None

    def is_wrong(self, given: str) -> bool:
        """Whether a key would be refused from everywhere."""
        try:
            return self._known(given, None) is None and self._is_asking
        except WrongKeyError:
            return True
        except (ForbiddenError, StoreUnavailableError):
            return False

    def take(self, proofs: Iterable[KeyProof]) -> None:
        """Replace all keys by these at once."""
        self._secrets = {
            secret.digest[:_HANDLE_BYTES]: secret
            for each in proofs
            for secret in _secrets_of(each)
        }

    async def look(self, store: ApiKeyStore) -> None:
        """Take in what changed in the database, and write there when keys were used."""
        now = self._now()
        number = await store.change_number()
        if number != self._number or abs(now - self._read_at) >= _READ_AGAIN:
            self.take(await store.proofs())
            self._number, self._read_at = number, now
        await self._uses.write_due(store.note_uses, now)

    async def write_uses(self, store: ApiKeyStore) -> None:
        """Write when each key was last used since the last time."""
        await self._uses.write(store.note_uses)

    def _known(self, given: str, address: str | None) -> Caller | None:
        """Return the owner of a key; None for a text that is none of ours, such as a proxy's own.

        A key of ours that does not work is refused even where none is needed: its owner may rely
        on what it says, such as that nothing be kept.
        """
        # the time taken does not depend on how wrong a key is
        digest, secrets = digest_of(given), self._secrets or {}
        secret = secrets.get(digest[:_HANDLE_BYTES], _NOBODY)
        if hmac.compare_digest(secret.digest, digest):
            return self._owner(secret, address)
        if is_key(given):
            if self._secrets is None:
                raise StoreUnavailableError
            raise WrongKeyError(_WRONG_KEY)
        caller = self._operator(given)
        if caller is None and given.startswith(KEY_PREFIX):
            raise WrongKeyError(_WRONG_KEY)
        return caller

    def _owner(self, secret: "_Secret", address: str | None) -> Caller:
        """Return the owner of a key that is right, if it is taken now and from there."""
        now = self._now()
        if secret.until is not None and now >= secret.until:
            raise WrongKeyError(_EXPIRED, "expired_key", secret.caller.key)
        if secret.networks and not is_within(address, secret.networks):
            raise ElsewhereError(_ELSEWHERE, secret.caller.key)
        caller = secret.caller
        if caller.key is not None:
            self._uses.note(caller.key, now.replace(second=0, microsecond=0))
        return caller

    def _operator(self, key: str) -> Caller | None:
        """Return the operator with a key; every key is compared, however wrong this one is."""
        shown = key.encode()
        names = [name for name, each in self._operators if hmac.compare_digest(each, shown)]
        if not names:
            return None
        return Caller(key=None, account=ACCOUNT, owner=names[0], scopes=_OPERATORS)


def _secrets_of(proof: KeyProof) -> Iterable[_Secret]:
    caller = Caller(
        key=proof.id,
        account=proof.account,
        owner=proof.owner,
        scopes=all_scopes(proof.scopes),
        defaults=proof.defaults,
        limits=proof.limits,
        known_eyes=proof.eyes,
    )
    networks = tuple(map(ip_network, proof.networks))
    yield _Secret(proof.digest, proof.expires_at, networks, caller)
    if proof.previous_digest is not None and proof.previous_until is not None:
        until = min(filter(None, (proof.previous_until, proof.expires_at)))
        yield _Secret(proof.previous_digest, until, networks, caller)


# --- What a route asks of its callers.

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
