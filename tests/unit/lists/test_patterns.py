"""No expression takes more than its share of time over padding, however much there is of it."""

import ast
import importlib
import pkgutil
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

import abeyance_screening
from tests.unit.lists.hostile import PADDING, words_of
from tests.walks import TooLongError, a_walk, at_most

type Pattern = re.Pattern[Any]

ROOT = Path(abeyance_screening.__file__).parent
# These rooms read what strangers wrote.
ROOMS = ("lists", "tables", "names.form", "screening")
USES = frozenset({"search", "match", "fullmatch", "finditer", "findall", "split", "sub"})
LETTERS = 4_000
# One look at each letter takes about as long as a step of Python; a look at each pair thousands.
WALKS = 60
# What these look through is short: the first 4,096 bytes of a file, 16 letters.
BOUNDED = frozenset(
    {
        "abeyance_screening.engine.lists.reading.pages._PAGE",
        "abeyance_screening.engine.lists.reading.pages._TITLE",
        "abeyance_screening.engine.lists.reading.names._SHORT_NAME",
    }
)


def uses() -> dict[str, set[str]]:
    """How each name of the program is used as an expression."""
    found = defaultdict[str, set[str]](set)
    for module in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text())):
            if isinstance(node, ast.Attribute) and node.attr in USES:
                owner = node.value
                name = owner.id if isinstance(owner, ast.Name) else None
                found[f"{module}:{name}"].add(node.attr)
    return found


@cache
def patterns() -> dict[str, tuple[Pattern, frozenset[str]]]:
    """Each expression and its uses by its place; of one that is passed on, the hardest use."""
    return {place: (pattern, used) for place, pattern, used in _patterns()}


def _patterns() -> Iterator[tuple[str, Pattern, frozenset[str]]]:
    used = uses()
    for room in ROOMS:
        package = importlib.import_module(f"abeyance_screening.engine.{room}")
        for info in pkgutil.walk_packages(package.__path__, f"abeyance_screening.engine.{room}."):
            module = importlib.import_module(info.name)
            for name, value in vars(module).items():
                if isinstance(value, re.Pattern):
                    known = used.get(f"{module.__file__}:{name}", set())
                    yield f"{info.name}.{name}", value, frozenset(known or {"search"})


def texts(pattern: Pattern) -> Iterator[str]:
    for pad in PADDING.values():
        much = pad * (LETTERS // len(pad))
        yield much
        for word in words_of(pattern):
            yield word + much
            yield much + word
            yield f"{word} {much} {word}{much}x"


def run(pattern: Pattern, use: str, text: str) -> None:
    given = text if isinstance(pattern.pattern, str) else text.encode()
    done = pattern.sub(given[:0], given) if use == "sub" else getattr(pattern, use)(given)
    if use == "finditer":
        list(done)


def is_slow(pattern: Pattern, use: str, text: str, seconds: float) -> bool:
    try:
        with at_most(seconds):
            run(pattern, use, text)
    except TooLongError:
        return True
    return False


def test_there_are_patterns_in_every_room():
    for room in ROOMS:
        assert any(place.startswith(f"abeyance_screening.engine.{room}.") for place in patterns())
    assert len(patterns()) > 200


@pytest.mark.parametrize("room", ROOMS)
def test_no_pattern_looks_at_a_letter_of_some_texts_again_and_again(room: str):
    """One text in five, which are others of each pattern."""
    assert slow_in(room, 5) == set()


@pytest.mark.slow
@pytest.mark.parametrize("room", ROOMS)
def test_no_pattern_looks_at_a_letter_again_and_again(room: str):
    assert slow_in(room, 1) == set()


def slow_in(room: str, every: int) -> set[str]:
    seconds = WALKS * a_walk(LETTERS)
    return {
        f"{place}.{use}({text[:20]!r} … {text[-20:]!r})"
        for turn, (place, (pattern, used)) in enumerate(patterns().items())
        if place.startswith(f"abeyance_screening.engine.{room}.") and place not in BOUNDED
        for use in used
        for text in islice(texts(pattern), turn % every, None, every)
        if all(is_slow(pattern, use, text, seconds) for _ in range(3))
    }
