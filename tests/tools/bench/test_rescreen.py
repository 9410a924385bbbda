"""What a change costs where counterparties are watched is measured beside a full screening."""

import json

from click.testing import CliRunner

from abeyance_screening.app.command_line import abeyance

FILES = ("--listed", "un_sc", "--fill", "tests/fixtures/bench/gleif.csv")


def test_a_change_of_names_and_an_event_answer_few_again():
    few = ("--counterparties", "1000", "--changed", "100")
    result = CliRunner().invoke(abeyance, ["bench", "rescreen", *FILES, *few, "--json"])
    assert result.exit_code == 0, result.output
    figures = json.loads(result.stdout)
    assert (figures["counterparties"], figures["changed"]) == (1_000, 100)
    assert (figures["answered"], figures["screened"]) == (1_000, 1_000)
    for step in ("bulk", "stored", "first", "names", "event"):
        assert min(figures[step]["cpu_s"], figures[step]["seconds"]) > 0
    assert 0 <= figures["names_answered"] < 50
    assert 0 < figures["event_answered"] < 50
    assert 200 < figures["looked_up_bytes"] < 2_000


def test_figures_are_printed_as_shares_of_a_full_screening():
    few = ("--counterparties", "1000")
    result = CliRunner().invoke(abeyance, ["bench", "rescreen", *FILES, *few])
    assert result.exit_code == 0, result.output
    assert "500 listings change" in result.stdout
    assert "1,000 of 1,000 were screened in bulk" in result.stdout
    assert "are kept of each for this" in result.stdout
