"""The host names under which the service answers."""

import re
import socket
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import urlsplit

from abeyance_screening.platform.settings import Settings

_ANY = "*"
_ABSOLUTE = re.compile(rb"(https?)://([^/?#]+)", re.IGNORECASE)
_PORTS = {b"http": "80", b"https": "443"}


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


def fault_of_host(target: bytes, hosts: Sequence[bytes], *, is_required: bool) -> str | None:
    """Return what is wrong with the hosts that one request names (RFC 9112, 3.2); None if nothing.

    A proxy and we could read two of them differently, and so take a request for another site's.

    Args:
        target: What is asked for: `/v1/lists`, or a whole address, as a proxy is asked.
        hosts: The value of each header Host.
        is_required: Whether there must be one: in HTTP/1.1, not in HTTP/1.0.
    """
    if len(hosts) > 1:
        return "the header Host comes more than once"
    if not hosts and is_required:
        return "the header Host is missing"
    if target.startswith(b"/") or target == b"*":
        return None
    asked = _ABSOLUTE.match(target)
    host = hosts[0] if hosts else b""
    if asked is None or _with_port(asked[2], asked[1]) != _with_port(host, asked[1]):
        return "the address asked for is of another host than the header Host names"
    return None


def own_hosts(host: str, given: Iterable[str]) -> tuple[str, ...]:
    """Return the names of a service that listens on `host`: those given, and the machine's own."""
    own = (each for each in (host, socket.gethostname()) if not _is_address(each))
    return tuple(dict.fromkeys([*given, *(each.lower() for each in own if each)]))


def public_hosts(settings: Settings) -> tuple[str, ...]:
    """Return the name by which browsers reach the service, if a setting says so."""
    people = settings.people
    name = None if people is None else urlsplit(people.public_url or "").hostname
    return () if name is None or _is_address(name) else (name,)


def _with_port(host: bytes, scheme: bytes) -> bytes:
    """Return a host and its port in one spelling, without a port with that of the scheme."""
    name, port = _without_port(host.decode("latin-1").strip().lower())
    return f"{name}:{port or _PORTS[scheme.lower()]}".encode("latin-1")


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
