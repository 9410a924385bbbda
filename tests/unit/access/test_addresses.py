"""Which addresses are one client."""

import pytest

from abeyance_screening.platform.access.callers import client_group


@pytest.mark.parametrize(
    ("address", "group"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("a socket", "a socket"),
    ],
)
def test_a_client_is_an_address_or_the_network_of_one_subscriber(address: str, group: str):
    assert client_group(address) == group
