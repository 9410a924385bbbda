"""The entrance of the service: who asks, what each route needs, what is recorded, wrong keys."""

import asyncio
import logging
import math
from collections.abc import Awaitable, Callable, Collection, Generator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from http import HTTPStatus
from typing import Literal, cast
from urllib.parse import quote, urlsplit

import msgspec
from litestar import Litestar, Response
from litestar.enums import ScopeType
from litestar.handlers import BaseRouteHandler
from litestar.routes import HTTPRoute
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Send
from litestar.types import Scope as ASGIScope

from abeyance_screening.platform.access.audit_log import Audit, AuditedReading, Outcome
from abeyance_screening.platform.access.callers import (
    ANYBODY,
    CLOSED,
    Caller,
    Keyring,
    RouteAccess,
    access_in,
    client_group,
    option_of,
)
from abeyance_screening.platform.access.sessions import People
from abeyance_screening.platform.http.bodies import header_of, refuse_uncertain
from abeyance_screening.platform.http.problem_kinds import TOO_MANY_WRONG_KEYS
from abeyance_screening.platform.http.problems import (
    AnyRequest,
    Problem,
    problem_of,
    send_problem,
    slug_of,
    status_of,
)
from abeyance_screening.platform.limits.limits import Gcra, Limiter, Purses
from abeyance_screening.platform.logs import request_id
from abeyance_screening.platform.postgres.database import Author, say_author
from abeyance_screening.platform.settings import ORIGINS, Scope
from abeyance_screening.primitives.errors import (
    ElsewhereError,
    ForbiddenError,
    ForeignSiteError,
    LoginNeededError,
    NotFoundError,
    RoleLackedError,
    StoreUnavailableError,
    WrongKeyError,
)

# --- The client of a request: its address, its session's cookie, and whether the page is ours.


def address_of(scope: HTTPScope) -> str:
    """Return the address of a client, as a proxy that is trusted says it; empty if unknown."""
    client = scope["client"]
    return "" if client is None else client[0]


def session_cookie(people: People) -> str:
    """Return the name of the cookie of a session.

    With `__Host-` a browser takes it only from this host itself, over an encrypted line. Only on
    the machine of the service may the line be open.
    """
    return host_cookie("abeyance", is_secure=is_secure(people))


def host_cookie(name: str, *, is_secure: bool) -> str:
    """Return the name of a cookie that no other host can set, where the line is encrypted."""
    return f"__Host-{name}" if is_secure else name


def is_secure(people: People) -> bool:
    """Whether browsers reach the service over an encrypted line."""
    return (people.public_url or "").startswith("https:")


def cookie_in(scope: HTTPScope, name: str) -> str | None:
    """Return a cookie of a request; None without it."""
    wanted = name.encode() + b"="
    for header, value in scope["headers"]:
        if header == b"cookie":
            for pair in value.split(b";"):
                if (cookie := pair.strip()).startswith(wanted):
                    return cookie[len(wanted) :].decode("latin-1")
    return None


type Sender = Literal["us", "named", "another", "unsaid"]
"""The site that sent a request: this service, one that the settings name, another, or none."""

_NAMED_BY_NOBODY: frozenset[str] = frozenset()
# A browser sends `none` where a person began it, such as by loading a form again.
_NO_SITE = frozenset({b"", b"none"})


def sender_of(
    scope: HTTPScope, public_url: str | None, origins: Collection[str] = _NAMED_BY_NOBODY
) -> Sender:
    """Return which site sent a request, by the headers that no page can change.

    Every browser sends `Origin` with what changes something; `Sec-Fetch-Site` it sends only over
    HTTPS and to its own machine. Programs send neither. `origins` are those that the settings
    name. A proxy may hide our name from us, so `same-origin` counts more than the Host.
    """
    site = header_of(scope, b"sec-fetch-site")
    origin = header_of(scope, b"origin").decode("latin-1").lower()
    if origin and origin in origins:
        return "named"
    if not origin and site in _NO_SITE:
        return "unsaid"
    if site == b"same-origin":
        is_ours = not origin or public_url in {None, origin}
    elif site in _NO_SITE:
        host = header_of(scope, b"host").decode("latin-1").lower()
        is_ours = origin == public_url if public_url else urlsplit(origin).netloc == host
    else:
        is_ours = False
    return "us" if is_ours else "another"


def is_from_us(scope: HTTPScope, public_url: str | None) -> bool:
    """Whether one of our pages sent a request; a program that says nothing is none of them."""
    return sender_of(scope, public_url) == "us"


# --- What each route needs.


def access_of(handler: BaseRouteHandler) -> RouteAccess:
    """Return what a route needs; one that declares nothing opens to `operator` alone."""
    return access_in(handler.opt) or CLOSED


def declare_options(app: Litestar) -> None:
    """Have OPTIONS need the scope that the other methods of its address need.

    The framework makes these routes itself, so that nothing can be declared beside them. Where the
    others do not agree it needs what GET needs, and without a GET it opens to `operator` alone.
    """
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            handlers = {method: each for method, (each, _) in route.route_handler_map.items()}
            options = handlers.pop("OPTIONS")
            handlers = {"GET": handlers["GET"]} if "GET" in handlers else handlers
            scopes: set[Scope | None] = {access_of(each).scope for each in handlers.values()}
            if len(scopes) == 1:
                options.opt.update(option_of(RouteAccess(scope=scopes.pop())))


logger = logging.getLogger(__name__)


# --- Wrong keys: logged without the key, and answered slowly where one address sends many.
#
# A key has 256 random bits, so nobody finds one by trying: what slowing protects is the time of
# everybody else, and the log. An address that is slowed may be that of a proxy with many callers
# behind it, so a key that works is taken from there as fast as ever.

# After so many within a minute; a person who mistypes, or a program whose key was revoked and that
# tries now and then, stays below.
MOST_WRONG = 10
_MINUTE_S = 60.0
# How long an answer to a slowed address is held back, at least and at most: a connection gets one
# answer and is closed. They differ, so that connections made at once do not all come back at once.
_HOLD_S, _HOLD_STEPS = (2.0, 4.0), 64
# Above it answers are not held back: each of them takes some kilobytes.
MOST_HELD = 4_000
# About two megabytes. With more addresses, those that began first are forgotten.
_MOST_ADDRESSES = 10_000
_LINES_PER_S, _LINES_AT_ONCE = 0.5, 20


class _WrongCount:
    """How many wrong keys one address sent, and since when."""

    __slots__ = ("began", "times")

    def __init__(self, began: float) -> None:
        self.began = began
        self.times = 0


class WrongKeys:
    """The addresses that sent wrong keys to this process within the last minute."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """Take a clock in seconds that never goes back."""
        self._clock = clock
        self._tallies: dict[str, _WrongCount] = {}
        self._slowing_until = -_MINUTE_S
        self._lines = Gcra(_LINES_PER_S, _LINES_AT_ONCE, clock())
        self._held = self._times = 0

    @property
    def is_slowing(self) -> bool:
        """Whether any address is slowed now."""
        return self._clock() < self._slowing_until

    def slowed_s(self, address: str) -> int:
        """Return for how many more seconds an address is slowed, rounded up; 0 for not at all."""
        tally = self._tallies.get(client_group(address))
        if tally is None or tally.times < MOST_WRONG:
            return 0
        return max(0, math.ceil(tally.began + _MINUTE_S - self._clock()))

    def note(self, address: str, error: WrongKeyError | ElsewhereError) -> None:
        """Note that a key from an address was refused; log the first, and the one that slows it.

        The line has the address, the reason and the id of a key that is known, never the key.
        """
        now, place = self._clock(), client_group(address)
        tally = self._tallies.get(place)
        if tally is None or now >= tally.began + _MINUTE_S:
            earlier = 0 if tally is None else tally.times
            tally = self._new(place, now)
            self._log(f"access.{error.why}", address, key=error.key, earlier=earlier)
        tally.times += 1
        if tally.times == MOST_WRONG:
            self._slowing_until = max(self._slowing_until, tally.began + _MINUTE_S)
            self._log("access.slowed", address, key=error.key, earlier=0)

    def count_slowed(self, address: str) -> None:
        """Count a wrong key of a slowed address; nothing else is done with it."""
        tally = self._tallies.get(client_group(address))
        if tally is not None:
            tally.times += 1

    @contextmanager
    def holding(self) -> Generator[float]:
        """Hold an answer back for the seconds that are yielded, 0 if too many others are held."""
        shortest, longest = _HOLD_S
        self._times += 1
        step = self._times % _HOLD_STEPS
        seconds = shortest + (longest - shortest) * step / _HOLD_STEPS
        is_room = self._held < MOST_HELD
        self._held += 1
        try:
            yield seconds if is_room else 0.0
        finally:
            self._held -= 1

    def _new(self, place: str, now: float) -> _WrongCount:
        self._tallies.pop(place, None)
        if len(self._tallies) >= _MOST_ADDRESSES:
            del self._tallies[next(iter(self._tallies))]
        tally = self._tallies[place] = _WrongCount(now)
        return tally

    def _log(self, event: str, address: str, *, key: int | None, earlier: int) -> None:
        if not self._lines.take(1, self._clock()):
            return
        extra: dict[str, object] = {"address": address}
        if key is not None:
            extra["key"] = key
        if earlier:
            extra["earlier"] = earlier
        logger.warning(event, extra=extra)


# --- The key of a request.

# Where a request remembers what it was charged to.
_PURSES = "abeyance_purses"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_NO_LOGIN = "log in at /login with a browser, or send a key in the header `Authorization`"
_FOREIGN = (
    "the headers Origin and Sec-Fetch-Site do not say that a page of this service sent the "
    "request; programs send a key"
)
_ANOTHER_SITE = (
    "the headers Origin and Sec-Fetch-Site say that a page of another site sent the request; the "
    f"operator can name its origin in {ORIGINS}"
)
_TAKES = "this takes the scope `{}`"
_SCHEMES = frozenset({b"bearer", b"apikey"})


def key_in(scope: HTTPScope) -> str | None:
    """Return the key in the headers of a request; None without one.

    `Authorization` comes first, so that an operator's key counts behind a proxy that adds a key of
    its own to every request. A scheme that is none of ours, such as Basic, is a proxy's affair.
    """
    authorization = header_of(scope, b"authorization")
    if authorization:
        scheme, _, credentials = authorization.partition(b" ")
        if scheme.lower() in _SCHEMES and (key := credentials.strip()):
            return key.decode("latin-1")
    return header_of(scope, b"x-api-key").strip().decode("latin-1") or None


class Entrance(msgspec.Struct, frozen=True):
    """What decides whether a request is answered: keys, limits, wrong keys, and logins.

    `people` is None where nobody logs in. `peer` returns the address that a request came from
    directly, which its headers cannot change. `origins` are the other sites whose pages may send
    what changes something.
    """

    keyring: Keyring
    limiter: Limiter
    wrong_keys: WrongKeys
    people: People | None = None
    peer: Callable[[HTTPScope], str] = address_of
    origins: frozenset[str] = frozenset()

    def refuse_foreign(self, scope: HTTPScope) -> None:
        """Refuse what another site has a browser send, such as a form, whatever it is sent to."""
        if scope["method"] not in _SAFE:
            public_url = None if self.people is None else self.people.public_url
            if sender_of(scope, public_url, self.origins) == "another":
                logger.warning("access.foreign_site", extra={"address": address_of(scope)})
                raise ForeignSiteError(_ANOTHER_SITE)


def admitting(
    entrance: Entrance,
    enter: Callable[[AnyRequest], Awaitable[None]],
    record: Callable[[AnyRequest], Awaitable[None]],
) -> Callable[[AnyRequest], Awaitable[Response[Problem] | None]]:
    """Return the guard that is called before each request: it checks site, key, limits, question.

    In between `enter` waits until it is the request's turn among those of its caller. At the end
    `record` is called, with who makes the request.
    """

    async def admit(request: AnyRequest) -> Response[Problem] | None:
        scope = request.scope
        _take_id(scope)
        entrance.refuse_foreign(scope)
        access = access_of(scope["route_handler"])
        if access.scope is None:
            scope["auth"] = ANYBODY
        else:
            caller = await _admitted(entrance, access.scope, scope, local=access.local)
            if access.also is not None:
                check_scope(request, access.also)
            if (purses := entrance.limiter.purses_of(caller)) is not None:
                scope["state"][_PURSES] = purses
                await entrance.limiter.spend(purses.requests)
            await enter(request)
        refused = await refuse_uncertain(request)
        if refused is None:
            await record(request)
        return refused

    return admit


# Where a request remembers the id in its path and the path itself, while that is routed without.
_WHOLE_ID, _ANY_ID = "abeyance_whole_id", "-"


def name_whole(scope: HTTPScope, path: str, given: str) -> None:
    """Have everything below a path be one id, whatever signs it has, until it is routed."""
    state = cast("dict[str, object]", scope["state"])
    state[_WHOLE_ID] = given, f"{path}/{quote(given, safe='')}"
    scope["path"] = f"{path}/{_ANY_ID}"


def _take_id(scope: HTTPScope) -> None:
    """Give a request back the id that its path named, and the path."""
    named = cast("tuple[str, str] | None", scope["state"].pop(_WHOLE_ID, None))
    if named is not None:
        given, scope["path"] = named
        scope["path_params"] = dict[str, str].fromkeys(scope["path_params"], given)


async def _admitted(entrance: Entrance, needed: Scope, scope: HTTPScope, *, local: bool) -> Caller:
    """Return who makes a request: the owner of its key, or who has logged in.

    The request has them as its `auth` before it is known whether they may, for the audit log. A
    key that does not work is noted, and so is somebody who logged in and has no role.
    """
    keyring, people, key = entrance.keyring, entrance.people, key_in(scope)
    if people is not None:
        person = await _person(entrance, people, scope)
        # a proxy may send a key of its own along
        if key is None or not keyring.is_for_us(key):
            if person is not None:
                scope["auth"] = person
                return _with_scope(people, person, needed, scope)
            if key is None and people.is_at_provider:
                raise LoginNeededError(_NO_LOGIN)
    address = address_of(scope)
    try:
        caller = scope["auth"] = keyring.owner(needed, key, address, local=local)
        keyring.check_scope(caller, needed, local=local)
    except (WrongKeyError, ElsewhereError) as error:
        entrance.wrong_keys.note(address, error)
        raise
    return caller


async def _person(entrance: Entrance, people: People, scope: HTTPScope) -> Caller | None:
    """Return who has logged in, by the header of a proxy or by a session; None for nobody."""
    if people.is_at_provider:
        token = cookie_in(scope, session_cookie(people))
        return None if token is None else await people.sessions.caller(token)
    try:
        return people.by_header(scope["headers"], entrance.peer(scope))
    except RoleLackedError as error:
        await people.note_refused(error.name, error.name, request_id.get(), address_of(scope))
        raise


def _with_scope(people: People, person: Caller, needed: Scope, scope: HTTPScope) -> Caller:
    """Return somebody who logged in, if they may do what is asked and a page of ours asks it."""
    if scope["method"] not in _SAFE and not is_from_us(scope, people.public_url):
        raise ForeignSiteError(_FOREIGN)
    people.check_scope(person, needed)
    return person


def slowing_wrong_keys(app: ASGIApp, entrance: Entrance) -> ASGIApp:
    """Wrap an application so that it sees no more wrong keys of an address that sent many."""
    keyring, wrong_keys = entrance.keyring, entrance.wrong_keys

    async def answer(scope: ASGIScope, receive: Receive, send: Send) -> None:
        if wrong_keys.is_slowing and scope["type"] == ScopeType.HTTP and scope["client"]:
            address = scope["client"][0]
            wait_s = wrong_keys.slowed_s(address)
            if wait_s and (key := key_in(scope)) is not None and keyring.is_wrong(key):
                wrong_keys.count_slowed(address)
                await _refuse_slowly(wrong_keys, wait_s, scope, send)
                return
        await app(scope, receive, send)

    return answer


async def _refuse_slowly(wrong_keys: WrongKeys, wait_s: int, scope: HTTPScope, send: Send) -> None:
    """Refuse a request after a while and close; what was sent meanwhile is not read."""
    with wrong_keys.holding() as seconds:
        await asyncio.sleep(seconds)
    detail = f"Keys that work are taken from here; others again in {wait_s} s."
    problem = problem_of(TOO_MANY_WRONG_KEYS, detail)
    more = ((b"retry-after", str(wait_s).encode()), (b"connection", b"close"))
    await send_problem(scope, send, problem, more)


def showing_limits(limiter: Limiter) -> Callable[[Message, ASGIScope], Awaitable[None]]:
    """Return a hook, called before each part of an answer, that adds the limits to the headers."""

    async def show(message: Message, scope: ASGIScope) -> None:
        if message["type"] == "http.response.start":
            purses = cast("Purses | None", scope["state"].get(_PURSES))
            if purses is not None:
                message["headers"] = [*message["headers"], *limiter.fields_of(purses)]

    return show


def caller_of(request: AnyRequest) -> Caller:
    """Return who makes a request; anybody, where it needs no key."""
    return cast("Caller", request.auth)


def check_scope(request: AnyRequest, needed: Scope) -> None:
    """Check that whoever makes a request has a scope beyond the one that its route needs.

    Raises:
        ForbiddenError: They lack it.
    """
    if needed not in caller_of(request).scopes:
        raise ForbiddenError(_TAKES.format(needed))


# --- The entry of a request in the audit log, once it is known how the request came out.


type _Recorder = Callable[[], Awaitable[None]]
_recorder: ContextVar[_Recorder | None] = ContextVar("_recorder", default=None)


async def record_reading[T](response: Response[T]) -> Response[T]:
    """Record the reading that a response answers, before it is sent.

    The framework keeps this function with a handler for all applications of a process, so that
    which audit log it is comes from the request.
    """
    record = _recorder.get()
    if record is not None:
        await record()
    return response


class AuditHook:
    """What is called before a request, and where it ends in an error; see `record_reading`."""

    def __init__(self, audit: Audit) -> None:
        self._audit = audit

    async def before(self, request: AnyRequest) -> None:
        """Have a reading recorded, and the database name the request in what it changes."""
        access = access_of(request.scope["route_handler"])
        is_read = access.reading is not None
        _recorder.set(partial(self._record, request.scope, "done") if is_read else None)
        if access.change is not None:
            caller = caller_of(request)
            say_author(
                Author(
                    actor=caller.owner,
                    key=caller.key,
                    request=request_id.get(),
                    address=address_of(request.scope) or None,
                )
            )

    async def failed(self, error: Exception, scope: ASGIScope) -> None:
        """Record that a known caller was refused something, or asked for what is not there.

        A failure of the service itself is no outcome. Nothing was shown, so where it cannot be
        recorded, the refusal stands, and a line of the service's log says it.
        """
        status = status_of(error)
        if status is None or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return
        try:
            is_missing = isinstance(error, NotFoundError)
            outcome: Outcome = "not_found" if is_missing else "refused"
            await self._record(scope, outcome, slug_of(error))
        except StoreUnavailableError:
            logger.warning("audit.refusal_not_recorded", extra={"status": int(status)})

    async def _record(
        self, scope: ASGIScope, outcome: Outcome, problem: str | None = None
    ) -> None:
        if scope["type"] != ScopeType.HTTP or "route_handler" not in scope:
            return
        access = access_of(scope["route_handler"])
        caller = cast("Caller | None", dict(scope).get("auth"))
        action = access.reading or access.change
        if action is None or caller is None:
            return
        part = access.about
        await self._audit.read(
            AuditedReading(
                caller=caller,
                action=action,
                about="" if part is None else _id_in(str(scope["path_params"][part])),
                request_id=request_id.get(),
                address=address_of(scope) or None,
                outcome=outcome,
                problem=problem,
            )
        )


def _id_in(part: str) -> str:
    """Return the id that a part of a path names, also where its file is asked for (`….pdf`).

    PostgreSQL has no NUL, which the replacement character stands for.
    """
    return part.removesuffix(".pdf").replace("\0", "\ufffd")[:200]
