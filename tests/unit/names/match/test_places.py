"""A company with its city in the name does not match another company of that city."""

import pytest

from abeyance_screening.engine.names.form import normalise
from abeyance_screening.engine.names.match import DEFAULT_THRESHOLD, NameIndex
from abeyance_screening.engine.names.match_types import IndexedName

# Organisations of the US Consolidated Screening List, 2026-07-31.
LISTED = (
    "Dalian Haisen Machinery Co., Ltd",
    "Guangzhou Hesen Import and Export Co., Ltd",
    "Shenzhen Rayming Electronic Co Ltd",
    "Changsha Zhichun Application Technology Co., Ltd.",
    "Luoyang Institute of Technology",
    "Shiraz Electronics Industries",
    "Public Joint Stock Company Zavod Tula",
    "Tehran Pishro Trading Co.",
    "Dahua Technology",
    "CloudWalk Technology",
)
INDEX = NameIndex.build([IndexedName(n, 0, "primary", normalise(x)) for n, x in enumerate(LISTED)])


def found(printed: str) -> list[str]:
    matches = INDEX.matches(normalise(printed), lists=None, threshold=DEFAULT_THRESHOLD)
    return [LISTED[match.name] for match in matches]


@pytest.mark.parametrize(
    "ordinary",
    [
        "Dalian Weber Machinery Co., Ltd.",
        "Guangzhou Lindqvist Import and Export Co., Ltd.",
        "Shenzhen Jaykisan Electronics Co., Ltd.",
        "Changsha Oldenzaal Technology Co., Ltd.",
        "Luoyang Arbra Technology Co., Ltd.",
        "Shiraz Ampac Petrochemical Company",
        "Tehran Baylim General Trading",
    ],
)
def test_another_firm_of_the_city_and_trade_does_not_alert(ordinary: str) -> None:
    assert found(ordinary) == []


@pytest.mark.parametrize(
    ("asked", "listed"),
    [
        ("Dalian Haisen Machinery", "Dalian Haisen Machinery Co., Ltd"),
        ("Guangzhou Hesen Trading", "Guangzhou Hesen Import and Export Co., Ltd"),
        ("Rayming Electronics", "Shenzhen Rayming Electronic Co Ltd"),
        ("Zavod Tula", "Public Joint Stock Company Zavod Tula"),
        ("Da Hua Technology Co., Ltd.", "Dahua Technology"),
        ("Cloud Walk", "CloudWalk Technology"),
    ],
)
def test_the_firm_itself_is_found(asked: str, listed: str) -> None:
    assert found(asked) == [listed]
