"""Keys: how one is written, what it may do, who makes and revokes them, and all that work now.

A key is shown once, when it is made, and only its SHA-256 is stored. A key is 256 random bits, so
nobody finds it by trying.
"""

import hashlib
import hmac
import logging
import re
import zlib
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import Annotated, Literal, Protocol, override

import msgspec

from service.errors import (
    BadInputError,
    ElsewhereError,
    ForbiddenError,
    NotFoundError,
    StoreUnavailableError,
    UnauthorisedError,
    WrongKeyError,
)
from service.logs import KEY_PREFIX
from service.settings import NAME, SCOPES, CallerLimits, Operator, Scope

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


# --- Keys.

KEY_BYTES = 32
KEY_PATTERN = re.compile(KEY_PREFIX + "[0-9A-Za-z]{49}")
"""A key within any text: 43 digits to base 62, then 6 that check them."""

ACCOUNT = "main"
"""The account of a key that names none, of operators, and of anybody where no key is asked for."""

# How long an old key still works after it was rotated, unless another time is chosen.
OVERLAP = timedelta(hours=24)
MAX_OVERLAP_HOURS = 168
MAX_NETWORKS = 50
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_BODY_DIGITS, _CHECK_DIGITS = 43, 6
_MAX_OWNER = 100
_ShortText = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
logger = logging.getLogger(__name__)


def key_of(bits: bytes) -> str:
    """Return the key with these random bits: the prefix, the bits to base 62, the check digits."""
    body = KEY_PREFIX + _to_base_62(int.from_bytes(bits), _BODY_DIGITS)
    return body + _check_digits(body)


def is_key(text: str) -> bool:
    """Return whether a text has the form of a key and the check digits that belong to it."""
    if KEY_PATTERN.fullmatch(text) is None:
        return False
    return _check_digits(text[:-_CHECK_DIGITS]) == text[-_CHECK_DIGITS:]


def digest_of(key: str) -> bytes:
    """Return what is stored of a key."""
    return hashlib.sha256(key.encode()).digest()


def _check_digits(body: str) -> str:
    return _to_base_62(zlib.crc32(body.encode()), _CHECK_DIGITS)


def _to_base_62(number: int, length: int) -> str:
    digits = list[str]()
    for _ in range(length):
        number, digit = divmod(number, len(_DIGITS))
        digits.append(_DIGITS[digit])
    return "".join(reversed(digits))


class QuestionDefaults(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a question with this key asks where it says nothing itself.

    `lists` are the lists to search, null for all of them; `threshold` is the lowest score of a
    hit, null for that of the service. With `store` false, no question with this key is kept.
    """

    lists: tuple[str, ...] | None = None
    threshold: float | None = None
    store: bool = True


class KeyDraft(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A key to make; see `AccessKey`. Without `networks` it is taken from any address.

    A new `account` comes into being with its first key.
    """

    name: _ShortText
    account: _ShortText = ACCOUNT
    owner: _ShortText
    scopes: Annotated[tuple[Scope, ...], msgspec.Meta(min_length=1)]
    expires_at: datetime | None = None
    networks: Annotated[tuple[_ShortText, ...], msgspec.Meta(max_length=MAX_NETWORKS)] = ()
    defaults: QuestionDefaults = QuestionDefaults()
    limits: CallerLimits = CallerLimits()


class AccessKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key as it is recorded, without the key itself, which nobody can read again.

    What is kept of its questions belongs to its `account`, and no key of another one sees it.
    `owner` answers for it, and is recorded as the author of what is changed with it. From
    `expires_at` on it is refused, null for never; `networks` are the only addresses it is taken
    from, any if empty. Where `limits` says nothing, the limits of the service count. `rotated_at`
    is when it was last replaced, and until `previous_until` the one before it works too.
    `last_used_at` is to the minute, null if it was never used.
    """

    id: int
    account: str
    name: str
    owner: str
    scopes: tuple[str, ...]
    networks: tuple[str, ...]
    defaults: QuestionDefaults
    limits: CallerLimits
    made_at: datetime
    made_by: str
    rotated_at: datetime | None
    previous_until: datetime | None
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None


class KeyProof(msgspec.Struct, frozen=True, kw_only=True):
    """What a process needs to recognise a key that is not revoked."""

    id: int
    account: str
    owner: str
    scopes: tuple[str, ...]
    networks: tuple[str, ...]
    defaults: QuestionDefaults
    limits: CallerLimits
    digest: bytes
    previous_digest: bytes | None
    previous_until: datetime | None
    expires_at: datetime | None


class IssuedKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key that was just made, with the secret itself, which is never shown again."""

    secret: str
    key: AccessKey

    @override
    def __repr__(self) -> str:
        return f"IssuedKey(key={self.key!r})"


class KeyStore(Protocol):
    """Keeps the keys of one database."""

    async def all(self) -> tuple[AccessKey, ...]:
        """Return every key, also revoked ones, in the order in which they were made."""
        ...

    async def add(
        self, draft: KeyDraft, digest: bytes, by: tuple[str, datetime]
    ) -> AccessKey | None:
        """Record a key; None if another key of its account that is not revoked has its name."""
        ...

    async def rotate(
        self, key_id: int, digest: bytes, by: tuple[str, datetime], previous_until: datetime
    ) -> AccessKey | None:
        """Replace the secret of a key; None if there is no such key, or it is revoked."""
        ...

    async def revoke(self, key_id: int, by: tuple[str, datetime]) -> AccessKey | None:
        """Revoke a key; None if there is no such key, or it is revoked already."""
        ...


class Keys:
    """The service that makes, rotates and revokes keys."""

    def __init__(
        self,
        store: Callable[[], KeyStore],
        now: Callable[[], datetime],
        random: Callable[[int], bytes],
        changed: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """Take the store, the clock (UTC) and a source of random bytes that nobody can predict.

        `changed` is called after each change.
        """
        self._store = store
        self._now = now
        self._random = random
        self._changed = changed

    async def all(self) -> tuple[AccessKey, ...]:
        """Return every key, also revoked ones, in the order in which they were made.

        Raises:
            StoreUnavailableError: The database does not answer.
        """
        return await self._store().all()

    async def add(self, draft: KeyDraft, known_lists: Collection[str], by: str) -> IssuedKey:
        """Make a key. `known_lists` are the codes of all lists there are.

        Raises:
            BadInputError: The draft cannot be a key, or its name is taken; the field is named.
            StoreUnavailableError: The database does not answer; no key was made.
        """
        now = self._now()
        _check(draft, known_lists, now)
        secret = key_of(self._random(KEY_BYTES))
        key = await self._store().add(draft, digest_of(secret), (by, now))
        if key is None:
            raise BadInputError("name", f"another key is called {draft.name!r}; revoke it first")
        await self._note("key.added", key)
        return IssuedKey(secret=secret, key=key)

    async def rotate(self, key_id: int, by: str, overlap: timedelta = OVERLAP) -> IssuedKey:
        """Replace a key by a new one with all its rights; the old one works for `overlap` longer.

        `by` is who replaces it.

        Raises:
            NotFoundError: No key has that id, or it is revoked.
            StoreUnavailableError: The database does not answer; the key is as it was.
        """
        now = self._now()
        secret = key_of(self._random(KEY_BYTES))
        key = await self._store().rotate(key_id, digest_of(secret), (by, now), now + overlap)
        if key is None:
            raise NotFoundError("key", str(key_id))
        await self._note("key.rotated", key)
        return IssuedKey(secret=secret, key=key)

    async def revoke(self, key_id: int, by: str) -> AccessKey:
        """Revoke a key for good, and the one before it if it still works; `by` is who does it.

        Raises:
            NotFoundError: No key has that id, or it is revoked already.
            StoreUnavailableError: The database does not answer; the key still works.
        """
        key = await self._store().revoke(key_id, (by, self._now()))
        if key is None:
            raise NotFoundError("key", str(key_id))
        await self._note("key.revoked", key)
        return key

    async def _note(self, event: str, key: AccessKey) -> None:
        logger.info(event, extra={"key": key.id, "scopes": ",".join(key.scopes)})
        if self._changed is not None:
            await self._changed()


def _check(draft: KeyDraft, known_lists: Collection[str], now: datetime) -> None:
    """Check what no type says.

    Raises:
        BadInputError: The first fault, with its field.
    """
    faults = (*_faults_of_text(draft), *_faults_of_bounds(draft, now))
    for field, reason in (*faults, *_faults_of_defaults(draft.defaults, known_lists)):
        raise BadInputError(field, reason)


def _faults_of_text(draft: KeyDraft) -> Iterator[tuple[str, str]]:
    if NAME.fullmatch(draft.name) is None:
        yield "name", "is not 1 to 64 letters, digits and ._@-"
    if NAME.fullmatch(draft.account) is None:
        yield "account", "is not 1 to 64 letters, digits and ._@-"
    if not draft.owner.strip() or not draft.owner.isprintable() or len(draft.owner) > _MAX_OWNER:
        yield "owner", f"is not 1 to {_MAX_OWNER} printable characters"
    if not draft.scopes:
        yield "scopes", f"is empty; name some of {', '.join(SCOPES)}"
    yield from _twice("scopes", draft.scopes)


def _faults_of_bounds(draft: KeyDraft, now: datetime) -> Iterator[tuple[str, str]]:
    if (fault := draft.limits.fault()) is not None:
        yield f"limits.{fault[0]}", fault[1]
    if draft.expires_at is not None:
        if draft.expires_at.tzinfo is None:
            yield "expires_at", "has no offset from UTC; write it as 2027-01-01T00:00:00Z"
        elif draft.expires_at <= now:
            yield "expires_at", "is not in the future"
    if len(draft.networks) > MAX_NETWORKS:
        yield "networks", f"the most is {MAX_NETWORKS}"
    for place, network in enumerate(draft.networks[:MAX_NETWORKS]):
        try:
            ip_network(network)
        except ValueError:
            reason = f"{network[:50]!r} is not a network such as 10.1.0.0/16 or an address"
            yield f"networks[{place}]", reason


def _faults_of_defaults(
    defaults: QuestionDefaults, known_lists: Collection[str]
) -> Iterator[tuple[str, str]]:
    if defaults.lists is not None:
        if not defaults.lists:
            yield "defaults.lists", "is empty; leave it out to search every list"
        for place, code in enumerate(defaults.lists):
            if code not in known_lists:
                yield f"defaults.lists[{place}]", f"no list is called {code[:50]!r}"
        yield from _twice("defaults.lists", defaults.lists)
    if defaults.threshold is not None and not 0 <= defaults.threshold <= 1:
        yield "defaults.threshold", "is not a score from 0 to 1"


def _twice(field: str, values: Sequence[str]) -> Iterator[tuple[str, str]]:
    if len(set(values)) < len(values):
        yield field, "names the same twice"


# --- The keyring: every key that works now, in the memory of each process that answers.
#
# A request costs no look into the database. Each process looks for changes every second, so a
# revoked key stops everywhere within two seconds. While the database is away, the keys known stay
# as they are: those that worked go on, those revoked stay out.

LOOK_EVERY_S = 1.0
"""How often each process looks whether a key was made, rotated or revoked.

A change must count everywhere within two seconds, also where a look is slow.
"""

# A change made by hand in the database bumps no number, so everything is read again this often.
_READ_AGAIN = timedelta(seconds=30)
_WRITE_USES_EVERY = timedelta(minutes=1)
_HANDLE_BYTES = 8
# What anybody may do who reaches a service that asks for no key.
_OPEN: frozenset[Scope] = frozenset({"screen", "jobs", "read"})
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
    """

    key: int | None
    account: str
    owner: str
    scopes: frozenset[str]
    defaults: QuestionDefaults = QuestionDefaults()
    limits: CallerLimits = CallerLimits()
    login: Literal["session", "proxy"] | None = None


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
        is_free = not self._is_asking and needed in _OPEN
        caller = None if given is None else self._known(given, address)
        if caller is None:
            if is_free:
                return ANYBODY
            if given is None:
                raise UnauthorisedError(_NO_KEY)
            raise WrongKeyError(_STRANGE_KEY)
        if needed not in caller.scopes and not is_free:
            raise ForbiddenError(_LACKS.format(needed))
        return caller

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
        await self._uses.write_due(reader.note_uses, now)

    async def write_uses(self, reader: ProofReader) -> None:
        """Write when each key was last used since the last time.

        Raises:
            StoreUnavailableError: The database does not answer; they are written the next time.
        """
        await self._uses.write(reader.note_uses)

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
    )
    networks = tuple(map(ip_network, proof.networks))
    yield _Secret(proof.digest, proof.expires_at, networks, caller)
    if proof.previous_digest is not None and proof.previous_until is not None:
        until = min(filter(None, (proof.previous_until, proof.expires_at)))
        yield _Secret(proof.previous_digest, until, networks, caller)


def all_scopes(given: Collection[str]) -> frozenset[str]:
    """Return the scopes that come with those given: `admin` has every other."""
    return frozenset(SCOPES if "admin" in given else given)
