"""What lists call a number, in our words; the labels are printed ones."""

import pytest

from abeyance_screening.engine.screening.identifiers import (
    ANY,
    REGISTRATION,
    SHARED,
    TAX,
    kinds_of_label,
)

IMO = frozenset({"imo", "imo_company"})
PASSPORT = frozenset({"passport", "identity_card"})


@pytest.mark.parametrize(
    ("label", "kinds"),
    [
        pytest.param("Vessel Registration Identification", IMO, id="OFAC's IMO"),
        pytest.param("IMO number", IMO, id="the UK's IMO"),
        pytest.param("imoNumber", IMO, id="FollowTheMoney's IMO"),
        pytest.param("Legal Entity Number", {"lei"}, id="OFAC's LEI"),
        pytest.param("leiCode", {"lei"}, id="FollowTheMoney's LEI"),
        pytest.param("ИНН", {"inn"}, id="INN in Russian"),
        pytest.param("Russia INN", {"inn"}, id="INN with its country"),
        pytest.param("INN/TIN", {"inn"}, id="the special counts"),
        pytest.param("Registration Number/OGRN:", {"ogrn"}, id="the special counts, registration"),
        pytest.param("OGRNIP", {"ogrn"}, id="an entrepreneur's"),
        pytest.param("Unified Social Credit Code (USCC)", {"uscc"}, id="USCC"),
        pytest.param("United Social Credit Code Certificate (USCCC)", {"uscc"}, id="USCCC"),
        pytest.param("SWIFT/BIC", {"bic"}, id="BIC"),
        pytest.param("V.A.T. Number", {"vat"}, id="VAT with dots"),
        pytest.param("VAT Tax Number", {"vat"}, id="VAT before tax"),
        pytest.param("D-U-N-S Number", {"duns"}, id="D-U-N-S"),
        pytest.param("Government Gazette Number", {"okpo"}, id="OFAC's OKPO"),
        pytest.param("Passport", PASSPORT, id="passport"),
        pytest.param("Numéro de passeport", PASSPORT, id="passport in French"),
        pytest.param("Diplomatic Passport", PASSPORT, id="a diplomat's"),
        pytest.param("Tax ID No.", TAX, id="a tax number"),
        pytest.param("NIT #", TAX, id="Colombia's tax number"),
        pytest.param("Registration ID", REGISTRATION, id="a registration"),
        pytest.param("C.R. No.", REGISTRATION, id="a commercial registry's"),
        pytest.param("Business registration number", REGISTRATION, id="the UK's registration"),
        pytest.param("KPP", SHARED, id="of a tax office"),
        pytest.param("Chinese Commercial Code", SHARED, id="of a name's characters"),
        pytest.param("Identification Number", ANY, id="of anything"),
        pytest.param("Innsbruck", ANY, id="a word within a word"),
        pytest.param("", ANY, id="nothing"),
    ],
)
def test_a_label_says_what_a_number_may_be(label, kinds):
    assert kinds_of_label(label)[0] == kinds


@pytest.mark.parametrize(
    ("label", "country"),
    [
        pytest.param("Russian TIN", "RU", id="an adjective"),
        pytest.param("Thailand Company Registration Number", "TH", id="a name"),
        pytest.param("UK Company Number", "GB", id="a short name"),
        pytest.param("Tax ID No.", None, id="none"),
    ],
)
def test_a_label_may_name_the_country(label, country):
    assert kinds_of_label(label)[1] == country
