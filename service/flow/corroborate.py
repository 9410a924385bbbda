"""What else a question knows, held against a listing: it orders hits and never removes one."""

from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz, utils

from service.flow.asked_numbers import asked_identifiers
from service.identify import UNIQUE, Number, label_of, meet, numbers_in
from service.model.answer import Agreement, Corroboration, DifferentIdentifier
from service.model.listing import Identifier, Listing
from service.model.question import AskedIdentifier, Counterparty

# Two addresses count as one from this token_set_ratio on (0 to 100): "Bantian, Shenzhen" meets
# "Bantian Huawei Base, Longgang District, Shenzhen, 518129, CN"; two streets of one city do not.
SAME_ADDRESS = 85.0
# What agreement is worth when hits are put in order, in score. Small beside the distance between
# a good and a fair match, so that it only decides among neighbours.
WEIGHTS = {"entity_type": 0.03, "countries": 0.05, "addresses": 0.05}
# What another number of a kind of which a party has one for life is worth against a hit, in score:
# more than all agreement together, since it is another party's, unless somebody mistook a digit.
ANOTHERS_NUMBER = 0.15
_SIGN: dict[Agreement, int] = {"agrees": 1, "differs": -1, "unknown": 0}


def corroborate(counterparty: Counterparty, listing: Listing) -> Corroboration:
    """Holds entity type, countries, addresses and identifiers against a listing's own."""
    asked = [(each, _read(each)) for each in asked_identifiers(counterparty)]
    listed = [(each, _read(each)) for each in listing.identifiers] if asked else []
    met = [identifier for identifier, numbers in listed if _meets(numbers, asked)]
    return Corroboration(
        entity_type=_entity_type(counterparty, listing),
        countries=_countries(counterparty, listing),
        addresses=_addresses(counterparty, listing),
        identifiers=tuple(f"{each.kind}: {each.value}" for each in met),
        identifiers_differ=_differing(asked, listed) if asked else (),
    )


def rank(score: float, corroboration: Corroboration) -> tuple[int, float]:
    """A sort key, larger first: identifiers that met, then the score moved by the rest."""
    moved = (
        WEIGHTS["entity_type"] * _SIGN[corroboration.entity_type]
        + WEIGHTS["countries"] * _SIGN[corroboration.countries]
        + WEIGHTS["addresses"] * _SIGN[corroboration.addresses]
    )
    if corroboration.identifiers_differ:
        moved -= ANOTHERS_NUMBER
    return len(corroboration.identifiers), score + moved


def _entity_type(counterparty: Counterparty, listing: Listing) -> Agreement:
    if counterparty.entity_type is None or listing.entity_type is None:
        return "unknown"
    return "agrees" if counterparty.entity_type == listing.entity_type else "differs"


def _countries(counterparty: Counterparty, listing: Listing) -> Agreement:
    if not counterparty.countries or not listing.countries:
        return "unknown"
    return "agrees" if set(counterparty.countries) & set(listing.countries) else "differs"


def _addresses(counterparty: Counterparty, listing: Listing) -> Agreement:
    if not counterparty.addresses or not listing.addresses:
        return "unknown"
    met = any(
        fuzz.token_set_ratio(asked, listed.text, processor=utils.default_process) >= SAME_ADDRESS
        for asked in counterparty.addresses
        for listed in listing.addresses
    )
    return "agrees" if met else "differs"


def _read[T: (AskedIdentifier, Identifier)](identifier: T) -> tuple[Number, ...]:
    return numbers_in(identifier.kind, identifier.value, identifier.country)


def _meets(
    numbers: Iterable[Number], asked: Iterable[tuple[AskedIdentifier, Iterable[Number]]]
) -> bool:
    return any(meet(one, other) for one in numbers for _, theirs in asked for other in theirs)


def _differing(
    asked: Sequence[tuple[AskedIdentifier, Sequence[Number]]],
    listed: Sequence[tuple[Identifier, Sequence[Number]]],
) -> tuple[DifferentIdentifier, ...]:
    """Kinds of which a party has one for life, where both sides have some and share none."""
    found: list[DifferentIdentifier] = []
    for kind in sorted(UNIQUE):
        here, there = _of_kind(kind, asked), _of_kind(kind, listed)
        if here and there and not here.keys() & there.keys():
            found.append(
                DifferentIdentifier(
                    kind=label_of(kind),
                    asked=tuple(here.values()),
                    listed=tuple(there.values()),
                )
            )
    return tuple(found)


def _of_kind(
    kind: str, identifiers: Iterable[tuple[AskedIdentifier | Identifier, Iterable[Number]]]
) -> dict[str, str]:
    """The numbers of a kind, by what they are compared by, each as it was written first."""
    found: dict[str, str] = {}
    for identifier, numbers in identifiers:
        for number in numbers:
            if number.kind == kind:
                found.setdefault(number.key, identifier.value)
    return found
