"""Countries: the ISO 3166-1 alpha-2 codes for countries as lists print them."""

import functools
import re
import unicodedata
from collections.abc import Mapping

from babel import Locale
from babel.core import get_global

# Adjectives that lists print as a nationality, by ISO 3166-1 alpha-2 code; CLDR has none. Each was
# seen in OFSI's list of 2020, misspellings included; adjectives that other lists print too are
# among the spellings below. `Congolese` is left out because it means two countries.
DEMONYMS = {
    "AF": ("Afgan",),
    "AU": ("Australian",),
    "BI": ("Burundian",),
    "CA": ("Canadian",),
    "CN": ("Chinese",),
    "EG": ("Egyptian",),
    "FR": ("French",),
    "GB": ("British",),
    "GE": ("Georgian",),
    "ID": ("Indonesian",),
    "IN": ("Indian",),
    "IQ": ("Iraqi",),
    "JO": ("Jordanian",),
    "KP": ("North Korean",),
    "LB": ("Lebanese",),
    "LY": ("Libyan",),
    "ML": ("Malian",),
    "MR": ("Mauritanian",),
    "MY": ("Malaysian",),
    "NG": ("Nigerian",),
    "NO": ("Norwegian",),
    "PH": ("Filipino",),
    "QA": ("Qatari", "Qatarian"),
    "RW": ("Rwandan",),
    "SD": ("Sudanese",),
    "SE": ("Swedish",),
    "SN": ("Senegalese",),
    "SY": ("Syrian",),
    "TR": ("Turkish",),
    "UG": ("Ugandan",),
    "US": ("American",),
    "UZ": ("Uzbek",),
}


# CLDR codes that are no countries: groups, test locales, and parts of countries that ISO only
# reserves. XK (Kosovo) is kept: ISO has no code for Kosovo, and the US lists print XK.
_NOT_COUNTRIES = frozenset(
    {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"}
)

# Spellings that CLDR lacks, each seen in the UN list of 2020 to 2026 or in the US Consolidated
# Screening List of 2022 to 2026, with the long forms of the same countries. A region is assigned
# to the country that the publisher assigns it to; Kashmir and the Kafia Kingi enclave to none.
_SPELLINGS = {
    "AF": ("Afghan", "Islamic Republic of Afghanistan"),
    "AE": ("UAE",),
    "AG": ("Antigua and Barbuda",),
    "BA": ("Bosnia and Herzegovina",),
    "BO": ("Bolivia (Plurinational State of)",),
    "BN": ("Brunei Darussalam",),
    "BS": ("Bahamas, The",),
    "BY": ("Republic of Belarus",),
    "CD": (
        "Democratic Republic of the Congo",
        "DRC",
        "RDC",
        "Congo, Democratic Republic of the",
        "Congo (Democratic Republic)",
    ),
    "CG": ("Congo", "Republic of the Congo", "Congo, Republic of the"),
    "CH": ("Swiss",),
    "CI": ("Cote d'Ivoire", "Cote d Ivoire", "Ivory Coast"),
    "CN": ("People's Republic of China", "PRC"),
    "CV": ("Cape Verde", "Cabo Verde"),
    "CZ": ("Czech Republic",),
    "DE": ("German",),
    "DZ": ("Algerian",),
    "EG": ("Arab Republic of Egypt",),
    "FM": ("Micronesia (Federated States of)",),
    "GB": (
        "United Kingdom of Great Britain and Northern Ireland",
        "Great Britain",
        "England",
        "Scotland",
        "Wales",
        "Northern Ireland",
        "UK",
        "United Kingdom of Great Britain",
    ),
    "GM": ("The Gambia", "Gambia, The"),
    "GW": ("Guinea Bissau",),
    "HK": (
        "Hong Kong",
        "Hong Kong Special Administrative Region",
        "China, Hong Kong Special Administrative Region",
    ),
    "HR": ("Croatian",),
    "ID": ("Indonesian passport",),
    "IE": ("Republic of Ireland",),
    "IL": ("State of Israel",),
    "IM": ("Man, Isle of",),
    "IR": (
        "Iran (Islamic Republic of)",
        "Islamic Republic of Iran",
        "Iran / unknown",
        "Iranian",
    ),
    "KG": ("Kyrgyz Republic",),
    "KM": ("Union of the Comoros",),
    "KN": ("Saint Kitts and Nevis",),
    "KP": ("Democratic People's Republic of Korea", "DPRK", "RPDC", "Korea, North"),
    "KR": ("Republic of Korea", "Korea, South"),
    "KW": ("Kuwaiti", "Kuwaiti citizenship withdrawn in 2002"),
    "LA": ("Lao People's Democratic Republic",),
    "LB": ("Republic of Lebanon",),
    "LY": ("Libyan Arab Jamahiriya", "State of Libya"),
    "MA": ("Moroccan",),
    "MD": ("Republic of Moldova",),
    "ME": ("Montenegrin",),
    "MK": (
        "The former Yugoslav Republic of Macedonia",
        "Macedonia",
        "North Macedonia, The Republic of",
    ),
    "ML": ("Northern Mali",),
    "MM": ("Myanmar", "Burma"),
    "MO": ("Macau", "Macao"),
    "NL": ("The Netherlands",),
    "OM": ("Sultanate of Oman",),
    "PK": ("Pakistani", "Islamic Republic of Pakistan"),
    "PS": (
        "State of Palestine",
        "Palestine",
        "Palestinian",
        "West Bank",
        "Gaza",
        "North Gaza",
        "Northern Gaza",
        "Gaza Strip",
    ),
    "RS": ("Serbian",),
    "RU": ("Russian Federation", "Russian"),
    "SA": ("Saudi Arabian",),
    "SD": ("Sudanese by birth",),
    "SK": ("Slovak Republic",),
    "SO": ("Somali", "Southern Somalia"),
    "SY": ("Syrian Arab Republic",),
    "SZ": ("Swaziland",),
    "TL": ("East Timor",),
    "TN": ("Tunisian", "Tunisian passport"),
    "TR": ("Turkey", "Turkiye"),
    "TT": ("Trinidad and Tobago",),
    "TW": ("Taiwan, Province of China",),
    "TZ": ("United Republic of Tanzania",),
    "UA": ("Crimea (occupied)", "Crimea"),
    "US": ("United States of America", "USA"),
    "VA": ("Holy See",),
    "VC": ("Saint Vincent and the Grenadines",),
    "VG": ("Virgin Islands, British",),
    "VE": ("Venezuela (Bolivarian Republic of)",),
    "VN": ("Viet Nam",),
    "YE": ("Yemeni", "Republic of Yemen"),
}
# The first-level divisions of China, without the words for their rank.
# Source: ISO 3166-2:CN; Hong Kong, Macao and Taiwan are countries of ISO 3166-1.
_CHINESE_DIVISIONS = frozenset(
    {"anhui", "beijing", "chongqing", "fujian", "gansu", "guangdong", "guangxi", "guizhou"}
    | {"hainan", "hebei", "heilongjiang", "henan", "hubei", "hunan", "inner mongolia", "jiangsu"}
    | {"jiangxi", "jilin", "liaoning", "nei mongol", "ningxia", "qinghai", "shaanxi", "shandong"}
    | {"shanghai", "shanxi", "sichuan", "tianjin", "tibet", "xinjiang", "xizang", "yunnan"}
    | {"zhejiang"}
)
_RANK = re.compile(
    r" (?:(?:hui|uyghur|uygur|zhuang) )?(?:autonomous region|municipality|province)$"
)
_CODE = re.compile(r"[A-Z]{2}")
_ASIDE = re.compile(
    r"(?!(?<=\s)\s)"
    r"(?:\s*+\([^()]*+\)|\s++citizenship|,?\s++as (?:of|at) [A-Za-z]*+ ?\d{4})$",
    re.IGNORECASE,
)
_LABEL = re.compile(r"^(?:Region|Branch Office \d+):\s*", re.IGNORECASE)


# The lists print some 300 different words for countries, tens of thousands of times.
@functools.lru_cache(maxsize=4096)
def country_code(printed: str) -> str | None:
    """Return the ISO 3166-1 alpha-2 code of a country printed in English or as its code.

    Codes must be in capitals. In names, case, accents, spacing and the shape of apostrophes make
    no difference; a remark after a name (`Libya (in custody)`, `Syria as of 2013`) and a label
    before the name (`Region: Iran`) are ignored. The result is None for a text that does not name
    exactly one present-day country: `Sudan/South Sudan`, `USSR (until 1991)`, `na`, a region
    assigned to no country, or a withdrawn code (`AN`).
    """
    text = _LABEL.sub("", " ".join(printed.split()))
    for form in (text, _ASIDE.sub("", text)):
        if form in _codes():
            return form
        code = _names().get(_plain(form))
        if code is not None:
            return code
    return None


@functools.lru_cache(maxsize=4096)
def country_code_in(language: str, printed: str) -> str | None:
    """Return the alpha-2 code of a country printed in another language (`fr`) or in English.

    The result is None for a text that does not name exactly one present-day country.
    """
    found = _names_in(language).get(_plain(" ".join(printed.split())))
    return country_code(printed) if found is None else found


def country_of_alpha_3(printed: str) -> str | None:
    """Return the alpha-2 code for an alpha-3 code (`IRQ`), None for no present-day country."""
    aliases: Mapping[str, list[str]] = get_global("territory_aliases")
    countries = aliases.get(printed, [])
    known = [code for code in countries if code in _codes()]
    return known[0] if len(known) == len(countries) == 1 else None


def is_chinese_division(printed: str) -> bool:
    """Return whether a text is a province, region or municipality of China, in English."""
    return _RANK.sub("", " ".join(printed.casefold().split())) in _CHINESE_DIVISIONS


@functools.cache
def _codes() -> frozenset[str]:
    return frozenset(code for code in _territories() if _CODE.fullmatch(code)) - _NOT_COUNTRIES


@functools.cache
def _names() -> dict[str, str]:
    territories = _territories()
    names = {_plain(territories[code]): code for code in sorted(_codes())}
    for code, spellings in (*_SPELLINGS.items(), *DEMONYMS.items()):
        names |= {_plain(spelling): code for spelling in spellings}
    return names


@functools.cache
def _names_in(language: str) -> dict[str, str]:
    territories = _territories(language)
    return {_plain(territories[code]): code for code in sorted(_codes()) if code in territories}


def _territories(language: str = "en") -> dict[str, str]:
    """Return CLDR's names of territories by code; three-digit codes are regions."""
    territories = Locale(language).territories
    return {f"{code}": f"{territories[code]}" for code in territories}


def _plain(name: str) -> str:
    """Return a name without case, accents and full stops; CLDR's `&` and `St.` are spelt out."""
    bare = unicodedata.normalize("NFKD", name.replace("\u2019", "'"))
    letters = "".join(letter for letter in bare if not unicodedata.combining(letter))
    words = letters.casefold().replace("&", "and").replace("st. ", "saint ")
    return words.replace(".", "")
