"""Notes: what a list's files hold that their reader does not know, entry by entry.

Publishers add columns, elements and codes without notice. A reader that meets one calls
`note_unknown`, and the edition loads: the entry keeps the unknown part as a fact, and the edition
says what was unknown and how often. A record that cannot be read at all is kept by its names
(`read_records`). Both hold only inside `taking_notes`, where somebody keeps the notes; anywhere
else the same calls refuse the file, so that no caller can lose them.
"""

import re
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import cast

import msgspec

from abeyance_screening.engine.lists.edition import AnyParsed, MayHide, UnknownPart, listings_in
from abeyance_screening.engine.lists.listing import EntityType, Fact, Listing, Name
from abeyance_screening.engine.lists.reading.names import collect_names
from abeyance_screening.primitives.errors import ListRefusedError, RowRefusedError

UNKNOWN_PART = "unknown_part"
"""The kind of the facts that hold an entry's unknown parts, as `QUALITY: Strong`."""
# A publisher's slips cost a record or two; more than this is another format.
MOST_UNREAD = 3
_MOST_UNREAD_SHARE = 0.03
_LONGEST_VALUE = 500
_LONGEST_EXAMPLE = 80
_UNREAD = "record that could not be read, kept by its names"
_NO_NAME = "record without a name that could be read"

_HIDING: tuple[tuple[MayHide, re.Pattern[str]], ...] = (
    ("name", re.compile(r"name|alias|a\.?k\.?a\b|known as|nom\b|名|script", re.IGNORECASE)),
    ("status", re.compile(r"status|delist|remov|revo[ck]|terminat|suspen|withdr", re.IGNORECASE)),
    ("kind", re.compile(r"\btype\b|kind|categor|entity|individual|party", re.IGNORECASE)),
)


def most_unread(count: int) -> int:
    """Return how many of so many records a publisher's slips may cost."""
    return max(MOST_UNREAD, int(count * _MOST_UNREAD_SHARE))


def may_hide_in(label: str) -> MayHide | None:
    """Return what may hide in a part by its label: a heading, a tag, the name of a field."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", label)
    return next((what for what, words_of in _HIDING if words_of.search(words)), None)


class Rescued(msgspec.Struct, frozen=True, kw_only=True):
    """What can be read of a record that its reader cannot read.

    `names` are the names as printed, the primary one first; without any the record is noted, but
    nothing can find it. `entry_id` is the publisher's own id.
    """

    names: Sequence[str]
    list_code: str
    entry_id: str | None = None
    entity_type: EntityType | None = None
    programmes: tuple[str, ...] = ()


class _Note(msgspec.Struct, frozen=True):
    what: str
    value: str
    may_hide: MayHide | None


class _Tally(msgspec.Struct):
    count: int = 0
    example: str = ""


class Notes:
    """What was unknown in the files of one edition, over all its lists."""

    def __init__(self) -> None:
        self._parts = dict[tuple[str | None, str, MayHide | None], _Tally]()
        self._of_record: list[_Note] | None = None
        self._faults = list[tuple[str, RowRefusedError]]()

    @property
    def in_record(self) -> bool:
        """Whether a record is being read."""
        return self._of_record is not None

    def add(self, what: str, value: str, may_hide: MayHide | None) -> None:
        """Note an unknown part of the record being read or, outside of one, of the files."""
        note = _Note(what, " ".join(value.split())[:_LONGEST_VALUE], may_hide)
        if self._of_record is None:
            self._count(None, note)
        else:
            self._of_record.append(note)

    def read[R](
        self,
        record: R,
        read: Callable[[R], Sequence[Listing]],
        rescue: Callable[[R], Sequence[Rescued]],
    ) -> tuple[Listing, ...]:
        """Return a record's listings that have a name, with its unknown parts as facts.

        What is unknown in a record on none of the lists, which has no listings, is not noted.
        """
        self._of_record = []
        try:
            listings = tuple(read(record))
        except RowRefusedError as error:
            listings = self._all_unread(error, rescue(record))
        finally:
            notes, self._of_record = self._of_record, None
        if not notes:
            return listings
        return tuple(self._with_facts(listing, notes) for listing in listings)

    @contextmanager
    def holding(self, held: list[_Note]) -> Generator[None]:
        """Add what is noted inside the block to `held`, and count none of it."""
        before, self._of_record = self._of_record, held
        try:
            yield
        finally:
            self._of_record = before

    def on(self, read: Sequence[AnyParsed]) -> tuple[AnyParsed, ...]:
        """Return the lists of the files, each with the notes on it.

        What was noted on a list of which nothing was read holds for all the others.
        """
        self._check_share(sum(len(listings_in(each)) for each in read))
        codes = {each.list_code for each in read}
        for (list_code, what, may_hide), tally in tuple(self._parts.items()):
            if list_code is not None and list_code not in codes:
                self._parts.setdefault((None, what, may_hide), tally)
        return tuple(map(self._noted, read))

    def on_stream(self, list_code: str, count: int) -> tuple[UnknownPart, ...]:
        """Return the notes on the one list of the files, after all its listings were read.

        `count` is how many there were.
        """
        self._check_share(count)
        return self._parts_of(list_code)

    def _noted(self, parsed: AnyParsed) -> AnyParsed:
        parts = self._parts_of(parsed.list_code)
        return msgspec.structs.replace(parsed, read_in_part=parts) if parts else parsed

    def _parts_of(self, code: str) -> tuple[UnknownPart, ...]:
        return tuple(
            UnknownPart(
                what=what,
                count=tally.count,
                example=tally.example[:_LONGEST_EXAMPLE],
                may_hide=may_hide,
            )
            for (list_code, what, may_hide), tally in sorted(
                self._parts.items(), key=lambda item: (item[0][1], item[0][0] or "")
            )
            if list_code in {None, code}
        )

    def _with_facts(self, listing: Listing, notes: Sequence[_Note]) -> Listing:
        for note in dict.fromkeys(notes):
            self._count(listing.list_code, note)
        if listing.unread is not None:
            return listing
        filled = (f"{note.what}: {note.value}" for note in notes if note.value)
        facts = tuple(Fact(kind=UNKNOWN_PART, value=text) for text in dict.fromkeys(filled))
        return msgspec.structs.replace(listing, facts=listing.facts + facts) if facts else listing

    def _all_unread(
        self, error: RowRefusedError, rescued: Sequence[Rescued]
    ) -> tuple[Listing, ...]:
        for each in rescued[:1]:
            # One record counts once, on however many lists and of however many parties it is.
            self._faults.append((each.list_code, error))
        self._of_record = [_Note(_UNREAD, str(error)[:_LONGEST_VALUE], None)]
        return tuple(filter(None, [self._unread(error, each) for each in rescued]))

    def _count(self, list_code: str | None, note: _Note) -> None:
        tally = self._parts.setdefault((list_code, note.what, note.may_hide), _Tally())
        tally.count += bool(note.value)
        tally.example = tally.example or note.value

    def _unread(self, error: RowRefusedError, rescued: Rescued) -> Listing | None:
        texts = tuple(dict.fromkeys(filter(None, (" ".join(n.split()) for n in rescued.names))))
        if not any(any(letter.isalpha() for letter in text) for text in texts):
            self._count(rescued.list_code, _Note(_NO_NAME, str(error)[:_LONGEST_VALUE], "name"))
            return None
        return Listing(
            id="",
            list_code=rescued.list_code,
            names=collect_names(texts[0], (Name(text=text, kind="alias") for text in texts[1:])),
            entity_type=rescued.entity_type,
            entry_id=rescued.entry_id,
            programmes=rescued.programmes,
            unread=f"{error.where}: {error.reason}",
        )

    def _check_share(self, count: int) -> None:
        faults = len(self._faults)
        if faults > most_unread(count) or 2 * faults > count:
            first = "; ".join(str(error) for _, error in self._faults[:3])
            reason = f"{faults} records cannot be read, of {count} that have a name: {first}"
            raise ListRefusedError(self._faults[0][0], reason)


_NOTES: ContextVar[Notes | None] = ContextVar("notes", default=None)


@contextmanager
def taking_notes() -> Generator[Notes]:
    """Note what is unknown in the files read inside the block, in place of refusing them."""
    token = _NOTES.set(notes := Notes())
    try:
        yield notes
    finally:
        _NOTES.reset(token)


def notes_are_taken() -> bool:
    """Return whether an unknown part is noted here; it is refused otherwise."""
    return _NOTES.get() is not None


def is_in_record() -> bool:
    """Return whether a record of `read_records` is being read and its faults are noted."""
    notes = _NOTES.get()
    return notes is not None and notes.in_record


def note_unknown(
    where: str, what: str, value: str = "", *, may_hide: MayHide | None = None
) -> None:
    """Note a part that the reader does not know: `column 'Flag'`, and the value printed.

    Inside a record of `read_records` it becomes a fact of the entry. `may_hide` says what a
    question could miss for it.
    """
    notes = _NOTES.get()
    if notes is None:
        printed = f" {value[:60]!r}" if value else ""
        raise RowRefusedError(where, f"unknown {what}{printed}")
    notes.add(what, value, may_hide)


class HeldNotes:
    """What is noted while a record comes in piece by piece, before its listing can be made.

    The pieces of a record, such as the rows of one party, are read by `hold`; the `read` of
    `read_records` then begins with `release`.
    """

    def __init__(self) -> None:
        self._notes = list[_Note]()
        self._fault: RowRefusedError | None = None

    @property
    def fault(self) -> RowRefusedError | None:
        """The fault of the first piece that could not be read, None where there is none."""
        return self._fault

    def hold(self, read: Callable[[], None]) -> bool:
        """Read a piece, hold back what it notes or its fault, and return whether it has none."""
        if (notes := _NOTES.get()) is None:
            read()
            return True
        try:
            with notes.holding(self._notes):
                read()
        except RowRefusedError as error:
            self._fault = self._fault or error
            return False
        return True

    def release(self) -> None:
        """Note everything that was held back as parts of the record that is being read."""
        if (notes := _NOTES.get()) is not None:
            for note in self._notes:
                notes.add(note.what, note.value, note.may_hide)
        if self._fault is not None:
            raise self._fault


class Ahead[T](msgspec.Struct, frozen=True):
    """A part of a record that was read before the rest: its value, None where it has a fault."""

    value: T | None
    held: HeldNotes

    @property
    def fault(self) -> RowRefusedError | None:
        """Why the part could not be read."""
        return self.held.fault

    def result(self) -> T:
        """Return the value; what was unknown in it is noted of the record being read."""
        self.held.release()
        return cast("T", self.value)


def read_ahead[T](read: Callable[[], T]) -> Ahead[T]:
    """Read a part of a record that stands apart from the rest of it.

    Its faults and what is unknown in it wait for the records to which it belongs.
    """
    held, made = HeldNotes(), list[T]()
    held.hold(lambda: made.append(read()))
    return Ahead(made[0] if made else None, held)


def read_groups[R](
    records: Iterable[R],
    read: Callable[[R], Sequence[Listing]],
    rescue: Callable[[R], Sequence[Rescued]],
) -> Iterator[tuple[R, tuple[Listing, ...]]]:
    """Yield each record with its listings, as `read_records` does for records of one listing.

    A party on several lists has a listing on each; a row may list several parties.
    """
    notes = _NOTES.get()
    if notes is None:
        yield from ((record, tuple(read(record))) for record in records)
        return
    for record in records:
        yield record, notes.read(record, read, rescue)


def read_records[R](
    records: Iterable[R], read: Callable[[R], Listing], rescue: Callable[[R], Rescued]
) -> Iterator[tuple[R, Listing]]:
    """Yield each record with its listing, whose id is still blank.

    A record that `read` refuses is kept by the names that `rescue` finds in it, and its listing
    is marked as unread. `rescue` must not raise.
    """
    groups = read_groups(records, lambda each: (read(each),), lambda each: (rescue(each),))
    for record, listings in groups:
        for listing in listings:
            yield record, listing
