"""Short names for a reader: of lists, their authorities, jurisdictions and countries."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from babel import Locale

from abeyance_screening.engine.lists.catalogue import LIST_BY_CODE

_SHORT: Mapping[str, str] = MappingProxyType(
    {
        "us_ofac_cmic": "NS-CMIC List",
        "us_ofac_sdn": "SDN List",
        "us_ofac_ssi": "SSI List",
        "us_ofac_mbs": "Menu-Based Sanctions List",
        "us_ofac_plc": "PLC List",
        "us_ofac_nonsdn": "OFAC, non-SDN list not known",
        "un_sc": "UN Consolidated List",
        "eu_fsf": "EU Sanctions List",
        "eu_833_iv": "EU export bans, Russia",
        "eu_833_xlii": "EU port ban, ships",
        "eu_765_v": "EU export bans, Belarus",
        "ca_sema": "Canadian Sanctions List",
        "au_dfat": "Australian Sanctions List",
        "jp_meti_ru": "Export bans, Russia and Belarus",
        "cn_afsl": "Anti-Foreign Sanctions list",
    }
)
_PROFILES: Mapping[str, str] = MappingProxyType(
    {
        "us": "who is subject to United States law",
        "eu": "who is subject to the law of the European Union",
        "uk": "who is subject to United Kingdom law",
        "jp": "who exports from Japan",
        "ch": "who exports from Switzerland",
        "bank": "who moves money in dollars, euro, sterling, francs, yen and the like",
        "all": "who wants every list that is published, also those that wait for a person",
    }
)
_JURISDICTIONS: Mapping[str, str] = MappingProxyType(
    {
        "AU": "Australia",
        "BE": "Belgium",
        "CA": "Canada",
        "CH": "Switzerland",
        "CN": "China",
        "CZ": "Czechia",
        "EU": "European Union",
        "FR": "France",
        "GB": "United Kingdom",
        "HK": "Hong Kong",
        "IN": "India",
        "JP": "Japan",
        "KR": "South Korea",
        "NL": "Netherlands",
        "NO": "Norway",
        "NZ": "New Zealand",
        "PL": "Poland",
        "RU": "Russia",
        "TW": "Taiwan",
        "UA": "Ukraine",
        "UK": "United Kingdom",
        "UN": "United Nations",
        "US": "United States",
        "WB": "World Bank",
    }
)
# Jurisdictions that are known by their letters, and such as take an article.
_BY_LETTERS = frozenset({"EU", "UK", "UN", "US"})
_WITH_ARTICLE = frozenset({"NL", "WB", *_BY_LETTERS})
_COUNTRIES_WITH_ARTICLE = frozenset(
    {
        *("AE", "BS", "CF", "CK", "DO", "FK", "FO", "GB", "GM", "IM", "KM", "KY", "MH", "MV"),
        *("NL", "PH", "SB", "SC", "TC", "US", "VG", "VI"),
    }
)


def profile_title(name: str) -> str:
    """Return for whom a profile of `profiles()` is."""
    return _PROFILES[name]


def list_title(code: str) -> str:
    """Return the short title of a list, else its official title; of a user's own its code."""
    known = LIST_BY_CODE.get(code)
    return _SHORT.get(code) or (code if known is None else known.title)


def list_authority(code: str) -> str:
    """Return who keeps a list: `US · BIS`, or `your own list` for a user's own."""
    known = LIST_BY_CODE.get(code)
    if known is None:
        return "your own list"
    return known.authority if known.of_register else f"{known.jurisdiction} · {known.authority}"


def jurisdiction_name(code: str) -> str:
    """Return the name of a jurisdiction: `United States` for US, an unknown code as it is."""
    return _JURISDICTIONS.get(code, code)


def place_named(code: str) -> str:
    """Name a jurisdiction in a sentence: `the US`, `Japan`, `the Netherlands`."""
    name = code if code in _BY_LETTERS else jurisdiction_name(code)
    return f"the {name}" if code in _WITH_ARTICLE else name


def country_name(code: str) -> str:
    """Return the English name of a country: `China` for CN, an unknown code as it is."""
    return _country_names().get(code, code)


def country_named(code: str) -> str:
    """Name a country in a sentence: `the United States`, `Iran`."""
    return f"the {country_name(code)}" if code in _COUNTRIES_WITH_ARTICLE else country_name(code)


@cache
def _country_names() -> Mapping[str, str]:
    territories = Locale("en").territories
    return {f"{code}": f"{territories[code]}" for code in territories}
