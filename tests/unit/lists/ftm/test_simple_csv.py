import contextlib
import csv
import io
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abeyance_screening.engine.lists.formats import read_files
from abeyance_screening.engine.lists.listing import Address, Fact, Identifier, Listing, Name
from abeyance_screening.engine.lists.own.ftm import formats
from abeyance_screening.engine.lists.reading.files import GivenFile, OpenFile
from abeyance_screening.engine.lists.reading.tables import csv_records, read_rows
from abeyance_screening.engine.lists.reading.unknown_parts import taking_notes
from abeyance_screening.primitives.errors import AbeyanceError, ListRefusedError, RowRefusedError
from tests.unit.lists.ftm.ftm_files import facts, parse_entities, parse_simple_csv

type Sample = Callable[[str], bytes]

_MANY = 8_000
COLUMNS = (
    *("id", "schema", "name", "aliases", "birth_date", "countries", "addresses", "identifiers"),
    *("sanctions", "phones", "emails", "program_ids", "dataset", "first_seen", "last_seen"),
    "last_change",
)


def simple(*rows: dict[str, str], columns: tuple[str, ...] = COLUMNS) -> bytes:
    """A file as OpenSanctions writes it, of parties called A unless they say otherwise."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, dialect=csv.unix_dialect)
    writer.writerow(columns)
    for number, row in enumerate(rows, 1):
        said = {"id": f"NK-{number}", "schema": "Company", "name": "A", **row}
        writer.writerow([said.get(name, "") for name in columns])
    return stream.getvalue().encode()


def one(**cells: str) -> Listing:
    (listing,) = parse_simple_csv(simple(cells), "mine").listings
    return listing


def test_a_party_keeps_everything_printed(sample: Sample):
    edition = parse_simple_csv(sample("ftm/targets.simple.csv"), "mine")
    assert (edition.list_code, edition.published_on) == ("mine", None)
    assert edition.listings[1] == Listing(
        id="mine-ofac-35064",
        list_code="mine",
        names=(
            Name(text="Abdella Hussein ABADIGGA", kind="primary"),
            Name(text="ABADIGGA, Abdella Hussein", kind="alias"),
            Name(text="ABADIKA, Abdallah Asid", kind="alias"),
            Name(text="ABU HAMZA", kind="alias"),
            Name(text="CARLOS, Abdi", kind="alias"),
            Name(text="USSENI, Abdallah", kind="alias"),
        ),
        entity_type="person",
        entry_id="ofac-35064",
        addresses=(Address(text="48 Central Road, New Town, Johannesburg"),),
        countries=("ET", "ZA"),
        identifiers=(
            Identifier(kind="identifier", value="7402016297260"),
            Identifier(kind="identifier", value="T00043812"),
        ),
        facts=(
            Fact(kind="schema", value="Person"),
            Fact(kind="birth_date", value="1974-02-01"),
            Fact(kind="dataset", value="US OFAC Specially Designated Nationals (SDN) List"),
            Fact(kind="sanction", value="SDGT - 2022-03-01"),
        ),
    )


def test_it_lists_the_parties_of_the_other_exports_under_their_ids(sample: Sample):
    flat = {
        each.id: each for each in parse_entities(sample("ftm/entities.ftm.json"), "mine").listings
    }
    told = {
        each.id: each
        for each in parse_simple_csv(sample("ftm/targets.simple.csv"), "mine").listings
    }
    assert told.keys() == flat.keys()
    for number, listing in told.items():
        other = flat[number]
        assert listing.primary_name == other.primary_name
        assert {each.text for each in listing.names} == {each.text for each in other.names}
        assert listing.entity_type == other.entity_type
        assert listing.entry_id == other.entry_id
        assert {each.text for each in listing.addresses} == {each.text for each in other.addresses}
        assert {each.value for each in listing.identifiers} == {
            each.value for each in other.identifiers
        }
        assert facts(listing, "birth_date") == facts(other, "birth_date")
        assert set(listing.countries) >= set(other.countries) - {None}


def test_no_day_of_a_sanction_is_taken_for_its_first(sample: Sample):
    """`2026-12-31` alone is the end of one of the fund's two sanctions."""
    fund = parse_simple_csv(sample("ftm/targets.simple.csv"), "mine").listings[2]
    assert (fund.listed_on, fund.expires_on) == (None, None)
    assert facts(fund, "sanction") == ["2026-12-31", "RUSSIA-EO14024 - 2022-02-28 - 2027-02-28"]
    assert fund.programmes == ("US-UKRAINE",)


@pytest.mark.parametrize(
    ("cell", "values"),
    [
        pytest.param("", [], id="nothing"),
        pytest.param("B", ["B"], id="one"),
        pytest.param("B;C", ["B", "C"], id="two"),
        pytest.param('"B; GmbH";C', ["B; GmbH", "C"], id="a semicolon in a name"),
        pytest.param('"""B"" LLC";C', ['"B" LLC', "C"], id="quotes in a name"),
        pytest.param("B, Inc.;C", ["B, Inc.", "C"], id="a comma"),
        pytest.param("B;;B; C ", ["B", "C"], id="blanks and repeats"),
        pytest.param("B\nStreet;C", ["B Street", "C"], id="a line break"),
    ],
)
def test_several_values_of_a_cell_are_parted(cell: str, values: list[str]):
    assert [name.text for name in one(aliases=cell).names[1:]] == values
    assert [address.text for address in one(addresses=cell).addresses] == values
    assert facts(one(sanctions=cell), "sanction") == values


def test_contacts_are_facts():
    listing = one(phones="+1;+2", emails="a@example.org")
    assert facts(listing, "phone") == ["+1", "+2"]
    assert facts(listing, "email") == ["a@example.org"]


@pytest.mark.parametrize("gone", [("program_ids",), ("program_ids", "last_change")])
def test_older_files_lack_columns(gone: tuple[str, ...]):
    columns = tuple(name for name in COLUMNS if name not in gone)
    edition = parse_simple_csv(simple({}, columns=columns), "mine")
    assert edition.listings[0].programmes == ()


def test_a_file_is_told_before_a_plain_csv(sample: Sample):
    content = sample("ftm/targets.simple.csv")
    found = read_files("mine", (GivenFile("a", content),), sources=("own",), list_code="mine")
    assert found.format == "ftm_simple_csv"
    own = sample("own/suppliers.csv")
    found = read_files("mine", (GivenFile("a", own),), sources=("own",), list_code="mine")
    assert found.format == "own_csv"


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"id,name,aliases\n", id="an own list"),
        pytest.param(b'{"id": "1", "schema": "Person", "properties": {}}', id="entities"),
        pytest.param(b"id;schema;aliases;birth_date;sanctions;dataset\n", id="semicolons"),
    ],
)
def test_another_file_is_not_taken_for_one(content: bytes):
    *_, form = formats("mine", lambda _: None)
    assert form.word == "ftm_simple_csv"
    assert not form.tells(GivenFile("a", content))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(simple(), "the file lists no party", id="no rows"),
        pytest.param(
            simple({}, columns=(*COLUMNS, "topics")), "unknown column: topics", id="a new column"
        ),
        pytest.param(
            simple({}, columns=tuple(name for name in COLUMNS if name != "identifiers")),
            "missing column: identifiers",
            id="a column gone",
        ),
        pytest.param(simple({}) + b'"NK-2","Company","B"\n', "3 of 16 cells", id="a short row"),
        pytest.param(simple({}) + b'"NK-2","Company","B', "(?:cut off|not readable)", id="cut"),
    ],
)
def test_a_file_of_another_shape_is_refused(content: bytes, reason: str):
    with pytest.raises(ListRefusedError, match=f"^mine: .*{reason}"):
        parse_simple_csv(content, "mine")


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        pytest.param({"id": " "}, "line 2: id is blank", id="no id"),
        pytest.param({"name": " "}, "line 2, NK-1: name is blank", id="no name"),
        pytest.param({"schema": "Spaceship"}, "line 2, NK-1: unknown schema", id="new schema"),
        pytest.param(
            {"schema": "Sanction"}, "line 2, NK-1: Sanction is not a party", id="no party"
        ),
        pytest.param(
            {"schema": "Article"}, "line 2, NK-1: Article is not a party", id="a document"
        ),
        pytest.param({"aliases": '"B'}, "line 2, NK-1: aliases: not separated", id="half a quote"),
    ],
)
def test_a_row_that_cannot_be_read_is_refused_by_line_and_id(cells: dict[str, str], reason: str):
    with pytest.raises(RowRefusedError, match=f"^{reason}"):
        one(**cells)


def test_an_id_that_stands_twice_is_refused():
    with pytest.raises(RowRefusedError, match="line 3: id 'NK-1' is already used in line 2"):
        parse_simple_csv(simple({}, {"id": "NK-1"}), "mine")


@given(
    st.lists(
        # what looks encoded twice (Ã¼) is refused, as elsewhere
        st.text(
            st.characters(
                exclude_categories=["Cc", "Cs", "Zl", "Zp", "Zs"],
                exclude_characters=[chr(first) for first in range(0xC2, 0xF5)],
            ),
            min_size=1,
        ),
        unique=True,
    )
)
def test_whatever_names_are_written_come_back(names: list[str]):
    stream = io.StringIO()
    csv.writer(
        stream,
        dialect=csv.unix_dialect,
        delimiter=";",
        lineterminator="",
        quoting=csv.QUOTE_MINIMAL,
    ).writerow(names)
    found = [name.text for name in one(name="The Party", aliases=stream.getvalue()).names[1:]]
    assert found == [name for name in names if name != "The Party"]


@given(st.data())
def test_damaged_files_are_read_or_refused_and_nothing_else(sample: Sample, data: st.DataObject):
    content = bytearray(sample("ftm/targets.simple.csv"))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(AbeyanceError):
        assert parse_simple_csv(bytes(content), "mine").listings


@pytest.mark.parametrize("ending", ["", "\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_file_is_read_as_its_text_is(tmp_path: Path, mark: str, ending: str):
    rows = [{"name": f"Müller \N{EN DASH} 北方{number}"} for number in range(3_000)]
    lines = (mark + simple(*rows).decode()).removesuffix("\n").split("\n")
    # a stray quote in the middle, so that all from there on is read by the slower way
    lines[2_000] = lines[2_000].replace('"Müller', '"Mü"ller')
    text = "\n".join(lines) + ending
    path = tmp_path / "targets.simple.csv"
    path.write_text(text, encoding="utf-8")
    with path.open("rb") as file, taking_notes():
        from_file = [each.cells for each in csv_records(file, ",", 1)]
        text = text.removeprefix("\ufeff")
        assert from_file == [each.cells for each in csv_records(text, ",", 1)]
        assert len(from_file) == 3_001
        columns = dict.fromkeys(COLUMNS)
        rows_of_file = [each.where for each in read_rows("mine", file, columns)]
        assert rows_of_file == [each.where for each in read_rows("mine", text, columns)]


def test_a_long_file_is_never_held(tmp_path: Path):
    path = tmp_path / "targets.simple.csv"
    path.write_bytes(simple(*({"name": f"Firm {number}"} for number in range(_MANY))))
    with path.open("rb") as file, taking_notes():
        csv_format = formats("mine", lambda _: None)[2]
        assert csv_format.stream is not None
        tracemalloc.start()
        try:
            listed = csv_format.stream((OpenFile(path.name, file),))
            assert sum(1 for _ in listed.items) == _MANY
            _, most = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    # the file is 0.8 MB; its ids and where they are take some 1.6 MB
    assert most < 3_500_000
