"""A list where parties of others may be kept: searched with them, and as good as they were."""

from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest

from abeyance_screening.engine.lists.edition import Edition, StoredLists
from abeyance_screening.engine.screening.coverage import chosen_codes, coverage_of
from abeyance_screening.primitives.days import Days

TODAY = date(2026, 11, 24)
MBS = Edition(
    id=1,
    list_code="us_ofac_mbs",
    source="us_ofac_cons",
    sha256="00",
    format="ofac_cons_xml",
    reader=1,
    published_on=TODAY,
    loaded_at=datetime(2026, 11, 24, 6, tzinfo=UTC),
    confirmed_at=None,
    entry_count=12,
    accepted=False,
)
BESIDE = msgspec.structs.replace(MBS, id=2, list_code="us_ofac_nonsdn", entry_count=1)


def test_whoever_asks_for_a_list_asks_for_the_one_where_its_parties_may_be_kept():
    without, loaded = (StoredLists(editions=each, attempts=()) for each in ((MBS,), (MBS, BESIDE)))
    assert chosen_codes(without, ("us_ofac_fse",)) == ("us_ofac_fse",)
    assert chosen_codes(loaded, ("us_ofac_fse",)) == ("us_ofac_fse", "us_ofac_nonsdn")
    assert chosen_codes(loaded, ("un_sc", "us_ofac_sdn")) == ("us_ofac_sdn", "un_sc")
    assert "us_ofac_nonsdn" in chosen_codes(loaded, None)
    assert "us_ofac_nonsdn" not in chosen_codes(without, None)


@pytest.mark.parametrize(
    ("days_ago", "state"),
    [
        pytest.param(2, "fresh", id="they were whole then"),
        pytest.param(1, "fresh", id="they came that day"),
        pytest.param(9, "too_old", id="they were too old then"),
        pytest.param(0, "edition_later", id="they came with it"),
    ],
)
def test_before_its_first_edition_it_was_as_good_as_those_it_goes_with(days_ago: int, state: str):
    day = TODAY - timedelta(days=days_ago)
    mbs = msgspec.structs.replace(
        MBS, published_on=day, loaded_at=datetime.combine(day, MBS.loaded_at.timetz())
    )
    clocks = Days(as_of=TODAY - timedelta(days=1), known_at=TODAY)
    lists = StoredLists(editions=(mbs, BESIDE), attempts=())
    assert coverage_of(lists, ("us_ofac_nonsdn",), clocks).lists[0].state == state
