"""The calendar of what changes in law after a day."""

from abeyance_screening.platform.feature import CommandEntry, Feature

FEATURE = Feature(
    routes=(
        "abeyance_screening.features.calendar.api:ROUTES",
        "abeyance_screening.features.calendar.deadlines_api:ROUTES",
    ),
    pages=(
        "abeyance_screening.features.calendar.page:PAGES",
        "abeyance_screening.features.calendar.board_page:PAGES",
    ),
    navigation=(("/calendar", "Calendar"),),
    commands=(
        CommandEntry(
            "calendar",
            "abeyance_screening.features.calendar.cli",
            "Show what changes after a day: ends of suspensions and licences, starts, terms.",
        ),
    ),
    dependencies="abeyance_screening.features.calendar.service:dependencies",
    metrics="abeyance_screening.features.calendar.service:metrics",
    examples="abeyance_screening.features.calendar.examples:EXCHANGES",
)
