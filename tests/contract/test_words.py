"""Phrases and names that were replaced, and must not come back."""

import ast
import json
import re
from collections import defaultdict
from collections.abc import Iterator

import pytest

from tests.repository import ROOT, texts

PHRASES = (
    "Shown are the best",
    "no party is as chosen",
    "the best alone",
    "of owners alone",
    "of no use without",
    "policy of our own",
    "decides nothing where",
    "nowhere else to be had",
    "proves nothing, and",
    "timed by the clock",
    "slow that day",
    "asks for care",
)
NAMES = re.compile(
    r"\b(?:(?:Question|Screening|Search|Text|Key|Counterparty|Owner|Identifier|Item)Asked"
    r"|Asked(?:Item|Identifier)|QuestionDraft|service\.(?:api|web|cli|store|app)\."
    r"|(?:Results|Table)Asked|AskedRow"
    r"|Kept(?:Answer|Basis|Evidence|Lines|Query|Results|Screening|Span)"
    r"|WrittenResponse|Laid(?:Entry|Form)|asked_(?:forms|identifiers|numbers)|running_beside)"
)
HERE = "test_words.py"
PARTICIPLES = frozenset({"asked", "laid", "kept", "written", "beside", "found", "had"})
# Rooms whose names are words of one algorithm, or of a format.
LEFT_ALONE = ("engine/names", "engine/measures/law", "engine/lists/reading", "bench")
# Clients have classes of these names, which the document promises; errors say what happened.
DOCUMENT = json.loads((ROOT / "openapi" / "openapi.json").read_bytes())
OF_CLIENTS = frozenset(DOCUMENT["components"]["schemas"])
# Functions that have such a word; a new one says what it returns or does.
FUNCTIONS = frozenset(
    [
        "_add_found",
        "_asked_now",
        "_asked_sources",
        "_beside",
        "_built_and_kept",
        "_found",
        "_found_text",
        "_had_an_edition",
        "_had_open_bound",
        "_is_kept_fresh",
        "_kept",
        "_kept_at",
        "_kept_before",
        "_kept_register",
        "_named_beside",
        "_read_kept",
        "_take_beside",
        "_written",
        "asked",
        "asked_beside",
        "asked_by",
        "asked_with",
        "beside",
        "delete_kept_too_long",
        "entities_beside",
        "found_party",
        "had_edition",
        "is_asked",
        "is_kept",
        "kept",
        "kept_for_ever",
        "kept_page",
        "kept_since",
        "most_beside",
        "written",
    ]
)


def faults() -> list[str]:
    found: list[str] = []
    for path, text in texts():
        # what changed is told in the words of before
        if path.name in {HERE, "CHANGELOG.md"} or "fixtures" in path.parts:
            continue
        plain = " ".join(text.split())
        found += [f"{path}: {phrase}" for phrase in PHRASES if phrase in plain]
        if path.suffix == ".py":
            found += [f"{path}: {name}" for name in NAMES.findall(text)]
    return found


def words_of(name: str) -> set[str]:
    return {each.lower() for each in re.findall(r"[A-Z]?[a-z]+", name)}


def defined_in(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """The kind and the name of what a module defines, and of its parameters."""
    for node in ast.walk(tree):
        match node:
            case ast.ClassDef(name=name) if not name.endswith("Error"):
                yield "class", name
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield "function", name
            case ast.arg(arg="had" | "laid" | "beside" as name):
                yield "parameter", name
            case _:
                pass


def named_by_participles() -> Iterator[tuple[str, str]]:
    """The kind and the name of what is defined in the service under such a name."""
    source = ROOT / "service" / "abeyance_screening"
    for path in sorted(source.rglob("*.py")):
        inside = path.relative_to(source).as_posix()
        if not inside.startswith(LEFT_ALONE):
            defined = (("module", path.stem), *defined_in(ast.parse(path.read_text())))
            yield from (each for each in defined if PARTICIPLES & words_of(each[1]))


def test_what_is_defined_is_named_by_what_it_is():
    found: dict[str, set[str]] = defaultdict(set)
    for kind, name in named_by_participles():
        found[kind].add(name)
    assert found["class"] <= OF_CLIENTS
    assert found.keys() <= {"class", "function"}
    assert found["function"] == FUNCTIONS, "take the names out that are gone"


def test_what_was_replaced_does_not_come_back():
    assert faults() == []


@pytest.mark.parametrize("name", ["QuestionAsked", "AskedItem", "service.api.bodies"])
def test_a_name_of_before_is_known(name: str):
    assert NAMES.search(name) is not None
