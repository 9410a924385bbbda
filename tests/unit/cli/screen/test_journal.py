"""What a run leaves behind, so that another one goes on."""

from datetime import date
from pathlib import Path

import msgspec
import pytest

from abeyance_screening.engine.screening.answer import Coverage
from abeyance_screening.engine.tables import ColumnMap, Counts, HowToRead, summary_of
from abeyance_screening.features.tables.journal import (
    VERSION,
    Beginning,
    First,
    Journal,
    check_answer,
    check_same,
)
from abeyance_screening.platform.cli.results import Batch, ScreeningBody
from abeyance_screening.primitives.errors import BadInputError, ChangedMeanwhileError
from tests.unit.tables.results import COVERED, answer_of

BEGINNING = Beginning(
    version=VERSION,
    table="0" * 64,
    how=HowToRead(),
    columns=ColumnMap(name="Name"),
    body=ScreeningBody(counterparties=(), as_of=date(2026, 11, 24)),
    url=None,
)
ANSWER = answer_of()
SUMMARY = summary_of("t.csv", (), ANSWER, Counts())


def batch(done: int) -> Batch:
    return Batch(done=done, counts=Counts(rows=done, no_hits=done), rows=())


def test_what_was_added_is_kept(tmp_path: Path):
    path = tmp_path / "out.csv.journal"
    with Journal(path, restart=False) as journal:
        for entry in (BEGINNING, First(summary=SUMMARY), batch(2), batch(4)):
            journal.add(entry)
    assert path.stat().st_mode & 0o777 == 0o600
    with Journal(path, restart=False) as journal:
        kept = journal.kept()
        assert (kept.beginning, kept.first, kept.done) == (BEGINNING, SUMMARY, 4)
        assert kept.counts.no_hits == 4
        assert [each.done for each in journal.batches()] == [2, 4]


def test_a_line_that_a_crash_tore_is_as_if_it_had_not_been(tmp_path: Path):
    path = tmp_path / "j"
    with Journal(path, restart=False) as journal:
        journal.add(BEGINNING)
        journal.add(batch(2))
        journal.add(batch(4))
    whole = path.read_bytes()
    path.write_bytes(whole[:-5])
    with Journal(path, restart=False) as journal:
        assert journal.kept().done == 2
        journal.add(batch(4))
        assert [each.done for each in journal.batches()] == [2, 4]
    assert path.read_bytes() == whole


def test_a_journal_that_an_earlier_program_began_is_gone_on_with(tmp_path: Path):
    path = tmp_path / "j"
    path.write_text(
        '{"type":"Beginning","version":3,"table":"00","how":{"encoding":null,"delimiter":null,'
        '"sheet":null,"columns":[]},"columns":{"name":"Name","id":null,"entity_type":null,'
        '"birth_date":null,"alias":[],"country":[],"identifier":[],"address":[],"owner":[],'
        '"share":[],"guessed":[],"unread":[]},"body":{"lists":["un_sc"],"as_of":"2026-11-24",'
        '"threshold":0.8,"counterparties":[],"store":false},"url":null}\n'
    )
    body = ScreeningBody(lists=("un_sc",), as_of=date(2026, 11, 24), threshold=0.8, store=False)
    again = msgspec.structs.replace(BEGINNING, table="00", body=body)
    with Journal(path, restart=False) as journal:
        assert journal.kept().beginning == again


def test_restart_forgets_everything(tmp_path: Path):
    path = tmp_path / "j"
    with Journal(path, restart=False) as journal:
        journal.add(BEGINNING)
    with Journal(path, restart=True) as journal:
        assert journal.kept().beginning is None


def test_two_runs_cannot_write_one_journal(tmp_path: Path):
    with (
        Journal(tmp_path / "j", restart=False),
        pytest.raises(BadInputError, match="another run is writing j"),
        Journal(tmp_path / "j", restart=False),
    ):
        pass


def test_a_file_that_is_no_journal_is_not_gone_on_with(tmp_path: Path):
    path = tmp_path / "j"
    path.write_text("something else\n")
    with (
        Journal(path, restart=False) as journal,
        pytest.raises(ChangedMeanwhileError, match="is of another version or damaged"),
    ):
        journal.kept()


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        pytest.param({"table": "1" * 64}, "the table has changed", id="table"),
        pytest.param({"how": HowToRead(sheet="B")}, "is read differently", id="sheet"),
        pytest.param({"columns": ColumnMap(name="Firma")}, "mapped differently", id="mapping"),
        pytest.param({"url": "http://x"}, "another service", id="service"),
        pytest.param(
            {"body": ScreeningBody(counterparties=(), as_of=date(2026, 11, 23), lists=("un_sc",))},
            "lists was left open and is un_sc; as of was 2026-11-24 and is 2026-11-23",
            id="question",
        ),
    ],
)
def test_another_run_is_not_gone_on_with(changes: dict[str, object], what: str):
    other = msgspec.structs.replace(BEGINNING, **changes)
    check_same(BEGINNING, BEGINNING, "j")
    with pytest.raises(ChangedMeanwhileError, match=what):
        check_same(BEGINNING, other, "j")


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        pytest.param(
            {"known_at": date(2026, 11, 25)}, "the day was 2026-11-24, as known", id="day"
        ),
        pytest.param({"scorer": "4"}, "the scorer has changed", id="scorer"),
        pytest.param(
            {
                "coverage": Coverage(
                    complete=False, lists=(msgspec.structs.replace(COVERED, edition=8),)
                )
            },
            "us_bis_el changed since the run began",
            id="edition",
        ),
        pytest.param(
            {"coverage": Coverage(complete=False, lists=())},
            "us_bis_el changed since the run began",
            id="list gone",
        ),
        pytest.param(
            {"coverage": msgspec.structs.replace(ANSWER.coverage, reasons=("out of sight",))},
            "whether the service reaches its database changed since the run began",
            id="database out of sight",
        ),
    ],
)
def test_an_answer_of_other_lists_or_days_is_not_taken(changes: dict[str, object], what: str):
    check_answer(SUMMARY, ANSWER, "j")
    with pytest.raises(ChangedMeanwhileError, match=what):
        check_answer(SUMMARY, msgspec.structs.replace(ANSWER, **changes), "j")
