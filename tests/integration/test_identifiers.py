"""Numbers over HTTP, on the bundled lists: they decide, they order, and they hide nothing."""

import asyncio
import re
from collections.abc import Mapping

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from abeyance_screening.engine.lists.listing import Identifier
from abeyance_screening.engine.screening.answer import CounterpartyResult
from abeyance_screening.engine.screening.applicable_versions import decode
from abeyance_screening.engine.screening.identifiers import numbers_in
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.engine.screening.question import (
    Counterparty,
    PartyIdentifier,
    ScreeningQuestion,
)
from abeyance_screening.engine.screening.screen import Screener
from abeyance_screening.engine.screening.validate import question_from
from abeyance_screening.primitives.days import Days
from tests.integration.played import BOARD, TODAY

# Of the UK list: two vessels of one name, a bank, and a firm whose numbers stand in one text.
ARIADNE, OTHER_ARIADNE = "9289752", "9397547"
SBERBANK_OGRN, EKC_LEI = "1027700132195", "5299008ONRYZRO61SY92"


def screen(client, counterparty: Mapping[str, object], **more):
    body = {"counterparties": [counterparty], **more}
    answer = client.post("/v1/screenings", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()["results"][0]


def numbers_met(hit) -> list[str]:
    return hit["corroboration"]["identifiers"]


@pytest.mark.parametrize(
    ("counterparty", "met"),
    [
        pytest.param({"name": f"IMO {ARIADNE}"}, f"IMO number: {ARIADNE}", id="an IMO as name"),
        pytest.param(
            {"name": f"OCEAN STAR (IMO: {ARIADNE})"},
            f"IMO number: {ARIADNE}",
            id="an IMO in the name",
        ),
        pytest.param(
            {"name": ARIADNE, "entity_type": "vessel"},
            f"IMO number: {ARIADNE}",
            id="a vessel's seven digits",
        ),
        pytest.param(
            {"name": "Anything", "aliases": [f"imo{ARIADNE}"]},
            f"IMO number: {ARIADNE}",
            id="an IMO as alias",
        ),
        pytest.param(
            {"name": SBERBANK_OGRN},
            f"Business registration number: {SBERBANK_OGRN}",
            id="an OGRN as name",
        ),
        pytest.param(
            {
                "name": "Acme",
                "identifiers": [{"kind": "OGRN", "value": "1 02 77 00 13219 5", "country": "RU"}],
            },
            f"Business registration number: {SBERBANK_OGRN}",
            id="an OGRN, spaced, of another name",
        ),
    ],
)
def test_a_number_finds_its_listing_whatever_the_name_and_the_threshold(client, counterparty, met):
    first = screen(client, counterparty, threshold=1, limit=1, lists=["uk_sl"])["hits"][0]
    assert numbers_met(first) == [met]


@pytest.mark.parametrize(
    ("name", "manner"),
    [
        pytest.param(f"OCEAN STAR, IMO {ARIADNE}", "only a number met", id="another name"),
        pytest.param(f"IMO {ARIADNE}", "only a number met", id="no name"),
        pytest.param(f"ARIADNE, IMO {ARIADNE}", f"without its number {ARIADNE}", id="its name"),
    ],
)
def test_a_hit_says_that_only_its_number_met(client, name: str, manner: str):
    """Its score is that of the names, which a program could take for a hit to leave out."""
    answer = screen(client, {"name": name}, lists=["uk_sl"])
    first = answer["hits"][0]
    assert (first["score"] < 0.5) == (manner == "only a number met")
    assert first["explanation"]["manner"] == manner
    assert numbers_met(first) == [f"IMO number: {ARIADNE}"]
    assert answer["outcome"] == "hits"


def test_an_lei_is_found_within_a_text_of_several_numbers(client):
    first = screen(client, {"name": EKC_LEI})["hits"][0]
    assert first["listing"]["names"][0]["text"] == "EKC.AG"


def test_of_two_vessels_of_one_name_the_number_tells_which_is_meant(client):
    asked = {
        "name": "ARIADNE",
        "entity_type": "vessel",
        "identifiers": [{"kind": "IMO", "value": OTHER_ARIADNE}],
    }
    hits = screen(client, asked, lists=["uk_sl"])["hits"]
    assert numbers_met(hits[0]) == [f"IMO number: {OTHER_ARIADNE}"]
    (other,) = (hit for hit in hits[1:] if hit["listing"]["names"][0]["text"] == "ARIADNE")
    assert other["corroboration"]["identifiers_differ"] == [
        {"kind": "IMO", "asked": [OTHER_ARIADNE], "listed": [ARIADNE]}
    ]


def test_a_passport_of_the_same_digits_is_no_meeting(client):
    passport = {"kind": "Passport", "value": SBERBANK_OGRN}
    asked = {"name": "Zzyzx Qwyrtl", "identifiers": [passport]}
    assert screen(client, asked)["hits"] == []


def test_a_number_that_cannot_be_is_answered_with_a_warning_that_names_it(client):
    asked = {
        "name": "IMO 9289753",
        "identifiers": [
            {"kind": "OGRN", "value": SBERBANK_OGRN},
            {"kind": "LEI", "value": "5299008ONRYZRO61SY93"},
        ],
    }
    result = screen(client, asked)
    assert result["outcome"] == "hits"
    assert result["warnings"] == [
        {
            "field": "identifiers[1].value",
            "reason": "the check digit of LEI 5299008ONRYZRO61SY93 is wrong; "
            "it was compared as written",
            "may_hide": False,
        },
        {
            "field": "name",
            "reason": "the check digit of IMO 9289753 is wrong; it was compared as written",
            "may_hide": False,
        },
    ]


def test_an_owners_warning_stands_with_the_owner(client):
    owner = {"name": "Slithy Toves", "identifiers": [{"kind": "INN", "value": "7707083894"}]}
    result = screen(client, {"name": "Borogove Mills", "owners": [owner]})
    assert result["warnings"] == []
    (answered,) = result["ownership"]["owners"]
    assert answered["warnings"][0]["field"] == "identifiers[0].value"


def test_a_search_says_of_a_pasted_number_that_it_cannot_be(client):
    answer = client.get("/v1/search", params={"name": "IMO 9289753"}).json()
    assert [each["field"] for each in answer["warnings"]] == ["name"]


@pytest.fixture(scope="module")
def numbered(bundled_index: ListingIndex) -> list[tuple[str, Identifier]]:
    """Every number in the last print of an entry that is its own, with the listing's id."""
    entries = (bundled_index.entry(place) for place in range(bundled_index.listing_count))
    return [
        (entry.listing_id, each)
        for entry in entries
        for each in decode(entry.versions[-1].body).identifiers
        if numbers_in(each.kind, each.value, each.country)
    ]


def answered(
    bundled_index: ListingIndex, counterparty: Counterparty, threshold: float, limit: int
) -> CounterpartyResult:
    asked = ScreeningQuestion(
        counterparties=(counterparty,),
        threshold=threshold,
        limit=limit,
    )
    question = question_from(asked, Days(as_of=TODAY, known_at=TODAY))
    return asyncio.run(Screener(bundled_index, BOARD, question, TODAY).result(counterparty))


def ids(hits) -> set[str]:
    return {hit.listing.id for hit in hits}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_more_evidence_never_hides_what_the_name_finds(bundled_index: ListingIndex, data):
    entries = st.integers(0, bundled_index.listing_count - 1).map(bundled_index.entry)
    words = data.draw(entries).names[0].text.split()
    dropped = data.draw(st.integers(0, len(words) - 1))
    name = " ".join(words[:dropped] + words[dropped + 1 :]) if len(words) > 1 else words[0]
    if not any(map(str.isalnum, name)):
        return
    others = [
        decode(entry.versions[-1].body) for entry in data.draw(st.lists(entries, max_size=3))
    ]
    numbers = [each for other in others for each in other.identifiers]
    evidence = Counterparty(
        name=name,
        entity_type=data.draw(st.sampled_from([None, "person", "organisation", "vessel"])),
        countries=tuple(country for other in others for country in other.countries),
        addresses=tuple(address.text for other in others for address in other.addresses),
        identifiers=(
            *(PartyIdentifier(value=each.value, kind=each.kind) for each in numbers),
            *data.draw(
                st.lists(
                    st.builds(
                        PartyIdentifier,
                        value=st.from_regex(r"[0-9]{5,13}", fullmatch=True),
                        kind=st.sampled_from([None, "INN", "IMO", "rabbit"]),
                    ),
                    max_size=3,
                )
            ),
        ),
    )
    threshold = data.draw(st.sampled_from([0.3, 0.5, 0.7, 0.9]))
    limit = data.draw(st.sampled_from([1, 2, 10]))
    # the type says how to read the name: as a person's, or not
    alone = Counterparty(name=name, entity_type=evidence.entity_type)
    by_name = answered(bundled_index, alone, threshold, limit)
    by_all = answered(bundled_index, evidence, threshold, limit)
    assert ids(by_name.hits) <= ids(by_all.hits)
    assert ids(by_name.delisted) <= ids(by_all.delisted)
    assert by_name.total <= by_all.total


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_listing_is_found_first_by_any_of_its_numbers(
    bundled_index: ListingIndex, numbered: list[tuple[str, Identifier]], data
):
    listing_id, number = data.draw(st.sampled_from(numbered))
    asked = PartyIdentifier(value=number.value, kind=number.kind, country=number.country)
    counterparty = Counterparty(name="Zzyzx Qwyrtl", identifiers=(asked,))
    found = answered(bundled_index, counterparty, 1.0, 1)
    met = [hit for hit in found.hits if hit.corroboration.identifiers]
    assert listing_id in ids(met) | ids(found.delisted)
    assert found.hits[: len(met)] == tuple(met)


@pytest.mark.parametrize(
    ("counterparty", "numbers"),
    [
        pytest.param(
            {"name": "IMO 9116412"}, ("IMO", "9116412", ["uk_sl", "au_dfat"]), id="of a ship"
        ),
        pytest.param(
            {"name": "9116412"}, ("IMO", "9116412", ["uk_sl", "au_dfat"]), id="bare digits"
        ),
        pytest.param(
            {"name": "Acme, ИНН 7707083893"},
            ("ИНН", "7707083893", ["un_sc", "uk_sl", "jp_mof"]),
            id="a Russian tax number",
        ),
        pytest.param(
            {
                "name": "Acme",
                "identifiers": [{"kind": "LEI", "value": "529900T8BM49AURSDO55"}],
            },
            ("LEI", "529900T8BM49AURSDO55", ["uk_sl"]),
            id="an LEI as identifier",
        ),
        pytest.param(
            {"name": "Acme", "identifiers": [{"kind": "MMSI", "value": "273310000"}]},
            ("MMSI", "273310000", []),
            id="of a kind that none prints",
        ),
    ],
)
def test_an_answer_to_a_number_says_which_searched_lists_print_such_numbers(
    client, counterparty: Mapping[str, object], numbers: tuple[str, str, list[str]]
):
    """By what the listings of the bundled editions print: those of the US print none."""
    (told,) = screen(client, counterparty)["numbers"]
    assert (told["kind"], told["value"], told["lists"]) == numbers
    if len(counterparty) == 1:
        found = client.get("/v1/search", params=counterparty).json()
        assert found["numbers"] == [told]


def test_only_lists_that_were_searched_are_told_for_a_number(client):
    asked = {"name": "IMO 9116412"}
    (told,) = screen(client, asked, lists=["us_bis_el", "uk_sl"])["numbers"]
    assert told["lists"] == ["uk_sl"]
    (told,) = screen(client, asked, lists=["us_bis_el"])["numbers"]
    assert told["lists"] == []
    assert screen(client, {"name": "Shop 24 of 9116412 Street"})["numbers"] == []


def test_the_page_says_that_a_number_met_and_gives_no_score_for_it(client):
    shown = " ".join(client.get("/", params={"name": f"IMO {ARIADNE}"}).text.split())
    assert '<b class="score">number met</b>' in shown
    assert ">0.0" not in shown
    lists = (
        r"2 of the \d+ lists searched print numbers of this kind \(UK Sanctions List, Australian"
    )
    assert re.search(f"IMO {ARIADNE}: {lists}", shown)
    nothing = " ".join(client.get("/", params={"name": "IMO 9116412"}).text.split())
    assert re.search(f"IMO 9116412: {lists}", nothing)
