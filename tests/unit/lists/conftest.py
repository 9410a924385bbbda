"""The pieces of real list files that these tests read."""

from collections.abc import Callable
from pathlib import Path

import pytest

_FIXTURES = Path(__file__).parents[2] / "fixtures"


@pytest.fixture(scope="session")
def sample() -> Callable[[str], bytes]:
    """A fixture file's bytes by its place under `tests/fixtures`."""
    return lambda place: (_FIXTURES / place).read_bytes()
