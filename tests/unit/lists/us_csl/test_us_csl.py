import json
from collections.abc import Callable
from datetime import date

import msgspec
import pytest

from abeyance_screening.engine.lists.catalogue import lists_of
from abeyance_screening.engine.lists.edition import GivenFile, ParsedEdition
from abeyance_screening.engine.lists.formats import read_files
from abeyance_screening.engine.lists.listing import Listing
from abeyance_screening.engine.lists.us_csl.reader import parse_csv, parse_json
from abeyance_screening.primitives.errors import AbeyanceError, ListRefusedError, RowRefusedError

type Sample = Callable[[str], bytes]


def by_id(editions: tuple[ParsedEdition, ...]) -> dict[str, Listing]:
    return {listing.id: listing for edition in editions for listing in edition.listings}


def counts(editions: tuple[ParsedEdition, ...]) -> dict[str, int]:
    return {edition.list_code: len(edition.listings) for edition in editions}


def json_file(*entries: dict[str, object], **envelope: object) -> bytes:
    return json.dumps({"results": list(entries), **envelope}, ensure_ascii=False).encode()


# An entry with every key that the official file can carry.
FULL: dict[str, object] = {
    "id": "17291",
    "source": "Specially Designated Nationals (SDN) - Treasury Department",
    "entity_number": "17291",
    "type": "Individual",
    "programs": ["SDGT", "SYRIA"],
    "name": "ADVISER, Example",
    "title": "Adviser",
    "addresses": [
        {
            "address": "12 Harbour Road",
            "city": "Tartous",
            "state": None,
            "postal_code": "123",
            "country": "SY",
        }
    ],
    "federal_register_notice": "68 F.R. 38290 6/27/03",
    "start_date": "2014-08-06",
    "end_date": None,
    "date_of_listing": None,
    "standard_order": None,
    "license_requirement": None,
    "license_policy": None,
    "call_sign": None,
    "vessel_type": None,
    "gross_tonnage": None,
    "gross_registered_tonnage": 51088,
    "vessel_flag": None,
    "vessel_owner": None,
    "remarks": "(Linked To: SOMEBODY)",
    "source_list_url": "https://sanctionslist.ofac.treas.gov/Home/SdnList",
    "source_information_url": "https://ofac.treasury.gov/",
    "alt_names": ["EXAMPLE, Ex"],
    "citizenships": ["GB"],
    "dates_of_birth": ["circa 1966"],
    "nationalities": ["JO"],
    "places_of_birth": ["Aleppo, Syria"],
    "ids": [
        {"type": "Gender", "number": "Male", "country": None},
        {
            "type": "Passport",
            "number": "K475336",
            "country": "JO",
            "issue_date": "2009-08-31",
            "expiration_date": "May 2014",
        },
    ],
    "country": None,
    "score": 1.5,
}


def test_the_csv_of_2022_gives_one_edition_a_list(sample: Sample):
    assert counts(parse_csv(sample("us_csl/consolidated_2022.csv"))) == {
        "us_bis_dpl": 4,
        "us_bis_el": 8,
        "us_bis_meu": 1,
        "us_bis_uvl": 1,
        "us_ddtc": 2,
        "us_ofac_capta": 2,
        "us_ofac_cmic": 1,
        "us_ofac_fse": 1,
        "us_ofac_mbs": 1,
        "us_ofac_plc": 1,
        "us_ofac_sdn": 10,
        "us_ofac_ssi": 1,
        "us_state_isn": 2,
    }


def test_the_csv_of_2023_gives_one_edition_a_list(sample: Sample):
    editions = parse_csv(sample("us_csl/consolidated_2023.csv"))
    assert sum(counts(editions).values()) == 24
    assert set(counts(editions)) == set(lists_of("us_csl")) - {"us_csl_other"}


def test_the_json_of_2026_gives_one_edition_a_list(sample: Sample):
    editions = parse_json(sample("us_csl/consolidated_2026.json"))
    assert sum(counts(editions).values()) == 30
    assert set(counts(editions)) == set(lists_of("us_csl")) - {"us_ofac_fse", "us_csl_other"}
    assert {edition.published_on for edition in editions} == {None}


@pytest.mark.parametrize("place", ["us_csl/consolidated_2022.csv", "us_csl/consolidated_2023.csv"])
def test_ids_and_listings_do_not_depend_on_the_order_of_rows(sample: Sample, place: str):
    header, *records = records_of(sample(place))
    turned = header + b"".join(reversed(records))
    assert by_id(parse_csv(turned)) == by_id(parse_csv(sample(place)))


def test_an_entry_has_one_id_in_either_format(sample: Sample):
    older = by_id(parse_csv(sample("us_csl/consolidated_2022.csv")))
    newer = by_id(parse_json(sample("us_csl/consolidated_2026.json")))
    huawei = "us_bis_el-8793aa81a30d"
    assert older[huawei].names == newer[huawei].names
    assert older["us_ofac_capta-15268"].primary_name == newer["us_ofac_capta-15268"].primary_name


def test_two_orders_against_one_name_are_two_listings(sample: Sample):
    listings = by_id(parse_csv(sample("us_csl/consolidated_2022.csv")))
    assert {"us_bis_dpl-fea4010078a4", "us_bis_dpl-fea4010078a4-3"} <= listings.keys()


def test_an_official_entry_with_every_key_is_read_whole():
    (edition,) = parse_json(json_file(FULL, total=1, search_performed_at="2026-07-31T13:15:00Z"))
    assert (edition.list_code, edition.published_on) == ("us_ofac_sdn", date(2026, 7, 31))
    assert json.loads(msgspec.json.encode(edition.listings[0])) == {
        "id": "us_ofac_sdn-17291",
        "list_code": "us_ofac_sdn",
        "names": [
            {"text": "ADVISER, Example", "kind": "primary", "language": None},
            {"text": "EXAMPLE, Ex", "kind": "alias", "language": None},
        ],
        "entity_type": "person",
        "entry_id": "17291",
        "addresses": [
            {
                "text": "12 Harbour Road, Tartous, 123, SY",
                "street": "12 Harbour Road",
                "city": "Tartous",
                "postal_code": "123",
                "country": "SY",
            }
        ],
        "countries": ["SY", "JO", "GB"],
        "identifiers": [
            {
                "kind": "Passport",
                "value": "K475336",
                "country": "JO",
                "issued_on": "2009-08-31",
                "note": "expires May 2014",
            }
        ],
        "programmes": ["SDGT", "SYRIA"],
        "citations": ["68 FR 38290"],
        "listed_on": "2014-08-06",
        "remarks": "(Linked To: SOMEBODY)",
        "facts": [
            {"kind": "title", "value": "Adviser"},
            {"kind": "federal_register_notice", "value": "68 F.R. 38290 6/27/03"},
            {"kind": "gross_registered_tonnage", "value": "51088"},
            {"kind": "date_of_birth", "value": "circa 1966"},
            {"kind": "place_of_birth", "value": "Aleppo, Syria"},
            {"kind": "nationality", "value": "JO"},
            {"kind": "citizenship", "value": "GB"},
            {"kind": "gender", "value": "Male"},
        ],
        "source_url": "https://sanctionslist.ofac.treas.gov/Home/SdnList",
        "information_url": "https://ofac.treasury.gov/",
    }


def test_lists_may_be_null_and_numbers_may_be_numbers():
    entry = FULL | {"alt_names": None, "programs": None, "addresses": None, "ids": None}
    (edition,) = parse_json(json_file(entry | {"entity_number": 17291, "id": None}))
    assert edition.listings[0].id == "us_ofac_sdn-17291"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"", "the file is empty", id="empty"),
        pytest.param(b"<html></html>", "the file is an HTML page", id="HTML"),
        pytest.param(b'{"results": [', "not readable as JSON: .*truncated", id="cut off"),
        pytest.param(b'{"results": []} x', "not readable as JSON: .*trailing", id="more behind"),
        pytest.param(b'{"results": []}', "no entries", id="no entries"),
        pytest.param(json_file(FULL, total=2), "total gives 2 entries, but .* 1", id="total"),
        pytest.param(b'{"results": "\xff"}', "not UTF-8", id="encoding"),
        pytest.param(b'{"results": ["\\ud800"]}', "not readable as JSON|str", id="surrogate"),
        pytest.param(b'{"results":' + b"[" * 100_000, "JSON|array|object", id="deep nesting"),
    ],
)
def test_a_json_file_that_is_none_is_refused_with_the_reason(content: bytes, reason: str):
    with pytest.raises(AbeyanceError, match=reason):
        parse_json(content)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        pytest.param({"colour": "red"}, r"results\[1\]: .*unknown field 'colour'", id="new key"),
        pytest.param(
            {"addresses": [{"planet": "Mars"}]},
            r"results\[1\]: unknown field 'planet' of addresses",
            id="new key in an address",
        ),
        pytest.param(
            {"source": "Moon List (MOON) - NASA"},
            r"results\[1\]: unknown list in 'source' 'Moon List \(MOON\) - NASA'",
            id="unknown list",
        ),
        pytest.param(
            {"type": "Robot"},
            r"results\[1\]: unknown kind of party in 'type' 'Robot'",
            id="unknown type",
        ),
        pytest.param({"start_date": "6/27/03"}, r"results\[1\]: start_date: .*6/27/03", id="day"),
        pytest.param({"end_date": "2023-02-30"}, r"results\[1\]: end_date: no calendar", id="end"),
        pytest.param({"name": "  "}, r"results\[1\]: name is blank", id="blank name"),
        pytest.param({"name": None}, r"results\[1\], name: must be a string", id="no name"),
        pytest.param(
            {"ids": [{"number": "1"}]}, r"results\[1\], ids\[0\]: .*`type`", id="id kind"
        ),
    ],
)
def test_a_bad_entry_is_refused_with_its_place(change: dict[str, object], reason: str):
    with pytest.raises(RowRefusedError, match=reason):
        parse_json(json_file(FULL, FULL | change))


@pytest.mark.parametrize("key", ["source", "name", "programs", "alt_names", "addresses"])
def test_an_entry_without_a_key_that_finds_parties_is_refused(key: str):
    entry = {name: value for name, value in FULL.items() if name != key}
    with pytest.raises(RowRefusedError, match=f"the field `{key}` is missing"):
        parse_json(json_file(entry))


def records_of(content: bytes) -> list[bytes]:
    """A CSV file's records; a line break inside quotes does not end one."""
    records, open_record = list[bytes](), b""
    for line in content.splitlines(keepends=True):
        open_record += line
        if open_record.count(b'"') % 2 == 0:
            records.append(open_record)
            open_record = b""
    return records


def test_a_json_file_cut_anywhere_is_refused():
    content = json_file(FULL, FULL)
    for length in range(len(content)):
        with pytest.raises(AbeyanceError):
            parse_json(content[:length])


def test_either_line_break_will_do(sample: Sample):
    content = sample("us_csl/consolidated_2022.csv")
    assert by_id(parse_csv(content.replace(b"\n", b"\r\n"))) == by_id(parse_csv(content))


def test_a_header_in_the_middle_is_refused_with_its_line(sample: Sample):
    header, *records = records_of(sample("us_csl/consolidated_2022.csv"))
    with pytest.raises(ListRefusedError, match="the header row is repeated in line 4"):
        parse_csv(header + b"".join(records[:2]) + header + b"".join(records[2:]))


def test_a_row_that_cannot_be_read_is_refused_with_its_line(sample: Sample):
    header, *records = records_of(sample("us_csl/consolidated_2022.csv"))
    bad = records[1].replace(b"Individual", b"Robot")
    with pytest.raises(RowRefusedError, match=r"^line 3: unknown kind of party in 'type' 'Robot'"):
        parse_csv(header + records[0] + bad)


def test_a_list_whose_only_entry_cannot_be_read_costs_no_other_list():
    alone = FULL | {"source": "Capta List (CAP) - Treasury Department", "programs": "x"}
    others = [FULL | {"entity_number": str(number)} for number in range(5)]
    file = GivenFile("consolidated.json", json_file(*others, alone))
    found = read_files("us_csl", [file], sources=["us_csl"])
    read = {each.list_code: each for each in found.parsed if isinstance(each, ParsedEdition)}
    assert [each.unread is None for each in read["us_ofac_sdn"].listings] == [True] * 5
    (unread,) = read["us_ofac_capta"].listings
    assert unread.primary_name == "ADVISER, Example"
    assert "must be an array" in (unread.unread or "")
