"""The keyring: who shows a key, and whether its scopes suffice."""

import hmac
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network

import msgspec

from abeyance_screening.platform.access.callers import (
    ACCOUNT,
    ANYBODY,
    OPEN,
    Caller,
    Network,
    UseNotes,
    all_scopes,
    is_within,
)
from abeyance_screening.platform.access.keys import ApiKeyStore, KeyProof, digest_of, is_key
from abeyance_screening.platform.logs import KEY_PREFIX
from abeyance_screening.platform.settings import Operator, Scope
from abeyance_screening.primitives.errors import (
    ElsewhereError,
    ForbiddenError,
    StoreUnavailableError,
    UnauthorisedError,
    WrongKeyError,
)

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
    )
    networks = tuple(map(ip_network, proof.networks))
    yield _Secret(proof.digest, proof.expires_at, networks, caller)
    if proof.previous_digest is not None and proof.previous_until is not None:
        until = min(filter(None, (proof.previous_until, proof.expires_at)))
        yield _Secret(proof.previous_digest, until, networks, caller)
