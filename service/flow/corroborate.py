"""What else a question knows, held against a listing: it orders hits and never removes one."""

from rapidfuzz import fuzz, utils

from service.flow.entries import identifier_key
from service.model.answer import Agreement, Corroboration
from service.model.listing import Listing
from service.model.question import Counterparty

# Two addresses count as one from this token_set_ratio on (0 to 100): "Bantian, Shenzhen" meets
# "Bantian Huawei Base, Longgang District, Shenzhen, 518129, CN"; two streets of one city do not.
SAME_ADDRESS = 85.0
# What agreement is worth when hits are put in order, in score. Small beside the distance between
# a good and a fair match, so that it only decides among neighbours.
WEIGHTS = {"entity_type": 0.03, "countries": 0.05, "addresses": 0.05}
_SIGN: dict[Agreement, int] = {"agrees": 1, "differs": -1, "unknown": 0}


def corroborate(counterparty: Counterparty, listing: Listing) -> Corroboration:
    """Holds entity type, countries, addresses and identifiers against a listing's own."""
    return Corroboration(
        entity_type=_entity_type(counterparty, listing),
        countries=_countries(counterparty, listing),
        addresses=_addresses(counterparty, listing),
        identifiers=_identifiers(counterparty, listing),
    )


def rank(score: float, corroboration: Corroboration) -> tuple[int, float]:
    """A sort key, larger first: identifiers that met, then the score moved by the rest."""
    moved = (
        WEIGHTS["entity_type"] * _SIGN[corroboration.entity_type]
        + WEIGHTS["countries"] * _SIGN[corroboration.countries]
        + WEIGHTS["addresses"] * _SIGN[corroboration.addresses]
    )
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


def _identifiers(counterparty: Counterparty, listing: Listing) -> tuple[str, ...]:
    asked = {identifier_key(identifier.value) for identifier in counterparty.identifiers}
    return tuple(
        f"{identifier.kind}: {identifier.value}"
        for identifier in listing.identifiers
        if identifier_key(identifier.value) in asked - {None}
    )
