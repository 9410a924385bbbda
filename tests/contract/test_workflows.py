"""The workflows run code of others as it was read once: each action is named by its commit."""

import re
from pathlib import Path

from tests.cases import for_each

WORKFLOWS = {each.name: each for each in sorted(Path(".github/workflows").glob("*.yml"))}
USED = re.compile(r"uses: (.+)")
PINNED = re.compile(r"[\w.-]+/[\w.-]+@[0-9a-f]{40} # v[0-9]+\.[0-9]+\.[0-9]+")


@for_each("workflow", WORKFLOWS)
def test_each_action_is_named_by_its_commit_and_its_version(workflow: Path):
    used = USED.findall(workflow.read_text())
    assert used
    assert [each for each in used if not PINNED.fullmatch(each)] == []


def test_an_action_is_the_same_commit_wherever_it_is_used():
    used = {each for path in WORKFLOWS.values() for each in USED.findall(path.read_text())}
    assert len(used) == len({each.partition("@")[0] for each in used})


@for_each("workflow", WORKFLOWS)
def test_a_workflow_may_do_no_more_than_it_says(workflow: Path):
    assert "\npermissions:\n" in workflow.read_text()
