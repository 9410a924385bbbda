import pytest

from abeyance_screening.engine.lists.reading.tables import read_rows
from abeyance_screening.primitives.errors import ListRefusedError


def rows(text: str, first_line: int = 1) -> list[str]:
    found = read_rows("some_list", text, ("id", "name"), first_line=first_line)
    return [row.where for row in found]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param(
            "id,name\n1,a\nid,name\n", "the header row is repeated in line 3", id="twice"
        ),
        pytest.param(
            "id,name\n1,a\n\ufeffid,name\n2,b\n",
            "the header row is repeated in line 3",
            id="two files joined, each with a mark",
        ),
        pytest.param(
            '"id",name\n1,a\n\ufeff"id",name\n2,b\n',
            "the header row is repeated in line 3",
            id="a mark before a quote",
        ),
        pytest.param(
            "\ufeffReport Date: 1-May-2026\nid,name\n1,a\n",
            "line 1 is no header row, it begins 'Report Date: 1-May-2026'",
            id="another line in its place",
        ),
        pytest.param("id,nome\n1,a\n", "missing column: name", id="a column renamed"),
        pytest.param("", "missing column: id, name", id="nothing"),
    ],
)
def test_a_header_that_is_none_or_stands_twice_is_refused_as_that(text: str, reason: str):
    with pytest.raises(ListRefusedError, match=f"^some_list: {reason}"):
        rows(text)


def test_a_mark_before_the_header_is_left_aside():
    assert rows("\ufeffid,name\n1,a\n", first_line=2) == ["line 3"]
