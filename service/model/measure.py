"""A measure: one legal act or rule, and the events of its life."""

from datetime import date, datetime
from typing import Literal

import msgspec

EffectKind = Literal[
    "blocked",
    "prohibition",
    "licence_required",
    "import_ban",
    "travel_ban",
    "debarment",
    "due_diligence",
    "fee",
    "easing",
    "own_policy",
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
LapseEffect = Literal[
    "restriction_returns", "restriction_ends", "authorisation_ends", "restriction_begins"
]


class Effect(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a measure does; `what` narrows the kind (`arms`, `new debt over 14 days`)."""

    kind: EffectKind
    what: str | None = None


class Source(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where a fact was read. `published` is as exact as known: `2025`, `2025-11`, `2025-11-12`."""

    url: str
    published: str | None = None


class Slice(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The part of a measure an event touches: a paragraph or named parties, places or goods."""

    part: str | None = None
    entities: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    note: str | None = None


class Event(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that happened to a measure.

    Days are whole days local to the authority. `effective_on` is the first day of the effect,
    `until` its stated end, read by `until_bound` (`unknown` counts as exclusive: the stricter
    reading, restricted on that day). `slice` None means the whole measure.
    `issued_by_authority` False means that somebody else than the measure's own authority said it.
    `recorded_at` is when this register learned of it, `retracted_at` when it took it back.
    """

    id: str
    kind: EventKind
    announced_on: date | None = None
    published_on: date | None = None
    effective_on: date | None = None
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


class Attachment(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Which listings of one list a measure reaches.

    With nothing else set: every listing of the list. `programmes`: listings that carry one of
    these codes exactly as printed. `citations`: listings whose citations name one of these acts.
    `entities`: listings with one of these names.
    """

    list_code: str
    programmes: tuple[str, ...] = ()
    citations: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()


class Targets(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the act reaches, in words for a reader; nothing is matched on these."""

    entities: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    ownership: str | None = None
    end_use: str | None = None
    note: str | None = None


class Measure(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One legal measure and its events.

    `attaches_by` says what brings it into play; `attaches` names the listings it reaches. A
    measure with `attaches_by` ownership and an attachment is shown with a listing as a condition:
    it concerns what that party owns. `eases` names the measures a licence loosens.
    `checked_until` is the newest day any of its sources was read.
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
    url: str | None = None
    plain: str | None = None
    attaches: tuple[Attachment, ...] = ()
    targets: Targets | None = None
    condition: str | None = None
    residual_obligation: str | None = None
    eases: tuple[str, ...] = ()
    predecessor: str | None = None
    successor: str | None = None
    sources: tuple[Source, ...] = ()
    unchecked: tuple[str, ...] = ()
    checked_until: date | None = None
    note: str | None = None
