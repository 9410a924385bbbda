"""What a measure says of another list, and of the bundled editions, holds entry by entry."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from functools import cache

import msgspec
import pytest

from abeyance_screening.engine.lists.bundled import bundled_editions, read_bundled
from abeyance_screening.engine.lists.edition import listings_in
from abeyance_screening.engine.lists.formats import read_files
from abeyance_screening.engine.lists.listing import Listing, name_form, programme_form
from abeyance_screening.engine.measures.measure import Effect, Measure, OwnershipReach, only_eases
from abeyance_screening.engine.measures.register.check import governed_findings
from tests.shipped_register import load

REGISTER = load()
BY_ID = {key: each for each in REGISTER.measures for key in (each.id, *each.also_known_as)}
SOURCES = {each.source: each for each in bundled_editions()}


@cache
def _of_source(source: str) -> tuple[Listing, ...]:
    parsed = read_files(source, read_bundled(SOURCES[source]), sources=[source]).parsed
    return tuple(listing for each in parsed for listing in listings_in(each))


@cache
def _list(list_code: str) -> tuple[Listing, ...]:
    source = "uk_sl" if list_code == "uk_sl" else "us_csl"
    return tuple(each for each in _of_source(source) if each.list_code == list_code)


@cache
def _numbers(list_code: str) -> frozenset[str | None]:
    return frozenset(each.entry_id for each in _list(list_code))


@cache
def _ofac_by_number() -> dict[str | None, tuple[Listing, ...]]:
    """The entries of OFAC's lists by the number that OFAC gives a party."""
    found = defaultdict[str | None, list[Listing]](list)
    for each in _of_source("us_csl"):
        if each.list_code.startswith("us_ofac"):
            found[each.entry_id].append(each)
    return {number: tuple(entries) for number, entries in found.items()}


def _printing(list_code: str, programme: str) -> list[Listing]:
    return [each for each in _list(list_code) if programme in each.programmes]


def _is_governed_elsewhere(measure: Measure) -> bool:
    governing = None if measure.see is None else BY_ID[measure.see]
    lists = {each.list_code for each in measure.attaches}
    return governing is not None and lists.isdisjoint(
        each.list_code for each in governing.attaches
    )


GOVERNED = [each for each in REGISTER.measures if _is_governed_elsewhere(each)]


def _reached() -> Iterator[tuple[Listing, frozenset[str]]]:
    for source in SOURCES:
        for listing in _of_source(source):
            yield listing, frozenset(each.id for each in REGISTER.attached_to(listing))


@pytest.mark.parametrize("number", ["17250", "17014", "17254"])
def test_an_ssi_entry_freezes_nobody_whom_the_sdn_list_does_not_have(number: str):
    (entry,) = (each for each in _list("us_ofac_ssi") if each.entry_id == number)
    assert number not in _numbers("us_ofac_sdn")
    assert "RUSSIA-EO14024" in entry.programmes
    measures = REGISTER.attached_to(entry)
    assert {each.kind for measure in measures for each in measure.effect} == {
        "none",
        "prohibition",
    }
    assert "us-ofac-50-percent" not in {each.id for each in measures}
    assert "us-ofac-ssi-ukraine-eo13662" in {each.id for each in measures}


def test_who_is_frozen_beside_the_sectoral_directives_is_frozen_by_the_sdn_entry():
    both = [each for each in _list("us_ofac_sdn") if each.entry_id in _numbers("us_ofac_ssi")]
    frozen = [
        any(
            effect.kind == "blocked"
            for each in REGISTER.attached_to(entry)
            for effect in each.effect
        )
        for entry in both
    ]
    assert Counter(frozen) == {True: 90}


def test_each_sdn_entry_asks_about_what_it_owns_but_where_its_order_excepts_that():
    without = Counter(
        each.programmes
        for each in _list("us_ofac_sdn")
        if "us-ofac-50-percent" not in {rule.id for rule in REGISTER.attached_to(each)}
    )
    assert without == {("ETHIOPIA-EO14046",): 6}


def test_a_code_of_another_list_is_on_an_entry_of_that_list_with_the_same_number():
    governed = {each.id: each for each in GOVERNED}
    seen = Counter[str]()
    for listing in _of_source("us_csl"):
        for measure in REGISTER.attached_to(listing):
            if measure.id in governed:
                codes = {
                    programme_form(each) for own in measure.attaches for each in own.programmes
                }
                others = [
                    each
                    for each in _ofac_by_number()[listing.entry_id]
                    if each.list_code != listing.list_code
                    and codes & {programme_form(code) for code in each.programmes}
                ]
                assert others, (measure.id, listing.id)
                seen[measure.id] += 1
    assert seen["us-ofac-ssi-russia-eo14024"] == 90


def test_entries_of_one_number_on_ofac_lists_are_one_party_and_print_the_same_codes():
    for number, entries in _ofac_by_number().items():
        assert len({frozenset(each.programmes) for each in entries}) == 1, number
        names = [
            {frozenset(re.findall(r"\w+", name_form(name.text))) for name in each.names}
            for each in entries
        ]
        assert all(names[0] & each for each in names[1:]), number


def test_an_entry_that_an_easing_reaches_is_reached_by_what_it_eases():
    for listing, ids in _reached():
        for measure in map(BY_ID.__getitem__, ids):
            if only_eases(measure):
                assert ids & {BY_ID[each].id for each in measure.eases}, (
                    measure.id,
                    listing.id,
                )


def test_an_entry_is_reached_by_each_measure_that_its_codes_trigger_or_conflict_with():
    for listing, ids in _reached():
        for measure in map(BY_ID.__getitem__, ids):
            assert ids.issuperset(measure.also_triggers), (measure.id, listing.id)
            if measure.conflicts_with:
                assert ids & set(measure.conflicts_with), (measure.id, listing.id)


BLOCKING = next(each for each in REGISTER.measures if each.id == "us-ofac-russia-eo14024")
CODE = next(each for each in REGISTER.measures if each.id == "us-ofac-ssi-russia-eo14024")


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        pytest.param({}, [], id="as it is in the register"),
        pytest.param({"effect": (Effect(kind="blocked"),)}, ["effect"], id="a freeze of its own"),
        pytest.param({"stands_alone": True}, ["stands_alone"], id="accounts for the entry"),
        pytest.param(
            {"ownership": OwnershipReach(applies="yes", by=("us-ofac-50-percent",))},
            ["ownership.by"],
            id="reaches what the party owns",
        ),
        pytest.param(
            {"effect": (Effect(kind="blocked"),), "attaches": BLOCKING.attaches},
            [],
            id="governed on the same list",
        ),
    ],
)
def test_a_code_of_another_list_imposes_nothing_by_itself(
    changed: dict[str, object], fields: list[str]
):
    measure = msgspec.structs.replace(CODE, **changed)
    assert [field for field, _ in governed_findings(measure, BY_ID)] == fields


# --- Figures and statements about a bundled edition, each checked against it.


def _has(list_code: str, programme: str, count: int, *numbers: str) -> bool:
    entries = _printing(list_code, programme)
    return len(entries) == count and (
        not numbers or sorted(filter(None, (each.entry_id for each in entries))) == sorted(numbers)
    )


def _beside(list_code: str, programme: str) -> Counter[bool]:
    return Counter(len(each.programmes) > 1 for each in _printing(list_code, programme))


def _all_on(list_code: str, programme: str, other: str) -> bool:
    return {each.entry_id for each in _printing(list_code, programme)} <= _numbers(other)


def _ssi_beside_sdn() -> bool:
    printing = _printing("us_ofac_ssi", "RUSSIA-EO14024")
    alone = {each.entry_id for each in printing} - _numbers("us_ofac_sdn")
    return len(printing) == 90 and alone == {"17014", "17250", "17254"} <= _numbers("us_ofac_mbs")


def _both_lists() -> bool:
    sdn = _printing("us_ofac_sdn", "UKRAINE-EO13662")
    both = [each for each in sdn if each.entry_id in _numbers("us_ofac_ssi")]
    return (len(sdn), len(both)) == (536, 90) and all(len(each.programmes) > 1 for each in both)


def _foreign_terrorists() -> bool:
    entries = _printing("us_ofac_sdn", "FTO")
    others = [each for each in entries if "SDGT" not in each.programmes]
    return len(entries) == 103 and {(each.entry_id, each.programmes) for each in others} == {
        ("26719", ("FTO", "IRGC")),
        ("26720", ("FTO", "IRGC")),
    }


def _no_footnote() -> bool:
    names = {
        "Beijing Institute of Technology",
        "Harbin Institute of Technology",
        "Northwestern Polytechnical University",
    }
    entries = [each for each in _list("us_bis_el") if each.primary_name in names]
    return len(entries) == len(names) and all(
        "ootnote" not in (each.licence_requirement or "") for each in entries
    )


def _is_denied(name: str, newest_order: str) -> bool:
    entries = [each for each in _list("us_bis_dpl") if each.primary_name == name]
    return [each.citations[-1] for each in entries] == [newest_order]


def _belarus_potash() -> bool:
    names = {
        name_form(each)
        for own in BY_ID["us-ofac-belarus-potash"].attaches
        for each in own.entities
    }
    return len(names) == 3 and not any(
        name_form(name.text) in names for each in _list("us_ofac_sdn") for name in each.names
    )


def _paipa() -> bool:
    codes = [frozenset(each.programmes) for each in _printing("us_ofac_sdn", "PAIPA")]
    return codes == [frozenset({"PAIPA", "CAATSA - RUSSIA", "CYBER4"})] * 3


def _uk_without(regime: str) -> bool:
    return not any(regime in code for each in _list("uk_sl") for code in each.programmes)


def _isn_spellings() -> bool:
    return {
        code
        for each in _list("us_state_isn")
        for code in each.programmes
        if code.startswith("Chemical")
    } == {
        "Chemical and Biological Weapons Act",
        "Chemical and Biological Weapons Control and Warfare Elimination Act (CBW Act)",
    }


STATEMENTS: dict[str, Callable[[], bool]] = {
    "uk-burundi": lambda: _uk_without("Burundi"),
    "uk-zimbabwe-2019": lambda: _uk_without("Zimbabwe"),
    "us-bis-dpl": lambda: len(_list("us_bis_dpl")) == 1_596,
    "us-bis-fdp-footnote-4": _no_footnote,
    "us-bis-tdo-aviastar": lambda: _is_denied("AVIASTAR - TU", "91 FR 15948"),
    "us-bis-tdo-utair": lambda: _is_denied("UTAIR AVIATION JSC", "90 FR 45172"),
    "us-ofac-balkans-eo14033": lambda: _has("us_ofac_sdn", "BALKANS-EO14033", 24),
    "us-ofac-belarus-potash": _belarus_potash,
    "us-ofac-capta-russia-eo14024": lambda: "18713" not in _ofac_by_number(),
    "us-ofac-capta-ukraine-eo13662": lambda: _has("us_ofac_capta", "UKRAINE-EO13662", 0),
    "us-ofac-fse": lambda: not _list("us_ofac_fse"),
    "us-ofac-fse-ir": lambda: not _list("us_ofac_fse"),
    "us-ofac-fse-sy": lambda: not _list("us_ofac_fse"),
    "us-ofac-fse-sy-on-sdn": lambda: _has("us_ofac_sdn", "FSE-SY", 0),
    "us-ofac-fto": _foreign_terrorists,
    "us-ofac-hifpaa": lambda: _has("us_ofac_sdn", "HIFPAA", 0),
    "us-ofac-hrit-sy": lambda: _beside("us_ofac_sdn", "HRIT-SY") == {False: 1},
    "us-ofac-ifsr": lambda: _beside("us_ofac_sdn", "IFSR") == {True: 1_545},
    "us-ofac-irgc": lambda: _beside("us_ofac_sdn", "IRGC") == {True: 287},
    "us-ofac-isa": lambda: _has("us_ofac_sdn", "ISA", 0),
    "us-ofac-mbs-hkaa": lambda: _has("us_ofac_mbs", "HKAA", 39) and _has("us_ofac_sdn", "HKAA", 0),
    "us-ofac-mbs-ukraine-eo13662": lambda: (
        _has("us_ofac_mbs", "UKRAINE-EO13662", 3, "17014", "17250", "17254")
        and _all_on("us_ofac_mbs", "UKRAINE-EO13662", "us_ofac_ssi")
    ),
    "us-ofac-ns-plc-on-sdn": lambda: (
        _has("us_ofac_sdn", "NS-PLC", 3, "9647", "9659", "23627")
        and _all_on("us_ofac_sdn", "NS-PLC", "us_ofac_plc")
        and all("SDGT" in each.programmes for each in _printing("us_ofac_sdn", "NS-PLC"))
    ),
    "us-ofac-paipa": _paipa,
    "us-ofac-plc-sdgt": lambda: (
        _has("us_ofac_plc", "SDGT", 3, "9647", "9659", "23627")
        and _all_on("us_ofac_plc", "SDGT", "us_ofac_sdn")
    ),
    "us-ofac-ssi-iran-con-arms": lambda: (
        _has("us_ofac_ssi", "IRAN-CON-ARMS-EO", 1, "18782")
        and _all_on("us_ofac_ssi", "IRAN-CON-ARMS-EO", "us_ofac_sdn")
    ),
    "us-ofac-ssi-russia-eo14024": _ssi_beside_sdn,
    "us-ofac-ssi-syria": lambda: _has("us_ofac_ssi", "SYRIA", 0),
    "us-ofac-ssi-ukraine-eo13685": lambda: (
        _has("us_ofac_ssi", "UKRAINE-EO13685", 1)
        and _all_on("us_ofac_ssi", "UKRAINE-EO13685", "us_ofac_sdn")
    ),
    "us-ofac-ssi-venezuela-eo13850": lambda: (
        _has("us_ofac_ssi", "VENEZUELA-EO13850", 2)
        and _all_on("us_ofac_ssi", "VENEZUELA-EO13850", "us_ofac_sdn")
    ),
    "us-ofac-uhrpa": lambda: (
        [each.programmes for each in _printing("us_ofac_sdn", "UHRPA")] == [("GLOMAG", "UHRPA")]
    ),
    "us-ofac-ukraine-eo13662-block": _both_lists,
    "us-state-isn-cbw-act": _isn_spellings,
}
"""What the text of a measure says of an edition that comes with the program, by measure."""

# A statement about the editions at hand: their day, or what occurs in them.
_ABOUT_EDITION = re.compile(
    r"2026-07-31|July 2026|2026 data|in the data\b|also on the|of \d+ rows|always beside|"
    r"Occurs |both lists|[Ss]ame effect"
)


def _texts(measure: Measure) -> Iterator[str]:
    rule = None if measure.ownership is None else measure.ownership.rule
    notes = (each.note for each in measure.events)
    yield from filter(None, (measure.title, measure.plain, measure.note, rule, *notes))
    yield from measure.unchecked


def test_every_statement_about_an_edition_at_hand_is_one_that_is_checked():
    stating = {
        each.id
        for each in REGISTER.measures
        if any(_ABOUT_EDITION.search(" ".join(text.split())) for text in _texts(each))
    }
    assert stating - STATEMENTS.keys() == set()


@pytest.mark.parametrize("measure_id", sorted(STATEMENTS))
def test_a_statement_about_an_edition_at_hand_is_true(measure_id: str):
    assert STATEMENTS[measure_id]()
