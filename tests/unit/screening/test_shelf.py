"""The shelf: what stands there is what would be made anew, and it is never too much."""

import asyncio
import gc
import weakref
from datetime import date, timedelta

import msgspec
import pytest

from abeyance_screening.engine.measures.board import MeasureBoard
from abeyance_screening.engine.screening.answer import CounterpartyResult, Hit, SearchAnswer
from abeyance_screening.engine.screening.answer_json import (
    SHOWN_FIELDS,
    CurrentShelf,
    Shelf,
    Writer,
    shown_in,
)
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.engine.screening.question import Counterparty, ScreeningQuestion
from abeyance_screening.engine.screening.screen import Screener
from abeyance_screening.engine.screening.storage import SharedPiece
from abeyance_screening.engine.screening.validate import question_from
from abeyance_screening.primitives.days import Days
from tests.unit.screening.owners.listed_owners import DAYS, INDEX, LIST, REGISTER, TODAY

BOARD = MeasureBoard(REGISTER)
EARLIER = Days(as_of=date(2024, 1, 1), known_at=date(2024, 1, 1))


def result(
    shelf: Shelf, days: Days = DAYS, name: str = "Number3 Kryptonade"
) -> CounterpartyResult:
    asked = ScreeningQuestion(counterparties=(Counterparty(name=name),), lists=(LIST,))
    question = question_from(asked, days)
    screener = Screener(INDEX, BOARD, question, TODAY, shelf)
    return asyncio.run(screener.result(question.counterparties[0]))


def test_what_the_entry_decides_stands_together_in_a_hit():
    at = Hit.__struct_fields__.index(SHOWN_FIELDS[0])
    assert Hit.__struct_fields__[at : at + len(SHOWN_FIELDS)] == SHOWN_FIELDS


@pytest.mark.parametrize("most_bytes", [0, 2_000, 10_000_000], ids=["none", "few", "all"])
def test_an_answer_from_the_shelf_is_the_one_without(most_bytes: int):
    shelf = Shelf(most_bytes)
    for _ in range(3):
        for days in (DAYS, EARLIER):
            assert result(shelf, days) == result(Shelf(), days)
    hits = result(shelf).hits
    assert hits
    assert [shelf.written(hit) for hit in hits] == [shown_in(hit) for hit in hits]


def test_nothing_is_made_twice():
    shelf = Shelf()
    first, again = result(shelf).hits, result(shelf).hits
    assert first
    assert all(one.listing is other.listing for one, other in zip(first, again, strict=True))


def test_the_days_are_told_apart():
    shelf = Shelf()
    today, earlier = result(shelf).hits, result(shelf, EARLIER).hits
    assert {hit.measures[0].as_of for hit in today} == {DAYS.as_of}
    assert {hit.measures[0].as_of for hit in earlier} == {EARLIER.as_of}


def test_a_number_of_days_is_never_given_to_others():
    shelf = Shelf()
    days = [Days(as_of=TODAY + timedelta(n), known_at=TODAY) for n in range(200)]
    numbers = [shelf.number(each) for each in days + days]
    assert len(set(numbers[:200])) == 200
    known: dict[int, Days] = {}
    for number, each in zip(numbers, days + days, strict=True):
        assert known.setdefault(number, each) == each


def test_it_holds_no_more_bytes_than_it_may():
    shelf = Shelf(5_000)
    assert len(result(shelf).hits) > 5
    assert 0 < shelf.byte_count <= 5_000


def test_the_shelf_is_another_for_another_index_or_board():
    current = CurrentShelf()
    shelf = current.of(INDEX, BOARD)
    assert current.of(INDEX, BOARD) is shelf
    with_news = INDEX.with_lists(INDEX.lists)
    newer = current.of(with_news, BOARD)
    assert newer is not shelf
    assert current.of(with_news, MeasureBoard(REGISTER)) is not newer


def test_the_shelf_keeps_no_index_in_memory():
    current = CurrentShelf()
    index = ListingIndex(INDEX.lists, ())
    gone = weakref.ref(index)
    current.of(index, BOARD)
    del index
    gc.collect()
    assert gone() is None


def test_parts_put_in_at_their_places_make_the_answer():
    async def written():
        shelf = Shelf()
        asked = ScreeningQuestion(
            counterparties=(Counterparty(name="Number3 Kryptonade"),), lists=(LIST,)
        )
        question = question_from(asked, DAYS)
        screener = Screener(INDEX, BOARD, question, TODAY, shelf)
        found = await screener.result(question.counterparties[0])
        answer = SearchAnswer(
            name=found.name,
            as_of=TODAY,
            known_at=TODAY,
            scorer="1",
            threshold=0.5,
            limit=10,
            coverage=screener.coverage,
            outcome=found.outcome,
            total=found.total,
            hits=found.hits,
            delisted=found.delisted,
        )
        return answer, await Writer(shelf).search(answer)

    answer, parted = asyncio.run(written())
    own, whole, before = b"".join(parted.own), b"", 0
    for place, part in parted.parts:
        assert part == SharedPiece.of(part.body)
        whole += own[before:place] + part.body
        before = place
    whole += own[before:]
    assert whole == b"".join(parted.pieces) == msgspec.json.encode(answer)
    assert len(parted.parts) == 1 + len(answer.hits) > 5
