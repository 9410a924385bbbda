"""The thread that opens a server, holds it, opens it again when it dies, and stops it."""

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
"""At this size the server's log moves to `postgres.log.1`, so both stay below twice of it."""

_WATCH_S = 0.2
"""How often a death is looked for: one system call each."""

_FIRST_PAUSE_S = 0.1
_LONGEST_PAUSE_S = 5.0
"""A server that dies again and again is started ever later, at most this much."""

_CALM_S = 30.0
"""A server that has lived this long is sound: the next pause is the first again."""

_logger = logging.getLogger(__name__)


class ServerKeeper:
    """Holds the server of one place from `open` to `close`.

    All of it happens in one thread of its own, because Linux ties the server's death signal to
    the thread that started it: the caller's may end earlier.
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
        """Returns when the server answers.

        Raises:
            EmbeddedPostgresError: It cannot run.
        """
        self._thread.start()
        self._opened.result()

    def close(self) -> None:
        """Stops the server if we started it, and returns when it is gone."""
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
            # a server that is killed in the middle of the greeting
            asyncpg.InternalClientError,
        ) as error:
            raise EmbeddedPostgresError(str(self._place.data_dir), str(error)) from error
        self._opened_at = time.monotonic()

    def _watch(self) -> None:
        if self._keep_alive and self._is_gone():
            self._open_again()
        elif self._server is not None:
            _bound(self._place.log)
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


def _bound(log: Path) -> None:
    """Moves a log that grew too long aside; its writers append, so they go on in an empty file."""
    try:
        if log.stat().st_size > LOG_LIMIT_BYTES:
            shutil.copyfile(log, log.with_name(f"{log.name}.1"))
            os.truncate(log, 0)
    except OSError:
        _logger.exception("postgres_log_not_bounded")


# --- The door of this room: one context manager.


@contextmanager
def embedded_postgres(
    data_dir: Path, *, binaries: Path | None = None, keep_alive: bool = False
) -> Generator[str]:
    """Gives the DSN of the server on `data_dir`, for as long as the context is open.

    A server that already runs there (another process of ours) is joined and left alone at the
    end. Otherwise one is started as our child: it stops with the context, and also when this
    process is killed. The first start makes the cluster.

    Nothing listens on the network. The DSN names a unix socket in a folder that only the
    server's own account and root can enter, so whoever reaches it could read the data files as
    well; that is why no password is asked (`trust`).

    Args:
        data_dir: The folder for the cluster, its socket and its log; made if missing.
        binaries: The folder with `postgres` and `initdb`, such as `/usr/lib/postgresql/17/bin`;
            None takes those of the `embedded-postgres` package.
        keep_alive: Starts the server again, at the same DSN, when it dies or when the process
            whose server we joined ends.

    Yields:
        A DSN for asyncpg and libpq; the database is `abeyance`.

    Raises:
        EmbeddedPostgresError: No server can run there; the message says what to do.
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
