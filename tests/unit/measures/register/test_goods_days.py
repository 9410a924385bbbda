"""Measures on goods of many authorities: the day before each begins, and its first day."""

from datetime import date, timedelta

import pytest

from abeyance_screening.engine.measures.law.resolve import status_on
from abeyance_screening.engine.measures.measure import only_eases
from tests.shipped_register import load

REGISTER = load()
KNOWN_AT = date(2026, 12, 1)


@pytest.mark.parametrize(
    ("measure_id", "first_day"),
    [
        ("us-ofac-russia-eo14068-metals", "2024-04-13"),
        ("us-russian-uranium", "2024-08-11"),
        ("us-bis-russia-software", "2024-09-16"),
        ("us-ofac-russia-petroleum-services", "2025-02-27"),
        ("us-ofac-venezuela-oil", "2019-01-28"),
        ("eu-belarus-gold", "2024-07-01"),
        ("eu-belarus-services", "2024-07-01"),
        ("eu-russia-software", "2023-12-19"),
        ("uk-russia-iron-steel", "2022-04-14"),
        ("uk-russia-metals", "2023-12-15"),
        ("uk-russia-diamonds", "2024-01-01"),
        ("uk-russia-sectoral-software", "2025-04-24"),
        ("uk-russia-processed-oil", "2026-05-20"),
        ("uk-iran-goods", "2023-12-14"),
        ("ch-russia-lng", "2026-04-25"),
        ("ch-iran-metals", "2025-12-12"),
        ("jp-russia-diamonds", "2024-01-01"),
        ("ca-occupied-ukraine", "2022-09-29"),
        ("cn-2024-31-drones", "2024-09-01"),
        ("cn-2024-21-aerospace", "2024-07-01"),
        ("cn-gacc-us-logs", "2025-03-04"),
        ("kr-dprk-trade", "2010-05-24"),
    ],
)
def test_a_measure_on_goods_begins_on_its_first_day(measure_id: str, first_day: str):
    measure, first = REGISTER.get(measure_id), date.fromisoformat(first_day)
    assert status_on(measure, first - timedelta(days=1), KNOWN_AT).force == "not_yet"
    assert status_on(measure, first, KNOWN_AT).force == "in_force"


@pytest.mark.parametrize(
    ("measure_id", "part", "first_day"),
    [
        ("jp-catch-all", "conventional arms", "2025-10-09"),
        ("au-russia-export-ban", "machinery and related parts", "2023-10-26"),
        ("au-russia-export-ban", "luxury goods", "2022-04-07"),
        ("uk-russia-iron-steel", "iron and steel processed in a third country", "2023-09-30"),
        ("uk-russia-diamonds", "diamonds processed in a third country", "2024-03-01"),
        ("jp-russia-diamonds", "diamonds processed in third countries", "2024-05-10"),
        ("us-bis-russia-industrial-goods", "chapters 84, 85 and 90", "2023-05-19"),
        ("cn-dprk-goods", "the goods of UNSCR 2397", "2018-01-06"),
        ("tw-russia-belarus", "77 items of machine tools", "2024-03-08"),
    ],
)
def test_what_is_added_to_a_measure_on_goods_begins_on_its_own_day(
    measure_id: str, part: str, first_day: str
):
    measure, first = REGISTER.get(measure_id), date.fromisoformat(first_day)

    def ahead(day: date) -> bool:
        return any(each.part == part for each in status_on(measure, day, KNOWN_AT).slices)

    assert status_on(measure, first - timedelta(days=1), KNOWN_AT).force == "in_force"
    assert ahead(first - timedelta(days=1))
    assert not ahead(first)


@pytest.mark.parametrize(
    ("licence", "day", "word"),
    [
        ("uk-gtl-processed-oil", "2026-05-19", "published_not_effective"),
        ("uk-gtl-processed-oil", "2026-05-20", "eased_by_licence"),
        ("uk-gtl-processed-oil", "2026-12-31", "eased_by_licence"),
        ("uk-gtl-processed-oil", "2027-01-01", "authorisation_lapsed_unconfirmed"),
        ("uk-russia-chip-chemicals-wind-down", "2026-11-20", "eased_by_licence"),
        ("uk-russia-chip-chemicals-wind-down", "2026-11-21", "authorisation_lapsed_unconfirmed"),
    ],
)
def test_a_licence_for_goods_runs_until_its_last_day_and_never_further(
    licence: str, day: str, word: str
):
    assert status_on(REGISTER.get(licence), date.fromisoformat(day), KNOWN_AT).word == word
    assert only_eases(REGISTER.get(licence))
    assert not any(only_eases(REGISTER.get(each)) for each in REGISTER.get(licence).eases)
