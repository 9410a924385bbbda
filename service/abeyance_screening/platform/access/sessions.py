"""People: who has logged in to the desk, by a session of ours or by the header of a proxy.

A session is a random token in a cookie, of which the database has the SHA-256. As with keys, each
process has all sessions in memory and looks for changes every second, so a request costs no look
into the database, and a logout counts everywhere within two seconds. While the database is away,
those who have logged in go on until their session expires.
"""

import asyncio
import hashlib
import logging
import re
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network

import msgspec

from abeyance_screening.platform.access.audit_log import Audit, AuditedReading
from abeyance_screening.platform.access.callers import Caller, UseNotes, all_scopes, is_within
from abeyance_screening.platform.access.identity import Eyes
from abeyance_screening.platform.access.keys import ACCOUNT
from abeyance_screening.platform.postgres.database import QueryPlace, fetched
from abeyance_screening.platform.settings import (
    SCOPES,
    OidcLogin,
    PeopleSettings,
    ProxyLogin,
    Role,
)
from abeyance_screening.primitives.errors import (
    ForgedHeaderError,
    RoleLackedError,
    StoreUnavailableError,
)

logger = logging.getLogger(__name__)
EVERYBODY = "*"
"""The role of everybody who logs in."""

_TOKEN_BYTES = 32
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
# Other processes note what is used once a minute, so it is read again as often.
_READ_AGAIN = timedelta(minutes=1)
# A database that just failed to answer is not asked again at once for each token nobody knows.
_ASK_AGAIN_AFTER = timedelta(seconds=1)
_LONGEST_NAME = 100
_NO_ROLE = "has none of the roles that may do something here"
_TWO_ACCOUNTS = "has roles of two accounts, {} and {}"
_LACKS = "has no role with the scope `{}`"
_FROM_ELSEWHERE = "the header `{}` is taken only from the networks in ABEYANCE_PROXY_NETWORKS"
_TWICE = "the header `{}` came twice; the proxy must replace what a client sends"
_NO_NAME = "the header `{}` has no name of 1 to 100 printable characters"


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who logged in: `subject` is their id there, `name` the one that is recorded."""

    name: str
    subject: str
    account: str
    scopes: tuple[str, ...]


class SessionDraft(msgspec.Struct, frozen=True, kw_only=True):
    """A session that begins, with the id and the address of the request that began it."""

    digest: bytes
    person: Person
    made_at: datetime
    expires_at: datetime
    request_id: str | None
    address: str | None


class SessionState(msgspec.Struct, frozen=True, kw_only=True):
    """What a process must know of a session; `last_used_at` is to the minute."""

    digest: bytes
    user_name: str
    subject: str
    account: str
    scopes: tuple[str, ...]
    expires_at: datetime
    last_used_at: datetime
    ended_at: datetime | None


class UserSession(msgspec.Struct, frozen=True, kw_only=True):
    """A session that goes on, as it is listed; `last_used_at` is to the minute."""

    user_name: str
    account: str
    scopes: tuple[str, ...]
    made_at: datetime
    last_used_at: datetime
    expires_at: datetime


# --- Sessions of people in the database: each as the SHA-256 of its token.


class UserSessionStore:
    """The sessions of a database, on a connection or a pool of them."""

    def __init__(self, place: QueryPlace) -> None:
        self._place = place

    async def change_number(self) -> int:
        """Return a number that grows with every login and logout."""
        rows = await fetched(self._place, "user_session_change_number")
        return msgspec.convert([row["number"] for row in rows], list[int])[0]

    async def since(self, number: int, at: datetime) -> tuple[SessionState, ...]:
        """Return the sessions that began or ended after a change and have not expired."""
        rows = await fetched(self._place, "user_sessions_since", number, at)
        return tuple(msgspec.convert(dict(row), SessionState) for row in rows)

    async def begin(self, draft: SessionDraft) -> None:
        """Record a session."""
        person = draft.person
        await fetched(
            self._place,
            "begin_user_session",
            draft.digest,
            person.name,
            person.subject,
            person.account,
            person.scopes,
            draft.made_at,
            draft.expires_at,
            draft.request_id,
            draft.address,
        )

    async def end(self, digest: bytes, at: datetime) -> None:
        """End a session, unless it has ended already."""
        await fetched(self._place, "end_user_session", digest, at)

    async def note_uses(self, uses: Mapping[bytes, datetime]) -> None:
        """Record when sessions were last used; an earlier moment changes nothing."""
        moments = list(uses.values())
        await fetched(self._place, "note_user_session_uses", list(uses), moments)

    async def all(self, at: datetime) -> tuple[UserSession, ...]:
        """Return the sessions that go on at a moment, by the names of their users."""
        rows = await fetched(self._place, "user_sessions", at)
        return tuple(msgspec.convert(dict(row), UserSession) for row in rows)

    async def end_all_of(self, user_name: str, at: datetime, by: str) -> int:
        """End all sessions of a person, by somebody else, and return how many there were."""
        return len(await fetched(self._place, "end_user_sessions_of", user_name, at, by))


# --- The sessions that a process knows.


class _LiveSession(msgspec.Struct):
    """A session that has not ended."""

    caller: Caller
    expires_at: datetime
    used_at: datetime


class Sessions:
    """The sessions of this service, as one process knows them."""

    def __init__(
        self,
        store: Callable[[], UserSessionStore],
        settings: PeopleSettings,
        now: Callable[[], datetime],
        random: Callable[[int], bytes],
    ) -> None:
        """Take the store, the clock (UTC) and a source of random bytes that nobody can predict."""
        self._store = store
        self._idle = timedelta(minutes=settings.idle_minutes)
        self._lasting = timedelta(hours=settings.session_hours)
        self._now = now
        self._random = random
        self._live: dict[bytes, _LiveSession] = {}
        self._uses = UseNotes[bytes]()
        self._number = -1
        self._looks = 0
        self._looking = asyncio.Lock()
        self._read_at = datetime.min.replace(tzinfo=UTC)
        # when a look began that failed, None once one has not
        self._failed_at: datetime | None = None

    async def begin(self, person: Person, request_id: str | None, address: str | None) -> str:
        """Begin a session and return its token, which is stored nowhere."""
        now = self._now()
        token = urlsafe_b64encode(self._random(_TOKEN_BYTES)).rstrip(b"=").decode()
        draft = SessionDraft(
            digest=_digest_of(token),
            person=person,
            made_at=now,
            expires_at=now + self._lasting,
            request_id=request_id,
            address=address,
        )
        await self._store().begin(draft)
        return token

    async def end(self, token: str) -> None:
        """End the session of a token, if there is one: here at once, and soon everywhere."""
        if _TOKEN.fullmatch(token) is None:
            return
        digest = _digest_of(token)
        self._live.pop(digest, None)
        await self._store().end(digest, self._now())

    async def caller(self, token: str) -> Caller | None:
        """Return who has a session by its token; None if there is no such session any more.

        A token that this process does not know is looked for in the database.
        """
        if _TOKEN.fullmatch(token) is None:
            return None
        digest, now = _digest_of(token), self._now()
        # the time that the table takes says nothing of the token, only of its hash
        live = self._live.get(digest)
        if live is None:
            await self._look_anew(now)
            live = self._live.get(digest)
        if live is None or now >= live.expires_at or now - live.used_at >= self._idle:
            return None
        minute = now.replace(second=0, microsecond=0)
        if minute > live.used_at:
            live.used_at = minute
            self._uses.note(digest, minute)
        return live.caller

    async def look(self) -> None:
        """Take in who logged in and out, and write to the database which sessions were used."""
        async with self._looking:
            await self._look()
        await self._uses.write_due(self._store().note_uses, self._now())

    async def write_uses(self) -> None:
        """Write when each session was last used since the last time."""
        await self._uses.write(self._store().note_uses)

    async def _look_anew(self, now: datetime) -> None:
        """Look once for all who wait, unless somebody began to look after they came."""
        seen = self._looks
        async with self._looking:
            has_looked, failed_at = self._looks > seen, self._failed_at
            if failed_at is not None and (has_looked or abs(now - failed_at) < _ASK_AGAIN_AFTER):
                raise StoreUnavailableError
            if not has_looked:
                await self._look()

    async def _look(self) -> None:
        self._looks += 1
        now, store = self._now(), self._store()
        try:
            number = await store.change_number()
            is_all = abs(now - self._read_at) >= _READ_AGAIN
            is_new = is_all or number != self._number
            states = await store.since(-1 if is_all else self._number, now) if is_new else ()
        except StoreUnavailableError:
            self._failed_at = now
            raise
        self._failed_at = None
        if is_all:
            self._live, self._read_at = {}, now
        self._number = number
        for state in states:
            self._take(state)

    def _take(self, state: SessionState) -> None:
        if state.ended_at is not None:
            self._live.pop(state.digest, None)
            return
        used_at = max(state.last_used_at, self._uses.last(state.digest) or state.last_used_at)
        self._live[state.digest] = _LiveSession(
            caller=Caller(
                key=None,
                account=state.account,
                owner=state.user_name,
                scopes=all_scopes(state.scopes),
                login="session",
                known_eyes=Eyes(people=(state.user_name, state.subject)),
            ),
            expires_at=state.expires_at,
            used_at=used_at,
        )


def _digest_of(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


class People:
    """Who has logged in, and what they may do by their roles.

    `public_url` is where browsers find the service; None if no setting says so. Whoever writes the
    settings has the whole installation, so a role with `admin` in the default account has
    `operator` too, as before there was one; a line of the log names each. In an account of its
    own, as by `chief=admin@branch`, it has not.
    """

    def __init__(self, settings: PeopleSettings, sessions: Sessions, audit: Audit) -> None:
        self.settings = settings
        self.sessions = sessions
        self._audit = audit
        self._roles = {each.name: each for each in settings.roles}
        for each in settings.roles:
            if "admin" in each.scopes and each.account in {None, ACCOUNT}:
                logger.info("access.role_is_operator", extra={"role": each.name})
        login = settings.login
        self._networks = (
            tuple(map(ip_network, login.networks)) if isinstance(login, ProxyLogin) else ()
        )

    @property
    def is_at_provider(self) -> bool:
        """Whether people log in at a provider, not at a proxy."""
        return isinstance(self.settings.login, OidcLogin)

    @property
    def public_url(self) -> str | None:
        """Return where browsers find the service; None if no setting says so."""
        return self.settings.public_url

    def person(self, name: str, subject: str, roles: Iterable[str]) -> Person:
        """Return who logged in, with all that their roles allow.

        Raises:
            RoleLackedError: No role of theirs allows anything, or they are of two accounts.
        """
        given = [self._roles[each] for each in (*roles, EVERYBODY) if each in self._roles]
        if not given:
            raise RoleLackedError(name, _NO_ROLE, self.settings.contact)
        scopes: set[str] = {scope for role in given for scope in role.scopes}
        account = self._account(name, given)
        if account == ACCOUNT and "admin" in scopes:
            scopes.add("operator")
        return Person(
            name=name,
            subject=subject,
            account=account,
            scopes=tuple(each for each in SCOPES if each in scopes),
        )

    def _account(self, name: str, roles: Sequence[Role]) -> str:
        """Return the account of somebody's roles; that of everybody counts where no other does."""
        own = [each for each in roles if each.name != EVERYBODY] or roles
        first, *others = dict.fromkeys(each.account or ACCOUNT for each in own)
        if others:
            reason = _TWO_ACCOUNTS.format(first, others[0])
            raise RoleLackedError(name, reason, self.settings.contact)
        return first

    def check_scope(self, caller: Caller, needed: str) -> None:
        """Check that somebody who logged in may do what they ask.

        Raises:
            RoleLackedError: They may not.
        """
        if needed not in caller.scopes:
            raise RoleLackedError(caller.owner, _LACKS.format(needed), self.settings.contact)

    def by_header(self, headers: Iterable[tuple[bytes, bytes]], peer: str) -> Caller | None:
        """Return who has logged in at the proxy, by the headers of a request; None for nobody.

        `peer` is the address that the request came from directly.

        Raises:
            ForgedHeaderError: The headers say who it is, and do not come from the proxy alone.
            RoleLackedError: They have no role.
        """
        login = self.settings.login
        if not isinstance(login, ProxyLogin):
            return None
        names = tuple(filter(None, (login.user_header, login.roles_header)))
        found: dict[str, bytes] = {}
        for header, value in headers:
            name = header.decode("latin-1")
            if name not in names:
                continue
            if not is_within(peer, self._networks):
                raise ForgedHeaderError(_FROM_ELSEWHERE.format(name))
            if name in found:
                raise ForgedHeaderError(_TWICE.format(name))
            found[name] = value
        if not (user := found.get(login.user_header, b"").strip()):
            return None
        name = user.decode(errors="replace")
        if not is_name(name):
            raise ForgedHeaderError(_NO_NAME.format(login.user_header))
        roles = found.get(login.roles_header or "", b"").decode(errors="replace").split(",")
        person = self.person(name, name, (each.strip() for each in roles))
        return Caller(
            key=None,
            account=person.account,
            owner=name,
            scopes=all_scopes(person.scopes),
            login="proxy",
        )

    async def note_refused(
        self, name: str, about: str, request_id: str | None, address: str | None
    ) -> None:
        """Record that somebody logged in elsewhere and may do nothing here."""
        nobody = Caller(key=None, account=ACCOUNT, owner=name, scopes=frozenset())
        await self._audit.read(
            AuditedReading(
                caller=nobody,
                action="user.refused",
                about=about,
                request_id=request_id,
                address=address,
                outcome="refused",
            )
        )


def is_name(text: str) -> bool:
    """Whether a text can be recorded as the name of a person."""
    return bool(text.strip()) and text.isprintable() and len(text) <= _LONGEST_NAME
