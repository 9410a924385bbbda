"""Answer requests, here or in processes beside: `python -m abeyance_screening.app.answering 7`.

Its argument is the descriptor of the socket that these processes share. It says at each step of
its start, and then once a second, that it gets on, so that a slow machine is not taken for a
fault.
"""

import asyncio
import socket
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from importlib import import_module
from typing import TypedDict, override

import uvicorn
from uvicorn.config import STARTUP_FAILURE

from abeyance_screening.platform.child_process import end_with_supervisor, say
from abeyance_screening.platform.local_data import check_database
from abeyance_screening.platform.logs import LOG_CONFIG
from abeyance_screening.platform.postgres.migrations import DatabaseNewerError
from abeyance_screening.platform.settings import Settings, read_settings
from abeyance_screening.platform.supervisor import SHUTDOWN_WITHIN_S, Child
from abeyance_screening.primitives.processes import making_what_stays

_APPLICATION = "abeyance_screening.app.application"
_SAY_EVERY_S = 1.0
INDEX = "building the index of all names"
"""The last step of a start; where the index is kept in a file, it is read."""


def import_application() -> None:
    """Import the application, which takes most of the CPU of a start, before it is needed."""
    with making_what_stays():
        import_module(_APPLICATION)


def answer_here(host: str, port: int, say: Callable[[str], None] = lambda _: None) -> None:
    """Answer requests in this process until it is stopped; `say` receives each step in words.

    Raises:
        SystemExit: The application cannot start.
    """
    say("importing the service")
    config = _config(host, port)
    with making_what_stays():
        # uvicorn would import and make the application in the loop, where nothing else is done
        config.load()
    say(INDEX)
    server = uvicorn.Server(config)
    with suppress(KeyboardInterrupt):
        server.run()
    if not server.started:
        sys.exit(STARTUP_FAILURE)


@contextmanager
def answer_in_children(host: str, port: int) -> Generator[Child]:
    """Yield a process that answers requests; several may do so, at one address."""
    with _config(host, port).bind_socket() as shared:
        number = shared.fileno()
        arguments = ("-m", "abeyance_screening.app.answering", str(number))
        yield Child(name="answering", arguments=arguments, descriptors=(number,))


class _AnsweringServer(uvicorn.Server):
    """A server that says as long as its loop comes round that it gets on."""

    @override
    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        saying = asyncio.create_task(self._say_for_ever())
        try:
            await super().serve(sockets)
        finally:
            saying.cancel()

    async def _say_for_ever(self) -> None:
        while True:
            say("answering" if self.started else "starting")
            await asyncio.sleep(_SAY_EVERY_S)


class ForwardingOptions(TypedDict):
    """What uvicorn is told of proxies and of its own name."""

    proxy_headers: bool
    forwarded_allow_ips: list[str]
    server_header: bool


def forwarding_of(settings: Settings) -> ForwardingOptions:
    """Return whose X-Forwarded-For is believed: that of the proxies in the settings alone.

    Not even that of our own machine, which uvicorn believes by itself: whoever runs a program
    there could write any address into the audit log, and use keys that are taken elsewhere only.
    """
    forwarders = list(settings.forwarders)
    return ForwardingOptions(
        proxy_headers=bool(forwarders),
        forwarded_allow_ips=forwarders,
        # which program answers, and which fault of it may be tried, is nobody's business
        server_header=False,
    )


def _config(host: str = "", port: int = 0) -> uvicorn.Config:
    return uvicorn.Config(
        f"{_APPLICATION}:create_app",
        factory=True,
        host=host,
        port=port,
        # uvicorn's access log would hold the names of counterparties
        access_log=False,
        http="abeyance_screening.platform.http.connections:BoundedProtocol",
        # a connection that becomes a WebSocket would pass all limits, and nothing here is one
        ws="none",
        log_config=LOG_CONFIG,
        timeout_graceful_shutdown=SHUTDOWN_WITHIN_S,
        **forwarding_of(read_settings()),
    )


def _check_database(settings: Settings) -> None:
    """End in one line where a newer version has migrated the database: its parent is older."""
    try:
        asyncio.run(check_database(settings.database_url or ""))
    except DatabaseNewerError as error:
        sys.exit(f"abeyance: {error.title}: {error}")


def main(descriptor: int) -> None:
    """Answer requests on a socket that was handed over, until told to end."""
    end_with_supervisor()
    say("importing")
    _check_database(read_settings())
    config = _config()
    with making_what_stays():
        # it takes most of a start; uvicorn would do it in the loop, where nothing else is done
        config.load()
    say("imported")
    with suppress(KeyboardInterrupt), socket.socket(fileno=descriptor) as shared:
        _AnsweringServer(config).run([shared])


if __name__ == "__main__":
    main(int(sys.argv[1]))
