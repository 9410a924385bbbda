"""The retrieval trial: official names taken out of an index and asked for.

Parties of different lists that print one same name are one entity. Of every entity with two names
or more some are held out; a name is held out of all the entity's parties. What is chosen depends
on the names alone, so that every run sees the same trial.
"""

import zlib
from collections.abc import Iterable, Sequence

import msgspec

from service.match import NameIndex
from service.model.listing import NameKind
from service.model.matching import ComparisonForm, IndexedName
from service.normalise import normalise
from tests.quality.names import Party

# One in so many names is held out, never an entity's last one.
_HELD_OUT_ONE_IN = 4
_COMPANY_LISTS = ("Entity List", "Unverified List", "Military End User", "Sectoral Sanctions")


class Query(msgspec.Struct, frozen=True):
    """A name asked for, its entity, and whether a remaining name shares a word with it."""

    form: ComparisonForm
    entity: int
    shares_word: bool

    @property
    def half(self) -> int:
        """0 for the entities that tables are fitted on, 1 for those they are measured on."""
        return digest(str(self.entity)) % 2


class Trial(msgspec.Struct, frozen=True):
    """An index without the held-out names; `entities` gives the entity of every listing."""

    index: NameIndex
    names: tuple[IndexedName, ...]
    entities: tuple[int, ...]
    queries: tuple[Query, ...]


def digest(text: str) -> int:
    """A lasting number to choose by."""
    return zlib.crc32(text.encode())


def hold_out(parties: Sequence[Party]) -> Trial:
    """Take one name in four out of the index and ask for it; companies only are asked for."""
    forms: list[list[tuple[ComparisonForm, NameKind]]] = [
        [(normalise(name), kind) for name, kind in party.names] for party in parties
    ]
    entities = _join_entities(forms)
    spellings: dict[int, set[str]] = {}
    for entity, names in zip(entities, forms, strict=True):
        spellings.setdefault(entity, set()).update(_spelling(form) for form, _ in names)
    held = {entity: _choose(joined) for entity, joined in spellings.items()}
    kept: list[IndexedName] = []
    asked: dict[tuple[int, str], ComparisonForm] = {}
    for listing, (entity, names) in enumerate(zip(entities, forms, strict=True)):
        for form, kind in names:
            if _spelling(form) in held[entity]:
                if is_company(parties[listing]):
                    asked.setdefault((entity, _spelling(form)), form)
            else:
                kept.append(IndexedName(listing, 0, kind, form))
    words: dict[int, set[str]] = {}
    for name in kept:
        words.setdefault(entities[name.listing], set()).update(w.text for w in name.form.words)
    queries = [
        Query(form, entity, any(word.text in words.get(entity, ()) for word in form.words))
        for (entity, _), form in asked.items()
    ]
    return Trial(NameIndex.build(kept), tuple(kept), tuple(entities), tuple(queries))


def is_company(party: Party) -> bool:
    """Whether the party is an organisation, as far as its list says."""
    return party.entity_type == "organisation" or (
        party.entity_type is None and party.list_code.startswith(_COMPANY_LISTS)
    )


def _spelling(form: ComparisonForm) -> str:
    return f"{form.joined} {form.legal_forms}"


def _choose(spellings: Iterable[str]) -> set[str]:
    """The spellings to hold out: one in four by digest, and at least one stays."""
    ordered = sorted(spellings, key=digest)
    return {each for each in ordered[:-1] if digest(each) % _HELD_OUT_ONE_IN == 0}


def _join_entities(forms: Sequence[Sequence[tuple[ComparisonForm, NameKind]]]) -> list[int]:
    """One number for all parties that share a name of two words or a rare one."""
    owner: dict[str, int] = {}
    parent = list(range(len(forms)))

    def root(place: int) -> int:
        while parent[place] != place:
            parent[place] = parent[parent[place]]
            place = parent[place]
        return place

    for place, names in enumerate(forms):
        for form, _ in names:
            first = owner.setdefault(form.joined, place)
            parent[root(place)] = root(first)
    return [root(place) for place in range(len(forms))]
