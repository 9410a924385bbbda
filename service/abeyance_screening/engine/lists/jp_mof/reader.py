"""Read Japan's asset freezes from the workbook or the CSV file of its Ministry of Finance.

The workbook has a sheet for each programme, with columns of its own. From the summer of 2026 on
the ministry publishes one CSV table of all programmes, in which names, titles, places and
addresses have a Japanese and an English column.

Source: https://www.mof.go.jp/policy/international_policy/gaitame_kawase/gaitame/economic_sanctions/list.html
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

import msgspec

from abeyance_screening.engine.lists.edition import ParsedEdition
from abeyance_screening.engine.lists.jp_mof.party import (
    DAY,
    LIST_CODE,
    NOTHING,
    NUMBER,
    STRUCK,
    FrozenParty,
    checked,
    facts_of_notice,
    is_number,
    key_of,
    listing_of,
    names_in,
    rescued_names,
)
from abeyance_screening.engine.lists.listing import EntityType, Listing, NameKind
from abeyance_screening.engine.lists.reading.files import Format, one_file
from abeyance_screening.engine.lists.reading.records import Row, key_of_name, one_edition
from abeyance_screening.engine.lists.reading.tables import (
    Cell,
    TitledSheet,
    is_workbook_with,
    read_rows,
    read_sheets,
    text_of,
)
from abeyance_screening.engine.lists.reading.texts import filled_numbered, narrow, read_text
from abeyance_screening.engine.lists.reading.unknown_parts import (
    MOST_UNREAD,
    Rescued,
    note_unknown,
    read_records,
)
from abeyance_screening.primitives.errors import ListRefusedError, RowRefusedError

__all__ = ["FORMATS", "LIST_CODE", "parse_csv", "parse_workbook"]

JAPANESE, ENGLISH = "日本語表記", "英語表記"
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


def parse_workbook(content: bytes) -> tuple[ParsedEdition, ...]:
    """Return the one edition in the workbook, which does not state its publication day.

    A number that the ministry has struck off (`2011.11.18削除`) has no name left and is no
    listing. A row without a number goes on with the entry above it. A sheet of a programme that
    is not known yet is noted and read.
    """
    sheets = read_sheets(LIST_CODE, content, _HEADER)
    entries = [entry for sheet in sheets for entry in _entries_of(sheet)]
    records = read_records(entries, lambda each: listing_of(_sheet_party(each)), _rescued_entry)
    keyed = [
        (key_of(entry.programme[1], entry.number, listing), listing) for entry, listing in records
    ]
    return one_edition(LIST_CODE, keyed)


def parse_csv(content: bytes) -> tuple[ParsedEdition, ...]:
    """Return the one edition in the CSV table, which does not state its publication day."""
    text = read_text(LIST_CODE, content)
    header = text.partition("\n")[0].strip()
    # also where it is repeated, which refuses the file
    printed = text.replace(header, narrow(header)) if header else text
    rows = read_rows(LIST_CODE, printed, CSV_COLUMNS)
    parties = (row for row in rows if not _is_row_struck_off(row))
    records = read_records(parties, lambda row: listing_of(_party_of(row)), _rescued_row)
    return one_edition(LIST_CODE, [(_csv_key(row, listing), listing) for row, listing in records])


# --- The workbook.

_MARK = re.compile(r"\(\s*([a-z])\s*\)")
_FEW_UNNAMED = 0.02
_EXCEL_EPOCH = date(1899, 12, 30)
_EXCEL_DAYS = range(1, 80_000)
_SERIAL = re.compile(r"\d{4,5}")

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


# Sheets without parties: the table of contents, and programmes that were lifted.
_WITHOUT_PARTIES = ("一覧", "解除")
# A row of a table has more filled cells than a remark.
_LEAST_CELLS = 3


class _Entry(msgspec.Struct, frozen=True):
    """An entry's rows, the programme and kind of its sheet, and the sheet's columns."""

    rows: Sequence[Row[Cell]]
    programme: tuple[str, str]
    kind: EntityType | None
    columns: tuple[str, ...]

    @property
    def where(self) -> str:
        """The place of the first row."""
        return self.rows[0].where

    @property
    def number(self) -> str:
        """The number as printed."""
        return _text(self.printed(NUMBER))

    def printed(self, *columns: str) -> list[Cell]:
        """Return what the rows print in the columns, read or not, column by column."""
        cells = (row.printed(column) for column in columns for row in self.rows)
        return [cell for cell in cells if _says_something(cell)]


def _entries_of(sheet: TitledSheet) -> Iterator[_Entry]:
    """Yield the entries of a sheet; those struck off, which have no name, are left out."""
    programme, kind = programme_of_sheet(sheet.title), _kind_of(sheet)
    if not sheet.columns:
        _check_without_columns(sheet, programme[0])
        return
    if not is_programme(programme[0]):
        note_unknown(sheet.title, "sheet", programme[0], may_hide="kind")
    groups = _groups(sheet.rows)
    entries = [_Entry(rows, programme, kind, sheet.columns) for rows in groups]
    blank = [_is_without_names(entry) for entry in entries]
    unnamed = sum(
        is_blank and STRUCK not in _text(entry.printed(DAY))
        for entry, is_blank in zip(entries, blank, strict=True)
    )
    if unnamed > 1 + _FEW_UNNAMED * len(groups):
        reason = f"{unnamed} entries of sheet {sheet.title!r} have no name"
        raise ListRefusedError(LIST_CODE, reason)
    yield from (entry for entry, is_blank in zip(entries, blank, strict=True) if not is_blank)


def _check_without_columns(sheet: TitledSheet, programme: str) -> None:
    """Note a sheet without the columns of a list, unless it is one that has no parties."""
    if any(word in programme for word in _WITHOUT_PARTIES):
        return
    filled_cells = [[cell for cell in cells if cell is not None] for cells in sheet.above]
    rows = sum(len(cells) >= _LEAST_CELLS for cells in filled_cells)
    if is_programme(programme) or rows > MOST_UNREAD:
        reason = f"sheet {sheet.title!r} lacks the columns {', '.join(_HEADER)}"
        raise ListRefusedError(LIST_CODE, reason)
    words = " ".join(text_of(cell) for cells in filled_cells for cell in cells)
    if words:
        note_unknown(sheet.title, f"sheet {programme!r}", words, may_hide="kind")


def _groups(rows: Sequence[Row[Cell]]) -> list[list[Row[Cell]]]:
    """Return each entry's rows: the one with its number, and those without one below it."""
    groups = list[list[Row[Cell]]]()
    for row in rows:
        if groups and not any(text_of(row.printed(name)) for name in _HEADER):
            groups[-1].append(row)
        else:
            groups.append([row])
    return groups


def _is_without_names(entry: _Entry) -> bool:
    """Return whether an entry has a number, perhaps a day, and nothing else."""
    if not is_number(entry.number):
        return False
    try:
        for row in entry.rows:
            _ = row.peek(NUMBER)
    except RowRefusedError:
        return False
    others = (name for name in entry.columns if name not in {DAY, NUMBER})
    return not entry.printed(*others)


def _rescued_entry(entry: _Entry) -> Rescued:
    """Return an entry that cannot be read, by what its rows print in all columns of names."""
    english, japanese = _text(entry.printed(ENGLISH)), _text(entry.printed(JAPANESE))
    others = [text_of(cell) for names in _NAMES.values() for cell in entry.printed(*names)]
    others += [name for row in entry.rows for name in row.printed_names() if name not in others]
    return Rescued(
        list_code=LIST_CODE,
        names=rescued_names(english, (japanese, *others), entry.kind),
        entry_id=entry.number or None,
        entity_type=entry.kind,
        programmes=(entry.programme[0],),
    )


def _says_something(cell: Cell) -> bool:
    return cell is not None and text_of(cell).casefold() not in NOTHING


def _taken(rows: Sequence[Row[Cell]], columns: Collection[str]) -> dict[str, list[Cell]]:
    """Take what an entry's rows print in each of the columns."""
    cells = {name: list[Cell]() for name in columns}
    for row in rows:
        for name in columns:
            cell = row.take(name)
            if _says_something(cell):
                cells[name].append(cell)
        row.close(text_of=text_of)
    return cells


def _kind_of(sheet: TitledSheet) -> EntityType | None:
    """Return the type of all parties of a sheet, by its title or else its heading, or None."""
    above = " ".join(text_of(cell) for cells in sheet.above for cell in cells if cell is not None)
    for words in (sheet.title, above):
        persons, bodies = "個人" in words, "団体" in words or "特定銀行" in words
        if persons != bodies:
            return "person" if persons else "organisation"
    return None


def _sheet_party(entry: _Entry) -> FrozenParty:
    where, cells = entry.where, _taken(entry.rows, _KNOWN.intersection(entry.columns))
    number, notice = _text(cells[NUMBER]), _text(cells[DAY])
    printed: list[tuple[NameKind, str]] = [
        (name_kind, text_of(cell))
        for name_kind, columns in _NAMES.items()
        for cell in _of(cells, columns)
    ]
    return checked(
        FrozenParty(
            where=where,
            programme=entry.programme[0],
            number=number,
            notice=notice,
            english=_text(cells[ENGLISH]),
            japanese=_text(cells[JAPANESE]),
            entity_type=entry.kind or _kind_of_row(cells),
            others=tuple(
                name for name_kind, text in printed for name in names_in(text, name_kind)
            ),
            facts=(
                *facts_of_notice(notice, number),
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
_CSV_PRIMARY = ("氏名(英語)", "氏名(日本語)")
_CATEGORY = re.compile(r"\d{1,3}")
_UN_NUMBER = re.compile(r"(?P<committee>[A-Z]{2})[ei]\.\d+")


def _is_row_struck_off(row: Row[str]) -> bool:
    """Return whether a row is struck off and has no name left."""
    try:
        notice, names = row.peek(DAY), [row.peek(name) for name in _CSV_PRIMARY]
    except RowRefusedError:
        return False
    if STRUCK not in notice or any(name.strip().casefold() not in NOTHING for name in names):
        return False
    for column in CSV_COLUMNS:
        _ = row.take(column)
    row.close()
    return True


def _rescued_row(row: Row[str]) -> Rescued:
    """Return a row that cannot be read, by what it prints in all columns of names."""
    cells = {name: row.printed(name) or "" for name in CSV_COLUMNS}
    english, japanese = (cells[name] for name in _CSV_PRIMARY)
    others = [cells[name] for names in _CSV_NAMES.values() for name in names]
    others += [name for name in row.printed_names() if name not in cells.values()]
    kind = _KINDS.get(cells["個人・団体"].strip())
    programme = _numbered_programme(cells["区分"])
    return Rescued(
        list_code=LIST_CODE,
        names=rescued_names(english, (japanese, *others), kind),
        entry_id=cells[NUMBER].strip() or None,
        entity_type=kind,
        programmes=() if programme is None else (programme[0],),
    )


def _csv_key(row: Row[str], listing: Listing) -> str:
    programme = _numbered_programme(row.printed("区分") or "")
    key = "unread" if programme is None else programme[1]
    return key_of(key, row.printed(NUMBER) or "", listing)


def _numbered_programme(category: str) -> tuple[str, str] | None:
    """Return a programme's title and its part of the id by its number, None without one."""
    if _CATEGORY.fullmatch(category.strip()) is None:
        return None
    number = int(category)
    known = programme_of_number(number)
    return (f"区分 {number}", f"p{number}") if known is None else (known.title, known.key)


def _party_of(row: Row[str]) -> FrozenParty:
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
    title = _csv_programme(row.where, category, identifiers)
    party = FrozenParty(
        where=row.where,
        programme=title,
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
    return checked(party)


def _csv_programme(where: str, category: str, identifiers: Iterable[tuple[str, str]]) -> str:
    """Return a programme's title by its number; a number that is not known yet is noted."""
    programme = _numbered_programme(category)
    if programme is None:
        raise RowRefusedError(where, f"区分: {category!r} is not a number")
    known = programme_of_number(int(category))
    if known is None:
        note_unknown(where, "programme in '区分'", category, may_hide="kind")
        return programme[0]
    for kind, value in identifiers:
        found = _UN_NUMBER.match(value) if kind == "UN reference number" else None
        if found is not None and found["committee"] not in known.un:
            reason = (
                f"{where}: {value} does not belong to {known.title}, 区分 {category}; the "
                "ministry's numbers of programmes have moved"
            )
            raise ListRefusedError(LIST_CODE, reason)
    return known.title


def _csv_kind(row: Row[str]) -> EntityType | None:
    printed = row.take("個人・団体").strip()
    kind = _KINDS.get(printed)
    if kind is None:
        note_unknown(row.where, "kind in '個人・団体'", printed or row.where, may_hide="kind")
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


FORMATS = (
    Format(
        word="jp_mof_xlsx",
        source=LIST_CODE,
        title="shisantouketsu20260305.xlsx, a sheet for each programme",
        tells=lambda file: is_workbook_with(file, ("告示番号", "資産凍結")),
        read=one_file(parse_workbook),
    ),
    Format(
        word="jp_mof_csv",
        source=LIST_CODE,
        title="shisantouketsu20260828.csv, one table of 32 columns",
        tells=lambda file: file.head.startswith(
            ("区分,番号,告示日付", '"区分","番号","告示日付"')
        ),
        read=one_file(parse_csv),
    ),
)
"""What the Ministry of Finance publishes: the workbook, and since the summer of 2026 the table."""


# --- The programmes: a sheet of the workbook, a number in the CSV file.


class Programme(msgspec.Struct, frozen=True):
    """One programme.

    `number` is the one that the ministry prints before the title since March 2026; it moves up
    whenever a programme is put in before it, so ids are made of `key` instead. `title` is the
    sheet's, without number and blanks. `un` are the beginnings of the Security Council's reference
    numbers that its parties may have.
    """

    number: int
    key: str
    title: str
    un: tuple[str, ...] = ()


PROGRAMMES = (
    Programme(1, "milosevic", "ミロシェビッチ前ユーゴ大統領関係者"),
    Programme(2, "taliban", "タリバーン関係者等", ("QD", "TA")),
    Programme(3, "terrorists-g7", "テロリスト等(1)", ("QD", "TA")),
    Programme(4, "terrorists-others", "テロリスト等(2)", ("QD", "TA")),
    Programme(5, "iraq-i", "イラク前政権関係者等(I)", ("IQ",)),
    Programme(6, "iraq-ii", "イラク前政権関係者等(II)", ("IQ",)),
    Programme(7, "iraq-iii", "イラク前政権関係者等(III)", ("IQ",)),
    Programme(9, "congo-persons", "コンゴ民主共和国(個人)", ("CD",)),
    Programme(10, "congo-bodies", "コンゴ民主共和国(団体)", ("CD",)),
    Programme(12, "sudan", "スーダン", ("SD",)),
    Programme(13, "north-korea-1695", "北朝鮮(決議1695号)", ("KP",)),
    Programme(14, "north-korea-1718-bodies", "北朝鮮(決議1718号等;団体)", ("KP",)),
    Programme(15, "north-korea-1718-persons", "北朝鮮(決議1718号等;個人)", ("KP",)),
    Programme(16, "north-korea-bodies", "北朝鮮(協調;団体)", ("KP",)),
    Programme(17, "north-korea-persons", "北朝鮮(協調;個人)", ("KP",)),
    Programme(19, "iran-persons", "イラン(個人)", ("IR",)),
    Programme(20, "iran-bodies", "イラン(団体)", ("IR",)),
    Programme(21, "somalia", "ソマリア", ("SO",)),
    Programme(22, "libya-i", "リビア(I)", ("LY",)),
    Programme(23, "libya-ii", "リビア(II)", ("LY",)),
    Programme(24, "syria-persons", "シリア(個人)"),
    Programme(25, "syria-bodies", "シリア(団体)"),
    Programme(26, "crimea-persons", "クリミア等(個人)"),
    Programme(27, "crimea-bodies", "クリミア等(団体)"),
    Programme(28, "russia-bodies", "ロシア連邦(団体(特定銀行を除く))"),
    Programme(29, "russia-persons", "ロシア連邦(個人)"),
    Programme(30, "russia-banks", "ロシア連邦(特定銀行)"),
    Programme(31, "belarus-persons", "ベラルーシ(個人)"),
    Programme(32, "belarus-bodies", "ベラルーシ(団体(特定銀行を除く))"),
    Programme(33, "belarus-banks", "ベラルーシ(特定銀行)"),
    Programme(34, "others-bodies", "ロシア及びベラルーシ以外(団体(特定銀行を除く))"),
    Programme(35, "others-persons", "ロシア及びベラルーシ以外(個人)"),
    Programme(36, "others-banks", "ロシア及びベラルーシ以外(特定銀行)"),
    Programme(37, "central-africa-persons", "中央アフリカ共和国(個人)", ("CF",)),
    Programme(38, "central-africa-bodies", "中央アフリカ共和国(団体)", ("CF",)),
    Programme(39, "yemen", "イエメン共和国", ("YE",)),
    Programme(40, "south-sudan", "南スーダン", ("SS",)),
    Programme(41, "mali", "マリ共和国", ("ML",)),
    Programme(42, "haiti-persons", "ハイチ共和国(個人)", ("HT",)),
    Programme(43, "israeli-settlers", "イスラエル"),
    Programme(44, "haiti-bodies", "ハイチ共和国(団体)", ("HT",)),
)
_BY_TITLE = {each.title: each for each in PROGRAMMES}
_BY_NUMBER = {each.number: each for each in PROGRAMMES}
_NUMBERED = re.compile(r"(?P<number>\d{1,3})\.(?P<title>.+)")


def programme_of_sheet(title: str) -> tuple[str, str]:
    """Return the title of a sheet's programme, without number and blanks, and the key for ids.

    A programme that is not known yet has a title and a key of its own, so that its parties are
    found; no measure of the register is attached to them.
    """
    bare = "".join(unicodedata.normalize("NFKC", title).split())
    numbered = _NUMBERED.fullmatch(bare)
    printed = bare if numbered is None else numbered["title"]
    known = _BY_TITLE.get(printed)
    return (printed, key_of_name(printed) if known is None else known.key)


def is_programme(title: str) -> bool:
    """Return whether a title, without number and blanks, is that of a known programme."""
    return title in _BY_TITLE


def programme_of_number(number: int) -> Programme | None:
    """Return the programme that had this number in March 2026, None for a number since then."""
    return _BY_NUMBER.get(number)
