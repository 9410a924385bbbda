"""API keys: who may call, from where, and how much."""

from abeyance_screening.platform.feature import CommandEntry, Feature

FEATURE = Feature(
    routes=("abeyance_screening.features.keys.api:ROUTES",),
    commands=(
        CommandEntry(
            "keys",
            "abeyance_screening.features.keys.cli",
            "Manage the keys that callers show to the service.",
        ),
    ),
    dependencies="abeyance_screening.features.keys.background:dependencies",
    lifespan="abeyance_screening.features.keys.background:keeping_keys",
    examples="abeyance_screening.features.keys.examples:EXCHANGES",
)
