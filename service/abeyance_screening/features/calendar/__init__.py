"""The calendar of what changes in law after a day."""

from abeyance_screening.platform.feature import CommandEntry, Feature

FEATURE = Feature(
    routes=("abeyance_screening.features.calendar.api:ROUTES",),
    pages=("abeyance_screening.features.calendar.page:PAGES",),
    navigation=(("/calendar", "Calendar"),),
    commands=(
        CommandEntry(
            "calendar",
            "abeyance_screening.features.calendar.cli",
            "Show what changes after a day: ends of suspensions and licences, starts, terms.",
        ),
    ),
)
