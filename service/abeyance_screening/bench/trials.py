"""Make trials: an index without certain names, which are then asked for."""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from abeyance_screening.bench.parties import Party, PrintedName
from abeyance_screening.bench.plain_folding import digest, spelling, whole_name
from abeyance_screening.engine.lists.listing import EntityType, NameKind

# One name in four is held out, but never the last one of an entity.
_HELD_OUT_ONE_IN = 4
# The characters that a payment message has for a name, and that shorter fields have.
CUTS = (35, 30)


class Query(msgspec.Struct, frozen=True, gc=False):
    """A name to ask for, as printed, with its kind and its entity."""

    printed: str
    kind: NameKind
    entity: int


class ListedName(msgspec.Struct, frozen=True, gc=False):
    """A name in the index of a trial, with its listing, entity and entity type."""

    printed: str
    kind: NameKind
    listing: int
    entity: int
    entity_type: EntityType | None = None


class Trial(msgspec.Struct, frozen=True):
    """A trial: the names of its index, and queries that are no names of their own entity there.

    Where `cut_after` is given, the queries are names cut after so many characters, and so are the
    ordinary names that are asked beside them.
    """

    title: str
    names: tuple[ListedName, ...]
    queries: tuple[Query, ...]
    cut_after: int | None = None


class Joined(msgspec.Struct, frozen=True):
    """Parties, the entity of each, and the entity types that are asked for."""

    parties: tuple[Party, ...]
    entities: tuple[int, ...]
    asked_types: frozenset[EntityType]

    def is_asked(self, party: Party) -> bool:
        """Return whether the names of a party are asked for."""
        return party.entity_type in self.asked_types

    def half(self, entity: int) -> int:
        """Return the half of an entity, 0 or 1: tables fitted on one are measured on the other.

        The half depends on the entity's first name, so it stays the same as long as the first list
        does. For an entity of labelled pairs only, it depends on its number.
        """
        if entity >= len(self.parties):
            return entity % 2
        return digest(whole_name(self.parties[entity].names[0].text)) % 2

    def rows(self, places: Iterable[int]) -> Iterator[tuple[int, int, Party, PrintedName]]:
        """Yield place, entity, party and name for each name of the parties at these places."""
        for place in places:
            party = self.parties[place]
            for name in party.names:
                yield place, self.entities[place], party, name


def hold_out_aliases(joined: Joined, listed: Sequence[int]) -> Trial:
    """Hold out one in four of each entity's names, chosen by the names alone.

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
    """Make a trial whose index lacks the spellings in `held`, and which asks for them.

    `held` has pairs of an entity and a spelling. A spelling that an entity prints more than once
    is asked in its first printed form.
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


def cut_names(joined: Joined, listed: Sequence[int], after: int) -> Trial:
    """Make a trial of the names in the index that are longer than so many characters, cut there.

    Names of several entities that begin alike are left out: no engine could tell them apart.
    """
    rows = list(joined.rows(listed))
    names = [
        ListedName(name.text, name.kind, place, entity, party.entity_type)
        for place, entity, party, name in rows
    ]
    asked: dict[str, dict[int, Query]] = {}
    for _, entity, party, name in rows:
        beginning = name.text[:after].strip()
        of = asked.setdefault(spelling(beginning), {})
        if len(name.text) > after and joined.is_asked(party):
            of.setdefault(entity, Query(beginning, name.kind, entity))
    queries = [query for of in asked.values() if len(of) == 1 for query in of.values()]
    return Trial(f"cut after {after}", tuple(names), tuple(queries), after)
