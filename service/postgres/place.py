"""Where one data directory keeps its cluster, its socket, its log and its lock."""

import fcntl
import hashlib
import os
import re
import tempfile
from contextlib import AbstractContextManager
from pathlib import Path
from urllib.parse import quote

import msgspec

from service.errors import EmbeddedPostgresError

ROLE = "abeyance"
DATABASE = "abeyance"
PORT = 5432
"""Only a part of the socket's file name: nothing listens on TCP."""

SOCKET_PATH_LIMIT = 103
"""Bytes of a socket's path: `sun_path` holds 104 on macOS and 108 on Linux, a zero included."""


class DataDirectory(msgspec.Struct, frozen=True, kw_only=True):
    """The paths of one data directory; `data_dir` is its real path."""

    data_dir: Path
    cluster: Path
    run: Path
    log: Path
    lock: Path

    @property
    def dsn(self) -> str:
        """The DSN of our own database."""
        return self.dsn_of(DATABASE)

    @property
    def socket(self) -> Path:
        """The socket the server listens on."""
        return self.run / f".s.PGSQL.{PORT}"

    def dsn_of(self, database: str) -> str:
        """The DSN of another database of the same server."""
        return f"postgresql://{ROLE}@/{database}?host={quote(str(self.run), safe='/')}&port={PORT}"

    def can_be_joined(self) -> bool:
        """Whether the socket folder belongs to the cluster's own account.

        A folder below the temp directory can be made by anybody beforehand, with a server of
        their own in it; we talk to none whose folder is not the account's.
        """
        try:
            return self.run.lstat().st_uid == self.cluster.stat().st_uid
        except OSError:
            return False


def locate(data_dir: Path) -> DataDirectory:
    """Makes the data directory if it is missing and says where its parts lie.

    Raises:
        OSError: The folder cannot be made, or is a file.
    """
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    real = data_dir.resolve(strict=True)
    return DataDirectory(
        data_dir=real,
        cluster=real / "cluster",
        run=_socket_folder(real),
        log=real / "postgres.log",
        lock=real / "postgres.lock",
    )


def _socket_folder(data_dir: Path) -> Path:
    """`run` in the data directory, or a short stand-in where its path makes no socket's name.

    A longer path cannot be bound, and commas and quotes part addresses in PostgreSQL's setting
    and in a DSN. The stand-in is the same for every process that shares the temp directory.
    """
    run = data_dir / "run"
    socket = os.fsencode(run / f".s.PGSQL.{PORT}")
    if len(socket) <= SOCKET_PATH_LIMIT and re.fullmatch(r"[\w/. +@~=-]+", str(run), re.ASCII):
        return run
    digest = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:20]
    return Path(tempfile.gettempdir()) / f"abeyance-{digest}"


# --- The lock that says who may start a server: held by the server itself for as long as it lives.
#
# PostgreSQL's `postmaster.pid` names a process id, and ids are reused: after a power cut, or
# in a container where every start has the same few ids, it may point at a stranger. A `flock`
# cannot lie in that way. It is taken before anything is made or started and then inherited by
# the server and all its processes, so the kernel frees it when the last of them is gone, and
# not before.


def take_lock(path: Path) -> int | None:
    """Takes the lock without waiting.

    Returns:
        A file descriptor that holds the lock until it and its heirs are closed; None when
        another process holds it.

    Raises:
        OSError: The file cannot be opened, or its file system has no locks.
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
    """Whether no server lives there and nobody is about to start one.

    Raises:
        OSError: As `take_lock`.
    """
    descriptor = take_lock(path)
    if descriptor is None:
        return False
    os.close(descriptor)
    return True


# --- What stands in for the embedded server on Windows, where it does not run.


def embedded_postgres(
    data_dir: Path, **_options: Path | bool | None
) -> AbstractContextManager[str]:
    """Refuses: Windows lacks the locks, sockets and signals that the launcher stands on.

    Raises:
        EmbeddedPostgresError: Always.
    """
    reason = "the embedded PostgreSQL does not run on Windows; set DATABASE_URL"
    raise EmbeddedPostgresError(str(data_dir), reason)
