"""Find the numbers within a name or a text: labelled ones, and those whose check digit is right.

A name pasted from a letter has its numbers beside it: "Tech Co 91511500MAD7QX3R97", "INN/KPP
7802044622/780201001", "ship 9297888". They find listings as identifiers do, and are no words.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

import msgspec
from stdnum import iban

from service.names.form import has_letters, normalise
from service.screening.identifiers import SCHEMES, kinds_of_label, plain
from service.screening.question import AskedIdentifier


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
    def identifier(self) -> AskedIdentifier | None:
        """The number as an identifier of a question; None for a bank account."""
        return None if self.kind == _ACCOUNT else AskedIdentifier(kind=self.kind, value=self.value)


# The shortest number, an IMO number, has seven digits, and so have all others but an LEI, which
# must have two, at its end. The quantifier is possessive, so that a name of fewer digits is passed
# through once.
_ENOUGH_DIGITS = re.compile(
    r"(?=(?:\D*+\d){2})(?:(?:\D*+\d){7}|.*?(?<![^\W_])[^\W_]{18}\d\d)", re.DOTALL
)
_LABEL = r"IMO|LEI|INN|ИНН|OGRN(?:IP)?|ОГРН(?:ИП)?|USCC|MMSI"
# "INN/KPP 7802044622/780201001": the code of the tax office, which many share, goes with the INN.
_OFFICE = r"\s*/\s*(?:KPP|КПП)"
_NUMBER_LABELLED = re.compile(
    rf"(?<!\w)({_LABEL})(?:{_OFFICE})?"
    r"(?:\s*(?:no|number|nr|code)\b)?[\s:.,#№(/-]*(?=\w{0,18}\d)([0-9A-Z]{7,20})(?!\w)"
    r"(?:\s*/\s*\d{9}(?!\w))?",
    re.IGNORECASE,
)
# Digits and letters between others, but not a part of an amount, a telephone number or a code.
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
# The kinds that nothing but a number itself tells, and how long such numbers are. The first two
# have two check digits; of an INN and an OGRN one number in ten is right by chance.
_DISTINCTIVE = {18: "uscc", 20: "lei"}
_LIKELY = {10: "inn", 12: "inn", 13: "ogrn", 15: "ogrn"}
_SHIP = SCHEMES["imo"]
_SHIP_DIGITS = 7
# The kinds that a name may be if it is a number and nothing else.
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
    for each in _found(text, is_vessel=is_vessel):
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


def _found(text: str, *, is_vessel: bool | None) -> Iterator[NamedNumber]:
    """Yield the numbers in a plain text, those that are surest first."""
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
    if not _SHIP.is_formed(number) or not _SHIP.is_right(number):
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
        kind=_SHIP.title,
        value=number,
        start=start,
        end=end,
        is_certain=is_certain,
        is_word=not is_certain,
    )
