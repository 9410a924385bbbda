"""What a counterparty is looked up by: the names within its printed name, and its numbers."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, islice

import msgspec
from stdnum import iban

from abeyance_screening.engine.lists.listing import EntityType
from abeyance_screening.engine.lists.reading.countries import country_code
from abeyance_screening.engine.names.form import (
    domain_labels,
    ends_in_form,
    has_letters,
    is_with_legal_form,
    mail_hosts,
    normalise,
    normalise_all,
    read_otherwise,
    read_ukrainian,
    why_not_comparable,
)
from abeyance_screening.engine.names.form.company_words import without_company_words
from abeyance_screening.engine.names.form.native_names import known_as
from abeyance_screening.engine.names.form.people import person_forms
from abeyance_screening.engine.names.form.slips import (
    is_cut_before_its_name,
    mended_forms,
    reread,
)
from abeyance_screening.engine.names.form.word_types import ComparisonForm, Word
from abeyance_screening.engine.names.match.heard import HeardName
from abeyance_screening.engine.screening.answer import InputWarning
from abeyance_screening.engine.screening.field.parts import FieldDoubt, read_field
from abeyance_screening.engine.screening.identifiers import (
    SCHEMES,
    Number,
    fault_of,
    is_like_a_name,
    key,
    kinds_of_label,
    numbers_in,
    plain,
)
from abeyance_screening.engine.screening.question import Counterparty, PartyIdentifier

_COMPARED = "it was compared as written"
_SEARCHED = "is no number, and was searched as a name; give names as `name` or among `aliases`"
_NOT_COMPARED = "has too little for a number, and was not compared"
_CUT = (
    "seems to be cut before the word that tells whose it is: many listed names begin so; give the "
    "whole name"
)
# A country comes last, after a comma, after a dash between spaces, or in brackets.
_DASH = re.compile(r"\s[-\u2013\u2014]\s")
# A code of two letters is just as often a legal form (AG, CO, SA).
_SHORTEST_COUNTRY = 3
# What comes last is a legal form in most names, and names share these.
_CACHED_PARTS = 1 << 12
# The names of a batch are read ahead.
_LAST_NAMES = 256
# The tag of a field or the number of a line in a payment message (`:50K:`, `1/`), and what it has
# before a name: an account between slashes.
_FIELD = re.compile(r"\s*(?::\d\d[A-Z]?:|\d/)\s*(?:/[A-Z0-9]{5,34}[/\s])?", re.IGNORECASE)
# A ship's kind before its name, and one that is a word as well.
_SHIP = re.compile(
    r"\s*(?:[MSF]/[VTSY]|M\.?\s?[VT]\.?|(?:LNG|LPG)\s?/?\s?C(?:arrier)?)\s+(?=[\"'\w])",
    re.IGNORECASE,
)
_SHIP_IN_WORDS = re.compile(
    r"\s*(?:s\.\s?s\.|(?:per |on )?(?:motor |oil |chemical )?(?:vessel|tanker|tug|barge|ship)"
    r"(?:\s+name)?|on board(?: the)?|aboard(?: the)?)(?:\s*:\s*|\s+)(?=[\"'\w])",
    re.IGNORECASE,
)
_FIRST_OF_SHIP = frozenset("MmSs\u017fFfLlVvTtBbOoPpCcAa")
# What is said of a ship after its name: its flag, its voyage, the year when it was built.
_OF_SHIP = re.compile(
    r"(?<![\s,;:/(\[-])[\s,;:/(\[-]++"
    r"(?:(?P<flag>(?:(?:under |flying )?(?:the )?flag|flagged|flying)\b)"
    r"|voy(?:age)?\b\.?\s*(?:no\.?\s*)?(?=\w*\d)|v\.\s?\d{1,4}[NSEW]?\b|built\s+(?:in\s+)?\d{4}\b)",
    re.IGNORECASE,
)
_SAID_OF_SHIP = ("flag", "flying", "voy", " v.", " built ")
# The words of the name of a country.
_LAND = range(1, 4)
_OF_MARKS = frozenset("@:/")
# Every ASCII sign without which no name within another is marked.
_NO_MARKS = bytes(set(range(128)) - set(b",(-/:@"))
# Street, district, city, postcode; names in one field.
_MOST_PARTS = 4
# A word written together with a brand in a domain (dahuasecurity), by its length and its weight.
_SHORTEST_JOINED, _SHORTEST_BRAND = 4, 3
_COMMON = 0.65
# The brand before it is looked up alone only if hardly any ordinary company has that name: of
# 3,000 domains made of companies' first two words 3.6 in 100 alert, of the words themselves 2.3,
# and 12.4 if every brand were looked up.
_RARE_ALONE = 0.95


class NamedNumber(msgspec.Struct, frozen=True, kw_only=True):
    """A number found in a text, `start` and `end` being its place, its label included.

    `kind` is its label as written, or our title; `value` has letters and digits alone.
    `is_certain` is False where nothing but one check digit, which one in ten numbers has right,
    says what it is: such a number finds who has it, and speaks against nobody. `is_word` is True
    if it may just as well be a word of the name. `country` is that of a bank account.
    """

    kind: str
    value: str
    start: int
    end: int
    is_certain: bool = True
    is_word: bool = False
    country: str | None = None

    @property
    def identifier(self) -> PartyIdentifier | None:
        """The number as an identifier of a question; None for a bank account."""
        return None if self.kind == _ACCOUNT else PartyIdentifier(kind=self.kind, value=self.value)


@lru_cache(_LAST_NAMES)
def question_forms(
    printed: str, entity_type: EntityType | None = None
) -> tuple[ComparisonForm, ...]:
    """Return the comparison forms of a printed name, the whole name first.

    The forms are those of `normalise_all`. A name that is followed by an address with a country
    ("JSC Proton, Moscow, Russia", "Proton (Russia)") is looked up without the address as well, a
    web or mail address by what its domain says. The tags of payment messages and a ship's kind
    before its name are left out. Names beside it in a field are no forms of it, see `read_field`.
    Brands in Han characters are looked up by what they mean as well; slips are mended
    (`mended_forms`). A name that may be a person's is looked up without honorifics, and with its
    initials apart. `entity_type` is what is asked for.
    """
    asked = normalise_all(printed)
    if names := [] if _is_one_name(printed) else list(_names_within(printed)):
        forms = {form.joined: form for form in asked}
        for form in chain.from_iterable(map(normalise_all, names)):
            forms.setdefault(form.joined, form)
        asked = tuple(forms.values())
    mended, persons = mended_forms(printed), person_forms(printed, entity_type)
    if entity_type == "person" and any(form.initials for form in persons):
        whole = normalise(printed).joined
        asked = tuple(form for form in asked if form.joined != whole)
    if mended or persons:
        # not by the letters alone: a sign taken for a blank leaves the same ones (Promsvyaz^ank)
        each_once = dict[object, ComparisonForm]()
        for form in (*asked, *mended, *persons):
            each_once.setdefault((form.joined, form.words, form.initials), form)
        asked = tuple(each_once.values())
    asked += _other_readings(printed, asked)
    if entity_type is None:
        return asked
    return tuple(msgspec.structs.replace(form, entity_type=entity_type) for form in asked)


def question_identifiers(
    counterparty: Counterparty, *, only_certain: bool = False
) -> tuple[PartyIdentifier, ...]:
    """Return the counterparty's identifiers, then those found in its name and its aliases.

    `only_certain` leaves out numbers of which one check digit alone says what they are.
    """
    named = (
        number.identifier
        for number in _named_numbers(counterparty)
        if number.is_certain or not only_certain
    )
    return counterparty.identifiers + tuple(each for each in named if each is not None)


def numbers_told(counterparty: Counterparty) -> tuple[PartyIdentifier, ...]:
    """Return the identifiers of which an answer tells what they were compared with.

    A number of which one check digit alone says what it is counts only where the name is nothing
    but numbers.
    """
    is_named = any(map(str.isalpha, counterparty.name))
    asked = question_identifiers(counterparty, only_certain=is_named)
    return tuple(each for each in asked if numbers_in(each.kind, each.value, each.country))


def is_only_named(counterparty: Counterparty) -> bool:
    """Return whether nothing is known of a counterparty but names, none with a number in it."""
    return not (
        counterparty.entity_type
        or counterparty.countries
        or counterparty.addresses
        or counterparty.identifiers
        or counterparty.birth_date
        or any(True for _ in _named_numbers(counterparty))
    )


def account_countries(counterparty: Counterparty) -> frozenset[str]:
    """Return the countries of the bank accounts (IBAN) in a counterparty's name and aliases."""
    countries = (number.country for number in _named_numbers(counterparty))
    return frozenset(country for country in countries if country is not None)


def _named_numbers(counterparty: Counterparty) -> Iterator[NamedNumber]:
    for printed in (counterparty.name, *counterparty.aliases):
        yield from numbers_of(printed, counterparty.entity_type)


def numbers_of(printed: str, entity_type: EntityType | None) -> tuple[NamedNumber, ...]:
    """Return the numbers in a name of a question that asks for a type; None is any type."""
    is_vessel = None if entity_type is None else entity_type == "vessel"
    return named_numbers(printed, is_vessel=is_vessel)


def question_names(
    printed: str, entity_type: EntityType | None = None
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield a name as printed; if it has numbers in it, then the name without them, and them."""
    yield printed, ()
    if numbers := numbers_of(printed, entity_type):
        bare = without_numbers(printed, numbers)
        if bare != printed:
            yield bare, tuple(each.value for each in numbers if not each.is_word)


def question_numbers(counterparty: Counterparty) -> tuple[Number, ...]:
    """Return the numbers of the question in the form in which they are compared, each once."""
    found = dict[Number, None]()
    for asked in question_identifiers(counterparty):
        found.update(dict.fromkeys(numbers_in(asked.kind, asked.value, asked.country)))
    return tuple(found)


def warnings_of(counterparty: Counterparty) -> tuple[InputWarning, ...]:
    """Return a warning for each number that cannot be what it is called, in the question's order.

    Such numbers do not refuse the question: one slip among 1,000 counterparties would cost the
    answers of all. They are compared as they are written, since a list may have the same slip.
    """
    return tuple(_warnings(counterparty))


def doubts_of(counterparty: Counterparty) -> tuple[InputWarning, ...]:
    """Return a warning for each name of a party that has too little, or too much, to compare.

    The warnings are in the order of the question, and each name may hide a listed party. They do
    not refuse the question: one name among 1,000 counterparties would cost the answers of all.
    """
    return tuple(_doubts(counterparty))


def _other_readings(printed: str, forms: tuple[ComparisonForm, ...]) -> tuple[ComparisonForm, ...]:
    """Return the forms of a name as it sounds or is meant otherwise; none for most names."""
    others = () if printed.isascii() else read_otherwise(forms)
    ukrainian = read_ukrainian(normalise(printed))
    return others if ukrainian is None else (*others, ukrainian)


def _is_one_name(printed: str) -> bool:
    """Return whether a glance shows that no other name is within a name, as in most."""
    return (
        printed.isascii()
        and not printed.encode().translate(None, _NO_MARKS)
        and ("." not in printed or " " in printed.strip())
        and _ship_mark(printed) is None
        and not _may_tell_of_ship(printed)
    )


def _ship_mark(printed: str) -> re.Match[str] | None:
    """Return a ship's kind before its name; none in the name of a firm (MV Electronic S.R.L.)."""
    if printed.lstrip()[:1] not in _FIRST_OF_SHIP:
        return None
    mark = _SHIP.match(printed) or _SHIP_IN_WORDS.match(printed)
    if mark is None or (ends_in_form(printed) and is_with_legal_form(printed)):
        return None
    return mark


def _may_tell_of_ship(printed: str) -> bool:
    lower = printed.lower()
    return any(said in lower for said in _SAID_OF_SHIP)


def _without_voyage(printed: str, *, is_ship: bool) -> str:
    """Return a ship's name without its flag, its voyage and the year when it was built.

    Where nothing else says that it is a ship (`is_ship`), a flag must be that of a country.
    """
    said = _OF_SHIP.search(printed) if _may_tell_of_ship(printed) else None
    if said is None:
        return printed
    name = printed[: said.start()]
    if said["flag"] is None:
        return name
    words, after = name.split(), printed[said.end() :].strip(" :.)]").removeprefix("of ")
    for count in _LAND:
        if words[count:] and _is_country(" ".join(words[-count:]).strip("(,-/")):
            return " ".join(words[:-count]).rstrip(" ,;:/([-")
    return name if is_ship or _is_country(after) else printed


def _names_within(printed: str) -> Iterator[str]:
    """Yield the names in one that has the signs of an address, a domain or marks."""
    if "," in printed or "(" in printed or "-" in printed or not printed.isascii():
        yield from _without_address(printed)
    if "." in printed or "/" in printed:
        yield from _of_domain(printed)
    if not _OF_MARKS.isdisjoint(printed) or _ship_mark(printed) or _may_tell_of_ship(printed):
        yield from _without_marks(printed)


def _without_address(printed: str) -> Iterator[str]:
    """Yield the name before a country, and before each part of the address before that."""
    name, country = _split_last(printed)
    if not _is_country(country):
        return
    yield name
    for _ in range(_MOST_PARTS):
        name, part = _split_last(name)
        if not part or normalise(f"x {part}").legal_forms:
            return
        yield name


@lru_cache(_CACHED_PARTS)
def _is_country(part: str) -> bool:
    return len(part) >= _SHORTEST_COUNTRY and country_code(part) is not None


def _without_marks(printed: str) -> Iterator[str]:
    """Yield the names within a field of a message, without what marks them there."""
    field = _FIELD.match(printed) if ":" in printed or "/" in printed else None
    bare = printed if field is None else printed[field.end() :]
    ship = _ship_mark(bare)
    bare = _without_voyage(bare if ship is None else bare[ship.end() :], is_ship=ship is not None)
    if bare != printed and any(map(str.isalnum, bare)):
        yield bare.strip(" ,:;/-")
    for host in islice(mail_hosts(printed), _MOST_PARTS):
        yield from _of_domain(host)
        yield domain_labels(host)[-1]


def _split_last(printed: str) -> tuple[str, str]:
    """Return the text before the last separator and the text after it; empty if there is none."""
    start = max(printed.rfind(","), printed.rfind("("))
    end = start + 1
    if "-" in printed or not printed.isascii():
        for dash in _DASH.finditer(printed, end):
            start, end = dash.span()
    if start < 0 or True not in map(str.isalnum, printed[:start]):
        return printed, ""
    return printed[:start].rstrip(" ,"), printed[end:].strip(" )")


def _of_domain(printed: str) -> Iterator[str]:
    """Yield what the domain of a web address says, and the brand in it without a common word."""
    for label in domain_labels(printed):
        yield label
        for brand, common in _taken_apart(label):
            yield f"{brand} {common}"
            if all(_is_rare(word, _RARE_ALONE) for word in normalise(brand).words):
                yield brand


def _taken_apart(label: str) -> Iterator[tuple[str, str]]:
    """Yield brand and common word, the longest word after the brand, then the longest before it.

    `dahuasecurity` → `dahua`, `security`.
    """
    ends = range(_SHORTEST_BRAND, len(label) - _SHORTEST_JOINED + 1)
    yield from islice(((label[:at], label[at:]) for at in ends if _is_common(label[at:])), 1)
    fronts = range(len(label) - _SHORTEST_BRAND, _SHORTEST_JOINED - 1, -1)
    yield from islice(((label[at:], label[:at]) for at in fronts if _is_common(label[:at])), 1)


def _is_common(word: str) -> bool:
    return all(each.is_trade_word or each.weight <= _COMMON for each in normalise(word).words)


def _is_rare(word: Word, least: float) -> bool:
    return word.weight >= least and not word.is_trade_word


def _doubts(counterparty: Counterparty) -> Iterator[InputWarning]:
    names = {
        f"identifiers[{position}].value": asked.value
        for position, asked in enumerate(counterparty.identifiers)
        if _is_no_number(asked) and is_like_a_name(asked.value)
    }
    for field, printed in (*fields_of(counterparty), *names.items()):
        fault = why_not_comparable(printed)
        if fault is not None:
            yield InputWarning(field=field, reason=fault, may_hide=True)
        if is_cut_before_its_name(printed):
            yield InputWarning(field=field, reason=_CUT, may_hide=True)
        yield from (warning_of(field, doubt) for doubt in read_field(printed).doubts)


def fields_of(counterparty: Counterparty) -> Iterator[tuple[str, str]]:
    """Yield the names of a party with the fields of the question that they stand in."""
    yield "name", counterparty.name
    for position, alias in enumerate(counterparty.aliases):
        yield f"aliases[{position}]", alias


def names_among_numbers(counterparty: Counterparty) -> Iterator[tuple[str, str]]:
    """Yield the identifiers that may be names, or have one beside a number, with their fields.

    Letters that run into digits are one without these as well: `Gazprom7736050003`.
    """
    for position, asked in enumerate(counterparty.identifiers):
        if is_like_a_name(asked.value):
            field = f"identifiers[{position}].value"
            yield field, asked.value
            apart = _DIGITS_AT_LETTERS.sub(" ", asked.value).strip()
            if apart != asked.value and is_like_a_name(apart):
                yield field, apart


_DIGITS_AT_LETTERS = re.compile(r"(?<=[^\W\d_])\d+|(?<!\d)\d++(?=[^\W\d_])")


def _is_no_number(asked: PartyIdentifier) -> bool:
    return key(plain(asked.value)) is None and not numbers_in(
        asked.kind, asked.value, asked.country
    )


def warning_of(field: str, doubt: FieldDoubt) -> InputWarning:
    """Return a doubt about a field of the question as a warning."""
    return InputWarning(field=field, reason=doubt.reason, may_hide=doubt.may_hide)


def _warnings(counterparty: Counterparty) -> Iterator[InputWarning]:
    for position, asked in enumerate(counterparty.identifiers):
        field = f"identifiers[{position}].value"
        faults = tuple(_warning(field, asked))
        yield from faults
        if not faults and _is_no_number(asked):
            reason = _SEARCHED if is_like_a_name(asked.value) else _NOT_COMPARED
            yield InputWarning(field=field, reason=reason)
    yield from _warnings_within("name", counterparty.name, counterparty.entity_type)
    for position, alias in enumerate(counterparty.aliases):
        yield from _warnings_within(f"aliases[{position}]", alias, counterparty.entity_type)


def _warnings_within(
    field: str, printed: str, entity_type: EntityType | None
) -> Iterator[InputWarning]:
    for number in numbers_of(printed, entity_type):
        if number.identifier is not None:
            yield from _warning(field, number.identifier)


def _warning(field: str, identifier: PartyIdentifier) -> Iterator[InputWarning]:
    fault = fault_of(identifier.kind, identifier.value, identifier.country)
    if fault is not None:
        yield InputWarning(field=field, reason=f"{fault}; {_COMPARED}")


# --- Numbers within a name or a text: labelled ones, and those whose check digits are right.
#
# A name pasted from a letter has its numbers beside it: "Tech Co 91511500MAD7QX3R97", "INN/KPP
# 7802044622/780201001", "ship 9297888". They find listings as identifiers do, and are no words.

# The shortest number, an IMO number, has seven digits, and so have all others but an LEI, which
# must have two, at its end. The quantifier is possessive, so that a name of fewer digits is passed
# through once.
_ENOUGH_DIGITS = re.compile(
    r"(?=(?:\D*+\d){2})(?:(?:\D*+\d){7}|.*?(?<![^\W_])[^\W_]{18}\d\d)", re.DOTALL
)
_LABEL = r"IMO|ИМО|LEI|INN|ИНН|OGRN(?:IP)?|ОГРН(?:ИП)?|USCC|统一社会信用代码|MMSI"
# "INN/KPP 7802044622/780201001": the code of the tax office, which many share, goes with the INN.
_OFFICE = r"\s*/\s*(?:KPP|КПП)"
_NUMBER_LABELLED = re.compile(
    rf"(?<!\w)({_LABEL})(?:{_OFFICE})?"
    r"(?:\s*(?:no|number|nr|code)\b)?[\s:.,#№(/-]*(?=\w{0,18}\d)([0-9A-Z]{7,20})(?!\w)"
    r"(?:\s*/\s*\d{9}(?!\w))?",
    re.IGNORECASE,
)
# Digits and letters by themselves, not part of an amount, a telephone number or a code.
_ALONE = re.compile(
    r"(?<![0-9A-Za-z])(?<![0-9][.,'-])(?<!\+)([0-9A-Za-z]{7,20})(?![0-9A-Za-z])(?![.,'-][0-9])"
)
_TELEPHONE = re.compile(
    r"(?:[0-9)]\s|\b(?:te?l|fax|phone|mobile|box|acc(?:oun)?t|invoice|order|ref|тел|факс)\b)[\s.:№#]*$",
    re.IGNORECASE,
)
_SHIP_WORD = re.compile(
    r"(?<!\w)(?:ships?|vessels?|tankers?|carrier|motor yacht|m/[vty]|m\.?[vt]\.?|s/[sy]|l[np]g/c"
    r"|судно|танкер|теплоход|buque|navire|schiff|gemi|nave|kapal)(?!\w)|[船舶轮輪]",
    re.IGNORECASE,
)
# The kinds that a number shows without a label, by its length. The first two have two check
# digits; of an INN and an OGRN one number in ten is right by chance.
_DISTINCTIVE = {18: "uscc", 20: "lei"}
_LIKELY = {10: "inn", 12: "inn", 13: "ogrn", 15: "ogrn"}
_IMO = SCHEMES["imo"]
_SHIP_DIGITS = 7
# The kinds of a number that is the whole name.
_NUMBER_ALONE = tuple(SCHEMES[code] for code in ("lei", "uscc", "inn", "ogrn"))
_ACCOUNT = "IBAN"
_ACCOUNT_NUMBER = re.compile(
    r"(?<![0-9A-Za-z])[A-Z]{2}[0-9]{2}(?: ?[0-9A-Z]{4}){2,7}(?: ?[0-9A-Z]{1,3})?(?![0-9A-Za-z])"
)
# How far from seven digits a word for ships, a telephone or a legal form is looked for.
_NEAR = 60


def named_numbers(name: str, *, is_vessel: bool | None) -> tuple[NamedNumber, ...]:
    """Return the numbers in a name, in their order; most names have too few digits for any.

    A number with a label counts if it has the form of that kind, whether its check digit is right
    or wrong ("OCEAN STAR (IMO: 9187629)"; a room of the Comfort Inn is no INN). Without one it
    counts by its right check digits. Seven digits, of which one in ten can be an IMO number, are
    one for a vessel (`is_vessel`) or beside a word for ships. Beside any other name they only find
    the ship that has that number, and nothing where it is known that no vessel is meant
    (`is_vessel` is False), where a company's legal form is beside them ("9187629 Canada Inc.") or
    where they are a part of a telephone number.
    """
    if _ENOUGH_DIGITS.match(name) is None:
        return ()
    text, places = _plain_text(name)
    found: list[NamedNumber] = []
    for each in _numbers_in(text, is_vessel=is_vessel):
        if not any(each.start < other.end and other.start < each.end for other in found):
            found.append(each)
    found.sort(key=lambda each: each.start)
    if places is None:
        return tuple(found)
    return tuple(
        msgspec.structs.replace(each, start=places[each.start], end=places[each.end - 1] + 1)
        for each in found
    )


def without_numbers(name: str, numbers: Iterable[NamedNumber]) -> str:
    """Return a name without its numbers and their labels; as it is where nothing else is left."""
    rest = list(name)
    for each in numbers:
        if not each.is_word:
            rest[each.start : each.end] = " " * (each.end - each.start)
    bare = _BRACKETS.sub(" ", "".join(rest))
    bare = " ".join(bare.split()).strip(" ,;:/-")
    return bare if has_letters(bare) else name


_BRACKETS = re.compile(r"[(\[][^\w()\[\]]*[)\]]")


def _plain_text(name: str) -> tuple[str, list[int] | None]:
    """Return a text with full-width digits made plain, and where each of its characters was."""
    if unicodedata.is_normalized("NFKC", name):
        return name, None
    pieces = [unicodedata.normalize("NFKC", letter) for letter in name]
    places = [place for place, piece in enumerate(pieces) for _ in piece]
    return "".join(pieces), places


def _numbers_in(text: str, *, is_vessel: bool | None) -> Iterator[NamedNumber]:
    """Yield the numbers in a plain text, the surest first."""
    for labelled in _NUMBER_LABELLED.finditer(text):
        number = labelled[2].upper()
        if any(SCHEMES[code].is_formed(number) for code in kinds_of_label(labelled[1])[0]):
            yield NamedNumber(
                kind=labelled[1].upper(), value=number, start=labelled.start(), end=labelled.end()
            )
    whole = plain(text)
    for scheme in _NUMBER_ALONE:
        if scheme.holds(whole):
            yield NamedNumber(kind=scheme.title, value=whole, start=0, end=len(text))
    yield from _accounts(text)
    for alone in _ALONE.finditer(text):
        number, start = alone[1].upper(), alone.start()
        if len(number) == _SHIP_DIGITS:
            yield from _ship_number(text, number, start, is_vessel=is_vessel)
        else:
            yield from _number_alone(number, start)


def _accounts(text: str) -> Iterator[NamedNumber]:
    """Yield the bank accounts; with spaces inside, the words after one may look like its end."""
    for found in _ACCOUNT_NUMBER.finditer(text):
        pieces = found[0].split(" ")
        for count in range(len(pieces), 0, -1):
            number = " ".join(pieces[:count])
            if iban.is_valid(number):
                yield NamedNumber(
                    kind=_ACCOUNT,
                    value=plain(number),
                    start=found.start(),
                    end=found.start() + len(number),
                    country=number[:2],
                )
                break


def _number_alone(number: str, start: int) -> Iterator[NamedNumber]:
    end = start + len(number)
    distinctive = SCHEMES.get(_DISTINCTIVE.get(len(number), ""))
    is_long_account = distinctive is SCHEMES["lei"] and number.isdecimal()
    if distinctive is not None and distinctive.holds(number) and not is_long_account:
        yield NamedNumber(kind=distinctive.title, value=number, start=start, end=end)
    likely = SCHEMES.get(_LIKELY.get(len(number), ""))
    if likely is not None and likely.is_formed(number) and likely.is_right(number):
        yield NamedNumber(kind=likely.title, value=number, start=start, end=end, is_certain=False)


def _ship_number(
    text: str, number: str, start: int, *, is_vessel: bool | None
) -> Iterator[NamedNumber]:
    if not _IMO.is_formed(number) or not _IMO.is_right(number):
        return
    end = start + len(number)
    before, after = text[max(0, start - _NEAR) : start], text[end : end + _NEAR]
    near = f"{before} {after}"
    is_certain = is_vessel is True or _SHIP_WORD.search(near) is not None
    if not is_certain:
        is_other = is_vessel is False or _TELEPHONE.search(before) is not None
        if is_other or normalise(near).legal_forms:
            return
    yield NamedNumber(
        kind=_IMO.title,
        value=number,
        start=start,
        end=end,
        is_certain=is_certain,
        is_word=not is_certain,
    )


# --- Names in another script than Latin: the listed names that they are known for or sound like.

# What it costs that a name is known from elsewhere than a list, and that it is heard rather than
# read, beside how far it is from what is heard.
_KNOWN = _HEARD = -0.4


def own_script_forms(
    printed: str, entity_type: EntityType | None, heard: Callable[[str], Sequence[HeardName]]
) -> Iterator[ComparisonForm]:
    """Yield the forms of a whole name in another script as the listed names it stands for.

    غازبروم is read as Gazprom, and بانک اقتصاد نوین as EN Bank. `heard` finds the names of firms
    that letters sound like, so there are none where another type of entity is asked for.
    """
    if printed.isascii() or entity_type not in {None, "organisation"}:
        return
    for known in known_as(printed):
        how = (f"known by this name {known.source}, which the list does not print: {{}}", _KNOWN)
        form = reread(printed, known.latin, how)
        if form is not None:
            yield form
    bare, beside = " ".join([word.printed for word in normalise(printed).words]), ""
    names = heard(bare)
    if not names and (parted := without_company_words(bare)) is not None:
        rest, beside = parted
        names = heard(rest)
    for name in names:
        how = ("by its sound: {}", _HEARD - name.misheard)
        form = reread(printed, f"{name.printed} {beside}".strip(), how)
        if form is not None:
            yield form
