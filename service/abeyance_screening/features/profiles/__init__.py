"""Whose law an answer must be complete for: profiles, chosen by the installation and accounts."""

from abeyance_screening.platform.feature import CommandEntry, Feature

FEATURE = Feature(
    routes=("abeyance_screening.features.profiles.api:ROUTES",),
    pages=("abeyance_screening.features.profiles.page:PAGES",),
    commands=(
        CommandEntry(
            "profile",
            "abeyance_screening.features.profiles.cli",
            "Show or choose whose lists must be fresh for an answer to be complete.",
        ),
    ),
    dependencies="abeyance_screening.features.profiles.service:dependencies",
    examples="abeyance_screening.features.profiles.examples:EXCHANGES",
)
