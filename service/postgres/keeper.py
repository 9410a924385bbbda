"""The thread that starts or joins a server, restarts it when it dies, and stops it."""

import logging
import os
import shutil
import threading
import time
from collections.abc import Generator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path

import asyncpg

from service.errors import EmbeddedPostgresError
from service.postgres.place import DataDirectory, is_lock_free, locate
from service.postgres.server import Server, close_server, find_binaries, open_server

LOG_LIMIT_BYTES = 4 * 2**20
"""The size at which the server's log moves to `postgres.log.1`."""

_WATCH_S = 0.2
"""The interval between checks that the server is alive, one system call each."""

_FIRST_PAUSE_S = 0.1
_LONGEST_PAUSE_S = 5.0
"""The longest pause before a restart: each pause is twice the one before."""

_CALM_S = 30.0
"""A server that has run this long counts as sound: the next pause is the first again."""

_logger = logging.getLogger(__name__)


class ServerKeeper:
    """The owner of the server of one data directory, from `open` to `close`.

    Everything happens in one separate thread, because Linux ties the server's death signal to the
    thread that started the server, and the caller's thread may end earlier.
    """

    def __init__(self, place: DataDirectory, binaries: Path, *, keep_alive: bool) -> None:
        self._place = place
        self._binaries = binaries
        self._keep_alive = keep_alive
        self._server: Server | None = None
        self._pause_s = _FIRST_PAUSE_S
        self._opened_at = 0.0
        self._opened: Future[None] = Future()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="postgres-keeper", daemon=True)

    def open(self) -> None:
        """Start or join the server, and return when it answers.

        Raises:
            EmbeddedPostgresError: The server cannot run.
        """
        self._thread.start()
        self._opened.result()

    def close(self) -> None:
        """Stop the server if this process started it, and return when it is gone."""
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        try:
            self._open_server()
        except EmbeddedPostgresError as error:
            self._opened.set_exception(error)
            return
        except BaseException as error:
            self._opened.set_exception(error)
            raise
        self._opened.set_result(None)
        while not self._stopping.wait(_WATCH_S):
            self._watch()
        if self._server is not None:
            close_server(self._server)

    def _open_server(self) -> None:
        try:
            self._server = open_server(self._place, self._binaries, self._stopping)
        except (
            OSError,
            asyncpg.PostgresError,
            asyncpg.InterfaceError,
            # a server that was killed during the handshake
            asyncpg.InternalClientError,
        ) as error:
            raise EmbeddedPostgresError(str(self._place.data_dir), str(error)) from error
        self._opened_at = time.monotonic()

    def _watch(self) -> None:
        if self._keep_alive and self._is_gone():
            self._open_again()
        elif self._server is not None:
            _rotate(self._place.log)
        if time.monotonic() - self._opened_at > _CALM_S:
            self._pause_s = _FIRST_PAUSE_S

    def _is_gone(self) -> bool:
        if self._server is not None:
            return self._server.process.poll() is not None
        try:
            return is_lock_free(self._place.lock)
        except OSError:
            return True

    def _open_again(self) -> None:
        if self._server is not None:
            close_server(self._server)
            self._server = None
        self._stopping.wait(self._pause_s)
        self._pause_s = min(self._pause_s * 2, _LONGEST_PAUSE_S)
        if self._stopping.is_set():
            return
        where = {"data_dir": str(self._place.data_dir)}
        try:
            self._open_server()
        except EmbeddedPostgresError as error:
            where["reason"] = error.reason
            _logger.warning("postgres_did_not_come_back", extra=where)
        else:
            _logger.warning("postgres_came_back", extra=where | {"joined": self._server is None})


def _rotate(log: Path) -> None:
    """Copy a log that is too long to `.1` and empty it; its writers append, so they continue."""
    try:
        if log.stat().st_size > LOG_LIMIT_BYTES:
            shutil.copyfile(log, log.with_name(f"{log.name}.1"))
            os.truncate(log, 0)
    except OSError:
        _logger.exception("postgres_log_not_bounded")


@contextmanager
def embedded_postgres(
    data_dir: Path, *, binaries: Path | None = None, keep_alive: bool = False
) -> Generator[str]:
    """Run or join the server on `data_dir` while the context is open, and yield its DSN.

    A server that already runs there (started by another process of Abeyance) is joined, and left
    running at the end. Otherwise one is started as a child process: it stops with the context, and
    also when this process is killed. The first start creates the cluster.

    Nothing listens on the network. The DSN names a Unix socket in a folder that only the server's
    own account and root can enter. A process that can reach the socket can also read the data
    files, so no password is required (`trust`).

    Args:
        data_dir: The folder for the cluster, its socket and its log; created if missing.
        binaries: The folder with `postgres` and `initdb`, such as `/usr/lib/postgresql/17/bin`;
            None uses those of the `embedded-postgres` package.
        keep_alive: Whether to restart the server, at the same DSN, when it dies or when the
            process whose server was joined ends.

    Yields:
        A DSN for asyncpg and libpq; the database is `abeyance`.

    Raises:
        EmbeddedPostgresError: No server can run there; the message says why.
    """
    try:
        place = locate(data_dir)
    except OSError as error:
        raise EmbeddedPostgresError(str(data_dir), str(error)) from error
    keeper = ServerKeeper(place, find_binaries(place, binaries), keep_alive=keep_alive)
    try:
        keeper.open()
        yield place.dsn
    finally:
        keeper.close()
