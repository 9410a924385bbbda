"""The UK Sanctions List, in its CSV and XML formats."""

from service.lists.kinds import KnownList, ListSource

_OGL_UK = "Open Government Licence v3.0"

SOURCES = (
    ListSource(
        place=120,
        code="uk_sl",
        title="UK Sanctions List",
        publisher="UK Foreign, Commonwealth and Development Office",
        urls=("https://sanctionslist.fcdo.gov.uk/docs/UK-Sanctions-List.csv",),
        home_url="https://www.gov.uk/government/publications/the-uk-sanctions-list",
        formats=(
            "UK-Sanctions-List.csv",
            "UK-Sanctions-List.xml",
        ),
        cadence="with each change",
        every_hours=6,
        licence=_OGL_UK,
        attribution=f"Contains public sector information licensed under the {_OGL_UK}",
        tried_on=(
            "re-made in the official layout from real entries of April 2026; no official file"
        ),
    ),
)

LISTS = (
    KnownList(
        place=200,
        code="uk_sl",
        title="UK Sanctions List",
        authority="FCDO",
        jurisdiction="GB",
        sources=("uk_sl",),
        max_age_days=7,
        home_url="https://www.gov.uk/government/publications/the-uk-sanctions-list",
        canaries=(
            "LORD'S RESISTANCE ARMY",
            "AL-SHABAAB",
            "KOREA MINING DEVELOPMENT TRADING CORPORATION",
        ),
    ),
)
