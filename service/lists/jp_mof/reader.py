"""Read Japan's asset freezes from the workbook or the CSV file of its Ministry of Finance.

The workbook has a sheet for each programme, with columns of its own. From the summer of 2026 on
the ministry publishes one CSV table of all programmes, in which names, titles, places and
addresses have a Japanese and an English column.

Source: https://www.mof.go.jp/policy/international_policy/gaitame_kawase/gaitame/economic_sanctions/list.html
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

import msgspec

from service.errors import ListRefusedError, RowRefusedError
from service.lists.edition import ParsedEdition
from service.lists.jp_mof.names import NOTHING, english_names, names_in, originals_in
from service.lists.jp_mof.places import countries_in
from service.lists.jp_mof.programmes import programme_of_number, programme_of_sheet
from service.lists.listing import Address, EntityType, Fact, Identifier, Listing, Name, NameKind
from service.lists.reading.files import Format, GivenFile, one_file
from service.lists.reading.ids import give_ids
from service.lists.reading.names import collect_names
from service.lists.reading.records import Row
from service.lists.reading.tables import (
    Cell,
    TitledSheet,
    is_workbook_with,
    read_rows,
    read_sheets,
    text_of,
)
from service.lists.reading.texts import filled_numbered, narrow, read_text

__all__ = ["FORMATS", "LIST_CODE", "parse_csv", "parse_workbook"]

LIST_CODE = "jp_mof"
SOURCE_URL = (
    "https://www.mof.go.jp/policy/international_policy/gaitame_kawase/gaitame/"
    "economic_sanctions/list.html"
)

# --- Columns. Those of the workbook have other words on each sheet.

DAY, NUMBER, JAPANESE, ENGLISH = "告示日付", "告示番号", "日本語表記", "英語表記"
_HEADER = (DAY, NUMBER, JAPANESE, ENGLISH)
_NAMES: Mapping[NameKind, tuple[str, ...]] = {
    "alias": ("別名・別称", "別名", "別称", "別称・別名", "別称・旧称", "確定可能な別名"),
    "former": ("旧称", "旧称・以前の呼称", "以前の別名", "過去の別名"),
    "weak_alias": ("確定に十分でない別名",),
}
# What a person has and a body has not.
_OF_PERSONS = ("生年月日", "生年月日・出生地", "国籍", "役職", "肩書", "肩書等")
_FACTS: Mapping[str, tuple[str, ...]] = {
    "date_of_birth": ("生年月日", "生年月日・出生地"),
    "place_of_birth": ("出生地", "出生地・出身地"),
    "nationality": ("国籍",),
    "title": ("称号",),
    "position": ("役職", "肩書", "肩書等"),
    "designated_by_un_on": (
        "国連制裁員会による指定日",
        "国連制裁委員会による指定日",
        "リスト掲載日",
    ),
    "statement_of_reasons": ("決議1483上の根拠", "指定の根拠"),
    "phone_number": ("電話", "電話番号"),
    "fax_number": ("FAX",),
}
_DAYS = frozenset({"date_of_birth", "designated_by_un_on"})
# Texts that are no lists of numbered items.
_WHOLE = frozenset({"statement_of_reasons", "designated_by_un_on"})
_IDENTIFIERS: Mapping[str, tuple[str, ...]] = {
    "passport": ("旅券番号",),
    "identification number": ("ID番号", "身分登録番号", "身分証番号"),
    "UN reference number": ("国連参照番号",),
}
_ADDRESSES = (
    "住所",
    "住所等",
    "所在地",
    "住所・所在地",
    "所在地・住所登録された事務所の住所",
    "活動地域・住所",
)
_REMARKS = ("その他の情報", "詳細")

# The columns of the CSV file, in its order; its header prints full-width brackets.
CSV_COLUMNS = (
    "区分", "番号", "告示日付", "告示番号", "個人・団体", "氏名(日本語)", "氏名(英語)",
    "別名・別称(日本語)", "別名・別称(英語)", "旧称(日本語)", "旧称(英語)",
    "確定に十分でない別名(日本語)", "確定に十分でない別名(英語)", "称号(日本語)", "称号(英語)",
    "役職(日本語)", "役職(英語)", "生年月日", "出生地(日本語)", "出生地(英語)", "国籍(日本語)",
    "国籍(英語)", "旅券番号", "身分証番号", "住所・所在地(国)(日本語)",
    "住所・所在地(都市その他の情報)(日本語)", "住所・所在地(国)(英語)",
    "住所・所在地(都市その他の情報)(英語)", "国連参照番号", "リスト掲載日", "その他の情報",
    "外務省告示情報",
)  # fmt: skip
_KINDS: Mapping[str, EntityType] = {"個人": "person", "団体": "organisation"}


class FrozenParty(msgspec.Struct, frozen=True, kw_only=True):
    """One entry as printed in either file; `programme` is its title, `key` its part of the id."""

    where: str
    programme: str
    key: str
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


def parse_workbook(content: bytes) -> tuple[ParsedEdition, ...]:
    """Return the one edition in the workbook, which does not state its publication day.

    A number that the ministry has struck off (`2011.11.18削除`) has no name left and is no
    listing. A row without a number goes on with the entry above it.

    Raises:
        ListRefusedError: not the list, damaged, or nearly without names.
        RowRefusedError: a row cannot be read; its place is `28.ロシア連邦(…), row 12`.
    """
    sheets = read_sheets(LIST_CODE, content, _HEADER)
    return _edition(party for sheet in sheets for party in _parties_of(sheet))


def parse_csv(content: bytes) -> tuple[ParsedEdition, ...]:
    """Return the one edition in the CSV table, which does not state its publication day.

    Raises:
        ListRefusedError: not the list, or cut off; or the programmes' numbers have moved.
        RowRefusedError: a row cannot be read; its place is `line 12`.
    """
    text = read_text(LIST_CODE, content)
    header, _, below = text.partition("\n")
    rows = read_rows(LIST_CODE, f"{narrow(header)}\n{below}", CSV_COLUMNS)
    return _edition(party for row in rows if (party := _party_of(row)) is not None)


# --- Listings.

# `2001.9.22`, `2008.6.25改訂`, `2011.11.18削除`; misprints of the file: `200812.19`, `2023.929`.
_NOTICE_DAY = re.compile(r"(?P<day>\d{4}\.?\d{1,2}\.?\d{1,2})\s*(?P<what>改訂|削除)?")
_DAY = re.compile(r"(\d{4})\.(\d{1,2})\.(\d{1,2})")
_SAME = re.compile(r"\(\s*(\d+)\s*[.\uff0e]\s*と同一(?:人物|団体)\s*\)")
_STRUCK = "削除"
# `1(*186)`, `*24`, `#35`: the entry's number, and the mark of another list that it is on too.
_NUMBER = re.compile(r"(?P<before>[*#]?)(?P<number>\d{1,5})\s*(?:\((?P<also>[*#]\d{1,5})\))?")
_EXCEL_EPOCH = date(1899, 12, 30)
_EXCEL_DAYS = range(1, 80_000)
_SERIAL = re.compile(r"\d{4,5}")
_MARK = re.compile(r"\(\s*([a-z])\s*\)")
_FEW_UNNAMED = 0.02
# `AM5421691`, `563335509`: five letters and digits or more, so that no year is one.
_PAPER_NUMBER = re.compile(
    r"(?<![A-Za-z0-9-])(?=[A-Z0-9-]*\d)[A-Z0-9][A-Z0-9-]{4,}(?![A-Za-z0-9-])"
)
_MARKED_NUMBERS = (
    ("IMO number", re.compile(r"IMO(?:番号|\s*No\.?)?\s*[:\uff1a]?\s*(\d{7})\b")),
    ("SWIFT/BIC", re.compile(r"SWIFT(?:/BIC)?\s*[:\uff1a]\s*([A-Z]{6}[A-Z0-9]{2,5})\b")),
    ("registration number", re.compile(r"(?:国家)?登録番号\s*[:\uff1a]\s*([A-Z0-9-]{5,25})")),
)


def _edition(parties: Iterable[FrozenParty]) -> tuple[ParsedEdition, ...]:
    keyed = [(party.key, _listing(party)) for party in parties]
    if not keyed:
        raise ListRefusedError(LIST_CODE, "the file has no entries")
    edition = ParsedEdition(
        list_code=LIST_CODE, published_on=None, listings=give_ids(LIST_CODE, keyed)
    )
    return (edition,)


def _listing(party: FrozenParty) -> Listing:
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
        delisted_on=next((day for day, what in days if what == _STRUCK), None),
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

    The day of a misprint (`2023.929改訂`) is None; the first one must be a day.
    """
    days = list[tuple[date | None, str | None]]()
    for line in filter(None, map(str.strip, narrow(notice).split("\n"))):
        found = _NOTICE_DAY.fullmatch(line)
        if found is None:
            if _SAME.fullmatch(line):
                continue
            raise RowRefusedError(where, f"{DAY}: {line!r} is not a day (2001.9.22)")
        digits = _DAY.fullmatch(found["day"])
        try:
            day = None if digits is None else date(*map(int, digits.groups()))
        except ValueError:
            raise RowRefusedError(where, f"{DAY}: no calendar has {line!r}") from None
        days.append((day, found["what"]))
    if not days or days[0][0] is None:
        raise RowRefusedError(where, f"{DAY}: {notice!r} is not a day (2001.9.22)")
    return days


# --- The workbook.

_KNOWN = frozenset(
    (
        *_HEADER,
        *_ADDRESSES,
        *_REMARKS,
        *(column for each in _NAMES.values() for column in each),
        *(column for each in _FACTS.values() for column in each),
        *(column for each in _IDENTIFIERS.values() for column in each),
    )
)


def _parties_of(sheet: TitledSheet) -> Iterator[FrozenParty]:
    """Yield the entries of a sheet; those struck off, which have no name, are left out."""
    unnamed, groups = 0, _groups(sheet.rows)
    programme, kind = programme_of_sheet(sheet.title), _kind_of(sheet)
    known = _KNOWN.intersection(sheet.columns)
    for rows in groups:
        cells = _taken(rows, known)
        party = _sheet_party(rows[0].where, cells, programme, kind)
        if party.english or party.japanese:
            yield party
        elif any(cells[name] for name in cells.keys() - _HEADER):
            raise RowRefusedError(party.where, "the entry has no name")
        else:
            unnamed += _STRUCK not in party.notice
    if unnamed > 1 + _FEW_UNNAMED * len(groups):
        reason = f"{unnamed} entries of sheet {sheet.title!r} have no name"
        raise ListRefusedError(LIST_CODE, reason)


def _groups(rows: Sequence[Row[Cell]]) -> list[list[Row[Cell]]]:
    """Return each entry's rows: the one with its number, and those without one below it."""
    groups = list[list[Row[Cell]]]()
    for row in rows:
        if groups and not any(text_of(row.peek(name)) for name in _HEADER):
            groups[-1].append(row)
        else:
            groups.append([row])
    return groups


def _taken(rows: Sequence[Row[Cell]], columns: Collection[str]) -> dict[str, list[Cell]]:
    """Take what an entry's rows print in each of the columns."""
    cells = {name: list[Cell]() for name in columns}
    for row in rows:
        for name in columns:
            cell = row.take(name)
            if cell is not None and text_of(cell).casefold() not in NOTHING:
                cells[name].append(cell)
        row.close()
    return cells


def _kind_of(sheet: TitledSheet) -> EntityType | None:
    """Return the type of all parties of a sheet, by its title or else its heading, or None."""
    above = " ".join(text_of(cell) for cells in sheet.above for cell in cells if cell is not None)
    for words in (sheet.title, above):
        persons, bodies = "個人" in words, "団体" in words or "特定銀行" in words
        if persons != bodies:
            return "person" if persons else "organisation"
    return None


def _sheet_party(
    where: str,
    cells: Mapping[str, Sequence[Cell]],
    programme: tuple[str, str],
    kind: EntityType | None,
) -> FrozenParty:
    number, notice = _text(cells[NUMBER]), _text(cells[DAY])
    printed: list[tuple[NameKind, str]] = [
        (name_kind, text_of(cell))
        for name_kind, columns in _NAMES.items()
        for cell in _of(cells, columns)
    ]
    return FrozenParty(
        where=where,
        programme=programme[0],
        key=f"{programme[1]}-{_number(where, number)}",
        number=number,
        notice=notice,
        english=_text(cells[ENGLISH]),
        japanese=_text(cells[JAPANESE]),
        entity_type=kind or _kind_of_row(cells),
        others=tuple(name for name_kind, text in printed for name in names_in(text, name_kind)),
        facts=(
            *_facts_of_notice(notice, number),
            *_facts_of_cells(cells),
            *(("other_names", text) for _, text in printed),
        ),
        identifiers=tuple(
            (word, value)
            for word, columns in _IDENTIFIERS.items()
            for cell in _of(cells, columns)
            for value in _items(text_of(cell))
        ),
        addresses=tuple(
            address for cell in _of(cells, _ADDRESSES) for address in _items(text_of(cell))
        ),
        remarks="\n".join(map(text_of, _of(cells, _REMARKS))),
    )


def _kind_of_row(cells: Mapping[str, Sequence[Cell]]) -> EntityType | None:
    """Return the type of a party by its personal data; None on a sheet without such columns."""
    personal = [cells[name] for name in _OF_PERSONS if name in cells]
    if not personal:
        return None
    return "person" if any(personal) else "organisation"


def _facts_of_cells(cells: Mapping[str, Sequence[Cell]]) -> Iterator[tuple[str, str]]:
    for word, columns in _FACTS.items():
        for cell in _of(cells, columns):
            text = text_of(cell)
            printed = _day_text(text) if word in _DAYS else text
            values = [printed] if word in _WHOLE else _items(printed)
            yield from ((word, value) for value in values)


def _of(cells: Mapping[str, Sequence[Cell]], columns: Collection[str]) -> list[Cell]:
    return [cell for column in columns for cell in cells.get(column, ())]


def _text(cells: Sequence[Cell]) -> str:
    return "\n".join(map(text_of, cells))


def _items(text: str) -> list[str]:
    """Return the numbered items of a cell, each on one line."""
    # Japanese puts no blank before a number: `1966年頃(b)1960年`
    items = filled_numbered(_MARK.sub(r" (\1)", narrow(text)).strip())
    return [" ".join(item.split()) for item in items if item.casefold() not in NOTHING]


def _day_text(text: str) -> str:
    """Return a text as printed, but a bare count of days since 1900, as Excel has it, as a day."""
    if _SERIAL.fullmatch(text) and int(text) in _EXCEL_DAYS:
        return (_EXCEL_EPOCH + timedelta(days=int(text))).isoformat()
    return text


def _number(where: str, printed: str) -> str:
    found = _NUMBER.fullmatch(narrow(printed).strip())
    if found is None:
        raise RowRefusedError(where, f"{NUMBER}: {printed!r} is not a number")
    return found["number"]


def _facts_of_notice(notice: str, number: str) -> Iterator[tuple[str, str]]:
    """Yield the notices after the first one, and the lists that the entry is on too."""
    for line in filter(None, map(str.strip, narrow(notice).split("\n"))):
        if line.endswith("改訂"):
            yield "revised_by_notice_of", line.removesuffix("改訂").strip()
        elif (same := _SAME.fullmatch(line)) is not None:
            yield "same_party_as", same[1]
    if any(mark in number for mark in "*#"):
        yield "also_listed", number


# --- The CSV file.

_CSV_NAMES: Mapping[NameKind, tuple[str, ...]] = {
    "alias": ("別名・別称(日本語)", "別名・別称(英語)"),
    "former": ("旧称(日本語)", "旧称(英語)"),
    "weak_alias": ("確定に十分でない別名(日本語)", "確定に十分でない別名(英語)"),
}
_CSV_FACTS = (
    ("date_of_birth", "生年月日"),
    ("place_of_birth", "出生地(日本語)"),
    ("place_of_birth", "出生地(英語)"),
    ("nationality", "国籍(日本語)"),
    ("nationality", "国籍(英語)"),
    ("title", "称号(日本語)"),
    ("title", "称号(英語)"),
    ("position", "役職(日本語)"),
    ("position", "役職(英語)"),
    ("designated_by_un_on", "リスト掲載日"),
)
_CSV_IDENTIFIERS = (
    ("passport", "旅券番号"),
    ("identification number", "身分証番号"),
    ("UN reference number", "国連参照番号"),
)
_UN_NUMBER = re.compile(r"(?P<committee>[A-Z]{2})[ei]\.\d+")


def _party_of(row: Row[str]) -> FrozenParty | None:
    """Return the entry of a row, None for one that is struck off."""
    number, notice = row.take("告示番号").strip(), row.take("告示日付").strip()
    english, japanese = row.take("氏名(英語)").strip(), row.take("氏名(日本語)").strip()
    category, _ = row.take("区分").strip(), row.take("番号")
    printed: list[tuple[NameKind, str]] = [
        (kind, row.take(name).strip()) for kind, names in _CSV_NAMES.items() for name in names
    ]
    said: list[tuple[NameKind, str]] = [
        (kind, text) for kind, text in printed if text.casefold() not in NOTHING
    ]
    identifiers = [
        (kind, value)
        for kind, name in _CSV_IDENTIFIERS
        for value in _between_semicolons(row.take(name))
    ]
    title, key = _csv_programme(row.where, category, identifiers)
    party = FrozenParty(
        where=row.where,
        programme=title,
        key=f"{key}-{_number(row.where, number)}",
        number=number,
        notice=notice.replace(" ", "\n"),
        english="" if english.casefold() in NOTHING else english,
        japanese="" if japanese.casefold() in NOTHING else japanese,
        entity_type=_csv_kind(row),
        others=tuple(name for kind, text in said for name in names_in(text, kind)),
        facts=tuple(_csv_facts(row, said)),
        identifiers=tuple(identifiers),
        addresses=tuple(_csv_addresses(row)),
        remarks=row.take("その他の情報").strip(),
        notice_text=row.take("外務省告示情報").strip(),
    )
    row.close()
    if party.english or party.japanese:
        return party
    if _STRUCK in notice:
        return None
    raise RowRefusedError(row.where, "the entry has no name")


def _csv_programme(
    where: str, category: str, identifiers: Iterable[tuple[str, str]]
) -> tuple[str, str]:
    """Return a programme's title and its part of the id, by its number.

    Raises:
        ListRefusedError: the entry has a number of a committee of the Security Council that is
            not this programme's, so that the programmes' numbers have moved.
        RowRefusedError: 区分 is not a number.
    """
    if not category.isdecimal():
        raise RowRefusedError(where, f"区分: {category!r} is not a number")
    known = programme_of_number(int(category))
    if known is None:
        return f"区分 {int(category)}", f"p{int(category)}"
    for kind, value in identifiers:
        found = _UN_NUMBER.match(value) if kind == "UN reference number" else None
        if found is not None and found["committee"] not in known.un:
            reason = (
                f"{where}: {value} does not belong to {known.title}, 区分 {category}; the "
                "ministry's numbers of programmes have moved"
            )
            raise ListRefusedError(LIST_CODE, reason)
    return known.title, known.key


def _csv_kind(row: Row[str]) -> EntityType:
    printed = row.take("個人・団体").strip()
    kind = _KINDS.get(printed)
    if kind is None:
        raise RowRefusedError(row.where, f"個人・団体: unknown {printed!r}")
    return kind


def _csv_facts(row: Row[str], names: Iterable[tuple[NameKind, str]]) -> Iterator[tuple[str, str]]:
    for kind, name in _CSV_FACTS:
        yield from ((kind, value) for value in _between_semicolons(row.take(name)))
    yield from (("other_names", text) for _, text in names)


def _csv_addresses(row: Row[str]) -> Iterator[str]:
    for language in ("日本語", "英語"):
        country = row.take(f"住所・所在地(国)({language})").strip()
        city = row.take(f"住所・所在地(都市その他の情報)({language})").strip()
        countries, cities = _between_semicolons(country), _between_semicolons(city)
        if len(countries) == len(cities):
            pairs = zip(countries, cities, strict=True)
            yield from (", ".join(reversed(pair)) for pair in pairs)
        else:
            yield from (text for text in (city, country) if text.casefold() not in NOTHING)


def _between_semicolons(text: str) -> list[str]:
    parts = (" ".join(part.split()) for part in narrow(text).split(";"))
    return [part for part in parts if part.casefold() not in NOTHING]


# --- Formats.


def _is_workbook(file: GivenFile) -> bool:
    return is_workbook_with(file, ("告示番号", "資産凍結"))


def _is_csv(file: GivenFile) -> bool:
    return file.head.startswith(("区分,番号,告示日付", '"区分","番号","告示日付"'))


FORMATS = (
    Format(
        word="jp_mof_xlsx",
        source=LIST_CODE,
        title="shisantouketsu20260305.xlsx, a sheet for each programme",
        tells=_is_workbook,
        read=one_file(parse_workbook),
    ),
    Format(
        word="jp_mof_csv",
        source=LIST_CODE,
        title="shisantouketsu20260828.csv, one table of 32 columns",
        tells=_is_csv,
        read=one_file(parse_csv),
    ),
)
"""What the Ministry of Finance publishes: the workbook, and since the summer of 2026 the table."""
