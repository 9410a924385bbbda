"""Webhooks over HTTP: what callers make, see, and never see; and where nothing is ever sent."""

import logging
import ssl
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from litestar import Litestar
from litestar.testing import TestClient
from standardwebhooks import Webhook as Verifier

from abeyance_screening.app.application import create_app
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.features.webhooks.addresses import ReceiverPolicy
from abeyance_screening.features.webhooks.sending import Sender
from abeyance_screening.features.webhooks.store import MOST_WEBHOOKS
from abeyance_screening.platform.settings import Settings
from tests.integration.conftest import wait_until_ready
from tests.integration.receiver import HookReceiver, answering, receiving, receiving_beside
from tests.served import run, wait_for

NOBODY = "00000000-0000-4000-8000-000000000000"
HOST = "hook.example"
type Service = TestClient[Litestar]


@pytest.fixture(scope="module")
def receiver() -> Iterator[HookReceiver]:
    with receiving_beside() as one:
        yield one


@pytest.fixture(scope="module")
def admin(listed_database: str) -> str:
    return run(listed_database, "keys", "add", "admin", "--scope", "operator").strip()


@pytest.fixture(scope="module")
def service(listed_database: str, bundled_index: ListingIndex, admin: str) -> Iterator[Service]:
    settings = Settings(
        data_dir=Path(),
        database_url=listed_database,
        access="keys",
        webhook_networks=("127.0.0.0/8",),
    )
    with TestClient(create_app(settings, bundled_index), raise_server_exceptions=False) as client:
        wait_until_ready(client)
        client.headers["x-api-key"] = admin
        yield client


def key_of(service: Service, account: str, scope: str = "webhooks") -> Mapping[str, str]:
    asked = {"name": "k", "account": account, "owner": account, "scopes": [scope]}
    return {"x-api-key": service.post("/v1/keys", json=asked).json()["secret"]}


def add(service: Service, key: Mapping[str, str], url: str, **asked: Any) -> dict[str, Any]:
    made = service.post("/v1/webhooks", json={"url": url, **asked}, headers=key)
    assert made.status_code == 201, made.text
    return made.json()


def test_a_test_arrives_and_its_delivery_is_listed(service: Service, receiver: HookReceiver):
    key = key_of(service, "life")
    made = add(service, key, receiver.url, events=["*"])
    assert set(made) == {"id", "secret"}
    assert made["secret"].startswith("whsec_")
    address = f"/v1/webhooks/{made['id']}"
    shown = service.get(address, headers=key).json()
    said = {"id": made["id"], "url": receiver.url, "events": ["*"], "enabled": True}
    assert said.items() <= shown.items()
    assert service.get("/v1/webhooks", headers=key).json() == {"items": [shown]}
    # a test arrives, signed with the secret
    queued = service.post(f"{address}/test", headers=key)
    assert queued.status_code == 202
    wait_for(lambda: queued.json()["id"] in receiver.taken, "the test")
    came = next(each for each in receiver.came if each.id == queued.json()["id"])
    sent = Verifier(made["secret"]).verify(came.body, came.headers)
    assert (sent["type"], sent["data"]) == ("webhook.test", {"webhook": made["id"]})
    deliveries = f"{address}/deliveries"

    def delivered() -> list[dict[str, Any]]:
        items = service.get(deliveries, headers=key).json()["items"]
        return [each for each in items if each["state"] == "delivered"]

    wait_for(lambda: bool(delivered()), "its delivery")
    (delivery,) = delivered()
    assert (delivery["id"], delivery["status"], delivery["tries"]) == (came.id, 200, 1)


def test_a_resent_delivery_is_the_same_and_signed_with_both_secrets(
    service: Service, receiver: HookReceiver
):
    key = key_of(service, "rotating")
    made = add(service, key, receiver.url)
    address = f"/v1/webhooks/{made['id']}"
    test = service.post(f"{address}/test", headers=key).json()["id"]
    wait_for(lambda: test in receiver.taken, "the test")
    rotated = service.post(f"{address}/rotate", headers=key).json()
    assert set(rotated) == {"secret"}
    again = service.post(f"{address}/deliveries/{test}/resend", headers=key)
    assert (again.status_code, again.json()) == (202, {"id": test})
    wait_for(lambda: receiver.taken.count(test) == 2, "the second")
    first, second = (each for each in receiver.came if each.id == test)
    assert first.body == second.body
    for secret in (made["secret"], rotated["secret"]):
        assert Verifier(secret).verify(second.body, second.headers) == second.said


def test_a_secret_is_shown_once_and_stands_in_no_log(
    service: Service, receiver: HookReceiver, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    # as the service has it: at INFO it logs addresses
    caplog.set_level(logging.WARNING, "httpx")
    key = dict[str, str]()
    made = add(service, key, receiver.url)
    address = f"/v1/webhooks/{made['id']}"
    secrets = [made["secret"], service.post(f"{address}/rotate", headers=key).json()["secret"]]
    test = service.post(f"{address}/test", headers=key).json()["id"]
    wait_for(lambda: test in receiver.taken, "the test")
    shown = service.get(address, headers=key).text
    assert service.delete(address, headers=key).status_code == 204
    assert service.get(address, headers=key).status_code == 404
    audit = service.get("/v1/audit", params={"about": made["id"]})
    for secret in secrets:
        assert secret.removeprefix("whsec_") not in caplog.text + shown + audit.text
    # the address may hold a secret of the receiver
    assert "sesame" not in caplog.text + audit.text
    actions = {each["action"] for each in audit.json()["items"]}
    assert {"webhook.added", "webhook.rotated", "webhook.deleted"} <= actions


def test_a_webhook_that_is_off_is_turned_on_again(service: Service):
    key = key_of(service, "on-again")
    with receiving_beside() as gone:
        gone.answer = answering(410)
        made = add(service, key, gone.url)
        address = f"/v1/webhooks/{made['id']}"
        service.post(f"{address}/test", headers=key)
        wait_for(lambda: not service.get(address, headers=key).json()["enabled"], "it is off")
        shown = service.get(address, headers=key).json()
        assert "(410)" in shown["disabled_because"]
        gone.answer = answering(200)
        assert service.post(f"{address}/enable", headers=key).json()["enabled"]
        # the test, and the event that says that it was turned off
        wait_for(lambda: len(gone.came) == 3, "what waited")
    assert {each.said["type"] for each in gone.came} == {"webhook.test", "webhook.disabled"}


def test_no_account_reaches_the_webhooks_of_another(service: Service, receiver: HookReceiver):
    ours, theirs = key_of(service, "ours"), key_of(service, "theirs")
    made = add(service, ours, receiver.url)
    address = f"/v1/webhooks/{made['id']}"
    delivery = service.post(f"{address}/test", headers=ours).json()["id"]
    for method, path in (
        ("GET", address),
        ("DELETE", address),
        ("POST", f"{address}/test"),
        ("POST", f"{address}/rotate"),
        ("POST", f"{address}/enable"),
        ("GET", f"{address}/deliveries"),
        ("POST", f"{address}/deliveries/{delivery}/resend"),
    ):
        refused = service.request(method, path, headers=theirs)
        missing = service.request(method, path.replace(made["id"], NOBODY), headers=theirs)
        assert (refused.status_code, missing.status_code) == (404, 404), path
    assert service.get("/v1/webhooks", headers=theirs).json() == {"items": []}
    assert service.get(address, headers=ours).json()["enabled"]


def test_a_request_that_comes_again_makes_one_webhook_and_keeps_no_secret(
    service: Service, receiver: HookReceiver
):
    key = {**key_of(service, "once"), "idempotency-key": "once-1"}
    first, second = (add(service, key, receiver.url) for _ in range(2))
    assert first["id"] == second["id"]
    assert (second["secret"], len(service.get("/v1/webhooks", headers=key).json()["items"])) == (
        None,
        1,
    )


def test_deliveries_come_in_pages(service: Service, receiver: HookReceiver):
    key = key_of(service, "pages")
    address = f"/v1/webhooks/{add(service, key, receiver.url)['id']}"
    tests = [service.post(f"{address}/test", headers=key).json()["id"] for _ in range(5)]
    found, cursor = [], None
    while True:
        asked = {"limit": 2} | ({} if cursor is None else {"cursor": cursor})
        page = service.get(f"{address}/deliveries", params=asked, headers=key).json()
        found += [each["id"] for each in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert found == tests[::-1]
    foreign = service.get("/v1/lists", params={"limit": 1}).json()["next_cursor"]
    asked = {"cursor": foreign}
    refused = service.get(f"{address}/deliveries", params=asked, headers=key)
    assert refused.json()["errors"][0]["field"] == "cursor"


def test_an_account_has_so_many_webhooks_and_no_more(service: Service, receiver: HookReceiver):
    key = key_of(service, "many")
    for _ in range(MOST_WEBHOOKS):
        add(service, key, receiver.url, events=["rescreened"])
    refused = service.post("/v1/webhooks", json={"url": receiver.url}, headers=key)
    assert "delete one first" in refused.json()["errors"][0]["reason"]


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        pytest.param({"url": "https://a:b@erp.example/"}, "url", id="a password"),
        pytest.param({"url": "https://10.0.0.1/"}, "url", id="an inner address"),
        pytest.param({"url": "https://[::ffff:10.0.0.1]/"}, "url", id="a mapped one"),
        pytest.param({"url": "https://0x7f.1/"}, "url", id="a number"),
        pytest.param({"url": "http://93.184.215.14/"}, "url", id="no TLS"),
        pytest.param({"url": "https://e.example/", "events": ["hit"]}, "events[0]", id="no type"),
        pytest.param({"url": "https://e.example/", "events": []}, "events", id="no event"),
        pytest.param({"url": "https://e.example/", "secret": "x"}, "secret", id="a secret"),
        pytest.param({}, "url", id="no address"),
    ],
)
def test_what_cannot_be_a_webhook_is_refused_naming_the_field(
    service: Service, asked: dict[str, Any], field: str
):
    refused = service.post("/v1/webhooks", json=asked)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, field)


def test_a_service_without_keys_sends_to_its_own_machine(
    listed_database: str, bundled_index: ListingIndex, receiver: HookReceiver
):
    settings = Settings(data_dir=Path(), database_url=listed_database)
    with TestClient(create_app(settings, bundled_index)) as client:
        made = client.post("/v1/webhooks", json={"url": receiver.url})
        assert made.status_code == 201
        test = client.post(f"/v1/webhooks/{made.json()['id']}/test").json()["id"]
        wait_for(lambda: test in receiver.taken, "the test")
        assert client.delete(f"/v1/webhooks/{made.json()['id']}").status_code == 204


def test_metrics_tell_what_waits(service: Service):
    said = service.get("/metrics").text
    assert "abeyance_webhooks_failing 0.0" in said
    assert "abeyance_webhook_deliveries_waiting" in said


# --- The line: names are pinned to addresses that were checked, and certificates to names.


def certificate(folder: Path, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """What a server of a name shows, and what trusts it."""
    key, now = generate_private_key(SECP256R1()), datetime.now(UTC)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file = folder / "server.pem"
    file.write_bytes(secret + made.public_bytes(Encoding.PEM))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    return server, ssl.create_default_context(cadata=made.public_bytes(Encoding.PEM).decode())


class Names:
    """A name server that gives each answer once, and the last one again."""

    def __init__(self, *answers: tuple[str, ...]) -> None:
        self.answers = list(answers)
        self.asked = list[str]()

    async def __call__(self, host: str, _port: int) -> Sequence[str]:
        self.asked.append(host)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


LOCAL = ReceiverPolicy(is_local=True)
HEADERS = {"webhook-id": "x"}


def now() -> datetime:
    return datetime.now(UTC)


async def test_a_certificate_must_be_that_of_the_name_although_the_line_goes_to_an_address(
    tmp_path: Path,
):
    served, trusted = certificate(tmp_path, HOST)
    async with receiving(served) as receiver:
        sender = Sender(LOCAL, Names(("127.0.0.1",)), now, trusted)
        url = f"https://{HOST}:{receiver.port}/hook"
        assert (await sender.send(url, b"{}", HEADERS)).fault is None
        assert receiver.came[0].headers["host"] == f"{HOST}:{receiver.port}"
        other = await sender.send(url.replace(HOST, "other.example"), b"{}", HEADERS)
        assert "certificate is not trusted" in (other.fault or "")
        stranger = Sender(LOCAL, Names(("127.0.0.1",)), now)
        assert "certificate" in ((await stranger.send(url, b"{}", HEADERS)).fault or "")
        await sender.close()
        await stranger.close()
    assert len(receiver.came) == 1


async def test_a_name_that_leads_elsewhere_later_is_refused_then():
    async with receiving() as receiver:
        names = Names(("127.0.0.1",), ("127.0.0.1", "169.254.169.254"))
        sender = Sender(LOCAL, names, now)
        url = f"http://{HOST}:{receiver.port}/hook"
        assert (await sender.send(url, b"{}", HEADERS)).fault is None
        refused = await sender.send(url, b"{}", HEADERS)
        assert "not sent" in (refused.fault or "")
        await sender.close()
    # a name is looked up once a try, and the line goes to what was checked
    assert (len(receiver.came), names.asked) == (1, [HOST, HOST])


async def test_the_next_address_of_a_name_is_tried_where_nobody_listens():
    async with receiving() as receiver:
        sender = Sender(LOCAL, Names(("::1", "127.0.0.2", "127.0.0.1")), now)
        outcome = await sender.send(f"http://{HOST}:{receiver.port}/hook", b"{}", HEADERS)
        assert (outcome.status, len(receiver.came)) == (200, 1)
        await sender.close()


async def test_a_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch):
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    async with receiving() as receiver:
        sender = Sender(LOCAL, Names(("127.0.0.1",)), now)
        outcome = await sender.send(f"http://{HOST}:{receiver.port}/hook", b"{}", HEADERS)
        assert outcome.status == 200
        await sender.close()
