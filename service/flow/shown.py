"""Shown: what a hit shows of an entry, which the day decides and nothing else a question says."""

import msgspec

from service.flow.entries import Entry
from service.flow.measures import MeasureBoard
from service.flow.standing import EditionsOfDay, EntryOnDay, Speaking, on_day
from service.model.answer import Hit, Print, Standing
from service.model.days import Days
from service.model.licence import LicenceTerms
from service.model.listing import Listing
from service.model.on_day import MeasureOnDay
from service.model.written import Part
from service.parse.licence_terms import read_licence_terms


class Shown(msgspec.Struct, frozen=True):
    """An entry on the days of a question; `written` is its part of a hit's JSON."""

    entry: EntryOnDay
    licence: LicenceTerms | None
    measures: tuple[MeasureOnDay, ...]
    unknown_programmes: tuple[str, ...]
    written: Part


class _Fields(msgspec.Struct, frozen=True, kw_only=True):
    """Those fields of a `Hit` that the entry alone decides, in the order in which they stand."""

    listing: Listing
    licence: LicenceTerms | None
    standing: Standing
    copies: tuple[Print, ...]
    measures: tuple[MeasureOnDay, ...]
    unknown_programmes: tuple[str, ...]


SHOWN_FIELDS = _Fields.__struct_fields__


def show(
    entry: Entry, editions: EditionsOfDay, said: Speaking, board: MeasureBoard, days: Days
) -> Shown:
    """The entry as these versions of it print it, with its measures on the days."""
    stands = on_day(entry, editions, said, days.as_of)
    licence = read_licence_terms(stands.listing)
    measures = measures_of(stands, board, days)
    unknown = unknown_programmes_of(stands, board)
    written = _written(
        _Fields(
            listing=stands.listing,
            licence=licence,
            standing=stands.standing,
            copies=stands.copies,
            measures=measures,
            unknown_programmes=unknown,
        )
    )
    return Shown(stands, licence, measures, unknown, written)


def shown_in(hit: Hit) -> Part:
    """The JSON of `SHOWN_FIELDS` in a hit, without the brackets around them."""
    return _written(
        _Fields(
            listing=hit.listing,
            licence=hit.licence,
            standing=hit.standing,
            copies=hit.copies,
            measures=hit.measures,
            unknown_programmes=hit.unknown_programmes,
        )
    )


def _written(fields: _Fields) -> Part:
    return Part.of(msgspec.json.encode(fields)[1:-1])


def measures_of(entry: EntryOnDay, board: MeasureBoard, days: Days) -> tuple[MeasureOnDay, ...]:
    """The measures that reach a party while it stands on the list; none once it has left."""
    if entry.standing.state == "left":
        return ()
    measures = board.of_prints(entry.prints, days)
    return measures if entry.standing.known else tuple(map(_perhaps, measures))


def unknown_programmes_of(entry: EntryOnDay, board: MeasureBoard) -> tuple[str, ...]:
    """The programmes that nobody registered, of a party that stands on the list."""
    return () if entry.standing.state == "left" else board.unknown_programmes(entry.prints)


def _perhaps(measure: MeasureOnDay) -> MeasureOnDay:
    """The measure of a party that may have come onto its list only after the day."""
    if measure.force != "in_force":
        return measure
    flags = (*measure.flags, "listed_then_not_known")
    return msgspec.structs.replace(measure, flags=flags)
