"""What a screening answers; these structs are the wire form as well."""

from datetime import date, datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

import msgspec

from service.lists.edition import ExpectedEntries, ListState
from service.lists.listing import LicenceTerms, Listing, NameKind
from service.measures.coming_model import HitChange
from service.measures.on_day import MeasureOnDay
from service.measures.status import StatusWord
from service.names.matching import Explanation
from service.screening.trade.transaction import Restrictions

# --- Whether a party is reached through its owners, and how that came out; the wire form too.

Verdict = Literal["met", "open", "not_met"]


class PartyNamed(msgspec.Struct, frozen=True, kw_only=True):
    """A party of the question by its name as first given, and its id where it has one."""

    id: str | None
    name: str


class Holding(msgspec.Struct, frozen=True, kw_only=True):
    """One place of the question where an owner stands: `at` is `owners[0].owners[1]`.

    `share` (percent) and `control` are as stated there, None where they are not.
    """

    at: str
    owned: PartyNamed
    share: Decimal | None
    control: bool | None


class OwnershipStep(msgspec.Struct, frozen=True, kw_only=True):
    """What one party holds of another, over all the places that say so.

    `share` is what is stated of it, in percent, None where nothing is; `complete` is False where
    at least a part is not stated.
    """

    owner: PartyNamed
    share: Decimal | None
    complete: bool
    control: bool | None
    owned: PartyNamed


class OwnershipChain(msgspec.Struct, frozen=True, kw_only=True):
    """The way from a listed owner to the counterparty, the listed owner's own step first.

    `counts` says whether all parties on the way pass on what they hold, because they meet the
    test themselves: `met`, `open` where that rests on something not stated, or `not_met`.
    """

    owner: PartyNamed
    counts: Verdict
    steps: tuple[OwnershipStep, ...]


class MeasureBehind(msgspec.Struct, frozen=True, kw_only=True):
    """A measure by which a listing counts for an ownership rule, with its status on the day."""

    id: str
    title: str
    status: StatusWord


class ListingBehind(msgspec.Struct, frozen=True, kw_only=True):
    """A listing that an owner may be.

    Whether it is that party rests on its name: `score` says how well the names meet, in [0, 1].
    `counts` is False where all `measures` have ended or are not yet in force.
    """

    id: str
    list_code: str
    name: str
    score: float
    counts: bool
    measures: tuple[MeasureBehind, ...]


class ListedOwner(msgspec.Struct, frozen=True, kw_only=True):
    """An owner and the listings that bring a rule; `counts` if any of them does."""

    owner: PartyNamed
    counts: bool
    listings: tuple[ListingBehind, ...]


class OwnershipFinding(msgspec.Struct, frozen=True, kw_only=True):
    """Whether one ownership rule takes the counterparty for listed, if its owners are.

    `rule` has its own status on the day, which the verdict leaves aside. `verdict` is the worse
    of `by_share` and `by_control`: met before open before not met. `by_control` is whether
    control without the share, anywhere on the way, leads there; None where the rule knows no
    control. `open`: it turns on something that is not stated.

    `sum` is the percentage of the counterparty held by owners that count by shares alone: by all
    together where the rule is `aggregate`, else by the listed one that has most, directly and
    through others. `sum_at_most` adds what is held by owners that may count, None where such a
    share is not stated. `needed` is met by `bound` that. `chains` are the best 100 of
    `chain_total`: those that count first, the shorter before the longer.
    """

    rule: MeasureOnDay
    verdict: Verdict
    by_share: Verdict
    by_control: Verdict | None
    sum: Decimal
    sum_at_most: Decimal | None
    needed: Decimal
    bound: Literal["at_least", "more_than"]
    aggregate: bool
    listed: tuple[ListedOwner, ...]
    chains: tuple[OwnershipChain, ...]
    chain_total: int


Outcome = Literal["hits", "owner_hits", "no_hits", "incomplete"]
Agreement = Literal["agrees", "differs", "unknown"]


class EditionCoverage(msgspec.Struct, frozen=True, kw_only=True):
    """How one publication of a list stands for a question.

    `edition` is our number of the edition that speaks on the day asked about, `sha256` the digest
    of the publisher's file, `loaded_at` UTC. `confirmed_on` is the last day (UTC) on which the
    publisher was seen to offer that very file. `age_days` counts from that day, or where it is
    later from the day of publication, to the day asked about; None where neither is known.
    `reason` says what any state but `fresh` means here.
    """

    source: str
    state: ListState
    reason: str | None
    edition: int | None
    sha256: str | None
    published_on: date | None
    confirmed_on: date | None
    loaded_at: datetime | None
    age_days: int | None
    entry_count: int | None


class ListCoverage(EditionCoverage, frozen=True, kw_only=True):
    """One list as it was searched.

    Where several publications carry the list, the fields are those of the one in the best state,
    its authority's own before others; `reason` then also tells of one that refused a newer file.
    `max_age_days` is the age above which an edition is too old; None means that no age is (a
    user's own list whose operator gave none).
    """

    code: str
    title: str
    max_age_days: int | None


class Coverage(msgspec.Struct, frozen=True, kw_only=True):
    """What was searched. `complete` only if every list asked for was there and fresh.

    `reasons` say what else keeps it from being complete, such as that this process has lost sight
    of its database.
    """

    complete: bool
    lists: tuple[ListCoverage, ...]
    reasons: tuple[str, ...] = ()


class MatchedName(msgspec.Struct, frozen=True, kw_only=True):
    """Which of the listing's names met which of the question's, both as printed.

    `query` may be a part of a name in the question: what stands in its brackets or around them.
    """

    text: str
    kind: NameKind
    query: str


class DifferentIdentifier(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of number of which a party has one for life, and both sides have another.

    `kind` is IMO, LEI, USCC, INN or OGRN. `asked` are the question's numbers as written there,
    `listed` those of the listing as printed; none of these is one of those.
    """

    kind: str
    asked: tuple[str, ...]
    listed: tuple[str, ...]


class Corroboration(msgspec.Struct, frozen=True, kw_only=True):
    """What else the question said, beside the name. It orders hits and never removes one.

    `identifiers` are those of the listing that met one of the question's, as printed: such a hit
    stands before all others, and is one whatever its score. `identifiers_differ` are kinds of
    number that speak against the hit; it then stands behind its neighbours.
    """

    entity_type: Agreement
    countries: Agreement
    addresses: Agreement
    identifiers: tuple[str, ...]
    identifiers_differ: tuple[DifferentIdentifier, ...] = ()


class InputWarning(msgspec.Struct, frozen=True, kw_only=True):
    """Something in the question that is likely a slip and was answered all the same.

    `field` is the field of the counterparty, or of the owner, such as `identifiers[1].value`;
    `reason` says why. `may_hide` is True where a listed party may be missed for its sake (a name
    of which nothing can be compared): then an answer without hits is `incomplete`.
    """

    field: str
    reason: str
    may_hide: bool = False


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a party was on its list on the day asked about, and how we know.

    `source` is the publication whose print of the entry is shown, `edition` our number of the
    edition that says so. `first_seen_on` is the day of the first of our editions that had it.
    `known` is False where nothing says that it was listed on the day asked about: the day lies
    before that edition, and the entry prints no day of its own. It may have come since.
    Of one that has `left`, `left_on` is the day its publisher states, and `left_by` the day of
    the first edition without it, so that it left on that day or before.
    """

    state: Literal["listed", "left"]
    source: str
    edition: int
    first_seen_on: date
    known: bool
    left_on: date | None
    left_by: date | None


class Print(msgspec.Struct, frozen=True, kw_only=True):
    """The same entry as another publication prints it."""

    source: str
    edition: int
    listing: Listing


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """A listing the counterparty may be, how it was found, and the measures behind it.

    `score` is in [0, 1] and says how well the names meet, nothing else. Where only an identifier
    met, `matched` is the listing's primary name and the score what the names alone give.
    `listing` is the entry as the list's own authority prints it where that was loaded, `copies`
    are other prints of it. `unknown_programmes` are the codes it prints that the register has no
    measure for on its list: the measure `not-in-register` is there because of them, and counts as
    restricted. `licence` is what the entry says of licences, taken apart; None where
    its list says nothing of them. `changed` is what changed since the day the question names, if
    it names one. A party that has left its list is shown as history, without measures.
    """

    score: float
    matched: MatchedName
    corroboration: Corroboration
    explanation: Explanation
    listing: Listing
    licence: LicenceTerms | None
    standing: Standing
    copies: tuple[Print, ...]
    measures: tuple[MeasureOnDay, ...]
    unknown_programmes: tuple[str, ...] = ()
    changed: HitChange | None


class PartyResult(msgspec.Struct, frozen=True, kw_only=True):
    """What was found of one party.

    `outcome` is `hits` if there are any; without any it is `no_hits` only if the coverage is
    complete and no warning says that it may hide a party, else `incomplete`: cannot say. `hits`
    holds the best `limit` by name, and beyond those whatever an identifier met, best first.
    `total` counts all that were found; a search stops looking after about 2,000 names. `left` are
    parties that were on a list and had left it by the day asked about, best first, the best
    `limit` by name and those that an identifier met: history, that no outcome rests on.
    `warnings` are likely slips in what was asked: a name that cannot be compared, a number that
    cannot be what it is called, and so finds nothing but the same slip.
    """

    id: str | None
    name: str
    outcome: Outcome
    total: int
    hits: tuple[Hit, ...]
    left: tuple[Hit, ...]
    warnings: tuple[InputWarning, ...] = ()


class OwnerResult(PartyResult, frozen=True, kw_only=True):
    """One owner's answer, and every place where the question has it."""

    holdings: tuple[Holding, ...]


class OwnershipResult(msgspec.Struct, frozen=True, kw_only=True):
    """The owners, each once, and what they mean for the counterparty.

    `findings` has one for each ownership rule that a listing of an owner brings: rules that bind
    on the day first, of these what is met before what is open. `not_known` are sentences.
    """

    owners: tuple[OwnerResult, ...]
    findings: tuple[OwnershipFinding, ...]
    not_known: tuple[str, ...]


class CounterpartyResult(PartyResult, frozen=True, kw_only=True):
    """One counterparty's answer.

    `ownership` is None where the question names no owners. Where only an owner is a hit, whatever
    it holds, the outcome is `owner_hits`. What owners bring stands there, never among `hits`.
    """

    ownership: OwnershipResult | None = None


class ScreeningAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A whole screening: everything needed to understand it years later.

    `scorer` is the version of the arithmetic behind the scores, `stored` whether the answer can
    be had again under its id. `restrictions` are the measures that name no company, for all
    counterparties alike; no outcome rests on them.
    """

    id: UUID
    asked_at: datetime
    as_of: date
    known_at: date
    scorer: str
    threshold: float
    limit: int
    stored: bool
    coverage: Coverage
    results: tuple[CounterpartyResult, ...]
    restrictions: Restrictions


class SearchAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The hits for one name; fields as in a screening, nothing of it is stored."""

    name: str
    as_of: date
    known_at: date
    scorer: str
    threshold: float
    limit: int
    coverage: Coverage
    outcome: Outcome
    total: int
    hits: tuple[Hit, ...]
    left: tuple[Hit, ...]
    warnings: tuple[InputWarning, ...] = ()


class ListingAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One listing, its measures on the day asked about, and how the list it stands on is doing.

    `unknown_programmes` as in a hit.
    """

    as_of: date
    known_at: date
    listing: Listing
    licence: LicenceTerms | None
    standing: Standing
    copies: tuple[Print, ...]
    measures: tuple[MeasureOnDay, ...]
    unknown_programmes: tuple[str, ...]
    on_list: ListCoverage


class ListAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One list as it stands today, and each publication of it that was ever loaded or tried.

    `expected_entries` is how many a user's own list should have, where its operator said so.
    """

    coverage: ListCoverage
    editions: tuple[EditionCoverage, ...]
    expected_entries: ExpectedEntries | None = None
