"""Which part of a measure a listing belongs to, and what that part says."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abeyance_screening.engine.lists.listing import Fact, Listing, Name
from abeyance_screening.engine.measures.law.per_listing import (
    Belongs,
    belonging,
    counts,
    status_for_listing,
)
from abeyance_screening.engine.measures.law.resolve import status_on
from abeyance_screening.engine.measures.measure import Event, Printed, Slice
from abeyance_screening.engine.measures.status_table import StatusWord
from tests.unit.measures.law.building import KNOWN_NOW, day, event, maybe_day, measure

NOW = day("2026-01-01")
START = event("take_effect", "2020-01-01")
VOLT = Slice(entities=("Volt Trading",))


def _listing(
    name: str = "VOLT  Trading",
    *,
    programmes: tuple[str, ...] = (),
    citations: tuple[str, ...] = (),
    footnote: str | None = None,
    listed_on: str | None = None,
) -> Listing:
    return Listing(
        id="xx-1",
        list_code="us_bis_el",
        names=(Name(text="Another", kind="primary"), Name(text=name, kind="alias")),
        programmes=programmes,
        citations=citations,
        facts=() if footnote is None else (Fact(kind="footnote", value=f"{footnote}: text"),),
        listed_on=maybe_day(listed_on),
    )


def _suspended(part: Slice, since: str = "2025-11-10", **fields: str) -> Event:
    return event("suspend", since, until_state="none_stated", slice=part, id=f"suspend-{fields}")


def _word(listing: Listing, *events: Event) -> StatusWord:
    status = status_on(measure(START, *events), NOW, KNOWN_NOW)
    return status_for_listing(status, listing, NOW, KNOWN_NOW).word


@pytest.mark.parametrize(
    ("part", "listing", "belongs"),
    [
        pytest.param(VOLT, _listing(), "yes", id="named, but for case and blanks"),
        pytest.param(VOLT, _listing("Volt Trading Ltd"), "no", id="another name"),
        pytest.param(Slice(programmes=("A  B",)), _listing(programmes=("A B",)), "yes",
                     id="programme"),
        pytest.param(Slice(programmes=("A B",)), _listing(programmes=("a b",)), "no",
                     id="programme of another case"),
        pytest.param(Slice(citations=("90 FR 4617",)),
                     _listing(citations=("90 F.R. 4617 1/16/25; 87 FR 34136",)), "yes",
                     id="citation however dotted"),
        pytest.param(Slice(citations=("90 FR 4617",)), _listing(citations=("90 FR 461",)), "no",
                     id="another page"),
        pytest.param(Slice(footnotes=("4",)), _listing(footnote="4"), "yes", id="footnote"),
        pytest.param(Slice(footnotes=("4",)), _listing(footnote="14"), "no",
                     id="another footnote"),
        pytest.param(Slice(entities=("X",), programmes=("P",)), _listing(programmes=("P",)),
                     "yes", id="any one is enough"),
        pytest.param(Slice(part="para. 2", countries=("HU",)), _listing(), "no",
                     id="a paragraph is nobody's"),
    ],
)  # fmt: skip
def test_a_listing_belongs_to_the_part_that_names_it(
    part: Slice, listing: Listing, belongs: Belongs
):
    assert belonging(part, listing) == belongs


@pytest.mark.parametrize(
    ("listed_on", "belongs"),
    [
        pytest.param("2025-02-28", "no", id="day before the first"),
        pytest.param("2025-03-01", "yes", id="first day"),
        pytest.param("2025-03-31", "yes", id="last day"),
        pytest.param("2025-04-01", "no", id="day after the last"),
        pytest.param(None, "perhaps", id="no day printed"),
    ],
)
@pytest.mark.parametrize("entities", [(), ("Volt Trading",)], ids=["by day alone", "by name too"])
def test_a_part_may_go_by_the_day_of_listing(
    entities: tuple[str, ...], listed_on: str | None, belongs: Belongs
):
    part = Slice(entities=entities, listed_from=day("2025-03-01"), listed_until=day("2025-03-31"))
    assert belonging(part, _listing(listed_on=listed_on)) == belongs


def test_a_listing_of_no_part_has_the_status_of_the_rest():
    events = [START, _suspended(VOLT)]
    status = status_on(measure(*events), NOW, KNOWN_NOW)
    assert status.word == "partly_suspended"
    assert _word(_listing(), _suspended(VOLT)) == "suspended"
    assert _word(_listing("Somebody"), _suspended(VOLT)) == "in_force"


def test_the_rest_of_what_is_suspended_is_suspended_where_one_party_is_not():
    whole = event("suspend", "2025-11-10", until_state="none_stated")
    resumed = event("resume", "2025-12-01", slice=VOLT)
    assert _word(_listing(), whole, resumed) == "in_force"
    assert _word(_listing("Somebody"), whole, resumed) == "suspended"


def test_a_paragraph_still_counts_for_a_listing_of_no_part():
    paragraph = _suspended(Slice(part="para. 2"), of="paragraph")
    assert _word(_listing("Somebody"), _suspended(VOLT), paragraph) == "partly_suspended"


def test_a_licence_for_one_party_eases_nobody_else():
    given = event("authorise", "2025-11-10", until_state="none_stated", slice=VOLT)
    assert _word(_listing(), given) == "in_force_eased"
    assert _word(_listing("Somebody"), given) == "in_force"


def test_a_part_that_names_the_party_goes_before_one_that_its_print_points_to():
    named, printed = VOLT, Slice(programmes=("P",))
    ended = event("delist", "2025-11-10", slice=named)
    resumed = event("resume", "2025-12-01", slice=printed)
    listing = _listing(programmes=("P",))
    assert _word(listing, _suspended(printed), resumed, ended) == "ended"
    assert _word(_listing("X", programmes=("P",)), _suspended(printed), resumed, ended) == (
        "in_force"
    )


@pytest.mark.parametrize("turned", [False, True], ids=["one way round", "the other"])
def test_of_several_parts_of_one_kind_the_one_that_restricts_most_decides(turned: bool):
    suspended = _suspended(Slice(programmes=("P",)))
    stayed = event("stay", "2025-11-10", slice=Slice(programmes=("Q",)))
    narrowed = event("narrow", "2025-11-10", slice=Slice(citations=("90 FR 1",)))
    listing = _listing(programmes=("P", "Q"), citations=("90 FR 1",))
    acts = [suspended, stayed, narrowed]
    assert _word(listing, *(reversed(acts) if turned else acts)) == "in_force_eased"


def test_a_listing_without_a_day_has_the_status_that_restricts_most():
    part = Slice(listed_from=day("2025-01-01"))
    whole = event("suspend", "2025-11-10", until_state="none_stated")
    resumed = event("resume", "2025-12-01", slice=part)
    undated, older = _listing(), _listing(listed_on="2024-12-31")
    assert (_word(undated, _suspended(part)), _word(older, _suspended(part))) == (
        "in_force",
        "in_force",
    )
    assert (_word(undated, whole, resumed), _word(older, whole, resumed)) == (
        "in_force",
        "suspended",
    )


def test_the_part_brings_its_own_days_grounds_and_flags():
    suspended = event("suspend", "2025-11-10", "2026-11-10", until_bound="exclusive", slice=VOLT)
    given_measure = measure(START, suspended)
    as_of = day("2026-12-01")
    status = status_on(given_measure, as_of, KNOWN_NOW)
    listing = _listing(listed_on="2021-01-01")
    own = status_for_listing(status, listing, as_of, KNOWN_NOW)
    other = status_for_listing(status, _listing("Somebody"), as_of, KNOWN_NOW)
    assert (own.word, own.evidence, own.since) == (
        "in_force_by_lapse",
        "by_lapse",
        day("2026-11-10"),
    )
    assert own.rests_on == (START.id, suspended.id)
    assert (other.word, other.evidence, other.rests_on) == ("in_force", "stale", (START.id,))
    assert "no_confirming_source" in own.flags
    assert "no_confirming_source" not in other.flags


@given(
    number=st.integers(1, 40),
    listed=st.none() | st.integers(0, 1500).map(lambda days: date.fromordinal(737500 + days)),
)
def test_whatever_its_name_a_listing_gets_a_word_of_the_measure_or_of_a_part(
    number: int, listed: date | None
):
    part = Slice(entities=("N1", "N2"), listed_from=date.fromordinal(737800))
    status = status_on(measure(START, _suspended(part)), NOW, KNOWN_NOW)
    listing = _listing(f"N{number}", listed_on=None if listed is None else listed.isoformat())
    word = status_for_listing(status, listing, NOW, KNOWN_NOW).word
    sure = number <= len(part.entities) and listed is not None and listed.toordinal() >= 737800
    assert word == ("suspended" if sure else "in_force")


@pytest.mark.parametrize(
    ("value", "is_counted"),
    [
        ("Directive 3", True),
        ("DIRECTIVE 3", True),
        ("Directive 3, as amended", True),
        ("Directive 3 - new debt", True),
        ("Directive 31", False),
        ("Directive", False),
        ("Under Directive 3", False),
        ("Asset freeze", True),
    ],
)
def test_a_printed_value_counts_alone_or_with_words_behind_it(value: str, is_counted: bool):
    printed = Printed(kind="sanctions_imposed", values=("Directive 3", "asset freeze"))
    assert counts(value, printed) is is_counted
