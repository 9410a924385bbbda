"""One server on one data directory: joined where it runs, else made, started and stopped."""

import asyncio
import os
import signal
import subprocess
import threading
import time
from pathlib import Path

import asyncpg
import msgspec

from service.model.errors import EmbeddedPostgresError
from service.postgres.cluster import prepare_cluster
from service.postgres.launcher import Launcher, make_launcher
from service.postgres.lock import take_lock
from service.postgres.place import DATABASE, Place

OPEN_LIMIT_S = 120.0
"""How long a start may take: recovery after a crash replays up to `max_wal_size` (1 GB)."""

STOP_LIMIT_S = 30.0
"""How long a fast shutdown may write its last checkpoint before we stop it harder."""

_POLL_S = 0.01

_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "cluster_name": "abeyance",
    "fsync": "on",
    "full_page_writes": "on",
    "shared_buffers": "128MB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "max_connections": "100",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_destination": "stderr",
    "logging_collector": "off",
    # A counterparty's name must never reach the log. Errors quote values in their own text
    # ('invalid input syntax for type date: "…"') and in their details ('Failing row contains
    # (…)'), so errors stay out, details too, and no statement or parameter is ever written.
    "log_min_messages": "log",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_statement": "none",
    "log_duration": "off",
    "log_min_duration_statement": "-1",
    "log_min_duration_sample": "-1",
    "log_transaction_sample_rate": "0",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_checkpoints": "off",
}
"""Given on the command line, so that they outrank whatever the cluster's own files say."""


class Server(msgspec.Struct, frozen=True, kw_only=True):
    """A server that we started: `process` is the postmaster, our direct child."""

    process: subprocess.Popen[str]
    guard: subprocess.Popen[str] | None


def open_server(place: Place, binaries: Path, stopping: threading.Event) -> Server | None:
    """Joins the server of the data directory, or starts one; returns when it answers.

    The calling thread must live as long as the server.

    Returns:
        The server we started, or None when we joined another's.

    Raises:
        EmbeddedPostgresError: It cannot run, or `stopping` was set meanwhile.
        OSError: The data directory cannot be read or written.
    """
    give_up_at = time.monotonic() + OPEN_LIMIT_S
    while not stopping.is_set() and time.monotonic() < give_up_at:
        if place.can_be_joined() and _answers(place.dsn):
            return None
        held = take_lock(place.lock)
        if held is None:
            stopping.wait(_POLL_S * 5)
            continue
        try:
            return _start(place, make_launcher(place, binaries), held, stopping)
        finally:
            os.close(held)
    reason = "another process holds this folder, but no server answers at its socket"
    raise EmbeddedPostgresError(str(place.data_dir), reason)


def close_server(server: Server) -> None:
    """Stops the server: fast (clients are cut off, nothing is lost), then ever harder."""
    for means in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        server.process.send_signal(means)
        try:
            server.process.wait(STOP_LIMIT_S)
            break
        except subprocess.TimeoutExpired:
            continue
    if server.guard is not None:
        server.guard.kill()
        server.guard.communicate()


def _start(place: Place, launcher: Launcher, held: int, stopping: threading.Event) -> Server:
    """Starts a server as our child; the caller holds the lock, so none lives there."""
    launcher.give(place.lock)
    prepare_cluster(place, launcher, held)
    log = os.open(place.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
    try:
        launcher.give(place.log)
        log_from = os.fstat(log).st_size
        settings = _SETTINGS | {"unix_socket_directories": str(place.run)}
        arguments = [f"--{name}={value}" for name, value in settings.items()]
        where = ("-D", str(place.cluster))
        process = launcher.spawn("postgres", *where, *arguments, output=log, held=held)
    finally:
        os.close(log)
    server = Server(process=process, guard=launcher.guard(process))
    try:
        _wait_until_ready(place, process, log_from, stopping)
    except BaseException:
        close_server(server)
        raise
    return server


def _wait_until_ready(
    place: Place, process: subprocess.Popen[str], log_from: int, stopping: threading.Event
) -> None:
    give_up_at = time.monotonic() + OPEN_LIMIT_S
    while process.poll() is None:
        if place.socket.exists() and _answers(place.dsn_of("postgres")):
            asyncio.run(_create_database(place))
            return
        if stopping.is_set() or time.monotonic() > give_up_at:
            reason = "stopped while it started" if stopping.is_set() else "it does not get ready"
            raise EmbeddedPostgresError(str(place.data_dir), f"{reason}; see {place.log}")
        time.sleep(_POLL_S)
    raise EmbeddedPostgresError(str(place.data_dir), _read_last_words(place.log, log_from))


def _read_last_words(log: Path, log_from: int) -> str:
    """The line with which the server gave up, from what it logged after `log_from` bytes."""
    lines = log.read_bytes()[log_from:].decode(errors="replace").splitlines()
    fatal = [line for line in lines if "FATAL:" in line or "PANIC:" in line]
    words = (fatal or lines or ["it wrote nothing"])[-1]
    return f"PostgreSQL did not start: {words.strip()}; see {log}"


def _answers(dsn: str) -> bool:
    return asyncio.run(_connects(dsn))


async def _connects(dsn: str) -> bool:
    try:
        connection = await asyncpg.connect(dsn, timeout=5)
    except asyncpg.TooManyConnectionsError:
        return True
    except (asyncpg.OperatorInterventionError, asyncpg.PostgresConnectionError):
        return False  # it starts, or it stops
    except (asyncpg.InvalidCatalogNameError, OSError, TimeoutError):
        return False
    except (asyncpg.InterfaceError, asyncpg.InternalClientError):
        return False  # it died in the middle of the greeting
    await connection.close()
    return True


async def _create_database(place: Place) -> None:
    connection = await asyncpg.connect(place.dsn_of("postgres"))
    try:
        known = "select 1 from pg_database where datname = $1"
        if await connection.fetchval(known, DATABASE) is None:
            await connection.execute(f'create database "{DATABASE}"')
    finally:
        await connection.close()
