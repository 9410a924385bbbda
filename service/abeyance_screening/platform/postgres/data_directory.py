"""The paths of one data directory (cluster, socket, log), and its lock."""

import fcntl
import hashlib
import os
import re
import tempfile
from contextlib import AbstractContextManager
from pathlib import Path
from urllib.parse import quote

import msgspec

from abeyance_screening.primitives.errors import EmbeddedPostgresError

ROLE = "abeyance"
DATABASE = "abeyance"
PORT = 5432
"""A part of the socket's file name only: nothing listens on TCP."""

CLUSTER = "cluster"
"""The folder of a data directory that has the embedded database."""

SOCKET_PATH_LIMIT = 103
"""The most bytes of a socket's path: `sun_path` has 104 on macOS and 108 on Linux, with a zero."""


class DataDirectory(msgspec.Struct, frozen=True, kw_only=True):
    """The paths of one data directory; `data_dir` is its real path."""

    data_dir: Path
    cluster: Path
    run: Path
    log: Path
    lock: Path

    @property
    def dsn(self) -> str:
        """The DSN of Abeyance's database."""
        return self.dsn_of(DATABASE)

    @property
    def socket(self) -> Path:
        """The socket that the server listens on."""
        return self.run / f".s.PGSQL.{PORT}"

    def dsn_of(self, database: str) -> str:
        """Return the DSN of a database of this server."""
        return f"postgresql://{ROLE}@/{database}?host={quote(str(self.run), safe='/')}&port={PORT}"

    def can_be_joined(self) -> bool:
        """Return whether the socket folder belongs to the account that owns the cluster.

        Anyone can create a folder in the temp directory beforehand, with another server in it;
        only a server whose folder belongs to the account is joined.
        """
        try:
            return self.run.lstat().st_uid == self.cluster.stat().st_uid
        except OSError:
            return False


def locate(data_dir: Path) -> DataDirectory:
    """Return the paths of a data directory, which is created if it is missing."""
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    real = data_dir.resolve(strict=True)
    return DataDirectory(
        data_dir=real,
        cluster=real / CLUSTER,
        run=_socket_folder(real),
        log=real / "postgres.log",
        lock=real / "postgres.lock",
    )


def _socket_folder(data_dir: Path) -> Path:
    """Return `run` in the data directory, or a short substitute where that path is unusable.

    A longer path cannot be bound, and commas and quotes separate addresses in PostgreSQL's
    setting and in a DSN. The substitute is the same for every process that shares the temp
    directory.
    """
    run = data_dir / "run"
    socket = os.fsencode(run / f".s.PGSQL.{PORT}")
    if len(socket) <= SOCKET_PATH_LIMIT and re.fullmatch(r"[\w/. +@~=-]+", str(run), re.ASCII):
        return run
    digest = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:20]
    return Path(tempfile.gettempdir()) / f"abeyance-{digest}"


# --- The lock that a process must hold to start a server; the server holds it until it ends.
#
# PostgreSQL's `postmaster.pid` names a process id, and ids are reused: after a power cut, or
# in a container where every start has the same few ids, it may name an unrelated process. A
# `flock` has no such error. It is taken before anything is created or started and then inherited
# by the server and all its processes, so that the kernel releases it when the last of them ends,
# and not before.


def take_lock(path: Path) -> int | None:
    """Take the lock without waiting.

    Returns:
        A file descriptor that holds the lock until it and its inherited copies are closed; None
        when another process holds the lock.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def is_lock_free(path: Path) -> bool:
    """Return whether no server runs there and no process is about to start one."""
    descriptor = take_lock(path)
    if descriptor is None:
        return False
    os.close(descriptor)
    return True


# --- The substitute for the embedded server on Windows, where it does not run.


def embedded_postgres(
    data_dir: Path, **_options: Path | bool | None
) -> AbstractContextManager[str]:
    """Refuse to start: Windows lacks the locks, sockets and signals that the launcher needs."""
    reason = "the embedded PostgreSQL does not run on Windows; set DATABASE_URL"
    raise EmbeddedPostgresError(str(data_dir), reason)
