"""Restrictions that reach goods, places and end uses, and name no company."""

from abeyance_screening.platform.feature import CommandEntry, Feature

FEATURE = Feature(
    routes=("abeyance_screening.features.trade.api:ROUTES",),
    pages=("abeyance_screening.features.trade.page:PAGES",),
    navigation=(("/flows", "Flows"),),
    commands=(
        CommandEntry(
            "restrictions",
            "abeyance_screening.features.trade.cli",
            "Show the measures that reach a transaction without naming a company.",
        ),
    ),
    examples="abeyance_screening.features.trade.examples:EXCHANGES",
)
