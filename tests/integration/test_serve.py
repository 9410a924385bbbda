"""`abeyance serve` as its user starts it, with a database of its own."""

import json
import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

import httpx
import pytest

from abeyance_screening.app.answering import INDEX
from abeyance_screening.platform import child_process
from abeyance_screening.primitives import processes
from tests.served import (
    ABEYANCE,
    Served,
    abeyance,
    ask,
    copy_directory,
    free_port,
    wait_for,
    with_marker,
    without_database_url,
)

OWN_LIST = '{"id": "1", "name": "Quixotic Zeppelin Works"}\n'


def found(served: Served, name: str, list_code: str) -> int:
    answer = served.get("/v1/search", name=name, lists=list_code)
    return answer.json()["total"] if answer.status_code == 200 else -1


def searched(served: Served) -> float:
    """How many searches all workers together have answered, as one of them tells it."""
    label = 'abeyance_requests_total{method="GET",route="/v1/search",status="200"} '
    lines = served.get("/metrics").text.splitlines()
    return sum(float(line.removeprefix(label)) for line in lines if line.startswith(label))


@pytest.fixture(scope="module")
def data_dir(loaded_directory: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory of a service that was started before; its first start is in test_wheel.py."""
    return copy_directory(loaded_directory, tmp_path_factory.mktemp("serve") / "data")


@pytest.fixture(scope="module")
def served(data_dir: Path) -> Iterator[Served]:
    """One service for all tests that leave it running."""
    running = Served(data_dir)
    yield running
    if running.process.poll() is None:
        running.stop()


def test_it_says_where_it_is_and_the_curl_line_works(served: Served):
    assert served.said[0] == f"Abeyance answers at http://127.0.0.1:{served.port}"
    command = served.said[1].removeprefix("Try it: ")
    assert command.startswith("curl -s ")
    assert ask(command, served.port).json()["outcome"] == "hits"


def test_no_header_says_which_server_answers(served: Served):
    assert "server" not in served.get("/readyz").headers


def test_a_port_that_is_taken_is_said_before_anything_starts(served: Served, tmp_path: Path):
    refused = abeyance(tmp_path / "other", "serve", "--port", str(served.port))
    assert refused.returncode == 1
    assert f"cannot listen on 127.0.0.1:{served.port}" in refused.stderr
    assert len(refused.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "other").exists()


def start_service(
    data_dir: Path, *options: str, said: BinaryIO | None = None
) -> subprocess.Popen[bytes]:
    """Start `abeyance serve`, and wait for nothing; `said` receives its standard error."""
    return subprocess.Popen(
        [*ABEYANCE, "serve", "--port", str(free_port()), "--data-dir", str(data_dir), *options],
        stdout=subprocess.DEVNULL,
        stderr=said,
        env=without_database_url(),
    )


def connected(served: Served, client: str = "127.0.0.1") -> socket.socket:
    return socket.create_connection(("127.0.0.1", served.port), 20, (client, 0))


def cpu_s(pid: int) -> float:
    """The CPU that a process has used so far."""
    words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def test_one_client_does_not_stop_it(served: Served):
    with ExitStack() as opened:
        for client in ("127.0.0.2", "127.0.0.1"):
            for number in range(700):
                connection = opened.enter_context(connected(served, client))
                connection.sendall(b"GET / HTTP/1.1\r\nHo" if number % 2 else b"")
        assert served.get("/v1/search", name="Hikvision").json()["outcome"] == "hits"
    with connected(served) as connection:
        connection.sendall(b"GET /v1/search?name=" + b"a" * 100_000)
        assert connection.recv(100).startswith(b"HTTP/1.1 431 ")
    with connected(served) as connection:
        connection.sendall(b"GET /lists HTTP/1.0\r\nHost: a.example\r\n\r\n")
        refused = b"".join(iter(lambda: connection.recv(2_000), b""))
    assert refused.startswith(b"HTTP/1.1 421 ")
    assert b"ABEYANCE_HOSTS" in refused


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(
            "GET /v1/lists HTTP/1.1\r\nHost: localhost\r\nHost: evil.example", id="hosts"
        ),
        pytest.param("GET http://evil.example/v1/lists HTTP/1.1\r\nHost: localhost", id="address"),
    ],
)
def test_a_request_that_names_two_hosts_is_refused(served: Served, head: str):
    with connected(served) as connection:
        connection.sendall(f"{head}\r\n\r\n".encode())
        assert connection.recv(2_000).startswith(b"HTTP/1.1 400 ")


def test_the_work_on_a_screening_ends_when_its_client_leaves(served: Served):
    names = [" ".join(f"bank{n}{m} trading moscow" for m in range(20)) for n in range(1_000)]
    body = json.dumps({"counterparties": [{"name": each} for each in names]})
    head = (
        "POST /v1/screenings HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    with connected(served, "127.0.0.2") as connection:
        connection.sendall(head.encode() + body.encode())
        time.sleep(0.7)
        busy = cpu_s(served.process.pid)
        assert served.get("/v1/search", name="Hikvision").json()["outcome"] == "hits"
        time.sleep(0.2)
        assert cpu_s(served.process.pid) > busy
    time.sleep(0.5)
    ended = cpu_s(served.process.pid)
    time.sleep(0.5)
    assert cpu_s(served.process.pid) - ended < 0.15


def test_a_list_loaded_beside_it_is_found_at_once(served: Served, tmp_path: Path):
    path = tmp_path / "own.jsonl"
    path.write_text(OWN_LIST)
    loaded = abeyance(served.data_dir, "load", "beside_it", "--file", str(path), "--json")
    assert loaded.returncode == 0, loaded.stderr
    assert json.loads(loaded.stdout)[0]["outcome"] == "loaded"
    wait_for(
        lambda: found(served, "Quixotic Zeppelin Works", "beside_it") == 1,
        "the list",
    )
    again = abeyance(served.data_dir, "load", "beside_it", "--file", str(path), "--json")
    assert json.loads(again.stdout)[0]["outcome"] == "unchanged"


def test_a_killed_database_comes_back_and_the_answers_never_turn_into_clear(served: Served):
    pid = int((served.data_dir / "cluster" / "postmaster.pid").read_text().split()[0])
    os.kill(pid, signal.SIGKILL)
    for _ in range(20):
        answer = served.get("/v1/search", name="Hikvision")
        assert answer.status_code in {200, 503}
        if answer.status_code == 200:
            assert answer.json()["outcome"] == "hits"
    url = f"http://127.0.0.1:{served.port}/v1/screenings"
    body = {"counterparties": [{"name": "SMIC"}]}
    statuses: list[int] = []

    def kept_again() -> bool:
        statuses.append(httpx.post(url, json=body, timeout=30).status_code)
        return statuses[-1] == 200

    wait_for(kept_again, "a screening that is kept")
    assert set(statuses) <= {200, 503}


def test_sigterm_leaves_no_process_behind(served: Served):
    assert served.get("/readyz").status_code == 200
    assert served.stop(signal.SIGTERM) == 0
    assert not (served.data_dir / "cluster" / "postmaster.pid").exists()


@pytest.mark.slow
def test_a_killed_service_loses_nothing(data_dir: Path):
    served = Served(data_dir)
    body = {"counterparties": [{"name": "SMIC"}]}
    url = f"http://127.0.0.1:{served.port}/v1/screenings"
    kept = httpx.post(url, json=body, timeout=10).json()["id"]
    served.stop(signal.SIGKILL)
    again = Served(served.data_dir)
    assert again.get(f"/v1/screenings/{kept}").json()["id"] == kept
    assert again.stop() == 0


def test_every_worker_follows(data_dir: Path, tmp_path: Path):
    served = Served(data_dir, "--workers", "2")
    path = tmp_path / "own.jsonl"
    path.write_text(OWN_LIST)
    assert abeyance(data_dir, "load", "two_workers", "--file", str(path)).returncode == 0
    asked = ("Quixotic Zeppelin Works", "two_workers")
    wait_for(lambda: found(served, *asked) == 1, "one worker")
    wait_for(lambda: {found(served, *asked) for _ in range(20)} == {1}, "both workers")
    before = searched(served)
    assert {found(served, *asked) for _ in range(20)} == {1}
    assert {searched(served) for _ in range(6)} == {before + 20}
    assert served.stop() == 0


def servers_of(data_dir: Path) -> list[int]:
    """The processes of the database, which is started without any environment of ours.

    A server, each process that serves a connection, and initdb work in the folder of the cluster,
    or have it in their arguments.
    """
    cluster = str((data_dir / "cluster").resolve())
    found = list[int]()
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            arguments = (entry / "cmdline").read_bytes()
            if cluster.encode() in arguments or str((entry / "cwd").readlink()) == cluster:
                found.append(int(entry.name))
    return found


def family_of(marker: str, data_dir: Path) -> list[int]:
    """All processes that a service started, in whatever way, and that are not yet gone."""
    return [*with_marker(marker), *servers_of(data_dir)]


def mark_all(monkeypatch: pytest.MonkeyPatch) -> str:
    """Have services run whatever they can beside themselves, all with a marker; return that."""
    marker = f"of-{uuid4()}"
    beside = {"ABEYANCE_WORK": "yes", "ABEYANCE_REFRESH": "yes", "MARKED": marker}
    # the port at which nothing listens: no publisher is asked
    for name, value in (beside | {"ABEYANCE_MIRROR": "http://127.0.0.1:9"}).items():
        monkeypatch.setenv(name, value)
    return marker


@pytest.mark.parametrize(
    "waited_s",
    [pytest.param(3.0, id="while it starts")]
    + [
        pytest.param(after / 2, id=f"after {after / 2} s", marks=pytest.mark.slow)
        for after in range(1, 20, 2)
    ],
)
def test_no_process_outlives_a_killed_service(
    data_dir: Path, waited_s: float, monkeypatch: pytest.MonkeyPatch
):
    """Neither those that answer, nor the worker and the refresher, nor what these have started."""
    marker = mark_all(monkeypatch)
    service = start_service(data_dir, "--workers", "2")
    try:
        wait_for(lambda: len(with_marker(marker)) > 1, "a child")
        time.sleep(waited_s)
    finally:
        service.kill()
        service.wait()
    wait_for(lambda: family_of(marker, data_dir) == [], "an end of all of them")


def test_no_process_outlives_a_killed_service_that_answered(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
):
    marker = mark_all(monkeypatch)
    served = Served(data_dir, "--workers", "2")
    # itself, two that answer, and soon the worker and the refresher
    wait_for(lambda: len(with_marker(marker)) >= 5, "all processes")
    assert servers_of(data_dir)
    served.stop(signal.SIGKILL)
    wait_for(lambda: family_of(marker, data_dir) == [], "an end of all of them")
    log = (data_dir / "postgres.log").read_text("utf-8").splitlines()
    # a fast shutdown, which waits for a checkpoint, outlived its service by a minute
    assert any("received immediate shutdown request" in each for each in log[-20:])


@pytest.mark.slow
def test_in_twenty_kills_no_process_outlives_a_service_that_is_asked(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
):
    marker = mark_all(monkeypatch)
    for _ in range(20):
        served = Served(data_dir)
        with ThreadPoolExecutor(4) as clients:
            asked = [clients.submit(served.get, "/v1/search", name="Hikvision") for _ in range(40)]
            assert asked[0].result().status_code == 200
            served.stop(signal.SIGKILL)
            for each in asked:
                each.exception()
        wait_for(lambda: family_of(marker, data_dir) == [], "an end of all of them")


def test_a_child_and_the_look_for_its_parent_take_less_than_five_seconds():
    assert child_process._ENDS_WITHIN_S + processes._LOOK_EVERY_S < 5


def test_each_step_of_a_start_is_told_with_its_cpu(data_dir: Path, tmp_path: Path):
    said = tmp_path / "said"
    with said.open("wb") as file:
        service = start_service(data_dir, "--timings", said=file)
    try:
        wait_for(lambda: f" s of CPU: {INDEX}\n" in said.read_text("utf-8"), "all steps")
    finally:
        service.terminate()
        service.wait()
    form = re.compile(r"abeyance: +(\d+\.\d\d) s, +(\d+\.\d\d) s of CPU: (.+)", re.MULTILINE)
    told = form.findall(said.read_text("utf-8"))
    steps = [step for _, _, step in told]
    assert [steps[0], *steps[-3:]] == [
        "starting",
        "bringing the database up to date",
        "importing the service",
        INDEX,
    ]
    assert any(step.startswith("starting PostgreSQL") for step in steps)
    assert sum(float(cpu_s) for _, cpu_s, _ in told) > 0


@pytest.mark.parametrize(
    ("url", "message"),
    [
        pytest.param("postgresql://u:hush@127.0.0.1:9/x", "does not answer", id="nobody there"),
        pytest.param("postgresql://u:hush@127.0.0.1:99999/x", "cannot be used", id="no port"),
        pytest.param("mysql://u:hush@127.0.0.1/x", "cannot be used", id="another database"),
    ],
)
def test_a_database_that_cannot_be_used_is_said_in_one_line(url: str, message: str):
    refused = subprocess.run(
        [*ABEYANCE, "lists"],
        capture_output=True,
        text=True,
        check=False,
        env=without_database_url() | {"DATABASE_URL": url},
        timeout=60,
    )
    assert refused.returncode == 1
    assert message in refused.stderr
    assert len(refused.stderr.strip().splitlines()) == 1
    assert "hush" not in refused.stderr


def test_commands_work_without_a_running_service(data_dir: Path):
    screened = abeyance(data_dir, "screen", "Hikvison", "--json")
    assert screened.returncode == 3, screened.stderr
    assert json.loads(screened.stdout)["results"][0]["outcome"] == "hits"
    pasted = abeyance(data_dir, "screen", "IMO 9289753")
    assert "name: the check digit of IMO 9289753 is wrong" in pasted.stdout
    lists = abeyance(data_dir, "lists", "--json")
    codes = {each["coverage"]["code"] for each in json.loads(lists.stdout)}
    assert codes >= {"us_bis_el", "un_sc"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(("load", "Bad-Code", "--file", "{file}"), "list: 'Bad-Code'", id="code"),
        pytest.param(("load", "un_sc", "--file", "{file}"), "un_sc", id="wrong format"),
        pytest.param(("load", "mine"), "Missing option '--file'", id="list without file"),
        pytest.param(("load", "--file", "{file}"), "Missing argument 'LIST'", id="file, no list"),
        pytest.param(
            ("load", "mine", "--file", "{file}", "--expect-entries", "9..1"),
            "Invalid value for '--expect-entries': '9..1'",
            id="a size that none has",
        ),
        pytest.param(
            ("load", "un_sc", "--file", "{file}", "--max-age-days", "3"),
            "--max-age-days: is only for a list of your own, and un_sc is a public list",
            id="an age for a public list",
        ),
        pytest.param(
            ("load", "mine", "--as-history", "--file", "{file}", "--max-age-days", "3"),
            "--max-age-days: is for the current edition, and not for --as-history",
            id="an age for a history",
        ),
        pytest.param(
            (
                *("load", "mine", "--as-history", "--file", "{file}", "--file", "{file}"),
                *("--published-on", "2020-01-01"),
            ),
            "--published-on: is the day of one edition, and 2 are given",
            id="one day for two editions",
        ),
        pytest.param(("refresh", "mine"), "has no publisher", id="refresh of an own list"),
        pytest.param(("screen", "Acme", "--list", "nope"), "no list is called", id="no list"),
        pytest.param(("screen", "--", " "), "is blank", id="no name"),
    ],
)
def test_what_is_refused_is_one_line(data_dir: Path, tmp_path: Path, arguments, message):
    path = tmp_path / "own.jsonl"
    path.write_text(OWN_LIST)
    refused = abeyance(data_dir, *(each.format(file=path) for each in arguments))
    assert refused.returncode != 0
    assert message in refused.stderr
    assert len(refused.stderr.strip().splitlines()) == 1
    assert "Traceback" not in refused.stderr
