"""Wrong keys: logged without the key, and slowed by address, in room that is bounded."""

import logging
from contextlib import ExitStack

import pytest

from abeyance_screening.platform.http.entrance import MOST_HELD, MOST_WRONG, WrongKeys
from abeyance_screening.primitives.errors import WrongKeyError

WRONG = WrongKeyError("the key is not known")


class Seconds:
    def __init__(self) -> None:
        self.s = 0.0

    def __call__(self) -> float:
        return self.s


def test_an_address_is_slowed_for_the_rest_of_the_minute_and_others_are_not():
    clock = Seconds()
    wrong = WrongKeys(clock)
    for each in range(MOST_WRONG):
        assert (wrong.is_slowing, wrong.slowed_s("10.0.0.1")) == (False, 0)
        clock.s = each / 2
        wrong.note("10.0.0.1", WRONG)
    assert wrong.is_slowing
    assert [wrong.slowed_s(each) for each in ("10.0.0.1", "::ffff:10.0.0.1", "10.0.0.2")] == [
        56,
        56,
        0,
    ]
    clock.s = 60.0
    assert (wrong.is_slowing, wrong.slowed_s("10.0.0.1")) == (False, 0)
    for each in range(MOST_WRONG):
        wrong.note(f"2001:db8::{each}", WRONG)
    assert wrong.slowed_s("2001:db8::ffff:1") > 0
    assert wrong.slowed_s("2001:db8:0:1::1") == 0


def test_many_addresses_take_bounded_room_and_few_lines(caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.INFO)
    wrong = WrongKeys(Seconds())
    for each in range(30_000):
        wrong.note(f"10.{each >> 16}.{each >> 8 & 255}.{each & 255}", WRONG)
    assert len(wrong._tallies) == 10_000
    assert len(caplog.records) == 20
    with ExitStack() as stack:
        held = [stack.enter_context(wrong.holding()) for _ in range(MOST_HELD + 1)]
    assert (min(held[:-1]), held[-1]) == (2.0, 0.0)
    with wrong.holding() as seconds:
        assert seconds > 0


def test_a_line_has_the_address_and_the_id_of_a_known_key(caplog: pytest.LogCaptureFixture):
    clock = Seconds()
    wrong = WrongKeys(clock)
    for _ in range(3):
        wrong.note("10.0.0.1", WrongKeyError("the key has expired", "expired_key", 7))
    clock.s = 61.0
    wrong.note("10.0.0.1", WRONG)
    lines = [
        (each.message, each.__dict__.get("key"), each.__dict__.get("earlier"))
        for each in caplog.records
    ]
    assert lines == [("access.expired_key", 7, None), ("access.wrong_key", None, 3)]
