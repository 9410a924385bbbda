"""The places where acts appear: what is described of them, and what is read from them."""

import lzma
import re
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abeyance_screening.engine.measures.measure import Measure, PlaceConfirmation
from abeyance_screening.engine.measures.place_state import GAP, Look, PlaceDocument, documents_of
from abeyance_screening.engine.measures.places import (
    Place,
    acts_named,
    deciding,
    meant,
    place_of,
    places,
    read_until,
    with_confirmations,
)
from abeyance_screening.features.watch.proposals.watch_command import trials_in_words
from abeyance_screening.features.watch.read_place import (
    MAX_DOCUMENTS,
    PlaceUnreadableError,
    _day_in,
    first_day,
    read_place,
    standstill,
)
from abeyance_screening.primitives.errors import NotFoundError
from tests.shipped_register import load

ROOT = Path(__file__).parents[3]
FIXTURES = ROOT / "tests/fixtures/places"
MEASURES = load().measures
# Nobody publishes for these: the entries of the register that stand for what it does not know.
OWN = {"the keeper of the list", "the publisher of the list"}
# Their lists are searched once somebody loads them, and nobody looks at a place of theirs yet.
NOT_WATCHED = {
    *("FPS Finance", "French Treasury", "ISED", "MFAT", "MSWiA", "NSDC", "World Bank"),
    "the excluding agency",
    # Of their export controls the register has the acts, and nobody looks at a place of theirs.
    *("DGFT", "Government of Russia", "SASTIND", "Ministry of Foreign Affairs of Norway"),
    "Directorate for Export Control and Sanctions of Norway",
    "Canada Border Services Agency",
    "Department of Defence of Australia",
    "Ministry of Unification of Korea",
    "Trade and Industry Department of Hong Kong",
}
# Pages that print no days beside their documents.
UNDATED = {"us-fcc-covered", "us-bis-news"}
AT = datetime(2026, 11, 24, 12, tzinfo=UTC)


def content_of(place_id: str) -> bytes:
    """What the place answers."""
    if place_id == "us-fcc-covered":
        return lzma.decompress(
            (
                ROOT / "service/abeyance_screening/engine/lists/editions/us_fcc_2026-07-24.html.xz"
            ).read_bytes()
        )
    [file] = FIXTURES.glob(f"{place_id}.*")
    return file.read_bytes()


def test_every_measure_is_decided_by_a_place():
    undecided = {each.authority for each in MEASURES if not deciding(each.authority)}
    assert undecided == OWN | NOT_WATCHED


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
    if place.id not in UNDATED:
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


# --- Real answers and pages.


def real_content(place: Place) -> bytes | None:
    """What the place answered on the day of its trial; None where only a description is known."""
    if place.trial.how == "description":
        return None
    if place.parser == "federal_register":
        return (ROOT / "tests/fixtures/us_fr/api_answer.json").read_bytes()
    if place.trial.how == "page":
        return content_of(place.id)
    [file] = (FIXTURES / "real").glob(f"{place.id}.*")
    return file.read_bytes()


TRIED = [each for each in places() if each.trial.how != "description"]


@pytest.mark.parametrize("place", TRIED, ids=lambda each: each.id)
def test_a_real_answer_is_read_with_the_day_of_its_trial(place: Place):
    content = real_content(place)
    assert content is not None
    page = read_place(msgspec.structs.replace(place, about=()), content)
    assert page.documents
    assert all(each.title != each.url for each in page.documents)
    assert place.trial.day is not None
    if place.id not in UNDATED:
        newest = max(each.dated_on or date.min for each in page.documents)
        # an act is dated before the feed that shows it
        assert abs((place.trial.day - newest).days) <= 1


def test_a_trial_has_its_day_and_every_real_answer_is_used():
    for each in places():
        assert (each.trial.day is None) == (each.trial.how == "description"), each.id
    files = {each.stem for each in (FIXTURES / "real").iterdir()}
    assert files == {
        each.id
        for each in TRIED
        if each.trial.how == "excerpt" and not each.id.startswith("us-fr")
    }
    assert place_of("us-fcc-covered").trial.in_words == "tried on a page of 2026-07-24"
    assert "never tried on a real page" in place_of("cn-gacc-announcements").trial.in_words


def test_real_documents_are_read_to_the_letter():
    def first(place_id: str) -> PlaceDocument:
        place = msgspec.structs.replace(place_of(place_id), about=())
        return read_place(place, real_content(place) or b"").documents[0]

    action = first("us-ofac-recent-actions")
    # the page printed no day beside it, so the address says it
    assert (action.dated_on, action.title) == (
        date(2026, 4, 8),
        "Issuance of Amended Russia-related General License and Frequently Asked Questions",
    )
    day = "Gold Star Mother\u2019s And Family\u2019s Day, 2026"
    assert first("us-whitehouse-actions").title == day
    assert first("eu-council-press").dated_on == date(2026, 9, 15)
    instrument = first("uk-instruments")
    assert (instrument.dated_on, instrument.url) == (
        date(2026, 4, 21),
        "http://www.legislation.gov.uk/uksi/2026/412/made",
    )
    assert first("us-bis-news").url.startswith("https://www.bis.gov/press-release/department-")


def test_a_corrigendum_without_a_title_is_not_filtered_out():
    place = place_of("eu-oj-l")
    content = (FIXTURES / "real/eu-oj-l.xml").read_text("utf-8")
    assert read_place(place, content.encode()).documents == ()
    before, item, after = content.partition("<item>")
    bare = "<title>CELEX:32014R0833R(05)</title><link>https://eur-lex.europa.eu/x</link></item>"
    [found] = read_place(place, f"{before}{item}{bare}{item}{after}".encode()).documents
    assert found.title == "CELEX:32014R0833R(05)"
    assert meant(place, found.title, MEASURES)


def test_a_ruling_that_was_withdrawn_does_not_fail_its_place():
    place = place_of("nl-amsterdam-court")
    content = content_of(place.id)
    gone = (
        b'<entry deleted="ecli"><id>ECLI:NL:GHAMS:2025:1</id>'
        b"<updated>2026-11-20T10:00:00Z</updated></entry></feed>"
    )
    page = read_place(msgspec.structs.replace(place, about=()), content.replace(b"</feed>", gone))
    assert page.documents[-1].title == "ECLI:NL:GHAMS:2025:1 was withdrawn"
    assert page.documents[-1].url == place.home


def test_days_stand_in_a_heading_above_all_documents_of_a_day():
    place = place_of("jp-meti-releases")
    documents = read_place(place, content_of(place.id)).documents
    assert [each.dated_on for each in documents] == [date(2026, 11, 20), date(2026, 11, 20)]
    assert documents[0].url == "https://www.meti.go.jp/press/2026/11/20261120001.html"


COLUMN = (
    b'<html><body><script parsetype="bulidstatic" '
    b'url="/api-gateway/jpaas-publish-server/front/page/build/unit" '
    b"queryData=\"{'webId':'8f43','pageId':'a1','tagId':'\xe5\x88\x97'}\"></script></body></html>"
)


def test_a_page_that_fetches_its_list_by_a_script_leads_to_it():
    place = place_of("cn-mofcom-policies")
    page = read_place(place, COLUMN)
    assert (page.documents, page.listed) == ((), 0)
    assert page.next_url == (
        "https://www.mofcom.gov.cn/api-gateway/jpaas-publish-server/front/page/build/unit"
        "?webId=8f43&pageId=a1&tagId=%E5%88%97"
        "&paramJson=%7B%22pageNo%22%3A1%2C%22pageSize%22%3A100%7D"
    )
    listed = msgspec.json.encode({"data": {"html": content_of(place.id).decode()}})
    assert read_place(place, listed).documents == read_place(place, content_of(place.id)).documents
    # a list that holds no document is a failure, and leads nowhere else
    empty = msgspec.json.encode({"data": {"html": COLUMN.decode()}})
    with pytest.raises(PlaceUnreadableError, match="no document"):
        read_place(place, empty)


@pytest.mark.parametrize(
    ("newest", "stands_still"),
    [
        (date(2026, 11, 3), False),
        (date(2026, 11, 2), True),
        (date(2026, 6, 19), True),
        (date(2026, 12, 24), False),
        (None, True),
    ],
)
def test_a_place_that_lists_nothing_for_long_stands_still(newest: date | None, stands_still: bool):
    place = place_of("jp-meti-releases")
    assert place.newest_within == 21
    reason = standstill(place, newest, AT.date())
    assert (reason is not None) is stands_still
    assert standstill(place_of("us-fr-bis"), newest, AT.date()) is None


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
    st.sampled_from(sorted({each.authority for each in MEASURES} - OWN - NOT_WATCHED)),
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
        ("CELEX:32014R0833R(05)", {"833/2014"}),
        ("CELEX:32026D0260", {"2026/260"}),
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


def test_the_guide_says_what_each_place_was_tried_on():
    guide = (ROOT / "docs/how-to/keep-the-register-true.md").read_text("utf-8")
    [row] = [each for each in guide.splitlines() if each.startswith("| an excerpt")]
    named = {each for each in row.split("`")[1::2] if "…" not in each}
    excerpts = {each.id for each in TRIED if each.trial.how == "excerpt"}
    federal = {each for each in excerpts if each.startswith("us-fr-")}
    assert (named, len(federal)) == (excerpts - federal, 9)
    [whole] = [each for each in TRIED if each.trial.how == "page"]
    assert f"| a page of {whole.trial.day} | `{whole.id}` |" in guide


def test_the_table_of_places_counts_those_that_were_never_tried_on_a_real_page():
    untried = [each for each in places() if each.trial.how == "description"]
    told = trials_in_words(places())
    assert told.startswith(f"{len(places())} places, {len(untried)} of them never tried on a real")
    page = (ROOT / "docs/how-to/keep-the-register-true.md").read_text("utf-8")
    others = f"the other {len(untried)} of {len(places())}"
    assert f"| a description, never a real page | {others} |" in page
    assert f"It reads {len(places())} places:" in page
