"""Counterparties that are watched: each change of their answers is told once."""

from abeyance_screening.platform.feature import CommandEntry, Feature

FEATURE = Feature(
    routes=(
        "abeyance_screening.features.counterparties.api:ROUTES",
        "abeyance_screening.features.counterparties.bulk_api:ROUTES",
    ),
    pages=(
        "abeyance_screening.features.counterparties.page:PAGES",
        "abeyance_screening.features.counterparties.decision_page:PAGES",
    ),
    navigation=(("/counterparties", "Counterparties"),),
    commands=(
        CommandEntry(
            "counterparties",
            "abeyance_screening.features.counterparties.cli",
            "Put counterparties on watch, look at them, and delete them.",
        ),
    ),
    named_by_callers=("/v1/counterparties", "/counterparties"),
    dependencies="abeyance_screening.features.counterparties.service:dependencies",
    lifespan="abeyance_screening.features.counterparties.service:rescreening",
    metrics="abeyance_screening.features.counterparties.service:metrics",
    examples="abeyance_screening.features.counterparties.examples:EXCHANGES",
)
