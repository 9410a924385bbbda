"""A provider of OpenID Connect: where people are sent to log in, and what it says of them.

This is the authorization code flow with PKCE (RFC 7636): the browser brings back a code, which
this service redeems at the provider itself for a signed ID token. Nothing else is used.

Source: OpenID Connect Core 1.0, Discovery 1.0 and RP-Initiated Logout 1.0; RFC 6749, 7636, 9207,
9700.
"""

import asyncio
import hashlib
import logging
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Never, cast
from urllib.parse import quote, urlencode, urlsplit

import httpx
import msgspec
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import Key, KeySet, import_key

from abeyance_screening.platform.access.sessions import is_name
from abeyance_screening.platform.settings import OidcLogin
from abeyance_screening.primitives.errors import LoginRefusedError, ProviderFailedError

# Signatures that only the provider can make: none, and none with a secret that we know too.
ALGORITHMS = (
    *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512", "EdDSA", "Ed25519"),
)
# Clocks that are set by a network are a second or two apart.
LEEWAY_S = 30
_KNOWN_FOR = timedelta(hours=1)
"""How long the provider's description and keys count; a key that it withdraws works no longer.

A token with a new key is looked up at once.
"""
_TIMEOUT_S = 10.0
_MOST_BYTES = 1_000_000
_MOST_KEYS = 100
# Anybody can send a code that is none, which costs a request to the provider.
_AT_ONCE = 20
# A provider that does not answer is not asked where to log in by each browser that comes.
_ASK_AGAIN_AFTER = timedelta(seconds=5)
_SECRET_BYTES = 32
_LONGEST_SUBJECT = 255
_OK = 200
# What a provider says by a word, such as access_denied or invalid_client.
_WORD = re.compile("[a-z_]{1,60}")
# An address that a browser reads as one of ours: neither //host nor with a backslash.
_LOCAL = re.compile(r"/(?![/\\])[!-\[\]-~]{0,1500}")
_STRANGE_RETURN = (
    "this browser began no login that this answers; it may have taken longer than ten minutes"
)
_NO_PROOF = "the login service sent a proof that is not valid here"
_REFUSED = "the login service answers {}"
_OLD_CODE = "the login service does not know the code, or knows it no more"
_NO_NAME = "the claim {} is no name of 1 to 100 printable characters"
logger = logging.getLogger(__name__)


class LoginAttempt(msgspec.Struct, frozen=True, kw_only=True):
    """One attempt to log in, which the browser keeps as a cookie until it comes back.

    All that the provider sees of it is derived from the `secret`, of which it learns nothing.
    `to` is the page to show afterwards, an address of ours.
    """

    secret: bytes
    to: str

    @property
    def state(self) -> str:
        """Return what the provider repeats, which shows that this browser began the attempt."""
        return self._derived(b"state")

    @property
    def nonce(self) -> str:
        """Return what the ID token must have, which shows that it is for this attempt."""
        return self._derived(b"nonce")

    @property
    def verifier(self) -> str:
        """Return what the provider asks for with the code, and whose SHA-256 it was sent."""
        return self._derived(b"verifier")

    @property
    def cookie(self) -> str:
        """Return the attempt as the value of a cookie."""
        return f"{_written(self.secret)}.{_written(self.to.encode())}"

    def _derived(self, what: bytes) -> str:
        return _written(hashlib.sha256(what + b":" + self.secret).digest())


def new_attempt(random: Callable[[int], bytes], to: str) -> LoginAttempt:
    """Return a new attempt; `to` is the page asked for, and counts only if it is one of ours."""
    return LoginAttempt(secret=random(_SECRET_BYTES), to=local_page(to))


def read_attempt(cookie: str) -> LoginAttempt | None:
    """Return the attempt in the value of a cookie; None if there is none."""
    secret, _, to = cookie.partition(".")
    try:
        read, page = _read(secret), _read(to).decode()
    except ValueError:
        return None
    if len(read) != _SECRET_BYTES:
        return None
    return LoginAttempt(secret=read, to=local_page(page))


def local_page(address: str) -> str:
    """Return an address if it is a page of this service, without its host; otherwise the first."""
    is_ours = _LOCAL.fullmatch(address) is not None
    return address if is_ours and urlsplit(address).path not in {"/login", "/logout"} else "/"


class ProviderPerson(msgspec.Struct, frozen=True, kw_only=True):
    """What the provider says of somebody who logged in; `subject` is their id there, for ever.

    `proof` is the ID token that says so, "" where the provider logs nobody out.
    """

    subject: str
    name: str
    roles: tuple[str, ...]
    proof: str


class _Description(msgspec.Struct, frozen=True):
    """What a provider publishes of itself."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    end_session_endpoint: str | None = None
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)


class _Keys(msgspec.Struct, frozen=True):
    """The keys that a provider publishes."""

    keys: tuple[dict[str, object], ...]


class _Redeemed(msgspec.Struct, frozen=True):
    """What a provider gives for a code."""

    id_token: str


class _CodeRefusal(msgspec.Struct, frozen=True):
    """Why a provider gives nothing for a code."""

    error: str = ""


class Provider:
    """The provider of a service; what it publishes is read when it is first needed."""

    def __init__(
        self, settings: OidcLogin, back: str, out: str, now: Callable[[], datetime]
    ) -> None:
        """Take the settings, where browsers come back to, logged in and out, and the clock."""
        self._settings = settings
        self._back = back
        self._out = out
        self._now = now
        self._client: httpx.AsyncClient | None = None
        self._describing = asyncio.Lock()
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self._failed_at: datetime | None = None
        self._description: tuple[datetime, _Description] | None = None
        self._keys: tuple[datetime, list[Key]] | None = None

    async def close(self) -> None:
        """Close what is open to the provider."""
        if self._client is not None:
            await self._client.aclose()

    async def address(self, attempt: LoginAttempt) -> str:
        """Return where a browser is sent to log in.

        Raises:
            ProviderFailedError: The provider does not say where.
        """
        described = await self._described()
        challenge = hashlib.sha256(attempt.verifier.encode()).digest()
        query = {
            "response_type": "code",
            "client_id": self._settings.client_id,
            "redirect_uri": self._back,
            "scope": self._settings.scopes,
            "state": attempt.state,
            "nonce": attempt.nonce,
            "code_challenge": _written(challenge),
            "code_challenge_method": "S256",
        }
        return _with_query(described.authorization_endpoint, query)

    async def logout_address(self, proof: str | None) -> str | None:
        """Return where a browser is sent to log out at the provider too; None for nowhere.

        `proof` is the ID token of the login, by which the provider knows whom to log out without
        asking.

        Raises:
            ProviderFailedError: The provider does not say where.
        """
        described = await self._described()
        if described.end_session_endpoint is None:
            return None
        query = {"client_id": self._settings.client_id, "post_logout_redirect_uri": self._out}
        if proof is not None:
            query["id_token_hint"] = proof
        return _with_query(described.end_session_endpoint, query)

    async def person(
        self, attempt: LoginAttempt | None, returned: Mapping[str, str]
    ) -> ProviderPerson:
        """Return who logged in, by the query with which a browser came back.

        Raises:
            LoginRefusedError: It proves nothing.
            ProviderFailedError: The provider does not answer, or refuses this service.
        """
        if attempt is None or returned.get("state") != attempt.state:
            raise LoginRefusedError(_STRANGE_RETURN, "strange_return")
        if (error := returned.get("error")) is not None:
            word = error if _WORD.fullmatch(error) else "another error"
            raise LoginRefusedError(_REFUSED.format(word), "provider_refuses")
        # RFC 9207: an answer of another provider says so
        if returned.get("iss", self._settings.issuer) != self._settings.issuer:
            raise LoginRefusedError(_STRANGE_RETURN, "strange_provider")
        code = returned.get("code", "")
        if not code:
            raise LoginRefusedError(_STRANGE_RETURN, "no_code")
        proof = await self._redeemed(code, attempt)
        claims, described = await self._claims(proof, attempt), await self._described()
        return self._person(claims, "" if described.end_session_endpoint is None else proof)

    async def _described(self) -> _Description:
        """Return what the provider publishes of itself, which is read once for all who wait."""
        async with self._describing:
            now = self._now()
            if self._description is not None and now - self._description[0] < _KNOWN_FOR:
                return self._description[1]
            if self._failed_at is not None and now - self._failed_at < _ASK_AGAIN_AFTER:
                raise ProviderFailedError
            try:
                described = await self._published()
            except ProviderFailedError:
                self._failed_at = now
                raise
            self._description = now, described
            return described

    async def _published(self) -> _Description:
        issuer = self._settings.issuer
        place = f"{issuer.rstrip('/')}/.well-known/openid-configuration"
        described = await self._read(place, _Description)
        if described.issuer != issuer:
            self._fail("another_issuer", says=described.issuer[:200])
        scheme = urlsplit(issuer).scheme
        places = (
            described.authorization_endpoint,
            described.token_endpoint,
            described.jwks_uri,
            described.end_session_endpoint or issuer,
        )
        if not all(urlsplit(each).scheme in {"https", scheme} for each in places):
            self._fail("open_line")
        return described

    async def _redeemed(self, code: str, attempt: LoginAttempt) -> str:
        """Return the ID token that the provider gives for a code."""
        settings, described = self._settings, await self._described()
        fields = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._back,
            "code_verifier": attempt.verifier,
        }
        methods, auth = described.token_endpoint_auth_methods_supported, None
        if settings.client_secret is None:
            fields["client_id"] = settings.client_id
        elif "client_secret_basic" in methods or "client_secret_post" not in methods:
            auth = httpx.BasicAuth(_quoted(settings.client_id), _quoted(settings.client_secret))
        else:
            fields |= {"client_id": settings.client_id, "client_secret": settings.client_secret}
        request = self._open().build_request("POST", described.token_endpoint, data=fields)
        status, body = await self._sent(request, auth)
        if status == _OK:
            return self._decoded(body, _Redeemed).id_token
        error = self._decoded(body, _CodeRefusal).error
        if error != "invalid_grant":
            # a wrong secret, say: for the operator to mend
            self._fail("code_refused", says=error if _WORD.fullmatch(error) else status)
        raise LoginRefusedError(_OLD_CODE, "old_code")

    async def _claims(self, id_token: str, attempt: LoginAttempt) -> dict[str, object]:
        """Return what an ID token says, if it was signed for this service and this attempt."""
        try:
            token = jwt.decode(id_token, KeySet(await self._known_keys()), ALGORITHMS)
        except (JoseError, ValueError):
            # it may have been signed with a new key
            self._keys = None
            try:
                token = jwt.decode(id_token, KeySet(await self._known_keys()), ALGORITHMS)
            except (JoseError, ValueError):
                raise LoginRefusedError(_NO_PROOF, "bad_signature") from None
        claims = cast("dict[str, object]", token.claims)
        registry = jwt.JWTClaimsRegistry(
            now=int(self._now().timestamp()),
            leeway=LEEWAY_S,
            iss={"essential": True, "value": self._settings.issuer},
            aud={"essential": True, "value": self._settings.client_id},
            nonce={"essential": True, "value": attempt.nonce},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
        )
        try:
            registry.validate(claims)
        except JoseError as error:
            raise LoginRefusedError(_NO_PROOF, str(error)[:100]) from None
        # a token for several clients says for which of them it was made
        if claims.get("azp", self._settings.client_id) != self._settings.client_id or (
            claims["aud"] not in (self._settings.client_id, [self._settings.client_id])
            and "azp" not in claims
        ):
            raise LoginRefusedError(_NO_PROOF, "another_client")
        return claims

    def _person(self, claims: dict[str, object], proof: str) -> ProviderPerson:
        subject = str(claims["sub"])
        name = claims.get(self._settings.name_claim) or subject
        if not isinstance(name, str) or not is_name(name) or len(subject) > _LONGEST_SUBJECT:
            raise LoginRefusedError(_NO_NAME.format(self._settings.name_claim), "no_name")
        roles = _claim(claims, self._settings.roles_claim)
        given = cast("list[object]", roles) if isinstance(roles, list) else [roles]
        texts = tuple(each for each in given if isinstance(each, str))
        return ProviderPerson(subject=subject, name=name, roles=texts, proof=proof)

    async def _known_keys(self) -> list[Key]:
        now = self._now()
        if self._keys is not None and now - self._keys[0] < _KNOWN_FOR:
            return self._keys[1]
        published = await self._read((await self._described()).jwks_uri, _Keys)
        keys = list[Key]()
        for each in published.keys[:_MOST_KEYS]:
            if each.get("use", "sig") == "sig":
                try:
                    keys.append(import_key(each))  # pyright: ignore[reportArgumentType] - it checks the fields itself
                except (JoseError, ValueError):
                    # of a kind that no algorithm above has
                    continue
        self._keys = now, keys
        return keys

    async def _read[T](self, address: str, kind: type[T]) -> T:
        status, body = await self._sent(self._open().build_request("GET", address), None)
        if status != _OK:
            self._fail("refused", says=status)
        return self._decoded(body, kind)

    async def _sent(
        self, request: httpx.Request, auth: httpx.BasicAuth | None
    ) -> tuple[int, bytes]:
        """Return the status and the body of an answer, which may not be large or a redirect."""
        body = bytearray()
        try:
            async with self._turns:
                answer = await self._open().send(request, auth=auth, stream=True)
                try:
                    async for piece in answer.aiter_bytes():
                        body += piece
                        if len(body) > _MOST_BYTES:
                            self._fail("too_large")
                finally:
                    await answer.aclose()
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            self._fail(type(error).__name__)
        return answer.status_code, bytes(body)

    def _decoded[T](self, body: bytes, kind: type[T]) -> T:
        try:
            return msgspec.json.decode(body, type=kind)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            self._fail("unreadable")

    def _open(self) -> httpx.AsyncClient:
        if self._client is None:
            self._client = httpx.AsyncClient(timeout=_TIMEOUT_S, follow_redirects=False)
        return self._client

    def _fail(self, reason: str, says: object = None) -> Never:
        extra = {"reason": reason} if says is None else {"reason": reason, "says": says}
        logger.warning("login.provider_failed", extra=extra)
        raise ProviderFailedError


def _claim(claims: dict[str, object], path: str) -> object:
    """Return a claim by its name, or by the names that lead to it: `realm_access.roles`."""
    if path in claims:
        return claims[path]
    found: object = cast("object", claims)
    for name in path.split("."):
        if not isinstance(found, dict):
            return None
        found = cast("dict[str, object]", found).get(name)
    return found


def _with_query(address: str, query: Mapping[str, str]) -> str:
    """Return an address of the provider, which may have a query itself, with more in its query."""
    joined = "&" if urlsplit(address).query else "?"
    return f"{address}{joined}{urlencode(query)}"


def _quoted(text: str) -> str:
    return quote(text, safe="")


def _written(value: bytes) -> str:
    return urlsafe_b64encode(value).rstrip(b"=").decode()


def _read(text: str) -> bytes:
    """Read base64 without padding."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
