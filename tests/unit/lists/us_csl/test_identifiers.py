import pytest
from hypothesis import given
from hypothesis import strategies as st

from abeyance_screening.engine.lists.us_csl.files import CslId, is_remark, is_type_last, read_ids


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        pytest.param("", [], id="none"),
        pytest.param("SWIFT/BIC, CKLBCNBJ", [CslId("SWIFT/BIC", "CKLBCNBJ")], id="CAP 15268"),
        pytest.param(
            "Unified Social Credit Code (USCC), 9111000071093019X7, CN",
            [CslId("Unified Social Credit Code (USCC)", "9111000071093019X7", "CN")],
            id="CMIC 30882: with a country",
        ),
        pytest.param(
            "Passport, E590976, TN, 19 Jun 1987, 18 Jun 1992",
            [CslId("Passport", "E590976", "TN", "19 Jun 1987", "18 Jun 1992")],
            id="SDN 7257: issue and expiry",
        ),
        pytest.param(
            "Registration ID, 0505535000804, TH, 28 Feb 1992",
            [CslId("Registration ID", "0505535000804", "TH", note="dated 28 Feb 1992")],
            id="SDN 11294: one day",
        ),
        pytest.param(
            "Passport, NO34409/129, Jul 1997",
            [CslId("Passport", "NO34409/129", note="dated Jul 1997")],
            id="SDN 7867: a month and no country",
        ),
        pytest.param(
            "Passport, D000000483, Diplomatic, SY",
            [CslId("Passport", "D000000483, Diplomatic", "SY")],
            id="a comma in the number",
        ),
        pytest.param("Passport, 1969", [CslId("Passport", "1969")], id="a number like a year"),
        pytest.param("Serial No., CN", [CslId("Serial No.", "CN")], id="a number like a country"),
        pytest.param("Passport", [CslId("Passport", "")], id="a kind alone"),
        pytest.param(
            "Issuer Name, Aviation Industry Corporation of China, Ltd; Gender, Male",
            [
                CslId("Issuer Name", "Aviation Industry Corporation of China, Ltd"),
                CslId("Gender", "Male"),
            ],
            id="remarks keep their commas",
        ),
        pytest.param(
            "Listing Date (EO 14024 Directive 2):, 24 Feb 2022",
            [CslId("Listing Date (EO 14024 Directive 2):", "24 Feb 2022")],
            id="a day that is the whole remark",
        ),
    ],
)
def test_ids_printed_type_first_are_read(cell: str, expected: list[CslId]):
    assert read_ids(cell, type_last=False) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        pytest.param("CKLBCNBJ, SWIFT/BIC", [CslId("SWIFT/BIC", "CKLBCNBJ")], id="CAP 15268"),
        pytest.param(
            "CO, 1625525, Cedula No.", [CslId("Cedula No.", "1625525", "CO")], id="with a country"
        ),
        pytest.param(
            "QA, 28940000602, National ID No.; JO, 2014-08-30, 2009-08-31, K475336, Passport",
            [
                CslId("National ID No.", "28940000602", "QA"),
                CslId("Passport", "K475336", "JO", "2009-08-31", "2014-08-30"),
            ],
            id="SDN 17291: expiry stands before issue",
        ),
        pytest.param(
            "SD, 1998-10-28, 562605, Passport",
            [CslId("Passport", "562605", "SD", note="dated 1998-10-28")],
            id="SDN 8596: one day",
        ),
        pytest.param(
            "2004-02-05, 1999-06-23, G025057, Passport",
            [CslId("Passport", "G025057", None, "1999-06-23", "2004-02-05")],
            id="days and no country",
        ),
        pytest.param("Male, Gender", [CslId("Gender", "Male")], id="a remark"),
    ],
)
def test_ids_printed_type_last_are_read(cell: str, expected: list[CslId]):
    assert read_ids(cell, type_last=True) == expected


@pytest.mark.parametrize(
    ("cells", "type_last"),
    [
        pytest.param(["", "CO, 1625525, Cedula No."], True, id="2022"),
        pytest.param(["Gender, Male; Passport, U00242309, TR"], False, id="2023"),
        pytest.param(["Rare Number, 1, CN"], False, id="no usual kind: the newer order"),
        pytest.param([], False, id="no ids"),
        pytest.param(["Male, Gender", "Female, Gender", "Passport, Gender"], True, id="majority"),
    ],
)
def test_the_order_of_a_files_ids_is_told_by_its_usual_kinds(cells: list[str], *, type_last: bool):
    assert is_type_last(cells) is type_last


@pytest.mark.parametrize(
    ("kind", "remark"),
    [
        ("Gender", True),
        ("Secondary sanctions risk:", True),
        ("Additional Sanctions Information -", True),
        ("Effective Date (CMIC)", True),
        ("Digital Currency Address - XBT", False),
        ("Vessel Registration Identification", False),
        ("Passport", False),
        ("MMSI", False),
    ],
)
def test_remarks_are_told_from_numbers(kind: str, *, remark: bool):
    assert is_remark(kind) is remark


@given(
    st.sampled_from(["Passport", "Tax ID No.", "C.U.R.P."]),
    st.from_regex(r"[A-Z0-9/-]{3,12}", fullmatch=True),
    st.sampled_from([None, "CN", "RU"]),
)
def test_either_order_gives_the_same_id(kind: str, number: str, country: str | None):
    parts = [part for part in (country, number, kind) if part is not None]
    (last,) = read_ids(", ".join(parts), type_last=True)
    (first,) = read_ids(", ".join((kind, number, *filter(None, [country]))), type_last=False)
    assert first == last == CslId(kind, number, country)
