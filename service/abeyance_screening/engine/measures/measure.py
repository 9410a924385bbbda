"""A measure: one legal act or rule, and the events of its life."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

import msgspec

from abeyance_screening.engine.lists.listing import EntityType

# --- Events: the things that happen to a measure, each with the act that states it.

Confidence = Literal["verified_primary", "verified_secondary", "disputed", "general_knowledge"]
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
UntilBound = Literal["inclusive", "exclusive", "unknown"]
UntilState = Literal["stated", "none_stated", "not_recorded", "conditional"]
DayState = Literal["not_recorded", "per_entry"]
Exactness = Literal["day", "month", "year", "about"]
LapseEffect = Literal[
    "restriction_returns", "restriction_ends", "authorisation_ends", "restriction_begins"
]


class Source(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """The page a fact was read on.

    `published` is as exact as is known: `2025`, `2025-11` or `2025-11-12`.
    """

    url: str
    published: str | None = None


class Words(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """The act's own words, and the reading that they were taken from.

    `quote` is in the language of the act (`language`, BCP 47), and `translation` its English where
    that is another one. `url` is where the authority publishes the act, `read_in` where the text
    was read if that was a copy. `sha256` is the digest of the text that was read, in UTF-8: of the
    whole page or file (`digest_of` is `text`), or of the quoted words where only these were kept.
    """

    quote: str
    url: str
    read_on: date
    sha256: str
    digest_of: Literal["text", "quote"] = "quote"
    language: str = "en"
    translation: str | None = None
    read_in: str | None = None


class Slice(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """The part of a measure that an event affects: a paragraph, or some of its listings.

    `entities` are names of listed parties; `programmes`, `citations` and `footnotes` are what
    their listings print; `listed_from` and `listed_until` limit the day on which the listings
    took effect (both days included). A listing belongs to the part if one of its names,
    programmes, citations or footnotes matches, where any are given, and if its day is within
    the limits. Two events affect the same part when all fields but `note` are equal.
    """

    part: str | None = None
    entities: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    programmes: tuple[str, ...] = ()
    citations: tuple[str, ...] = ()
    footnotes: tuple[str, ...] = ()
    listed_from: date | None = None
    listed_until: date | None = None
    note: str | None = None


class Event(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """One thing that happened to a measure; `id` is unique within its measure and never reused.

    Days are whole days local to the authority. `effective_on` is the first day of the effect and
    `effective_time` the hour on it, for readers only. `until` is the stated end, and `until_bound`
    says whether that day is included: `unknown` is read the stricter way, as restricted on that
    day, so that relief stops the day before and a restriction's own term includes the day.
    `until_state` says why there is no `until`: `none_stated` is an open end; `not_recorded` and
    `conditional` are ends that the record does not date, and no relief rests on them.
    `lapse_effect` is what follows if the term runs out and nothing new is recorded.

    `day_state` says why no day is given at all: `not_recorded`, or `per_entry` where every entry
    of the list has its own. `exactness` other than `day` means that only the month or the year is
    known, or that the day is an estimate; the days given are then the stricter ones (the first
    day of the month for a restriction, the last for relief).

    `slice` None means the whole measure. `issued_by_authority` False means that the statement
    comes from somebody other than the measure's own authority.

    `words` are the act's own, with the reading that they come from. Only an event with words is
    `verified_primary`: the act's own words were read, at its publisher's or in a copy (`read_in`,
    `reading_of`). They and the confidence say how the register knows of
    the event, not what happened: both may become better after it was recorded.

    `recorded_at` is when the register recorded the event, None for events older than its record
    of times. `retracted_at` is when the event was retracted as a mistake, and `retracted_because`
    why: the event counts for questions about what was known before that day and for no later
    ones. `replaces` names the retracted event that this one replaces: this one counts from the
    day it was recorded, so that a question about an earlier day of knowledge still gets the
    answer given then. `stored_at` is when this installation's database received the event or its
    retraction, None for what came with its first register. `origin` is `shipped` for events that
    come with the program and `operator` for those that the operator of this installation added;
    `recorded_by` is who added one.
    """

    id: str
    kind: EventKind
    announced_on: date | None = None
    published_on: date | None = None
    effective_on: date | None = None
    effective_time: str | None = None
    day_state: DayState | None = None
    exactness: Exactness = "day"
    until: date | None = None
    until_bound: UntilBound | None = None
    until_state: UntilState | None = None
    lapse_effect: LapseEffect | None = None
    slice: Slice | None = None
    citation: str | None = None
    formality: str | None = None
    issued_by_authority: bool = True
    source: Source | None = None
    quote: str | None = None
    words: Words | None = None
    confidence: Confidence = "general_knowledge"
    note: str | None = None
    recorded_at: datetime | None = None
    retracted_at: datetime | None = None
    retracted_because: str | None = None
    stored_at: datetime | None = None
    replaces: str | None = None
    origin: Literal["shipped", "operator"] = "shipped"
    recorded_by: str | None = None


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


# --- What a measure reaches without naming a company: goods, places, uses, and owned companies.

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
    """Items that are controlled together; an item belongs if any word, symbol or code matches.

    `name` is for a reader, in the form used inside a sentence (`gallium and its compounds`).

    `words` are names of such items in any language. The words of one entry must follow one
    another in a description (`graphite` in "graphite electrodes"); case, accents and simple
    plurals do not matter. Chinese, Japanese and Korean words may occur anywhere in it, so a
    single character matches many items. `symbols` (`Dy`) match only an item with exactly that
    name.

    `hs` are prefixes of Harmonised System codes, digits only. The first six digits are the same
    everywhere; further digits differ by country and cannot rule an item out.

    `control_codes` are prefixes of entries of the control list that the measure's authority
    keeps (`3A090`), in that authority's numbering, down to the level at which everything is
    controlled. Some authorities share a numbering, others have their own.
    """

    name: str
    words: tuple[str, ...] = ()
    symbols: tuple[str, ...] = ()
    hs: tuple[str, ...] = ()
    control_codes: tuple[str, ...] = ()


class Reach(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """One set of facts under which a measure applies; all that are given must be met.

    `items` empty: any item. `items_of` names a class that cannot be listed here (`dual-use items
    of the Chinese list`): whether an item belongs to it stays an open question, unless the item
    has a control code. `origin` and `destination` are ISO 3166-1 alpha-2 codes, empty for any:
    where goods are sent from (for an `import_ban`, where they come from), and where they go.
    `origin_except` and `destination_except` are places that the measure never reaches (`EU`, for
    goods that leave it). `EU` stands for its member states; Hong Kong, Macao and Taiwan have
    their own codes and are not part of `CN`. `end_use`: `military` includes
    `military_intelligence`. `beyond` is a fact that no question can contain, as a statement (`a
    tenth of a percent of its value is Chinese`); with one, the answer is at most an open question.
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
    """The test by which a rule treats a company as listed because listed parties own it.

    `share` is in percent of ownership: `at_least` or `more_than` that. `aggregate`: the shares
    of several listed owners add up; otherwise each owner is tested alone. `control`: control
    without the share is enough. In a chain of owners, an owner that itself meets the test counts
    with all it holds. `adds_up_if` is the condition under which the shares of several listed
    owners add up, as a statement (`they stand under the same directive`); whether the condition
    is met stays an open question.
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
LICENCE_KINDS = frozenset({"general_licence", "licence"})
"""The kinds of measure that are themselves a licence and authorise what they name."""
AttachesBy = Literal["listing", "ownership", "country", "goods", "end_use", "address"]


class Printed(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """A fact that a list prints with some of its entries, and the values of it that count.

    `kind` is that of the listing's facts (`sanctions_imposed`). A printed value counts if it is
    one of `values`, or begins with one and a comma (`1` counts for `1, Part 2`); upper and lower
    case do not matter.
    """

    kind: str
    values: tuple[str, ...]


class Effect(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """What a measure does; `what` narrows the kind (`arms`, `new debt over 14 days`).

    `printed` is set where the effect is not imposed on every entry: only on those that print it.
    `parties` are the types of party that the effect can be imposed on, empty for all. Both are
    left out of an answer about one entry, which has the effects imposed on that entry alone.
    """

    kind: EffectKind
    what: str | None = None
    printed: Printed | None = None
    parties: tuple[EntityType, ...] = ()


class Attachment(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """Which listings of one list a measure reaches.

    With nothing else set: every listing of the list. `programmes`: listings that carry one of
    these codes as printed (a run of spaces counts as one). `citations`: listings whose citations
    name one of these acts (`90 FR 4617`). `entities`: listings one of whose names is one of these
    (upper and lower case do not matter). `footnotes`: listings whose licence requirement refers
    to one of these footnotes (`4`). Where several are set, meeting any one is enough.
    `listed_from` and `listed_until` narrow this to listings that took effect between these days,
    both included; a listing whose day is not printed is reached. `printed` narrows it to listings
    that print one of these values, and `parties` to these types of party; a listing that prints
    no such fact, or no type, is reached.

    `only_alone` True: the attachment is to the list as a whole and reaches only listings that
    none of the list's programmes accounts for. On such a list the programmes have the effect, and
    the list itself has none.
    """

    list_code: str
    programmes: tuple[str, ...] = ()
    citations: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()
    footnotes: tuple[str, ...] = ()
    listed_from: date | None = None
    listed_until: date | None = None
    printed: Printed | None = None
    parties: tuple[EntityType, ...] = ()
    only_alone: bool = False


class OwnershipReach(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """Whether what a listed party owns is reached too, in words, as the authority puts it.

    `by` are the ids of the ownership rules of this register (measures with an `owns` test) that
    reach it. `carries` are the effects that the rules carry to what is owned, empty for all: an
    entry on which none of them is imposed has no such condition.
    """

    applies: str
    by: tuple[str, ...] = ()
    carries: tuple[EffectKind, ...] = ()
    threshold: str | None = None
    control: str | None = None
    rule: str | None = None


class SubCode(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A letter code that a list prints with an entry, and what it stands for."""

    code: str
    means: str


class Targets(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """What the act reaches, in words for a reader; answers are worked out from `reaches`."""

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

    `also_known_as` are other ids of the same act. `attaches_by` says what makes the measure
    apply; `attaches` names the listings it reaches. A measure with `attaches_by` ownership and an
    attachment is shown with a listing as a condition, because it concerns what that party owns:
    `condition` is the question a reader must answer, and `owns` the test behind the question.
    `ownership` says whether an ordinary measure reaches what the party owns. `reaches` are the
    goods, places and uses to which a measure applies without any listing; meeting one of them is
    enough.

    `words` are what the act itself says of its effect, as it reads today; those of a single step
    are with its event.

    `eases` names the measures a licence loosens, `see` the measure whose effect governs (one that
    attaches to another list governs by the party's entry there, and this one has no effect of its
    own), `also_triggers` the measures its codes trigger, `implements` the measure it carries out,
    `conflicts_with` the measures it forbids parties to obey. `stands_alone` False marks a code
    that only qualifies another code and is no legal basis by itself. `several_bases` True: one
    code, more than one legal basis.

    `checked_until` is the newest day any of its sources was read, or until which a person has
    confirmed that the places that decide it were read; `renewals_searched` False means
    that nobody looked for renewals after the last one recorded, so that the absence of a renewal
    proves nothing. `metadata_only` True: the only source read was a public metadata file.
    `unchecked` are the parts that were not confirmed.
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
    words: Words | None = None
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
    """One sign-off of a measure: who read which record of it, and on which day.

    `digest` is that of the record that was read. `recorded_by` stored the sign-off at
    `recorded_at`; often it is the reader.
    """

    measure_id: str
    digest: str
    reviewed_by: str
    reviewed_on: date
    note: str | None
    recorded_by: str
    recorded_at: datetime


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
