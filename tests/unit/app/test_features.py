"""What features register is there, and what they have is registered."""

import inspect
import re
from importlib import import_module
from pathlib import Path
from pkgutil import resolve_name, walk_packages
from typing import Literal

import click
import pytest
from litestar.handlers import HTTPRouteHandler

import abeyance_screening
from abeyance_screening import features
from abeyance_screening.app.features import FEATURES, folders, functions_of, navigation
from abeyance_screening.engine.screening.index import files
from abeyance_screening.platform.pages import frame

REGISTERED = tuple(command for each in FEATURES for command in each.commands)


def test_each_command_has_a_function_of_its_name():
    for entry in REGISTERED:
        command = getattr(import_module(entry.module), entry.words.split()[-1])
        assert isinstance(command, click.Command), entry
    assert len(REGISTERED) == len({each.words for each in REGISTERED}) > 30


def test_each_handler_of_a_feature_is_registered_once():
    named = [name for each in FEATURES for name in (*each.routes, *each.pages)]
    registered = [id(handler) for name in named for handler in resolve_name(name)]
    assert len(registered) == len(set(registered)) > 60
    for module in walk_packages(features.__path__, f"{features.__name__}."):
        for name, value in vars(import_module(module.name)).items():
            if isinstance(value, HTTPRouteHandler):
                assert id(value) in registered, f"{module.name}:{name}"


def test_each_folder_of_features_is_a_feature_or_registers_nothing():
    folders = {each.name for each in walk_packages(features.__path__) if each.ispkg}
    named = {name.split(".")[2] for each in FEATURES for name in (*each.routes, *each.pages)}
    without = {"bulk", "erasure"}
    assert folders - named == without, "programs that embed screening, and a command, have none"


@pytest.mark.parametrize("registered", ["dependencies", "lifespan", "retention", "metrics"])
def test_what_a_feature_registers_is_a_function_of_its_own(
    registered: Literal["dependencies", "lifespan", "retention", "metrics"],
):
    found = functions_of(registered)
    assert found
    for each in found:
        assert inspect.isfunction(each)
        assert each.__module__.startswith("abeyance_screening.features.")


# What several features share, and where it is then.
SHARED = {
    # before the framework, and beside the entrance, which asks who has logged in
    "app.application": {"people.login", "screen.api", "screen.coverage_store"},
    # the register and then the lists, one after another, by one process at a time
    "app.background": {"lists.refresh", "register.bundles", "watch.look"},
    "app.metrics": set[str](),
    "app.health": set[str](),
}


@pytest.mark.parametrize("module", SHARED)
def test_the_composition_knows_no_more_of_features_than_their_records(module: str):
    source = inspect.getsource(import_module(f"abeyance_screening.{module}"))
    known = re.findall(r"^ *from abeyance_screening\.features\.(\S+) import", source, re.MULTILINE)
    assert set(known) == SHARED[module]


def test_the_navigation_leads_to_pages():
    pages = [handler for each in FEATURES for name in each.pages for handler in resolve_name(name)]
    assert {path for path, _ in navigation()} <= {path for each in pages for path in each.paths}


@pytest.mark.parametrize("kind", ["templates", "static"])
def test_no_two_features_have_a_page_file_of_one_name(kind: str):
    places = (*folders(), Path(frame.__file__).parent)
    names = [file.name for place in places for file in (place / kind).glob("*")]
    assert len(names) == len(set(names)) > 14


def test_what_decides_an_answer_is_in_the_digest_of_its_code():
    """What the digested code imports is digested too; what a key may ask decides no answer."""
    covered = tuple(
        f"abeyance_screening.{name.removesuffix('.py').replace('/', '.')}."
        for name in ("engine", "primitives", *files._ANSWERS)
    )
    root = next(iter(abeyance_screening.__path__))
    code = [
        module.name
        for module in walk_packages([root], "abeyance_screening.")
        if f"{module.name}.".startswith(covered)
    ]
    assert len(code) > 200
    for name in code:
        for value in vars(import_module(name)).values():
            origin = getattr(value, "__module__", None)
            if isinstance(origin, str) and origin.startswith("abeyance_screening."):
                is_covered = f"{origin}.".startswith(covered) or origin.endswith(".limits.limits")
                assert is_covered, f"{name} imports {origin}"
