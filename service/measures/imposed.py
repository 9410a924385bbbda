"""What a measure imposes on one listing, where that differs from entry to entry."""

from collections.abc import Iterator
from typing import Literal

import msgspec

from service.lists.listing import EntityType, Listing, name_form
from service.measures.measure import Effect, Measure, Printed

ImposedBy = Literal["measure", "entry", "not_printed"]


class Imposed(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The effects of a measure on one listing, and what they are read from.

    `by` is `measure` where the measure does the same to all that it reaches, `entry` where the
    effects are those that the entry prints, and `not_printed` where the loaded edition of the list
    does not print which of these effects are imposed. The effects have no `printed` or `parties`.
    """

    effects: tuple[Effect, ...]
    by: ImposedBy


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
    effects = tuple(map(_bare, found or measure.effect))
    return Imposed(effects=tuple(dict.fromkeys(effects)), by=by)


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
    """Return whether a printed value is one of those that count."""
    form = name_form(value)
    wanted = tuple(map(name_form, printed.values))
    return form in wanted or form.startswith(tuple(f"{each}," for each in wanted))


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


def _bare(effect: Effect) -> Effect:
    return Effect(kind=effect.kind, what=effect.what)
