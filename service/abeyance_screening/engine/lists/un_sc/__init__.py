"""The Consolidated List of the United Nations Security Council, in its XML format.

The list's address redirects to the United Nations' storage at unsolprodfiles, where the same file
is open to all; if both have moved, the link on the list's page is taken.
"""

from abeyance_screening.engine.lists.catalogue_types import FileLink, KnownList, ListSource, Offer

_PAGE = "https://main.un.org/securitycouncil/en/content/un-sc-consolidated-list"
_STORAGE = "unsolprodfiles.blob.core.windows.net"

SOURCES = (
    ListSource(
        place=100,
        code="un_sc",
        title="United Nations Security Council Consolidated List",
        publisher="United Nations Security Council",
        urls=("https://scsanctions.un.org/resources/xml/en/consolidated.xml",),
        fallbacks=(
            Offer(
                files=(f"https://{_STORAGE}/publiclegacyxmlfiles/EN/consolidated.xml",),
                what="the United Nations' storage",
            ),
            Offer(
                files=(
                    FileLink(
                        page=_PAGE,
                        hosts=("un.org", _STORAGE),
                        address=r"(?i)/en/(?:[^/]*/)?consolidated[^/]*\.xml$",
                    ),
                ),
                what="the link on the list's page",
            ),
        ),
        home_url=_PAGE,
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
