"""Badges: the design's table of words, and a shape for every status."""

from datetime import date
from typing import get_args

import msgspec
import pytest

from service.model.measure import Effect
from service.model.status import SliceStatus, StatusWord
from service.web.badges import Shape, badge_of, brief_badge
from tests.unit.web.measures import ALL_WORDS, PLAIN

AUTUMN = date(2026, 11, 9)
PART = SliceStatus(part="para. 2", status="suspended", since=None, until=date(2026, 11, 27))


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        pytest.param({}, "In force since 2 Aug 2021", id="in force"),
        pytest.param(
            {"flags": ("listing_day_not_recorded",)},
            "In force",
            id="the rule's day is not its own",
        ),
        pytest.param(
            {"status": "in_force_eased", "until": date(2025, 11, 28)},
            "In force, eased by a licence until 28 Nov 2025",
            id="eased",
        ),
        pytest.param(
            {"status": "in_force_eased", "effect": (Effect(kind="easing"),)},
            "In force, loosened",
            id="a rule that loosens",
        ),
        pytest.param(
            {"status": "partly_suspended", "slices": (PART,)},
            "In force in part: para. 2 suspended",
            id="in part",
        ),
        pytest.param(
            {"status": "suspended", "until": date(2026, 11, 27)},
            "Suspended until 27 Nov 2026 — three days left",
            id="three days left",
        ),
        pytest.param(
            {"status": "suspended", "until": date(2026, 12, 4)},
            "Suspended until 4 Dec 2026 — ten days left",
            id="ten days left",
        ),
        pytest.param(
            {"status": "suspended", "until": date(2026, 12, 5)},
            "Suspended until 5 Dec 2026",
            id="eleven days are not counted",
        ),
        pytest.param(
            {"status": "suspended", "until": date(2026, 11, 24)},
            "Suspended until 24 Nov 2026 — last day",
            id="last day",
        ),
        pytest.param({"status": "suspended"}, "Suspended, end not recorded", id="no end"),
        pytest.param(
            {"status": "in_force_by_lapse", "since": date(2026, 11, 10)},
            "In force since 10 Nov 2026 — unconfirmed",
            id="by lapse",
        ),
        pytest.param({"status": "in_force_not_enforced"}, "In force, not enforced", id="frame"),
        pytest.param(
            {"status": "court_stayed", "since": date(2021, 3, 12)},
            "Stayed by a court since 12 Mar 2021",
            id="stayed",
        ),
        pytest.param(
            {"status": "published_not_effective", "next_change_on": date(2027, 1, 1)},
            "Published, starts 1 Jan 2027",
            id="published",
        ),
        pytest.param({"status": "announced"}, "Announced only", id="announced"),
        pytest.param(
            {"status": "ended", "since": date(2025, 11, 9)}, "Ended 9 Nov 2025", id="ended"
        ),
        pytest.param(
            {"status": "ended_by_term_unconfirmed", "until": date(2026, 9, 30)},
            "Term ran out 30 Sep 2026 — unconfirmed",
            id="term over",
        ),
        pytest.param(
            {"status": "unknown"}, "Status not on record — treat as restricted", id="unknown"
        ),
        pytest.param({"status": "not_known"}, "Not public on that day", id="not known"),
        pytest.param(
            {"status": "eased_by_licence", "until": date(2026, 12, 18)},
            "Licence until 18 Dec 2026",
            id="licence",
        ),
        pytest.param(
            {"status": "authorisation_lapsed_unconfirmed"},
            "Licence ran out — unconfirmed",
            id="licence over",
        ),
    ],
)
def test_a_badge_says_the_status_and_its_day(fields: dict[str, object], text: str):
    assert badge_of(msgspec.structs.replace(PLAIN, **fields)).text == text


@pytest.mark.parametrize("word", ALL_WORDS)
def test_every_status_has_a_badge_of_at_most_four_words(word: StatusWord):
    badge = badge_of(msgspec.structs.replace(PLAIN, status=word))
    assert len(badge.brief.split()) <= 4
    assert badge.shape == brief_badge(word).shape
    assert badge.shape in get_args(Shape)


def test_no_status_is_left_out():
    assert set(ALL_WORDS) == set(get_args(StatusWord))


def test_no_two_statuses_that_bind_otherwise_share_a_shape():
    apart = {"in_force", "in_force_eased", "suspended", "in_force_by_lapse", "ended", "unknown"}
    shapes = [brief_badge(word).shape for word in ALL_WORDS if word in apart]
    assert len(set(shapes)) == len(apart)


def test_no_badge_says_again():
    """Some measures were suspended before they ever applied."""
    for word in ALL_WORDS:
        assert "again" not in badge_of(msgspec.structs.replace(PLAIN, status=word)).text
