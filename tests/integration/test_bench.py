"""`abeyance bench speed` and `streams` with the services that they start."""

import json
import sys
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from service.cli import abeyance
from tests.served import copy_directory
from tools.bench import http

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
    empty, screening = report["requests"]
    assert (empty["endpoint"], screening["endpoint"]) == ("GET /healthz", "POST /v1/screenings")
    assert min(empty["requests"], screening["requests"]) > 0
    assert report["share"] == pytest.approx(screening["a_core"] / empty["a_core"])
    assert report["keyed"] is None
