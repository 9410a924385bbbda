"""The host names under which the service answers."""

import socket
from collections.abc import Callable, Iterable
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import urlsplit

from abeyance_screening.platform.settings import Settings

_ANY = "*"


def host_check(hosts: Iterable[str]) -> Callable[[bytes], bool]:
    """Return a function that tells whether a Host header names this service.

    Beside the names given, the local machine's are taken, and any IP address: a page of another
    site can give its own name our address (DNS rebinding), but never an address as its name.
    """
    names = frozenset(each.lower() for each in hosts)

    @lru_cache(maxsize=256)
    def is_ours(host: bytes) -> bool:
        name, port = _without_port(host.decode("latin-1").strip().lower())
        if port and not port.isdigit():
            return False
        return (
            _ANY in names
            or name in names
            or name == "localhost"
            or name.endswith(".localhost")
            or _is_address(name)
        )

    return is_ours


def own_hosts(host: str, given: Iterable[str]) -> tuple[str, ...]:
    """Return the names of a service that listens on `host`: those given, and the machine's own."""
    own = (each for each in (host, socket.gethostname()) if not _is_address(each))
    return tuple(dict.fromkeys([*given, *(each.lower() for each in own if each)]))


def public_hosts(settings: Settings) -> tuple[str, ...]:
    """Return the name by which browsers reach the service, if a setting says so."""
    people = settings.people
    name = None if people is None else urlsplit(people.public_url or "").hostname
    return () if name is None or _is_address(name) else (name,)


def _without_port(host: str) -> tuple[str, str]:
    """Return the name or address in a Host header, and its port, "" without one."""
    if host.startswith("["):
        name, bracket, port = host[1:].partition("]")
        return (name, port.removeprefix(":")) if bracket else ("", "")
    name, _, port = host.partition(":")
    return name.removesuffix("."), port


def _is_address(name: str) -> bool:
    try:
        _ = ip_address(name)
    except ValueError:
        return False
    return True
