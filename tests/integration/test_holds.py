"""A screening held as evidence: neither its age nor anybody deletes it until it is released."""

import asyncio
import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path

import asyncpg
import pytest
from litestar.testing import TestClient

from abeyance_screening.app.application import create_app
from abeyance_screening.app.background import tidy
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.platform.settings import SCOPES, Scope, Settings
from abeyance_screening.platform.stores.accounts import open_accounts
from tests.forked import abeyance_command
from tests.integration.conftest import wait_until_ready
from tests.integration.test_accounts import NOWHERE, Account, Service
from tests.served import FixedClock, run, without_database_url

KEPT = timedelta(days=30)
WHY = "Customs asked about it, reference 4711"


@pytest.fixture(scope="module")
def clock() -> FixedClock:
    return FixedClock(datetime.now(UTC))


@pytest.fixture(scope="module")
def service(
    listed_database: str, bundled_index: ListingIndex, clock: FixedClock
) -> Iterator[Service]:
    key = run(listed_database, "keys", "add", "first", "--scope", "operator").strip()
    settings = Settings(
        data_dir=Path(),
        database_url=listed_database,
        access="keys",
        keep_screenings_days=KEPT.days,
    )
    app = create_app(settings, bundled_index, clock)
    with TestClient(app, raise_server_exceptions=False) as client:
        wait_until_ready(client)
        client.headers["x-api-key"] = key
        yield client


@pytest.fixture(scope="module")
def ours(service: Service) -> Account:
    return Account(service, "ours")


def hold(who: Account, screening: str, because: str = WHY) -> int:
    return who.ask(
        "PUT", f"/v1/screenings/{screening}/hold", json={"because": because}
    ).status_code


def release(who: Account, screening: str) -> int:
    return who.ask(
        "DELETE", f"/v1/screenings/{screening}/hold", params={"because": "settled"}
    ).status_code


def logged(who: Account, screening: str) -> list[tuple[str, str, dict[str, str]]]:
    entries = who.ask("GET", "/v1/audit", params={"about": screening}).json()["items"]
    changes = [each for each in entries if each["action"] != "screening.read"]
    return [(each["action"], each["outcome"], each["details"]) for each in reversed(changes)]


def told(because: str) -> dict[str, str]:
    """What the log tells of a reason, which may name somebody."""
    return {"because_sha256": hashlib.sha256(because.encode()).hexdigest()}


def test_nobody_deletes_what_is_held_and_the_log_says_who_held_and_released_it(ours: Account):
    screening = ours.screen("a")["id"]
    path = f"/v1/screenings/{screening}"
    assert ours.ask("GET", f"{path}/hold").status_code == HTTPStatus.NOT_FOUND
    assert hold(ours, screening) == HTTPStatus.OK
    held = ours.ask("GET", f"{path}/hold").json()
    assert (held["held_by"], held["held_because"]) == ("ours", WHY)
    refused = ours.ask("DELETE", path)
    assert refused.status_code == HTTPStatus.CONFLICT
    assert refused.json()["type"].endswith("/problems/screening-held")
    assert ours.ask("GET", path).status_code == HTTPStatus.OK
    assert hold(ours, screening, "and the police") == HTTPStatus.OK
    again = ours.ask("GET", f"{path}/hold").json()
    assert (again["held_at"], again["held_because"]) == (held["held_at"], "and the police")
    (listed,) = (each for each in ours.listed() if each["id"] == screening)
    assert {key: listed[key] for key in again} == again
    assert release(ours, screening) == HTTPStatus.NO_CONTENT
    assert release(ours, screening) == HTTPStatus.NOT_FOUND
    assert ours.ask("DELETE", path).status_code == HTTPStatus.NO_CONTENT
    assert logged(ours, screening) == [
        ("screening.held", "done", told(WHY)),
        ("screening.deleted", "refused", {"problem": "screening-held"}),
        ("screening.held", "done", told("and the police")),
        ("screening.released", "done", told("settled")),
        ("screening.released", "not_found", {"problem": "not-found"}),
        ("screening.deleted", "done", {}),
    ]


@pytest.mark.parametrize("scope", SCOPES)
def test_only_those_who_may_hold_do(service: Service, ours: Account, scope: Scope):
    """`delete` does not hold or release, and `hold` does not delete."""
    screening = ours.screen("scope")["id"]
    key = service.post(
        "/v1/keys",
        json={"name": f"only-{scope}", "account": "ours", "owner": "o", "scopes": [scope]},
    ).json()["secret"]
    one = Account.__new__(Account)
    one.key, one.service = key, service
    may_hold = scope in {"hold", "admin", "operator"}
    assert (hold(one, screening) == HTTPStatus.OK) is may_hold
    assert hold(ours, screening) == HTTPStatus.OK
    assert (release(one, screening) == HTTPStatus.NO_CONTENT) is may_hold
    release(ours, screening)
    deleted = one.ask("DELETE", f"/v1/screenings/{screening}").status_code
    may_delete = scope in {"delete", "admin", "operator"}
    assert (deleted == HTTPStatus.NO_CONTENT) is may_delete


def test_another_account_neither_holds_nor_releases_nor_sees_it(service: Service, ours: Account):
    others, screening = Account(service, "others"), ours.screen("b")["id"]
    assert hold(ours, screening) == HTTPStatus.OK
    assert hold(others, screening) == release(others, screening) == HTTPStatus.NOT_FOUND
    shown = others.ask("GET", f"/v1/screenings/{screening}/hold")
    unknown = others.ask("GET", f"/v1/screenings/{NOWHERE}/hold")
    assert shown.status_code == unknown.status_code == HTTPStatus.NOT_FOUND
    assert hold(others, NOWHERE) == HTTPStatus.NOT_FOUND


async def test_what_is_held_outlives_its_time_and_goes_after_its_release(
    ours: Account, clock: FixedClock, listed_database: str
):
    held, other = ours.screen("held")["id"], ours.screen("other")["id"]
    assert hold(ours, held) == HTTPStatus.OK
    clock.now += KEPT + timedelta(days=1)
    async with open_accounts(listed_database, lambda: clock.now - KEPT) as store:
        await tidy(listed_database, store)
        for page in (f"/v1/screenings/{held}", f"/evidence/{held}"):
            assert ours.ask("GET", page).status_code == HTTPStatus.OK
        assert hold(ours, held) == HTTPStatus.OK
        assert hold(ours, other) == HTTPStatus.NOT_FOUND
        ids = {each["id"] for each in ours.listed()}
        assert (held in ids, other in ids) == (True, False)
        assert held in {each["id"] for each in ours.listed(counterparty_id="held")}
        # a day that is asked for counts for it too
        assert held not in {each["id"] for each in ours.listed(**{"from": clock.now.date()})}
        assert release(ours, held) == HTTPStatus.NO_CONTENT
        assert ours.ask("GET", f"/v1/screenings/{held}").status_code == HTTPStatus.NOT_FOUND
        await tidy(listed_database, store)
    assert await of_database(listed_database, held) == 0


async def of_database(dsn: str, screening: str) -> int:
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetchval("select count(*) from screening where id = $1", screening)
    finally:
        await connection.close()


def test_a_program_that_knows_of_no_hold_deletes_nothing_that_is_held(
    ours: Account, listed_database: str
):
    screening = ours.screen("old program")["id"]
    assert hold(ours, screening) == HTTPStatus.OK

    async def delete() -> str:
        connection = await asyncpg.connect(listed_database)
        try:
            return await connection.execute("delete from screening where id = $1", screening)
        finally:
            await connection.close()

    assert asyncio.run(delete()) == "DELETE 0"
    command = ("screenings", "delete", screening, "--account", "ours")
    environment = without_database_url() | {"DATABASE_URL": listed_database}
    refused = abeyance_command(command, environment, Path.cwd())
    assert refused.returncode == 1
    assert "held as evidence" in refused.stderr
    assert release(ours, screening) == HTTPStatus.NO_CONTENT
    assert asyncio.run(delete()) == "DELETE 1"


def test_the_page_of_the_evidence_says_that_it_is_held(ours: Account):
    screening = ours.screen("page")["id"]
    page = f"/evidence/{screening}"
    assert WHY not in ours.ask("GET", page).text
    assert hold(ours, screening) == HTTPStatus.OK
    shown = ours.ask("GET", page).text
    assert f"by ours: {WHY}" in shown
    assert "until it is released" in shown


@pytest.mark.parametrize("may_delete", [True, False], ids=["may", "may not"])
def test_only_those_who_may_delete_are_shown_a_button_for_it(service: Service, may_delete: bool):
    name = f"buttons-{may_delete}".lower()
    scopes = ("screen", "jobs", "read", *(("delete",) if may_delete else ()))
    one = Account(service, name, *scopes)
    table = one.table()
    plain = one.ask("GET", f"/spreadsheet/{table}", params={"plain": "yes"}).text
    assert ("Delete these results</button>" in plain) is may_delete
    assert "These results stay at this address" in plain
    with_script = one.ask("GET", f"/spreadsheet/{table}").text
    assert ("data-here-only hidden" in with_script) is not may_delete
    upload = one.ask("GET", "/spreadsheet").text
    assert ('id="job-delete"' in upload) is may_delete
