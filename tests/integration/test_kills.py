"""A service that is killed at any moment, and one that has hardly any CPU.

What runs beside it has a marker in its environment, by which it is found whoever its parent is.
"""

import os
import random
import re
import signal
import subprocess
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from tests.served import (
    ABEYANCE,
    copy_directory,
    free_port,
    wait_for,
    with_marker,
    without_database_url,
)

# The longest time after its start, or every other time after its first answer, when it is killed.
_LATEST_S, _LOOK_S = 6.0, 0.1
_BODY = {"counterparties": [{"name": "Rosoboronexport"}, {"name": "Zimtstern Gartenbau GmbH"}]}
_NAMED = re.compile(rb"child\.(?:restarting|killed).*\bpid=(\d+)")
# A tenth of one CPU, in turns of a tenth of a second.
_TURN_S, _SHARE = 0.1, 0.1


class Service:
    """A service with two processes that answer, one that refreshes and one that works."""

    def __init__(self, data_dir: Path, log: Path) -> None:
        self.log, self.marker = log, f"of-{uuid4()}"
        self.answering = set[int]()
        self.port = free_port()
        # the port at which nothing listens: no publisher is asked
        beside = {"ABEYANCE_WORK": "yes", "ABEYANCE_REFRESH": "yes", "MARKED": self.marker}
        place = ("--port", str(self.port), "--data-dir", str(data_dir), "--workers", "2")
        with log.open("wb") as file:
            self.process = subprocess.Popen(
                [*ABEYANCE, "serve", *place],
                stdout=subprocess.DEVNULL,
                stderr=file,
                env=without_database_url() | beside | {"ABEYANCE_MIRROR": "http://127.0.0.1:9"},
            )

    def is_ready(self) -> bool:
        with suppress(httpx.HTTPError):
            return self._get("/readyz").is_success
        return False

    def ask(self) -> None:
        """Screens once, as far as it gets."""
        with suppress(httpx.HTTPError):
            httpx.post(f"http://127.0.0.1:{self.port}/v1/screenings", json=_BODY, timeout=5)

    def _get(self, path: str) -> httpx.Response:
        return httpx.get(f"http://127.0.0.1:{self.port}{path}", timeout=5)

    def see(self) -> None:
        """Notes which processes answer now."""
        for pid in with_marker(self.marker):
            with suppress(OSError):
                if b"app.answering" in Path(f"/proc/{pid}/cmdline").read_bytes():
                    self.answering.add(pid)

    def gone_in_silence(self) -> set[int]:
        """Those that answered, are gone, and of which no line in the log says so."""
        alive = {pid for pid in self.answering if Path(f"/proc/{pid}").exists()}
        return self.answering - alive - set(map(int, _NAMED.findall(self.log.read_bytes())))

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        wait_for(lambda: with_marker(self.marker) == [], "an end of all of them")


@contextmanager
def under_load(service: Service) -> Generator[None]:
    """Screens all the time, from three threads."""
    done = threading.Event()

    def ask() -> None:
        while not done.is_set():
            service.ask()
            # without it a service that does not listen yet is asked all the time
            done.wait(0.02)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for each in threads:
        each.start()
    try:
        yield
    finally:
        done.set()
        for each in threads:
            each.join()


def _kill_at_random(data_dir: Path, log: Path, times: int, seed: int) -> None:
    moments = random.Random(seed)  # noqa: S311 - a place in time, no secret
    for turn in range(times):
        service, waited_s = Service(data_dir, log), moments.uniform(0, _LATEST_S)
        try:
            with under_load(service):
                if turn % 2:
                    wait_for(service.is_ready, "an answer")
                for _ in range(round(waited_s / _LOOK_S)):
                    service.see()
                    time.sleep(_LOOK_S)
                silent = service.gone_in_silence()
        finally:
            service.end()
        assert silent == set(), log.read_text()


@pytest.fixture
def data_dir(loaded_directory: Path, tmp_path: Path) -> Path:
    return copy_directory(loaded_directory, tmp_path / "data")


@pytest.mark.slow
def test_fifty_kills_under_load_leave_no_process_and_no_end_without_a_line(
    data_dir: Path, tmp_path: Path
):
    _kill_at_random(data_dir, tmp_path / "log", times=50, seed=39)
    service = Service(data_dir, tmp_path / "log")
    try:
        wait_for(service.is_ready, "an answer after all these kills")
    finally:
        service.end()


def test_a_kill_under_load_leaves_no_process_and_no_end_without_a_line(
    data_dir: Path, tmp_path: Path
):
    _kill_at_random(data_dir, tmp_path / "log", times=1, seed=1)


def test_an_answering_process_that_is_killed_is_named_in_the_log(data_dir: Path, tmp_path: Path):
    """So that the test of fifty kills would see one that is not."""
    service = Service(data_dir, tmp_path / "log")
    try:
        wait_for(service.is_ready, "an answer")
        service.see()
        killed = max(service.answering)
        os.kill(killed, signal.SIGKILL)
        wait_for(lambda: not Path(f"/proc/{killed}").exists(), "its end")
        wait_for(lambda: service.gone_in_silence() == set(), "a line")
        assert f"pid={killed}" in service.log.read_text()
        service.answering.add(2**22 + 1)
        assert service.gone_in_silence() == {2**22 + 1}
    finally:
        service.end()


@contextmanager
def with_little_cpu(service: Service) -> Generator[None]:
    """Lets all processes of a service run in turns that make a tenth of one CPU.

    They are stopped in between: a control group would do the same, where one may be made.
    """
    done = threading.Event()
    cpus = os.cpu_count() or 1

    def take_turns() -> None:
        pids, turns = list[int](), 0
        while not done.is_set():
            if turns % 5 == 0:
                pids = with_marker(service.marker)
            turns += 1
            _tell(pids, signal.SIGCONT)
            time.sleep(_TURN_S * _SHARE / cpus)
            _tell(pids, signal.SIGSTOP)
            done.wait(_TURN_S * (1 - _SHARE / cpus))
        _tell(with_marker(service.marker), signal.SIGCONT)

    thread = threading.Thread(target=take_turns)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _tell(pids: list[int], number: signal.Signals) -> None:
    for pid in pids:
        with suppress(OSError):
            os.kill(pid, number)


@pytest.mark.slow
def test_with_a_tenth_of_one_cpu_it_becomes_ready_and_no_process_is_killed(
    data_dir: Path, tmp_path: Path
):
    service = Service(data_dir, tmp_path / "log")
    try:
        with with_little_cpu(service):
            wait_for(service.is_ready, "an answer")
            service.see()
            assert len(service.answering) == 2
        assert "child.restarting" not in service.log.read_text()
        assert service.gone_in_silence() == set()
    finally:
        service.end()
