"""People: log-in through a provider, and their sessions."""

from abeyance_screening.platform.feature import CommandEntry, Feature

FEATURE = Feature(
    pages=("abeyance_screening.features.people.login:PAGES",),
    commands=(
        CommandEntry(
            "sessions",
            "abeyance_screening.features.people.cli",
            "Show who has logged in to the desk, and log somebody out.",
        ),
    ),
)
