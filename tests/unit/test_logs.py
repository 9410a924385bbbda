"""Log lines."""

import logging

import pytest

from abeyance_screening.platform.access.keys import key_of
from abeyance_screening.platform.logs import KeyFormatter


def test_a_line_holds_the_time_the_event_and_its_keys():
    record = logging.makeLogRecord(
        {
            "msg": "index.swapped",
            "levelname": "INFO",
            "created": 1_795_521_600.25,
            "listings": 26_924,
        }
    )
    assert KeyFormatter().format(record) == (
        "2026-11-24T12:00:00Z info index.swapped listings=26924"
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param(f"sent {key_of(bytes(32))}.", "sent abey_…", id="a key"),
        pytest.param(
            "Authorization: Bearer her-key-of-20-letters", "Authorization: Bearer …", id="a header"
        ),
    ],
)
def test_a_key_is_left_out_wherever_it_stands(text: str, shown: str):
    record = logging.makeLogRecord({"msg": text, "levelname": "INFO", "created": 0})
    assert KeyFormatter().format(record) == f"1970-01-01T00:00:00Z info {shown}"


def test_a_failure_shows_where_it_happened():
    with pytest.raises(KeyError) as caught:
        {}[1]
    failed = (caught.type, caught.value, caught.tb)
    record = logging.makeLogRecord({"msg": "failed", "exc_info": failed})
    assert "KeyError: 1" in KeyFormatter().format(record)
