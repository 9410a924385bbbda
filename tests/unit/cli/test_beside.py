"""A process that runs beside another one ends with it, and by itself is started again."""

import os
import signal
import subprocess
import sys

import pytest

from abeyance_screening.platform.supervisor import WATCHED, running_beside
from tests.served import wait_for

_ENDS = "from abeyance_screening.platform.supervisor import leave_with_parent; leave_with_parent()"
_STAYS = f"{_ENDS}; import time; [time.sleep(0.1) for _ in range(600)]"
# It ends at once: an exception would go through whatever lock the signal finds it waiting for.
_SAYS = (
    "import os, signal; signal.signal(signal.SIGTERM, "
    "lambda *_: (print('told to end', flush=True), os._exit(0)))"
)


def _started(code: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {WATCHED: "1"},
    )


def _wait_for_start(started: list[subprocess.Popen[bytes]], number: int) -> None:
    wait_for(lambda: len(started) == number, f"start {number}")


def test_it_ends_by_itself_while_its_parent_lives() -> None:
    with _started(_ENDS) as process:
        assert process.wait(30) == 0
        assert process.stderr is not None
        assert process.stderr.read() == b""


@pytest.mark.parametrize("sent", [b"", b"a word"])
def test_it_is_told_to_end_when_its_parent_has_ended(sent: bytes) -> None:
    with _started(f"{_SAYS}; {_STAYS}") as process:
        said, faults = process.communicate(sent, timeout=30)
        assert (said, faults) == (b"told to end\n", b"")
        assert process.returncode == 0


def test_it_is_started_again_each_time_it_is_killed(caplog: pytest.LogCaptureFixture) -> None:
    started: list[subprocess.Popen[bytes]] = []

    def start_child() -> subprocess.Popen[bytes]:
        started.append(_started(_STAYS))
        return started[-1]

    with running_beside(start_child, pause_s=0):
        for killed in range(2):
            _wait_for_start(started, killed + 1)
            started[killed].kill()
        _wait_for_start(started, 3)
        assert started[2].poll() is None
    assert [child.wait(30) for child in started[:2]] == [-signal.SIGKILL] * 2
    assert started[2].wait(30) != 0, "it ends with the one that runs it"
    ended = [vars(record) for record in caplog.records if record.msg == "beside.ended"]
    assert [(each["child"], each["status"]) for each in ended] == [
        ("start_child", -signal.SIGKILL)
    ] * 2
    for child in started:
        child.communicate()


def test_it_is_started_later_when_the_machine_cannot_start_it_now(
    caplog: pytest.LogCaptureFixture,
) -> None:
    attempts: list[subprocess.Popen[bytes] | None] = []

    def start_child() -> subprocess.Popen[bytes]:
        if len(attempts) < 2:
            attempts.append(None)
            raise BlockingIOError(11, "Resource temporarily unavailable")
        child = _started(_STAYS)
        attempts.append(child)
        return child

    with running_beside(start_child, pause_s=0):
        wait_for(lambda: len(attempts) == 3, "the third attempt")
    assert [record.msg for record in caplog.records] == ["beside.not_started"] * 2
    child = attempts[2]
    assert child is not None
    child.communicate(timeout=30)
