"""Guards: what a new edition must be before it takes the place of a good one."""

from collections.abc import Collection, Iterator, Mapping

import msgspec

from service.flow.losses import losses
from service.model.catalogue import LIST_BY_CODE, KnownList
from service.model.catalogue.kinds import LARGEST_PLAUSIBLE_LOSS
from service.model.edition import (
    Edition,
    ListedNames,
    NewEdition,
    ParsedDelta,
    ParsedEdition,
)
from service.model.listing import Listing
from service.model.terms import ListTerms

# A first edition with fewer than this share of the entries of another publication is cut.
LEAST_SHARE_OF_COPY = 0.25
# So few may go at once from a list of one's own, however short it is: they are kept by hand.
FEW_OF_OWN = 3
_BY_HAND = "load it with --accept-shrink if that is how it is"


class Had(msgspec.Struct, frozen=True, kw_only=True):
    """What is here of a list before an edition of it is taken in.

    `entries` are those of the current edition by listing id, `beside` the current editions of the
    same list from other sources. `terms` hold from this edition on.
    """

    current: Edition | None
    entries: Mapping[str, ListedNames]
    beside: Collection[Edition] = ()
    terms: ListTerms


def refusal(
    parsed: ParsedEdition | ParsedDelta,
    edition: NewEdition,
    had: Had,
) -> str | None:
    """Why an edition must not replace the current one, in words for an operator; None if it may.

    An operator who has accepted the edition has answered for its emptiness, its size and its
    names; never for its age, or for a delta that does not fit.
    """
    firm = [_age(edition, had.current)]
    if isinstance(parsed, ParsedDelta):
        firm.append(_misfit(parsed, had))
    reason = next(filter(None, firm), None)
    if reason is not None or edition.accepted:
        return reason
    return next(filter(None, _doubts(parsed, edition, had)), None)


def _doubts(
    parsed: ParsedEdition | ParsedDelta,
    edition: NewEdition,
    had: Had,
) -> Iterator[str | None]:
    """What only a person can answer for, each worked out if nothing before it was found."""
    known = LIST_BY_CODE.get(parsed.list_code)
    if isinstance(parsed, ParsedEdition):
        yield _emptiness(parsed, known)
    yield _size(edition, had, known)
    yield _shortfall(edition, had.current, had.beside)
    yield _part(edition, had.current)
    if had.current is not None:
        is_same_format = edition.format == had.current.format
        after, most = _names(parsed, had), _largest_loss(known)
        for loss in losses(had.entries, after, most, count_numbers=is_same_format):
            yield f"{loss}; {_BY_HAND}"
    if isinstance(parsed, ParsedEdition):
        yield _lost_name(parsed, known)


def _names(parsed: ParsedEdition | ParsedDelta, had: Had) -> Mapping[str, ListedNames]:
    """What a question can meet of the list as the edition makes it, by listing id."""
    if isinstance(parsed, ParsedEdition):
        return {listing.id: _listed_names(listing) for listing in parsed.listings}
    kept = {key: had.entries[key] for key in had.entries.keys() - set(parsed.gone)}
    return kept | {listing.id: _listed_names(listing) for listing in parsed.put}


def _listed_names(listing: Listing) -> ListedNames:
    return ListedNames(
        entity_type=listing.entity_type,
        names=listing.names,
        number_count=len(listing.identifiers),
    )


def _misfit(delta: ParsedDelta, had: Had) -> str | None:
    """Why a delta cannot be applied to the current edition."""
    current = had.current
    if current is None:
        return "it holds only what changed, and no edition of the list is here to apply it to"
    if current.format not in delta.follows:
        return f"it applies to editions read as {', '.join(delta.follows)}, not {current.format}"
    unknown = [listing_id for listing_id in delta.gone if listing_id not in had.entries]
    if unknown:
        return (
            f"it takes {', '.join(unknown[:3])} off the list, which the edition of "
            f"{current.known_on} does not have; a delta before it is missing"
        )
    if delta.follows_on is not None and delta.follows_on != current.published_on:
        return (
            f"it follows on the edition of {delta.follows_on}, "
            f"and the one we have is of {current.published_on}"
        )
    return None


def _age(edition: NewEdition, current: Edition | None) -> str | None:
    if current is None or current.published_on is None:
        return None
    have = f"the edition we have is of {current.published_on}"
    if edition.published_on is not None and edition.published_on < current.published_on:
        return f"published {edition.published_on}, and {have}"
    by_hand = edition.confirmed_at is None and edition.list_code in LIST_BY_CODE
    if edition.published_on is None and by_hand:
        return f"the file does not say its day, and {have}; say it with --published-on"
    return None


def _emptiness(parsed: ParsedEdition, known: KnownList | None) -> str | None:
    if parsed.listings or (known is not None and known.may_be_empty):
        return None
    return "the file has no entry of this list"


def _size(edition: NewEdition, had: Had, known: KnownList | None) -> str | None:
    """Whether it has too few entries: measured by what its operator expects, else by what was."""
    expected = had.terms.expected
    if expected is None:
        return _loss(edition, had.current, known)
    if had.terms.holds(edition.entry_count):
        return None
    return f"{edition.entry_count:,} entries, and {expected} are expected; {_BY_HAND}"


def _largest_loss(known: KnownList | None) -> float:
    """The share of its entries that a list may lose at once."""
    if known is None:
        return LARGEST_PLAUSIBLE_LOSS
    return 1.0 if known.may_be_empty else known.largest_loss


def _loss(edition: NewEdition, current: Edition | None, known: KnownList | None) -> str | None:
    if current is None:
        return None
    largest_loss = _largest_loss(known)
    lost = current.entry_count - edition.entry_count
    few = FEW_OF_OWN if known is None else 0
    if lost <= max(few, current.entry_count * largest_loss):
        return None
    return (
        f"suddenly smaller: {edition.entry_count:,} entries after {current.entry_count:,}; "
        f"at most {largest_loss:.0%} may go at once; {_BY_HAND}"
    )


def _part(edition: NewEdition, current: Edition | None) -> str | None:
    """Whether its files lack what those of the current edition have."""
    if edition.lacks is None or current is None or current.lacks is not None:
        return None
    return f"{edition.lacks}, and the edition we have is whole; {_BY_HAND}"


def _shortfall(
    edition: NewEdition, current: Edition | None, beside: Collection[Edition]
) -> str | None:
    """A first edition is measured against other publications of its list, if coarsely.

    They count in their own ways: the Denied Persons List has 564 rows, and 1,596 in the CSL.
    """
    most = max((each.entry_count for each in beside), default=0)
    if current is not None or edition.entry_count >= most * LEAST_SHARE_OF_COPY:
        return None
    return (
        f"only {edition.entry_count:,} entries, and another publication has {most:,}; {_BY_HAND}"
    )


def _lost_name(parsed: ParsedEdition, known: KnownList | None) -> str | None:
    if known is None or not known.canaries:
        return None
    names = {name.text.casefold() for listing in parsed.listings for name in listing.names}
    lost = [name for name in known.canaries if name.casefold() not in names]
    if not lost:
        return None
    return f"{lost[0]!r}, which has stood on the list for years, is not in it; {_BY_HAND}"
