"""Documents of the Federal Register become drafts of events, linked to the measures they name."""

from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abeyance_screening.engine.measures.measure import Event, Measure, Source
from abeyance_screening.engine.measures.places import FederalRegisterDocument, Proposal
from abeyance_screening.engine.measures.register.check import event_findings
from abeyance_screening.features.watch.proposals.drafts import propose
from tests.shipped_register import load
from tests.tools.propose.us_fr.gazette import documents, made
from tests.unit.measures.named_measures import AFFILIATES, HUAWEI_LICENCE, LICENCE_131, REGISTER

PLAIN = documents("plain_list.json")
ANSWER = documents("api_answer.json")
DATED = documents("api_dated.json")
EVERY = (*PLAIN.values(), *ANSWER.values(), *DATED.values())
RENEWED = "Order Renewing Temporary Denial of Export Privileges"


def only(document: FederalRegisterDocument, register: tuple[Measure, ...] = REGISTER) -> Proposal:
    (proposal,) = propose([document], register)
    return proposal


def test_the_suspension_comes_out_as_the_register_records_it():
    shipped = load().get("us-bis-affiliates-rule")
    recorded = next(each for each in shipped.events if each.kind == "suspend")
    before = msgspec.structs.replace(
        shipped, events=tuple(each for each in shipped.events if each.id != recorded.id)
    )
    proposal = only(DATED["2025-19846"], (before,))
    drafted = proposal.event
    assert proposal.measure == shipped.id
    assert proposal.sure == "high"
    assert (drafted.id, drafted.kind) == (recorded.id, "suspend")
    assert drafted.published_on == recorded.published_on == date(2025, 11, 12)
    assert drafted.effective_on == recorded.effective_on == date(2025, 11, 10)
    assert drafted.until == recorded.until == date(2026, 11, 9)
    assert drafted.lapse_effect == recorded.lapse_effect == "restriction_returns"
    assert drafted.citation == recorded.citation
    assert drafted.source == recorded.source
    # whether 9 November is within was read from commentaries, not from the document
    assert (drafted.until_bound, recorded.until_bound) == ("unknown", "inclusive")
    assert proposal.missing == (
        "event.until_bound: whether that day is still included",
        "event.confidence: verified_primary once you have read the document itself",
    )


def test_a_list_whose_measure_gives_way_to_its_programmes_is_a_candidate_all_the_same():
    proposal = only(PLAIN["2023-16361"], load().measures)
    assert (proposal.event.kind, proposal.candidates) == ("list", ("us-uflpa",))


def test_a_draft_says_which_words_led_to_it_and_what_is_missing():
    proposal = only(PLAIN["2025-19846"])
    assert proposal.measure == "us-affiliates"
    assert proposal.why == "the title says “Suspension of”; the measure is named by its title"
    assert "set to end November 9, 2026" in proposal.quote
    assert proposal.event.effective_on is None
    assert "event.effective_on: is not stated in the fields that were read" in proposal.missing
    assert "event.citation: the page in the Federal Register is not known" in proposal.missing


@pytest.mark.parametrize(
    ("document", "chosen", "candidates"),
    [
        pytest.param(PLAIN["2025-19846"], "us-affiliates", (), id="by the title it names"),
        pytest.param(DATED["2022-00448"], "us-cyber", (), id="by page and rulemaking"),
        pytest.param(DATED["2020-05190"], "us-huawei-tgl", (), id="by the page of an event"),
        pytest.param(PLAIN["2020-05190"], None, ("us-huawei-tgl",), id="eases a party named"),
        pytest.param(PLAIN["2025-16724"], None, (), id="nothing named"),
        pytest.param(PLAIN["2025-19508"], None, ("us-el",), id="a list that has a measure"),
        pytest.param(ANSWER["2026-20014"], None, ("us-gl-131",), id="a licence of that number"),
        pytest.param(ANSWER["2026-19927"], None, ("us-dpl",), id="another party's denial order"),
        pytest.param(
            made(title=f"{RENEWED}; UTair Aviation JSC, Tyumen, Russia"),
            "us-tdo-utair",
            (),
            id="the party of a denial order",
        ),
        pytest.param(
            made(title=f"{RENEWED}; UTair, Tyumen, Russia"), None, ("us-dpl",), id="half a name"
        ),
        pytest.param(
            made(title="Rescission of a rule", abstract="That of 90 FR 47201 and 86 FR 58205."),
            None,
            ("us-affiliates", "us-cyber"),
            id="two measures named",
        ),
        pytest.param(
            made(title="Rescission of a rule", abstract="Changes to § 744.11 are undone."),
            None,
            ("us-affiliates", "us-el"),
            id="a section that measures rest on",
        ),
        pytest.param(
            made(title="Imposition of Controls", abstract="As in the rule at 90 FR 47201."),
            None,
            (),
            id="a new restriction that mentions an old one",
        ),
    ],
)
def test_a_measure_is_chosen_only_when_it_is_named(
    document: FederalRegisterDocument, chosen: str | None, candidates: tuple[str, ...]
):
    proposal = only(document)
    assert (proposal.measure, proposal.candidates) == (chosen, candidates)


def test_a_measure_of_another_issuer_is_no_candidate():
    bis = msgspec.structs.replace(LICENCE_131, authority="BIS")
    assert only(ANSWER["2026-20014"], (bis,)).candidates == ()


@pytest.mark.parametrize(
    "event",
    [
        pytest.param(Event(id="a", kind="suspend", citation="90 FR 50857"), id="by its page"),
        pytest.param(
            Event(id="a", kind="suspend", citation="FR Doc 2025-19846"), id="by its number"
        ),
        pytest.param(
            Event(
                id="a",
                kind="suspend",
                published_on=date(2025, 11, 12),
                source=Source(
                    url="https://www.federalregister.gov/d/2025-19846", published="2025-11-12"
                ),
            ),
            id="by its source, published that day",
        ),
    ],
)
def test_a_document_that_an_event_records_gives_none(event: Event):
    recorded = msgspec.structs.replace(AFFILIATES, events=(event,))
    assert propose([DATED["2025-19846"]], [recorded]) == ()


def test_a_document_recorded_by_its_page_is_known_by_its_number():
    assert PLAIN["2025-19001"].citation is None
    assert propose([PLAIN["2025-19001"]], [AFFILIATES]) == ()
    unpaired = msgspec.structs.replace(AFFILIATES, citation="90 FR 47201; see FR Doc 2025-19001")
    assert propose([PLAIN["2025-19001"]], [unpaired]) != ()


def test_a_later_document_that_tells_of_an_event_is_not_recorded_by_it():
    event = Event(
        id="a",
        kind="authorise",
        published_on=date(2019, 5, 22),
        source=Source(url="https://www.federalregister.gov/d/2020-05190", published="2020-03-12"),
    )
    register = [msgspec.structs.replace(HUAWEI_LICENCE, events=(event,))]
    assert len(propose([PLAIN["2020-05190"]], register)) == 1


def test_the_whole_shipped_register_knows_the_suspension():
    assert propose([DATED["2025-19846"], PLAIN["2025-19001"]], load().measures) == ()


def test_a_removal_from_a_list_never_ends_the_measure_as_a_whole():
    delisted, amended = propose([PLAIN["2025-19858"]], REGISTER)
    assert delisted.event.slice is not None
    assert delisted.event.slice.part == "the entries this document removes"
    assert amended.event.slice is not None


def test_a_moved_start_is_the_end_of_the_delay_and_no_effective_day():
    moved = only(DATED["2022-00448"]).event
    assert (moved.effective_on, moved.until) == (None, date(2022, 3, 7))
    assert (moved.until_bound, moved.lapse_effect) == ("exclusive", "restriction_begins")
    by_field = made(title="A rule; Delay of Effective Date", effective_on=date(2027, 1, 1))
    assert only(by_field).event.until == date(2027, 1, 1)
    same_day = made(title="A rule; Delay of Effective Date", effective_on=date(2026, 11, 20))
    assert only(same_day).event.until is None


def test_proposals_come_by_day_and_each_document_once():
    proposals = propose([DATED["2025-19846"], *PLAIN.values(), DATED["2020-05190"]], REGISTER)
    numbers = [each.document for each in proposals]
    assert numbers[0] == "2020-03144"
    assert numbers.count("2025-19846") == 1
    days = [each.event.published_on for each in proposals]
    assert days == sorted(days, key=str)


def test_ids_are_free_within_their_measure():
    again = made(
        number="2025-19847",
        title=PLAIN["2025-19846"].title,
        abstract=PLAIN["2025-19846"].abstract,
        publication_date=date(2025, 11, 12),
    )
    first, second = propose([PLAIN["2025-19846"], again], REGISTER)
    assert first.event.id == "suspend-2025-11-12"
    assert second.event.id == "suspend-2025-11-12-2"


@pytest.mark.parametrize("document", EVERY, ids=lambda each: each.number)
def test_every_draft_is_one_the_register_would_take(document: FederalRegisterDocument):
    for proposal in propose([document], ()):
        assert list(event_findings("event.", proposal.event)) == []
        assert proposal.event.confidence == "general_knowledge"
        assert not proposal.accepted


# as documents are read: without control characters
LINES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=200)
DAYS = st.dates(date(1936, 3, 14), date(2199, 12, 31))


@given(LINES, LINES, st.none() | DAYS)
def test_no_document_makes_a_draft_the_register_would_not_take(
    title: str, text: str, effective_on: date | None
):
    for words in ("Suspension of", "Delay of Effective Date", "General License: Extension of"):
        printed = {"title": f"{words} {title}", "dates": f"It is stayed until May 1, 2026. {text}"}
        document = made(**printed, effective_on=effective_on)
        for proposal in propose([document], REGISTER):
            assert list(event_findings("event.", proposal.event)) == []


@pytest.mark.parametrize(
    ("effective_on", "until"),
    [(date(2026, 5, 1), date(2026, 5, 1)), (date(2026, 5, 2), None)],
    ids=["the same day", "the day after"],
)
def test_an_end_before_the_first_day_is_none(effective_on: date, until: date | None):
    document = made(
        title="Suspension of a rule",
        dates="It is stayed until May 1, 2026.",
        effective_on=effective_on,
    )
    proposal = only(document)
    assert proposal.event.until == until
    uncertain = "event.until: is not certain; the document names 2026-05-01"
    assert (uncertain in proposal.missing) is (until is None)
