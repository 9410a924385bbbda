"""Keys as `abeyance keys list` prints them: the id, which the other commands need, stays whole."""

import io
from datetime import UTC, datetime

import pytest
from rich.console import Console

from abeyance_screening.engine.screening.question import QuestionDefaults
from abeyance_screening.features.keys.cli import table_of_keys
from abeyance_screening.platform.access.keys import AccessKey
from abeyance_screening.platform.settings import CallerLimits

NOW = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
KEY = AccessKey(
    id=1234567,
    account="main",
    name="onboarding",
    owner="purchasing",
    scopes=("screen", "read"),
    networks=(),
    defaults=QuestionDefaults(),
    limits=CallerLimits(counterparties_per_day=100_000),
    made_at=NOW,
    made_by="anna",
    rotated_at=None,
    previous_until=None,
    expires_at=datetime(2099, 1, 1, tzinfo=UTC),
    revoked_at=None,
    last_used_at=NOW,
)


@pytest.mark.parametrize("width", [60, 80, 200])
def test_on_a_narrow_terminal_the_id_stays_and_nothing_is_cut(width: int):
    console = Console(file=io.StringIO(), width=width)
    with console.capture() as printed:
        console.print(table_of_keys([KEY], NOW))
    assert "1234567 " in printed.get()
    assert "\u2026" not in printed.get()
