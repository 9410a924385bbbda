"""Evidence: a row for each hit and measure, and one for each party that a person looks at."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Literal, Self
from uuid import UUID

import msgspec
from msgspec.structs import force_setattr

from abeyance_screening.engine.measures.severity import Grade, grade_rank, gravest_of, severity
from abeyance_screening.engine.measures.status import MeasureOnDay
from abeyance_screening.engine.measures.status_table import StatusWord, bearing_rank
from abeyance_screening.engine.screening.answer import (
    CounterpartyResult,
    Coverage,
    FoundParty,
    Hit,
    ListCoverage,
    PartyHit,
    PartyResult,
    ScreeningHead,
    TextAnswer,
)
from abeyance_screening.engine.screening.answer_sentence import gravest_clause
from abeyance_screening.engine.screening.ownership_findings import Holding, OwnershipFinding
from abeyance_screening.engine.screening.parties.table import NO_PARTIES, found_party
from abeyance_screening.engine.screening.question_record import QuestionRecord
from abeyance_screening.engine.tables.counterparties import ReadRow, UnreadableRow
from abeyance_screening.engine.wording import (
    HitText,
    MeasureText,
    badge_ahead,
    doubts,
    effect_in_words,
    hit_text,
    list_title,
    measure_text,
)
from abeyance_screening.engine.wording.notes import readings_in_words
from abeyance_screening.engine.wording.parties import line_facts
from abeyance_screening.primitives.structs import copy_as

# --- Rows for each hit and measure, with everything that an auditor may ask for.

type EvidenceKind = Literal["hit", "owner", "ownership_rule", "history", "none", "unreadable"]


class EvidenceRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row of results; its fields are the columns, in this order.

    `kind` is `hit`, `owner` for a hit on an owner, `ownership_rule` for the result of a rule on
    all owners, `history` for a party that was removed from its list, `none` for a counterparty
    without any hit, and `unreadable` for a row of the table that could not be screened. `row` is
    the number of the row in the table. `outcome` and `coverage` are those of the counterparty. A
    hit with several measures has a row for each; a hit without any has one row. `as_of` is the
    day of the answer, `status_as_of` the day of the status by its authority's own time, and
    `own_day` a sentence about the latter where the two differ. `citations` and `links` are those
    of the measure, of the events that its status rests on, and of the entry. `name_column` is the
    column of the counterparty's name where a row of the table names several parties. `question` is
    the counterparty as it was asked about, whole, as JSON; it stands in its first row alone.
    """

    row: int | None
    counterparty_id: str | None
    counterparty: str
    kind: EvidenceKind
    outcome: str
    coverage: str | None = None
    asked: str | None = None
    as_of: date | None = None
    known_at: date | None = None
    owner: str | None = None
    list: str | None = None
    list_title: str | None = None
    edition: int | None = None
    edition_day: date | None = None
    listing_id: str | None = None
    listed_name: str | None = None
    listed_countries: str | None = None
    matched_name: str | None = None
    matched_kind: str | None = None
    score: float | None = None
    why: str | None = None
    measure_id: str | None = None
    measure: str | None = None
    authority: str | None = None
    effect: str | None = None
    condition: str | None = None
    status: StatusWord | None = None
    status_as_of: date | None = None
    own_day: str | None = None
    badge: str | None = None
    sentence: str | None = None
    since: date | None = None
    until: date | None = None
    next_change_on: date | None = None
    next_change_to: str | None = None
    confirmed: bool | None = None
    residual_obligation: str | None = None
    licence: str | None = None
    notes: str | None = None
    citations: str | None = None
    links: str | None = None
    warnings: str | None = None
    reason: str | None = None
    screening_id: UUID | None = None
    asked_at: datetime | None = None
    scorer: str | None = None
    threshold: float | None = None
    name_column: str | None = None
    question: str | None = None


COLUMNS: tuple[str, ...] = EvidenceRow.__struct_fields__


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """The numbers of rows by outcome; a hit only on an owner counts in `owner_hits`."""

    rows: int = 0
    hits: int = 0
    owner_hits: int = 0
    no_hits: int = 0
    incomplete: int = 0
    unreadable: int = 0

    def with_result(self, result: CounterpartyResult) -> Self:
        """Return the counts with one more counterparty."""
        return self.with_counts(Counts(rows=1, **{result.outcome: 1}))

    def with_counts(self, more: "Counts") -> Self:
        """Return the counts with those of further rows."""
        before: dict[str, int] = msgspec.structs.asdict(self)
        added: dict[str, int] = msgspec.structs.asdict(more)
        sums = {name: number + added[name] for name, number in before.items()}
        return msgspec.structs.replace(self, **sums)

    def with_unreadable(self) -> Self:
        """Return the counts with one more row that could not be read."""
        return self.with_counts(Counts(rows=1, unreadable=1))


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """The screening of a whole table; `read_as` are lines on how file and columns were read."""

    table: str
    read_as: tuple[str, ...]
    as_of: date
    known_at: date
    first_asked_at: datetime | None
    scorer: str
    threshold: float
    limit: int
    counts: Counts
    coverage: Coverage | None
    question: QuestionRecord | None = None


def evidence_of(
    read: ReadRow, result: CounterpartyResult, answer: ScreeningHead
) -> Iterator[EvidenceRow]:
    """Yield the rows for one counterparty, at least one: its hits, its past, then its owners'."""
    blank = _first(read, result, answer)
    of_owners = _of_owners(blank, result, answer)
    first, *others = (*_of_party(blank, result, answer), *of_owners) or (blank,)
    asked = read.counterparty if result.asked is None else result.asked
    yield msgspec.structs.replace(first, question=msgspec.json.encode(asked).decode())
    yield from others


def unreadable(row: UnreadableRow) -> EvidenceRow:
    """Return the row of results for a row of the table that could not be screened."""
    return EvidenceRow(
        row=row.number,
        counterparty_id=row.id,
        counterparty=row.name or "",
        kind="unreadable",
        outcome="unreadable",
        reason=row.reason,
        name_column=row.column,
    )


def summary_of(
    table: str, read_as: tuple[str, ...], first: ScreeningHead, counts: Counts
) -> Summary:
    """Return the summary of a table that was screened in parts; `first` is one part's answer."""
    return copy_as(
        Summary, first, table=table, read_as=read_as, first_asked_at=first.asked_at, counts=counts
    )


def _first(read: ReadRow, result: CounterpartyResult, answer: ScreeningHead) -> EvidenceRow:
    """Return the row without a hit, with the fields that all rows of a counterparty share."""
    complete = answer.coverage.complete
    return EvidenceRow(
        row=read.number,
        counterparty_id=read.counterparty.id,
        counterparty=read.counterparty.name,
        kind="none",
        outcome=result.outcome,
        coverage="complete" if complete else f"incomplete: {doubts(answer.coverage)}",
        asked=read.counterparty.in_words,
        as_of=answer.as_of,
        known_at=answer.known_at,
        warnings=_joined(
            f"{each.field}: {each.reason}" for each in (*read.warnings, *result.warnings)
        ),
        screening_id=answer.id,
        asked_at=answer.asked_at,
        scorer=answer.scorer,
        threshold=answer.threshold,
        name_column=read.column,
    )


def _joined(texts: Iterable[str | None], between: str = "; ") -> str | None:
    return between.join(dict.fromkeys(text for text in texts if text)) or None


def _of_owners(
    first: EvidenceRow, result: CounterpartyResult, answer: ScreeningHead
) -> Iterator[EvidenceRow]:
    if result.ownership is None:
        return
    for owner in result.ownership.owners:
        held = ", ".join(map(_held_in_words, owner.holdings))
        shown = f"{owner.name} ({held})" if held else owner.name
        for row in _of_party(first, owner, answer):
            kind = "owner" if row.kind == "hit" else row.kind
            yield msgspec.structs.replace(row, kind=kind, owner=shown)
    for finding in result.ownership.findings:
        row = _with_measure(first, measure_text(finding.rule, answer.as_of))
        yield msgspec.structs.replace(row, kind="ownership_rule", why=_count_in_words(finding))


def _held_in_words(holding: Holding) -> str:
    share = "an unstated part" if holding.share is None else f"{holding.share} %"
    return f"{share} of {holding.owned.name}"


def _of_party(
    first: EvidenceRow, result: PartyResult, answer: ScreeningHead
) -> Iterator[EvidenceRow]:
    covered = {each.code: each for each in answer.coverage.lists}
    for kind, hits in (("hit", result.hits), ("history", result.delisted)):
        for hit in hits:
            text = hit_text(hit, answer.as_of)
            of_hit = msgspec.structs.replace(_of_hit(first, hit, text, covered), kind=kind)
            yield from (_with_measure(of_hit, each, alone=True) for each in text.measures)
            if not text.measures:
                yield of_hit


def _of_hit(
    first: EvidenceRow, hit: Hit, text: HitText, covered: dict[str, ListCoverage]
) -> EvidenceRow:
    listed = covered.get(hit.listing.list_code)
    gone = None if text.gone is None else text.history
    shown = listed is not None and hit.standing.edition == listed.edition
    return msgspec.structs.replace(
        first,
        list=hit.listing.list_code,
        list_title=text.list_title,
        edition=hit.standing.edition,
        edition_day=listed.published_on if shown and listed is not None else None,
        listing_id=hit.listing.id,
        listed_name=hit.listing.primary_name,
        listed_countries=", ".join(hit.listing.countries) or None,
        matched_name=hit.matched.text,
        matched_kind=hit.matched.kind,
        score=hit.score,
        why=_joined((text.matched, *text.agreements, text.unlisted)),
        licence=" ".join(text.licence) or None,
        notes=_joined((gone, text.no_measure, *text.changed), " "),
        citations=_joined(each.text for each in text.acts),
        links=_joined(
            (
                *(each.url for each in text.acts),
                hit.listing.source_url,
                hit.listing.information_url,
            )
        ),
    )


def _with_measure(row: EvidenceRow, text: MeasureText, *, alone: bool = False) -> EvidenceRow:
    """Return the row with a measure; `alone` adds what stands once for all measures of a hit."""
    measure = text.measure
    read = readings_in_words((measure,)) if alone else None
    becomes = measure.next_change_to
    return msgspec.structs.replace(
        row,
        measure_id=measure.id,
        measure=text.titles,
        authority=measure.authority,
        effect=effect_in_words(measure),
        condition=text.question,
        status=measure.status,
        status_as_of=measure.as_of,
        own_day=None if text.own_day is None else text.own_day.line,
        badge=text.badge,
        sentence=text.sentence,
        since=measure.since,
        until=measure.until,
        next_change_on=measure.next_change_on,
        next_change_to=None if becomes is None else badge_ahead(becomes),
        confirmed=measure.confirmed,
        residual_obligation=measure.residual_obligation,
        licence=_joined((row.licence, *text.licence), " "),
        notes=_joined((row.notes, *(each.line for each in text.notes), read), " "),
        citations=_joined((*(each.text for each in text.acts), row.citations)),
        links=_joined((*(each.url for each in text.acts), row.links)),
    )


def _count_in_words(finding: OwnershipFinding) -> str:
    """Return a finding: `met: 50 % held by owners that may be listed (A); at least 50 % …`."""
    owners = ", ".join(each.owner.name for each in finding.listed)
    needed = f"{finding.bound.replace('_', ' ')} {finding.needed} %"
    words = finding.verdict.replace("_", " ")
    return (
        f"{words}: {finding.sum} % held by owners that may be listed ({owners}); {needed} needed"
    )


# --- What a person has to look at: one row for each counterparty and party that it may be.
#
# A party is one company over several lists, so that ten listings of it are one row. A counterparty
# that meets nothing has one row, too, which says how much that is worth.

type RowKind = Literal["hit", "owner", "unreadable", "doubt", "none"]

NO_STATUS = "Status not on record — treat as restricted"
# The kinds of row from those that most need a look to those that need none.
_KINDS: tuple[RowKind, ...] = ("hit", "owner", "unreadable", "doubt", "none")


class PartyRowMeasure(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A measure that reaches a party, by which of its lists, with its status on the day in words.

    `condition` is a question: the measure reaches the party only if the answer is yes. `grade` is
    what its gravest effect amounts to.
    """

    id: str
    title: str
    authority: str
    status: StatusWord
    badge: str
    effect: str
    sentence: str
    lists: tuple[str, ...]
    own_day: str | None = None
    condition: str | None = None
    until: date | None = None
    next_change_on: date | None = None
    next_change_to: str | None = None
    grade: Grade = "not_on_record"


class PartyRow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One counterparty and one party that it, or an owner of it, may be.

    `kind` is `hit`, `owner` for a party that only an owner may be, `unreadable` for a row that
    could not be screened, `doubt` for a counterparty that cannot be answered because of what its
    row says, and `none` for one without any hit. `place` is a sort key: the worst comes first, and
    the parties of a counterparty stay together. `why` says how the name met, or why there is no
    answer; `number_met` is whether a number of the question met, on which the score says nothing.
    `facts` are those of the party, each under the name of its column. `listings` are those that
    the question met, `through` those that only their party brings.
    `measures` come by their severity. `unshown` counts the listings that were found and are beyond
    the limit. `part` counts the counterparties of one row from 0. All listings of the asked name's
    family are one row, which has the `sentence` of the answer and its first clause in `gravest`.
    """

    place: str
    row: int
    counterparty_id: str | None
    counterparty: str
    kind: RowKind
    outcome: str
    as_of: date | None = None
    owner: str | None = None
    party_id: str | None = None
    party: str | None = None
    facts: Mapping[str, str] = {}
    why: str | None = None
    score: float | None = None
    number_met: bool = False
    lists: tuple[str, ...] = ()
    listings: tuple[str, ...] = ()
    through: tuple[str, ...] = ()
    measures: tuple[PartyRowMeasure, ...] = ()
    unshown: int = 0
    part: int = 0
    sentence: str | None = None
    gravest: str | None = None
    countries: tuple[str, ...] = ()
    """The only fact of a row that an older version kept; it is read into `facts`."""

    def __post_init__(self) -> None:
        """Take over the fact of an older row."""
        if self.countries and not self.facts:
            force_setattr(self, "facts", {"country": ", ".join(self.countries)})

    @property
    def needs_review(self) -> bool:
        """Whether a person has to look at it."""
        return self.kind != "none"

    @property
    def worst(self) -> PartyRowMeasure | None:
        """The first of the measures; None where none reaches the party."""
        return self.measures[0] if self.measures else None

    @property
    def badge(self) -> str | None:
        """The badge of the first measure; a party without a measure counts as restricted."""
        if self.worst is not None:
            return self.worst.badge
        return NO_STATUS if self.party_id is not None else None


def party_rows(
    read: ReadRow, result: CounterpartyResult, answer: ScreeningHead | TextAnswer
) -> tuple[PartyRow, ...]:
    """Return the rows of one counterparty, at least one, the worst first."""
    first = PartyRow(
        place="",
        row=read.number,
        counterparty_id=read.counterparty.id,
        counterparty=read.counterparty.name,
        kind="none",
        outcome=result.outcome,
        as_of=answer.as_of,
        part=read.part,
    )
    rows = [*_found(first, result, answer.as_of), *_through_owners(first, result, answer.as_of)]
    return _placed(rows or [_nothing(first, result)])


def unanswered(row: UnreadableRow) -> PartyRow:
    """Return the row for a row of the table that could not be screened."""
    (placed,) = _placed(
        [
            PartyRow(
                place="",
                row=row.number,
                counterparty_id=row.id,
                counterparty=row.name or "",
                kind="unreadable",
                outcome="unreadable",
                why=row.reason,
                part=row.part,
            )
        ]
    )
    return placed


def worst_first(rows: Iterable[PartyRow]) -> list[PartyRow]:
    """Return the rows in order: the worst first, those of one counterparty together."""
    return sorted(rows, key=lambda each: each.place)


def _nothing(first: PartyRow, result: CounterpartyResult) -> PartyRow:
    doubts = "; ".join(each.reason for each in result.warnings if each.may_hide)
    kind: RowKind = "doubt" if doubts else "none"
    return msgspec.structs.replace(first, kind=kind, why=doubts or None)


def _found(first: PartyRow, result: PartyResult, as_of: date) -> Iterator[PartyRow]:
    unshown = max(0, result.total - len(result.hits))
    told = result.answer
    for place, (parties, hits) in enumerate(_parties(result)):
        row = _party_row(first, parties, hits, as_of)
        is_whole = told is not None and parties[0].id in told.parties
        yield msgspec.structs.replace(
            row,
            unshown=0 if place else unshown,
            sentence=told.sentence if told is not None and is_whole else None,
            gravest=gravest_clause(told) if told is not None and is_whole else None,
        )


def _through_owners(
    first: PartyRow, result: CounterpartyResult, as_of: date
) -> Iterator[PartyRow]:
    for owner in () if result.ownership is None else result.ownership.owners:
        for row in _found(first, owner, as_of):
            yield msgspec.structs.replace(row, kind="owner", owner=owner.name)


def _parties(result: PartyResult) -> Iterator[tuple[tuple[FoundParty, ...], list[Hit]]]:
    """Yield each party with its hits, best first; those of the asked name's family are one."""
    known = {member.listing_id: each for each in result.parties for member in each.members}
    family = () if result.answer is None else result.answer.parties
    grouped: dict[str, tuple[dict[str, FoundParty], list[Hit]]] = {}
    for hit in result.hits:
        its_own = hit.listing.id
        party = known.get(its_own) or found_party(NO_PARTIES, its_own, (hit,), (), {its_own})
        parties, hits = grouped.setdefault("" if party.id in family else party.id, ({}, []))
        parties[party.id] = party
        hits.append(hit)
    for parties, hits in grouped.values():
        yield tuple(parties.values()), hits


def _party_row(
    first: PartyRow, parties: Sequence[FoundParty], hits: Sequence[Hit], as_of: date
) -> PartyRow:
    best = max(hits, key=lambda each: each.score)
    text = hit_text(best, as_of)
    through = tuple(each for party in parties for each in party.through)
    shown = (*hits, *through)
    return msgspec.structs.replace(
        first,
        kind="hit",
        party_id=parties[0].id,
        party=best.listing.primary_name,
        facts=line_facts(parties[0]),
        why="; ".join(filter(None, (text.matched, *text.agreements, text.unlisted))),
        score=best.score,
        number_met=any(each.corroboration.identifiers for each in hits),
        lists=tuple(dict.fromkeys(list_title(each.listing.list_code) for each in shown)),
        listings=tuple(each.listing.id for each in hits),
        through=tuple(each.listing.id for each in through),
        measures=_measures(shown, as_of),
    )


def _measures(shown: Iterable[Hit | PartyHit], as_of: date) -> tuple[PartyRowMeasure, ...]:
    """Return the measures of all listings, each status once with the lists it comes from."""
    found: dict[tuple[str, StatusWord], tuple[MeasureOnDay, list[str]]] = {}
    for each in shown:
        for measure in each.measures:
            _, lists = found.setdefault((measure.id, measure.status), (measure, []))
            lists.append(each.listing.list_code)
    ordered = sorted(found.values(), key=lambda each: severity(each[0], each[1][0]))
    return tuple(
        _measure(measure_text(measure, as_of), dict.fromkeys(map(list_title, lists)))
        for measure, lists in ordered
    )


def _measure(text: MeasureText, lists: Iterable[str]) -> PartyRowMeasure:
    measure = text.measure
    becomes = measure.next_change_to
    return copy_as(
        PartyRowMeasure,
        measure,
        title=text.title,
        badge=text.badge,
        effect=effect_in_words(measure),
        sentence=text.sentence,
        lists=tuple(lists),
        own_day=None if text.own_day is None else text.own_day.line,
        condition=text.question,
        next_change_to=None if becomes is None else badge_ahead(becomes),
        grade=gravest_of(measure),
    )


def _placed(rows: Iterable[PartyRow]) -> tuple[PartyRow, ...]:
    """Return the rows of one counterparty in order, each with its place among all rows."""
    every = tuple(rows)
    worst = min(map(_urgency, every))
    ordered = sorted(every, key=lambda each: (each.sentence is None, _urgency(each)))
    return tuple(
        msgspec.structs.replace(each, place=f"{worst}-{_counted(each)}-{number:05d}")
        for number, each in enumerate(ordered)
    )


def _counted(row: PartyRow) -> str:
    """Return a sort key of a counterparty within a table."""
    return f"{row.row:09d}.{row.part:03d}" if row.part else f"{row.row:09d}"


def _urgency(row: PartyRow) -> str:
    """Return a sort key: the kind of row, its most severe measure, then how well the name met."""
    worst = row.worst
    force = 0 if worst is None else bearing_rank(worst.status)
    unsure = worst is not None and worst.condition is not None
    # of two without a hit, the one that the lists were too old for comes first
    answered = row.outcome == "no_hits"
    grade = 0 if worst is None else grade_rank(worst.grade)
    met = 0.0 if row.number_met else 1 - (row.score or 0.0)
    kind = _KINDS.index(row.kind)
    return f"{kind}{int(answered)}{force}{int(unsure)}{grade:02}{met:.4f}"


def counterparties_of(rows: Iterable[PartyRow]) -> Iterator[list[PartyRow]]:
    """Yield the rows of each counterparty; they must stand together."""
    for _, group in groupby(rows, key=lambda each: (each.row, each.part)):
        yield list(group)
