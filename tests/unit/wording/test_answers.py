"""The first words of an answer."""

from datetime import date
from typing import get_args

import msgspec
import pytest

from abeyance_screening.engine.lists.edition import ListState
from abeyance_screening.engine.lists.listing import Listing, Name
from abeyance_screening.engine.names.match_types import Explanation, WordPair
from abeyance_screening.engine.screening.answer import (
    Corroboration,
    CounterpartyResult,
    Coverage,
    DifferentIdentifier,
    Hit,
    ListCoverage,
    MatchedName,
    NumberSearched,
    Outcome,
    Standing,
)
from abeyance_screening.engine.wording import (
    AnswerTerms,
    count_in_words,
    doubts,
    headline,
    hit_notes,
    hit_text,
    matched_in_words,
)
from abeyance_screening.engine.wording.hits import agreements, manner, score_in_words
from tests.unit.web.measures import PLAIN

DAY = date(2026, 11, 24)


def listed(code: str, state: ListState) -> ListCoverage:
    return ListCoverage(
        code=code,
        title=code,
        source=code,
        state=state,
        reason=None,
        edition=1,
        sha256="0" * 64,
        published_on=DAY,
        confirmed_on=None,
        loaded_at=None,
        age_days=0,
        entry_count=1,
        max_age_days=3,
    )


def covering(*states: ListState) -> Coverage:
    return Coverage(
        complete=all(state == "fresh" for state in states),
        lists=tuple(listed(f"list_{place}", state) for place, state in enumerate(states)),
    )


def asked(*states: ListState) -> AnswerTerms:
    return AnswerTerms(as_of=DAY, known_at=DAY, threshold=0.73, coverage=covering(*states))


def result(outcome: Outcome, total: int = 0) -> CounterpartyResult:
    return CounterpartyResult(
        id=None, name="Acme Optics", outcome=outcome, total=total, hits=(), delisted=()
    )


HIT = Hit(
    score=0.9,
    matched=MatchedName(text="Hikvision", kind="alias", query="Hikvison"),
    corroboration=Corroboration(
        entity_type="unknown", countries="unknown", addresses="unknown", identifiers=()
    ),
    explanation=Explanation(
        exact=False,
        pairs=(
            WordPair(
                query="Hikvison", listed="Hikvision", by="spelling", similarity=0.9, worth=4.0
            ),
        ),
        query_left_over=(),
        listed_left_over=(),
        parts=(),
        log_odds=2.0,
    ),
    listing=Listing(id="a-1", list_code="a", names=(Name(text="Hikvision", kind="primary"),)),
    licence=None,
    standing=Standing(
        state="left",
        source="a",
        edition=1,
        first_seen_on=DAY,
        known=True,
        left_on=None,
        left_by=DAY,
    ),
    copies=(),
    measures=(),
    changed=None,
)


def test_a_name_that_was_cut_is_said_to_be_cut():
    explanation = msgspec.structs.replace(HIT.explanation, manner="cut after 35 characters")
    hit = msgspec.structs.replace(HIT, explanation=explanation)
    assert manner(hit) == "cut after 35 characters, a similar spelling"
    assert matched_in_words(hit).startswith("alias “Hikvision”, cut after 35 characters: Hikvison")


def test_a_programme_nobody_registered_is_named_beside_the_gap_it_leaves():
    hit = msgspec.structs.replace(HIT, unknown_programmes=("ZZZ-EO14999", "YYY"))
    gap = msgspec.structs.replace(PLAIN, kind="gap")
    assert [note.line for note in hit_notes(gap, hit)][:1] == [
        "Not in the register: programme ZZZ-EO14999, YYY."
    ]
    assert hit_notes(PLAIN, hit) == hit_notes(PLAIN, HIT)
    assert hit_notes(gap, HIT) == hit_notes(PLAIN, HIT)


@pytest.mark.parametrize(
    ("outcome", "total", "words", "found"),
    [
        pytest.param("hits", 1, "1 listing", "1 listing may be meant, on 24 Nov 2026.", id="one"),
        pytest.param(
            "hits", 3, "3 listings", "3 listings may be meant, on 24 Nov 2026.", id="several"
        ),
        pytest.param(
            "owner_hits",
            0,
            "not listed itself, but an owner may be",
            "No listing found on 24 Nov 2026, but an owner may be listed.",
            id="an owner's",
        ),
        pytest.param(
            "no_hits",
            0,
            "no listing found",
            "On 24 Nov 2026: no listing on 2 lists of your own. Searched down to score 0.73. This "
            "is no clearance: rules that name no "
            "company still need their answers.",
            id="none",
        ),
    ],
)
def test_what_was_found_is_counted(outcome: Outcome, total: int, words: str, found: str):
    assert headline(result(outcome, total)) == words
    assert count_in_words(result(outcome, total), asked("fresh", "fresh")) == found


def test_nothing_found_in_part_of_the_lists_says_nothing():
    said = count_in_words(result("incomplete"), asked("fresh", "missing", "too_old", "too_old"))
    assert said == (
        "Cannot say on 24 Nov 2026. 3 of 4 required lists are missing (list_1) or too old "
        "(list_2, list_3). No listing was found in what was searched."
    )


def test_a_list_in_part_and_a_database_out_of_sight_are_told():
    asking = asked("fresh", "in_part")
    lost = msgspec.structs.replace(
        asking.coverage, reasons=("the database was last seen at noon",)
    )
    said = count_in_words(result("incomplete"), msgspec.structs.replace(asking, coverage=lost))
    assert said == (
        "Cannot say on 24 Nov 2026. The database was last seen at noon; 1 of 2 required lists "
        "is read in part only (list_1). No listing was found in what was searched."
    )


def test_an_answered_question_is_open_no_more():
    asks = msgspec.structs.replace(PLAIN, condition="Owned?")
    one = msgspec.structs.replace(
        result("hits", 1), hits=(msgspec.structs.replace(HIT, measures=(asks, asks)),)
    )
    assert headline(one) == "1 listing, 1 open question"
    assert headline(one, {asks.id}) == "1 listing"


def test_hits_that_are_left_out_are_told():
    cut = msgspec.structs.replace(result("hits", 3), hits=(HIT,))
    assert count_in_words(cut, asked("fresh")) == (
        "3 listings may be meant, on 24 Nov 2026. Shown: the best 1."
    )


def test_another_day_of_knowledge_is_told():
    then = msgspec.structs.replace(asked("fresh"), known_at=date(2026, 10, 1))
    assert "on 24 Nov 2026, as known on 1 Oct 2026" in count_in_words(result("hits", 2), then)


@pytest.mark.parametrize(
    ("states", "said"),
    [
        pytest.param(
            ("missing",) * 6,
            "6 of 6 required lists are missing (list_0, list_1 and four more).",
            id="one cause",
        ),
        pytest.param(
            ("fresh",) * 20 + ("kept",) * 12 + ("too_old",) * 3,
            "15 of 35 required lists are held at an earlier edition because a newer file was "
            "refused (12) or too old (3).",
            id="two causes",
        ),
        pytest.param(
            ("fresh", "missing", "missing", "edition_later", *("too_old",) * 3),
            "6 of 7 required lists are missing (list_1, list_2), known only from a later "
            "edition (1) or too old (3).",
            id="three causes",
        ),
    ],
)
def test_many_doubtful_lists_are_counted_each_under_its_own_cause(
    states: tuple[ListState, ...], said: str
):
    assert doubts(covering(*states)) == said


@pytest.mark.parametrize("state", get_args(ListState))
def test_every_state_of_a_list_has_words_of_its_own(state: ListState):
    others = {doubts(covering(each)) for each in get_args(ListState) if each != state}
    assert doubts(covering(state)) not in others
    assert (doubts(covering(state)) == "") is (state == "fresh")


def test_how_a_name_met_is_told():
    assert matched_in_words(HIT) == "alias “Hikvision”: Hikvison = Hikvision (a similar spelling)"
    exact = msgspec.structs.replace(
        HIT, explanation=msgspec.structs.replace(HIT.explanation, exact=True)
    )
    assert matched_in_words(exact) == "alias “Hikvision”, word for word"
    number = msgspec.structs.replace(
        HIT, corroboration=msgspec.structs.replace(HIT.corroboration, identifiers=("IMO 1",))
    )
    assert matched_in_words(number) == "alias “Hikvision”, by its number IMO 1"


@pytest.mark.parametrize(
    ("on", "by", "words"),
    [
        pytest.param(
            DAY, None, "No longer listed: taken off on 24 Nov 2026.", id="its publisher's day"
        ),
        pytest.param(
            None, DAY, "No longer listed: gone from the edition of 24 Nov 2026.", id="an edition's"
        ),
        pytest.param(None, None, "No longer listed.", id="no day"),
    ],
)
def test_a_party_that_left_is_history(on: date | None, by: date | None, words: str):
    gone = msgspec.structs.replace(
        HIT, standing=msgspec.structs.replace(HIT.standing, left_on=on, left_by=by)
    )
    assert hit_text(gone, DAY).history == f"Hikvision, a. {words}"


def test_what_else_agrees_is_told():
    said = msgspec.structs.replace(
        HIT.corroboration,
        countries="differs",
        addresses="agrees",
        identifiers_differ=(DifferentIdentifier(kind="LEI", asked=("A",), listed=("B", "C")),),
    )
    assert list(agreements(msgspec.structs.replace(HIT, corroboration=said))) == [
        "country differs",
        "address agrees",
        "another LEI: asked A, listed B, C",
    ]


def test_an_entry_of_a_later_edition_tells_the_edition_and_its_oldest_act():
    listing = msgspec.structs.replace(HIT.listing, citations=("84 FR 54002",))
    hit = msgspec.structs.replace(HIT, listing=listing)
    unsure = msgspec.structs.replace(PLAIN, flags=("listed_then_not_known",))
    (told,) = hit_notes(unsure, hit)
    assert told.text == (
        "Not known, for it was read from the edition of 24 Nov 2026, which prints no day for it. "
        "The oldest act it cites is of 2019."
    )
    assert hit_notes(msgspec.structs.replace(unsure, condition="Owned?"), hit) == ()


@pytest.mark.parametrize(
    ("score", "number_met", "words"),
    [
        pytest.param(0.97, False, "0.97", id="a name"),
        pytest.param(0.0, True, "number met", id="a number alone"),
        pytest.param(0.59, True, "number met", id="a name below the threshold"),
        pytest.param(0.6, True, "number met, name 0.60", id="both"),
    ],
)
def test_a_score_is_told_only_where_it_says_something(score: float, number_met: bool, words: str):
    assert score_in_words(score, number_met=number_met) == words


def test_an_answer_to_a_number_says_where_such_numbers_are_printed():
    numbers = (
        NumberSearched(kind="IMO", value="9116412", lists=("uk_sl",)),
        NumberSearched(kind="MMSI", value="273310000", lists=()),
        NumberSearched(kind=None, value="12345", lists=("uk_sl", "un_sc")),
    )
    told = msgspec.structs.replace(result("no_hits"), numbers=numbers)
    found = count_in_words(told, asked("fresh", "fresh", "missing"))
    assert found.endswith(
        " IMO 9116412: 1 of the 2 lists searched prints numbers of this kind (UK Sanctions "
        "List). The editions loaded of the others have none: search for the name as well. "
        "MMSI 273310000: no list searched prints "
        "numbers of this kind, so it could meet none; search for the name as well. 12345: 2 of "
        "the 2 lists searched print numbers (UK Sanctions List, UN Consolidated List)."
    )
