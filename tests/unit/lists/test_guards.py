"""Why an edition must not replace the current one: each guard at its bound, and on either side."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import TypedDict, Unpack

import msgspec
import pytest

from abeyance_screening.engine.lists.catalogue import LIST_BY_CODE
from abeyance_screening.engine.lists.edition import (
    Edition,
    ExpectedEntries,
    ListTerms,
    NewEdition,
    ParsedDelta,
    ParsedEdition,
)
from abeyance_screening.engine.lists.guards import (
    ListBefore,
    fewer_on_the_day,
    largest_loss,
    listed_names,
    misfit,
    programmes_gone,
    refusal,
    refusal_by_size,
)
from abeyance_screening.engine.lists.listing import Listing, Name

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAY, LATER = date(2026, 4, 29), date(2026, 4, 30)
OWN, KNOWN, EMPTIED = "own_vendors", "un_sc", "us_ofac_fse"
"""A user's own list; one with a canary; and one that its authority may empty."""


class Differing(TypedDict, total=False):
    published_on: date | None
    confirmed_at: datetime | None
    entry_count: int
    accepted: bool
    format: str
    sha256: str
    loaded_at: datetime


def new(code: str = OWN, **fields: Unpack[Differing]) -> NewEdition:
    plain = NewEdition(
        list_code=code,
        source=code,
        sha256="new",
        format="csv",
        reader=1,
        published_on=LATER,
        loaded_at=NOW,
        confirmed_at=NOW,
        entry_count=100,
        accepted=False,
    )
    return msgspec.structs.replace(plain, **fields)


def stored(code: str = OWN, **fields: Unpack[Differing]) -> Edition:
    fields = {"published_on": DAY, "sha256": "old", **fields}
    return Edition(id=1, **msgspec.structs.asdict(new(code, **fields)))


def before(
    current: Edition | None,
    *,
    entries: Sequence[Listing] = (),
    copies: Sequence[Edition] = (),
    expected: ExpectedEntries | None = None,
) -> ListBefore:
    return ListBefore(
        current=current,
        entries={each.id: listed_names(each) for each in entries},
        copies=copies,
        terms=ListTerms(list_code=OWN, expected=expected),
    )


def entry(number: int, *programmes: str, name: str = "Acme") -> Listing:
    return Listing(
        id=f"{OWN}-{number}",
        list_code=OWN,
        names=(Name(text=f"{name} {number}", kind="primary"),),
        programmes=programmes,
    )


def whole(*listings: Listing, code: str = OWN) -> ParsedEdition:
    return ParsedEdition(list_code=code, published_on=LATER, listings=listings)


def delta(*gone: str, follows_on: date | None = None) -> ParsedDelta:
    return ParsedDelta(
        list_code=OWN,
        published_on=LATER,
        put=(),
        gone=gone,
        follows=("csv", "xml"),
        follows_on=follows_on,
    )


def _row(name: str, edition: NewEdition, current: Edition | None, said: str | None) -> object:
    return pytest.param(edition, current, said, id=name)


@pytest.mark.parametrize(
    ("edition", "current", "said"),
    [
        _row("nothing is loaded", new(entry_count=1), None, None),
        _row("as many", new(), stored(), None),
        _row("of the same day", new(published_on=DAY), stored(), None),
        _row("older", new(published_on=DAY), stored(published_on=LATER), "published 2026-04-29"),
        _row("older, and accepted", new(published_on=DAY, accepted=True),
             stored(published_on=LATER), "load it with --as-history"),
        _row("older than one of no day", new(published_on=DAY), stored(published_on=None), None),
        _row("of no day, offered by its publisher", new(KNOWN, published_on=None), stored(KNOWN),
             None),
        _row("of no day, by hand", new(KNOWN, published_on=None, confirmed_at=None), stored(KNOWN),
             "give it with --published-on"),
        _row("of no day, by hand, one's own", new(published_on=None, confirmed_at=None), stored(),
             None),
        _row("of one's own, three fewer of ten", new(entry_count=7), stored(entry_count=10), None),
        _row("of one's own, four fewer of ten", new(entry_count=6), stored(entry_count=10),
             "suddenly smaller: 6 entries after 10; at most 24% may go at once"),
        _row("the most that may go", new(KNOWN, entry_count=760), stored(KNOWN, entry_count=1000),
             None),
        _row("one more", new(KNOWN, entry_count=759), stored(KNOWN, entry_count=1000),
             "suddenly smaller: 759 entries after 1,000"),
        _row("one more, and accepted", new(KNOWN, entry_count=759, accepted=True),
             stored(KNOWN, entry_count=1000), None),
        _row("all of a list that may be emptied", new(EMPTIED, entry_count=0),
             stored(EMPTIED, entry_count=1000), None),
        _row("by hand, older than the publisher's",
             new(format="dod_1260h_transcribed"), stored(published_on=LATER), "transcribed it"),
        _row("by hand, newer than the publisher's", new(format="dod_1260h_transcribed"), stored(),
             None),
        _row("by hand after by hand", new(format="dod_1260h_transcribed"),
             stored(format="dod_1260h_transcribed", published_on=LATER), None),
    ],
)  # fmt: skip
def test_an_edition_is_refused_by_its_age_and_its_size(
    edition: NewEdition, current: Edition | None, said: str | None
):
    told = refusal_by_size(edition, before(current), None)
    assert told is None if said is None else told is not None and said in told


def test_a_delta_that_does_not_fit_is_refused_also_if_it_is_accepted():
    assert refusal_by_size(new(accepted=True), before(stored()), "no fit") == "no fit"


@pytest.mark.parametrize(("count", "is_refused"), [(24, True), (25, False)])
def test_a_first_edition_is_refused_beside_one_of_four_times_as_many(
    count: int, *, is_refused: bool
):
    copies = [stored(entry_count=20), stored(entry_count=100)]
    told = refusal_by_size(new(entry_count=count), before(None, copies=copies), None)
    assert (told is not None) is is_refused
    later = refusal_by_size(
        new(entry_count=count), before(stored(entry_count=count), copies=copies), None
    )
    assert later is None


def test_what_an_operator_expects_counts_and_not_what_was_before():
    expected = ExpectedEntries(least=5, most=10)
    held = before(stored(entry_count=1000), expected=expected)
    assert refusal_by_size(new(entry_count=10), held, None) is None
    told = refusal_by_size(new(entry_count=11), held, None)
    assert told is not None
    assert told.startswith("11 entries, but ")


@pytest.mark.parametrize(
    ("gone", "follows_on", "current", "said"),
    [
        pytest.param((), None, None, "no edition of the list is loaded", id="nothing loaded"),
        pytest.param((), None, stored(), None, id="of no day"),
        pytest.param((), DAY, stored(), None, id="of the day it follows"),
        pytest.param(
            (), LATER, stored(), "applies to the edition of 2026-04-30", id="another day"
        ),
        pytest.param((), None, stored(format="pdf"), "read as csv, xml, not pdf", id="format"),
        pytest.param(("a", "b"), None, stored(), None, id="all known"),
        pytest.param(("a", "x"), None, stored(), "it removes x, which the edition", id="unknown"),
    ],
)
def test_a_delta_fits_the_edition_that_it_follows(
    gone: tuple[str, ...], follows_on: date | None, current: Edition | None, said: str | None
):
    told = misfit(delta(*gone, follows_on=follows_on), current, {"a", "b"})
    assert told is None if said is None else told is not None and said in told


@pytest.mark.parametrize(
    ("code", "names", "accepted", "said"),
    [
        pytest.param(KNOWN, ["Al-Qaida"], False, None, id="the canary is there, in any case"),
        pytest.param(KNOWN, ["Al-Qaida in Iraq"], False, "'AL-QAIDA', which", id="it is not"),
        pytest.param(KNOWN, ["Al-Qaida in Iraq"], True, None, id="it is not, and accepted"),
        pytest.param(OWN, ["Acme"], False, None, id="one's own has none"),
        pytest.param(KNOWN, [], False, "has no entry of this list", id="no entry"),
        pytest.param(OWN, [], False, "has no entry of this list", id="no entry of one's own"),
        pytest.param(EMPTIED, [], False, None, id="no entry of a list that may be emptied"),
    ],
)
def test_a_first_edition_has_entries_and_names_that_were_always_there(
    code: str, names: list[str], said: str | None, *, accepted: bool
):
    listings = [
        Listing(id=f"{code}-{at}", list_code=code, names=(Name(text=each, kind="primary"),))
        for at, each in enumerate(names)
    ]
    edition = new(code, entry_count=len(names), accepted=accepted)
    told = refusal(whole(*listings, code=code), edition, before(None))
    assert told is None if said is None else told is not None and said in told


@pytest.mark.parametrize(
    ("count", "sha256", "published_on", "is_refused"),
    [
        (97, "new", DAY, False),
        (96, "new", DAY, True),
        (96, "old", DAY, False),
        (96, "new", LATER, False),
        (96, "new", None, False),
    ],
)
def test_another_file_of_the_same_day_has_hardly_fewer_entries(
    count: int, sha256: str, published_on: date | None, *, is_refused: bool
):
    edition = new(entry_count=count, sha256=sha256, published_on=published_on)
    told = fewer_on_the_day(edition, stored())
    assert (told is not None) is is_refused


def test_a_programme_is_gone_with_the_last_entry_that_named_it():
    old = [entry(1, "A"), entry(2, "A", "B"), entry(3, "C", "B"), entry(4, "D")]
    left = whole(entry(1, "A"), entry(4, "E"))
    held = before(stored(), entries=old)
    assert programmes_gone(left, new(), held) == ("B", "C")
    assert programmes_gone(left, new(format="xml"), held) == ()
    assert programmes_gone(left, new(), before(None, entries=old)) == ()
    assert programmes_gone(delta(entry(3).id), new(), held) == ("C",)


@pytest.mark.parametrize(
    ("code", "share"), [(OWN, 0.24), (KNOWN, 0.24), (EMPTIED, 1.0), ("us_dod_1260h", 0.2)]
)
def test_the_share_that_may_go_is_the_lists_own(code: str, share: float):
    assert largest_loss(LIST_BY_CODE.get(code)) == share
