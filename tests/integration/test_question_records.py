"""The question is kept with its answer, whole, on every face that an answer has."""

import io
import json
import re
from html import unescape
from http import HTTPStatus
from typing import Any
from uuid import uuid4

import msgspec
from hypothesis import HealthCheck, Phase, given, settings
from litestar import Litestar
from litestar.testing import TestClient
from openpyxl import load_workbook

from abeyance_screening.engine.screening.answer import ScreeningAnswer
from abeyance_screening.engine.screening.question import (
    Counterparty,
    QuestionTerms,
    ScreeningQuestion,
    read_percent,
)
from abeyance_screening.engine.screening.storage import read_stored, results_of
from abeyance_screening.engine.tables import ReadRow, evidence_of, result_writer, summary_of
from abeyance_screening.engine.tables.evidence import Counts
from abeyance_screening.engine.wording.questions import counterparty_text, question_text
from tests.integration.dated import pdf_text
from tests.questions import QUESTIONS

type Client = TestClient[Litestar]
PATH = "/v1/screenings"
NDJSON = {"content-type": "application/x-ndjson"}
WHOLE = {
    "counterparties": [
        {
            "name": "Zimtstern Quedlinburg GmbH",
            "id": "Z-1",
            "aliases": ["Zimtstern Bäckerei"],
            "entity_type": "organisation",
            "countries": ["DE"],
            "addresses": ["Markt 1, Quedlinburg"],
            "identifiers": [{"kind": "VAT", "value": "DE811907980", "country": "DE"}],
            "owners": [{"name": "Nordlicht Holding", "share": "12.5", "control": True}],
            "birth_date": "1952",
        }
    ],
    "transaction": {"items": [{"hs": "8542.31"}], "origin": "DE", "destination": "FR"},
    "threshold": 0.8,
    "limit": 7,
    "as_of": "2026-07-31",
    "known_at": "2026-07-31",
    "since": "2026-07-01",
    "lists": ["us_bis_el", "un_sc"],
}


def asked(client: Client, question: dict[str, Any]) -> Any:
    answer = client.post(PATH, json=question)
    assert answer.status_code == HTTPStatus.OK, answer.text[:500]
    return answer.json()


def kept(client: Client, key: str) -> bytes:
    answer = client.get(f"{PATH}/{key}")
    assert answer.status_code == HTTPStatus.OK, answer.text[:500]
    return answer.content


def read(kind: Any, value: Any) -> Any:
    """Return what a struct of a question reads, so that `12.5` and `"12.5"` are the same."""
    return msgspec.convert(value, kind, dec_hook=read_percent)


def again(answer: Any) -> Any:
    """Return the body that asks a kept question again, as its documentation says."""
    parties = [each["asked"] for each in answer["results"]]
    return {**answer["question"]["sent"], "counterparties": parties}


def lines_of(client: Client, question: dict[str, Any]) -> list[Any]:
    terms = {key: question[key] for key in QuestionTerms.__struct_fields__ if key in question}
    body = "\n".join(json.dumps(each) for each in question["counterparties"])
    answer = client.post(f"{PATH}/stream", params=terms, content=body.encode(), headers=NDJSON)
    assert answer.status_code == HTTPStatus.OK, answer.text[:500]
    return list(map(json.loads, answer.content.splitlines()))


def flat(text: str) -> str:
    """Return a text without blanks, wherever its lines break."""
    return re.sub(r"\s+", "", text)


TRIED = settings(
    max_examples=200,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


@TRIED
@given(question=QUESTIONS)
def test_every_field_that_was_sent_is_read_back(client: Client, question: dict[str, Any]):
    want = read(ScreeningQuestion, question)
    answer = json.loads(kept(client, asked(client, question)["id"]))
    assert read(ScreeningQuestion, again(answer)) == want

    *lines, end = lines_of(client, question)
    assert [read(Counterparty, each["asked"]) for each in lines] == list(want.counterparties)
    terms = {field for field in QuestionTerms.__struct_fields__ if field in question}
    for field in terms:
        assert end["question"]["sent"][field] == answer["question"]["sent"][field], field
    assert end["question"]["basis"] == answer["question"]["basis"]

    own = {each: question[each] for each in ("lists", "threshold", "profile") if each in question}
    body = {key: each for key, each in question["counterparties"][0].items() if key != "id"}
    key = f"q-{uuid4()}"
    put = client.put(f"/v1/counterparties/{key}", json={**body, **own})
    assert put.is_success, put.text[:500]
    standing = put.json()["answer"]
    assert read(Counterparty, standing["results"][0]["asked"]) == read(
        Counterparty, {**body, "id": key}
    )
    for field, value in own.items():
        assert standing["question"]["sent"][field] == value
    assert client.delete(f"/v1/counterparties/{key}").is_success


@settings(TRIED, max_examples=20)
@given(question=QUESTIONS)
def test_page_print_and_sheet_print_every_field(client: Client, question: dict[str, Any]):
    key = asked(client, question)["id"]
    content = kept(client, key)
    answer = read_stored([content])
    results = list(results_of(answer))
    told = question_text(answer.question)
    lines = [*told.sent, *told.read, *told.basis]
    parties = [each for result in results for each in counterparty_text(result.asked)]
    page = flat(unescape(re.sub(r"<[^<>]*>", "", client.get(f"/evidence/{key}").text)))
    printed = flat(pdf_text(client.get(f"/evidence/{key}.pdf").content))
    for each in (*lines, *parties):
        assert flat(f"{each.field}: {each.value}") in page
        # a font without the letter, and a word that is broken at the end of a line
        if each.value.isascii() and "-" not in each.value:
            assert flat(each.field) in printed, each
    stream = io.BytesIO()
    writer = result_writer("xlsx", stream)
    for number, each in enumerate(results):
        assert each.asked is not None
        row = ReadRow(number=number + 2, counterparty=each.asked, warnings=())
        rows = list(evidence_of(row, each, answer))
        asked_about = [json.loads(one.question) for one in rows if one.question is not None]
        assert read(Counterparty, asked_about[0]) == each.asked
        assert len(asked_about) == 1
        writer.add(rows)
    writer.finish(summary_of("t.xlsx", (), answer, Counts()))
    book = load_workbook(io.BytesIO(stream.getvalue()))
    summed = {(str(row[0]), str(row[1])) for row in book["Summary"].iter_rows(values_only=True)}
    for title, some in (("sent", told.sent), ("read", told.read), ("from", told.basis)):
        assert {(f"Question, {title}: {each.field}", each.value) for each in some} <= summed


def test_the_record_says_what_the_answer_comes_from(client: Client):
    answer = asked(client, WHOLE)
    basis = answer["question"]["basis"]
    listed = {each["code"]: each for each in answer["coverage"]["lists"]}
    assert {each["list_code"] for each in basis["editions"]} <= listed.keys()
    for each in basis["editions"]:
        told = client.get(f"/v1/lists/{each['list_code']}").json()["editions"]
        assert each["sha256"] in {one["sha256"] for one in told}
    assert {each["sha256"] for each in listed.values()} - {None} <= {
        each["sha256"] for each in basis["editions"]
    }
    assert basis["earlier_editions"]
    required = [code for code, each in listed.items() if each["role"] == "required"]
    assert (basis["required"], basis["profile"]) == (required, answer["coverage"]["profile"])
    register = client.get("/v1/register").json()
    assert basis["register"]["revision"] == register["revision"]
    assert re.fullmatch("[0-9a-f]{64}", basis["register"]["sha256"])
    assert basis["scorer"] == answer["scorer"]
    assert basis["version"] == client.get("/openapi.json").json()["info"]["version"]
    read_as = answer["question"]["read"]
    assert (read_as["threshold"], read_as["limit"], read_as["lists"]) == (0.8, 7, WHOLE["lists"])
    assert read_as["transaction"]["items"][0]["hs"] == "854231"
    assert answer["question"]["sent"]["transaction"]["items"][0]["hs"] == "8542.31"


def test_what_was_left_out_is_null_as_sent_and_filled_in_as_read(client: Client):
    question = asked(client, {"counterparties": [{"name": "Zimtstern Quedlinburg"}]})["question"]
    assert set(question["sent"].values()) <= {None, "first"}
    assert (question["read"]["threshold"], question["read"]["limit"]) == (0.6, 10)
    assert question["form"] == 1


def test_asked_again_a_kept_question_has_the_same_answer(client: Client):
    first = asked(client, WHOLE)
    second = asked(client, again(first))
    for fleeting in ("id", "asked_at"):
        del first[fleeting], second[fleeting]
    assert second == first


def test_nothing_of_a_question_is_kept_where_it_is_not_to_be(client: Client):
    answer = asked(client, {**WHOLE, "store": False})
    assert answer["id"] is None
    assert answer["question"]["sent"]["store"] is False


def test_an_answer_kept_before_says_that_its_question_was_not(client: Client):
    told = json.loads(kept(client, asked(client, WHOLE)["id"]))
    del told["question"]
    for each in told["results"]:
        del each["asked"]
    old = msgspec.json.decode(json.dumps(told), type=ScreeningAnswer)
    assert old.question is None
    assert question_text(old.question).missing == "The question was not kept then."
    assert counterparty_text(old.results[0].asked) == ()
