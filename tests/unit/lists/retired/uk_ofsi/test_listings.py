from collections.abc import Callable
from datetime import date

import pytest

from abeyance_screening.engine.lists.listing import Address, Fact, Identifier, Listing, Name
from tests.unit.lists.retired.uk_ofsi.group_files import OF_2020, by_id, read_rows, values

type Sample = Callable[[str], bytes]
type Listings = dict[str, Listing]


@pytest.fixture(scope="module")
def of_2020(sample: Sample) -> Listings:
    return by_id(sample("uk_ofsi/ConList_2020.csv"))


@pytest.fixture(scope="module")
def of_2022(sample: Sample) -> Listings:
    return by_id(sample("uk_ofsi/ConList_2022.xlsx"))


def test_a_person_of_2022_is_read_whole(of_2022: Listings):
    ghwell = of_2022["uk_ofsi-13347"]
    assert ghwell.names == (
        Name(text="Khalifa GHWELL", kind="primary"),
        Name(text="Khalifa AL GHWEIL", kind="alias"),
        Name(text="Khalifa AL-GHAWAIL", kind="alias"),
        Name(text="Khalifa Mohamed GHAWIL", kind="alias"),
    )
    assert (ghwell.entity_type, ghwell.entry_id) == ("person", "13347")
    assert ghwell.programmes == ("Libya",)
    assert ghwell.listed_on == date(2016, 4, 1)
    assert ghwell.countries == ("LY",)
    assert ghwell.addresses == (
        Address(
            text="Qasr Ahmed Street, Misurata, Libya",
            street="Qasr Ahmed Street, Misurata",
            country="LY",
        ),
    )
    assert ghwell.identifiers == (
        Identifier(kind="Passport", value="A005465", note="Issued 12/04/2015. Expired 11/04/2017"),
        Identifier(
            kind="Passport",
            value="J690P666",
            note="Libya. Issued 12 June 2016. Expires 11 June 2024",
        ),
    )
    assert Fact(kind="uk_sanctions_list_ref", value="LIB0032") in ghwell.facts
    assert Fact(kind="place_of_birth", value="Misurata, Libya") in ghwell.facts


def test_a_person_of_2020_has_its_numbered_things_apart(of_2020: Listings):
    farooq = of_2020["uk_ofsi-13349"]
    assert farooq.primary_name == "Nayef Salam Muhammad Ujaym AL-HABABI"
    assert values(farooq, "nationality") == ["Saudi Arabia", "Qatar"]
    assert farooq.countries == ("AF", "SA", "QA")
    assert farooq.identifiers == (
        Identifier(
            kind="Passport",
            value="592667",
            note="Passport No: (Qatari passport issued on 3 May 2007).",
        ),
    )


def test_a_ship_is_read_whole(of_2022: Listings):
    ship = of_2022["uk_ofsi-13651"]
    assert (ship.entity_type, ship.primary_name) == ("vessel", "SAM JONG 2")
    assert ship.identifiers == (Identifier(kind="IMO number", value="7408873"),)
    assert values(ship, "current_owner") == ["Korea Samjong Shipping"]
    assert values(ship, "year_built") == ["1975"]


def test_a_group_under_two_regimes_has_both_and_the_first_day(of_2022: Listings):
    qods = of_2022["uk_ofsi-11241"]
    assert qods.programmes == ("Iran (Nuclear)", "Syria")
    assert qods.listed_on == date(2010, 7, 27)
    assert values(qods, "listed_under") == ["Iran (Nuclear): 27/07/2010", "Syria: 24/08/2011"]


def test_two_references_in_one_are_two(of_2022: Listings):
    refs = values(of_2022["uk_ofsi-13897"], "uk_sanctions_list_ref")
    assert refs == ["GHR0046", "MYA0018"]


def test_the_first_name_is_the_primary_one_where_none_is_called_so(of_2022: Listings):
    assert [name.kind for name in of_2022["uk_ofsi-15288"].names] == ["primary", "alias"]


def test_a_second_primary_name_is_an_alias(of_2022: Listings):
    kinds = [name.kind for name in of_2022["uk_ofsi-11241"].names]
    assert kinds.count("primary") == 1


def test_former_names_are_former(of_2020: Listings):
    former = [name.text for name in of_2020["uk_ofsi-11270"].names if name.kind == "former"]
    assert "HARAKAT-UL-ANSAR (HUA)" in former


@pytest.mark.parametrize(
    ("alias_type", "quality", "kind"),
    [
        pytest.param("AKA", "", "alias", id="2020"),
        pytest.param("FKA", "", "former", id="former"),
        pytest.param("AKA", "Good quality", "alias", id="good"),
        pytest.param("AKA", "Low quality", "weak_alias", id="low"),
        pytest.param("Primary name variation", "", "alias", id="a variation"),
        pytest.param("Primary name variation", "Low quality", "weak_alias", id="a low variation"),
        pytest.param("Prime Alias", "", "alias", id="a second primary"),
    ],
)
def test_type_and_quality_tell_the_kind_of_a_name(alias_type: str, quality: str, kind: str):
    listing = read_rows({}, {"Name 6": "AC", "Alias Type": alias_type, "Alias Quality": quality})
    assert [(name.text, name.kind) for name in listing.names[1:]] == [("AC", kind)]


def test_a_name_in_another_script_keeps_what_is_said_of_it():
    listing = read_rows(
        {
            "Name Non-Latin Script": "\u060c\u062e\u064a\u0631",
            "Non-Latin Script Language": "Arabic",
        }
    )
    assert listing.names[1] == Name(text="\u062e\u064a\u0631", kind="alias", language="Arabic")


def test_named_remarks_become_facts_and_the_rest_stays_a_remark():
    listing = read_rows(
        {
            "Other Information": (
                "(UK Sanctions List Ref):RUS9999 (UN Ref):QDe.004. Deals in (grey) goods. "
                "(Phone number):(1) +7 1 (2) +7 2 (Business Reg No):INN 7706001520 "
                "(UK Statement of Reasons):(a) trades (b) ships (Further Information):x"
            )
        }
    )
    assert values(listing, "uk_sanctions_list_ref") == ["RUS9999"]
    assert values(listing, "un_reference_number") == ["QDe.004"]
    assert values(listing, "phone_number") == ["+7 1", "+7 2"]
    assert values(listing, "statement_of_reasons") == [
        "(a) trades (b) ships (Further Information):x"
    ]
    assert listing.remarks == "Deals in (grey) goods."
    assert listing.identifiers == (Identifier(kind="Business Reg No", value="INN 7706001520"),)


def test_birthplaces_are_paired_by_their_numbers():
    listing = read_rows(
        {"Town of Birth": "(1) Tiaret (2) -", "Country of Birth": "(1) Algeria (2) Morocco"}
    )
    assert values(listing, "place_of_birth") == ["Tiaret, Algeria", "Morocco"]


@pytest.mark.parametrize(
    ("number", "details", "documents", "facts"),
    [
        pytest.param("S335026", "Forged", {"S335026": "Forged"}, [], id="one"),
        pytest.param(
            "(1) A1 (2) B2", "(1) Syria (2) -", {"A1": "Syria", "B2": None}, [], id="two"
        ),
        pytest.param(
            "(1) A1 (2) B2",
            "Syria",
            {"A1": None, "B2": None},
            ["Passport: Syria"],
            id="not numbered alike",
        ),
        pytest.param(
            "(1) A1 (2) -",
            "(1) Syria (2) Iraq",
            {"A1": "Syria"},
            ["Passport: Iraq"],
            id="one without a number",
        ),
        pytest.param("", "Iranian", {}, ["Passport: Iranian"], id="only remarks"),
    ],
)
def test_passports_are_paired_with_what_is_said_of_them(
    number: str, details: str, documents: dict[str, str | None], facts: list[str]
):
    listing = read_rows({"Passport Number": number, "Passport Details": details})
    assert {each.value: each.note for each in listing.identifiers} == documents
    assert values(listing, "document") == facts


@pytest.mark.parametrize(
    ("printed", "number"),
    [
        pytest.param("S335026 (False Indonesian)", "S335026", id="number first"),
        pytest.param("Passport no. B/011641.", "B/011641", id="words first"),
        pytest.param("Ration card no. 1729765", "1729765", id="other words first"),
        pytest.param("202-2708-8368 (Sudan)", "202-2708-8368", id="with hyphens"),
        pytest.param("640120-01- 5529", None, id="OFSI 7848: a number with a blank in it"),
        pytest.param("96 03 464086, Russian passport", None, id="a number in three parts"),
        pytest.param("Uganda Passport.", None, id="no number"),
    ],
)
def test_in_the_layout_of_2020_only_a_certain_number_is_taken_from_a_text(
    printed: str, number: str | None
):
    listing = read_rows({"Passport Details": printed}, header=OF_2020)
    assert [each.value for each in listing.identifiers] == ([number] if number else [])
    assert values(listing, "document") == ([] if number else [f"Passport: {printed}"])


@pytest.mark.parametrize(
    ("row", "countries"),
    [
        pytest.param({"Nationality": "Iraqi"}, ("IQ",), id="a nationality as an adjective"),
        pytest.param({"Nationality": "(1) Syrian (2) Turkish"}, ("SY", "TR"), id="two of them"),
        pytest.param({"Nationality": "Congolese"}, ("CD",), id="of the Democratic Republic"),
        pytest.param(
            {"Address 1": "Kumsong 3-dong", "Address 6": "Mangyongdae-guyok, Pyongyang, DPRK."},
            ("KP",),
            id="a country behind the last line",
        ),
        pytest.param({"Address 1": "Goma", "Country": "RDC"}, ("CD",), id="its French letters"),
        pytest.param({"Address 1": "Suite 5, CA"}, (), id="two letters are a state's"),
        pytest.param(
            {"Address 1": "Zawiya, Libya", "Country": "Tunisia"}, ("TN",), id="the column first"
        ),
    ],
)
def test_a_country_is_read_in_whatever_words_it_stands(
    row: dict[str, str], countries: tuple[str, ...]
):
    assert read_rows(row, header=OF_2020).countries == countries
