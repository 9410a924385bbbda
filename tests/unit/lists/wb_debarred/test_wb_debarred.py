from collections.abc import Callable
from datetime import date

import pytest

from abeyance_screening.engine.lists.edition import ParsedEdition
from abeyance_screening.engine.lists.listing import Fact, Listing
from abeyance_screening.primitives.errors import ListRefusedError
from tests.unit.lists.editions import edition_of

FILE = "wb_debarred/SANCTIONED_FIRM.json"


@pytest.fixture
def listing_file(sample: Callable[[str], bytes]) -> bytes:
    return sample(FILE)


def read(content: bytes) -> ParsedEdition:
    return edition_of("wb_debarred", content)


def by_number(edition: ParsedEdition) -> dict[str | None, Listing]:
    return {each.entry_id: each for each in edition.listings}


def names(listing: Listing) -> list[tuple[str, str]]:
    return [(each.kind, each.text) for each in listing.names]


def test_every_record_is_read_and_the_banks_own_fields_are_known(listing_file: bytes):
    edition = read(listing_file)
    assert len(edition.listings) == 4
    assert edition.read_in_part == ()


def test_a_firm_has_its_term_and_the_note_that_a_star_refers_to(listing_file: bytes):
    firm = by_number(read(listing_file))["123456"]
    assert names(firm) == [("primary", "INVENTED BUILDERS LTD.")]
    assert (firm.listed_on, firm.expires_on) == (date(2021, 4, 12), date(2027, 4, 11))
    assert firm.countries == ("MG",)
    assert Fact(kind="note", value="482") in firm.facts
    assert firm.remarks == "INVENTED BUILDERS LTD. *482"


def test_former_and_other_names_are_names(listing_file: bytes):
    found = by_number(read(listing_file))
    assert names(found["123457"]) == [
        ("primary", "INVENTED ROADS CO., LTD."),
        ("former", "OLD ROADS LTD."),
    ]
    assert names(found["123459"]) == [
        ("primary", "INVENTED WATER S.A."),
        ("alias", "AGUA INVENTADA S.A."),
    ]


def test_days_are_read_in_two_forms_and_some_ineligibility_has_no_end(listing_file: bytes):
    found = by_number(read(listing_file))
    assert (found["123457"].listed_on, found["123457"].expires_on) == (date(2021, 4, 12), None)
    assert found["123458"].expires_on is None
    assert found["123458"].entity_type == "person"


def test_a_day_that_cannot_be_read_is_noted(listing_file: bytes):
    edition = read(listing_file.replace(b"2027-04-11", b"spring"))
    assert [(each.what, each.example) for each in edition.read_in_part] == [
        ("day in 'DEBAR_TO_DATE'", "spring")
    ]
    assert by_number(edition)["123456"].expires_on is None


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b'{"response": {"ZPROCSUPP": []}}', "no records", id="empty"),
        pytest.param(b'{"response": {"ZPROCSUPP": 1}}', "not readable", id="another shape"),
    ],
)
def test_another_file_is_refused(content: bytes, reason: str):
    with pytest.raises(ListRefusedError, match=reason):
        _ = read(content)
