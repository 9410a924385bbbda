import pytest
from hypothesis import given
from hypothesis import strategies as st

from abeyance_screening.engine.lists.reading.countries import (
    DEMONYMS,
    country_code,
    country_of_alpha_3,
)


@pytest.mark.parametrize(
    ("printed", "code"),
    [
        pytest.param("CN", "CN", id="a code"),
        pytest.param("china", "CN", id="a name in small letters"),
        pytest.param(" China ", "CN", id="a name with blanks"),
        pytest.param("XK", "XK", id="Kosovo's unofficial code"),
        pytest.param("Iran (Islamic Republic of)", "IR", id="UN name with brackets"),
        pytest.param("Democratic People's Republic of Korea", "KP", id="UN name of North Korea"),
        pytest.param(
            "Democratic People\u2019s Republic of Korea", "KP", id="with a curly apostrophe"
        ),
        pytest.param("Republic of Korea", "KR", id="UN name of South Korea"),
        pytest.param("Democratic Republic of the Congo", "CD", id="the one Congo"),
        pytest.param("Congo", "CG", id="the other Congo"),
        pytest.param("Congo (Democratic Republic)", "CD", id="UK list: no remark in brackets"),
        pytest.param("Russian", "RU", id="DFAT: a citizenship"),
        pytest.param("Russian Federation", "RU", id="UN name of Russia"),
        pytest.param("Türkiye", "TR", id="with accent"),
        pytest.param("TURKIYE", "TR", id="CSL spelling of Türkiye"),
        pytest.param("Turkey", "TR", id="old name of Türkiye"),
        pytest.param("Viet Nam", "VN", id="UN name of Vietnam"),
        pytest.param("Myanmar", "MM", id="Myanmar without its CLDR brackets"),
        pytest.param("Côte d\u2019Ivoire", "CI", id="CLDR's own accents"),
        pytest.param("Cote d'Ivoire", "CI", id="the same without"),
        pytest.param("St. Vincent and the Grenadines", "VC", id="abbreviated saint"),
        pytest.param("Saint Kitts and Nevis", "KN", id="saint in full"),
        pytest.param("Trinidad and Tobago", "TT", id="and for CLDR's ampersand"),
        pytest.param("Libya (in custody)", "LY", id="a remark behind"),
        pytest.param(
            "United Kingdom of Great Britain and Northern\nIreland", "GB", id="a line break"
        ),
        pytest.param("State of Palestine", "PS", id="UN name of Palestine"),
        pytest.param("Hong Kong Special Administrative Region", "HK", id="UN name of Hong Kong"),
        pytest.param("Iran / unknown", "IR", id="UN: one country and a doubt"),
        pytest.param("Tunisian", "TN", id="a nationality"),
        pytest.param("Branch Office 11: Iran", "IR", id="UN TAe.010: a label before"),
        pytest.param("REGION: CHINA", "CN", id="CSL region"),
        pytest.param("REGION: NORTHERN GAZA", "PS", id="CSL region of a country"),
        pytest.param("CRIMEA (OCCUPIED)", "UA", id="CSL spelling of Crimea"),
        pytest.param("MAN, ISLE OF", "IM", id="turned round"),
        pytest.param("Virgin Islands, British", "VG", id="OFAC: turned round"),
        pytest.param("Bahamas, The", "BS", id="OFAC: the article behind"),
        pytest.param("North Macedonia, The Republic of", "MK", id="OFAC: the form of state"),
        pytest.param("Cote d Ivoire", "CI", id="OFAC: without the apostrophe"),
        pytest.param("Arab Republic of Egypt", "EG", id="METI: the form of state before"),
        pytest.param("Islamic Republic of Pakistan", "PK", id="METI: Pakistan"),
        pytest.param("Islamic Republic of Afghanistan", "AF", id="METI: Afghanistan"),
        pytest.param("Republic of Lebanon", "LB", id="METI: Lebanon"),
        pytest.param("Republic of Yemen", "YE", id="METI: Yemen"),
        pytest.param("State of Israel", "IL", id="METI: Israel"),
        pytest.param("PRC", "CN", id="PRC"),
        pytest.param("UK", "GB", id="UK"),
        pytest.param("Iraqi", "IQ", id="OFSI: an adjective"),
        pytest.param("North Korean", "KP", id="OFSI: an adjective of two words"),
        pytest.param("Qatarian", "QA", id="OFSI: an adjective misspelt"),
        pytest.param("Indonesian (as at December 2003)", "ID", id="OFSI: since when"),
        pytest.param("Lebanon citizenship", "LB", id="OFSI: citizenship"),
        pytest.param("Syrian Arab Republic as of September 2015", "SY", id="OFSI: as of a day"),
        pytest.param("RDC", "CD", id="OFSI: the French letters of the DRC"),
    ],
)
def test_a_country_is_read_from_what_lists_print(printed: str, code: str):
    assert country_code(printed) == code


@pytest.mark.parametrize(
    "printed",
    [
        pytest.param("", id="nothing"),
        pytest.param("Sudan/South Sudan", id="two countries"),
        pytest.param("USSR (until 1991)", id="a country of the past"),
        pytest.param("AN", id="a withdrawn code"),
        pytest.param("EU", id="a reserved code"),
        pytest.param("ZZ", id="no country's code"),
        pytest.param("QQ", id="an unassigned code"),
        pytest.param("REGION: KASHMIR", id="a region counted to no country"),
        pytest.param("na", id="UN prints na for not available"),
        pytest.param("TX 75159", id="a state"),
        pytest.param("156", id="a numeric code"),
        pytest.param("Congolese", id="an adjective of two countries"),
        pytest.param("Syrian, Turkish", id="two adjectives"),
        pytest.param("Possibly Ethiopian", id="a doubt"),
    ],
)
def test_what_names_no_one_country_gives_none(printed: str):
    assert country_code(printed) is None


def test_each_adjective_is_of_a_country_that_has_no_other_code():
    printed = {word: code for code, words in DEMONYMS.items() for word in words}
    assert len(printed) == sum(map(len, DEMONYMS.values()))
    assert {word: country_code(word) for word in printed} == printed


@given(st.text())
def test_any_text_gives_two_capital_letters_or_none(printed: str):
    code = country_code(printed)
    assert code is None or (len(code) == 2 and code.isalpha() and code.isupper())


@given(st.sampled_from(["CN", "IR", "Viet Nam", "Russian Federation", "Congo"]))
def test_a_code_read_back_is_itself(printed: str):
    code = country_code(printed)
    assert code is not None
    assert country_code(code) == code


@pytest.mark.parametrize(
    ("printed", "code"),
    [
        pytest.param("IRQ", "IQ", id="a country"),
        pytest.param("GBR", "GB", id="another"),
        pytest.param("SUN", None, id="one that fell apart"),
        pytest.param("ANT", None, id="one that was withdrawn"),
        pytest.param("irq", None, id="in small letters"),
        pytest.param("IRAQ", None, id="a name"),
        pytest.param("IQ", None, id="alpha-2"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_an_alpha_3_code_is_the_one_country_of_today_that_has_it(printed: str, code: str | None):
    assert country_of_alpha_3(printed) == code
