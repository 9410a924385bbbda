"""The part of a measure that a listing belongs to."""

from collections.abc import Iterator
from datetime import date
from typing import Literal

import msgspec

from service.model.event import Slice
from service.model.forms import citation_forms, name_form, programme_form
from service.model.licence import footnotes_of
from service.model.listing import Listing
from service.model.status import MeasureStatus, PartStatus
from service.status.axes import RESTRICTS_MOST_FIRST
from service.status.naming import names_listings

Belongs = Literal["yes", "perhaps", "no"]


def status_of_its_part(status: MeasureStatus, listing: Listing) -> MeasureStatus:
    """The status of the part of a measure that a listing belongs to, `status` being the measure's.

    Of several parts those that name the party go before those that its print points to, and
    among equals the one that restricts most decides. A listing of no part has the status of the
    rest. One whose day is not printed, where a part goes by that day, may belong to it or to the
    rest: again what restricts most decides.
    """
    choices = list(_choices(status, listing))
    if not choices:
        return status
    own = min(choices, key=lambda each: RESTRICTS_MOST_FIRST.index(each.word))
    return msgspec.structs.replace(own, slices=status.slices)


def _choices(status: MeasureStatus, listing: Listing) -> Iterator[MeasureStatus]:
    belongs = [(part, belonging(part.slice, listing)) for part in status.parts]
    named = [part for part, how in belongs if how == "yes" and _names(part.slice, listing)]
    sure: list[PartStatus] = named or [part for part, how in belongs if how == "yes"]
    yield from (part.status for part in sure)
    if not named:
        yield from (part.status for part, how in belongs if how == "perhaps")
    if not sure and status.parts:
        yield status.rest or status


def belonging(part: Slice, listing: Listing) -> Belongs:
    """Whether a listing belongs to a part; perhaps, where the part goes by a day not printed."""
    if names_listings(part) and not (_names(part, listing) or _prints(part, listing)):
        return "no"
    if part.listed_from is None and part.listed_until is None:
        return "yes" if names_listings(part) else "no"
    if listing.listed_on is None:
        return "perhaps"
    first, last = part.listed_from or date.min, part.listed_until or date.max
    return "yes" if first <= listing.listed_on <= last else "no"


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
