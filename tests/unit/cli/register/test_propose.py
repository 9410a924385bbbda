"""`abeyance register propose`, from files and from the Federal Register."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from abeyance_screening.engine.measures.places import read_proposals
from abeyance_screening.features.watch.proposals.cli import propose
from abeyance_screening.primitives.errors import BadInputError
from tests.publisher import Publisher
from tests.tools.propose.us_fr.gazette import FIXTURES

PLAIN = str(FIXTURES / "plain_list.json")
ANSWER = str(FIXTURES / "api_answer.json")


def run(*arguments: str, env: dict[str, str] | None = None) -> tuple[str, str]:
    """What is printed on standard output and on standard error."""
    result = CliRunner().invoke(propose, arguments, env=env, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout, result.stderr


def test_files_become_one_file_to_edit(tmp_path: Path):
    new = {
        "document_number": "2027-99999",
        "title": "Removal From the Entity List",
        "publication_date": "2027-01-04",
        "html_url": "https://www.federalregister.gov/d/2027-99999",
    }
    (tmp_path / "new.json").write_text(json.dumps(new))
    out, told = run(PLAIN, str(tmp_path / "new.json"))
    proposals = read_proposals(out)
    assert proposals[-1].document == "2027-99999"
    assert "2025-19846" not in {each.document for each in proposals}, "the register records it"
    assert told.startswith(f"27 documents, {len(proposals)} proposals.\n")


def test_documents_that_say_nothing_are_named():
    _, told = run(PLAIN)
    assert "state too little" in told
    assert "/2025-18127/" in told
    assert "/2025-19846/" not in told


@pytest.mark.parametrize(
    ("since", "count"), [("2025-11-12", 2), ("2025-11-13", 0)], ids=["that day", "the day after"]
)
def test_only_documents_of_that_day_or_later_count(since: str, count: int):
    _, told = run(PLAIN, "--since", since)
    assert told.startswith(f"{count} documents, ")


def test_machines_get_json():
    out, _ = run(ANSWER, "--json")
    assert {each["accepted"] for each in json.loads(out)} == {False}


def test_the_federal_register_is_asked_through_the_mirror():
    with Publisher() as mirror:
        with pytest.raises(Exception, match=r"www\.federalregister\.gov.*answered 404"):
            run("--fetch", "--since", "2026-10-01", env={"ABEYANCE_MIRROR": mirror.url("")})
        (asked,) = {each.path for each in mirror.requests if "federalregister" in each.path}
        mirror.serve(asked, (FIXTURES / "api_answer.json").read_bytes())
        _, told = run("--fetch", "--since", "2026-10-01", env={"ABEYANCE_MIRROR": mirror.url("")})
    assert told.startswith("8 documents, ")


@pytest.mark.parametrize(
    ("arguments", "field"), [((), "FILE"), (("--fetch",), "--since")], ids=["nothing", "no day"]
)
def test_what_is_missing_is_asked_for(arguments: tuple[str, ...], field: str):
    with pytest.raises(BadInputError, match=f"^{field}: "):
        run(*arguments)
