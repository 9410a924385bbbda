"""Names of hosts."""

from collections.abc import Sequence


def is_named(host: str, hosts: Sequence[str]) -> bool:
    """Return whether a server is one of those named, or a sub-domain of one."""
    name = host.lower().rstrip(".")
    return any(name == each or name.endswith(f".{each}") for each in hosts)
