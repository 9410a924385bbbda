"""What a question meets: entries of the index, each with how it was found."""

import msgspec

from abeyance_screening.engine.names.form.word_types import ComparisonForm
from abeyance_screening.engine.screening.answer import TextPlace
from abeyance_screening.engine.screening.applicable_versions import ApplicableVersions
from abeyance_screening.engine.screening.question import Counterparty


class EntryMatch(msgspec.Struct, frozen=True):
    """How an entry was found: the best of its names, and which of the question's names it met.

    `name` None means that only a number met; the score is then that of the primary name.
    `set_aside` are numbers of the question's name that are no words of `query`; `in_text` is where
    a text has the name.
    """

    score: float
    query: ComparisonForm
    name: int | None

    versions: ApplicableVersions
    set_aside: tuple[str, ...] = ()
    in_text: "InText | None" = None


class InText(msgspec.Struct, frozen=True):
    """The places of a text that name an entry, and what is asked about it alone."""

    places: tuple[TextPlace, ...]
    asked: Counterparty


class PartyMatches(msgspec.Struct, frozen=True):
    """The entries that a party met, by position; `numbered` are those met by a number."""

    listed: dict[int, EntryMatch]
    delisted: dict[int, EntryMatch]
    numbered: frozenset[int]


def finds_of(matches: dict[int, EntryMatch], numbered: frozenset[int]) -> PartyMatches:
    """Part the entries that were found into those listed on the day and those that have left."""
    return PartyMatches(
        listed={each: matches[each] for each in matches if matches[each].versions.is_listed},
        delisted={each: matches[each] for each in matches if not matches[each].versions.is_listed},
        numbered=numbered,
    )
