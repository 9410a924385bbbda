"""The Entity List of the Uyghur Forced Labor Prevention Act, from the page that DHS publishes."""

from abeyance_screening.engine.lists.catalogue_types import US_WORK, KnownList, ListSource

SOURCES = (
    ListSource(
        place=70,
        code="us_uflpa",
        title="UFLPA Entity List",
        publisher="US Homeland Security, FLETF",
        urls=("https://www.dhs.gov/uflpa-entity-list",),
        home_url="https://www.dhs.gov/uflpa-entity-list",
        marks=("Name of Entity", "Section 2(d)(2)(B)"),
        formats=("the page UFLPA Entity List, as HTML",),
        cadence="with each notice",
        every_hours=24,
        licence=US_WORK,
        attribution="US Department of Homeland Security",
        tried_on="official page of 2026-06-21 and 2026-07-24, whole",
    ),
)

LISTS = (
    KnownList(
        place=150,
        code="us_uflpa",
        title="UFLPA Entity List",
        authority="Homeland Security, FLETF",
        jurisdiction="US",
        sources=("us_uflpa",),
        max_age_days=7,
        home_url="https://www.dhs.gov/uflpa-entity-list",
        canaries=("Camel Group Co., Ltd.", "Ninestar Corporation"),
    ),
)
