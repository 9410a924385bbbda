"""The door of this room: one context manager."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from service.model.errors import EmbeddedPostgresError
from service.postgres.keeper import Keeper
from service.postgres.launcher import find_binaries
from service.postgres.place import locate


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
    keeper = Keeper(place, find_binaries(place, binaries), keep_alive=keep_alive)
    try:
        keeper.open()
        yield place.dsn
    finally:
        keeper.close()
