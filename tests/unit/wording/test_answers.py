"""The first words of an answer."""

from datetime import date

import msgspec
import pytest

from service.model.answer import (
    Corroboration,
    CounterpartyResult,
    Coverage,
    Hit,
    ListCoverage,
    MatchedName,
    Outcome,
    Standing,
)
from service.model.edition import ListState
from service.model.listing import Listing, Name
from service.model.matching import Explanation, WordPair
from service.wording import (
    AskedOf,
    doubts,
    found_in_words,
    headline,
    left_in_words,
    matched_in_words,
)

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


def asked(*states: ListState) -> AskedOf:
    return AskedOf(as_of=DAY, known_at=DAY, threshold=0.73, coverage=covering(*states))


def result(outcome: Outcome, total: int = 0) -> CounterpartyResult:
    return CounterpartyResult(
        id=None, name="Acme Optics", outcome=outcome, total=total, hits=(), left=()
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
            "no listing of its own, but an owner may be on one",
            "No listing found on 24 Nov 2026, but an owner may be on one.",
            id="an owner's",
        ),
        pytest.param(
            "no_hits",
            0,
            "no listing found",
            "No listing found on 24 Nov 2026. 2 lists searched, all within their age limits, down "
            "to score 0.73. This is no clearance.",
            id="none",
        ),
    ],
)
def test_what_was_found_is_counted(outcome: Outcome, total: int, words: str, found: str):
    assert headline(result(outcome, total)) == words
    assert found_in_words(result(outcome, total), asked("fresh", "fresh")) == found


def test_nothing_found_in_part_of_the_lists_says_nothing():
    said = found_in_words(result("incomplete"), asked("fresh", "missing", "too_old", "too_old"))
    assert said == (
        "Cannot say on 24 Nov 2026. 1 of 4 lists could not be searched (list_1); 2 of 4 lists are "
        "too old to rest it on (list_2, list_3). In what was searched no listing was found."
    )


def test_another_day_of_knowledge_is_told():
    then = msgspec.structs.replace(asked("fresh"), known_at=date(2026, 10, 1))
    assert "on 24 Nov 2026, as known on 1 Oct 2026" in found_in_words(result("hits", 2), then)


def test_many_doubtful_lists_are_counted_and_the_first_named():
    six: tuple[ListState, ...] = ("missing",) * 6
    assert doubts(covering(*six)) == (
        "6 of 6 lists could not be searched (list_0, list_1, list_2, list_3 and 2 more)."
    )


def test_how_a_name_met_is_told():
    assert matched_in_words(HIT) == 'alias "Hikvision": Hikvison ~ Hikvision (spelling)'
    exact = msgspec.structs.replace(
        HIT, explanation=msgspec.structs.replace(HIT.explanation, exact=True)
    )
    assert matched_in_words(exact) == 'alias "Hikvision", word for word'
    number = msgspec.structs.replace(
        HIT, corroboration=msgspec.structs.replace(HIT.corroboration, identifiers=("IMO 1",))
    )
    assert matched_in_words(number) == 'number IMO 1; alias "Hikvision"'


@pytest.mark.parametrize(
    ("on", "by", "words"),
    [
        pytest.param(DAY, None, "and was taken off it on 24 Nov 2026.", id="its publisher's day"),
        pytest.param(None, DAY, "and is gone from its edition of 24 Nov 2026.", id="an edition's"),
        pytest.param(None, None, "and has left it.", id="no day"),
    ],
)
def test_a_party_that_left_is_history(on: date | None, by: date | None, words: str):
    gone = msgspec.structs.replace(
        HIT, standing=msgspec.structs.replace(HIT.standing, left_on=on, left_by=by)
    )
    assert left_in_words(gone) == f"History: Hikvision was on a {words}"
