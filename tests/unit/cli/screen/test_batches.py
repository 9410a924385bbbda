"""Rows asked about in batches."""

from collections.abc import Sequence

import httpx
import msgspec
import pytest

from abeyance_screening.engine.screening.question import MAX_NAMES_IN_ALL, Counterparty, Owner
from abeyance_screening.engine.tables import Counts, ReadRow, UnreadableRow
from abeyance_screening.features.tables.cli import (
    ROWS_IN_A_BATCH,
    AnyRow,
    RowResults,
    ask_batch,
    in_batches,
)
from abeyance_screening.platform.cli.client import ApiClient
from abeyance_screening.platform.cli.results import ScreeningBody
from abeyance_screening.primitives.errors import BadInputError
from tests.unit.tables.results import answer_of, hit_of, result_of

BODY = ScreeningBody()


class Answers:
    """An API that finds who is called bad, and refuses a question with somebody called worst."""

    def __init__(self, refuses: str = "counterparties[0].name") -> None:
        self.sizes: list[int] = []
        self.refuses = refuses

    def screen(self, request: httpx.Request) -> httpx.Response:
        body = msgspec.json.decode(request.content, type=ScreeningBody)
        names = [party.name for party in body.counterparties]
        self.sizes.append(len(names))
        if "worst" in names:
            fault = {"field": self.refuses, "reason": "cannot be compared"}
            return httpx.Response(400, json={"title": "It cannot be read", "errors": [fault]})
        results = (result_of(name, *([hit_of(name)] if name == "bad" else [])) for name in names)
        return httpx.Response(200, content=msgspec.json.encode(answer_of(*results)))

    def ask(self, rows: Sequence[AnyRow], counts: Counts) -> RowResults:
        with ApiClient("http://127.0.0.1", httpx.MockTransport(self.screen)) as api:
            return ask_batch(api, BODY, rows, counts)


def row(number: int, name: str) -> ReadRow:
    return ReadRow(number=number, counterparty=Counterparty(name=name))


def test_every_row_comes_out_in_its_place():
    rows = [row(2, "good"), UnreadableRow(number=3, reason="Name: is empty"), row(4, "bad")]
    asked = Answers().ask(rows, Counts(rows=10, no_hits=10))
    assert [(each.row, each.kind) for each in asked.rows] == [
        (2, "none"),
        (3, "unreadable"),
        (4, "hit"),
        (4, "hit"),
    ]
    assert asked.counts == Counts(rows=13, hits=1, no_hits=10, incomplete=1, unreadable=1)


def test_a_row_that_is_refused_costs_no_other():
    rows = [row(number, "worst" if number == 5 else "good") for number in range(2, 12)]
    asked = Answers().ask(rows, Counts())
    assert asked.counts == Counts(rows=10, incomplete=9, unreadable=1)
    (refused,) = [each for each in asked.rows if each.kind == "unreadable"]
    assert (refused.row, refused.counterparty, refused.reason) == (
        5,
        "worst",
        "cannot be compared",
    )


def test_a_question_that_is_refused_as_a_whole_ends_the_run():
    with pytest.raises(BadInputError, match="lists"):
        Answers(refuses="lists[0]").ask([row(2, "worst")], Counts())


def test_rows_that_cannot_be_read_need_no_answer():
    answers = Answers()
    asked = answers.ask([UnreadableRow(number=2, reason="x")], Counts())
    assert (asked.answer, answers.sizes) == (None, [])


def test_batches_hold_so_many_rows_and_go_on_after_those_done():
    rows: list[AnyRow] = [row(number, "good") for number in range(2 * ROWS_IN_A_BATCH + 5)]
    sizes = [len(each) for each in in_batches(rows, 0)]
    assert sizes == [ROWS_IN_A_BATCH, ROWS_IN_A_BATCH, 5]
    assert [len(each) for each in in_batches(rows, 2 * ROWS_IN_A_BATCH)] == [5]
    assert list(in_batches(rows, len(rows))) == []


def test_a_batch_never_has_more_names_than_one_question_may():
    owners = tuple(Owner(name=f"Owner {place}") for place in range(MAX_NAMES_IN_ALL // 4))
    party = Counterparty(name="A", owners=owners)
    rows = [ReadRow(number=number, counterparty=party) for number in range(8)]
    assert [len(each) for each in in_batches(rows, 0)] == [3, 3, 2]
