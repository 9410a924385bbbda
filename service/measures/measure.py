"""A measure: one legal act or rule, and the events of its life."""

from datetime import date, datetime
from decimal import Decimal
from typing import Literal

import msgspec

from service.measures.event import Confidence, Event, Source

# --- What a measure reaches where it names no company: goods, places, uses, and what is owned.

EndUse = Literal[
    "military",
    "military_intelligence",
    "nuclear",
    "missile",
    "chemical_biological",
    "semiconductor_manufacturing",
    "advanced_computing",
    "internal_repression",
    "civil",
]


class ItemClass(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """Items that are controlled together; an item belongs to it if any word or code meets.

    `name` is for a reader, as it stands inside a sentence (`gallium and its compounds`).

    `words` are what such items are called in any language. Those of one entry must stand one
    after the other in a description (`graphite` in "graphite electrodes"); case, accents and
    simple plurals do not matter. Chinese, Japanese and Korean ones may stand anywhere in it, so a
    single character finds much. `symbols` (`Dy`) meet only an item that is called just so.

    `hs` are beginnings of Harmonised System codes, digits only. The first six are the same
    everywhere; what follows is each country's own and cannot rule an item out.

    `control_codes` are beginnings of entries of the control list that the measure's authority
    keeps (`3A090`), in its numbering, down to the level at which all is controlled. Some
    authorities number their lists alike, some like nobody else.
    """

    name: str
    words: tuple[str, ...] = ()
    symbols: tuple[str, ...] = ()
    hs: tuple[str, ...] = ()
    control_codes: tuple[str, ...] = ()


class Reach(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """One set of facts that brings a measure into play; all that are given must be met.

    `items` empty: any item. `items_of` names a class nobody can list here (`dual-use items of the
    Chinese list`): whether an item is one of them stays a question, unless it has a control code.
    `origin` and `destination` are ISO 3166-1 alpha-2 codes, empty for any: where goods are sent
    from (of an `import_ban` where they come from), and where they go. `origin_except` and
    `destination_except` are those that it never reaches (`EU`, for what leaves it). `EU` stands
    for its member states; Hong Kong, Macao and Taiwan are themselves and no part of `CN`.
    `end_use`: `military` takes in `military_intelligence`. `beyond` is a fact that no question
    carries, as a statement (`a tenth of a percent of its value is Chinese`), so that a reach with
    one is never more than open.
    """

    items: tuple[ItemClass, ...] = ()
    items_of: str | None = None
    origin: tuple[str, ...] = ()
    origin_except: tuple[str, ...] = ()
    destination: tuple[str, ...] = ()
    destination_except: tuple[str, ...] = ()
    end_use: tuple[EndUse, ...] = ()
    beyond: str | None = None


class OwnershipTest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When a rule takes what listed parties own for listed.

    `share` is in percent of ownership: `at_least` or `more_than` that. `aggregate`: the shares
    of several listed owners add up; else each is looked at alone. `control`: control without the
    share is enough. Through a chain, an owner that meets the test itself counts with all it holds.
    `adds_up_if` is what must hold of the listed owners for their shares to add up, as a statement
    (`they stand under the same directive`): it stays a question.
    """

    share: Decimal
    bound: Literal["at_least", "more_than"]
    aggregate: bool
    control: bool
    adds_up_if: str | None = None


EffectKind = Literal[
    "blocked",
    "prohibition",
    "licence_required",
    "import_ban",
    "travel_ban",
    "debarment",
    "due_diligence",
    "fee",
    "director_disqualification",
    "easing",
    "own_policy",
    "unknown",
    "none",
]
AttachesBy = Literal["listing", "ownership", "country", "goods", "end_use", "address"]


class Effect(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """What a measure does; `what` narrows the kind (`arms`, `new debt over 14 days`)."""

    kind: EffectKind
    what: str | None = None


class Attachment(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """Which listings of one list a measure reaches.

    With nothing else set: every listing of the list. `programmes`: listings that carry one of
    these codes as printed (runs of blanks count as one). `citations`: listings whose citations
    name one of these acts (`90 FR 4617`). `entities`: listings one of whose names is one of these
    but for upper and lower case. `footnotes`: listings whose licence requirement refers to one
    of these footnotes (`4`). Where several are set, meeting any one is enough. `listed_from` and
    `listed_until` keep of these only the listings that took effect between them, both days
    included; one whose day is not printed is reached.

    `only_alone` True: the list as a whole, reached only by a listing that no programme of the
    list accounts for; its codes carry the effect, the list itself has none.
    """

    list_code: str
    programmes: tuple[str, ...] = ()
    citations: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()
    footnotes: tuple[str, ...] = ()
    listed_from: date | None = None
    listed_until: date | None = None
    only_alone: bool = False


class OwnershipReach(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """Whether what a listed party owns is reached too: in words, as the authority puts it.

    `by` are the ownership rules of this register, measures with an `owns` test, that reach it.
    """

    applies: str
    by: tuple[str, ...] = ()
    threshold: str | None = None
    control: str | None = None
    rule: str | None = None


class SubCode(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A letter code a list prints beside an entry, and what it stands for."""

    code: str
    means: str


class Targets(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """What the act reaches, in words for a reader; `reaches` is what is compared."""

    lists: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()
    count: int | None = None
    countries: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    ownership: str | None = None
    end_use: str | None = None
    extraterritorial: bool | None = None
    counters: str | None = None
    note: str | None = None


class Measure(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """One legal measure and its events.

    `also_known_as` are other ids of the same act. `attaches_by` says what brings it into play;
    `attaches` names the listings it reaches. A measure with `attaches_by` ownership and an
    attachment is shown with a listing as a condition: `condition` is the question a reader must
    answer, for it concerns what that party owns, and `owns` the test it sets. `ownership` says
    whether an ordinary measure reaches what the party owns. `reaches` are the goods, places and
    uses that bring a measure into play without any listing; meeting one of them is enough.

    `eases` names the measures a licence loosens, `see` the measure whose effect governs,
    `also_triggers` those its codes set off, `implements` the one it carries out, `conflicts_with`
    those it forbids to obey. `stands_alone` False marks a code that is a flag beside another and
    no basis of its own. `several_bases` True: one code, more than one legal basis.

    `checked_until` is the newest day any of its sources was read; `renewals_searched` False means
    that nobody looked for renewals after the last one recorded, so silence says nothing.
    `metadata_only` True: the only source read was a public metadata file. `unchecked` are the
    parts that were not confirmed.
    """

    id: str
    title: str
    authority: str
    jurisdiction: str
    kind: str
    citation: str
    effect: tuple[Effect, ...]
    attaches_by: tuple[AttachesBy, ...]
    confidence: Confidence
    events: tuple[Event, ...]
    also_known_as: tuple[str, ...] = ()
    url: str | None = None
    plain: str | None = None
    legal_basis: tuple[str, ...] = ()
    attaches: tuple[Attachment, ...] = ()
    stands_alone: bool = True
    several_bases: bool = False
    ownership: OwnershipReach | None = None
    owns: OwnershipTest | None = None
    reaches: tuple[Reach, ...] = ()
    targets: Targets | None = None
    condition: str | None = None
    residual_obligation: str | None = None
    eases: tuple[str, ...] = ()
    see: str | None = None
    also_triggers: tuple[str, ...] = ()
    implements: str | None = None
    conflicts_with: tuple[str, ...] = ()
    predecessor: str | None = None
    successor: str | None = None
    reference_prefix: str | None = None
    sub_codes: tuple[SubCode, ...] = ()
    per_entry: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    unchecked: tuple[str, ...] = ()
    metadata_only: bool = False
    renewals_searched: bool = True
    checked_until: date | None = None
    note: str | None = None


# --- The register of measures as it is shipped, and as a database holds it.

# What the id of an operator's event begins with; no shipped event's does.
OPERATOR_PREFIX = "own-"


class ShippedRegister(msgspec.Struct, frozen=True, kw_only=True):
    """The measures that come with the program.

    `revision` counts the lines of their ledger: it only ever grows, so of two programs the one
    with the higher revision knows all that the other does.
    """

    revision: int
    measures: tuple[Measure, ...]


class RegisterMark(msgspec.Struct, frozen=True, kw_only=True):
    """Which register a database holds; `changed` grows with every change to it."""

    revision: int
    changed: int


class StoredMeasure(msgspec.Struct, frozen=True, kw_only=True):
    """A measure without its events, as JSON, with the digest of what was stored."""

    measure_id: str
    body: str
    digest: str


class StoredEvent(msgspec.Struct, frozen=True, kw_only=True):
    """An event as JSON, without the fields that stand beside it here."""

    measure_id: str
    event_id: str
    origin: str
    body: str
    digest: str
    recorded_at: datetime | None = None
    recorded_by: str | None = None
    retracted_at: datetime | None = None
    retracted_because: str | None = None
    stored_at: datetime | None = None


class StoredRegister(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a database holds of the register, of one moment.

    `measures` by id, `events` in the order in which they were stored.
    """

    mark: RegisterMark
    measures: tuple[StoredMeasure, ...]
    events: tuple[StoredEvent, ...]
