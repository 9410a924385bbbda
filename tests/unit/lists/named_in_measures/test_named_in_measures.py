import json
from datetime import date, timedelta

import msgspec
import pytest

from abeyance_screening.engine.lists.bundled import bundled_editions, is_lacking, read_bundled
from abeyance_screening.engine.lists.catalogue import LIST_BY_CODE, is_of_register
from abeyance_screening.engine.lists.edition import Edition
from abeyance_screening.engine.lists.listing import Listing
from abeyance_screening.engine.lists.named_in_measures.reader import (
    LIST_CODE,
    MEASURE,
    parse_parties,
)
from abeyance_screening.engine.measures.board import MeasureBoard
from abeyance_screening.features.lists.refresh import sources_to_refresh
from abeyance_screening.platform.local_data import of_its_register
from abeyance_screening.primitives.days import Days
from abeyance_screening.primitives.errors import BadInputError, ListRefusedError, RowRefusedError
from tests.shipped_register import load, shipped

REGISTER = load()
BOARD = MeasureBoard(REGISTER)
BUNDLED = next(each for each in bundled_editions() if each.source == LIST_CODE)
CONTENT = read_bundled(BUNDLED)[0].content
LISTINGS = parse_parties(CONTENT)[0].listings
DAYS = tuple(date(2021, 1, 1) + timedelta(days=step) for step in range(0, 2400, 23))


def measures_of(listing: Listing) -> set[str]:
    return {fact.value for fact in listing.facts if fact.kind == MEASURE}


def changed(**fields: object) -> bytes:
    file = json.loads(CONTENT)
    file["parties"][0] |= fields
    return json.dumps(file).encode()


@pytest.mark.parametrize("listing", LISTINGS, ids=lambda each: each.id)
def test_a_party_is_attached_to_exactly_its_measures(listing: Listing):
    attached = REGISTER.attached_to(listing)
    assert {measure.id for measure in attached} == measures_of(listing)


def test_every_name_that_a_measure_attaches_to_is_a_party():
    names = {name.text for listing in LISTINGS for name in listing.names}
    attached = {
        entity
        for measure in REGISTER.measures
        for each in measure.attaches
        if each.list_code == LIST_CODE
        for entity in each.entities
    }
    assert attached <= names


@pytest.mark.parametrize("listing", LISTINGS, ids=lambda each: each.id)
def test_an_easing_is_never_met_without_what_it_eases(listing: Listing):
    attached = {measure.id for measure in REGISTER.attached_to(listing)}
    for measure_id in attached:
        eases = set(REGISTER.get(measure_id).eases)
        assert not eases or eases & attached


@pytest.mark.parametrize("listing", LISTINGS, ids=lambda each: each.id)
def test_the_first_day_of_a_party_hides_no_status_of_its_measures(listing: Listing):
    for measure in REGISTER.attached_to(listing):
        if measure.condition is not None or any(each.slice for each in measure.events):
            continue
        for day in DAYS:
            days = Days(as_of=day, known_at=day)
            shown = next(e for e in BOARD.of_prints((listing,), days) if e.id == measure.id)
            assert shown.status == BOARD.one(measure.id, days).status, day


@pytest.mark.parametrize(
    ("name", "measure"),
    [
        ("Nexperia B.V.", "nl-nexperia-order"),
        ("安世半导体中国有限公司", "cn-nexperia"),
        ("TSMC Nanjing", "us-bis-veu-revocation"),
        ("Samsung China Semiconductor Co. Ltd", "us-bis-veu-revocation"),
        ("SK hynix Semiconductor (China) Ltd", "us-bis-veu-revocation"),
        ("小米集团", "us-dod-ccmc-xiaomi"),
        ("華為技術有限公司", "tw-shtc-huawei-smic"),
        ("SMIC", "tw-shtc-huawei-smic"),
        ("Rosneft Deutschland GmbH", "us-ofac-gl-129"),
        ("Lukoil International GmbH", "us-ofac-gl-131"),
    ],
)
def test_the_parties_of_the_register_have_their_names_and_measures(name: str, measure: str):
    [listing] = [each for each in LISTINGS if name in {name.text for name in each.names}]
    assert measure in measures_of(listing)


def test_every_party_says_why_it_is_here_and_names_its_source():
    for listing in LISTINGS:
        assert listing.remarks
        assert listing.source_url
        assert listing.listed_on is not None


def test_a_known_number_has_its_source():
    number = {"kind": "LEI", "value": "1", "source_url": "https://source.example/1"}
    [edition] = parse_parties(changed(identifiers=[number]))
    [identifier] = edition.listings[0].identifiers
    assert (identifier.value, identifier.note) == ("1", "Read at https://source.example/1")
    with pytest.raises(RowRefusedError, match="source_url"):
        parse_parties(changed(identifiers=[{"kind": "LEI", "value": "1"}]))


@pytest.mark.parametrize(
    ("content", "error", "reason"),
    [
        pytest.param(CONTENT[:900], ListRefusedError, "not readable as JSON", id="cut"),
        pytest.param(changed(sort=1), RowRefusedError, "sort", id="unknown field"),
        pytest.param(changed(measures=[]), RowRefusedError, "measures", id="no measure"),
        pytest.param(changed(country="Holland"), RowRefusedError, "country", id="no code"),
        pytest.param(changed(id="nexperia-china"), RowRefusedError, "twice", id="id used twice"),
    ],
)
def test_a_file_that_is_not_as_it_should_be_is_refused(content, error, reason):
    with pytest.raises(error, match=reason):
        parse_parties(content)


def test_the_list_is_searched_by_default_and_comes_with_the_program():
    known = LIST_BY_CODE[LIST_CODE]
    assert known.of_register
    assert not known.only_if_loaded
    assert is_of_register(LIST_CODE)
    assert not is_of_register("un_sc")
    assert BUNDLED.published_on == parse_parties(CONTENT)[0].published_on


def test_a_refresh_knows_that_nobody_publishes_it():
    assert LIST_CODE not in {source.code for source in sources_to_refresh(())}
    with pytest.raises(BadInputError, match="register's own list and has no publisher"):
        sources_to_refresh((LIST_CODE,))


def test_the_list_is_as_old_as_the_register():
    register = shipped()
    newest = max(
        event.recorded_at
        for measure in register.measures
        for event in measure.events
        if event.recorded_at is not None
    )
    bundled = of_its_register(BUNDLED, register)
    assert bundled.offered_on == max(newest.date(), BUNDLED.published_on)
    stored = Edition(
        id=1,
        list_code=LIST_CODE,
        source=LIST_CODE,
        sha256=BUNDLED.files[0].sha256,
        format="named_in_measures_json",
        reader=99,
        published_on=BUNDLED.published_on,
        loaded_at=newest,
        confirmed_at=newest - timedelta(days=40),
        entry_count=len(LISTINGS),
        accepted=False,
    )
    assert is_lacking(bundled, (stored,))
    assert bundled.offered_on is not None
    confirmed = newest.replace(
        year=bundled.offered_on.year, month=bundled.offered_on.month, day=bundled.offered_on.day
    )
    seen = msgspec.structs.replace(stored, confirmed_at=confirmed)
    assert not is_lacking(bundled, (seen,))
