"""Which lists a site requires: only with all of them fresh is an answer without hits a clear."""

from collections.abc import Callable
from datetime import timedelta

import msgspec
import pytest

from abeyance_screening.engine.lists.catalogue import LISTS, SOURCE_BY_CODE
from abeyance_screening.engine.lists.edition import Edition, ListTerms, StoredLists
from abeyance_screening.engine.lists.profile import ListProfile, profiles
from abeyance_screening.engine.screening.answer import Coverage
from abeyance_screening.engine.screening.coverage import (
    check_profile,
    chosen_codes,
    coverage_of,
    lists_on,
)
from abeyance_screening.primitives.days import Days
from abeyance_screening.primitives.errors import BadInputError
from tests.unit.screening.covered import OWN, TODAY, UN, attempt

DAY = timedelta(days=1)
FETCHED = [
    each
    for each in LISTS
    if any(SOURCE_BY_CODE[source].offers for source in each.sources) and not each.only_if_loaded
]


def edition(code: str, source: str, place: int = 99, **fields) -> Edition:
    given = {"list_code": code, "source": source, "id": place} | fields
    return msgspec.structs.replace(UN, **given)


# A site as a day of refreshing leaves it: what can be fetched is fresh, the rest was never loaded.
KEPT = StoredLists(
    editions=(
        edition("named_in_measures", "named_in_measures", 1),
        *(edition(each.code, each.sources[0], at) for at, each in enumerate(FETCHED, start=2)),
    ),
    attempts=(),
)


def with_edition(new: Edition, **fields) -> StoredLists:
    others = (each for each in KEPT.editions if each.list_code != new.list_code)
    return msgspec.structs.replace(KEPT, editions=(*others, new), **fields)


def without(code: str) -> StoredLists:
    left = (each for each in KEPT.editions if each.list_code != code)
    return msgspec.structs.replace(KEPT, editions=tuple(left))


def site(*, required: tuple[str, ...] = (), advisory: tuple[str, ...] = ()) -> StoredLists:
    profile = ListProfile(required=required, advisory=advisory)
    return msgspec.structs.replace(without("un_sc"), profile=profile)


def covered(lists: StoredLists, *named: str, days_ago: int = 0) -> Coverage:
    codes = chosen_codes(lists, named or None)
    clocks = Days(as_of=TODAY - days_ago * DAY, known_at=TODAY)
    return coverage_of(lists, codes, clocks, named=bool(named))


def required(coverage: Coverage) -> set[str]:
    return {each.code for each in coverage.lists if each.role == "required"}


OLD = TODAY - 100 * DAY
SAM = edition("us_sam", "us_sam", published_on=OLD)
ANNEX_IV = edition("eu_833_iv", "eu_annexes_833", published_on=OLD)
FRENCH = edition("fr_gels", "fr_gels", published_on=OLD)
CSL_AWAY = attempt("unreachable", "away", edition("us_csl_other", "us_csl"))
FR_AWAY = attempt("unreachable", "away", FRENCH)
TERMS = (ListTerms(list_code="my_list", max_age_days=30),)


def test_a_site_requires_what_it_keeps_fresh_and_names_the_others():
    coverage = covered(KEPT)

    assert coverage.complete
    assert required(coverage) == {"named_in_measures", *(each.code for each in FETCHED)}
    advisory = {each.code: each.state for each in coverage.lists if each.role == "advisory"}
    assert advisory.items() >= {"cn_uel": "missing", "eu_833_iv": "missing"}.items()
    shown = {each.coverage.code: each.coverage.role for each in lists_on(KEPT, TODAY)}
    assert {code for code, role in shown.items() if role == "required"} == required(coverage)


@pytest.mark.parametrize(
    ("lists", "ask"),
    [
        pytest.param(without("un_sc"), covered, id="one was never loaded"),
        pytest.param(
            with_edition(edition("un_sc", "un_sc", published_on=OLD)), covered, id="one is too old"
        ),
        pytest.param(
            with_edition(edition("un_sc", "un_sc", entry_count=0)), covered, id="one is empty"
        ),
        pytest.param(
            msgspec.structs.replace(KEPT, attempts=(attempt("refused", "cut off"),)),
            covered,
            id="a newer file was refused",
        ),
        pytest.param(KEPT, lambda lists: covered(lists, days_ago=1), id="a day before editions"),
        pytest.param(KEPT, lambda lists: covered(lists, "cn_uel"), id="a question names another"),
        pytest.param(without("named_in_measures"), covered, id="the register's own is missing"),
        pytest.param(
            msgspec.structs.replace(KEPT, out_of_sight="lost"), covered, id="no database in sight"
        ),
        pytest.param(
            with_edition(ANNEX_IV, asked=frozenset({"eu_annexes_833"})),
            covered,
            id="an address that was there has gone",
        ),
        pytest.param(
            with_edition(
                msgspec.structs.replace(OWN, published_on=OLD),
                terms=TERMS,
            ),
            covered,
            id="a list of one's own is older than its operator allows",
        ),
        pytest.param(
            site(advisory=tuple(each.code for each in LISTS)), covered, id="nothing is required"
        ),
        pytest.param(site(required=("eu_fsf", "un_sc")), covered, id="the profile names it"),
        pytest.param(site(required=("eu_fsf", "ours")), covered, id="the profile names no list"),
    ],
)
def test_what_may_hide_a_party_makes_no_answer_complete(
    lists: StoredLists, ask: Callable[[StoredLists], Coverage]
):
    assert not ask(lists).complete


@pytest.mark.parametrize(
    "lists",
    [
        pytest.param(with_edition(SAM), id="an old edition loaded by hand"),
        pytest.param(
            msgspec.structs.replace(KEPT, attempts=(FR_AWAY,)),
            id="an optional list's publisher never answered",
        ),
        pytest.param(with_edition(FRENCH), id="an optional list was loaded and got too old"),
        pytest.param(site(advisory=("un_sc",)), id="the profile calls the missing one advisory"),
        pytest.param(site(required=("eu_fsf",)), id="the profile requires another alone"),
        pytest.param(
            msgspec.structs.replace(KEPT, attempts=(CSL_AWAY,)),
            id="a list for strays, whose source brought others",
        ),
        pytest.param(
            with_edition(
                msgspec.structs.replace(OWN, published_on=OLD),
                terms=TERMS,
                profile=ListProfile(advisory=("my_list",)),
            ),
            id="an old list of one's own that the profile calls advisory",
        ),
    ],
)
def test_what_the_site_does_not_require_leaves_an_answer_complete(lists: StoredLists):
    assert covered(lists).complete


def test_what_is_required_does_not_depend_on_which_optional_downloads_have_worked():
    failed = covered(msgspec.structs.replace(KEPT, attempts=(FR_AWAY,)))
    loaded = covered(with_edition(FRENCH))

    assert required(failed) == required(loaded) == required(covered(KEPT))
    assert len(required(failed)) == 26
    assert "fr_gels" in {each.code for each in failed.not_loaded}
    (shown,) = (each for each in loaded.lists if each.code == "fr_gels")
    assert (shown.role, shown.state) == ("advisory", "too_old")
    (told,) = (
        each.coverage
        for each in lists_on(msgspec.structs.replace(KEPT, attempts=(FR_AWAY,)), TODAY)
        if each.coverage.code == "fr_gels"
    )
    assert (told.role, told.state) == ("advisory", "missing")
    assert "away" in (told.reason or "")


def chosen(lists: StoredLists, *names: str) -> StoredLists:
    return msgspec.structs.replace(lists, profile=ListProfile(names=names))


def test_a_profile_requires_its_lists_the_registers_and_ones_own_alone():
    coverage = covered(chosen(with_edition(OWN), "us"))

    assert required(coverage) == {*profiles()["us"], "named_in_measures", "my_list"}
    assert (coverage.complete, coverage.profile) == (True, "us")
    assert {each.role for each in coverage.lists if each.code == "eu_fsf"} == {"advisory"}
    both = covered(chosen(KEPT, "ch", "uk"))
    assert required(both) == {"ch_seco", "uk_sl", "un_sc", "named_in_measures"}
    assert both.profile == "ch,uk"


@pytest.mark.parametrize(
    ("lists", "is_complete"),
    [
        pytest.param(without("eu_fsf"), True, id="another's list was never loaded"),
        pytest.param(without("us_bis_el"), False, id="its own was never loaded"),
        pytest.param(
            with_edition(edition("us_bis_el", "us_bis_el", published_on=OLD)), False, id="too old"
        ),
        pytest.param(without("named_in_measures"), False, id="the register's own is missing"),
        pytest.param(
            with_edition(msgspec.structs.replace(OWN, published_on=OLD), terms=TERMS),
            False,
            id="a list of one's own is older than its operator allows",
        ),
    ],
)
def test_an_answer_is_complete_for_the_profile_chosen(lists: StoredLists, is_complete: bool):
    assert covered(chosen(lists, "us")).complete is is_complete


def test_a_list_outside_the_profile_joins_the_advisory_ones_once_it_is_loaded():
    never = covered(chosen(without("eu_fsf"), "us"))
    assert "eu_fsf" not in {each.code for each in never.lists}
    assert "eu_fsf" in {each.code for each in never.not_loaded}
    loaded = {each.code: each.role for each in covered(chosen(KEPT, "us")).lists}
    assert loaded["eu_fsf"] == "advisory"


def test_an_answer_says_what_it_is_complete_for():
    assert covered(KEPT).profile == "default"
    assert covered(KEPT, "un_sc").profile == "question"
    assert covered(chosen(KEPT, "us"), "un_sc").profile == "question"
    assert covered(site(required=("eu_fsf",))).profile == "by_hand"


def test_each_profile_names_lists_with_a_reason_and_waits_for_no_person():
    fetched = {each.code for each in FETCHED}
    for name, lists in profiles().items():
        assert all(reason.strip() for reason in lists.values())
        assert name == "all" or lists.keys() <= fetched
    us = {each.code for each in LISTS if each.jurisdiction == "US"}
    assert profiles()["us"].keys() == fetched & us
    closed_or_strays = {"uk_ofsi", "us_csl_other", "us_ofac_nonsdn"}
    known = {each.code for each in LISTS if not each.of_register}
    assert profiles()["all"].keys() == known - closed_or_strays


def test_a_list_that_may_keep_parties_of_a_required_one_is_required_with_it():
    beside = edition("us_ofac_nonsdn", "us_ofac_cons", published_on=OLD)
    profile = ListProfile(required=("us_ofac_cmic",), advisory=("us_ofac_nonsdn",))

    coverage = covered(with_edition(beside, profile=profile))

    assert required(coverage) == {"us_ofac_cmic", "us_ofac_nonsdn"}
    assert not coverage.complete


@pytest.mark.parametrize(
    ("profile", "message"),
    [
        pytest.param(
            ListProfile(required=("us_ofac_snd",)),
            "ABEYANCE_REQUIRED_LISTS: no list is called 'us_ofac_snd'",
            id="a slip",
        ),
        pytest.param(
            ListProfile(advisory=("cn_announcements",)),
            "ABEYANCE_ADVISORY_LISTS: 'cn_announcements' is a source; its lists are cn_uel,",
            id="a source",
        ),
    ],
)
def test_a_profile_that_names_no_list_is_refused(profile: ListProfile, message: str):
    with pytest.raises(BadInputError, match=message):
        check_profile(msgspec.structs.replace(KEPT, profile=profile))
