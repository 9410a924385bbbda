"""The FCC's list of covered equipment and services, from the page that the FCC publishes."""

from abeyance_screening.engine.lists.catalogue_types import US_WORK, KnownList, ListSource

SOURCES = (
    ListSource(
        place=80,
        code="us_fcc",
        title="FCC Covered List",
        publisher="US Federal Communications Commission",
        urls=("https://www.fcc.gov/supplychain/coveredlist",),
        home_url="https://www.fcc.gov/supplychain/coveredlist",
        marks=(
            "Secure Networks Act",
            "Covered Equipment or Services",
            "Date of Inclusion on Covered List",
        ),
        formats=("the page Covered List, as HTML",),
        cadence="with each public notice",
        every_hours=24,
        licence=US_WORK,
        attribution="US Federal Communications Commission",
        tried_on="official page of 2026-07-24, whole",
    ),
)

LISTS = (
    KnownList(
        place=160,
        code="us_fcc",
        title="FCC Covered List",
        authority="FCC",
        jurisdiction="US",
        sources=("us_fcc",),
        max_age_days=7,
        home_url="https://www.fcc.gov/supplychain/coveredlist",
        canaries=("Huawei Technologies Company", "ZTE Corporation"),
    ),
)
