"""Answers in brief: each listing and measure told once, and nothing that is null or empty.

A brief answer has the same outcome, hits, parties, order and warnings as the full one. What it
leaves out is how a score came about, what an entry prints besides its name, and the acts behind a
measure: those are at `GET /v1/listings/{id}` and `GET /v1/measures/{id}`, on the same days. The
ownership rules, which reach what a party owns, are told apart from the measures that reach it
itself. What they mean for a counterparty whose owners are given is in its `rules`.
"""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, Self
from uuid import UUID

import msgspec

from abeyance_screening.engine.lists.edition import EditionDay, ListState
from abeyance_screening.engine.lists.listing import CodeOfList, EntityType, IdOfListing
from abeyance_screening.engine.measures.measure_fields import IdOfMeasure, NextChangeOn
from abeyance_screening.engine.measures.status_table import StatusWord
from abeyance_screening.engine.screening.answer import (
    Coverage,
    InputWarning,
    ListCoverage,
    Outcome,
    TextPlace,
)
from abeyance_screening.engine.screening.answer_fields import (
    HitLimit,
    HitTotal,
    NameScore,
    PolicyOfEntry,
    Scorer,
    Threshold,
    UnknownProgrammes,
)
from abeyance_screening.engine.screening.family_answer import (
    ChangeAhead,
    FamilyAnswer,
    ListsOfFamily,
    StrictestEffect,
)
from abeyance_screening.engine.screening.ownership_findings import Verdict
from abeyance_screening.primitives.days import KnownDay, LegalDay
from abeyance_screening.primitives.structs import copy_as

View = Literal["full", "brief"]


class CoveredList(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One list as it was searched, without anything that depends on the day asked about."""

    code: CodeOfList
    title: str
    """Title of the list."""
    source: str
    """Code of the publication that the edition was read from."""
    edition: int | None = None
    """Our number of the edition; left out without one."""
    sha256: str | None = None
    """SHA-256 of the edition's file or files; left out without an edition."""
    published_on: EditionDay = None
    confirmed_on: date | None = None
    """Last UTC day on which the publisher was seen to offer that file; left out if never."""
    loaded_at: datetime | None = None
    """When this service loaded the edition, in UTC."""
    entry_count: int | None = None
    """Entries of the edition."""
    transcribed: bool = False
    """True if a person transcribed the edition."""

    @classmethod
    def of(cls, covered: ListCoverage) -> Self:
        """Return the lasting part of a list's coverage."""
        return msgspec.convert(covered, cls, from_attributes=True)


class CoverageRecord(msgspec.Struct, frozen=True, kw_only=True):
    """The editions that an answer rests on, with the days on which they were read."""

    id: str
    """A digest of the rest, so that the same editions have the same id for ever."""
    lists: tuple[CoveredList, ...]
    """Every list that was searched."""

    @classmethod
    def of(cls, coverage: Coverage) -> Self:
        """Return the record of a coverage."""
        lists = tuple(map(CoveredList.of, coverage.lists))
        return cls(id=hashlib.sha256(msgspec.json.encode(lists)).hexdigest()[:32], lists=lists)


class BriefCoverage(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Whether the answer is complete, and if not, why."""

    complete: bool
    """True only if every required list was there and fresh, and nothing else speaks against it."""
    profile: str | None = None
    """The policy that `complete` is about: profiles such as `us` or `us,eu`, `default`, `by_hand`
    or `question`; left out of older stored screenings."""
    id: str | None = None
    """Of the editions searched: `GET /v1/coverage/{id}` has them."""
    reasons: tuple[str, ...] = ()
    """Other causes of an incomplete answer than the state of a list."""
    not_fresh: Mapping[ListState, tuple[str, ...]] = {}
    """By state, the codes of the required lists that are in any other state than `fresh`:
    `kept` (a newer file was refused), `too_old`, `undated`, `edition_later` (than the day),
    `in_part` or `missing`."""
    lists: tuple[CoveredList, ...] = ()
    """The editions searched, where they could not be stored under an `id`."""

    @classmethod
    def of(cls, coverage: Coverage, record: CoverageRecord, *, is_kept: bool) -> Self:
        """Return a coverage in brief; `is_kept` says whether its record can be fetched."""
        return cls(
            id=record.id if is_kept else None,
            complete=coverage.complete,
            profile=coverage.profile,
            reasons=coverage.reasons,
            not_fresh=_not_fresh(coverage.lists),
            lists=() if is_kept else record.lists,
        )


def _not_fresh(lists: Iterable[ListCoverage]) -> Mapping[ListState, tuple[str, ...]]:
    found: dict[ListState, tuple[str, ...]] = {}
    for each in lists:
        if each.role == "required" and each.state != "fresh":
            found[each.state] = (*found.get(each.state, ()), each.code)
    return found


class BriefMeasure(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A measure with its status on the day asked about."""

    status: StatusWord
    effects: tuple[str, ...]
    """The kinds of effect that it has on any of the entries told here."""
    is_conditional: bool = False
    """True if it reaches a party only where its condition is met, as an ownership rule does;
    `GET /v1/measures/{id}` has the condition in words."""
    until: date | None = None
    """The end that its acts state; left out if they state none."""
    next_change_on: NextChangeOn = None
    next_change_to: StatusWord | None = None
    """The status after the next change; left out without one."""


class BriefListing(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An entry of a list."""

    list_code: CodeOfList
    name: str
    """The primary name, as printed."""
    entity_type: EntityType | None = None
    """What kind of party it is; left out where the list does not say."""
    countries: tuple[str, ...] = ()
    """ISO 3166-1 alpha-2 codes that the entry prints."""


class BriefHit(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A listing that the counterparty may be, and its measures, by their ids."""

    listing: IdOfListing
    score: NameScore
    matched: str | None = None
    """The name of the listing that met the question, if it is not the primary one."""
    identifiers: tuple[str, ...] = ()
    """Numbers of the listing that met one of the question's, as printed."""
    identifiers_differ: tuple[str, ...] = ()
    """Kinds of number, held once for life, that speak against the hit."""
    places: tuple[TextPlace, ...] = ()
    """Where a text has the name."""
    measures: tuple[IdOfMeasure, ...] = ()
    """Ids of the measures that reach the party through this listing; see `measures` above."""
    licence_policy: PolicyOfEntry = None
    rules: tuple[IdOfMeasure, ...] = ()
    """Ids of the measures that reach only where their condition is met, such as the rules on what
    the party owns."""
    unknown_programmes: UnknownProgrammes = ()
    left_on: date | None = None
    """The day by which a party that has left its list had left it."""
    not_known: bool = False
    """True if the party may have been listed only after the day asked about."""


class BriefParty(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A party that the question may mean."""

    id: str
    """Id of the party, for `GET /v1/parties/{id}`: that of its lowest listing."""
    hits: tuple[int, ...]
    """Its listings among `hits`, by their positions from 0."""
    other_listings: tuple[IdOfListing, ...] = ()
    """Ids of its listings that are no hits."""
    other_measures: tuple[IdOfMeasure, ...] = ()
    """Ids of measures that reach it through those alone: the law of authorities that print other
    names."""
    other_rules: tuple[IdOfMeasure, ...] = ()
    """Ids of the measures with a condition that those alone bring."""
    perhaps: tuple[str, ...] = ()
    """Ids of parties that may be the same, which the evidence does not settle."""


OutcomeInBrief = Outcome
"""As in the full answer: `hits`, `owner_hits`, `no_hits`, or `incomplete`: cannot say."""
HitsInBrief = tuple[BriefHit, ...]
"""The best `limit` listings by name, and all that an identifier met, the best first."""
DelistedInBrief = tuple[BriefHit, ...]
"""Listings that had left their list by the day asked about; they affect no outcome."""
LeftInBrief = tuple[BriefHit, ...]
"""Deprecated since 2026-12-01, and may be gone from 2027-12-01: `delisted` has the same."""
PartiesInBrief = tuple[BriefParty, ...]
"""The hits by who they are, likeliest first."""
WarningsInBrief = tuple[InputWarning, ...]
"""What in the question is likely a slip, or was not compared."""
ListingsTold = dict[IdOfListing, BriefListing]
"""Every listing that is spoken of here, by its id."""
MeasuresTold = dict[IdOfMeasure, BriefMeasure]
"""Every measure that is spoken of here, by its id."""


class BriefAnswer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is listed under the asked name as a whole, as in the full answer."""

    sentence: str
    """What is listed and what the law does, the strictest first, and what is left open."""
    lists: ListsOfFamily = ()
    strictest: StrictestEffect | None = None
    """The gravest effect of a measure that these listings bring by themselves."""
    depends_on: tuple[str, ...] = ()
    """What must be found out before all of it counts, in clauses."""
    next_change: ChangeAhead | None = None
    """The next change of this law that acts on record state."""

    @classmethod
    def of(cls, answer: FamilyAnswer | None) -> "BriefAnswer | None":
        """Return an answer in brief; None without one."""
        if answer is None:
            return None
        return copy_as(cls, answer, depends_on=tuple(each.what for each in answer.depends_on))


AnswerInBrief = BriefAnswer | None
"""What is listed under the asked name as a whole, and what the law on it is; without hits, what
was compared, or why nothing can be said. Left out of an answer about an owner or a text."""


class BriefFindings(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was found for one party."""

    outcome: OutcomeInBrief
    answer: AnswerInBrief = None
    total: HitTotal = 0
    hits: HitsInBrief = ()
    delisted: DelistedInBrief = ()
    left: LeftInBrief = ()
    parties: PartiesInBrief = ()
    warnings: WarningsInBrief = ()


class BriefRule(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Whether one ownership rule treats the counterparty as listed."""

    rule: IdOfMeasure
    status: StatusWord
    verdict: Verdict
    sum: Decimal
    """Percent of the counterparty held by owners that count by shares alone."""
    because: tuple[IdOfMeasure, ...] = ()
    """Ids of the measures for which the rule treats the owners' listings as listed."""


class BriefOwner(BriefFindings, frozen=True, kw_only=True, omit_defaults=True):
    """What was found for one owner."""

    name: str
    """The owner's name, as in the question."""
    id: str | None = None
    """The owner's id, as in the question; left out without one."""


class BriefResult(BriefFindings, frozen=True, kw_only=True, omit_defaults=True):
    """One counterparty's answer."""

    name: str
    """The counterparty's name, as in the question."""
    id: str | None = None
    """The counterparty's id, as in the question; left out without one."""
    owners: tuple[BriefOwner, ...] = ()
    """Each owner once, if the question names any."""
    rules: tuple[BriefRule, ...] = ()
    """One for each ownership rule that applies to a listing of an owner."""
    listings: ListingsTold = {}
    measures: MeasuresTold = {}


class BriefHead(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What holds for a whole answer."""

    as_of: LegalDay
    known_at: KnownDay
    scorer: Scorer
    threshold: Threshold
    limit: HitLimit
    coverage: BriefCoverage


class BriefSearch(
    BriefHead, frozen=True, kw_only=True, omit_defaults=True, tag_field="view", tag="brief"
):
    """The answer about one name, or about a text, which has no `name`."""

    name: str | None = None
    """The name that was looked up; left out for a text."""
    outcome: OutcomeInBrief
    answer: AnswerInBrief = None
    total: HitTotal = 0
    hits: HitsInBrief = ()
    delisted: DelistedInBrief = ()
    left: LeftInBrief = ()
    parties: PartiesInBrief = ()
    warnings: WarningsInBrief = ()
    listings: ListingsTold = {}
    measures: MeasuresTold = {}


class BriefScreening(
    BriefHead, frozen=True, kw_only=True, omit_defaults=True, tag_field="view", tag="brief"
):
    """A whole screening."""

    id: UUID | None = None
    """Id under which `GET /v1/screenings/{id}` gives it again; left out if it is not kept."""
    asked_at: datetime
    """When it was asked, in UTC."""
    results: tuple[BriefResult, ...]
    """One for each counterparty, in the order asked."""
    restrictions: tuple[IdOfMeasure, ...] = ()
    """Ids of measures that name no company and reach the transaction, if one is described."""
    open_restrictions: tuple[IdOfMeasure, ...] = ()
    """Ids of such measures that may reach it, depending on facts that were not given."""
    ended_restrictions: tuple[IdOfMeasure, ...] = ()
    """Ids of such measures that would reach it and have ended."""
    easings: tuple[IdOfMeasure, ...] = ()
    """Ids of measures that loosen one of these, or may."""
    looked_through: tuple[IdOfMeasure, ...] = ()
    """Ids of measures whose annexes were looked through, and do not list a code of it."""
    not_covered: tuple[str, ...] = ()
    """Ids of rules that are known between the two places, and are not in the register."""
    listings: ListingsTold = {}
    measures: MeasuresTold = {}


class BriefEnd(BriefHead, frozen=True, kw_only=True, omit_defaults=True):
    """The last line of a stream that was answered whole."""

    asked_at: datetime
    """When the stream began, in UTC."""
    count: int
    """How many lines come before this one."""
    refused: int
    """How many of them were not screened."""
