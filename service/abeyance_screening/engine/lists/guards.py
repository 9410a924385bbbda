"""Guards: the checks that a new edition must pass before it replaces the current one."""

import unicodedata
from collections import Counter
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import takewhile

import msgspec

from abeyance_screening.engine.lists.catalogue import LIST_BY_CODE
from abeyance_screening.engine.lists.catalogue_types import LARGEST_PLAUSIBLE_LOSS, KnownList
from abeyance_screening.engine.lists.edition import (
    Edition,
    ListedNames,
    ListTerms,
    NewEdition,
    ParsedDelta,
    ParsedEdition,
)
from abeyance_screening.engine.lists.listing import EntityType, Listing, NameKind
from abeyance_screening.primitives.days import plural
from abeyance_screening.primitives.errors import ListRefusedError

# --- Refusals: why an edition must not replace the current one.

# A first edition with less than this share of the entries that another source of the same list
# has is taken to be truncated.
LEAST_SHARE_OF_COPY = 0.25
# This many entries may go at once from a user's own list, however short: it is kept by hand.
FEW_OF_OWN = 3
BY_HAND = "if this is correct, load it with --accept-shrink"


class ListBefore(msgspec.Struct, frozen=True, kw_only=True):
    """What the database holds of a list before a new edition of it is stored.

    `entries` are the listings of the current edition by listing id, and `order` their ids as they
    stood in the last whole file that was loaded, empty where that is unknown. `copies` are the
    current editions of the same list from other sources. `terms` hold from the new edition on.
    """

    current: Edition | None
    entries: Mapping[str, ListedNames]
    order: Sequence[str] = ()
    copies: Collection[Edition] = ()
    terms: ListTerms


def refusal(
    parsed: ParsedEdition | ParsedDelta, edition: NewEdition, before: ListBefore
) -> str | None:
    """Return why an edition must not replace the current one, for an operator; None if it may.

    An operator's acceptance covers an empty edition, its size and its names, but never its age,
    nor a delta that does not fit, nor a transcription of what the publisher's own file says.

    Raises:
        ListRefusedError: The file is taken to end early, whatever else is in it.
    """
    firm = [_age(edition, before.current), _copy(edition, before.current)]
    if isinstance(parsed, ParsedDelta):
        firm.append(misfit(parsed, before.current, before.entries))
    reason = next(filter(None, firm), None)
    if reason is not None or edition.accepted:
        return reason
    return next(filter(None, _doubts(parsed, edition, before)), None)


def refusal_by_size(edition: NewEdition, before: ListBefore, unfit: str | None) -> str | None:
    """Return why an edition must not replace the current one, as far as its size and age tell.

    `unfit` is why a delta does not fit the current one, None if it does. What an edition has lost
    of the current one's names, `Losses` tell.
    """
    reason = _age(edition, before.current) or _copy(edition, before.current) or unfit
    if reason is not None or edition.accepted:
        return reason
    known = LIST_BY_CODE.get(edition.list_code)
    return next(filter(None, _doubts_of_size(edition, before, known)), None)


def _doubts_of_size(
    edition: NewEdition, before: ListBefore, known: KnownList | None
) -> Iterator[str | None]:
    yield _size(edition, before, known)
    yield _shortfall(edition, before.current, before.copies)


def _doubts(
    parsed: ParsedEdition | ParsedDelta, edition: NewEdition, before: ListBefore
) -> Iterator[str | None]:
    """Yield the reasons for refusal that an operator can override, each worked out on demand."""
    known = LIST_BY_CODE.get(parsed.list_code)
    if isinstance(parsed, ParsedEdition):
        yield _emptiness(parsed, known)
    yield from _doubts_of_size(edition, before, known)
    if before.current is not None:
        is_same_format = edition.format == before.current.format
        after, most = _names(parsed, before), largest_loss(known)
        if isinstance(parsed, ParsedEdition):
            yield fewer_on_the_day(edition, before.current)
            refuse_early_end(
                edition, before.current, lost_end(before.order, before.entries, after)
            )
        for loss in losses(before.entries, after, most, count_numbers=is_same_format):
            yield f"{loss}; {BY_HAND}"
    if isinstance(parsed, ParsedEdition):
        yield _lost_name(parsed, known)


def _names(parsed: ParsedEdition | ParsedDelta, before: ListBefore) -> Mapping[str, ListedNames]:
    """Return what a question can match of the list once the edition is stored, by listing id."""
    if isinstance(parsed, ParsedEdition):
        return {listing.id: listed_names(listing) for listing in parsed.listings}
    kept = {key: before.entries[key] for key in before.entries.keys() - set(parsed.gone)}
    return kept | {listing.id: listed_names(listing) for listing in parsed.put}


def listed_names(listing: Listing) -> ListedNames:
    """Return what a question can match of a listing."""
    return ListedNames(
        entity_type=listing.entity_type,
        names=listing.names,
        number_count=len(listing.identifiers),
        programmes=listing.programmes,
    )


def misfit(
    delta: ParsedDelta, current: NewEdition | None, listing_ids: Container[str]
) -> str | None:
    """Return why a delta cannot be applied to an edition with these listings, None if it can."""
    if current is None:
        return "it holds only changes, and no edition of the list is loaded to apply them to"
    if current.format not in delta.follows:
        return f"it applies to editions read as {', '.join(delta.follows)}, not {current.format}"
    unknown = [listing_id for listing_id in delta.gone if listing_id not in listing_ids]
    if unknown:
        return (
            f"it removes {', '.join(unknown[:3])}, which the edition of {current.known_on} does "
            "not have; an earlier delta is missing: load it first"
        )
    if delta.follows_on is not None and delta.follows_on != current.published_on:
        return (
            f"it applies to the edition of {delta.follows_on}, "
            f"but the current one is of {current.published_on}"
        )
    return None


def _age(edition: NewEdition, current: Edition | None) -> str | None:
    if current is None or current.published_on is None:
        return None
    have = f"the current edition is of {current.published_on}"
    if edition.published_on is not None and edition.published_on < current.published_on:
        return f"published {edition.published_on}, but {have}; load it with --as-history"
    by_hand = edition.confirmed_at is None and edition.list_code in LIST_BY_CODE
    if edition.published_on is None and by_hand:
        return f"the file does not give its day, and {have}; give it with --published-on"
    return None


def _copy(edition: NewEdition, current: Edition | None) -> str | None:
    """Return why a transcribed edition must not replace one of the publisher's own."""
    if current is None or not edition.is_transcribed or current.is_transcribed:
        return None
    if edition.known_on > current.known_on:
        return None
    return (
        f"a person transcribed it, and the current edition, of {current.known_on}, is the "
        "publisher's own and not older"
    )


def _emptiness(parsed: ParsedEdition, known: KnownList | None) -> str | None:
    if parsed.listings or (known is not None and known.may_be_empty):
        return None
    return "the file has no entry of this list"


def _size(edition: NewEdition, before: ListBefore, known: KnownList | None) -> str | None:
    """Return why the number of entries is refused: as the operator expects, else as before."""
    expected = before.terms.expected
    if expected is None:
        return _loss(edition, before.current, known)
    if before.terms.holds(edition.entry_count):
        return None
    return f"{edition.entry_count:,} entries, but {expected} are expected; {BY_HAND}"


def largest_loss(known: KnownList | None) -> float:
    """Return the share of its entries that a list may lose at once, in 0 to 1."""
    if known is None:
        return LARGEST_PLAUSIBLE_LOSS
    return 1.0 if known.may_be_empty else known.largest_loss


def _loss(edition: NewEdition, current: Edition | None, known: KnownList | None) -> str | None:
    if current is None:
        return None
    most = largest_loss(known)
    lost = current.entry_count - edition.entry_count
    if lost <= max(_few(known), current.entry_count * most):
        return None
    return (
        f"suddenly smaller: {edition.entry_count:,} entries after {current.entry_count:,}; "
        f"at most {most:.0%} may go at once; {BY_HAND}"
    )


def _shortfall(
    edition: NewEdition, current: Edition | None, copies: Collection[Edition]
) -> str | None:
    """Return why a first edition is far too small compared with the list's other sources.

    The comparison is coarse, because sources count differently: the Denied Persons List has 564
    rows, and 1,596 in the CSL.
    """
    most = max((each.entry_count for each in copies), default=0)
    if current is not None or edition.entry_count >= most * LEAST_SHARE_OF_COPY:
        return None
    return f"only {edition.entry_count:,} entries, but another source has {most:,}; {BY_HAND}"


def _lost_name(parsed: ParsedEdition, known: KnownList | None) -> str | None:
    if known is None or not known.canaries:
        return None
    names = {name.text.casefold() for listing in parsed.listings for name in listing.names}
    lost = [name for name in known.canaries if name.casefold() not in names]
    if not lost:
        return None
    return f"{lost[0]!r}, which has been on the list for years, is missing; {BY_HAND}"


# --- Early ends: what stood last in the current edition's file, and is gone all at once.
#
# A file without an end mark may be cut between two lines, by its publisher's server or by a cache
# that announces the length of what it has, and reads well. Its loss is one run at its end. What a
# publisher removes stands all over the file.

# So many entries may leave from the end of a file. Between real editions of 2020 to 2026 up to two
# have, five of a list that was being emptied (FSE), and 14 that had others in their place.
FEW_AT_END = 10
# This share of what is gone must be one run, and this share of the run be gone: while a file is
# cut, others leave, and one of several entries of the same name takes the id of another. So many
# may stay behind the run at first; a regime is often lifted that stands before the last one.
SHARE_AT_END = 0.8
_FEW_BEHIND = 3
# A run in whose place so many new entries stand, as a share of it, was replaced and not cut off:
# for the 14 PEESA entries that ended OFAC's MBS List of 2021 there were 11 others in 2025.
SHARE_REPLACED = 0.5


class LostEnd(msgspec.Struct, frozen=True, kw_only=True):
    """What an edition has lost from the end of the file of the edition before it.

    `gone` is the number of entries that are on it no more, `at_end` how many of these stood in one
    run at the end, `came` how many new ones stand at its own end instead. `programmes` are those
    of the run that no entry names any more, each with the number of entries that named it.
    """

    gone: int
    at_end: int
    came: int
    programmes: Mapping[str, int] = {}

    @property
    def is_replaced(self) -> bool:
        """Whether others stand in place of the run."""
        return self.came >= SHARE_REPLACED * self.at_end


def run_at_end(leaves: Iterable[bool]) -> int:
    """Return the length of the longest run at the end of a file of which `SHARE_AT_END` is gone.

    `leaves` says of each entry whether it is gone, the last of the file first. The run ends before
    a stretch of entries that stay.
    """
    longest = gone = 0
    for length, is_gone in enumerate(leaves, start=1):
        gone += is_gone
        if gone >= SHARE_AT_END * length:
            longest = length
        elif length - gone > _FEW_BEHIND:
            break
    return longest


def longest_run(gone: int) -> int:
    """Return the length of the longest such run where so many entries are gone in all."""
    return int(gone / SHARE_AT_END) + _FEW_BEHIND


def lost_end(
    order: Sequence[str], before: Mapping[str, ListedNames], after: Mapping[str, ListedNames]
) -> LostEnd:
    """Return what is lost of the end of a file, of which `order` has the listing ids.

    `after` is in the order of the new file. Ids that a delta has removed since are passed over,
    and those that it added stood nowhere.
    """
    placed = [each for each in reversed(order) if each in before]
    run = placed[: run_at_end(each not in after for each in placed)]
    lost = [each for each in run if each not in after]
    of_run = Counter(code for each in lost for code in before[each].programmes)
    had = Counter(code for each in before.values() for code in each.programmes)
    left = {code for each in after.values() for code in each.programmes}
    programmes = {
        code: had[code]
        for code, count in of_run.items()
        if code not in left and count >= SHARE_AT_END * had[code]
    }
    came = sum(1 for _ in takewhile(lambda each: each not in before, reversed(tuple(after))))
    gone = len(before.keys() - after.keys())
    return LostEnd(gone=gone, at_end=len(lost), came=came, programmes=programmes)


def refuse_early_end(edition: NewEdition, current: Edition, lost: LostEnd) -> None:
    """Refuse a whole file of which one run at the end is gone.

    That is so if more than `FEW_AT_END` entries are gone, `SHARE_AT_END` of them as the run; or if
    a programme of a public list is gone with the run. A list that its authority may empty has no
    such run.
    """
    known = LIST_BY_CODE.get(edition.list_code)
    if lost.is_replaced or (known is not None and known.may_be_empty):
        return
    of_end = f"at the end of the file of {current.known_on}"
    if lost.gone > FEW_AT_END and lost.at_end >= SHARE_AT_END * lost.gone:
        reason = (
            f"{lost.gone:,} entries of {edition.list_code} are gone, and {lost.at_end:,} of them "
            f"stood {of_end}"
        )
    elif lost.programmes:
        named, count = max(lost.programmes.items(), key=lambda each: each[1])
        reason = (
            f"no entry of {edition.list_code} names {named!r} any more; it had "
            f"{plural(count, 'entry', 'entries')}, {of_end}"
        )
    else:
        return
    raise ListRefusedError(edition.list_code, f"the file may end early: {reason}; {BY_HAND}")


def fewer_on_the_day(edition: NewEdition, current: Edition) -> str | None:
    """Return why another file of the current edition's day is refused, None if it is not.

    It is if it has fewer entries. `FEW_OF_OWN` may leave a user's own list, which is kept by hand.
    """
    day = current.published_on
    is_of_day = day is not None and edition.published_on == day
    fewer = current.entry_count - edition.entry_count
    few = _few(LIST_BY_CODE.get(edition.list_code))
    if not is_of_day or edition.sha256 == current.sha256 or fewer <= few:
        return None
    return (
        f"the file may end early: {edition.entry_count:,} entries, but another file of the same "
        f"day, {day}, had {current.entry_count:,}; {BY_HAND}"
    )


def _few(known: KnownList | None) -> int:
    """Return how many entries may leave at once whatever share of the list they are."""
    return FEW_OF_OWN if known is None else 0


def programmes_gone(
    parsed: ParsedEdition | ParsedDelta, edition: NewEdition, before: ListBefore
) -> tuple[str, ...]:
    """Return the programmes that no entry names any more since the last of theirs left, sorted.

    One that was only renamed, with every entry still listed, is not among them; nor are those of
    an edition in another format, which may print them differently.
    """
    if before.current is None or edition.format != before.current.format:
        return ()
    after = _names(parsed, before)
    left = {code for each in after.values() for code in each.programmes}
    gone = before.entries.keys() - after.keys()
    return tuple(
        sorted({code for each in gone for code in before.entries[each].programmes} - left)
    )


# --- Losses: the names and numbers of entries that a new edition no longer has.
#
# A file may have every entry and still be truncated: OFAC's set without its ALT file has all
# parties, but only a fifth of their further names. Only entries that both editions have are
# compared, so that new or removed entries neither hide a loss nor look like one.

# Between two genuine editions of a list up to 6.0 % of the further names were removed (OFSI,
# April 2020 to May 2022), and 6.9 % of one kind (weak aliases of the SSI List, 2020 to 2022);
# within a day or half a year hardly any. OFAC's set without ALT has lost 83 %.
LARGEST_LOSS_OF_NAMES = 0.12
# A loss of this many names is plausible on any list: the UN removed all four of its names in
# Ethiopic script.
FEW = 5
# This many entries of one type may leave while others are added: from 2022 to 2026, 6 of the 17
# firms on OFAC's MBS List left and 40 persons were added.
FEW_OF_TYPE = 10
_KINDS: Mapping[NameKind, str] = {
    "alias": "aliases",
    "weak_alias": "weak aliases",
    "former": "former names",
}
_FURTHER = "further names"
_NUMBERS = "numbers"


class EntryCounts(msgspec.Struct, frozen=True, kw_only=True):
    """How many entries a list had, and how many it has."""

    before: int
    after: int

    @property
    def share_left(self) -> float:
        """The number of entries as a share of those before, at most 1."""
        return min(1.0, self.after / self.before) if self.before else 0.0


class Losses:
    """What a list loses of the names and numbers of its entries, counted entry by entry."""

    def __init__(self) -> None:
        self._had, self._lost = Counter[str](), Counter[str]()
        self._further_before = self._further_after = 0
        self._types_before = Counter[EntityType | None]()
        self._types_after = Counter[EntityType | None]()
        self._types_gone = Counter[EntityType | None]()

    def add(self, before: ListedNames | None, after: ListedNames | None) -> None:
        """Count one entry, as it was and as it is now; None where it was not or is no more."""
        if before is not None:
            self._further_before += len(before.names) - 1
            self._types_before[before.entity_type] += 1
        if after is not None:
            self._further_after += len(after.names) - 1
            self._types_after[after.entity_type] += 1
        if before is None:
            return
        if after is None:
            self._types_gone[before.entity_type] += 1
            return
        old = _count_names(before)
        self._had.update(old)
        if after is not before:
            self._lost.update(_lost(old, _count_names(after)))

    def in_words(
        self, entries: EntryCounts, largest_loss: float, *, count_numbers: bool
    ) -> Iterator[str]:
        """Yield each loss that exceeds what is plausible, in words, the gravest first.

        `entries` are all that the list had and has. If only those were counted that are not the
        same as before, and there is no such loss among them, then there is none in the whole list:
        what stays makes every share that is lost smaller. `largest_loss` is the share of a list's
        entries that may go at once, in 0 to 1. Identifiers are compared only with
        `count_numbers`, because two formats of one list need not print the same ones.
        """
        lost = Counter(self._lost)
        if not count_numbers:
            del lost[_NUMBERS]
        for what in sorted(lost, key=lambda each: (each != _FURTHER, -lost[each], each)):
            if lost[what] > FEW and lost[what] > self._had[what] * LARGEST_LOSS_OF_NAMES:
                fewer = what if what == _NUMBERS else "names"
                yield (
                    f"suddenly fewer {fewer}: the entries that are on it still had "
                    f"{self._had[what]:,} {what} and have lost {lost[what]:,} of them; at most "
                    f"{LARGEST_LOSS_OF_NAMES:.0%} may go at once"
                )
        yield from self._lost_in_all(entries, largest_loss)
        yield from self._lost_types(entries, largest_loss)

    def _lost_in_all(self, entries: EntryCounts, largest_loss: float) -> Iterator[str]:
        """Yield a loss of names over the whole list, also where every entry has a new id."""
        had, has = self._further_before, self._further_after
        expected = had * entries.share_left
        if expected - has > FEW and has < expected * (1 - largest_loss):
            yield (
                f"suddenly fewer names: {has:,} {_FURTHER} on {entries.after:,} entries after "
                f"{had:,} on {entries.before:,}; at most {largest_loss:.0%} may go at once"
            )

    def _lost_types(self, entries: EntryCounts, largest_loss: float) -> Iterator[str]:
        """Yield each type that lost more entries than the list did; a changed type is no loss."""
        had, has, gone = self._types_before, self._types_after, self._types_gone
        kinds: list[EntityType] = sorted(each for each in gone if each is not None)
        for kind in kinds:
            expected = had[kind] * entries.share_left
            lost = min(gone[kind], expected - has[kind])
            if lost > FEW_OF_TYPE and lost > expected * largest_loss:
                yield (
                    f"suddenly fewer entries of type {kind}: {has[kind]:,} after {had[kind]:,}; "
                    f"at most {largest_loss:.0%} may go at once"
                )


def losses(
    before: Mapping[str, ListedNames],
    after: Mapping[str, ListedNames],
    largest_loss: float,
    *,
    count_numbers: bool,
) -> Iterator[str]:
    """Yield each loss from one edition to the next, by listing id; see `Losses.in_words`."""
    counted = Losses()
    for listing_id in before.keys() | after.keys():
        counted.add(before.get(listing_id), after.get(listing_id))
    entries = EntryCounts(before=len(before), after=len(after))
    yield from counted.in_words(entries, largest_loss, count_numbers=count_numbers)


def _count_names(listed: ListedNames) -> Counter[str]:
    """Count a listing's names by kind and script, and its numbers."""
    counts = Counter[str]({_FURTHER: len(listed.names) - 1, _NUMBERS: listed.number_count})
    for name in listed.names:
        if name.kind in _KINDS:
            counts[_KINDS[name.kind]] += 1
        if not name.text.isascii():
            counts.update(f"names in {script} letters" for script in _scripts(name.text))
    return counts


def _lost(old: Counter[str], new: Counter[str]) -> Counter[str]:
    """Count what a listing has fewer of; an alias that became a weak alias is not lost."""
    lost = old - new
    for kind in _KINDS.values():
        lost[kind] = min(lost[kind], lost[_FURTHER])
    return lost


def _scripts(text: str) -> set[str]:
    """Return the scripts of a text's letters, without Latin, full-width or not, and modifiers."""
    letters = unicodedata.normalize("NFKC", text)
    return {_script(letter) for letter in letters if letter.isalpha()} - {"Latin", "Modifier"}


@cache
def _script(letter: str) -> str:
    """Return the script of a letter, such as `Cyrillic`, `Arabic` or `Han`."""
    name = unicodedata.name(letter, "unnamed").replace("-", " ").replace("CJK", "HAN")
    return name.split()[0].capitalize()
