"""The Foreign End User List of Japan's METI, as the workbook that METI publishes or as CSV."""

from service.lists.kinds import KnownList, ListSource

SOURCES = (
    ListSource(
        place=170,
        code="jp_meti_eul",
        title="Foreign End User List",
        publisher="Japan, METI",
        urls=(),
        home_url="https://www.meti.go.jp/policy/anpo/law05.html",
        formats=(
            "the list as a workbook (20250929_4.xlsx)",
            "the table of that workbook as CSV in UTF-8",
        ),
        cadence="once a year",
        every_hours=24,
        licence="Public Data License 1.0 (compatible with CC BY 4.0)",
        attribution="Ministry of Economy, Trade and Industry of Japan",
        tried_on="official workbook of 2025-09-29, whole, and the same table as CSV",
    ),
)

LISTS = (
    KnownList(
        place=250,
        code="jp_meti_eul",
        title="Foreign End User List",
        authority="METI",
        jurisdiction="JP",
        sources=("jp_meti_eul",),
        max_age_days=400,
        home_url="https://www.meti.go.jp/policy/anpo/law05.html",
        canaries=("Fajr Industrial Group",),
    ),
)
