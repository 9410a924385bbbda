from collections.abc import Callable
from datetime import date

import pytest

from abeyance_screening.engine.lists.listing import Address, Fact, Identifier, Listing, Name
from tests.unit.lists.au_dfat.subject_files import DAY, by_id, read_rows, values

type Sample = Callable[[str], bytes]
type Listings = dict[str, Listing]


@pytest.fixture(scope="module")
def listings(sample: Sample) -> Listings:
    return by_id(sample("au_dfat/Australian_Sanctions_Consolidated_List.xlsx"))


def test_a_person_is_read_whole(listings: Listings):
    akhund = listings["au_dfat-2"]
    assert akhund.names == (
        Name(text="MOHAMMAD HASSAN AKHUND", kind="primary"),
        Name(text="محمد حسن أخوند", kind="alias", language="original script"),
    )
    assert (akhund.entity_type, akhund.entry_id) == ("person", "2")
    assert akhund.programmes == ("1988 (Taliban)",)
    assert akhund.citations == (
        "Charter of the United Nations (Sanctions—the Taliban) Regulation 2013",
    )
    assert akhund.listed_on == date(2001, 1, 25)
    assert akhund.countries == ("AF",)
    assert akhund.remarks is not None
    assert akhund.remarks.startswith("TAi.002. Title: a) Mullah b) Haji.")
    assert values(akhund, "measure") == [
        "Targeted Financial Sanction",
        "Travel Ban",
        "Arms Embargo",
    ]
    assert Fact(kind="control_date", value="2026-02-05") in akhund.facts


def test_a_vessel_is_read_whole(listings: Listings):
    vessel = listings["au_dfat-8227"]
    assert (vessel.entity_type, vessel.primary_name) == ("vessel", "ANDAMAN SKIES")
    assert vessel.identifiers == (Identifier(kind="IMO Number", value="9288693"),)
    assert values(vessel, "measure") == ["Maritime Restriction"]
    assert vessel.programmes == ("Autonomous (Vessels)",)


def test_dates_of_birth_that_differ_from_row_to_row_are_all_kept(listings: Listings):
    births = values(listings["au_dfat-11"], "date_of_birth")
    assert births == ["Approximately 1960, 1966", "1960, 1966"]


def test_a_name_marked_as_former_is_former_in_both_scripts(listings: Listings):
    former = [name for name in listings["au_dfat-199"].names if name.kind == "former"]
    assert former == [
        Name(text="Ri'ad Muhammad Hasan Muhammad Hijazi", kind="former"),
        Name(text="رياض محمد حسن محمد الحجازي", kind="former", language="Arabic"),
    ]


def test_a_former_name_told_by_its_words_goes_without_them(listings: Listings):
    (former,) = [name.text for name in listings["au_dfat-7679"].names if name.kind == "former"]
    assert former.startswith("State unitary enterprise of the")


@pytest.mark.parametrize(
    ("information", "former"),
    [
        pytest.param("Previous names include LEFKADA", ["LEFKADA"], id="8288"),
        pytest.param("Previous names includes CLYDE NOBLE", ["CLYDE NOBLE"], id="8604"),
        pytest.param(
            "Previous names include ASHER, BRONT and DUDE.",
            ["ASHER", "BRONT", "DUDE"],
            id="several",
        ),
        pytest.param("All vessels within the DPRK Vessel Class", [], id="other information"),
    ],
)
def test_a_ships_earlier_names_are_names(information: str, former: list[str]):
    ship = read_rows(
        {
            "Name of Individual or Entity": "REINEL",
            "Type": "Vessel",
            "IMO Number": 9311531,
            "Additional Information": information,
        }
    )
    assert ship.names == (
        Name(text="REINEL", kind="primary"),
        *(Name(text=text, kind="former") for text in former),
    )


def test_a_language_in_brackets_is_no_part_of_the_name(listings: Listings):
    name = listings["au_dfat-3580"].names[1]
    assert (name.text, name.kind, name.language) == ("ኤርሚኣስ ግርማይ", "alias", "Tigrinya")


def test_a_row_without_a_type_is_of_its_subject(listings: Listings):
    assert listings["au_dfat-3621"].entity_type == "organisation"


def test_a_subject_whose_first_row_is_gone_is_read_from_the_others(listings: Listings):
    assert listings["au_dfat-8495"].names == (Name(text="Yahya Husseini Panjaki", kind="primary"),)


def test_a_second_primary_name_is_an_alias(listings: Listings):
    assert [name.kind for name in listings["au_dfat-8686"].names] == ["primary", "alias"]


def test_the_first_name_is_the_primary_one_where_none_is_called_so(listings: Listings):
    assert listings["au_dfat-8720"].primary_name == "Joint Stock Company Exi Bank"


def test_a_day_alone_as_listing_information_is_the_day_of_listing(listings: Listings):
    academy = listings["au_dfat-2583"]
    assert academy.listed_on == date(2013, 3, 7)
    assert (academy.citations, values(academy, "designation")) == ((), ["2013-03-07"])


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        pytest.param("Listed on: 24 Dec. 2001 (amended)", date(2001, 12, 24), id="on:"),
        pytest.param("Listed by UN 1267 Committee on 25 January 2001", date(2001, 1, 25), id="UN"),
        pytest.param(
            "Listed by the UN1718 committee on 24 Apr. 2009", date(2009, 4, 24), id="run together"
        ),
        pytest.param(
            "Listed by Committee 1533 on: 1 Nov. 2005", date(2005, 11, 1), id="turned round"
        ),
        pytest.param("First listed on 1/07/2021", date(2021, 7, 1), id="in digits"),
        pytest.param("22 Apr. 2010 (amended 15 Apr 2014)", date(2010, 4, 22), id="the day first"),
        pytest.param(
            "Resolution 1735 (2006) Listed on: 4 June. 2008", date(2008, 6, 4), id="resolution"
        ),
        pytest.param(
            "Designated under the Autonomous Sanctions Regulations 2011 on 2 March 2012. Relisted",
            date(2012, 3, 2),
            id="designated",
        ),
        pytest.param(
            "The Minister for Foreign Affairs listed this entity on 6 December 2016 under",
            date(2016, 12, 6),
            id="the minister",
        ),
        pytest.param(DAY, date(2026, 2, 20), id="a day as a cell"),
        pytest.param("Listed by the 1518 Committee", None, id="no day"),
        pytest.param(
            "Autonomous Sanctions Instrument 2023. Relisted on 1 May 2023", None, id="act"
        ),
        pytest.param("Listed on: 31 Feb. 2001", None, id="no day of a calendar"),
        pytest.param(None, None, id="nothing"),
    ],
)
def test_the_day_of_listing_is_what_the_listing_information_begins_with(
    printed: object, day: date | None
):
    assert read_rows({"Listing Information": printed}).listed_on == day


@pytest.mark.parametrize(
    ("printed", "countries"),
    [
        pytest.param("Congo, Democratic Republic of the", ("CD",), id="one with a comma"),
        pytest.param("Somalia; Sweden", ("SO", "SE"), id="two"),
        pytest.param("Chad\n, Central African Republic", ("TD", "CF"), id="over a line break"),
        pytest.param("a) Sudan b) South Sudan", ("SD", "SS"), id="lettered"),
        pytest.param("Russia, Swiss", ("RU", "CH"), id="an adjective"),
        pytest.param("Atlantis", (), id="no country"),
    ],
)
def test_citizenships_are_countries(printed: str, countries: tuple[str, ...]):
    listing = read_rows({"Citizenship": printed})
    assert listing.countries == countries
    assert values(listing, "citizenship") == [" ".join(printed.split())]


@pytest.mark.parametrize(
    ("printed", "countries"),
    [
        pytest.param("Tehran, Iran", ["IR"], id="behind a comma"),
        pytest.param("35 Goda Street Perm 614014 Russia", ["RU"], id="behind a blank"),
        pytest.param("Minsk, Republic of Belarus, 220114", ["BY"], id="before a postal code"),
        pytest.param("Yemen (previous address)", ["YE"], id="before a remark"),
        pytest.param("a) Garabulli, Libya b) Zawiya, Tunisia", ["LY", "TN"], id="lettered"),
        pytest.param(
            "London, United Kingdom of Great Britain and Northern Ireland", ["GB"], id="long"
        ),
        pytest.param("Believed to be in Pakistan or Afghanistan", [None], id="one of two"),
        pytest.param("Sudan/South Sudan", [None], id="two"),
        pytest.param("Tehran, Iran; Qom, Iran", ["IR", "IR"], id="parted by a semicolon"),
        pytest.param("Rubavu, Rwanda; Rank: Colonel", [None], id="a remark behind a semicolon"),
        pytest.param("Tehran", [None], id="a town"),
        pytest.param("Melbourne, VIC 3003", [None], id="a state"),
    ],
)
def test_the_country_of_an_address_is_what_it_ends_in(printed: str, countries: list[str | None]):
    listing = read_rows({"Address": printed})
    assert [address.country for address in listing.addresses] == countries


def test_an_address_is_kept_as_printed_on_one_line():
    listing = read_rows({"Address": " 12 Main St,\nMoscow,  Russia\xa0"})
    assert listing.addresses == (Address(text="12 Main St, Moscow, Russia", country="RU"),)


@pytest.mark.parametrize(
    ("printed", "strength", "name"),
    [
        pytest.param("Zakariya\xa0", "Weak", ("Zakariya", "weak_alias"), id="weak, with a blank"),
        pytest.param("Trofymov;", "Strong", ("Trofymov", "alias"), id="with a semicolon"),
        pytest.param(
            "Abdul Baqi (previously listed as)", "Strong", ("Abdul Baqi", "former"), id="former"
        ),
    ],
)
def test_an_alias_is_fit_for_matching(printed: str, strength: str, name: tuple[str, str]):
    listing = read_rows(
        {},
        {
            "Reference": "9999a",
            "Name of Individual or Entity": printed,
            "Name Type": "Alias",
            "Alias Strength": strength,
        },
    )
    assert [(each.text, each.kind) for each in listing.names[1:]] == [name]
