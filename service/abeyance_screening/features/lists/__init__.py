"""The lists: their editions, changes, downloads and own lists."""

from abeyance_screening.platform.feature import CommandEntry, Feature

FEATURE = Feature(
    routes=(
        "abeyance_screening.features.lists.api:ROUTES",
        "abeyance_screening.features.lists.changes_api:ROUTES",
    ),
    pages=("abeyance_screening.features.lists.page:PAGES",),
    navigation=(("/lists", "Lists"),),
    commands=(
        CommandEntry(
            "lists",
            "abeyance_screening.features.lists.cli",
            "Show every list with its edition, age and state, and which register is in force.",
        ),
        CommandEntry("load", "abeyance_screening.features.lists.cli", "Load a list from files."),
    ),
    dependencies="abeyance_screening.features.lists.service:dependencies",
    metrics="abeyance_screening.features.lists.service:metrics",
    examples="abeyance_screening.features.lists.examples:EXCHANGES",
)
