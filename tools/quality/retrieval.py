"""Make the trial of `abeyance bench quality` with comparison forms and one index."""

from collections.abc import Sequence

import msgspec

from abeyance_screening.bench.overlap import slices_of
from abeyance_screening.bench.parties import Party as BenchParty
from abeyance_screening.bench.parties import PrintedName, join_entities
from abeyance_screening.bench.plain_folding import digest
from abeyance_screening.bench.trial_answers import Forms
from abeyance_screening.bench.trials import Joined, hold_out_aliases
from abeyance_screening.engine.names.form.word_types import ComparisonForm
from abeyance_screening.engine.names.match import NameIndex
from abeyance_screening.engine.names.match_types import IndexedName
from tools.quality.names import Party

__all__ = ["Query", "Trial", "digest", "hold_out", "is_company"]
_COMPANY_LISTS = ("Entity List", "Unverified List", "Military End User", "Sectoral Sanctions")


class Query(msgspec.Struct, frozen=True):
    """A name to ask for, its entity, and whether a remaining name shares a word with it.

    `half` is that of `bench quality --half`: tables are fitted on 0 and measured on 1.
    """

    form: ComparisonForm
    entity: int
    shares_word: bool
    half: int


class Trial(msgspec.Struct, frozen=True):
    """An index without the held-out names; `entities` has the entity of every listing."""

    index: NameIndex
    names: tuple[IndexedName, ...]
    entities: tuple[int, ...]
    queries: tuple[Query, ...]


def hold_out(parties: Sequence[Party]) -> Trial:
    """Take one name in four out of the index to ask for; only companies are asked for."""
    of_bench = [_party(place, party) for place, party in enumerate(parties)]
    joined = Joined(tuple(of_bench), join_entities(of_bench), frozenset({"organisation"}))
    trial, forms = hold_out_aliases(joined, range(len(parties))), Forms()
    names = [IndexedName(n.listing, 0, n.kind, forms.of(n.printed)) for n in trial.names]
    shares = slices_of(trial, forms)["shares a word"].tolist()
    queries = [
        Query(forms.of(query.printed), query.entity, shares_word, joined.half(query.entity))
        for query, shares_word in zip(trial.queries, shares, strict=True)
    ]
    return Trial(NameIndex.build(names), tuple(names), joined.entities, tuple(queries))


def is_company(party: Party) -> bool:
    """Return whether a party is an organisation, by its type or its list."""
    return party.entity_type == "organisation" or (
        party.entity_type is None and party.list_code.startswith(_COMPANY_LISTS)
    )


def _party(place: int, party: Party) -> BenchParty:
    entity_type = "organisation" if is_company(party) else party.entity_type
    names = tuple(PrintedName(name, kind) for name, kind in party.names)
    return BenchParty(f"{party.list_code}-{place}", party.list_code, entity_type, names)
