"""Screenings: counterparties, texts and searches, and those that are kept."""

from abeyance_screening.platform.feature import CommandEntry, Feature

FEATURE = Feature(
    routes=(
        "abeyance_screening.features.screen.api:ROUTES",
        "abeyance_screening.features.screen.stream:ROUTES",
        "abeyance_screening.features.screen.history_api:ROUTES",
    ),
    pages=("abeyance_screening.features.screen.page.page:PAGES",),
    navigation=(("/", "Search"),),
    commands=(
        CommandEntry(
            "screenings",
            "abeyance_screening.features.screen.history_cli",
            "List and delete the screenings that a database keeps.",
        ),
    ),
    dependencies="abeyance_screening.features.screen.service:dependencies",
    retention="abeyance_screening.features.screen.service:delete_old_screenings",
    examples="abeyance_screening.features.screen.examples:EXCHANGES",
)
