import io
from collections.abc import Callable
from datetime import date

import pytest
from openpyxl import Workbook, load_workbook

from abeyance_screening.engine.lists.edition import ParsedEdition
from abeyance_screening.engine.lists.jp_mof.reader import (
    FORMATS,
    PROGRAMMES,
    parse_csv,
    parse_workbook,
)
from abeyance_screening.engine.lists.listing import Listing
from abeyance_screening.engine.lists.reading.files import GivenFile
from abeyance_screening.engine.lists.reading.unknown_parts import taking_notes
from abeyance_screening.primitives.errors import ListRefusedError, RowRefusedError

type Sample = Callable[[str], bytes]
WORKBOOK, TABLE = "jp_mof/2026-03-05_shisantouketsu.xlsx", "jp_mof/shisantouketsu.csv"
RUSSIA = "28.ロシア連邦(団体(特定銀行を除く))"


@pytest.fixture(scope="module")
def listings(sample: Sample) -> dict[str, Listing]:
    return by_id(*parse_workbook(sample(WORKBOOK)))


def by_id(edition: ParsedEdition) -> dict[str, Listing]:
    return {each.id.removeprefix("jp_mof-"): each for each in edition.listings}


def texts(listing: Listing) -> list[str]:
    return [name.text for name in listing.names]


def kinds(listing: Listing) -> dict[str, str]:
    return {name.text: name.kind for name in listing.names}


def changed(content: bytes, change: Callable[[Workbook], object]) -> bytes:
    """The workbook after a change."""
    book = load_workbook(io.BytesIO(content))
    _ = change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_every_party_that_is_not_struck_off_is_an_entry_of_its_programme(
    listings: dict[str, Listing],
):
    assert len(listings) == 49
    taliban = [each for each in listings.values() if each.programmes == ("タリバーン関係者等",)]
    assert [each.entry_id for each in taliban] == ["2", "4", "166", "203", "589", "798"]
    assert "mali-1" not in listings, "2023.11.16削除"
    assert "taliban-274" not in listings, "a number without a name"


@pytest.mark.parametrize(
    ("entry", "names"),
    [
        pytest.param(
            "taliban-4",
            {"MOHAMMED OMAR GHULAM NABI", "モハンメド・オマル・グラム・ナビ", "محمد عمرغلام نبی"},
            id="original script",
        ),
        pytest.param(
            "terrorists-g7-1", {"Al-Rasheed Trust", "ウレマ援助組織(パキスタン)"}, id="numbered"
        ),
        pytest.param(
            "russia-bodies-86",
            {"ルビン設計局", "JSC TsKB MT Rubin", "Rubin Design Bureau"},
            id="別称 and a.k.a.",
        ),
        pytest.param(
            "yemen-1",
            {"アブー・ユーヌス", "Abu-Yunus", "Abd-al-Khaliq Badr-al-Din al Huthi"},
            id="in pairs",
        ),
        pytest.param(
            "crimea-persons-26",
            {"Igor KAKIDZYANOV", "Ihor KAKIZYANOV", "Ihor KAKIDZHANOV"},
            id="spellings in brackets",
        ),
        pytest.param("crimea-persons-18", {"Igor STRELKOV", "イーゴリ・ストレルコフ"}, id="also"),
        pytest.param("russia-banks-3", {"VEB.RF", "Vnesheconombank"}, id="another name"),
        pytest.param(
            "congo-bodies-3",
            {"COMPAGNIE AERIENNE DES GRANDS LACS(CAGL)", "GREAT LAKES BUSINESS COMPANY", "CAGL"},
            id="two names of one body",
        ),
        pytest.param(
            "north-korea-persons-5", {"KIM CHOL SAM", "Jin Tiesan", "金铁三"}, id="Chinese"
        ),
        pytest.param(
            "north-korea-bodies-12",
            {"Dandong Hongxiang Industrial Development Company Limited"},
            id="no English name",
        ),
        pytest.param("libya-ii-16", {"Ermias Alem", "ኤርሚኣስ ግርማይ", "Guro"}, id="Tigrinya"),
        pytest.param(
            "taliban-589", {"ウマル・パテク", "Anis Alawi Jafar", "Umangis Mike"}, id="two halves"
        ),
        pytest.param("haiti-bodies-2", {"共に生きる", "Living Together"}, id="semicolons"),
    ],
)
def test_names_are_found_however_they_are_printed(
    listings: dict[str, Listing], entry: str, names: set[str]
):
    assert names <= set(texts(listings[entry]))


def test_former_and_uncertain_names_are_marked(listings: dict[str, Listing]):
    assert kinds(listings["russia-bodies-275"])["公開株式会社ツポレフ"] == "former"
    assert kinds(listings["russia-bodies-275"])["Tupolev JSC"] == "alias"
    assert kinds(listings["russia-banks-13"])["Khimmashbank"] == "former"
    assert kinds(listings["haiti-persons-1"])["Barbeque"] == "weak_alias"
    assert kinds(listings["russia-persons-705"])["Tatyana Nosenko"] == "former"


def test_remarks_on_birth_and_papers_are_no_names(listings: dict[str, Listing]):
    names = " ".join(texts(listings["taliban-589"]))
    assert "出生" not in names
    assert "born" not in names


@pytest.mark.parametrize(
    ("entry", "entity_type"),
    [
        ("taliban-4", "person"),
        ("taliban-166", "organisation"),
        ("russia-persons-494", "person"),
        ("belarus-banks-1", "organisation"),
        ("north-korea-1695-14", None),
    ],
)
def test_the_type_is_the_sheets_or_the_rows(
    listings: dict[str, Listing], entry: str, entity_type: str | None
):
    assert listings[entry].entity_type == entity_type


def test_days_numbers_places_and_remarks_are_kept(listings: dict[str, Listing]):
    omar, achim = listings["taliban-4"], listings["north-korea-1718-bodies-61"]
    assert omar.listed_on == date(2001, 9, 22)
    facts = [(fact.kind, fact.value) for fact in omar.facts]
    assert ("revised_by_notice_of", "2018.4.27") in facts
    assert ("date_of_birth", "(a)1966年頃(b)1960年 (c)1953年") not in facts
    assert ("date_of_birth", "1960年") in facts
    assert ("nationality", "アフガニスタン") in facts
    assert omar.countries == ("AF",)
    assert [(each.kind, each.value) for each in achim.identifiers] == [("IMO number", "5936312")]
    assert achim.addresses[0].country == "KP"
    settler = listings["israeli-settlers-1"]
    born = [fact.value for fact in settler.facts if fact.kind == "date_of_birth"]
    assert born == ["1992-12-19"], "33957 days since 1900"


def test_a_paper_has_its_number_alone_and_its_words_beside_it(listings: dict[str, Listing]):
    (passport,) = listings["north-korea-1718-persons-55"].identifiers
    assert passport.value == "745420176"
    assert passport.note == "745420176、旅券失効日:2020年10月19日"


def test_rows_without_a_number_go_on_with_the_entry_above(listings: dict[str, Listing]):
    remarks = listings["somalia-1"].remarks
    assert remarks is not None
    assert remarks.count("\n") >= 12


def test_marks_of_other_lists_are_kept_and_are_no_part_of_the_id(listings: dict[str, Listing]):
    trust = listings["terrorists-g7-1"]
    assert trust.entry_id == "1(*186)"
    assert ("also_listed", "1(*186)") in [(fact.kind, fact.value) for fact in trust.facts]


def test_a_programme_keeps_its_ids_when_its_number_moves(sample: Sample):
    def move(book: Workbook) -> None:
        book[RUSSIA].title = RUSSIA.replace("28", "29")

    (edition,) = parse_workbook(changed(sample(WORKBOOK), move))
    assert "russia-bodies-86" in by_id(edition)


def test_a_new_programme_is_read_under_its_own_title(sample: Sample):
    def rename(book: Workbook) -> None:
        book[RUSSIA].title = "45.新しい措置(団体)"

    edition = noted(parse_workbook, changed(sample(WORKBOOK), rename))
    new = [each for each in edition.listings if each.programmes == ("新しい措置(団体)",)]
    assert len(new) == 5
    assert all(each.entity_type == "organisation" for each in new)
    assert [(part.what, part.may_hide) for part in edition.read_in_part] == [("sheet", "kind")]


def test_a_sheet_without_parties_that_is_not_known_is_noted(sample: Sample):
    def add(book: Workbook) -> None:
        book.create_sheet("経緯")["A1"] = "2026年4月1日"

    content = changed(sample(WORKBOOK), add)
    with pytest.raises(RowRefusedError, match="unknown sheet '経緯' '2026年4月1日'"):
        _ = parse_workbook(content)
    (part,) = noted(parse_workbook, content).read_in_part
    assert (part.what, part.example, part.may_hide) == ("sheet '経緯'", "2026年4月1日", "kind")


@pytest.mark.parametrize("title", [RUSSIA, "45.新しい措置"])
def test_a_table_whose_columns_were_renamed_is_refused(sample: Sample, title: str):
    def rename(book: Workbook) -> None:
        book[RUSSIA]["D2"] = "英語"
        book[RUSSIA].title = title

    with taking_notes(), pytest.raises(ListRefusedError, match="lacks the columns"):
        _ = parse_workbook(changed(sample(WORKBOOK), rename))


@pytest.mark.parametrize(
    ("cell", "value", "unread", "keeps_id"),
    [
        pytest.param("B3", None, "告示番号: '' is not a number", False, id="no number"),
        pytest.param("A3", "=1+1", "a cell holds a formula: =1+1", True, id="a formula"),
    ],
)
def test_an_entry_that_cannot_be_read_is_kept_by_all_its_names(
    sample: Sample,
    listings: dict[str, Listing],
    cell: str,
    value: str | None,
    unread: str,
    keeps_id: bool,
):
    def spoil(book: Workbook) -> None:
        book[RUSSIA][cell] = value

    found = by_id(noted(parse_workbook, changed(sample(WORKBOOK), spoil)))
    ((key, entry),) = [(key, each) for key, each in found.items() if each.unread is not None]
    assert (entry.unread or "").endswith(unread)
    assert entry.programmes == ("ロシア連邦(団体(特定銀行を除く))",)
    ((place, before),) = [
        (place, each) for place, each in listings.items() if each.names[0] == entry.names[0]
    ]
    assert set(texts(entry)) == set(texts(before))
    assert (key == place) == keeps_id
    assert found.keys() - {key} == listings.keys() - {place}


def test_a_row_that_goes_on_with_an_entry_takes_none_of_its_names_away(
    sample: Sample, listings: dict[str, Listing]
):
    def spoil(book: Workbook) -> None:
        sheet = next(each for each in book.worksheets if "ソマリア" in each.title)
        numbers = (sheet.cell(row, 2).value for row in range(4, sheet.max_row))
        goes_on = next(row for row, number in enumerate(numbers, start=4) if number is None)
        column = next(n for n in range(5, 30) if type(sheet.cell(goes_on, n)).__name__ == "Cell")
        sheet.cell(goes_on, column, "=1+1")

    somalia = by_id(noted(parse_workbook, changed(sample(WORKBOOK), spoil)))["somalia-1"]
    assert (somalia.unread or "").endswith("a cell holds a formula: =1+1")
    assert texts(somalia) == texts(listings["somalia-1"])


def test_words_beside_a_day_may_be_of_a_status(sample: Sample):
    def spoil(book: Workbook) -> None:
        book[RUSSIA]["A3"] = "2025.1.1廃止"

    edition = noted(parse_workbook, changed(sample(WORKBOOK), spoil))
    (part,) = edition.read_in_part
    assert (part.what, part.example, part.may_hide) == (
        "day in '告示日付'",
        "2025.1.1廃止",
        "status",
    )


def noted(read: Callable[[bytes], tuple[ParsedEdition, ...]], content: bytes) -> ParsedEdition:
    """The edition, read where notes are taken."""
    with taking_notes() as notes:
        (edition,) = notes.on(read(content))
    assert isinstance(edition, ParsedEdition)
    return edition


@pytest.mark.parametrize(
    ("cell", "value", "reason"),
    [
        ("A3", "since spring", "告示日付: 'since spring' is not a day"),
        ("A3", "2022.13.1", "no calendar has '2022.13.1'"),
        ("B3", "one", "告示番号: 'one' is not a number"),
        ("D3", "=1+1", "a cell holds a formula"),
    ],
)
def test_a_row_that_cannot_be_read_is_refused_with_its_place(
    sample: Sample, cell: str, value: str, reason: str
):
    def spoil(book: Workbook) -> None:
        book[RUSSIA][cell] = value

    with pytest.raises(RowRefusedError, match=r"28\.ロシア連邦.*row 3") as caught:
        _ = parse_workbook(changed(sample(WORKBOOK), spoil))
    assert reason in str(caught.value)


def test_an_entry_that_lost_its_names_is_refused(sample: Sample):
    def blank(book: Workbook) -> None:
        book[RUSSIA]["C4"] = book[RUSSIA]["D4"] = None

    with pytest.raises(RowRefusedError, match="the entry has no name"):
        _ = parse_workbook(changed(sample(WORKBOOK), blank))


def test_a_sheet_that_lost_its_columns_of_names_is_no_sheet_of_parties(sample: Sample):
    def strip(book: Workbook) -> None:
        for sheet in book.worksheets:
            for row in sheet.iter_rows(max_row=6):
                for cell in row:
                    if cell.value == "英語表記":
                        cell.value = "英語"

    with pytest.raises(ListRefusedError, match="no sheet of the workbook has the columns"):
        _ = parse_workbook(changed(sample(WORKBOOK), strip))


def test_a_cut_workbook_is_refused(sample: Sample):
    content = sample(WORKBOOK)
    for share in (0.1, 0.5, 0.9, 0.99):
        with pytest.raises(ListRefusedError, match="not readable as a workbook"):
            _ = parse_workbook(content[: int(len(content) * share)])


def test_the_table_and_the_workbook_give_one_party_the_same_id_and_names(
    sample: Sample, listings: dict[str, Listing]
):
    table = by_id(*parse_csv(sample(TABLE)))
    assert len(table) == 8
    for key, listing in table.items():
        if key != "taliban-162":
            assert listing.entity_type == listings[key].entity_type
            assert listing.programmes == listings[key].programmes
            assert set(texts(listing)) == set(texts(listings[key]))
            assert listing.listed_on == listings[key].listed_on


def test_a_semicolon_in_brackets_separates_no_names_of_the_table(sample: Sample):
    zidane = by_id(*parse_csv(sample(TABLE)))["taliban-162"]
    assert texts(zidane) == [
        "MOHAMMED SALAHALDIN ABD EL HALIM ZIDANE",
        "モハンメド・サラハルディン・アブド・エル・ハリム・ジダン",
        "サイフ・アル・アドル",
        "ムハマド・イブラヒム・マッカウィ",
        "イブラヒム・アル・マダニ",
        "Sayf-Al Adl",
        "Muhamad Ibrahim Makkawi",
        "Ibrahim al-Madani",
    ]


@pytest.mark.parametrize(
    ("old", "new", "error", "reason"),
    [
        ("\r\n42,", "\r\n43,", ListRefusedError, "numbers of programmes have moved"),
        (",団体,", ",法人格なき社団,", RowRefusedError, "unknown kind in '個人・団体'"),
        ("\r\n30,030-", "\r\n45,045-", RowRefusedError, "unknown programme in '区分' '45'"),
        ("\r\n30,030-", "\r\nX,030-", RowRefusedError, "区分: 'X' is not a number"),
        ("氏名\uff08英語\uff09", "英語", ListRefusedError, "missing column: 氏名\\(英語\\)"),
    ],
)
def test_a_table_that_cannot_be_read_is_refused(
    sample: Sample, old: str, new: str, error: type[Exception], reason: str
):
    content = sample(TABLE).decode().replace(old, new).encode()
    with pytest.raises(error, match=reason):
        _ = parse_csv(content)


def test_each_file_is_told_by_its_content(sample: Sample):
    for place, word in ((WORKBOOK, "jp_mof_xlsx"), (TABLE, "jp_mof_csv")):
        file = GivenFile("file", sample(place))
        assert [each.word for each in FORMATS if each.tells(file)] == [word]


def test_no_two_programmes_share_a_number_a_key_or_a_title():
    for values in zip(*((each.number, each.key, each.title) for each in PROGRAMMES), strict=True):
        assert len(set(values)) == len(PROGRAMMES)
