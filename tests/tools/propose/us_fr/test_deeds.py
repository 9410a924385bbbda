"""What real documents do by their words, and documents that do nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abeyance_screening.features.watch.proposals.us_fr import deeds_of, is_silent
from tests.tools.propose.us_fr.gazette import documents, made

PLAIN = documents("plain_list.json")
ANSWER = documents("api_answer.json")


def deeds_in(number: str) -> list[tuple[str, str | None]]:
    return [(deed.kind, deed.list_code) for deed in deeds_of((PLAIN | ANSWER)[number])]


@pytest.mark.parametrize(
    ("number", "deeds"),
    [
        pytest.param("2025-19001", [("take_effect", None)], id="the Affiliates Rule"),
        pytest.param("2025-19846", [("suspend", None)], id="its suspension"),
        pytest.param("2022-00448", [("delay", None)], id="an effective date that moves"),
        pytest.param("2020-03144", [("extend_authorisation", None)], id="a licence extended"),
        pytest.param("2020-05190", [("extend_authorisation", None)], id="and once more"),
        pytest.param("2025-16735", [("revoke_authorisation", None)], id="authorisations revoked"),
        pytest.param("2025-18992", [("revoke", None)], id="a rule rescinded"),
        pytest.param("2025-16724", [("narrow", None)], id="controls relaxed"),
        pytest.param("2024-08446", [("narrow", None)], id="licence requirements removed"),
        pytest.param("2025-19508", [("list", "us_bis_el")], id="entities and addresses added"),
        pytest.param(
            "2023-12726",
            [("list", "us_bis_el"), ("delist", "us_bis_el")],
            id="one rule adds and removes",
        ),
        pytest.param(
            "2025-19858",
            [("delist", "us_bis_el"), ("amend", "us_bis_el")],
            id="an entity goes, aliases of another go",
        ),
        pytest.param(
            "2021-00995",
            [("list", "us_bis_el"), ("list", "us_bis_meu"), ("delist", "us_bis_meu")],
            id="two lists",
        ),
        pytest.param(
            "2022-21714",
            [("list", "us_bis_uvl"), ("delist", "us_bis_uvl")],
            id="what may lead to the Entity List is no addition to it",
        ),
        pytest.param("2023-16361", [("list", "us_uflpa")], id="the UFLPA list is another one"),
        pytest.param(
            "2022-04925", [("list", "us_bis_el")], id="sanctions that are additions alone"
        ),
        pytest.param(
            "2022-21658",
            [
                ("amend", "us_bis_el"),
                ("authorise", None),
                ("is_informed", None),
                ("take_effect", None),
            ],
            id="a rule that does four things",
        ),
        pytest.param(
            "2023-13196",
            [("correct", None), ("list", "us_bis_el")],
            id="a correction adds what was left out, and removes nothing",
        ),
        pytest.param("C1-2026-16628", [("correct", None)], id="a correction by its number"),
        pytest.param("2026-17231", [("amend", "us_bis_el")], id="revisions, by the title alone"),
        pytest.param("2026-17230", [("delist", "us_bis_el")], id="a removal, by the title alone"),
        pytest.param("2026-19927", [("renew", None)], id="a denial order renewed"),
        pytest.param("2026-20014", [("authorise", None)], id="general licences published"),
        pytest.param("2020-07239", [], id="a rule that proposes"),
        pytest.param("2022-19430", [], id="a request for comments"),
        pytest.param("2022-25700", [], id="an information collection about the Entity List"),
        pytest.param("2022-26662", [], id="an extended comment period"),
        pytest.param("2023-18772", [], id="a rule about denial orders in general"),
        pytest.param("2025-00637", [], id="a briefing"),
        pytest.param("2025-04061", [], id="an investigation"),
        pytest.param("2026-20007", [], id="penalties reorganised"),
        pytest.param("2026-20058", [], id="a collection about boycotts"),
    ],
)
def test_a_document_does_what_it_says(number: str, deeds: list[tuple[str, str | None]]):
    assert deeds_in(number) == deeds


def test_a_deed_quotes_the_sentence_and_the_words_in_it():
    (added,) = deeds_of(PLAIN["2025-19508"])
    assert added.place == "abstract"
    assert added.words == "adding 29 entries (26 entities and 3 addresses) to the Entity List"
    assert added.words in added.quote
    assert added.quote.startswith("In this rule, the Bureau of Industry and Security (BIS)")
    assert added.quote.endswith("the United Arab Emirates (UAE) (1).")


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        (
            "Mahan Airways; Order Renewing Order Temporarily Denying Export Privileges",
            "renew",
        ),
        ("Order Temporarily Denying Export Privileges; Acme, 1 Road, Dubai", "take_effect"),
        ("In the Matter of: Ann Example, Texas; Order Denying Export Privileges", "take_effect"),
    ],
    ids=["renewed", "issued", "after a conviction"],
)
def test_a_denial_order_is_told_by_its_title(title: str, kind: str):
    (deed,) = deeds_of(made(title=title, type="Notice"))
    assert (deed.kind, deed.is_order) == (kind, True)


@pytest.mark.parametrize(
    ("kind", "is_heard"),
    [("Rule", True), ("Notice", True), (None, True), ("Proposed Rule", False), ("Other", False)],
)
def test_only_rules_notices_and_presidential_documents_act(kind: str | None, is_heard: bool):
    document = made(title="Removal From the Entity List", type=kind)
    assert bool(deeds_of(document)) is is_heard


@pytest.mark.parametrize(
    ("abstract", "kind"),
    [
        pytest.param("BIS extends the suspension.", "extend_suspension", id="on"),
        pytest.param("This rule suspends the Affiliates Rule.", "suspend", id="suspended"),
        pytest.param("The amendments are stayed.", "suspend", id="stayed"),
        pytest.param("BIS is suspending certain license exceptions.", None, id="an exception"),
        pytest.param("This rule has a delayed effective date.", None, id="a late start"),
        pytest.param("The entities were removed from the Entity List.", None, id="long ago"),
        pytest.param("This rule removes an alias from the Entity List.", "amend", id="an alias"),
    ],
)
def test_words_that_look_alike_are_told_apart(abstract: str, kind: str | None):
    deeds = deeds_of(made(title="Export Administration Regulations", abstract=abstract))
    assert [deed.kind for deed in deeds] == ([] if kind is None else [kind])


@pytest.mark.parametrize(
    ("number", "silent"),
    [("2025-18127", True), ("2025-19846", False), ("2026-20058", False)],
    ids=["a denial order under the bureau's name", "a suspension", "an information collection"],
)
def test_a_document_that_says_nothing_of_itself_is_named(number: str, silent: bool):
    assert is_silent((PLAIN | ANSWER)[number]) is silent


@given(st.text(), st.text())
def test_no_text_breaks_the_reading(title: str, abstract: str):
    for deed in deeds_of(made(title=title, abstract=abstract, dates=abstract)):
        assert deed.words
