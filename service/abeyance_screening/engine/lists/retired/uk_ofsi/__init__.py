"""OFSI's Consolidated List of Asset Freeze Targets, closed on 28 January 2026."""

from abeyance_screening.engine.lists.catalogue_types import KnownList, ListSource

_OGL_UK = "Open Government Licence v3.0"

SOURCES = (
    ListSource(
        place=130,
        code="uk_ofsi",
        title="OFSI Consolidated List of Asset Freeze Targets",
        publisher="HM Treasury, OFSI",
        urls=(),
        home_url="https://www.gov.uk/government/publications/financial-sanctions-consolidated-list-of-targets",
        formats=(
            "ConList.csv",
            "ConList.xlsx",
        ),
        cadence="closed on 28 January 2026",
        every_hours=24,
        licence=_OGL_UK,
        attribution=f"Contains public sector information licensed under the {_OGL_UK}",
        tried_on="official files of 2020 (CSV) and 2022 (XLSX), a sample of the 2022 CSV",
    ),
)

LISTS = (
    KnownList(
        place=210,
        code="uk_ofsi",
        title="OFSI Consolidated List (closed)",
        authority="HM Treasury, OFSI",
        jurisdiction="GB",
        sources=("uk_ofsi",),
        max_age_days=7,
        home_url="https://www.gov.uk/government/publications/financial-sanctions-consolidated-list-of-targets",
        # Closed on 28 January 2026; the UK Sanctions List took its place.
        only_if_loaded=True,
        canaries=(
            "LORD'S RESISTANCE ARMY",
            "AL-SHABAAB",
            "KOREA MINING DEVELOPMENT TRADING CORPORATION",
        ),
    ),
)
