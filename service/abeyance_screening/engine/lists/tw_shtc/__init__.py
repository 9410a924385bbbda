"""The entities to which Taiwan lets nobody export without a licence, a CSV file."""

from abeyance_screening.engine.lists.catalogue_types import KnownList, ListSource

_FILES = "https://publicinfo.trade.gov.tw/icp/Download.action"
_HOME = "https://www.trade.gov.tw/english/Pages/List.aspx?nodeid=298"

SOURCES = (
    ListSource(
        place=185,
        code="tw_shtc",
        title="Strategic High-Tech Commodities Entity List",
        publisher="Taiwan, International Trade Administration",
        # The PDF file `SHTC Entity List` links to this address, the same since July 2025.
        urls=(f"{_FILES}?file=ZgPKOWuRLCD%2B8S4%2FZhAeuw%3D%3D",),
        home_url=_HOME,
        marks=("名稱name", "國家代碼country code"),
        formats=("SHTCEntityList.csv",),
        cadence="several times a year",
        every_hours=24,
        licence="Published by the administration for exporters; no terms are stated",
        attribution="International Trade Administration, Ministry of Economic Affairs, Taiwan",
        tried_on=(
            "no official file was at hand: rows set out in the columns that other readers of the "
            "file describe, names taken from public reports of the list"
        ),
    ),
)

LISTS = (
    KnownList(
        place=265,
        code="tw_shtc",
        title="Taiwan's entity list (SHTC)",
        authority="International Trade Administration",
        jurisdiction="TW",
        sources=("tw_shtc",),
        max_age_days=120,
        home_url=_HOME,
        only_if_loaded=True,
    ),
)
