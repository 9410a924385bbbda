"""The record of a question: what was sent, how it was read, and what the answer comes from.

It stands once in an answer, in its head. What was asked about each counterparty stands in that
counterparty's result, as `asked`, so that a stream of millions of lines has it as a screening
does. Both together are the whole question: `sent` with the `asked` of all results, in their order,
as `counterparties`, is the body of `POST /v1/screenings` that asks it again.
"""

from datetime import datetime
from typing import Self

import msgspec

from abeyance_screening.engine.lists.edition import Edition
from abeyance_screening.engine.lists.listing import CodeOfList
from abeyance_screening.engine.screening.question import (
    CompleteTerms,
    Question,
    ScreeningQuestion,
    ScreeningTerms,
)
from abeyance_screening.primitives.structs import copy_as

RecordForm = int
"""The form of the record. It grows when a field changes its meaning; new fields do not count."""


class BasisEdition(msgspec.Struct, frozen=True, kw_only=True):
    """One edition of a list, as one publication carries it."""

    list_code: CodeOfList
    source: str
    """Code of the publication that carries it."""
    edition: int
    """Our number of the edition."""
    sha256: str
    """SHA-256 of the file, or of the sorted digests of several."""

    @classmethod
    def of(cls, edition: Edition) -> Self:
        """Return what is recorded of a stored edition."""
        return copy_as(cls, edition, edition=edition.id)


class BasisRegister(msgspec.Struct, frozen=True, kw_only=True):
    """The register of measures that an answer comes from."""

    revision: int
    """Its revision; it only grows."""
    changed: int
    """How often this database's register had changed, which events recorded here do too."""
    bundle_made_at: datetime | None
    """When the signed bundle was made that it came from, in UTC; null for the program's own."""
    sha256: str
    """SHA-256 of all measures, events, readings and reviews that it had."""


class AnswerBasis(msgspec.Struct, frozen=True, kw_only=True):
    """What an answer comes from besides its question: it is the same for most questions of a day.

    `GET /v1/lists/{code}` tells of each edition by its number.
    """

    editions: tuple[BasisEdition, ...]
    """The edition of each publication of the lists searched that applies on the days, by list."""
    earlier_editions: tuple[BasisEdition, ...] = ()
    """Those that applied on the day `since`; empty where none was given."""
    required: tuple[CodeOfList, ...]
    """Codes of the lists that must be fresh for the answer to be complete."""
    profile: str | None
    """The policy that requires them, as in `coverage.profile`."""
    joins: str
    """SHA-256 of what operators said of listings that are one party, or are not."""
    register: BasisRegister
    scorer: str
    """Version of the scoring that gave all scores."""
    version: str
    """Version of Abeyance."""


class QuestionRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A question with all that decides its answer, but for who was asked about.

    Each counterparty is in its result, as `asked`.
    """

    form: RecordForm = 1
    sent: ScreeningTerms
    """The fields of the question as they were sent; null where one was left out."""
    read: CompleteTerms
    """The same as they were answered: what was left out is as the key, the account or the service
    says, and codes are in one spelling."""
    basis: AnswerBasis

    @classmethod
    def of(cls, sent: ScreeningQuestion, question: Question, basis: AnswerBasis) -> Self:
        """Return the record of a question that was sent and read so."""
        return cls(
            sent=copy_as(ScreeningTerms, sent), read=copy_as(CompleteTerms, question), basis=basis
        )


NOT_KEPT = "The question was not kept then."
"""What is said where an answer has no record of its question."""
