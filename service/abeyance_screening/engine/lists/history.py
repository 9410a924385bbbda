"""History: older editions of a list, each put at its place in time among those that are stored.

However the editions of a list are loaded, day by day or as history in any order, the database
holds the same in the end: a version of a listing lasts from the first edition that prints it, up
to the next one that prints the listing differently or not at all.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

import msgspec

from abeyance_screening.engine.lists.catalogue import LIST_BY_CODE
from abeyance_screening.engine.lists.edition import (
    PATCHES,
    READER_VERSION,
    GivenFile,
    HistoryWrite,
    ListedNames,
    ListingRecord,
    NewEdition,
    ParsedDelta,
    ParsedEdition,
    ReadFiles,
    StoredSeries,
    VersionChange,
    listings_in,
)
from abeyance_screening.engine.lists.guards import (
    BY_HAND,
    FEW_OF_OWN,
    FEW_OF_TYPE,
    largest_loss,
    listed_names,
    losses,
    misfit,
)
from abeyance_screening.engine.lists.listing import Listing
from abeyance_screening.engine.lists.load import (
    Difference,
    LoadReport,
    LoadRequest,
    check_code,
    compare_editions,
    digest_of,
    is_needed,
    listing_record,
    parsed_lists,
    remark_on,
    report_of,
    with_parts_before,
)
from abeyance_screening.engine.lists.loading_ports import HistoryStore
from abeyance_screening.primitives.errors import AbeyanceError, BadInputError

# What is stored at once, in one transaction: so many editions, or so many new versions. Every
# process that holds an index takes them in together; more cost memory and a longer transaction.
_EDITIONS_AT_ONCE = 100
_VERSIONS_AT_ONCE = 40_000
# States of editions that are kept: the two neighbours of the last edition, and that one itself.
_STATES_KEPT = 4
# Without an edition after it, an edition is compared with the one before it only within this time:
# in six years three of eleven entries have gone for good.
_COMPARABLE = timedelta(days=365)
_HOW_TO_DATE = (
    "the file does not give its day; give it with --published-on, or name the file or its folder "
    "by its day, such as 2024-05-01"
)


# --- The time line of one list from one source.


class _Span:
    """How long a version of a listing lasts; `stored` is its first edition in the database.

    Editions are named by their keys; `until` is the first edition without the version, None if
    there is none. `stored` None means that the version is new.
    """

    __slots__ = ("digest", "first", "stored", "until")

    def __init__(self, first: int, until: int | None, digest: str, stored: int | None) -> None:
        self.first = first
        self.until = until
        self.digest = digest
        self.stored = stored


class Neighbours(msgspec.Struct, frozen=True):
    """The keys of the editions before and after a day; None where there is none."""

    before: int | None
    after: int | None


class Timeline:
    """The editions of one list from one source in time, and how long each version lasts.

    The key of a stored edition is its id; new ones have negative keys. Nothing is stored here:
    `write` returns what has to be.
    """

    def __init__(self, stored: StoredSeries) -> None:
        """Start with what is stored."""
        self.editions: dict[int, NewEdition] = {each.id: each for each in stored.editions}
        self._stored = tuple(self.editions)
        self._order = list(self.editions)
        self._ranks = {each: rank for rank, each in enumerate(self._order)}
        self._as_history = set(stored.as_history)
        self._days = {each.id: each.known_on for each in stored.editions}
        self._spans: dict[str, list[_Span]] = {}
        for each in stored.versions:
            first, until = each.first_edition, each.until_edition
            self._spans.setdefault(each.listing_id, []).append(
                _Span(first, until, each.digest, first)
            )
        self._bodies: dict[tuple[str, str], ListingRecord] = {}
        self._states: dict[int, Mapping[str, str]] = {}

    @property
    def waiting(self) -> tuple[int, int]:
        """How many editions and how many versions wait to be stored."""
        return len(self._order) - len(self._stored), len(self._bodies)

    @property
    def current(self) -> NewEdition | None:
        """The newest edition that was not loaded as history."""
        keys = (each for each in reversed(self._order) if each not in self._as_history)
        key = next(keys, None)
        return None if key is None else self.editions[key]

    def of_day(self, day: date) -> int | None:
        """Return the key of the edition published on a day, the last one if there are several."""
        found = (each for each in self._order if self.editions[each].published_on == day)
        return max(found, key=self._ranks.__getitem__, default=None)

    def neighbours(self, day: date) -> Neighbours:
        """Return the editions between which an edition of this day belongs."""
        place = self._place(day)
        return Neighbours(
            before=self._order[place - 1] if place > 0 else None,
            after=self._order[place] if place < len(self._order) else None,
        )

    def digests(self, key: int | None) -> Mapping[str, str]:
        """Return the digests of the listings of an edition by listing id; none for no edition."""
        if key is None:
            return {}
        known = self._states.pop(key, None)
        if known is None:
            lasting = (
                (listing_id, self._lasting(spans, key))
                for listing_id, spans in self._spans.items()
            )
            known = {each: span.digest for each, span in lasting if span is not None}
        self._keep(key, known)
        return known

    def record(self, listing_id: str, digest: str) -> ListingRecord | None:
        """Return a version that waits to be stored, None for any other."""
        return self._bodies.get((listing_id, digest))

    def insert(
        self,
        edition: NewEdition,
        digests: Mapping[str, str],
        records: Mapping[str, ListingRecord],
    ) -> Difference:
        """Put an edition at its day, and return how it differs from the one before.

        `digests` are those of its listings by id; `records` has those of them that are new.
        """
        day = edition.published_on or edition.loaded_at.date()
        place, near = self._place(day), self.neighbours(day)
        before = self.digests(near.before)
        key = -1 - len(self._order)
        difference = compare_editions(before, digests)
        for listing_id in (*difference.stored, *difference.gone):
            self._print(key, near, listing_id, digests.get(listing_id))
        for listing_id in difference.stored:
            self._note(records[listing_id])
        self._order.insert(place, key)
        self._ranks = {each: rank for rank, each in enumerate(self._order)}
        self.editions[key], self._days[key] = edition, day
        self._as_history.add(key)
        self._keep(key, digests)
        return difference

    def _print(self, key: int, near: Neighbours, listing_id: str, digest: str | None) -> None:
        """Take up that an edition prints a listing differently, or not (`digest` None)."""
        spans = self._spans.setdefault(listing_id, [])
        before, after = self._lasting(spans, near.before), self._lasting(spans, near.after)
        if before is not None:
            if before is after and near.after is not None:
                # it is printed again from the edition that follows on
                spans.append(_Span(near.after, before.until, before.digest, None))
            before.until = key
        if digest is None:
            return
        if after is not None and after is not before and after.digest == digest:
            after.first = key
        else:
            spans.append(_Span(key, near.after, digest, None))

    def _lasting(self, spans: Sequence[_Span], key: int | None) -> _Span | None:
        """Return the version that an edition has of a listing, None if it does not print it."""
        if key is None:
            return None
        rank = self._ranks[key]
        lasting = (
            each
            for each in spans
            if self._ranks[each.first] <= rank
            and (each.until is None or rank < self._ranks[each.until])
        )
        return next(lasting, None)

    def _note(self, record: ListingRecord) -> None:
        """Keep a listing's body unless a stored version has it."""
        spans = self._spans[record.listing_id]
        if not any(each.digest == record.digest and each.stored is not None for each in spans):
            self._bodies[record.listing_id, record.digest] = record

    def _place(self, day: date) -> int:
        """Return the place after the last edition that counts from this day or an earlier one."""
        for place in range(len(self._order), 0, -1):
            if self._days[self._order[place - 1]] <= day:
                return place
        return 0

    def _keep(self, key: int, digests: Mapping[str, str]) -> None:
        self._states[key] = digests
        while len(self._states) > _STATES_KEPT:
            del self._states[next(iter(self._states))]

    def write(self, list_code: str, source: str) -> HistoryWrite:
        """Return what has to be stored so that the database has this time line."""
        changes = [
            VersionChange(listing_id, span.stored, span.first, span.until, span.digest)
            for listing_id, spans in self._spans.items()
            for span in spans
            if span.stored is None or span.first < 0 or (span.until is not None and span.until < 0)
        ]
        return HistoryWrite(
            list_code=list_code,
            source=source,
            known=self._stored,
            order=tuple(self._order),
            as_history=tuple(each in self._as_history for each in self._order),
            editions={key: self.editions[key] for key in self._order if key < 0},
            changes=tuple(changes),
            records=self._bodies,
        )


# --- Loading.


class PastEdition(msgspec.Struct, frozen=True, kw_only=True):
    """One edition to load as history.

    `name` is what the operator knows it by. `published_on` is the day that the operator gives, and
    `named_on` the one that the name contains; each is for files that do not give their day.
    """

    name: str
    published_on: date | None = None
    named_on: date | None = None


class PrintedList(msgspec.Struct, frozen=True):
    """One list of an edition: `parsed` without its listings, and these in their stored form.

    `listings` of a delta are those that it puts.
    """

    parsed: ParsedEdition | ParsedDelta
    listings: tuple[ListingRecord, ...]


class PrintedFiles(msgspec.Struct, frozen=True, kw_only=True):
    """What the files of one edition print, with the digest of the files as of `digest_of`.

    Editions that were read one after the other share the records of what did not change.
    """

    source: str
    format: str
    sha256: str
    lists: tuple[PrintedList, ...]


class EditionPrinter:
    """Reads the files of editions, one after the other, into the form in which they are stored."""

    def __init__(self, wanted: LoadRequest) -> None:
        self._wanted = wanted
        self._records: dict[tuple[str, str], ListingRecord] = {}

    def printed(self, files: Sequence[GivenFile], read: ReadFiles) -> PrintedFiles:
        """Return what the files print, given what was read from them.

        Raises:
            ListRefusedError: The files have no entry of any of the lists wanted.
        """
        lists = parsed_lists(self._wanted, read)
        return PrintedFiles(
            source=read.source,
            format=read.format,
            sha256=digest_of(files),
            lists=tuple(map(self._list, lists)),
        )

    def _record(self, listing: Listing) -> ListingRecord:
        record = listing_record(listing)
        return self._records.setdefault((record.listing_id, record.digest), record)

    def _list(self, parsed: ParsedEdition | ParsedDelta) -> PrintedList:
        listings = tuple(map(self._record, listings_in(parsed)))
        if isinstance(parsed, ParsedEdition):
            return PrintedList(msgspec.structs.replace(parsed, listings=()), listings)
        return PrintedList(msgspec.structs.replace(parsed, put=()), listings)


class HistoryLoad:
    """Loads older editions, each at its place; `finish` stores what is not stored yet.

    A list's current edition stays the current one: an edition that is not older is refused. What a
    load of history refuses is reported and not recorded with the list, as it says nothing about
    the newest file that its publisher offers.

    An edition counts from its day of publication on, for `as_of` and for `known_at`: both ask what
    was public on a day, and it was public then. That this service did not have it then is said by
    `loaded_at`, which every answer states with the edition, and by the screenings that were kept.
    """

    def __init__(
        self, store: HistoryStore, wanted: LoadRequest, now: datetime, *, accepted: bool = False
    ) -> None:
        """Start; `accepted` means that an operator takes responsibility for losses."""
        self._store = store
        self._wanted = wanted
        self._now = now
        self._accepted = accepted
        self._timelines: dict[tuple[str, str], Timeline] = {}

    async def add(
        self, past: PastEdition, printed: PrintedFiles | AbeyanceError
    ) -> tuple[LoadReport, ...]:
        """Put the lists that the files of an edition print at their places, and report on each.

        `printed` is the error instead where the files could not be read.

        Raises:
            BadInputError: Another process changed the same editions meanwhile, or the code of a
                new list of the user's own looks like a public one.
        """
        if isinstance(printed, AbeyanceError):
            return (self._unread(past, printed),)
        reports: list[LoadReport] = []
        for each in printed.lists:
            timeline = await self._timeline(each.parsed.list_code, printed.source)
            if not is_needed(each.parsed, each.listings, has_editions=bool(timeline.editions)):
                continue
            edition = self._edition(each.parsed, past, printed)
            reports.append(named(await self._insert(timeline, each, edition, past), past.name))
        if any(map(_is_much, self._timelines.values())):
            await self.finish()
        return tuple(reports)

    async def finish(self) -> None:
        """Store all editions that wait, in one transaction.

        Raises:
            BadInputError: Another process changed the same editions meanwhile.
        """
        waiting = {key: each for key, each in self._timelines.items() if each.waiting != (0, 0)}
        self._timelines = {}
        if waiting:
            async with self._store.loading() as transaction:
                for (list_code, source), timeline in waiting.items():
                    if not await transaction.put_history(timeline.write(list_code, source)):
                        reason = (
                            f"the editions of {list_code} were changed by another process "
                            "meanwhile; load the same files again"
                        )
                        raise BadInputError("--as-history", reason)

    async def _timeline(self, list_code: str, source: str) -> Timeline:
        key = list_code, source
        if key not in self._timelines:
            stored = await self._store.read_series(list_code, source)
            check_code(self._wanted, is_stored=bool(stored.editions))
            self._timelines[key] = Timeline(stored)
        return self._timelines[key]

    def _unread(self, past: PastEdition, refused: AbeyanceError) -> LoadReport:
        report = LoadReport(
            list_code=self._wanted.name,
            source=self._wanted.sources[0],
            outcome="refused",
            reason=str(refused),
            published_on=past.published_on or past.named_on,
            entry_count=0,
        )
        return named(report, past.name)

    def _edition(
        self, parsed: ParsedEdition | ParsedDelta, past: PastEdition, printed: PrintedFiles
    ) -> NewEdition:
        days = filter(None, (parsed.published_on, past.published_on, past.named_on))
        return NewEdition(
            list_code=parsed.list_code,
            source=printed.source,
            sha256=printed.sha256,
            format=printed.format,
            reader=READER_VERSION,
            published_on=next(days, None),
            loaded_at=self._now,
            confirmed_at=None,
            entry_count=0,
            accepted=self._accepted,
            read_in_part=parsed.read_in_part,
        )

    async def _insert(
        self,
        timeline: Timeline,
        printed: PrintedList,
        edition: NewEdition,
        past: PastEdition,
    ) -> LoadReport:
        """Put one list of the files at its place, unless it is refused or there already."""
        day, parsed = edition.published_on, printed.parsed
        if day is None:
            return report_of(edition, "refused", _HOW_TO_DATE)
        if _is_there(timeline, edition, printed):
            return report_of(edition, "unchanged")
        near = timeline.neighbours(day)
        reason = _misdated(parsed, past, self._now) or _misplaced(timeline, day, near)
        if reason is None and isinstance(parsed, ParsedDelta):
            reason = _misfit(timeline, parsed, near)
        if reason is not None:
            return report_of(edition, "refused", reason)
        placed = _placed(timeline, printed, near)
        if isinstance(parsed, ParsedDelta) and near.before is not None:
            edition = with_parts_before(edition, timeline.editions[near.before])
        edition = msgspec.structs.replace(edition, entry_count=len(placed.digests))
        reason = None if self._accepted else await self._doubt(timeline, edition, near, placed)
        if reason is not None:
            return report_of(edition, "refused", reason)
        difference = timeline.insert(edition, placed.digests, placed.records)
        return report_of(edition, "loaded", remark_on(edition), difference)

    async def _doubt(
        self, timeline: Timeline, edition: NewEdition, near: Neighbours, placed: "_Placed"
    ) -> str | None:
        """Return why an edition is taken to be damaged, None if it is not.

        An edition is damaged if it lacks what the edition before it has and the one after has
        again. One that comes before all others cannot be judged by that; one that comes after all
        others is judged by the edition before it, if that is not more than a year older.
        """
        known = LIST_BY_CODE.get(edition.list_code)
        if not placed.digests and not (known is not None and known.may_be_empty):
            return "the file has no entry of this list"
        if near.before is None:
            return None
        before = timeline.editions[near.before]
        if near.after is None and edition.known_on - before.known_on > _COMPARABLE:
            return None
        lost = _Lost.between(timeline, near, placed.digests)
        loss = _loss_of_entries(before, lost)
        if loss is None and placed.is_whole:
            loss = await self._loss_of_names(timeline, edition, near, placed, lost)
        return None if loss is None else f"{loss}; {BY_HAND}"

    async def _loss_of_names(
        self,
        timeline: Timeline,
        edition: NewEdition,
        near: Neighbours,
        placed: "_Placed",
        lost: "_Lost",
    ) -> str | None:
        """Return a loss of names that the edition before has and the one after has again."""
        most = largest_loss(LIST_BY_CODE.get(edition.list_code))
        same = all(
            timeline.editions[each].format == edition.format
            for each in (near.before, near.after)
            if each is not None
        )
        printed = placed.names(lost.changed)
        has_lost = True
        for key in (near.before, near.after):
            if key is not None and has_lost:
                names = await self._names(timeline, edition.source, key, printed)
                both = {each: printed[each] for each in names}
                has_lost = any(losses(names, both, most, count_numbers=same))
        if not has_lost and len(lost.gone) <= FEW_OF_TYPE:
            return None
        fewer = lost.gone | lost.changed if has_lost else lost.gone
        before = await self._names(timeline, edition.source, near.before, fewer)
        every = placed.names(placed.digests)
        return next(losses({**every, **before}, every, most, count_numbers=same), None)

    async def _names(
        self, timeline: Timeline, source: str, key: int | None, listing_ids: Collection[str]
    ) -> dict[str, ListedNames]:
        """Return what an edition prints of some listings, as far as it has them."""
        digests = timeline.digests(key)
        asked = {each: digests[each] for each in listing_ids if each in digests}
        waiting = {each: timeline.record(each, digest) for each, digest in asked.items()}
        stored = {each: asked[each] for each, record in waiting.items() if record is None}
        found = dict(await self._store.printed_names(source, stored)) if stored else {}
        return found | {
            each: _names_in(record) for each, record in waiting.items() if record is not None
        }


def named(report: LoadReport, name: str) -> LoadReport:
    """Return a report whose reason begins with the name of the file or folder."""
    if report.reason is None:
        return report
    return msgspec.structs.replace(report, reason=f"{name}: {report.reason}")


def _names_in(record: ListingRecord) -> ListedNames:
    return listed_names(msgspec.json.decode(record.body, type=Listing))


class _Placed(msgspec.Struct, frozen=True):
    """What an edition prints: digests, and the listings read; `is_whole` if all were."""

    digests: Mapping[str, str]
    records: Mapping[str, ListingRecord]
    is_whole: bool

    def names(self, listing_ids: Iterable[str]) -> dict[str, ListedNames]:
        """Return what a question can match of those of the listings that were read."""
        return {
            each: _names_in(self.records[each]) for each in listing_ids if each in self.records
        }


class _Lost(msgspec.Struct, frozen=True):
    """What an edition lacks of the one before; `gone` is there again in the one after."""

    gone: frozenset[str]
    changed: frozenset[str]
    again: str

    @classmethod
    def between(cls, timeline: Timeline, near: Neighbours, digests: Mapping[str, str]) -> "_Lost":
        """Compare an edition with its neighbours."""
        before, after = timeline.digests(near.before), timeline.digests(near.after)
        gone, again = before.keys() - digests.keys(), ""
        if near.after is not None:
            gone = gone & after.keys()
            again = f", and in that of {timeline.editions[near.after].known_on} they are again"
        changed = (
            each for each in before.keys() & digests.keys() if before[each] != digests[each]
        )
        return cls(gone=frozenset(gone), changed=frozenset(changed), again=again)


def _loss_of_entries(before: NewEdition, lost: _Lost) -> str | None:
    known = LIST_BY_CODE.get(before.list_code)
    most, few = largest_loss(known), FEW_OF_OWN if known is None else 0
    if len(lost.gone) <= max(few, before.entry_count * most):
        return None
    return (
        f"suddenly smaller: {len(lost.gone):,} of the {before.entry_count:,} entries of "
        f"{before.known_on} are not in it{lost.again}; at most {most:.0%} may go at once"
    )


def _placed(timeline: Timeline, printed: PrintedList, near: Neighbours) -> _Placed:
    """Return what an edition prints, in full; a delta is applied to the edition before it."""
    parsed, records = printed.parsed, {each.listing_id: each for each in printed.listings}
    digests = {each: record.digest for each, record in records.items()}
    if isinstance(parsed, ParsedDelta):
        before = timeline.digests(near.before)
        digests = {each: before[each] for each in before.keys() - set(parsed.gone)} | digests
    return _Placed(digests, records, not isinstance(parsed, ParsedDelta))


def _is_there(timeline: Timeline, edition: NewEdition, printed: PrintedList) -> bool:
    """Return whether the file of an edition, or one with the same entries, is loaded already."""
    known = None if edition.published_on is None else timeline.of_day(edition.published_on)
    if known is None:
        return False
    if timeline.editions[known].sha256 == edition.sha256:
        return True
    if isinstance(printed.parsed, ParsedDelta):
        return False
    digests = {each.listing_id: each.digest for each in printed.listings}
    return digests == timeline.digests(known)


def _misdated(parsed: ParsedEdition | ParsedDelta, past: PastEdition, now: datetime) -> str | None:
    """Return why the day of an edition cannot be right, None if it can."""
    printed_on, given_on = parsed.published_on, past.published_on
    if printed_on is not None and given_on is not None and printed_on != given_on:
        return f"its day is given as {given_on}, but the file itself says {printed_on}"
    day = printed_on or given_on or past.named_on
    # In the easternmost time zones it may already be tomorrow.
    if day is not None and day > now.date() + timedelta(days=1):
        return f"{day} has not come yet"
    return None


def _misplaced(timeline: Timeline, day: date, near: Neighbours) -> str | None:
    """Return why no edition of this day may be put among those there are, None if one may."""
    if timeline.of_day(day) is not None:
        return f"another edition of {day} is loaded, and which of the two is older cannot be known"
    current = timeline.current
    if current is not None and day >= current.known_on:
        return (
            f"published {day}, which is not before the current edition, of {current.known_on}; "
            "load it without --as-history"
        )
    following = None if near.after is None else timeline.editions[near.after]
    if following is not None and following.format in PATCHES:
        return (
            f"the edition of {following.known_on} was made from changes to the one before it, so "
            "none can be put between the two"
        )
    return None


def _misfit(timeline: Timeline, delta: ParsedDelta, near: Neighbours) -> str | None:
    before = None if near.before is None else timeline.editions[near.before]
    return misfit(delta, before, timeline.digests(near.before))


def _is_much(timeline: Timeline) -> bool:
    editions, versions = timeline.waiting
    return editions >= _EDITIONS_AT_ONCE or versions >= _VERSIONS_AT_ONCE


# --- Days in names.

_DAY_IN_NAME = re.compile(r"(?<!\d)(\d{4})([-_.]?)(\d{2})\2(\d{2})(?!\d)", re.ASCII)


def day_in_name(name: str) -> date | None:
    """Return the day that a name contains, such as `sdn_2024-05-01.csv` or `20240501`.

    None if it contains none, or several.
    """
    found = {_day(*match.group(1, 3, 4)) for match in _DAY_IN_NAME.finditer(name)} - {None}
    return found.pop() if len(found) == 1 else None


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
