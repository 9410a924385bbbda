"""The lists this product knows: where each comes from, how often, and under which terms.

The one table that the loader, the coverage of every answer and `GET /v1/lists` read.
A list code that is not here is a user's own list.
"""

import re

import msgspec

OWN_LIST_CODE = re.compile(r"[a-z][a-z0-9_]{1,62}")


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """One published file. `url` is the publisher's download address."""

    code: str
    title: str
    publisher: str
    url: str
    formats: tuple[str, ...]
    cadence: str
    licence: str


class KnownList(msgspec.Struct, frozen=True, kw_only=True):
    """One list in a source.

    An edition older than `max_age_days` is too old to rest a "nothing found" on.
    `may_be_empty` marks a list that its authority has emptied: no entry there is no fault.
    """

    code: str
    title: str
    authority: str
    jurisdiction: str
    source: str
    max_age_days: int
    home_url: str
    may_be_empty: bool = False


SOURCES: tuple[Source, ...] = (
    Source(
        code="us_csl",
        title="US Consolidated Screening List",
        publisher="US International Trade Administration",
        url="https://data.trade.gov/downloadable_consolidated_screening_list/v1/consolidated.json",
        formats=("consolidated.json", "consolidated.csv"),
        cadence="daily, 5 a.m. US Eastern time",
        licence="Work of the US government, public domain",
    ),
    Source(
        code="un_sc",
        title="United Nations Security Council Consolidated List",
        publisher="United Nations Security Council",
        url="https://scsanctions.un.org/resources/xml/en/consolidated.xml",
        formats=("consolidated.xml",),
        cadence="when a committee changes it",
        licence="United Nations, published for implementation by all states",
    ),
)


def _us(  # one row of the table below
    code: str, title: str, authority: str, home_url: str, *, may_be_empty: bool = False
) -> KnownList:
    return KnownList(
        code=code,
        title=title,
        authority=authority,
        jurisdiction="US",
        source="us_csl",
        max_age_days=3,
        home_url=home_url,
        may_be_empty=may_be_empty,
    )


_BIS = "https://www.bis.gov/licensing/guidance-on-end-user-and-end-use-controls-and-us-person-controls"
_OFAC = "https://ofac.treasury.gov/consolidated-sanctions-list-non-sdn-lists"

LISTS: tuple[KnownList, ...] = (
    _us("us_bis_dpl", "Denied Persons List", "BIS", _BIS),
    _us("us_bis_el", "Entity List", "BIS", _BIS),
    _us("us_bis_meu", "Military End User List", "BIS", _BIS),
    _us("us_bis_uvl", "Unverified List", "BIS", _BIS),
    _us(
        "us_ddtc",
        "AECA Debarred List",
        "State Department, DDTC",
        "https://www.pmddtc.state.gov/ddtc_public/ddtc_public?id=ddtc_kb_article_page&sys_id=c22d1833dbb8d300d0a370131f9619f0",
    ),
    _us("us_ofac_capta", "CAPTA List", "OFAC", _OFAC),
    _us(
        "us_ofac_cmic", "Non-SDN Chinese Military-Industrial Complex Companies List", "OFAC", _OFAC
    ),
    # Three entries in April 2022, one in January 2025, none since.
    _us("us_ofac_fse", "Foreign Sanctions Evaders List", "OFAC", _OFAC, may_be_empty=True),
    _us("us_ofac_mbs", "Non-SDN Menu-Based Sanctions List", "OFAC", _OFAC),
    _us("us_ofac_plc", "Palestinian Legislative Council List", "OFAC", _OFAC),
    _us(
        "us_ofac_sdn",
        "Specially Designated Nationals List",
        "OFAC",
        "https://ofac.treasury.gov/specially-designated-nationals-and-blocked-persons-list-sdn-human-readable-lists",
    ),
    _us("us_ofac_ssi", "Sectoral Sanctions Identifications List", "OFAC", _OFAC),
    _us(
        "us_state_isn",
        "Nonproliferation Sanctions",
        "State Department, ISN",
        "https://www.state.gov/key-topics-bureau-of-international-security-and-nonproliferation/nonproliferation-sanctions/",
    ),
    KnownList(
        code="un_sc",
        title="Security Council Consolidated List",
        authority="UN Security Council",
        jurisdiction="UN",
        source="un_sc",
        # The file is written anew every night, changed or not.
        max_age_days=7,
        home_url="https://main.un.org/securitycouncil/en/content/un-sc-consolidated-list",
    ),
)

SOURCE_BY_CODE = {source.code: source for source in SOURCES}
LIST_BY_CODE = {known.code: known for known in LISTS}


def lists_of(source: str) -> tuple[str, ...]:
    """The codes of the lists that one source carries."""
    return tuple(known.code for known in LISTS if known.source == source)
