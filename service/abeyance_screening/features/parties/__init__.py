"""Parties: listings that describe one company or person, and operators' splits of them."""

from abeyance_screening.platform.feature import Feature

FEATURE = Feature(
    routes=("abeyance_screening.features.parties.api:ROUTES",),
    pages=("abeyance_screening.features.parties.page:PAGES",),
    dependencies="abeyance_screening.features.parties.service:dependencies",
    examples="abeyance_screening.features.parties.examples:EXCHANGES",
)
