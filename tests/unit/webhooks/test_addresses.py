"""Where webhooks may be sent: every form in which an inner address can be written is refused."""

from collections.abc import Sequence
from ipaddress import ip_network

import pytest

from abeyance_screening.features.webhooks.addresses import (
    ReceiverPolicy,
    ReceiverRefusedError,
    Resolve,
    addresses_of,
    receiver_of,
)
from abeyance_screening.features.webhooks.sending import Sender
from abeyance_screening.features.webhooks.service import check_receiver
from abeyance_screening.primitives.days import utc_now
from abeyance_screening.primitives.errors import BadInputError

PUBLIC = "93.184.215.14"
NETWORKS = ReceiverPolicy(networks=(ip_network("10.1.0.0/16"), ip_network("fd00:1::/32")))


def resolving(*addresses: str):
    async def resolve(_host: str, _port: int) -> Sequence[str]:
        return addresses

    return resolve


@pytest.mark.parametrize(
    "address",
    [
        pytest.param("127.0.0.1", id="loopback"),
        pytest.param("127.255.0.9", id="all of loopback"),
        pytest.param("0.0.0.0", id="unspecified"),  # noqa: S104 - it is refused
        pytest.param("10.2.0.1", id="private"),
        pytest.param("172.16.0.1", id="private of twelve bits"),
        pytest.param("192.168.1.1", id="private of a home"),
        pytest.param("100.64.0.1", id="a carrier's"),
        pytest.param("169.254.169.254", id="link-local, where clouds keep keys"),
        pytest.param("192.0.2.1", id="for documents"),
        pytest.param("198.18.0.1", id="for benchmarks"),
        pytest.param("192.88.99.1", id="a relay"),
        pytest.param("224.0.0.1", id="multicast"),
        pytest.param("240.0.0.1", id="reserved"),
        pytest.param("255.255.255.255", id="broadcast"),
        pytest.param("::", id="unspecified, IPv6"),
        pytest.param("::1", id="loopback, IPv6"),
        pytest.param("::ffff:127.0.0.1", id="loopback, mapped"),
        pytest.param("::ffff:10.2.0.1", id="private, mapped"),
        pytest.param("::ffff:169.254.169.254", id="link-local, mapped"),
        pytest.param("::127.0.0.1", id="loopback, embedded"),
        pytest.param("64:ff9b::7f00:1", id="loopback by NAT64"),
        pytest.param("2002:7f00:1::", id="loopback by 6to4"),
        pytest.param("2001:0:1::", id="Teredo"),
        pytest.param("fd00:2::1", id="unique local"),
        pytest.param("fe80::1", id="link-local, IPv6"),
        pytest.param("fe80::1%eth0", id="link-local with its interface"),
        pytest.param("fec0::1", id="site-local"),
        pytest.param("ff02::1", id="multicast, IPv6"),
        pytest.param("2001:db8::1", id="for documents, IPv6"),
    ],
)
async def test_a_name_that_leads_to_an_inner_address_is_refused(address: str):
    receiver = receiver_of("https://erp.example/hook")
    for addresses in ((address,), (PUBLIC, address), (address, PUBLIC)):
        with pytest.raises(ReceiverRefusedError, match="not public"):
            await addresses_of(receiver, NETWORKS, resolving(*addresses))


@pytest.mark.parametrize(
    "address",
    [PUBLIC, "2606:4700::1111", "::ffff:8.8.8.8", "10.1.2.3", "::ffff:10.1.2.3", "fd00:1::5"],
)
async def test_public_addresses_and_networks_of_the_settings_are_taken(address: str):
    receiver = receiver_of("https://erp.example/hook")
    assert await addresses_of(receiver, NETWORKS, resolving(address, address)) == (address,)


async def test_a_name_without_an_address_has_none():
    receiver = receiver_of("https://erp.example/hook")
    assert await addresses_of(receiver, NETWORKS, resolving()) == ()


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
async def test_only_a_service_of_this_machine_alone_sends_to_this_machine(address: str):
    receiver, local = receiver_of("http://localhost:9000/hook"), ReceiverPolicy(is_local=True)
    assert await addresses_of(receiver, local, resolving(address)) == (address,)
    with pytest.raises(ReceiverRefusedError, match="not public"):
        await addresses_of(receiver, ReceiverPolicy(), resolving(address))
    inner = receiver_of("https://localhost/hook")
    with pytest.raises(ReceiverRefusedError, match="not public"):
        await addresses_of(inner, local, resolving("169.254.1.1"))


@pytest.mark.parametrize("address", [PUBLIC, "10.1.2.3"])
async def test_without_tls_nothing_leaves_this_machine(address: str):
    receiver = receiver_of("http://erp.example/hook")
    with pytest.raises(ReceiverRefusedError, match="is not https"):
        await addresses_of(receiver, NETWORKS, resolving(address))


async def never(_host: str, _port: int) -> Sequence[str]:
    raise TimeoutError


LOCAL = ReceiverPolicy(is_local=True)


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("http://erp.example/hook", id="a name"),
        pytest.param("HTTP://ERP.EXAMPLE:8443/hook", id="in capitals, at another port"),
        pytest.param("http://localhost/hook", id="a name of this machine"),
    ],
)
@pytest.mark.parametrize(
    "resolve", [pytest.param(resolving(), id="no address"), pytest.param(never, id="not in time")]
)
async def test_without_tls_a_name_that_does_not_resolve_is_refused(url: str, resolve: Resolve):
    for policy in (NETWORKS, LOCAL):
        with pytest.raises(BadInputError, match="is not https"):
            await check_receiver(url, policy, resolve)


async def test_without_tls_nothing_is_sent_to_a_name_that_no_longer_resolves():
    sender = Sender(LOCAL, resolving(), utc_now)
    outcome = await sender.send("http://erp.example/hook", b"{}", {})
    assert outcome.fault is not None
    assert "is not https" in outcome.fault


@pytest.mark.parametrize("resolve", [resolving(), never])
async def test_with_tls_a_name_that_does_not_resolve_yet_is_taken(resolve: Resolve):
    await check_receiver("https://erp.example/hook", NETWORKS, resolve)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        pytest.param("https://0x7f.1/", "number for a host", id="hexadecimal"),
        pytest.param("https://0x7f000001/", "number for a host", id="one hexadecimal number"),
        pytest.param("https://2130706433/", "number for a host", id="one number"),
        pytest.param("https://0177.0.0.1/", "number for a host", id="octal"),
        pytest.param("https://127.1/", "number for a host", id="shortened"),
        pytest.param("https://127.0.0.1./", "number for a host", id="with a last dot"),
        pytest.param("https://erp.0x/", "number for a host", id="an empty number"),
        pytest.param("https://a@erp.example/", "user name", id="a user"),
        pytest.param("https://a:b@erp.example/", "user name", id="a password"),
        pytest.param("https://@erp.example/", "user name", id="an empty user"),
        pytest.param("https://erp.example/#a", "fragment", id="a fragment"),
        pytest.param("https://erp.example/#", "fragment", id="an empty fragment"),
        pytest.param("https://erp.example:0/", "port 0", id="no port"),
        pytest.param("https://erp.example:99999/", "no address", id="too large a port"),
        pytest.param("ftp://erp.example/", "no address", id="another scheme"),
        pytest.param("file:///etc/passwd", "no address", id="a file"),
        pytest.param("https:///hook", "no address", id="no host"),
        pytest.param("erp.example", "no address", id="no scheme"),
        pytest.param("https://[::1/", "no address", id="half a bracket"),
        pytest.param("https://[v1.x]/", "no IPv6 address", id="an address of the future"),
        pytest.param("https://ﬀ.example/", "characters", id="letters that fold"),
        pytest.param("https://erp.example\\@127.0.0.1/", "characters", id="a backslash"),
        pytest.param("https://erp.example/ a", "characters", id="a space"),
        pytest.param("https://erp.example/\r\nx: y", "characters", id="a second line"),
        pytest.param("https://erp_.-/", "no name", id="no name"),
    ],
)
def test_an_address_that_is_not_plain_is_refused(url: str, reason: str):
    with pytest.raises(BadInputError, match=reason):
        receiver_of(url)


@pytest.mark.parametrize(
    ("url", "host", "port"),
    [
        ("https://erp.example/hook?a=b", "erp.example", 443),
        ("https://ERP.example:8443", "erp.example", 8443),
        ("http://127.0.0.1:9000/", "127.0.0.1", 9000),
        ("https://[2606:4700::1111]/", "2606:4700::1111", 443),
        ("https://xn--bcher-kva.example/", "xn--bcher-kva.example", 443),
    ],
)
def test_a_plain_address_is_read(url: str, host: str, port: int):
    receiver = receiver_of(url)
    assert (receiver.host, receiver.port, receiver.url) == (host, port, url)
