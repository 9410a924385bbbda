"""What follows from a status stands in one table, and what no table knows binds."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from abeyance_screening.engine.measures.status_table import (
    STATUS_WORDS,
    STATUSES,
    StatusWord,
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


def test_the_table_has_every_status():
    assert set(STATUS_WORDS) == set(STATUSES)


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


def _tables(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Dict):
            keys = [each.value for each in node.keys if isinstance(each, ast.Constant)]
        elif isinstance(node, ast.Set):
            keys = [each.value for each in node.elts if isinstance(each, ast.Constant)]
        else:
            continue
        if len({*keys} & {*STATUS_WORDS}) >= _A_TABLE:
            yield ", ".join(map(str, keys))


def test_no_other_table_is_keyed_by_status():
    """A dict or a set of some statuses says of all others, unread, what it means to be absent."""
    files = [
        path
        for folder in ("service", "tools")
        for path in Path(folder).rglob("*.py")
        if not path.is_relative_to(_OF_THE_LAW)
    ]
    found = [str(path) for path in files for _ in _tables(path)]
    # the table, and the sentences of their own that statuses have
    assert sorted(found) == [
        "service/abeyance_screening/engine/measures/status_table.py",
        "service/abeyance_screening/engine/wording/status.py",
    ]


@pytest.mark.parametrize("word", STATUS_WORDS)
def test_a_status_is_told_in_words_that_fit_where_they_stand(word: StatusWord):
    facts = STATUSES[word]
    brief = facts.glance or facts.badge
    assert len(brief.split()) <= 4
    for text in (facts.since, facts.until, facts.starts, facts.last_day):
        assert text is None or text.count("{}") == 1
    assert not facts.state.endswith(".")
    # what waits is told by a clause alone, and what binds may add a doubt to its effect
    assert facts.doubt == "" or facts.bearing == "binds"
    assert facts.idle is None or facts.bearing == "waits"
