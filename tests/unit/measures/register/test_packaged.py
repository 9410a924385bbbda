"""The register as it is shipped."""

from pathlib import Path
from typing import TypedDict

import msgspec

from abeyance_screening.engine.lists.catalogue import LIST_CODES
from abeyance_screening.engine.lists.listing import Listing, Name
from abeyance_screening.engine.measures.register import read
from abeyance_screening.engine.measures.register.read import (
    broken_promises,
    read_folder,
    read_ledger,
    register_folder,
    unrecorded,
)
from abeyance_screening.engine.measures.register.register import NOT_IN_REGISTER, names_part
from tests.cases import for_each
from tests.shipped_register import load
from tests.walks import at_most_letters

REGISTER = load()


class _Entry(TypedDict):
    list_code: str
    id: str
    name: str
    programmes: tuple[str, ...]
    citations: tuple[str, ...]


_ENTRIES = [
    msgspec.json.decode(line, type=_Entry)
    for line in Path("tests/fixtures/register/one_a_programme.jsonl").read_bytes().splitlines()
]


@for_each("entry", {each["id"]: each for each in _ENTRIES})
def test_every_programme_of_the_real_lists_has_a_measure(entry: _Entry):
    listing = Listing(
        id=entry["id"],
        list_code=entry["list_code"],
        names=(Name(text=entry["name"], kind="primary"),),
        programmes=entry["programmes"],
        citations=entry["citations"],
    )
    measures = REGISTER.attached_to(listing)
    assert NOT_IN_REGISTER not in {each.id for each in measures}
    assert any(each.condition is None for each in measures)
    for measure in measures:
        assert measure.effect
        assert measure.citation
        assert measure.url is not None


def test_every_list_has_a_measure_that_reaches_all_of_it():
    whole = {
        attachment.list_code
        for each in REGISTER.measures
        for attachment in each.attaches
        if each.condition is None and not names_part(attachment)
    }
    # The two Japanese and Swiss lists carry a programme on every entry. What an entry of an
    # unknown list of OFAC's or of the CSL's means, nobody can say: that is what the gap is for. On
    # the register's own list each party has its own measures, see `test_named_in_measures`.
    without = {"jp_meti_ru", "ch_seco", "us_ofac_nonsdn", "us_csl_other", "named_in_measures"}
    assert whole == LIST_CODES - without


def test_no_measure_lost_its_source():
    sourced = [each for each in REGISTER.measures if each.jurisdiction not in {"own", "unknown"}]
    assert len(sourced) >= 379
    assert all(each.url is not None and each.url.startswith("http") for each in sourced)
    assert sum(len(each.events) for each in sourced) >= 555


def test_every_event_of_an_act_says_which_and_where_it_is_told():
    bare = {
        each.id
        for each in REGISTER.measures
        for event in each.events
        if event.citation is None or event.source is None
    }
    # Ends that nobody read of: all that is known is that the code is in no newer file.
    assert bare == {
        "own-list",
        "uk-burundi",
        "uk-freezing-orders",
        "uk-misappropriation-egypt",
        "uk-misappropriation-tunisia",
        "uk-misappropriation-ukraine",
        "uk-turkey-drilling",
        "uk-zimbabwe-2019",
    }


def test_a_licence_says_what_it_eases():
    licences = [each for each in REGISTER.measures if each.kind == "general_licence"]
    assert len(licences) >= 63
    for each in licences:
        assert [effect.kind for effect in each.effect] == ["easing"]
        assert each.eases


def test_every_measure_has_a_start_on_record():
    started = {"publish", "take_effect", "list", "is_informed"}
    without = {
        each.id
        for each in REGISTER.measures
        if each.kind != "general_licence"
        and started.isdisjoint(event.kind for event in each.events)
    }
    # Of a listing only the removal was read; the gap is no act.
    assert without == {"us-bis-el-removal-2026-08-24", NOT_IN_REGISTER}


def test_the_whole_register_is_read_in_some_walks_through_its_text():
    texts = [each for each in register_folder().iterdir() if each.name.endswith(".yaml")]
    letters = sum(len(each.read_bytes()) for each in texts)
    # it takes 15 to 40
    with at_most_letters(200 * letters):
        assert read.load().measures == REGISTER.measures


def test_every_event_is_recorded_and_none_was_changed_since():
    measures, faults = read_folder(register_folder())
    ledger = read_ledger(register_folder())
    assert faults == ()
    assert list(broken_promises(measures, ledger)) == []
    assert unrecorded(measures, ledger, None) == ()
