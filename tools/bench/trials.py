"""A trial: an index without certain names, and these names asked for."""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from service.lists.listing import EntityType, NameKind
from tools.bench.parties import Party, PrintedName
from tools.bench.plain import digest, spelling, whole_name

# One in so many names is held out, never an entity's last one.
_HELD_OUT_ONE_IN = 4


class Query(msgspec.Struct, frozen=True, gc=False):
    """A name that is asked for, as printed, its kind, and its entity."""

    printed: str
    kind: NameKind
    entity: int


class ListedName(msgspec.Struct, frozen=True, gc=False):
    """A name that stays in the trial's index: its listing, and that one's entity and type."""

    printed: str
    kind: NameKind
    listing: int
    entity: int
    entity_type: EntityType | None = None


class Trial(msgspec.Struct, frozen=True):
    """`names` are what the index holds; none of the queries is among its own entity's names."""

    title: str
    names: tuple[ListedName, ...]
    queries: tuple[Query, ...]


class Joined(msgspec.Struct, frozen=True):
    """Parties, the entity of each, and which kinds of party are asked for."""

    parties: tuple[Party, ...]
    entities: tuple[int, ...]
    asked_types: frozenset[EntityType]

    def is_asked(self, party: Party) -> bool:
        """Whether the party's names are to be asked for."""
        return party.entity_type in self.asked_types

    def half(self, entity: int) -> int:
        """0 or 1, so that what is fitted on one half can be measured on the other.

        By the entity's first name, so it stays the same as long as the first list given does; of
        an entity that only pairs name, by its number.
        """
        if entity >= len(self.parties):
            return entity % 2
        return digest(whole_name(self.parties[entity].names[0].text)) % 2

    def rows(self, places: Iterable[int]) -> Iterator[tuple[int, int, Party, PrintedName]]:
        """Place, entity, party and name, of each name of the parties at those places."""
        for place in places:
            party = self.parties[place]
            for name in party.names:
                yield place, self.entities[place], party, name


def hold_out_aliases(joined: Joined, listed: Sequence[int]) -> Trial:
    """Official names held out: one in four of each entity's, chosen by the names alone.

    `listed` are the places of the parties that are indexed.
    """
    spellings: dict[int, set[str]] = {}
    for _, entity, _, name in joined.rows(listed):
        spellings.setdefault(entity, set()).add(spelling(name.text))
    held = {(entity, each) for entity, of in spellings.items() for each in _chosen(of)}
    return without(joined, "aliases", listed, held)


def _chosen(spellings: Iterable[str]) -> list[str]:
    ordered = sorted(spellings, key=lambda each: (digest(each), each))
    return [each for each in ordered[:-1] if digest(each) % _HELD_OUT_ONE_IN == 0]


def without(
    joined: Joined,
    title: str,
    indexed: Sequence[int],
    held: set[tuple[int, str]],
) -> Trial:
    """The trial whose index lacks those spellings of those entities, and which asks for them.

    Where an entity prints a spelling more than once, it is asked as it is printed first.
    """
    kept: list[ListedName] = []
    asked: dict[tuple[int, str], Query] = {}
    for place, entity, party, name in joined.rows(indexed):
        key = (entity, spelling(name.text))
        if key not in held:
            kept.append(ListedName(name.text, name.kind, place, entity, party.entity_type))
        elif joined.is_asked(party):
            asked.setdefault(key, Query(name.text, name.kind, entity))
    return Trial(title, tuple(kept), tuple(asked.values()))
