"""Where webhooks may be sent: never into the network of the service, unless its settings allow it.

The address is read as strictly as browsers do, since `http://0x7f.1` is this machine to a C
library. What its name resolves to is checked when it is recorded and again before each try, and
the connection goes to an address that was checked: a name that answers otherwise the second time
gains nothing.
"""

import re
from collections.abc import Awaitable, Callable, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

import msgspec

from abeyance_screening.platform.access.callers import Network, is_within
from abeyance_screening.platform.settings import Settings
from abeyance_screening.primitives.errors import BadInputError

LONGEST_URL = 2_000
type Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Returns the addresses of a name, none if it has none."""

_FIELD = "url"
_NAME = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*")
# A last label of this form makes a C library read the whole as one number, in any base.
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_OPEN_LINE = "is not https, which only an address of this machine may be"
_NOT_PUBLIC = "leads to an address that is not public"
_PORTS = {"https": 443, "http": 80}
# Networks that lead to IPv4 addresses of any kind by way of a relay.
_RELAYS = (ip_network("2002::/16"), ip_network("192.88.99.0/24"))


class ReceiverRefusedError(Exception):
    """Nothing is sent to an address; `reason` says why, without the address."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Receiver(msgspec.Struct, frozen=True, kw_only=True):
    """Where a webhook is sent: its address, and what that consists of."""

    url: str
    scheme: str
    host: str
    port: int


class ReceiverPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """Which addresses may be sent to beside public ones.

    `networks` are those of the settings, `is_local` whether also this machine, without TLS: so it
    is for a service without keys, which only this machine reaches.
    """

    networks: tuple[Network, ...] = ()
    is_local: bool = False

    @classmethod
    def of(cls, settings: Settings) -> "ReceiverPolicy":
        """Return what the settings allow."""
        return cls(
            networks=tuple(map(ip_network, settings.webhook_networks)),
            is_local=settings.access is None and settings.people is None,
        )

    def check(self, receiver: Receiver, addresses: Sequence[str]) -> None:
        """Check that every address of a receiver may be sent to; a name may have none just now.

        Without TLS it must have some, all of this machine: what it leads to later nobody knows.

        Raises:
            ReceiverRefusedError: One may not, or not without TLS.
        """
        found = [_plain(ip_address(each.partition("%")[0])) for each in addresses]
        if receiver.scheme == "http" and not (found and all(ip.is_loopback for ip in found)):
            raise ReceiverRefusedError(_OPEN_LINE)
        for ip in found:
            if is_within(str(ip), self.networks) or (self.is_local and ip.is_loopback):
                continue
            if not _is_public(ip):
                raise ReceiverRefusedError(_NOT_PUBLIC)


def receiver_of(url: str) -> Receiver:
    """Read the address of a receiver.

    Raises:
        BadInputError: It is none that anything is sent to, whatever its name resolves to.
    """
    if not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        raise BadInputError(_FIELD, "has characters that an address may not have")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise BadInputError(_FIELD, "is no address such as https://erp.example/hook") from None
    if parts.scheme not in _PORTS or not parts.hostname:
        raise BadInputError(_FIELD, "is no address such as https://erp.example/hook")
    if "@" in parts.netloc:
        raise BadInputError(_FIELD, "has a user name; the signature says who sends")
    if parts.fragment or "#" in url:
        raise BadInputError(_FIELD, "has a fragment, which is never sent")
    if port == 0:
        raise BadInputError(_FIELD, "has the port 0")
    host = _host(parts)
    return Receiver(url=url, scheme=parts.scheme, host=host, port=port or _PORTS[parts.scheme])


async def addresses_of(
    receiver: Receiver, policy: ReceiverPolicy, resolve: Resolve
) -> tuple[str, ...]:
    """Return the addresses of a receiver, each of which may be sent to; none if it has none.

    Raises:
        ReceiverRefusedError: One of them may not be sent to.
    """
    found = tuple(dict.fromkeys(await resolve(receiver.host, receiver.port)))
    policy.check(receiver, found)
    return found


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").lower()
    if "[" in parts.netloc:
        try:
            return str(IPv6Address(host))
        except ValueError:
            raise BadInputError(_FIELD, "has no IPv6 address in its brackets") from None
    if _NUMBER.fullmatch(host.removesuffix(".").rpartition(".")[2]):
        try:
            return str(IPv4Address(host))
        except ValueError:
            reason = "has a number for a host; write an IPv4 address as 192.0.2.1"
            raise BadInputError(_FIELD, reason) from None
    if _NAME.fullmatch(host.removesuffix(".")) is None:
        raise BadInputError(_FIELD, "has a host that is no name such as erp.example")
    return host


def _plain(ip: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """Return the address that is meant: an IPv4 address may be written as one of IPv6."""
    mapped = ip.ipv4_mapped if isinstance(ip, IPv6Address) else None
    return ip if mapped is None else mapped


def _is_public(ip: IPv4Address | IPv6Address) -> bool:
    is_special = ip.is_multicast or ip.is_reserved or any(ip in each for each in _RELAYS)
    if isinstance(ip, IPv6Address):
        is_special = is_special or ip.is_site_local
    return ip.is_global and not is_special
