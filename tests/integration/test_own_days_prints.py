"""Evidence, sheets and terminal: the day of a status stands beside it where it is another one."""

import csv
import io
import re
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import example, given, settings
from openpyxl import load_workbook

from abeyance_screening.app.command_line import run
from abeyance_screening.engine.tables import COLUMNS
from abeyance_screening.features.evidence.document import PrintRequest, evidence_of
from abeyance_screening.features.evidence.pdf import Judgement, MeasureLine
from tests.integration.dated import (
    AFFILIATES,
    AT_SIX,
    AT_TWO,
    BEHIND,
    EVENING,
    LAPSED,
    MOMENTS,
    NINTH,
    SUSPENDED,
    TENTH,
    Dated,
    beside,
    pdf_text,
    places_of,
    text_of,
)

NO_JUDGEMENT = Judgement(decision="", by="", reason="")


def test_page_and_pdf_of_evidence_put_the_day_beside_the_status(dated: Dated):
    answer = dated.post("/evidence", data={"name": "Hikvision"})
    pdf = pdf_text(dated.get(f"{answer.url.path}.pdf").content)
    for evidence in (text_of(answer.text), pdf):
        assert re.search(rf"{SUSPENDED} Affiliates Rule .{{60,140}} {re.escape(BEHIND)}", evidence)
        elsewhere = "9 Nov 2026 in New York and Washington"
        assert f"in force on 10 Nov 2026 UTC; {elsewhere}" in evidence
    status = " · In force (9 Nov 2026 in Washington)"
    assert f"Burma (2021 coup){status}" in text_of(answer.text)
    # on paper, what waits for a trade is named without a status until one is described
    (waiting,) = re.findall("for no trade was described: [^.]*", pdf)
    assert "; Burma (2021 coup)" in waiting
    traded = dated.post("/evidence", data={"name": "Hikvision", "destination": "CU"})
    pdf = pdf_text(dated.get(f"{traded.url.path}.pdf").content)
    assert "for no trade was described" not in pdf
    assert status in pdf
    dated.clock.now = AT_SIX
    answer = dated.post("/evidence", data={"name": "Hikvision"})
    pdf = pdf_text(dated.get(f"{answer.url.path}.pdf").content)
    assert LAPSED in pdf
    assert "Status of" not in pdf
    assert "in Washington" not in pdf


def test_evidence_that_was_kept_before_questions_told_their_day_is_laid_out(dated: Dated):
    content = dated.post("/v1/screenings", json={"counterparties": [{"name": "Acme"}]}).json()
    for each in content["restrictions"]["open_questions"]:
        del each["as_of"]
    it = evidence_of(msgspec.json.encode(content), PrintRequest(given={}, judgement=NO_JUDGEMENT))
    assert it.goods.open
    assert {each.own_day for each in it.goods.open} == {None}


TABLE = b"Company\nHikvision\nAcme Optics\n"


def screened(dated: Dated, **more: Any) -> dict[str, Any]:
    files = {"file": ("t.csv", TABLE, "text/csv")}
    table = dated.post("/spreadsheet/read", files=files).json()
    asked = {
        "name": table["name"],
        "described": table["described"],
        "columns": table["columns"],
        "fields": table["guessed"],
        "rows": table["rows"],
    }
    return dated.post("/spreadsheet/screen", json=asked | more).json()


def test_a_sheet_has_the_day_of_each_status_and_says_where_it_is_another(dated: Dated):
    done = screened(dated)
    for kind in ("csv", "xlsx"):
        told = [{"kind": kind, "summary": done["summary"]}, *done["rows"]]
        sent = b"\n".join(map(msgspec.json.encode, told))
        content = dated.post("/spreadsheet/write", content=sent).content
        rows = sheet_rows(kind, content)
        row = next(each for each in rows if each["measure_id"] == AFFILIATES)
        days = [str(row[name])[:10] for name in ("as_of", "status_as_of")]
        assert days == [TENTH, NINTH]
        assert row["badge"] == SUSPENDED
        assert row["own_day"] == BEHIND
    dated.clock.now = AT_SIX
    later = next(each for each in screened(dated)["rows"] if each["measure_id"] == AFFILIATES)
    assert (later["status_as_of"], later["own_day"]) == (TENTH, None)


def sheet_rows(kind: str, content: bytes) -> list[dict[str, Any]]:
    if kind == "csv":
        return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    book = load_workbook(io.BytesIO(content))
    summary = [each[1] for each in book["Summary"].iter_rows(values_only=True)]
    assert "By UTC; where an authority's own day was another, “Own day” says so." in summary
    rows = book["Results"].iter_rows(min_row=2, values_only=True)
    return [dict(zip(COLUMNS, row, strict=True)) for row in rows]


def test_a_table_is_about_one_day_however_long_it_takes(dated: Dated):
    first = screened(dated)
    assert first["lines"][0]["own_day"] == BEHIND
    assert first["lines"][0]["href"] == "/?name=Hikvision&at=2026-11-10T02%3A00%3A00Z"
    dated.clock.now = AT_SIX
    assert "own_day" not in screened(dated)["lines"][0]
    second = screened(dated, at=first["at"])
    assert [line.get("own_day") for line in second["lines"]] == [BEHIND, None]


type Terminal = Callable[..., str]


@pytest.fixture
def terminal(
    dated: Dated, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Terminal:
    """What a command prints that asks the service, in one line."""
    monkeypatch.setenv("COLUMNS", "200")

    def printed(*words: str) -> str:
        monkeypatch.setattr(sys, "argv", ["abeyance", *words, "--url", dated.address])
        with suppress(SystemExit):
            run()
        out = capsys.readouterr().out
        return " ".join(re.sub("[^\\w\\s.,:;—()%-]", " ", out).split())

    return printed


def test_the_terminal_puts_the_day_beside_the_status(
    dated: Dated, terminal: Terminal, tmp_path: Path
):
    table = tmp_path / "parties.csv"
    table.write_bytes(TABLE)
    commands = (
        ("screen", "Hikvision"),
        ("screen", str(table)),
        ("measures", "--authority", "BIS"),
        ("restrictions", "--item", "chips", "--destination", "CU"),
        ("calendar", "--measure", AFFILIATES),
    )
    for words in commands:
        dated.clock.now = AT_TWO
        assert "Status of 9 Nov 2026:" in terminal(*words), words
        dated.clock.now = AT_SIX
        assert "Status of" not in terminal(*words), words


def test_the_terminal_writes_the_day_of_the_answer_in_words(terminal: Terminal):
    assert terminal("measures", "--authority", "BIS").startswith("On 10 Nov 2026:")
    assert terminal("restrictions", "--item", "gallium").startswith(
        "On 10 Nov 2026, as known on 10 Nov 2026:"
    )
    assert terminal("calendar", "--until", "2026-12-31").startswith("Seen from 10 Nov 2026:")
    nothing = terminal("calendar", "--as-of", "2090-01-01", "--measure", AFFILIATES)
    assert "after 1 Jan 2090." in nothing


@settings(max_examples=10)
@given(now=MOMENTS)
@example(now=AT_TWO)
@example(now=EVENING)
def test_at_any_moment_each_status_of_evidence_has_its_day_beside_it(
    dated_service: Dated, now: datetime
):
    dated_service.clock.now = now
    places = places_of(dated_service)
    body = {
        "counterparties": [{"name": "Hikvision", "owners": [{"name": "Rostec", "share": 60}]}],
        "transaction": {"items": [{"description": "gallium"}], "origin": "CN"},
    }
    content = dated_service.post("/v1/screenings", json=body).content
    it = evidence_of(content, PrintRequest(given={}, judgement=NO_JUDGEMENT))
    (party,) = it.parties
    owned = [hit for owner in party.owners for hit in owner.found]
    lines: list[MeasureLine] = [each for hit in (*party.hits, *owned) for each in hit.measures]
    lines += [each.measure for each in party.findings]
    told = [(each.measure_id, each.text.own_day) for each in (*lines, *it.goods.met)]
    told += [(each.measure_id, each.own_day) for each in it.goods.open]
    assert len(told) > 20
    for measure, own in told:
        assert (None if own is None else own.line) == beside(now, places[measure])
