"""What reopens a judgement on a hit and what does not: forty kinds of change, and reprints."""

from datetime import date, timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abeyance_screening.engine.lists.listing import Address, Fact, Identifier, Listing, Name
from abeyance_screening.engine.measures.status_table import StatusWord
from abeyance_screening.engine.screening.watched.reopening import (
    of_another_counterparty,
    past_its_term,
    reasons_to_reopen,
)
from abeyance_screening.engine.screening.watched.standing import (
    StandingHit,
    StandingMeasure,
    listing_facts,
)

# OFAC SDN, entry 15036, shortened: two names, a number, two addresses.
ENTRY = Listing(
    id="us_ofac_sdn-15036",
    list_code="us_ofac_sdn",
    entry_id="15036",
    names=(
        Name(text="MAHAN AIR", kind="primary"),
        Name(text="MAHAN AIRLINES", kind="alias"),
    ),
    entity_type="organisation",
    addresses=(
        Address(text="Mahan Tower, No. 21, Azadegan St., Tehran, Iran", country="IR"),
        Address(text="P.O. Box 14515-411, Tehran, Iran", country="IR"),
    ),
    countries=("IR",),
    identifiers=(Identifier(kind="Registration Number", value="2476-13"),),
    programmes=("SDGT", "IFSR"),
    licence_requirement="For all items subject to the EAR",
    licence_review_policy="Policy of denial",
    facts=(Fact(kind="date_of_birth", value="1992"), Fact(kind="website", value="mahan.aero")),
)


def measure(key: str, status: StatusWord, until: date | None = None) -> StandingMeasure:
    return StandingMeasure(key, status, date(2020, 1, 1), until, until, None, None)


LAW = (measure("freeze", "in_force"), measure("rule", "suspended", date(2026, 11, 9)))


def hit(
    entry: Listing = ENTRY, law: tuple[StandingMeasure, ...] = LAW, score: float = 0.97
) -> StandingHit:
    name = entry.primary_name
    facts = listing_facts(entry)
    return StandingHit(entry.id, entry.list_code, None, name, name, score, facts, law)


def changed(**fields: object) -> StandingHit:
    return hit(msgspec.structs.replace(ENTRY, **fields))


def with_rule(status: StatusWord, until: date | None = None) -> StandingHit:
    return hit(law=(LAW[0], measure("rule", status, until)))


def named(primary: str, *aliases: str) -> tuple[Name, ...]:
    others = (Name(text=each, kind="alias") for each in aliases)
    return (Name(text=primary, kind="primary"), *others)


FIRST, SECOND = ENTRY.addresses
NUMBER = ENTRY.identifiers[0]
BORN = ENTRY.facts[0]
REOPEN: dict[str, tuple[StandingHit, str]] = {
    "an alias is added": (
        changed(names=named("MAHAN AIR", "MAHAN AIRLINES", "MAHAN AIRWAYS")),
        "names",
    ),
    "an alias is dropped": (changed(names=named("MAHAN AIR")), "names"),
    "the primary name is another": (changed(names=named("MERAJ", "MAHAN AIRLINES")), "names"),
    "a name is spelled otherwise": (changed(names=named("MAHAN AIR", "MAHN AIRLINES")), "names"),
    "a number is added": (
        changed(identifiers=(NUMBER, Identifier(kind="IMO", value="9187629"))),
        "identifiers",
    ),
    "a number is dropped": (changed(identifiers=()), "identifiers"),
    "a number is another": (
        changed(identifiers=(Identifier(kind="Registration Number", value="2476-14"),)),
        "identifiers",
    ),
    "a number is of another kind": (
        changed(identifiers=(Identifier(kind="Tax ID No.", value="2476-13"),)),
        "identifiers",
    ),
    "an address is added": (
        changed(addresses=(FIRST, SECOND, Address(text="Dubai"))),
        "addresses",
    ),
    "an address is dropped": (changed(addresses=(FIRST,)), "addresses"),
    "an address is another": (
        changed(addresses=(FIRST, Address(text="P.O. Box 14515-412, Tehran, Iran"))),
        "addresses",
    ),
    "it is a person now": (changed(entity_type="person"), "entity_type"),
    "its type is no longer stated": (changed(entity_type=None), "entity_type"),
    "a birth date is another": (
        changed(facts=(Fact(kind="date_of_birth", value="1993"),)),
        "birth_dates",
    ),
    "a birth date is dropped": (changed(facts=ENTRY.facts[1:]), "birth_dates"),
    "another licence is needed": (
        changed(licence_requirement="For all items on the CCL"),
        "licence_requirement",
    ),
    "applications are reviewed otherwise": (
        changed(licence_review_policy="Presumption of denial"),
        "licence_review_policy",
    ),
    "a measure newly reaches it": (
        hit(law=(*LAW, measure("zz", "in_force"))),
        "measures.zz",
    ),
    "a measure that is only announced newly reaches it": (
        hit(law=(*LAW, measure("zz", "announced"))),
        "measures.zz",
    ),
    "a measure of unknown status newly reaches it": (
        hit(law=(*LAW, measure("zz", "unknown"))),
        "measures.zz",
    ),
    "a suspension lapses": (with_rule("in_force_by_lapse"), "measures.rule"),
    "a suspension is lifted": (with_rule("in_force"), "measures.rule"),
    "a suspension is narrowed": (with_rule("partly_suspended"), "measures.rule"),
    "a status can no longer be read": (with_rule("unknown"), "measures.rule"),
}
# The law before and after, where the basis is not the one above.
STRICTER: tuple[tuple[StatusWord, StatusWord], ...] = (
    ("in_force_eased", "in_force"),
    ("partly_suspended", "in_force"),
    ("announced", "in_force"),
    ("published_not_effective", "in_force"),
    ("court_stayed", "in_force"),
    ("in_force_not_enforced", "in_force"),
    ("ended", "in_force"),
    ("ended_by_term_unconfirmed", "in_force"),
    ("eased_by_licence", "authorisation_lapsed_unconfirmed"),
    ("eased_by_licence", "ended"),
)
KEEP: dict[str, StandingHit | None] = {
    "names in another case": changed(names=named("Mahan Air", "Mahan Airlines")),
    "names in another order": changed(names=named("MAHAN AIRLINES", "MAHAN AIR")),
    "names with other spaces and stops": changed(names=named("MAHAN  AIR", "MAHAN AIR-LINES")),
    "names in full width": changed(
        names=named(
            "MAHAN AIR".translate({each: each + 0xFEE0 for each in range(0x41, 0x5B)}),
            "MAHAN AIRLINES",
        )
    ),
    "an alias that is a weak one now": changed(
        names=(ENTRY.names[0], Name(text="MAHAN AIRLINES", kind="weak_alias"))
    ),
    "addresses in another order": changed(addresses=(SECOND, FIRST)),
    "an address in other parts": changed(
        addresses=(Address(text=FIRST.text, city="Tehran", country="IR"), SECOND)
    ),
    "a number with other signs": changed(
        identifiers=(Identifier(kind="REGISTRATION NUMBER", value="2476 13"),)
    ),
    "another remark": changed(remarks="Linked To: IRGC"),
    "another link": changed(source_url="https://sanctionssearch.ofac.treas.gov"),
    "another citation": changed(citations=("76 FR 63688",)),
    "another programme, and no other law": changed(programmes=("SDGT",)),
    "another fact": changed(facts=(BORN, Fact(kind="website", value="mahan.example"))),
    "countries that are printed apart": changed(countries=("IR", "AE")),
    "another score": hit(score=0.91),
    "a longer suspension": with_rule("suspended", date(2027, 11, 9)),
    "an easing": hit(law=(measure("freeze", "in_force_eased"), LAW[1])),
    "a measure that ends": hit(law=(measure("freeze", "ended"), LAW[1])),
    "a measure that no longer reaches it": hit(law=LAW[1:]),
    "a new measure that is over": hit(law=(*LAW, measure("zz", "ended"))),
    "a new licence": hit(law=(*LAW, measure("zz", "eased_by_licence"))),
    "a hit that is gone": None,
}


def test_the_matrix_has_forty_kinds_of_change():
    assert len(REOPEN) + len(STRICTER) + len(KEEP) >= 40


@pytest.mark.parametrize(("now", "field"), REOPEN.values(), ids=REOPEN.keys())
def test_a_judgement_is_reopened_and_the_field_is_named(now: StandingHit, field: str):
    assert [each.field for each in reasons_to_reopen(hit(), now)] == [field]


@pytest.mark.parametrize(("before", "after"), STRICTER, ids=" to ".join)
def test_a_judgement_is_reopened_where_the_law_becomes_stricter(
    before: StatusWord, after: StatusWord
):
    (reason,) = reasons_to_reopen(with_rule(before), with_rule(after))
    assert (reason.field, reason.before, reason.after) == ("measures.rule", before, after)
    assert not list(reasons_to_reopen(with_rule(after), with_rule(before)))


@pytest.mark.parametrize("now", KEEP.values(), ids=KEEP.keys())
def test_a_judgement_holds(now: StandingHit | None):
    assert list(reasons_to_reopen(hit(), now)) == []


def test_a_judgement_holds_on_its_last_day_and_not_on_the_next():
    last = date(2026, 12, 31)
    assert not list(past_its_term(last, last))
    assert [each.field for each in past_its_term(last, last + timedelta(days=1))] == ["until"]
    assert not list(past_its_term(None, last))


def test_another_counterparty_under_the_same_id_is_judged_again():
    assert not list(of_another_counterparty(b"a", b"a"))
    assert [each.field for each in of_another_counterparty(b"a", b"b")] == ["counterparty"]


@st.composite
def reprints(draw: st.DrawFn) -> Listing:
    """The same entry as other printers print it: case, spaces, stops, order, remarks."""

    def printed(text: str) -> str:
        gap = draw(st.sampled_from((" ", "  ", "\u00a0", " - ", ", ")))
        cased = draw(st.sampled_from((str.upper, str.lower, str.title, str)))(text)
        return gap.join(cased.split()) + draw(st.sampled_from(("", ".", " ")))

    def mixed[T](values: tuple[T, ...]) -> tuple[T, ...]:
        return tuple(draw(st.permutations(values)))

    return msgspec.structs.replace(
        ENTRY,
        names=mixed(
            tuple(msgspec.structs.replace(each, text=printed(each.text)) for each in ENTRY.names)
        ),
        addresses=mixed(
            tuple(Address(text=printed(each.text), country="IR") for each in ENTRY.addresses)
        ),
        identifiers=(Identifier(kind=printed(NUMBER.kind), value=NUMBER.value),),
        licence_requirement=printed(ENTRY.licence_requirement or ""),
        remarks=draw(st.none() | st.text(max_size=20)),
        facts=mixed(ENTRY.facts),
        citations=draw(st.just(()) | st.just(("76 FR 63688",))),
    )


@given(reprint=reprints())
@settings(max_examples=2_000)
def test_no_reprint_reopens_a_judgement(reprint: Listing):
    assert list(reasons_to_reopen(hit(), hit(reprint))) == []
