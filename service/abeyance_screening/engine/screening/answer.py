"""What a screening answers; these structs are the wire form as well."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

import msgspec

from abeyance_screening.engine.lists.edition import ExpectedEntries, ListState, UnknownPart
from abeyance_screening.engine.lists.listing import EntityType, LicenceTerms, Listing, NameKind
from abeyance_screening.engine.measures.law.coming import HitChange
from abeyance_screening.engine.measures.measure import Effect
from abeyance_screening.engine.measures.status import MeasureOnDay, StatusWord
from abeyance_screening.engine.names.match_types import Explanation, Part
from abeyance_screening.engine.screening.trade.transaction import Restrictions

Verdict = Literal["met", "open", "not_met"]


class PartyNamed(msgspec.Struct, frozen=True, kw_only=True):
    """A party of the question: its name as first given, and its id if it has one."""

    id: str | None
    name: str


class Holding(msgspec.Struct, frozen=True, kw_only=True):
    """One place of the question where an owner is given: `at` is `owners[0].owners[1]`.

    `share` (percent) and `control` are as given there, None if they are not given.
    """

    at: str
    owned: PartyNamed
    share: Decimal | None
    control: bool | None


class OwnershipStep(msgspec.Struct, frozen=True, kw_only=True):
    """What one party holds of another, from all places of the question that state it.

    `share` is the stated percentage, None if none is stated; `complete` is False if at least a
    part is not stated.
    """

    owner: PartyNamed
    share: Decimal | None
    complete: bool
    control: bool | None
    owned: PartyNamed


class OwnershipChain(msgspec.Struct, frozen=True, kw_only=True):
    """The way from a listed owner to the counterparty, the listed owner's own step first.

    `counts` says whether all parties on the way pass on what they hold because they meet the test
    themselves: `met`, `open` if that depends on something not stated, or `not_met`.
    """

    owner: PartyNamed
    counts: Verdict
    steps: tuple[OwnershipStep, ...]


class MeasureBehind(msgspec.Struct, frozen=True, kw_only=True):
    """A measure for which a listing counts under an ownership rule, with its status on the day."""

    id: str
    title: str
    status: StatusWord


class ListingBehind(msgspec.Struct, frozen=True, kw_only=True):
    """A listing that an owner may be.

    Whether the owner is that party depends on its name: `score` says how well the names meet, in
    [0, 1]. `counts` is False if all `measures` have ended or are not yet in force.
    """

    id: str
    list_code: str
    name: str
    score: float
    counts: bool
    measures: tuple[MeasureBehind, ...]


class ListedOwner(msgspec.Struct, frozen=True, kw_only=True):
    """An owner and the listings to which a rule applies; `counts` if any of them counts."""

    owner: PartyNamed
    counts: bool
    listings: tuple[ListingBehind, ...]


class OwnershipFinding(msgspec.Struct, frozen=True, kw_only=True):
    """Whether one ownership rule treats the counterparty as listed, if its owners are.

    `rule` has its own status on the day, which the verdict does not consider. `verdict` is the
    stricter of `by_share` and `by_control`: met before open before not met. `by_control` says
    whether control without the share, anywhere on the way, reaches the counterparty; None if the
    rule does not ask for control. `open` means that the answer depends on something not stated.

    `sum` is the percentage of the counterparty held by owners that count by shares alone: by all
    together if the rule is `aggregate`, else by the listed one that has most, directly and through
    others. `sum_at_most` adds what is held by owners that may count, None if such a share is not
    stated; if they hold anything, it also adds what the stated shares of the counterparty do not
    account for. `bound` says whether `needed` must be reached or exceeded. `chains` are the best
    100 of `chain_total`: those that count first, the shorter before the longer.
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


LinkKind = Literal[
    "entered_twice",
    "reference",
    "number",
    "name_and_birth",
    "name_and_address",
    "name_and_country",
    "names",
    "name",
]


class PartyLink(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Why two listings are one party: the kind of evidence, and what met, as printed.

    `reference` is a publisher's own number of the entry, which another prints or shares, `number`
    one that somebody issued to the party. `names` are several names that both have; `name` is one
    so rare that it settles it. `entered_twice` are two entries of one list.
    """

    kind: LinkKind
    one: str
    other: str
    met: str


class PartyBeside(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Another party by its id, and how it is related."""

    party: str
    reason: str


ListRole = Literal["required", "advisory"]
Outcome = Literal["hits", "owner_hits", "no_hits", "incomplete"]
LOOK_FIRST: tuple[Outcome, ...] = ("hits", "owner_hits", "incomplete", "no_hits")
"""Every outcome, those that need a look first."""
Agreement = Literal["agrees", "differs", "unknown"]


class EditionCoverage(msgspec.Struct, frozen=True, kw_only=True):
    """The state of one publication of a list for a question.

    `edition` is our number of the edition that applies on the day asked about, `sha256` the
    checksum of the publisher's file, `loaded_at` UTC. `confirmed_on` is the last day (UTC) on
    which the publisher was seen to offer that very file. `age_days` counts from that day, or from
    the day of publication if that is later, to the day asked about; None if neither is known.
    `reason` says what any state but `fresh` means here, what of the edition was not read, and that
    a fresh list was read from another address or format than usual, and why. `read_in_part` is
    what of its files the reader does not know; the state is `in_part` if a name, an entry's
    status or a kind of entry may hide in it. `transcribed` is true of an edition that a person
    transcribed from what the publisher published; `reason` says so too, and the publisher's own
    file replaces it once it is loaded.
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
    read_in_part: tuple[UnknownPart, ...] = ()
    transcribed: bool = False


class ListCoverage(EditionCoverage, frozen=True, kw_only=True):
    """One list as it was searched.

    If several publications carry the list, the fields are those of the one in the best state, its
    authority's own before others; `reason` then also names one that refused a newer file.
    `max_age_days` is the age above which an edition is too old; None means that no edition ever is
    (a user's own list whose operator set no limit). `role` is `required` if an answer is complete
    only with this list fresh. An `advisory` list is searched as well and its hits are hits, but
    its state makes no answer incomplete.
    """

    code: str
    title: str
    max_age_days: int | None
    role: ListRole = "required"


class ListNamed(msgspec.Struct, frozen=True, kw_only=True):
    """A list by its code and title."""

    code: str
    title: str


class Coverage(msgspec.Struct, frozen=True, kw_only=True):
    """What was searched. `complete` only if every required list was there and fresh.

    Required are the lists that the question names; if it names none, those that the site requires.
    `reasons` are other causes of an incomplete answer, such as that this process has lost its
    connection to the database. `not_loaded` names every further list that is known and was not
    searched, because nobody has loaded it; the answer counts as complete without them.
    """

    complete: bool
    lists: tuple[ListCoverage, ...]
    reasons: tuple[str, ...] = ()
    not_loaded: tuple[ListNamed, ...] = ()


class MatchedName(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Which of the listing's names met which of the question's, both as printed.

    `query` may be a part of a name in the question: the text in its brackets or around them.
    """

    text: str
    kind: NameKind
    query: str


class TextPlace(msgspec.Struct, frozen=True, kw_only=True, order=True, gc=False):
    """A place in a text, in characters (Unicode code points) from its beginning.

    `start` is the first character, counted from 0, and `end` the one after the last.
    """

    start: int
    end: int


class MatchedInText(MatchedName, frozen=True, kw_only=True, gc=False):
    """Which of the listing's names a text has, and each of its `places`, in their order.

    `query` is what the text has at one of them.
    """

    places: tuple[TextPlace, ...]


class DifferentIdentifier(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A kind of number, held once for life, that differs between question and listing.

    `kind` is IMO, LEI, USCC, INN or OGRN. `asked` are the question's numbers as written there,
    `listed` those of the listing as printed; the two have none in common.
    """

    kind: str
    asked: tuple[str, ...]
    listed: tuple[str, ...]


class Corroboration(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What else the question gave besides the name. It orders hits and never removes one.

    `score` in [0, 1] says how far it speaks for the hit, beside the score of the name: 0.5 where
    nothing is known, more where it agrees. The log-odds of its `parts` add up to it. `countries`
    compares those of the listing, or `implied_countries`: what its list or regime implies where it
    prints none. `birth_day_met` is True if the dates of birth agree to the day.

    `identifiers` are those of the listing that met one of the question's, as printed: such a hit
    comes before all others, and is a hit whatever its score. `identifiers_differ` are kinds of
    number that speak against the hit; it then comes after its neighbours.
    """

    entity_type: Agreement
    countries: Agreement
    addresses: Agreement
    identifiers: tuple[str, ...]
    identifiers_differ: tuple[DifferentIdentifier, ...] = ()
    birth_date: Agreement = "unknown"
    birth_day_met: bool = False
    implied_countries: tuple[str, ...] = ()
    score: float = 0.5
    parts: tuple[Part, ...] = ()


class InputWarning(msgspec.Struct, frozen=True, kw_only=True):
    """Something in the question that is likely a slip and was answered all the same.

    `field` is the field of the counterparty, or of the owner, such as `identifiers[1].value`;
    `reason` says why. `may_hide` is True if a listed party may be missed because of it (a name
    without anything to compare): then an answer without hits is `incomplete`.
    """

    field: str
    reason: str
    may_hide: bool = False


class NumberSearched(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A number of the question, given as an identifier or within its name.

    `lists` are the codes of those lists searched that print numbers of its kind on the day, of any
    kind where its own is not known. That is told by what their listings print.
    """

    kind: str | None
    value: str
    lists: tuple[str, ...]


class Standing(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Whether a party was on its list on the day asked about, and how we know.

    `source` is the publication whose print of the entry is shown, `edition` our number of the
    edition that says so. `first_seen_on` is the day of the first of our editions that had the
    entry. `known` is False if nothing says that the party was listed on the day asked about: the
    day lies before that edition, and the entry prints no day of its own, so the party may have
    been added since. For one that has `left`, `left_on` is the day that its publisher states, and
    `left_by` the day of the first edition without it, so that it left on that day or before.
    """

    state: Literal["listed", "left"]
    source: str
    edition: int
    first_seen_on: date
    known: bool
    left_on: date | None
    left_by: date | None


class Print(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The same entry as another publication prints it."""

    source: str
    edition: int
    listing: Listing


class Hit(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A listing the counterparty may be, how it was found, and the measures that reach it.

    `score` is in [0, 1] and says how well the names meet, nothing else. If only an identifier met,
    `matched` is the listing's primary name and the score what the names alone give. `listing` is
    the entry as the list's own authority prints it if that print was loaded, `copies` are other
    prints of it. `unknown_programmes` are the codes it prints for which the register has no
    measure on its list: the measure `not-in-register` is there because of them, and counts as
    restricted. `licence` is what the entry says on licences, taken apart; None if its list says
    nothing of them. `on_no_list` says, of a party that a measure names and no published list has,
    that this is so and why the party is here; None for all others. `changed` is what changed since
    the day that the question names, if it names one. A party that has left its list is shown as
    history, without measures.
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
    on_no_list: str | None = None
    changed: HitChange | None


class TextHit(Hit, frozen=True, kw_only=True, gc=False):
    """A listing that a text names, or whose number it has; fields as in a `Hit`."""

    matched: MatchedInText


class PartyMember(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One listing of a party.

    `found_by` is `question` if the question itself meets it, `party` if only another listing of
    its party does; None if its list was not searched, or it was not listed on the day asked about.
    """

    listing_id: str
    list_code: str
    found_by: Literal["question", "party"] | None


class PartyMeasure(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A measure that reaches a party, by which of its listings, with its status on the day."""

    id: str
    title: str
    authority: str
    status: StatusWord
    effect: tuple[Effect, ...]
    condition: str | None
    listings: tuple[str, ...]


class PartyHit(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A listing that the question does not meet, found through another listing of its party.

    The fields are those of a `Hit`. It has no score: no name of it need resemble the question.
    """

    listing: Listing
    licence: LicenceTerms | None
    standing: Standing
    copies: tuple[Print, ...]
    measures: tuple[MeasureOnDay, ...]
    unknown_programmes: tuple[str, ...] = ()
    on_no_list: str | None = None


class PartyProfile(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The listings of all lists that are one company or person.

    `id` is that of its lowest listing. `members` are in the order of their ids. `names`,
    `countries` and `identifiers` are those of the listings searched, each once. `measures` of all
    these listings come most severe first: in force before suspended before ended, and of these
    prohibited before licensed. `evidence` says why the members are one party. `perhaps` are
    parties that may be the same, which the evidence does not settle; `related` are parties that a
    list names apart from this one (head office and branch), or that belong to it.
    """

    id: str
    name: str
    entity_type: EntityType | None
    members: tuple[PartyMember, ...]
    names: tuple[str, ...]
    countries: tuple[str, ...]
    identifiers: tuple[str, ...]
    measures: tuple[PartyMeasure, ...]
    evidence: tuple[PartyLink, ...]
    perhaps: tuple[PartyBeside, ...]
    related: tuple[PartyBeside, ...]


class FoundParty(PartyProfile, frozen=True, kw_only=True, gc=False):
    """A party that the question may mean: `score` is the best of its hits.

    `through` are its listings that are no hits themselves, each with its own measures: the law of
    other authorities that print other names. Parties join the listings of the newest editions,
    whatever day is asked about.
    """

    score: float
    through: tuple[PartyHit, ...]

    def hits_among(self, hits: Iterable[Hit]) -> tuple[Hit, ...]:
        """Return those of these hits that are its listings, in their order."""
        ids = {each.listing_id for each in self.members}
        return tuple(each for each in hits if each.listing.id in ids)


class PartyResult(msgspec.Struct, frozen=True, kw_only=True):
    """What was found for one party.

    `outcome` is `hits` if there are any; without any it is `no_hits` only if the coverage is
    complete and no warning says that a party may be hidden, else `incomplete`: cannot say. `hits`
    holds the best `limit` by name and, beyond those, every listing that an identifier met, best
    first. `total` counts all that were found; a search stops after about 2,000 names. `left` are
    parties that were on a list and had left it by the day asked about, best first: the best
    `limit` by name and those that an identifier met. They are history and affect no outcome.
    `warnings` are likely slips in the question: a name that cannot be compared, or a number that
    cannot be what it is called and so finds only entries with the same slip. `parties` group the
    hits by who they are, likeliest first, and add the listings of the same parties that the
    question does not meet. They are in the order of their best hits, except that for a question of
    one word it counts how many lists print a party under it. `parties_note` says so where the day
    asked about is past, since the newest editions decide who is one party. `numbers` are those of
    the question, each with the lists that print such numbers.
    """

    id: str | None
    name: str
    outcome: Outcome
    total: int
    hits: tuple[Hit, ...]
    left: tuple[Hit, ...]
    parties: tuple[FoundParty, ...] = ()
    parties_note: str | None = None
    warnings: tuple[InputWarning, ...] = ()
    numbers: tuple[NumberSearched, ...] = ()


class OwnerResult(PartyResult, frozen=True, kw_only=True):
    """One owner's answer, and every place of the question that names the owner."""

    holdings: tuple[Holding, ...]


class OwnershipResult(msgspec.Struct, frozen=True, kw_only=True):
    """The owners, each once, and what they mean for the counterparty.

    `findings` has one for each ownership rule that applies to a listing of an owner: rules that
    bind on the day first, of these what is met before what is open. `not_known` are sentences.
    """

    owners: tuple[OwnerResult, ...]
    findings: tuple[OwnershipFinding, ...]
    not_known: tuple[str, ...]


class CounterpartyResult(PartyResult, frozen=True, kw_only=True):
    """One counterparty's answer.

    `ownership` is None if the question names no owners. If only an owner is a hit, whatever it
    holds, the outcome is `owner_hits`. What was found for owners is there, never among `hits`.
    """

    ownership: OwnershipResult | None = None


class ScreeningHead(msgspec.Struct, frozen=True, kw_only=True):
    """What holds for all counterparties of a screening; see `ScreeningAnswer`."""

    id: UUID | None
    asked_at: datetime
    as_of: date
    known_at: date
    scorer: str
    threshold: float
    limit: int
    stored: bool
    coverage: Coverage


class ScreeningAnswer(ScreeningHead, frozen=True, kw_only=True):
    """A whole screening: everything needed to understand it years later.

    `scorer` is the version of the arithmetic that gave the scores, `stored` whether the answer is
    kept and can be fetched again under its `id`; one that is not kept has none. `restrictions` are
    the measures that name no company, the same for all counterparties; they affect no outcome.
    """

    results: tuple[CounterpartyResult, ...]
    restrictions: Restrictions


class RefusedLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line of a stream that was not screened: its number, the field at fault, and the reason.

    The first line is 1. It has no `outcome`.
    """

    line: int
    field: str
    reason: str


class StreamEnd(ScreeningHead, frozen=True, kw_only=True):
    """The last line of a stream that was answered whole; a stream without it was cut.

    `count` is the number of lines before it, `refused` how many of them were not screened. The
    other fields are as in a screening. A stream is not kept, so it has no `id`.
    """

    count: int
    refused: int


class SearchAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The hits for one name; fields as in a screening. The answer is not stored."""

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
    parties: tuple[FoundParty, ...] = ()
    parties_note: str | None = None
    warnings: tuple[InputWarning, ...] = ()
    numbers: tuple[NumberSearched, ...] = ()


class TextAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Every listed name in a text, with its places; fields as in a screening.

    The answer is not stored. Only whole listed names count, at a score of 0.85 or more, and the
    numbers of listings. A single word that is common, or that is the whole name of a person or,
    without a word for ships before it, of a ship, does not.
    """

    as_of: date
    known_at: date
    scorer: str
    threshold: float
    limit: int
    coverage: Coverage
    outcome: Outcome
    total: int
    hits: tuple[TextHit, ...]
    left: tuple[TextHit, ...]
    parties: tuple[FoundParty, ...] = ()
    parties_note: str | None = None
    warnings: tuple[InputWarning, ...] = ()


class PartyAnswer(PartyProfile, frozen=True, kw_only=True):
    """One party: each of its listings on the day asked about, and the state of its lists.

    Parties join the listings of the newest editions, whatever day is asked about; one that had
    left its list by then, or was not on it yet, has no place in `listings`, or says so in its
    standing.
    """

    as_of: date
    known_at: date
    listings: tuple[PartyHit, ...]
    coverage: Coverage


class ListingAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One listing, its measures on the day asked about, and the state of its list.

    `unknown_programmes` and `on_no_list` as in a hit.
    """

    as_of: date
    known_at: date
    listing: Listing
    licence: LicenceTerms | None
    standing: Standing
    copies: tuple[Print, ...]
    measures: tuple[MeasureOnDay, ...]
    unknown_programmes: tuple[str, ...]
    on_no_list: str | None
    on_list: ListCoverage


class ListAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One list as it is today, and each publication of it that was ever loaded or tried.

    `expected_entries` is how many entries a user's own list should have, if its operator stated
    that.
    """

    coverage: ListCoverage
    editions: tuple[EditionCoverage, ...]
    expected_entries: ExpectedEntries | None = None
