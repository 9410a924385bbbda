"""`abeyance` commands as processes of their own, forked from one that has imported the service.

A command spends a second of one core on importing what it needs, and the tests run some two
hundred. That every command starts by itself as well is left to the tests of `serve`, of the wheel
and of the guides.
"""

import array
import atexit
import gc
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

import msgspec

from abeyance_screening.app.application import create_app
from abeyance_screening.app.command_line import run as run_command
from abeyance_screening.app.features import commands_of
from abeyance_screening.engine.names.match import warm
from abeyance_screening.platform.settings import Settings
from tests.shipped_register import read_once, shipped

_ROOT = Path(__file__).parents[1]
_LONGEST_REQUEST = 2**17


class _Request(msgspec.Struct, frozen=True):
    """What a command is started with."""

    arguments: Sequence[str]
    environment: Mapping[str, str]
    folder: str


class _Server(NamedTuple):
    """The process that forks, and the socket on which it is asked to."""

    process: subprocess.Popen[bytes]
    asked: socket.socket


def abeyance_command(
    arguments: Sequence[str], environment: Mapping[str, str], folder: Path, timeout_s: float = 120
) -> subprocess.CompletedProcess[str]:
    """Run `abeyance` with these arguments, this environment alone and in this folder."""
    server = _server()
    request = msgspec.json.encode(
        _Request(arguments=arguments, environment=dict(environment), folder=os.fspath(folder))
    )
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        socket.send_fds(server.asked, [request], [output.fileno(), errors.fileno()])
        server.asked.settimeout(timeout_s)
        try:
            code = int(server.asked.recv(16))
        except TimeoutError:
            _end(server, within_s=0)
            _server.cache_clear()
            raise
        texts = [file.read().decode() for file in (output, errors) if file.seek(0) == 0]
    return subprocess.CompletedProcess(list(arguments), code, *texts)


@cache
def _server() -> _Server:
    """Start the process that forks; it ends with this one, whose socket it reads."""
    asked, heard = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with heard:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.forked", str(heard.fileno())],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            cwd=_ROOT,
            pass_fds=[heard.fileno()],
            start_new_session=True,
        )
    server = _Server(process, asked)
    atexit.register(_end, server)
    return server


def _end(server: _Server, within_s: float = 5) -> None:
    """Let the process that forks end by itself, else end it and a command that it waits for."""
    server.asked.close()
    try:
        server.process.wait(within_s)
    except subprocess.TimeoutExpired:
        os.killpg(server.process.pid, signal.SIGKILL)
        server.process.wait()


def _serve(heard: socket.socket) -> None:
    """Fork a process for each request, and answer with its exit status; return in the forked."""
    while True:
        content, ancillary, _, _ = heard.recvmsg(_LONGEST_REQUEST, socket.CMSG_SPACE(8))
        if not content:
            sys.exit(0)
        files = array.array("i", ancillary[0][2])
        child = os.fork()
        if child == 0:
            heard.close()
            _become(msgspec.json.decode(content, type=_Request), files)
            return
        for file in files:
            os.close(file)
        _, status = os.waitpid(child, 0)
        heard.send(str(os.waitstatus_to_exitcode(status)).encode())


def _become(request: _Request, files: Sequence[int]) -> None:
    """Take over the request's output, folder, environment and arguments."""
    for target, file in enumerate(files, start=1):
        os.dup2(file, target)
        os.close(file)
    os.chdir(request.folder)
    os.environ.clear()
    os.environ.update(request.environment)
    sys.argv[1:] = request.arguments


def _prepare() -> None:
    """Do once what each command would do alike: a second of one core.

    It imports what only some commands need, reads the register and loads the compiled kernel.
    """
    for module in dict.fromkeys(each.module for each in commands_of().values()):
        import_module(module)
    _ = shipped()
    # nothing listens there, and nothing is asked of it: its handlers, pages and tables are loaded
    _ = create_app(Settings(data_dir=Path(), database_url="postgresql://127.0.0.1:1/none"))
    warm()
    gc.collect()
    gc.freeze()


if __name__ == "__main__":
    with read_once():
        _prepare()
        _serve(socket.socket(fileno=int(sys.argv[1])))
        run_command()
