"""Web addresses: `www` and the end of a domain are no words of a name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abeyance_screening.engine.names.form import domain_labels, normalise
from tests.walks import at_most_letters

# Letters that could be looked at while 200,000 are read: the longest takes a twentieth of it, and
# who looks at each pair of letters takes two hundred times as much.
_LONGEST = 100_000_000


def words(printed: str) -> list[str]:
    return [word.text for word in normalise(printed).words]


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        pytest.param("WWW.SERCUBA.COM", "Sercuba", id="us_ofac_sdn 1068"),
        pytest.param("WWW.CUBA-SHOP.NET", "Cuba Shop", id="a hyphen"),
        pytest.param("WWW.AEROCONTINENTE.COM.PE", "Aerocontinente", id="end under a country"),
        pytest.param("https://www.huawei.com/en/contact?x=1", "Huawei", id="scheme and path"),
        pytest.param("http://shop.huawei.com:8080", "shop Huawei", id="port"),
        pytest.param("Huawei (www.huawei.com)", "Huawei Huawei", id="after a name"),
        pytest.param("www.почта-банк.рф", "Почта Банк", id="Cyrillic domain"),
        pytest.param("www.huawei", "Huawei", id="no end"),
    ],
)
def test_an_address_has_the_words_of_its_domain(printed: str, name: str) -> None:
    assert words(printed) == words(name)


@pytest.mark.parametrize(
    "printed",
    [
        "Booking.com B.V.",
        "S.A.",
        "WWW Trading",
        "Wwwerk GmbH",
        "HTTP Pumps",
        "www.",
        "http://",
        ".",
    ],
)
def test_what_is_no_address_keeps_its_words(printed: str) -> None:
    assert normalise(printed).words
    assert domain_labels(printed) == ()


@pytest.mark.parametrize(
    ("printed", "labels"),
    [
        ("www.dahuasecurity.com", ("dahuasecurity",)),
        ("dahuasecurity.com", ("dahuasecurity",)),
        ("shop.hikvision.com.cn", ("shop", "hikvision")),
        ("shop.hikvision.co.ir", ("shop", "hikvision")),
        ("mail.ru", ("mail",)),
        ("www.x.org/list", ("x",)),
        ("S.A.co.ir", ()),
        ("S.A.", ()),
        ("N.V", ()),
        ("Amazon.com Inc", ()),
        ("Foo", ()),
    ],
)
def test_a_name_that_is_a_domain_has_its_labels(printed: str, labels: tuple[str, ...]) -> None:
    assert domain_labels(printed) == labels


@given(st.from_regex(r"[a-z0-9]{3,12}(-[a-z0-9]{1,8}){0,2}", fullmatch=True))
def test_two_addresses_share_no_word_that_their_labels_do_not(label: str) -> None:
    assert words(f"www.{label}.com") == words(label)
    assert words(f"https://{label}.co.uk/") == words(label)


@pytest.mark.parametrize("piece", ["www.", "http://", "www.a.", "a-.", "www.a/", ":1"])
def test_adversarial_addresses_take_time_by_their_length(piece: str) -> None:
    with at_most_letters(_LONGEST):
        normalise("www." + piece * (200_000 // len(piece)))
        domain_labels("www." + piece * (200_000 // len(piece)))
