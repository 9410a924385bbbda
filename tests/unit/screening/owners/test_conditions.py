"""Shares that add up only where something else holds."""

import msgspec
import pytest

from tests.unit.screening.owners.reference import OFAC, TARGET, edge, judged


@pytest.mark.parametrize(
    ("shares", "verdict"),
    [
        pytest.param((25, 25), "open", id="only by adding up"),
        pytest.param((50, 25), "met", id="one alone is enough"),
        pytest.param((24, 25), "not_met", id="not even by adding up"),
    ],
)
def test_what_adds_up_only_on_a_condition_stays_open(shares: tuple[int, int], verdict: str):
    test = msgspec.structs.replace(OFAC, adds_up_if="they stand under the same directive")
    graph = [edge("A", TARGET, shares[0]), edge("B", TARGET, shares[1])]
    assert judged(graph, "A B", test).verdict == verdict
