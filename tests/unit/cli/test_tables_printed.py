"""Codes and ids are whole in every table, however narrow the terminal: they are to be copied."""

from datetime import UTC, date, datetime

import pytest

from abeyance_screening.engine.lists.catalogue import LISTS
from abeyance_screening.engine.lists.load import LoadReport
from abeyance_screening.engine.screening.answer import EditionCoverage, ListAnswer, ListCoverage
from abeyance_screening.features.lists.cli_output import print_lists, print_loads
from abeyance_screening.platform.cli.output import print_table, table_of

LONGEST = "a_list_of_our_own_whose_code_is_as_long_as_any_code_can_ever_be"
CODES = (*(each.code for each in LISTS), LONGEST)


@pytest.fixture(autouse=True, params=[20, 40, 80, 200])
def width(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setenv("COLUMNS", str(request.param))
    return request.param


def is_whole(printed: str, code: str) -> bool:
    return any(code in line.split() for line in printed.splitlines())


def test_codes_of_lists_are_whole(capsys: pytest.CaptureFixture[str]):
    print_lists(_listed(code) for code in CODES)
    printed = capsys.readouterr().out
    assert [code for code in CODES if not is_whole(printed, code)] == []
    assert "\u2026" not in printed


def test_codes_of_loads_and_their_sources_are_whole(capsys: pytest.CaptureFixture[str]):
    print_loads(
        LoadReport(
            list_code=code,
            source="us_csl",
            outcome="loaded",
            reason=None,
            published_on=date(2026, 11, 24),
            entry_count=26_924,
            listed=12,
            changed=1_240,
        )
        for code in CODES
    )
    printed = capsys.readouterr().out
    assert [code for code in (*CODES, "us_csl") if not is_whole(printed, code)] == []
    assert "\u2026" not in printed


def test_an_id_is_whole(capsys: pytest.CaptureFixture[str]):
    table = table_of("Id", "Name", whole="Id")
    key = "0190e5a1-7c1e-7a63-9d5f-5b1c8f3e2a11"
    table.add_row(key, "a name of many words that fold")
    print_table(table)
    printed = capsys.readouterr().out
    assert is_whole(printed, key)
    assert "\u2026" not in printed


def _listed(code: str) -> ListAnswer:
    edition = EditionCoverage(
        source="us_csl",
        state="edition_later",
        reason=None,
        edition=1,
        sha256=None,
        published_on=date(2026, 11, 24),
        confirmed_on=None,
        loaded_at=datetime(2026, 11, 24, tzinfo=UTC),
        age_days=1_024,
        entry_count=26_924,
    )
    coverage = ListCoverage(
        **{name: getattr(edition, name) for name in edition.__struct_fields__},
        code=code,
        title=code,
        max_age_days=30,
    )
    return ListAnswer(coverage=coverage, editions=(edition,))
