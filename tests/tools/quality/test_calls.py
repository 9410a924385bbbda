"""A name costs no more calls than it did: exact numbers, in a table that only falls."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tools.quality import calls

ROOT = Path(__file__).parents[3]


@pytest.mark.skipif(
    sys.version_info[:2] != calls.VERSION, reason="other versions of Python call otherwise"
)
def test_a_name_costs_as_many_calls_as_the_table_says() -> None:
    # in a process of its own, whose caches hold what the tool put there
    ran = subprocess.run(
        (sys.executable, "-m", "tools.quality.calls"),
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    counted = tomllib.loads(ran.stdout)
    assert counted == tomllib.loads(calls.TABLE.read_text("utf-8"))
    assert counted["ordinary"]["searches"] == 1


def test_a_field_of_two_names_costs_more() -> None:
    index = calls.un_index()
    for _ in range(2):  # fills the caches of words
        _ = calls.counted(index, "Suedwind Kaffeehandel; Gartenbau Muster GmbH")
    once = calls.counted(index, "Ostwind Kaffeehandel GmbH")
    again = calls.counted(index, "Westwind Kaffeehandel; Gartenbau Muster")
    assert again.searches > once.searches
    assert again.calls > once.calls
