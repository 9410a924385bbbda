"""Logging in and out: the addresses that a browser passes, and the sessions while they run."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from http import HTTPStatus
from secrets import token_bytes
from typing import NamedTuple
from urllib.parse import parse_qsl

import msgspec
from litestar import get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import SkipValidation
from litestar.response import Redirect, Template

from abeyance_screening.features.people.openid import (
    LoginAttempt,
    Provider,
    new_attempt,
    read_attempt,
)
from abeyance_screening.platform.access.audit_log import Audit
from abeyance_screening.platform.access.callers import LOOK_EVERY_S, public
from abeyance_screening.platform.access.sessions import People, Sessions, UserSessionStore
from abeyance_screening.platform.http.bodies import TypedRequest
from abeyance_screening.platform.http.entrance import (
    address_of,
    cookie_in,
    host_cookie,
    is_from_us,
    is_secure,
    session_cookie,
)
from abeyance_screening.platform.logs import request_id
from abeyance_screening.platform.pages.frame import Frame, page
from abeyance_screening.platform.postgres.database import CLOSE_TIMEOUT_S
from abeyance_screening.platform.postgres.pool import PooledStore
from abeyance_screening.platform.settings import OidcLogin, PeopleSettings
from abeyance_screening.primitives.days import utc_now
from abeyance_screening.primitives.errors import (
    ForeignSiteError,
    LoginRefusedError,
    NotFoundError,
    ProviderFailedError,
    RoleLackedError,
    StoreUnavailableError,
)

LOGIN, BACK, LOGOUT = "/login", "/login/back", "/logout"
_ATTEMPT_S = 600
# Each window that logs in has an attempt of its own; more than these no person has open.
_MOST_ATTEMPTS = 8
_ATTEMPT = "abeyance-login-"
# Enough of the state to tell attempts apart.
_STATE_DIGITS = 8
# The proof of a login is for logging out alone, so no other request carries it. A browser keeps no
# cookie above 4,096 bytes; without it the provider asks whom to log out.
_PROOF = "abeyance-proof"
_LONGEST_PROOF = 3_800
_FOREIGN = "another site asked to log you out"
logger = logging.getLogger(__name__)


class LoginDesk(NamedTuple):
    """Who has logged in, and the provider at which they do; None where they do so at a proxy."""

    people: People
    provider: Provider | None

    def attempt_cookie(self, state: str) -> str:
        """Return the name of the cookie of an attempt to log in."""
        name = f"{_ATTEMPT}{state[:_STATE_DIGITS]}"
        return host_cookie(name, is_secure=is_secure(self.people))

    def set_cookie(self, name: str, value: str, max_age: int | None = None) -> Cookie:
        """Return a cookie for this host alone, which no script reads and no other site sends."""
        return Cookie(
            key=name,
            value=value,
            path="/",
            max_age=max_age,
            secure=is_secure(self.people),
            httponly=True,
            samesite="lax",
        )

    def forget_cookie(self, name: str) -> Cookie:
        """Return what makes a browser forget a cookie."""
        return self.set_cookie(name, "", 0)

    @property
    def proof_name(self) -> str:
        """Return the name of the cookie of the proof; `__Host-` would send it everywhere."""
        return f"__Secure-{_PROOF}" if is_secure(self.people) else _PROOF

    def proof_cookie(self, proof: str) -> Cookie:
        """Return the cookie of what the provider wants to see when somebody logs out.

        It makes a browser forget an earlier one where there is none, or one too long to keep.
        """
        is_kept = 0 < len(proof) <= _LONGEST_PROOF
        cookie = self.set_cookie(self.proof_name, proof if is_kept else "", None if is_kept else 0)
        cookie.path = LOGOUT
        return cookie


TheLogin = NamedDependency[SkipValidation[LoginDesk | None]]


class LoginPage(msgspec.Struct, frozen=True):
    """Where a browser goes on to log in, or out."""

    address: str


class LogoutPage(msgspec.Struct, frozen=True):
    """Whether the provider has logged somebody out too."""

    is_at_provider: bool


def login_desk(
    settings: PeopleSettings | None, pool: PooledStore, audit: Audit
) -> LoginDesk | None:
    """Return where people log in; None if no setting says so."""
    if settings is None:
        return None
    sessions = Sessions(lambda: UserSessionStore(pool.pool), settings, utc_now, token_bytes)
    login, provider = settings.login, None
    if isinstance(login, OidcLogin):
        back, out = (f"{settings.public_url}{path}" for path in (BACK, LOGOUT))
        provider = Provider(login, back, out, utc_now)
    return LoginDesk(People(settings, sessions, audit), provider)


@asynccontextmanager
async def keeping_sessions(desk: LoginDesk | None) -> AsyncGenerator[None]:
    """Keep the sessions as the database has them, until the last request."""
    if desk is None or desk.provider is None:
        yield
        return
    sessions = desk.people.sessions
    task = asyncio.create_task(_look_for_ever(sessions))
    try:
        yield
    finally:
        task.cancel()
        await desk.provider.close()
        with suppress(StoreUnavailableError, TimeoutError):
            async with asyncio.timeout(CLOSE_TIMEOUT_S):
                await sessions.write_uses()


async def _look_for_ever(sessions: Sessions) -> None:
    """Look every second who logged in and out; it is logged once that the database is away."""
    is_away = False
    while True:
        try:
            await sessions.look()
            is_away = False
        except StoreUnavailableError:
            if not is_away:
                logger.warning("sessions.database_unreachable")
            is_away = True
        except Exception:
            logger.exception("sessions.look_failed")
        await asyncio.sleep(LOOK_EVERY_S)


# --- What a browser passes.


@get(LOGIN, opt=public(), include_in_schema=False)
async def begin_login(request: TypedRequest, login: TheLogin) -> Template:
    """Send a browser to the provider, by a page.

    It is a page because browsers refuse to follow a form of ours, such as a search that finds its
    session expired, to another host.
    """
    desk, provider = _at_provider(login)
    asked = dict(parse_qsl(request.scope["query_string"].decode("latin-1")))
    attempt = new_attempt(token_bytes, asked.get("to", "/"))
    address = await provider.address(attempt)
    answer = _page("login.html", "Log in", LoginPage(address))
    earlier = [each for each in request.cookies if _ATTEMPT in each]
    if len(earlier) >= _MOST_ATTEMPTS:
        answer.cookies += [desk.forget_cookie(each) for each in earlier]
    name = desk.attempt_cookie(attempt.state)
    answer.cookies.append(desk.set_cookie(name, attempt.cookie, _ATTEMPT_S))
    return answer


@get(BACK, opt=public(change="user.login"), include_in_schema=False)
async def end_login(request: TypedRequest, login: TheLogin) -> Redirect:
    """Take a browser back from the provider, begin a session, and show the page it asked for."""
    desk, provider = _at_provider(login)
    scope, people = request.scope, desk.people
    returned = dict(parse_qsl(scope["query_string"].decode("latin-1")))
    name = desk.attempt_cookie(returned.get("state", ""))
    attempt = read_attempt(cookie_in(scope, name) or "")
    token, proof = await _session_of(desk, provider, attempt, returned, address_of(scope))
    earlier = cookie_in(scope, session_cookie(people))
    if earlier is not None:
        await people.sessions.end(earlier)
    answer = Redirect("/" if attempt is None else attempt.to, status_code=303)
    answer.headers["cache-control"] = "no-store"
    answer.cookies += [
        desk.forget_cookie(name),
        desk.set_cookie(session_cookie(people), token),
        desk.proof_cookie(proof),
    ]
    return answer


@post(
    LOGOUT,
    opt=public(change="user.logout"),
    include_in_schema=False,
    status_code=HTTPStatus.OK,
)
async def log_out(request: TypedRequest, login: TheLogin) -> Template:
    """End the session of a browser everywhere, and send it on to log out at the provider too.

    Raises:
        ForeignSiteError: A page of another site asks for it.
    """
    desk, provider = _at_provider(login)
    people, name = desk.people, session_cookie(desk.people)
    token, address = cookie_in(request.scope, name), None
    if token is not None:
        if not is_from_us(request.scope, people.public_url):
            raise ForeignSiteError(_FOREIGN)
        await people.sessions.end(token)
        # a provider that does not answer keeps nobody logged in here
        with suppress(ProviderFailedError):
            address = await provider.logout_address(cookie_in(request.scope, desk.proof_name))
    if address is None:
        answer = _page("logged_out.html", "Logged out", LogoutPage(is_at_provider=False))
    else:
        answer = _page("log_out.html", "Log out", LoginPage(address))
    answer.cookies += [desk.forget_cookie(name), desk.proof_cookie("")]
    return answer


@get(LOGOUT, opt=public(), include_in_schema=False)
async def logged_out(request: TypedRequest, login: TheLogin) -> Template | Redirect:
    """Show a browser that comes back from the provider that it is logged out.

    One that has a session, such as a later one, is shown the first page, which says so.
    """
    desk, _ = _at_provider(login)
    if cookie_in(request.scope, session_cookie(desk.people)) is not None:
        return Redirect("/", status_code=303)
    return _page("logged_out.html", "Logged out", LogoutPage(is_at_provider=True))


def _at_provider(login: LoginDesk | None) -> tuple[LoginDesk, Provider]:
    if login is None or login.provider is None:
        raise NotFoundError("login", "here")
    return login, login.provider


async def _session_of(
    desk: LoginDesk,
    provider: Provider,
    attempt: LoginAttempt | None,
    returned: dict[str, str],
    address: str,
) -> tuple[str, str]:
    """Return the token of a new session of somebody who comes back, and the provider's proof."""
    people = desk.people
    try:
        known = await provider.person(attempt, returned)
    except LoginRefusedError as error:
        logger.warning("login.refused", extra={"reason": error.reason, "address": address})
        raise
    try:
        person = people.person(known.name, known.subject, known.roles)
    except RoleLackedError:
        await people.note_refused(known.name, known.subject, request_id.get(), address)
        raise
    return await people.sessions.begin(person, request_id.get(), address), known.proof


def _page(template: str, title: str, content: object) -> Template:
    return page(template, Frame(title=title, path=LOGIN, section="", now=utc_now()), content)


PAGES = (begin_login, end_login, log_out, logged_out)
