"""New Zealand's Russia Sanctions Register, a workbook."""

from abeyance_screening.engine.lists.catalogue_types import KnownList, ListSource

_HOME = (
    "https://www.mfat.govt.nz/en/countries-and-regions/europe/ukraine"
    "/russian-invasion-of-ukraine/sanctions/russia-sanctions-register"
)

_FILES = "https://www.mfat.govt.nz/assets/Countries-and-Regions/Europe/Ukraine"

SOURCES = (
    ListSource(
        place=165,
        code="nz_russia",
        title="Russia Sanctions Register",
        publisher="New Zealand Ministry of Foreign Affairs and Trade",
        urls=(f"{_FILES}/Russia-Sanctions-Register.xlsx",),
        home_url=_HOME,
        formats=("Russia-Sanctions-Register.xlsx",),
        cadence="with each change, every few weeks",
        every_hours=24,
        licence="Crown copyright, published by the ministry to help comply with the sanctions",
        attribution="New Zealand Ministry of Foreign Affairs and Trade",
        tried_on=(
            "no official file was at hand: rows set out in the sheets and columns that three "
            "other readers of the workbook describe"
        ),
    ),
)

LISTS = (
    KnownList(
        place=245,
        code="nz_russia",
        title="New Zealand's Russia Sanctions Register",
        authority="MFAT",
        jurisdiction="NZ",
        sources=("nz_russia",),
        max_age_days=14,
        home_url=_HOME,
        # The ministry's server turns programs away.
        only_if_loaded=True,
    ),
)
