from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abeyance_screening.engine.lists.cn_announcements.reader import (
    FORMATS,
    parse_collection,
    parse_pages,
)
from abeyance_screening.engine.lists.edition import ParsedDelta
from abeyance_screening.engine.lists.formats import read_files
from abeyance_screening.engine.lists.listing import Listing
from abeyance_screening.engine.lists.reading.files import GivenFile
from abeyance_screening.primitives.errors import AbeyanceError, ListRefusedError, RowRefusedError

type Sample = Callable[[str], bytes]
HTML = "ecl_2026_30_remade.html"


def file_of(sample: Sample, name: str) -> GivenFile:
    return GivenFile(name, sample(f"cn_announcements/{name}"))


def read(sample: Sample, *names: str) -> tuple[ParsedDelta, ...]:
    return parse_pages(tuple(file_of(sample, name) for name in names))


def put(sample: Sample, name: str) -> tuple[Listing, ...]:
    (delta,) = read(sample, name)
    return delta.put


def changed(sample: Sample, name: str, old: str, new: str, count: int = -1) -> GivenFile:
    text = sample(f"cn_announcements/{name}").decode()
    assert old in text
    return GivenFile(name, text.replace(old, new, count).encode())


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030", "gbk"])
@pytest.mark.parametrize("name", ["ecl_2025_35.txt", HTML], ids=["as text", "as a page"])
def test_a_page_is_read_in_the_encodings_that_ministries_and_browsers_use(
    sample: Sample, name: str, encoding: str
):
    plain = file_of(sample, name)
    saved = GivenFile(name, plain.content.decode().encode(encoding))
    read_as_is, read_again = (
        read_files("cn_announcements", [each], sources=["cn_announcements"])
        for each in (plain, saved)
    )
    assert read_again.parsed == read_as_is.parsed


@pytest.mark.parametrize(
    ("name", "list_code", "programme", "day", "names"),
    [
        pytest.param(
            "ecl_2025_35.txt",
            "cn_ecl",
            "cn-ecl-2025-35",
            date(2025, 7, 9),
            ["Aerospace Industrial Development Corp.", "GEOSAT Aerospace & Technology Inc."],
            id="a numbered annex whose last number is empty",
        ),
        pytest.param(
            "uel_2025_3.txt",
            "cn_uel",
            "cn-uel-2025-3",
            date(2025, 1, 15),
            [
                "Pacific Rim Defense",
                "AEVEX Aerospace",
                "LKD Aerospace",
                "Summit Technologies Inc.",
            ],
            id="one sentence",
        ),
        pytest.param(
            "uel_2025_4.txt",
            "cn_uel",
            "cn-uel-2025-4",
            date(2025, 2, 4),
            ["美国PVH集团", "Illumina, Inc."],
            id="a name without a Latin one before one with it",
        ),
        pytest.param(
            "uel_2024_2.txt",
            "cn_uel",
            "cn-uel-2024-2",
            date(2024, 5, 20),
            ["Boeing Defense, Space & Security"],
            id="a mark inside a name",
        ),
        pytest.param(
            "uel_2025_8.txt",
            "cn_uel",
            "cn-uel-2025-8",
            date(2025, 4, 10),
            ["Shield AI,Inc.", "Sierra Nevada Corporation", "Cyberlux Corporation"],
            id="the last name behind and, an hour",
        ),
        pytest.param(
            "mfa_2024_09_18.txt",
            "cn_afsl",
            "cn-afsl-mfa-2024-09-18",
            date(2024, 9, 18),
            ["Sierra Nevada Corporation", "Stick Rudder Enterprises LLC", "Cubic Corporation"],
            id="Chinese numbers",
        ),
        pytest.param(
            "mfa_2023_04_07.txt",
            "cn_afsl",
            "cn-afsl-mfa-2023-04-07",
            date(2023, 4, 7),
            ["哈德逊研究所", "里根图书馆", "Sarah May Stern", "John P. Walters"],
            id="the order's number above the title",
        ),
        pytest.param(
            "mofcom_order_2025_6_remade.txt",
            "cn_afsl",
            "cn-afsl-mofcom-2025-6",
            date(2025, 10, 14),
            ["Hanwha Shipping LLC", "Hanwha Philly Shipyard Inc."],
            id="a year in Chinese digits, Latin names alone",
        ),
        pytest.param(
            "mfa_2025_09_08.txt",
            "cn_afsl",
            "cn-afsl-mfa-2025-09-08",
            date(2025, 9, 8),
            ["石平"],
            id="the title alone",
        ),
        pytest.param(
            HTML,
            "cn_ecl",
            "cn-ecl-2026-30",
            date(2026, 7, 24),
            ["Lafert S.p.A.", "Garnet S.r.l.", "Sindlhauser Materials GmbH"],
            id="a page with the title of another announcement in its head",
        ),
    ],
)
def test_an_announcement_adds_its_parties_in_printed_order(
    sample: Sample, name: str, list_code: str, programme: str, day: date, names: list[str]
):
    (delta,) = read(sample, name)
    assert (delta.list_code, delta.gone, delta.follows_on) == (list_code, (), None)
    assert [listing.primary_name for listing in delta.put][: len(names)] == names
    assert {listing.programmes for listing in delta.put} == {(programme,)}
    assert {listing.listed_on for listing in delta.put} == {day}


@pytest.mark.parametrize(
    ("name", "count"),
    [
        pytest.param("ecl_2025_35.txt", 8, id="ECL 2025-35"),
        pytest.param("uel_2025_8.txt", 6, id="UEL 2025-8"),
        pytest.param("uel_2025_10.txt", 23, id="UEL 2025-10 with ten branches"),
        pytest.param("mfa_2024_10_10.txt", 13, id="MFA 2024-10-10 in two sections"),
        pytest.param("mofcom_order_2025_6_remade.txt", 5, id="MOFCOM order 2025-6"),
    ],
)
def test_all_parties_are_read(sample: Sample, name: str, count: int):
    assert len(put(sample, name)) == count


@pytest.mark.parametrize(
    "announcement", ["uel_2025_4", "uel_2025_8", "mfa_2025_12_15"], ids=lambda name: f"{name}"
)
def test_a_page_gives_the_ids_and_names_that_the_collection_has(sample: Sample, announcement: str):
    gathered = {
        listing.id: {name.text for name in listing.names}
        for edition in parse_collection(sample("cn_announcements/gathered.json"))
        for listing in edition.listings
    }
    for listing in put(sample, f"{announcement}.txt"):
        assert {name.text for name in listing.names} <= gathered[listing.id]


def test_branches_below_a_number_are_parties_of_their_own(sample: Sample):
    listings = put(sample, "uel_2025_10.txt")
    assert listings[13].primary_name == "TechInsights Inc."
    assert listings[14].primary_name == "TechInsights Europe Limited"


def test_persons_are_told_by_their_section_or_by_what_stands_behind(sample: Sample):
    by_name = {listing.primary_name: listing for listing in put(sample, "mfa_2024_10_10.txt")}
    assert by_name["Skydio Inc."].entity_type == "organisation"
    assert by_name["Adam Bry"].entity_type == "person"
    assert by_name["Adam Bry"].remarks == "男,斯凯迪奥公司联合创始人、首席执行官"
    (alone,) = put(sample, "mfa_2025_12_15.txt")
    assert (alone.primary_name, alone.entity_type) == ("IWASAKI Shigeru", "person")


def test_an_office_before_a_name_is_no_part_of_it(sample: Sample):
    listing = put(sample, "mfa_2023_04_07.txt")[3]
    assert [name.text for name in listing.names] == ["John P. Walters", "约翰·瓦特斯"]
    assert listing.remarks == "男,哈德逊研究所所长"


def test_an_address_has_its_postal_code_before_its_country(sample: Sample):
    (address,) = put(sample, HTML)[2].addresses
    assert address.text == "Beispielweg 3, Kempten, 87435, Germany"
    assert address.country == "DE"


def test_announcements_of_two_lists_are_two_deltas(sample: Sample):
    deltas = read(sample, "uel_2025_3.txt", "ecl_2025_35.txt", "uel_2025_8.txt")
    assert [(each.list_code, each.published_on, len(each.put)) for each in deltas] == [
        ("cn_ecl", date(2025, 7, 9), 8),
        ("cn_uel", date(2025, 4, 9), 10),
    ]


def test_the_same_announcement_twice_is_refused(sample: Sample):
    with pytest.raises(RowRefusedError, match=r"cn-ecl-2025-35: .*appears twice"):
        read(sample, "ecl_2025_35.txt", "ecl_2025_35.txt")


@pytest.mark.parametrize(
    ("name", "old", "new", "reason"),
    [
        pytest.param("ecl_2025_35.txt", "\n4. ", "\n", "an item follows a line", id="no number"),
        pytest.param("ecl_2025_35.txt", "\n4. ", "\n5. ", "item 5. is given where 4", id="a jump"),
        pytest.param("ecl_2025_35.txt", "8家", "9家", "states 9 parties, and 8", id="count"),
        pytest.param(
            "uel_2025_3.txt", "等4家", "等5家", "states 5 parties, and 4", id="in sentence"
        ),
        pytest.param("mfa_2024_10_10.txt", "等10名", "等11名", "states 11 parties", id="persons"),
        pytest.param(
            "mfa_2024_10_10.txt", "一、企业", "一、船舶", "unknown section", id="section"
        ),
        pytest.param("mofcom_order_2025_6_remade.txt", "5家", "6家", "6 parties, and 5", id="5家"),
        pytest.param(
            "ecl_2025_35.txt", "Co.,Ltd\uff09\n8", "Co.,Ltd\uff09等\n8", "unknown words", id="rest"
        ),
        pytest.param(HTML, "邮编", "电话", "an item follows a line that is not", id="new line"),
    ],
)
def test_what_is_not_as_it_should_be_is_refused_with_the_reason(
    sample: Sample, name: str, old: str, new: str, reason: str
):
    with pytest.raises(RowRefusedError, match=f"^cn-.*: .*{reason}"):
        parse_pages((changed(sample, name, old, new),))


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        pytest.param("列入", "移至", "not an announcement", id="no title"),
        pytest.param("公布将", "暂停将", "only changes measures", id="a suspension"),
        pytest.param("日", "号", "prints no day", id="no day"),
        pytest.param("第35号", "", "prints no number", id="no number"),
        pytest.param("2025年07月09日", "2025年07月39日", "no calendar has", id="bad day"),
        pytest.param("自公布之日起", "", "does not state from which day", id="no effective day"),
    ],
)
def test_a_page_that_is_no_such_announcement_is_refused(
    sample: Sample, old: str, new: str, reason: str
):
    with pytest.raises(ListRefusedError, match=f"^cn_announcements: .*{reason}"):
        parse_pages((changed(sample, "ecl_2025_35.txt", old, new),))


def test_persons_named_within_prose_are_refused(sample: Sample):
    with pytest.raises(RowRefusedError, match="mfa-2024-12-21, party 3: not one party"):
        read(sample, "mfa_2024_12_21.txt")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"", "the file is empty", id="empty"),
        pytest.param("<html>列入".encode("gb18030"), "not UTF-8", id="another encoding"),
        pytest.param(
            b"<html><body>Not found</body></html>",
            "not an announcement",
            id="error page",
        ),
        pytest.param(b"<html><body>Not fou", "the page is cut off", id="a page cut off"),
    ],
)
def test_a_file_that_is_no_announcement_is_refused(content: bytes, reason: str):
    with pytest.raises(ListRefusedError, match=f"^cn_announcements: .*{reason}"):
        parse_pages((GivenFile("x", content),))


def test_each_format_tells_its_own_files(sample: Sample):
    names = ("gathered.json", "uel_2025_8.txt", HTML)
    told = [[each.tells(file_of(sample, name)) for each in FORMATS] for name in names]
    assert told == [[True, False], [False, True], [False, True]]
    assert not any(each.tells(GivenFile("x", b"id,name\n")) for each in FORMATS)


def test_a_cut_page_is_refused_or_has_all_parties(sample: Sample):
    content = sample("cn_announcements/ecl_2025_35.txt")
    whole = put(sample, "ecl_2025_35.txt")
    for end in range(0, len(content), 31):
        try:
            (delta,) = parse_pages((GivenFile("x", content[:end]),))
        except AbeyanceError:
            continue
        assert len(delta.put) == len(whole)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_damaged_bytes_are_read_or_refused(sample: Sample, data: st.DataObject):
    name = data.draw(st.sampled_from([HTML, "uel_2025_10.txt", "mfa_2024_10_10.txt"]))
    content = bytearray(sample(f"cn_announcements/{name}"))
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place : place + 1] = data.draw(st.binary(max_size=4))
    try:
        parse_pages((GivenFile("x", bytes(content)),))
    except AbeyanceError:
        return


def test_a_line_that_is_not_one_party_is_kept_by_its_pieces(sample: Sample):
    broken = changed(
        sample,
        "ecl_2025_35.txt",
        "Aerospace & Technology Inc.\uff09",
        "Aerospace & Technology Inc.",
    )
    (delta,) = read_files("cn_announcements", [broken], sources=("cn_announcements",)).parsed
    assert isinstance(delta, ParsedDelta)
    whole = put(sample, "ecl_2025_35.txt")
    (unread,) = (listing for listing in delta.put if listing.unread is not None)
    assert unread.id == whole[1].id
    assert {"经纬航太科技公司", "GEOSAT Aerospace & Technology Inc"} <= {
        name.text for name in unread.names
    }
    assert [each for each in delta.put if each.id != unread.id] == [whole[0], *whole[2:]]


def test_a_last_line_that_is_not_one_party_may_be_cut_off(sample: Sample):
    text = sample("cn_announcements/ecl_2025_35.txt").decode()
    cut = text[: text.index("Gong Wei") + len("Gong Wei Co.")]
    with pytest.raises(RowRefusedError, match="may be cut off in its last party"):
        read_files(
            "cn_announcements", [GivenFile("x", cut.encode())], sources=("cn_announcements",)
        )
