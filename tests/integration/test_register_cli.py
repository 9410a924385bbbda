"""The register from the command line, on a database of its own."""

import asyncio
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from abeyance_screening.app.command_line import run as run_command
from abeyance_screening.platform.postgres.database import connected

RULE = "us-bis-affiliates-rule"
EXTENSION = (
    *("--kind", "extend_suspension", "--confidence", "verified_secondary"),
    *("--published-on", "2026-11-20", "--effective-on", "2026-11-20"),
    *("--until", "2027-11-09", "--until-bound", "inclusive"),
    *("--lapse-effect", "restriction_returns"),
)
DAY = ("--as-of", "2026-11-24", "--json")


class Done(NamedTuple):
    """How a command ended."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def run(
    listed_database: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Done]:
    """Runs a command in this process, as the program does."""
    monkeypatch.setenv("DATABASE_URL", listed_database)

    def abeyance(*arguments: str) -> Done:
        monkeypatch.setattr(sys, "argv", ["abeyance", *arguments])
        code = 0
        try:
            run_command()
        except SystemExit as left:
            code = int(left.code or 0)
        said = capsys.readouterr()
        return Done(code, said.out, said.err)

    return abeyance


def test_an_event_is_added_replaced_and_taken_back(run):
    added = run("register", "add", RULE, *EXTENSION, "--citation", "91 FR 99", "--json")
    assert added.returncode == 0, added.stderr
    [event] = json.loads(added.stdout)
    assert event["origin"] == "operator"
    again = run("register", "add", RULE, *EXTENSION, "--citation", "91 FR 99")
    assert (again.returncode, "already recorded" in again.stderr) == (1, True)
    suspended = json.loads(run("measures", "--status", "suspended", *DAY).stdout)
    assert RULE in {each["id"] for each in suspended}
    back = run("register", "retract", RULE, event["id"], "--because", "a test")
    assert back.returncode == 0, back.stderr
    twice = run("register", "retract", RULE, event["id"], "--because", "a test")
    assert (twice.returncode, twice.stderr.count("\n")) == (1, 1)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        pytest.param(("register", "add"), "MEASURE", id="no measure"),
        pytest.param(("register", "add", RULE), "--kind", id="no kind"),
        pytest.param(
            ("register", "add", "nothing", *EXTENSION, "--citation", "x"),
            "nothing",
            id="no such measure",
        ),
        pytest.param(("register", "add", RULE, "--kind", "vanish"), "vanish", id="no such kind"),
        pytest.param(
            ("register", "add", RULE, *EXTENSION, "--citation", "x", "--until", "2026-11-31"),
            "2026-11-31",
            id="no such day",
        ),
        pytest.param(
            ("register", "add", RULE, *EXTENSION, "--citation", "x", "--until", "2201-01-01"),
            "until: lies outside",
            id="a day too late",
        ),
        pytest.param(
            ("register", "add", RULE, *EXTENSION, "--citation", "x", "--by", ""),
            "by: is blank",
            id="added by nobody",
        ),
        pytest.param(
            ("register", "add", RULE, *EXTENSION, "--citation", "x", "--url", "https://"),
            "source.url: is no web address",
            id="no address",
        ),
        pytest.param(
            ("register", "add", RULE, *EXTENSION, "--citation", "x", "--note", "\udcff"),
            "note: holds a control character",
            id="no UTF-8",
        ),
        pytest.param(
            ("register", "retract", RULE, "own-x", "--because", " "),
            "because: is blank",
            id="retracted for no reason",
        ),
        pytest.param(
            ("register", "retract", RULE, "own-x", "--because", "x", "--by", ""),
            "by: is blank",
            id="retracted by nobody",
        ),
    ],
)
def test_what_cannot_be_added_is_refused_in_one_line(run, arguments: tuple[str, ...], told: str):
    refused = run(*arguments)
    assert refused.returncode == 1
    assert refused.stderr.count("\n") == 1
    assert told in refused.stderr


def test_a_proposal_counts_once_a_person_has_accepted_it(run, tmp_path: Path):
    document = {
        "title": "Two-Year Extension of Suspension of Expansion of End-User Controls for "
        "Affiliates of Certain Listed Entities",
        "document_number": "2026-99999",
        "publication_date": "2026-11-20",
        "type": "Rule",
        "abstract": "This rule extends the suspension of the interim final rule published at "
        "90 FR 47201 until November 9, 2028.",
        "effective_on": "2026-11-20",
        "dates": "This rule is effective November 20, 2026, and the amendments are suspended "
        "until November 9, 2028.",
        "html_url": "https://www.federalregister.gov/d/2026-99999",
    }
    given, drafts = tmp_path / "documents.json", tmp_path / "drafts.yaml"
    given.write_text(json.dumps([document]))
    proposed = run("register", "propose", str(given))
    assert proposed.returncode == 0, proposed.stderr
    drafts.write_text(proposed.stdout)
    unread = run("register", "add", "--file", str(drafts))
    assert (unread.returncode, "accepted: yes" in unread.stderr) == (1, True)
    content = yaml.safe_load(proposed.stdout)
    [draft] = content["proposals"]
    draft |= {"accepted": True, "measure": RULE, "missing": []}
    draft["event"] |= {
        "kind": "extend_suspension",
        "until": "2028-11-09",
        "until_bound": "inclusive",
        "until_state": "stated",
        "lapse_effect": "restriction_returns",
        "confidence": "verified_secondary",
    }
    drafts.write_text(yaml.safe_dump(content))
    added = run("register", "add", "--file", str(drafts))
    assert added.returncode == 0, added.stderr
    again = run("register", "add", "--file", str(drafts))
    assert (again.returncode, "proposals[0]: measure" in again.stderr) == (1, True)
    shown = json.loads(run("measures", "--jurisdiction", "US", *DAY).stdout)
    [rule] = [each for each in shown if each["id"] == RULE]
    assert (rule["status"], rule["until"]) == ("suspended", "2028-11-09")


def _proposal(**said: object) -> dict[str, object]:
    event = {
        "id": "",
        "kind": "amend",
        "effective_on": "2026-01-01",
        "citation": "91 FR 7",
        "confidence": "verified_secondary",
    }
    plain = {
        "accepted": True,
        "document": "2026-7",
        "title": "T",
        "measure": RULE,
        "candidates": [],
        "event": event,
        "why": "W",
        "quote": "Q",
        "sure": "high",
        "missing": [],
    }
    return plain | said | {"event": event | said.get("event", {})}  # pyright: ignore[reportOperatorIssue]


def _file(folder: Path, *proposals: dict[str, object]) -> str:
    file = folder / "proposals.yaml"
    file.write_text(yaml.safe_dump({"proposals": proposals}))
    return str(file)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        pytest.param(_proposal(missing=["until: read it"]), "proposals[1].missing", id="missing"),
        pytest.param(_proposal(measure=None), "proposals[1].measure", id="of no measure"),
        pytest.param(_proposal(measure="none"), "proposals[1]: no measure", id="no such measure"),
        pytest.param(
            _proposal(event={"citation": None}), "proposals[1]: citation", id="no citation"
        ),
        pytest.param(
            _proposal(event={"replaces": "own-none"}), "proposals[1]: replaces", id="replaces none"
        ),
        pytest.param(_proposal(), "proposals[1]: measure us-bis-affil", id="the same twice"),
    ],
)
def test_one_proposal_that_is_refused_keeps_the_whole_file_out(
    run, tmp_path: Path, listed_database: str, wrong: dict[str, object], told: str
):
    refused = run("register", "add", "--file", _file(tmp_path, _proposal(), wrong))
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert told in refused.stderr
    assert asyncio.run(_stored(listed_database, "91 FR 7")) == 0


async def _stored(dsn: str, citation: str) -> int:
    async with connected(dsn) as connection:
        return await connection.fetchval(
            "select count(*) from register_event where body->>'citation' = $1", citation
        )


@pytest.mark.parametrize(
    ("option", "told"),
    [
        pytest.param((RULE,), "MEASURE", id="measure"),
        pytest.param(("--kind", "amend"), "--kind", id="kind"),
        pytest.param(("--entity", "Acme"), "--entity", id="entity"),
        pytest.param(("--published-on", "2026-01-01"), "--published-on", id="day"),
    ],
)
def test_a_file_says_it_all(run, tmp_path: Path, option: tuple[str, ...], told: str):
    refused = run("register", "add", *option, "--file", _file(tmp_path, _proposal()))
    assert (refused.returncode, f"{told}: cannot be combined with --file" in refused.stderr) == (
        1,
        True,
    )


def test_a_file_in_another_encoding_is_refused_in_one_line(run, tmp_path: Path):
    file = tmp_path / "proposals.yaml"
    file.write_bytes("proposals: [\u00e9]".encode("latin-1"))
    refused = run("register", "add", "--file", str(file))
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert "UTF-8" in refused.stderr


def test_a_ledger_that_cannot_be_read_is_one_fault_among_others(run, tmp_path: Path):
    (tmp_path / "a.yaml").write_text("measures: [{id: !!bool maybe}]\n")
    (tmp_path / "recorded.csv").write_bytes(b"\xff\n")
    checked = run("register", "check", str(tmp_path))
    assert checked.returncode == 1
    lines = checked.stderr.splitlines()
    assert [line.split(":")[0] for line in lines[:-1]] == ["a.yaml", "recorded.csv"]


def test_the_shipped_register_passes_its_own_check(run):
    checked = run("register", "check")
    assert checked.returncode == 0, checked.stderr


def test_every_fault_of_a_folder_is_told_with_its_place(run, tmp_path: Path):
    (tmp_path / "a.yaml").write_text("measures:\n  - id: one\n  - id: two\n    title: T\n")
    (tmp_path / "b.yaml").write_text("measures: [\n")
    checked = run("register", "check", str(tmp_path))
    assert checked.returncode == 1
    lines = checked.stderr.splitlines()
    assert [line.split(":")[0] for line in lines[:-1]] == ["a.yaml", "a.yaml", "b.yaml"]
    assert "3 in all" in lines[-1]


def test_recording_enters_what_is_new_and_leaves_what_is_there(run, tmp_path: Path):
    event = "{id: start, kind: take_effect, effective_on: 2026-01-01, citation: C}"
    text = (
        "measures:\n  - {id: one, title: T, authority: A, jurisdiction: US, kind: rule,"
        " citation: C, effect: [{kind: fee}], attaches_by: [listing],"
        f" confidence: verified_secondary, checked_until: 2026-01-01, events: [{event}]}}\n"
    )
    (tmp_path / "a.yaml").write_text(text)
    assert run("register", "check", str(tmp_path)).returncode == 1
    assert run("register", "record", str(tmp_path)).stdout.endswith("1 recorded.\n")
    assert run("register", "check", str(tmp_path)).returncode == 0
    assert run("register", "record", str(tmp_path)).stdout == "0 recorded.\n"
    (tmp_path / "a.yaml").write_text(text.replace("2026-01-01", "2026-01-02"))
    changed = run("register", "check", str(tmp_path))
    assert "was changed after it was recorded" in changed.stderr


def test_the_schema_is_one_an_editor_can_use(run):
    schema = json.loads(run("register", "schema").stdout)
    assert "Event" in schema["$defs"]
