"""The immutable index each process holds in memory, and how it is built from the store."""

import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import cast

import msgspec

from abeyance_screening.engine.lists.catalogue import LIST_BY_CODE
from abeyance_screening.engine.lists.edition import Edition, ListingVersion, StoredLists
from abeyance_screening.engine.lists.profile import ListProfile
from abeyance_screening.engine.names.form import forget_words
from abeyance_screening.engine.names.form.word_types import ComparisonForm
from abeyance_screening.engine.names.match import warm
from abeyance_screening.engine.names.match.joined import JoinedNames
from abeyance_screening.engine.screening.answer import Coverage
from abeyance_screening.engine.screening.applicable_versions import (
    EditionsOfDay,
    Entry,
    EntryName,
    applies,
    decode,
    speaking,
)
from abeyance_screening.engine.screening.coverage import chosen_codes, coverage_of
from abeyance_screening.engine.screening.identifiers import Number, meet
from abeyance_screening.engine.screening.index.columns import (
    AnyColumns,
    JoinedColumns,
    lay_out_delta,
    lay_out_listings,
)
from abeyance_screening.engine.screening.parties.join import (
    join_parties,
    write_request,
    write_traits,
)
from abeyance_screening.engine.screening.parties.table import (
    PartySplit,
    PartyTable,
    pairs_apart,
    pairs_joined,
)
from abeyance_screening.engine.screening.parties.traits import CurrentListing, NamedForms
from abeyance_screening.engine.screening.text.search import JoinedTexts, TextIndex
from abeyance_screening.primitives.arrays import IN_MEMORY, ScratchSpace
from abeyance_screening.primitives.days import Days, Rest, no_rest

# Most questions are about today and all lists.
_CACHED = 64
# From so many names on, listings that change are laid out beside an index, which saves 100 MB to
# be copied; every question then asks two indexes. With more than one in 16 listings beside it,
# asking takes longer than a whole index would, and that is built anew.
LARGE, SHARE_BESIDE = 500_000, 16
# Entries that stay decoded, some 2 kB each: common words meet the same ones again and again.
_ENTRIES_KEPT = 2048


type _ListsAsked = tuple[tuple[str, ...] | None, tuple[str, ...] | None]
"""The lists and the profiles that a question names."""
type _CoverageAsked = tuple[tuple[str, ...], Days, bool, tuple[str, ...] | None]
"""The lists searched, the days, whether the question names its lists, and its profiles."""


class Origin(msgspec.Struct, frozen=True, array_like=True):
    """What a kept index was built from, so that another process can go on from it.

    `newest` is the id of the newest edition, `basis` the digest of all versions up to it, and
    `rules` that of the code that laid them out. `key` tells the index from others that are kept.
    """

    newest: int
    basis: bytes
    rules: bytes
    key: bytes = b""


class ListingIndex:
    """Every listing there ever was, searchable by name, by identifier and by id; never changes.

    It has the newest version of each listing, and so answers for today; parties that have left are
    there as they were last printed. With older versions that applied within some days it answers
    for those days too. `lists` says which editions it was built from. Listings are kept as bytes
    and decoded on demand; their positions are in order of listing id.
    """

    def __init__(
        self,
        lists: StoredLists,
        versions: Iterable[ListingVersion],
        before: "ListingIndex | None" = None,
        rest: Rest = no_rest,
        splits: tuple[PartySplit, ...] = (),
        room: ScratchSpace = IN_MEMORY,
    ) -> None:
        """Build the index: some two seconds of CPU for 60,000 names, half of it with `before`.

        `before` is an index whose versions of the same listings are replaced; those of a large one
        are laid out beside it, see `columns`. `rest` is called
        throughout, for an index that is built while questions are answered. `splits` are
        operators' words on parties. What is large is laid out in this room.
        """
        earlier = None if before is None else before.columns
        codes = set[str]()
        versions = _noted(versions, codes)
        if isinstance(earlier, JoinedColumns) or (earlier and earlier.name_count >= LARGE):
            columns = lay_out_delta(earlier, versions, rest)
        else:
            columns = lay_out_listings(versions, earlier, rest, room)
        if before is None:
            forget_words()
        self._take(lists, columns, splits)
        if before is not None and codes.isdisjoint(LIST_BY_CODE):
            self._take_parties_of(before)
        warm()

    @classmethod
    def of(
        cls,
        lists: StoredLists,
        columns: AnyColumns,
        splits: tuple[PartySplit, ...],
        parties: bytes | memoryview,
    ) -> "ListingIndex":
        """Return the index of listings that are laid out, with their parties as written."""
        index = object.__new__(cls)
        index._take(lists, columns, splits)
        index.take_parties(parties)
        warm()
        return index

    def _take(
        self, lists: StoredLists, columns: AnyColumns, splits: tuple[PartySplit, ...]
    ) -> None:
        self.lists = lists
        self.splits = splits
        self.columns = columns
        self.names = columns.names
        self.written_parties: bytes | memoryview | None = None
        self._parties: PartyTable | None = None
        self._traits = _TraitStore()
        self._texts: TextIndex | JoinedTexts | None = None
        self._list_numbers = {code: place for place, code in enumerate(columns.list_codes)}
        self._name_at = columns.reader_of_names()
        self._entries: dict[int, Entry] = {}
        self._days: dict[date, EditionsOfDay] = {}
        self._coverage: dict[_CoverageAsked, Coverage] = {}
        self._codes: dict[_ListsAsked, tuple[str, ...]] = {}
        self.printing: dict[tuple[EditionsOfDay, frozenset[str]], frozenset[str]] = {}
        self._newest_from = _newest_from(lists)

    @property
    def most_beside(self) -> int | None:
        """How many more listings may be laid out beside this index; None if it is not large."""
        columns, beside = self.columns, 0
        if isinstance(columns, JoinedColumns):
            columns, beside = columns.base, columns.added.listing_count
        elif columns.name_count < LARGE:
            return None
        return max(0, columns.listing_count // SHARE_BESIDE - beside)

    def lay_out_texts(self) -> None:
        """Make what finds names in texts, some 0.2 s of CPU and 15 MB for 118,000 names."""
        _ = self.texts

    @property
    def texts(self) -> TextIndex | JoinedTexts:
        """What finds the names in texts; made when it is first asked for."""
        if self._texts is None:
            names = self.names
            is_joined = isinstance(names, JoinedNames)
            self._texts = JoinedTexts(names) if is_joined else TextIndex(names)
        return self._texts

    @property
    def parties(self) -> PartyTable:
        """Which listings are one party, by the newest editions of all public lists."""
        if self._parties is None:
            self.take_parties(join_parties(self.write_listings()))
        return cast("PartyTable", self._parties)

    @property
    def has_parties(self) -> bool:
        """Whether the parties were joined already: it takes 1.5 s of CPU for 45,000 listings."""
        return self._parties is not None

    def write_listings(self, rest: Rest = no_rest) -> bytes:
        """Return what parties are joined from, for `join_parties`.

        Where operators have had their say on parties they will again: most of what is written is
        then kept, because it takes seconds of CPU and only a new edition changes it.
        """
        words = pairs_apart(self.splits), pairs_joined(self.splits)
        known = self._traits.of(self.lists)
        if known is not None:
            return write_request(known, *words)
        traits = write_traits(self._current(), rest)
        if self.splits:
            self._traits.keep(self.lists, traits)
        return write_request(traits, *words)

    def take_parties(self, body: bytes | memoryview) -> None:
        """Take the parties that `join_parties` has joined from the listings of this index."""
        places = {self.columns.id_at(position): position for position in self._public()}
        self._parties, self.written_parties = PartyTable(body, places), body

    def _take_parties_of(self, before: "ListingIndex") -> None:
        """Take the parties of an index with the same public listings; own lists are in none."""
        if (
            before.written_parties is not None
            and self.splits == before.splits
            and _public_editions(self.lists) == _public_editions(before.lists)
        ):
            self.take_parties(before.written_parties)

    def _public(self) -> list[int]:
        """Return the positions of the listings of public lists: of them parties are made."""
        return self.columns.listed_in(LIST_BY_CODE)

    def _current(self) -> Iterator[CurrentListing]:
        """Yield the public listings of the newest editions, whatever ends they state."""
        editions = self.on_day(date.max)
        for position in self._public():
            entry = self.columns.entry_at(position)
            versions = speaking(entry, editions, date.min)
            if versions is not None and versions.is_listed:
                place = versions.places[0]
                names = [
                    NamedForms(name.kind, forms)
                    for name, forms in self._forms_of(position, entry)
                    if applies(name.versions, (place,))
                ]
                yield decode(entry.versions[place].body), names

    def _forms_of(
        self, position: int, entry: Entry
    ) -> Iterator[tuple[EntryName, tuple[ComparisonForm, ...]]]:
        """Yield the names of an entry, each with its comparison forms."""
        forms = defaultdict[int, list[ComparisonForm]](list)
        for row in self.columns.rows_of(position):
            forms[self._name_at(row)[1]].append(self.names.form(row))
        for place, name in enumerate(entry.names):
            yield name, tuple(forms[place])

    def on_day(self, day: date) -> EditionsOfDay:
        """Return the editions that apply on a day; cached, as most questions are about today."""
        if day not in self._days:
            if len(self._days) >= _CACHED:
                self._days.clear()
            self._days[day] = EditionsOfDay(self.lists, day)
        return self._days[day]

    def codes(
        self, lists: tuple[str, ...] | None, profiles: tuple[str, ...] | None = None
    ) -> tuple[str, ...]:
        """Return the lists a question is about, in the order of all lists; cached.

        `profiles` are those that the question names in place of the site's.

        Raises:
            BadInputError: A code belongs to no list, or the question names an empty set of lists.
        """
        asked = lists, profiles
        if asked not in self._codes:
            chosen = chosen_codes(self._lists_with(profiles), lists)
            if len(self._codes) >= _CACHED:
                self._codes.clear()
            self._codes[asked] = chosen
        return self._codes[asked]

    def coverage_for(
        self, lists: tuple[str, ...] | None, profiles: tuple[str, ...] | None, days: Days
    ) -> Coverage:
        """Return the state of the lists of a question that names these lists or profiles.

        Raises:
            BadInputError: A code belongs to no list, or the question names an empty set of lists.
        """
        codes = self.codes(lists, profiles)
        return self.coverage(codes, days, named=lists is not None, profiles=profiles)

    def coverage(
        self,
        codes: tuple[str, ...],
        days: Days,
        *,
        named: bool,
        profiles: tuple[str, ...] | None = None,
    ) -> Coverage:
        """Return the state of these lists for a question about these days; cached.

        `named` says whether the question names its lists, which are then all required; `profiles`
        are those that it names in place of the site's.
        """
        asked = codes, days, named, profiles
        if asked not in self._coverage:
            if len(self._coverage) >= _CACHED:
                self._coverage.clear()
            lists = self._lists_with(profiles)
            self._coverage[asked] = coverage_of(lists, codes, days, named=named)
        return self._coverage[asked]

    def _lists_with(self, profiles: tuple[str, ...] | None) -> StoredLists:
        if profiles is None:
            return self.lists
        return msgspec.structs.replace(self.lists, profile=ListProfile(names=profiles))

    @property
    def listing_count(self) -> int:
        """How many entries there are, including those that have left their list."""
        return self.columns.listing_count

    @property
    def name_count(self) -> int:
        """How many names the entries have."""
        return self.columns.name_count

    def list_numbers(self, codes: Iterable[str]) -> frozenset[int]:
        """Return the numbers of these lists in the name index; a list without entries has none."""
        return frozenset(self._list_numbers[code] for code in codes if code in self._list_numbers)

    def entry(self, position: int) -> Entry:
        """Return the entry at a position, decoded when it is first asked for."""
        known = self._entries.get(position)
        if known is None:
            if len(self._entries) >= _ENTRIES_KEPT:
                self._entries.clear()
            known = self._entries[position] = self.columns.entry_at(position)
        return known

    def by_id(self, listing_id: str) -> Entry | None:
        """Return the entry with that id, or None."""
        position = self.columns.position_of(listing_id)
        return None if position is None else self.entry(position)

    def name(self, place: int) -> EntryName:
        """Return the name at a position of the name index."""
        position, name = self._name_at(place)
        return self.entry(position).names[name]

    def by_number(self, number: Number) -> Iterator[tuple[int, tuple[int, ...]]]:
        """Yield the positions of the entries that ever carried a number that matches this one.

        With each position come the places of the versions that print the number. A position may be
        yielded twice.
        """
        for position, printed in self.columns.numbers_at(number.key):
            if meet(number, printed.number):
                yield position, printed.versions

    def with_lists(self, lists: StoredLists) -> "ListingIndex":
        """Return a copy of the index with newer states of its lists; it shares everything else."""
        twin = object.__new__(ListingIndex)
        twin.__dict__.update(
            self.__dict__,
            lists=lists,
            _days={},
            _coverage={},
            _codes={},
            _newest_from=_newest_from(lists),
        )
        return twin

    def with_columns(self, columns: AnyColumns) -> "ListingIndex":
        """Return a copy of the index with equal columns that are elsewhere in memory."""
        twin = object.__new__(ListingIndex)
        twin._take(self.lists, columns, self.splits)
        twin._parties, twin.written_parties = self._parties, self.written_parties
        twin._traits = self._traits
        return twin

    def with_splits(self, splits: tuple[PartySplit, ...]) -> "ListingIndex":
        """Return a copy of the index with other splits of parties; it shares everything else."""
        twin = object.__new__(ListingIndex)
        twin.__dict__.update(self.__dict__, splits=splits, _parties=None, written_parties=None)
        return twin

    def with_parties_of(self, current: "ListingIndex") -> "ListingIndex":
        """Return an index that answers about a past day, with the parties of the current one.

        The newest editions decide which listings are one party, on whatever day one asks.
        """
        if self._parties is current.parties:
            return self
        twin = object.__new__(ListingIndex)
        twin.__dict__.update(
            self.__dict__,
            splits=current.splits,
            _parties=current.parties,
            written_parties=current.written_parties,
        )
        return twin

    def is_newest_on(self, day: date) -> bool:
        """Return whether the newest edition of each list from each source applies on a day.

        The newest versions of listings are then all there is to know.
        """
        if day >= self._newest_from:
            return True
        newest = newest_editions(self.lists)
        return all(newest[key] is each for key, each in self.on_day(day).by_source.items())


class _TraitStore:
    """The traits of listings as they were written last, which copies of an index share.

    They are kept compressed, 24 MB in 5.
    """

    def __init__(self) -> None:
        self._kept: tuple[Sequence[Edition], bytes] | None = None

    def of(self, lists: StoredLists) -> bytes | None:
        """Return what was kept for these editions, if anything was."""
        kept = self._kept
        return None if kept is None or kept[0] != lists.editions else zlib.decompress(kept[1])

    def keep(self, lists: StoredLists, traits: bytearray) -> None:
        """Keep what was written of the listings of these editions."""
        self._kept = lists.editions, zlib.compress(traits, 1)


def newest_editions(lists: StoredLists) -> dict[tuple[str, str], Edition]:
    """Return the newest edition of each list from each source."""
    return {(each.list_code, each.source): each for each in lists.editions}


def _public_editions(lists: StoredLists) -> list[Edition]:
    return [each for each in lists.editions if each.list_code in LIST_BY_CODE]


def _noted(versions: Iterable[ListingVersion], codes: set[str]) -> Iterator[ListingVersion]:
    """Yield the versions, and add the codes of their lists."""
    for each in versions:
        codes.add(each.list_code)
        yield each


def _newest_from(lists: StoredLists) -> date:
    """Return the first day on which the newest edition of every list from every source counts."""
    return max((each.known_on for each in newest_editions(lists).values()), default=date.min)
