from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abeyance_screening.engine.lists.edition import ParsedEdition
from abeyance_screening.engine.lists.eu_annexes.acts import read_html
from abeyance_screening.engine.lists.eu_annexes.reader import (
    FORMATS,
    information_of,
    names_of,
    parse,
    ship_names,
)
from abeyance_screening.engine.lists.listing import Fact, Identifier, Listing, Name
from abeyance_screening.engine.lists.reading.files import GivenFile
from abeyance_screening.engine.lists.reading.unknown_parts import taking_notes
from abeyance_screening.primitives.errors import AbeyanceError, ListRefusedError, RowRefusedError

RUSSIA = "eu_annexes/02014R0833-20250720"
BELARUS = "eu_annexes/02006R0765-20220604"
FORMS = [pytest.param("html", id="HTML"), pytest.param("xml", id="Formex")]

type Sample = Callable[[str], bytes]


def editions_of(content: bytes) -> dict[str, ParsedEdition]:
    """The editions by list, read in the one format that knows the file."""
    file = GivenFile("text", content)
    (known,) = [each for each in FORMATS if each.tells(file)]
    parsed = known.read((file,))
    return {each.list_code: each for each in parsed if isinstance(each, ParsedEdition)}


def entry(editions: dict[str, ParsedEdition], list_code: str, number: str) -> Listing:
    (found,) = [each for each in editions[list_code].listings if each.entry_id == number]
    return found


def texts(names: tuple[Name, ...]) -> list[str]:
    return [name.text for name in names]


# --- Annex IV.


@pytest.mark.parametrize("form", FORMS)
def test_a_party_has_its_names_address_number_and_day(sample: Sample, form: str):
    harbin = entry(editions_of(sample(f"{RUSSIA}.{form}")), "eu_833_iv", "795")
    assert texts(harbin.names)[:4] == [
        "Arcos Harbin Supply Chain Management Co. Ltd.",
        "Alcos (Harbin) Supply Chain Management Co., Ltd",
        "Al Kos (Harbin) Supply Chain Manage Co., Ltd.",
        "阿尔科斯\uff08哈尔滨\uff09供应链管理有限公司",
    ]
    assert harbin.entity_type is None
    assert harbin.countries == ("CN",)
    assert harbin.identifiers == (
        Identifier(kind="Registration number", value="91230199MAC7UBMB9E"),
    )
    assert harbin.listed_on == date(2025, 7, 20)
    assert harbin.facts == (
        Fact(kind="website", value="https://chbay.net/ru"),
        Fact(kind="email", value="guanxin@chbay.net"),
    )


@pytest.mark.parametrize("form", FORMS)
def test_words_in_brackets_after_a_number_are_its_kind(sample: Sample, form: str):
    editions = editions_of(sample(f"{RUSSIA}.{form}"))
    assert entry(editions, "eu_833_iv", "803").identifiers == (
        Identifier(kind="BRN", value="60699645"),
        Identifier(kind="CR No.", value="1834044"),
    )
    assert entry(editions, "eu_833_iv", "791").identifiers == (
        Identifier(kind="INN", value="3849055365"),
    )


@pytest.mark.parametrize("form", FORMS)
def test_several_addresses_are_apart_each_with_its_country(sample: Sample, form: str):
    xinghua = entry(editions_of(sample(f"{RUSSIA}.{form}")), "eu_833_iv", "802")
    assert [address.country for address in xinghua.addresses] == ["CN", "HK", "HK"]
    assert xinghua.countries == ("CN", "HK")


@pytest.mark.parametrize("form", FORMS)
def test_both_forms_are_read_whole_with_the_day_of_the_text(sample: Sample, form: str):
    editions = editions_of(sample(f"{RUSSIA}.{form}"))
    counts = {code: len(each.listings) for code, each in editions.items()}
    assert counts == {"eu_833_iv": 11, "eu_833_xlii": 9}
    assert {each.published_on for each in editions.values()} == {date(2025, 7, 20)}


def test_html_and_formex_give_the_same_listings(sample: Sample):
    for place in (RUSSIA, BELARUS):
        assert editions_of(sample(f"{place}.html")) == editions_of(sample(f"{place}.xml"))


def test_what_an_amendment_deleted_is_not_listed(sample: Sample):
    content = sample(f"{RUSSIA}.xml")
    assert b"Deleted Works LLC" in content
    listed = editions_of(content)["eu_833_iv"].listings
    assert not any("Deleted" in listing.primary_name for listing in listed)
    kept = content.replace(b'ACTION="DELETED"', b'ACTION="REPLACED"')
    assert len(editions_of(kept)["eu_833_iv"].listings) == len(listed) + 1


def test_marks_of_amendments_are_no_part_of_a_name(sample: Sample):
    unmanned = entry(editions_of(sample(f"{RUSSIA}.html")), "eu_833_iv", "805")
    assert texts(unmanned.names)[:3] == [
        "Unmanned Solutions Center Ltd.",
        "USC Ltd",
        "Complex Unmanned Solutions Center Ltd",
    ]


def test_an_older_text_lists_names_alone_each_with_its_number():
    items = "".join(
        '<div class="grid-container grid-list">'
        f'<div class="list grid-list-column-1"><span>{number}. </span></div>'
        f'<div class="grid-list-column-2"><p class="norm">{name}</p></div></div>'
        for number, name in (
            ("401", "Novosibirsk Plant of Artificial Fibre"),
            ("402", "Novosibirsk Cartridge Plant, JSC (alias: SIBFIRE), Новосибирский Завод"),
        )
    )
    (edition,) = parse("eu_annexes_833", read_html, page("27.04.2023", annex("IV", items)))
    assert [listing.entry_id for listing in edition.listings] == ["401", "402"]
    assert texts(edition.listings[1].names) == [
        "Novosibirsk Cartridge Plant, JSC",
        "SIBFIRE",
        "Новосибирский Завод",
    ]


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        pytest.param(("X", "A.k.a.: Y; Z"), ["X", "Y", "Z"], id="several after one label"),
        pytest.param(("X Local name: Й A.k.a: Y",), ["X", "Й", "Y"], id="labels on one line"),
        pytest.param(("X", "Alsiases: Y"), ["X", "Y"], id="a misprint"),
        pytest.param(("X", "Kazakh branch: Y"), ["X", "Y"], id="a label not seen before"),
        pytest.param(("X", "Former name: Y"), ["X", "Y"], id="a former name"),
        pytest.param(("X", "Y Works"), ["X", "Y Works"], id="a line without a label"),
        pytest.param(("Works of", "(the) X"), ["Works of (the) X"], id="a line that goes on"),
    ],
)
def test_names_are_found_behind_their_labels(lines: tuple[str, ...], names: list[str]):
    assert texts(names_of("Annex IV, No. 1", lines)) == names


def test_an_entry_without_its_first_name_is_found_by_the_others():
    assert texts(names_of("Annex IV, No. 1", ("A.k.a.: Y; Z",))) == ["Y", "Z"]


def test_a_former_name_is_known_as_such():
    assert names_of("Annex IV, No. 1", ("X", "Former name: Y"))[1].kind == "former"


def test_information_with_a_label_not_seen_before_is_kept_as_printed():
    information = information_of(("Moscow, Russian Federation", "Fax: 1", "Website https://x.ru"))
    assert [address.country for address in information.addresses] == ["RU"]
    assert information.facts == (
        Fact(kind="website", value="https://x.ru"),
        Fact(kind="identifying_information", value="Fax: 1"),
    )


WORD = st.text(st.characters(categories=["L"]), min_size=3, max_size=12)
NAMES = st.lists(WORD.map(lambda word: f"Q{word}"), min_size=1, max_size=5, unique=True)


@given(NAMES, st.sampled_from(["A.k.a.:", "a.k.a.:", "Aka:", "Alias:", "Local name:"]))
def test_every_name_behind_a_label_is_found(names: list[str], label: str):
    found = names_of("Annex IV, No. 1", ("Primary Works", f"{label} {'; '.join(names)}"))
    assert texts(found) == ["Primary Works", *names]


@given(st.lists(st.text(max_size=40), max_size=6))
def test_no_text_of_a_cell_is_lost_or_too_odd(lines: list[str]):
    cell = tuple(tidy for line in lines if (tidy := " ".join(line.split())))
    information = information_of(cell)
    kept = "".join(
        (
            *(address.text for address in information.addresses),
            *(f"{each.kind}{each.value}" for each in information.identifiers),
            *(f"{fact.kind}{fact.value}" for fact in information.facts),
        )
    )
    letters = {letter for line in cell for letter in line if letter.isdigit()}
    assert letters <= set(kept)
    if cell:
        assert names_of("Annex IV, No. 1", cell)


# --- Annex XLII.


@pytest.mark.parametrize("form", FORMS)
def test_a_ship_has_its_imo_number_grounds_and_former_name(sample: Sample, form: str):
    jaguar = entry(editions_of(sample(f"{RUSSIA}.{form}")), "eu_833_xlii", "66")
    assert jaguar.id == "eu_833_xlii-9354301"
    assert [(name.text, name.kind) for name in jaguar.names] == [
        ("Jaguar", "primary"),
        ("Zaliv Amerika", "former"),
    ]
    assert jaguar.entity_type == "vessel"
    assert jaguar.identifiers == (Identifier(kind="IMO number", value="9354301"),)
    assert jaguar.listed_on == date(2024, 12, 17)
    assert (jaguar.remarks or "").startswith("Article 3s(2), point (g): owned, chartered")


def test_a_bracket_that_is_not_closed_still_holds_a_former_name():
    names = ship_names("Annex XLII, No. 218", ("Kavya (formerly Hana; Hani",))
    assert texts(names) == ["Kavya", "Hana", "Hani"]


def test_a_text_from_before_annex_xlii_has_annex_iv_alone():
    content = page("24.06.2024", annex("IV", '<div class="list">1. JSC Sirius</div>'))
    (edition,) = parse("eu_annexes_833", read_html, content)
    assert edition.list_code == "eu_833_iv"
    with pytest.raises(ListRefusedError, match="0 annexes XLII"):
        parse("eu_annexes_833", read_html, content.replace(b"24.06.2024", b"25.06.2024"))


# --- Annex V of the regulation on Belarus.


@pytest.mark.parametrize("form", FORMS)
def test_annex_v_is_a_list_of_names(sample: Sample, form: str):
    edition = editions_of(sample(f"{BELARUS}.{form}"))["eu_765_v"]
    assert edition.published_on == date(2022, 6, 4)
    assert len(edition.listings) == 25
    assert texts(edition.listings[0].names) == ["Belarus Ministry of Defence"]
    assert edition.listings[-1].primary_name == "Volatavto OJSC"


# --- Files that are refused.


def annex(number: str, body: str) -> str:
    return f'<div id="anx_{number}"><p class="title-annex-1">ANNEX {number}</p>{body}</div>'


def page(day: str, body: str, act: str = "02014R0833 — EN") -> bytes:
    head = f'<p class="reference">{act} — {day} — 050.001</p>'
    title = f"<title>Consolidated TEXT: {act}</title>"
    return f"<!DOCTYPE html><html><head>{title}</head><body>{head}{body}</body></html>".encode()


@pytest.mark.parametrize(
    ("form", "old", "new", "reason"),
    [
        pytest.param("html", "</html>", "", "cut off", id="cut page"),
        pytest.param("xml", "</CONS.ACT>", "", "not well-formed", id="cut Formex"),
        pytest.param("html", "— EN —", "— DE —", "language DE", id="another language"),
        pytest.param("xml", "<LG.DOC>EN", "<LG.DOC>DE", "language DE", id="Formex, language"),
        pytest.param("html", ">ANNEX XLII<", ">ANNEX IV<", "2 annexes IV", id="an annex twice"),
        pytest.param("html", ">ANNEX XLII<", ">ANNEX XL<", "0 annexes XLII", id="no annex"),
        pytest.param("html", ">Name<", ">Title<", "lacks the column 'name'", id="no column"),
        pytest.param("html", ">Name<", ">Number<", "lacks the column", id="column twice"),
        pytest.param("html", "02014R0833 — EN — 20.07.2025", "", "lacks the line", id="no day"),
        pytest.param("html", "20.07.2025", "31.06.2025", "no calendar has", id="no such day"),
        pytest.param("xml", 'START.DATE="20250720"', "", "START.DATE", id="Formex, no day"),
        pytest.param("html", ">25.2.2022<", ">soon<", "No. 10.*not a day", id="no day of listing"),
        pytest.param("html", ">9354301<", ">935430<", "No. 66.*seven digits", id="a short number"),
        pytest.param("html", ">CUVEE Importers Limited<", "><", "No. 803.*blank", id="no name"),
        pytest.param("html", ">791.<", ">?<", "unknown number of an entry", id="no number"),
    ],
)
def test_a_text_that_is_not_whole_or_not_known_is_refused(
    sample: Sample, form: str, old: str, new: str, reason: str
):
    content = sample(f"{RUSSIA}.{form}").decode()
    assert old in content
    with pytest.raises(AbeyanceError, match=reason):
        editions_of(content.replace(old, new).encode())


def test_another_act_is_refused(sample: Sample):
    content = sample(f"{BELARUS}.html")
    with pytest.raises(ListRefusedError, match="act 2006R0765, not 2014R0833"):
        parse("eu_annexes_833", read_html, content)


def ships(*columns: str) -> bytes:
    heads = "".join(f"<td><p>{column}</p></td>" for column in ("", *SHIP, *columns))
    values = ("1.", "Angara", "9179842", "Article 3s(2), point (a)", "25.6.2024", *columns)
    cells = "".join(f"<td><p>{value}</p></td>" for value in values)
    table = f"<table><tr>{heads}</tr><tr>{cells}</tr></table>"
    parties = annex("IV", '<div class="list">1. JSC Sirius</div>')
    return page("25.06.2024", parties + annex("XLII", table))


SHIP = ("Vessel name", "IMO number", "Grounds for inclusion", "Date of application")


def test_an_unknown_column_is_left_to_the_shared_row():
    assert len(parse("eu_annexes_833", read_html, ships())[1].listings) == 1
    with pytest.raises(RowRefusedError, match=r"No\. 1: unknown (?:part|column) 'flag'"):
        parse("eu_annexes_833", read_html, ships("Flag"))


def test_a_row_with_other_cells_than_the_header_is_refused():
    content = ships().replace(b"<td><p>25.6.2024</p></td>", b"")
    with pytest.raises(RowRefusedError, match="4 of 5 cells"):
        parse("eu_annexes_833", read_html, content)


def test_a_repeated_header_row_is_refused():
    rows = ships().replace(b"</tr></table>", b"</tr>" + ships().split(b"<table>")[1])
    with pytest.raises(ListRefusedError, match="header row of Annex XLII is repeated"):
        parse("eu_annexes_833", read_html, rows)


def noted(content: bytes) -> tuple[dict[str, Listing], dict[str, str | None]]:
    """The listings by primary name, and what was unknown with what may hide in it."""
    with taking_notes() as notes:
        parsed = notes.on(parse("eu_annexes_833", read_html, content))
    editions = [each for each in parsed if isinstance(each, ParsedEdition)]
    parts = {part.what: part.may_hide for each in editions for part in each.read_in_part}
    return {each.primary_name: each for one in editions for each in one.listings}, parts


def test_a_row_that_lacks_a_cell_is_kept_by_its_name():
    lacking = b"<tr><td><p>2.</p></td><td><p>Jaguar (formerly Zaliv Amerika)</p></td></tr></table>"
    listings, _ = noted(ships().replace(b"</table>", lacking))
    jaguar = listings["Jaguar"]
    assert texts(jaguar.names) == ["Jaguar", "Zaliv Amerika"]
    assert jaguar.unread == "Annex XLII, row 2: 2 of 5 cells"
    assert jaguar.entity_type == "vessel"
    assert listings["Angara"].unread is None


def test_a_row_that_lost_its_name_is_refused_or_said(sample: Sample):
    content = sample(f"{RUSSIA}.html").replace(b">Jaguar (formerly Zaliv Amerika)<", b"><", 1)
    with pytest.raises(RowRefusedError, match="the name is blank"):
        editions_of(content)
    listings, parts = noted(content)
    assert "Jaguar" not in listings
    assert parts["record without a name that could be read"] == "name"


def test_a_day_that_cannot_be_read_is_noted_and_the_entry_kept():
    listings, parts = noted(ships().replace(b">25.6.2024<", b">suspended<"))
    assert (listings["Angara"].listed_on, listings["Angara"].unread) == (None, None)
    assert parts == {"day in 'Date of application'": "status"}


def test_names_beside_a_table_are_not_lost():
    tables = (
        ships()
        .decode()
        .replace("Annex IV", "")
        .replace(
            '<div class="list">1. JSC Sirius</div>',
            "<table><tr><td>Number</td><td>Name</td><td>Identifying information</td>"
            "<td>Date of listing</td></tr><tr><td>1.</td><td>JSC Sirius</td><td></td>"
            "<td>25.2.2022</td></tr></table><p>2. Works of X</p><p>Works of Y</p><p>3.</p>",
        )
    )
    listings, parts = noted(tables.encode())
    assert {"JSC Sirius", "Works of X"} <= listings.keys()
    assert parts == {"line beside the table": "name", "number without a name": "name"}


@pytest.mark.parametrize("form", FORMS)
def test_a_file_cut_anywhere_is_refused(sample: Sample, form: str):
    content = sample(f"{BELARUS}.{form}")
    whole = content.rstrip()
    for length in range(0, len(whole), 97):
        file = GivenFile("text", whole[:length])
        for known in FORMATS:
            if known.tells(file):
                with pytest.raises(AbeyanceError):
                    known.read((file,))


@given(st.binary(max_size=300))
def test_no_file_is_too_odd_to_tell(content: bytes):
    file = GivenFile("text", content)
    assert not any(known.tells(file) for known in FORMATS)
