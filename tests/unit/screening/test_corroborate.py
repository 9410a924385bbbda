"""Evidence beside the name: it orders hits and never removes one."""

import math

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abeyance_screening.engine.lists.listing import Address, Fact, Identifier, Listing, Name
from abeyance_screening.engine.screening.answer import Corroboration, DifferentIdentifier
from abeyance_screening.engine.screening.corroboration import (
    compare_births,
    corroborate,
    implied_countries,
    rank,
    weighed,
)
from abeyance_screening.engine.screening.question import Counterparty, PartyIdentifier

LISTING = Listing(
    id="us_bis_el-1",
    list_code="us_bis_el",
    names=(Name(text="Huawei Technologies Co., Ltd.", kind="primary"),),
    entity_type="organisation",
    countries=("CN", "HK"),
    addresses=(Address(text="Bantian Huawei Base, Longgang District, Shenzhen, 518129, China"),),
    identifiers=(Identifier(kind="USCC", value="914403001922038216"),),
)


@pytest.mark.parametrize(
    ("counterparty", "axis", "agreement"),
    [
        pytest.param({}, "countries", "unknown", id="no country given"),
        pytest.param({"countries": ("HK", "FR")}, "countries", "agrees", id="one country shared"),
        pytest.param({"countries": ("FR",)}, "countries", "differs", id="no country shared"),
        pytest.param({"entity_type": "organisation"}, "entity_type", "agrees", id="same type"),
        pytest.param({"entity_type": "person"}, "entity_type", "differs", id="another type"),
        pytest.param(
            {"addresses": ("Bantian, Longgang District, Shenzhen",)},
            "addresses",
            "agrees",
            id="part of the address",
        ),
        pytest.param(
            {"addresses": ("1 Main Street, Springfield",)},
            "addresses",
            "differs",
            id="another address",
        ),
    ],
)
def test_each_kind_of_evidence_agrees_differs_or_says_nothing(counterparty, axis, agreement):
    found = corroborate(Counterparty(name="Huawei", **counterparty), LISTING)
    assert getattr(found, axis) == agreement


def test_a_listing_that_says_nothing_neither_agrees_nor_differs():
    bare = Listing(id="x-1", list_code="x", names=LISTING.names)
    counterparty = Counterparty(
        name="Huawei", countries=("CN",), entity_type="person", addresses=("Shenzhen, China",)
    )
    assert corroborate(counterparty, bare) == Corroboration(
        entity_type="unknown", countries="unknown", addresses="unknown", identifiers=()
    )


def test_an_identifier_meets_however_it_is_punctuated():
    asked = PartyIdentifier(value="9144 0300-1922 038216")
    found = corroborate(Counterparty(name="Huawei", identifiers=(asked,)), LISTING)
    assert found.identifiers == ("USCC: 914403001922038216",)


def asking(*identifiers: tuple[str | None, str], **more) -> Counterparty:
    asked = tuple(PartyIdentifier(kind=kind, value=value) for kind, value in identifiers)
    return Counterparty(name="Huawei", identifiers=asked, **more)


def test_a_number_in_the_name_meets_like_one_beside_it():
    found = corroborate(Counterparty(name="Huawei, USCC 914403001922038216"), LISTING)
    assert found.identifiers == ("USCC: 914403001922038216",)


def test_another_number_of_a_kind_that_a_party_has_once_differs():
    found = corroborate(asking(("USCC", "9133 0000 734507783B")), LISTING)
    assert found.identifiers == ()
    assert found.identifiers_differ == (
        DifferentIdentifier(
            kind="USCC", asked=("9133 0000 734507783B",), listed=("914403001922038216",)
        ),
    )


@pytest.mark.parametrize(
    "identifiers",
    [
        pytest.param(
            [("USCC", "91330000734507783B"), ("USCC", "914403001922038216")], id="one of"
        ),
        pytest.param([("LEI", "HWUPKR0MPOU8FGXBT394")], id="a kind that the listing has not"),
        pytest.param([("Passport", "914403001922038")], id="a kind that a party has many of"),
        pytest.param([("USCC", "91330000734507783A")], id="one that is wrong in itself"),
        pytest.param([(None, "123456")], id="no kind"),
    ],
)
def test_numbers_differ_only_where_both_sides_have_right_ones_and_share_none(identifiers):
    assert corroborate(asking(*identifiers), LISTING).identifiers_differ == ()


AGREEMENT = st.sampled_from(["agrees", "differs", "unknown"])
_OTHER = DifferentIdentifier(kind="IMO", asked=("9187629",), listed=("9187643",))
CORROBORATIONS = st.builds(
    Corroboration,
    entity_type=AGREEMENT,
    countries=AGREEMENT,
    addresses=AGREEMENT,
    birth_date=st.sampled_from(["agrees", "near", "differs", "unknown"]),
    birth_day_met=st.booleans(),
    implied_countries=st.sampled_from([(), ("RU",)]),
    identifiers=st.just(()),
    identifiers_differ=st.sampled_from([(), (_OTHER,)]),
).map(weighed)


def test_the_country_puts_the_right_one_of_a_group_first():
    agrees = Corroboration(
        entity_type="unknown", countries="agrees", addresses="unknown", identifiers=()
    )
    differs = msgspec.structs.replace(agrees, countries="differs")
    # Sberbank, asked with UA: PJSC Sberbank of Russia by its alias, and JSC Sberbank in Ukraine
    assert rank(0.8, weighed(agrees)) > rank(1.0, weighed(differs))
    implied = msgspec.structs.replace(differs, implied_countries=("RU",))
    assert rank(0.8, weighed(agrees)) > rank(0.99, weighed(implied)) > rank(0.99, weighed(differs))


@given(CORROBORATIONS, st.floats(0, 1), st.floats(0, 1))
def test_the_parts_add_up_to_the_score_and_a_better_name_comes_first(found, score, other):
    log_odds = sum(part.log_odds for part in found.parts)
    assert found.score == pytest.approx(1 / (1 + math.exp(-log_odds)))
    better, worse = max(score, other), min(score, other)
    assert rank(better, found) >= rank(worse, found)


@given(CORROBORATIONS, st.floats(0, 1), st.floats(0, 1))
def test_an_identifier_that_met_stands_before_any_score(corroboration, score, other):
    met = msgspec.structs.replace(corroboration, identifiers=("USCC: 1",))
    assert rank(score, weighed(met)) > rank(other, corroboration)


@given(CORROBORATIONS, st.floats(0, 1))
def test_anothers_number_stands_behind_one_of_which_nothing_is_known(one, score):
    differs = weighed(msgspec.structs.replace(one, identifiers_differ=(_OTHER,)))
    silent = Corroboration(
        entity_type="unknown", countries="unknown", addresses="unknown", identifiers=()
    )
    assert rank(score, differs) < rank(score, silent)


@pytest.mark.parametrize(
    ("asked", "printed", "agreement", "to_the_day"),
    [
        pytest.param("1952-10-07", "1952-10-07", "agrees", True, id="the day"),
        pytest.param("1952-10-08", "1952-10-07", "near", False, id="the day after"),
        pytest.param("1952-11-01", "1952-10-31", "near", False, id="over the end of a month"),
        pytest.param("1952-07-10", "1952-10-07", "near", False, id="day and month changed about"),
        pytest.param("1925-10-07", "1952-10-07", "near", False, id="two digits changed about"),
        pytest.param("1953-11-07", "1952-10-07", "differs", False, id="two digits"),
        pytest.param("1951", "1952-10-07", "differs", False, id="another year"),
        pytest.param("1952", "1952-10-07", "agrees", False, id="only the year asked"),
        pytest.param("1952-10-07", "1952", "agrees", False, id="only the year printed"),
        pytest.param("1952-10", "1952-10-07", "agrees", False, id="month"),
        pytest.param("1952-11", "1952-10-07", "differs", False, id="next month"),
        pytest.param("1979-07-10", "1964\u5e74 7\u67089\u65e5", "differs", False, id="jp_mof"),
        pytest.param("1964-07-09", "1964\u5e74 7\u67089\u65e5", "agrees", True, id="jp_mof day"),
        pytest.param(
            "1975-01-01", "27/05/1973 01/01/1975", "agrees", True, id="au_dfat, two days"
        ),
        pytest.param("1970", "approximately 1968", "agrees", False, id="about"),
        pytest.param("1971", "approximately 1968", "differs", False, id="beyond about"),
        pytest.param(None, "1968", "unknown", False, id="not asked"),
        pytest.param("1968", "(unknown)", "unknown", False, id="no date printed"),
    ],
)
def test_dates_of_birth(asked, printed, agreement, to_the_day):
    born = Fact(kind="date_of_birth", value=printed)
    found = compare_births(asked, msgspec.structs.replace(LISTING, facts=(born,)))
    assert (found.agreement, found.to_the_day) == (agreement, to_the_day)


def test_a_day_with_a_slip_speaks_for_the_person_and_less_than_the_day_itself():
    born = msgspec.structs.replace(
        LISTING, facts=(Fact(kind="date_of_birth", value="1952-10-07"),)
    )
    asked = ("1952-10-07", "1952-10-08", None, "1973-02-16")
    found = [
        corroborate(Counterparty(name="Igor Popov", birth_date=each, countries=("RU",)), born)
        for each in asked
    ]
    assert sorted((each.score for each in found), reverse=True) == [each.score for each in found]
    assert [part.name for part in found[1].parts][-1] == "birth_date_near"


@pytest.mark.parametrize(
    ("list_code", "programmes", "countries", "implied"),
    [
        pytest.param("us_uflpa", (), (), ("CN",), id="a list about one country"),
        pytest.param("uk_sl", ("RUS",), (), ("RU",), id="a regime"),
        pytest.param("us_ofac_sdn", ("SDGT", "IRAN-EO13902"), (), ("IR",), id="a programme"),
        pytest.param(
            "jp_mof",
            ("\u30ed\u30b7\u30a2\u9023\u90a6(\u500b\u4eba)",),
            (),
            ("RU",),
            id="in Japanese",
        ),
        pytest.param("ca_sema", ("Ukraine",), (), (), id="a regime on persons of other countries"),
        pytest.param("uk_sl", ("RUS",), ("TR",), (), id="a printed country stands"),
    ],
)
def test_a_listing_without_a_country_gets_that_of_its_source(
    list_code, programmes, countries, implied
):
    listing = msgspec.structs.replace(
        LISTING, list_code=list_code, programmes=programmes, countries=countries
    )
    assert implied_countries(listing) == implied
