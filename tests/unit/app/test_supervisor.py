"""A supervised process ends with its parent; it is started again if it ends or gets stuck."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from abeyance_screening.platform.supervisor import Child, Watchdog, supervise
from tests.served import wait_for, with_marker

ROOT = Path(__file__).parents[3]
# What a child does once it watches its parent: it waits for something that never comes.
_WATCHES = "from abeyance_screening.platform.child_process import *; end_with_supervisor()"
_WAITS = {
    "for time": "import time; time.sleep(600)",
    "for a lock that it holds": "import threading; a = threading.Lock(); a.acquire(); a.acquire()",
    "for nothing, at full speed": "\nwhile True: pass",
}
_DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)"
_SUPERVISES = """
import sys, time
from abeyance_screening.platform.supervisor import Child, supervise
with supervise(Child(name="a", arguments=("-c", sys.argv[1]))):
    time.sleep(600)
"""
_COMPILES = """
import abeyance_screening.platform.compiling as compiling
compiling.is_compiled = lambda: False
compiling._WARM = compiling._WARM.replace("; warm()", "; " + "import time; time.sleep(600)")
compiling.compile_matching()
"""


def _told_once_started(child: str) -> str:
    """Code that creates a file once it has come so far, and then goes on."""
    return f"{_WATCHES}; import os, pathlib; pathlib.Path(os.environ['SAID']).touch(); {child}"


@pytest.mark.parametrize(
    ("wait", "is_deaf"),
    [
        pytest.param("for time", False, id="for time"),
        pytest.param("for a lock that it holds", True, id="for a lock, deaf to SIGTERM"),
        pytest.param("for nothing, at full speed", True, id="for nothing, deaf to SIGTERM"),
    ],
)
def test_a_child_ends_with_a_killed_parent_whatever_it_waits_for(
    tmp_path: Path, wait: str, is_deaf: bool
):
    child = f"{_DEAF}; {_WAITS[wait]}" if is_deaf else _WAITS[wait]
    said = tmp_path / "said"
    parent = subprocess.Popen(
        [sys.executable, "-c", _SUPERVISES, _told_once_started(child)],
        cwd=ROOT,
        env=os.environ | {"SAID": str(said)},
    )
    try:
        wait_for(said.exists, "the child's start")
    finally:
        parent.kill()
        parent.wait()
    wait_for(lambda: with_marker(str(said)) == [], "an end of the child")


def test_who_compiles_ends_with_a_killed_parent(tmp_path: Path):
    marker = str(tmp_path)
    parent = subprocess.Popen(
        [sys.executable, "-c", _COMPILES], cwd=ROOT, env=os.environ | {"SAID": marker}
    )
    try:
        wait_for(lambda: len(with_marker(marker)) == 2, "the process that compiles")
    finally:
        parent.kill()
        parent.wait()
    wait_for(lambda: with_marker(marker) == [], "an end of it")


class _Starts:
    """A child that appends its process id to a file, and what the file has by now."""

    def __init__(self, folder: Path, code: str) -> None:
        folder.mkdir(exist_ok=True)
        self._file = folder / "starts"
        self._file.touch()
        note = f"import os; open({str(self._file)!r}, 'a').write(f'{{os.getpid()}}\\n')"
        self.child = Child(name="one", arguments=("-c", f"{_WATCHES}; {note}\n{code}"))

    def pids(self) -> list[int]:
        return list(map(int, self._file.read_text().split()))

    def wait_for(self, number: int) -> None:
        wait_for(lambda: len(self.pids()) >= number, f"start {number}")


def _lines(caplog: pytest.LogCaptureFixture, event: str) -> list[dict[str, object]]:
    return [vars(record) for record in caplog.records if record.msg == event]


def _is_gone(pid: int) -> bool:
    return not Path(f"/proc/{pid}").exists()


def test_it_is_started_again_each_time_it_is_killed_and_ends_with_the_context(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    starts = _Starts(tmp_path, "import time; time.sleep(600)")
    with supervise(starts.child, pause_s=0):
        for killed in range(2):
            starts.wait_for(killed + 1)
            os.kill(starts.pids()[killed], signal.SIGKILL)
        starts.wait_for(3)
        assert not _is_gone(starts.pids()[2])
    assert all(map(_is_gone, starts.pids()))
    lines = _lines(caplog, "child.restarting")
    assert [(each["child"], each["reason"], each["restarts"]) for each in lines] == [
        ("one", "it ended with SIGKILL", 1),
        ("one", "it ended with SIGKILL", 2),
    ]


def test_it_is_told_how_often_it_was_started_again(tmp_path: Path):
    told = tmp_path / "told"
    code = f"print(ChildProcess.of(os.environ), file=open({str(told)!r}, 'a'))"
    starts = _Starts(tmp_path, code)
    with supervise(starts.child, pause_s=0):
        starts.wait_for(3)
    first, second, *_ = told.read_text().splitlines()
    assert first.replace("restarts=0", "restarts=1") == second
    assert f"parent={os.getpid()}" in first


@pytest.mark.parametrize("is_deaf", [False, True], ids=["asked", "killed"])
def test_a_child_that_says_no_more_is_asked_to_end_and_killed_if_it_does_not(
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    is_deaf: bool,
):
    monkeypatch.setattr("abeyance_screening.platform.supervisor._ENDS_WITHIN_S", 1.0)
    ends = _DEAF if is_deaf else "import signal"
    starts = _Starts(tmp_path, f"{ends}; say('importing')\nimport time; time.sleep(600)")
    clock = _Played(1.0)
    with supervise(starts.child, pause_s=0, watchdog=lambda: Watchdog(still_s=3), clock=clock):
        starts.wait_for(2)
    line = _lines(caplog, "child.restarting")[0]
    assert (line["reason"], line["phase"]) == ("it stood still for 3 s", "importing")
    assert bool(_lines(caplog, "child.killed")) == is_deaf
    assert all(map(_is_gone, starts.pids()))


def test_a_child_that_gets_on_is_left_alone_however_slow_the_machine(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    code = "import sys, time\nfor n in range(600): say(f'step {n}'); time.sleep(0.1)"
    starts = _Starts(tmp_path, code)
    # each look comes an hour after the last one, and the child said something meanwhile
    clock = _Played(3_600.0)
    with supervise(starts.child, pause_s=0, watchdog=lambda: Watchdog(still_s=10), clock=clock):
        starts.wait_for(1)
        wait_for(lambda: clock.looks > 12, "twelve looks")
    assert len(starts.pids()) == 1
    assert _lines(caplog, "child.restarting") == []


def test_what_may_wait_is_started_once_the_first_thing_is_done(tmp_path: Path):
    starts = _Starts(tmp_path, "import time; time.sleep(600)")
    other = _Starts(tmp_path / "other", "import time; time.sleep(600)")
    first = threading.Event()
    with supervise(starts.child, pause_s=0, first=first), supervise(other.child):
        other.wait_for(1)
        assert starts.pids() == []
        first.set()
        starts.wait_for(1)
    with supervise(starts.child, first=threading.Event()):
        pass
    assert len(starts.pids()) == 1


def test_nothing_waits_for_ever_for_the_first_thing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("abeyance_screening.platform.supervisor._LOOKS_FOR_FIRST", 2)
    starts = _Starts(tmp_path, "import time; time.sleep(600)")
    with supervise(starts.child, first=threading.Event()):
        starts.wait_for(1)


def test_a_child_that_cannot_be_started_now_is_started_later(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
):
    starts = _Starts(tmp_path, "import time; time.sleep(600)")
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    with supervise(starts.child, pause_s=0):
        wait_for(lambda: len(_lines(caplog, "child.not_started")) >= 2, "two attempts")
        monkeypatch.undo()
        starts.wait_for(1)
    assert all(map(_is_gone, starts.pids()))


class _Played:
    """A clock that goes on by as many seconds at each look."""

    def __init__(self, step_s: float) -> None:
        self.looks = 0
        self._step_s = step_s

    def __call__(self) -> float:
        self.looks += 1
        return self.looks * self._step_s


# --- The watchdog, by a played clock: seconds of the clock, seconds of CPU, what was said.


def _judged(*looks: tuple[float, float | None, str | None]) -> list[str | None]:
    watchdog = Watchdog(cpu_s=60, still_s=120)
    return [watchdog.look(*look) for look in looks]


@pytest.mark.parametrize(
    ("share", "hours"),
    [
        pytest.param(0.05, 2, id="load 20"),
        pytest.param(0.01, 1, id="a hundredth of a core"),
        pytest.param(0.002, 6, id="ten processes on a fiftieth of a core"),
    ],
)
def test_a_start_that_takes_hours_is_waited_for(share: float, hours: int):
    # it says something each time it has used 30 s of CPU
    looks, said = list[tuple[float, float | None, str | None]](), 0
    for second in range(hours * 3_600):
        used = second * share
        said_now = f"step {said}" if used >= said * 30 else None
        said += said_now is not None
        looks.append((float(second), used, said_now))
    assert not any(_judged(*looks))


def test_who_stands_still_after_a_sign_is_stuck_at_the_second_beyond():
    looks = [(float(second), 1.0, "importing" if second == 0 else None) for second in range(122)]
    judged = _judged(*looks)
    assert judged[120] is None
    assert judged[121] == "it stood still for 120 s"


def test_who_uses_a_minute_of_cpu_without_a_sign_is_stuck():
    looks = [(float(at), float(at), "answering" if at == 0 else None) for at in range(62)]
    judged = _judged(*looks)
    assert judged[60] is None
    assert judged[61] == "no sign of life in 60 s of its CPU"


def test_who_never_said_anything_is_not_judged():
    assert not any(_judged(*((float(at), float(at), None) for at in range(10_000))))


def test_time_in_which_the_supervisor_had_no_turn_counts_little():
    paused = [(0.0, 1.0, "answering"), (7_200.0, 1.0, None), (7_201.0, 1.1, "answering")]
    assert _judged(*paused) == [None, None, None]


def test_where_the_cpu_is_not_known_it_takes_ten_minutes():
    looks = [(float(at), None, "importing" if at == 0 else None) for at in range(602)]
    judged = _judged(*looks)
    assert judged[600] is None
    assert judged[601] == "it stood still for 600 s"
