"""Which events and measures may be called read at the source: those with the act's words."""

import re
from collections.abc import Iterator
from datetime import date

import msgspec
import pytest

from abeyance_screening.engine.measures.measure import Effect, Event, Measure, Words
from abeyance_screening.engine.measures.register.check import UNREAD, faults, sha256_of
from abeyance_screening.engine.measures.register.read import broken_promises, digest_of, unrecorded
from abeyance_screening.engine.measures.register.register import NOT_IN_REGISTER, OWN_LIST
from tests.shipped_register import load

NOT_PLAIN = re.compile(r"^stored|\bstored (copy|page|file)|\b[0-9]{11}\b|\bcorpus\b")
QUOTE = "A license is required for the export or reexport to Syria of all items subject to the EAR"
WORDS = Words(
    quote=QUOTE,
    url="https://www.ecfr.gov/current/title-15/section-746.9",
    read_on=date(2026, 11, 27),
    sha256=sha256_of(QUOTE),
)
EVENT = Event(
    id="start",
    kind="take_effect",
    effective_on=date(2026, 1, 1),
    citation="1 FR 1",
    confidence="verified_primary",
    words=WORDS,
)
MEASURE = Measure(
    id="m-1",
    title="A rule",
    authority="A",
    jurisdiction="US",
    kind="rule",
    citation="1 FR 1",
    effect=(Effect(kind="prohibition"),),
    attaches_by=("listing",),
    confidence="verified_primary",
    checked_until=date(2026, 1, 1),
    events=(EVENT,),
)


def _fields(measure: Measure) -> list[str]:
    return sorted(fault.field for fault in faults([("x.yaml", measure)]))


def _with_words(**changed: object) -> Measure:
    words = msgspec.structs.replace(WORDS, **changed)
    event = msgspec.structs.replace(EVENT, words=words)
    return msgspec.structs.replace(MEASURE, events=(event,))


def test_an_event_with_the_acts_words_was_read_at_the_source():
    assert _fields(MEASURE) == []


def test_an_event_without_words_was_not():
    event = msgspec.structs.replace(EVENT, words=None)
    found = _fields(msgspec.structs.replace(MEASURE, events=(event,)))
    assert found == ["confidence", "events[0].quote", "events[0].words"]


def test_a_measure_may_have_the_words_of_its_standing_text():
    event = msgspec.structs.replace(EVENT, words=None, confidence="verified_secondary")
    assert _fields(msgspec.structs.replace(MEASURE, words=WORDS, events=(event,))) == []


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        pytest.param({"quote": f"{QUOTE}."}, "sha256", id="the quote was changed"),
        pytest.param({"sha256": "0" * 63}, "sha256", id="no digest"),
        pytest.param({"url": "the Official Journal"}, "url", id="no address"),
        pytest.param({"language": "Chinese"}, "language", id="no language tag"),
        pytest.param({"language": "zh"}, "translation", id="no translation"),
        pytest.param({"quote": " ", "sha256": sha256_of(" ")}, "quote", id="a blank quote"),
        pytest.param({"read_on": date(1066, 10, 14)}, "read_on", id="a day nobody read on"),
    ],
)
def test_words_that_cannot_be_checked_are_refused(changed: dict[str, object], field: str):
    assert _fields(_with_words(**changed)) == [f"events[0].words.{field}"]


def test_the_digest_of_a_whole_text_is_not_that_of_its_quote():
    changed = {"sha256": sha256_of("a page"), "digest_of": "text"}
    assert _fields(_with_words(**changed)) == []


def test_a_reading_may_be_added_to_what_was_recorded():
    bare = msgspec.structs.replace(EVENT, words=None, confidence="general_knowledge")
    ledger = unrecorded((msgspec.structs.replace(MEASURE, events=(bare,)),), (), None)
    assert digest_of(msgspec.structs.replace(bare, words=WORDS)) == digest_of(bare)
    assert list(broken_promises((MEASURE,), ledger)) == []


@pytest.mark.parametrize(
    "changed", [{"confidence": "disputed"}, {"effective_on": date(2026, 1, 2)}]
)
def test_what_counts_may_not_be_changed_with_it(changed: dict[str, object]):
    ledger = unrecorded((MEASURE,), (), None)
    event = msgspec.structs.replace(EVENT, **changed)
    other = msgspec.structs.replace(MEASURE, events=(event,))
    assert [event for _, event, _ in broken_promises((other,), ledger)] == ["start"]


@pytest.mark.parametrize(
    ("unchecked", "faulty"),
    [
        pytest.param((), ["checked_until"], id="not a word"),
        pytest.param(("the annex",), ["checked_until"], id="another gap"),
        pytest.param((f"{UNREAD}: only the list prints it",), [], id="nothing could be read"),
    ],
)
def test_a_measure_says_until_when_its_sources_were_read(
    unchecked: tuple[str, ...], faulty: list[str]
):
    measure = msgspec.structs.replace(MEASURE, checked_until=None, unchecked=unchecked)
    assert _fields(measure) == faulty


@pytest.mark.parametrize("key", [OWN_LIST, NOT_IN_REGISTER])
def test_an_entry_in_place_of_a_measure_has_no_sources_to_read(key: str):
    assert _fields(msgspec.structs.replace(MEASURE, id=key, checked_until=None)) == []


def _shipped() -> Iterator[tuple[str, Words]]:
    for measure in load().measures:
        if measure.words is not None:
            yield measure.id, measure.words
        for event in measure.events:
            if event.words is not None:
                yield f"{measure.id}/{event.id}", event.words


def test_the_shipped_register_has_words_that_anybody_can_look_up():
    found = dict(_shipped())
    assert len(found) >= 600
    assert [key for key, words in found.items() if len(words.quote.split()) < 3
            and words.language.startswith("en")] == []  # fmt: skip


def test_the_shipped_register_says_plainly_where_it_was_read():
    read_in = {key: words.read_in or "" for key, words in _shipped()}
    assert [key for key, text in read_in.items() if NOT_PLAIN.search(text)] == []
