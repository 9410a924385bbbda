import json
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abeyance_screening.engine.lists.cn_announcements.reader import parse_collection
from abeyance_screening.engine.lists.edition import ParsedEdition
from abeyance_screening.engine.lists.formats import read_files
from abeyance_screening.engine.lists.listing import Fact, Listing
from abeyance_screening.engine.lists.reading.files import GivenFile
from abeyance_screening.primitives.errors import AbeyanceError, ListRefusedError, RowRefusedError

type Sample = Callable[[str], bytes]
PLACE = "cn_announcements/gathered.json"


@pytest.fixture(scope="session")
def listings(sample: Sample) -> dict[str, Listing]:
    editions = parse_collection(sample(PLACE))
    return {listing.id: listing for edition in editions for listing in edition.listings}


def changed(content: bytes, old: str, new: str) -> bytes:
    text = content.decode()
    assert old in text
    return text.replace(old, new, 1).encode()


def test_each_list_is_an_edition_of_the_day_until_which_it_is_complete(sample: Sample):
    editions = parse_collection(sample(PLACE))
    assert [(each.list_code, each.published_on, len(each.listings)) for each in editions] == [
        ("cn_afsl", date(2026, 10, 9), 3),
        ("cn_ecl", date(2026, 10, 9), 3),
        ("cn_uel", date(2026, 10, 9), 9),
        ("cn_wl", date(2026, 10, 9), 20),
    ]


def test_a_party_is_one_listing_with_its_announcement_as_programme(listings: dict[str, Listing]):
    listing = listings["cn_ecl-2025-51.01"]
    assert [(name.text, name.kind, name.language) for name in listing.names] == [
        ("Huntington Ingalls Industries, Inc.", "primary", None),
        ("亨廷顿·英格尔斯工业公司", "alias", "zh"),
        ("Huntington Ingalls Industries Inc.", "alias", None),
    ]
    assert listing.programmes == ("cn-ecl-2025-51",)
    assert listing.citations == ("商务部公告2025年第51号",)
    assert (listing.listed_on, listing.delisted_on) == (date(2025, 9, 25), None)
    assert (listing.entity_type, listing.countries) == ("organisation", ("US",))
    assert Fact(kind="announcement", value="MOFCOM Announcement 2025 No. 51") in listing.facts
    assert listing.source_url == (
        "https://www.mofcom.gov.cn/zwgk/zcfb/art/2025/art_113cfe1ef91740c9a0e92a5a91e779d9.html"
    )


def test_a_party_without_a_latin_name_goes_by_its_chinese_one(listings: dict[str, Listing]):
    first, *others = listings["cn_uel-2025-4.01"].names
    assert (first.text, first.kind, first.language) == ("PVH集团", "primary", "zh")
    assert {"PVH Corp.", "美国PVH集团"} <= {name.text for name in others}


def test_the_same_party_in_two_announcements_is_two_listings(listings: dict[str, Listing]):
    both = [listings["cn_uel-2025-4.02"], listings["cn_uel-2025-6.01"]]
    assert {listing.primary_name for listing in both} == {"Illumina, Inc."}


def test_a_revoked_order_takes_its_parties_off(listings: dict[str, Listing]):
    assert listings["cn_afsl-mofcom-2025-5.01"].delisted_on == date(2026, 4, 24)


def test_stopped_measures_leave_a_party_on_the_list(listings: dict[str, Listing]):
    listing = listings["cn_uel-2025-8.01"]
    assert listing.delisted_on is None
    assert Fact(kind="effective_at", value="2025-04-10T12:01:00+08:00") in listing.facts


def test_what_stands_behind_a_name_is_the_remark(listings: dict[str, Listing]):
    listing = listings["cn_afsl-mfa-2025-12-15.01"]
    assert (listing.primary_name, listing.entity_type) == ("IWASAKI Shigeru", "person")
    assert listing.remarks is not None
    assert listing.remarks.endswith("日本籍")


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        pytest.param('"parties": 35', '"parties": 36', "36, and the file has 35", id="count"),
        pytest.param("]}\n", "", "not readable as JSON", id="cut at the end"),
    ],
)
def test_a_file_that_is_not_whole_is_refused(sample: Sample, old: str, new: str, reason: str):
    with pytest.raises(ListRefusedError, match=f"^cn_announcements: .*{reason}"):
        parse_collection(changed(sample(PLACE), old, new))


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        pytest.param(
            '"cn_wl"',
            '"cn_xl"',
            r"announcements\[6\], list: 'cn_xl' is not one of: cn_",
            id="list",
        ),
        pytest.param('"cn_wl"', '"cn_ecl"', "cn-wl-2026-12: an id on list", id="other list"),
        pytest.param('"number": 2,', '"number": 3,', "number 3 is given where 2 is", id="number"),
        pytest.param('"cn-uel-2025-6"', '"cn-uel-2025-4"', "appears twice", id="twice"),
        pytest.param('"name_en"', '"name_fr"', "unknown field 'name_fr'", id="unknown field"),
        pytest.param('"country": "US"', '"country": "us"', "alpha-2 code", id="no code"),
        pytest.param('"person"', '"ship"', "unknown kind of party .* 'ship'", id="unknown type"),
        pytest.param('"2025-02-04"', '"4.2.2025"', "announced_on", id="bad day"),
        pytest.param(
            '"name_en": "IWASAKI Shigeru", "name_zh": "岩崎茂", ',
            "",
            "cn-afsl-mfa-2025-12-15, party 1: name_en and name_zh are both missing",
            id="no name",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_at_its_place(
    sample: Sample, old: str, new: str, reason: str
):
    with pytest.raises(RowRefusedError, match=reason):
        parse_collection(changed(sample(PLACE), old, new))


def test_a_collection_without_announcements_is_refused(sample: Sample):
    whole = json.loads(sample(PLACE))
    empty = {**whole, "announcements": [], "parties": 0}
    with pytest.raises(ListRefusedError, match="no announcements"):
        parse_collection(json.dumps(empty).encode())


def test_a_file_cut_anywhere_is_refused(sample: Sample):
    content = sample(PLACE).rstrip()
    for end in range(0, len(content), 53):
        with pytest.raises(AbeyanceError):
            parse_collection(content[:end])


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_damaged_bytes_are_read_or_refused(sample: Sample, data: st.DataObject):
    content = bytearray(sample(PLACE))
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place : place + 1] = data.draw(st.binary(max_size=4))
    try:
        parse_collection(bytes(content))
    except AbeyanceError:
        return


def test_an_announcement_that_cannot_be_read_keeps_its_parties_by_their_names(sample: Sample):
    file = json.loads(sample(PLACE))
    del file["announcements"][0]["authority"]
    edition = edition_of(file, "cn_uel")
    unread = {each.id: each.primary_name for each in edition.listings if each.unread is not None}
    assert unread == {"cn_uel-2025-4.01": "PVH集团", "cn_uel-2025-4.02": "Illumina, Inc."}


def test_the_parties_of_an_unknown_list_are_noted_by_their_names(sample: Sample):
    file = json.loads(sample(PLACE))
    file["announcements"][0]["list"] = "cn_new"
    (part,) = edition_of(file, "cn_uel").read_in_part
    assert (part.what, part.may_hide) == ("list 'cn_new' of an announcement", "kind")
    assert "Illumina, Inc." in part.example


def edition_of(file: object, list_code: str) -> ParsedEdition:
    """The edition of a list, with notes on what is unknown."""
    given_file = GivenFile("x", json.dumps(file, ensure_ascii=False).encode())
    found = read_files("cn_announcements", [given_file], sources=("cn_announcements",))
    edition = next(each for each in found.parsed if each.list_code == list_code)
    assert isinstance(edition, ParsedEdition)
    return edition
