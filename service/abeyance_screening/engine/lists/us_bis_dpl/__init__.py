"""The Denied Persons List of the US Bureau of Industry and Security, from BIS's own files.

The csv has its day in its name (`https://media.bis.gov/sites/default/files/dpl_04142026.csv`) and
is linked from the list's page, as "Export as CSV".
"""

from abeyance_screening.engine.lists.catalogue_types import (
    US_WORK,
    FileLink,
    KnownList,
    ListSource,
    Offer,
)

_BIS = "https://www.bis.gov/licensing/guidance-on-end-user-and-end-use-controls-and-us-person-controls"

_PAGE = "https://www.bis.gov/licensing/end-user-guidance/denied-persons-list-dpl"
_BY_DAY = r"/dpl_(?P<month>\d{2})(?P<day>\d{2})(?P<year>\d{4})(?:_\d+)?\.csv$"

SOURCES = (
    ListSource(
        place=40,
        code="us_bis_dpl",
        title="BIS Denied Persons List",
        publisher="US Commerce, BIS",
        urls=(),
        links=(FileLink(page=_PAGE, hosts=("bis.gov",), address=_BY_DAY),),
        fallbacks=(
            Offer(
                files=(
                    FileLink(
                        page=_PAGE,
                        hosts=("bis.gov",),
                        address=r"\.csv$",
                        text=r"^Export as CSV$",
                    ),
                ),
                what='the link "Export as CSV"',
            ),
        ),
        home_url=_PAGE,
        marks=("Name_and_Address", "Type of Denial", "Standard_Order"),
        formats=("dpl.csv, with name and address in one column",),
        cadence="with each denial order",
        every_hours=24,
        licence=US_WORK,
        attribution="US Bureau of Industry and Security",
        tried_on="official csv of 2026-04-14, whole",
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
