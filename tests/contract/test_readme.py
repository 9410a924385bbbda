"""Every command and every answer that the README and docs/ show is run and compared."""

import json
import re
import shlex
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from abeyance_screening.engine.lists.catalogue import SOURCE_BY_CODE, SOURCES, lists_of
from abeyance_screening.engine.lists.formats import public_formats
from abeyance_screening.features.screen.cli_output import EXIT_HITS
from tests.forked import abeyance_command
from tests.served import Served, ask, copy_directory, without_database_url
from tools.quality.write_lists import lists_file
from tools.quality.write_reference import api_page, cli_page, fields_page, problems_page

ROOT = Path(__file__).parents[2]
# what a guide says is run by a test of its own, in a copy of the tree
OWN_TESTS = {
    "docs/how-to/add-a-list.md": "tests/contract/test_guide_add_a_list.py",
    "docs/how-a-score-comes-about.md": "tests/contract/test_score_page.py",
    "docs/how-to/load-a-history.md": "tests/contract/test_guide_load_a_history.py",
    "docs/how-to/screen-on-a-cluster.md": "tests/integration/test_bulk.py",
    "docs/how-to/backup.md": "tests/contract/test_guide_backup.py",
    "docs/how-to/deploy.md": "tests/contract/test_guide_deploy.py",
    "docs/how-to/ask-from-programs.md": "tests/contract/test_guide_programs.py",
    "docs/how-to/screen-a-large-table.md": "tests/integration/test_jobs_over_http.py",
    "docs/how-to/keep-the-register-true.md": "tests/contract/test_guide_keep_the_register_true.py",
}
PAGES = {
    str(path.relative_to(ROOT)): path.read_text("utf-8")
    for path in (
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        ROOT / "SECURITY.md",
        *sorted((ROOT / "docs").rglob("*.md")),
    )
    if "_build" not in path.parts
}
BLOCK = re.compile(r"^ *```(\w+)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
BLOCKS = {
    name: [(kind, block) for kind, block in BLOCK.findall(text)]
    for name, text in PAGES.items()
    if name not in OWN_TESTS
}
PAIRS = [
    (name, command, [json.loads(each) for each in answer.splitlines()])
    if "ndjson" in command
    else (name, command, json.loads(answer))
    for name, blocks in BLOCKS.items()
    for (kind, command), (next_kind, answer) in pairwise(blocks)
    if kind == "sh" and command.startswith("curl") and next_kind == "json"
]
COMMANDS = sorted(
    {
        line.strip()
        for blocks in BLOCKS.values()
        for kind, block in blocks
        if kind == "sh" and not block.startswith("curl")
        for line in block.replace("\\\n", "").splitlines()
    }
)
# run elsewhere, or by whoever keeps the register: they write into the source tree
ELSEWHERE = {
    "uv run abeyance serve": "tests/integration/test_serve.py, and the fixture below",
    "uv run --extra otel abeyance serve": "tests/integration/test_metrics.py receives the traces",
    "uv run --group dev pytest": "this run",
    "uv sync --locked --group dev": ".ci/run",
    "uv run abeyance register record": "tests/contract/test_guide_add_a_list.py",
    "uv run abeyance refresh": "tests/integration/test_refresh.py, against a publisher of its own",
    "uv run abeyance doctor": "tests/integration/test_doctor.py, against a publisher of its own",
    "uv run abeyance load opensanctions --file entities.ftm.json": "tests/integration/"
    "test_streamed_lists.py",
    "uv run abeyance load opensanctions --file entities.delta.json": "tests/integration/"
    "test_streamed_lists.py",
    "uv run abeyance work": "tests/integration/test_jobs.py",
    "uv run abeyance bench jobs --rows 20000 --kills 10 --restarts 2": "by hand: two minutes; its "
    "parts in tests/integration/test_jobs.py",
    "git pull": "nothing to run it on",
    "POSTGRES_PASSWORD=choose-one docker compose up --build": "by hand, where Docker is",
}


@pytest.fixture(scope="module")
def served(loaded_directory: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    running = Served(copy_directory(loaded_directory, tmp_path_factory.mktemp("readme")))
    yield running
    running.stop()


@pytest.mark.parametrize(("name", "command", "shown"), PAIRS)
def test_an_answer_is_the_one_shown(served: Served, name: str, command: str, shown: object):
    assert name in PAGES
    answer = ask(command, served.port)
    is_stream = answer.headers["content-type"] == "application/x-ndjson"
    lines = [json.loads(each) for each in answer.text.splitlines()] if is_stream else []
    assert_within(shown, lines or answer.json(), "$")


@pytest.mark.parametrize("command", [each for each in COMMANDS if each not in ELSEWHERE])
def test_a_command_does_what_it_is_shown_for(served: Served, command: str):
    _, _, name, *arguments = shlex.split(command)
    assert name == "abeyance"
    environment = without_database_url() | {"ABEYANCE_DATA_DIR": str(served.data_dir)}
    done = abeyance_command(arguments, environment, ROOT)
    # hits are what most of the screenings shown are there to show
    assert done.returncode == (EXIT_HITS if arguments[0] == "screen" else 0), done.stderr
    assert done.stdout.strip()


def test_no_command_is_left_out():
    """Each curl has its answer below it, each other command is one that is run."""
    for name, blocks in BLOCKS.items():
        shown = [kind for kind, block in blocks if kind == "sh" and block.startswith("curl")]
        assert len(shown) == sum(page == name for page, _, _ in PAIRS), name
    strangers = [each for each in COMMANDS if each not in ELSEWHERE]
    assert [each for each in strangers if not each.startswith("uv run abeyance ")] == []
    assert [each for each in ELSEWHERE if each not in COMMANDS] == []
    for test in OWN_TESTS.values():
        assert (ROOT / test).is_file()


def test_every_other_json_is_a_record_of_a_fixture():
    """What is shown by itself is a line of the file that the page loads below it."""
    alone = {
        name: [
            block
            for (before, command), (kind, block) in pairwise([("", ""), *blocks])
            if kind == "json" and not (before == "sh" and command.startswith("curl"))
        ]
        for name, blocks in BLOCKS.items()
    }
    suppliers = (ROOT / "tests/fixtures/own/suppliers.jsonl").read_text("utf-8").splitlines()
    assert {name: each for name, each in alone.items() if each} == {
        "docs/how-to/own-list.md": [f"{suppliers[0]}\n"]
    }


def test_the_readme_is_one_screen_and_names_both_commands():
    readme = PAGES["README.md"]
    assert len(readme.split()) <= 700
    for command in ("uv run abeyance serve", "uv run --group dev pytest"):
        assert f"```sh\n{command}\n```" in readme


@pytest.mark.parametrize("name", PAGES)
def test_every_link_leads_to_a_file(name: str):
    """Sphinx looks at those within docs/; here those of all pages, as a repository shows them."""
    for link in re.findall(r"\]\(([^)#\s]+)[^)]*\)", BLOCK.sub("", PAGES[name])):
        if not re.match(r"https?:|mailto:", link):
            assert ((ROOT / name).parent / link).exists(), link


# a process tells it to those that it supervises; nobody sets it
BETWEEN_PROCESSES = {"ABEYANCE_SUPERVISED"}


def test_every_setting_is_in_the_page_of_settings():
    """A variable that the service reads, wherever it does."""
    read = {
        found
        for path in (ROOT / "service").rglob("*.py")
        for found in re.findall(r'"(ABEYANCE_[A-Z_]+|DATABASE_URL)"', path.read_text("utf-8"))
    }
    page = PAGES["docs/reference/settings.md"]
    assert sorted(each for each in read - BETWEEN_PROCESSES if f"`{each}`" not in page) == []


def test_the_pages_made_from_the_program_are_what_it_makes():
    """`just fix` writes them anew."""
    assert PAGES["docs/reference/lists.md"] == lists_file()
    assert PAGES["docs/reference/cli.md"] == cli_page()
    document = (ROOT / "openapi/openapi.json").read_bytes()
    assert PAGES["docs/reference/api.md"] == api_page(document)
    assert PAGES["docs/reference/fields.md"] == fields_page(document)
    assert PAGES["docs/reference/problems.md"] == problems_page()


@pytest.mark.parametrize("source", [source.code for source in SOURCES])
def test_the_catalogue_names_the_formats_that_can_be_read(source: str):
    known = SOURCE_BY_CODE[source]
    assert known.formats == tuple(each.title for each in public_formats() if each.source == source)
    assert known.tried_on
    assert lists_of(source)


def assert_within(shown: object, real: object, where: str) -> None:
    """What is shown is there; of a list, the first ones in their order."""
    match shown:
        case dict():
            assert isinstance(real, dict), where
            for key, value in shown.items():
                assert key in real, f"{where}.{key}"
                assert_within(value, real[key], f"{where}.{key}")
        case list():
            assert isinstance(real, list), where
            assert len(real) >= len(shown), where
            for place, (value, found) in enumerate(zip(shown, real, strict=False)):
                assert_within(value, found, f"{where}[{place}]")
        case _:
            assert shown == real, where
