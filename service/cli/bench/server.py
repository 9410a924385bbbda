"""A service of its own for `abeyance bench speed`, in a folder that is gone afterwards."""

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager

import msgspec

from service.model.errors import NotReadyError


class Running(msgspec.Struct, frozen=True):
    """Where the service answers, and its process."""

    port: int
    pid: int


@contextmanager
def running_service(*, keep_screenings: bool) -> Generator[Running]:
    """A service with a database of its own and the lists that come with the program.

    Raises:
        NotReadyError: it does not start; what it says stands on standard error.
    """
    environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    environment["ABEYANCE_STORE_SCREENINGS"] = "true" if keep_screenings else "false"
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        port = _free_port()
        command = [sys.executable, "-m", "service", "serve", "--no-refresh", "--port", f"{port}"]
        command += ["--data-dir", folder]
        with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as process:  # noqa: S603 - the command is ours
            try:
                if process.stdout is None or not process.stdout.readline():
                    raise NotReadyError
                yield Running(port, process.pid)
            finally:
                process.terminate()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: object = free.getsockname()[1]  # pyright: ignore[reportAny]
    return msgspec.convert(port, int)
