"""The embedded server: it keeps its data, is shared, stays private, and lies where it is told."""

import asyncio
import os
import re
import shutil
import stat
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from pathlib import Path

import asyncpg
import pytest

from abeyance_screening.platform.postgres import data_directory as windows
from abeyance_screening.platform.postgres import embedded_postgres
from abeyance_screening.platform.postgres.data_directory import SOCKET_PATH_LIMIT, locate
from abeyance_screening.platform.postgres.server import LOG_LIMIT_BYTES, find_binaries
from abeyance_screening.primitives.errors import EmbeddedPostgresError
from tests.served import wait_for

AS_ROOT = os.geteuid() == 0
DEBIAN = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


def ask(dsn: str, statement: str) -> object:
    async def fetch() -> object:
        connection = await asyncpg.connect(dsn)
        try:
            return await connection.fetchval(statement)
        finally:
            await connection.close()

    return asyncio.run(fetch())


def postmaster(data_dir: Path) -> int:
    return int((data_dir / "cluster" / "postmaster.pid").read_text().splitlines()[0])


def test_what_was_stored_is_there_after_a_restart(tmp_path: Path):
    with embedded_postgres(tmp_path) as dsn:
        ask(dsn, "create table kept as select 42 as answer")
    with embedded_postgres(tmp_path) as again:
        assert again == dsn
        assert ask(again, "select answer from kept") == 42


def test_the_server_is_gone_when_the_context_ends(tmp_path: Path):
    with embedded_postgres(tmp_path):
        pid = postmaster(tmp_path)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_second_opener_joins_the_server_and_does_not_stop_it(tmp_path: Path):
    with embedded_postgres(tmp_path) as first:
        pid = postmaster(tmp_path)
        with embedded_postgres(tmp_path) as second:
            assert second == first
            assert postmaster(tmp_path) == pid
        assert ask(first, "select 1") == 1


def test_the_server_outlives_the_thread_that_opened_it(tmp_path: Path):
    with ExitStack() as stack:
        opened: list[str] = []
        thread = threading.Thread(
            target=lambda: opened.append(stack.enter_context(embedded_postgres(tmp_path)))
        )
        thread.start()
        thread.join()
        time.sleep(0.3)
        assert ask(opened[0], "select 1") == 1


def test_letters_of_every_script_are_known_and_extensions_are_there(tmp_path: Path):
    with embedded_postgres(tmp_path) as dsn:
        assert ask(dsn, "select current_database()") == "abeyance"
        assert ask(dsn, "select lower('ÉCOLE ЖУК')") == "école жук"
        assert ask(dsn, "show server_encoding") == "UTF8"
        ask(dsn, "create extension pg_trgm")


def test_nothing_listens_on_the_network_and_the_socket_is_private(tmp_path: Path):
    with embedded_postgres(tmp_path) as dsn:
        run = tmp_path / "run"
        assert ask(dsn, "show listen_addresses") == ""
        assert ask(dsn, "show fsync") == "on"
        assert stat.S_IMODE(run.stat().st_mode) == 0o700
        assert run.stat().st_uid == (tmp_path / "cluster").stat().st_uid


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("with space", id="space"),
        pytest.param("a,b", id="comma"),
        pytest.param('it\'s "so" & 100%', id="quotes"),
        pytest.param("Überprüfung", id="letters beyond ASCII"),
        pytest.param("/".join(["deep" * 10] * 4), id="longer than a socket's path may be"),
    ],
)
def test_any_folder_will_do(tmp_path: Path, name: str):
    data_dir = tmp_path / name
    with embedded_postgres(data_dir) as dsn, embedded_postgres(data_dir) as joined:
        assert joined == dsn
        assert ask(dsn, "select 1") == 1
        assert len(os.fsencode(locate(data_dir).socket)) <= SOCKET_PATH_LIMIT
        assert stat.S_IMODE(locate(data_dir).run.stat().st_mode) == 0o700
    locate(data_dir).run.rmdir()


@pytest.mark.parametrize("length", [SOCKET_PATH_LIMIT, SOCKET_PATH_LIMIT + 1])
def test_the_socket_moves_only_when_its_path_is_too_long(tmp_path: Path, length: int):
    rest = length - len(os.fsencode(tmp_path / "run" / ".s.PGSQL.5432")) - 1
    data_dir = tmp_path / ("d" * rest)
    assert (locate(data_dir).run == data_dir / "run") == (length <= SOCKET_PATH_LIMIT)


@pytest.mark.skipif(not AS_ROOT, reason="only root gives folders away")
def test_a_socket_folder_of_somebody_else_is_refused(tmp_path: Path):
    data_dir = tmp_path / ("long" * 30)
    run = locate(data_dir).run
    run.mkdir(mode=0o700)
    os.chown(run, 4321, 4321)
    with pytest.raises(EmbeddedPostgresError, match="belongs to uid 4321"):
        embedded_postgres(data_dir).__enter__()
    run.rmdir()


@pytest.mark.skipif(not AS_ROOT, reason="others reach their own folders")
def test_as_root_it_runs_below_a_folder_only_root_enters_and_opens_none(tmp_path: Path):
    parent = tmp_path / "private"
    parent.mkdir(mode=0o700)
    with embedded_postgres(parent / "data") as dsn:
        assert ask(dsn, "select 1") == 1
        assert Path(f"/proc/{postmaster(parent / 'data')}").stat().st_uid != 0
    assert stat.S_IMODE(parent.stat().st_mode) == 0o700
    assert stat.S_IMODE((parent / "data").stat().st_mode) == 0o700


@pytest.mark.skipif(not AS_ROOT, reason="others reach their own folders")
def test_as_root_the_binaries_too_may_lie_where_only_root_enters(tmp_path: Path):
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    package = find_binaries(locate(tmp_path), None).parents[1]
    for folder in (package, package.with_name("embedded_postgres.libs")):
        shutil.copytree(folder, private / folder.name)
    binaries = private / package.name / "pginstall" / "bin"
    with embedded_postgres(tmp_path / "data", binaries=binaries) as dsn:
        assert ask(dsn, "select 1") == 1
    assert stat.S_IMODE(private.stat().st_mode) == 0o700


@pytest.mark.skipif(not AS_ROOT, reason="others have no capabilities to lose")
@pytest.mark.parametrize(
    ("dropped", "answer"),
    [
        pytest.param("-dac_read_search", "postgresql://", id="as in a container"),
        pytest.param("-dac_read_search,-dac_override", "uid .* may not reach", id="both"),
    ],
)
def test_as_root_it_needs_one_capability_to_get_there(tmp_path: Path, dropped: str, answer: str):
    script = (
        "import sys; from pathlib import Path\n"
        "from abeyance_screening.platform.postgres import embedded_postgres\n"
        "with embedded_postgres(Path(sys.argv[1])) as dsn: print(dsn)"
    )
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    ran = subprocess.run(
        ["setpriv", f"--bounding-set={dropped}", sys.executable, "-c", script, private / "data"],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert re.search(answer, ran.stdout.splitlines()[-1])


def give_all(folder: Path, uid: int) -> None:
    for path in folder.rglob("*"):
        os.chown(path, uid, uid)


@pytest.mark.skipif(not AS_ROOT, reason="only root can be somebody else")
def test_a_cluster_of_root_is_refused(tmp_path: Path):
    with embedded_postgres(tmp_path):
        pass
    give_all(tmp_path, 0)
    with pytest.raises(EmbeddedPostgresError, match="belongs to root"):
        embedded_postgres(tmp_path).__enter__()


@pytest.mark.skipif(not AS_ROOT, reason="only root can be somebody else")
def test_as_root_a_cluster_keeps_its_owner(tmp_path: Path):
    with embedded_postgres(tmp_path) as dsn:
        ask(dsn, "create table kept as select 42 as answer")
    give_all(tmp_path, 65534)
    with embedded_postgres(tmp_path) as dsn:
        assert ask(dsn, "select answer from kept") == 42
        assert Path(f"/proc/{postmaster(tmp_path)}").stat().st_uid == 65534


def test_the_callers_pg_variables_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for name, value in {"PGPORT": "1", "PGHOST": "nowhere", "PGDATA": "/", "PGUSER": "x"}.items():
        monkeypatch.setenv(name, value)
    with embedded_postgres(tmp_path) as dsn:
        assert ask(dsn, "select current_user::text") == "abeyance"


def test_no_value_of_a_statement_reaches_the_log(tmp_path: Path):
    name = "Secretive Trading"

    async def fail(dsn: str) -> None:
        connection = await asyncpg.connect(dsn)
        await connection.execute("create table party (name text primary key)")
        await connection.execute("insert into party values ($1)", name)
        with pytest.raises(asyncpg.UniqueViolationError) as twice:
            await connection.execute("insert into party values ($1)", name)
        assert name in str(twice.value.detail)
        with pytest.raises(asyncpg.InvalidDatetimeFormatError, match=name):
            await connection.fetchval("select $1::text::date", name)
        with pytest.raises(asyncpg.InvalidTextRepresentationError, match=name):
            await connection.fetchval(f"select '{name}'::int")
        await connection.execute("do $$ begin raise log 'noted'; end $$")
        await connection.close()

    with embedded_postgres(tmp_path) as dsn:
        asyncio.run(fail(dsn))
    log = (tmp_path / "postgres.log").read_text()
    assert "noted" in log
    assert "Secretive" not in log


def test_a_log_grown_too_long_is_moved_aside(tmp_path: Path):
    with embedded_postgres(tmp_path) as dsn:
        with (tmp_path / "postgres.log").open("a") as log:
            log.write("x" * (LOG_LIMIT_BYTES + 1))
        wait_for((tmp_path / "postgres.log.1").exists)
        wait_for(lambda: (tmp_path / "postgres.log").stat().st_size == 0)
        ask(dsn, "do $$ begin raise log 'noted'; end $$")
        assert "noted" in (tmp_path / "postgres.log").read_text()


@pytest.mark.skipif(not DEBIAN, reason="no PostgreSQL of the system")
@pytest.mark.parametrize("binaries", DEBIAN, ids=lambda path: path.parent.name)
def test_the_systems_own_binaries_work_as_well(tmp_path: Path, binaries: Path):
    with embedded_postgres(tmp_path, binaries=binaries) as dsn:
        assert str(ask(dsn, "show server_version")).startswith(binaries.parent.name)
        assert ask(dsn, "select lower('ЖУК')") == "жук"


def test_a_folder_without_binaries_is_refused(tmp_path: Path):
    (tmp_path / "postgres").touch()
    with pytest.raises(EmbeddedPostgresError, match="initdb not found in"):
        embedded_postgres(tmp_path / "data", binaries=tmp_path).__enter__()


def test_a_data_directory_that_is_a_file_is_refused(tmp_path: Path):
    (tmp_path / "file").touch()
    with pytest.raises(EmbeddedPostgresError, match="File exists"):
        embedded_postgres(tmp_path / "file").__enter__()


def test_a_cluster_of_another_version_is_refused_with_postgresqls_own_words(tmp_path: Path):
    with embedded_postgres(tmp_path):
        pass
    (tmp_path / "cluster" / "PG_VERSION").write_text("9.6\n")
    with pytest.raises(EmbeddedPostgresError, match=r"FATAL: .*incompatible with server"):
        embedded_postgres(tmp_path).__enter__()


def test_windows_is_refused_with_the_way_out(tmp_path: Path):
    with pytest.raises(EmbeddedPostgresError, match="set DATABASE_URL"):
        windows.embedded_postgres(tmp_path, keep_alive=True)
