"""Make the trials that tables are fitted on, from the lists that come with the program."""

from collections.abc import Iterator

import msgspec

from abeyance_screening.bench.other_trials import ask_other_lists, ask_script
from abeyance_screening.bench.parties import Party, join_entities
from abeyance_screening.bench.plain_folding import script_of
from abeyance_screening.bench.reading import read_parties
from abeyance_screening.bench.trials import Joined, Trial, hold_out_aliases
from abeyance_screening.engine.lists.bundled import bundled_editions, read_bundled
from abeyance_screening.engine.lists.listing import EntityType

# The lists that are indexed.
_INDEXED = frozenset({"us_csl", "us_uflpa", "us_fcc", "un_sc"})
ASKED_TYPES: frozenset[EntityType] = frozenset({"organisation"})


def bundled_parties() -> tuple[list[Party], list[Party]]:
    """Return the parties of the US and UN lists, and those of all other lists."""
    listed: list[Party] = []
    other: list[Party] = []
    # of a source with several editions the newest, which is the last
    for edition in {each.source: each for each in bundled_editions()}.values():
        parties = read_parties(read_bundled(edition), edition.source)
        (listed if edition.source in _INDEXED else other).extend(parties)
    return listed, other


def trials() -> Iterator[tuple[Joined, Trial]]:
    """Yield the trials: held-out aliases, other lists' names, and names in Cyrillic and in Han."""
    listed, other = bundled_parties()
    parties = (*listed, *other)
    joined = Joined(parties, join_entities(parties), ASKED_TYPES)
    first, second = range(len(listed)), range(len(listed), len(parties))
    yield joined, hold_out_aliases(joined, first)
    yield joined, _latin(ask_other_lists(joined, first, second, by_name=True))
    yield joined, ask_script(joined, "Cyrillic")
    yield joined, ask_script(joined, "Han")


def _latin(trial: Trial) -> Trial:
    """Return a trial without the questions in other scripts, which have their own trials."""
    asked = tuple(query for query in trial.queries if script_of(query.printed) == "Latin")
    return msgspec.structs.replace(trial, queries=asked)
