"""One party of either file, and its listing: names, notices, papers and places."""

import functools
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

import msgspec
from babel import Locale

from service.errors import RowRefusedError
from service.lists.jp_mof.names import english_names, names_in, originals_in
from service.lists.listing import Address, EntityType, Fact, Identifier, Listing, Name
from service.lists.reading.countries import country_code
from service.lists.reading.ids import key_of_name
from service.lists.reading.names import collect_names
from service.lists.reading.notes import is_in_record, note_unknown
from service.lists.reading.texts import narrow

LIST_CODE = "jp_mof"
SOURCE_URL = (
    "https://www.mof.go.jp/policy/international_policy/gaitame_kawase/gaitame/"
    "economic_sanctions/list.html"
)
# The columns of the first notice on a party, in both files.
DAY, NUMBER = "告示日付", "告示番号"
STRUCK = "削除"

# `2001.9.22`, `2008.6.25改訂`, `2011.11.18削除`; misprints of the file: `200812.19`, `2023.929`.
_NOTICE_DAY = re.compile(r"(?P<day>\d{4}\.?\d{1,2}\.?\d{1,2})\s*(?P<what>改訂|削除)?")
_DAY = re.compile(r"(\d{4})\.(\d{1,2})\.(\d{1,2})")
_SAME = re.compile(r"\(\s*(\d+)\s*[.\uff0e]\s*と同一(?:人物|団体)\s*\)")
# `1(*186)`, `*24`, `#35`: the entry's number, and the mark of another list that it is on too.
_NUMBER = re.compile(r"(?P<before>[*#]?)(?P<number>\d{1,5})\s*(?:\((?P<also>[*#]\d{1,5})\))?")
# `AM5421691`, `563335509`: five letters and digits or more, so that no year is one.
_PAPER_NUMBER = re.compile(
    r"(?<![A-Za-z0-9-])(?=[A-Z0-9-]*\d)[A-Z0-9][A-Z0-9-]{4,}(?![A-Za-z0-9-])"
)
_MARKED_NUMBERS = (
    ("IMO number", re.compile(r"IMO(?:番号|\s*No\.?)?\s*[:\uff1a]?\s*(\d{7})\b")),
    ("SWIFT/BIC", re.compile(r"SWIFT(?:/BIC)?\s*[:\uff1a]\s*([A-Z]{6}[A-Z0-9]{2,5})\b")),
    ("registration number", re.compile(r"(?:国家)?登録番号\s*[:\uff1a]\s*([A-Z0-9-]{5,25})")),
)


class FrozenParty(msgspec.Struct, frozen=True, kw_only=True):
    """One entry as printed in either file; `programme` is its title."""

    where: str
    programme: str
    number: str
    notice: str
    english: str
    japanese: str
    entity_type: EntityType | None
    others: tuple[Name, ...]
    facts: tuple[tuple[str, str], ...]
    identifiers: tuple[tuple[str, str], ...]
    addresses: tuple[str, ...]
    remarks: str
    notice_text: str = ""


def is_number(printed: str) -> bool:
    """Return whether a text is an entry's number, perhaps with marks of other lists."""
    return _NUMBER.fullmatch(narrow(printed).strip()) is not None


def checked(party: FrozenParty) -> FrozenParty:
    """Return the party.

    Raises:
        RowRefusedError: It has no number or no name.
    """
    if not is_number(party.number):
        raise RowRefusedError(party.where, f"{NUMBER}: {party.number!r} is not a number")
    if not (party.english or party.japanese):
        raise RowRefusedError(party.where, "the entry has no name")
    return party


def key_of(programme: str, number: str, listing: Listing) -> str:
    """Return an entry's part of its id, by its name where it has no number."""
    found = _NUMBER.fullmatch(narrow(number).strip())
    key = key_of_name(listing.primary_name) if found is None else found["number"]
    return f"{programme}-{key}"


def listing_of(party: FrozenParty) -> Listing:
    """Return the listing of an entry; its id is "" until `give_ids` sets it."""
    english = english_names(party.english, is_person=party.entity_type == "person")
    primary = english[0].text if english else party.japanese
    originals = originals_in(f"{party.remarks}\n{party.notice_text}")
    others = [
        *english[1:],
        *(Name(text=each, kind="alias") for each in originals),
        *(names_in(party.japanese, "alias") if english else ()),
        *party.others,
    ]
    facts = [*party.facts]
    facts += [("printed_name", party.english)] if english and primary != party.english else []
    facts += [("text_of_notice", party.notice_text)] if party.notice_text else []
    days = _notice_days(party.where, party.notice)
    addresses = tuple(_address(each) for each in party.addresses)
    nationalities = [value for kind, value in party.facts if kind == "nationality"]
    codes = [*(code for each in nationalities for code in countries_in(each))]
    codes += [each.country for each in addresses if each.country is not None]
    return Listing(
        id="",
        list_code=LIST_CODE,
        names=collect_names(primary, others),
        entity_type=party.entity_type,
        entry_id=party.number,
        addresses=addresses,
        countries=tuple(dict.fromkeys(codes)),
        identifiers=tuple(_identifiers(party)),
        programmes=(party.programme,),
        listed_on=next((day for day, what in days if what is None), None),
        delisted_on=next((day for day, what in days if what == STRUCK), None),
        remarks=party.remarks or None,
        facts=tuple(Fact(kind=kind, value=value) for kind, value in facts),
        source_url=SOURCE_URL,
    )


def _identifiers(party: FrozenParty) -> Iterator[Identifier]:
    for kind, printed in party.identifiers:
        yield _identifier(kind, printed)
    for kind, pattern in _MARKED_NUMBERS:
        found = (match[1] for match in pattern.finditer(narrow(party.remarks)))
        yield from (Identifier(kind=kind, value=value) for value in dict.fromkeys(found))


def _identifier(kind: str, printed: str) -> Identifier:
    """Return the number alone, with the printed words around it as a note, where there is one."""
    text = " ".join(printed.split())
    numbers = list(dict.fromkeys(match[0] for match in _PAPER_NUMBER.finditer(text)))
    if len(numbers) != 1 or numbers[0] == text:
        return Identifier(kind=kind, value=text)
    country = next(iter(countries_in(text)), None)
    return Identifier(kind=kind, value=numbers[0], country=country, note=text)


def _address(text: str) -> Address:
    return Address(text=text, country=next(iter(countries_in(text)), None))


def _notice_days(where: str, notice: str) -> list[tuple[date | None, str | None]]:
    """Return the days of the notices, each with `改訂`, `削除` or None for the listing itself.

    The day of a misprint (`2023.929改訂`) is None. A line that cannot be read is noted.

    Raises:
        RowRefusedError: A line is no day, or there is none, and nobody takes notes.
    """
    days = list[tuple[date | None, str | None]]()
    lines = [line for line in map(str.strip, narrow(notice).split("\n")) if line]
    for line in filter(lambda each: _SAME.fullmatch(each) is None, lines):
        found = _NOTICE_DAY.fullmatch(line)
        if found is None:
            _note_day(where, line, f"{line!r} is not a day (2001.9.22)")
            continue
        digits = _DAY.fullmatch(found["day"])
        try:
            day = None if digits is None else date(*map(int, digits.groups()))
        except ValueError:
            _note_day(where, line, f"no calendar has {line!r}")
            continue
        if day is None and not days:
            _note_day(where, line, f"{notice!r} is not a day (2001.9.22)")
        days.append((day, found["what"]))
    if not any(_SAME.fullmatch(line) is None for line in lines):
        _note_day(where, where, f"{notice!r} is not a day (2001.9.22)")
    return days


def _note_day(where: str, printed: str, reason: str) -> None:
    """Note a notice's day that cannot be read; words beside it may be of a status.

    Raises:
        RowRefusedError: Nobody takes notes.
    """
    if not is_in_record():
        raise RowRefusedError(where, f"{DAY}: {reason}")
    may_hide = "status" if any(map(str.isalpha, printed)) and printed != where else None
    note_unknown(where, f"day in {DAY!r}", printed, may_hide=may_hide)


def facts_of_notice(notice: str, number: str) -> Iterator[tuple[str, str]]:
    """Yield the notices after the first one, and the lists that the entry is on too."""
    for line in filter(None, map(str.strip, narrow(notice).split("\n"))):
        if line.endswith("改訂"):
            yield "revised_by_notice_of", line.removesuffix("改訂").strip()
        elif (same := _SAME.fullmatch(line)) is not None:
            yield "same_party_as", same[1]
    if any(mark in number for mark in "*#"):
        yield "also_listed", number


def rescued_names(english: str, others: Iterable[str], kind: EntityType | None) -> tuple[str, ...]:
    """Return the names in an unreadable entry's cells, those of the English name first."""
    names = english_names(english, is_person=kind == "person")
    names += [name for cell in others if cell.strip() for name in names_in(cell, "alias")]
    return tuple(name.text for name in names)


# --- The countries that a nationality or an address names, in Japanese or in English.

# Spellings of the list that CLDR lacks.
_SPELLINGS: Mapping[str, tuple[str, ...]] = {
    "AE": ("UAE",),
    "CD": ("コンゴ民主共和国",),
    "CI": ("コートジボワール",),
    "CN": ("中華人民共和国",),
    "GB": ("英国", "連合王国"),
    "GE": ("グルジア",),
    "IL": ("イスラエル国",),
    "KP": ("朝鮮民主主義人民共和国", "DPRK"),
    "KR": ("大韓民国",),
    "KW": ("クウェート",),
    "LY": ("リビア国",),
    "MK": ("マケドニア",),
    "MM": ("ビルマ",),
    "PS": ("パレスチナ",),
    "RU": ("ロシア連邦",),
    "SY": ("シリア・アラブ共和国",),
    "TR": ("トルコ",),
    "US": ("米国", "アメリカ"),
    "VN": ("ベトナム",),
    "YE": ("イエメン",),
}
_KANA = r"\u30a1-\u30fa\u30fc"
_SEPARATORS = re.compile(r"[;,、/]|\([a-z]\)|\n")


def countries_in(text: str) -> tuple[str, ...]:
    """Return the ISO 3166-1 alpha-2 codes of the countries named, in order and without repeats.

    Japanese names count wherever they stand as words (`北朝鮮平壌特別市`); English ones only as a
    whole part between commas, from the end on, because a street may have a country's name.
    """
    japanese = [_codes()[found[0]] for found in _pattern().finditer(text)]
    return tuple(dict.fromkeys((*japanese, *_english(text))))


def _english(text: str) -> Iterator[str]:
    parts = [part.strip(" .0123456789") for part in _SEPARATORS.split(text)]
    for part in reversed(parts):
        code = country_code(part) if part else None
        # two capitals in an address are rather a state or a district
        if code is not None and (part != code or part == text.strip()):
            yield code


@functools.cache
def _pattern() -> re.Pattern[str]:
    """Return a pattern of all names, the longest first, with no kana before or after them."""
    names = sorted(_codes(), key=len, reverse=True)
    return re.compile(rf"(?<![{_KANA}])(?:{'|'.join(map(re.escape, names))})(?![{_KANA}])")


@functools.cache
def _codes() -> dict[str, str]:
    territories = Locale("ja").territories
    names = {
        _without_aside(f"{territories[code]}"): f"{code}"
        for code in territories
        if country_code(f"{code}") == code
    }
    return names | {name: code for code, more in _SPELLINGS.items() for name in more}


def _without_aside(name: str) -> str:
    """Return CLDR's name without what follows in brackets: `ミャンマー (ビルマ)`."""
    return name.partition("(")[0].strip()
