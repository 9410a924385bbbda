"""Guards: what a new edition must be before it takes the place of a good one."""

from collections.abc import Collection, Mapping

from service.model.catalogue import LIST_BY_CODE, KnownList
from service.model.edition import Edition, NewEdition, ParsedDelta, ParsedEdition

# A first edition with fewer than this share of the entries of another publication is cut.
LEAST_SHARE_OF_COPY = 0.25
_BY_HAND = "load it with --accept-shrink if that is how it is"


def refusal(
    parsed: ParsedEdition | ParsedDelta,
    edition: NewEdition,
    current: Edition | None,
    before: Mapping[str, str],
    beside: Collection[Edition] = (),
) -> str | None:
    """Why an edition must not replace the current one, in words for an operator; None if it may.

    `before` has the ids of the listings that stand, `beside` are the current editions of the same
    list from other sources. An operator who has accepted the edition has answered for its
    emptiness, its size and its names; never for its age, or for a delta that does not fit.
    """
    known = LIST_BY_CODE.get(parsed.list_code)
    firm = [_age(edition, current)]
    doubts = [_loss(edition, current, known), _shortfall(edition, current, beside)]
    if isinstance(parsed, ParsedDelta):
        firm.append(_misfit(parsed, current, before))
    else:
        doubts = [_emptiness(parsed, known), *doubts, _lost_name(parsed, known)]
    reasons = firm if edition.accepted else firm + doubts
    return next(filter(None, reasons), None)


def _misfit(delta: ParsedDelta, current: Edition | None, before: Mapping[str, str]) -> str | None:
    """Why a delta cannot be applied to the current edition."""
    if current is None:
        return "it holds only what changed, and no edition of the list is here to apply it to"
    if current.format not in delta.follows:
        return f"it applies to editions read as {', '.join(delta.follows)}, not {current.format}"
    unknown = [listing_id for listing_id in delta.gone if listing_id not in before]
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


def _loss(edition: NewEdition, current: Edition | None, known: KnownList | None) -> str | None:
    if current is None or known is None:
        return None
    least = current.entry_count * (1 - known.largest_loss)
    if edition.entry_count >= least or known.may_be_empty:
        return None
    return (
        f"suddenly smaller: {edition.entry_count:,} entries after {current.entry_count:,}; "
        f"at most {known.largest_loss:.0%} may go at once; {_BY_HAND}"
    )


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
