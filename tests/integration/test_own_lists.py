"""A list of one's own: what it must be to replace a good edition, and what it is held to."""

import csv
import io
import json
from datetime import timedelta

import asyncpg
import pytest

from abeyance_screening.engine.lists.edition import ExpectedEntries, TermsUpdate
from abeyance_screening.engine.screening.coverage import lists_on
from abeyance_screening.platform.postgres.database import connected
from abeyance_screening.primitives.errors import BadInputError, ListRefusedError
from tests.integration.loads import BY_HAND, NOW, covered, load


def own(count: int, aliases: int = 1, begin: int = 0) -> bytes:
    rows = [
        {
            "id": str(begin + each),
            "name": f"Borogove Mills {begin + each}",
            "aliases": [f"Toves {begin + each} {place}" for place in range(aliases)],
            "identifiers": [{"type": "VAT", "value": f"DE{begin + each:09}"}] if aliases else [],
        }
        for each in range(count)
    ]
    return "\n".join(map(json.dumps, rows)).encode()


def own_csv(count: int, aliases: int = 1) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(("id", "name", "aliases"))
    for each in range(count):
        writer.writerow((each, f"Borogove Mills {each}", ";".join(["Toves"] * aliases)))
    return text.getvalue().encode()


def ftm(count: int, aliases: int = 1) -> bytes:
    rows = [
        {
            "id": f"Q{each}",
            "schema": "Company",
            "target": True,
            "properties": {
                "name": [f"Borogove Mills {each}"],
                **({"alias": [f"Toves {each}"]} if aliases else {}),
            },
        }
        for each in range(count)
    ]
    return "\n".join(map(json.dumps, rows)).encode()


FORMATS = [
    pytest.param(own, id="JSON lines"),
    pytest.param(own_csv, id="CSV"),
    pytest.param(ftm, id="FollowTheMoney"),
]


@pytest.mark.parametrize("make", FORMATS)
async def test_a_list_of_ones_own_that_is_suddenly_smaller_is_refused(store, make):
    await load(store, "mine", make(200))
    report = await load(store, "mine", make(3))
    assert (report.outcome, report.reason) == (
        "refused",
        f"suddenly smaller: 3 entries after 200; at most 24% may go at once; {BY_HAND}",
    )
    assert (await covered(store, "mine")).lists[0].state == "kept"
    assert (await load(store, "mine", make(3), accepted=True)).outcome == "loaded"
    assert (await covered(store, "mine")).complete


@pytest.mark.parametrize("make", FORMATS)
async def test_a_list_of_ones_own_that_lost_its_aliases_is_refused(store, make):
    await load(store, "mine", make(200))
    report = await load(store, "mine", make(200, 0))
    assert report.outcome == "refused"
    assert (report.reason or "").startswith("suddenly fewer names: ")
    assert not (await covered(store, "mine")).complete


@pytest.mark.parametrize(
    ("before", "after", "outcome"),
    [
        pytest.param(4, 1, "loaded", id="three of four"),
        pytest.param(5, 1, "refused", id="four of five"),
        pytest.param(100, 76, "loaded", id="24 of 100"),
        pytest.param(100, 75, "refused", id="25 of 100"),
    ],
)
async def test_how_many_entries_may_leave_a_list_of_ones_own(store, before, after, outcome):
    await load(store, "mine", own(before))
    left = own(after, begin=before - after)
    assert (await load(store, "mine", left)).outcome == outcome


@pytest.mark.parametrize("make", FORMATS)
async def test_a_file_of_ones_own_that_has_lost_its_end_is_refused(store, make):
    await load(store, "mine", make(100))
    assert (await load(store, "mine", make(90))).outcome == "loaded"
    with pytest.raises(ListRefusedError) as refused:
        await load(store, "mine", make(79))
    assert refused.value.reason == (
        "the file may end early: 11 entries of mine are gone, and 11 of them stood at the end of "
        f"the file of {NOW.date()}; {BY_HAND}"
    )
    assert (await covered(store, "mine")).lists[0].state == "kept"
    assert (await load(store, "mine", make(79), accepted=True)).outcome == "loaded"


async def test_entries_that_others_took_the_place_of_did_not_end_early(store):
    await load(store, "mine", own(100))
    rows = own(80).splitlines() + own(10, begin=200).splitlines()
    assert (await load(store, "mine", b"\n".join(rows))).outcome == "loaded"


@pytest.mark.parametrize(
    ("count", "outcome"),
    [pytest.param(47, "loaded", id="three fewer"), pytest.param(46, "refused", id="four fewer")],
)
async def test_another_file_of_ones_own_of_the_same_day_has_as_many_entries(
    store, count: int, outcome: str
):
    day = NOW.date()
    await load(store, "mine", own(50), published_on=day)
    report = await load(store, "mine", own(count), published_on=day)
    assert report.outcome == outcome
    if outcome == "refused":
        assert f"another file of the same day, {day}, had 50" in (report.reason or "")


async def test_after_a_delta_the_end_is_still_that_of_the_last_whole_file(store):
    await load(store, "mine", ftm(100))
    lines = (json.dumps({"op": "DEL", "entity": {"id": f"Q{each}"}}) for each in range(95, 100))
    await load(store, "mine", "\n".join(lines).encode())
    assert (await covered(store, "mine")).lists[0].entry_count == 95
    with pytest.raises(ListRefusedError, match="11 of them stood at the end"):
        await load(store, "mine", ftm(84))


async def test_an_expected_size_takes_the_place_of_the_size_before(store):
    expected = TermsUpdate(expected=ExpectedEntries(10, 60))
    await load(store, "mine", own(60), terms=expected)
    assert (await load(store, "mine", own(20))).outcome == "loaded"
    report = await load(store, "mine", own(9))
    assert report.reason == f"9 entries, but 10..60 are expected; {BY_HAND}"
    assert (await load(store, "mine", own(61))).outcome == "refused"
    assert (await load(store, "mine", own(9), accepted=True)).outcome == "loaded"


async def test_a_first_edition_of_another_size_than_expected_is_refused_and_nothing_kept(store):
    terms = TermsUpdate(expected=ExpectedEntries(1900, None), max_age_days=3)
    report = await load(store, "mine", own(3), terms=terms)
    assert report.reason == f"3 entries, but 1900.. are expected; {BY_HAND}"
    assert (await store.read_lists()).terms == ()


async def test_the_same_file_is_refused_if_it_is_not_what_is_expected_now(store):
    await load(store, "mine", own(3))
    terms = TermsUpdate(expected=ExpectedEntries(1900, 2100))
    assert (await load(store, "mine", own(3), terms=terms)).outcome == "refused"


async def test_what_a_list_is_held_to_is_kept_until_told_otherwise(store):
    await load(
        store,
        "mine",
        own(3),
        terms=TermsUpdate(max_age_days=30, expected=ExpectedEntries(1, 5)),
    )
    await load(store, "mine", own(4))
    (answer,) = (
        each
        for each in lists_on(await store.read_lists(), NOW.date())
        if each.coverage.code == "mine"
    )
    assert answer.coverage.max_age_days == 30
    assert answer.expected_entries == ExpectedEntries(1, 5)
    await load(store, "mine", own(4), terms=TermsUpdate(max_age_days=7))
    (terms,) = (await store.read_lists()).terms
    assert (terms.max_age_days, terms.expected) == (7, ExpectedEntries(1, 5))
    await load(store, "mine", own(4), terms=TermsUpdate(max_age_days=None, expected=None))
    (terms,) = (await store.read_lists()).terms
    assert (terms.max_age_days, terms.expected) == (None, None)


async def test_a_list_of_ones_own_gets_too_old_where_its_operator_said_when(store):
    await load(store, "mine", own(3), terms=TermsUpdate(max_age_days=30))
    last = NOW.date() + timedelta(days=30)
    assert (await covered(store, "mine", last)).complete
    (shown,) = (await covered(store, "mine", last + timedelta(days=1))).lists
    assert (shown.state, shown.age_days, shown.max_age_days) == ("too_old", 31, 30)
    later = NOW + timedelta(days=20)
    assert (await load(store, "mine", own(3), now=later)).outcome == "unchanged"
    assert (await covered(store, "mine", last + timedelta(days=20))).complete


async def test_a_list_of_ones_own_is_as_old_as_its_operator_says(store):
    day = NOW.date() - timedelta(days=31)
    await load(store, "mine", own(3), published_on=day, terms=TermsUpdate(max_age_days=30))
    (shown,) = (await covered(store, "mine")).lists
    assert (shown.state, shown.age_days) == ("too_old", 31)


async def test_terms_that_cannot_be_are_not_stored(emptied_database: str):
    async with connected(emptied_database) as connection:
        for row in ((0, None, None), (None, 3, 2)):
            with pytest.raises(asyncpg.CheckViolationError):
                await connection.execute("insert into list_terms values ('a', $1, $2, $3)", *row)


@pytest.mark.parametrize("code", ["fr_gel", "be_financ", "wb_of_mine"])
async def test_a_list_under_a_mistyped_public_code_is_not_made(store, code: str):
    with pytest.raises(BadInputError, match="give your own list another code"):
        await load(store, code, own(3))
    assert (await store.read_lists()).editions == ()
    (shown,) = (await covered(store, "fr_gels")).lists
    assert shown.state == "missing"


async def test_a_list_that_has_such_a_code_already_goes_on_loading_with_a_warning(
    store, emptied_database: str
):
    await load(store, "mine", own(3))
    async with connected(emptied_database) as connection:
        await connection.execute("update edition set list_code = 'fr_gel'")
        await connection.execute("update listing_version set list_code = 'fr_gel'")
    warning = (
        "a list of your own, although 'fr_gel' is nearly the code of a public list, 'fr_gels' "
        "(French register of frozen assets)"
    )
    report = await load(store, "fr_gel", own(4))
    assert (report.outcome, report.listed, report.reason) == ("loaded", 4, warning)
    assert (await load(store, "fr_gel", own(4))).reason == warning
    (shown,) = (await covered(store, "fr_gel")).lists
    assert (shown.state, shown.reason) == ("fresh", warning)
