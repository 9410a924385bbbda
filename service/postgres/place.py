"""Where one data directory keeps its cluster, its socket, its log and its lock."""

import hashlib
import os
import re
import tempfile
from pathlib import Path
from urllib.parse import quote

import msgspec

ROLE = "abeyance"
DATABASE = "abeyance"
PORT = 5432
"""Only a part of the socket's file name: nothing listens on TCP."""

SOCKET_PATH_LIMIT = 103
"""Bytes of a socket's path: `sun_path` holds 104 on macOS and 108 on Linux, a zero included."""


class Place(msgspec.Struct, frozen=True, kw_only=True):
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


def locate(data_dir: Path) -> Place:
    """Makes the data directory if it is missing and says where its parts lie.

    Raises:
        OSError: The folder cannot be made, or is a file.
    """
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    real = data_dir.resolve(strict=True)
    return Place(
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
