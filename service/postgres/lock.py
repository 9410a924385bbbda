"""The lock that says who may start a server: held by the server itself for as long as it lives.

PostgreSQL's `postmaster.pid` names a process id, and ids are reused: after a power cut, or in a
container where every start has the same few ids, it may point at a stranger. A `flock` cannot
lie in that way. It is taken before anything is made or started and then inherited by the server
and all its processes, so the kernel frees it when the last of them is gone, and not before.
"""

import fcntl
import os
from pathlib import Path


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
