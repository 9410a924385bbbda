"""What is kept of a party that was joined; who reads it needs nothing of what joins."""

import msgspec

from abeyance_screening.engine.screening.answer import PartyBeside, PartyLink


class OwnerLink(msgspec.Struct, frozen=True, array_like=True, order=True, gc=False):
    """An owner of a party: its party, its name and the words as printed, and on which listing."""

    party: str
    name: str
    says: str
    listing: str


class PartyKnown(msgspec.Struct, frozen=True, array_like=True):
    """What is known of one party besides its listings."""

    links: tuple[PartyLink, ...]
    perhaps: tuple[PartyBeside, ...]
    related: tuple[PartyBeside, ...]
    owners: tuple[OwnerLink, ...]


class JoinedParty(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A party: its id, the ids of its listings, lowest first, and a written `PartyKnown`."""

    id: str
    members: tuple[str, ...]
    beside: msgspec.Raw
