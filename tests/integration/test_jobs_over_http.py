"""Jobs over HTTP: a table sent in pieces, and its results while it goes on and after."""

import asyncio
import csv
import gzip
import io
import json
import re
import shlex
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http import HTTPStatus
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import httpx
import pytest
from arro3.io import read_parquet
from openpyxl import load_workbook

from abeyance_screening.app.application import create_app
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.engine.tables import COLUMNS
from abeyance_screening.features.jobs.worker import run_worker
from abeyance_screening.features.screen.cli_output import EXIT_HITS
from abeyance_screening.platform.http.connections import BoundedProtocol, ConnectionLimits
from abeyance_screening.platform.postgres.database import connected
from abeyance_screening.platform.settings import Settings
from abeyance_screening.platform.stores.processes import seen_as
from tests.contract.test_readme import BLOCK, assert_within
from tests.forked import abeyance_command
from tests.integration import job_worker
from tests.served import ask, listening, wait_for, without_database_url

ROOT = Path(__file__).parents[2]
FORMULA = '=HYPERLINK("https://example.org")'
TABLE = (
    "Id,Name,Country\n"
    "C-1,Bank Melli,IR\n"
    "C-2,Plain Bakery of Lower Wherever,DE\n"
    "C-3,,DE\n"
    f'C-4,"{FORMULA.replace('"', '""')}",DE\n'
    "C-5,Rosoboronexport,RU\n"
)
DAYS = {"as_of": "2026-11-24", "known_at": "2026-11-24"}
ASKED = {"lists": ["us_ofac_sdn", "un_sc"], **DAYS}
MOST_BYTES = 5_000_000


class Impatient(BoundedProtocol):
    """A connection on which a body may take half a second, and an upload stand still for four."""

    limits = ConnectionLimits(body_s=0.5, unread_s=4.0, look_every_s=0.1)


@pytest.fixture(scope="module")
def address(listed_database: str, bundled_index: ListingIndex) -> Iterator[str]:
    settings = Settings(data_dir=Path(), database_url=listed_database, job_bytes=MOST_BYTES)
    with listening(create_app(settings, bundled_index), Impatient) as address:
        yield address


@pytest.fixture
def client(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, timeout=60) as client:
        yield client


@pytest.fixture(scope="module")
def worker(listed_database: str, for_all: Path) -> Iterator[None]:
    """A worker beside the service, as `abeyance work` has one; it takes every job from then on."""
    settings = Settings(data_dir=for_all, database_url=listed_database, keep_indexes=True)

    async def work() -> None:
        stopping.append((asyncio.get_running_loop(), asyncio.Event()))
        await run_worker(settings, listed_database, stopping[0][1])

    stopping = list[tuple[asyncio.AbstractEventLoop, asyncio.Event]]()
    thread = threading.Thread(target=asyncio.run, args=[work()], daemon=True)
    thread.start()
    yield
    loop, stop = stopping[0]
    loop.call_soon_threadsafe(stop.set)
    thread.join(30)


def sent(client: httpx.Client, body: Any = TABLE, **headers: str) -> httpx.Response:
    params = {**ASKED, "name": "parties.csv"}
    return client.post("/v1/jobs", params=params, content=body, headers=headers)


def fields(answer: httpx.Response) -> list[str]:
    assert answer.status_code == HTTPStatus.BAD_REQUEST, answer.text
    return [each["field"] for each in answer.json()["errors"]]


def lines_in(answer: httpx.Response) -> list[Any]:
    return [json.loads(each) for each in answer.text.splitlines()]


def count_of(dsn: str) -> int:
    """How many jobs there are, those that nobody sees too."""

    async def count() -> int:
        async with connected(dsn) as connection:
            return await connection.fetchval("select count(*) from job where deleted_at is null")

    return asyncio.run(count())


async def test_a_job_says_that_no_worker_has_been_seen_for_a_minute(
    client: httpx.Client, listed_database: str
):
    alone = sent(client).json()
    assert alone["no_worker"] == (
        "No worker has been seen in the last day; the job waits until one runs (`abeyance work`)."
    )
    async with seen_as(listed_database, "worker", None):

        def no_worker() -> str | None:
            return client.get(f"/v1/jobs/{alone['id']}").json()["no_worker"]

        await asyncio.to_thread(wait_for, lambda: no_worker() is None, "the worker to be seen")
    async with connected(listed_database) as connection:
        await connection.execute(
            "insert into process values ($1, 'worker', now(), now() - interval '61 seconds', 0)",
            UUID(int=1),
        )
        said = no_worker() or ""
        await connection.execute("delete from process")
    for _ in range(2):
        await asyncio.to_thread(client.delete, f"/v1/jobs/{alone['id']}")
    assert re.fullmatch(r"No worker has been seen since \d{4}-\d\d-\d\d \d\d:\d\d UTC; .*", said)


def test_a_table_is_taken_in_pieces_and_answered_with_its_job(client: httpx.Client):
    pieces = iter([TABLE[:30].encode(), TABLE[30:].encode()])
    answer = sent(client, pieces)
    assert answer.status_code == HTTPStatus.ACCEPTED, answer.text
    job = answer.json()
    assert answer.headers["location"] == f"/v1/jobs/{job['id']}"
    assert client.get(answer.headers["location"]).json() == job
    assert (job["name"], job["format"], job["stage"]) == ("parties.csv", "csv", "reading")
    assert (job["bytes"], job["rows"], job["rate"]) == (len(TABLE), None, None)
    left_open = {"profile": None, "since": None, "threshold": None}
    assert job["terms"] == {**ASKED, **left_open, "limit": 10}
    packed = sent(client, gzip.compress(TABLE.encode()), **{"content-encoding": "gzip"}).json()
    assert packed["bytes"] == len(TABLE)
    listed = client.get("/v1/jobs", params={"limit": 1}).json()
    assert [each["id"] for each in listed["items"]] == [packed["id"]]
    rest = client.get("/v1/jobs", params={"cursor": listed["next_cursor"]}).json()
    assert [each["id"] for each in rest["items"]] == [job["id"]]
    assert rest["next_cursor"] is None
    # nothing is there yet, and no job has a cursor of nobody's
    results = client.get(f"/v1/jobs/{job['id']}/results")
    assert (results.status_code, results.content) == (HTTPStatus.OK, b"")
    assert fields(client.get("/v1/jobs", params={"cursor": "am9icyB4"})) == ["cursor"]
    for each in (job, packed):
        cancelled = client.delete(f"/v1/jobs/{each['id']}")
        assert (cancelled.status_code, cancelled.json()["stage"]) == (200, "cancelled")
        deleted = [client.delete(f"/v1/jobs/{each['id']}").status_code for _ in range(2)]
        assert deleted == [HTTPStatus.NO_CONTENT, HTTPStatus.NOT_FOUND]
    assert client.get("/v1/jobs").json()["items"] == []


@pytest.mark.parametrize(
    ("params", "disposition", "named"),
    [
        pytest.param({"name": "parties.csv"}, "", "parties.csv", id="by its parameter"),
        pytest.param({}, 'attachment; filename="parties.csv"', "parties.csv", id="by its header"),
        pytest.param({}, "attachment; filename*=UTF-8''F%C3%BCr%20uns.TSV", "Für uns.TSV", id="*"),
        pytest.param({}, 'inline; filename="in/a.csv"', "a.csv", id="without its folder"),
        pytest.param({}, "attachment; filename*=UTF-8''a%00%0Ab.csv", "ab.csv", id="cleaned"),
        pytest.param({"name": "b.csv"}, 'x; filename="a.xlsx"', "b.csv", id="the parameter first"),
    ],
)
def test_a_file_of_no_stated_type_is_known_by_its_name(
    client: httpx.Client, params: dict[str, str], disposition: str, named: str
):
    headers = {"content-type": "application/octet-stream", "content-disposition": disposition}
    taken = client.post("/v1/jobs", params=params, content=TABLE, headers=headers)
    assert taken.status_code == HTTPStatus.ACCEPTED, taken.text
    assert (taken.json()["name"], taken.json()["format"]) == (named, "csv")
    for _ in range(2):
        client.delete(taken.headers["location"])


def test_a_file_that_nothing_tells_the_type_of_says_what_would(client: httpx.Client):
    headers = {"content-type": "application/octet-stream"}
    for name in ("parties", "parties.doc"):
        refused = client.post("/v1/jobs", params={"name": name}, content=TABLE, headers=headers)
        assert fields(refused) == ["format"]
        assert "by the ending of `name`, such as parties.csv" in refused.text


def test_a_form_is_told_that_the_file_itself_is_the_body(
    client: httpx.Client, listed_database: str
):
    refused = client.post(
        "/v1/jobs", params={"name": "parties.csv"}, files={"file": ("parties.csv", TABLE)}
    )
    assert refused.status_code == HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    assert "--data-binary @parties.csv" in refused.json()["detail"]
    assert count_of(listed_database) == 0


@pytest.mark.parametrize(
    ("params", "body", "field"),
    [
        pytest.param({"name": "a.doc"}, TABLE, "format", id="of no kind"),
        pytest.param({"name": "a.csv"}, "", "body", id="empty"),
        pytest.param({"name": "a.csv"}, "Colour\nred\n", "map", id="without names"),
        pytest.param({"name": "a.csv", "map": "nom=Name"}, TABLE, "map", id="no such field"),
        pytest.param({"name": "a.xlsx"}, TABLE, "file", id="no workbook"),
        pytest.param({"name": "a.csv", "lists": "x"}, TABLE, "lists[0]", id="no such list"),
    ],
)
def test_a_table_that_cannot_be_read_is_refused_at_once_and_not_kept(
    client: httpx.Client, listed_database: str, params: dict[str, str], body: str, field: str
):
    assert fields(client.post("/v1/jobs", params=params, content=body)) == [field]
    assert count_of(listed_database) == 0


def test_what_is_too_large_or_broken_off_leaves_nothing(
    client: httpx.Client, address: str, listed_database: str
):
    row = "C-1,Bank Melli,IR\n"
    zeros = gzip.compress(("Id,Name,Country\n" + row * 400_000).encode())
    refused = sent(client, zeros, **{"content-encoding": "gzip"})
    assert refused.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    assert "more than 5,000,000 bytes" in refused.json()["detail"]
    place = urlsplit(address)
    with socket.create_connection((place.hostname, place.port)) as connection:
        head = f"POST /v1/jobs?name=a.csv HTTP/1.1\r\nhost: {place.netloc}\r\n"
        head += "content-length: 4000000\r\n\r\n" + TABLE + row * 100_000
        connection.sendall(head.encode())

    wait_for(lambda: count_of(listed_database) == 0, "nothing stays")


def test_an_upload_takes_its_time_while_it_moves_and_no_longer(
    client: httpx.Client, listed_database: str
):
    def slowly() -> Iterator[bytes]:
        for letter in TABLE[:20]:
            yield letter.encode()
            time.sleep(0.1)
        yield TABLE[20:].encode()

    job = sent(client, slowly())
    assert (job.status_code, job.json()["bytes"]) == (HTTPStatus.ACCEPTED, len(TABLE))
    for _ in range(2):
        client.delete(job.headers["location"])

    def standing() -> Iterator[bytes]:
        yield TABLE.encode()
        wait_for(lambda: count_of(listed_database) == 1, "it is begun")
        wait_for(lambda: count_of(listed_database) == 0, "it is ended")
        yield b"C-6,Other,DE\n"

    with pytest.raises(httpx.HTTPError):
        sent(client, standing())
    assert count_of(listed_database) == 0


def test_a_table_that_comes_again_is_one_job(client: httpx.Client, listed_database: str):
    key = {"idempotency-key": "the-same"}
    first, second = sent(client, **key), sent(client, iter([TABLE.encode()]), **key)
    assert first.json() == second.json()
    again = ("idempotent-replayed", "true")
    assert (again in first.headers.items(), again in second.headers.items()) == (False, True)
    assert second.headers["location"] == first.headers["location"]
    other = sent(client, TABLE + "C-6,Other,DE\n", **key)
    assert other.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert count_of(listed_database) == 1
    for _ in range(2):
        client.delete(first.headers["location"])


def test_results_can_be_read_while_the_job_goes_on_and_taken_up_again(
    client: httpx.Client, address: str, listed_database: str
):
    path = sent(client).headers["location"]
    key, results = UUID(path.rpartition("/")[2]), f"{path}/results"
    asyncio.run(job_worker.read(listed_database, key, rows_in_chunk=2))
    asyncio.run(job_worker.answer(listed_database, key, range(1), address, ASKED))
    begun = client.get(path).json()
    assert (begun["stage"], begun["rows"], begun["rows_done"]) == ("running", 5, 2)
    assert begun["rate"] > 0
    assert begun["ends_about"] > begun["started_at"]
    part = client.get(results)
    assert [each["outcome"] for each in lines_in(part)] == ["hits", "incomplete"]
    assert "etag" not in part.headers
    check_end(client, results, part)
    asyncio.run(job_worker.answer(listed_database, key, range(1, 3), address, ASKED))
    done = client.get(path).json()
    assert (done["stage"], done["hits"], done["incomplete"], done["refused"]) == ("done", 2, 2, 1)
    assert (done["ends_about"], done["expires_at"] > done["ended_at"]) == (None, True)
    whole = client.get(results)
    check_rest(client, results, part, whole)
    check_ranges(client, results, whole)
    check_files(client, results)
    client.delete(path)


def check_end(client: httpx.Client, results: str, part: httpx.Response) -> None:
    """What is there of results that are not whole, and that nothing comes after it yet."""
    size = len(part.content)
    begins = client.get(results, headers={"range": "bytes=10-"})
    assert (begins.status_code, begins.content) == (206, part.content[10:])
    assert begins.headers["content-range"] == f"bytes 10-{size - 1}/*"
    beyond = client.get(results, headers={"range": f"bytes={size}-"})
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{size}")


def check_rest(
    client: httpx.Client, results: str, part: httpx.Response, whole: httpx.Response
) -> None:
    """The rest, by its place and by the cursor, and the last line."""
    size, total = len(part.content), len(whole.content)
    rest = client.get(results, headers={"range": f"bytes={size}-"})
    assert part.content + rest.content == whole.content
    assert rest.headers["content-range"] == f"bytes {size}-{total - 1}/{total}"
    after = client.get(results, params={"cursor": part.headers["next-cursor"]})
    assert after.content == rest.content
    lines = lines_in(whole)
    assert lines[2] == {"line": 4, "field": "Name", "reason": "is empty"}
    assert (lines[-1]["count"], lines[-1]["refused"], lines[-1]["id"]) == (5, 1, None)
    assert {each["code"] for each in lines[-1]["coverage"]["lists"]} == set(ASKED["lists"])
    hits = lines_in(client.get(results, params={"only": "hits"}))
    assert [each.get("name") for each in hits] == ["Bank Melli", "Rosoboronexport", None]


def check_ranges(client: httpx.Client, results: str, whole: httpx.Response) -> None:
    """Every way to ask for a part of results that are whole."""
    content, tag = whole.content, whole.headers["etag"]
    assert client.get(results, headers={"if-none-match": tag}).status_code == 304
    for asked, part in (
        ("bytes=0-0", content[:1]),
        ("bytes=-7", content[-7:]),
        (f"bytes=5-{len(content) * 2}", content[5:]),
    ):
        answer = client.get(results, headers={"range": asked, "if-range": tag})
        assert (answer.status_code, answer.content) == (206, part)
    for headers in (
        {"range": "bytes=5-", "if-range": '"another"'},
        {"range": "bytes=5-4"},
        {"range": "lines=1-"},
        {"range": "bytes=0-1,3-4"},
    ):
        answer = client.get(results, headers=headers)
        assert (answer.status_code, answer.content) == (200, content)


def check_files(client: httpx.Client, results: str) -> None:
    """The same rows as files, in none of which a cell is a formula."""
    rows = client.get(results, params={"format": "csv"})
    for accept, kind in (
        ("text/csv", "text/csv"),
        ("text/csv;q=0.9, application/x-ndjson;q=0.1", "text/csv"),
        ("application/x-ndjson, text/csv", "application/x-ndjson"),
        ("*/*", "application/x-ndjson"),
        ("application/json", "application/x-ndjson"),
    ):
        answer = client.get(results, headers={"accept": accept})
        assert answer.headers["content-type"].startswith(kind), accept
        assert "Accept" in answer.headers["vary"]
    accepted = client.get(results, headers={"accept": "text/csv"})
    assert accepted.content == rows.content
    both = client.get(results, params={"format": "ndjson"}, headers={"accept": "text/csv"})
    assert both.headers["content-type"] == "application/x-ndjson"
    assert rows.headers["content-disposition"].endswith('.csv"')
    read = list(csv.DictReader(io.StringIO(rows.content.decode("utf-8-sig"), newline="")))
    assert list(read[0]) == list(COLUMNS)
    assert list(dict.fromkeys(each["row"] for each in read)) == ["2", "3", "4", "5", "6"]
    assert {each["counterparty"] for each in read if each["row"] == "5"} == {f"'{FORMULA}"}
    book = load_workbook(
        io.BytesIO(client.get(results, params={"format": "xlsx", "only": "hits"}).content)
    )
    named = [row[2] for row in book["To review"].iter_rows(min_row=2, values_only=True)]
    assert set(named) == {"Bank Melli", "Rosoboronexport"}
    table = client.get(results, params={"format": "parquet"})
    assert read_parquet(io.BytesIO(table.content)).read_all().num_rows == len(read)


def test_who_stops_waiting_is_told_how_the_job_goes_on(
    address: str, client: httpx.Client, tmp_path: Path
):
    (tmp_path / "parties.csv").write_text(TABLE)
    with subprocess.Popen(
        [
            sys.executable,
            "-m",
            "abeyance_screening",
            "screen",
            "parties.csv",
            "--job",
            "--url",
            address,
        ],
        cwd=tmp_path,
        env=without_database_url() | {"PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
        text=True,
    ) as waiting:
        assert waiting.stderr is not None
        key = waiting.stderr.readline().removeprefix("Job ").strip()
        waiting.send_signal(signal.SIGINT)
        said = waiting.stderr.read()
    assert waiting.returncode not in {0, EXIT_HITS}
    assert f"The job goes on: abeyance jobs show {key} --url {address}" in said
    assert client.get(f"/v1/jobs/{key}").json()["ended_at"] is None
    assert client.delete(f"/v1/jobs/{key}").is_success


# --- With a worker: the command line, and the guide.


GUIDE = ROOT / "docs" / "how-to" / "screen-a-large-table.md"
ITS_ID = "3d0f8c1e-5a6b-4c7d-8e9f-0a1b2c3d4e5f"
SUPPLIERS = "Id,Name\nC-1,Bank Melli\nC-2,Plain Bakery of Lower Wherever\nC-3,\n"


def command(address: str, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = without_database_url() | {"ABEYANCE_URL": address}
    return abeyance_command(words, environment, folder)


def wait_until_done(client: httpx.Client, key: str) -> None:
    wait_for(lambda: client.get(f"/v1/jobs/{key}").json()["stage"] == "done")


@pytest.mark.usefixtures("worker")
def test_what_the_guide_shows_is_what_comes(address: str, client: httpx.Client, tmp_path: Path):
    (tmp_path / "suppliers.csv").write_text(SUPPLIERS)
    blocks = BLOCK.findall(GUIDE.read_text("utf-8"))
    key = ""
    for (_, block), (kind, shown) in pairwise([*blocks, ("", "")]):
        asked = block.replace(ITS_ID, key).replace("@suppliers.csv", shlex.quote(SUPPLIERS))
        if block.startswith("curl"):
            assert kind == "json"
            answer = ask(asked.strip(), urlsplit(address).port or 0)
            lines = list(map(json.loads, answer.text.splitlines()))
            told = list(map(json.loads, shown.splitlines()))
            assert_within(told, lines, "$")
            key = key if "location" not in answer.headers else lines[0]["id"]
            wait_until_done(client, key)
        elif block.startswith("uv run abeyance"):
            for line in asked.splitlines():
                done = command(address, tmp_path, *shlex.split(line)[3:])
                assert done.returncode == (EXIT_HITS if " screen " in line else 0), done.stderr
            key = key or client.get("/v1/jobs").json()["items"][0]["id"]
    assert load_workbook(tmp_path / "results.xlsx").sheetnames[0] == "Summary"
    assert read_parquet(tmp_path / "results.parquet").read_all().num_rows > 3


@pytest.mark.usefixtures("worker")
def test_the_command_prints_what_it_prints_without_a_job(
    address: str, client: httpx.Client, tmp_path: Path
):
    (tmp_path / "parties.csv").write_text(TABLE)
    asked = ("screen", "parties.csv", "--as-of", "2026-11-24", "--list", "us_ofac_sdn")
    plain = command(address, tmp_path, *asked, "--no-store")
    job = command(address, tmp_path, *asked, "--job")
    assert job.stdout == plain.stdout
    assert (job.returncode, plain.returncode) == (EXIT_HITS, EXIT_HITS)
    key = client.get("/v1/jobs").json()["items"][0]["id"]
    refused = command(address, tmp_path, "jobs", "cancel", key)
    assert (refused.returncode, "has ended" in refused.stderr) == (1, True)
    assert command(address, tmp_path, "jobs", "delete", key).returncode == 0
    assert client.get(f"/v1/jobs/{key}").status_code == HTTPStatus.NOT_FOUND


DELIVERIES = ROOT / "tests" / "fixtures" / "tables" / "sap_deliveries.csv"


def done_job(client: httpx.Client, body: bytes, **params: str | list[str]) -> dict[str, Any]:
    answer = client.post("/v1/jobs", params={**ASKED, "name": "t.csv", **params}, content=body)
    assert answer.status_code == HTTPStatus.ACCEPTED, answer.text
    address = answer.headers["location"]
    wait_for(lambda: client.get(address).json()["ended_at"] is not None)
    return client.get(address).json()


@pytest.mark.usefixtures("worker")
def test_a_job_says_which_columns_were_read_and_each_party_where_it_stands(client: httpx.Client):
    job = done_job(client, DELIVERIES.read_bytes())
    assert (job["stage"], job["rows"], job["hits"]) == ("done", 4, 1)
    columns = {each["column"]: each["field"] for each in job["reading"]["columns"]}
    assert columns == {
        "Delivery": None,
        "Sold-To Pt": "party",
        "Name of sold-to party": "name",
        "Ship-To": "party",
        "Name of the ship-to party": "party",
        "Deliv. date": None,
        "Notify party": "party",
        "Ctry": "country",
    }
    assert (job["reading"]["rows"], job["reading"]["lines"]) == (2, 2)
    assert "not read: Delivery, Deliv. date" in job["read_as"]
    results = f"/v1/jobs/{job['id']}/results"
    *lines, last = lines_in(client.get(results))
    assert [(each["name"], each["line"], each["column"]) for each in lines] == [
        ("Quixotic Zeppelin Works GmbH", 2, "Name of sold-to party"),
        ("Rosoboronexport OAO", 2, "Name of the ship-to party"),
        ("Quixotic Zeppelin Works GmbH", 3, "Name of sold-to party"),
        ("Nordlicht Pumpen GmbH", 3, "Notify party"),
    ]
    assert last["read_as"] == job["read_as"]
    book = load_workbook(io.BytesIO(client.get(results, params={"format": "xlsx"}).content))
    told = [row[1] for row in book["Summary"].iter_rows(values_only=True)]
    assert set(job["read_as"]) <= set(told)
    rows = list(csv.DictReader(io.StringIO(client.get(results, params={"format": "csv"}).text)))
    assert {row["name_column"] for row in rows if row["list"]} == {"Name of the ship-to party"}


@pytest.mark.usefixtures("worker")
def test_the_results_of_a_job_have_the_question(client: httpx.Client):
    table = (
        b"Id,Name,Alias,Country,VAT number,Address,Owner,Share\n"
        b"C-1,Zimtstern Quedlinburg,Zimtstern,DE,DE811907980,Markt 1,Nordlicht Holding,12.5\n"
    )
    terms = {"threshold": "0.85", "limit": "7"}
    results = f"/v1/jobs/{done_job(client, table, **terms)['id']}/results"
    line, end = lines_in(client.get(results))
    party = {key: each for key, each in line["asked"].items() if each}
    (number,), (owner,) = party.pop("identifiers"), party.pop("owners")
    assert party == {
        "id": "C-1",
        "name": "Zimtstern Quedlinburg",
        "aliases": ["Zimtstern"],
        "countries": ["DE"],
        "addresses": ["Markt 1"],
    }
    assert number["value"] == "DE811907980"
    assert (owner["name"], owner["share"]) == ("Nordlicht Holding", "12.5")
    sent = {key: each for key, each in end["question"]["sent"].items() if each is not None}
    assert sent == {**ASKED, "threshold": 0.85, "limit": 7, "questions": "first"}
    assert end["question"]["basis"]["editions"]
    rows = list(csv.DictReader(io.StringIO(client.get(results, params={"format": "csv"}).text)))
    assert [json.loads(row["question"]) for row in rows] == [line["asked"]]
    book = load_workbook(io.BytesIO(client.get(results, params={"format": "xlsx"}).content))
    summed = {row[0]: row[1] for row in book["Summary"].iter_rows(values_only=True)}
    assert summed["Question, sent: limit"] == "7"


@pytest.mark.usefixtures("worker")
def test_a_job_is_incomplete_where_names_may_stand_that_were_not_read(client: httpx.Client):
    table = b"Kunde;Verbleib\nQuixotic Zeppelin Works;Nordlicht Pumpen GmbH\n"
    job = done_job(client, table)
    assert (job["incomplete"], job["no_hits"]) == (1, 0)
    assert "not read, though it looks like names: Verbleib" in job["read_as"]
    line, _ = lines_in(client.get(f"/v1/jobs/{job['id']}/results"))
    assert line["outcome"] == "incomplete"
    assert [(each["field"], each["may_hide"]) for each in line["warnings"]] == [("Verbleib", True)]
    party = done_job(client, table, map="party=Verbleib")
    assert party["rows"] == 2
    assert "another party: Verbleib" in party["read_as"]


@pytest.mark.usefixtures("worker")
def test_rows_that_a_quote_swallows_are_refused_in_a_job(client: httpx.Client):
    job = done_job(client, b'Name;Country\n"Alpha;DE\nRosoboronexport;RU\nBeta";FR\nC;DE\n')
    assert (job["rows"], job["refused"], job["reading"]["lines"]) == (2, 1, 4)
    first, *_ = lines_in(client.get(f"/v1/jobs/{job['id']}/results"))
    assert first["line"] == 2
    assert first["reason"].startswith("lines 2 to 4 are one row by a quote that is left open")
