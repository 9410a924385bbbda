"""The embedded server when somebody dies: its owner, itself, or whoever made it half."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import asyncpg
import pytest

from abeyance_screening.platform.postgres import embedded_postgres
from abeyance_screening.platform.postgres.data_directory import locate
from abeyance_screening.platform.postgres.server import Launcher, find_binaries, make_launcher
from abeyance_screening.primitives.errors import EmbeddedPostgresError
from tests.served import wait_for

OWNER = """
import sys
from pathlib import Path
from abeyance_screening.platform.postgres import embedded_postgres
with embedded_postgres(Path(sys.argv[1])) as dsn:
    print(dsn, flush=True)
    sys.stdin.read()
"""

GUARDED = """
import subprocess, sys
from pathlib import Path
from abeyance_screening.platform.postgres.server import Launcher
child = subprocess.Popen(["sleep", "60"], start_new_session=True)
Launcher(binaries=Path(), prefix=(), account=None).guard(child)
print(child.pid, flush=True)
sys.stdin.read()
"""


@contextmanager
def running(script: str, *arguments: str) -> Generator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", script, *arguments],
        cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def ask(dsn: str, statement: str) -> object:
    async def fetch() -> object:
        connection = await asyncpg.connect(dsn)
        try:
            return await connection.fetchval(statement)
        finally:
            await connection.close()

    return asyncio.run(fetch())


def answers(dsn: str) -> bool:
    try:
        return ask(dsn, "select 1") == 1
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError):
        return False


def postmaster(data_dir: Path) -> int:
    return int((data_dir / "cluster" / "postmaster.pid").read_text().splitlines()[0])


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


def kill_server(data_dir: Path) -> None:
    pid = postmaster(data_dir)
    os.kill(pid, signal.SIGKILL)
    wait_for(lambda: not is_alive(pid))


@pytest.mark.parametrize(
    "means",
    [
        pytest.param(signal.SIGKILL, id="SIGKILL"),
        pytest.param(signal.SIGTERM, id="SIGTERM", marks=pytest.mark.slow),
    ],
)
def test_a_killed_owner_takes_the_server_down_and_loses_nothing(
    tmp_path: Path, means: signal.Signals
):
    with running(OWNER, str(tmp_path)) as owner:
        dsn = said(owner)
        ask(dsn, "create table kept as select 42 as answer")
        pid = postmaster(tmp_path)
        owner.send_signal(means)
        owner.wait()
        wait_for(lambda: not is_alive(pid))
    with embedded_postgres(tmp_path) as again:
        assert ask(again, "select answer from kept") == 42


def test_ctrl_c_at_the_terminal_does_not_reach_the_server(tmp_path: Path):
    with embedded_postgres(tmp_path):
        assert os.getsid(postmaster(tmp_path)) != os.getsid(0)


def test_a_killed_server_comes_back_at_the_same_dsn_with_its_data(tmp_path: Path):
    with embedded_postgres(tmp_path, keep_alive=True) as dsn:
        ask(dsn, "create table kept as select 42 as answer")
        for _ in range(2):
            kill_server(tmp_path)
            wait_for(lambda: answers(dsn))
            assert ask(dsn, "select answer from kept") == 42
        last = postmaster(tmp_path)
    assert not is_alive(last)


@pytest.mark.slow
def test_who_joined_takes_over_when_the_owner_ends(tmp_path: Path):
    with running(OWNER, str(tmp_path)) as owner:
        dsn = said(owner)
        ask(dsn, "create table kept as select 42 as answer")
        with embedded_postgres(tmp_path, keep_alive=True) as joined:
            pid = postmaster(tmp_path)
            owner.communicate("")
            wait_for(lambda: not is_alive(pid) and answers(joined))
            assert joined == dsn
            assert ask(joined, "select answer from kept") == 42


def test_a_clean_exit_right_after_a_death_starts_nothing(tmp_path: Path):
    with embedded_postgres(tmp_path, keep_alive=True) as dsn:
        os.kill(postmaster(tmp_path), signal.SIGKILL)
    time.sleep(0.5)
    assert not answers(dsn)


def test_two_that_start_at_once_share_one_server(tmp_path: Path):
    with ExitStack() as stack:
        owners = [stack.enter_context(running(OWNER, str(tmp_path / "new"))) for _ in range(3)]
        dsns = {said(owner) for owner in owners}
        assert len(dsns) == 1
        assert ask(dsns.pop(), "select 1") == 1
    starts = (tmp_path / "new" / "postgres.log").read_text().count("starting PostgreSQL")
    assert starts == 1


@pytest.mark.parametrize(
    "after_s",
    [
        pytest.param(0.15, marks=pytest.mark.slow),
        0.35,
        pytest.param(0.6, marks=pytest.mark.slow),
    ],
)
def test_a_first_start_killed_midway_leaves_nothing_half_made(tmp_path: Path, after_s: float):
    with running(OWNER, str(tmp_path)) as owner:
        wait_for((tmp_path / "postgres.lock").exists)
        time.sleep(after_s)
        owner.kill()
    with embedded_postgres(tmp_path) as dsn:
        assert ask(dsn, "select 1") == 1
    assert not list(tmp_path.glob("initdb-*"))


@contextmanager
def stranger_of(uid: int) -> Generator[int]:
    """A process of the server's own account that is no server."""
    user = uid if os.geteuid() == 0 else None
    with subprocess.Popen(["sleep", "60"], user=user, cwd="/") as process:
        try:
            yield process.pid
        finally:
            process.kill()


@pytest.mark.parametrize(
    "content",
    [
        "{stranger}\n{rest}",
        *(
            pytest.param(each, marks=pytest.mark.slow)
            for each in ("1\n{rest}", "", "-{stranger}\n", "x")
        ),
    ],
)
def test_a_pid_file_left_behind_fools_nobody(tmp_path: Path, content: str):
    with embedded_postgres(tmp_path):
        rest = (tmp_path / "cluster" / "postmaster.pid").read_text().partition("\n")[2]
    with stranger_of((tmp_path / "cluster").stat().st_uid) as stranger:
        left = content.format(stranger=stranger, rest=rest)
        for path in (tmp_path / "cluster/postmaster.pid", tmp_path / "run/.s.PGSQL.5432.lock"):
            path.write_text(left)
        with embedded_postgres(tmp_path) as dsn:
            assert ask(dsn, "select 1") == 1
            assert is_alive(stranger)


@pytest.mark.slow
def test_a_server_started_by_hand_is_never_doubled(tmp_path: Path):
    with embedded_postgres(tmp_path):
        pass
    place = locate(tmp_path)
    launcher = make_launcher(place, find_binaries(place, None))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o700)
    launcher.give(elsewhere)
    null = os.open(os.devnull, os.O_RDWR)
    by_hand = launcher.spawn(
        "postgres",
        "-D",
        str(place.cluster),
        "-h",
        "",
        "-k",
        str(elsewhere),
        output=null,
        held=null,
    )
    os.close(null)
    with by_hand:
        try:
            wait_for((elsewhere / ".s.PGSQL.5432").exists)
            with pytest.raises(EmbeddedPostgresError, match=r"FATAL: .*postmaster\.pid"):
                embedded_postgres(tmp_path).__enter__()
            assert by_hand.poll() is None
        finally:
            by_hand.send_signal(signal.SIGINT)


def test_without_a_death_signal_a_guard_ends_the_server_after_us():
    with running(GUARDED) as owner:
        pid = int(said(owner))
        assert is_alive(pid)
        owner.kill()
        owner.wait()
        wait_for(lambda: not is_alive(pid))


def test_a_guard_ends_with_its_server(tmp_path: Path):
    launcher = Launcher(binaries=tmp_path, prefix=(), account=None)
    with subprocess.Popen(["sleep", "60"], text=True) as server:
        guard = launcher.guard(server)
        assert guard is not None
        guard.communicate("")
        assert server.wait() == -signal.SIGQUIT
