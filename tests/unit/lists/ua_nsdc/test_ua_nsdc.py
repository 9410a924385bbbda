from collections.abc import Callable

import pytest

from abeyance_screening.engine.lists.edition import ParsedEdition
from abeyance_screening.engine.lists.listing import Listing
from abeyance_screening.primitives.errors import ListRefusedError
from tests.unit.lists.editions import edition_of

type Answers = tuple[bytes, bytes]


@pytest.fixture
def answers(sample: Callable[[str], bytes]) -> Answers:
    return sample("ua_nsdc/individual.json"), sample("ua_nsdc/legal.json")


def read(*contents: bytes) -> ParsedEdition:
    return edition_of("ua_nsdc", *contents)


def by_number(edition: ParsedEdition) -> dict[str | None, Listing]:
    return {each.entry_id: each for each in edition.listings}


def names(listing: Listing) -> list[str]:
    return [each.text for each in listing.names]


def test_both_answers_are_one_edition(answers: Answers):
    edition = read(*answers)
    assert [each.entry_id for each in edition.listings] == [
        "1001", "1002", "1003", "2001", "2002", "2003",
    ]  # fmt: skip
    assert edition.read_in_part == ()


def test_a_subject_has_its_names_in_three_languages(answers: Answers):
    found = by_number(read(*answers))
    assert names(found["1001"]) == [
        "Путін Володимир Володимирович",
        "Путин Владимир Владимирович",
        "Putin Vladimir",
        "Putin Volodymyr Volodymyrovych",
    ]
    assert names(found["1002"]) == [
        "Лукашенко Олександр Григорович",
        "Лукашенко Александр Григорьевич",
        "Lukashenko Alexander",
        "Lukashenko Oleksandr Hryhorovych",
    ]


def test_aliases_may_be_one_text(answers: Answers):
    assert "Sberbank of Russia" in names(by_number(read(*answers))["2001"])


def test_a_company_has_its_numbers_and_country(answers: Answers):
    company = by_number(read(*answers))["2001"]
    assert [(each.kind, each.value, each.country) for each in company.identifiers] == [
        ("tax:inn", "7707083893", "RU")
    ]
    assert company.countries == ("RU",)


def test_a_subject_says_its_status(answers: Answers):
    statuses = {number: each.facts[0].value for number, each in by_number(read(*answers)).items()}
    assert statuses["1001"] == "active"
    assert (statuses["1003"], statuses["2003"]) == ("expired", "excluded")


def test_a_subject_without_a_status_may_hide_that_it_has_ended(answers: Answers):
    edition = read(answers[0].replace(b'"active"', b"null", 1))
    assert [(each.what, each.may_hide) for each in edition.read_in_part] == [
        ("word in 'status'", "status")
    ]
    assert edition.listings[0].facts[0].value == "not printed"


def test_numbers_of_another_shape_cost_their_own_subject_alone(answers: Answers):
    edition = read(answers[1].replace(b'"identifiers": [', b'"identifiers": ["x", ', 1))
    broken = by_number(edition)["2001"]
    assert broken.unread is not None
    assert "Sberbank of Russia" in names(broken)
    assert len(edition.listings) == 3


def test_the_same_answer_twice_is_refused(answers: Answers):
    with pytest.raises(ListRefusedError, match="a subject occurs twice"):
        _ = read(answers[0], answers[0])


def test_an_empty_answer_is_refused(answers: Answers):
    with pytest.raises(ListRefusedError, match="expected is"):
        _ = read(answers[0], b"[]")
