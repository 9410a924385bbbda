"""What the body of an act says, with the place of each finding."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from abeyance_screening.engine.measures.place_state import OpenDocument
from abeyance_screening.engine.measures.places import Proposal, place_of
from abeyance_screening.features.watch.document_text import text_of_page
from abeyance_screening.features.watch.proposals.bodies import read_body
from abeyance_screening.features.watch.proposals.from_places import drafts_from
from tests.shipped_register import load

MEASURES = load().measures
FIXTURES = Path(__file__).parents[2] / "fixtures"
ORDERS = FIXTURES / "cn_announcements"


def page(name: str) -> str:
    text = text_of_page((FIXTURES / "documents" / name).read_bytes())
    assert text is not None
    return text


def drafts(place: str, title: str, on: date, body: str | None) -> tuple[Proposal, ...]:
    document = OpenDocument(
        id=7,
        place=place,
        key="k",
        title=title,
        url="https://publisher.example/act",
        dated_on=on,
        seen_at=datetime(2026, 11, 30, tzinfo=UTC),
        body=body,
    )
    return drafts_from(document, MEASURES)


def test_a_suspension_of_several_announcements_is_a_draft_for_each_of_their_measures():
    found = drafts(
        "cn-mofcom-announcements", "公告2025年第70号", date(2025, 11, 7), page("cn-2025-70.html")
    )
    assert {each.measure for each in found} == {
        "cn-2025-55",
        "cn-2025-56",
        "cn-2025-57",
        "cn-2025-58",
        "cn-2025-61",
        "cn-2025-61-abroad",
        "cn-2025-62",
        "cn-mofcom-50-percent",
    }
    event = found[0].event
    assert (event.kind, event.published_on) == ("suspend", date(2025, 11, 7))
    assert (event.effective_on, event.until) == (date(2025, 11, 7), date(2026, 11, 10))
    # `至` does not say whether the day itself is still suspended
    assert (event.until_bound, event.lapse_effect) == ("unknown", "restriction_returns")
    assert found[0].sure == "high"
    assert "paragraph 2 says “经批准" in found[0].why
    assert found[0].missing == (
        "event.until_bound: whether that day is still included",
        "event.confidence: verified_primary once you have read the act itself",
    )


def test_an_act_of_the_official_journal_says_its_day_by_that_of_its_publication():
    title = "Council Regulation (EU) 2022/879 of 3 June 2022 amending Regulation (EU) No 833/2014"
    [found] = drafts("eu-oj-l", title, date(2022, 6, 3), page("eu-2022-879.html"))
    assert (found.event.kind, found.event.effective_on) == ("amend", date(2022, 6, 4))
    # several measures rest on the regulation: a person chooses
    assert found.measure is None
    assert "eu-russia-arms-assistance" in found.candidates
    assert "Article 1 says “Regulation (EU) No 833/2014 is amended as follows:”" in found.why
    assert (
        "Article 2 says “This Regulation shall enter into force on the day following" in found.why
    )
    # what the recitals tell is no deed of this act
    assert "broadcasting" not in found.why
    undated = read_body(place_of("eu-oj-l"), page("eu-2022-879.html"), None, MEASURES)
    assert undated.effective_on is None


def test_a_recent_action_of_ofac_names_the_licences_of_its_programme_alone():
    title = "Issuance of Russia-related General Licenses"
    body = page("ofac-2023-12-22.html")
    [found] = drafts("us-ofac-recent-actions", title, date(2023, 12, 22), body)
    assert (found.measure, found.event.kind, found.sure) == ("us-ofac-gl-84", "authorise", "high")
    assert found.event.quote is not None
    assert found.event.quote.startswith("OFAC is also issuing Russia-related General License 83")
    assert "event.until: is not stated in what was read" in found.missing
    elsewhere = body.replace("Russia", "Venezuela").replace("1406", "1385")
    [other] = drafts("us-ofac-recent-actions", "General Licenses", date(2023, 12, 22), elsewhere)
    assert other.measure is None


@pytest.mark.parametrize(
    ("words", "until", "bound"),
    [
        pytest.param(
            "is authorized through 12:01 a.m. eastern daylight time, April 7, 2027.",
            date(2027, 4, 7),
            "exclusive",
            id="a minute of that day is none",
        ),
        pytest.param(
            "is authorized through 11:59 p.m. eastern daylight time, April 7, 2027.",
            date(2027, 4, 7),
            "inclusive",
            id="the whole day",
        ),
        pytest.param("is valid until 7 April 2027.", date(2027, 4, 7), "unknown", id="until"),
        pytest.param("is valid until 31 April 2027.", None, None, id="no day"),
    ],
)
def test_the_end_of_a_licence_is_read_with_its_hour(
    words: str, until: date | None, bound: str | None
):
    body = f"OFAC is issuing Russia-related General License 134.\nThe sale of oil {words}"
    read = read_body(place_of("us-ofac-recent-actions"), body, date(2026, 10, 9), MEASURES)
    assert (read.kind, read.until, read.until_bound) == ("authorise", until, bound)
    if until is not None:
        assert read.ends is not None
        assert read.ends.where == "paragraph 2"


def test_a_notice_of_gov_uk_says_when_measures_came_in_and_names_their_regulations():
    [found] = drafts(
        "uk-ecju",
        "NTE 2022/27: introduction of additional sanctions against Russia",
        date(2022, 11, 1),
        page("gov-uk-nte-2022-27.html"),
    )
    assert found.event.effective_on == date(2022, 10, 28)
    assert "paragraph 3 says “Further to notice to exporters 2022/22" in found.why
    # as many measures rest on the regulations of 2019 that no one is meant
    assert (found.measure, found.candidates) == (None, ())


def test_an_announcement_that_lists_parties_says_from_when_and_which_order_it_is():
    title = "商务部公告2026年第11号 公布将20家日本实体列入出口管制管控名单"
    body = (ORDERS / "ecl_2026_11.txt").read_text("utf-8")
    [found] = drafts("cn-mofcom-announcements", title, date(2026, 2, 24), body)
    assert (found.measure, found.event.kind) == ("cn-ecl-2026-11", "expand")
    assert found.event.effective_on == date(2026, 2, 24)
    assert "says “本公告自公布之日起正式实施。”" in found.why


@pytest.mark.parametrize(
    ("file", "measure", "on"),
    [
        ("mfa_2023_04_07.txt", "cn-afsl-mfa-2023-04-07", date(2023, 4, 7)),
        ("mfa_2024_09_18.txt", "cn-afsl-mfa-2024-09-18", date(2024, 9, 18)),
        ("mfa_2024_10_10.txt", "cn-afsl-mfa-2024-10-10", date(2024, 10, 10)),
        ("mfa_2024_12_21.txt", "cn-afsl-mfa-2024-12-21", date(2024, 12, 21)),
        ("mfa_2025_09_08.txt", "cn-afsl-mfa-2025-09-08", date(2025, 9, 8)),
        ("mfa_2025_12_15.txt", "cn-afsl-mfa-2025-12-15", date(2025, 12, 15)),
    ],
)
def test_an_order_of_the_foreign_ministry_says_its_number_and_its_day(
    file: str, measure: str, on: date
):
    text = (ORDERS / file).read_text()
    title = next(line for line in text.splitlines() if "反制措施的决定" in line)
    [found] = drafts("cn-mfa-countermeasures", title.strip(), on, text)
    assert (found.measure, found.event.kind, found.event.effective_on) == (measure, "list", on)
    assert "the act itself names the measure" in found.why
    assert place_of("cn-mfa-countermeasures").reads_documents


@pytest.mark.parametrize(
    ("file", "measure", "on"),
    [
        ("uel_2024_2.txt", "cn-uel-2024-2", date(2024, 5, 20)),
        ("uel_2025_3.txt", "cn-uel-2025-3", date(2025, 1, 15)),
        ("uel_2025_4.txt", "cn-uel-2025-0204", date(2025, 2, 4)),
        ("uel_2025_8.txt", "cn-uel-2025-8", date(2025, 4, 9)),
        ("uel_2025_10.txt", "cn-uel-2025-1009", date(2025, 10, 9)),
    ],
)
def test_an_announcement_on_unreliable_entities_is_known_by_its_own_number(
    file: str, measure: str, on: date
):
    text = (ORDERS / file).read_text()
    title = next(line for line in text.splitlines() if "不可靠实体清单" in line and "关于" in line)
    [found] = drafts("cn-mofcom-security-bureau", title.strip(), on, text)
    assert found.measure == measure
    assert found.event.kind in {"list", "expand"}
    assert found.event.effective_on is not None


def test_a_page_that_is_no_act_gives_what_its_title_says_and_no_more():
    title = "Issuance of Russia-related General Licenses"
    bare, other = (
        drafts("us-ofac-recent-actions", title, date(2026, 10, 9), body)
        for body in (None, "Menu\nWe will be back soon.")
    )
    assert bare == other
    assert [each.sure for each in bare] != ["high"]
    assert text_of_page(b"%PDF-1.7 \x00\x01") is None
    menu = b"<html><nav><p>Menu</p></nav><p>One&nbsp;line\nof text</p><script>x()</script></html>"
    assert text_of_page(menu) == "One line of text"
