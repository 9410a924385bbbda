"""Notes: what a reader does not know is kept and counted, and nothing else of a file suffers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abeyance_screening.engine.lists.edition import ParsedEdition, UnknownPart
from abeyance_screening.engine.lists.listing import Fact, Listing, Name
from abeyance_screening.engine.lists.reading.records import Row
from abeyance_screening.engine.lists.reading.tables import read_rows
from abeyance_screening.engine.lists.reading.unknown_parts import (
    HeldNotes,
    Notes,
    Rescued,
    may_hide_in,
    note_unknown,
    read_ahead,
    read_groups,
    read_records,
    taking_notes,
)
from abeyance_screening.primitives.errors import ListRefusedError, RowRefusedError

COLUMNS = ("id", "name")


def listing_of(row: Row[str]) -> Listing:
    name = row.take("name")
    if not name:
        raise RowRefusedError(row.where, "name is blank")
    if not row.peek("id").isdecimal():
        raise RowRefusedError(row.where, f"id: {row.take('id')!r} is no number")
    listing = Listing(
        id="",
        list_code="own",
        entry_id=row.take("id"),
        names=(Name(text=name, kind="primary"),),
    )
    row.close()
    return listing


def rescue(row: Row[str]) -> Rescued:
    return Rescued(names=row.printed_names(), list_code="own", entry_id=row.printed("id"))


def edition(text: str) -> ParsedEdition:
    with taking_notes() as notes:
        rows = read_rows("own", text, COLUMNS)
        return edition_of(
            notes, [listing for _, listing in read_records(rows, listing_of, rescue)]
        )


def edition_of(notes: Notes, listings: list[Listing]) -> ParsedEdition:
    read = ParsedEdition(list_code="own", published_on=None, listings=tuple(listings))
    (parsed,) = notes.on((read,))
    assert isinstance(parsed, ParsedEdition)
    return parsed


def names_of(parsed: ParsedEdition) -> list[str]:
    return [listing.primary_name for listing in parsed.listings]


def test_an_unknown_column_is_a_fact_of_each_entry_that_fills_it():
    parsed = edition("id,name,flag\n1,ACME,red\n2,BOLT,\n3,CORK,green\n")

    assert [each.facts for each in parsed.listings] == [
        (Fact(kind="unknown_part", value="column 'flag': red"),),
        (),
        (Fact(kind="unknown_part", value="column 'flag': green"),),
    ]
    assert parsed.read_in_part == (UnknownPart(what="column 'flag'", count=2, example="red"),)


@pytest.mark.parametrize(
    ("label", "hidden"),
    [
        ("flag", None),
        ("Vessel_IMO", None),
        ("secondName", "name"),
        ("OTHER_NAMES", "name"),
        ("a.k.a.", "name"),
        ("別名", "name"),
        ("Delisted", "status"),
        ("list status", "status"),
        ("EntityType", "kind"),
        ("INDIVIDUAL_X", "kind"),
    ],
)
def test_a_label_says_what_may_hide_behind_it(label: str, hidden: str | None):
    assert may_hide_in(label) == hidden


def test_a_record_that_cannot_be_read_is_kept_by_its_names():
    parsed = edition("id,name\n1,ACME\nx2,BOLT\n3,CORK\n")

    assert names_of(parsed) == ["ACME", "BOLT", "CORK"]
    assert parsed.listings[1].unread == "line 3: id: 'x2' is no number"
    assert [each.unread for each in parsed.listings].count(None) == 2
    (part,) = parsed.read_in_part
    assert part == UnknownPart(
        what="record that could not be read, kept by its names",
        count=1,
        example="line 3: id: 'x2' is no number",
    )


def test_a_record_without_a_name_may_hide_one():
    (part,) = edition("id,name\n1,ACME\n2,\n3,CORK\n").read_in_part
    assert (part.count, part.may_hide) == (1, "name")
    assert "line 3: name is blank" in part.example


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param("2,BOLT,x\n", id="a cell more"),
        pytest.param('2,BOLT "LTD" x"\n', id="stray quotes"),
        pytest.param('"2,BOLT" LTD\n', id="a quote that is not closed at its end"),
    ],
)
def test_a_row_that_cannot_be_taken_apart_costs_no_other(bad: str):
    parsed = edition(f"id,name\n1,ACME\n{bad}3,CORK\n4,DELL\n")
    assert {"ACME", "CORK", "DELL"} <= set(names_of(parsed))


def test_a_quote_that_is_not_closed_on_its_line_takes_no_further_record_with_it():
    parsed = edition('id,name\n1,ACME\n2,"BOLT\n3,"CORK"\n4,DELL\n5,"EEL"\n')
    assert names_of(parsed) == ["ACME", "BOLT", "CORK", "DELL", "EEL"]
    assert [each.unread is not None for each in parsed.listings].count(True) == 1
    assert (parsed.listings[1].unread or "").startswith("line 3: not readable as CSV")


def test_a_file_that_ends_within_a_record_is_cut_off():
    with pytest.raises(ListRefusedError, match="the file is cut off: line 3 has 1 of 2 cells"):
        edition("id,name\n1,ACME\n2\n")


def test_more_unreadable_records_than_slips_account_for_are_a_foreign_file():
    rows = "".join(f"{number},FIRM {number}\n" for number in range(200))
    few = rows.replace("\n7,", "\nx7,").replace("\n90,", "\nx90,")
    assert len(edition(f"id,name\n{few}").listings) == 200

    many = rows.replace("\n1", "\nx")
    with pytest.raises(ListRefusedError, match="records cannot be read, of 200 that have a name"):
        edition(f"id,name\n{many}")


def test_where_nobody_takes_notes_an_unknown_part_is_refused():
    with pytest.raises(ListRefusedError, match="unknown column: flag"):
        list(read_rows("own", "id,name,flag\n1,ACME,red\n", COLUMNS))
    with pytest.raises(RowRefusedError, match=r"^line 2: unknown column 'flag' 'red'$"):
        note_unknown("line 2", "column 'flag'", "red")
    with pytest.raises(RowRefusedError, match="no number"):
        list(read_records(read_rows("own", "id,name\nx,A\n", COLUMNS), listing_of, rescue))


@given(st.lists(st.sampled_from(["ok", "blank", "bad", "long", "flag"]), min_size=1, max_size=40))
def test_every_record_is_an_entry_or_is_counted(kinds: list[str]):
    lines = {
        "ok": "{n},FIRM {n},",
        "blank": "{n},,",
        "bad": "x{n},FIRM {n},",
        "long": "{n},FIRM {n},,x",
        "flag": "{n},FIRM {n},red",
    }
    text = "".join(lines[kind].format(n=n) + "\n" for n, kind in enumerate(kinds))
    unread = sum(kind in {"blank", "bad", "long"} for kind in kinds)
    named = sum(kind != "blank" for kind in kinds)
    if unread > 3 or 2 * unread > named:
        with pytest.raises(ListRefusedError, match="cannot be read"):
            edition(f"id,name,flag\n{text}")
        return
    parsed = edition(f"id,name,flag\n{text}")
    parts = {part.what: part.count for part in parsed.read_in_part}
    nameless = parts.get("record without a name that could be read", 0)
    assert len(parsed.listings) + nameless == len(kinds)
    assert parts.get("column 'flag'", 0) == kinds.count("flag")


def grouped(text: str) -> ParsedEdition:
    """Read an edition whose rows come in before any listing is made."""
    with taking_notes() as notes:
        pieces = list[tuple[HeldNotes, list[Listing], Row[str]]]()
        for row in read_rows("own", text, COLUMNS):
            held, made = HeldNotes(), list[Listing]()
            held.hold(lambda row=row, made=made: made.append(listing_of(row)))
            pieces.append((held, made, row))

        def read(piece: tuple[HeldNotes, list[Listing], Row[str]]) -> Listing:
            piece[0].release()
            return piece[1][0]

        records = read_records(pieces, read, lambda piece: rescue(piece[2]))
        return edition_of(notes, [listing for _, listing in records])


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("id,name,flag\n1,ACME,red\n2,BOLT,\n3,CORK,green\n", id="a new column"),
        pytest.param("id,name\n1,ACME\nx,BOLT\n3,CORK\n", id="a fault"),
    ],
)
def test_what_is_held_back_is_noted_with_its_record(text: str):
    assert grouped(text) == edition(text)


def test_nothing_is_held_back_where_nobody_takes_notes():
    def fail() -> None:
        note_unknown("row 1", "flag", "red")

    with pytest.raises(RowRefusedError, match="row 1: unknown flag 'red'"):
        HeldNotes().hold(fail)


# --- Files of several lists.


def named(name: str, *list_codes: str) -> tuple[Listing, ...]:
    names = (Name(text=name, kind="primary"),)
    return tuple(Listing(id="", list_code=code, names=names) for code in list_codes)


def lists_of(lines: list[str], *codes: str) -> dict[str, ParsedEdition]:
    """Read lines such as `ACME a b`: a name and its lists; a capital list cannot be read."""

    def read(line: str) -> tuple[Listing, ...]:
        name, *on = line.split()
        if any(code.isupper() for code in on):
            raise RowRefusedError(line, "unreadable")
        if name == "FLAG":
            note_unknown(line, "flag", "red")
        return named(name, *on)

    def rescue(line: str) -> tuple[Rescued, ...]:
        name, *on = line.split()
        return tuple(Rescued(names=(name,), list_code=code.lower()) for code in on)

    with taking_notes() as notes:
        found = [each for _, group in read_groups(lines, read, rescue) for each in group]
        parsed = notes.on(
            [
                ParsedEdition(
                    list_code=code,
                    published_on=None,
                    listings=tuple(each for each in found if each.list_code == code),
                )
                for code in codes
            ]
        )
    return {each.list_code: each for each in parsed if isinstance(each, ParsedEdition)}


def test_what_is_unknown_of_a_party_counts_on_each_of_its_lists():
    found = lists_of(["FLAG a b", "BOLT b", "FLAG c"], "a", "b", "c", "d")
    part = UnknownPart(what="flag", count=1, example="red")
    assert [each.read_in_part for each in found.values()] == [(part,), (part,), (part,), ()]
    assert found["b"].listings[0].facts == (Fact(kind="unknown_part", value="flag: red"),)


def test_a_party_on_none_of_the_lists_says_nothing():
    assert lists_of(["FLAG", "BOLT a"], "a")["a"].read_in_part == ()


def test_an_unread_party_alone_on_its_list_does_not_make_a_foreign_file_of_the_others():
    found = lists_of(["ACME A", "BOLT b", "CORK b"], "a", "b")
    assert found["a"].listings[0].unread == "ACME A: unreadable"
    assert found["b"].read_in_part == ()
    with pytest.raises(ListRefusedError, match="1 records cannot be read, of 1"):
        lists_of(["ACME A"], "a")


def test_a_nameless_party_of_a_list_without_any_other_is_said_of_all():
    found = lists_of(["1 A", "BOLT b", "CORK c"], "b", "c")
    assert all(each.read_in_part[0].may_hide == "name" for each in found.values())


def test_what_was_read_ahead_counts_with_the_record_to_which_it_belongs():
    def flagged() -> str:
        note_unknown("x", "flag", "red")
        return "ACME"

    def broken() -> str:
        raise RowRefusedError("x", "broken")

    with taking_notes() as notes:
        name, fault = read_ahead(flagged), read_ahead(broken)
        assert (name.value, fault.value, f"{fault.fault}") == ("ACME", None, "x: broken")
        records = ["BOLT", "", "CORK"]
        found = [
            each
            for _, group in read_groups(
                records,
                lambda record: named(record or f"{name.result()}", "own"),
                lambda _: (),
            )
            for each in group
        ]
        with pytest.raises(RowRefusedError, match="broken"):
            fault.result()
    assert [len(each.facts) for each in found] == [0, 1, 0]
    assert edition_of(notes, found).read_in_part[0].count == 1
    with pytest.raises(RowRefusedError, match="unknown flag"):
        read_ahead(flagged)
