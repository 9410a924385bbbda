"""The numbers of a question: those beside the names, those within them, and slips in them."""

from collections.abc import Iterator

from service.screening.answer import InputWarning
from service.screening.identifiers import Number, fault_of, named_identifiers, numbers_in
from service.screening.question import AskedIdentifier, Counterparty

_COMPARED = "it was compared as written"


def asked_identifiers(counterparty: Counterparty) -> tuple[AskedIdentifier, ...]:
    """The counterparty's identifiers, and then those that stand in its name and its aliases."""
    is_vessel = counterparty.entity_type == "vessel"
    named = named_identifiers(counterparty.name, is_vessel=is_vessel)
    for alias in counterparty.aliases:
        named += named_identifiers(alias, is_vessel=is_vessel)
    return counterparty.identifiers + named


def asked_numbers(counterparty: Counterparty) -> tuple[Number, ...]:
    """The same as they are compared, each once."""
    found = dict[Number, None]()
    for asked in asked_identifiers(counterparty):
        found.update(dict.fromkeys(numbers_in(asked.kind, asked.value, asked.country)))
    return tuple(found)


def warnings_of(counterparty: Counterparty) -> tuple[InputWarning, ...]:
    """The numbers that cannot be what they are called, in the order of the question.

    They do not refuse it: one slip among 1,000 counterparties would cost the answers of all. They
    are compared as they are written, since a list may have the same slip.
    """
    return tuple(_warnings(counterparty))


def _warnings(counterparty: Counterparty) -> Iterator[InputWarning]:
    for position, asked in enumerate(counterparty.identifiers):
        yield from _warning(f"identifiers[{position}].value", asked)
    is_vessel = counterparty.entity_type == "vessel"
    for asked in named_identifiers(counterparty.name, is_vessel=is_vessel):
        yield from _warning("name", asked)
    for position, alias in enumerate(counterparty.aliases):
        for asked in named_identifiers(alias, is_vessel=is_vessel):
            yield from _warning(f"aliases[{position}]", asked)


def _warning(field: str, asked: AskedIdentifier) -> Iterator[InputWarning]:
    fault = fault_of(asked.kind, asked.value, asked.country)
    if fault is not None:
        yield InputWarning(field=field, reason=f"{fault}; {_COMPARED}")
