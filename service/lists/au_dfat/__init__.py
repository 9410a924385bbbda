"""The Australian Sanctions Consolidated List, a workbook."""

from service.lists.kinds import KnownList, ListSource

SOURCES = (
    ListSource(
        place=160,
        code="au_dfat",
        title="Australian Sanctions Consolidated List",
        publisher="Australian Department of Foreign Affairs and Trade",
        urls=(
            "https://www.dfat.gov.au/sites/default/files/Australian_Sanctions_Consolidated_List.xlsx",
        ),
        home_url="https://www.dfat.gov.au/international-relations/security/sanctions/consolidated-list",
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
        home_url="https://www.dfat.gov.au/international-relations/security/sanctions/consolidated-list",
        canaries=(
            "Hamas",
            "Lord's Resistance Army",
            "Korea Mining Development Trading Corporation",
        ),
    ),
)
