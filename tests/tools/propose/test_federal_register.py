"""Documents are fetched page by page, all or none."""

import json
from collections.abc import Iterator
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest

from abeyance_screening.features.watch.proposals.cli import fetch_documents
from abeyance_screening.platform.download import Patience
from abeyance_screening.primitives.errors import (
    FetchFailedError,
    ListRefusedError,
    RowRefusedError,
)
from tests.publisher import Publisher
from tests.tools.propose.us_fr.gazette import FIXTURES

SINCE = date(2026, 8, 24)
QUICK = Patience(tries=2, connect_s=2, read_s=1, total_s=5, first_wait_s=0)
HOST = "https://www.federalregister.gov"
SECOND = "/api/v1/documents?conditions%5Bx%5D=y&format=json&page=2"
RESULTS = json.loads((FIXTURES / "api_answer.json").read_bytes())["results"]


@pytest.fixture
async def first_page() -> str:
    """Return the address of the first page, under that of a mirror."""
    with Publisher() as nothing_there:
        with pytest.raises(FetchFailedError):
            await fetch_documents(SINCE, nothing_there.url(""), QUICK)
        return asked(nothing_there)[0]


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with Publisher() as running:
        yield running


def asked(publisher: Publisher) -> list[str]:
    """Return the requests for the mirror's own paths; its port may get others by mistake."""
    paths = (request.path for request in publisher.requests)
    return [path for path in paths if path.startswith("/www.federalregister.gov/")]


def answer(documents: list[object], next_page: str | None = None) -> bytes:
    whole: dict[str, object] = {"count": 8, "results": documents, "next_page_url": next_page}
    return json.dumps(whole).encode()


def test_the_question_names_day_agencies_and_fields(first_page: str):
    parts = urlsplit(first_page)
    query = parse_qs(parts.query)
    assert parts.path == "/www.federalregister.gov/api/v1/documents.json"
    assert query["conditions[publication_date][gte]"] == ["2026-08-24"]
    assert query["conditions[agencies][]"] == [
        "industry-and-security-bureau",
        "foreign-assets-control-office",
    ]
    assert {"document_number", "dates", "effective_on", "citation"} <= {*query["fields[]"]}


async def test_every_page_is_followed(publisher: Publisher, first_page: str):
    publisher.serve(first_page, answer(RESULTS[:5], HOST + SECOND))
    publisher.serve(f"/www.federalregister.gov{SECOND}", answer(RESULTS[5:]))
    found = await fetch_documents(SINCE, publisher.url(""), QUICK)
    assert [each.number for each in found] == [each["document_number"] for each in RESULTS]


async def test_nothing_published_is_no_document(publisher: Publisher, first_page: str):
    publisher.serve(first_page, b'{"description": "Documents", "count": 0}')
    assert await fetch_documents(SINCE, publisher.url(""), QUICK) == ()


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://example.org/api/v1/documents?page=2",
        "http://www.federalregister.gov/api/v1/documents?page=2",
        "https://www.federalregister.gov@example.org/api/v1/documents?page=2",
        "https://www.federalregister.gov:8443/api/v1/documents?page=2",
        "https://www.federalregister.gov/elsewhere",
        "/api/v1/documents?page=2",
    ],
)
async def test_no_other_place_is_asked(publisher: Publisher, first_page: str, elsewhere: str):
    publisher.serve(first_page, answer(RESULTS, elsewhere))
    with pytest.raises(FetchFailedError, match="the next page is outside www"):
        await fetch_documents(SINCE, publisher.url(""), QUICK)
    assert asked(publisher) == [first_page]


async def test_pages_without_end_are_not_followed(publisher: Publisher, first_page: str):
    publisher.serve(first_page, answer([], HOST + SECOND))
    publisher.serve(f"/www.federalregister.gov{SECOND}", answer([], HOST + SECOND))
    with pytest.raises(FetchFailedError, match="more than 20 pages"):
        await fetch_documents(SINCE, publisher.url(""), QUICK)
    assert len(asked(publisher)) == 20


async def test_a_page_that_fails_once_is_asked_for_again(publisher: Publisher, first_page: str):
    publisher.serve(first_page, answer(RESULTS))
    publisher.fault(first_page, "status", code=503, times=1)
    assert len(await fetch_documents(SINCE, publisher.url(""), QUICK)) == 8


async def test_half_an_answer_is_none_and_the_mirror_stays_unnamed(
    publisher: Publisher, first_page: str
):
    publisher.serve(first_page, answer(RESULTS, HOST + SECOND))
    publisher.serve(f"/www.federalregister.gov{SECOND}", answer(RESULTS))
    publisher.fault(f"/www.federalregister.gov{SECOND}", "cut", after=100)
    with pytest.raises(FetchFailedError) as failed:
        await fetch_documents(SINCE, publisher.url(""), QUICK)
    assert failed.value.url == HOST + SECOND
    assert str(publisher.port) not in str(failed.value)


async def test_an_answer_that_is_none_is_refused(publisher: Publisher, first_page: str):
    publisher.serve(first_page, answer(RESULTS))
    publisher.fault(first_page, "html")
    with pytest.raises(ListRefusedError, match="HTML page"):
        await fetch_documents(SINCE, publisher.url(""), QUICK)
    publisher.heal(first_page)
    publisher.serve(first_page, answer([{"title": "no number"}]))
    with pytest.raises(RowRefusedError, match="document_number"):
        await fetch_documents(SINCE, publisher.url(""), QUICK)
