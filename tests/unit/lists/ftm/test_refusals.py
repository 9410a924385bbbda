import random
from collections.abc import Callable

import pytest
from hypothesis import given as given_any
from hypothesis import strategies as st

from abeyance_screening.engine.lists.edition import ParsedEdition
from abeyance_screening.engine.lists.formats import read_files
from abeyance_screening.engine.lists.reading.files import GivenFile
from abeyance_screening.primitives.errors import AbeyanceError, ListRefusedError, RowRefusedError
from tests.unit.lists.ftm.ftm_files import entity, lines, parse_entities, read

type Sample = Callable[[str], bytes]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        pytest.param(entity("1", "Company", nom="A"), "unknown property 'nom' of Company", id="p"),
        pytest.param(entity("1", "Firm", name="A"), "line 1, 1: unknown schema 'Firm'", id="s"),
        pytest.param(entity("1", "Thing", name="A"), "unknown schema 'Thing'", id="abstract"),
        pytest.param({**entity("1", "Company"), "x": 1}, "unknown field 'x'", id="field"),
        pytest.param({"id": "1", "schema": "Company"}, "is missing", id="missing"),
        pytest.param(entity("1", "Company", name=7), "line 1.*must be a string", id="number"),
        pytest.param(entity(" ", "Company", name="A"), "id ' ' is blank", id="blank id"),
        pytest.param(entity("1 ", "Company", name="A"), "spaces around it", id="blanks"),
        pytest.param(entity("1", "Company"), "^1: the Company has no name", id="no name"),
        pytest.param(
            entity("1", "Article", title="A", target=True),
            "Article is not a party",
            id="no party",
        ),
    ],
)
def test_a_line_that_cannot_be_read_is_refused(line: dict[str, object], reason: str):
    with pytest.raises(RowRefusedError, match=reason):
        parse_entities(lines(line), "mine")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b'{"id": "1", "sche', "line 1: not readable as JSON", id="cut"),
        pytest.param(b'{"id": "1", "id": "2"}', "is missing", id="no entity"),
        pytest.param(
            b'{"id": "1", "schema": "Company", "properties": {"name": ["A"], "name": ["B"]}}',
            "line 1: field 'name' appears twice",
            id="a field twice",
        ),
        pytest.param(
            lines(*[entity("1", "Company", name="A")] * 2),
            "line 2: id '1' is already used in line 1",
            id="an id twice",
        ),
    ],
)
def test_a_broken_line_is_refused(content: bytes, reason: str):
    with pytest.raises(RowRefusedError, match=reason):
        parse_entities(content, "mine")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"", "the file is empty", id="empty"),
        pytest.param(b"\xff\xfe{", "UTF-16", id="UTF-16"),
        pytest.param(lines(entity("a", "Address", full="5")), "lists no party", id="no party"),
        pytest.param(
            lines(entity("1", "Company", name="A", target=False)), "no party", id="no target"
        ),
    ],
)
def test_a_file_without_a_list_is_refused(content: bytes, reason: str):
    with pytest.raises(ListRefusedError, match=f"^mine: .*{reason}"):
        parse_entities(content, "mine")


def test_one_entity_inside_two_must_be_of_one_schema():
    one = entity("1", "Company", name="A", parent=[entity("9", "Company", name="P")])
    other = entity("2", "Company", name="B", parent=[entity("9", "Organization", name="P")])
    with pytest.raises(RowRefusedError, match="'9' is Organization here and Company above"):
        read(one, other)


@given_any(st.randoms(use_true_random=False))
def test_damaged_bytes_are_read_or_refused(sample: Sample, damage: random.Random):
    content = bytearray(sample("ftm/targets.nested.json"))
    for _ in range(damage.randint(1, 4)):
        at = damage.randrange(len(content))
        content[at : at + damage.randint(0, 40)] = damage.randbytes(damage.randint(0, 6))
    try:
        edition = parse_entities(bytes(content[: damage.randrange(len(content))]), "mine")
    except AbeyanceError:
        return
    assert edition.listings


def edition_of(content: bytes) -> ParsedEdition:
    """The file's edition, with notes on what is unknown."""
    found = read_files("mine", [GivenFile("x", content)], sources=("own",), list_code="mine")
    (edition,) = found.parsed
    assert isinstance(edition, ParsedEdition)
    return edition


WHOLE = [entity(str(number), "Company", name=f"Firm {number}") for number in (1, 2, 3)]


@pytest.mark.parametrize(
    ("strange", "what", "hides"),
    [
        pytest.param(
            entity("9", "Spaceship", name="A", target=True), "schema", "kind", id="a new schema"
        ),
        pytest.param(
            entity("9", "Address", full="A", name="A", target=True),
            "target that is no party",
            "kind",
            id="an address as target",
        ),
        pytest.param(
            entity("9", "Person", name="A", stageName="B", target=True),
            "property 'stageName' of Person",
            "name",
            id="a property that may be a name",
        ),
    ],
)
def test_a_target_of_a_new_kind_is_listed_and_noted(
    strange: dict[str, object], what: str, hides: str
):
    marked = [{**each, "target": True} for each in WHOLE]
    edition = edition_of(lines(*marked, strange))
    assert "A" in {listing.primary_name for listing in edition.listings}
    assert [(part.what, part.may_hide) for part in edition.read_in_part] == [(what, hides)]


def test_an_entity_that_is_no_target_is_noted_where_its_schema_is_new():
    marked = [{**each, "target": True} for each in WHOLE]
    edition = edition_of(lines(*marked, entity("9", "NewLink", name="A", target=False)))
    assert len(edition.listings) == len(WHOLE)
    assert [(part.what, part.example) for part in edition.read_in_part] == [("schema", "NewLink")]


@pytest.mark.parametrize(
    "faulty",
    [
        pytest.param({"id": "9", "caption": "A", "schema": "Company"}, id="without properties"),
        pytest.param({**entity("9", "Company", name="A"), "datasets": 7}, id="a number for texts"),
        pytest.param({**entity("9", "Company", name="A"), "id": "9 "}, id="a blank in its id"),
    ],
)
def test_an_entity_that_cannot_be_read_is_kept_by_its_names(faulty: dict[str, object]):
    edition = edition_of(lines(*WHOLE, faulty))
    unread = [each.primary_name for each in edition.listings if each.unread is not None]
    assert unread == ["A"]
    assert len(edition.listings) == len(WHOLE) + 1
