"""The answer for everything that is listed under the asked name, as it is on the wire."""

from datetime import date

import msgspec

from abeyance_screening.engine.lists.listing import CodeOfList
from abeyance_screening.engine.measures.measure import EffectKind
from abeyance_screening.engine.measures.measure_fields import IdOfMeasure, JurisdictionCode
from abeyance_screening.engine.measures.status_table import StatusWord

ListsOfFamily = tuple[CodeOfList, ...]
"""Codes of the lists of these listings, those with the strictest law first."""


class StrictestEffect(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The gravest thing that the law does to the party on the day, and who does it."""

    effect: EffectKind
    by: JurisdictionCode
    status: StatusWord
    measure: IdOfMeasure


class OpenIdentity(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """What must be found out before the law of some listings counts for the counterparty."""

    what: str
    """What to find out, as a clause: `whether it is Dahua Technology`."""
    because: str
    """Why the evidence leaves it open, in a sentence."""
    party: str
    """Id of the party that these listings are."""
    lists: tuple[CodeOfList, ...]
    """Codes of the lists that count only if it is that party."""


class ChangeAhead(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The first later day on which the law on the party changes, by acts on record."""

    on: date
    """The day of the change, local to the authority."""
    status: StatusWord
    measure: IdOfMeasure


class FamilyAnswer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """What is listed under the asked name as a whole, and the law on all of it together.

    It is about the likeliest party, the parties that may be the same, and the listings that have
    the whole name with only a legal form, `Group`, `Technology` or the place of its seat beside
    it. It counts all listings that the question meets, whatever its `limit`. Listings that only
    contain the name, and other parties of the same name, are no part of it; the sentence says how
    many there are. The law of a listing whose identity is open is told with it.
    """

    sentence: str
    """What is listed and what the law does, the strictest first, and what is left open; without a
    hit, what was compared, or why nothing can be said."""
    lists: ListsOfFamily = ()
    strictest: StrictestEffect | None = None
    """The gravest effect of a measure that the listings bring by themselves; null without any."""
    sure: str = ""
    """What stands on the lists, whoever is meant: which list prints which name."""
    depends_on: tuple[OpenIdentity, ...] = ()
    """What must be found out; the law of the other lists counts for the first party alone."""
    next_change: ChangeAhead | None = None
    """The next change of this law; null if none is on record."""
    parties: tuple[str, ...] = ()
    """Ids of the parties it is about, the likeliest first."""
    sharing: tuple[str, ...] = ()
    """Ids of parties that only have the name within theirs, such as companies of a group; at most
    20 of them, those under another rule first."""
    sharing_count: int = 0
    """How many such parties there are."""
    sharing_otherwise: int = 0
    """For how many of them the strictest rule is none of this answer."""
    namesakes: tuple[str, ...] = ()
    """Ids of other parties that are listed under the same name."""


AnswerOfFamily = FamilyAnswer | None
"""What is listed under the asked name as a whole, and what the law on it is; null in answers that
were kept before 2026-12-01, and about an owner."""
