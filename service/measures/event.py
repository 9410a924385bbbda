"""Events: the things that happen to a measure, each with the act that states it."""

import re
from datetime import date, datetime
from typing import Literal

import msgspec

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
    `verified_primary`, read at the source. They and the confidence say how the register knows of
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
