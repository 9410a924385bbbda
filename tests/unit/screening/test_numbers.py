"""When two numbers meet, and which stand in one value."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abeyance_screening.engine.screening.identifiers import meet, numbers_in
from tests.walks import at_most_letters

type Said = tuple[str | None, str, str | None]


def meets(one: Said, other: Said) -> bool:
    return any(meet(each, its) for each in numbers_in(*one) for its in numbers_in(*other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(
            ("INN", "7707083893", None), ("Tax ID No.", "7707083893", "RU"), id="INN, tax number"
        ),
        pytest.param(
            (None, "7707083893", None), ("Passport", "7707083893", None), id="no kind stated"
        ),
        pytest.param(
            ("rabbit", "7707083893", None), ("INN", "7707083893", None), id="a kind unknown"
        ),
        pytest.param(
            ("Registration Number", "1027700132195", "CY"),
            ("OGRN", "1027700132195", None),
            id="OGRN, a number registered elsewhere",
        ),
        pytest.param(
            ("VAT", "852496527B01", "NL"), ("V.A.T. Number", "NL 852496527B01", None), id="VAT"
        ),
        pytest.param(
            ("VAT", "BE 454,419,759", None), ("VAT", "BE0454.419.759", "BE"), id="VAT, old style"
        ),
        pytest.param(
            ("Enterprise Number", "0430.033.662", "BE"),
            ("VAT number", "BE0430033662", None),
            id="a Belgian VAT number is the enterprise's",
        ),
        pytest.param(
            ("USCC", "914403001922038216", "CN"),
            ("Organisation code", "19220382-1", None),
            id="the organisation code within",
        ),
        pytest.param(
            ("UK Company Number", "1074897", None),
            ("Company Number", "01074897", "GB"),
            id="a zero lost",
        ),
        pytest.param(
            ("C.R. No.", "2162198", "HK"), ("Company Number", "2162198", "CN"), id="one state"
        ),
        pytest.param(
            ("IMO", "5938411", None), ("Company Number", "IMO 5938411", None), id="a company's IMO"
        ),
        pytest.param(
            ("LEI", "852496527", "NL"), ("RSIN", "852496527", "NL"), id="called what it cannot be"
        ),
        pytest.param(
            ("Passport", "472120208", "KP"),
            ("National Identifier number", "472120208", None),
            id="a passport that another list takes for an identity card",
        ),
        pytest.param(("BIC", "SABRRUMM", None), ("SWIFT", "SABRRUMM012", None), id="a branch"),
    ],
)
def test_what_may_be_one_number_meets(one, other):
    assert meets(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(
            ("INN", "7707083893", None), ("Passport", "7707083893", None), id="INN, passport"
        ),
        pytest.param(
            ("Tax ID No.", "7707083893", "RU"),
            ("Passport", "7707083893", None),
            id="tax, passport",
        ),
        pytest.param(("IMO", "9187629", None), ("Company Number", "9187629", None), id="IMO"),
        pytest.param(
            ("Registration Number", "341189", "IR"),
            ("Registration Number", "341189", "DE"),
            id="two countries",
        ),
        pytest.param(("VAT", "DE136695976", None), ("Tax ID", "136695976", "PL"), id="VAT"),
        pytest.param(("KPP", "770701001", None), ("KPP", "770701001", None), id="a tax office"),
        pytest.param(("INN", "7707083893", None), ("INN", "7736050003", None), id="two numbers"),
        pytest.param(("D-U-N-S", "520237366", None), ("MMSI", "520237366", None), id="two rules"),
    ],
)
def test_numbers_of_two_kinds_or_countries_do_not_meet(one, other):
    assert not meets(one, other)


@pytest.mark.parametrize(
    ("value", "held"),
    [
        pytest.param(
            "(УНН/ИНН): 190950894 (Belarus), 7704734000/770301001 (Russia)",  # noqa: RUF001
            {"190950894": None, "7704734000": None},
            id="two countries, and a tax office",
        ),
        pytest.param(
            "OGRN: 114 237 300 24 30INN: 2373007549KPP: 237301001",
            {"1142373002430": "ogrn", "2373007549": "inn"},
            id="glued",
        ),
        pytest.param(
            "Tax ID No. 7735579027 (Russia); Registration Number 1117746568829 (Russia)",
            {"7735579027": "inn", "1117746568829": "ogrn"},
            id="with the country behind",
        ),
        pytest.param(
            "Legal Entity Identifier: 5299008ONRYZRO61SY92; Trade Register Number: District Court"
            " of Würzburg HRB 13359; Tax Number - 257/120/19983; VAT Tax Number - DE 258714047",
            {"5299008ONRYZRO61SY92": "lei", "258714047": "vat"},
            id="four",
        ),
        pytest.param("Tax ID: 7701863782e", {"7701863782": None}, id="a letter too many"),
        pytest.param("UEN ID: 202022772K", {"202022772K": None}, id="a letter of the number"),
        pytest.param(
            "1067746244026 dated 27/07/1992", {"1067746244026": None}, id="a day is no number"
        ),
    ],
)
def test_a_value_of_the_uk_list_holds_each_of_its_numbers(value, held):
    whole, *pieces = numbers_in("Business registration number", value, None)
    assert {each.key: each.kind for each in pieces} == held
    assert whole.key not in held


@pytest.mark.parametrize("value", ["1234", "N/A", "not known", "", "----"])
def test_what_is_too_short_or_has_no_digit_is_no_number(value):
    assert numbers_in(None, value, None) == ()


def test_a_citizens_number_is_no_uscc_though_its_last_digit_would_do():
    (number,) = numbers_in(None, "210604197201190322", "CN")
    assert number.kinds == frozenset()


KINDS = st.sampled_from(
    (
        *(None, "INN", "IMO", "LEI", "OGRN", "USCC", "VAT", "Tax ID No.", "Registration ID"),
        *("Passport", "National ID No.", "SWIFT/BIC", "KPP", "rabbit"),
    )
)
BARE = st.sampled_from(
    (
        *("7707083893", "9187629", "DE136695976", "136695976", "914403001922038216"),
        *("192203821", "HWUPKR0MPOU8FGXBT394", "1027700132195"),
    )
)
VALUES = st.one_of(
    st.text(max_size=40), BARE, st.sampled_from(["IMO 9187629", "INN 7707083893; KPP 770701001"])
)
COUNTRIES = st.sampled_from([None, "RU", "DE", "CN", "HK"])
SAID = st.tuples(KINDS, VALUES, COUNTRIES)


@given(SAID, SAID)
def test_meeting_is_mutual(one, other):
    assert meets(one, other) == meets(other, one)


@given(SAID)
def test_every_number_meets_itself(said):
    assert all(meet(each, each) for each in numbers_in(*said))


@given(KINDS.filter(lambda kind: kind != "KPP"), BARE, COUNTRIES)
def test_a_number_of_no_stated_kind_meets_it_as_any_kind_it_can_be(kind, value, country):
    bare, said = numbers_in(None, value, None), numbers_in(kind, value, country)
    if not bare[0].kinds:
        assert any(meet(each, its) for each in bare for its in said)


def test_a_number_that_goes_on_in_signs_is_read_at_once():
    """Its digits could be parted in as many ways as two to the power of their number."""
    with at_most_letters(100_000_000):
        (number,) = numbers_in(None, f"IMO {'1' * 190}!", None)
        (parted,) = numbers_in(None, "IMO 91-876 29", None)
    assert (number.kinds, parted.key) == (frozenset(), "9187629")
