"""Tables of the spreadsheet page: read, sent to the browser, and made again from what it sends."""

import msgspec
import pytest

from abeyance_screening.engine.tables import ReadRow, UnreadableRow, counterparties
from abeyance_screening.features.tables.files import (
    MAX_FILE_BYTES,
    TableSent,
    guess,
    limited,
    map_chosen,
    read_table,
    restore_table,
    table_sent,
)
from abeyance_screening.primitives.errors import BadInputError

CSV = "Company;Country;Note\nHikvision;China;x\n;France;\n杭州海康威视;CN;\n".encode()


def round_trip(content: bytes, name: str | None = "t.csv") -> TableSent:
    """What the browser holds, after the way there and back."""
    return msgspec.json.decode(
        msgspec.json.encode(table_sent(read_table(content, name), name)), type=TableSent
    )


def test_a_table_comes_with_guesses_and_all_its_rows():
    table = round_trip(CSV)
    assert table.columns == ("Company", "Country", "Note")
    assert table.guessed == ("name", "country", None)
    assert table.doubt is None
    assert [row.number for row in table.rows] == [2, 3, 4]


def test_pasted_rows_are_parted_by_tabs_as_spreadsheets_copy_them():
    table = round_trip(b"Name\tCountry\nHikvision\tCN\n", None)
    assert (table.name, table.columns) == ("pasted rows", ("Name", "Country"))


def test_rows_sent_back_read_as_they_did_before():
    table = round_trip(CSV)
    made = restore_table(table.described, table.columns, table.rows)
    rows = list(counterparties(made, map_chosen(table.columns, table.guessed)))
    assert [type(row) for row in rows] == [ReadRow, UnreadableRow, ReadRow]
    first = rows[0]
    assert isinstance(first, ReadRow)
    assert (first.counterparty.name, first.counterparty.countries) == ("Hikvision", ("CN",))


def test_no_column_is_read_that_the_person_took_nothing_from():
    table = round_trip(CSV)
    chosen = map_chosen(table.columns, ("name", None, None))
    assert chosen.country == ()
    assert set(chosen.unread) == {"Country", "Note"}


def test_two_columns_of_names_are_both_read_unless_the_person_chooses_otherwise():
    table = round_trip(b"Company name;Customer name;Country\nA;B;DE\n")
    assert table.guessed == ("name", "party", "country")
    assert table.doubt == (
        "Several columns have names: Company name is read as the counterparty, and Customer name "
        "as further parties of the row, each screened by itself. Choose otherwise where that is "
        "wrong."
    )
    assert map_chosen(table.columns, ("name", None, "country")).party == ()


def test_a_column_that_looks_like_names_is_read_and_asked_about():
    table = round_trip(b"Kunde;Dritter;Notiz\nA;Rosoboronexport OAO;gut\nB;Nordlicht GmbH;ok\n")
    assert table.guessed == ("name", "party", None)
    assert table.doubt is not None
    assert "The cells of Dritter look like names" in table.doubt


def test_what_is_left_of_a_table_comes_with_it():
    table = round_trip(b'Name;Note\nA;"x\ny"\nB;z\n')
    assert table.notes == ("2 rows in 3 lines", "1 cell with line ends, in row 2")


def test_no_column_like_a_name_is_a_doubt():
    fields, doubt = guess(read_table(b"A;B\n1;2\n", "t.csv"))
    assert fields == (None, None)
    assert doubt == "No column header looks like a name: choose the column that contains it."


def test_without_a_name_nothing_is_screened():
    with pytest.raises(BadInputError, match="name"):
        map_chosen(["A", "B"], (None, "country"))


def test_a_file_too_large_is_refused_before_it_is_read():
    with pytest.raises(BadInputError, match="abeyance screen"):
        read_table(b"x" * (MAX_FILE_BYTES + 1), "t.csv")


def test_one_row_more_than_may_be_is_refused():
    rows = read_table(CSV, "t.csv").rows
    assert len(list(limited(rows(), 3))) == 3
    with pytest.raises(BadInputError, match="more than 2 rows"):
        list(limited(rows(), 2))


@pytest.mark.parametrize("name", ["t.exe", "t", "t.xls"])
def test_a_file_that_is_no_table_is_refused(name):
    with pytest.raises(BadInputError, match="csv, xlsx, jsonl"):
        read_table(CSV, name)


def test_rows_sent_back_must_fit_their_columns():
    table = round_trip(CSV)
    with pytest.raises(BadInputError, match=r"has \d cells, the table 2 columns"):
        restore_table("", table.columns[:2], table.rows)
    with pytest.raises(BadInputError, match="two columns of the same name"):
        restore_table("", ("A", "A", "B"), table.rows)
