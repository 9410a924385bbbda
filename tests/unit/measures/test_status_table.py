"""What follows from a status stands in one table, and what no table knows binds."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import get_type_hints

import pytest

from abeyance_screening.engine.measures.status import (
    STATUS_WORDS,
    STATUSES,
    ByStatus,
    bearing_rank,
    binds,
    facts_of,
    is_ahead,
    is_over,
    strictness,
)

# The law works with words that it gives itself: an event leads from one to another.
_OF_THE_LAW = Path("service/abeyance_screening/engine/measures/law")
_A_TABLE = 4


def test_a_table_by_status_has_every_status():
    assert set(get_type_hints(ByStatus)) == set(STATUS_WORDS) == set(STATUSES)


@pytest.mark.parametrize("word", ["", "eased_by_treaty", "IN_FORCE"])
def test_a_status_that_no_table_knows_binds_like_one_that_is_not_on_record(word: str):
    assert binds(word)
    assert facts_of(word) == facts_of("unknown")
    assert [is_over(word), is_ahead(word)] == [False, False]
    assert strictness(word) == strictness("unknown")
    assert bearing_rank(word) == bearing_rank("in_force")


@pytest.mark.parametrize("word", STATUS_WORDS)
def test_a_status_binds_waits_is_relief_or_is_over(word: str):
    waits = facts_of(word).bearing == "waits"
    assert [binds(word), waits, is_over(word)].count(True) == int(
        word not in {"eased_by_licence", "authorisation_lapsed_unconfirmed"}
    )


def test_nothing_binds_that_is_not_made_announced_or_only_published():
    ahead = {"not_known", "not_yet_made", "announced", "published_not_effective"}
    assert {each for each in STATUS_WORDS if is_ahead(each)} == ahead
    assert not any(map(binds, ahead))


def _tables(path: Path) -> Iterator[tuple[int, str]]:
    tree = ast.parse(path.read_text())
    typed = {
        id(node.value): ast.unparse(node.annotation)
        for node in ast.walk(tree)
        if isinstance(node, ast.AnnAssign) and node.value is not None
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            keys = [each.value for each in node.keys if isinstance(each, ast.Constant)]
        elif isinstance(node, ast.Set):
            keys = [each.value for each in node.elts if isinstance(each, ast.Constant)]
        else:
            continue
        is_whole = typed.get(id(node), "").startswith("ByStatus[")
        if len({*keys} & {*STATUS_WORDS}) >= _A_TABLE and not is_whole:
            yield node.lineno, ", ".join(map(str, keys))


def test_a_table_keyed_by_status_is_one_that_the_type_check_completes():
    """A dict or a set of some statuses says of all others, unread, what it means to be absent."""
    files = [
        path
        for folder in ("service", "tools")
        for path in Path(folder).rglob("*.py")
        if not path.is_relative_to(_OF_THE_LAW)
    ]
    # a badge with its day, where the status has one; without one the plain badge is shown
    dated = {
        (
            "service/abeyance_screening/engine/wording/status.py",
            "in_force, in_force_by_lapse, court_stayed, ended",
        )
    }
    found = {(str(path), keys) for path in files for _, keys in _tables(path)}
    assert found == dated
