"""The bodies that Japan lets nobody export to: in Russia, Belarus and third countries."""

from service.lists.kinds import KnownList, ListSource

SOURCES = (
    ListSource(
        place=180,
        code="jp_meti_ru",
        title="Export bans: named parties in Russia, Belarus and third countries",
        publisher="Japan, MOFA and METI",
        urls=(),
        home_url="https://www.meti.go.jp/policy/external_economy/trade_control/02_export/17_russia/russia.html",
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
