"""The Denied Persons List of the US Bureau of Industry and Security, from BIS's own files."""

from service.lists.kinds import US_WORK, KnownList, ListSource

_BIS = "https://www.bis.gov/licensing/guidance-on-end-user-and-end-use-controls-and-us-person-controls"

SOURCES = (
    ListSource(
        place=40,
        code="us_bis_dpl",
        title="BIS Denied Persons List",
        publisher="US Commerce, BIS",
        urls=(),
        home_url="https://www.bis.gov/licensing/end-user-guidance/denied-persons-list-dpl",
        formats=(
            "dpl.csv, with name and address in one column",
            "dpl.txt, tab-separated",
        ),
        cadence="with each denial order",
        every_hours=24,
        licence=US_WORK,
        attribution="US Bureau of Industry and Security",
        tried_on=(
            "official csv of 2026-04-14 and the retired dpl.txt of about August 2022, both whole"
        ),
    ),
)

LISTS = (
    KnownList(
        place=10,
        code="us_bis_dpl",
        title="Denied Persons List",
        authority="BIS",
        jurisdiction="US",
        sources=("us_bis_dpl", "us_csl"),
        max_age_days=3,
        home_url=_BIS,
    ),
)
