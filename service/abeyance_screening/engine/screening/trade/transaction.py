"""A transaction: the goods, places and end use that a question is about."""

from datetime import date
from typing import Annotated, Literal

import msgspec

from abeyance_screening.engine.measures.measure import EffectKind
from abeyance_screening.engine.measures.measure_fields import (
    IdOfMeasure,
    JurisdictionCode,
    MeasureTitle,
)
from abeyance_screening.engine.measures.reach import EndUse
from abeyance_screening.engine.measures.status import MeasureOnDay
from abeyance_screening.engine.measures.status_table import StatusWord
from abeyance_screening.primitives.days import KnownDay, LegalDay
from abeyance_screening.primitives.faults import COUNTRY

MAX_ITEMS = 100
MAX_DESCRIPTION_LENGTH = 500

ReachFact = Literal["item", "origin", "destination", "exporter", "us_rules", "end_use", "beyond"]
"""Which fact of a transaction it is: `item`, `origin`, `destination`, `exporter`, `us_rules`,
`end_use`, or `beyond`, one that no question can carry."""
ItemKind = Literal["control_code", "hs", "words", "symbol"]
"""What showed that the item belongs to the class: a `control_code`, an `hs` code, `words`, or a
chemical `symbol`; null for other facts."""
RestrictionsOutcome = Literal["met", "open", "not_covered", "none_known"]
"""What is known of a transaction, see `Restrictions.outcome`."""
QuestionExtent = Literal["first", "all"]
"""Which open questions to return: `first`, the six that decide most, or `all`."""
Code = Annotated[str, msgspec.Meta(min_length=1, max_length=30)]
Country = Annotated[str, msgspec.Meta(pattern=COUNTRY, description="ISO 3166-1 alpha-2")]


class Item(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One item by its description, its HS code or its control code: at least one of them.

    A code decides.
    """

    description: (
        Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_DESCRIPTION_LENGTH)] | None
    ) = None
    """The item in words. Words can only find a measure; that none is found by words means little
    ("machine parts")."""
    hs: Code | None = None
    """Harmonised System code of 4, 6, 8 or 10 digits."""
    control_code: Code | None = None
    """An entry of a control list (`3A090.a`), which each measure reads as one of its own
    authority's list. `EAR99`: under US export rules and on no entry of the US list (15 CFR
    734.3(c))."""


class Transaction(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is traded, between which countries and for what use; what is left out is not known."""

    items: Annotated[tuple[Item, ...], msgspec.Meta(max_length=MAX_ITEMS)] = ()
    """The goods, software or technology."""
    origin: Country | None = None
    """Where the goods are sent from or, for an import ban, come from: ISO 3166-1 alpha-2."""
    destination: Country | None = None
    """Where the goods go: ISO 3166-1 alpha-2."""
    exporter: Country | None = None
    """Whose person or company sells or sends it, wherever it is sent from: ISO 3166-1 alpha-2."""
    us_rules: bool | None = None
    """Whether the items are under US export rules though they are sent from elsewhere: made in the
    United States, with more US content than the rules allow for, or made with US technology (15
    CFR 734.3)."""
    end_use: EndUse | None = None


class FactMet(msgspec.Struct, frozen=True, kw_only=True):
    """One fact of a transaction that a measure names."""

    fact: ReachFact
    given: str
    """The fact, as it was read."""
    meets: str
    """The word, code, place or use of the measure that it meets."""
    item: int | None = None
    """Position of the item in the question, from 0; null for other facts."""
    item_class: str | None = None
    """The class that the item belongs to; null for other facts."""
    by: ItemKind | None = None
    annex: str | None = None
    """Id of the annex that lists the item; null where the measure itself names it."""
    edition: str | None = None
    """The edition of that annex that was read."""
    listed_from: date | None = None
    """The first day on which the annex lists the code. If that was not read, it is null, and the
    code counts from the first day of the act."""


class Easing(msgspec.Struct, frozen=True, kw_only=True):
    """A licence or exception that loosens a measure, or may, on the day asked about."""

    id: IdOfMeasure
    title: MeasureTitle
    status: StatusWord
    applies: bool
    """True if what was described meets it; false if that depends on a fact not given."""
    plain: str | None
    """What it permits, and on which conditions, in a sentence."""
    question: str | None = None
    """Where `applies` is false: if the answer to it is yes, it applies."""


class Restriction(msgspec.Struct, frozen=True, kw_only=True):
    """A measure that reaches a transaction, with its status on the day and the facts that met."""

    measure: MeasureOnDay
    facts: tuple[FactMet, ...]
    """The facts of the transaction that the measure names."""
    eased_by: tuple[Easing, ...] = ()
    """What loosens it on the day, or may: those that apply first."""
    line: str | None = None
    """What the measure demands and what loosens it, in one line; null only in an answer that was
    kept before this field existed."""


class OpenQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """A question on facts that were not given, and the measure that it decides first.

    One question may decide several measures: `id` is the gravest of them, `also` the others.
    """

    id: IdOfMeasure
    title: MeasureTitle
    jurisdiction: JurisdictionCode
    as_of: date | None = None
    """The day of the status, by the authority's own time if that is today; null only in an answer
    that was kept before this field existed."""
    status: StatusWord
    effect: tuple[EffectKind, ...]
    """What the measure imposes: `licence_required`, `prohibition` and so on."""
    asks: tuple[ReachFact, ...]
    """The facts that were not given."""
    question: str
    """If the answer to it is yes, the measure reaches the transaction. One for the HS code, on
    `exporter` or on `us_rules` is to be answered in the next question, and what else they ask is
    asked then."""
    also: tuple[IdOfMeasure, ...] = ()
    """The other measures that the same answer decides."""


class AnnexLooked(msgspec.Struct, frozen=True, kw_only=True):
    """An annex that was looked through for the codes given, and does not list one of them."""

    annex: str
    """Id of the annex."""
    title: str
    """What it is, and to which act."""
    edition: str
    """The edition that was read."""
    whole: bool
    """Whether all of it is at hand. If not, what it does not list stays open."""
    missing: str | None
    """What of it is not at hand."""
    read_from: str
    """The copy in which it was read."""
    measures: tuple[IdOfMeasure, ...]
    """The measures that list their goods there."""


class RegimeNotCovered(msgspec.Struct, frozen=True, kw_only=True):
    """Rules that are known to exist between the two places and are not in the register yet.

    Either a whole act, or an annex that does not list the codes given as far as it was read, and
    is not at hand whole.
    """

    id: str
    """Id of the regime, or of the annex."""
    jurisdiction: JurisdictionCode
    act: str
    """The act or annex, as lawyers cite it: read it there."""
    goods: tuple[str, ...]
    """The kinds of goods that it is about; empty for goods of any kind."""
    url: str | None = None
    """Where the act can be read; null if no address is recorded."""
    note: str | None = None
    """A remark for readers; of an annex, what of it was read and what is missing. Null if there is
    none."""
    measure: IdOfMeasure | None = None
    """Of an annex, the measure that takes its goods from it; null for a whole act."""


class Restrictions(msgspec.Struct, frozen=True, kw_only=True):
    """What measures that name no company do to a transaction on the day asked about.

    In each group, what binds on the day comes before what does not, and the stricter effect before
    the milder one.
    """

    as_of: LegalDay
    known_at: KnownDay
    transaction: Transaction | None
    """The transaction, as it was read; null without one, and every such measure is then open."""
    summary: str
    """The result in a sentence."""
    met: tuple[Restriction, ...]
    """The measures that reach it, whatever their status except `ended`."""
    open_questions: tuple[OpenQuestion, ...]
    """The questions that decide whether other measures reach it, in the order of what they decide:
    at most six, unless all were asked for. Without a transaction they are one for each measure,
    the gravest first."""
    more_questions: int = 0
    """How many further questions there are; with `questions=all`, or `"questions": "all"` in a
    screening, they are in `open_questions`."""
    looked_through: tuple[AnnexLooked, ...] = ()
    """The annexes that were looked through for the codes given and do not list one of them, of the
    measures that the places may meet."""
    ended: tuple[Restriction, ...]
    """The measures that would reach it and have ended."""
    notes: tuple[str, ...]
    """What the comparison could not take into account, in sentences."""
    outcome: RestrictionsOutcome | None = None
    """What is known of the transaction, the strictest first: `met`, a measure that restricts
    reaches it; `not_covered`, none is known to, and rules are known that are not in the register;
    `open`, facts that were not given decide; `none_known`, the register has nothing on it, which
    is no permission. Null only in an answer that was kept before this field existed."""
    not_covered: tuple[RegimeNotCovered, ...] = ()
    """The rules that are known between these two places and are not in the register, and the
    annexes that are not at hand whole and do not list the codes given: what they forbid is in no
    other field. An annex is left out where the same law already demands as much."""
