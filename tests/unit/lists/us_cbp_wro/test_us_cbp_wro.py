from collections.abc import Callable, Sequence
from datetime import date

import pytest

from abeyance_screening.engine.lists.catalogue import SOURCE_BY_CODE
from abeyance_screening.engine.lists.catalogue_types import FileLink
from abeyance_screening.engine.lists.edition import ParsedEdition
from abeyance_screening.engine.lists.links import find_link
from abeyance_screening.engine.lists.us_cbp_wro.reader import parties_of
from abeyance_screening.primitives.errors import ListRefusedError
from tests.unit.lists.editions import edition_of, facts, named

FILE = "us_cbp_wro/withhold-release-orders-findings.csv"


@pytest.fixture
def table(sample: Callable[[str], bytes]) -> bytes:
    return sample(FILE)


def read(content: bytes) -> ParsedEdition:
    return edition_of("us_cbp_wro", content)


def test_every_row_but_the_blank_one_is_an_entry(table: bytes):
    edition = read(table)
    assert len(edition.listings) == 12
    assert edition.read_in_part == ()


def test_an_order_has_its_kind_status_day_goods_and_announcement(table: bytes):
    order = named(read(table), "Hoshine Silicon Industry Co. Ltd.")
    assert order.programmes == ("WRO",)
    assert order.listed_on == date(2021, 6, 24)
    assert order.countries == ("CN",)
    assert order.remarks == "Hoshine Silicon Industry Co. Ltd. and Subsidiaries"
    assert order.information_url is not None
    assert order.information_url.startswith("https://www.cbp.gov/newsroom/")
    assert facts(order) == {
        "extends_to": "and Subsidiaries",
        "merchandise": "Silica-based products",
        "industry": "Manufacturing",
        "order_status": "Active",
        "remarks": "Silica-based products made by the company and goods made with them",
    }


def test_an_order_that_has_ended_stays_with_its_status(table: bytes):
    assert facts(named(read(table), "Central Romana Corporation Limited"))["order_status"] == (
        "Inactive"
    )


def test_hard_spaces_of_windows_are_spaces(table: bytes):
    assert b"\xa0" in table
    goods = facts(named(read(table), "Giant Manufacturing Co., Ltd."))["merchandise"]
    assert goods == "Bicycles, bicycle parts and accessories"


@pytest.mark.parametrize(
    ("printed", "parties", "extends_to"),
    [
        pytest.param(
            "Yili Zhuowan Garment Manufacturing Co., Ltd. and Baoding LYSZD Trade and Business "
            "Co., Ltd.",
            ["Yili Zhuowan Garment Manufacturing Co., Ltd.",
             "Baoding LYSZD Trade and Business Co., Ltd."],
            None,
            id="and after a legal form",
        ),
        pytest.param(
            "Agropecuarios Tom S.A. de C.V. and Horticola Tom S.A. de C.V. and their subsidiaries",
            ["Agropecuarios Tom S.A. de C.V.", "Horticola Tom S.A. de C.V."],
            "and their subsidiaries",
            id="two parties with subsidiaries",
        ),
        pytest.param(
            "Shanghai Select Safety Products Company, Limited and its two subsidiaries from China"
            ", Select (Nantong) Safety Products Co. Limited and Select Protective Technology (HK) "
            "Limited.",
            ["Shanghai Select Safety Products Company, Limited",
             "Select (Nantong) Safety Products Co. Limited",
             "Select Protective Technology (HK) Limited."],
            "and its two subsidiaries from China",
            id="subsidiaries that are named",
        ),
        pytest.param(
            "Hengzheng Group Baoanzhao Agriculture, Industry, and Trade Co., Ltd.",
            ["Hengzheng Group Baoanzhao Agriculture, Industry, and Trade Co., Ltd."],
            None,
            id="commas within one name",
        ),
        pytest.param(
            "Brightway Holdings Sdn Bhd, Laglove (M) Sdn Bhd, and Biopro (M) Sdn Bhd "
            "(collectively, Brightway Group)",
            ["Brightway Holdings Sdn Bhd", "Laglove (M) Sdn Bhd", "Biopro (M) Sdn Bhd",
             "Brightway Group"],
            None,
            id="a name for several together",
        ),
        pytest.param(
            "Kumar Carpet Pvt., Singhe Carpet Pvt., Ltd., Annapurna Carpet, Everest Carpet, and "
            "K.K. Carpet Industries; Kathmandu.",
            ["Kumar Carpet Pvt.", "Singhe Carpet Pvt., Ltd.", "Annapurna Carpet", "Everest Carpet",
             "K.K. Carpet Industries"],
            None,
            id="names without legal forms, and a place",
        ),
        pytest.param(
            "Fuchu Prison; Union Kogyo Co., Ltd.",
            ["Fuchu Prison", "Union Kogyo Co., Ltd."],
            None,
            id="a semicolon",
        ),
        pytest.param(
            "Shenyang New Life Rubber Factory, a/k/a Shenyang Dabei Prison",
            ["Shenyang New Life Rubber Factory", "Shenyang Dabei Prison"],
            None,
            id="another name",
        ),
        pytest.param(
            "Fishing Vessels owned by Dalian Ocean Fishing Co. Ltd.",
            ["Dalian Ocean Fishing Co. Ltd."],
            "fishing vessels owned by the party",
            id="a fleet",
        ),
    ],
)  # fmt: skip
def test_the_parties_of_a_cell_are_told_apart(
    printed: str, parties: list[str], extends_to: str | None
):
    primary, others, found = parties_of(printed)
    assert [primary, *(each.text for each in others)] == parties
    assert {each.kind: each.value for each in found}.get("extends_to") == extends_to


def test_a_vessel_is_one_and_goods_are_nobody(table: bytes):
    edition = read(table)
    assert named(edition, "Da Wang").entity_type == "vessel"
    assert {each.entity_type for each in edition.listings if "Cotton" in each.primary_name} == {
        None
    }


def test_a_status_that_is_not_known_may_hide_that_an_order_has_ended(table: bytes):
    edition = read(table.replace(b",Inactive,", b",Paused,"))
    (part,) = edition.read_in_part
    assert (part.what, part.example, part.may_hide) == ("word in 'Status'", "Paused", "status")
    assert facts(edition.listings[0])["order_status"] == "Paused"


@pytest.mark.parametrize(
    ("offer", "names", "expected"),
    [
        pytest.param(0, ("fy25-2025-09-30", "fy26-2026-09-29"), "fy26-2026-09-29", id="newest"),
        pytest.param(1, ("fy26",), "fy26", id="without a day"),
    ],
)
def test_the_file_is_found_on_its_page(offer: int, names: Sequence[str], expected: str):
    stem = "/sites/default/files/2026-10/withhold-release-orders-findings-"
    links = "".join(f'<a href="{stem}{name}.csv">Dataset</a>' for name in names)
    page = f'<html><body>{links}<a href="/other.csv">Other</a></body></html>'.encode()
    (wanted,) = SOURCE_BY_CODE["us_cbp_wro"].offers[offer].files
    assert isinstance(wanted, FileLink)
    found = find_link("us_cbp_wro", page, wanted)
    assert found.address == f"https://www.cbp.gov{stem}{expected}.csv"


def test_a_file_without_a_column_is_refused(table: bytes):
    with pytest.raises(ListRefusedError, match="missing column: Entity"):
        _ = read(table.replace(b",Entity,", b",Party,"))
