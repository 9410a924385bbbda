"""A screening on a terminal."""

import msgspec
import pytest

from abeyance_screening.engine.lists.listing import Listing, Name, read_licence_terms
from abeyance_screening.engine.tables import Counts, EvidenceRow, summary_of
from abeyance_screening.features.screen.cli_output import print_briefly, print_screening
from abeyance_screening.platform.cli.measures import style_of
from abeyance_screening.platform.cli.results import Batch, print_evidence
from abeyance_screening.primitives.days import Days
from tests.unit.tables.results import BOARD, DAY, answer_of, hit_of, result_of

NAME = "Hangzhou Hikvision Digital Technology Co., Ltd."


def printed(capsys: pytest.CaptureFixture[str], *hits: str) -> str:
    print_screening(answer_of(result_of("Hikvision", *map(hit_of, hits))))
    return capsys.readouterr().out


@pytest.mark.parametrize("columns", ["40", "60", "89", "90", "200"])
def test_it_fits_the_terminal(
    columns: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("COLUMNS", columns)
    out = printed(capsys, NAME)
    assert max(map(len, out.splitlines())) <= int(columns)
    told = " ".join(out.split())
    assert "Hikvision: 1 listing, 1 open question" in told
    assert "No legal" not in told


def test_who_what_and_when_are_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("COLUMNS", "60")
    told = " ".join(printed(capsys, NAME).split())
    assert f"{NAME} CN 1.00 by listed name" in told
    assert "In force since 10 Nov 2026 — unconfirmed" in told
    assert "If so:" in told
    assert (
        "The suspension ended on 9 Nov 2026 (that day included) and no extension is on record."
        in told
    )
    assert "An extension to 10 Jan 2027: announced on 23 Sep 2026" in told
    assert "1 list is too old: it was last confirmed 116 days before" in told


def test_a_database_out_of_sight_is_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("COLUMNS", "60")
    answer = answer_of(result_of("Hikvision"))
    reason = "the database was last seen at noon"
    coverage = msgspec.structs.replace(answer.coverage, reasons=(reason,))
    print_screening(msgspec.structs.replace(answer, coverage=coverage))
    told = " ".join(capsys.readouterr().out.split())
    assert "Cannot say on 24 Nov 2026. The database was last seen at noon; 1 of 1 required" in told


def test_listings_of_one_name_share_a_card(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("COLUMNS", "100")
    out = printed(capsys, NAME, NAME, "Hikvision Europe B.V.")
    assert out.count(f"{NAME}  CN") == 1
    assert "On several lists; each speaks for itself." in out


@pytest.mark.parametrize("no_color", [None, "1"])
def test_a_pipe_gets_no_colours(
    no_color: str | None, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    if no_color is not None:
        monkeypatch.setenv("NO_COLOR", no_color)
    assert "\x1b[" not in printed(capsys, NAME)


def test_a_terminal_gets_colours_unless_they_are_unwanted(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b[31m" in printed(capsys, NAME) or "\x1b[1;31m" in printed(capsys, NAME)
    monkeypatch.setenv("NO_COLOR", "1")
    assert "31m" not in printed(capsys, NAME)


def test_what_holds_is_red_and_what_sleeps_is_not():
    assert "red" in style_of("in_force")
    assert "red" in style_of("in_force_by_lapse")
    assert "red" in style_of("unknown")
    assert style_of("suspended") == "blue"
    assert style_of("in_force_eased") == "yellow"
    assert style_of("ended") == "dim"
    assert "green" not in {style_of(each) for each in ("ended", "suspended", "eased_by_licence")}


def test_markup_in_a_name_is_shown_as_it_is(capsys: pytest.CaptureFixture[str]):
    assert "[red]Acme[/red]" in printed(capsys, "[red]Acme[/red]")


@pytest.mark.parametrize("columns", ["50", "100"])
def test_the_results_of_a_table_are_hits_and_unreadable_rows(
    columns: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("COLUMNS", columns)
    hit = EvidenceRow(
        row=2,
        counterparty_id=None,
        counterparty="[b]Acme",
        kind="hit",
        outcome="hits",
        score=0.9,
        listed_name="Acme JSC",
        list="un_sc",
        status="in_force",
        badge="In force",
    )
    broken = EvidenceRow(
        row=3,
        counterparty_id=None,
        counterparty="",
        kind="unreadable",
        outcome="unreadable",
        reason="Name: is empty",
    )
    counts = Counts(rows=2, hits=1, unreadable=1)
    summary = summary_of("t.csv", (), answer_of(), counts)
    print_evidence([Batch(done=2, counts=counts, rows=(hit, hit, broken))], summary, as_json=False)
    out = capsys.readouterr().out
    assert out.count("[b]Acme") == 1
    assert out.count("In force") == 1
    assert max(map(len, out.splitlines())) <= int(columns)
    assert "row 3: Name: is empty" in out
    assert "2 rows: 1 with hits, 1 unreadable." in out


def test_licence_terms_are_told_once_under_the_entity_list(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("COLUMNS", "60")
    days = Days(as_of=DAY, known_at=DAY)
    rule, listed = (
        BOARD.one(each, days) for each in ("us-bis-fdp-footnote-1", "us-bis-entity-list")
    )
    listing = Listing(
        id="us_bis_el-1",
        list_code="us_bis_el",
        names=(Name(text="C & I Semiconductor", kind="primary"),),
        licence_requirement="For all items subject to the EAR.",
        licence_review_policy="Presumption of denial",
    )
    hit = msgspec.structs.replace(
        hit_of("C & I Semiconductor"),
        listing=listing,
        licence=read_licence_terms(listing),
        measures=(rule, listed),
    )
    print_screening(answer_of(result_of("C & I", hit)))
    told = " ".join(capsys.readouterr().out.split())
    terms = "A licence is needed for all items subject to the EAR, and the answer is normally no."
    assert told.count(terms) == 1
    assert f"Entity List {terms} Exporting" in told


def test_the_cause_of_an_incomplete_answer_is_told_once_and_in_a_line(
    capsys: pytest.CaptureFixture[str],
):
    """Thirty lists of a site whose publishers are out of reach; `--long` tells more of each."""
    answer = answer_of(result_of("Nordlicht Pumpen GmbH"))
    (covered,) = answer.coverage.lists
    failed = f"{covered.reason}; the publisher's address could not be found (tried 2026-11-24)"
    lists = tuple(
        msgspec.structs.replace(covered, code=f"own_{place}", reason=failed) for place in range(30)
    )
    coverage = msgspec.structs.replace(answer.coverage, lists=lists)
    print_briefly(msgspec.structs.replace(answer, coverage=coverage))
    told = capsys.readouterr().out
    assert told.count("30 of 30 required lists are too old.") == 1
    assert len(told.splitlines()) < 10
    print_briefly(msgspec.structs.replace(answer, results=(), coverage=coverage))
    told = capsys.readouterr().out
    assert told.startswith("No match is not a clear result. 30 of 30 required lists are too old.")
