"""Numbers that somebody pasted into the box for the name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.screening.identifiers import named_identifiers


@pytest.mark.parametrize(
    ("name", "kind", "value"),
    [
        pytest.param("IMO 9187629", "IMO", "9187629", id="an IMO number"),
        pytest.param("OCEAN STAR (IMO: 9187629)", "IMO", "9187629", id="beside a name"),
        pytest.param("OCEAN STAR, imo no. 9187629", "IMO", "9187629", id="small letters"),
        pytest.param("IMO9187629", "IMO", "9187629", id="glued"),
        pytest.param("ＩＭＯ　９１８７６２９", "IMO", "9187629", id="full width"),  # noqa: RUF001
        pytest.param("IMO 9187620", "IMO", "9187620", id="with a wrong check digit"),
        pytest.param("7707083893", "INN", "7707083893", id="an INN alone"),
        pytest.param("ИНН 7707083893", "ИНН", "7707083893", id="an INN with its word"),
        pytest.param("Sberbank INN: 7707083893", "INN", "7707083893", id="an INN beside a name"),
        pytest.param("1027700132195", "OGRN", "1027700132195", id="an OGRN alone"),
        pytest.param("9144 0300 1922 0382 16", "USCC", "914403001922038216", id="a USCC, spaced"),
        pytest.param(
            "254900h0tcecgsdjbb65", "LEI", "254900H0TCECGSDJBB65", id="an LEI in small letters"
        ),
    ],
)
def test_a_pasted_number_is_asked_for_as_well(name, kind, value):
    (asked,) = named_identifiers(name, is_vessel=False)
    assert (asked.kind, asked.value) == (kind, value)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("OCEAN STAR", id="no digit"),
        pytest.param("Plant No. 27", id="two digits"),
        pytest.param("1234567 Ontario Inc.", id="a numbered company"),
        pytest.param("9187629", id="seven digits, of no vessel"),
        pytest.param("7707083894", id="an INN with a wrong check digit"),
        pytest.param("Comfort Inn 555 1234567", id="an inn"),
        pytest.param("Comfort Inn 5551234", id="an inn and seven digits"),
        pytest.param("LIMO 9187629", id="within a word"),
        pytest.param("Sberbank 7707083893", id="an INN that nothing says is one"),
    ],
)
def test_an_ordinary_name_asks_for_no_number(name):
    assert named_identifiers(name, is_vessel=False) == ()


def test_seven_digits_of_a_vessel_are_its_imo_number_if_they_can_be():
    (asked,) = named_identifiers("OCEAN STAR 9187629", is_vessel=True)
    assert (asked.kind, asked.value) == ("IMO", "9187629")
    assert named_identifiers("OCEAN STAR 9187620", is_vessel=True) == ()


@given(st.text(max_size=500), st.booleans())
def test_any_name_is_answered(name, is_vessel):
    for asked in named_identifiers(name, is_vessel=is_vessel):
        assert asked.kind
        assert len(asked.value) >= 7
