"""The parties that Chinese announcements name, on four lists not published as such."""

from abeyance_screening.engine.lists.catalogue_types import KnownList, ListSource

_MOFCOM = "https://aqygzj.mofcom.gov.cn/flzc/gzjgfxwj/index.html"

SOURCES = (
    ListSource(
        place=190,
        code="cn_announcements",
        title="Chinese announcements that name parties",
        publisher="China, MOFCOM and MFA",
        urls=(),
        home_url="https://aqygzj.mofcom.gov.cn/flzc/gzjgfxwj/index.html",
        formats=(
            "announcements gathered as JSON",
            "official announcements, each as its page or as text",
        ),
        cadence="with each announcement",
        every_hours=24,
        licence="Texts of an official nature, outside copyright (PRC Copyright Law, article 5)",
        attribution="Ministry of Commerce and Ministry of Foreign Affairs of China",
        tried_on=(
            "52 announcements gathered by hand; 24 official texts of 2023 to 2026, two of them in "
            "100 layouts of a page; one page and one order re-made"
        ),
    ),
)

LISTS = (
    KnownList(
        place=270,
        code="cn_uel",
        title="Unreliable Entity List",
        authority="MOFCOM",
        jurisdiction="CN",
        sources=("cn_announcements",),
        max_age_days=30,
        home_url=_MOFCOM,
        canaries=("Lockheed Martin Corporation",),
    ),
    KnownList(
        place=280,
        code="cn_ecl",
        title="Export Control Control List",
        authority="MOFCOM",
        jurisdiction="CN",
        sources=("cn_announcements",),
        max_age_days=30,
        home_url=_MOFCOM,
        canaries=("General Dynamics",),
    ),
    KnownList(
        place=290,
        code="cn_wl",
        title="Export Control Watch List",
        authority="MOFCOM",
        jurisdiction="CN",
        sources=("cn_announcements",),
        max_age_days=30,
        home_url=_MOFCOM,
        canaries=("SUBARU Corporation",),
    ),
    KnownList(
        place=300,
        code="cn_afsl",
        title="Countermeasures under the Anti-Foreign Sanctions Law",
        authority="MFA and MOFCOM",
        jurisdiction="CN",
        sources=("cn_announcements",),
        max_age_days=30,
        home_url="https://www.mfa.gov.cn/",
        canaries=("Skydio Inc.",),
    ),
)
