"""The places where acts appear: what is described of them, and what is read from them."""

import lzma
import re
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import NotFoundError
from service.measures.measure import Measure, PlaceConfirmation
from service.measures.watch.places import (
    Place,
    acts_named,
    deciding,
    meant,
    place_of,
    places,
    read_until,
    with_confirmations,
)
from service.measures.watch.reading import (
    GAP,
    MAX_DOCUMENTS,
    Look,
    PlaceDocument,
    PlaceUnreadableError,
    _day_in,
    documents_of,
    first_day,
    read_place,
)
from tests.shipped_register import load

ROOT = Path(__file__).parents[3]
FIXTURES = ROOT / "tests/fixtures/places"
MEASURES = load().measures
# Nobody publishes for these: the entries of the register that stand for what it does not know.
OWN = {"the keeper of the list", "the publisher of the list"}
AT = datetime(2026, 11, 24, 12, tzinfo=UTC)


def content_of(place_id: str) -> bytes:
    """What the place answers."""
    if place_id == "us-fcc-covered":
        return lzma.decompress(
            (ROOT / "service/lists/editions/us_fcc_2026-07-24.html.xz").read_bytes()
        )
    [file] = FIXTURES.glob(f"{place_id}.*")
    return file.read_bytes()


def test_every_measure_is_decided_by_a_place():
    undecided = {each.authority for each in MEASURES if not deciding(each.authority)}
    assert undecided == OWN


def test_the_table_is_in_order_and_each_place_has_what_its_parser_needs():
    ids = [each.id for each in places()]
    assert ids == sorted(set(ids))
    assert len(ids) >= 40
    for each in places():
        assert each.decides, each.id
        assert (each.link is not None) == (each.parser in {"links", "sitemap"}), each.id
        assert (each.fields is not None) == (each.parser == "json"), each.id
        assert each.url.startswith(("https://", "http://")), each.id
        assert re.compile(each.link or "")
    with pytest.raises(NotFoundError):
        place_of("nowhere")


@pytest.mark.parametrize("place", places(), ids=lambda each: each.id)
def test_a_place_is_read_in_its_own_format(place: Place):
    page = read_place(place, content_of(place.id))
    if place.id == "us-fr-fcc":
        assert page.documents == ()
        return
    assert page.documents
    for each in page.documents:
        assert each.title
        assert each.url.startswith(("https://", "http://"))
    if place.id != "us-fcc-covered":
        assert max(each.dated_on or date.min for each in page.documents) > date(2026, 11, 9)
    # what a page lists besides, a filter leaves out and the oldest day still counts
    assert page.listed >= len(page.documents)
    assert len({each.key for each in page.documents}) == len(page.documents)


def test_some_documents_are_read_to_the_letter():
    ofac = read_place(
        place_of("us-ofac-recent-actions"), content_of("us-ofac-recent-actions")
    ).documents
    assert [(each.dated_on, each.title) for each in ofac] == [
        (date(2026, 11, 24), "Issuance of Russia-related General License"),
        (date(2026, 11, 20), "Counter Terrorism Designations; Iran-related Designations"),
        (date(2026, 10, 2), "Russia-related Designations Removals"),
    ]
    assert ofac[1].url == "https://ofac.treasury.gov/recent-actions/20261120_33"
    mfa = place_of("cn-mfa-countermeasures")
    first = read_place(mfa, content_of(mfa.id)).documents[0]
    assert (first.dated_on, first.url) == (
        date(2026, 11, 19),
        f"{mfa.url}202611/t20261119_11755555.shtml",
    )
    user_list = read_place(
        place_of("jp-meti-export-control"), content_of("jp-meti-export-control")
    ).documents[0]
    assert (user_list.dated_on, user_list.title) == (
        date(2026, 11, 20),
        "外国ユーザーリストの改正について",
    )


def test_a_page_of_gov_uk_that_changes_is_a_document_anew():
    place = place_of("uk-ofsi")
    content = content_of(place.id)
    changed = content.replace(b"2026-11-18T11:08:36", b"2026-11-25T09:00:00")
    before, after = (
        {each.key for each in read_place(place, each).documents} for each in (content, changed)
    )
    assert len(after - before) == 1
    issued = place_of("uk-instruments")
    content = content_of(issued.id)
    revised = content.replace(
        b"<updated>2026-11-19T10:16:51.818Z", b"<updated>2026-11-26T10:00:00Z"
    )
    assert read_place(issued, revised).documents[0].key == (
        read_place(issued, content).documents[0].key
    )


@pytest.mark.parametrize(
    ("place_id", "content", "told"),
    [
        pytest.param("us-fr-bis", b"", "empty", id="nothing"),
        pytest.param("us-fr-bis", b"<html>Request blocked</html>", "not JSON", id="html for JSON"),
        pytest.param("us-fr-bis", b'{"count": 3', "not JSON", id="JSON cut off"),
        pytest.param("us-fr-bis", b'{"count": 3}', "no list", id="JSON without its list"),
        pytest.param("us-fr-bis", b'{"results": [{}]}', "document_number", id="an empty document"),
        pytest.param("us-fr-bis", b"[" * 100_000, "not JSON", id="deep JSON"),
        pytest.param(
            "eu-oj-l", b"<html><body>Error</body></html>", "<html>", id="html for a feed"
        ),
        pytest.param("eu-oj-l", b"<rss><channel><item>", "cut off", id="a feed cut off"),
        pytest.param("eu-oj-l", b"<rss><channel></channel></rss>", "no document", id="empty feed"),
        pytest.param(
            "eu-oj-l",
            b"<rss><channel><item><title>x</title></item></channel></rss>",
            "no link",
            id="an entry that leads nowhere",
        ),
        pytest.param(
            "eu-oj-l",
            b'<!DOCTYPE x [<!ENTITY a "b">]><rss><channel><item><title>&a;</title></item>'
            b"</channel></rss>",
            "not XML",
            id="entities",
        ),
        pytest.param(
            "uk-ofsi",
            b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>x</title>'
            b'<link href="javascript:alert(1)"/></entry></feed>',
            "not the address",
            id="a script for an address",
        ),
        pytest.param("us-bis-pages", b"<rss/>", "no sitemap", id="a feed for a sitemap"),
        pytest.param(
            "us-ofac-recent-actions",
            b"<html><body>Checking your browser",
            "cut off",
            id="page cut",
        ),
        pytest.param(
            "us-ofac-recent-actions",
            b"<html><body>Checking your browser</body></html>",
            "the page has changed",
            id="a page of another kind",
        ),
        pytest.param("us-ofac-recent-actions", b"<html>\xff</html>", "not utf-8", id="no UTF-8"),
        pytest.param(
            "cn-mofcom-security-bureau", b'{"data": {}}', "data.html", id="no html inside"
        ),
    ],
)
def test_what_is_not_a_places_answer_is_refused(place_id: str, content: bytes, told: str):
    with pytest.raises(PlaceUnreadableError, match=re.escape(told)):
        read_place(place_of(place_id), content)


def test_a_list_without_end_is_refused():
    links = b"".join(
        b'<a href="/recent-actions/2026%04d_%d">x</a>' % (n % 1000, n)
        for n in range(MAX_DOCUMENTS + 1)
    )
    with pytest.raises(PlaceUnreadableError, match="documents; at most"):
        read_place(place_of("us-ofac-recent-actions"), b"<html>" + links + b"</html>")


@given(st.sampled_from(places()), st.binary(max_size=300), st.integers(0, 10_000))
def test_no_content_does_more_than_be_refused(place: Place, junk: bytes, at: int):
    real = content_of(place.id)
    at %= len(real)
    for content in (junk, real[:at], real[:at] + junk + real[at:]):
        try:
            page = read_place(place, content)
        except PlaceUnreadableError:
            continue
        assert all(each.url.startswith(("http://", "https://")) for each in page.documents)
        assert not any("\x00" in each.title + each.url + each.key for each in page.documents)


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        ("2026-11-09", date(2026, 11, 9)),
        ("[2026-10-03]", date(2026, 10, 3)),
        ("2026年10月9日", date(2026, 10, 9)),
        ("October 02, 2026 - ", date(2026, 10, 2)),
        ("Sept. 4, 2026", date(2026, 9, 4)),
        ("18 November 2026", date(2026, 11, 18)),
        ("Stand 01.09.2026", date(2026, 9, 1)),
        ("/202512/t20251226_11789012.shtml", date(2025, 12, 26)),
        ("2026-02-30", None),
        ("20261399", None),
        ("art_b1ce17f4575c4eacb6e64941364998c1", None),
        ("", None),
    ],
)
def test_days_as_places_print_them(printed: str, day: date | None):
    assert _day_in(printed) == day


# --- What a confirmation moves.


def measure(authority: str, checked: date | None = None) -> Measure:
    return msgspec.structs.replace(MEASURES[0], authority=authority, checked_until=checked)


def confirmed(place: str, until: date) -> PlaceConfirmation:
    return PlaceConfirmation(place=place, until=until, confirmed_at=AT, confirmed_by="anna")


def test_a_measure_is_checked_until_the_day_of_the_least_read_place_that_decides_it():
    ids = [each.id for each in deciding("OFAC")]
    assert ids == ["us-fr-ofac", "us-ofac-recent-actions"]
    one = [confirmed(ids[0], date(2026, 11, 24))]
    both = [*one, confirmed(ids[1], date(2026, 11, 20))]
    old = measure("OFAC", date(2026, 10, 9))
    assert with_confirmations([old], one) == (old,)
    [moved] = with_confirmations([old], both)
    assert moved.checked_until == date(2026, 11, 20)
    read_later = measure("OFAC", date(2026, 11, 22))
    assert with_confirmations([read_later], both) == (read_later,)
    [never] = with_confirmations([measure("OFAC")], both)
    assert never.checked_until == date(2026, 11, 20)
    assert with_confirmations([measure("nobody")], both) == (measure("nobody"),)


def test_the_last_confirmation_of_a_place_counts_even_with_an_earlier_day():
    ids = [each.id for each in deciding("METI")]
    first = [confirmed(each, date(2026, 11, 24)) for each in ids]
    corrected = [*first, confirmed(ids[0], date(2026, 11, 1))]
    [moved] = with_confirmations([measure("METI")], corrected)
    assert moved.checked_until == date(2026, 11, 1)


@given(
    st.sampled_from(sorted({each.authority for each in MEASURES} - OWN)),
    st.none() | st.dates(date(2020, 1, 1), date(2027, 1, 1)),
    st.lists(
        st.tuples(
            st.sampled_from([each.id for each in places()]),
            st.dates(date(2020, 1, 1), date(2027, 1, 1)),
        ),
        max_size=120,
    ),
)
def test_no_confirmation_moves_a_measure_back_or_beyond_what_was_read(
    authority: str, shipped: date | None, given_: list[tuple[str, date]]
):
    newest = dict(given_)
    [moved] = with_confirmations(
        [measure(authority, shipped)], [confirmed(*each) for each in given_]
    )
    read = read_until(authority, newest)
    days = [newest.get(each.id) for each in deciding(authority)]
    assert read == (None if None in days else min(each for each in days if each))
    assert moved.checked_until == max(filter(None, (shipped, read)), default=None)
    assert moved.events == MEASURES[0].events


# --- What is new.


def listed(key: str, day: date | None) -> PlaceDocument:
    return PlaceDocument(key=key, title=key, url="https://example.org/", dated_on=day)


def look(*documents: PlaceDocument, oldest: date | None = None) -> Look:
    return Look(
        place="uk-ofsi",
        looked_at=AT,
        since=date(2026, 10, 9),
        documents=documents,
        oldest=oldest,
    )


def test_the_first_look_knows_what_is_older_than_the_registers_own_reading():
    found = documents_of(
        look(
            listed("before", date(2026, 10, 8)),
            listed("same day", date(2026, 10, 9)),
            listed("after", date(2026, 10, 10)),
            listed("undated", None),
        ),
        None,
    )
    assert {each.key: is_known for each, is_known in found} == {
        "before": True,
        "same day": False,
        "after": False,
        "undated": True,
    }


def test_on_a_later_look_everything_that_was_not_there_is_new():
    found = documents_of(look(listed("old", date(2020, 1, 1)), listed("undated", None)), AT.date())
    assert [is_known for _, is_known in found] == [False, False]


def test_a_gap_between_two_looks_is_a_document_to_read_itself():
    documents = listed("new", date(2026, 11, 20)), listed("newer", date(2026, 11, 23))
    [(gap, is_known), *_] = documents_of(
        look(*documents, oldest=date(2026, 11, 20)), date(2026, 11, 1)
    )
    assert gap.key.startswith(GAP)
    assert not is_known
    assert "2026-11-01" in gap.title
    reaching = documents_of(look(*documents, oldest=date(2026, 11, 1)), date(2026, 11, 1))
    assert [each.key for each, _ in reaching] == ["new", "newer"]


def test_a_place_is_first_read_from_where_the_registers_reading_ends():
    read = [measure("OFAC", date(2026, 8, 1)), measure("BIS", date(2026, 10, 9))]
    assert first_day(place_of("us-fr-ofac"), read) == date(2026, 8, 1)
    assert first_day(place_of("cn-mofcom-policies"), read) == date(2026, 10, 9)
    assert first_day(place_of("us-fr-ofac"), [measure("OFAC")]) is None


@pytest.mark.parametrize(
    ("title", "acts"),
    [
        ("Council Regulation (EU) 2026/2411 amending No 833/2014", {"2026/2411", "833/2014"}),
        ("商务部公告2026年第61号 公布…", {"2026 No. 61"}),
        ("MOFCOM Announcement No. 61 of 2025", {"2025 No. 61"}),
        ("Resolution 2231 (2015)", {"2231 (2015)"}),
        ("nothing at all", set()),
    ],
)
def test_acts_that_a_title_names(title: str, acts: set[str]):
    assert acts_named(title) == acts


def test_a_title_that_names_a_measures_act_means_that_measure():
    place = place_of("eu-oj-l")
    found = meant(place, "Regulation amending Regulation (EU) No 833/2014", MEASURES)
    assert found
    authorities = {each.id: each.authority for each in MEASURES}
    assert all(authorities[each] in place.decides for each in found)
    assert meant(place, "Regulation on fishing quotas", MEASURES) == ()
