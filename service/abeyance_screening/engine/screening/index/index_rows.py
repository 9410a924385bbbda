"""Build the rows of an index, in a pool of processes where there are very many.

Normalising names is most of the work of building an index. It needs neither the database nor the
compiled code.
"""

import os
import signal
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import batched, islice
from multiprocessing import get_context

import msgspec

from abeyance_screening.engine.lists.edition import ListingVersion
from abeyance_screening.engine.lists.listing import EntityType
from abeyance_screening.engine.names.form import normalise_all
from abeyance_screening.engine.names.form.word_types import ComparisonForm
from abeyance_screening.engine.screening.applicable_versions import make_entry
from abeyance_screening.engine.screening.identifiers import Number
from abeyance_screening.primitives.arrays import key_of_text
from abeyance_screening.primitives.processes import end_with

type Group = tuple[ListingVersion, ...]
"""The versions of one listing."""

# The listings that come with the program are 45,000. From more than this on, two processes start.
_HERE = 60_000
_PROCESSES = 2
_AT_ONCE, _WAITING = 200, 8
# A process that answers requests gets ten times the share of a busy CPU.
_NICENESS = 10
_encoder = msgspec.msgpack.Encoder(order="deterministic")


class NumberPrint(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A number of an entry, and the places of the versions that print it."""

    number: Number
    versions: tuple[int, ...]


class IndexedForm(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A comparison form of a name of an entry, which is given by its place."""

    name: int
    is_weak: bool
    form: ComparisonForm


class IndexedEntry(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """An entry as it is kept, and what it is found by.

    `written` is the entry itself, and `numbers` are its numbers with their keys, each a written
    `NumberPrint`.
    """

    listing_id: str
    list_code: str
    entity_type: EntityType | None
    name_count: int
    written: bytes
    forms: tuple[IndexedForm, ...]
    numbers: tuple[tuple[int, bytes], ...]


def lay_out_entry(versions: Iterable[ListingVersion]) -> IndexedEntry:
    """Lay out the entry with these versions; see `make_entry`."""
    entry = make_entry(versions)
    return IndexedEntry(
        entry.listing_id,
        entry.list_code,
        entry.entity_type,
        len(entry.names),
        _encoder.encode(entry),
        tuple(
            [
                IndexedForm(place, name.kind == "weak_alias", form)
                for place, name in enumerate(entry.names)
                for form in normalise_all(name.text)
            ]
        ),
        tuple(
            [
                (key_of_text(number.key), _encoder.encode(NumberPrint(number, places)))
                for number, places in entry.identifiers
            ]
        ),
    )


def lay_out_entries(groups: Iterable[Group], *, is_polite: bool) -> Iterator[IndexedEntry]:
    """Yield the entries of all listings in their order; many are laid out in other processes.

    These give way to all other work if this `is_polite`.
    """
    groups = iter(groups)
    yield from map(lay_out_entry, islice(groups, _HERE))
    first = next(groups, None)
    if first is None:
        return
    niceness = _NICENESS if is_polite else 0
    with ProcessPoolExecutor(
        min(_PROCESSES, os.cpu_count() or 1),
        mp_context=get_context("spawn"),
        initializer=_begin,
        initargs=(os.getpid(), niceness),
    ) as pool:
        yield lay_out_entry(first)
        waiting = deque[tuple[tuple[Group, ...], Future[bytes] | None]]()
        for some in batched(groups, _AT_ONCE, strict=False):
            waiting.append((some, _begun(pool, some)))
            if len(waiting) > _WAITING:
                yield from _done(*waiting.popleft())
        while waiting:
            yield from _done(*waiting.popleft())


def _begun(pool: ProcessPoolExecutor, some: tuple[Group, ...]) -> Future[bytes] | None:
    try:
        return pool.submit(_lay_out, _encoder.encode(some))
    except BrokenProcessPool:
        return None


def _done(some: tuple[Group, ...], begun: Future[bytes] | None) -> Iterable[IndexedEntry]:
    """Return what was laid out; where the process has ended, as for want of memory, do so here."""
    try:
        if begun is not None:
            return _read_entries(begun.result())
    except BrokenProcessPool:
        pass
    return map(lay_out_entry, some)


# --- In the other process.

_read_groups = msgspec.msgpack.Decoder(tuple[Group, ...]).decode
_read_entries = msgspec.msgpack.Decoder(tuple[IndexedEntry, ...]).decode


def _begin(parent: int, niceness: int) -> None:
    """Make this process give way, and end it with its parent; an interrupt is the parent's."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(niceness)
    end_with(parent)


def _lay_out(groups: bytes) -> bytes:
    return _encoder.encode(tuple(map(lay_out_entry, _read_groups(groups))))
