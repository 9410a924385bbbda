"""A measure for one listing: its status by the days of the entry, and what it imposes on it."""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Literal

import msgspec

from abeyance_screening.engine.lists.listing import (
    EntityType,
    Listing,
    citation_forms,
    footnotes_of,
    name_form,
    programme_form,
)
from abeyance_screening.engine.measures.law.resolve import names_listings
from abeyance_screening.engine.measures.measure import Effect, Measure, Printed, Slice
from abeyance_screening.engine.measures.status import (
    ImposedBy,
    MeasureStatus,
    NextChange,
    PartStatus,
)
from abeyance_screening.engine.measures.status_table import (
    Evidence,
    StatusWord,
    facts_of,
    strictness,
)
from abeyance_screening.primitives.days import day_after, day_before

Belongs = Literal["yes", "perhaps", "no"]

_NO_DAY_OF_ENTRY = "listing_day_not_recorded"
# What parts a printed value from words on it: `Subject to Directive 3 - All transactions in …`.
_ENDS = (",", " - ")
# The register has some hundred combinations of effects.
_SHARED = 4096


class Imposed(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The effects of a measure on one listing, and what they are read from.

    `by` is `measure` where the measure does the same to all that it reaches, `entry` where the
    effects are those that the entry prints, and `not_printed` where the loaded edition of the list
    does not print which of these effects are imposed. The effects have no `printed` or `parties`.
    """

    effects: tuple[Effect, ...]
    by: ImposedBy


def status_for_listing(
    status: MeasureStatus, listing: Listing, as_of: date, known_at: date
) -> MeasureStatus:
    """Return the status of a measure for one of the listings it reaches.

    `status` is the measure's own on the same two days. Before `listed_on` the measure does not
    reach the party yet: `not_yet_made` where the entry was public on `known_at`, else `not_known`
    (an entry counts as made and public from the day it took effect). From `delisted_on` on,
    the status is `ended`. After `expires_on`, the last day of the entry's own term, it is
    `ended_by_term_unconfirmed`: no renewal is recorded, and none is ruled out. Otherwise it is the
    status of the part of the measure that the entry belongs to, or of the rest where it belongs
    to none. `since` is never before `listed_on`; where the list does not give that day, `since`
    is the measure's own, and the flag `listing_day_not_recorded` says so: see `since_its_entry`.

    The status of a licence, and of a measure that has ended or not begun, is returned unchanged.
    """
    if not _has_begun(status.word):
        return status
    listed, gone = listing.listed_on, _gone_on(listing, known_at)
    if listed is not None and (as_of < listed or known_at < listed):
        return _before(status, listed, known_at)
    if gone is not None and as_of >= gone[0]:
        return _after(status, *gone)
    own = status_of_its_part(status, listing)
    if listed is None:
        own = msgspec.structs.replace(own, flags=(*own.flags, _NO_DAY_OF_ENTRY))
    elif own.since is None or own.since < listed:
        own = _since(own, listed)
    return own if gone is None else _until(own, *gone)


def since_its_entry(status: MeasureStatus, entered: date | None, as_of: date) -> MeasureStatus:
    """Return the status of a measure for a listing whose list prints no day, with its own `since`.

    `entered` is the day on which the act that the entry cites first took effect, where the
    register has it. Otherwise, and while that day is still to come, `since` is None: no day of the
    measure says how long the entry has been under it.
    """
    if _NO_DAY_OF_ENTRY not in status.flags:
        return status
    if entered is None or entered > as_of:
        return msgspec.structs.replace(status, since=None)
    flags = tuple(each for each in status.flags if each != _NO_DAY_OF_ENTRY)
    known = msgspec.structs.replace(status, flags=flags)
    return known if known.since is not None and known.since >= entered else _since(known, entered)


def status_of_its_part(status: MeasureStatus, listing: Listing) -> MeasureStatus:
    """Return the status of the part that a listing belongs to, `status` being the measure's.

    Of several parts, those that name the party take precedence over those that match by what the
    entry prints; among equals, the most restrictive decides. A listing of no part has the status
    of the rest. Where a part is limited by days and the listing's day is not printed, the listing
    may belong to the part or to the rest: again the most restrictive decides.
    """
    choices = list(_choices(status, listing))
    if not choices:
        return status
    own = min(choices, key=lambda each: strictness(each.word))
    return msgspec.structs.replace(own, slices=status.slices)


def belonging(part: Slice, listing: Listing) -> Belongs:
    """Return whether a listing belongs to a part.

    `perhaps` where the part is limited by days and the listing's day is not printed.
    """
    if names_listings(part) and not (_names(part, listing) or _prints(part, listing)):
        return "no"
    if part.listed_from is None and part.listed_until is None:
        return "yes" if names_listings(part) else "no"
    if listing.listed_on is None:
        return "perhaps"
    first, last = part.listed_from or date.min, part.listed_until or date.max
    return "yes" if first <= listing.listed_on <= last else "no"


def imposed_on(measure: Measure, listing: Listing) -> Imposed:
    """Return what a measure imposes on a listing that it reaches; always at least one effect.

    Whatever the entry prints and no effect of the measure names becomes an effect of the kind
    `unknown`, so that nothing printed is lost.
    """
    kinds = _printed_kinds(measure)
    printed = {kind for kind in kinds if printed_values(listing, kind)}
    found = [each for each in measure.effect if _is_imposed(each, listing)]
    found += _not_named(measure, listing, printed)
    by: ImposedBy = "measure"
    if kinds:
        by = "entry" if printed == kinds else "not_printed"
    return Imposed(effects=_all_bare(tuple(found) or measure.effect), by=by)


def printed_values(listing: Listing, kind: str) -> tuple[str, ...]:
    """Return what a listing prints of one kind of fact, as printed."""
    return tuple(each.value for each in listing.facts if each.kind == kind)


def may_print(listing: Listing, printed: Printed | None) -> bool:
    """Return whether a listing prints one of the values, or nothing of that kind at all."""
    if printed is None:
        return True
    values = printed_values(listing, printed.kind)
    return not values or any(counts(each, printed) for each in values)


def may_be(listing: Listing, parties: tuple[EntityType, ...]) -> bool:
    """Return whether a listing is of one of these types, or of no printed type."""
    return not parties or listing.entity_type is None or listing.entity_type in parties


def counts(value: str, printed: Printed) -> bool:
    """Return whether a printed value is one of those that count, alone or with words behind it."""
    form = name_form(value)
    wanted = tuple(map(name_form, printed.values))
    return form in wanted or form.startswith(
        tuple(f"{each}{end}" for each in wanted for end in _ENDS)
    )


def _since(status: MeasureStatus, entered: date) -> MeasureStatus:
    """Return the status from the day of the entry on, whatever is known of the measure's start."""
    flags = tuple(each for each in status.flags if each != "start_day_not_recorded")
    return msgspec.structs.replace(status, since=entered, flags=flags)


def _has_begun(word: str) -> bool:
    """Return whether the entry's own days decide: under other words nothing binds anyway."""
    facts = facts_of(word)
    return facts.bearing != "relief" and facts.force in {"in_force", "unknown"}


def _gone_on(listing: Listing, known_at: date) -> tuple[date, StatusWord] | None:
    """Return the first day on which the entry no longer binds, and the word from then on.

    The entry states its own term; a delisting is public from the day of the delisting.
    """
    days: list[tuple[date, StatusWord]] = []
    if listing.delisted_on is not None and listing.delisted_on <= known_at:
        days.append((listing.delisted_on, "ended"))
    if listing.expires_on is not None and listing.expires_on < date.max:
        days.append((day_after(listing.expires_on), "ended_by_term_unconfirmed"))
    return min(days, default=None)


def _before(status: MeasureStatus, listed: date, known_at: date) -> MeasureStatus:
    word: StatusWord = "not_yet_made" if listed <= known_at else "not_known"
    return msgspec.structs.replace(
        status,
        word=word,
        force="not_yet",
        operation="operative",
        evidence=_if_acts(status) if word == "not_yet_made" else "stale",
        confirmed=word == "not_yet_made",
        since=None,
        until=None,
        until_bound=None,
        next_change=None,
        residual_obligation=None,
        slices=(),
        parts=(),
        rest=None,
        flags=(*status.flags, "not_listed_yet"),
    )


def _if_acts(status: MeasureStatus) -> Evidence:
    """Return the evidence for a status that rests on the entry itself."""
    return "stale" if status.is_stale else "confirmed"


def _after(status: MeasureStatus, day: date, word: StatusWord) -> MeasureStatus:
    by_term = word == "ended_by_term_unconfirmed"
    return msgspec.structs.replace(
        status,
        word=word,
        force="ended",
        operation="operative",
        evidence="by_lapse" if by_term else _if_acts(status),
        confirmed=not by_term,
        since=day,
        until=None,
        until_bound=None,
        next_change=None,
        slices=(),
        parts=(),
        rest=None,
        flags=(*status.flags, "term_of_the_entry_passed" if by_term else "delisted"),
    )


def _until(status: MeasureStatus, day: date, word: StatusWord) -> MeasureStatus:
    """Make the entry's own end the next change, unless the measure changes before that day."""
    if status.next_change is not None and status.next_change.on <= day:
        return status
    change = NextChange(on=day, status=word, event_id=None)
    return msgspec.structs.replace(
        status, until=day_before(day), until_bound="inclusive", next_change=change
    )


def _choices(status: MeasureStatus, listing: Listing) -> Iterator[MeasureStatus]:
    belongs = [(part, belonging(part.slice, listing)) for part in status.parts]
    named = [part for part, how in belongs if how == "yes" and _names(part.slice, listing)]
    sure: list[PartStatus] = named or [part for part, how in belongs if how == "yes"]
    yield from (part.status for part in sure)
    if not named:
        yield from (part.status for part, how in belongs if how == "perhaps")
    if not sure and status.parts:
        yield status.rest or status


def _names(part: Slice, listing: Listing) -> bool:
    entities = {name_form(each) for each in part.entities}
    return any(name_form(name.text) in entities for name in listing.names)


def _prints(part: Slice, listing: Listing) -> bool:
    programmes = {programme_form(each) for each in part.programmes}
    citations = {form for each in part.citations for form in citation_forms(each)}
    return (
        any(programme_form(each) in programmes for each in listing.programmes)
        or any(form in citations for each in listing.citations for form in citation_forms(each))
        or bool(part.footnotes and {*part.footnotes} & {*footnotes_of(listing)})
    )


def _printed_kinds(measure: Measure) -> set[str]:
    return {each.printed.kind for each in measure.effect if each.printed is not None}


def _is_imposed(effect: Effect, listing: Listing) -> bool:
    if effect.printed is not None and printed_values(listing, effect.printed.kind):
        # what the publisher prints weighs more than what the type of the party suggests
        return may_print(listing, effect.printed)
    return may_be(listing, effect.parties)


def _not_named(measure: Measure, listing: Listing, kinds: set[str]) -> Iterator[Effect]:
    named = [each.printed for each in measure.effect if each.printed is not None]
    for kind in sorted(kinds):
        for value in printed_values(listing, kind):
            if not any(each.kind == kind and counts(value, each) for each in named):
                yield Effect(kind="unknown", what=value)


@lru_cache(_SHARED)
def _all_bare(effects: tuple[Effect, ...]) -> tuple[Effect, ...]:
    """Return effects without what is said of whole measures, each once.

    Most listings of a measure share one tuple: a long answer has tens of thousands of them, and
    the garbage collector would look through each.
    """
    return tuple(dict.fromkeys(map(_bare, effects)))


def _bare(effect: Effect) -> Effect:
    return Effect(kind=effect.kind, what=effect.what)
