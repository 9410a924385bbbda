"""A measure: one legal act or rule, and the events of its life."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

import msgspec

from abeyance_screening.engine.lists.listing import CodeOfList, EntityType
from abeyance_screening.engine.measures.measure_fields import (
    ActCitation,
    ActForm,
    ActLink,
    AnnouncedOn,
    AuthorityName,
    CheckedUntil,
    ConditionAsked,
    EffectiveOn,
    FromAuthority,
    IdOfEvent,
    IdOfMeasure,
    JurisdictionCode,
    MeasureCitation,
    MeasureKind,
    MeasureTitle,
    PlainWords,
    PublishedOn,
    ResidualDuty,
    StatedEnd,
)
from abeyance_screening.engine.measures.reach import Reach

# --- Events: the things that happen to a measure, each with the act that states it.

Confidence = Literal["verified_primary", "verified_secondary", "disputed", "general_knowledge"]
"""How it is known: `verified_primary`, the act's own words were read, at its publisher's or in a
copy; `verified_secondary`, a source quotes or reports it; `general_knowledge`, neither, so check
before use; `disputed`, sources contradict each other: shown and never used."""
EventKind = Literal[
    "announce",
    "announce_suspension",
    "announce_extension",
    "announce_easing",
    "announce_revocation",
    "publish",
    "take_effect",
    "list",
    "is_informed",
    "delay",
    "amend",
    "expand",
    "narrow",
    "correct",
    "suspend",
    "extend_suspension",
    "resume",
    "authorise",
    "extend_authorisation",
    "replace_authorisation",
    "revoke_authorisation",
    "renew",
    "expire",
    "revoke",
    "delist",
    "annul",
    "replace",
    "stop_measures",
    "stay",
    "lift_stay",
    "not_enforced",
    "reinstate",
    "challenge_pending",
    "dispute",
]
"""What happened. `announce`, `announce_suspension`, `announce_extension`, `announce_easing` and
`announce_revocation` only announce and change no status; `publish`, `take_effect`, `list`,
`is_informed`, `resume` and `reinstate` bring into force; `delay` moves the start and `renew` the
end; `amend` and `correct` change the text, `expand` and `narrow` the reach; `suspend`,
`extend_suspension`, `stay` (by a court) and `not_enforced` pause, `lift_stay` ends a stay;
`authorise`, `extend_authorisation`, `replace_authorisation` and `revoke_authorisation` are of
licences; `expire`, `revoke`, `delist`, `annul` and `replace` end it, `stop_measures` with a duty
that remains; `challenge_pending` and `dispute` are doubts."""
UntilBound = Literal["inclusive", "exclusive", "unknown"]
"""Whether the stated end is itself included: `inclusive`, `exclusive`, or `unknown`, which is read
the stricter way, as restricted on that day. Null without an end."""
UntilState = Literal["stated", "none_stated", "not_recorded", "conditional"]
"""Whether an end is `stated`, or why there is none: `none_stated` is an open end; `not_recorded`
and `conditional` are ends that the record does not date, and no relief rests on them."""
DayState = Literal["not_recorded", "per_entry"]
"""Why no day is given: `not_recorded`, or `per_entry` where every entry of the list has its own.
"""
Exactness = Literal["day", "month", "year", "about"]
"""`day`; or `month`, `year` or `about` where no more is known: the days given are then the
stricter ones, the first of the month for a restriction and the last for relief."""
EventOrigin = Literal["shipped", "operator"]
"""`shipped` for events that come with the program, `operator` for those added here."""
LapseEffect = Literal[
    "restriction_returns", "restriction_ends", "authorisation_ends", "restriction_begins"
]
"""What follows if the end passes and nothing new is recorded: `restriction_returns` after a
suspension, `authorisation_ends` after a licence, `restriction_begins` after a delay,
`restriction_ends` after the measure's own term."""


class Source(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """The page a fact was read on."""

    url: str
    """Address of the page."""
    published: str | None = None
    """The day that the page states, as exact as is known: `2025`, `2025-11` or `2025-11-12`."""


class Words(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """The act's own words, and the reading that they were taken from."""

    quote: str
    """The words, in the language of the act."""
    url: str
    """Where the authority publishes the act."""
    read_on: date
    """The day on which the text was read."""
    sha256: str
    """SHA-256 of the text that was read, in UTF-8; `digest_of` says which text."""
    digest_of: Literal["text", "quote"] = "quote"
    """`text` for the whole page or file, `quote` where only the quoted words were kept."""
    language: str = "en"
    """Language of the quote, as in BCP 47; English if left out."""
    translation: str | None = None
    """The quote in English, if it is in another language."""
    read_in: str | None = None
    """The copy in which the text was read, if it was not read at its publisher's."""


class Slice(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """The part of a measure that an event affects: a paragraph, or some of its listings.

    A listing belongs to the part if one of its names, programmes, citations or footnotes matches,
    where any are given, and if its day is within the limits. Two events affect the same part when
    all fields but `note` are equal.
    """

    part: str | None = None
    """Name of the part, such as a paragraph."""
    entities: tuple[str, ...] = ()
    """Names of listed parties."""
    countries: tuple[str, ...] = ()
    """Countries, as ISO 3166-1 alpha-2 codes."""
    programmes: tuple[str, ...] = ()
    """Programme codes that the listings print."""
    citations: tuple[str, ...] = ()
    """Acts that the listings cite."""
    footnotes: tuple[str, ...] = ()
    """Footnotes that the listings refer to."""
    listed_from: date | None = None
    """Only listings that took effect on this day or later."""
    listed_until: date | None = None
    """Only listings that took effect on this day or before."""
    note: str | None = None
    """A remark for readers, which selects nothing."""


AffectedPart = Slice | None
"""The part of the measure that it affects; the whole if left out."""


class Event(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """One thing that happened to a measure.

    Days are whole days local to the authority. An event that is retracted counts for questions
    about what was known before that day and for no later ones. Fields that have their default are
    left out.
    """

    id: IdOfEvent
    kind: EventKind
    announced_on: AnnouncedOn = None
    published_on: PublishedOn = None
    effective_on: EffectiveOn = None
    effective_time: str | None = None
    """The hour on `effective_on`, for readers only: `12:01+08:00`."""
    day_state: DayState | None = None
    exactness: Exactness = "day"
    until: StatedEnd = None
    until_bound: UntilBound | None = None
    until_state: UntilState | None = None
    lapse_effect: LapseEffect | None = None
    slice: AffectedPart = None
    citation: ActCitation = None
    formality: ActForm = None
    issued_by_authority: FromAuthority = True
    source: Source | None = None
    """Where it was read."""
    quote: str | None = None
    """The act's words, of an operator's event; others have `words`."""
    words: Words | None = None
    """The act's own words, with the reading that they come from; only with them is an event
    `verified_primary`."""
    confidence: Confidence = "general_knowledge"
    note: str | None = None
    """A remark for readers, which decides nothing."""
    recorded_at: datetime | None = None
    """When the register recorded it, in UTC; left out for events older than its record of times.
    """
    retracted_at: datetime | None = None
    """When it was retracted as a mistake, in UTC; left out if it counts."""
    retracted_because: str | None = None
    """Why it was retracted."""
    stored_at: datetime | None = None
    """When this service's database received it or its retraction; left out for what came with its
    first register."""
    replaces: str | None = None
    """Id of the retracted event that it replaces. It counts from the day it was recorded, so that
    a question about what was known earlier still gets the answer given then."""
    origin: EventOrigin = "shipped"
    recorded_by: str | None = None
    """Who added an operator's event."""


# How the register's notes name an announcement that both sides of an arrangement made.
_BY_BOTH = "announced by both governments"


def announced_by(event: Event, authority: str) -> str | None:
    """Return who announced an event, as far as the record says so; None for an act.

    `both governments` where the event's note begins so, and the measure's own authority where the
    citation names it. Anybody else is left to the citation.
    """
    if not event.kind.startswith("announce"):
        return None
    if event.note is not None and event.note.casefold().startswith(_BY_BOTH):
        return "both governments"
    return authority if authority in re.split(r"\W+", event.citation or "") else None


def without_record(event: Event) -> Event:
    """Return the event as its source states it, with the register's own fields at their defaults.

    Those fields are the origin, and the times and reasons of recording, retraction and storing.
    """
    return msgspec.structs.replace(
        event,
        origin="shipped",
        recorded_at=None,
        recorded_by=None,
        retracted_at=None,
        retracted_because=None,
        stored_at=None,
    )


# --- What a measure does, and the listings and owned companies that it reaches.


class OwnershipTest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The test by which a rule treats a company as listed because listed parties own it.

    In a chain of owners, an owner that itself meets the test counts with all it holds.
    """

    share: Decimal
    """Percent of ownership."""
    bound: Literal["at_least", "more_than"]
    """Whether `share` must be reached (`at_least`) or exceeded (`more_than`)."""
    aggregate: bool
    """Whether the shares of several listed owners add up; if not, each is tested alone."""
    control: bool
    """Whether control without the share is enough."""
    adds_up_if: str | None = None
    """The condition under which the shares of several listed owners add up, as a statement;
    whether it is met stays an open question."""


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
"""What is imposed: assets `blocked`, a `prohibition`, `licence_required`, `import_ban`,
`travel_ban`, `debarment`, `due_diligence` (more checks), a `fee`, `director_disqualification`;
`easing` loosens other measures, `own_policy` is your own, `none` forbids nothing by itself,
`unknown` is not on record and counts as restricted."""
LICENCE_KINDS = frozenset({"general_licence", "licence"})
"""The kinds of measure that are themselves a licence and authorise what they name."""
AttachesBy = Literal["listing", "ownership", "country", "goods", "end_use", "address"]
AttachedBy = tuple[AttachesBy, ...]
"""What makes it apply: a `listing`, `ownership` by a listed party, a `country`, `goods`, an
`end_use`, or an `address`."""


class Printed(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """A fact that a list prints with some of its entries, and the values of it that count."""

    kind: str
    """Kind of the listing's fact, such as `sanctions_imposed`."""
    values: tuple[str, ...]
    """Values that count: a printed one is one of them, or begins with one and a comma; case does
    not matter."""


class Effect(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """What a measure does."""

    kind: EffectKind
    what: str | None = None
    """What the effect is on (`arms`, `new debt over 14 days`); null or left out if it is general.
    """
    printed: Printed | None = None
    """Set where the effect is imposed only on entries that print this; left out of an answer about
    one entry."""
    parties: tuple[EntityType, ...] = ()
    """Types of party that it can be imposed on, empty for all; left out of an answer about one
    entry."""


class Attachment(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """Which listings of one list a measure reaches.

    With nothing else set, every listing of the list. Where several of `programmes`, `citations`,
    `entities` and `footnotes` are set, meeting any one is enough.
    """

    list_code: CodeOfList
    programmes: tuple[str, ...] = ()
    """Listings that print one of these codes; a run of spaces counts as one."""
    citations: tuple[str, ...] = ()
    """Listings whose citations name one of these acts (`90 FR 4617`)."""
    entities: tuple[str, ...] = ()
    """Listings one of whose names is one of these; case does not matter."""
    footnotes: tuple[str, ...] = ()
    """Listings whose licence requirement refers to one of these footnotes."""
    listed_from: date | None = None
    """Only listings that took effect on this day or later, or print no day."""
    listed_until: date | None = None
    """Only listings that took effect on this day or before, or print no day."""
    printed: Printed | None = None
    """Only listings that print one of these values, or no such fact."""
    parties: tuple[EntityType, ...] = ()
    """Only these types of party, and listings that state no type."""
    only_alone: bool = False
    """True if it reaches only listings that none of the list's programmes accounts for: the
    programmes then have the effect, and the list itself has none."""


class OwnershipReach(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """Whether what a listed party owns is reached too, in words, as the authority puts it."""

    applies: str
    """Whether it is: `yes`, `no`, or when."""
    by: tuple[str, ...] = ()
    """Ids of the ownership rules of this register (measures with an `owns` test) that reach it."""
    carries: tuple[EffectKind, ...] = ()
    """The effects that these rules carry to what is owned, empty for all."""
    threshold: str | None = None
    """The share that is needed, in words."""
    control: str | None = None
    """What counts as control, in words."""
    rule: str | None = None
    """Where the rule is written."""


class SubCode(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A letter code that a list prints with an entry, and what it stands for."""

    code: str
    """The code, as printed."""
    means: str
    """What it stands for."""


class Targets(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """What the act reaches, in words for a reader; answers come from `attaches` and `reaches`."""

    lists: tuple[str, ...] = ()
    """Codes of the lists that it concerns."""
    entities: tuple[str, ...] = ()
    """Names or descriptions of parties."""
    count: int | None = None
    """How many parties the act names."""
    countries: tuple[str, ...] = ()
    """Countries, by code or in words."""
    items: tuple[str, ...] = ()
    """Goods, software and technology, in words."""
    ownership: str | None = None
    """What it says of owned companies."""
    end_use: str | None = None
    """What it says of end uses."""
    extraterritorial: bool | None = None
    """Whether it claims to bind outside its jurisdiction."""
    counters: str | None = None
    """The foreign measures that it counters."""
    note: str | None = None
    """A remark for readers."""


class OwnerStatement(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """Who owns a party that the measure names, as the source says; it may have changed since."""

    owned: str
    """A name of the party, as its listing prints it."""
    owner: str
    """The owner, as its own listing prints it."""
    owner_listing: str
    """Id of a listing of the owner."""
    share: Decimal | None = None
    """Percent held; left out if the source says no more than that it owns it."""
    as_of: date
    """The day of which the source speaks, or on which it was published."""
    source: Source
    confidence: Confidence
    quote: str | None = None
    """What the source says, in its words."""


class Measure(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """One legal measure and its events, as the register has it. Defaults are left out."""

    id: IdOfMeasure
    title: MeasureTitle
    authority: AuthorityName
    jurisdiction: JurisdictionCode
    kind: MeasureKind
    citation: MeasureCitation
    effect: tuple[Effect, ...]
    """What it does; of an act with several effects, each."""
    attaches_by: AttachedBy
    confidence: Confidence
    events: tuple[Event, ...]
    """What happened to it, in the order of the record."""
    also_known_as: tuple[str, ...] = ()
    """Other ids of the same act."""
    url: ActLink = None
    words: Words | None = None
    """The act's own words on its effect, as it reads today; those of a single step are with its
    event."""
    plain: PlainWords = None
    legal_basis: tuple[str, ...] = ()
    """The laws that it rests on."""
    attaches: tuple[Attachment, ...] = ()
    """The listings that it reaches."""
    stands_alone: bool = True
    """False for a code that only qualifies another code and is no legal basis by itself."""
    several_bases: bool = False
    """True for one code with more than one legal basis."""
    ownership: OwnershipReach | None = None
    """Whether it reaches what a listed party owns."""
    owners: tuple[OwnerStatement, ...] = ()
    """Who owns parties that it names; whoever is owned may be under the owner's ownership rule."""
    owns: OwnershipTest | None = None
    """The test of an ownership rule, behind its `condition`."""
    reaches: tuple[Reach, ...] = ()
    """Goods, places and uses to which it applies without any listing; meeting one of them is
    enough."""
    targets: Targets | None = None
    """What it reaches, in words for a reader."""
    condition: ConditionAsked = None
    residual_obligation: ResidualDuty = None
    eases: tuple[str, ...] = ()
    """Ids of the measures that it loosens, of a licence."""
    see: str | None = None
    """Id of the measure whose effect governs instead, by the party's entry on another list."""
    also_triggers: tuple[str, ...] = ()
    """Ids of the measures that its codes trigger."""
    implements: str | None = None
    """Id of the measure that it carries out."""
    conflicts_with: tuple[str, ...] = ()
    """Ids of the measures that it forbids parties to obey."""
    predecessor: str | None = None
    """The act that it replaced, by id or in words."""
    successor: str | None = None
    """The act that replaced it, by id or in words."""
    reference_prefix: str | None = None
    """How the reference numbers of its entries begin."""
    sub_codes: tuple[SubCode, ...] = ()
    """Letter codes that its list prints with an entry."""
    per_entry: tuple[str, ...] = ()
    """What each entry of its list has of its own, such as a licence requirement."""
    sources: tuple[Source, ...] = ()
    """The pages that were read for it."""
    unchecked: tuple[str, ...] = ()
    """The parts of the record that were not confirmed."""
    metadata_only: bool = False
    """True if the only source read was a public metadata file."""
    renewals_searched: bool = True
    """False if nobody looked for renewals after the last one recorded, so that the absence of one
    proves nothing."""
    checked_until: CheckedUntil = None
    note: str | None = None
    """A remark for readers."""


def only_eases(measure: Measure) -> bool:
    """Return whether a measure only permits: nothing of its own effect restricts anybody."""
    return all(effect.kind == "easing" for effect in measure.effect)


def has_words(measure: Measure) -> bool:
    """Return whether the register has the act's own words, for the measure or for an event."""
    return measure.words is not None or any(
        event.words is not None for event in measure.events if event.retracted_at is None
    )


# --- The register of measures as it is shipped, and as a database holds it.

# The prefix of the ids of operators' events; no shipped event's id begins with it.
OPERATOR_PREFIX = "own-"


class ShippedRegister(msgspec.Struct, frozen=True, kw_only=True):
    """The measures that come with the program.

    `revision` is the number of lines of their ledger. It only ever grows, so of two programs the
    one with the higher revision knows everything that the other knows.
    """

    revision: int
    measures: tuple[Measure, ...]


class RegisterMark(msgspec.Struct, frozen=True, kw_only=True):
    """The register that a database holds; `changed` grows with every change to that register.

    `made_at` is when the bundle was made that it came from, None for a program's register.
    """

    revision: int
    changed: int
    made_at: datetime | None = None


class StoredMeasure(msgspec.Struct, frozen=True, kw_only=True):
    """A measure without its events, as JSON, with a digest of that JSON."""

    measure_id: str
    body: str
    digest: str


class StoredEvent(msgspec.Struct, frozen=True, kw_only=True):
    """An event as JSON, without the fields that are stored in columns."""

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


class PlaceConfirmation(msgspec.Struct, frozen=True, kw_only=True):
    """A person's word that a place where acts appear was read until a day, that day included.

    `place` is the place's id. Whatever the place had brought until then is in the register.
    """

    place: str
    until: date
    confirmed_at: datetime
    confirmed_by: str


class MeasureReview(msgspec.Struct, frozen=True, kw_only=True):
    """One sign-off of a measure: who read which record of it, and on which day."""

    measure_id: IdOfMeasure
    digest: str
    """Digest of the record that was read."""
    reviewed_by: str
    """Who read it against the act."""
    reviewed_on: date
    """The UTC day of the sign-off."""
    note: str | None
    """A remark of the reader; null without one."""
    recorded_by: str
    """Who stored the sign-off, often the reader."""
    recorded_at: datetime
    """When it was stored, in UTC."""


class StoredRegister(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a database held of the register at one moment.

    `measures` are ordered by id, `events`, `confirmations` and `reviews` in the order in which
    they were stored.
    """

    mark: RegisterMark
    measures: tuple[StoredMeasure, ...]
    events: tuple[StoredEvent, ...]
    confirmations: tuple[PlaceConfirmation, ...] = ()
    reviews: tuple[MeasureReview, ...] = ()
