"""Where a redirect may lead, and what is told to whom on the way."""

import shutil
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from abeyance_screening.platform.download import AllowedServers, Patience, Validators, fetch
from abeyance_screening.primitives.errors import FetchFailedError
from tests.publisher import Publisher

BODY = b"id,name\n1,Acme\n"
QUICK = Patience(tries=2, first_wait_s=0)
needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="makes a certificate")


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with Publisher() as running:
        running.serve("/new.csv", BODY)
        yield running


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 that is its own authority, with its key in the same file."""
    made = tmp_path_factory.mktemp("tls") / "both.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2"
    command += " -subj /CN=publisher -addext subjectAltName=IP:127.0.0.1"
    subprocess.run(
        [*command.split(), "-keyout", made, "-out", made.with_suffix(".crt")],
        check=True,
        capture_output=True,
    )
    with made.open("ab") as both:
        both.write(made.with_suffix(".crt").read_bytes())
    return made


@pytest.fixture
def secure(certificate: Path) -> Iterator[Publisher]:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    with Publisher(tls) as running:
        running.serve("/new.csv", BODY)
        yield running


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
async def test_a_redirect_is_followed(publisher: Publisher, code: int):
    publisher.fault("/old.csv", "redirect", to="/new.csv", code=code)
    assert (await fetch(publisher.url("/old.csv"), patience=QUICK)).content == BODY


async def test_five_redirects_are_followed_and_six_are_not(publisher: Publisher):
    publisher.fault("/new.csv", "redirect", to="/new.csv", times=5)
    assert (await fetch(publisher.url("/new.csv"), patience=QUICK)).content == BODY
    publisher.fault("/new.csv", "redirect", to="/new.csv", times=6)
    with pytest.raises(FetchFailedError, match="more than 5 times"):
        await fetch(publisher.url("/new.csv"), patience=QUICK)


async def test_a_cookie_set_on_the_way_is_shown_on_the_way(publisher: Publisher):
    set_cookie = {"Set-Cookie": "session=1"}
    publisher.fault("/new.csv", "redirect", to="/new.csv", headers=set_cookie, times=1)
    await fetch(publisher.url("/new.csv"), patience=QUICK)
    await fetch(publisher.url("/new.csv"), patience=QUICK)
    assert [each.headers.get("cookie") for each in publisher.requests] == [
        None,
        "session=1",
        None,
    ]


async def test_what_was_seen_is_asked_where_the_redirect_leads(publisher: Publisher):
    publisher.fault("/old.csv", "redirect", to="/new.csv")
    first = await fetch(publisher.url("/old.csv"), patience=QUICK)
    assert first.seen.etag is not None
    again = await fetch(publisher.url("/old.csv"), seen=first.seen, patience=QUICK)
    assert again.content is None


async def test_a_password_goes_to_its_own_server_and_into_no_message(
    publisher: Publisher, caplog: pytest.LogCaptureFixture
):
    caplog.set_level("DEBUG")
    with Publisher() as other:
        publisher.fault("/old.csv", "redirect", to="/again.csv")
        publisher.fault("/again.csv", "redirect", to=other.url("/gone.csv?signed=for-us"))
        url = publisher.url("/old.csv").replace("://", "://user:secret@")
        with pytest.raises(FetchFailedError, match="answered 404") as refused:
            await fetch(url, patience=QUICK)
    assert refused.value.url == publisher.url("/old.csv")
    shown = [each.headers.get("authorization") for each in publisher.requests]
    assert shown == ["Basic dXNlcjpzZWNyZXQ="] * 2
    assert "authorization" not in other.requests[0].headers
    assert "secret" not in caplog.text


async def test_a_password_in_a_redirect_is_shown_to_nobody(publisher: Publisher):
    to = publisher.url("/new.csv").replace("://", "://user:secret@")
    publisher.fault("/old.csv", "redirect", to=to)
    await fetch(publisher.url("/old.csv"), patience=QUICK)
    assert "authorization" not in publisher.requests[1].headers


@needs_openssl
async def test_a_certificate_that_is_not_trusted_is_refused_at_once(secure: Publisher):
    with pytest.raises(FetchFailedError, match=r"is not trusted \(self.signed certificate\)$"):
        await fetch(secure.url("/new.csv"), patience=QUICK)
    assert secure.requests == []


@needs_openssl
async def test_https_is_not_left_for_http(
    secure: Publisher,
    publisher: Publisher,
    certificate: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    secure.fault("/old.csv", "redirect", to="/new.csv")
    assert (await fetch(secure.url("/old.csv"), patience=QUICK)).content == BODY
    secure.heal("/old.csv")
    secure.fault("/old.csv", "redirect", to=publisher.url("/new.csv?signed=for-us"))
    reason = r"redirected from https://127.0.0.1 to http://127.0.0.1, not followed\)$"
    with pytest.raises(FetchFailedError, match=reason):
        await fetch(secure.url("/old.csv"), patience=QUICK)
    assert publisher.requests == []


@needs_openssl
async def test_http_may_be_left_for_https(
    secure: Publisher,
    publisher: Publisher,
    certificate: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    publisher.fault("/old.csv", "redirect", to=secure.url("/new.csv"))
    fetched = await fetch(
        publisher.url("/old.csv"), patience=QUICK, seen=Validators(etag='"other"')
    )
    assert fetched.content == BODY


def allowed_of(publisher: Publisher, hosts: tuple[str, ...] | None) -> AllowedServers:
    """Only this server, and the servers named."""
    return AllowedServers(start=publisher.url("/"), hosts=hosts)


@pytest.mark.parametrize(
    ("hosts", "to", "reason"),
    [
        pytest.param(None, "http://127.0.0.1:1/new.csv", "not to https", id="another port here"),
        pytest.param(None, "http://example.org/new.csv", "not to https", id="without encryption"),
        pytest.param(None, "https://127.0.0.1/new.csv", "not public", id="this machine"),
        pytest.param(None, "https://localhost/new.csv", "not public", id="this machine by name"),
        pytest.param(None, "https://2130706433/new.csv", "not public", id="as one number"),
        pytest.param(None, "https://10.1.2.3/new.csv", "not public", id="a private network"),
        pytest.param(None, "https://169.254.169.254/latest", "not public", id="a cloud's own"),
        pytest.param(None, "https://[::1]/new.csv", "not public", id="IPv6"),
        pytest.param(None, "https://[::ffff:10.0.0.1]/x", "not public", id="IPv4 inside IPv6"),
        pytest.param(("bis.gov",), "https://example.org/x", "not of bis.gov", id="another server"),
        pytest.param(("bis.gov",), "https://evilbis.gov/x", "not of bis.gov", id="ends alike"),
        pytest.param(("bis.gov",), "https://bis.gov:8443/x", "not of bis.gov", id="another port"),
        pytest.param(
            ("10.0.0.1",), "https://10.0.0.1/x", "not public", id="private, though named"
        ),
    ],
)
async def test_a_redirect_out_of_reach_is_not_followed(
    publisher: Publisher, hosts: tuple[str, ...] | None, to: str, reason: str
):
    publisher.fault("/old.csv", "redirect", to=to)
    with pytest.raises(FetchFailedError, match=reason):
        await fetch(
            publisher.url("/old.csv"), patience=QUICK, allowed=allowed_of(publisher, hosts)
        )
    assert len(publisher.requests) == 1


async def test_a_redirect_within_the_first_server_is_in_reach(publisher: Publisher):
    publisher.fault("/old.csv", "redirect", to="/new.csv")
    allowed = allowed_of(publisher, ("bis.gov",))
    file = await fetch(publisher.url("/old.csv"), patience=QUICK, allowed=allowed)
    assert file.content == BODY


async def test_an_address_out_of_reach_is_not_asked_at_all(publisher: Publisher):
    with pytest.raises(FetchFailedError, match="not to https"):
        await fetch(
            publisher.url("/new.csv"), patience=QUICK, allowed=AllowedServers(hosts=("bis.gov",))
        )
    assert publisher.requests == []
