"""All features, in the order of the navigation, and what they register together."""

from collections.abc import Mapping
from itertools import chain
from pathlib import Path
from pkgutil import resolve_name
from types import MappingProxyType
from typing import Literal, cast

from abeyance_screening.features import (
    alerts,
    approvals,
    audit,
    calendar,
    counterparties,
    erasure,
    evidence,
    jobs,
    judgements,
    keys,
    lists,
    parties,
    people,
    profiles,
    register,
    screen,
    tables,
    trade,
    watch,
    webhooks,
)
from abeyance_screening.platform.feature import CommandEntry, Feature

_FOLDER = Path(__file__).parents[1] / "features"

_OWN = Feature(
    routes=(
        "abeyance_screening.app.health:ROUTES",
        "abeyance_screening.app.openapi:ROUTES",
        "abeyance_screening.app.metrics:ROUTES",
    ),
    pages=("abeyance_screening.app.problem_pages:PAGES",),
    commands=(
        CommandEntry(
            "bench",
            "abeyance_screening.bench.commands",
            "Measure on your own files what is found, what alerts and how fast.",
        ),
        CommandEntry("compare", "abeyance_screening.bench.compare", "Score pairs of names."),
        CommandEntry(
            "completion",
            "abeyance_screening.platform.cli.options",
            "Print the script that completes commands, options and list codes in SHELL.",
        ),
        CommandEntry(
            "doctor",
            "abeyance_screening.app.doctor_command",
            "Ask the publisher of every list once, and say what a refresh would load.",
        ),
        CommandEntry(
            "explain",
            "abeyance_screening.app.explain_command",
            "Say what a field of an answer or of a question means.",
        ),
        CommandEntry(
            "index",
            "abeyance_screening.app.refresh_command",
            "Write all lists and the register to one file, from which screening needs no "
            "database.",
        ),
        CommandEntry(
            "openapi", "abeyance_screening.app.openapi_command", "Print the OpenAPI document."
        ),
        CommandEntry(
            "refresh",
            "abeyance_screening.app.refresh_command",
            "Ask publishers for newer editions of the lists named, or of all.",
        ),
        CommandEntry(
            "register",
            "abeyance_screening.app.command_line",
            "Check the register of measures, add events to it, and pass it on.",
        ),
        CommandEntry(
            "screen",
            "abeyance_screening.app.screen_command",
            "Screen names, or a table of counterparties.",
        ),
        CommandEntry("serve", "abeyance_screening.app.serve_command", "Start the service."),
    ),
    examples="abeyance_screening.app.health:EXCHANGES",
)

FEATURES: tuple[Feature, ...] = (
    screen.FEATURE,
    counterparties.FEATURE,
    alerts.FEATURE,
    judgements.FEATURE,
    approvals.FEATURE,
    register.FEATURE,
    calendar.FEATURE,
    lists.FEATURE,
    profiles.FEATURE,
    tables.FEATURE,
    parties.FEATURE,
    evidence.FEATURE,
    trade.FEATURE,
    watch.FEATURE,
    jobs.FEATURE,
    webhooks.FEATURE,
    keys.FEATURE,
    people.FEATURE,
    audit.FEATURE,
    erasure.FEATURE,
    _OWN,
)


def navigation() -> tuple[tuple[str, str], ...]:
    """Return path and title of each page in the navigation, in order."""
    return tuple(chain.from_iterable(each.navigation for each in FEATURES))


def named_by_callers() -> tuple[str, ...]:
    """Return the paths below which everything is one id that a caller gave."""
    return tuple(chain.from_iterable(each.named_by_callers for each in FEATURES))


def folders() -> tuple[Path, ...]:
    """Return the folder of each feature, where its pages have `templates` and `static` files."""
    return tuple(each.parent for each in sorted(_FOLDER.glob("*/__init__.py")))


def functions_of(
    registered: Literal["dependencies", "lifespan", "retention", "metrics"],
) -> list[object]:
    """Return the functions that features register as one of these, in order."""
    names = (cast("str | None", getattr(each, registered)) for each in FEATURES)
    return [resolve_name(each) for each in names if each is not None]


def commands_of(group: str = "") -> Mapping[str, CommandEntry]:
    """Return the commands of a group by their last word, in order; none of them is imported."""
    every = chain.from_iterable(each.commands for each in FEATURES)
    split = ((*each.words.rpartition(" "), each) for each in every)
    found = {name: each for within, _, name, each in split if within == group}
    return MappingProxyType(dict(sorted(found.items())))
