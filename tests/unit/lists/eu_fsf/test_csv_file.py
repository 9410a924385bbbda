"""The EU's csv files: format 1.0 as published, 1.1 re-made from the elements of the XML file."""

import contextlib
from collections.abc import Callable
from datetime import date

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abeyance_screening.engine.lists.edition import ParsedEdition
from abeyance_screening.engine.lists.eu_fsf.reader import FORMATS, parse_csv, parse_xml
from abeyance_screening.engine.lists.formats import read_files
from abeyance_screening.engine.lists.listing import Address, Fact, Identifier, Listing
from abeyance_screening.engine.lists.reading.files import GivenFile
from abeyance_screening.primitives.errors import AbeyanceError, ListRefusedError, RowRefusedError
from tests.unit.lists.eu_fsf.csv_rows_of import HEADER, csv_of, csv_row
from tests.unit.lists.eu_fsf.entry_files import values

type Sample = Callable[[str], bytes]

OLD = "eu_fsf/csv_2018_format_1_0.csv"


def listings(content: bytes) -> dict[str, Listing]:
    read = parse_xml if content.startswith(b"<?xml") else parse_csv
    return {listing.id: listing for listing in read(content)[0].listings}


def all_strong(listing: Listing) -> Listing:
    """As it would be if the XML did not mark names as weak."""
    names = [
        msgspec.structs.replace(name, kind="alias") if name.kind == "weak_alias" else name
        for name in listing.names
    ]
    return msgspec.structs.replace(listing, names=tuple(names))


@pytest.mark.parametrize("place", ["eu_fsf/export_2022.xml", "eu_fsf/export_2020.xml"])
def test_format_1_1_gives_the_listings_of_the_xml_file(sample: Sample, place: str):
    xml, csv = listings(sample(place)), listings(csv_of(sample(place)))
    assert csv.keys() == xml.keys()
    for number, listing in csv.items():
        told, other = all_strong(listing), all_strong(xml[number])
        assert set(told.names) == set(other.names)
        # two prints of one party under one act cannot be told apart in rows
        assert set(told.facts) == set(other.facts)
        assert told == msgspec.structs.replace(other, names=told.names, facts=told.facts)


def test_a_weak_name_counts_as_strong_unless_its_remark_says_otherwise():
    (plain,) = listings(csv_row()).values()
    assert [(name.text, name.kind) for name in plain.names] == [("Acme", "primary")]
    remark = "(Low quality alias)"
    content = (
        csv_row()
        + csv_row(
            NameAlias_WholeName="Acme 2", NameAlias_LogicalId="3", NameAlias_Remark=remark
        ).partition(b"\r\n")[2]
    )
    (listing,) = listings(content).values()
    assert [(name.text, name.kind) for name in listing.names[1:]] == [("Acme 2", "weak_alias")]


def test_format_1_0_is_published_on_its_day_with_the_ids_of_the_xml_file(sample: Sample):
    (edition,) = parse_csv(sample(OLD))
    assert (edition.list_code, edition.published_on) == ("eu_fsf", date(2018, 7, 4))
    assert [listing.id for listing in edition.listings] == [
        f"eu_fsf-{number}" for number in (1, 13, 43, 70, 93, 191, 233, 480)
    ]


def test_format_1_0_says_the_same_of_entries_that_have_not_changed(sample: Sample):
    xml = listings(sample("eu_fsf/export_2022_as_in_csv.xml"))
    csv = listings(sample(OLD))
    assert len(xml) == 3
    for number, other in xml.items():
        told = csv[number]
        for field in ("entry_id", "entity_type", "programmes", "countries", "remarks"):
            assert getattr(told, field) == getattr(other, field), (number, field)
        for field in ("names", "citations"):
            assert set(getattr(told, field)) == set(getattr(other, field)), (number, field)
        assert {(each.kind, each.value, each.note) for each in told.identifiers} == {
            (each.kind, each.value, each.note) for each in other.identifiers
        }
        assert {(each.street, each.city, each.postal_code) for each in told.addresses} == {
            (each.street, each.city, each.postal_code) for each in other.addresses
        }


def test_a_document_of_format_1_0_is_taken_apart(sample: Sample):
    listing = listings(sample(OLD))["eu_fsf-93"]
    assert listing.identifiers[0] == Identifier(
        kind="Other identification number",
        value="33301/862",
        note="issued: 17 october 1997 expires: 1 october 2005",
    )
    assert listings(sample(OLD))["eu_fsf-191"].identifiers == (
        Identifier(kind="National passport", value="488555"),
    )


def test_both_acts_of_an_entry_are_kept(sample: Sample):
    listing = listings(sample(OLD))["eu_fsf-1"]
    assert {"2018/223 (OJ L43)", "1643/2002 (OJ L247)"} <= set(listing.citations)
    assert values(listing, "regulation") == [
        "2018/223 (OJ L43) legal basis, published 2018-02-16",
        "1643/2002 (OJ L247) legal basis, published 2002-09-13",
    ]
    # told in words by the remark of the older act
    assert listing.listed_on == date(2002, 2, 21)


def test_a_birth_without_a_day_keeps_its_place(sample: Sample):
    listing = listings(sample(OLD))["eu_fsf-191"]
    assert values(listing, "date_of_birth") == ["1965-04-14", "1964-03-01"]
    assert values(listings(sample(OLD))["eu_fsf-43"], "date_of_birth") == []
    assert listings(sample(OLD))["eu_fsf-43"].countries == ("IQ",)


def test_contacts_are_facts_and_the_rest_of_the_cell_a_note():
    (listing,) = listings(
        csv_row(
            Address_Street="Main Street 1",
            Address_ContactInfo=r"PHONE[668 33 01, 0300-820 91 99]\nFAX[662 38 14]\n(closed)",
            Address_CountryIso2Code="PK",
            Address_CountryDescription="PAKISTAN",
        )
    ).values()
    assert values(listing, "telephone") == ["668 33 01, 0300-820 91 99"]
    assert values(listing, "fax") == ["662 38 14"]
    assert listing.addresses == (
        Address(
            text="Main Street 1, PAKISTAN", street="Main Street 1", country="PK", note="closed"
        ),
    )


@pytest.mark.parametrize("cells", [("P", "person"), ("person", "P"), ("", "person")])
def test_the_subject_is_told_by_its_word_or_its_letter(cells: tuple[str, str]):
    letter, word = cells
    (listing,) = listings(
        csv_row(Entity_SubjectType=letter, Entity_SubjectType_ClassificationCode=word)
    ).values()
    assert listing.entity_type == "person"


def test_a_file_is_told_by_its_header(sample: Sample):
    for content in (sample(OLD), csv_row()):
        found = read_files("eu_fsf", (GivenFile("a", content),), sources=("eu_fsf",))
        assert found.format == "eu_csv"
    _, csv = FORMATS
    for content in (
        b"",
        b"id;name\n",
        sample("own/suppliers.csv"),
    ):
        assert not csv.tells(GivenFile("a", content))
    assert not csv.tells(GivenFile("a", sample("uk_sl/UK-Sanctions-List.csv")))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        pytest.param(
            (b"NameAlias_Gender", b"NameAlias_Sex"), "missing column: NameAlias_G", id="gone"
        ),
        pytest.param(
            (b"18/03/2022", b"2022-03-18"), "fileGenerationDate: .* is not a day", id="day"
        ),
        pytest.param((b"18/03/2022", b""), "fileGenerationDate is blank", id="no day"),
        pytest.param((b";Acme;", b";Acme"), "has 117 of 118 cells", id="a cell gone"),
        pytest.param((b"Acme", b"Soci\xe9t\xe9"), "not UTF-8", id="another encoding"),
    ],
)
def test_a_file_of_another_shape_is_refused(change: tuple[bytes, bytes], reason: str):
    with pytest.raises(ListRefusedError, match=f"^eu_fsf: .*{reason}"):
        parse_csv(csv_row().replace(*change))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(
            b'"Date_filexxxx;Entity_logical_id;Subject_type\t\t"\n"04/07/2018;1;P\t\t"\n',
            "begins '\\\"Date_filexxxx.*another program has saved it",
            id="another header, and quotes around lines",
        ),
        pytest.param(
            b"Date_file;Entity_logical_id;Subject_type\n04/07/2018;1;Qoussa\xef\n",
            r"not UTF-8 \(line 2",
            id="another encoding",
        ),
    ],
)
def test_a_copy_saved_by_a_spreadsheet_program_is_refused_as_such(content: bytes, reason: str):
    with pytest.raises(ListRefusedError, match=f"^eu_fsf: .*{reason}"):
        read_files("eu_fsf", (GivenFile("a", content),), sources=("eu_fsf",))


def test_a_file_without_entries_is_refused():
    with pytest.raises(ListRefusedError, match="the file has no entries"):
        parse_csv(f"{';'.join(HEADER)}\r\n".encode())


def test_two_files_in_one_are_refused():
    other = csv_row(fileGenerationDate="19/03/2022").partition(b"\r\n")[2]
    with pytest.raises(ListRefusedError, match=r"line 3: .*'19/03/2022' after '18/03/2022'"):
        parse_csv(csv_row() + other)


def test_a_row_that_is_short_costs_its_party_no_name(sample: Sample):
    lines = sample(OLD).splitlines(keepends=True)
    assert b";Robert Gabriel Mugabe;" in lines[2]
    content = b"".join((*lines[:2], lines[2].replace(b";EU.36.64", b""), *lines[3:]))
    found = read_files("eu_fsf", (GivenFile("a", content),), sources=("eu_fsf",))
    (edition,) = found.parsed
    assert isinstance(edition, ParsedEdition)
    by_id = {each.id: each for each in edition.listings}
    whole = listings(sample(OLD))
    assert by_id.keys() == whole.keys()
    assert [each.id for each in by_id.values() if each.unread] == ["eu_fsf-1"]
    texts = {name.text for name in by_id["eu_fsf-1"].names}
    assert texts >= {name.text for name in whole["eu_fsf-1"].names}


def test_a_cut_in_a_row_is_refused(sample: Sample):
    with pytest.raises(ListRefusedError, match=r"line \d+ has \d+ of 59 cells"):
        parse_csv(sample(OLD)[:-300] + b"\r\n")


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        pytest.param({"Entity_LogicalId": ""}, "Entity_LogicalId is blank", id="no number"),
        pytest.param(
            {"NameAlias_WholeName": ""},
            "wholeName of 'nameAlias' 'blank'",
            id="a part without a name",
        ),
        pytest.param(
            {"NameAlias_WholeName": "", "NameAlias_LogicalId": ""},
            "'nameAlias' is missing",
            id="no name",
        ),
        pytest.param({"Entity_SubjectType": "X"}, "'subjectType' 'X enter", id="subject"),
        pytest.param(
            {"Entity_SubjectType": "P"}, "'subjectType' 'P enterprise'", id="both subjects"
        ),
        pytest.param({"Entity_Regulation_Programme": ""}, "programme", id="no programme"),
        pytest.param({"BirthDate_Circa": "maybe"}, "'circa' 'maybe'", id="circa"),
        pytest.param(
            {"BirthDate_Month": "13", "BirthDate_Year": "1960"},
            "unknown month in .*'13'",
            id="month",
        ),
        pytest.param(
            {"Address_ContactInfo": "TELEX[1]"},
            "unknown key of 'contactInfo' 'TELEX'",
            id="contact",
        ),
        pytest.param({"Entity_DesignationDate": "1/2/2003"}, "is not a day", id="day"),
    ],
)
def test_a_row_that_cannot_be_read_is_refused_by_line_and_entry(
    cells: dict[str, str], reason: str
):
    with pytest.raises(RowRefusedError, match=f"^line 2, sanctionEntity EU.1.1.*{reason}"):
        parse_csv(csv_row(**cells))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        pytest.param(
            (b";17;13;", b";17;14;"), "Entity_logical_id: the nameAlias belongs", id="owner"
        ),
        pytest.param(
            (b"488555 (passport-National passport)", b"488555"),
            "unknown kind of document in 'Iden_number' '488555'",
            id="kind",
        ),
    ],
)
def test_a_row_of_format_1_0_that_contradicts_itself_is_refused(
    sample: Sample, change: tuple[bytes, bytes], reason: str
):
    assert change[0] in sample(OLD)
    with pytest.raises(RowRefusedError, match=rf"^line \d+, sanctionEntity EU\..*{reason}"):
        parse_csv(sample(OLD).replace(*change))


def test_an_act_of_format_1_1_keeps_its_kind_and_days(sample: Sample):
    listing = listings(csv_of(sample("eu_fsf/export_2022.xml")))["eu_fsf-13"]
    assert listing.listed_on == date(2003, 7, 7)
    assert (
        Fact(
            kind="regulation",
            value="1210/2003 (OJ L169) regulation of the commission, published 2003-07-08, "
            "in force 2003-07-07",
        )
        in listing.facts
    )


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_damaged_files_are_read_or_refused_and_nothing_else(sample: Sample, data: st.DataObject):
    content = bytearray(data.draw(st.sampled_from([sample(OLD), csv_row()])))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 3))] = data.draw(
            st.sampled_from([b"", b'"', b";", b"\n", b"\xff", b"(", b"\\n", b"["])
        )
    with contextlib.suppress(AbeyanceError):
        assert parse_csv(bytes(content))[0].listings
