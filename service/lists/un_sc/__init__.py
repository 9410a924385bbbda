"""The Consolidated List of the United Nations Security Council, in its XML format."""

from service.lists.kinds import KnownList, ListSource

SOURCES = (
    ListSource(
        place=100,
        code="un_sc",
        title="United Nations Security Council Consolidated List",
        publisher="United Nations Security Council",
        urls=("https://scsanctions.un.org/resources/xml/en/consolidated.xml",),
        home_url="https://main.un.org/securitycouncil/en/content/un-sc-consolidated-list",
        formats=("consolidated.xml",),
        cadence="when a committee changes it",
        every_hours=6,
        licence="United Nations, published for implementation by all states",
        attribution="United Nations Security Council",
        tried_on="official files of 2020, 2023, 2025 and 2026, the newest of 2026-08-01",
    ),
)

LISTS = (
    KnownList(
        place=180,
        code="un_sc",
        title="Security Council Consolidated List",
        authority="UN Security Council",
        jurisdiction="UN",
        sources=("un_sc",),
        max_age_days=7,
        home_url="https://main.un.org/securitycouncil/en/content/un-sc-consolidated-list",
        canaries=("AL-QAIDA",),
    ),
)
