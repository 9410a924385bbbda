"""Which entries a counterparty meets, by name or by number, as they stand on the day."""

from datetime import date

import msgspec

from service.flow.asked_names import PIECE_THRESHOLD, asked_forms, forms_of_pieces
from service.flow.asked_numbers import asked_numbers
from service.flow.entries import is_standing
from service.flow.index import ListingIndex
from service.flow.standing import EditionsOfDay, Speaking, speaking
from service.flow.turns import give_turns
from service.match import score
from service.model.matching import ComparisonForm
from service.model.question import Counterparty
from service.normalise import normalise


class Found(msgspec.Struct, frozen=True):
    """How an entry was found: the best of its names, and which of the question's it met.

    `name` None means that only a number met; the score is then that of the primary name.
    """

    score: float
    query: ComparisonForm
    name: int | None
    said: Speaking


class Finder:
    """Looks counterparties up among the entries as they stand on one day.

    Between two names, and between two numbers, other work gets its turn.

    `numbers` are those of the lists searched, as the index counts them; None means all. `said`
    holds what is known already of the versions that speak on that day, by position.
    """

    def __init__(
        self,
        index: ListingIndex,
        editions: EditionsOfDay,
        as_of: date,
        numbers: frozenset[int] | None,
        said: dict[int, Speaking | None],
    ) -> None:
        self._index = index
        self._editions = editions
        self._as_of = as_of
        self._numbers = numbers
        self._said = said

    async def by_name(self, counterparty: Counterparty, threshold: float) -> dict[int, Found]:
        """Entry position to how it was found, for all with a name at or over the threshold.

        Only names that the entry's prints of the day have count.
        """
        found: dict[int, Found] = {}
        for printed in (counterparty.name, *counterparty.aliases):
            await give_turns()
            for form in asked_forms(printed):
                self._take(found, form, threshold)
            for form in forms_of_pieces(printed, self._index.names.has_word):
                await give_turns()
                self._take(found, form, max(threshold, PIECE_THRESHOLD))
        return found

    def _take(self, found: dict[int, Found], form: ComparisonForm, threshold: float) -> None:
        """Adds the entries with a name that the form meets, where no other meets it better."""
        for match in self._index.names.matches(form, lists=self._numbers, threshold=threshold):
            known = found.get(match.listing)
            if known is not None and known.score >= match.score:
                continue
            said = self._speaking(match.listing)
            names = self._index.name(match.name)
            if said is not None and is_standing(names.versions, said.places):
                found[match.listing] = Found(match.score, form, match.name, said)

    async def by_identifier(self, counterparty: Counterparty) -> dict[int, Found]:
        """Entries that carry a number of the question, whatever their names.

        One that stands in the question's name counts like one beside it.
        """
        found: dict[int, Found] = {}
        asked = asked_numbers(counterparty)
        form = normalise(counterparty.name) if asked else None
        for number in asked:
            await give_turns()
            for position, versions in self._index.by_number(number):
                said = self._speaking(position)
                if said is None or form is None or not self._is_searched(position):
                    continue
                if is_standing(versions, said.places):
                    listed = normalise(self._primary_name(position, said))
                    found[position] = Found(score(form, listed), form, None, said)
        return found

    def _speaking(self, position: int) -> Speaking | None:
        if position not in self._said:
            entry = self._index.entry(position)
            self._said[position] = speaking(entry, self._editions, self._as_of)
        return self._said[position]

    def _is_searched(self, position: int) -> bool:
        code = self._index.entry(position).list_code
        return self._numbers is None or bool(self._index.list_numbers((code,)) & self._numbers)

    def _primary_name(self, position: int, said: Speaking) -> str:
        return self._index.entry(position).primary_name(said.places[0])
