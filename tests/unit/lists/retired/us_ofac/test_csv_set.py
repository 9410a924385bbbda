from collections.abc import Callable
from datetime import date

import pytest

from abeyance_screening.engine.lists.edition import listings_in
from abeyance_screening.engine.lists.formats import read_files
from abeyance_screening.engine.lists.listing import Address, Identifier, Name
from abeyance_screening.engine.lists.reading.notes import remembering, taking_notes
from abeyance_screening.engine.lists.retired.us_ofac.csv import read_csv
from abeyance_screening.primitives.errors import AbeyanceError, ListRefusedError, RowRefusedError
from tests.unit.lists.grades.mutations import VALUE
from tests.unit.lists.grades.us_ofac import column_without_heading
from tests.unit.lists.us_ofac.ofac_files import (
    CONS,
    SDN,
    given,
    primary,
    primary_row,
    tables,
    values,
)

type Sample = Callable[[str], bytes]
_SDN_SET = ("sdn_2021", "alt_2021", "add_2021", "sdn_comments_2021")
_CONS_SET = ("cons_prim_2025", "cons_alt_2025", "cons_add_2025", "cons_comments_2025")
_LONG = "x" * 1_000
ALIAS = b'1,2,"aka","B",-0- \r\n\x1a'
ADDRESS = b'1,1,"A Street","Havana","Cuba",-0- \r\n\x1a'


def _files(sample: Sample, names: tuple[str, ...]) -> list[bytes]:
    return [sample(f"us_ofac/{name}.csv") for name in names]


@pytest.mark.parametrize("order", [1, -1])
def test_the_files_of_a_set_are_joined_in_any_order(sample: Sample, order: int):
    found = tables(SDN, *_files(sample, _SDN_SET)[::order])
    assert len(found) == 16
    airline = found["us_ofac_sdn-36"]
    assert airline.names[:2] == (
        Name(text="AEROCARIBBEAN AIRLINES", kind="primary"),
        Name(text="AERO-CARIBBEAN", kind="alias"),
    )
    assert airline.addresses == (Address(text="Havana, Cuba", city="Havana", country="CU"),)
    assert (airline.entity_type, airline.programmes) == ("organisation", ("CUBA",))


def test_the_columns_of_a_vessel_are_facts(sample: Sample):
    vessel = tables(SDN, *_files(sample, _SDN_SET))["us_ofac_sdn-4243"]
    assert vessel.entity_type == "vessel"
    assert [(fact.kind, fact.value) for fact in vessel.facts] == [
        ("call_sign", "P3QG3"),
        ("vessel_type", "General Cargo"),
        ("gross_tonnage", "2595"),
        ("gross_registered_tonnage", "1116"),
        ("vessel_flag", "Cyprus"),
        ("vessel_owner", "Sand & Swan Navigation Co. Ltd."),
    ]
    assert vessel.names[1] == Name(text="ANA I", kind="former")
    assert vessel.countries == ()


def test_a_remark_goes_on_in_the_comments(sample: Sample):
    whole = tables(SDN, *_files(sample, _SDN_SET))["us_ofac_sdn-12300"]
    alone = tables(SDN, sample("us_ofac/sdn_2021.csv"))["us_ofac_sdn-12300"]
    assert "INVERPUNTO DEL VALLE S.A." in (whole.remarks or "")
    assert len(values(whole, "linked_to")) > len(values(alone, "linked_to"))
    assert len(alone.remarks or "") <= 1_000 < len(whole.remarks or "")


def test_names_and_numbers_inside_names_and_remarks_are_told_apart(sample: Sample):
    found = tables(SDN, *_files(sample, _SDN_SET))
    assert "RSM" in {name.text for name in found["us_ofac_sdn-10928"].names}
    assert found["us_ofac_sdn-28384"].identifiers == (
        Identifier(kind="Aircraft Manufacturer's Serial Number (MSN)", value="1468"),
        Identifier(kind="Aircraft Tail Number", value="YV2984"),
    )
    person = found["us_ofac_sdn-15657"]
    assert person.countries == ("CN", "KP")
    assert values(person, "title") == [
        "Tanchon Commercial Bank Deputy Representative to Beijing, China"
    ]


def test_the_consolidated_files_make_an_edition_for_each_list(sample: Sample):
    editions = read_csv(CONS, given(*_files(sample, _CONS_SET)))
    assert {
        each.list_code: sorted(listing.entry_id or "" for listing in each.listings)
        for each in editions
    } == {
        "us_ofac_capta": ["15268"],
        "us_ofac_cmic": ["30924", "33091"],
        "us_ofac_mbs": ["17014", "27016", "31693", "50476"],
        "us_ofac_plc": ["9640", "9647", "9659"],
        "us_ofac_ssi": ["17014", "18273", "18669"],
    }
    assert all(each.published_on is None for each in editions)


def test_a_party_of_two_lists_is_the_same_in_both(sample: Sample):
    found = tables(CONS, *_files(sample, _CONS_SET))
    one, other = found["us_ofac_ssi-17014"], found["us_ofac_mbs-17014"]
    assert (one.names, one.facts, one.programmes) == (other.names, other.facts, other.programmes)
    assert Identifier(kind="Registration Number", value="1027700342890", country="RU") in (
        one.identifiers
    )


def test_the_primary_file_alone_is_enough():
    found = tables(SDN, primary(primary_row(remarks="DOB 1961; nationality Cuba.")))
    assert values(found["us_ofac_sdn-1"], "date_of_birth") == ["1961"]
    assert found["us_ofac_sdn-1"].countries == ("CU",)


def test_a_document_keeps_its_days():
    row = primary_row(remarks="Passport A1 (Cuba) issued 02 Jan 2004 expires 2014.")
    assert tables(SDN, primary(row))["us_ofac_sdn-1"].identifiers == (
        Identifier(
            kind="Passport",
            value="A1",
            country="CU",
            issued_on=date(2004, 1, 2),
            note="expires 2014",
        ),
    )


def test_a_remark_on_an_alias_is_kept():
    alias = b'1,2,"nka","ACME II","formerly ACME"\r\n\x1a'
    listing = tables(SDN, primary(), alias, ADDRESS)["us_ofac_sdn-1"]
    assert listing.names[1] == Name(text="ACME II", kind="alias")
    assert values(listing, "alias_note") == ["ACME II: formerly ACME"]


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        pytest.param([primary()[:-1]], "1.file is cut off: its end mark", id="no end mark"),
        pytest.param([primary()[:-3]], "1.file is cut off", id="cut before the line break"),
        pytest.param([primary() + b"1"], "continues after its end mark", id="text behind the end"),
        pytest.param(
            [primary(primary_row(), b'2,"B",-0- \r\n')], "line 2: 3 of 12 cells", id="short row"
        ),
        pytest.param(
            [primary(primary_row(), primary_row().replace(b"1,", b"x,", 1))],
            "line 2: 'x' is no entry's number",
            id="no number",
        ),
        pytest.param(
            [primary(primary_row(), b'2,"A"x,\r\n')],
            "not readable as CSV",
            id="stray quote",
        ),
        pytest.param([primary(), primary()], "the primary file is given twice", id="twice"),
        pytest.param(
            [b'1,2,"aka","B",-0- \r\n\x1a', b'1,"c"\r\n\x1a'],
            r"ALT and COMMENTS without the primary file \(12 columns\)",
            id="no primary file",
        ),
        pytest.param(
            [primary(), ADDRESS, b'7,2,"aka","B",-0- \r\n8,2,"aka","B",-0- \r\n\x1a'],
            r"ALT has 2 parties that the primary file does not have \(7, 8\)",
            id="other parties",
        ),
        pytest.param(
            [b"a,b,c\r\n\x1a"], "does not begin with a row of 2, 5, 6, 12", id="no table"
        ),
        pytest.param([b""], "the file is empty", id="2024-05-04: the empty file"),
        pytest.param([b"\xff" + primary()], "not UTF-8", id="not UTF-8"),
    ],
)
def test_files_that_are_no_whole_set_are_refused(files: list[bytes], reason: str):
    with pytest.raises(ListRefusedError, match=f"^us_ofac_sdn: .*{reason}"):
        tables(SDN, *files)


@pytest.mark.parametrize(
    ("source", "files", "reason"),
    [
        pytest.param(SDN, [primary(primary_row(), primary_row())], "occurs twice", id="twice"),
        pytest.param(
            SDN,
            [primary(primary_row().replace(b'"ACME"', b"-0- "))],
            "SDN_Name is blank",
            id="no name",
        ),
        pytest.param(
            SDN,
            [primary(primary_row().replace(b'"ACME",-0- ', b'"ACME","tank"'))],
            "unknown kind of party 'tank'",
            id="unknown type",
        ),
        pytest.param(
            SDN,
            [primary(), ADDRESS, ALIAS.replace(b"aka", b"pka")],
            "unknown kind of name 'pka'",
            id="unknown kind of name",
        ),
        pytest.param(
            SDN,
            [primary(), ADDRESS, ALIAS.replace(b'"B"', b"-0-")],
            "alt_name is blank",
            id="no alias",
        ),
        pytest.param(
            SDN,
            [primary(), b'1,"c"\r\n1,"d"\r\n1,"c"\r\n'],
            "the same row of COMMENTS occurs twice",
            id="COMMENTS pasted twice",
        ),
        pytest.param(
            SDN,
            [primary(primary_row(remarks=_LONG), primary_row(2)), b'2,"c"\r\n\x1a'],
            "the remark continues in COMMENTS, which has no such row",
            id="no comment",
        ),
        pytest.param(
            CONS,
            [primary(primary_row(programme="NS-PLC", remarks=_LONG)), ALIAS, ADDRESS],
            "continues in COMMENTS; load it too",
            id="what tells the list may be in the comments",
        ),
        pytest.param(
            SDN,
            [primary(primary_row(remarks=_LONG)), ALIAS, ADDRESS],
            "continues in COMMENTS; load it too",
            id="weak aliases may be in the comments",
        ),
        pytest.param(
            SDN, [primary(primary_row(programme="NS-PLC"))], "of the non-SDN lists", id="not SDN"
        ),
    ],
)
def test_a_row_that_cannot_be_read_is_refused_by_its_number(
    source: str, files: list[bytes], reason: str
):
    with pytest.raises(RowRefusedError, match=f"^entry 1: .*{reason}"):
        tables(source, *files)


@pytest.mark.parametrize(
    ("source", "without", "reason"),
    [
        pytest.param(CONS, ("alt",), "ALT is not given", id="non-SDN lists without ALT"),
        pytest.param(CONS, ("add",), "ADD is not given", id="non-SDN lists without ADD"),
        pytest.param(CONS, ("alt", "add"), "ALT and ADD are not given", id="without both"),
        pytest.param(SDN, ("alt",), "ALT is not given", id="SDN List without ALT"),
        pytest.param(SDN, ("add",), "ADD is not given", id="SDN List without ADD"),
    ],
)
def test_a_set_that_lacks_names_or_addresses_is_refused(
    sample: Sample, source: str, without: tuple[str, ...], reason: str
):
    """518 names instead of 1,603 would come of the same 448 entries, and no count would tell."""
    whole = _CONS_SET if source == CONS else _SDN_SET
    names = [name for name in whole if not any(f"{word}_" in name for word in without)]
    with pytest.raises(ListRefusedError, match=f"^{source}: {reason}: names or addresses"):
        tables(source, *_files(sample, tuple(names)))


def test_comments_may_be_given_with_the_primary_file_alone(sample: Sample):
    names = ("sdn_2021", "sdn_comments_2021")
    assert len(tables(SDN, *_files(sample, names))) == 16


def test_comments_given_twice_are_refused():
    comments = b'1,"c"\r\n\x1a'
    with pytest.raises(ListRefusedError, match="COMMENTS is given twice"):
        tables(SDN, primary(), comments, comments)


@pytest.mark.parametrize("place", range(4))
def test_a_set_with_a_file_cut_anywhere_is_refused(sample: Sample, place: int):
    files = _files(sample, _CONS_SET)
    content = files[place]
    for length in range(1, len(content), 61):
        files[place] = content[:length]
        with pytest.raises(AbeyanceError):
            tables(CONS, *files)


def test_comments_without_an_end_mark_are_whole_if_no_remark_lacks_its_rest(sample: Sample):
    files = _files(sample, _SDN_SET)
    assert not files[3].endswith(b"\x1a")
    assert len(tables(SDN, *files)) == 16
    assert files[3].endswith(b'"\r\n')
    assert tables(SDN, *files[:3], files[3][:-2]) == tables(SDN, *files)
    with pytest.raises(ListRefusedError, match="cut off"):
        tables(SDN, *files[:3], files[3][:-3])


@pytest.mark.parametrize("place", range(4))
def test_a_column_more_in_any_file_of_a_set_is_kept_and_noted(sample: Sample, place: int):
    files = tuple(_files(sample, _SDN_SET))
    names = {key: listing.names for key, listing in tables(SDN, *files).items()}
    with taking_notes() as notes:
        grown = read_csv(SDN, given(*column_without_heading(files, place)))
        (edition,) = notes.on(grown)
    assert {each.id: each.names for each in listings_in(edition)} == names
    (part,) = edition.read_in_part
    assert (part.example, part.may_hide) == (VALUE, "name")


def test_what_is_read_again_while_remembering_is_what_is_read_afresh(sample: Sample):
    files = tuple(_files(sample, _SDN_SET))
    later = [
        files,
        (files[0].replace(b'"CUBA"', b'"CUBA] [SDGT"', 1), *files[1:]),
        (files[0].replace(b'"vessel"', b'"submarine"', 1), *files[1:]),
        (files[0].replace(b'4234,"HERMANN",', b'4234,"HERMANN",-0- ,', 1), *files[1:]),
        (files[0], files[1].replace(b"AERO-CARIBBEAN", b"AERO CARIBE"), *files[2:]),
        (*files[:3], files[3].replace(b"FUNDACION", b"FOUNDATION", 1)),
        files,
    ]

    def read(each: tuple[bytes, ...]) -> object:
        return read_files(SDN, given(*each), sources=(SDN,)).parsed

    afresh = [read(each) for each in later]
    with remembering():
        assert [read(each) for each in later] == afresh
    assert len({str(each) for each in afresh}) == len(later) - 1
