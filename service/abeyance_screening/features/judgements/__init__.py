"""Judgements: people's decisions on hits of counterparties, which later answers carry."""

from abeyance_screening.platform.feature import CommandEntry, Feature

FEATURE = Feature(
    routes=("abeyance_screening.features.judgements.api:ROUTES",),
    commands=(
        CommandEntry(
            "judgements",
            "abeyance_screening.features.judgements.cli",
            "Turn the decisions of a workbook into judgements, and list judgements.",
        ),
    ),
    dependencies="abeyance_screening.features.judgements.service:dependencies",
    examples="abeyance_screening.features.judgements.examples:EXCHANGES",
)
