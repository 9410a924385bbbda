"""What stands beside a status."""

from datetime import date

import msgspec

from abeyance_screening.engine.measures.board import MeasureBoard
from abeyance_screening.engine.measures.status import MeasureOnDay, SliceStatus
from abeyance_screening.engine.wording import notes
from abeyance_screening.engine.wording.notes import readings_in_words
from abeyance_screening.primitives.days import Days, day_in_words
from tests.shipped_register import load

BOARD = MeasureBoard(load())
DAY = date(2026, 11, 24)


def shown(measure_id: str, as_of: date = DAY) -> MeasureOnDay:
    return BOARD.one(measure_id, Days(as_of=as_of, known_at=min(as_of, DAY)))


def test_what_both_governments_announced_without_an_act_is_said_so():
    measure = BOARD.one(
        "us-bis-affiliates-rule", Days(as_of=date(2026, 11, 28), known_at=date(2026, 11, 28))
    )
    assert measure.status == "in_force_by_lapse"
    first = notes(measure)[0]
    assert (first.kind, first.label) == ("announced", "Announced only")
    assert first.text == (
        "An extension to 10 Jan 2027: announced by both governments on 23 Sep 2026; no act found, "
        f"sources read until {day_in_words(measure.checked_until or DAY)}. It changes nothing."
    )
    assert all(each.kind != "disputed" for each in notes(measure))


def test_an_announcement_by_the_authority_alone_names_the_authority():
    measure = msgspec.structs.replace(shown("us-bis-affiliates-rule"), disputed=())
    said = msgspec.structs.replace(measure.rests_on[0], kind="announce_suspension", until=None)
    by = msgspec.structs.replace(said, announced_by="BIS", announced_on=DAY, effective_on=None)
    (note,) = [
        each.text
        for each in notes(msgspec.structs.replace(measure, upcoming=(by,), checked_until=None))
        if each.kind == "announced"
    ]
    assert note == (
        "A suspension: announced by BIS on 24 Nov 2026; no act found. It changes nothing."
    )


def test_a_disputed_extension_is_told_and_told_not_to_count():
    measure = shown("us-bis-affiliates-rule")
    said = msgspec.structs.replace(
        measure.rests_on[0], kind="announce_extension", until=DAY, announced_on=DAY, citation=None
    )
    told = notes(msgspec.structs.replace(measure, disputed=(said,), checked_until=DAY))[0]
    assert (told.kind, told.label) == ("disputed", "Disputed")
    assert told.line == (
        "Disputed: An extension to 24 Nov 2026: announced on 24 Nov 2026; no act found, sources "
        "read until 24 Nov 2026. Sources contradict each other on it, and it does not count."
    )


def test_a_boundary_day_that_nobody_states_is_told():
    (told,) = [each.text for each in notes(shown("cn-2024-46-2")) if each.kind == "boundary"]
    assert told == (
        "Whether 27 Nov 2026 itself is still suspended is not stated; we count it as restricted."
    )


def test_it_is_told_after_the_lapse_as_well():
    lapsed = notes(shown("cn-2024-46-2", date(2027, 2, 1)))
    (told,) = [each.text for each in lapsed if each.kind == "boundary"]
    assert told == (
        "Whether 27 Nov 2026 itself was still suspended is not stated; we count it as restricted."
    )


def test_a_stated_boundary_needs_no_note():
    day = date(2026, 11, 9)
    assert all(each.kind != "boundary" for each in notes(shown("us-bis-affiliates-rule", day)))


def test_what_is_only_announced_and_what_is_decided_are_told_apart():
    told = [each.line for each in notes(shown("us-bis-veu-revocation", date(2025, 11, 5)))]
    assert told[0] == "Still to come: Its start on 31 Dec 2025, by 90 FR 42321."
    assert told[1].startswith(
        "Announced only: A change (TSMC Nanjing) from 31 Dec 2025: announced on 2 Sep 2025"
    )


def test_a_day_that_is_the_rules_own_is_told():
    measure = msgspec.structs.replace(shown("cn-2025-18"), flags=("listing_day_not_recorded",))
    assert notes(measure)[0].text == (
        "The day of this entry is not on record; the rule itself: since 4 Apr 2025."
    )


def test_a_day_of_entry_that_nobody_has_is_told_whatever_the_status():
    for status in ("in_force", "suspended", "in_force_by_lapse"):
        measure = msgspec.structs.replace(
            shown("cn-2025-18"), since=None, status=status, flags=("listing_day_not_recorded",)
        )
        starts = [each.text for each in notes(measure) if each.kind == "start"]
        assert starts == ["The day of this entry is not on record."]


def test_no_measure_has_a_first_day_and_an_unrecorded_start():
    for measure in BOARD.every(BOARD.register.measures, Days(as_of=DAY, known_at=DAY)):
        if measure.since is not None:
            assert "Its start day is not on record." not in [each.text for each in notes(measure)]


def test_later_talk_is_no_doubt_of_an_earlier_day():
    then = BOARD.one("us-bis-affiliates-rule", Days(as_of=date(2025, 10, 15), known_at=DAY))
    assert then.disputed
    assert all(each.kind != "disputed" for each in notes(then))


def test_parts_that_the_sentence_does_not_tell_are_told():
    part = SliceStatus(part="para. 2", status="in_force", since=None, until=None)
    for status, told in (("suspended", ["Otherwise for para. 2: In force."]), ("in_force", [])):
        measure = msgspec.structs.replace(shown("cn-2025-18"), status=status, slices=(part,))
        assert [each.text for each in notes(measure) if each.kind == "part"] == told


def test_an_entry_read_later_is_told_once():
    flags = ("listing_day_not_recorded", "listed_then_not_known")
    measure = msgspec.structs.replace(shown("cn-2025-18"), flags=flags)
    assert notes(measure)[0].line == (
        "Listed that day: Not known, for the edition that was read is later and prints no day."
    )
    assert all(each.kind != "start" for each in notes(measure))


def test_no_day_of_reading_is_told_apart_from_an_old_one():
    measure = msgspec.structs.replace(shown("cn-2025-55"), checked_until=None, disputed=())
    assert notes(measure)[-1].kind == "unchecked"


def test_how_far_the_sources_were_read_is_told_where_the_day_lies_after():
    quiet = msgspec.structs.replace(shown("cn-2025-55"), disputed=())
    assert notes(quiet)[-1].text == "No source was read after 9 Oct 2026."


def test_the_age_of_a_reading_that_measures_share_is_told_once():
    quiet = msgspec.structs.replace(shown("cn-2025-55"), disputed=())
    others = [msgspec.structs.replace(quiet, id=each) for each in ("a", "b")]
    newer = msgspec.structs.replace(quiet, id="c", checked_until=DAY, stale=False)
    assert readings_in_words([quiet, *others]) == (
        "No source of these 3 measures was read after 9 Oct 2026."
    )
    # a measure that several listings bring counts once
    assert readings_in_words([quiet, quiet, *others, newer]) == (
        "No source of 3 of these 4 measures was read after 9 Oct 2026."
    )
    unread = msgspec.structs.replace(quiet, id="d", checked_until=None)
    assert readings_in_words([quiet, unread]) == (
        "When the sources of 1 of these 2 measures were last read is not on record. "
        "No source of 1 of these 2 measures was read after 9 Oct 2026."
    )
    assert readings_in_words([quiet]) == notes(quiet)[-1].text
    assert readings_in_words([newer]) is None


def test_a_term_that_only_reports_extend_says_so():
    told = [each.text for each in notes(shown("us-ofac-isa", date(2027, 1, 1)))]
    assert "That its term was extended is known from reports; nobody has read the act." in told
    assert all("reports" not in each.text for each in notes(shown("us-ofac-isa")))
