"""Phrases and names that were replaced, and must not come back."""

import ast
import json
import re
from collections import defaultdict
from collections.abc import Iterator

import pytest

from tests.contract.test_structure import modules_of
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
    "laid out one by one",
    "Let nothing more arrive",
    "clock on the wall",
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
# What modules were called that nobody could guess.
OF_MODULES = PARTICIPLES | {"seen", "supervised", "front"}
# What classes, types and parameters were called.
REPLACED = frozenset(
    [
        *(
            "Asking",
            "AskedOf",
            "Outside",
            "Sight",
            "Speaking",
            "Finds",
            "InFull",
            "Aside",
            "Apart",
        ),
        *("Politely", "Room", "Once", "Had", "Pick", "_Ways", "ItemAsked", "ItemsAsked"),
    ]
)
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


def types_of(tree: ast.Module) -> Iterator[str]:
    """The names of the classes and types that a module defines, and of its constants."""
    for node in ast.walk(tree):
        match node:
            case ast.ClassDef(name=name) | ast.TypeAlias(name=ast.Name(id=name)):
                yield name
            case ast.Assign(targets=[ast.Name(id=name)]):
                yield name
            case _:
                pass


def test_no_type_has_a_name_that_was_replaced():
    found = {
        name for path in modules_of("service") for name in types_of(ast.parse(path.read_text()))
    }
    assert len(found) > 1_000
    assert found & REPLACED == set()


def rooms() -> dict[str, list[str]]:
    """The names of the modules of each room: a folder of a floor, and each list is a room."""
    found: dict[str, list[str]] = defaultdict(list)
    source = ROOT / "service" / "abeyance_screening"
    for path in sorted(source.glob("*/*/**/*.py")):
        parts = path.relative_to(source).parts
        room = "/".join(parts[: 3 if parts[1] == "lists" and len(parts) > 3 else 2])
        if path.name != "__init__.py":
            found[room].append(path.stem)
    return found


def test_no_two_modules_of_a_room_have_one_name():
    assert len(rooms()) > 50
    twins = {
        room: [each for each in set(names) if names.count(each) > 1]
        for room, names in rooms().items()
        if len(names) > len(set(names))
    }
    assert twins == {}


def test_a_file_of_the_service_or_of_tests_is_named_by_what_is_in_it():
    files = [each.relative_to(ROOT) for each in modules_of("service", "tests")]
    assert len(files) > 1_000
    assert [str(each) for each in files if OF_MODULES & words_of(each.stem)] == []


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
