"""OFAC's own files: the SDN List, and the lists of parties that are not blocked.

The Sanctions List Service has each file at two addresses: that of its page, and that of its
documented interface (`GET /api/download/{fileName}`). The Treasury's addresses of before May 2024
redirect to it and have the classic format only.

Source: https://ofac.treasury.gov/sanctions-list-service
"""

from abeyance_screening.engine.lists.catalogue_types import US_WORK, KnownList, ListSource, Offer

_OFAC = "https://ofac.treasury.gov/consolidated-sanctions-list-non-sdn-lists"
_OFAC_SERVICE = "https://sanctionslistservice.ofac.treas.gov/api"
_OFAC_EXPORTS = f"{_OFAC_SERVICE}/PublicationPreview/exports"
_OFAC_BEFORE = "https://www.treasury.gov/ofac/downloads"
_OFAC_HOME = "https://ofac.treasury.gov/sanctions-list-service"


def _fallbacks(enhanced: str, classic: str, before: str) -> tuple[Offer, ...]:
    return (
        Offer(files=(f"{_OFAC_SERVICE}/download/{enhanced}",), what=f"/api/download/{enhanced}"),
        Offer(files=(f"{_OFAC_EXPORTS}/{classic}",), what=classic),
        Offer(files=(f"{_OFAC_BEFORE}/{before}",), what=f"treasury.gov's {before}"),
    )


SOURCES = (
    ListSource(
        place=20,
        code="us_ofac_sdn",
        title="OFAC Specially Designated Nationals List",
        publisher="US Treasury, OFAC",
        urls=(f"{_OFAC_EXPORTS}/SDN_ENHANCED.ZIP",),
        fallbacks=_fallbacks("SDN_ENHANCED.ZIP", "SDN.XML", "sdn.xml"),
        home_url=_OFAC_HOME,
        formats=("SDN_ENHANCED.XML", "SDN.XML", "delta file (SDN List)"),
        cadence="several times a week",
        every_hours=3,
        licence=US_WORK,
        attribution="US Treasury, Office of Foreign Assets Control",
        tried_on=(
            "three official delta files of 2025, all whole; SDN.XML and SDN_ENHANCED.XML only "
            "re-made from real entries"
        ),
    ),
    ListSource(
        place=30,
        code="us_ofac_cons",
        title="OFAC Consolidated (non-SDN) Lists",
        publisher="US Treasury, OFAC",
        urls=(f"{_OFAC_EXPORTS}/CONS_ENHANCED.ZIP",),
        fallbacks=_fallbacks(
            "CONS_ENHANCED.ZIP", "CONSOLIDATED.XML", "consolidated/consolidated.xml"
        ),
        home_url=_OFAC_HOME,
        formats=("CONS_ENHANCED.XML", "CONSOLIDATED.XML", "delta file (non-SDN lists)"),
        cadence="when one of its lists changes",
        every_hours=3,
        licence=US_WORK,
        attribution="US Treasury, Office of Foreign Assets Control",
        tried_on=(
            "official CONS_ENHANCED.XML of 2025-01-10 and April 2025, CONSOLIDATED.XML of 2020, "
            "2021 and 2022, all whole, each with a new code too"
        ),
    ),
)

LISTS = (
    KnownList(
        place=60,
        code="us_ofac_capta",
        title="CAPTA List",
        authority="OFAC",
        jurisdiction="US",
        sources=("us_ofac_cons", "us_csl"),
        max_age_days=3,
        home_url=_OFAC,
        canaries=("BANK OF KUNLUN CO LTD",),
    ),
    KnownList(
        place=70,
        code="us_ofac_cmic",
        title="Non-SDN Chinese Military-Industrial Complex Companies List",
        authority="OFAC",
        jurisdiction="US",
        sources=("us_ofac_cons", "us_csl"),
        max_age_days=3,
        home_url=_OFAC,
        canaries=("CHINA MOBILE LIMITED",),
    ),
    KnownList(
        place=80,
        code="us_ofac_fse",
        title="Foreign Sanctions Evaders List",
        authority="OFAC",
        jurisdiction="US",
        sources=("us_ofac_cons", "us_csl"),
        max_age_days=3,
        home_url=_OFAC,
        # Three entries in April 2022, one in January 2025, none since.
        may_be_empty=True,
    ),
    KnownList(
        place=90,
        code="us_ofac_mbs",
        title="Non-SDN Menu-Based Sanctions List",
        authority="OFAC",
        jurisdiction="US",
        sources=("us_ofac_cons", "us_csl"),
        max_age_days=3,
        home_url=_OFAC,
        canaries=("CENTRAL BANK OF THE RUSSIAN FEDERATION",),
    ),
    KnownList(
        place=100,
        code="us_ofac_nonsdn",
        title="OFAC non-SDN lists, entries of which the list is not known",
        authority="OFAC",
        jurisdiction="US",
        sources=("us_ofac_cons",),
        max_age_days=3,
        home_url=_OFAC,
        # OFAC's files of 2020 to 2025 have no such entry; a new programme code would make one.
        may_be_empty=True,
        only_if_loaded=True,
        asked_with=(
            *("us_ofac_capta", "us_ofac_cmic", "us_ofac_fse"),
            *("us_ofac_mbs", "us_ofac_plc", "us_ofac_ssi"),
        ),
    ),
    KnownList(
        place=110,
        code="us_ofac_plc",
        title="Palestinian Legislative Council List",
        authority="OFAC",
        jurisdiction="US",
        sources=("us_ofac_cons", "us_csl"),
        max_age_days=3,
        home_url=_OFAC,
    ),
    KnownList(
        place=120,
        code="us_ofac_sdn",
        title="Specially Designated Nationals List",
        authority="OFAC",
        jurisdiction="US",
        sources=("us_ofac_sdn", "us_csl"),
        max_age_days=3,
        home_url="https://ofac.treasury.gov/specially-designated-nationals-and-blocked-persons-list-sdn-human-readable-lists",
        canaries=("HIZBALLAH", "BANK SEPAH", "MAHAN AIR"),
    ),
    KnownList(
        place=130,
        code="us_ofac_ssi",
        title="Sectoral Sanctions Identifications List",
        authority="OFAC",
        jurisdiction="US",
        sources=("us_ofac_cons", "us_csl"),
        max_age_days=3,
        home_url=_OFAC,
        canaries=("OAO NOVATEK",),
    ),
)
