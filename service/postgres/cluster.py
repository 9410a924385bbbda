"""The cluster on disk: made once and whole, and cleared of what a killed server left."""

import os
import re
import shutil
import stat
import subprocess
import tempfile
from pathlib import Path

from service.model.errors import EmbeddedPostgresError
from service.postgres.launcher import Launcher
from service.postgres.place import ROLE, Place

_UNFINISHED = "initdb-"
"""How the name of a cluster begins until it is whole."""

_FIRST_WITH_BUILTIN_LOCALES = 17


def prepare_cluster(place: Place, launcher: Launcher, held: int) -> None:
    """Makes everything ready for a server to start.

    Args:
        place: Where it lies.
        launcher: How PostgreSQL's programs run.
        held: The lock, held: no server of ours lives there.

    Raises:
        EmbeddedPostgresError: The cluster cannot be made, or the folder for its socket belongs
            to somebody else.
    """
    if not place.cluster.exists():
        _make_cluster(place, launcher, held)
    _make_run(place, launcher)
    if not _has_postmaster(place.cluster):
        for leftover in (place.cluster / "postmaster.pid", *place.run.glob(".s.PGSQL.*")):
            leftover.unlink(missing_ok=True)


def _make_cluster(place: Place, launcher: Launcher, held: int) -> None:
    """Runs initdb in a sibling folder that takes its name when whole: a killed one leaves none."""
    for unfinished in place.data_dir.glob(f"{_UNFINISHED}*"):
        shutil.rmtree(unfinished)
    new = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=place.data_dir))
    launcher.give(new)
    options = (f"--username={ROLE}", "--auth-local=trust", "--auth-host=reject")
    encoding = ("--encoding=UTF8", *_locale(place, launcher, held))
    _initdb(place, launcher, held, "-D", str(new), *options, *encoding)
    new.rename(place.cluster)


def _locale(place: Place, launcher: Launcher, held: int) -> tuple[str, ...]:
    """Sorts by code point and knows the letters of every script, on every system alike."""
    version = _initdb(place, launcher, held, "--version")
    major = re.search(r"\(PostgreSQL\) (\d+)", version)
    if major is None or int(major[1]) < _FIRST_WITH_BUILTIN_LOCALES:
        return ("--locale=C.UTF-8",)
    return ("--locale-provider=builtin", "--locale=C.UTF-8")


def _initdb(place: Place, launcher: Launcher, held: int, *arguments: str) -> str:
    """What initdb prints."""
    process = launcher.spawn("initdb", *arguments, output=subprocess.PIPE, held=held)
    output, _ = process.communicate()
    if process.returncode != 0:
        lines = [line for line in output.splitlines() if "error" in line or "FATAL" in line]
        words = (lines or output.splitlines() or ["it said nothing"])[-1].strip()
        raise EmbeddedPostgresError(str(place.data_dir), f"initdb failed: {words}")
    return output


def _make_run(place: Place, launcher: Launcher) -> None:
    """Makes the folder for the socket, which nobody but the server's account and root enters."""
    place.run.mkdir(mode=0o700, exist_ok=True)
    found = place.run.lstat()
    owner = place.cluster.stat().st_uid
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (owner, os.geteuid()):
        reason = f"{place.run} belongs to uid {found.st_uid}, not to {owner}; remove it"
        raise EmbeddedPostgresError(str(place.data_dir), reason)
    launcher.give(place.run)
    place.run.chmod(0o700)


def _has_postmaster(cluster: Path) -> bool:
    """Whether the process that `postmaster.pid` names is a server of this very folder.

    Nobody of ours is alive here (the lock is held), but somebody may have run `pg_ctl` by hand.
    PostgreSQL alone would take any process of the same user with that id for a server and refuse
    to start. A server's working directory is its cluster, which no stranger's is. Where the
    system does not tell (no `/proc`), PostgreSQL decides.
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
