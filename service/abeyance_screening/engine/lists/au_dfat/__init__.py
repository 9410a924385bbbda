"""The Australian Sanctions Consolidated List, a workbook.

DFAT renamed it in November 2025; should it do so again, the link on the list's page is taken.
"""

from abeyance_screening.engine.lists.catalogue_types import FileLink, KnownList, ListSource, Offer

_PAGE = "https://www.dfat.gov.au/international-relations/security/sanctions/consolidated-list"

SOURCES = (
    ListSource(
        place=160,
        code="au_dfat",
        title="Australian Sanctions Consolidated List",
        publisher="Australian Department of Foreign Affairs and Trade",
        urls=(
            "https://www.dfat.gov.au/sites/default/files/Australian_Sanctions_Consolidated_List.xlsx",
        ),
        fallbacks=(
            Offer(
                files=(
                    FileLink(
                        page=_PAGE,
                        hosts=("dfat.gov.au",),
                        address=r"(?i)/[^/]*consolidated[^/]*\.xlsx$",
                    ),
                ),
                what="the link on the list's page",
            ),
        ),
        home_url=_PAGE,
        formats=(
            "Australian_Sanctions_Consolidated_List.xlsx",
            "regulation8_consolidated.xls (refused)",
        ),
        cadence="with each instrument",
        every_hours=12,
        licence="Creative Commons Attribution 4.0",
        attribution="Australian Department of Foreign Affairs and Trade, CC BY 4.0",
        tried_on="official workbook of February 2026",
    ),
)

LISTS = (
    KnownList(
        place=240,
        code="au_dfat",
        title="Australian Consolidated List",
        authority="DFAT",
        jurisdiction="AU",
        sources=("au_dfat",),
        max_age_days=7,
        home_url=_PAGE,
        canaries=(
            "Hamas",
            "Lord's Resistance Army",
            "Korea Mining Development Trading Corporation",
        ),
    ),
)
