"""A provider of OpenID Connect that can be made to cheat, and a browser that logs in there."""

import base64
import hashlib
import io
import json
import threading
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from html import unescape
from re import search
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import httpx
import oidc_provider_mock  # pyright: ignore[reportMissingTypeStubs] - it has none
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from werkzeug.serving import make_server

type Claims = dict[str, Any]
type Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

USERS: dict[str, dict[str, object]] = {
    "u-1": {"preferred_username": "anna", "realm": {"roles": ["analyst", "of-no-use"]}},
    "u-2": {"preferred_username": "ben", "realm": {"roles": ["chief", "analyst"]}},
    "u-3": {"preferred_username": "carl", "realm": {"roles": "of-no-use"}},
    "u-4": {"realm": {"roles": "auditor"}},
    "u-5": {"preferred_username": "eve", "realm": {"roles": ["analyst", "auditor"]}},
}


def new_key(name: str) -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": name, "use": "sig"}, private=True)


class CheatingProvider:
    """The mock behind a layer that checks PKCE, and signs what a test wants signed."""

    def __init__(self, app: Wsgi) -> None:
        self._app = app
        self._challenges: list[str] = []
        self.url = ""
        self.key = new_key("first")
        self.published = [self.key]
        self.change: Callable[[Claims], Claims] = lambda claims: claims
        self.has_logout = True

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        match environ["PATH_INFO"]:
            case "/jwks":
                keys = KeySet(list(self.published)).as_dict(private=False)
                start("200 OK", [("content-type", "application/json")])
                return [json.dumps(keys).encode()]
            case "/oauth2/authorize":
                query = parse_qs(environ["QUERY_STRING"])
                assert query["code_challenge_method"] == ["S256"]
                self._challenges += query["code_challenge"]
                return self._app(environ, start)
            case "/oauth2/token":
                return self._redeem(environ, start)
            case "/.well-known/openid-configuration" if not self.has_logout:
                described = json.loads(b"".join(self._app(environ, lambda *_: None)))
                del described["end_session_endpoint"]
                start("200 OK", [("content-type", "application/json")])
                return [json.dumps(described).encode()]
            case _:
                return self._app(environ, start)

    def _redeem(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        environ["wsgi.input"] = io.BytesIO(body)
        verifier = dict(parse_qsl(body.decode()))["code_verifier"]
        digest = hashlib.sha256(verifier.encode()).digest()
        assert base64.urlsafe_b64encode(digest).rstrip(b"=").decode() in self._challenges

        def begin(status: str, headers: list[tuple[str, str]], *_: object) -> None:
            start(status, [each for each in headers if each[0].lower() != "content-length"])

        answer = json.loads(b"".join(self._app(environ, begin)))
        if "id_token" in answer:
            payload = answer["id_token"].split(".")[1]
            claims = json.loads(base64.urlsafe_b64decode(f"{payload}=="))
            header = {"alg": "RS256", "kid": self.key.kid}
            answer["id_token"] = jwt.encode(header, self.change(claims), self.key)
        return [json.dumps(answer).encode()]


@contextmanager
def provider_running() -> Generator[CheatingProvider]:
    users = [oidc_provider_mock.User(sub=sub, claims=claims) for sub, claims in USERS.items()]
    provider = CheatingProvider(oidc_provider_mock.app(user_claims=users, require_nonce=True))
    server = make_server("localhost", 0, provider, threaded=True)
    provider.url = f"http://localhost:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield provider
    server.shutdown()
    thread.join(10)
    server.server_close()


class PlainBrowser:
    """What a browser does at `host`: it keeps cookies, says where a form comes from, logs in."""

    def __init__(self, address: str, host: str) -> None:
        self.host = host
        self.cookies: dict[str, str] = {}
        self.attributes: dict[str, str] = {}
        self.client = httpx.Client(base_url=address, timeout=30)

    def another(self) -> "PlainBrowser":
        """Somebody else's."""
        other = PlainBrowser("", self.host)
        other.client = self.client
        return other

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"host": self.host, "accept": "text/html", "cookie": cookies}
        headers |= more.pop("headers", {})
        answer = self.client.request(method, path, headers=headers, **more)
        for cookie in answer.headers.get_list("set-cookie"):
            pair, _, attributes = cookie.partition("; ")
            name, _, value = pair.partition("=")
            self.attributes[name] = attributes
            if "Max-Age=0" in attributes:
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value.strip('"')
        return answer

    def get(self, path: str, **more: Any) -> httpx.Response:
        return self.ask("GET", path, **more)

    def to_provider(self, page: str) -> str:
        """The address at the provider to which a page of the service leads."""
        answer = self.get(page)
        if answer.status_code == 303:
            answer = self.get(answer.headers["location"])
        found = search(r'http-equiv="refresh" content="0; url=([^"]+)"', answer.text)
        assert found is not None, answer.text
        return unescape(found[1])

    def back_from(self, at_provider: str, user: str) -> str:
        """The address, without its host, to which the provider sends one who logged in there."""
        back = httpx.post(at_provider, data={"sub": user}).headers["location"]
        parts = urlsplit(back)
        assert parts.netloc == self.host
        return f"{parts.path}?{parts.query}"

    def log_in(self, user: str, page: str = "/") -> httpx.Response:
        return self.get(self.back_from(self.to_provider(page), user))


def with_query(address: str, **changed: str) -> str:
    """An address with other values in its query."""
    path, _, query = address.partition("?")
    return f"{path}?{urlencode(dict(parse_qsl(query)) | changed)}"
