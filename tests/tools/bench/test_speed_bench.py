"""`abeyance bench speed` on small real lists."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from abeyance_screening.app.command_line import abeyance
from abeyance_screening.primitives.errors import BadInputError

FILES = (
    *("--listed", "tests/fixtures/us_csl/consolidated_2026.json"),
    *("--fill", "tests/fixtures/bench/gleif.csv"),
    *("--questions", "20"),
)


def bench(*arguments: str) -> Result:
    arguments = ("bench", "speed", *FILES, *arguments)
    return CliRunner().invoke(abeyance, arguments, env={"COLUMNS": "160"})


def test_each_size_has_its_figures():
    result = bench("--sizes", "50,1000", "--no-http", "--json")
    assert result.exit_code == 0, result.output
    report = json.loads(result.stdout)
    assert [each["names"] for each in report["indexes"]] == [50, 1000]
    small, large = report["indexes"]
    assert small["made"] == 0
    assert large["made"] > 0
    assert report["requests"] == []


def test_made_names_are_owned_up_to():
    result = bench("--sizes", "1000", "--no-http")
    assert "recombined from the words of ordinary names" in " ".join(result.stdout.split())


@pytest.mark.parametrize("sizes", ["", "0", "10,,20", "many"])
def test_sizes_that_are_none_are_refused(sizes: str):
    assert bench("--sizes", sizes, "--no-http").exit_code == 2


def test_too_few_ordinary_names_are_refused(tmp_path: Path):
    (tmp_path / "few.csv").write_text("LegalName\n" + "River Dairy\nValley Dairy\n")
    arguments = ["bench", "speed", *FILES[:2], "--fill", str(tmp_path / "few.csv"), "--no-http"]
    result = CliRunner().invoke(abeyance, arguments)
    assert isinstance(result.exception, BadInputError)
    assert "2 names; at least 100 are needed" in str(result.exception)
