"""The bodies that Japan lets nobody export to: in Russia, Belarus and third countries.

METI's page links to three PDF files. Their names begin with a day in some editions
(`250912_list_russia_tokutei.pdf`) and not in others, so that they are looked for on the page: by
their names, or else by the words of the links, which are those of the page in 2025 and 2026.
"""

from abeyance_screening.engine.lists.catalogue_types import FileLink, KnownList, ListSource, Offer

_PAGE = (
    "https://www.meti.go.jp/policy/external_economy/trade_control/02_export/17_russia/russia.html"
)


def _by_name(country: str) -> FileLink:
    day = r"(?:(?P<year>\d{2})(?P<month>\d{2})(?P<day>\d{2})_)?"
    name = rf"/{day}list_{country}_tokutei\.pdf$"
    return FileLink(page=_PAGE, hosts=("meti.go.jp",), address=name)


def _by_words(words: str) -> FileLink:
    return FileLink(page=_PAGE, hosts=("meti.go.jp",), address=r"\.pdf$", text=words)


SOURCES = (
    ListSource(
        place=180,
        code="jp_meti_ru",
        title="Export bans: named parties in Russia, Belarus and third countries",
        publisher="Japan, MOFA and METI",
        urls=(),
        links=tuple(map(_by_name, ("russia", "belarus", "daisangoku"))),
        fallbacks=(
            Offer(
                files=tuple(
                    _by_words(f"{whose}の特定団体一覧")
                    for whose in ("ロシア連邦", "ベラルーシ共和国", "第三国")
                ),
                what="the links by their words",
            ),
        ),
        home_url=_PAGE,
        marks=("特定団体",),
        formats=(
            "list_russia_tokutei.pdf, list_belarus_tokutei.pdf and list_daisangoku_tokutei.pdf",
        ),
        cadence="with each cabinet decision",
        every_hours=24,
        licence="Public Data License 1.0 (compatible with CC BY 4.0)",
        attribution="Ministries of Foreign Affairs and of Economy, Trade and Industry of Japan",
        tried_on=(
            "the three official PDF files of 2025-09-12, whole, and their text as another "
            "publisher keeps it"
        ),
    ),
)

LISTS = (
    KnownList(
        place=260,
        code="jp_meti_ru",
        title="Export bans: Russia, Belarus and third countries",
        authority="MOFA and METI",
        jurisdiction="JP",
        sources=("jp_meti_ru",),
        max_age_days=120,
        home_url="https://www.meti.go.jp/policy/external_economy/trade_control/01_seido/04_seisai/crimea.html",
        canaries=("Admiralty Shipyard JSC",),
    ),
)
