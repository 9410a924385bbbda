"""Goods, places and end uses over HTTP, by the register that comes with the program."""

import json

import pytest
from click.testing import CliRunner

from abeyance_screening.app.command_line import abeyance

PROBLEM = "application/problem+json"


def ask(client, **asked):
    days = {"as_of": "2026-11-24", "known_at": "2026-11-24"}
    answer = client.get("/v1/restrictions", params=days | asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


def statuses(restrictions) -> dict[str, str]:
    return {each["measure"]["id"]: each["measure"]["status"] for each in restrictions["met"]}


@pytest.mark.parametrize(
    ("asked", "as_of", "measure", "status"),
    [
        pytest.param(
            {"item": "crude oil", "origin": "RU", "destination": "US"},
            "2022-04-21",
            "us-ofac-russia-eo14066",
            "in_force_eased",
            id="Russian oil to the United States while older contracts are licensed",
        ),
        pytest.param(
            {"item": "crude oil", "origin": "RU", "destination": "US"},
            "2026-11-24",
            "us-ofac-russia-eo14066",
            "in_force",
            id="Russian oil to the United States",
        ),
        pytest.param(
            {"item": "coal", "origin": "RU", "destination": "GB"},
            "2022-08-09",
            "uk-russia-coal",
            "published_not_effective",
            id="Russian coal to the United Kingdom on the eve",
        ),
        pytest.param(
            {"item": "coal", "origin": "RU", "destination": "GB"},
            "2022-08-10",
            "uk-russia-coal",
            "in_force",
            id="Russian coal to the United Kingdom on the first day",
        ),
        pytest.param(
            {"item": "dysprosium oxide", "origin": "CN"},
            "2026-11-24",
            "cn-2025-18",
            "in_force",
            id="dysprosium, which was never suspended",
        ),
        pytest.param(
            {"item": "氧化镝", "origin": "CN"},
            "2025-04-04",
            "cn-2025-18",
            "in_force",
            id="dysprosium in Chinese on the first day",
        ),
        pytest.param(
            {"item": "gallium", "origin": "CN", "destination": "US"},
            "2025-12-01",
            "cn-2024-46-2",
            "suspended",
            id="gallium to the United States while the ban is suspended",
        ),
        pytest.param(
            {"item": "gallium", "origin": "CN", "destination": "US"},
            "2025-12-01",
            "cn-2023-23",
            "in_force",
            id="gallium to anywhere all the while",
        ),
        pytest.param(
            {"item": "gallium", "origin": "CN", "destination": "US"},
            "2026-11-26",
            "cn-2024-46-2",
            "suspended",
            id="gallium on the last suspended day",
        ),
        pytest.param(
            {"item": "gallium", "origin": "CN", "destination": "US"},
            "2026-11-27",
            "cn-2024-46-2",
            "in_force_by_lapse",
            id="gallium on the day after",
        ),
        pytest.param(
            {"item": "gallium", "origin": "CN", "destination": "US"},
            "2027-02-01",
            "cn-2024-46-2",
            "in_force_by_lapse",
            id="gallium long after",
        ),
        pytest.param(
            {"item": "graphite", "origin": "CN"},
            "2026-11-24",
            "cn-2023-39",
            "in_force",
            id="graphite",
        ),
        pytest.param(
            {"item": "3B001.f", "origin": "US", "destination": "CN"},
            "2026-11-24",
            "us-bis-semiconductor-equipment",
            "in_force",
            id="lithography to China by its control code",
        ),
        pytest.param(
            {"item": "EUV lithography scanner", "origin": "US", "destination": "CN"},
            "2026-11-24",
            "us-bis-semiconductor-equipment",
            "in_force",
            id="lithography to China in words",
        ),
    ],
)
def test_a_transaction_meets_its_measure_with_the_status_of_the_day(
    client, asked, as_of, measure, status
):
    assert statuses(ask(client, **asked, as_of=as_of))[measure] == status


def test_what_met_is_shown_and_vague_words_meet_nothing(client):
    met = ask(client, item="dysprosium oxide", origin="CN")["met"]
    (found,) = [each for each in met if each["measure"]["id"] == "cn-2025-18"]
    item, origin = found["facts"]
    assert (item["item"], item["given"], item["by"], item["meets"]) == (
        0,
        "dysprosium oxide",
        "words",
        "dysprosium",
    )
    assert (origin["fact"], origin["given"], origin["item"]) == ("origin", "CN", None)
    vague = ask(client, item="machine parts", origin="CN", destination="BR", end_use="civil")
    assert vague["met"] == []
    assert any("only in words" in note for note in vague["notes"])


def test_gallium_to_another_country_does_not_meet_what_names_the_united_states(client):
    found = ask(client, item="gallium", origin="CN", destination="DE")
    assert "cn-2023-23" in statuses(found)
    every = found["met"] + found["ended"]
    assert "cn-2024-46-2" not in {each["measure"]["id"] for each in every}
    assert "cn-2024-46-2" not in {each["id"] for each in found["open_questions"]}


def test_a_destination_left_out_is_asked_for(client):
    found = ask(client, item="gallium", origin="CN")
    (question,) = [each for each in found["open_questions"] if each["id"] == "cn-2024-46-2"]
    assert "destination" in question["asks"]
    assert "the United States" in question["question"]


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        pytest.param({}, "item", id="nothing"),
        pytest.param({"item": ""}, "item[0].description", id="an empty item"),
        pytest.param({"item": ["graphite", "12345"]}, "item[1].hs", id="five digits"),
        pytest.param({"origin": "XX"}, "origin", id="no country"),
        pytest.param({"destination": "China"}, "destination", id="a country's name"),
        pytest.param({"end_use": "war"}, "end_use", id="a use there is not"),
        pytest.param({"items": "graphite"}, "items", id="a parameter there is not"),
    ],
)
def test_a_question_that_cannot_be_read_names_its_parameter(client, asked, field):
    answer = client.get("/v1/restrictions", params=asked)
    assert (answer.status_code, answer.headers["content-type"]) == (400, PROBLEM)
    assert [each["field"] for each in answer.json()["errors"]] == [field]


def screen(client, **more):
    body = {"counterparties": [{"name": "Acme Optics"}, {"name": "Hikvision"}], **more}
    answer = client.post("/v1/screenings", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_screening_without_a_transaction_has_six_open_questions_and_counts_the_others(client):
    answer = screen(client)
    restrictions = answer["restrictions"]
    assert restrictions["transaction"] is None
    assert restrictions["met"] == []
    assert len(restrictions["open_questions"]) == 6
    assert restrictions["more_questions"] > 200
    assert all(each["question"].endswith("?") for each in restrictions["open_questions"])
    assert len(json.dumps(restrictions)) < 5_000
    assert [each["hits"] == [] for each in answer["results"]] == [True, False]


def test_a_screening_has_every_open_question_if_all_are_asked_for(client):
    first = screen(client)["restrictions"]
    every = screen(client, questions="all")["restrictions"]
    asked = {each["id"] for each in every["open_questions"]}
    assert {"cn-2025-18", "cn-2023-39"} <= asked
    assert (len(asked), every["more_questions"]) == (6 + first["more_questions"], 0)
    assert every["open_questions"][:6] == first["open_questions"]
    # brief, for an answer that asks for all carries them: some 370 bytes a question
    assert len(json.dumps(every)) < 400 * len(asked)


def test_a_screening_with_a_transaction_says_what_reaches_it_and_changes_no_outcome(client):
    transaction = {
        "items": [{"description": "powder", "hs": "2846.90"}, {"control_code": "3A090.a"}],
        "origin": "CN",
        "destination": "US",
    }
    plain, answer = screen(client), screen(client, transaction=transaction)
    assert [each["outcome"] for each in answer["results"]] == [
        each["outcome"] for each in plain["results"]
    ]
    assert answer["restrictions"]["transaction"]["items"][0]["hs"] == "284690"
    assert answer["restrictions"]["as_of"] == answer["as_of"]
    again = client.get(f"/v1/screenings/{answer['id']}")
    assert again.json() == answer


@pytest.mark.parametrize(
    ("transaction", "field"),
    [
        pytest.param({}, "transaction.items", id="nothing"),
        pytest.param({"items": [{}]}, "transaction.items[0]", id="an empty item"),
        pytest.param(
            {"items": [{"hs": "28469"}]}, "transaction.items[0].hs", id="an HS code of five digits"
        ),
        pytest.param({"origin": "XX"}, "transaction.origin", id="no country"),
        pytest.param({"goods": []}, "transaction.goods", id="a field there is not"),
    ],
)
def test_a_transaction_that_cannot_be_read_names_its_field(client, transaction, field):
    body = {"counterparties": [{"name": "Acme"}], "transaction": transaction}
    answer = client.post("/v1/screenings", json=body)
    assert answer.status_code == 400
    assert [each["field"] for each in answer.json()["errors"]] == [field]


def test_a_search_says_nothing_of_goods(client):
    assert "restrictions" not in client.get("/v1/search", params={"name": "Hikvision"}).json()


def test_the_command_line_gives_the_same_answer(client, listed_database, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", listed_database)
    monkeypatch.setenv("COLUMNS", "300")
    asked = ["--item", "dysprosium oxide", "--origin", "CN", "--destination", "US"]
    day = ["--as-of", "2026-11-24", "--known-at", "2026-11-24"]
    printed = CliRunner().invoke(abeyance, ["restrictions", *asked, *day, "--json"])
    assert json.loads(printed.output) == ask(
        client, item="dysprosium oxide", origin="CN", destination="US"
    )
    table = CliRunner().invoke(abeyance, ["restrictions", *asked, *day])
    assert table.exit_code == 0
    assert "cn-2025-18" in table.output
    assert "dysprosium oxide, by words dysprosium: dysprosium" in table.output
