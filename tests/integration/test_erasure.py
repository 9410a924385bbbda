"""Erasure: a name that was put into every place is found in all of them, and then in none."""

import asyncio
import hashlib
import json
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote
from uuid import UUID

import asyncpg
import pytest
from backports import zstd
from click.testing import CliRunner

from abeyance_screening.features.erasure.cli import EXIT_REMAINS
from abeyance_screening.features.erasure.cli import erase as erase_command
from abeyance_screening.features.erasure.columns import PLACES, WITHOUT_NAMES
from abeyance_screening.platform.postgres.database import connected, query
from abeyance_screening.platform.postgres.migrations import migrate
from abeyance_screening.primitives.errors import BadInputError
from tests.contract.test_guide_backup import binaries
from tests.forked import abeyance_command
from tests.integration import job_worker
from tests.integration.test_accounts import BATCH, LISTED_NAME, Account, Service
from tests.integration.test_judgements import hired
from tests.served import run, without_database_url

PATH = "/v1/counterparties"
OTHER: dict[str, Any] = {"name": "Plain Holding", "aliases": [LISTED_NAME]}
# No text, and nothing that could hold one.
_NUMBER = ("int2", "int4", "int8", "float8", "bool", "timestamptz", "date", "uuid")
_NUMBERS = {*_NUMBER, *(f"_{each}" for each in _NUMBER)}


class Erased(NamedTuple):
    """What the command says, as JSON, and its exit status."""

    status: int
    report: dict[str, Any]

    def places(self, which: str = "found") -> dict[str, int]:
        counts = dict[str, int]()
        for each in self.report[which]:
            counts[each["place"]] = counts.get(each["place"], 0) + each["count"]
        return counts


def command(dsn: str, *words: str) -> subprocess.CompletedProcess[str]:
    environment = without_database_url() | {"DATABASE_URL": dsn}
    return abeyance_command(("erase", *words), environment, Path.cwd())


def erase(dsn: str, *words: str) -> Erased:
    done = command(dsn, *words, "--json")
    assert done.stdout, done.stderr
    return Erased(done.returncode, json.loads(done.stdout))


@pytest.fixture(scope="module")
def ours(service: Service) -> Account:
    return Account(service, "ours", "admin")


async def holding(dsn: str, word: str) -> list[str]:
    """Every column of every table that holds a word, also within what is compressed."""
    found, low = list[str](), word.casefold()
    connection = await asyncpg.connect(dsn)
    columns = await connection.fetch(
        "select table_name, column_name, udt_name from information_schema.columns"
        " where table_schema = 'public'"
    )
    for table, column, kind in columns:
        if kind == "bytea":
            rows = await connection.fetch(f'select "{column}" from {table}')  # noqa: S608 - our own
            texts = (text for (value,) in rows if value is not None for text in texts_of(value))
            if any(low in text.casefold() for text in texts):
                found.append(f"{table}.{column}")
        elif kind not in _NUMBERS and await connection.fetchval(
            f'select exists (select from {table} where lower("{column}"::text) like $1)',  # noqa: S608 - our own
            f"%{low}%",
        ):
            found.append(f"{table}.{column}")
    sampled = await connection.fetch(
        "select tablename, attname from pg_stats"
        " where lower(concat(most_common_vals, histogram_bounds)) like $1",
        f"%{low}%",
    )
    await connection.close()
    return found + [f"sample of {table}.{column}" for table, column in sampled]


def texts_of(value: bytes) -> Iterator[str]:
    yield value.decode("utf-8", "replace")
    with suppress(zstd.ZstdError):
        yield zstd.decompress(value).decode("utf-8", "replace")


def dump(dsn: str) -> bytes:
    """All that PostgreSQL's own program writes of a database, where bytes are in hexadecimal."""
    words = [binaries() / "pg_dump", "--no-owner", dsn]
    return subprocess.run(words, check=True, capture_output=True).stdout.lower()


def is_in(dumped: bytes, word: str) -> bool:
    cased = (word, word.upper(), word.lower())
    return any(
        form in dumped
        for each in cased
        for form in (each.lower().encode(), each.encode().hex().encode())
    )


async def contents(dsn: str) -> dict[str, str]:
    """A digest of each table in which names are searched, but of the log, which is linked."""
    connection = await asyncpg.connect(dsn)
    tables = {each.partition(".")[0] for place in PLACES for each in place.columns}
    digests = {
        table: await connection.fetchval(
            f"select md5(string_agg(t::text, ' ' order by t::text)) from {table} as t"  # noqa: S608 - our own
        )
        for table in sorted(tables - {"audit_entry", "webhook_delivery"})
    }
    await connection.close()
    return digests


# --- Everything that a name gets into, and nothing afterwards.


class Kept(NamedTuple):
    """What was kept beside all that holds the name."""

    judgement: int
    other: str
    held: str


def put_everywhere(service: Service, dsn: str, ours: Account, name: str) -> Kept:
    hook = {"url": "https://receiver.invalid/hook", "events": ["*"], "names": True}
    assert ours.ask("POST", "/v1/webhooks", json=hook).status_code == HTTPStatus.CREATED
    asked = {"name": name, "aliases": [LISTED_NAME], "addresses": [f"c/o {name}, Lane 1"]}
    put = ours.ask("PUT", f"{PATH}/supplier-17", json=asked)
    listing = put.json()["answer"]["results"][0]["hits"][0]["listing"]["id"]
    judged = {"counterparty": "supplier-17", "listing": listing, "decision": "different"}
    made = ours.ask("POST", "/v1/judgements", json=judged | {"reason": f"{name} was born later"})
    for text in ("kept as it is", f"asked {name}"):
        alert = ours.ask("GET", "/v1/alerts", params={"counterparty": "plain"}).json()["items"]
        if not alert:
            ours.ask("PUT", f"{PATH}/plain", json=OTHER)
            alert = ours.ask("GET", "/v1/alerts", params={"counterparty": "plain"}).json()["items"]
        path = f"/v1/alerts/{alert[0]['id']}/comments"
        assert ours.ask("POST", path, json={"comment": text}).is_success
    reason = {"counterparty": "plain", "listing": listing, "decision": "different"}
    ours.ask("POST", "/v1/judgements", json=reason | {"reason": f"not {name.upper()}"})
    owner = {"name": name, "aliases": [LISTED_NAME], "share": 60}
    ours.ask("PUT", f"{PATH}/owned", json=OTHER | {"owners": [owner]})
    of_owner = {"counterparty": "owned", "owner": name, "listing": listing, "decision": "same"}
    assert ours.ask("POST", "/v1/judgements", json=of_owner | {"reason": "so"}).is_success
    keep_answers(ours, name)
    other, held = ours.screen("other")["id"], ours.screen("held")["id"]
    hold = f"/v1/screenings/{held}/hold"
    ours.ask("PUT", hold, json={"because": f"{name} sues"})
    ours.ask("DELETE", hold, params={"because": f"{name} has settled"})
    ours.ask("PUT", hold, json={"because": f"{name} sues again"})
    send_jobs(dsn, ours, name)
    release_with_four_eyes(service, dsn, name)
    asyncio.run(note_failure(dsn, name))
    return Kept(made.json()["items"][0]["id"], other, held)


def keep_answers(who: Account, name: str) -> None:
    """Keeps answers that hold a name: of screenings, of a table, and of a request's key."""
    body = {"counterparties": [{"name": name}]}
    assert who.ask("POST", "/v1/screenings", json=body).is_success
    escaped = "".join(f"\\u{ord(each):04X}" for each in name.upper())
    content = f'{{"counterparties": [{{"name": "{escaped}"}}]}}'
    headers = {"content-type": "application/json", "idempotency-key": f"of-{hyphened(name)}"}
    assert who.ask("POST", "/v1/screenings", content=content, headers=headers).is_success
    rows = {"name": f"{name}.csv", "rows": [{"number": 2, "cells": [name.replace(" ", "  ")]}]}
    assert who.ask("POST", "/spreadsheet/screen", json=BATCH | rows).is_success


def hyphened(name: str) -> str:
    """A name as a header may have it."""
    return name.replace(" ", "-")


def send_jobs(dsn: str, who: Account, name: str) -> None:
    """Sends a job that is read and one that is not, and cancels both."""
    for is_read in (True, False):
        params, body = {"name": "suppliers.csv"}, f"name\n{name}\n"
        job = who.ask("POST", "/v1/jobs", params=params, content=body).json()["id"]
        if is_read:
            asyncio.run(job_worker.read(dsn, UUID(job), rows_in_chunk=2))
        assert who.ask("DELETE", f"/v1/jobs/{job}").is_success


def release_with_four_eyes(service: Service, dsn: str, name: str) -> None:
    anna, ben = (hired(service, dsn, each) for each in ("anna", "ben"))
    anna.ask("PUT", "/v1/judgement-terms", json={"four_eyes": True})
    hold = f"/v1/screenings/{anna.screen('four')['id']}/hold"
    assert anna.ask("PUT", hold, json={"because": "audit"}).is_success
    waits = anna.ask("DELETE", hold, params={"because": f"{name} agrees"})
    assert waits.status_code == HTTPStatus.ACCEPTED
    assert ben.ask("POST", f"/v1/pending-changes/{waits.json()['id']}/approve").is_success


async def note_failure(dsn: str, name: str) -> None:
    """Records what pgqueuer would of work that fails, and has the planner sample all tables."""
    connection = await asyncpg.connect(dsn)
    await connection.execute(
        "insert into pgqueuer_log (job_id, status, priority, entrypoint, traceback)"
        " values (1, 'exception', 0, 'screen', jsonb_build_object('message', $1::text))",
        f"cannot screen {name}",
    )
    await connection.execute("analyze")
    await connection.close()


def test_a_name_that_was_everywhere_is_nowhere(
    service: Service, ours: Account, listed_database: str
):
    name = "Odrun Vexmoor"
    words = ("odrun  VEXMOOR", hyphened(name), "--all-accounts")
    kept = put_everywhere(service, listed_database, ours, name)
    untouched = ours.ask("GET", f"/v1/screenings/{kept.other}").content
    assert any("sample of" in each for each in asyncio.run(holding(listed_database, "vexmoor")))
    before = asyncio.run(contents(listed_database))
    assert is_in(dump(listed_database), "vexmoor")
    listed = erase(listed_database, *words)
    assert asyncio.run(contents(listed_database)) == before
    assert (listed.status, listed.report["erased"]) == (EXIT_REMAINS, False)
    operators = "what operators wrote about lists and law"
    places = {each.title for each in PLACES} - {operators, "audit log", "deliveries of webhooks"}
    assert listed.places().keys() == places
    assert {each["stays"] for each in listed.report["remains"]} == {
        "it is another counterparty, which names it",
        "it belongs to a counterparty that stays",
    }
    done = erase(listed_database, *words, "--yes")
    assert done.status == EXIT_REMAINS
    left = asyncio.run(holding(listed_database, "vexmoor"))
    assert {each.removeprefix("sample of ") for each in left} <= {
        "counterparty.body",
        "counterparty.lookups",
        "counterparty.standing",
        "event.dedup_key",
        "event.data",
        "judgement.basis",
        "judgement.owner",
    }
    assert done.report["found"] == listed.report["found"]
    assert [each["ids"] for each in done.report["remains"] if each["place"] == "counterparties"]
    whole = erase(listed_database, *words, "--yes", "--others-too")
    assert (whole.status, whole.report["remains"]) == (0, [])
    assert asyncio.run(holding(listed_database, "vexmoor")) == []
    assert not is_in(dump(listed_database), "vexmoor")
    check_rest(ours, kept, untouched)
    nothing = command(listed_database, *words)
    assert nothing.returncode == 0
    assert nothing.stdout.startswith("Nothing in the database holds the name.")
    assert "Backups and dumps made before" in nothing.stdout


def check_rest(ours: Account, kept: Kept, untouched: bytes) -> None:
    """What is about others is as it was, and of what was erased a record without names stays."""
    assert ours.ask("GET", f"/v1/screenings/{kept.other}").content == untouched
    assert ours.ask("GET", f"{PATH}/supplier-17").status_code == HTTPStatus.NOT_FOUND
    assert ours.ask("GET", f"{PATH}/plain").json()["counterparty"]["name"] == OTHER["name"]
    query = {"counterparty": "supplier-17"}
    (stays,) = ours.ask("GET", "/v1/judgements", params=query).json()["items"]
    assert (stays["id"], stays["state"], stays["decision"]) == (
        kept.judgement,
        "gone",
        "different",
    )
    assert (stays["reason"], stays["asked_by"]) == ("", "ours")
    assert ours.ask("GET", "/v1/alerts", params=query).json()["items"]
    alerts = ours.ask("GET", "/v1/alerts", params={"counterparty": "plain"}).json()["items"]
    assert [each["text"] for each in alerts[0]["comments"]] == ["kept as it is", ""]
    hold = ours.ask("GET", f"/v1/screenings/{kept.held}/hold").json()
    assert (hold["held_by"], hold["held_because"]) == ("ours", "")
    log = ours.ask("GET", "/v1/audit", params={"about": kept.held}).json()["items"]
    told = [each["details"] for each in log if each["action"].startswith("screening.")]
    assert [len(each["because_sha256"]) for each in told if each] == [64, 64, 64]


def test_the_erasure_is_one_entry_of_the_log_with_counts_and_no_name(
    service: Service, ours: Account, listed_database: str
):
    ours.ask("POST", "/v1/screenings", json={"counterparties": [{"name": "Yttrib Onquell"}]})
    done = erase(listed_database, "YTTRIB onquell", "--yes", "--account", "ours")
    assert (done.status, done.places()) == (0, {"kept screenings": 1})
    log = service.get(
        "/v1/installation/audit", params={"action": "erasure.done", "account": "ours"}
    )
    (entry,) = (
        each for each in log.json()["items"] if each["about"] == done.report["names_sha256"]
    )
    assert entry["details"] == {"erased": {"kept screenings": 1}}
    assert "onquell" not in log.text.casefold()


def test_ids_that_are_names_become_digests_everywhere(ours: Account, listed_database: str):
    """In the audit log too, whose chain stays whole."""
    name = "Brannoc Thistlewyke"
    path = f"{PATH}/{quote(name)}"
    put = ours.ask("PUT", path, json=OTHER | {"name": name})
    listing = put.json()["answer"]["results"][0]["hits"][0]["listing"]["id"]
    judged = {"counterparty": name, "listing": listing, "decision": "different", "reason": "no"}
    assert ours.ask("POST", "/v1/judgements", json=judged).status_code == HTTPStatus.CREATED
    assert ours.ask("GET", path).is_success
    before = run(listed_database, "audit", "--check")
    assert "as written" in before
    done = erase(listed_database, name, "--yes", "--account", "ours")
    assert (done.status, done.report["remains"]) == (0, [])
    assert "audit log" in done.places()
    assert asyncio.run(holding(listed_database, "thistlewyke")) == []
    assert not is_in(dump(listed_database), "thistlewyke")
    head = before.rpartition("Head: ")[2].strip()
    assert "as written" in run(listed_database, "audit", "--check", "--head", head)
    judgements = ours.ask("GET", "/v1/judgements").json()["items"]
    (stays,) = [each for each in judgements if each["counterparty"].startswith("sha256:")]
    alerts = ours.ask("GET", "/v1/alerts", params={"counterparty": stays["counterparty"]})
    assert alerts.json()["items"]


def test_what_is_held_or_runs_remains_and_is_told(ours: Account, listed_database: str):
    name = "Corvane Umberlight"
    asked = {"counterparties": [{"id": "kept", "name": name}]}
    ours.ask("PUT", f"{PATH}/kept", json={"name": name})
    screening = ours.ask("POST", "/v1/screenings", json=asked).json()["id"]
    hold = f"/v1/screenings/{screening}/hold"
    assert ours.ask("PUT", hold, json={"because": "customs asked"}).is_success
    params = {"name": f"{name}.csv"}
    job = ours.ask("POST", "/v1/jobs", params=params, content="name\nX\n").json()["id"]
    done = erase(listed_database, name, "--yes", "--account", "ours")
    assert done.status == EXIT_REMAINS
    why = {each["place"]: each["stays"] for each in done.report["remains"]}
    assert why["kept screenings"] == "it is held as evidence by ours"
    assert why["counterparties"] == f"screening {screening} about it is held as evidence by ours"
    assert why["jobs"] == "it still runs: cancel it first"
    assert "tables of jobs as they were sent" in why
    shown = command(listed_database, name, "--yes", "--account", "ours").stdout
    assert "held as evidence by ours" in " ".join(shown.split())
    ours.ask("DELETE", hold, params={"because": "over"})
    ours.ask("DELETE", f"/v1/jobs/{job}")
    assert erase(listed_database, name, "--account", "main").report["remains"] != []
    assert (
        erase(listed_database, "--counterparty", "kept", "--account", "ours", "--yes").status == 0
    )
    assert asyncio.run(holding(listed_database, "umberlight")) == []


def test_what_lists_say_deletes_no_other_counterparty_and_is_told(
    ours: Account, listed_database: str
):
    put = ours.ask("PUT", f"{PATH}/hits-it", json={"name": "Bank Melli"}).json()
    names = put["answer"]["results"][0]["hits"][0]["listing"]["names"]
    name = max((each["text"] for each in names), key=len)
    assert name.casefold() not in "bank melli"
    done = erase(listed_database, name, "--yes", "--others-too", "--account", "ours")
    assert done.status == EXIT_REMAINS
    assert done.report["listed"] > 0
    assert ours.ask("GET", f"{PATH}/hits-it").status_code == HTTPStatus.OK
    shown = command(listed_database, name, "--account", "ours").stdout
    assert "is on lists too" in " ".join(shown.split())


def test_names_come_from_standard_input_a_line_each(listed_database: str):
    environment = {"DATABASE_URL": listed_database}
    given = "Nobody  Here\n\nnobody here\nNobody There\n"
    done = CliRunner().invoke(erase_command, ["-", "--json"], input=given, env=environment)
    assert done.exit_code == 0, done.output
    digest = hashlib.sha256(b"nobody here\nnobody there").hexdigest()
    assert json.loads(done.output)["names_sha256"] == digest
    refused = CliRunner().invoke(erase_command, ["-"], input="No\0body\n", env=environment)
    assert isinstance(refused.exception, BadInputError)
    assert refused.exception.field == "NAME"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([" "], "NAME: is empty"),
        (["A"], "NAME: is empty, or shorter than 2 letters"),
        ([], "NAME: give names, or --counterparty, and not both"),
        (["Anna", "--counterparty", "1"], "NAME: give names, or --counterparty, and not both"),
        (["Anna", "--account", "nobody"], "--account: no account is called 'nobody'"),
        (["--counterparty", "nobody"], "no counterparty 'nobody'"),
    ],
    ids=["empty", "a letter", "nothing", "both", "account", "counterparty"],
)
def test_what_cannot_be_erased_is_refused(listed_database: str, words: list[str], said: str):
    done = command(listed_database, *words, "--yes")
    assert (done.returncode, done.stdout) == (1, "")
    assert said in done.stderr


async def test_every_column_is_classified_once(fresh_database: str):
    async with connected(fresh_database) as connection:
        await migrate(connection)
        rows = await connection.fetch(
            "select table_name || '.' || column_name, udt_name from information_schema.columns"
            " where table_schema = 'public'"
        )
    there = sorted(name for name, kind in rows if kind not in _NUMBERS)
    searched = [each for place in PLACES for each in place.columns]
    others = [
        f"{table}.{column}"
        for tables in WITHOUT_NAMES.values()
        for table, columns in tables.items()
        for column in columns.split()
    ]
    assert sorted(searched + others) == there


def test_every_place_is_searched_and_erased_by_its_columns():
    for place in PLACES:
        texts = query(place.find) + ("" if place.erase is None else query(place.erase))
        assert all(each.partition(".")[2] in texts or "piece" in each for each in place.columns)
