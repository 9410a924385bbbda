"""Approvals: what waits for a second person, where an account asks for four eyes."""

from abeyance_screening.platform.feature import Feature

FEATURE = Feature(
    routes=("abeyance_screening.features.approvals.api:ROUTES",),
    dependencies="abeyance_screening.features.approvals.service:dependencies",
    examples="abeyance_screening.features.approvals.examples:EXCHANGES",
)
