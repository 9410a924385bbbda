from collections.abc import Callable
from datetime import date

from abeyance_screening.engine.lists.listing import Address, Name
from abeyance_screening.engine.lists.us_ofac.reader import read_enhanced
from tests.unit.lists.us_ofac.ofac_files import CONS, enhanced, values

type Sample = Callable[[str], bytes]


def test_a_consolidated_file_is_an_edition_for_each_list(sample: Sample):
    editions = read_enhanced(CONS, sample("us_ofac/cons_enhanced_2025.xml"))
    assert {each.published_on for each in editions} == {date(2025, 1, 10)}
    assert {
        each.list_code: sorted(listing.entry_id or "" for listing in each.listings)
        for each in editions
    } == {
        "us_ofac_capta": ["15268"],
        "us_ofac_cmic": ["30924", "33091"],
        "us_ofac_fse": ["26182"],
        "us_ofac_mbs": ["17014", "27016", "31693", "46072"],
        "us_ofac_plc": ["9647", "9659"],
        "us_ofac_ssi": ["17014", "18273", "23559"],
    }


def test_each_list_has_its_own_day(sample: Sample):
    found = enhanced(CONS, sample("us_ofac/cons_enhanced_2025.xml"))
    assert found["us_ofac_ssi-17014"].listed_on == date(2014, 7, 29)
    assert found["us_ofac_mbs-17014"].listed_on == date(2022, 2, 24)


def test_what_a_party_is_listed_for_is_kept(sample: Sample):
    bank = enhanced(CONS, sample("us_ofac/cons_enhanced_2025.xml"))["us_ofac_capta-15268"]
    assert bank.programmes == ("561-Related",)
    assert bank.citations == ("CISADA",)
    assert values(bank, "sanctions_type") == ["561 Full Restrictions"]
    assert bank.names[1] == Name(text="KARAMAY URBAN CREDIT COOPERATIVES", kind="former")
    assert bank.addresses[2] == Address(
        text="No. 7 Century Ave, (Registered Office), Xinjiang, Karamay, 834000, China",
        street="No. 7 Century Ave, (Registered Office)",
        city="Xinjiang",
        region="Karamay",
        postal_code="834000",
        country="CN",
    )


def test_names_in_other_scripts_are_names_with_their_script(sample: Sample):
    found = enhanced(CONS, sample("us_ofac/cons_enhanced_2025.xml"))
    scripts = {name.language for listing in found.values() for name in listing.names}
    assert scripts == {None, "Cyrillic", "Chinese Simplified"}


def test_a_region_stands_in_the_place_of_a_country(sample: Sample):
    found = enhanced(CONS, sample("us_ofac/cons_enhanced_2025.xml"))
    assert Address(text="Region: Gaza", country="PS") in found["us_ofac_plc-9647"].addresses


def test_whom_a_party_belongs_to_is_a_fact(sample: Sample):
    found = enhanced(CONS, sample("us_ofac/cons_enhanced_2025.xml"))
    assert values(found["us_ofac_ssi-23559"], "linked_to") == [
        "SURGUTNEFTEGAS (Owned or Controlled By, High)"
    ]
    assert {number.note for number in found["us_ofac_ssi-23559"].identifiers} >= {
        "issued by INN",
        "issued by OGRN",
    }
