import functools
import random
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abeyance_screening.engine.lists.edition import ParsedEdition
from abeyance_screening.engine.lists.listing import Address, Fact, Listing, Name
from abeyance_screening.engine.lists.reading.files import GivenFile
from abeyance_screening.engine.lists.us_bis_el.reader import FORMATS, parse_xml
from abeyance_screening.engine.lists.us_csl.reader import parse_csv
from abeyance_screening.primitives.errors import AbeyanceError, ListRefusedError
from tests.unit.lists.us_bis_el.table_files import CELLS, row, table, xml_file

type Sample = Callable[[str], bytes]


@pytest.fixture(scope="session")
def title(sample: Sample) -> ParsedEdition:
    (edition,) = parse_xml(sample("us_bis_el/title15.xml"))
    return edition


@functools.cache
def found(edition: ParsedEdition, name: str) -> Listing:
    return next(each for each in edition.listings if each.primary_name == name)


def facts(listing: Listing, kind: str) -> list[str]:
    return [fact.value for fact in listing.facts if fact.kind == kind]


@pytest.mark.parametrize(
    ("place", "published_on", "count"),
    [
        pytest.param("us_bis_el/title15.xml", date(2022, 4, 7), 17, id="the whole title"),
        pytest.param("us_bis_el/supplement4.xml", None, 3, id="an extract says no day"),
    ],
)
def test_a_file_is_one_edition(sample: Sample, place: str, published_on: date | None, count: int):
    (edition,) = parse_xml(sample(place))
    assert (edition.list_code, edition.published_on) == ("us_bis_el", published_on)
    assert len({listing.id for listing in edition.listings}) == count


def test_an_entry_keeps_everything_printed(title: ParsedEdition):
    southeast = found(title, "Southeast Trading Oy")
    assert southeast == Listing(
        id="us_bis_el-7b6507ae02f3",
        list_code="us_bis_el",
        names=(
            Name(text="Southeast Trading Oy", kind="primary"),
            Name(text="Southeast Trading LTD.", kind="alias"),
        ),
        addresses=(
            Address(text="Kannelkatu 8, Lappeenranta 53100, Finland", country="FI"),
            Address(text="PL 148, Lappeenranta 53101, Finland", country="FI"),
            Address(text="Espoo, Finland", country="FI"),
        ),
        countries=("FI",),
        licence_requirement="For all items subject to the EAR. (See §744.11 of the EAR)",
        licence_review_policy="Presumption of denial.",
        citations=("80 FR 52967",),
        facts=(
            Fact(kind="cross_reference", value="See alternate addresses under Romania and Russia"),
            Fact(kind="country_heading", value="FINLAND"),
            Fact(
                kind="entry",
                value="Southeast Trading Oy, a.k.a., the following one alias: —Southeast Trading "
                "LTD. Kannelkatu 8, Lappeenranta 53100, Finland; and PL 148, Lappeenranta 53101, "
                "Finland; and Espoo, Finland. (See alternate addresses under Romania and Russia)",
            ),
            Fact(kind="federal_register_notice", value="80 FR 52967, 9/2/15."),
        ),
        source_url=southeast.source_url,
        information_url=southeast.information_url,
    )


def test_a_party_under_two_countries_is_two_listings(title: ParsedEdition):
    ghoura = [each for each in title.listings if each.primary_name == "Abdul Satar Ghoura"]
    assert [(each.id, each.countries) for each in ghoura] == [
        ("us_bis_el-38fcc72d87ed", ("AF",)),
        ("us_bis_el-38fcc72d87ed-2", ("PK",)),
    ]


def test_an_address_that_ends_on_no_country_is_in_that_of_the_heading(title: ParsedEdition):
    addresses = [each.addresses for each in title.listings if each.id.endswith("-2")]
    assert [address.country for address in addresses[0]] == ["PK", "PK"]
    assert addresses[0][1].text.endswith("University Town, Peshawar")
    assert found(title, "Crimean Railway").addresses[0].country == "UA"


@pytest.mark.parametrize(
    ("parent", "members"),
    [
        pytest.param(
            "Huawei Technologies Co., Ltd. (Huawei)",
            {
                "Beijing Huawei Longshine Information Technology Co., Ltd.",
                "Hangzhou New Longshine Information Technology Co., Ltd.",
                "Hangzhou Huawei Communication Technology Co., Ltd.",
            },
            id="Huawei: Affiliated Entity",
        ),
        pytest.param(
            "China Electronics Technology Group Corporation 13th Research Institute (CETC 13)",
            {"Bowei Integrated Circuits", "Hebei Brightway International"},
            id="CETC 13: Subordinate Institution",
        ),
    ],
)
def test_members_inside_an_entry_are_listings(
    title: ParsedEdition, parent: str, members: set[str]
):
    own = found(title, parent)
    named = {
        each.primary_name: each
        for each in title.listings
        if any(text.startswith(f"{parent}. ") for text in facts(each, "entry_name"))
    }
    assert named.keys() == members
    assert {each.licence_requirement for each in named.values()} == {own.licence_requirement}
    assert all(each.addresses for each in named.values())


def test_the_members_addresses_are_not_the_parents(title: ParsedEdition):
    own = found(title, "Huawei Technologies Co., Ltd. (Huawei)")
    assert [address.text for address in own.addresses] == [
        "Bantian Huawei Base, Longgang District, Shenzhen, 518129, China",
        "No. 1899 Xi Yuan Road, High-Tech West District, Chengdu, 611731, China",
    ]
    assert [name.text for name in own.names[1:3]] == [
        "Shenzhen Huawei Technologies",
        "Huawei Technology",
    ]


def test_ids_meet_those_of_the_consolidated_screening_list(title: ParsedEdition, sample: Sample):
    header, *_ = sample("us_csl/consolidated_2022.csv").decode().splitlines()
    names = {
        "Huawei Technologies Co., Ltd. (Huawei)": "Huawei Technologies Co., Ltd. (Huawei)",
        "Hebei Brightway International": "China Electronics Technology Group Corporation 13th "
        "Research Institute (CETC 13).  Subordinate Institution - Hebei Brightway International",
        "The Ministry of Defence of the Republic of Belarus": "The Ministry of Defence\xa0of the "
        "Republic of Belarus, including the Armed Forces of Belarus and all operating units "
        "wherever located.  This includes the national armed services (army and air force), as "
        "well as the national guard and national police, government intelligence or "
        "reconnaissance organizations of the Republic of Belarus.  All addresses located in "
        "Belarus.",
    }
    columns = header.split(",")
    for ours, theirs in names.items():
        cells = {"source": "Entity List (EL)", "name": f'"{theirs}"'}
        line = ",".join(cells.get(column, "") for column in columns)
        (edition,) = parse_csv(f"{header}\n{line}\n".encode())
        assert edition.listings[0].id == found(title, ours).id


def test_a_ministrys_units_are_no_part_of_its_name(title: ParsedEdition):
    ministry = found(title, "The Ministry of Defence of the Republic of Belarus")
    (reach,) = facts(ministry, "extends_to")
    assert reach.startswith("including the Armed Forces of Belarus and all operating units")
    assert reach.endswith("All addresses located in Belarus.")
    assert ministry.addresses == ()


def test_footnotes_go_with_the_entries_that_point_to_them(title: ParsedEdition):
    huawei = found(title, "Huawei Technologies Co., Ltd. (Huawei)")
    assert huawei.licence_requirement == (
        "For all items subject to the EAR, see §§ 734.9(e)1 and 744.11 of the EAR2"
    )
    first, second = facts(huawei, "footnote")
    assert first.startswith("1: For this entity, “items subject to the EAR” includes")
    assert second == "2"
    assert facts(found(title, "Ali Mehdipour Omrani"), "footnote") == []


def test_a_footnote_may_be_a_row_of_the_table(sample: Sample):
    (edition,) = parse_xml(sample("us_bis_el/supplement4.xml"))
    (note,) = facts(found(edition, "Almaz, JSC"), "footnote")
    assert note.startswith("3: For this entity")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b" \n", "the file is empty", id="empty"),
        pytest.param(b"<!doctype html><html>", "the file is an HTML page", id="HTML"),
        pytest.param(b"<sdnList/>", "the XML is a 'sdnList', not of the eCFR", id="another list"),
        pytest.param(b"<DIV5 N='744'>", "not well-formed XML at line 1", id="cut"),
        pytest.param(b"<DIV5 N='744'/>", "occurs 0 times", id="another part"),
        pytest.param(
            xml_file(table(row(*CELLS)), number="6"), "0 times", id="the Unverified List"
        ),
        pytest.param(
            xml_file(table(row(*CELLS)), around="<DIV5>{0}{0}</DIV5>"), "2 times", id="twice"
        ),
        pytest.param(xml_file("<P>no table</P>"), "has no table", id="no table"),
        pytest.param(xml_file("<TABLE/>"), "is empty", id="empty table"),
        pytest.param(xml_file(table()), "the table has no entries", id="no entries"),
        pytest.param(
            xml_file(table(row(*CELLS)), around="<ECFR><AMDDATE>today</AMDDATE>{}</ECFR>"),
            "AMDDATE: 'today' is not a day",
            id="bad day",
        ),
        pytest.param(
            xml_file(table(row(*CELLS)), around="<!DOCTYPE DIV9 [<!ENTITY a 'b'>]>{}"),
            "declares a document type or entities",
            id="entities",
        ),
        pytest.param(
            xml_file(table(row(*CELLS)), around='<?xml version="1.0" encoding="none-such"?>{}'),
            "XML",
            id="unknown encoding",
        ),
    ],
)
def test_a_file_that_is_not_the_list_is_refused_with_the_reason(content: bytes, reason: str):
    with pytest.raises(ListRefusedError, match=f"^us_bis_el: .*{reason}"):
        parse_xml(content)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        pytest.param(b'<?xml version="1.0"?>\n<DLPSTEXTCLASS>', True, id="the whole title, cut"),
        pytest.param(b'<DIV9 N="Supplement No. 4 to Part 744"', True, id="an extract, cut"),
        pytest.param(b"<DIV5 N='744'>", True, id="a part"),
        pytest.param(b"<sdnList/>", False, id="another list"),
        pytest.param(b"<div class='x'>", False, id="HTML"),
        pytest.param(b"", False, id="empty"),
    ],
)
def test_a_file_is_told_by_its_first_element(content: bytes, told: bool):
    (form,) = FORMATS
    assert form.tells(GivenFile("a", content)) is told


def test_a_file_cut_anywhere_is_refused_or_whole(sample: Sample):
    content = sample("us_bis_el/supplement4.xml")
    whole = parse_xml(content)
    end = content.rindex(b">")
    for length in (*range(0, end, 53), *range(end - 20, len(content))):
        if length <= end:
            with pytest.raises(AbeyanceError):
                parse_xml(content[:length])
        else:
            assert parse_xml(content[:length]) == whole


@given(st.randoms(use_true_random=False))
def test_damaged_bytes_are_read_or_refused(sample: Sample, damage: random.Random):
    content = bytearray(sample("us_bis_el/title15.xml"))
    for _ in range(damage.randint(1, 4)):
        at = damage.randrange(len(content))
        content[at : at + damage.randint(0, 30)] = damage.randbytes(damage.randint(0, 8))
    try:
        (edition,) = parse_xml(bytes(content))
    except AbeyanceError:
        return
    assert edition.listings
