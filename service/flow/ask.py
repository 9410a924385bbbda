"""Ask: from what a caller wrote to a question that can be answered."""

from datetime import date

import msgspec

from service.match import DEFAULT_THRESHOLD
from service.model.errors import BadInputError
from service.model.question import (
    DEFAULT_LIMIT,
    MAX_COUNTERPARTIES,
    MAX_NAME_LENGTH,
    MAX_NAMES_IN_ALL,
    Counterparty,
    Question,
)
from service.parse.countries import country_code


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A question with the things left open that have a default."""

    counterparties: tuple[Counterparty, ...]
    lists: tuple[str, ...] | None = None
    as_of: date | None = None
    known_at: date | None = None
    threshold: float | None = None
    limit: int | None = None


def question_from(asked: Asked, today: date, at: str = "counterparties[{}].") -> Question:
    """Fills in what was left open and checks what no type can say.

    `at` is how a field of the counterparty with that position is called to the caller.

    Raises:
        BadInputError: A name has nothing to compare, a country is none, or there are too many
            names in all.
    """
    if len(asked.counterparties) > MAX_COUNTERPARTIES:
        raise BadInputError("counterparties", f"the most is {MAX_COUNTERPARTIES}")
    names = sum(1 + len(counterparty.aliases) for counterparty in asked.counterparties)
    if names > MAX_NAMES_IN_ALL:
        raise BadInputError(
            "counterparties", f"{names} names and aliases in all, the most is {MAX_NAMES_IN_ALL}"
        )
    for position, counterparty in enumerate(asked.counterparties):
        _check(counterparty, at.format(position))
    return Question(
        counterparties=asked.counterparties,
        lists=asked.lists,
        as_of=today if asked.as_of is None else asked.as_of,
        known_at=today if asked.known_at is None else asked.known_at,
        threshold=DEFAULT_THRESHOLD if asked.threshold is None else asked.threshold,
        limit=DEFAULT_LIMIT if asked.limit is None else asked.limit,
    )


def _check(counterparty: Counterparty, at: str) -> None:
    _check_name(counterparty.name, f"{at}name")
    for position, alias in enumerate(counterparty.aliases):
        _check_name(alias, f"{at}aliases[{position}]")
    for position, country in enumerate(counterparty.countries):
        _check_country(country, f"{at}countries[{position}]")
    for position, identifier in enumerate(counterparty.identifiers):
        if identifier.country is not None:
            _check_country(identifier.country, f"{at}identifiers[{position}].country")


def _check_name(name: str, field: str) -> None:
    if len(name) > MAX_NAME_LENGTH:
        raise BadInputError(
            field, f"is {len(name)} characters long, the most is {MAX_NAME_LENGTH}"
        )
    if not any(map(str.isalnum, name)):
        raise BadInputError(field, "has no letter or digit to compare")


def _check_country(country: str, field: str) -> None:
    if country_code(country) != country:
        raise BadInputError(field, f"{country!r} is no ISO 3166-1 alpha-2 code")
