"""How listed names have an asked one in them, and the parties that a name means."""

from collections.abc import Mapping
from enum import IntEnum

import msgspec

from abeyance_screening.engine.lists.listing import EntityType
from abeyance_screening.engine.screening.answer import PartyHit
from abeyance_screening.engine.screening.parties.traits import seats_of


class Kin(IntEnum):
    """How a listed name has the asked one in it, the closest first.

    `SAME`: nothing else but legal forms; `BESIDE`: with such words as Group or Technology, or with
    the place of its seat before it; `TRADED`: with words of its trade; `PLACED`: with a place
    after it, as of a branch; `HOLDS`: with any other words; `APART`: not as a whole.
    """

    SAME = 0
    BESIDE = 1
    TRADED = 2
    PLACED = 3
    HOLDS = 4
    APART = 5


class ListingMet(msgspec.Struct, frozen=True, kw_only=True):
    """A listing that the question meets: where it is, and how its name has the asked one in it.

    `is_own` says that its own primary name has it as a whole.
    """

    position: int
    kin: Kin
    score: float
    is_own: bool
    entity_type: EntityType | None
    list_code: str


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """A party that the question meets.

    `is_agreed` says that more than the name agrees with the question: a number, a country, an
    address. `listings` are all that it has on the
    day. `perhaps` are the parties that may be the same, each with the reason.
    """

    party: str
    meetings: tuple[ListingMet, ...]
    is_agreed: bool
    listings: tuple[PartyHit, ...]
    perhaps: Mapping[str, str]

    @property
    def kin(self) -> Kin:
        """How its closest name has the asked one in it."""
        return min(each.kin for each in self.meetings)

    @property
    def score(self) -> float:
        """Its best score by name."""
        return max(each.score for each in self.meetings)

    @property
    def lists(self) -> frozenset[str]:
        """The codes of its lists."""
        return frozenset([each.listing.list_code for each in self.listings])

    @property
    def countries(self) -> frozenset[str]:
        """The countries that its lists print, of those that tell parties apart."""
        return seats_of([code for each in self.listings for code in each.listing.countries])

    @property
    def entity_type(self) -> EntityType | None:
        """The kind of party, of the first listing that states one."""
        return next((each.entity_type for each in self.meetings if each.entity_type), None)


class Family(msgspec.Struct, frozen=True, kw_only=True):
    """The parties that the asked name means, the likeliest first, and the others that have it.

    `sharing` have more words than the name; a list names some of them beside a party of the
    family. `namesakes` have no more, and are another party by what lists print.
    """

    members: tuple[Candidate, ...]
    sharing: tuple[Candidate, ...]
    namesakes: tuple[Candidate, ...]

    @property
    def is_certain(self) -> bool:
        """Whether the leading party has the whole asked name, or more than the name agrees."""
        leading = self.members[0]
        is_near = leading.score >= NEARLY_SAME and leading.kin is not Kin.PLACED
        return leading.is_agreed or leading.kin <= Kin.TRADED or is_near


# A name with a slip in it is not whole, and means the party all the same from this score.
NEARLY_SAME = 0.9
