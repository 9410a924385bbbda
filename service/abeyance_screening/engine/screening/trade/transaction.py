"""A transaction: the goods, places and end use that a question is about."""

from datetime import date
from typing import Annotated, Literal

import msgspec

from abeyance_screening.engine.measures.measure import EffectKind, EndUse
from abeyance_screening.engine.measures.status import MeasureOnDay, StatusWord
from abeyance_screening.primitives.choices import COUNTRY

MAX_ITEMS = 100
MAX_DESCRIPTION_LENGTH = 500

ReachFact = Literal["item", "origin", "destination", "end_use", "beyond"]
ItemKind = Literal["control_code", "hs", "words", "symbol"]
Code = Annotated[str, msgspec.Meta(min_length=1, max_length=30)]
Country = Annotated[str, msgspec.Meta(pattern=COUNTRY, description="ISO 3166-1 alpha-2")]


class Item(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One item by its description, its HS code or its control code: at least one of them.

    Words can only find a measure; that no measure is found by words means little ("machine
    parts"). A code decides. `hs` has 4, 6, 8 or 10 digits. `control_code` is an entry of a control
    list (`3A090.a`); each measure reads it as an entry of its own authority's list. `EAR99` means
    that an item under US export rules is on no entry of the US list (15 CFR 734.3(c)).
    """

    description: (
        Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_DESCRIPTION_LENGTH)] | None
    ) = None
    hs: Code | None = None
    control_code: Code | None = None


class Transaction(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is traded, between which countries and for what use; what is left out is not known.

    `origin` is where the goods are sent from, or for an import ban come from, and `destination`
    where they go: ISO 3166-1 alpha-2.
    """

    items: Annotated[tuple[Item, ...], msgspec.Meta(max_length=MAX_ITEMS)] = ()
    origin: Country | None = None
    destination: Country | None = None
    end_use: EndUse | None = None


class FactMet(msgspec.Struct, frozen=True, kw_only=True):
    """One fact of a transaction that a measure names.

    `given` is the fact as it was read, `meets` the word, code, place or use of the measure that it
    meets. For an item, `item` is its position from 0, `item_class` the class it belongs to, and
    `by` what showed that; for other facts all three are null.
    """

    fact: ReachFact
    given: str
    meets: str
    item: int | None = None
    item_class: str | None = None
    by: ItemKind | None = None


class Restriction(msgspec.Struct, frozen=True, kw_only=True):
    """A measure that reaches a transaction, with its status on the day and the facts that met."""

    measure: MeasureOnDay
    facts: tuple[FactMet, ...]


class OpenQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """A measure that may reach a transaction, depending on facts that were not given.

    `asks` names those facts; `beyond` is one that no question can carry. If the answer to
    `question` is yes, the measure reaches the transaction. `as_of` is the day of the status, by
    the authority's own time if that day is today; None only in an answer that was kept before this
    field existed.
    """

    id: str
    title: str
    jurisdiction: str
    as_of: date | None = None
    status: StatusWord
    effect: tuple[EffectKind, ...]
    asks: tuple[ReachFact, ...]
    question: str


class Restrictions(msgspec.Struct, frozen=True, kw_only=True):
    """What measures that name no company do to a transaction on the day asked about.

    `summary` gives the result in a sentence. `met` are the measures that reach the transaction,
    whatever their status except `ended`; `open_questions` those that may; `ended` those that would
    reach it and have ended. In each, what binds on the day comes before what does not, and the
    stricter effect before the milder one. Without a transaction (`transaction` null) every such
    measure is an open question. `notes` say what the comparison could not take into account.
    """

    as_of: date
    known_at: date
    transaction: Transaction | None
    summary: str
    met: tuple[Restriction, ...]
    open_questions: tuple[OpenQuestion, ...]
    ended: tuple[Restriction, ...]
    notes: tuple[str, ...]
