"""`abeyance bench speed` and `streams` with the services that they start."""

import json
import sys
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from abeyance_screening.app.command_line import abeyance
from abeyance_screening.bench import http
from tests.served import copy_directory

FILES = (
    *("--listed", "tests/fixtures/us_csl/consolidated_2026.json"),
    *("--fill", "tests/fixtures/bench/gleif.csv"),
    *("--questions", "20", "--sizes", "50"),
)


pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")


@pytest.fixture(autouse=True)
def _lists_are_loaded(
    loaded_directory: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = copy_directory(loaded_directory, tmp_path / "data")
    # a folder where the lists are loaded, in place of an empty one
    folders = SimpleNamespace(TemporaryDirectory=lambda **_: nullcontext(str(folder)))
    monkeypatch.setattr(http, "tempfile", folders)


@pytest.mark.slow
def test_streams_are_measured_beside_searches():
    arguments = ["bench", "streams", "--rows", "2000", "--slow-seconds", "1", "--json"]
    result = CliRunner().invoke(abeyance, arguments)
    assert result.exit_code == 0, result.output
    report = json.loads(result.stdout)
    assert [each["client"] for each in report["streams"]] == [
        "reads while it sends",
        "sends, then reads",
        "reads 10 kB a second",
    ]
    assert 0 < report["streams"][0]["first_s"] < report["streams"][0]["seconds"]
    for each in (report, *report["streams"]):
        waited = each.get("quiet") or each["others"]
        assert waited["requests"] > 0
        assert 0 < waited["p50_ms"] <= waited["p99_ms"]
    assert report["ends_after_s"] < 30


def test_screenings_are_measured_beside_an_empty_endpoint():
    arguments = ["bench", "speed", *FILES, "--http-seconds", "0.5", "--json"]
    result = CliRunner().invoke(abeyance, arguments)
    assert result.exit_code == 0, result.output
    report = json.loads(result.stdout)
    empty, single, waiting, batch = report["requests"]
    assert empty["endpoint"] == "GET /healthz"
    assert {each["endpoint"] for each in (single, waiting, batch)} == {"POST /v1/screenings"}
    assert [each["names"] for each in report["requests"]] == [0, 1, 1, 20]
    assert (waiting["connections"], waiting["pipelined"]) == (32, 1)
    for each in report["requests"]:
        assert each["requests"] > 0
        assert 0 < each["p50_ms"] <= each["p99_ms"]
    assert report["share"] == pytest.approx(single["a_core"] / empty["a_core"])
    assert report["keyed"] is None
    asked = report["restrictions"]
    assert asked["questions"] == 500
    assert asked["met"] > 300
    assert 0 < asked["p50_ms"] <= asked["p99_ms"]


@pytest.mark.slow
def test_a_flood_of_wrong_keys_is_measured_beside_none_and_one_that_needs_no_key():
    arguments = ["bench", "wrong-keys", "--connections", "4", "--rate", "200", "--turns", "1"]
    result = CliRunner().invoke(abeyance, [*arguments, "--seconds", "0.5", "--json"])
    assert result.exit_code == 0, result.output
    nothing, wrong, open_to_all = json.loads(result.stdout)
    floods = [each["flood"] for each in (nothing, wrong, open_to_all)]
    assert floods == ["nothing", "wrong keys", "GET /healthz"]
    assert nothing["sent_a_second"] == 0
    assert min(wrong["sent_a_second"], open_to_all["sent_a_second"]) > 0
    for each in (nothing, wrong, open_to_all):
        assert 0 < each["p50_ms"] <= each["p99_ms"][0]
