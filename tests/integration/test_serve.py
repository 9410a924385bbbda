"""`abeyance serve` as its user starts it, with a database of its own."""

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.served import ABEYANCE, Served, abeyance, ask, without_database_url

FIRST_START_WITHIN_S = 120
FOLLOWS_WITHIN_S = 90
OWN_LIST = '{"id": "1", "name": "Quixotic Zeppelin Works"}\n'


def found(served: Served, name: str, list_code: str) -> int:
    answer = served.get("/v1/search", name=name, lists=list_code)
    return answer.json()["total"] if answer.status_code == 200 else -1


def wait_for(what: str, condition) -> None:
    until = time.monotonic() + FOLLOWS_WITHIN_S
    while not condition():
        assert time.monotonic() < until, f"not within {FOLLOWS_WITHIN_S} s: {what}"
        time.sleep(0.1)


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("serve")


@pytest.fixture(scope="module")
def served(data_dir: Path) -> Iterator[Served]:
    """One service for all tests that leave it running; its first start."""
    started = time.monotonic()
    running = Served(data_dir)
    assert time.monotonic() - started < FIRST_START_WITHIN_S
    yield running
    if running.process.poll() is None:
        running.stop()


def test_it_says_where_it_is_and_the_curl_line_works(served: Served):
    assert served.said[0] == f"Abeyance answers at http://127.0.0.1:{served.port}"
    command = served.said[1].removeprefix("Try it: ")
    assert command.startswith("curl -s ")
    assert ask(command, served.port).json()["outcome"] == "hits"


def test_a_port_that_is_taken_is_said_before_anything_starts(served: Served, tmp_path: Path):
    refused = abeyance(tmp_path / "other", "serve", "--port", str(served.port))
    assert refused.returncode == 1
    assert f"cannot listen on 127.0.0.1:{served.port}" in refused.stderr
    assert len(refused.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "other").exists()


def test_a_list_loaded_beside_it_is_found_at_once(served: Served, tmp_path: Path):
    path = tmp_path / "own.jsonl"
    path.write_text(OWN_LIST)
    loaded = abeyance(served.data_dir, "load", "beside_it", "--file", str(path), "--json")
    assert loaded.returncode == 0, loaded.stderr
    assert json.loads(loaded.stdout)[0]["outcome"] == "loaded"
    wait_for("the list", lambda: found(served, "Quixotic Zeppelin Works", "beside_it") == 1)
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

    wait_for("a screening that is kept", kept_again)
    assert set(statuses) <= {200, 503}


def test_sigterm_leaves_no_process_behind(served: Served):
    assert served.get("/readyz").status_code == 200
    assert served.stop(signal.SIGTERM) == 0
    assert not (served.data_dir / "cluster" / "postmaster.pid").exists()


def test_a_killed_service_loses_nothing(data_dir: Path):
    served = Served(data_dir)
    body = {"counterparties": [{"name": "SMIC"}]}
    url = f"http://127.0.0.1:{served.port}/v1/screenings"
    kept = httpx.post(url, json=body, timeout=10).json()["id"]
    served.stop(signal.SIGKILL)
    again = Served(served.data_dir)
    assert again.get(f"/v1/screenings/{kept}").json()["id"] == kept
    assert again.stop() == 0


def test_every_worker_follows_and_none_outlives_a_killed_parent(data_dir: Path, tmp_path: Path):
    served = Served(data_dir, "--workers", "2")
    path = tmp_path / "own.jsonl"
    path.write_text(OWN_LIST)
    assert abeyance(data_dir, "load", "two_workers", "--file", str(path)).returncode == 0
    asked = ("Quixotic Zeppelin Works", "two_workers")
    wait_for("one worker", lambda: found(served, *asked) == 1)
    wait_for("both workers", lambda: {found(served, *asked) for _ in range(20)} == {1})
    served.stop(signal.SIGKILL)

    def is_free() -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", served.port)) != 0

    wait_for("nobody listens", is_free)


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
