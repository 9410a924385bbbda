"""The Entity List, as the eCFR publishes it: 15 CFR part 744, Supplement No. 4."""

from abeyance_screening.engine.lists.catalogue_types import US_WORK, KnownList, ListSource

_BIS = "https://www.bis.gov/licensing/guidance-on-end-user-and-end-use-controls-and-us-person-controls"

SOURCES = (
    ListSource(
        place=50,
        code="us_bis_el",
        title="BIS Entity List, 15 CFR 744 Supplement No. 4",
        publisher="US Government Publishing Office, eCFR",
        urls=("https://www.govinfo.gov/bulkdata/ECFR/title-15/ECFR-title15.xml",),
        home_url="https://www.ecfr.gov/current/title-15/part-744/appendix-Supplement%20No.%204%20to%20Part%20744",
        formats=("title 15 of the eCFR, or an extract with Supplement No. 4 to Part 744, as XML",),
        cadence="with each rule",
        every_hours=12,
        licence=US_WORK,
        attribution="Electronic Code of Federal Regulations",
        tried_on=(
            "re-made from real entries of April 2022 in the eCFR's documented XML; "
            "no official file"
        ),
    ),
)

LISTS = (
    KnownList(
        place=20,
        code="us_bis_el",
        title="Entity List",
        authority="BIS",
        jurisdiction="US",
        sources=("us_bis_el", "us_csl"),
        max_age_days=3,
        home_url=_BIS,
    ),
)
