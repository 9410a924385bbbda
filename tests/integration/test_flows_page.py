"""The page of flows: a question about goods, a cell of the matrix, and what cannot be answered."""

import re

import pytest

from abeyance_screening.engine.measures.regimes import regimes

DAY = {"as_of": "2026-11-24", "known_at": "2026-11-24"}


def flows(client, **asked) -> str:
    answer = client.get("/flows", params=DAY | asked)
    assert answer.status_code == 200, answer.text
    return answer.text


@pytest.mark.parametrize("trader", [each.id for each in regimes().traders])
def test_no_cell_of_the_matrix_is_both_empty_and_silent(client, trader):
    text = flows(client, trader=trader)
    cells = re.findall(r"<td[^>]*><a href=\"([^\"]+)\".*?</a></td>", text, re.DOTALL)
    link = r"<td[^>]*><a[^>]*>(?:<svg.*?</svg>)?\s*(?:<svg.*?</svg>\s*)?([A-Z][^<]+)"
    words = re.findall(link, text, re.DOTALL)
    assert len(cells) == len(words) > 100
    known = {"Ban", "Embargo", "Licence", "Frozen", "Duty", "Care", "Rule", "Ended"}
    assert {each.strip() for each in words} <= known | {"Not covered", "None known"}
    assert all("trader=" in each and "kind=" in each for each in cells)


def test_a_question_is_answered_with_what_it_meets(client):
    text = flows(client, item="crude oil", origin="RU", destination="US")
    assert "Import forbidden unless an exception or a licence applies" in text
    assert "/measures/us-ofac-russia-eo14066" in text
    assert "crude oil is among: crude oil" in text


def test_rules_that_are_not_in_the_register_are_named_on_the_page(client):
    text = flows(client, item="2846.90", origin="KR", destination="IR")
    assert "Not covered: rules are known that are not in the register" in text
    assert "Known, not yet in the register" in text
    assert "UNSCR 1929" in text


def test_a_cell_opens_its_measures_and_fills_in_the_form(client):
    text = flows(client, trader="US", way="to", place="RU", kind="machinery")
    assert "/measures/us-bis-russia-industrial-goods" in text
    assert 'name="origin" type="text" value="US"' in text
    assert 'name="destination" type="text" value="RU"' in text
    assert text.count('aria-current="true"') == 1


def test_a_cell_without_a_rule_says_which_acts_were_looked_through(client):
    text = flows(client, trader="IN", way="to", place="RU", kind="timber")
    assert "No rule is known, which is no permission." in text
    assert "Looked through: SCOMET list" in text


def test_the_form_says_what_it_can_answer_before_one_asks(client):
    text = flows(client)
    assert (
        "By the codes of annexes, each for a part of its rules: Australia, Canada, China" in text
    )
    assert re.search(
        r"Of \d+ annexes \d+ are whole; what the others do not list is asked about", text
    )
    assert "Cannot answer: customs duties" in text


def test_the_form_asks_whose_firm_exports_and_whether_us_export_rules_apply(client):
    without = flows(client, item="8413.70", origin="TR", destination="RU")
    assert "/measures/eu-russia-industrial-goods" in without
    by_a_german_firm = flows(client, item="8413.70", origin="TR", destination="RU", exporter="DE")
    assert 'name="exporter" type="text" value="DE"' in by_a_german_firm
    assert "exporter: DE" in by_a_german_firm
    assert "exporter: DE" not in without


def test_a_question_on_us_export_rules_is_answered_by_a_link(client):
    text = flows(client, item="8413.70", origin="TR", destination="RU")
    (yes, no) = re.findall(r'<a class="button" href="([^"]+)">(?:Yes|No)</a>', text)
    assert "us_rules=yes" in yes
    assert "us_rules=no" in no
    answered = client.get(yes.replace("&amp;", "&")).text
    assert "Licence needed" in answered
    assert '<option value="yes" selected>Yes</option>' in answered
    assert "Are the goods under US export rules" not in answered


def test_a_question_that_cannot_be_read_says_why(client):
    answer = client.get("/flows", params={"item": "12345"})
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text


def test_another_day_shows_the_matrix_of_that_day(client):
    cell = {"trader": "UK", "way": "from", "place": "RU", "kind": "coal"}
    before = flows(client, **cell, as_of="2022-08-09")
    after = flows(client, **cell, as_of="2022-08-10")
    assert "In force since 10 Aug 2022" not in before
    assert "In force since 10 Aug 2022" in after
