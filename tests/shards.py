"""The suite in several shards, each on a machine of its own: `pytest --shard 2/4`.

Whole files are dealt out by the seconds that their tests took when `just durations` wrote
tests/durations.json, the longest first and each to the shard that has least, so that the services
and databases of a file stay together. A file that was not there yet counts as `_UNKNOWN_S`.
"""

import json
import os
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]
DURATIONS = ROOT / "tests" / "durations.json"
_UNKNOWN_S = 2.0


class Shard(NamedTuple):
    """One of so many, counted from one."""

    number: int
    of: int


def shard_of(text: str) -> Shard:
    """Read `2/4`."""
    number, _, count = text.partition("/")
    shard = Shard(int(number), int(count))
    if not 1 <= shard.number <= shard.of:
        raise ValueError(text)
    return shard


def deal(files: Iterable[str], durations: Mapping[str, float], count: int) -> list[set[str]]:
    """Return the files of each shard."""
    shards, loads = [set[str]() for _ in range(count)], [0.0] * count
    seconds = {each: durations.get(each, _UNKNOWN_S) for each in files}
    for file in sorted(seconds, key=lambda each: (-seconds[each], each)):
        least = loads.index(min(loads))
        shards[least].add(file)
        loads[least] += seconds[file]
    return shards


@cache
def _files_of(shard: Shard) -> set[str]:
    files = (path.relative_to(ROOT).as_posix() for path in ROOT.glob("tests/**/test_*.py"))
    durations = json.loads(DURATIONS.read_text("utf-8"))
    return deal(files, durations, shard.of)[shard.number - 1]


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("shards")
    group.addoption("--shard", type=shard_of, help="run one of several shards, as 2/4")
    group.addoption(
        "--record-durations",
        action="store_true",
        help="write the seconds of each file to tests/durations.json",
    )


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out the files of other shards, which are not even imported."""
    shard: Shard | None = config.getoption("shard")
    if shard is None or collection_path.suffix != ".py" or not collection_path.is_file():
        return None
    file = collection_path.relative_to(ROOT).as_posix()
    return file not in _files_of(shard) or None


def pytest_sessionstart(session: pytest.Session) -> None:
    if session.config.getoption("record_durations") and "PYTEST_XDIST_WORKER" not in os.environ:
        session.config.pluginmanager.register(_Durations())


class _Durations:
    """Adds up what set-up, tests and tear-down of each file take, in whichever process."""

    def __init__(self) -> None:
        self._taken = defaultdict[str, float](float)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._taken[report.nodeid.partition("::")[0]] += report.duration

    def pytest_sessionfinish(self) -> None:
        told = {file: round(seconds, 1) for file, seconds in sorted(self._taken.items())}
        DURATIONS.write_text(json.dumps(told, indent=0) + "\n", "utf-8")
