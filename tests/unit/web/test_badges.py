"""Badges: a shape for every status, with the words of `wording`."""

from typing import get_args

import msgspec
import pytest

from abeyance_screening.engine.measures.status_table import Shape, StatusWord
from abeyance_screening.engine.wording import badge, glance, plain_badge
from abeyance_screening.engine.wording.shapes import badge_of, in_brief, plain_badge_of
from tests.unit.web.measures import PLAIN

ALL_WORDS: tuple[StatusWord, ...] = get_args(StatusWord)


@pytest.mark.parametrize("word", ALL_WORDS)
def test_every_status_has_a_shape_and_the_words_of_a_terminal(word: StatusWord):
    measure = msgspec.structs.replace(PLAIN, status=word)
    shown, plain = badge_of(measure), plain_badge_of(word)
    assert (shown.text, shown.brief) == (badge(measure), glance(measure))
    assert plain.text == plain_badge(word)
    assert in_brief(shown).text == shown.brief
    assert shown.shape == plain.shape
    assert shown.shape in get_args(Shape)


def test_no_two_statuses_that_bind_otherwise_share_a_shape():
    apart = {"in_force", "in_force_eased", "suspended", "in_force_by_lapse", "ended", "unknown"}
    shapes = [plain_badge_of(word).shape for word in ALL_WORDS if word in apart]
    assert len(set(shapes)) == len(apart)
