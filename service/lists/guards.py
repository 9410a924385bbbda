"""Guards: what a new edition must be before it takes the place of a good one."""

import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache

import msgspec

from service.lists.catalogue import LIST_BY_CODE
from service.lists.edition import (
    Edition,
    ListedNames,
    ListTerms,
    NewEdition,
    ParsedDelta,
    ParsedEdition,
)
from service.lists.kinds import LARGEST_PLAUSIBLE_LOSS, KnownList
from service.lists.listing import Listing, NameKind

# --- Losses: what an edition lost of the names and numbers by which its entries are found.
#
# A file may have every entry and still be cut: OFAC's set without its ALT file has all parties
# and a fifth of their further names. What is compared are the entries that both editions have,
# so that neither new entries nor those that left hide or make a loss.

# Between two true editions of a list as much as 6.0 % of the further names went (OFSI, April 2020
# to May 2022), and 6.9 % of one kind (weak aliases of the SSI List, 2020 to 2022); in half a year
# or a day next to none. OFAC's set without ALT has lost 83 %.
LARGEST_LOSS_OF_NAMES = 0.12
# So few may go from any list: the UN struck the four names in Ethiopic script that it had.
FEW = 5
# So many entries of a type may leave while others come: 6 of the 17 firms of OFAC's MBS List did
# from 2022 to 2026, and 40 persons came.
FEW_OF_TYPE = 10
_KINDS: Mapping[NameKind, str] = {
    "alias": "aliases",
    "weak_alias": "weak aliases",
    "former": "former names",
}
_FURTHER = "names beside the primary one"
_NUMBERS = "numbers"


def losses(
    before: Mapping[str, ListedNames],
    after: Mapping[str, ListedNames],
    largest_loss: float,
    *,
    count_numbers: bool,
) -> Iterator[str]:
    """What is lost beyond what is plausible, in words, the gravest first.

    `largest_loss` is the share of a list's entries that may go at once. Numbers count only where
    `count_numbers`: two formats of one list need not print the same ones.
    """
    had, lost = Counter[str](), Counter[str]()
    for listing_id in before.keys() & after.keys():
        held, holds = _held(before[listing_id]), _held(after[listing_id])
        had.update(held)
        lost.update(_lost(held, holds))
    if not count_numbers:
        del lost[_NUMBERS]
    for what in sorted(lost, key=lambda each: (each != _FURTHER, -lost[each], each)):
        if lost[what] > FEW and lost[what] > had[what] * LARGEST_LOSS_OF_NAMES:
            fewer = what if what == _NUMBERS else "names"
            yield (
                f"suddenly fewer {fewer}: the entries that are on it still had {had[what]:,} "
                f"{what} and have lost {lost[what]:,} of them; at most "
                f"{LARGEST_LOSS_OF_NAMES:.0%} may go at once"
            )
    yield from _lost_in_all(before, after, largest_loss)
    yield from _lost_types(before, after, largest_loss)


def _held(listed: ListedNames) -> Counter[str]:
    """How many names of each kind and script a listing has, and how many numbers."""
    held = Counter[str]({_FURTHER: len(listed.names) - 1, _NUMBERS: listed.number_count})
    for name in listed.names:
        if name.kind in _KINDS:
            held[_KINDS[name.kind]] += 1
        if not name.text.isascii():
            held.update(f"names in {script} letters" for script in _scripts(name.text))
    return held


def _lost(held: Counter[str], holds: Counter[str]) -> Counter[str]:
    """What a listing has fewer of; an alias that is called a weak one now is not lost."""
    lost = held - holds
    for kind in _KINDS.values():
        lost[kind] = min(lost[kind], lost[_FURTHER])
    return lost


def _lost_in_all(
    before: Mapping[str, ListedNames], after: Mapping[str, ListedNames], largest_loss: float
) -> Iterator[str]:
    """Whether further names are gone where no entry tells: all have got new ids."""
    had, has = _further(before.values()), _further(after.values())
    expected = had * _share_left(before, after)
    if expected - has > FEW and has < expected * (1 - largest_loss):
        yield (
            f"suddenly fewer names: {has:,} {_FURTHER} on {len(after):,} entries after {had:,} on "
            f"{len(before):,}; at most {largest_loss:.0%} may go at once"
        )


def _lost_types(
    before: Mapping[str, ListedNames], after: Mapping[str, ListedNames], largest_loss: float
) -> Iterator[str]:
    """Whether entries of one type are gone, more than of the list as a whole.

    One that is said to be of another type is not gone.
    """
    had = Counter(each.entity_type for each in before.values())
    has = Counter(each.entity_type for each in after.values())
    gone = Counter(before[each].entity_type for each in before.keys() - after.keys())
    for kind in sorted(each for each in gone if each is not None):
        expected = had[kind] * _share_left(before, after)
        lost = min(gone[kind], expected - has[kind])
        if lost > FEW_OF_TYPE and lost > expected * largest_loss:
            yield (
                f"suddenly fewer entries of type {kind}: {has[kind]:,} after {had[kind]:,}; at "
                f"most {largest_loss:.0%} may go at once"
            )


def _share_left(before: Mapping[str, ListedNames], after: Mapping[str, ListedNames]) -> float:
    """How many entries there are for each that was there before, 1 at most."""
    return min(1.0, len(after) / len(before)) if before else 0.0


def _further(listed: Iterable[ListedNames]) -> int:
    return sum(len(each.names) - 1 for each in listed)


def _scripts(text: str) -> set[str]:
    """The scripts of its letters as Unicode names them, without Latin and marks between letters.

    Full-width Latin letters are Latin: a publisher's typesetting, and not another name.
    """
    letters = unicodedata.normalize("NFKC", text)
    return {_script(letter) for letter in letters if letter.isalpha()} - {"Latin", "Modifier"}


@cache
def _script(letter: str) -> str:
    """`Cyrillic`, `Arabic`, `Han`."""
    name = unicodedata.name(letter, "unnamed").replace("-", " ").replace("CJK", "HAN")
    return name.split()[0].capitalize()


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
