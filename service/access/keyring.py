"""The keyring: every key that works now, in the memory of each process that answers.

A request costs no look into the database. Each process looks for changes every other second, so
a revoked key stops within seconds everywhere. While the database is away, the keys known stay as
they are: those that worked go on, those revoked stay out.
"""

import hmac
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Protocol

import msgspec

from service.access.keys import (
    ACCOUNT,
    SCOPES,
    KeyProof,
    QuestionDefaults,
    Scope,
    digest_of,
    is_key,
)
from service.errors import ForbiddenError, StoreUnavailableError, UnauthorisedError
from service.logs import KEY_PREFIX
from service.settings import Operator

LOOK_EVERY_S = 2.0
"""How often each process looks whether a key was made, rotated or revoked."""

# A change made by hand in the database bumps no number, so everything is read again this often.
_READ_AGAIN = timedelta(seconds=30)
_WRITE_USES_EVERY = timedelta(minutes=1)
_HANDLE_BYTES = 8
# What anybody may do who reaches a service that asks for no key.
_OPEN: frozenset[Scope] = frozenset({"screen", "read"})
# What an operator of the settings may do: their work, and reading what it is about.
_OPERATORS: frozenset[str] = frozenset({"register", "judge", "read"})
_NO_KEY = "send a key in the header `Authorization: Bearer <key>` or `X-API-Key: <key>`"
_STRANGE_KEY = "this is no key of the service, nor of an operator in ABEYANCE_OPERATORS"
_WRONG_KEY = "the key is not known, or was revoked"
_EXPIRED = "the key has expired"
_LACKS = "the key lacks the scope `{}`"
_ELSEWHERE = "the key is not taken from this address"
type Network = IPv4Network | IPv6Network


class Caller(msgspec.Struct, frozen=True, kw_only=True):
    """Whoever makes a request: `key` is the id of the key, None for an operator or nobody known.

    `owner` is recorded as the author of what the caller changes.
    """

    key: int | None
    account: str
    owner: str
    scopes: frozenset[str]
    defaults: QuestionDefaults = QuestionDefaults()


ANYBODY = Caller(key=None, account=ACCOUNT, owner="anybody", scopes=frozenset(_OPEN))
"""The caller of a service that asks for no key."""


class _Secret(msgspec.Struct, frozen=True):
    """One secret of a key: the current one, or the one before it for as long as it works."""

    digest: bytes
    until: datetime | None
    networks: tuple[Network, ...]
    caller: Caller


class ProofReader(Protocol):
    """Reads from the database what the keyring holds, and writes when keys were used."""

    async def change_number(self) -> int:
        """Return a number that grows with every change of any key."""
        ...

    async def proofs(self) -> tuple[KeyProof, ...]:
        """Return every key that is not revoked."""
        ...

    async def note_uses(self, uses: Mapping[int, datetime]) -> None:
        """Record when keys were last used, by their ids; an earlier moment changes nothing."""
        ...


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
        self._uses: dict[int, datetime] = {}
        self._number: int | None = None
        self._read_at = self._written_at = datetime.min.replace(tzinfo=UTC)

    def admit(self, needed: Scope, given: str | None, address: str | None) -> Caller:
        """Return who makes a request that needs a scope, by the key and address it came with.

        Raises:
            UnauthorisedError: There is no key, or it does not work any more.
            ForbiddenError: The key may not do this, or not from this address.
            StoreUnavailableError: No key was read from the database yet.
        """
        is_free = not self._is_asking and needed in _OPEN
        caller = None if given is None else self._known(given, address)
        if caller is None:
            if is_free:
                return ANYBODY
            raise UnauthorisedError(_NO_KEY if given is None else _STRANGE_KEY)
        if needed not in caller.scopes and not is_free:
            raise ForbiddenError(_LACKS.format(needed))
        return caller

    def take(self, proofs: Iterable[KeyProof]) -> None:
        """Replace all keys by these at once."""
        self._secrets = {
            secret.digest[:_HANDLE_BYTES]: secret
            for each in proofs
            for secret in _secrets_of(each)
        }

    async def look(self, reader: ProofReader) -> None:
        """Take in what changed in the database, and write there when keys were used.

        Raises:
            StoreUnavailableError: The database does not answer; the keys stay as they are.
        """
        now = self._now()
        number = await reader.change_number()
        if number != self._number or abs(now - self._read_at) >= _READ_AGAIN:
            self.take(await reader.proofs())
            self._number, self._read_at = number, now
        if abs(now - self._written_at) >= _WRITE_USES_EVERY:
            self._written_at = now
            await self.write_uses(reader)

    async def write_uses(self, reader: ProofReader) -> None:
        """Write when each key was last used since the last time, with one statement for all.

        Raises:
            StoreUnavailableError: The database does not answer; they are written the next time.
        """
        uses, self._uses = self._uses, {}
        if not uses:
            return
        try:
            await reader.note_uses(uses)
        except BaseException:
            self._uses = uses | self._uses
            raise

    def _known(self, given: str, address: str | None) -> Caller | None:
        """Return the owner of a key; None for a text that is none of ours, such as a proxy's own.

        A key of ours that does not work is refused even where none is needed: its owner may rely
        on what it says, such as that nothing be kept.
        """
        if is_key(given):
            return self._owner(given, address)
        caller = self._operator(given)
        if caller is None and given.startswith(KEY_PREFIX):
            raise UnauthorisedError(_WRONG_KEY)
        return caller

    def _owner(self, key: str, address: str | None) -> Caller:
        """Return the owner of a key; the time taken does not depend on how wrong it is."""
        if self._secrets is None:
            raise StoreUnavailableError
        digest = digest_of(key)
        secret = self._secrets.get(digest[:_HANDLE_BYTES], _NOBODY)
        if not hmac.compare_digest(secret.digest, digest):
            raise UnauthorisedError(_WRONG_KEY)
        now = self._now()
        if secret.until is not None and now >= secret.until:
            raise UnauthorisedError(_EXPIRED)
        if secret.networks and not _is_within(address, secret.networks):
            raise ForbiddenError(_ELSEWHERE)
        caller = secret.caller
        if caller.key is not None:
            self._uses[caller.key] = now.replace(second=0, microsecond=0)
        return caller

    def _operator(self, key: str) -> Caller | None:
        """Return the operator with a key; every key is compared, however wrong this one is."""
        shown = key.encode()
        names = [name for name, each in self._operators if hmac.compare_digest(each, shown)]
        if not names:
            return None
        return Caller(key=None, account=ACCOUNT, owner=names[0], scopes=_OPERATORS)


def _secrets_of(proof: KeyProof) -> Iterable[_Secret]:
    may_all = "admin" in proof.scopes
    caller = Caller(
        key=proof.id,
        account=proof.account,
        owner=proof.owner,
        scopes=frozenset(SCOPES if may_all else proof.scopes),
        defaults=proof.defaults,
    )
    networks = tuple(map(ip_network, proof.networks))
    yield _Secret(proof.digest, proof.expires_at, networks, caller)
    if proof.previous_digest is not None and proof.previous_until is not None:
        until = min(filter(None, (proof.previous_until, proof.expires_at)))
        yield _Secret(proof.previous_digest, until, networks, caller)


def _is_within(address: str | None, networks: Iterable[Network]) -> bool:
    try:
        ip = ip_address(address or "")
    except ValueError:
        return False
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped is not None:
        ip = ip.ipv4_mapped
    return any(ip in network for network in networks)
