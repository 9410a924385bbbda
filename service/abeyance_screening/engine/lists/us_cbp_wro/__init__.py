"""The withhold release orders and findings of US customs on forced labour, a CSV file."""

from abeyance_screening.engine.lists.catalogue_types import (
    US_WORK,
    FileLink,
    KnownList,
    ListSource,
    Offer,
)

_HOME = "https://www.cbp.gov/document/stats/withhold-release-orders-findings"
# `withhold-release-orders-findings-fy26-2026-09-29.csv`
_BY_DAY = (
    r"/withhold-release-orders-findings[^/]*-(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})\.csv$"
)

SOURCES = (
    ListSource(
        place=75,
        code="us_cbp_wro",
        title="Withhold Release Orders and Findings",
        publisher="US Customs and Border Protection",
        urls=(),
        links=(FileLink(page=_HOME, hosts=("cbp.gov",), address=_BY_DAY),),
        fallbacks=(
            Offer(
                files=(
                    FileLink(
                        page=_HOME,
                        hosts=("cbp.gov",),
                        address=r"/withhold-release-orders-findings[^/]*\.csv$",
                    ),
                ),
                what="the one CSV file of that name",
            ),
        ),
        home_url=_HOME,
        marks=("WRO/Finding", "Withhold Release Order"),
        formats=("withhold-release-orders-findings….csv",),
        cadence="with each order",
        every_hours=24,
        licence=US_WORK,
        attribution="US Customs and Border Protection",
        tried_on=(
            "no official file was at hand: rows set out in the columns and encoding that other "
            "readers of the file describe, with names of parties as the file prints them"
        ),
    ),
)

LISTS = (
    KnownList(
        place=155,
        code="us_cbp_wro",
        title="Withhold Release Orders and Findings (forced labour)",
        authority="Customs and Border Protection",
        jurisdiction="US",
        sources=("us_cbp_wro",),
        max_age_days=30,
        home_url="https://www.cbp.gov/trade/forced-labor/withhold-release-orders-and-findings",
        only_if_loaded=True,
        canaries=("Hoshine Silicon Industry Co. Ltd.",),
    ),
)
