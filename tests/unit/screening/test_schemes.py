"""Numbers that somebody issues by a rule: a wrong one is told from a right one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abeyance_screening.engine.screening.identifiers import SCHEMES, fault_of, numbers_in

RIGHT = [
    pytest.param("imo", "9187629", id="IMO"),
    pytest.param("imo", "9074729", id="IMO, another"),
    pytest.param("imo_company", "5938411", id="IMO of a company (OFAC)"),
    pytest.param("imo_company", "6013334", id="IMO of a company, another (OFAC)"),
    pytest.param("lei", "HWUPKR0MPOU8FGXBT394", id="LEI (Apple)"),
    pytest.param("lei", "549300XIVJCBIGMRUD48", id="LEI (OFAC)"),
    pytest.param("inn", "7707083893", id="INN (Sberbank)"),
    pytest.param("inn", "7736050003", id="INN (Gazprom)"),
    pytest.param("inn", "184101937739", id="INN of a person (UK list)"),
    pytest.param("inn", "274051582", id="INN that a spreadsheet took the zero from"),
    pytest.param("ogrn", "1027700132195", id="OGRN (Sberbank)"),
    pytest.param("ogrn", "321547600026521", id="OGRN of an entrepreneur (UK list)"),
    pytest.param("uscc", "914403001922038216", id="USCC (Huawei)"),
    pytest.param("uscc", "91110000MA005UCQ5P", id="USCC with letters (OFAC)"),
    pytest.param("cn_organisation", "192203821", id="organisation code (Huawei)"),
    pytest.param("bic", "SABRRUMM", id="BIC"),
    pytest.param("bic", "DEUTDEFF500", id="BIC of a branch"),
    pytest.param("isin", "US0378331005", id="ISIN (Apple)"),
    pytest.param("vat", "DE136695976", id="VAT, Germany"),
    pytest.param("vat", "BE0403019261", id="VAT, Belgium"),
    pytest.param("vat", "EL094014201", id="VAT, Greece"),
    pytest.param("mmsi", "677049700", id="MMSI"),
    pytest.param("duns", "520237366", id="D-U-N-S"),
]
CHECKED = {"imo", "imo_company", "lei", "inn", "ogrn", "uscc", "cn_organisation"}


@pytest.mark.parametrize(("code", "number"), RIGHT)
def test_a_right_number_is_right(code, number):
    assert SCHEMES[code].holds(number)
    assert SCHEMES[code].fault(number) is None


@pytest.mark.parametrize(("code", "number"), [each for each in RIGHT if each.values[0] in CHECKED])
def test_the_same_with_another_last_digit_is_wrong(code, number):
    last = "1" if number[-1] != "1" else "2"
    assert not SCHEMES[code].holds(number[:-1] + last)


@pytest.mark.parametrize(("code", "number"), RIGHT)
def test_what_is_too_long_is_wrong_and_the_fault_says_what_is_right(code, number):
    fault = SCHEMES[code].fault(f"{number}0000000")
    assert fault is not None
    assert fault.endswith(SCHEMES[code].words)


@pytest.mark.parametrize(
    ("kind", "value", "fault"),
    [
        pytest.param("IMO", "9187620", "the check digit of IMO 9187620 is wrong", id="IMO"),
        pytest.param(None, "IMO 9187620", "the check digit of IMO 9187620 is wrong", id="no kind"),
        pytest.param("IMO", "918762", "an IMO number has 7 digits", id="six digits"),
        pytest.param("LEI", "HWUPKR0MPOU8FGXBT395", "the check digit of LEI", id="LEI"),
        pytest.param("LEI code", "HWUPKR0MPOU8FGXBT39", "an LEI has 18", id="a short LEI"),
        pytest.param("INN", "7707083894", "the check digit of INN 7707083894", id="INN"),
        pytest.param("ИНН", "770708389", "an INN has 10 digits", id="a short INN"),
        pytest.param("OGRN", "1027700132196", "the check digit of OGRN", id="OGRN"),
        pytest.param("USCC", "914403001922038217", "the check digit of USCC", id="USCC"),
        pytest.param("VAT", "DE136695977", "the check digit of VAT number", id="VAT"),
        pytest.param("SWIFT/BIC", "SABR", "a BIC has 8 or 11 characters", id="BIC"),
        pytest.param("IMO", "9187629", None, id="a right one"),
        pytest.param("IMO", "5938411", None, id="a right one of a company"),
        pytest.param("INN", "7704734000/770301001", None, id="with the tax office behind it"),
        pytest.param("INN", "305134690", "an INN has 10 digits", id="an Uzbek INN, if not said"),
        pytest.param("Tax ID No.", "1", None, id="a kind of many rules"),
        pytest.param("Passport", "7707083894", None, id="a kind of no rule"),
        pytest.param("VAT", "823 026 0248", None, id="VAT of nobody knows where"),
        pytest.param(None, "7707083894", None, id="nothing claimed"),
        pytest.param("rabbit", "7707083894", None, id="an unknown kind"),
    ],
)
def test_what_cannot_be_what_it_is_called_is_told(kind, value, fault):
    found = fault_of(kind, value, None)
    assert (found is None) == (fault is None)
    assert fault is None or fault in str(found)


def test_an_inn_of_another_country_is_not_held_to_the_russian_rule():
    assert fault_of("INN", "305134690", "UZ") is None
    assert fault_of("Kyrgyzstan INN", "02909202210217", None) is None


@pytest.mark.parametrize(
    "written",
    [
        pytest.param("IMO 9187629", id="with its letters"),
        pytest.param("imo: 9187629", id="in small letters"),
        pytest.param("IMO9187629", id="glued"),
        pytest.param("IMO No. 9187629", id="with a word between"),
        pytest.param("918-7629", id="punctuated"),
        pytest.param("９１８７６２９", id="full-width digits"),  # noqa: RUF001
        pytest.param("٩١٨٧٦٢٩", id="Arabic digits"),
        pytest.param(" 9187629\u200b", id="with what cannot be seen"),
    ],
)
def test_an_imo_number_is_one_however_it_is_written(written):
    (number,) = numbers_in("IMO", written, None)
    assert (number.key, number.kind) == ("9187629", "imo")


@pytest.mark.parametrize(
    ("kind", "written", "key", "meant"),
    [
        pytest.param("LEI", "hwupkr0mpou8fgxbt394", "HWUPKR0MPOU8FGXBT394", "lei", id="small"),
        pytest.param(
            "LEI", "HWUP KR0M POU8 FGXB T394", "HWUPKR0MPOU8FGXBT394", "lei", id="spaced"
        ),
        pytest.param(None, "HWUPKR0MPOU8FGXBT394", "HWUPKR0MPOU8FGXBT394", "lei", id="no kind"),
        pytest.param("INN", "7707 083893", "7707083893", "inn", id="an INN, spaced"),
        pytest.param("Tax ID No.", "7707083893", "7707083893", None, id="a tax number"),
        pytest.param("INN", "0274051582", "274051582", "inn", id="an INN with a zero"),
        pytest.param("INN", "274051582", "274051582", "inn", id="an INN without it"),
        pytest.param("bic", "sabrrummxxx", "SABRRUMM", "bic", id="a BIC's main office"),
        pytest.param(None, "SABRRUMM", "SABRRUMM", "bic", id="a BIC of no stated kind"),
    ],
)
def test_a_number_is_one_however_it_is_written(kind, written, key, meant):
    (number,) = numbers_in(kind, written, None)
    assert (number.key, number.kind) == (key, meant)


def wrong_by_one(number: str) -> st.SearchStrategy[str]:
    """The number with one digit changed."""
    places = [place for place, each in enumerate(number) if each.isdigit()]
    return st.tuples(st.sampled_from(places), st.sampled_from("0123456789")).map(
        lambda changed: number[: changed[0]] + changed[1] + number[changed[0] + 1 :]
    )


@pytest.mark.parametrize(
    ("code", "number"),
    [
        # Only these schemes promise to find every changed digit. The modules 11 of an INN and an
        # OGRN fold a remainder of 10 onto 0, and an IMO number's weights share factors with 10.
        pytest.param("lei", "HWUPKR0MPOU8FGXBT394", id="LEI"),
        pytest.param("uscc", "914403001922038216", id="USCC"),
        pytest.param("cn_organisation", "192203821", id="organisation code"),
    ],
)
@given(data=st.data())
def test_one_digit_changed_is_always_found(code, number, data):
    changed = data.draw(wrong_by_one(number))
    assert SCHEMES[code].holds(changed) == (changed == number)


@pytest.mark.parametrize("code", sorted(CHECKED))
@given(st.text(alphabet="0123456789ABX", max_size=21))
def test_no_text_breaks_a_check(code, text):
    assert SCHEMES[code].holds(text) == (SCHEMES[code].fault(text) is None)
