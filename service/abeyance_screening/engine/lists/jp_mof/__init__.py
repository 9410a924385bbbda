"""The parties whose assets Japan freezes, as its Ministry of Finance publishes them.

Each edition has an address of its own, which ends with its day (`shisantouketsu20260305.xlsx`).
The Ministry's page of sanctions links to it.
"""

from abeyance_screening.engine.lists.catalogue_types import FileLink, KnownList, ListSource, Offer

_HOME = (
    "https://www.mof.go.jp/policy/international_policy/gaitame_kawase/gaitame/"
    "economic_sanctions/list.html"
)


def _link(extension: str) -> FileLink:
    day = r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})"
    address = rf"/shisantouketsu{day}\.{extension}$"
    return FileLink(page=_HOME, hosts=("mof.go.jp",), address=address)


SOURCES = (
    ListSource(
        place=175,
        code="jp_mof",
        title="Parties subject to asset freezes and similar measures",
        publisher="Japan, Ministry of Finance",
        urls=(),
        links=(_link("xlsx"),),
        fallbacks=(Offer(files=(_link("csv"),), what="the CSV file"),),
        home_url=_HOME,
        marks=("資産凍結", "告示番号", "告示日付"),
        formats=(
            "shisantouketsu20260305.xlsx, a sheet for each programme",
            "shisantouketsu20260828.csv, one table of 32 columns",
        ),
        cadence="with each notice, some thirty times a year",
        every_hours=24,
        licence="Public Data License 1.0 (compatible with CC BY 4.0)",
        attribution="Ministry of Finance of Japan",
        tried_on=(
            "official workbook of 2026-03-05, whole (45 sheets, 41 of them with parties); the CSV "
            "file only on rows of that workbook set out in its 32 columns: no official CSV file "
            "was at hand"
        ),
    ),
)

LISTS = (
    KnownList(
        place=255,
        code="jp_mof",
        title="Japanese asset freezes",
        authority="Ministry of Finance",
        jurisdiction="JP",
        sources=("jp_mof",),
        max_age_days=60,
        home_url=_HOME,
        canaries=("AL-QAIDA", "AL-SHABAAB"),
    ),
)
