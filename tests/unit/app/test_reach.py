"""A machine without a network says so once, not once a publisher every few minutes."""

import logging

import pytest

from abeyance_screening.engine.lists.catalogue import SOURCES
from abeyance_screening.engine.lists.edition import LoadOutcome
from abeyance_screening.engine.lists.load import LoadReport
from abeyance_screening.platform.publishers import UnreachablePublishers

_ASKED = [source for source in SOURCES if source.urls]


def _reports(outcome: LoadOutcome, code: str) -> tuple[LoadReport, ...]:
    return (
        LoadReport(
            list_code=code,
            source=code,
            outcome=outcome,
            reason="no route to host" if outcome == "unreachable" else None,
            published_on=None,
            entry_count=0,
        ),
    )


def _round(reach: UnreachablePublishers, outcomes: list[LoadOutcome]) -> None:
    for source, outcome in zip(_ASKED, outcomes, strict=True):
        reach.note(source, _reports(outcome, source.code))
    reach.end_round()


def test_a_machine_without_a_network_says_so_once(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    reach = UnreachablePublishers()
    for _ in range(3):
        _round(reach, ["unreachable"] * len(_ASKED))

    assert [record.getMessage() for record in caplog.records] == ["refresh.offline"]
    said = vars(caplog.records[0])
    assert said["sources"] == ",".join(source.code for source in _ASKED)
    assert said["reason"] == "no route to host"


def test_who_answers_again_and_is_lost_again_is_said_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    reach, others = UnreachablePublishers(), len(_ASKED) - 1
    outcomes: list[LoadOutcome] = ["unreachable", "unreachable", "unchanged", "unreachable"]
    for outcome in outcomes:
        rest: list[LoadOutcome] = ["unchanged"] * others
        _round(reach, [outcome, *rest])

    lost = [each for each in caplog.records if each.getMessage() == "refresh.unreachable"]
    assert [vars(each)["sources"] for each in lost] == [_ASKED[0].code] * 2
    assert len(caplog.records) == len(lost) + len(outcomes) * others + 1
