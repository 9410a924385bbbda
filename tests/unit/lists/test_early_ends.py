"""A file that has lost its end: told from one of which entries left, on editions as published."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache

import msgspec
import pytest

from abeyance_screening.engine.lists.bundled import bundled_editions, read_bundled
from abeyance_screening.engine.lists.catalogue import SOURCES
from abeyance_screening.engine.lists.edition import (
    Edition,
    ListedNames,
    ListTerms,
    NewEdition,
    ParsedEdition,
)
from abeyance_screening.engine.lists.formats import read_files
from abeyance_screening.engine.lists.guards import ListBefore, listed_names, refusal, run_at_end
from abeyance_screening.primitives.errors import ListRefusedError

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAY = date(2026, 4, 29)
LATER = DAY + timedelta(days=1)
# Between them a CSV file, XML files, a workbook and a page; of 160 to 6,046 entries.
LISTS = ("uk_sl", "un_sc", "ca_sema", "jp_meti_eul", "us_uflpa")


@cache
def bundled(source: str) -> ParsedEdition:
    known = next(each for each in bundled_editions() if each.source == source)
    (parsed,) = read_files(source, read_bundled(known), sources=[source]).parsed
    assert isinstance(parsed, ParsedEdition)
    return parsed


@cache
def names(source: str) -> Mapping[str, ListedNames]:
    return {each.id: listed_names(each) for each in bundled(source).listings}


def edition(parsed: ParsedEdition, day: date, sha256: str) -> NewEdition:
    return NewEdition(
        list_code=parsed.list_code,
        source=parsed.list_code,
        sha256=sha256,
        format="any",
        reader=1,
        published_on=day,
        loaded_at=NOW,
        confirmed_at=NOW,
        entry_count=len(parsed.listings),
        accepted=False,
    )


def refused(
    parsed: ParsedEdition, day: date = LATER, *, sha256: str = "another", ordered: bool = True
) -> str | None:
    """Why the next edition of a bundled one is refused, None if it is not."""
    before = bundled(parsed.list_code)
    held = edition(before, DAY, "held")
    fields = {each: getattr(held, each) for each in held.__struct_fields__}
    had = ListBefore(
        current=Edition(id=1, **fields),
        entries=names(parsed.list_code),
        order=list(names(parsed.list_code)) if ordered else (),
        terms=ListTerms(list_code=parsed.list_code),
    )
    try:
        return refusal(parsed, edition(parsed, day, sha256), had)
    except ListRefusedError as error:
        return error.reason


def left(source: str, keep: slice) -> ParsedEdition:
    whole = bundled(source)
    return msgspec.structs.replace(whole, listings=whole.listings[keep])


CUTS = (11, 12, 17, 25, 30, 36, 37, 38)


@pytest.mark.parametrize("source", LISTS)
@pytest.mark.parametrize("lost", CUTS)
def test_a_file_of_a_later_day_without_its_last_entries_is_refused(source: str, lost: int):
    reason = refused(left(source, slice(None, -lost))) or ""
    assert reason.startswith(
        f"the file may end early: {lost} entries of {source} are gone, and {lost} of them "
        f"stood at the end of the file of {DAY}; "
    )


@pytest.mark.parametrize("source", LISTS)
@pytest.mark.parametrize("lost", [1, *CUTS])
def test_another_file_of_the_same_day_has_no_fewer_entries(source: str, lost: int):
    for keep in (slice(None, -lost), slice(lost, None)):
        assert f"another file of the same day, {DAY}" in (refused(left(source, keep), DAY) or "")


@pytest.mark.parametrize("source", LISTS)
@pytest.mark.parametrize("lost", [1, *CUTS])
def test_as_many_entries_from_all_over_the_file_may_leave(source: str, lost: int):
    step = len(bundled(source).listings) // lost
    gone = {each.id for each in bundled(source).listings[:-1:step][:lost]}
    parsed = bundled(source)
    kept = tuple(each for each in parsed.listings if each.id not in gone)
    reason = refused(msgspec.structs.replace(parsed, listings=kept)) or ""
    assert reason == "" or "which has been on the list for years, is missing" in reason


@pytest.mark.parametrize("source", LISTS)
def test_ten_entries_may_leave_from_the_end(source: str):
    ten = refused(left(source, slice(None, -10)))
    assert ten is None or "any more; it had" in ten
    assert refused(left(source, slice(10, None))) is None


def test_the_same_bytes_read_anew_may_have_fewer_entries():
    assert refused(left("un_sc", slice(5, None)), DAY, sha256="held") is None


def test_where_the_order_is_not_known_yet_only_the_day_tells():
    cut = left("uk_sl", slice(None, -100))
    assert refused(cut, ordered=False) is None
    assert refused(cut, DAY, ordered=False) is not None


def without(source: str, programme: str) -> ParsedEdition:
    whole = bundled(source)
    kept = tuple(each for each in whole.listings if programme not in each.programmes)
    assert 0 < len(kept) < len(whole.listings)
    return msgspec.structs.replace(whole, listings=kept)


def test_a_programme_that_ends_the_file_is_not_lost_unasked():
    last = bundled("uk_sl").listings[-1].programmes
    assert last == ("YEM",)
    kept = msgspec.structs.replace(
        bundled("uk_sl"), listings=without("uk_sl", "YEM").listings[100:]
    )
    assert "no entry of uk_sl names 'YEM' any more; it had 16 entries" in (refused(kept) or "")


def test_any_other_programme_may_be_lifted():
    for source, count in (("uk_sl", 28), ("un_sc", 12)):
        every = {code for each in bundled(source).listings for code in each.programmes}
        most = len(bundled(source).listings) * 0.76
        lifted = [
            code for code in sorted(every - {"YEM"}) if len(without(source, code).listings) > most
        ]
        reasons = [refused(without(source, code)) for code in lifted]
        assert len(lifted) >= count
        assert [each for each in reasons if each and "end early" in each] == []


def test_a_run_that_others_stand_in_place_of_was_replaced():
    whole = bundled("jp_meti_eul")
    renamed = tuple(
        msgspec.structs.replace(each, id=f"{each.id}-new") for each in whole.listings[-20:]
    )
    for count, is_refused in ((9, True), (10, False)):
        listings = (*whole.listings[:-20], *renamed[:count])
        reason = refused(msgspec.structs.replace(whole, listings=listings))
        assert (reason is not None) == is_refused


@pytest.mark.parametrize(
    ("leaves", "length"),
    [
        pytest.param("", 0, id="nothing"),
        pytest.param("ggggg", 5, id="all"),
        pytest.param("gggggkkkkkkkkkk", 6, id="an end, and one that stays"),
        pytest.param("kkk" + 12 * "g", 15, id="three stay behind it"),
        pytest.param("kkkk" + 90 * "g", 0, id="four stay behind it"),
        pytest.param(40 * "ggggk", 200, id="every fifth stays"),
        pytest.param("gggggg" + 50 * "k" + 90 * "g", 7, id="two runs"),
        pytest.param(40 * "gk", 1, id="every other"),
    ],
)
def test_the_run_at_the_end_of_a_file(leaves: str, length: int):
    assert run_at_end(each == "g" for each in leaves) == length


# Whoever cuts a file with such a name cuts off a closing tag or bracket, or breaks an archive.
_END_THEMSELVES = (".xml", ".json", ".xlsx", ".zip")


def test_a_file_that_ends_itself_is_asked_for_before_one_that_does_not():
    both = 0
    for source in SOURCES:
        names = [" ".join(str(file) for file in offer.files).casefold() for offer in source.offers]
        csv = [place for place, name in enumerate(names) if ".csv" in name.replace("\\", "")]
        ends = [place for place, name in enumerate(names) if name.endswith(_END_THEMSELVES)]
        both += bool(csv and ends)
        assert not csv or not ends or ends[0] == 0, source.code
    assert both >= 2
