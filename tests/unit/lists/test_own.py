import csv
import io
import json
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abeyance_screening.engine.lists.edition import GivenFile, ParsedEdition
from abeyance_screening.engine.lists.listing import Address, Identifier, Listing, Name
from abeyance_screening.engine.lists.own.entries import LONGEST_NAME, read_csv, read_jsonl
from abeyance_screening.engine.lists.reading.files import ListStream, OpenFile, whole
from abeyance_screening.primitives.errors import ListRefusedError, RowRefusedError

type Sample = Callable[[str], bytes]


def parse_jsonl(content: bytes, list_code: str) -> ParsedEdition:
    return parsed(lambda file: read_jsonl(file, list_code), content)


def parse_csv(content: bytes, list_code: str) -> ParsedEdition:
    return parsed(lambda file: read_csv(file, list_code), content)


def parsed(read: Callable[[OpenFile], ListStream], content: bytes) -> ParsedEdition:
    (edition,) = whole(lambda files: read(files[0]))((GivenFile("given", content),))
    assert isinstance(edition, ParsedEdition)
    return edition


def lines(*objects: object) -> bytes:
    return "\n".join(json.dumps(one, ensure_ascii=False) for one in objects).encode()


def read(*objects: object) -> tuple[Listing, ...]:
    return parse_jsonl(lines(*objects), "suppliers").listings


def test_a_jsonl_file_is_read_whole(sample: Sample):
    edition = parse_jsonl(sample("own/suppliers.jsonl"), "suppliers")
    assert (edition.list_code, edition.published_on) == ("suppliers", None)
    first, second, third = edition.listings
    assert first == Listing(
        id="suppliers-S-001",
        list_code="suppliers",
        names=(
            Name(text="Nordlicht Pumpen GmbH", kind="primary"),
            Name(text="Nordlicht Pumps", kind="alias"),
        ),
        entity_type="organisation",
        entry_id="S-001",
        addresses=(Address(text="Werftstraße 5, 24143 Kiel"),),
        countries=("DE",),
        identifiers=(Identifier(kind="VAT", value="DE000000001", country="DE"),),
        programmes=("payment stopped",),
        listed_on=date(2025, 3, 1),
        remarks="invoice dispute",
        source_url="https://example.org/s-001",
    )
    assert second.names[1:] == (
        Name(text="Osaka Precision", kind="alias"),
        Name(text="OSK", kind="weak_alias"),
        Name(text="Naniwa Seimitsu", kind="former", language="ja"),
    )
    assert second.countries == ("JP", "VN")
    assert second.citations == ("board minute 2025-14",)
    assert second.expires_on == date(2026, 12, 31)
    assert (third.id, third.entry_id) == ("suppliers-3", "3")
    assert third.licence_requirement == "ask the export desk"
    assert third.licence_review_policy == "case by case"
    assert third.delisted_on == date(2026, 1, 31)


def test_a_csv_file_is_read_whole(sample: Sample):
    first, second, third = parse_csv(sample("own/suppliers.csv"), "suppliers").listings
    assert first.addresses == (Address(text="Werftstraße 5, 24143 Kiel"),)
    assert first.identifiers == (Identifier(kind="VAT", value="DE000000001"),)
    assert first.listed_on == date(2025, 3, 1)
    assert [name.text for name in second.names[1:]] == ["Osaka Precision", "OSK"]
    assert second.countries == ("JP", "VN")
    assert third.primary_name == 'Example "The Captain"'


def test_an_identifier_without_a_kind_is_one_still():
    content = b"id,name,identifiers\n1,ACME,7736640919; IMO: 9357406; urn:x:1\n"
    (listing,) = parse_csv(content, "suppliers").listings
    assert listing.identifiers == (
        Identifier(kind="identifier", value="7736640919"),
        Identifier(kind="IMO", value="9357406"),
        Identifier(kind="identifier", value="urn:x:1"),
    )


def test_names_are_taken_as_the_user_wrote_them():
    (listing,) = read({"id": "1", "name": " Acme Corporation (ACME); a.k.a. X ", "aliases": ["b"]})
    assert [name.text for name in listing.names] == ["Acme Corporation (ACME); a.k.a. X", "b"]


def test_an_alias_that_is_the_name_is_no_further_name():
    (listing,) = read({"id": "1", "name": "ACME", "aliases": ["ACME ", "Acme"]})
    assert [name.text for name in listing.names] == ["ACME", "Acme"]


def test_an_id_that_no_url_can_carry_gives_its_digest():
    (listing,) = read({"id": "Kunde 12/ä", "name": "ACME"})
    assert listing.id.removeprefix("suppliers-").isalnum()
    assert listing.entry_id == "Kunde 12/ä"


@pytest.mark.parametrize("country", ["DE", "de", "Germany", "germany"])
def test_a_country_may_be_a_code_or_a_name(country: str):
    (listing,) = read({"id": "1", "name": "ACME", "countries": [country, "DE"]})
    assert listing.countries == ("DE",)


GOOD = {"id": "1", "name": "ACME"}


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        pytest.param({"id": "2"}, "the field `name` is missing", id="no name"),
        pytest.param({"name": "X"}, "the field `id` is missing", id="no id"),
        pytest.param({"id": "2", "name": " "}, "a name is blank", id="blank name"),
        pytest.param({"id": " ", "name": "X"}, "id is blank", id="blank id"),
        pytest.param({"id": 1, "name": "X"}, "id '1' is used in line 1 already", id="id twice"),
        pytest.param(
            {"id": "2", "name": "X", "colour": 1}, "the field `colour` is unknown", id="field"
        ),
        pytest.param(
            {"id": "2", "name": "X", "aliases": [{"name": "Y", "kind": "nickname"}]},
            r"aliases\[0\]\.kind: 'nickname' is not one of: alias, former, weak_alias",
            id="kind of name",
        ),
        pytest.param(
            {"id": "2", "name": "X", "aliases": [{"name": "Y", "kind": "primary"}]},
            "'primary' is not one of: alias, former, weak_alias",
            id="a second primary",
        ),
        pytest.param({"id": "2", "name": "X", "aliases": [""]}, "a name is blank", id="alias"),
        pytest.param({"id": "2", "name": "X", "entity_type": "ship"}, "entity_type", id="type"),
        pytest.param(
            {"id": "2", "name": "X", "countries": ["Atlantis"]},
            "unknown country 'Atlantis'",
            id="country",
        ),
        pytest.param(
            {"id": "2", "name": "X", "identifiers": [{"value": "1", "country": "QQ"}]},
            "unknown country 'QQ'",
            id="country of a number",
        ),
        pytest.param(
            {"id": "2", "name": "X", "identifiers": [{"value": "1", "kind": "A", "type": "B"}]},
            "kind and type mean the same",
            id="kind and type",
        ),
        pytest.param(
            {"id": "2", "name": "X", "listed_on": "2025-02-30"},
            "listed_on: is not a day",
            id="day",
        ),
        pytest.param(["2", "X"], "must be an object", id="no object"),
    ],
)
def test_a_bad_line_is_refused_with_its_number(bad: object, reason: str):
    with pytest.raises(
        RowRefusedError, match=f"^line 2(, [^:]*)?: .*{reason}|^line 2, .*{reason}"
    ):
        read(GOOD, bad)


def test_a_line_that_is_no_json_is_refused_with_its_number():
    with pytest.raises(RowRefusedError, match=r"^line 3: not readable as JSON"):
        parse_jsonl(lines(GOOD) + b'\n\n{"id": "2", ', "suppliers")


def test_the_first_bad_line_is_told_and_how_many_more_there_are():
    with pytest.raises(
        RowRefusedError, match=r"^line 2: a name is blank \(and 2 more bad lines\)$"
    ):
        read(GOOD, {"id": "2", "name": ""}, {"id": "3"}, {"id": "1", "name": "X"})


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"name\nX\n", "missing column: id", id="no id column"),
        pytest.param(b"id,name,colour\n", "unknown column: colour", id="unknown column"),
        pytest.param(b"id,name,name\n", "column twice: name", id="column twice"),
        pytest.param(b"id;name\n1;X\n", "missing column: id, name", id="semicolons for commas"),
        pytest.param(b"id,name\n", "no entries", id="a header alone"),
        pytest.param(b'id,name\n1,"X\n', "not readable as CSV", id="a quote that does not end"),
        pytest.param(b"", "empty", id="empty"),
        pytest.param("id,name\n1,Köln\n".encode("cp1252"), "not UTF-8", id="Latin-1"),
    ],
)
def test_a_csv_file_that_is_none_is_refused(content: bytes, reason: str):
    with pytest.raises(ListRefusedError, match=f"^suppliers: .*{reason}"):
        parse_csv(content, "suppliers")


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        pytest.param(b"2", "1 cells for 3 columns", id="too few cells"),
        pytest.param(b"2,X,DE,Y", "4 cells for 3 columns", id="too many cells"),
        pytest.param(b"2,X,Atlantis", "unknown country 'Atlantis'", id="country"),
        pytest.param(b"2,,DE", "the field `name` is missing", id="no name"),
        pytest.param(b"1,X,DE", "id '1' is used in line 2 already", id="id twice"),
    ],
)
def test_a_bad_record_is_refused_with_its_line(record: bytes, reason: str):
    with pytest.raises(RowRefusedError, match=f"^line 4: .*{reason}"):
        parse_csv(b'id,name,countries\n1,"A\nB",DE\n' + record + b"\n", "suppliers")


def test_a_byte_order_mark_is_allowed():
    assert parse_jsonl(b"\xef\xbb\xbf" + lines(GOOD), "suppliers").listings == read(GOOD)
    assert parse_csv(b"\xef\xbb\xbfid,name\r\n1,ACME\r\n", "suppliers").listings == read(GOOD)


# `A` with circumflex to `o` with circumflex: a text of these is refused as UTF-8 encoded twice.
_FIRST_OF_TWO = "".join(map(chr, range(0xC2, 0xF5)))
_TEXT = st.text(
    st.characters(
        codec="utf-8",
        exclude_categories=["Cc", "Zs", "Zl", "Zp"],
        exclude_characters=f";{_FIRST_OF_TWO}",
    ),
    min_size=1,
    max_size=20,
)
_ENTRIES = st.lists(
    st.fixed_dictionaries(
        {"id": _TEXT, "name": _TEXT},
        optional={
            "aliases": st.lists(_TEXT, max_size=3),
            "countries": st.lists(st.sampled_from(["CN", "RU", "IR"]), max_size=2),
            "programmes": st.lists(_TEXT, max_size=2),
            "listed_on": st.dates().map(date.isoformat),
            "remarks": _TEXT,
            "entity_type": st.sampled_from(["person", "organisation", "vessel", "aircraft"]),
        },
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda entry: str(entry["id"]),
)


@given(_ENTRIES)
def test_json_lines_and_csv_say_the_same(entries: list[dict[str, object]]):
    columns = ["id", "name", "aliases", "countries", "programmes", "listed_on", "remarks"]
    text = io.StringIO()
    writer = csv.DictWriter(text, [*columns, "entity_type"])
    writer.writeheader()
    for entry in entries:
        joined = {
            key: ";".join(map(str, said)) if isinstance(said, list) else said
            for key, said in entry.items()
        }
        writer.writerow(joined)
    from_json = read(*entries)
    assert parse_csv(text.getvalue().encode(), "suppliers").listings == from_json
    assert [listing.entry_id for listing in from_json] == [entry["id"] for entry in entries]
    assert [listing.primary_name for listing in from_json] == [entry["name"] for entry in entries]


@pytest.mark.parametrize(
    "line",
    [
        pytest.param('{"id": "1", "name": "Borogove", "name": "Mimsy"}', id="the name"),
        pytest.param(
            '{"id": "1", "name": "B", "identifiers": [{"value": "12345", "value": "6"}]}',
            id="inside",
        ),
    ],
)
def test_a_field_that_stands_twice_refuses_the_line(line: str):
    with pytest.raises(RowRefusedError, match=r"line 1: .*occurs twice"):
        parse_jsonl(line.encode(), "mine")


@pytest.mark.parametrize("length", [1_000, 1_001])
def test_a_name_has_a_longest(length: int):
    line = json.dumps({"id": "1", "name": "x" * length}).encode()
    if length == LONGEST_NAME:
        assert len(parse_jsonl(line, "mine").listings) == 1
    else:
        with pytest.raises(RowRefusedError, match="1000"):
            parse_jsonl(line, "mine")
