"""The list of June 2026 as a person transcribed it, which comes with the program."""

from collections import Counter
from datetime import date

import msgspec
import pytest

from abeyance_screening.engine.lists.bundled import bundled_editions, read_bundled
from abeyance_screening.engine.lists.edition import Edition, GivenFile, ListTerms
from abeyance_screening.engine.lists.guards import ListBefore, refusal
from abeyance_screening.engine.lists.listing import Fact, Listing
from abeyance_screening.engine.lists.us_dod_1260h.companies import printed_names
from abeyance_screening.engine.lists.us_dod_1260h.reader import FORMATS, parse
from abeyance_screening.engine.lists.us_dod_1260h.transcript import parse_transcript
from abeyance_screening.primitives.errors import ListRefusedError, RowRefusedError
from tests.unit.lists.editions import edition_of
from tests.unit.screening.covered import TODAY, UN, covered

EDITION = next(
    each
    for each in bundled_editions()
    if each.source == "us_dod_1260h" and each.published_on == date(2026, 6, 8)
)
CONTENT = read_bundled(EDITION)[0].content
HEADER = CONTENT.partition(b"\n")[0]
LISTINGS = {each.primary_name: each for each in edition_of("us_dod_1260h", CONTENT).listings}
STORED = msgspec.structs.replace(
    UN,
    list_code="us_dod_1260h",
    source="us_dod_1260h",
    format="dod_1260h_transcribed",
    published_on=date(2026, 6, 8),
    entry_count=188,
)
OFFICIAL = msgspec.structs.replace(STORED, format="dod_1260h")


def row(**changed: str) -> bytes:
    """A table of one row, Align Aerospace's, with some cells changed."""
    cells = {
        "name": "Align Aerospace LLC",
        "alias": "",
        "former_name": "",
        "parent": "Aviation Industry Corporation of China Ltd.",
        "as_printed": "Align Aerospace LLC",
        "reason": "",
        "listed_on": "2026-06-08",
        "url": "https://media.defense.gov/",
    }
    return HEADER.strip() + b"\n" + ",".join((cells | changed).values()).encode() + b"\n"


def test_all_188_rows_are_listings():
    assert len(LISTINGS) == 188
    assert Counter(bool(each.facts) for each in LISTINGS.values()) == {True: 108, False: 80}
    assert Counter(bool(each.remarks) for each in LISTINGS.values()) == {True: 80, False: 108}
    assert {fact.kind for each in LISTINGS.values() for fact in each.facts} == {"listed_under"}


@pytest.mark.parametrize(
    ("name", "other"),
    [
        pytest.param("Alibaba Group Holding Limited", "Alibaba", id="Alibaba"),
        pytest.param("BYD Company Limited", "BYD", id="BYD"),
        pytest.param("Baidu, Inc.", "Baidu", id="Baidu"),
        pytest.param("Shenzhen DJI Technology Co., Ltd.", "DJI", id="DJI"),
        pytest.param("NIO, Inc.", "NIO, Inc.", id="NIO"),
    ],
)
def test_a_household_name_is_listed_with_the_departments_reason(name: str, other: str):
    names = {each.text for each in LISTINGS[name].names}
    assert other in names
    assert "1260H" in (LISTINGS[name].remarks or "")


def test_the_entries_are_those_that_the_text_of_the_official_file_makes(sample):
    (official,) = parse(sample("us_dod_1260h/2026-06-08_list.txt"))
    for each in official.listings:
        transcribed = LISTINGS[each.primary_name]
        assert (transcribed.id, transcribed.names) == (each.id, each.names)


def test_the_day_is_that_of_the_list_and_not_of_each_company():
    (edition,) = parse_transcript(CONTENT)
    assert edition.published_on == date(2026, 6, 8)
    assert {each.listed_on for each in edition.listings} == {None}


def test_the_format_is_told_by_its_columns(sample):
    *_, transcribed = FORMATS
    assert transcribed.tells(GivenFile("x", CONTENT))
    assert not transcribed.tells(GivenFile("x", sample("us_dod_1260h/2026-06-08_list.txt")))


@pytest.mark.parametrize(
    ("content", "error", "reason"),
    [
        pytest.param(
            row(alias="Aligned"), RowRefusedError, "'Aligned' is not in", id="a name not printed"
        ),
        pytest.param(row(as_printed="(x)"), RowRefusedError, "is not in", id="no company"),
        pytest.param(row(listed_on=""), ListRefusedError, "the day of the list", id="no day"),
        pytest.param(
            row() + row(listed_on="2025-01-07").splitlines()[1] + b"\n",
            ListRefusedError,
            "rows of 2 days",
            id="two days",
        ),
        pytest.param(HEADER + b"\n", ListRefusedError, "rows of 0 days", id="no row"),
        pytest.param(
            row().replace(b"parent", b"owner"),
            ListRefusedError,
            "column: parent",
            id="another column",
        ),
    ],
)
def test_a_table_that_cannot_be_read_whole_is_refused(
    content: bytes, error: type[Exception], reason: str
):
    with pytest.raises(error, match=reason):
        parse_transcript(content)


# --- Its mark, and what may replace it.


def test_coverage_says_that_an_edition_is_transcribed():
    (shown,) = covered(STORED, as_of=TODAY).lists
    assert (shown.state, shown.transcribed) == ("fresh", True)
    assert "transcribed by hand" in (shown.reason or "")
    (own,) = covered(OFFICIAL, as_of=TODAY).lists
    assert (own.state, own.transcribed, own.reason) == ("fresh", False, None)


def _refused(new: Edition, current: Edition) -> str | None:
    (parsed,) = parse_transcript(CONTENT)
    had = ListBefore(current=current, entries={}, terms=ListTerms(list_code="us_dod_1260h"))
    return refusal(parsed, new, had)


@pytest.mark.parametrize(
    ("new", "current", "reason"),
    [
        pytest.param(OFFICIAL, STORED, None, id="the official file of the same day"),
        pytest.param(
            msgspec.structs.replace(OFFICIAL, published_on=date(2026, 6, 10)),
            STORED,
            None,
            id="the notice two days later",
        ),
        pytest.param(
            msgspec.structs.replace(OFFICIAL, published_on=date(2025, 1, 7)),
            STORED,
            "published 2025-01-07, but the current edition is of 2026-06-08",
            id="an official file that is older",
        ),
        pytest.param(STORED, OFFICIAL, "the publisher's own", id="a copy after the official one"),
        pytest.param(
            STORED,
            msgspec.structs.replace(OFFICIAL, published_on=date(2025, 1, 7)),
            None,
            id="a copy of a newer list",
        ),
        pytest.param(
            msgspec.structs.replace(STORED, accepted=True),
            OFFICIAL,
            "the publisher's own",
            id="a copy that an operator accepts",
        ),
        pytest.param(STORED, STORED, None, id="a copy after a copy"),
    ],
)
def test_the_first_official_file_that_is_not_older_replaces_a_transcribed_one(
    new: Edition, current: Edition, reason: str | None
):
    found = _refused(new, current)
    assert found is None if reason is None else reason in (found or "")


# --- A place in brackets.


@pytest.mark.parametrize(
    ("printed", "names", "marks"),
    [
        pytest.param(
            "Inner Mongolia First Machinery Group Co., Ltd. (Inner Mongolia)",
            ["Inner Mongolia First Machinery Group Co., Ltd."],
            (("place", "Inner Mongolia"),),
            id="a region, printed so in January 2025",
        ),
        pytest.param("X Co. (Hong Kong)", ["X Co."], (("place", "Hong Kong"),), id="a country"),
        pytest.param("X Co. (Shanghai)", ["X Co."], (("place", "Shanghai"),), id="a municipality"),
        pytest.param(
            "X Co. (Guangdong Province)",
            ["X Co."],
            (("place", "Guangdong Province"),),
            id="a province with its rank",
        ),
        pytest.param(
            "Aerosun Corporation (Aerosun)", ["Aerosun Corporation", "Aerosun"], (), id="a name"
        ),
        pytest.param(
            "X Co. (China Unicom HK)", ["X Co.", "China Unicom HK"], (), id="a name with a place"
        ),
        pytest.param("X Co. (Beijing X)", ["X Co.", "Beijing X"], (), id="begins with a place"),
    ],
)
def test_a_place_in_brackets_is_no_name(
    printed: str, names: list[str], marks: tuple[tuple[str, str], ...]
):
    found, other = printed_names(printed)
    assert ([each.text for each in found], other) == (names, marks)


def test_no_alias_of_either_bundled_edition_is_a_place():
    listings: list[Listing] = []
    for each in bundled_editions():
        if each.source == "us_dod_1260h":
            (edition,) = (edition_of("us_dod_1260h", read_bundled(each)[0].content),)
            listings.extend(edition.listings)
    assert len(listings) == 134 + 188
    machinery = [each for each in listings if each.primary_name.startswith("Inner Mongolia")]
    assert [[name.text for name in each.names] for each in machinery] == [
        ["Inner Mongolia First Machinery Group Co., Ltd."]
    ] * 2
    assert Fact(kind="place", value="Inner Mongolia") in machinery[0].facts
