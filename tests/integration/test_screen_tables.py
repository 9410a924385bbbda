"""`abeyance screen` as its user runs it: tables and names, here and on a service elsewhere."""

import csv
import io
import json
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import msgspec
import pytest
import uvicorn
from openpyxl import Workbook, load_workbook

from abeyance_screening.app.application import create_app
from abeyance_screening.app.command_line import run
from abeyance_screening.engine.screening.answer import ScreeningAnswer, TextAnswer
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.engine.tables import EvidenceRow
from abeyance_screening.features.screen.cli_output import EXIT_INCOMPLETE
from abeyance_screening.features.tables import cli as batches
from abeyance_screening.platform.settings import Settings
from tests.served import is_ready, wait_for

DAY = ("--as-of", "2026-11-24", "--known-at", "2026-11-24")
TABLE = """Nr;Firma;Land;Anteilseigner
1;Rosoboronexport;Russland;
2;Quixotic Zeppelin Works;DE;
3;;DE;
4;Zeppelin Holding;Narnia;Rosoboronexport (60 %)
"""


class Ran(msgspec.Struct, frozen=True):
    code: int
    out: str
    err: str


type Run = Callable[..., Ran]


@pytest.fixture
def abeyance(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, listed_database: str
) -> Run:
    """Runs one command on the data of this module."""
    monkeypatch.setenv("DATABASE_URL", listed_database)
    monkeypatch.setenv("COLUMNS", "80")

    def once(*words: str) -> Ran:
        monkeypatch.setattr(sys, "argv", ["abeyance", *words])
        code: object = 0
        try:
            run()
        except SystemExit as left:
            code = left.code
        said = capsys.readouterr()
        return Ran(code if isinstance(code, int) else 0, said.out, said.err)

    return once


@pytest.fixture(scope="module")
def url(listed_database: str, bundled_index: ListingIndex) -> Iterator[str]:
    """A service that answers from the same data, elsewhere."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    app = create_app(Settings(data_dir=Path(), database_url=listed_database), bundled_index)
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    address = f"http://127.0.0.1:{port}"
    wait_for(lambda: is_ready(address), "a service that is ready")
    yield address
    server.should_exit = True
    thread.join()


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "parties.csv"
    path.write_bytes(TABLE.encode("cp1252"))
    return path


def records(path: Path) -> list[dict[str, str]]:
    text = path.read_text("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_table_is_screened_on_the_data_of_this_machine(abeyance: Run, table: Path):
    out = table.with_name("results.csv")
    ran = abeyance("screen", str(table), "--out", str(out), *DAY)
    assert ran.code == 3
    assert "name (guessed): Firma" in ran.err
    assert "4 rows: 1 with hits, 1 with hits of owners, 1 incomplete" in ran.err
    rows = records(out)
    assert {row["row"] for row in rows} == {"2", "3", "4", "5"}
    of = {number: [row for row in rows if row["row"] == number] for number in "2345"}
    assert {row["list"] for row in of["2"]} >= {"us_ofac_sdn"}
    assert all(row["status"] and row["citations"] for row in of["2"] if row["kind"] == "hit")
    assert [row["outcome"] for row in of["3"]] == ["incomplete"]
    assert of["3"][0]["coverage"].startswith("incomplete: ")
    assert [(row["kind"], row["reason"]) for row in of["4"]] == [("unreadable", "Firma: is empty")]
    assert {row["kind"] for row in of["5"]} >= {"owner", "ownership_rule"}
    assert of["5"][0]["warnings"] == "Land: 'Narnia' is no country we know; left out"
    assert not out.with_name("results.csv.journal").exists()


def test_a_service_elsewhere_gives_the_same_rows(abeyance: Run, table: Path, url: str):
    here, there = table.with_name("here.jsonl"), table.with_name("there.jsonl")
    assert abeyance("screen", str(table), "--out", str(here), *DAY).code == 3
    assert abeyance("screen", str(table), "--out", str(there), *DAY, "--url", url).code == 3
    rows = [
        [
            msgspec.structs.replace(
                msgspec.json.decode(line, type=EvidenceRow), screening_id=None, asked_at=None
            )
            for line in path.read_bytes().splitlines()
        ]
        for path in (here, there)
    ]
    assert rows[0] == rows[1]
    assert len(rows[0]) > 4


def test_a_service_elsewhere_may_be_told_to_keep_nothing(abeyance: Run, table: Path, url: str):
    def is_kept(*options: str) -> set[bool]:
        lines = abeyance("screen", str(table), "--json", *DAY, "--url", url, *options).out
        rows = [msgspec.json.decode(line, type=EvidenceRow) for line in lines.splitlines()]
        return {each.screening_id is not None for each in rows if each.kind == "hit"}

    assert (is_kept(), is_kept("--no-store")) == ({True}, {False})


def test_a_workbook_comes_out_with_its_lists(abeyance: Run, table: Path, url: str):
    out = table.with_name("results.xlsx")
    assert abeyance("screen", str(table), "--out", str(out), *DAY, "--url", url).code == 3
    book = load_workbook(out, read_only=True)
    summary = {row[0]: row[1] for row in book["Summary"].iter_rows(values_only=True)}
    assert summary["Table"] == "parties.csv"
    assert summary["Rows that could not be read"] == 1
    assert len(list(book["Lists"].iter_rows())) > 20


def test_an_interrupted_run_goes_on_where_it_was(
    abeyance: Run, tmp_path: Path, url: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(batches, "ROWS_IN_A_BATCH", 2)
    table, out = tmp_path / "many.csv", tmp_path / "out.csv"
    table.write_text("Name\n" + "".join(f"Zeppelin {place}\n" for place in range(6)))
    journal, asked = tmp_path / "out.csv.journal", list[int]()
    post = httpx.Client.request

    def stopping(client: httpx.Client, *args: object, **kwargs: object) -> httpx.Response:
        asked.append(1)
        if len(asked) == 2:
            raise KeyboardInterrupt
        return post(client, *args, **kwargs)  # pyright: ignore[reportArgumentType]

    monkeypatch.setattr(httpx.Client, "request", stopping)
    stopped = abeyance("screen", str(table), "--out", str(out), *DAY, "--url", url)
    assert stopped.code == 130
    assert "2 of 6 rows are done; run the same command again to continue." in stopped.err
    assert stopped.err.rstrip().endswith("abeyance: stopped")
    assert not out.exists()
    assert journal.exists()

    other = abeyance(
        "screen", str(table), "--out", str(out), "--as-of", "2026-11-23", "--url", url
    )
    assert other.code == 1
    assert "as of was 2026-11-24 and is 2026-11-23" in other.err
    table.write_text(table.read_text() + "One more\n")
    changed = abeyance("screen", str(table), "--out", str(out), *DAY, "--url", url)
    assert "the table has changed; start again with --restart" in changed.err
    table.write_text(table.read_text().removesuffix("One more\n"))

    done = abeyance("screen", str(table), "--out", str(out), *DAY, "--url", url)
    assert done.code == 4
    assert "Resuming: 2 of 6 rows are done" in done.err
    assert [row["counterparty"] for row in records(out)] == [f"Zeppelin {n}" for n in range(6)]
    assert len(asked) == 4
    assert not journal.exists()


def test_rows_on_another_sheet_are_never_status_0(abeyance: Run, tmp_path: Path, url: str):
    table = tmp_path / "two sheets.xlsx"
    book = Workbook()
    first = book.active
    assert first is not None
    first.append(("Company", "Country"))
    first.append(("Plain Bakery of Lower Wherever", "DE"))
    book.create_sheet("Lieferanten").append(("Rosoboronexport",))
    book.save(table)
    days = ("--as-of", "2026-07-31", "--known-at", "2026-07-31", "--list", "us_bis_el")
    for more in ((), ("--sheet", "Sheet"), ("--out", str(tmp_path / "out.csv"))):
        ran = abeyance("screen", str(table), *days, *more, "--url", url)
        assert ran.code == EXIT_INCOMPLETE, ran.out + ran.err
        assert "Lieferanten" in ran.out + ran.err
    (_, left) = records(tmp_path / "out.csv")
    assert left["kind"] == "unreadable"
    assert "'Lieferanten' was not read (1 row)" in left["reason"]


def test_without_out_the_results_are_printed(abeyance: Run, table: Path, url: str):
    shown = abeyance("screen", str(table), *DAY, "--url", url)
    assert shown.code == 3
    assert "row 4: Firma: is empty" in shown.out
    lines = shown.out.splitlines()
    assert lines[0].startswith("row 2: ")
    assert len({each for each in lines if each.startswith("row ")}) == 3
    lines = abeyance("screen", str(table), "--json", *DAY, "--url", url).out.splitlines()
    kinds = {json.loads(line)["kind"] for line in lines}
    assert kinds >= {"hit", "none", "unreadable", "owner"}


def test_names_are_asked_elsewhere_too(abeyance: Run, url: str):
    shown = abeyance("screen", "Hikvison", "--list", "us_bis_el", *DAY, "--url", url)
    assert shown.code == 3
    assert "Hikvison: 1 listing, 1 open question" in shown.out
    answer, *lines = shown.out.splitlines()
    company = "Hangzhou Hikvision Digital Technology Co., Ltd."
    assert answer.startswith(f"Hikvison ({company}): on one list, Entity List. In force on ")
    (line,) = (each for each in lines if "Hangzhou Hikvision" in each)
    assert "(CN) · In force: licence required" in line
    assert line.endswith(" · Entity List · 1 more measure")
    long = abeyance("screen", "Hikvison", "--list", "us_bis_el", "--long", *DAY, "--url", url)
    assert "In force since 10 Nov 2026 — unconfirmed" in long.out
    ran = abeyance("screen", "Hikvison", "--list", "us_bis_el", "--json", *DAY, "--url", url)
    assert msgspec.json.decode(ran.out, type=ScreeningAnswer).results[0].total == 1
    calm = abeyance("screen", "Hikvison", "--list", "us_bis_el", "--exit-zero", "--url", url)
    assert calm.code == 0


def test_a_text_is_screened_for_the_names_in_it(abeyance: Run, tmp_path: Path, url: str):
    text = tmp_path / "contract.txt"
    text.write_text("Cameras of Hikvison, as agreed.", encoding="utf-8")
    asked = ("screen", "--text", str(text), "--list", "us_bis_el", *DAY, "--url", url)
    shown = abeyance(*asked)
    assert shown.code == 3
    assert "(CN) · In force: licence required" in shown.out
    assert "      11-19  Hikvison\n" in shown.out
    assert msgspec.json.decode(abeyance(*asked, "--json").out, type=TextAnswer).total == 1
    text.write_bytes(b"\xff\xfe")
    assert "--text: is not a text in UTF-8" in abeyance(*asked).err
    assert "cannot be combined with --text" in abeyance(*asked, "Hikvison").err


def test_a_list_of_ones_own_never_gets_old_so_nothing_found_is_status_0(
    abeyance: Run, tmp_path: Path, url: str
):
    own = tmp_path / "own.csv"
    own.write_text("id,name\n1,Haldenwang Ventile GmbH\n")
    assert abeyance("load", "tested_own_list", "--file", str(own)).code == 0
    asked = ("screen", "Zeppelin", "--list", "tested_own_list", "--url", url)
    wait_for(lambda: abeyance(*asked).code != 1, "the list is taken in")
    assert abeyance(*asked).code == 0


@pytest.mark.parametrize(
    ("command", "told"),
    [
        pytest.param(
            ("measures", "--status", "suspended", *DAY), "Suspended until", id="measures"
        ),
        pytest.param(("calendar", "--jurisdiction", "CN", *DAY), "27 Nov 2026", id="calendar"),
        pytest.param(("lists",), "us_bis_el", id="lists"),
        pytest.param(
            ("restrictions", "--item", "gallium", "--origin", "CN", *DAY), "cn-2023-23", id="goods"
        ),
    ],
)
def test_the_other_commands_ask_elsewhere_and_say_the_same(
    abeyance: Run, url: str, command: tuple[str, ...], told: str
):
    assert told in " ".join(abeyance(*command, "--url", url).out.split())
    here, there = abeyance(*command, "--json"), abeyance(*command, "--json", "--url", url)
    assert (here.code, there.code) == (0, 0)
    assert json.loads(here.out) == json.loads(there.out)


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(("screen", ""), id="no name"),
        pytest.param(("screen", "Acme", "x" * 501), id="a name too long"),
        pytest.param(("screen", "Acme", "--country", "cn"), id="a country in small letters"),
        pytest.param(("screen", "Acme", "--country", "ZZ"), id="no country"),
        pytest.param(("screen", "Acme", "--list", "nope"), id="no list"),
        pytest.param(("measures", "--jurisdiction", "Mars"), id="no jurisdiction"),
        pytest.param(("calendar", "--measure", "x" * 201), id="a measure too long"),
        pytest.param(("restrictions", "--item", "gallium", "--origin", "cn"), id="an origin"),
        pytest.param(("restrictions", "--item", ""), id="an item without a letter"),
    ],
)
def test_what_is_refused_is_refused_for_the_same_reason_here(
    abeyance: Run, url: str, words: tuple[str, ...]
):
    here, there = abeyance(*words), abeyance(*words, "--url", url)
    assert (here.code, there.code) == (1, 1)
    assert here.err == there.err.replace("The service refused the question: ", "")


def test_what_a_service_asks_of_its_callers_is_not_asked_of_a_command(
    abeyance: Run, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("ABEYANCE_ACCESS", "keys")
    monkeypatch.setenv("ABEYANCE_OPEN_LIMITS", "counterparties_per_day=1")
    ran = abeyance("screen", "Acme", "Zeppelin", "--exit-zero", "--json", *DAY)
    assert (ran.code, ran.err) == (0, "")
    answer = msgspec.json.decode(ran.out, type=ScreeningAnswer)
    assert (len(answer.results), answer.stored, answer.id) == (2, False, None)


def test_a_calendar_can_be_fetched_as_a_file(abeyance: Run, url: str, tmp_path: Path):
    file = tmp_path / "coming.ics"
    assert abeyance("calendar", "--ics", str(file), *DAY, "--url", url).code == 0
    assert file.read_bytes().startswith(b"BEGIN:VCALENDAR")


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        pytest.param(("missing.csv",), "missing.csv: there is no such file", id="no such table"),
        pytest.param(("old.xls",), "old.xls: there is no such file", id="no such old table"),
        pytest.param((), "NAME: is missing; give names, or a table", id="nothing"),
        pytest.param(("{table}", "Acme"), "is a table; give it alone", id="two kinds"),
        pytest.param(
            ("Acme", "--file", "{table}"), "cannot be combined with names", id="file and name"
        ),
        pytest.param(("Acme", "--out", "x.csv"), "is only for a table", id="out without a table"),
        pytest.param(("{table}", "--out", "x.pdf"), "ends in none of .xlsx", id="out as what"),
        pytest.param(("{table}", "--out", "{table}"), "is the table itself", id="out is in"),
        pytest.param(("{table}", "--out", "no/x.csv"), "there is no folder no", id="no folder"),
        pytest.param(("{table}", "--country", "DE"), "is only for names", id="country of a table"),
        pytest.param(("{table}", "--map", "name=X"), "--map: no column is called", id="column"),
        pytest.param(("{table}", "--encoding", "klingon"), "is no known encoding", id="what"),
        pytest.param(("{table}", "--list", "nope"), "no list is called 'nope'", id="no list"),
    ],
)
def test_wrong_input_is_one_line(
    abeyance: Run, table: Path, url: str, words: tuple[str, ...], reason: str, tmp_path: Path
):
    given = (word.replace("{table}", str(table)) for word in words)
    ran = abeyance("screen", *given, "--url", url)
    assert ran.code == 1
    last = ran.err.strip().splitlines()[-1]
    assert last.startswith("abeyance: ")
    assert reason in last
    assert not list(tmp_path.glob("*.part"))


def test_a_service_that_is_not_there_is_one_line(abeyance: Run):
    ran = abeyance("screen", "Acme", "--url", "http://127.0.0.1:9")
    assert ran.code == 1
    assert ran.err.startswith(
        "abeyance: The service gave no usable answer: http://127.0.0.1:9: cannot"
    )
    assert len(ran.err.strip().splitlines()) == 1


DELIVERIES = Path(__file__).parents[1] / "fixtures" / "tables" / "sap_deliveries.csv"


def test_every_party_of_a_delivery_is_screened_by_itself(abeyance: Run, tmp_path: Path, url: str):
    out = tmp_path / "results.csv"
    ran = abeyance("screen", str(DELIVERIES), "--out", str(out), *DAY, "--url", url)
    assert ran.code == 3
    assert "name (guessed): Name of sold-to party" in ran.err
    assert "another party (guessed): Sold-To Pt, Ship-To, Name of the ship-to party" in ran.err
    rows = records(out)
    hits = {(row["row"], row["counterparty"], row["name_column"]) for row in rows if row["list"]}
    assert hits == {("2", "Rosoboronexport OAO", "Name of the ship-to party")}
    shown = abeyance("screen", str(DELIVERIES), *DAY, "--url", url)
    assert [line for line in shown.out.splitlines() if line.startswith("row ")] == [
        "row 2: Rosoboronexport OAO"
    ]
    out = tmp_path / "results.xlsx"
    assert abeyance("screen", str(DELIVERIES), "--out", str(out), *DAY, "--url", url).code == 3
    told = [row[1] for row in load_workbook(out)["Summary"].iter_rows(values_only=True)]
    assert "not read: Delivery, Deliv. date" in told


def test_a_quote_left_open_is_no_clear_answer(abeyance: Run, tmp_path: Path, url: str):
    table = tmp_path / "parties.csv"
    table.write_text('Name;Country\n"Alpha;DE\nRosoboronexport;RU\nBeta";FR\n')
    ran = abeyance("screen", str(table), *DAY, "--url", url)
    assert ran.code == 1
    assert "none of its 1 rows can be read; row 2: lines 2 to 4 are one row by a quote" in ran.err
    table.write_text(table.read_text() + "Quixotic Zeppelin Works;DE\n")
    ran = abeyance("screen", str(table), *DAY, "--url", url)
    assert ran.code == 4
    assert "2 rows in 4 lines" in ran.err
    assert "left out: row 2: lines 2 to 4 are one row by a quote that is left open" in ran.err


def test_a_column_that_looks_like_names_is_screened_unless_it_is_left_out(
    abeyance: Run, tmp_path: Path, url: str
):
    table = tmp_path / "parties.csv"
    table.write_text("Kunde;Verbleib\nQuixotic Zeppelin Works;Rosoboronexport OAO\n")
    ran = abeyance("screen", str(table), *DAY, "--url", url)
    assert ran.code == 3
    assert "another party (guessed): Verbleib" in ran.err
    ran = abeyance("screen", str(table), "--map", "unused=Verbleib", *DAY, "--url", url)
    assert ran.code == 4
    assert "not read: Verbleib" in ran.err
