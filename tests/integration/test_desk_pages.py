"""The calendar, the lists and evidence, as they are asked for over HTTP."""

import hashlib
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

import pypdfium2  # pyright: ignore[reportMissingTypeStubs] - annotated, but without a marker
import pytest
from litestar import Litestar
from litestar.testing import TestClient

from abeyance_screening.app.application import create_app
from abeyance_screening.engine.names.match import SCORER_VERSION
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.platform.settings import Settings
from tests.integration.conftest import wait_until_ready

type Client = TestClient[Litestar]

DAY = {"as_of": "2026-11-24", "known_at": "2026-11-24"}
ASKED = {"name": "Hikvision", **DAY}
RULE = "us-bis-affiliates-rule"


@pytest.fixture(scope="module")
def forgetful(listed_database: str, bundled_index: ListingIndex) -> Iterator[Client]:
    """The same with the keeping of screenings switched off."""
    settings = Settings(data_dir=Path(), database_url=listed_database, store_screenings=False)
    with TestClient(create_app(settings, bundled_index), raise_server_exceptions=False) as client:
        wait_until_ready(client)
        yield client


def page(client: Client, path: str, **params: str) -> str:
    answer = client.get(path, params=params or None)
    assert answer.status_code == HTTPStatus.OK, answer.text[:500]
    return answer.text


def kept(client: Client, **more: str) -> str:
    """The address of the evidence of a screening that was just kept."""
    answer = client.post("/evidence", data=ASKED | more, follow_redirects=False)
    assert answer.status_code == HTTPStatus.SEE_OTHER, answer.text[:500]
    return answer.headers["location"]


def text_of(pdf: bytes) -> list[str]:
    read = pypdfium2.PdfDocument(pdf)
    return [page.get_textpage().get_text_range() for page in read]


def test_the_calendar_says_what_passed_and_what_comes(client: Client):
    shown = page(client, "/calendar", **DAY)
    assert "Passed, and nothing confirmed since" in shown
    assert "in three days" in shown
    assert shown.count('class="cal-mark"') >= 10


def test_the_calendar_can_be_filtered_and_leads_on_with_its_filter(client: Client):
    shown = page(client, "/calendar", jurisdiction="CN", **DAY)
    assert "/v1/calendar.ics?jurisdiction=CN&amp;as_of=2026-11-24" in shown
    assert "Iran Sanctions Act" not in shown
    assert "Iran Sanctions Act" in page(client, "/calendar", **DAY)


def test_a_filter_that_nothing_has_is_said_and_filters_nothing(client: Client):
    answer = client.get("/calendar", params={"jurisdiction": "XX"})
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert "No measure has the jurisdiction" in answer.text
    assert "Iran Sanctions Act" in answer.text


def test_the_lists_say_how_old_they_are_and_when_they_were_tried(client: Client):
    shown = page(client, "/lists")
    assert "Entity List" in shown
    assert "EU Sanctions List" in shown
    assert "never tried" in shown
    assert "loaded on 1, not tried on 29" in shown
    assert "first edition here, 3,420 entries" in shown
    assert "missing (EU Sanctions List, Swiss Sanctions List) or too old (21)." in shown
    assert "Fetch the newest edition: <code>abeyance refresh</code>" in shown
    assert "Required, in doubt (23)" in shown


def test_evidence_has_the_hash_of_the_kept_answer_and_its_id_on_every_page(client: Client):
    address = kept(client)
    key = address.removeprefix("/evidence/")
    digest = hashlib.sha256(client.get(f"/v1/screenings/{key}").content).hexdigest()
    shown = page(client, address)
    assert digest in shown
    assert key in shown
    pages = text_of(client.get(f"{address}.pdf").content)
    assert len(pages) > 2
    for number, text in enumerate(pages, start=1):
        assert digest in text
        assert key in text
        assert "“Hikvision”" in text
        assert f"Page {number} of {len(pages)}" in text


def test_a_pdf_is_the_same_each_time(client: Client):
    address = f"{kept(client)}.pdf"
    answers = [client.get(address) for _ in range(2)]
    assert answers[0].content == answers[1].content
    assert answers[0].headers["content-type"] == "application/pdf"


def test_page_and_pdf_say_the_same_of_hits_lists_and_scorer(client: Client):
    address = kept(client)
    shown = page(client, address)
    pdf = " ".join("\n".join(text_of(client.get(f"{address}.pdf").content)).split())
    for said in (
        "Hangzhou Hikvision Digital Technology Co., Ltd.",
        "us_bis_el-bc45ab6fe3ef",
        "In force since 10 Nov 2026 — unconfirmed",
        f"Scorer {SCORER_VERSION}, threshold",
        "edition 2 of 31 Jul 2026",
        "https://www.federalregister.gov/citation/84-FR-54002",
    ):
        assert said in shown
        assert said in pdf


def test_answers_to_questions_are_printed_and_others_are_not_given(client: Client):
    address = kept(client, yes=RULE)
    assert address.endswith(f"?yes={RULE}")
    assert "<strong>Answer: yes.</strong>" in page(client, address)
    assert "<strong>Answer: yes.</strong>" not in page(client, address.partition("?")[0])
    assert "<strong>Answer: not given.</strong>" in page(client, address)


def test_a_judgement_is_printed_and_not_kept(client: Client):
    address = kept(client)
    typed = {"decision": "Stop", "by": "Анна 杭州", "reason": "No licence <b>yet</b>"}
    shown = client.post(address, data=typed)
    assert shown.status_code == HTTPStatus.OK
    assert "No licence &lt;b&gt;yet&lt;/b&gt;" in shown.text
    assert "Анна 杭州" in shown.text
    pdf = client.post(address, data=typed | {"format": "pdf"})
    assert "Анна 杭州" in "".join(text_of(pdf.content))
    assert "No licence" not in page(client, address)


def test_nothing_found_prints_as_fully(client: Client):
    address = kept(client, name="Zzyqx Plain Bakery")
    shown = page(client, address)
    assert "cannot say" in shown
    assert "In doubt:" in shown
    text = "".join(text_of(client.get(f"{address}.pdf").content))
    searched = len(
        client.get(f"/v1/screenings/{address.rpartition('/')[2]}").json()["coverage"]["lists"]
    )
    assert f"What was searched: {searched} lists" in text
    assert "Rules that name no company" in text


def test_what_is_kept_nowhere_is_evidence_without_an_id(forgetful: Client):
    shown = forgetful.post("/evidence", data=ASKED)
    assert shown.status_code == HTTPStatus.OK
    assert "this page is the only copy" in shown.text
    assert "/v1/screenings/" not in shown.text
    pdf = forgetful.post("/evidence", data=ASKED | {"format": "pdf", "by": "Anna"})
    text = "".join(text_of(pdf.content))
    assert "Not kept: this print is the only copy" in text
    assert "Anna" in text


@pytest.mark.parametrize(
    "address",
    [
        "/evidence/none",
        "/evidence/7c9ab5f6-b2e0-4075-9cf9-22d1674ae04d",
        "/evidence/7c9ab5f6-b2e0-4075-9cf9-22d1674ae04d.pdf",
    ],
)
def test_a_screening_that_is_not_kept_is_not_found(client: Client, address: str):
    answer = client.get(address)
    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert "There is no such screening" in answer.text


def test_there_is_no_page_beyond_the_counterparties(client: Client):
    address = kept(client)
    assert client.get(address, params={"page": "2"}).status_code == HTTPStatus.BAD_REQUEST
    assert client.get(address, params={"page": "x"}).status_code == HTTPStatus.BAD_REQUEST


def test_many_counterparties_are_on_several_pages(client: Client):
    asked = {"counterparties": [{"name": f"Nobody {number}"} for number in range(51)]} | DAY
    key = client.post("/v1/screenings", json=asked).json()["id"]
    first, second = (page(client, f"/evidence/{key}", page=number) for number in "12")
    assert "Nobody 49:" in first
    assert "Nobody 50:" not in first
    assert "Nobody 50:" in second


def test_no_other_site_makes_this_one_keep_a_screening(client: Client):
    foreign = {"sec-fetch-site": "cross-site"}
    assert client.post("/evidence", data=ASKED, headers=foreign).status_code == 403


def test_keep_keeps_nothing_where_nothing_may_be_kept(forgetful: Client):
    files = {"file": ("t.csv", b"Company\nHikvision\n", "text/csv")}
    table = forgetful.post("/spreadsheet/read", files=files).json()
    asked = {
        "name": table["name"],
        "described": table["described"],
        "columns": table["columns"],
        "fields": table["guessed"],
        "rows": table["rows"],
        "keep": True,
        "store": True,
    }
    done = forgetful.post("/spreadsheet/screen", json=asked).json()
    assert {row["screening_id"] for row in done["rows"]} == {None}
    assert done["result"] is None
    assert "in this browser only" in page(forgetful, "/spreadsheet")
    assert "This installation keeps no screenings." in page(forgetful, "/spreadsheet")


@pytest.mark.parametrize(
    ("measure", "said", "read_from"),
    [
        pytest.param(
            "us-bis-huawei-entity-list",
            "act&#39;s words, from a copy at thompsonhinesmartrade.com",
            "copy",
            id="a law firm's memo",
        ),
        pytest.param(
            "us-ofac-mbs-russia-eo14024",
            "act&#39;s words, publisher&#39;s page (ofac.treasury.gov)",
            "publisher",
            id="OFAC's own page",
        ),
    ],
)
def test_a_measure_says_where_the_words_of_its_acts_were_read(
    client: Client, measure: str, said: str, read_from: str
):
    shown = page(client, f"/measures/{measure}", **DAY)
    assert said in shown
    assert "read at the source" not in shown
    assert "✓" not in shown
    answer = client.get(f"/v1/measures/{measure}", params=DAY).json()
    assert read_from in {event["read_from"] for event in _events(answer)}


def _events(answer: object) -> Iterator[dict[str, object]]:
    """Everything in an answer that says where words were read."""
    if isinstance(answer, dict):
        if "read_from" in answer and "confidence" in answer:
            yield answer
        for each in answer.values():
            yield from _events(each)
    elif isinstance(answer, list):
        for each in answer:
            yield from _events(each)
