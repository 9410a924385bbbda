"""Trials that ask for spellings of other lists, names in other scripts, and queries of pairs."""

from collections.abc import Sequence

import msgspec

from abeyance_screening.bench.parties import Groups, Party, PrintedName, holders_of_numbers
from abeyance_screening.bench.plain_folding import (
    plain_words,
    script_of,
    scripts_in,
    spelling,
    whole_name,
)
from abeyance_screening.bench.trials import Joined, ListedName, Query, Trial, without
from abeyance_screening.engine.lists.listing import EntityType

_LATIN = "Latin"
OTHER_LISTS = "other lists"
OTHER_LISTS_BY_NAME = "other lists by name"


class Pair(msgspec.Struct, frozen=True):
    """A labelled pair of names; `entity_type` is None where the row does not state it."""

    query: str
    candidate: str
    is_match: bool
    category: str
    entity_type: EntityType | None


def ask_other_lists(
    joined: Joined, listed: Sequence[int], other: Sequence[int], *, by_name: bool = False
) -> Trial:
    """Ask for names that only other lists print, of parties that a strong number joins.

    With `by_name`, a whole name of several words in common joins parties as well, which gives many
    more questions about parties whose printed names are closer. The index has the names of
    `listed`. An older edition of an indexed list among `other` adds its numbers, but is not asked.
    """
    parties = joined.parties
    indexed_lists = {parties[place].list_code for place in listed}
    linked = _linked(joined, listed, other, by_name=by_name)
    known = {(entity, spelling(name.text)) for _, entity, _, name in joined.rows(listed)}
    names = [
        ListedName(name.text, name.kind, place, entity, party.entity_type)
        for place, entity, party, name in joined.rows(listed)
    ]
    asked: dict[tuple[int, str], Query] = {}
    candidates = [p for p in other if p in linked and parties[p].list_code not in indexed_lists]
    for _, entity, party, name in joined.rows(candidates):
        key = (entity, spelling(name.text))
        if key not in known and joined.is_asked(party):
            asked.setdefault(key, Query(name.text, name.kind, entity))
    title = OTHER_LISTS_BY_NAME if by_name else OTHER_LISTS
    return Trial(title, tuple(names), tuple(asked.values()))


def _linked(
    joined: Joined, listed: Sequence[int], other: Sequence[int], *, by_name: bool
) -> set[int]:
    """Return the places of `other` that a number, id or whole name joins with one of `listed`."""
    groups = Groups(len(joined.parties))
    by_key: dict[str, list[int]] = {}
    for place, party in enumerate(joined.parties):
        by_key.setdefault(party.id, []).append(place)
        for name in party.names if by_name else ():
            if name.kind != "weak_alias" and len(plain_words(name.text)) > 1:
                by_key.setdefault(whole_name(name.text), []).append(place)
    for places in by_key.values():
        groups.join(places)
    for places in holders_of_numbers(joined.parties, groups).values():
        groups.join(places)
    indexed = {groups.of(place) for place in listed}
    return {place for place in other if groups.of(place) in indexed}


def scripts_beside_latin(joined: Joined) -> list[str]:
    """Return the scripts, by name, of entities that are asked for and have Latin names as well."""
    return sorted({script for scripts in _scripts(joined).values() for script in scripts})


def ask_script(joined: Joined, script: str) -> Trial:
    """Ask for all names in one script, of every entity that has Latin names as well.

    The index has the names of all parties, without those of these entities that have a letter of
    the script.
    """
    entities = {entity for entity, scripts in _scripts(joined).items() if script in scripts}
    places = range(len(joined.parties))
    held = {
        (entity, spelling(name.text))
        for _, entity, _, name in joined.rows(places)
        if entity in entities and script in scripts_in(name.text)
    }
    trial = without(joined, script, places, held)
    asked = tuple(query for query in trial.queries if script_of(query.printed) == script)
    return msgspec.structs.replace(trial, queries=asked)


def _scripts(joined: Joined) -> dict[int, set[str]]:
    """Return the other scripts of each entity that has a purely Latin name."""
    found: dict[int, set[str]] = {}
    latin: set[int] = set()
    for _, entity, party, name in joined.rows(range(len(joined.parties))):
        if scripts_in(name.text) <= {_LATIN}:
            latin.add(entity)
        elif joined.is_asked(party):
            found.setdefault(entity, set()).add(script_of(name.text))
    return {entity: scripts - {_LATIN} for entity, scripts in found.items() if entity in latin}


def ask_pairs(joined: Joined, listed: Sequence[int], title: str, pairs: Sequence[Pair]) -> Trial:
    """Ask for the queries of matching pairs, with an index that lacks these names.

    A candidate that no entity prints becomes a new listing. A query that differs from its
    candidate only in case or punctuation is asked with the candidate in the index.
    """
    entity_of: dict[str, int] = {}
    for _, entity, _, name in joined.rows(listed):
        entity_of.setdefault(whole_name(name.text), entity)
    added: list[Party] = []
    queries: dict[tuple[int, str], Query] = {}
    of = [pair for pair in pairs if pair.is_match and _is_asked(joined, pair)]
    for pair in of:
        new = len(joined.parties) + len(added)
        entity = entity_of.setdefault(whole_name(pair.candidate), new)
        if entity == new:
            name = PrintedName(pair.candidate, "primary")
            added.append(Party(f"{title}-{new}", title, pair.entity_type, (name,)))
        queries.setdefault((entity, spelling(pair.query)), Query(pair.query, "alias", entity))
    places = range(len(joined.parties), len(joined.parties) + len(added))
    whole = Joined((*joined.parties, *added), (*joined.entities, *places), joined.asked_types)
    candidates = {(entity_of[whole_name(pair.candidate)], spelling(pair.candidate)) for pair in of}
    kept = without(whole, title, [*listed, *places], set(queries) - candidates).names
    return Trial(title, kept, tuple(queries.values()))


def _is_asked(joined: Joined, pair: Pair) -> bool:
    return (pair.entity_type or "organisation") in joined.asked_types
