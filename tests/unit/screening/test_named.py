"""Numbers that somebody pasted into the box for the name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abeyance_screening.engine.screening.name_variants import named_numbers, without_numbers


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
        pytest.param(
            "HWUPKR0MPOU8FGXBT394", "LEI", "HWUPKR0MPOU8FGXBT394", id="an LEI of few digits"
        ),
        pytest.param("Sberbank 7707083893", "INN", "7707083893", id="an INN without its word"),
        pytest.param(
            "Tech Co 91511500MAD7QX3R97", "USCC", "91511500MAD7QX3R97", id="a USCC beside a name"
        ),
        pytest.param("ship 9297888", "IMO", "9297888", id="a ship's number"),
        pytest.param("INN/KPP 7802044622/780201001", "INN", "7802044622", id="with a tax office"),
        pytest.param(
            "Acme DE89 3704 0044 0532 0130 00 BERLIN", "IBAN", "DE89370400440532013000", id="IBAN"
        ),
    ],
)
def test_a_pasted_number_is_asked_for_as_well(name, kind, value):
    (number,) = named_numbers(name, is_vessel=False)
    assert (number.kind, number.value) == (kind, value)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("OCEAN STAR", id="no digit"),
        pytest.param("Plant No. 27", id="two digits"),
        pytest.param("1234567 Ontario Inc.", id="a numbered company"),
        pytest.param("OCEAN STAR 9187629", id="seven digits, of no vessel"),
        pytest.param("7707083894", id="an INN with a wrong check digit"),
        pytest.param("Comfort Inn 555 1234567", id="an inn"),
        pytest.param("Comfort Inn 5551234", id="an inn and seven digits"),
        pytest.param("LIMO 9187620", id="within a word, wrong check digit"),
        pytest.param("9187629 Canada Inc.", id="a numbered company whose number a ship may have"),
        pytest.param("Acme 555 9187629", id="a telephone number"),
        pytest.param("Acme, EUR 7707083893.50", id="an amount"),
        pytest.param("40702810938000060473 Acme", id="a bank account"),
    ],
)
def test_an_ordinary_name_asks_for_no_number(name):
    assert named_numbers(name, is_vessel=False if name.startswith("OCEAN") else None) == ()


def test_seven_digits_are_an_imo_number_if_they_can_be():
    (asked,) = named_numbers("OCEAN STAR 9187629", is_vessel=True)
    assert (asked.kind, asked.value, asked.is_certain) == ("IMO", "9187629", True)
    (asked,) = named_numbers("OCEAN STAR 9187629", is_vessel=None)
    assert (asked.is_certain, asked.is_word) == (False, True)
    assert named_numbers("OCEAN STAR 9187620", is_vessel=True) == ()


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        pytest.param("Tech Co (91511500MAD7QX3R97)", "Tech Co", id="in brackets"),
        pytest.param("ИНН/КПП: 7802044622/780201001 Ромашка", "Ромашка", id="with its label"),
        pytest.param("ＩＭＯ　９１８７６２９ Ariadne", "Ariadne", id="full width"),  # noqa: RUF001
        pytest.param("OCEAN STAR 9187629", "OCEAN STAR 9187629", id="perhaps a word of the name"),
        pytest.param("7707083893", "7707083893", id="nothing else"),
    ],
)
def test_numbers_are_taken_out_of_the_name(name, bare):
    assert without_numbers(name, named_numbers(name, is_vessel=None)) == bare


@given(st.text(st.characters() | st.sampled_from("0123456789DE ")), st.booleans())
def test_any_name_is_answered(name, is_vessel):
    for number in named_numbers(name, is_vessel=is_vessel):
        assert number.kind
        assert len(number.value) >= 7
        assert 0 <= number.start < number.end <= len(name)
