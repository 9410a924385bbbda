"""The spreadsheet page, step by step, with a script's requests and without a script."""

import csv
import io
import re
from http import HTTPStatus
from typing import Any

import msgspec
import openpyxl
import pytest
from litestar import Litestar
from litestar.testing import TestClient

type Client = TestClient[Litestar]

DAY = {"as_of": "2026-11-24", "known_at": "2026-11-24"}
TABLE = b"Company,Country\nHikvision,China\n,FR\nAcme Optics,DE\n"
FILE = {"file": ("t.csv", TABLE, "text/csv")}
RULE = "us-bis-affiliates-rule"


def read(client: Client, files: Any = FILE) -> dict[str, Any]:
    answer = client.post("/spreadsheet/read", files=files)
    assert answer.status_code == HTTPStatus.OK
    return answer.json()


def batch(table: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "name": table["name"],
        "described": table["described"],
        "columns": table["columns"],
        "fields": table["guessed"],
        "rows": table["rows"],
        **DAY,
        **more,
    }


def screened(client: Client, **more: Any) -> dict[str, Any]:
    answer = client.post("/spreadsheet/screen", json=batch(read(client), **more))
    assert answer.is_success, answer.text
    return answer.json()


def screenings(client: Client) -> set[str]:
    """The ids of evidence rows that can be had again."""
    ids = {row["screening_id"] for row in screened(client, keep=True)["rows"]}
    return {each for each in ids if each is not None}


def test_no_other_site_makes_this_one_keep_a_screening(client: Client):
    foreign = {"sec-fetch-site": "cross-site"}
    body = batch(read(client))
    refused = client.post("/spreadsheet/screen", json=body, headers=foreign)
    assert refused.status_code == 403


def test_a_table_is_read_with_guesses(client: Client):
    table = read(client)
    assert table["guessed"] == ["name", "country"]
    assert [row["number"] for row in table["rows"]] == [2, 3, 4]


PARTIES = (
    b"Sold-to;Verbleib;Note\nQuixotic Zeppelin Works;Rosoboronexport OAO;x\n"
    b'Acme Optics;Nordlicht GmbH;"a\nb"\n'
)


def test_columns_that_look_like_names_are_asked_about_and_what_is_left_is_told(client: Client):
    table = read(client, {"file": ("t.csv", PARTIES, "text/csv")})
    assert table["guessed"] == ["name", "party", None]
    assert "The cells of Verbleib look like names" in table["doubt"]
    assert table["notes"] == ["2 rows in 3 lines", "1 cell with line ends, in row 3"]
    sent = batch(table, notes=table["notes"], store=True, row_count=2)
    done = client.post("/spreadsheet/screen", json=sent).json()
    assert done["counts"]["rows"] == 4
    assert len({line["place"] for line in done["lines"]}) == len(done["lines"])
    told = done["summary"]["read_as"]
    assert told == [
        "CSV, UTF-8, separated by semicolons",
        "name: Sold-to",
        "another party: Verbleib",
        "not read: Note",
        *table["notes"],
    ]
    kept = client.get(f"/spreadsheet/{done['result']}/lines").json()
    assert kept["head"]["read_as"] == told
    assert "another party: Verbleib" in client.get(f"/spreadsheet/{done['result']}?plain=yes").text


def test_without_a_script_what_is_left_of_a_table_is_told_too(client: Client):
    shown = client.post("/spreadsheet", files={"file": ("t.csv", PARTIES, "text/csv")}).text
    assert "1 cell with line ends, in row 3" in shown
    assert "The cells of Verbleib look like names" in shown


def test_rows_are_screened_and_lines_say_what_needs_a_look(client: Client):
    done = screened(client)
    outcomes = [line["outcome"] for line in done["lines"]]
    assert sorted(set(outcomes), key=outcomes.index) == ["hits", "unreadable", "incomplete"]
    assert done["lines"][0]["party"].startswith("Hangzhou Hikvision")
    assert done["counts"]["rows"] == 3
    assert done["lines"][0]["badge"].startswith("In force")
    assert RULE in done["lines"][0]["measures"]
    assert (done["result"], len(done["parties"])) == (None, len(done["lines"]))
    assert done["summary"]["table"] == "t.csv"


def test_nothing_is_kept_unless_keep_is_ticked(client: Client):
    ids = {row["screening_id"] for row in screened(client)["rows"]}
    assert ids == {None}
    (key,) = screenings(client)
    assert client.get(f"/v1/screenings/{key}").status_code == HTTPStatus.OK


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_results_are_written_with_every_column(client: Client, kind: str):
    done = screened(client)
    head = {"kind": kind, "summary": done["summary"], "parties": len(done["parties"])}
    lines = [head, *done["parties"], *done["rows"]]
    answer = client.post("/spreadsheet/write", content=b"\n".join(map(msgspec.json.encode, lines)))
    assert answer.is_success, answer.text
    if kind == "csv":
        header = answer.content.decode("utf-8-sig").splitlines()[0]
        assert header.split(",")[:3] == ["row", "counterparty_id", "counterparty"]
        return
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book["To review"]["D2"].value == done["parties"][0]["party"]
    header = [cell.value for cell in book["Results"][1]]
    assert {"Badge", "Sentence", "Citations", "Links", "Scorer"} <= set(header)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"file": ("t.exe", b"MZ", "text/csv")}, "csv, xlsx, jsonl"),
        ({"file": ("t.csv", b"", "text/csv")}, "is empty"),
        ({"file": ("t.xlsx", b"no workbook", "text/csv")}, "file"),
        ({"pasted": (None, "")}, "choose a file"),
    ],
    ids=["another kind", "empty", "broken", "nothing"],
)
def test_what_is_no_table_is_refused_in_a_sentence(client: Client, files: Any, said: str):
    answer = client.post("/spreadsheet/read", files=files)
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert said in answer.json()["detail"]


@pytest.mark.parametrize(
    "wrong",
    [{"fields": ["name"]}, {"fields": [None, None]}, {"rows": []}, {"threshold": 2}, {"x": 1}],
    ids=["too few fields", "no name", "no rows", "score", "unknown field"],
)
def test_a_batch_that_cannot_be_read_is_refused(client: Client, wrong: dict[str, Any]):
    answer = client.post("/spreadsheet/screen", json=batch(read(client), **wrong))
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert answer.json()["detail"]


def hidden(shown: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', shown))


def test_without_a_script_a_table_travels_in_the_form(client: Client):
    columns = client.post("/spreadsheet", files=FILE, data=DAY)
    assert columns.status_code == HTTPStatus.OK
    assert 'value="name" selected' in columns.text
    carried = hidden(columns.text)
    fields = {"field": ["name", "country"]}
    results = client.post("/spreadsheet/results", data=carried | fields)
    assert results.status_code == HTTPStatus.OK, results.text[:500]
    assert "With hits: 1" in results.text
    assert "Unreadable: 1" in results.text
    file = client.post("/spreadsheet/results", data=carried | fields | {"format": "xlsx"})
    assert "Results" in openpyxl.load_workbook(io.BytesIO(file.content)).sheetnames


def test_without_a_script_a_table_must_be_small(client: Client):
    rows = "".join(f"Nobody {number}\n" for number in range(1_001))
    refused = client.post("/spreadsheet", files={"file": ("t.csv", f"Name\n{rows}".encode())})
    assert refused.status_code == HTTPStatus.BAD_REQUEST
    assert "more than 1,000 rows" in refused.text


def test_a_table_that_names_nobody_can_be_told_which_column_is_the_name(client: Client):
    columns = client.post("/spreadsheet", files={"file": ("t.csv", b"A,B\nHikvision,x\n")})
    assert "No column header looks like a name" in columns.text
    carried = hidden(columns.text)
    results = client.post("/spreadsheet/results", data=carried | {"field": ["name", "-"]})
    assert "With hits: 1" in results.text


def kept(client: Client, rows: list[list[Any]], **more: Any) -> dict[str, Any]:
    table = {"name": "t.csv", "described": "t", "columns": ["Name"], "fields": ["name"], **DAY}
    sent = [{"number": number, "cells": cells} for number, cells in enumerate(rows, start=2)]
    answer = client.post("/spreadsheet/screen", json=table | {"rows": sent, "store": True} | more)
    assert answer.is_success, answer.text
    return answer.json()


def test_results_stay_at_their_address_part_by_part_until_they_are_deleted(client: Client):
    first = kept(client, [["Hikvision"], ["Acme Optics"]], row_count=4)
    key = first["result"]
    assert (first["rows"], first["parties"]) == ([], [])
    again = kept(client, [["Hikvision"], ["Acme Optics"]], row_count=4, result=key)
    assert again["result"] == key
    kept(client, [["Acme Tools"]], row_count=4, result=key, part=1)
    shown = client.get(f"/spreadsheet/{key}/lines").json()
    assert shown["head"]["row_count"] == 4
    assert [each["counts"]["rows"] for each in shown["parts"]] == [2, 1]
    assert shown["parts"][0]["lines"] == first["lines"]
    parties = client.get(f"/spreadsheet/{key}/parties/0").json()
    assert [each["place"] for each in parties] == [each["place"] for each in first["lines"]]
    plain = client.get(f"/spreadsheet/{key}", params={"plain": "yes"}).text
    assert "Hangzhou Hikvision" in plain
    assert "Not finished: 3 of 4 rows were screened." in plain
    place = first["lines"][0]["place"]
    for chosen, rows in (({}, 3), ({"place": place}, 1)):
        form = {"format": "xlsx"} | chosen
        content = client.post(f"/spreadsheet/{key}/write", data=form).content
        book = openpyxl.load_workbook(io.BytesIO(content))
        read = [row[1] for row in book["Summary"].iter_rows(values_only=True)]
        assert "Only 3 of 4 rows were screened." in read
        assert {str(row[0].value) for row in book["Results"].iter_rows(min_row=2)} == {"2"}
        assert book["Without hits"].max_row == rows
    gone = client.post(f"/spreadsheet/{key}/delete", follow_redirects=False)
    assert gone.headers["location"] == "/spreadsheet?deleted=yes"
    for path in ("", "/lines", "/parties/0"):
        assert client.get(f"/spreadsheet/{key}{path}").status_code == HTTPStatus.NOT_FOUND
    late = {"rows": [{"number": 9, "cells": ["A1"]}], "store": True, "result": key, **DAY}
    table = {"name": "t", "described": "t", "columns": ["Name"], "fields": ["name"]}
    refused = client.post("/spreadsheet/screen", json=table | late)
    assert (refused.status_code, refused.json()["detail"]) == (
        HTTPStatus.NOT_FOUND,
        "These results are not kept here: they were deleted.",
    )


def test_results_are_deleted_over_the_api_once(client: Client):
    address = f"/v1/spreadsheets/{kept(client, [['Acme Optics']])['result']}"
    statuses = [client.delete(address).status_code for _ in range(2)]
    assert statuses == [HTTPStatus.NO_CONTENT, HTTPStatus.NOT_FOUND]


def test_without_a_script_results_are_kept_at_an_address_too(client: Client):
    columns = client.post("/spreadsheet", files=FILE, data=DAY | {"where": "service"})
    form = hidden(columns.text) | {"field": ["name", "country"]}
    shown = client.post("/spreadsheet/results", data=form)
    assert re.fullmatch(r"/spreadsheet/[0-9a-f-]{36}", shown.url.path)
    assert "With hits: 1" in shown.text


def test_a_form_that_is_sent_twice_stores_once(client: Client):
    """By a second click or a reload; with other fields it counts as another."""
    columns = client.post("/spreadsheet", files=FILE, data=DAY | {"keep": "yes"})
    form = hidden(columns.text) | {"field": ["name", "country"]}
    kept_here = form | {"where": "service"}
    first, second = (client.post("/spreadsheet/results", data=kept_here) for _ in range(2))
    assert first.url.path == second.url.path != "/spreadsheet/results"
    other = client.post("/spreadsheet/results", data=kept_here | {"threshold": "0.9"})
    assert other.url.path not in {first.url.path, "/spreadsheet/results"}
    shown = client.post("/spreadsheet/results", data=form)
    again = hidden(shown.text) | {"field": ["name", "country"], "format": "csv"}
    ids = [
        [row["screening_id"] for row in csv.DictReader(io.StringIO(file.text))]
        for file in (client.post("/spreadsheet/results", data=each) for each in (again, again))
    ]
    assert ids[0] == ids[1]
    assert any(ids[0])
    answer = client.get("/", params={"name": "Hikvision"} | DAY)
    printed = hidden(answer.text) | {"name": "Hikvision"}
    made = [client.post("/evidence", data=printed).url.path for _ in range(2)]
    assert (
        made[0]
        == made[1]
        != client.post("/evidence", data=printed | {"threshold": "0.9"}).url.path
    )
    refused = client.post("/evidence", data=printed | {"once": "x"})
    assert refused.status_code == HTTPStatus.BAD_REQUEST
