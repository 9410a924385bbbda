"""Addresses of networks, and host names."""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

# --- Addresses of clients: which of them are one client, and which are within some networks.

type Network = IPv4Network | IPv6Network
# A home or a server usually has a whole network of this size in IPv6.
_IPV6_BITS = 64


def client_group(address: str) -> str:
    """Return what counts as one client: an IPv4 address, or the /64 of an IPv6 address."""
    ip = _read(address) if ":" in address else None
    if ip is None:
        return address
    if isinstance(ip, IPv4Address):
        return str(ip)
    return str(ip_network((int(ip), _IPV6_BITS), strict=False))


def is_within(address: str | None, networks: Iterable[Network]) -> bool:
    """Whether an address is in one of some networks; one that cannot be read is in none."""
    ip = _read(address or "")
    return ip is not None and any(ip in network for network in networks)


def _read(address: str) -> IPv4Address | IPv6Address | None:
    """Return an address, as IPv4 where its IPv6 form stands for one; None if it is none."""
    try:
        ip = ip_address(address)
    except ValueError:
        return None
    mapped = ip.ipv4_mapped if isinstance(ip, IPv6Address) else None
    return ip if mapped is None else mapped


def is_named(host: str, hosts: Sequence[str]) -> bool:
    """Return whether a server is one of those named, or a sub-domain of one."""
    name = host.lower().rstrip(".")
    return any(name == each or name.endswith(f".{each}") for each in hosts)
