"""Read the Foreign End User List of Japan's METI, from METI's workbook.

Source: https://www.meti.go.jp/policy/anpo/law00.html
"""

import re
from collections.abc import Iterator, Sequence
from itertools import product

import msgspec

from abeyance_screening.engine.lists.edition import ParsedEdition
from abeyance_screening.engine.lists.listing import Address, Fact, Listing, Name
from abeyance_screening.engine.lists.reading.countries import country_code
from abeyance_screening.engine.lists.reading.files import Format, one_file
from abeyance_screening.engine.lists.reading.names import collect_names, every_name
from abeyance_screening.engine.lists.reading.pdf import is_pdf
from abeyance_screening.engine.lists.reading.records import Row, by_name, one_edition
from abeyance_screening.engine.lists.reading.tables import (
    Cell,
    is_workbook_with,
    read_sheet,
    text_of,
)
from abeyance_screening.engine.lists.reading.texts import narrow
from abeyance_screening.engine.lists.reading.unknown_parts import (
    Rescued,
    most_unread,
    note_unknown,
    read_records,
)
from abeyance_screening.primitives.errors import ListRefusedError, RowRefusedError

# --- Columns, which have several spellings.

LIST_CODE = "jp_meti_eul"
_BREAKS = ("\n", "\r\n", " ", "\u3000", "")


class BilingualColumn(msgspec.Struct, frozen=True):
    """A column with its name in both languages; a header prints either name, or both."""

    japanese: str
    english: str
    may_lack: bool = False

    @property
    def spellings(self) -> tuple[str, ...]:
        """All spellings that a header may print; the comma is full-width or half-width."""
        commas = dict.fromkeys((self.japanese, self.japanese.replace("、", "､")))
        both = (f"{ja}{gap}{self.english}" for ja, gap in product(commas, _BREAKS))
        broken = self.english.replace(" ", "\n")
        more = (f"{ja}\n{broken}" for ja in commas)
        return tuple(dict.fromkeys((*commas, self.english, *both, *more)))


NUMBER = BilingualColumn("No.", "No")
COUNTRY = BilingualColumn("国名、地域名", "Country or Region")
NAME = BilingualColumn("企業名、組織名", "Company or Organization")
ALIASES = BilingualColumn("別名", "Also Known As")
CONCERN = BilingualColumn("懸念区分", "Type of WMD")
# Since the list of 2025-09-29.
CONVENTIONAL = BilingualColumn("通常兵器", "Conventional Weapons", may_lack=True)
COLUMNS = (NUMBER, COUNTRY, NAME, ALIASES, CONCERN, CONVENTIONAL)
SPELLINGS = tuple(spelling for column in COLUMNS for spelling in column.spellings)


type EndUserCells = Row[Cell]


class EndUserRow(msgspec.Struct, frozen=True):
    """One row as printed, with full-width letters replaced by ASCII ones."""

    where: str
    number: int
    country: str
    name: str
    aliases: str
    concern: str
    conventional: str


# --- Listings.

SOURCE_URL = "https://www.meti.go.jp/policy/anpo/law00.html"
INFORMATION_URL = "https://www.meti.go.jp/policy/anpo/law05.html"

_KINDS = {"生物": "B", "化学": "C", "ミサイル": "M", "核": "N"}
_KIND = re.compile("|".join(_KINDS))
_CODES = re.compile(r"[BCMN](?:[,、\s]+[BCMN])*")
# With and without the Japanese words before the letters.
_CONVENTIONAL = {"": (), "CW": ("CW",), "通常兵器CW": ("CW",)}
_BULLET = re.compile(r"[・･·•]\s*")
_INNER_BULLET = re.compile(r" [・･]\s*")
_JOINT = re.compile(r"[;,]\s*(?:and)?$")
_HAN = r"\u3041-\u30fa\u3400-\u9fff"
# `… 23rd Research Institute 中国航天…`: the other spelling without brackets.
_TWO_SCRIPTS = re.compile(rf"(?P<latin>[^{_HAN}]*[^{_HAN}(\s])\s+(?P<han>[{_HAN}][^()]*)")

_NAMES = ("外国ユーザーリスト", "国名、地域名", "国名､地域名", "Country or Region")


def parse_workbook(content: bytes) -> tuple[ParsedEdition, ...]:
    """Return the one edition in the workbook, which does not state its publication day.

    Ids are made from the names, because the numbers change with every revision. METI's workbook of
    2025 numbers its rows by a formula, `=ROW()-1`, whose stored result is read.
    """
    if is_pdf(content):
        reason = "the list as a PDF file cannot be read; load METI's workbook (xlsx) instead"
        raise ListRefusedError(LIST_CODE, reason)
    rows = read_sheet(
        LIST_CODE, content, SPELLINGS, may_lack=SPELLINGS, may_compute=NUMBER.spellings
    )
    check_numbers(rows)
    return one_edition(LIST_CODE, by_name(read_records(rows, listing_of, rescued_of)))


def listing_of(row: EndUserCells) -> Listing:
    """Return the listing of a row; its id is "" until `give_ids` sets it.

    The list prints no address but the country, and no day. For each entry it prints the kinds of
    weapons of concern: `B`, `C`, `M`, `N` and, since 2025, `CW`.
    """
    record = _record(row)
    japanese, country = _countries(record.country)
    code = country_code(country)
    primary, *others = _names(record.name, record.aliases)
    return Listing(
        id="",
        list_code=LIST_CODE,
        names=collect_names(primary, [Name(text=text, kind="alias") for text in others]),
        entity_type="organisation",
        entry_id=str(record.number),
        addresses=(Address(text=country, country=code, note=japanese),),
        countries=() if code is None else (code,),
        facts=tuple(Fact(kind="type_of_concern", value=kind) for kind in _kinds(record)),
        source_url=SOURCE_URL,
        information_url=INFORMATION_URL,
    )


def rescued_of(row: EndUserCells) -> Rescued:
    """Return the names of a row that cannot be read."""
    number = _printed(row, NUMBER)
    return Rescued(
        names=every_name(_names(_printed(row, NAME), _printed(row, ALIASES))),
        list_code=LIST_CODE,
        entry_id=number if _is_number(number) else None,
        entity_type="organisation",
    )


def check_numbers(rows: Sequence[EndUserCells]) -> None:
    """Note numbers that are not printed or out of order; the rows' numbers run from 1.

    A few missing numbers may be the ministry's slip, and may be rows that were lost. A number that
    cannot be read is the fault of its row alone.
    """
    if not rows:
        raise ListRefusedError(LIST_CODE, "the file has no entries")
    printed = [_printed(row, NUMBER) for row in rows]
    # how far each number is ahead of its place; a misprint stands alone, a gap moves all after it
    ahead = [int(each[:9]) - place for place, each in enumerate(printed, 1) if _is_number(each)]
    at = [row for row, each in zip(rows, printed, strict=True) if _is_number(each)]
    lost, missing = 0, 0
    for row, now, then in zip(at, ahead, [*ahead, None][1:], strict=True):
        if now == lost:
            continue
        is_misprint = then == lost or (then is None and now < lost)
        if now < lost and not is_misprint:
            reason = f"{row.where} has a number that was printed before: the file is joined of two"
            raise ListRefusedError(LIST_CODE, reason)
        if is_misprint:
            note_unknown(row.where, "number out of order", _printed(row, NUMBER))
            continue
        missing, lost = missing + now - lost, now
        _check_missing(row, missing, len(rows))
        number = _printed(row, NUMBER)
        note_unknown(row.where, "gap in the numbers", f"before No. {number}", may_hide="name")


def _check_missing(row: EndUserCells, missing: int, count: int) -> None:
    if missing > most_unread(count):
        reason = f"{row.where}: {missing} numbers are missing up to No. {_printed(row, NUMBER)}"
        raise ListRefusedError(LIST_CODE, reason)


def _countries(printed: str) -> tuple[str | None, str]:
    """Split `イラン` and `Islamic Republic of Iran`, printed in two lines of one cell."""
    japanese, *english = [line.strip() for line in printed.split("\n") if line.strip()]
    return (japanese, " ".join(english)) if english else (None, japanese)


def _names(name: str, aliases: str) -> list[str]:
    """Return all names of an entry, the primary one first."""
    # tables read out of METI's PDF file have another name after a bullet here (No. 615 of 2025)
    printed = _INNER_BULLET.split(" ".join(name.split()))
    return [each for text in [*printed, *_aliases(aliases)] for each in _spellings(text)]


def _aliases(printed: str) -> list[str]:
    """Return the other names: one after each bullet, over one line or more, or else one a line."""
    lines = [line.strip() for line in printed.split("\n") if line.strip()]
    if not any(_BULLET.match(line) for line in lines):
        return [_JOINT.sub("", line).strip() for line in lines]
    names = list[str]()
    for line in lines:
        bullet = _BULLET.match(line)
        if bullet is not None:
            names.append(line[bullet.end() :])
        elif names:
            names[-1] += f" {line}"
        else:
            names.append(line)
    return [_JOINT.sub("", name).strip() for name in names]


def _spellings(name: str) -> Iterator[str]:
    two = _TWO_SCRIPTS.fullmatch(name)
    if two is None:
        yield name
    else:
        yield from two.groups()


def _kinds(record: EndUserRow) -> tuple[str, ...]:
    """Return the kinds in `生物、化学 B,C` as `B`, `C`; conventional weapons come last."""
    concern = "".join(record.concern.split())
    words = {letter for word, letter in _KINDS.items() if word in concern}
    letters = _KIND.sub("", concern).strip("、,")
    codes = tuple(re.findall("[BCMN]", letters))
    if letters and _CODES.fullmatch(letters) is None:
        note_unknown(record.where, CONCERN.english, record.concern)
    elif words and words != set(codes):
        what = f"{CONCERN.english}, whose words and letters differ,"
        note_unknown(record.where, what, record.concern)
    conventional = _CONVENTIONAL.get("".join(record.conventional.split()))
    if conventional is None:
        note_unknown(record.where, CONVENTIONAL.english, record.conventional)
    kinds = (*codes, *(conventional or ()))
    if not (kinds or record.concern or record.conventional):
        raise RowRefusedError(record.where, "no type of concern is printed")
    return kinds


def _record(row: EndUserCells) -> EndUserRow:
    printed = _cell(row, NUMBER)
    if not _is_number(printed):
        raise RowRefusedError(row.where, f"No.: {printed!r} is not a number")
    record = EndUserRow(
        where=f"No. {printed}",
        number=int(printed[:9]),
        country=_cell(row, COUNTRY),
        name=_cell(row, NAME),
        aliases=_cell(row, ALIASES),
        concern=_cell(row, CONCERN),
        conventional=_cell(row, CONVENTIONAL),
    )
    row.close(text_of=text_of)
    for column, text in ((COUNTRY, record.country), (NAME, record.name)):
        if not text:
            raise RowRefusedError(record.where, f"{column.english} is blank")
    return record


def _is_number(printed: str) -> bool:
    return printed.isascii() and printed.isdigit()


def _printed(row: EndUserCells, column: BilingualColumn) -> str:
    """Return what a row prints in a column, even where the row cannot be read."""
    texts = (text_of(row.printed(spelling)) for spelling in column.spellings)
    return narrow(next(filter(None, texts), "")).strip()


def _cell(row: EndUserCells, column: BilingualColumn) -> str:
    """Return the text of a column under the spelling that the file has; "" where it is blank."""
    _ = row.find("")  # a faulty row is refused for its own fault
    for spelling in column.spellings:
        try:
            return narrow(text_of(row.take(spelling))).strip()
        except RowRefusedError:
            continue
    if column.may_lack:
        return ""
    raise RowRefusedError(row.where, f"column {column.english} is missing")


FORMATS = (
    Format(
        word="meti_eul_xlsx",
        source=LIST_CODE,
        title="the list as a workbook (20250929_4.xlsx)",
        tells=lambda file: is_pdf(file.content) or is_workbook_with(file, _NAMES),
        read=one_file(parse_workbook),
    ),
)
"""METI's workbook."""
