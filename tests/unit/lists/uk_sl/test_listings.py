from collections.abc import Callable
from datetime import date

import pytest

from abeyance_screening.engine.lists.listing import Address, Fact, Identifier, Listing, Name
from abeyance_screening.primitives.errors import RowRefusedError
from tests.unit.lists.uk_sl.subject_files import by_id, read_elements, read_rows, values

type Sample = Callable[[str], bytes]
type Listings = dict[str, Listing]


@pytest.fixture(scope="module")
def of_csv(sample: Sample) -> Listings:
    return by_id(sample("uk_sl/UK-Sanctions-List.csv"))


@pytest.fixture(scope="module")
def of_xml(sample: Sample) -> Listings:
    return by_id(sample("uk_sl/UK-Sanctions-List.xml"))


def test_a_person_is_read_whole(of_csv: Listings):
    akhund = of_csv["uk_sl-AFG0006"]
    assert akhund.names == (
        Name(text="MOHAMMAD HASSAN AKHUND", kind="primary"),
        Name(text="Mohammad Hassan Akhund", kind="alias"),
        Name(text="محمد حسن آخوند", kind="alias", language="non-Latin script"),
    )
    assert (akhund.entity_type, akhund.entry_id) == ("person", "AFG0006")
    assert akhund.programmes == ("AFG",)
    assert akhund.citations == ("The Afghanistan (Sanctions) (EU Exit) Regulations 2020",)
    assert akhund.listed_on == date(2001, 1, 25)
    assert akhund.countries == ("AF",)
    assert akhund.remarks == "A close associate of Mullah Mohammed Omar."
    assert akhund.facts[:6] == (
        Fact(kind="last_updated", value="14/04/2026"),
        Fact(kind="ofsi_group_id", value="7172"),
        Fact(kind="un_reference_number", value="TAi.002"),
        Fact(kind="title", value="Mullah"),
        Fact(kind="title", value="Haji"),
        Fact(kind="designation_source", value="UN"),
    )
    assert values(akhund, "sanctions_imposed") == ["Asset freeze", "Travel Ban"]
    assert values(akhund, "date_of_birth") == ["dd/mm/1945", "dd/mm/1946", "01/03/1958"]


def test_a_ship_is_read_whole_and_its_number_goes_without_its_name(of_csv: Listings):
    petrel = of_csv["uk_sl-DPR0075"]
    assert petrel.entity_type == "vessel"
    assert petrel.identifiers == (Identifier(kind="IMO number", value="9562233"),)
    assert values(petrel, "current_owner_or_operator") == ["Global United Shipping India"]
    assert values(petrel, "previous_flag") == ["India"]
    assert of_csv["uk_sl-DPR0076"].identifiers[0].value == "8628597"


def test_the_addresses_of_several_rows_are_those_of_one_subject(of_csv: Listings):
    assert of_csv["uk_sl-AFG0001"].addresses == (
        Address(text="Branch Office 10", street="Branch Office 10"),
        Address(
            text="Chaman Central Bazaar, Baluchistan Province, Chaman, Pakistan",
            street="Chaman Central Bazaar, Baluchistan Province",
            city="Chaman",
            country="PK",
        ),
        Address(text="Kabul, Afghanistan", city="Kabul", country="AF"),
    )


def test_a_second_primary_name_is_an_alias(of_csv: Listings):
    names = of_csv["uk_sl-AFG0038"].names
    assert [name.kind for name in names].count("primary") == 1
    assert Name(text="IADENA MOHAMMAD", kind="alias") in names


def test_a_passport_keeps_what_is_said_of_it(of_csv: Listings):
    passports = [each for each in of_csv["uk_sl-GAC0023"].identifiers if "Pass" in each.kind]
    assert passports[0] == Identifier(kind="Passport number", value="EN183928", note="Zimbabwe")


def test_names_that_rosneft_and_lukoil_are_known_by_stand_alone(of_csv: Listings):
    assert "ROSNEFT" in [name.text for name in of_csv["uk_sl-RUS3064"].names]
    assert "LUKOIL" in [name.text for name in of_csv["uk_sl-RUS3094"].names]


def test_both_formats_say_the_same_of_one_ship(of_csv: Listings, of_xml: Listings):
    from_csv, from_xml = of_csv["uk_sl-DPR0075"], of_xml["uk_sl-DPR0075"]
    assert from_csv.facts == from_xml.facts
    assert from_csv.identifiers == from_xml.identifiers
    assert from_csv.names[:2] == from_xml.names


def test_indicators_say_what_is_imposed_where_no_words_do(of_xml: Listings):
    assert values(of_xml["uk_sl-AFG0001"], "sanctions_imposed") == ["AssetFreeze"]
    assert values(of_xml["uk_sl-AFG0006"], "sanctions_imposed") == ["Asset freeze", "Travel Ban"]


@pytest.mark.parametrize(
    ("name_type", "strength", "kind"),
    [
        pytest.param("Alias", "", "alias", id="no strength"),
        pytest.param("Alias", "Good quality a.k.a", "alias", id="good"),
        pytest.param("Alias", "Low quality a.k.a", "weak_alias", id="low"),
        pytest.param("ALias", "", "alias", id="misprinted"),
        pytest.param("Primary name variation", "", "alias", id="a variation"),
        pytest.param("Primary Name Variation", "Low quality a.k.a", "weak_alias", id="low too"),
        pytest.param("Primary name", "", "alias", id="a second primary"),
        pytest.param("", "", "alias", id="no type"),
    ],
)
def test_type_and_strength_tell_the_kind_of_a_name(name_type: str, strength: str, kind: str):
    listing = read_rows({}, {"Name 6": "AC", "Name type": name_type, "Alias strength": strength})
    assert [(name.text, name.kind) for name in listing.names[1:]] == [("AC", kind)]


def test_the_parts_of_a_name_are_read_in_the_order_in_which_it_is_said():
    listing = read_rows({"Name 6": "JAN ", "Name 1": " ABDUL", "Name 2": "KABIR"})
    assert listing.primary_name == "ABDUL KABIR JAN"


def test_the_first_name_is_the_primary_one_where_none_is_called_so():
    listing = read_rows({"Name type": "Alias"}, {"Name type": "Alias", "Name 6": "AC"})
    assert [(name.text, name.kind) for name in listing.names] == [
        ("ACME", "primary"),
        ("AC", "alias"),
    ]


def test_a_row_without_a_name_adds_none():
    listing = read_rows({}, {"Name 6": "", "Address Country": "Russia"})
    assert [name.text for name in listing.names] == ["ACME"]
    assert listing.countries == ("RU",)


def test_a_name_in_another_script_keeps_script_and_language():
    listing = read_rows(
        {
            "Name non-latin script": "\u0410\u041a\u041c\u0415",
            "Non-latin script type": "Cyrillic",
            "Non-latin script language": "Russian",
        }
    )
    assert listing.names[1] == Name(
        text="\u0410\u041a\u041c\u0415", kind="alias", language="Cyrillic, Russian"
    )


BARE = "Business registration number"


@pytest.mark.parametrize(
    ("printed", "numbers"),
    [
        pytest.param("5137746009990", {"5137746009990": BARE}, id="bare"),
        pytest.param(
            "INN: 7720891730 / KPP: 772201001",
            {"7720891730": "INN", "772201001": "KPP"},
            id="two",
        ),
        pytest.param(
            "INN: 7720603527OGRN: 1077764566373",
            {"7720603527": "INN", "1077764566373": "OGRN"},
            id="run together",
        ),
        pytest.param(
            "Russia INN \u2013 7736321060", {"7736321060": "Russia INN"}, id="with a country"
        ),
        pytest.param("BIN/OGRN: 5137746009990", {"5137746009990": "BIN/OGRN"}, id="two kinds"),
        pytest.param(
            "Iran National ID Number - 10861529720",
            {"10861529720": "Iran National ID Number"},
            id="another kind",
        ),
        pytest.param(
            "SWIFT/BIC - PBIRIRTH", {"SWIFT/BIC - PBIRIRTH": BARE}, id="no number of digits"
        ),
        pytest.param(
            "INN: 1234567890 or so", {"INN: 1234567890 or so": BARE}, id="something behind"
        ),
        pytest.param("'0105565079224 ", {"0105565079224": BARE}, id="quoted for a spreadsheet"),
    ],
)
def test_registration_numbers_come_with_their_own_kinds(printed: str, numbers: dict[str, str]):
    listing = read_rows({"Business registration number (s)": printed})
    assert {each.value: each.kind for each in listing.identifiers} == numbers


def test_a_number_keeps_the_country_in_brackets_behind_it():
    listing = read_rows({"Business registration number (s)": "1037739635890 (Russia)"})
    assert listing.identifiers[0].country == "RU"


def test_a_document_without_a_number_is_a_fact():
    listing = read_rows({"Passport additional information": "Syrian, number unknown"})
    assert listing.identifiers == ()
    assert values(listing, "document") == ["Passport number: Syrian, number unknown"]


def test_documents_of_an_element_are_read_once_each():
    passport = "<Passport><PassportNumber>D0009871</PassportNumber></Passport>"
    listing = read_elements(
        f"<IndividualDetails><Individual><PassportDetails>{passport}{passport}</PassportDetails>"
        "<NationalIdentifierDetails><NationalIdentifier><NationalIdentifierNumber>545167"
        "</NationalIdentifierNumber></NationalIdentifier></NationalIdentifierDetails>"
        "</Individual></IndividualDetails>"
    )
    assert [(each.kind, each.value) for each in listing.identifiers] == [
        ("National Identifier number", "545167"),
        ("Passport number", "D0009871"),
    ]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        pytest.param({"Unique ID": ""}, "line 3: Unique ID is blank", id="no id"),
        pytest.param({"Unique ID": "9999"}, "is not three letters and a number", id="no letters"),
        pytest.param({"Designation Type": "Aircraft"}, "unknown type of designation", id="type"),
        pytest.param({"Name type": "Nickname"}, "unknown name type 'Nickname'", id="name type"),
        pytest.param({"Alias strength": "Fair"}, "unknown alias strength 'Fair'", id="strength"),
        pytest.param({"Date Designated": "2022"}, "Date Designated: '2022' is not", id="no day"),
        pytest.param({"Name 6": ""}, "RUS9999: the subject has no name", id="no name"),
    ],
)
def test_a_subject_that_cannot_be_read_is_refused_by_its_id(row: dict[str, str], reason: str):
    with pytest.raises(RowRefusedError, match=reason):
        read_rows(row)


@pytest.mark.parametrize(
    ("column", "reason"),
    [
        ("Designation Type", "unknown type of designation 'Entity and Ship'"),
        ("Date Designated", "'24/02/2022 and Ship' is not a day"),
    ],
)
def test_rows_of_one_subject_that_contradict_each_other_are_refused(column: str, reason: str):
    with pytest.raises(RowRefusedError, match=reason):
        read_rows({}, {column: "Ship"})


def test_a_primary_name_that_is_blank_is_missed():
    with pytest.raises(RowRefusedError, match="unknown primary name 'blank'"):
        read_rows({"Name 6": ""}, {"Name 6": "AC", "Name type": "Alias"})
