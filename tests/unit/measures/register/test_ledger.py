"""The ledger makes the register append-only."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from abeyance_screening.engine.measures.measure import Effect, Event, Measure
from abeyance_screening.engine.measures.register.read import (
    LEDGER,
    RETRACTED,
    LedgerLine,
    broken_promises,
    digest_of,
    read_ledger,
    unrecorded,
    with_times,
    write_ledger,
)
from abeyance_screening.primitives.errors import RegisterRefusedError

NOW = datetime(2026, 11, 25, 8, tzinfo=UTC)
EVENT = Event(id="start", kind="take_effect", effective_on=date(2026, 1, 1))
MEASURE = Measure(
    id="m-1",
    title="A rule",
    authority="A",
    jurisdiction="US",
    kind="rule",
    citation="1 FR 1",
    effect=(Effect(kind="prohibition"),),
    attaches_by=("country",),
    confidence="verified_secondary",
    events=(EVENT,),
)
RECORDED = unrecorded((MEASURE,), (), NOW)


def _with(*events: Event) -> tuple[Measure, ...]:
    return (msgspec.structs.replace(MEASURE, events=events),)


def test_a_ledger_that_was_written_is_read_the_same(tmp_path: Path):
    lines = (*RECORDED, LedgerLine(measure="m-1", event="old", recorded_at=None, digest="0" * 16))
    (tmp_path / LEDGER).write_text(write_ledger(lines))
    assert read_ledger(tmp_path) == lines


def test_a_folder_without_a_ledger_has_recorded_nothing(tmp_path: Path):
    assert read_ledger(tmp_path) == ()


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("measure,event\n", id="other columns"),
        pytest.param("measure,event,recorded_at,digest\na,b,c\n", id="a column too few"),
        pytest.param("measure,event,recorded_at,digest\na,b,soon,d\n", id="no moment"),
        pytest.param("measure,event,recorded_at,digest\na,b,2026-01-01T00:00,d\n", id="no offset"),
        pytest.param("measure,event,recorded_at,digest\na,b,,c\na,b,,d\n", id="twice"),
        pytest.param("", id="empty"),
        pytest.param(f"measure,event,recorded_at,digest\na,b,,{'x' * 131_073}\n", id="long"),
        pytest.param("measure,event,recorded_at,digest\na,b,,0123456789abcdeg\n", id="no digest"),
        pytest.param("measure,event,recorded_at,digest\na,\udcff,,d\n", id="no UTF-8"),
    ],
)
def test_a_ledger_that_cannot_be_read_is_refused(tmp_path: Path, text: str):
    (tmp_path / LEDGER).write_text(text, errors="surrogateescape")
    with pytest.raises(RegisterRefusedError, match=LEDGER):
        read_ledger(tmp_path)


def test_what_is_recorded_is_not_recorded_again():
    assert [line.event for line in RECORDED] == ["start"]
    assert unrecorded((MEASURE,), RECORDED, NOW) == ()


def test_a_new_event_and_a_retraction_are_recorded_as_lines_of_their_own():
    taken_back = msgspec.structs.replace(EVENT, retracted_at=NOW)
    new = msgspec.structs.replace(EVENT, id="start-2", replaces="start")
    lines = unrecorded(_with(taken_back, new), RECORDED, NOW)
    assert [(line.event, line.digest == RETRACTED) for line in lines] == [
        ("start", True),
        ("start-2", False),
    ]


@pytest.mark.parametrize(
    ("events", "what"),
    [
        pytest.param((), "is gone", id="removed"),
        pytest.param(
            (msgspec.structs.replace(EVENT, effective_on=date(2026, 1, 2)),),
            "was changed after it was recorded",
            id="another day",
        ),
        pytest.param(
            (msgspec.structs.replace(EVENT, note="reworded"),),
            "was changed after it was recorded",
            id="another note",
        ),
    ],
)
def test_a_recorded_event_is_never_edited(events: tuple[Event, ...], what: str):
    [(measure, event, told)] = broken_promises(_with(*events), RECORDED)
    assert (measure, event) == ("m-1", "start")
    assert what in told


def test_a_retraction_is_not_taken_back():
    retracted = _with(msgspec.structs.replace(EVENT, retracted_at=NOW))
    ledger = (*RECORDED, *unrecorded(retracted, RECORDED, NOW))
    assert list(broken_promises(retracted, ledger)) == []
    [(_, event, told)] = broken_promises((MEASURE,), ledger)
    assert (event, told) == ("start", "was retracted, and no longer says so")


def test_an_event_has_the_moment_at_which_the_ledger_recorded_it():
    [measure] = with_times((MEASURE,), RECORDED)
    assert [event.recorded_at for event in measure.events] == [NOW]


def test_the_times_of_an_event_are_no_part_of_its_text():
    later = msgspec.structs.replace(EVENT, recorded_at=NOW, retracted_at=NOW, stored_at=NOW)
    assert digest_of(later) == digest_of(EVENT)


@pytest.mark.parametrize(
    ("days", "told"),
    [pytest.param(31, False, id="a review long"), pytest.param(32, True, id="longer")],
)
def test_a_retraction_of_a_day_long_before_it_was_recorded_is_refused(days: int, told: bool):
    retracted = _with(msgspec.structs.replace(EVENT, retracted_at=NOW - timedelta(days=days)))
    ledger = (*RECORDED, *unrecorded(retracted, RECORDED, NOW))
    assert bool(list(broken_promises(retracted, ledger))) is told
