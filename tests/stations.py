"""The stations of a screening, as CONTRIBUTING.md has them: modules, and what to read in each."""

import re
from typing import NamedTuple

from tests.repository import ROOT

_SECTION = re.compile(r"## One screening, station by station\n(.*?)\n## ", re.DOTALL)
_STATION = re.compile(r"^\d+\. (.*?)(?=^\d+\. |\Z)", re.MULTILINE | re.DOTALL)
_TOKEN = re.compile(r"`([^`]+)`")


class Station(NamedTuple):
    """What one line names: modules by their full name, and everything else in code."""

    modules: tuple[str, ...]
    names: tuple[str, ...]


def stations() -> list[Station]:
    """Return the stations in their order."""
    section = _SECTION.search((ROOT / "CONTRIBUTING.md").read_text("utf-8"))
    assert section is not None
    return [_station(found[1]) for found in _STATION.finditer(section[1])]


def _station(text: str) -> Station:
    tokens: list[str] = _TOKEN.findall(text)
    paths = [each.removesuffix(".py") for each in tokens if each.endswith(".py")]
    return Station(
        modules=tuple(f"abeyance_screening.{each.replace('/', '.')}" for each in paths),
        names=tuple(each for each in tokens if not each.endswith(".py")),
    )
