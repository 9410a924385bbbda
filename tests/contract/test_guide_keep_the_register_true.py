"""The guide "Keep the register true" works: its commands, in their order, on places nearby."""

import re
from pathlib import Path

from abeyance_screening.engine.measures.places import places
from tests.integration.test_watch import publisher, run

__all__ = ["publisher", "run"]

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs/how-to/keep-the-register-true.md").read_text("utf-8")
COMMANDS = re.findall(r"^```sh\nuv run abeyance (.*)\n```", GUIDE, re.MULTILINE)
# Confirming all leaves the places that brought something to a person.
STATUS = {"register confirm --all": 4}


def test_the_commands_do_what_they_are_shown_for(run):
    # on the day of the pages nearby: a place that lists nothing for weeks may have ended
    assert len(COMMANDS) == len(re.findall("```sh", GUIDE)) == 7
    number = ""
    for command in COMMANDS:
        words, _, file = command.replace("--read 40", f"--read {number}").partition(" > ")
        done = run(*words.split()[1:])
        assert done.returncode == STATUS.get(command, 0), (command, done.stderr)
        assert done.stdout.strip()
        if file:
            assert done.stdout.startswith("# Drafts of events")
        for found in re.findall(r"^ +(\d+)  uk-ofsi ", done.stderr, re.MULTILINE):
            number = found


def test_it_says_how_many_places_and_parsers_there_are():
    assert 36 <= len(places()) <= 49
    assert len({each.parser for each in places()}) == 5
