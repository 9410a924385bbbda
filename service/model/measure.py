"""A measure: one legal act or rule, and the events of its life."""

from datetime import date, datetime
from typing import Literal

import msgspec

from service.model.reach import OwnershipTest, Reach

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


class Effect(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """What a measure does; `what` narrows the kind (`arms`, `new debt over 14 days`)."""

    kind: EffectKind
    what: str | None = None


class Source(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """Where a fact was read. `published` is as exact as known: `2025`, `2025-11`, `2025-11-12`."""

    url: str
    published: str | None = None


class Slice(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """The part of a measure an event touches: a paragraph, or some of the listings it reaches.

    `entities` are names of listed parties, `programmes`, `citations` and `footnotes` what their
    listings print, `listed_from` and `listed_until` bound the day they took effect (both days
    included). A listing belongs to the part if its name, a programme, a citation or a footnote
    meets, where any are given, and its day lies within. Two events touch the same part when all
    of these but the note are equal.
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
    `effective_time` the hour on it, for readers only. `until` is the stated end, read by
    `until_bound`: `unknown` is read the stricter way, restricted on that day, so relief stops the
    day before and a restriction's own term still counts it. `until_state` says why there is no
    `until`: `none_stated` is an open end, `not_recorded` and `conditional` are ends nobody can
    read, and no relief rests on them. `lapse_effect` is the direction of the lapse.

    `day_state` says why no day is given at all: `not_recorded`, or `per_entry` where every entry
    of the list has its own. `exactness` other than `day` means that only the month or the year is
    known, or the day is an estimate; the days written are then the stricter ones (the first day
    of the month for a restriction, the last for relief).

    `slice` None means the whole measure. `issued_by_authority` False means that somebody else
    than the measure's own authority said it.

    `recorded_at` is when this register learned of it, None for what it held before it kept times.
    `retracted_at` is when it was taken back as a mistake: it counts for questions about what was
    known before that day and for no later one. `replaces` names the retracted event whose place
    it takes: it counts from the day it was recorded on, so that an earlier knowledge still gives
    the answer that was given then. `stored_at` is when this installation's database got the event
    or its retraction, None for what came with its first register. `origin` tells what comes with
    the program from what the operator of this installation added; `recorded_by` is who did.
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
    confidence: Confidence = "general_knowledge"
    note: str | None = None
    recorded_at: datetime | None = None
    retracted_at: datetime | None = None
    stored_at: datetime | None = None
    replaces: str | None = None
    origin: Literal["shipped", "operator"] = "shipped"
    recorded_by: str | None = None


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


class Ownership(
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
    ownership: Ownership | None = None
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
