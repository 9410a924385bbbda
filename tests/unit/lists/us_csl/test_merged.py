import json
from collections.abc import Callable

import pytest

from abeyance_screening.engine.lists.listing import Listing
from abeyance_screening.engine.lists.us_csl.reader import parse_csv, parse_json

type Sample = Callable[[str], bytes]

KUNLUN = "us_ofac_capta-15268"
PARTY: dict[str, object] = {
    "source": "Specially Designated Nationals (SDN) - Treasury Department",
    "entity_number": "17291",
    "type": "Individual",
    "programs": ["SDGT"],
    "name": "ADVISER, Example",
    "addresses": [{"country": "SY"}],
    "alt_names": [],
    "start_date": "2014-08-06",
    "remarks": "one",
}


def listings_of(content: bytes) -> dict[str, Listing]:
    return {each.id: each for edition in parse_csv(content) for each in edition.listings}


def ids_of(*entries: dict[str, object]) -> set[str]:
    (edition,) = parse_json(json.dumps({"results": entries}).encode())
    return {each.id for each in edition.listings}


def test_a_party_printed_twice_under_one_number_is_one_listing(sample: Sample):
    """Bank of Kunlun in 2022."""
    header, *lines = sample("us_csl/consolidated_2022.csv").splitlines(keepends=True)
    rows = [line for line in lines if line.startswith(b"15268,")]
    assert len(rows) == 2
    alone = [listings_of(header + row)[KUNLUN] for row in rows]
    both = listings_of(header + b"".join(rows))
    assert set(both) == {KUNLUN}
    assert set(both[KUNLUN].addresses) == {one for each in alone for one in each.addresses}
    assert both[KUNLUN].remarks == alone[0].remarks
    assert listings_of(header + rows[1] + rows[0]) == both


def test_everything_that_either_row_says_is_kept():
    again: dict[str, object] = {
        "programs": ["SYRIA", "SDGT"],
        "addresses": [{"country": "SY"}, {"country": "LB"}],
        "alt_names": ["EXAMPLE, Ex"],
        "start_date": "2013-01-02",
        "remarks": "two",
    }
    (edition,) = parse_json(json.dumps({"results": [PARTY, PARTY | again]}).encode())
    (listing,) = edition.listings
    assert [name.text for name in listing.names] == ["ADVISER, Example", "EXAMPLE, Ex"]
    assert sorted(listing.programmes) == ["SDGT", "SYRIA"]
    assert sorted(listing.countries) == ["LB", "SY"]
    assert str(listing.listed_on) == "2013-01-02"
    assert listing.remarks is not None
    assert sorted(listing.remarks.split("\n")) == ["one", "two"]


@pytest.mark.parametrize(
    "other",
    [pytest.param({"name": "OTHER"}, id="name"), pytest.param({"type": "Entity"}, id="type")],
)
def test_two_parties_under_one_number_stay_two(other: dict[str, object]):
    assert ids_of(PARTY, PARTY | other) == {"us_ofac_sdn-17291", "us_ofac_sdn-17291-2"}


def test_rows_of_one_name_without_a_number_stay_two():
    bare = PARTY | {"entity_number": None}
    assert len(ids_of(bare, bare | {"remarks": "two"})) == 2
