"""HS codes and entries of control lists: read, and compared level by level."""

import pytest

from abeyance_screening.engine.screening.trade.items import (
    Verdict,
    compare_control_code,
    compare_hs,
    read_control_code,
    read_hs,
)

MET, OPEN, NOT_MET = Verdict.MET, Verdict.OPEN, Verdict.NOT_MET


@pytest.mark.parametrize(
    ("printed", "code"),
    [
        pytest.param("284", None, id="three digits"),
        pytest.param("2846", "2846", id="four digits"),
        pytest.param("28469", None, id="five digits"),
        pytest.param("284690", "284690", id="six digits"),
        pytest.param("2846.90", "284690", id="a full stop"),
        pytest.param(" 2846 90 19 ", "28469019", id="blanks"),
        pytest.param("2846.90.20.10", "2846902010", id="ten digits"),
        pytest.param("2846.90.20.100", None, id="eleven digits"),
        pytest.param("\uff12\uff18\uff14\uff16", "2846", id="full width"),
        pytest.param("2846-90", "284690", id="a dash"),
        pytest.param("2846\u201390", "284690", id="a long dash"),
        pytest.param("2846,90", "284690", id="a comma"),
        pytest.param("28.46.90", "284690", id="two by two"),
        pytest.param("2846.9019", "28469019", id="four after a full stop"),
        pytest.param("2846-2847", None, id="a dash between two codes"),
        pytest.param("2846, 90", None, id="a comma and a blank"),
        pytest.param("2846.9.0", None, id="digits one by one"),
        pytest.param("12024-21-4", None, id="a CAS number of eight digits"),
        pytest.param(".2846", None, id="a full stop before it"),
        pytest.param("٢٨٤٦", "2846", id="digits of another script"),
        pytest.param("28\u200b46", "2846", id="a blank nobody sees"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_an_hs_code_is_so_many_digits(printed: str, code: str | None):
    assert read_hs(printed) == code


@pytest.mark.parametrize(
    ("printed", "code"),
    [
        pytest.param("3A090", "3A090", id="an entry"),
        pytest.param("1C902", "1C902", id="a Chinese one"),
        pytest.param("3A090.a.1", "3A090.a.1", id="with levels"),
        pytest.param("3A001.b.2.A.", "3A001.b.2.a", id="a full stop at the end, a capital"),
        pytest.param("5A002a4", "5A002.a.4", id="without full stops"),
        pytest.param("3a090.Z", "3A090.z", id="small and capital letters"),
        pytest.param(" 9A610.x ", "9A610.x", id="blanks around it"),
        pytest.param("3A090 a", "3A090.a", id="a blank before the level"),
        pytest.param("3A090-a-1", "3A090.a.1", id="dashes"),
        pytest.param("3A090,a", "3A090.a", id="a comma"),
        pytest.param("3A 090", "3A090", id="a blank within"),
        pytest.param("3\u0410090", "3A090", id="a Cyrillic letter"),
        pytest.param("3A090.1", None, id="a level that opens with a number"),
        pytest.param("3A090 a b", "3A090.a.b", id="a letter below a letter"),
        pytest.param("3A0901", None, id="four digits"),
        pytest.param("3A09", None, id="two digits"),
        pytest.param("3F090", None, id="a group there is not"),
        pytest.param("3A090..a", None, id="an empty level"),
        pytest.param("3A090.ab", None, id="two letters"),
        pytest.param("EAR99", "EAR99", id="on no entry"),
        pytest.param(" ear 99.", "EAR99", id="on no entry, a blank, a full stop"),
        pytest.param("EAR-99", "EAR99", id="on no entry, a dash"),
        pytest.param("EAR9", None, id="one nine"),
        pytest.param("EAR999", None, id="three nines"),
        pytest.param("gallium", None, id="a word"),
    ],
)
def test_an_entry_of_a_control_list_is_told_by_its_form(printed: str, code: str | None):
    assert read_control_code(printed) == code


@pytest.mark.parametrize(
    ("given", "wanted", "verdict"),
    [
        pytest.param("2846", "2846", MET, id="the same"),
        pytest.param("284690", "2846", MET, id="below it"),
        pytest.param("2846", "284690", OPEN, id="above it"),
        pytest.param("2847", "2846", NOT_MET, id="beside it"),
        pytest.param("284690", "284610", NOT_MET, id="beside it in the last digit of six"),
        pytest.param("28469019", "28469011", OPEN, id="beside it in a country's own digits"),
        pytest.param("28461019", "28469011", NOT_MET, id="beside it before those"),
        pytest.param("2846901910", "28469019", MET, id="below eight digits"),
        pytest.param("2846", "28", MET, id="a chapter"),
    ],
)
def test_an_hs_code_against_the_beginning_of_one(given: str, wanted: str, verdict: Verdict):
    assert compare_hs(given, wanted) is verdict


@pytest.mark.parametrize(
    ("given", "wanted", "verdict"),
    [
        pytest.param("3A090", "3A090", MET, id="the same"),
        pytest.param("3A090.a", "3A090", MET, id="below it"),
        pytest.param("3A090", "3A090.a", OPEN, id="above it"),
        pytest.param("3A090.b", "3A090.a", NOT_MET, id="beside it"),
        pytest.param("3A090.a.1", "3A090.a.10", NOT_MET, id="levels are whole"),
        pytest.param("3A090.a.10", "3A090.a.1", NOT_MET, id="levels are whole the other way"),
        pytest.param("3A090.a", "3A090.A.", MET, id="another spelling"),
        pytest.param("3A091", "3A090", NOT_MET, id="another entry"),
    ],
)
def test_an_entry_against_one_that_takes_in_what_is_below(
    given: str, wanted: str, verdict: Verdict
):
    assert compare_control_code(given, wanted) is verdict
