"""Erasure: find all that is kept about a name, and take it away."""

from abeyance_screening.platform.feature import CommandEntry, Feature

FEATURE = Feature(
    commands=(
        CommandEntry(
            "erase",
            "abeyance_screening.features.erasure.cli",
            "List all that the database holds about NAME, or with --yes erase it.",
        ),
    ),
)
