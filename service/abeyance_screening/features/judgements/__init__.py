"""Judgements: people's decisions on hits of counterparties, which later answers carry."""

from abeyance_screening.platform.feature import CommandEntry, Feature

FEATURE = Feature(
    routes=("abeyance_screening.features.judgements.api:ROUTES",),
    commands=(
        CommandEntry(
            "judgements",
            "abeyance_screening.features.judgements.cli",
            "Make the decisions of a workbook judgements, and list them.",
        ),
    ),
    dependencies="abeyance_screening.features.judgements.service:dependencies",
)
