import io
from collections.abc import Callable

import pytest
from openpyxl import load_workbook

from abeyance_screening.engine.lists.jp_meti_eul.reader import parse_workbook

type Sample = Callable[[str], bytes]
OFFICIAL = "jp_meti_eul/list_2025.xlsx"


def test_the_official_workbook_counts_its_rows_by_formula(sample: Sample):
    sheet = load_workbook(io.BytesIO(sample(OFFICIAL))).worksheets[0]
    numbers = [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert numbers == ["=ROW()-1"] * 24
    (workbook,) = parse_workbook(sample(OFFICIAL))
    assert len(workbook.listings) == 24
    entries = [listing.entry_id for listing in workbook.listings]
    assert entries == [str(number) for number in range(1, 25)]


@pytest.mark.parametrize(
    ("entry", "names"),
    [
        pytest.param("16", {"ASE CO."}, id="59"),
        pytest.param("17", {"SUSTAINABLE ELECTRONICS DEVELOPMENT COMPANY"}, id="112"),
        pytest.param("18", {"Mohandesi Tarh Va Toseh Maro Sanat Company"}, id="163"),
        pytest.param("19", {"PKGB"}, id="201"),
        pytest.param("20", {"SHBIFG"}, id="236"),
        pytest.param(
            "21", {"Yazd Metallurgical Ind's Co.", "Yazd Metallurgical Industries"}, id="288"
        ),
        pytest.param(
            "22",
            {
                "Korea International Chemical Joint Venture Corp.",
                "Korea International Chemicals Joint Operation Company",
            },
            id="343",
        ),
        pytest.param("23", {"Sichuan Solid Circuit Research Institute"}, id="503"),
        pytest.param(
            "24",
            {
                "FEDERAL STATE BUDGETARY ESTABLISHMENT 33 CENTRAL SCIENTIFIC RESEARCH TEST INSTITUTE OF THE MINISTRY OF DEFENSE OF THE RUSSIAN FEDERATION"  # noqa: E501 - as printed
            },
            id="737",
        ),
        pytest.param("15", {"Novator Design Bureau", "JSC OKB Novator"}, id="761"),
    ],
)
def test_the_last_names_of_a_long_cell_are_read(sample: Sample, entry: str, names: set[str]):
    (edition,) = parse_workbook(sample(OFFICIAL))
    (listing,) = (each for each in edition.listings if each.entry_id == entry)
    assert names <= {name.text for name in listing.names}
