"""Keys: how one is written, what it may do, who makes and revokes them, and all that work now.

A key is shown once, when it is made, and only its SHA-256 is stored. A key is 256 random bits, so
nobody finds it by trying.
"""

import hashlib
import logging
import re
import zlib
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from ipaddress import (
    ip_network,
)
from typing import Annotated, override

import asyncpg
import msgspec

from abeyance_screening.engine.screening.question import QuestionDefaults
from abeyance_screening.platform.access.identity import (
    Asker,
    Eyes,
    decode_eyes,
    encode_eyes,
    is_same_person,
)
from abeyance_screening.platform.access.pending_changes import (
    KeyAddition,
    KeyReplacement,
    KeyRevocation,
    PendingChange,
    PendingChangeStore,
)
from abeyance_screening.platform.logs import KEY_PREFIX
from abeyance_screening.platform.postgres.database import (
    AnyConnection,
    Connect,
    QueryPlace,
    fetched,
)
from abeyance_screening.platform.settings import NAME, SCOPES, CallerLimits, Scope
from abeyance_screening.primitives.errors import BadInputError, LastKeyError, NotFoundError

ACCOUNT = "main"
"""The account of a key that names none, of operators, and of anybody where no key is asked for."""

# --- Keys.

KEY_BYTES = 32
KEY_PATTERN = re.compile(KEY_PREFIX + "[0-9A-Za-z]{49}")
"""A key within any text: 43 digits to base 62, then 6 that check them."""

# How long an old key still works after it was rotated, unless another time is chosen.
OVERLAP = timedelta(hours=24)
MAX_OVERLAP_HOURS = 168
MAX_NETWORKS = 50
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_BODY_DIGITS, _CHECK_DIGITS = 43, 6
_MAX_OWNER = 100
LimitsOfKey = CallerLimits
"""How much it may ask; where this says nothing, the limits of the service count."""
_ShortText = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
type KeyChange = KeyAddition | KeyReplacement | KeyRevocation
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


class KeyDraft(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A key to make."""

    name: _ShortText
    """A name for it, to be shown."""
    account: _ShortText | None = None
    """Its account, to which what is kept of its questions belongs: that of whoever makes it if
    left out. A new one comes into being with its first key."""
    owner: _ShortText
    """Who answers for it; recorded as the author of what is changed with it."""
    scopes: Annotated[tuple[Scope, ...], msgspec.Meta(min_length=1)]
    """What it may do: `screen` counterparties, have tables screened as `jobs`, `read` lists and
    measures, `delete` what the account keeps, `hold` screenings as evidence, manage `webhooks`,
    watch `counterparties`, `judge` their hits, change the `register`, `admin` its account and its
    keys; `operator` is for the whole installation."""
    expires_at: datetime | None = None
    """From when on it is refused; never if left out."""
    networks: Annotated[tuple[_ShortText, ...], msgspec.Meta(max_length=MAX_NETWORKS)] = ()
    """The only addresses that it is taken from, such as `10.0.0.0/8`; any if empty."""
    defaults: QuestionDefaults = QuestionDefaults()
    """What its questions ask where they say nothing."""
    limits: LimitsOfKey = CallerLimits()


class AccessKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key as it is recorded, without the key itself, which nobody can read again."""

    id: int
    """Number of the key."""
    account: str
    """Its account, to which what is kept of its questions belongs; no key of another one sees it.
    """
    name: str
    """Its name, to be shown."""
    owner: str
    """Who answers for it."""
    scopes: tuple[str, ...]
    """What it may do, as when it was made."""
    networks: tuple[str, ...]
    """The only addresses that it is taken from; any if empty."""
    defaults: QuestionDefaults
    """What its questions ask where they say nothing."""
    limits: LimitsOfKey
    made_at: datetime
    """When it was made, in UTC."""
    made_by: str
    """Who made it."""
    rotated_at: datetime | None
    """When it was last replaced, in UTC; null if never."""
    previous_until: datetime | None
    """Until when the key before it works too, in UTC; null without one."""
    expires_at: datetime | None
    """From when on it is refused, in UTC; null for never."""
    revoked_at: datetime | None
    """When it was revoked, in UTC; null if it was not."""
    last_used_at: datetime | None
    """When it was last used, in UTC, to the minute; null if never."""


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
    eyes: Eyes | None = None


class IssuedKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key that was just made, with the secret itself, which is never shown again.

    It works once a second person has approved the change that `waits`, and is not recorded before;
    None where none is needed.
    """

    secret: str
    key: AccessKey | None
    waits: PendingChange | None = None

    @override
    def __repr__(self) -> str:
        return f"IssuedKey(key={self.key!r}, waits={self.waits!r})"


# --- Keys in the database, each as the SHA-256 of its secret, and what is left of their limits.

_DEFAULTS = {"default_lists": "lists", "default_threshold": "threshold", "is_stored": "store"}


class ApiKeyStore:
    """The keys of a database, on a connection, a pool of them, or in a unit of work."""

    def __init__(self, place: QueryPlace) -> None:
        self._place = place

    async def all(self) -> tuple[AccessKey, ...]:
        """Return every key, also revoked ones, in the order in which they were made."""
        return tuple(_key(row) for row in await self._fetch("api_keys"))

    async def is_any(self, at: datetime) -> bool:
        """Return whether any key works at a moment."""
        return any(row["is_any"] is True for row in await self._fetch("is_any_api_key", at))

    async def proofs(self) -> tuple[KeyProof, ...]:
        """Return every key that is not revoked."""
        rows = await self._fetch("api_key_proofs")
        return tuple(msgspec.convert(_nested(row), KeyProof) for row in rows)

    async def change_number(self) -> int:
        """Return a number that grows with every change of any key."""
        rows = await self._fetch("api_key_change_number")
        return msgspec.convert([row["number"] for row in rows], list[int])[0]

    async def lock(self) -> None:
        """Have every other change of any key wait until the transaction ends."""
        await self._fetch("lock_api_keys")

    async def add(
        self, draft: KeyDraft, digest: bytes, by: Asker, at: datetime
    ) -> AccessKey | None:
        """Record a key; None if another key of its account that is not revoked has its name."""
        defaults = draft.defaults
        rows = await self._fetch(
            "add_api_key",
            draft.account or ACCOUNT,
            draft.name,
            draft.owner,
            draft.scopes,
            draft.networks,
            defaults.lists,
            defaults.threshold,
            defaults.store,
            digest,
            draft.expires_at,
            by.name,
            at,
            msgspec.json.encode(draft.limits).decode(),
            encode_eyes(Eyes(people=(draft.owner,)).and_of(by.eyes)),
        )
        return _one(rows)

    async def rotate(
        self, key_id: int, digest: bytes, by: Asker, days: tuple[datetime, datetime]
    ) -> AccessKey | None:
        """Replace the secret of a key; None if there is no such key, or it is revoked.

        `days` are when, and until when the secret before it works.
        """
        for proof in await self.proofs():
            if proof.id == key_id:
                eyes = encode_eyes((proof.eyes or Eyes(people=(proof.owner,))).and_of(by.eyes))
                return _one(
                    await self._fetch("rotate_api_key", key_id, digest, by.name, *days, eyes)
                )
        return None

    async def revoke(self, key_id: int, by: tuple[str, datetime]) -> AccessKey | None:
        """Revoke a key; None if there is no such key, or it is revoked already."""
        return _one(await self._fetch("revoke_api_key", key_id, *by))

    async def note_uses(self, uses: Mapping[int, datetime]) -> None:
        """Record when keys were last used, by their ids; an earlier moment changes nothing."""
        await self._fetch("note_api_key_uses", list(uses), list(uses.values()))

    async def _fetch(self, name: str, *arguments: object) -> list[asyncpg.Record]:
        return await fetched(self._place, name, *arguments)


def _one(rows: list[asyncpg.Record]) -> AccessKey | None:
    return _key(rows[0]) if rows else None


def _key(row: asyncpg.Record) -> AccessKey:
    return msgspec.convert(_nested(row), AccessKey)


def _nested(row: asyncpg.Record) -> dict[str, object]:
    """Return a row with the columns of the defaults, and the limits, as the structs they are."""
    columns: dict[str, object] = dict(row)
    columns["limits"] = msgspec.json.decode(str(columns["limits"]))
    if columns.get("eyes") is not None:
        columns["eyes"] = decode_eyes(columns["eyes"])
    defaults = {field: columns.pop(column) for column, field in _DEFAULTS.items()}
    return {**columns, "defaults": defaults}


# --- The service that keeps the keys.


class Keys:
    """The service that makes, rotates and revokes keys.

    Where the account of a key asks for four eyes, each of these waits for a second person.
    """

    def __init__(
        self,
        connect: Connect,
        now: Callable[[], datetime],
        random: Callable[[int], bytes],
        changed: Callable[[], Awaitable[None]] | None = None,
        *,
        are_logins_admins: bool = False,
    ) -> None:
        """Take what lends connections, the clock (UTC), and random bytes that nobody can predict.

        `changed` is called after each change. With `are_logins_admins` somebody who logs in may
        manage keys, so that the last key may go.
        """
        self._connect = connect
        self._now = now
        self._random = random
        self._changed = changed
        self._are_logins_admins = are_logins_admins

    async def all(self, account: str | None = None) -> tuple[AccessKey, ...]:
        """Return every key of an account, or of all, also revoked ones, the oldest first."""
        async with self._connect() as connection:
            keys = await ApiKeyStore(connection).all()
        return tuple(each for each in keys if account in {None, each.account})

    async def key(self, key_id: int, account: str | None) -> AccessKey:
        """Return a key of an account, or of any.

        Raises:
            NotFoundError: There is none with the id.
        """
        for each in await self.all(account):
            if each.id == key_id:
                return each
        raise NotFoundError("key", str(key_id))

    async def add(self, draft: KeyDraft, known_lists: Collection[str], by: Asker) -> IssuedKey:
        """Make a key. `known_lists` are the codes of all lists there are.

        Raises:
            BadInputError: The draft cannot be a key, or its name is taken; the field is named.
        """
        _check(draft, known_lists, self._now())
        secret = key_of(self._random(KEY_BYTES))
        body = KeyAddition(draft=msgspec.Raw(msgspec.json.encode(draft)), digest=digest_of(secret))
        done = await self._do(body, draft.account or ACCOUNT, draft.name, by)
        return _issued(secret, done)

    async def rotate(self, key_id: int, by: Asker, overlap: timedelta = OVERLAP) -> IssuedKey:
        """Replace a key by a new one with all its rights; the old one works for `overlap` longer.

        `by` is who replaces it.

        Raises:
            NotFoundError: No key has that id, or it is revoked.
        """
        account = (await self._working(key_id)).account
        secret = key_of(self._random(KEY_BYTES))
        seconds = overlap.total_seconds()
        body = KeyReplacement(key=key_id, digest=digest_of(secret), overlap_s=seconds)
        return _issued(secret, await self._do(body, account, str(key_id), by))

    async def revoke(self, key_id: int, by: Asker) -> AccessKey | PendingChange:
        """Revoke a key for good, and the one before it if it still works; `by` is who does it.

        Where four eyes are asked for, only its owner revokes a key at once, and whoever has the
        machine: a key that got into wrong hands must be stoppable. Others wait.

        Raises:
            NotFoundError: No key has that id, or it is revoked already.
            LastKeyError: Without it nobody could manage the service any more.
        """
        key = await self._working(key_id)
        is_own = by.is_at_machine or is_same_person(by.name, key.owner)
        body = KeyRevocation(key=key_id)
        return await self._do(body, key.account, str(key_id), by, is_at_once=is_own)

    async def carry_out(self, connection: AnyConnection, body: KeyChange, by: Asker) -> AccessKey:
        """Do what was asked for, in the transaction of a connection; `by` is who asked.

        Raises:
            BadInputError: The name of a new key is taken.
            NotFoundError: No key has the id, or it is revoked.
            LastKeyError: Without the key nobody could manage the service any more.
        """
        store, now = ApiKeyStore(connection), self._now()
        # keys change one after another: what is found here of others stays so until the end
        await store.lock()
        match body:
            case KeyAddition():
                draft = msgspec.json.decode(body.draft, type=KeyDraft)
                key = await store.add(draft, body.digest, by, now)
                missing = BadInputError(
                    "name", f"another key is called {draft.name!r}; revoke it first"
                )
            case KeyReplacement(key=key_id):
                until = now + timedelta(seconds=body.overlap_s)
                key = await store.rotate(key_id, body.digest, by, (now, until))
                missing = NotFoundError("key", str(key_id))
            case KeyRevocation(key=key_id):
                self._check_last(key_id, await store.all(), now)
                key = await store.revoke(key_id, (by.name, now))
                missing = NotFoundError("key", str(key_id))
        if key is None:
            raise missing
        kind = type(body).__struct_config__.tag
        logger.info(str(kind), extra={"key": key.id, "scopes": ",".join(key.scopes)})
        return key

    async def look(self) -> None:
        """Have what was changed count in this process at once."""
        if self._changed is not None:
            await self._changed()

    async def _do(
        self, body: KeyChange, account: str, about: str, by: Asker, *, is_at_once: bool = False
    ) -> AccessKey | PendingChange:
        async with self._connect() as connection, connection.transaction():
            pending = PendingChangeStore(connection, account)
            if not is_at_once and await pending.is_four_eyed():
                return await pending.add(body, about, by, self._now())
            done = await self.carry_out(connection, body, by)
        await self.look()
        return done

    async def _working(self, key_id: int) -> AccessKey:
        key = await self.key(key_id, None)
        if key.revoked_at is not None:
            raise NotFoundError("key", str(key_id))
        return key

    def _check_last(self, key_id: int, keys: Sequence[AccessKey], now: datetime) -> None:
        """Check that somebody can still manage the service without a key."""
        if self._are_logins_admins:
            return
        working = [each for each in keys if is_working(each, now)]
        others = [each for each in working if each.id != key_id]
        for key in working:
            if key.id != key_id or any("operator" in each.scopes for each in others):
                continue
            if "operator" in key.scopes:
                raise LastKeyError("operator")
            of_account = [each for each in others if each.account == key.account]
            if "admin" in key.scopes and not any("admin" in each.scopes for each in of_account):
                raise LastKeyError("admin")


def is_working(key: AccessKey, now: datetime) -> bool:
    """Return whether a key works at a moment: it is not revoked and has not expired."""
    return key.revoked_at is None and (key.expires_at is None or key.expires_at > now)


def _issued(secret: str, done: AccessKey | PendingChange) -> IssuedKey:
    if isinstance(done, PendingChange):
        return IssuedKey(secret=secret, key=None, waits=done)
    return IssuedKey(secret=secret, key=done)


def _check(draft: KeyDraft, known_lists: Collection[str], now: datetime) -> None:
    """Check what no type says."""
    faults = (*_faults_of_text(draft), *_faults_of_bounds(draft, now))
    for field, reason in (*faults, *_faults_of_defaults(draft.defaults, known_lists)):
        raise BadInputError(field, reason)


def _faults_of_text(draft: KeyDraft) -> Iterator[tuple[str, str]]:
    if NAME.fullmatch(draft.name) is None:
        yield "name", "is not 1 to 64 letters, digits and ._@-"
    if draft.account is not None and NAME.fullmatch(draft.account) is None:
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
