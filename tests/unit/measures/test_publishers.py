"""Where the words of an act were read, over the whole register: the publisher's page or a copy."""

from collections.abc import Iterator
from datetime import date, timedelta
from urllib.parse import urlsplit

import msgspec
import pytest

from abeyance_screening.engine.measures.law.resolve import good_until, is_stale
from abeyance_screening.engine.measures.measure import Confidence, Event, Measure, Source, Words
from abeyance_screening.engine.measures.publishers import (
    OWN_HOSTS,
    hosts_of,
    publisher_of,
    reading_grade,
    reading_grades,
    reading_of,
    reading_of_event,
    reading_of_measure,
    told_by,
)
from abeyance_screening.features.register.measures_page import grades_in_words, says_of
from abeyance_screening.features.register.picture import event_row, reading_in_words, sure_in_words
from tests.shipped_register import load

REGISTER = load()
WORDS = Words(
    quote="are blocked",
    url="https://www.federalregister.gov/d/2025-16735",
    read_on=date(2026, 11, 27),
    sha256="0" * 64,
)
# What words name as the act's address although only a copy is there: the act's own is not known.
COPIES = {"kikai-news.net", "legalize.dev", "tradelawnews.blogspot.com"}
# All the readings in the register that are recorded as of the publisher's own page, and that a
# measure or event calls `verified_primary`.
ON_THEIR_OWN_PAGE = {
    "nz-russia-sanctions": 2,
    "us-bis-h200-review-policy": 2,
    "us-bis-uvl": 1,
    "us-bis-veu-revocation": 2,
    "us-ofac-capta-russia-eo14024": 1,
    "us-ofac-gl-124": 1,
    "us-ofac-gl-128": 1,
    "us-ofac-gl-131": 2,
    "us-ofac-mbs-russia-eo14024": 3,
    "us-ofac-syria-program": 1,
    "us-ustr-301-china-exclusions": 1,
}


def _words() -> Iterator[tuple[Measure, Confidence, Words]]:
    for measure in REGISTER.measures:
        if measure.words is not None:
            yield measure, measure.confidence, measure.words
        for event in measure.events:
            if event.words is not None:
                yield measure, event.confidence, event.words


def test_every_address_of_an_act_is_of_a_known_publisher_or_a_known_copy():
    hosts = {urlsplit(words.url).hostname or "" for _, _, words in _words()}
    assert {host for host in hosts if publisher_of(host) is None} == COPIES


def test_no_host_belongs_to_two_publishers():
    every = [host for hosts in OWN_HOSTS for host in hosts]
    assert len(every) == len(set(every))
    assert all(publisher_of(f"www.{host}") == publisher_of(host) for host in every)


def test_few_readings_are_of_the_publishers_own_page():
    found: dict[str, int] = {}
    for measure, confidence, words in _words():
        if confidence == "verified_primary" and reading_of(words).read_from == "publisher":
            found[measure.id] = found.get(measure.id, 0) + 1
    assert found == ON_THEIR_OWN_PAGE


def test_a_reading_of_the_publishers_page_begins_with_an_address_of_the_publishers():
    for measure, _, words in _words():
        reading = reading_of(words)
        place = words.url if words.read_in is None else words.read_in
        if reading.read_from == "publisher":
            host = place.removeprefix("https://").removeprefix("http://").split("/")[0]
            assert publisher_of(host.split()[0]) is not None, measure.id
            assert reading.copy is None, measure.id
        else:
            assert reading.copy == " ".join(place.split()), measure.id


def test_no_page_ticks_an_act_or_says_that_it_was_read_at_the_source():
    for measure in REGISTER.measures:
        for row in map(event_row, measure.events):
            assert "✓" not in row.sure
            assert "at the source" not in row.sure
        sure = sure_in_words(measure.confidence, reading_of_measure(measure))
        assert "at the source" not in sure


def test_what_a_page_says_of_each_verified_event_is_what_the_record_says():
    for measure in REGISTER.measures:
        for event in measure.events:
            if event.confidence != "verified_primary":
                continue
            row, reading = event_row(event), reading_of_event(event)
            assert reading is not None
            if reading.read_from == "publisher":
                assert row.sure.startswith(f"act's words, publisher's page ({reading.host})")
            else:
                assert row.sure.startswith("act's words, "), (measure.id, event.id)
                assert reading.copy is not None
                assert (row.reading or "").endswith(f" in: {reading.copy}."), (
                    measure.id,
                    event.id,
                )


@pytest.mark.parametrize(
    ("read_in", "sure"),
    [
        pytest.param(
            None, "act's words, publisher's page (federalregister.gov)", id="the address"
        ),
        pytest.param(
            "govinfo.gov FR-2025-09-02/html/2025-16735.htm",
            "act's words, publisher's page (govinfo.gov)",
            id="another page of the publisher's",
        ),
        pytest.param(
            "github.com/austinsonger/executive-orders, commit e036b80, 2025-01-20.md",
            "act's words, from a copy at github.com",
            id="a repository",
        ),
        pytest.param(
            "law firm Thompson Hine, note of 2019-08 that quotes the notice "
            "(thompsonhinesmartrade.com)",
            "act's words, from a copy at thompsonhinesmartrade.com",
            id="a law firm's memo",
        ),
        pytest.param(
            "law firm Paul, Weiss, client memorandum of November 2025",
            "act's words, as given in: law firm Paul, Weiss, client memorandum of November 2025",
            id="a memo without an address",
        ),
        pytest.param(
            "a copy of https://www.federalregister.gov/d/2025-16735, which breaks off there",
            "act's words, as given in: a copy of https://www.federalregister.gov/d/2025-16735, "
            "which breaks off there",
            id="a copy that names the page",
        ),
        pytest.param(
            "eur-lex.europa.eu/eli/reg/2025/1",
            "act's words, from a copy at eur-lex.europa.eu",
            id="a page of another publisher's",
        ),
        pytest.param(
            "federalregister.gov.example.com/x",
            "act's words, from a copy at federalregister.gov.example.com",
            id="a host that only begins like the publisher's",
        ),
    ],
)
def test_the_page_says_what_was_read_where(read_in: str | None, sure: str):
    words = msgspec.structs.replace(WORDS, read_in=read_in)
    event = Event(id="e", kind="publish", words=words, confidence="verified_primary")
    row = event_row(event)
    assert row.sure == f"{sure}, read 27 Nov 2026"


def test_a_second_hand_event_with_words_stays_second_hand():
    row = event_row(Event(id="e", kind="publish", words=WORDS, confidence="verified_secondary"))
    assert row.sure == (
        "told by others, who are not recorded; some of the act's words, publisher's page "
        "(federalregister.gov), read 27 Nov 2026"
    )
    assert row.reading == (
        "Act's words read on 27 Nov 2026 on the publisher's own page, federalregister.gov."
    )


@pytest.mark.parametrize(
    ("url", "sure"),
    [
        pytest.param(
            "https://www.ecfr.gov/x", "act's words, publisher's page (ecfr.gov)", id="own page"
        ),
        pytest.param(
            "https://www.law-firm.example/memo",
            "act's words, from a copy at law-firm.example",
            id="a memo",
        ),
    ],
)
def test_an_operators_quote_was_read_where_its_source_is(url: str, sure: str):
    event = Event(
        id="own-1",
        kind="publish",
        quote="are blocked",
        source=Source(url=url),
        confidence="verified_primary",
        origin="operator",
    )
    assert event_row(event).sure == sure


def test_a_reading_is_told_with_its_day():
    assert reading_in_words(reading_of(WORDS)) == (
        "read on 27 Nov 2026 on the publisher's own page, federalregister.gov"
    )


def test_every_measure_counts_once_by_what_it_rests_on():
    grades = reading_grades(REGISTER.measures)
    assert sum(msgspec.structs.astuple(grades)) == len(REGISTER.measures)
    assert grades.publisher + grades.copy == sum(
        each.confidence == "verified_primary" for each in REGISTER.measures
    )
    told = grades_in_words(grades)
    assert f"Of {len(REGISTER.measures)} measures, {grades.publisher:,} rest on the act" in told
    assert f"{grades.told:,} on what others told, the act's words not seen" in told


def test_what_others_told_is_said_to_be_told_by_them():
    told = sure_in_words("verified_secondary", None, ("law-firm.example",))
    assert told == "told by law-firm.example, words not seen"
    doubted = sure_in_words("disputed", None)
    assert doubted == (
        "told by others, who are not recorded, words not seen; sources contradict each other"
    )
    assert sure_in_words("general_knowledge", None) == "general knowledge, no source read"
    many = sure_in_words("verified_secondary", None, ("a.example", "b.example", "c.example"))
    assert many == "told by a.example, b.example and one more, words not seen"


def test_others_come_before_the_acts_own_publisher_among_those_who_told():
    pages = ("https://www.bis.gov/x", "https://memo.example/y", "https://memo.example/z")
    assert hosts_of(pages) == ("memo.example", "bis.gov")


def test_each_measure_that_was_told_says_by_whom():
    grades = {
        each.id: reading_grade(each.confidence, reading_of_measure(each))
        for each in REGISTER.measures
    }
    told = [each for each in REGISTER.measures if grades[each.id] == "told"]
    assert len(told) > 400
    assert [each.id for each in told if not told_by(each)] == []
    assert [each.id for each in told if "not recorded" in says_of(each)] == []


def test_a_reading_is_good_until_the_day_before_it_is_stale():
    for measure in REGISTER.measures:
        for word in ("in_force", "suspended", "ended"):
            good = good_until(measure, word)
            if good is None:
                assert is_stale(measure, word, date(2000, 1, 1)), measure.id
            else:
                assert not is_stale(measure, word, good), measure.id
                assert is_stale(measure, word, good + timedelta(days=1)), measure.id
