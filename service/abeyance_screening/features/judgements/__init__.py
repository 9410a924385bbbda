"""Judgements: people's decisions on hits of counterparties, which later answers carry."""

from abeyance_screening.platform.feature import Feature

FEATURE = Feature(
    routes=("abeyance_screening.features.judgements.api:ROUTES",),
    dependencies="abeyance_screening.features.judgements.service:dependencies",
)
