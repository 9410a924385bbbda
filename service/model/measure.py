"""A measure: one legal act or rule, and the events of its life."""

from datetime import date
from typing import Literal

import msgspec

from service.model.event import Confidence, Event, Source
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
