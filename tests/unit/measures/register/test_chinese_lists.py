"""The Chinese lists: every party of the bundled edition, and what befell its announcement."""

from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import cast

import pytest
import yaml

from abeyance_screening.engine.lists.bundled import bundled_editions, read_bundled
from abeyance_screening.engine.lists.cn_announcements.reader import SOURCE, parse_collection
from abeyance_screening.engine.lists.listing import Listing
from abeyance_screening.engine.measures.law.per_listing import status_for_listing
from abeyance_screening.engine.measures.law.resolve import status_on
from abeyance_screening.engine.measures.measure import Measure
from abeyance_screening.engine.measures.status import MeasureStatus
from abeyance_screening.engine.measures.status_table import StatusWord
from tests.shipped_register import load

REGISTER = load()
EXPECTED_ON = date(2026, 11, 24)
_FILE = Path("tests/fixtures/register/cn_announcements_2026-11-24.yaml")
STATES = cast("dict[str, str]", yaml.safe_load(_FILE.read_text()))
WORDS: dict[str, StatusWord] = {
    "in_force": "in_force",
    "measures_stopped": "ended",
    "suspension_term_passed_unconfirmed": "in_force_by_lapse",
    "revoked": "ended",
}
ASK_FIRST = "apply to MOFCOM"


def _parties() -> dict[str, list[Listing]]:
    """The parties of each announcement of the bundled edition."""
    (edition,) = (each for each in bundled_editions() if each.source == SOURCE)
    (file,) = read_bundled(edition)
    parties = defaultdict[str, list[Listing]](list)
    for parsed in parse_collection(file.content):
        for listing in parsed.listings:
            parties[listing.programmes[0]].append(listing)
    return parties


PARTIES = _parties()


def _binding(listing: Listing) -> tuple[Measure, ...]:
    """The measures behind a listing but for the 50 % rule, which asks about what it owns."""
    return tuple(each for each in REGISTER.attached_to(listing) if each.condition is None)


def _measure_of(announcement: str) -> Measure:
    return REGISTER.get(announcement)


def _status(listing: Listing, day: date) -> MeasureStatus:
    """The status of the announcement for one of its parties, as it was known on that day."""
    (measure,) = _binding(listing)
    return status_for_listing(status_on(measure, day, day), listing, day, day)


def test_the_bundled_announcements_are_those_that_were_worked_out():
    assert PARTIES.keys() == STATES.keys()
    assert sum(map(len, PARTIES.values())) == 461


@pytest.mark.parametrize("announcement", PARTIES)
def test_a_party_meets_the_measure_of_its_announcement_and_no_other(announcement: str):
    measure = _measure_of(announcement)
    for listing in PARTIES[announcement]:
        assert _binding(listing) == (measure,)


@pytest.mark.parametrize("announcement", PARTIES)
def test_a_measure_names_the_parties_and_the_number_of_its_announcement(announcement: str):
    measure = _measure_of(announcement)
    names = tuple(listing.primary_name for listing in PARTIES[announcement])
    assert measure.targets is not None
    assert measure.targets.entities == names
    assert measure.targets.count == len(names)
    printed = PARTIES[announcement][0].citations[0]
    assert printed in measure.citation or printed == "MFA decision"


@pytest.mark.parametrize(
    ("announcement", "state"), [pytest.param(*each, id=each[0]) for each in STATES.items()]
)
def test_an_announcement_stands_as_it_was_worked_out(announcement: str, state: str):
    measure = _measure_of(announcement)
    assert status_on(measure, EXPECTED_ON, EXPECTED_ON).word == WORDS[state]


@pytest.mark.parametrize(
    ("announcement", "day", "word", "residual"),
    [
        pytest.param("cn-ecl-2025-21", "2025-05-13", "in_force", None, id="ECL 21 before"),
        pytest.param("cn-ecl-2025-21", "2025-05-14", "suspended", ASK_FIRST,
                     id="ECL 21 from the first day"),
        pytest.param("cn-ecl-2025-21", "2025-12-01", "suspended", ASK_FIRST,
                     id="ECL 21 in its third term"),
        pytest.param("cn-ecl-2025-21", "2026-11-09", "suspended", ASK_FIRST,
                     id="ECL 21 to the last day"),
        pytest.param("cn-ecl-2025-21", "2026-11-10", "in_force_by_lapse",
                     ASK_FIRST, id="ECL 21 the day after"),
        pytest.param("cn-uel-2025-7", "2025-12-01", "suspended", ASK_FIRST,
                     id="UEL 7 suspended"),
        pytest.param("cn-uel-2025-7", "2026-11-24", "in_force_by_lapse",
                     ASK_FIRST, id="UEL 7 after"),
        pytest.param("cn-uel-2025-8", "2025-08-11", "suspended", ASK_FIRST,
                     id="UEL 8 suspended without an end"),
        pytest.param("cn-uel-2025-8", "2025-08-12", "ended", ASK_FIRST, id="UEL 8 stopped"),
        pytest.param("cn-ecl-2025-13", "2025-11-09", "in_force", None, id="ECL 13 before"),
        pytest.param("cn-ecl-2025-13", "2025-11-10", "ended", ASK_FIRST, id="ECL 13 stopped"),
        pytest.param("cn-afsl-mofcom-2025-6", "2025-12-01", "suspended", None,
                     id="Hanwha: no duty was told"),
        pytest.param("cn-ecl-2025-1", "2025-12-01", "in_force", None, id="never suspended, ECL"),
        pytest.param("cn-uel-2025-10", "2025-12-01", "in_force", None,
                     id="never suspended, UEL"),
        pytest.param("cn-wl-2026-12", "2026-11-24", "in_force", None, id="Watch List"),
    ],
)  # fmt: skip
def test_what_befalls_an_announcement_befalls_each_of_its_parties(
    announcement: str, day: str, word: StatusWord, residual: str | None
):
    for listing in PARTIES[announcement]:
        status = _status(listing, date.fromisoformat(day))
        assert status.word == word
        if residual is None:
            assert status.residual_obligation is None
        else:
            assert residual in (status.residual_obligation or "")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        pytest.param(
            "Huntington Ingalls Industries Inc.",
            {
                "cn-afsl-mfa-2024-10-10": "in_force",
                "cn-uel-2025-5": "ended",
                "cn-ecl-2025-51": "in_force",
            },
            id="stopped on one list, in force on another",
        ),
        pytest.param(
            "ACT1 Federal",
            {
                "cn-afsl-mfa-2024-09-18": "in_force",
                "cn-uel-2025-5": "ended",
                "cn-ecl-2025-21": "in_force_by_lapse",
            },
            id="stopped, lapsed and in force",
        ),
        pytest.param(
            "Illumina, Inc.",
            {"cn-uel-2025-4": "in_force", "cn-uel-2025-6": "ended"},
            id="its only measure stopped, its listing stands",
        ),
    ],
)
def test_a_party_of_several_announcements_has_the_status_of_each(
    name: str, words: dict[str, StatusWord]
):
    found = {
        listing.programmes[0]: _status(listing, EXPECTED_ON).word
        for listings in PARTIES.values()
        for listing in listings
        if name in {each.text for each in listing.names}
    }
    assert found == words


def test_an_event_of_one_party_names_it_as_the_announcement_does():
    (event,) = (each for each in _measure_of("cn-uel-2025-4").events if each.slice is not None)
    assert event.slice is not None
    (party,) = (
        each for each in PARTIES["cn-uel-2025-4"] if each.primary_name in event.slice.entities
    )
    assert set(event.slice.entities) <= {name.text for name in party.names}


def test_an_announcement_nobody_registered_is_a_gap_beside_the_list():
    known = PARTIES["cn-ecl-2025-1"][0]
    new = Listing(id="x", list_code="cn_ecl", names=known.names, programmes=("cn-ecl-2027-1",))
    assert [each.id for each in _binding(new)] == ["cn-mofcom-ecl", "not-in-register"]
