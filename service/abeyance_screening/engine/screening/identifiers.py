"""Identify: what a number claims to be, whether it can be that, and when two numbers are the same.

A number decides: a listing that carries a number of the question is a hit whatever its name. So
two numbers match only if their digits are the same and nothing says that their kinds differ.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache

import msgspec
from stdnum import bic, imo, isin, lei
from stdnum.cn import uscc
from stdnum.eu import vat
from stdnum.exceptions import ValidationError
from stdnum.ru import inn, ogrn

# --- Schemes: numbers that are issued by a rule, so that a wrong one can be recognised.
#
# Most of the rules are python-stdnum's. Every function here takes a number in plain form.

# The prefixes of EU VAT numbers; Greece has EL, Northern Ireland XI.
EU_PREFIXES = "AT|BE|BG|CY|CZ|DE|DK|EE|EL|ES|FI|FR|HR|HU|IE|IT|LT|LU|LV|MT|NL|PL|PT|RO|SE|SI|SK|XI"


ORGANISATION = slice(8, 17)
"""The organisation code within a unified social credit code."""


class Scheme(msgspec.Struct, frozen=True, kw_only=True):
    """The rule by which the numbers of one kind are made.

    `form` is what all of them look like, described in `words`; `is_right` returns whether a number
    of that form has the right check digits (always True if the kind has none). `country` is the
    one country that issues them. `is_distinctive` means that no other number has that form and
    that check digit, so that a number of unstated kind must be of this one. `once` means that
    it never changes, so that a different number belongs to another party. `lengths` are the
    lengths of numbers that may have lost a leading zero.
    """

    code: str
    title: str
    form: re.Pattern[str]
    words: str
    is_right: Callable[[str], bool]
    country: str | None = None
    is_distinctive: bool = False
    once: bool = False
    lengths: tuple[int, ...] = ()

    def is_formed(self, number: str) -> bool:
        """Return whether the number has this form, whatever its check digit."""
        return self.form.fullmatch(number) is not None

    def holds(self, number: str) -> bool:
        """Return whether this can be such a number."""
        return (self.is_formed(number) and self.is_right(number)) or self._lost_its_zero(number)

    def fault(self, number: str) -> str | None:
        """Return why this cannot be such a number, in words; None if it can."""
        if self.holds(number):
            return None
        if self.is_formed(number):
            return f"the check digit of {self.title} {number} is wrong"
        return f"{number} cannot be right: {self.words}"

    def _lost_its_zero(self, number: str) -> bool:
        padded = f"0{number}"
        return len(padded) in self.lengths and self.is_formed(padded) and self.is_right(padded)


def _any(number: str) -> bool:
    """Accept any number, for kinds without a check digit."""
    return bool(number)


def _imo_company(number: str) -> bool:
    """Return whether the IMO number of a company or registered owner has the right check digit.

    Source:
        IMO resolution MSC.160(78) gives them seven digits like a ship's. The check digit has the
        weights 8, 6, 4, 2, 9, 7 and the module 11; no document says so, but all 149 numbers that
        OFAC prints for companies follow it.
    """
    total = sum(
        int(each) * weight for each, weight in zip(number, (8, 6, 4, 2, 9, 7), strict=False)
    )
    return int(number[6]) == (11 - total % 11) % 10


def _cn_organisation(number: str) -> bool:
    """Return whether an organisation code has the right check digit.

    Source:
        GB 11714-1997; nine characters of the unified social credit code are this code.
    """
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(each, 36) * weight for each, weight in zip(number, weights, strict=False))
    return number[8] == "0123456789X0"[11 - total % 11]


def _uscc(number: str) -> bool:
    """Return whether its own check digit and that of the organisation code within are right.

    Source:
        GB 32100-2015. The registrar may be a letter, which stdnum's own check refuses.
    """
    return uscc.calc_check_digit(number) == number[-1] and _cn_organisation(number[ORGANISATION])


def _vat(number: str) -> bool:
    try:
        return bool(vat.validate(number))
    except ValidationError:
        return False


_SCHEMES = (
    Scheme(
        code="imo",
        title="IMO",
        form=re.compile(r"[1-9][0-9]{6}"),
        words="an IMO number has 7 digits, the first not 0",
        is_right=imo.is_valid,
        once=True,
    ),
    Scheme(
        code="imo_company",
        title="IMO",
        form=re.compile(r"[1-9][0-9]{6}"),
        words="an IMO number has 7 digits, the first not 0",
        is_right=_imo_company,
        once=True,
    ),
    Scheme(
        code="lei",
        title="LEI",
        form=re.compile(r"[0-9A-Z]{18}[0-9]{2}"),
        words="an LEI has 18 letters and digits, then 2 digits",
        is_right=lei.is_valid,
        is_distinctive=True,
        once=True,
    ),
    Scheme(
        code="uscc",
        title="USCC",
        form=re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}"),
        words="a unified social credit code has 18 characters, without I, O, S, V and Z",
        is_right=_uscc,
        country="CN",
        is_distinctive=True,
        once=True,
    ),
    Scheme(
        code="cn_organisation",
        title="organisation code",
        form=re.compile(r"[0-9A-Z]{8}[0-9X]"),
        words="a Chinese organisation code has 8 letters and digits, then a digit or X",
        is_right=_cn_organisation,
        country="CN",
    ),
    Scheme(
        code="inn",
        title="INN",
        form=re.compile(r"(?!00)(?:[0-9]{10}|[0-9]{12})"),
        words="an INN has 10 digits, a person's 12, the first two not 00",
        is_right=inn.is_valid,
        lengths=(10, 12),
        country="RU",
        once=True,
    ),
    Scheme(
        code="ogrn",
        title="OGRN",
        form=re.compile(r"[1-9][0-9]{12}|[34][0-9]{14}"),
        words="an OGRN has 13 digits, an entrepreneur's 15 with 3 or 4 first",
        is_right=ogrn.is_valid,
        country="RU",
        once=True,
    ),
    Scheme(
        code="bic",
        title="BIC",
        form=re.compile(r"[0-9A-Z]{4}[A-Z]{2}[0-9A-Z]{2}(?:[0-9A-Z]{3})?"),
        words="a BIC has 8 or 11 characters, a country's code from the fifth",
        is_right=bic.is_valid,
    ),
    Scheme(
        code="isin",
        title="ISIN",
        form=re.compile(r"[A-Z]{2}[0-9A-Z]{9}[0-9]"),
        words="an ISIN has a country's 2 letters, then 10 letters and digits, the last a digit",
        is_right=isin.is_valid,
        is_distinctive=True,
    ),
    Scheme(
        code="vat",
        title="VAT number",
        form=re.compile(f"(?:{EU_PREFIXES})[0-9A-Z]{{7,12}}"),
        words="an EU VAT number has the country's 2 letters, then 7 to 12 letters and digits",
        is_right=_vat,
        is_distinctive=True,
    ),
    Scheme(
        code="mmsi",
        title="MMSI",
        form=re.compile(r"[0-9]{9}"),
        words="an MMSI has 9 digits",
        is_right=_any,
    ),
    Scheme(
        code="duns",
        title="D-U-N-S number",
        form=re.compile(r"[0-9]{9}"),
        words="a D-U-N-S number has 9 digits",
        is_right=_any,
    ),
)
SCHEMES = {scheme.code: scheme for scheme in _SCHEMES}
UNIQUE = frozenset(scheme.code for scheme in _SCHEMES if scheme.once)
"""Identifiers that never change: a party has one of each."""


# --- Numbers and their kinds.

ANY: frozenset[str] = frozenset()
"""The kinds of a number whose kind is not stated, or not known to us: it may be of any."""
REGISTRATION = frozenset(
    {"registration", "tax", "vat", "inn", "ogrn", "okpo", "uscc", "cn_organisation"}
)
# In many states one number serves both, and the UK files a person's INN as that of the identity
# card.
TAX = REGISTRATION | {"national_id"}
_IDENTITY = TAX | {"identity_card"}
# The UN and the US file a number as a passport's that the UK files as an identity card's.
_PASSPORT = frozenset({"passport", "identity_card"})
_IMO = frozenset({"imo", "imo_company"})
# Kinds of number that many parties share: the code of a tax office, a place, or the telegraph code
# of a name.
SHARED = frozenset({"shared"})
# What lists and callers call each kind. Counted over the lists of the US, the UK, the UN, the EU
# and Australia, and the property names of FollowTheMoney.
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
# A shorter number is no identifier: house numbers and years would match each other.
SHORTEST = 5


class NumberPiece(msgspec.Struct, frozen=True):
    """A number in plain form with what is known of it: its kinds in our words, and its country."""

    text: str
    kinds: frozenset[str]
    country: str | None


_LABELLED = re.compile(
    r"\s*(IMO|LEI|INN|ИНН|OGRN(?:IP)?|ОГРН(?:ИП)?|USCC|MMSI|VAT|BIC|SWIFT)"
    r"(?:\s*(?:no|number|nr|code)\b)?(?:[\s:.,#№/-]++|(?=\d))([^\W_]++(?:[ .-]\d[^\W_]*+)*+)\s*+",
    re.IGNORECASE,
)
# A code of 18 or 20 characters, or seven digits and more, with at most one space between them and
# up to three letters before; run together with the next label ("2373007549KPP: 237301001") it ends
# where that begins. Shorter ones are numbers of courts, banks and houses.
_NUMBER = re.compile(
    r"(?<![0-9A-Za-z])"
    r"(?:[0-9A-Z]{18}(?:[0-9]{2})?(?![0-9A-Z])"
    r"|[A-Z]{0,3}[0-9](?: ?[0-9]){6,19}(?:[A-Z](?![0-9A-Za-z])|(?![0-9]|[A-Z](?![A-Za-z]))))"
)
_PLACE_AFTER = re.compile(r"\s*\(([^()]{2,30})\)")
# The code of the tax office follows a slash: "7704734000/770301001".
_TAX_OFFICE = re.compile(r"/\s*$")
_TAX_OFFICE_DIGITS = 9
# The prefixes of EU VAT numbers that are not the country's code.
_PREFIX_OF = {"GR": "EL"}
_COUNTRY_OF = {"EL": "GR", "XI": "GB"}
_PREFIXED = re.compile(f"({EU_PREFIXES})([0-9A-Z]{{7,}})")
# A party in one of these may be filed under another.
_ONE_STATE = frozenset({"CN", "HK", "MO"})
_BIC_OF_THE_HOUSE = 8
_ALONE = {code: frozenset({code}) for code in SCHEMES}


class Number(msgspec.Struct, frozen=True, array_like=True):
    """One number as it is compared.

    Equal numbers share the `key`; `kinds` are what it may be, in our words, empty if it may be
    anything; `country` issued it, ISO alpha-2, None if that is not known.
    """

    key: str
    kinds: frozenset[str]
    country: str | None

    @property
    def kind(self) -> str | None:
        """The number's kind if that is certain, else None."""
        return next(iter(self.kinds)) if len(self.kinds) == 1 else None


@lru_cache(maxsize=4096)
def kinds_of_label(label: str) -> tuple[frozenset[str], str | None]:
    """Return what kinds a number with such a label may be, and the country that the label names.

    The kinds are in our words, `ANY` if they are not known; the country is ISO alpha-2. "Russia
    INN" gives `inn` and RU. If a label names a special kind and a general one ("Registration
    Number/OGRN"), the special one counts.
    """
    words = _words(label)
    found = {_KINDS[each[0]] for each in _KNOWN.finditer(words)}
    special = found.difference(GENERAL)
    place = _PLACES.search(words)
    return (
        frozenset[str]().union(*(special or found)),
        None if place is None else _COUNTRIES[place[0]],
    )


def plain(value: str) -> str:
    """Return letters and digits alone, in capitals.

    Full-width digits and digits of other scripts become 0 to 9.
    """
    if value.isascii():
        bare = value if value.isalnum() else "".join(filter(str.isalnum, value))
        return bare.upper()
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", value).upper())
    kept = "".join(_digit(each) for each in folded if each.isalnum())
    return unicodedata.normalize("NFKC", kept)


def key(text: str) -> str | None:
    """Return what equal numbers in plain form share; None if the text is no number.

    A number has at least five characters and a digit. Leading zeros do not count if five digits
    are left without them: registries pad their numbers, and spreadsheets lose the zeros.
    """
    if len(text) < SHORTEST or not any(map(str.isdigit, text)):
        return None
    if text.isdecimal():
        return text[:-SHORTEST].lstrip("0") + text[-SHORTEST:]
    return text


def labelled(value: str) -> NumberPiece | None:
    """Return number and kind of a value that names its kind first, "IMO 9187629", or None."""
    found = _LABELLED.fullmatch(value)
    return None if found is None else NumberPiece(found[2], kinds_of_label(found[1])[0], None)


def pieces_of(value: str, whole: NumberPiece) -> Iterator[NumberPiece]:
    """Yield the numbers in a value other than the whole, each with what the words before it say.

    A piece of which those words say nothing has the kind and the country of the whole.
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
        kinds, country = kinds_of_label(before)
        if place is not None:
            country = kinds_of_label(place[1])[1]
        yield NumberPiece(number, kinds or whole.kinds, country or whole.country)


# As many identifiers as a screening of 1,000 counterparties has, apart from those of its hits.
@lru_cache(maxsize=16_384)
def numbers_in(kind: str | None, value: str, country: str | None) -> tuple[Number, ...]:
    """Return the numbers that an identifier holds; none if it has nothing to compare.

    Lists print several in one: "INN 4706036197; KPP: 470601001". A number that cannot be what it
    is called, by its form or check digit, is compared like one of unknown kind, for either the
    number or its kind is wrong. A number that many parties share is left out.
    """
    stated = _stated(kind, value, country)
    found = dict[Number, None]()
    for piece in (stated, *pieces_of(value, stated)):
        if piece.kinds != SHARED:
            found.update(dict.fromkeys(_read(piece)))
    return tuple(found)


def meet(one: Number, other: Number) -> bool:
    """Return whether two numbers are the same, as far as is known.

    Numbers of two known kinds are different, even with the same digits. So are those of two
    countries, unless the kind itself determines who issued the number.
    """
    if one.key != other.key:
        return False
    if one.kinds and other.kinds and not one.kinds & other.kinds:
        return False
    return _is_settled(one) or _is_settled(other) or _is_one_country(one.country, other.country)


# What a number has none of: four letters in a row, three of them alone, two signs of East Asia.
_LIKE_A_NAME = re.compile(
    r"[^\W\d_]{4}|(?<![^\W_])[^\W\d_]{3}(?![^\W_])|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2}"
)


def is_like_a_name(value: str) -> bool:
    """Return whether an identifier may be a name, or have one beside a number.

    A value without any digit is one if it has a letter. Labels of numbers and countries beside
    digits are none, and neither is an LEI or a unified social credit code, whose letters may look
    like words.
    """
    if not any(map(str.isdigit, value)):
        return any(map(str.isalpha, value))
    if any(scheme.is_distinctive and scheme.holds(plain(value)) for scheme in SCHEMES.values()):
        return False
    return _LIKE_A_NAME.search(_PLACES.sub(" ", _KNOWN.sub(" ", _words(value)))) is not None


def fault_of(kind: str | None, value: str, country: str | None) -> str | None:
    """Return why the value cannot be what it claims to be, in words.

    None if it can be, or claims nothing. Its claim is `kind`, or else a word before the number:
    "IMO 9187629".
    """
    stated = _stated(kind, value, country)
    schemes = [SCHEMES[code] for code in sorted(stated.kinds) if code in SCHEMES]
    if not schemes or len(schemes) < len(stated.kinds):
        return None
    if stated.kinds == _ALONE["vat"] and _PREFIXED.fullmatch(stated.text) is None:
        return None
    if any(_settled(piece) == stated.kinds for piece in pieces_of(value, stated)):
        return None  # "7704734000/770301001", with the code of the tax office after it.
    faults = [scheme.fault(stated.text) for scheme in schemes]
    return None if None in faults else faults[-1]


def label_of(kind: str) -> str:
    """Return the title of a kind that has a scheme: "IMO"."""
    return SCHEMES[kind].title


def _words(label: str) -> str:
    """Return the words of a label alone, in lower case: `innCode`, `Tax ID No.`, `ИНН:`."""
    folded = unicodedata.normalize("NFKC", _CAMEL.sub(" ", label)).casefold()
    return _NO_WORD.sub(" ", folded).strip()


def _digit(character: str) -> str:
    value = unicodedata.decimal(character, None)
    return character if value is None else str(value)


def _is_tax_office(before: str, number: str) -> bool:
    return len(number) == _TAX_OFFICE_DIGITS and _TAX_OFFICE.search(before) is not None


def _stated(kind: str | None, value: str, country: str | None) -> NumberPiece:
    """Return the whole value with what is stated about it."""
    kinds, place = kinds_of_label(kind or "")
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
    """Return what kinds a number may be, judged by its form as well."""
    kinds = piece.kinds
    if kinds and kinds not in GENERAL:
        claimed = [SCHEMES[code] for code in sorted(kinds) if code in SCHEMES]
        right = next((each.code for each in claimed if each.holds(piece.text)), None)
        if right is not None:
            return _ALONE[right]
        return ANY if claimed and kinds != _ALONE["vat"] else kinds
    for scheme in SCHEMES.values():
        is_its = scheme.country == piece.country and scheme.code in kinds
        if (scheme.is_distinctive or (is_its and kinds in {TAX, REGISTRATION})) and scheme.holds(
            piece.text
        ):
            return _ALONE[scheme.code]
    return kinds


def _is_settled(number: Number) -> bool:
    """Return whether the kind determines who issued the number, or nobody else issues such."""
    return not number.kinds or (number.kind in SCHEMES and number.kind != "vat")


def _is_one_country(one: str | None, other: str | None) -> bool:
    return one is None or other is None or one == other or {one, other} <= _ONE_STATE
