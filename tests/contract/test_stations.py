"""What CONTRIBUTING.md names on the way of a screening is there, in the modules it names."""

from importlib import import_module
from operator import attrgetter

import pytest

from tests.stations import Station, stations

# A header of the request, which no module has as a name.
_HEADERS = {"Idempotency-Key"}


def test_the_way_of_a_screening_is_short_enough_to_be_read():
    assert 10 <= len(stations()) <= 16


@pytest.mark.parametrize(
    "station", stations(), ids=lambda station: station.modules[0].rpartition(".")[2]
)
def test_each_station_has_what_is_named_there(station: Station):
    modules = [import_module(each) for each in station.modules]
    missing = [
        name
        for name in station.names
        if name not in _HEADERS and not any(_has(module, name) for module in modules)
    ]
    assert missing == []


def _has(module: object, name: str) -> bool:
    try:
        attrgetter(name)(module)
    except AttributeError:
        return False
    return True
