"""The Foreign End User List of Japan's METI, as the workbook that METI publishes.

Each edition has an address of its own, which begins with its day
(`https://www.meti.go.jp/policy/anpo/20250929_4.xlsx`). Two of METI's pages link to it.
"""

from abeyance_screening.engine.lists.catalogue_types import FileLink, KnownList, ListSource, Offer

_PAGES = "https://www.meti.go.jp/policy/anpo"
_WORKBOOK = r"/(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})_\d+\.xlsx$"

SOURCES = (
    ListSource(
        place=170,
        code="jp_meti_eul",
        title="Foreign End User List",
        publisher="Japan, METI",
        urls=(),
        links=(
            FileLink(
                page=f"{_PAGES}/law00.html",
                hosts=("meti.go.jp",),
                address=_WORKBOOK,
                text="外国ユーザーリスト",
            ),
        ),
        fallbacks=(
            Offer(
                files=(
                    FileLink(
                        page=f"{_PAGES}/law05.html", hosts=("meti.go.jp",), address=_WORKBOOK
                    ),
                ),
                what="the page law05.html",
            ),
        ),
        home_url="https://www.meti.go.jp/policy/anpo/law05.html",
        marks=("外国ユーザーリスト", "国名、地域名", "Country or Region"),
        formats=("the list as a workbook (20250929_4.xlsx)",),
        cadence="once a year",
        every_hours=24,
        licence="Public Data License 1.0 (compatible with CC BY 4.0)",
        attribution="Ministry of Economy, Trade and Industry of Japan",
        tried_on="official workbook of 2025-09-29, whole",
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
