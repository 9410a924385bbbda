import string
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abeyance_screening.engine.lists.listing import Listing
from abeyance_screening.engine.lists.reading.files import GivenFile
from abeyance_screening.engine.lists.tw_shtc.reader import FORMATS, names_of, parse_csv
from abeyance_screening.primitives.errors import ListRefusedError, RowRefusedError

type Sample = Callable[[str], bytes]
PLACE = "tw_shtc/SHTCEntityList.csv"
NAME = (
    st.lists(st.text(string.ascii_uppercase, min_size=4, max_size=9), min_size=2, max_size=4)
    .map(" ".join)
    .filter(lambda name: "ALIAS" not in name)
)


@pytest.fixture(scope="module")
def listings(sample: Sample) -> dict[str, Listing]:
    (edition,) = parse_csv(sample(PLACE))
    return {each.entry_id or "": each for each in edition.listings}


def names(listing: Listing) -> list[tuple[str, str | None]]:
    return [(name.text, name.language) for name in listing.names]


def test_every_row_with_a_name_is_an_entry(listings: dict[str, Listing]):
    assert list(listings) == ["1", "2", "3", "4", "5", "6"]


def test_names_are_split_and_chinese_ones_say_which(listings: dict[str, Listing]):
    assert names(listings["2"]) == [
        ("SEMICONDUCTOR MANUFACTURING INTERNATIONAL CORPORATION", None),
        ("SMIC", None),
        ("中芯國際集成電路製造有限公司", None),
        ("中芯国际集成电路制造有限公司", "zh-Hans"),
    ]
    assert [text for text, _ in names(listings["5"])] == [
        "MI-DAS LIGHTING LIMITED",
        "米達斯照明有限公司",
        "米达斯照明",
    ]


def test_a_number_of_the_security_council_is_no_part_of_a_name(listings: dict[str, Listing]):
    al_qaida = listings["3"]
    assert [text for text, _ in names(al_qaida)] == ["AL-QAIDA", "The Base", "Al Qaeda"]
    assert [(each.kind, each.value) for each in al_qaida.identifiers] == [
        ("UN reference number", "QDe.004")
    ]


def test_addresses_papers_and_countries_are_kept(listings: dict[str, Listing]):
    assert [each.text for each in listings["2"].addresses] == [
        "18 Zhangjiang Rd., Pudong New Area, Shanghai, China",
        "4 Wenchang Avenue, Beijing, China",
        "18 Xinghua Avenue, Tianjin, China",
    ]
    assert listings["5"].countries == ("HK", "CN")
    assert listings["4"].countries == ("MA",)
    assert listings["4"].addresses == ()
    assert listings["4"].identifiers[0].value.startswith("Counterfeit Danish driving licence")


def test_an_entry_keeps_its_id_when_its_number_changes(sample: Sample):
    content = sample(PLACE).decode().replace("\r\n6,", "\r\n5000,").encode()
    assert {each.id for each in parse_csv(content)[0].listings} == {
        each.id for each in parse_csv(sample(PLACE))[0].listings
    }


@pytest.mark.parametrize(
    ("old", "new", "error", "reason"),
    [
        ("別名alias", "別名", ListRefusedError, "missing column: 別名alias"),
        (",ROSTEC,STATE CORPORATION ROSTEC; ROSTEKH,", ",,,", RowRefusedError, "has no name"),
        (",ROSTEC,", ",,", RowRefusedError, "unknown entry with a blank '名稱name' '6'"),
        ("簡體中文", "日文", RowRefusedError, "unknown label of a name '日文'"),
        ("\r\n7,,,,,", "\r\n7,,,,," * 5, ListRefusedError, "5 of the rows have no name"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(
    sample: Sample, old: str, new: str, error: type[Exception], reason: str
):
    content = sample(PLACE).decode()
    assert old in content
    with pytest.raises(error, match=reason):
        _ = parse_csv(content.replace(old, new).encode())


def test_a_byte_order_mark_inside_the_file_is_no_part_of_a_name(sample: Sample):
    content = sample(PLACE).decode("utf-8-sig").replace("\r\n6,", "\r\n\ufeff6,").encode()
    assert [each.entry_id for each in parse_csv(content)[0].listings][-1] == "6"


def test_the_file_is_told_by_its_header(sample: Sample):
    file = GivenFile("file", sample(PLACE))
    assert [each.word for each in FORMATS if each.tells(file)] == ["tw_shtc_csv"]


@given(st.lists(NAME, min_size=1, max_size=8), st.sampled_from(["; ", ";", "\uff1b", " ;\n"]))
def test_every_name_of_a_cell_is_found(given_names: list[str], separator: str):
    first, *others = given_names
    found, numbers = names_of(first, separator.join(others))
    assert [name.text for name in found] == list(dict.fromkeys(given_names))
    assert numbers == ()


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_cells_are_read(name: str, aliases: str):
    found, _ = names_of(name, aliases)
    assert all(each.text == each.text.strip() for each in found)
    assert [each.kind for each in found[:1]] in ([], ["primary"])
