"""Kinds: what lists and callers call a number, in our words.

Counted over the lists of the US, the UK, the UN, the EU and Australia, and the names that
FollowTheMoney gives its properties.
"""

import re
import unicodedata
from functools import lru_cache

ANY: frozenset[str] = frozenset()
"""Of a kind that is not stated, or that we do not know: it may be any."""

REGISTRATION = frozenset(
    {"registration", "tax", "vat", "inn", "ogrn", "okpo", "uscc", "cn_organisation"}
)
# In many states one number serves both; and the UK files a man's INN as that of his identity card.
TAX = REGISTRATION | {"national_id"}
_IDENTITY = TAX | {"identity_card"}
# The UN and the US file a number as a passport's that the UK files as an identity card's.
_PASSPORT = frozenset({"passport", "identity_card"})
_IMO = frozenset({"imo", "imo_company"})
# Many parties share one: a tax office's code, a place, the telegraph code of a name.
SHARED = frozenset({"shared"})

_WORDS: dict[frozenset[str], str] = {
    _IMO: "imo|imo number|vessel registration identification|vessel registration|имо",
    frozenset({"mmsi"}): "mmsi",
    frozenset({"call_sign"}): "call sign|callsign",
    frozenset({"lei"}): "lei|legal entity identifier|legal entity number",
    frozenset({"bic"}): "swift|bic|swift bic|swift code|bank identifier code|swiftbic",
    frozenset({"bik"}): "bik|бик|bank identification code|bik ru",
    frozenset({"duns"}): "duns|d u n s",
    frozenset({"isin"}): "isin",
    frozenset({"ticker"}): "ticker|equity ticker|micex code",
    frozenset({"inn"}): "inn|инн|individual taxpayer number",
    frozenset({"ogrn"}): "ogrn|ogrnip|огрн|огрнип|psrn|primary state registration number",
    frozenset({"okpo"}): "okpo|окпо|government gazette number",
    frozenset({"uscc"}): (
        "uscc|usccc|usci|uscic|unified social credit code|united social credit code|usc"
        "|unified social credit identifier|统一社会信用代码"
    ),
    frozenset({"cn_organisation"}): "organisation code|organization code|组织机构代码",
    frozenset({"vat"}): "vat|v a t|ust idnr|ust id|tva|btw|umsatzsteuer id|vat tax",
    _PASSPORT: (
        "passport|pasaporte|passeport|pasport|travel document|laissez passer|паспорт|护照"
    ),
    frozenset({"driving_licence"}): "driver s license|drivers license|driving licence",
    frozenset({"electoral"}): "electoral registry|credencial electoral|i f e|ife",
    frozenset({"military"}): "cartilla de servicio militar nacional|military identification",
    frozenset({"birth_certificate"}): "birth certificate",
    frozenset({"crypto_address"}): "digital currency address|crypto address|wallet address",
    frozenset({"aircraft"}): (
        "aircraft manufacturer s serial number|aircraft construction number"
        "|aircraft serial identification|msn"
    ),
    frozenset({"tail_number"}): "aircraft tail number|tail number",
    frozenset({"mode_s"}): "aircraft mode s transponder code|mode s",
    SHARED: (
        "kpp|кпп|ppc|oktmo|октмо|okved|оквэд|okato|окато|un locode|chinese commercial code"
        "|passport country|id country"
    ),
    TAX: (
        "tax|tin|taxpayer|fiscal|nit|rfc|r f c|cuit|c u i t|rif|ruc|nip|unp|унп|унн|nuit|rtn"
        "|fein|us fein|ein|steuernummer|rsin|cif|c i f"
    ),
    _IDENTITY: (
        "national id|national identification|national identifier|national insurance|personal id"
        "|identity card|id card|id number|cedula|curp|c u r p|dni|d n i|ssn|social security|nie"
        "|n i e|citizen s card|c u i|cnp|tazkira|numero de identidad|national foreign id"
        "|identity number"
    ),
    REGISTRATION: (
        "registration number|registration id|business registration|business number|registration"
        "|company number|company registration|companies house|company house|crn|cr|c r|brn|br"
        "|srn|commercial registry|commercial register|trade register|trade registry|reg no"
        "|chamber of commerce|enterprise number|matricula mercantil|folio mercantil|file number"
        "|trade license|bin|uen|cin|llpin|usreou|edrpou|едрпоу|єдрпоу|registered charity"
        "|certificate of incorporation|branch unit|central registration system|kvk|siren|siret"
        "|handelsregister|hrb|registernummer|mat|ogrn code|register number|company no"
    ),
}
_KINDS = {word: kinds for kinds, words in _WORDS.items() for word in words.split("|")}
# Longest first, so that "vat tax" is not read as "vat".
_KNOWN = re.compile(
    rf"(?<!\w)(?:{'|'.join(sorted(map(re.escape, _KINDS), key=len, reverse=True))})(?!\w)"
)
_COUNTRIES: dict[str, str] = {
    "russia": "RU",
    "russian": "RU",
    "рф": "RU",
    "россия": "RU",
    "china": "CN",
    "chinese": "CN",
    "prc": "CN",
    "hong kong": "HK",
    "belarus": "BY",
    "belarusian": "BY",
    "kazakhstan": "KZ",
    "kyrgyz": "KG",
    "kyrgyzstan": "KG",
    "uzbekistan": "UZ",
    "tajikistan": "TJ",
    "ukraine": "UA",
    "iran": "IR",
    "turkey": "TR",
    "turkish": "TR",
    "thai": "TH",
    "thailand": "TH",
    "uk": "GB",
    "united kingdom": "GB",
    "us": "US",
    "usa": "US",
    "germany": "DE",
    "india": "IN",
}
_PLACES = re.compile(rf"(?<!\w)(?:{'|'.join(_COUNTRIES)})(?!\w)")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NO_WORD = re.compile(r"[\W_]+")
GENERAL = (TAX, REGISTRATION, _IDENTITY)


@lru_cache(maxsize=4096)
def said_by(label: str) -> tuple[frozenset[str], str | None]:
    """What a number under such a label may be, and the country that the label names.

    The kinds are in our words, `ANY` where we cannot tell, the country is ISO alpha-2: of
    "Russia INN" they are `inn` and RU. Where a label says something special and something general
    ("Registration Number/OGRN"), the special counts.
    """
    words = _words(label)
    said = {_KINDS[found[0]] for found in _KNOWN.finditer(words)}
    special = said.difference(GENERAL)
    place = _PLACES.search(words)
    return (
        frozenset[str]().union(*(special or said)),
        None if place is None else _COUNTRIES[place[0]],
    )


def _words(label: str) -> str:
    """Its words alone, in small letters: `innCode`, `Tax ID No.`, `ИНН:`."""
    folded = unicodedata.normalize("NFKC", _CAMEL.sub(" ", label)).casefold()
    return _NO_WORD.sub(" ", folded).strip()
