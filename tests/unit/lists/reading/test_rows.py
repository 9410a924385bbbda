import msgspec
import pytest

from abeyance_screening.engine.lists.reading.records import Row, filled, refusal_of
from abeyance_screening.primitives.errors import RowRefusedError


def test_a_row_taken_whole_closes():
    row = Row("line 3", {"name": "ACME", "type": "Entity"})
    assert (row.take("name"), row.find("type"), row.find("title")) == ("ACME", "Entity", None)
    row.close()


def test_a_missing_part_is_refused_with_its_name_and_the_rows_place():
    with pytest.raises(RowRefusedError, match=r"^line 3: 'name' is missing$"):
        Row("line 3", {"nom": "ACME"}).take("name")


def test_a_part_is_taken_once():
    row = Row("line 3", {"name": "ACME"})
    row.take("name")
    with pytest.raises(RowRefusedError, match="'name' is missing"):
        row.take("name")


def test_a_part_looked_at_stays_to_be_taken():
    row = Row("line 3", {"name": "ACME"})
    assert row.peek("name") == row.take("name") == "ACME"


def test_a_new_part_is_refused_with_its_name():
    row = Row("line 3", {"name": "ACME", "colour": "red", "size": "L"})
    row.take("name")
    with pytest.raises(RowRefusedError, match=r"^line 3: unknown column 'colour'"):
        row.close()


def test_parts_that_say_nothing_are_ignored_by_name():
    row = Row("line 3", {"sort_key": "1"})
    row.close(ignore=("sort_key",))


class Inner(msgspec.Struct, forbid_unknown_fields=True):
    number: int


class Outer(msgspec.Struct, forbid_unknown_fields=True):
    results: list[Inner]


@pytest.mark.parametrize(
    ("json", "where", "expected"),
    [
        pytest.param(
            b'{"results":[{"number":1},{"colour":2}]}',
            "",
            r"^results\[1\]: the field `colour` is unknown$",
            id="an unknown key deep in the file",
        ),
        pytest.param(
            b'{"results":[{"number":"x"}]}',
            "line 4",
            r"^line 4, results\[0\]\.number: must be a whole number, but is a string$",
            id="a wrong kind of value in a line",
        ),
        pytest.param(b"[]", "", "^the file: must be an object", id="the whole file"),
    ],
)
def test_a_complaint_of_msgspec_names_the_place_and_the_reason(
    json: bytes, where: str, expected: str
):
    with pytest.raises(msgspec.ValidationError) as caught:
        msgspec.json.decode(json, type=Outer)
    with pytest.raises(RowRefusedError, match=expected):
        raise refusal_of(caught.value, Outer, where)


def test_texts_are_trimmed_and_blank_and_repeated_ones_left_out():
    assert filled([" IRAN ", "", "SDGT", "  ", "IRAN"]) == ("IRAN", "SDGT")
