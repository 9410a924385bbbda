"""Pages: the day of a status stands beside it where that is not the day of the page."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings

from tests.integration.dated import (
    AFFILIATES,
    AT_SIX,
    AT_TWO,
    BEHIND,
    EVENING,
    LAPSED,
    MOMENTS,
    NIGHTS,
    NINTH,
    SUPERHARD,
    SUSPENDED,
    TENTH,
    Dated,
    beside,
    places_of,
    rows_of,
    text_of,
)


@NIGHTS
def test_pages_put_the_day_beside_the_status(
    dated: Dated, now: datetime, measure: str, status: str, as_of: str, words: str | None
):
    dated.clock.now = now
    trade = {"items": "71051020", "origin": "CN"} if measure == SUPERHARD else {}
    for page in (
        dated.get("/", name="Hikvision", **trade).text,
        dated.get("/measures", text="superhard" if measure == SUPERHARD else "affiliates").text,
    ):
        (row,) = rows_of(page)[measure]
        badge = row.index("Suspended until" if status == "suspended" else LAPSED)
        assert ("Status of" in row) is (words is not None)
        if words is not None:
            assert 0 < row.index(words) - badge < 60
    one = text_of(dated.get(f"/measures/{measure}").text)
    assert (words or "Status of") in one or words is None
    assert ("Status of" in one) is (words is not None)
    assert as_of in {TENTH, NINTH}


def test_the_head_of_the_rows_says_whose_day_it_is(dated: Dated):
    page = text_of(dated.get("/", name="Hikvision").text)
    assert "Today, 10 Nov 2026 UTC elsewhere 9 Nov 2026 in New York, Ottawa and Washington" in page
    assert (
        "In force on 10 Nov 2026: licence needed for all items, normally refused (US, BIS); "
        in page
    )
    assert f"{BEHIND} One more reaches what it owns or controls: Affiliates Rule (50%)." in page
    assert "UN · In force (9 Nov 2026 in New York)" in page
    dated.clock.now = AT_SIX
    page = text_of(dated.get("/", name="Hikvision").text)
    assert "Today, 10 Nov 2026 What it does" in page
    assert "in Washington)" not in page


def test_a_listing_and_an_owners_rule_say_whose_day_it_is(dated: Dated):
    listing = rows_of(dated.get("/listings/us_bis_el-bc45ab6fe3ef").text)
    assert all(BEHIND in row for rows in listing.values() for row in rows)
    assert len(listing) == 2
    owned = dated.get("/", name="Acme", owner="Hikvision", share="60").text
    assert BEHIND in rows_of(owned)[AFFILIATES][0]


def test_the_calendar_counts_from_the_day_of_the_authority(dated: Dated):
    shown = dated.get("/calendar").text
    (coming,) = [row for row in rows_of(shown)[AFFILIATES] if "Suspended → becomes" in row]
    assert f"10 Nov 2026 tomorrow {BEHIND}" in coming
    assert "Seen from 10 Nov 2026 UTC; 9 Nov 2026 in New York, Ottawa and Washington" in text_of(
        shown
    )
    dated.clock.now = AT_SIX
    assert "Status of" not in dated.get("/calendar").text


def test_what_differs_from_today_says_whose_today(dated: Dated):
    page = dated.get("/", name="Hikvision", as_of=TENTH).text
    row = rows_of(page)[AFFILIATES][0]
    assert LAPSED in row
    assert f"≠ Today (9 Nov 2026 in Washington): {SUSPENDED[0].lower()}{SUSPENDED[1:]}" in row
    assert "In force on 10 Nov 2026: " in page


def test_a_day_left_open_is_an_empty_field_so_that_a_form_leaves_it_open(dated: Dated):
    for path in ("/?name=Hikvision", "/measures", "/calendar", f"/measures/{AFFILIATES}"):
        fields = dict(
            re.findall(r'id="(as_of|known_at|at)".*?value="([^"]*)"', dated.get(path).text)
        )
        assert fields == {"as_of": "", "known_at": "", "at": ""}
    submitted = dated.get("/", name="Hikvision", as_of="", known_at="", at="").text
    assert BEHIND in rows_of(submitted)[AFFILIATES][0]


def lasting_of(html: str) -> str:
    """The address that a copied link has, with a question as it was before it went after `#`."""
    found = re.search(r'data-lasting(-question)?="([^"]*)"', html)
    assert found is not None
    return ("/?" if found[1] else "") + found[2].replace("&amp;", "&")


@pytest.mark.parametrize("now", [EVENING, AT_TWO, AT_SIX], ids=["evening", "at two", "at six"])
@pytest.mark.parametrize(
    "path", ["/?name=Hikvision", f"/measures/{AFFILIATES}", "/listings/us_bis_el-bc45ab6fe3ef"]
)
def test_a_copied_link_shows_the_statuses_it_was_copied_from(
    dated: Dated, path: str, now: datetime
):
    dated.clock.now = now
    first = dated.get(path).text
    dated.clock.now = datetime(2026, 12, 24, 12, tzinfo=UTC)
    again = dated.get(lasting_of(first)).text
    assert statuses_in(again) == statuses_in(first)
    if now != AT_SIX:
        assert statuses_in(dated.get(path).text) != statuses_in(first)
    assert lasting_of(again) == lasting_of(first)


def statuses_in(html: str) -> list[tuple[str, str]]:
    """Each badge of a page, with the day beside it."""
    badge = r'class="badge b-[\w-]+(?: big)?">.*?</svg><span>([^<]*)</span></span>'
    own_day = r'(?:\s*(?:</p>\s*)?<p class="fine ownday">([^<]*)</p>)?'
    before_others, *_ = html.split('id="others"', maxsplit=1)
    return re.findall(badge + own_day, before_others, re.DOTALL)


def test_evidence_is_of_the_moment_of_the_page_it_was_asked_for_on(dated: Dated):
    page = dated.get("/", name="Hikvision").text
    form = page.split('action="/evidence"')[1].split("</form>")[0]
    hidden = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    assert hidden.keys() == {"name", "at", "once"}
    assert (hidden["name"], hidden["at"]) == ("Hikvision", "2026-11-10T02:00:00Z")
    dated.clock.now = AT_SIX
    evidence = text_of(dated.post("/evidence", data=hidden).text)
    assert f"{SUSPENDED} Affiliates Rule (50%) Expansion of End-User Controls" in evidence
    assert BEHIND in evidence


@settings(max_examples=15)
@given(now=MOMENTS)
@example(now=AT_TWO)
@example(now=EVENING)
@example(now=AT_SIX)
def test_at_any_moment_each_status_of_a_page_has_its_day_beside_it(
    dated_service: Dated, now: datetime
):
    dated_service.clock.now = now
    places = places_of(dated_service)
    pages = {
        "every": dated_service.get("/measures", text="e").text,
        "search": dated_service.get("/", name="Hikvision", items="gallium", origin="CN").text,
        "listing": dated_service.get("/listings/us_bis_el-bc45ab6fe3ef").text,
    }
    for which, html in pages.items():
        rows = rows_of(html)
        assert rows, which
        for measure, texts in rows.items():
            expected = beside(now, places[measure])
            for text in texts:
                assert re.findall("Status of [^:]*: in [^.]*[.]", text) == (
                    [] if expected is None else [expected]
                ), (which, measure)
