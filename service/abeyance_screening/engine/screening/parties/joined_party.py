"""What is kept of a party that was joined; who reads it needs nothing of what joins."""

import msgspec

from abeyance_screening.engine.screening.answer import PartyBeside, PartyLink


class PartyKnown(msgspec.Struct, frozen=True, array_like=True):
    """What is known of one party besides its listings."""

    links: tuple[PartyLink, ...]
    perhaps: tuple[PartyBeside, ...]
    related: tuple[PartyBeside, ...]


class JoinedParty(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A party: its id, the ids of its listings, lowest first, and a written `PartyKnown`."""

    id: str
    members: tuple[str, ...]
    beside: msgspec.Raw
