"""Identify: what a number claims to be, whether it can be that, and when two are one number.

A number decides: a listing that carries one of the question's is a hit whatever its name. So two
numbers meet only if their digits are the same and nothing says that they are of different kinds.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

import msgspec

from service.screening.question import AskedIdentifier
from service.screening.schemes import EU_PREFIXES, ORGANISATION, SCHEMES, UNIQUE

# --- Kinds: what lists and callers call a number, in our words.
#
# Counted over the lists of the US, the UK, the UN, the EU and Australia, and the names that
# FollowTheMoney gives its properties.

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


# --- A number as it is compared, apart from how it is printed.

# Shorter than this, a number is no identifier: house numbers and years would meet each other.
SHORTEST = 5


def plain(value: str) -> str:
    """Letters and digits alone, in capitals; full-width and other scripts' digits as 0 to 9."""
    if value.isascii():
        bare = value if value.isalnum() else "".join(filter(str.isalnum, value))
        return bare.upper()
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", value).upper())
    kept = "".join(_digit(each) for each in folded if each.isalnum())
    return unicodedata.normalize("NFKC", kept)


def key(text: str) -> str | None:
    """What equal numbers share; None if that is too short, or has no digit, to be a number.

    Of a number in plain form. Leading zeros do not count where five digits are left without
    them: registries pad their numbers, spreadsheets lose the zeros.
    """
    if len(text) < SHORTEST or not any(map(str.isdigit, text)):
        return None
    if text.isdecimal():
        return text[:-SHORTEST].lstrip("0") + text[-SHORTEST:]
    return text


def _digit(character: str) -> str:
    value = unicodedata.decimal(character, None)
    return character if value is None else str(value)


# --- Named: numbers that somebody pasted into the box for the name.

# So many digits has the shortest of them, an IMO number. Possessive: once through the name.
_ENOUGH_DIGITS = re.compile(r"(?:\D*+\d){7}")
_NUMBER_LABELLED = re.compile(
    r"(?<!\w)(IMO|LEI|INN|ИНН|OGRN(?:IP)?|ОГРН(?:ИП)?|USCC|MMSI)"
    r"(?:\s*(?:no|number|nr|code)\b)?[\s:.,#№(/-]*(?=\w{0,18}\d)([0-9A-Z]{7,20})(?!\w)",
    re.IGNORECASE,
)
_SEVEN_DIGITS = re.compile(r"(?<!\w)\d{7}(?!\w)")
# The kinds that a name may be when it is a number and nothing else.
_NUMBER_ALONE = tuple(SCHEMES[code] for code in ("lei", "uscc", "inn", "ogrn"))


def named_identifiers(name: str, *, is_vessel: bool) -> tuple[AskedIdentifier, ...]:
    """The numbers in a name, as if they had been asked for beside it.

    Those that a word before them names and that look like it, be their check digit right or wrong
    ("OCEAN STAR (IMO: 9187629)"; a room of the Comfort Inn is no INN); a name that is nothing but
    an LEI, a USCC, an INN or an OGRN with right check digits; and of a vessel, seven digits that
    can be an IMO number. An ordinary name has too few digits for any, and costs nothing to speak
    of.
    """
    if _ENOUGH_DIGITS.match(name) is None:
        return ()
    text = unicodedata.normalize("NFKC", name)
    found = dict.fromkeys(_found(text, is_vessel=is_vessel))
    return tuple(AskedIdentifier(kind=kind, value=value) for kind, value in found)


def _found(text: str, *, is_vessel: bool) -> Iterator[tuple[str, str]]:
    for labelled in _NUMBER_LABELLED.finditer(text):
        number = labelled[2].upper()
        if any(SCHEMES[code].is_formed(number) for code in said_by(labelled[1])[0]):
            yield labelled[1].upper(), number
    whole = plain(text)
    for scheme in _NUMBER_ALONE:
        if scheme.holds(whole):
            yield scheme.title, whole
    if is_vessel:
        for seven in _SEVEN_DIGITS.finditer(text):
            if SCHEMES["imo"].holds(seven[0]):
                yield SCHEMES["imo"].title, seven[0]


# --- Pieces: the numbers within a text that holds more than one number.


class NumberPiece(msgspec.Struct, frozen=True):
    """A number in plain form with what is said of it: its kinds in our words, its country."""

    text: str
    kinds: frozenset[str]
    country: str | None


_LABELLED = re.compile(
    r"\s*(IMO|LEI|INN|ИНН|OGRN(?:IP)?|ОГРН(?:ИП)?|USCC|MMSI|VAT|BIC|SWIFT)"
    r"(?:\s*(?:no|number|nr|code)\b)?(?:[\s:.,#№/-]++|(?=\d))([^\W_]++(?:[ .-]\d[^\W_]*+)*+)\s*+",
    re.IGNORECASE,
)
# A code of 18 or 20 characters, or seven digits and more, with one space between them at most and
# perhaps up to three letters before; glued to the next label ("2373007549KPP: 237301001") it ends
# where that begins. Shorter ones are numbers of courts, banks and houses.
_NUMBER = re.compile(
    r"(?<![0-9A-Za-z])"
    r"(?:[0-9A-Z]{18}(?:[0-9]{2})?(?![0-9A-Z])"
    r"|[A-Z]{0,3}[0-9](?: ?[0-9]){6,19}(?:[A-Z](?![0-9A-Za-z])|(?![0-9]|[A-Z](?![A-Za-z]))))"
)
_PLACE_AFTER = re.compile(r"\s*\(([^()]{2,30})\)")
# After a slash stands the code of the tax office: "7704734000/770301001".
_TAX_OFFICE = re.compile(r"/\s*$")
_TAX_OFFICE_DIGITS = 9


def labelled(value: str) -> NumberPiece | None:
    """A value that says before the number what it is: "IMO 9187629"; else None."""
    found = _LABELLED.fullmatch(value)
    return None if found is None else NumberPiece(found[2], said_by(found[1])[0], None)


def pieces_of(value: str, whole: NumberPiece) -> Iterator[NumberPiece]:
    """The numbers in a value other than the whole; of each, what the words before it say.

    A piece of which they say nothing is of the kind and the country of the whole.
    """
    if value.isalnum():
        return
    text = unicodedata.normalize("NFKC", value)
    end = 0
    for found in _NUMBER.finditer(text):
        before, number = text[end : found.start()], plain(found[0])
        place = _PLACE_AFTER.match(text, found.end())
        end = found.end() if place is None else place.end()
        if number == whole.text or _is_tax_office(before, number):
            continue
        kinds, country = said_by(before)
        if place is not None:
            country = said_by(place[1])[1]
        yield NumberPiece(number, kinds or whole.kinds, country or whole.country)


def _is_tax_office(before: str, number: str) -> bool:
    return len(number) == _TAX_OFFICE_DIGITS and _TAX_OFFICE.search(before) is not None


# --- Numbers: what an identifier, as a list or a caller writes it, holds, and when two meet.

# What a VAT number of the union is called by its country, where that is not its code.
_PREFIX_OF = {"GR": "EL"}
_COUNTRY_OF = {"EL": "GR", "XI": "GB"}
_PREFIXED = re.compile(f"({EU_PREFIXES})([0-9A-Z]{{7,}})")
# Who says one of these may mean another.
_ONE_STATE = frozenset({"CN", "HK", "MO"})
_BIC_OF_THE_HOUSE = 8
_ALONE = {code: frozenset({code}) for code in SCHEMES}


class Number(msgspec.Struct, frozen=True):
    """One number as it is compared.

    Equal numbers share the `key`; `kinds` are what it may be, in our words, none if it may be
    anything; `country` issued it, ISO alpha-2, None where nobody says.
    """

    key: str
    kinds: frozenset[str]
    country: str | None

    @property
    def kind(self) -> str | None:
        """Its kind where that is certain."""
        return next(iter(self.kinds)) if len(self.kinds) == 1 else None


# As many identifiers as a screening of 1,000 counterparties holds beside those of its hits.
@lru_cache(maxsize=16_384)
def numbers_in(kind: str | None, value: str, country: str | None) -> tuple[Number, ...]:
    """The numbers that an identifier holds, none where it holds nothing to compare.

    Lists print several in one: "INN 4706036197; KPP: 470601001". A number that cannot be what it
    is called, by its form or check digit, is compared like one of unknown kind: one of the two is
    wrong. A number that many parties share is none.
    """
    stated = _stated(kind, value, country)
    found = dict[Number, None]()
    for piece in (stated, *pieces_of(value, stated)):
        if piece.kinds != SHARED:
            found.update(dict.fromkeys(_read(piece)))
    return tuple(found)


def meet(one: Number, other: Number) -> bool:
    """Whether the two are one number, for all that is known.

    Numbers of two kinds that are known are two, be their digits the same. So are those of two
    countries, unless the kind is one that says itself who issued it.
    """
    if one.key != other.key:
        return False
    if one.kinds and other.kinds and not one.kinds & other.kinds:
        return False
    return _is_settled(one) or _is_settled(other) or _is_one_country(one.country, other.country)


def fault_of(kind: str | None, value: str, country: str | None) -> str | None:
    """Why the value cannot be what it claims to be, in words.

    None where it can, or claims nothing. It claims what `kind` says, or else a word before it:
    "IMO 9187629".
    """
    stated = _stated(kind, value, country)
    schemes = [SCHEMES[code] for code in sorted(stated.kinds) if code in SCHEMES]
    if not schemes or len(schemes) < len(stated.kinds):
        return None
    if stated.kinds == _ALONE["vat"] and _PREFIXED.fullmatch(stated.text) is None:
        return None
    if any(_settled(piece) == stated.kinds for piece in pieces_of(value, stated)):
        return None  # "7704734000/770301001", with the code of the tax office behind it.
    faults = [scheme.fault(stated.text) for scheme in schemes]
    return None if None in faults else faults[-1]


def label_of(kind: str) -> str:
    """How a kind that has a scheme is called: "IMO"."""
    return SCHEMES[kind].title


def _stated(kind: str | None, value: str, country: str | None) -> NumberPiece:
    """The whole value with what is said of it."""
    kinds, place = said_by(kind or "")
    country, text, label = country or place, value, labelled(value)
    if label is not None:
        text = label.text
        kinds = label.kinds if not kinds or kinds in GENERAL else kinds
    if kinds == _ALONE["inn"] and country not in {None, "RU"}:
        kinds = TAX  # Kyrgyz, Uzbek and Tajik numbers have the name as well.
    text = plain(text)
    if not kinds and value.isalpha() and value.isupper() and SCHEMES["bic"].holds(text):
        kinds = _ALONE["bic"]  # The one kind of number that may have no digit.
    if kinds == _ALONE["vat"] and country is not None and _PREFIXED.fullmatch(text) is None:
        prefixed = f"{_PREFIX_OF.get(country, country)}{text}"
        text = prefixed if _PREFIXED.fullmatch(prefixed) else text
    return NumberPiece(text, kinds, country)


def _read(piece: NumberPiece) -> Iterator[Number]:
    text, kinds = piece.text, _settled(piece)
    if kinds == _ALONE["bic"]:
        yield Number(text[:_BIC_OF_THE_HOUSE], kinds, None)
        return
    shared = key(text)
    if shared is None:
        return
    yield Number(shared, kinds, piece.country)
    if kinds == _ALONE["uscc"]:
        yield Number(text[ORGANISATION], _ALONE["cn_organisation"], "CN")
    prefixed = _PREFIXED.fullmatch(text)
    within = None if prefixed is None else key(prefixed[2])
    if prefixed is None or within is None:
        return
    if kinds == _ALONE["vat"] or kinds in GENERAL:
        yield Number(within, REGISTRATION, _COUNTRY_OF.get(prefixed[1], prefixed[1]))


def _settled(piece: NumberPiece) -> frozenset[str]:
    """What a number may be, now that it is known how it looks."""
    kinds = piece.kinds
    if kinds and kinds not in GENERAL:
        claimed = [SCHEMES[code] for code in sorted(kinds) if code in SCHEMES]
        right = next((each.code for each in claimed if each.holds(piece.text)), None)
        if right is not None:
            return _ALONE[right]
        return ANY if claimed and kinds != _ALONE["vat"] else kinds
    for scheme in SCHEMES.values():
        is_its = scheme.country == piece.country and scheme.code in kinds
        if (scheme.tells or (is_its and kinds in {TAX, REGISTRATION})) and scheme.holds(
            piece.text
        ):
            return _ALONE[scheme.code]
    return kinds


def _is_settled(number: Number) -> bool:
    """Whether its kind says who issued it, or nobody else issues such numbers."""
    return not number.kinds or (number.kind in SCHEMES and number.kind != "vat")


def _is_one_country(one: str | None, other: str | None) -> bool:
    return one is None or other is None or one == other or {one, other} <= _ONE_STATE


__all__ = [
    "UNIQUE",
    "Number",
    "fault_of",
    "label_of",
    "meet",
    "named_identifiers",
    "numbers_in",
    "plain",
]
