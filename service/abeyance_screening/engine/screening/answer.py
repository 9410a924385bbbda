"""What a screening answers; these structs are the wire form as well."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from decimal import Decimal
from itertools import chain
from typing import Literal
from uuid import UUID

import msgspec

from abeyance_screening.engine.lists.edition import (
    EditionDay,
    ExpectedEntries,
    ListState,
    UnknownPart,
)
from abeyance_screening.engine.lists.listing import (
    CodeOfList,
    EntityType,
    IdOfListing,
    Listing,
    NameKind,
)
from abeyance_screening.engine.measures.law.coming import HitChange
from abeyance_screening.engine.measures.measure import Confidence, Effect
from abeyance_screening.engine.measures.measure_fields import (
    AuthorityName,
    ConditionAsked,
    IdOfMeasure,
    MeasureTitle,
)
from abeyance_screening.engine.measures.status_table import StatusWord
from abeyance_screening.engine.names.match_types import Explanation, Part
from abeyance_screening.engine.screening.answer_fields import (
    HitLimit,
    HitTotal,
    MeasuresOnParty,
    NameScore,
    OnNoList,
    PartiesNote,
    PolicyOfEntry,
    Scorer,
    TermsOfEntry,
    Threshold,
    UnknownProgrammes,
)
from abeyance_screening.engine.screening.family_answer import AnswerOfFamily
from abeyance_screening.engine.screening.ownership_findings import Holding, OwnershipFinding
from abeyance_screening.engine.screening.question import Counterparty
from abeyance_screening.engine.screening.question_record import QuestionRecord
from abeyance_screening.engine.screening.trade.transaction import Restrictions
from abeyance_screening.primitives.days import KnownDay, LegalDay

LinkKind = Literal[
    "operator",
    "entered_twice",
    "reference",
    "number",
    "name_and_birth",
    "name_and_address",
    "name_and_country",
    "names",
    "name",
]
"""The kind of evidence: `operator` is the word of an operator of this service; `reference` is a
publisher's own number of the entry that another prints or shares, `number` one that somebody
issued to the party; a name with a birth date (`name_and_birth`), address (`name_and_address`) or
country (`name_and_country`); `names` several names that both have; `name` one so rare that it
settles it; `entered_twice` two entries of one list."""


class PartyLink(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Why two listings are one party."""

    kind: LinkKind
    one: str
    """Id of the one listing."""
    other: str
    """Id of the other listing."""
    met: str
    """What met, as printed."""


class PartyBeside(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Another party, and how it is related."""

    party: str
    """Id of the other party, for `GET /v1/parties/{id}`."""
    reason: str
    """How it is related, in a sentence."""


ListRole = Literal["required", "advisory"]
"""`required` if an answer is complete only with this list fresh. An `advisory` list is searched as
well and its hits are hits, but its state makes no answer incomplete."""
Outcome = Literal["hits", "owner_hits", "no_hits", "incomplete"]
"""`hits` if there are any; `owner_hits` if only an owner has some; `no_hits` if there are none and
everything required was searched; else `incomplete`, which means: cannot say."""
LOOK_FIRST: tuple[Outcome, ...] = ("hits", "owner_hits", "incomplete", "no_hits")
"""Every outcome, those that need a look first."""
Agreement = Literal["agrees", "near", "differs", "unknown"]
"""`agrees`, `near` (dates of birth a day or a digit apart), `differs`, or `unknown` where question
or listing says nothing."""


class EditionCoverage(msgspec.Struct, frozen=True, kw_only=True):
    """The state of one publication of a list for a question."""

    source: str
    """Code of the publication that the edition was read from; a list may have several."""
    state: ListState
    reason: str | None
    """What any state but `fresh` means here, what was not read, and why a fresh list came from
    another address or format than usual; null if there is nothing to say."""
    edition: int | None
    """Our number of the edition that applies on the day asked about; null without one."""
    sha256: str | None
    """SHA-256 of the file, or of the sorted digests of several; null without an edition."""
    published_on: EditionDay
    confirmed_on: date | None
    """Last UTC day on which the publisher was seen to offer that very file; null if never."""
    loaded_at: datetime | None
    """When this service loaded the edition, in UTC; null without an edition."""
    age_days: int | None
    """Days from the later of `confirmed_on` and `published_on` to `as_of`; null without both."""
    entry_count: int | None
    """Entries of the edition; null without an edition."""
    read_in_part: tuple[UnknownPart, ...] = ()
    """What the reader does not know of the files; the state is `in_part` if a name, an entry's
    status or a kind of entry may hide in it."""
    transcribed: bool = False
    """True if a person transcribed it, until the publisher's own file is loaded."""


class ListCoverage(EditionCoverage, frozen=True, kw_only=True):
    """One list as it was searched.

    If several publications carry the list, the fields are those of the one in the best state, its
    authority's own before others; `reason` then also names one that refused a newer file.
    """

    code: CodeOfList
    title: str
    """Title of the list."""
    max_age_days: int | None
    """The age above which an edition is too old; null for no limit, on a list of your own."""
    role: ListRole = "required"


class ListNamed(msgspec.Struct, frozen=True, kw_only=True):
    """A list by its code and title."""

    code: CodeOfList
    title: str
    """Title of the list."""


class Coverage(msgspec.Struct, frozen=True, kw_only=True, cache_hash=True):
    """What was searched, and whether that is enough to rely on a finding of nothing.

    Required are the lists that the question names; if it names none, those that the site requires.
    """

    complete: bool
    """True only if every required list was there and fresh, and `reasons` is empty."""
    lists: tuple[ListCoverage, ...]
    """The lists that were searched, each with its edition and state."""
    reasons: tuple[str, ...] = ()
    """Other causes of an incomplete answer, such as a lost connection to the database."""
    not_loaded: tuple[ListNamed, ...] = ()
    """Further lists that are known and were not searched, because nobody has loaded them; the
    answer counts as complete without them."""
    profile: str | None = None
    """The policy that `complete` is about: the profiles of the question, of its account or of the
    installation, such as `us` or `us,eu`; `default` where none was chosen; `by_hand` where the
    installation's required lists are named one by one; `question` where the question named lists.
    Null in older stored screenings."""


class MatchedName(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Which of the listing's names met which of the question's."""

    text: str
    """The listing's name, as printed."""
    kind: NameKind
    query: str
    """What met it: a name of the question, or the part within or outside its brackets; of a text,
    the words at one of the `places`."""


class TextPlace(msgspec.Struct, frozen=True, kw_only=True, order=True, gc=False):
    """A place in a text, in characters (Unicode code points) from its beginning."""

    start: int
    """The first character, counted from 0."""
    end: int
    """The character after the last."""


class MatchedInText(MatchedName, frozen=True, kw_only=True, gc=False):
    """Which of the listing's names a text has, and where."""

    places: tuple[TextPlace, ...]
    """Each place of the name in the text, in order."""


class DifferentIdentifier(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A kind of number, held once for life, that differs between question and listing."""

    kind: str
    """IMO, LEI, USCC, INN or OGRN."""
    asked: tuple[str, ...]
    """The question's numbers of the kind, as written there."""
    listed: tuple[str, ...]
    """The listing's numbers of the kind, as printed; none is among `asked`."""


class Corroboration(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What else the question gave besides the name. It orders hits and never removes one."""

    entity_type: Agreement
    """Whether the types of party agree: `agrees`, `differs`, or `unknown` if one of them is not
    stated."""
    countries: Agreement
    """Whether the countries agree, those of the listing or its `implied_countries`."""
    addresses: Agreement
    """Whether the addresses agree."""
    identifiers: tuple[str, ...]
    """The listing's numbers that met one of the question's, as printed: such a hit comes before
    all others, and is a hit whatever its score."""
    identifiers_differ: tuple[DifferentIdentifier, ...] = ()
    """Kinds of number that speak against the hit; it then comes after its neighbours."""
    birth_date: Agreement = "unknown"
    """Whether the dates of birth agree, as far as both are known: `near` where two days are a day
    or a digit apart, or day and month changed about.
    """
    birth_day_met: bool = False
    """True if the dates of birth agree to the day."""
    implied_countries: tuple[str, ...] = ()
    """What list or regime implies where the listing prints no country: ISO 3166-1 alpha-2."""
    score: float = 0.5
    """How far all this speaks for the hit, in [0, 1], apart from the name: 0.5 where nothing is
    known, more where it agrees."""
    parts: tuple[Part, ...] = ()
    """What each fact adds; their log-odds add up to `score`."""


class InputWarning(msgspec.Struct, frozen=True, kw_only=True):
    """Something in the question that is likely a slip and was answered all the same."""

    field: str
    """Field of the counterparty, or of the owner, such as `identifiers[1].value`."""
    reason: str
    """What is likely wrong, in words."""
    may_hide: bool = False
    """True if a listed party may be missed because of it (a name without anything to compare): an
    answer without hits is then `incomplete`."""


class NumberSearched(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A number of the question, given as an identifier or within its name."""

    kind: str | None
    """The kind that it is called or looks like; null if not known."""
    value: str
    """The number, as given."""
    lists: tuple[str, ...]
    """Codes of the searched lists that print numbers of its kind, or any if it is not known."""


class Standing(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Whether a party was on its list on the day asked about, and how we know."""

    state: Literal["listed", "left"]
    """`listed`, or `left` for a party that was on the list before and no longer is."""
    source: str
    """Code of the publication whose print of the entry is shown."""
    edition: int
    """Our number of the edition that says so."""
    first_seen_on: date
    """Day of the first of our editions that had the entry."""
    known: bool
    """False if nothing says that the party was listed on the day asked about: the day is before
    that edition and the entry prints no day, so it may have been added since."""
    left_on: date | None
    """Day of leaving that the publisher states, of one that has left; else null."""
    left_by: date | None
    """Day of the first edition without it, so that it left by then; null if it has not left."""


class Print(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The same entry as another publication prints it."""

    source: str
    """Code of the publication."""
    edition: int
    """Our number of the edition."""
    listing: Listing


OtherPrints = tuple[Print, ...]
"""The same entry as other publications print it."""


class Hit(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A listing the counterparty may be, how it was found, and the measures that reach it.

    A party that has left its list is shown as history, without measures.
    """

    score: NameScore
    matched: MatchedName
    """Which names met. If only an identifier met, it is the listing's primary name, and `score`
    what the names alone give."""
    corroboration: Corroboration
    explanation: Explanation
    listing: Listing
    """The entry, as the list's own authority prints it if that print was loaded."""
    licence: TermsOfEntry
    licence_policy: PolicyOfEntry = None
    standing: Standing
    copies: OtherPrints
    measures: MeasuresOnParty
    unknown_programmes: UnknownProgrammes = ()
    on_no_list: OnNoList = None
    changed: HitChange | None
    """What changed since the day `since` of the question; null if it names none."""


class TextHit(Hit, frozen=True, kw_only=True, gc=False):
    """A listing that a text names, or whose number it has; otherwise as a `Hit`."""

    matched: MatchedInText
    """Which of the listing's names the text has, and where."""


class PartyMember(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One listing of a party."""

    listing_id: IdOfListing
    list_code: CodeOfList
    found_by: Literal["question", "party"] | None
    """`question` if the question itself meets it, `party` if only another listing of its party
    does; null if its list was not searched, or it was not listed on the day."""


class PartyMeasure(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A measure that reaches a party, by which of its listings, with its status on the day."""

    id: IdOfMeasure
    title: MeasureTitle
    authority: AuthorityName
    status: StatusWord
    effect: tuple[Effect, ...]
    """What it does to the listings of the party, each effect once."""
    condition: ConditionAsked
    listings: tuple[str, ...]
    """Ids of the party's listings that it reaches."""


class PartyOwner(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A listed party of which a list or the register says that it owns another.

    It may have sold it since: `rules` reach the owned party only if the owner still holds of it
    what they require. They are no measures of the owned party itself, and no outcome counts them.
    """

    party: str
    """Id of the owner, for `GET /v1/parties/{id}`."""
    name: str
    """The owner's name, as stated."""
    says: str
    """How it is stated: `subsidiary of`, `parent company`, `owned by`, `current owner or
    operator`."""
    stated_by: str
    """Id of the listing that prints it, or of the measure that it is recorded with."""
    share: Decimal | None
    """Percent held; null if that is not stated."""
    stated_on: date | None
    """The day of which a source speaks; null for what a list prints."""
    source_url: str | None
    """Address of the source; null for what a list prints."""
    confidence: Confidence | None
    """How a statement of the register is known; null for what a list prints."""
    rules: tuple[PartyMeasure, ...]
    """The ownership rules of the owner's listings, with their status on the day; `listings` are
    the owner's."""


class PartyHit(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A listing that the question does not meet, found through another listing of its party.

    It has no score: no name of it need resemble the question.
    """

    listing: Listing
    """The entry, printed as in a `Hit`."""
    licence: TermsOfEntry
    licence_policy: PolicyOfEntry = None
    standing: Standing
    copies: OtherPrints
    measures: MeasuresOnParty
    unknown_programmes: UnknownProgrammes = ()
    on_no_list: OnNoList = None


class PartyProfile(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The listings of all lists that are one company or person."""

    id: str
    """Id of its lowest listing, which names the party in `GET /v1/parties/{id}`."""
    name: str
    """Primary name of the first of its listings."""
    entity_type: EntityType | None
    """Type of party of the first listing that states one; null if none does."""
    members: tuple[PartyMember, ...]
    """All its listings, in the order of their ids, searched or not."""
    names: tuple[str, ...]
    """Names of the listings searched, each once."""
    countries: tuple[str, ...]
    """Countries of the listings searched, each once: ISO 3166-1 alpha-2."""
    identifiers: tuple[str, ...]
    """Numbers of the listings searched, each once, with what they are: `INN: 7718852163`."""
    measures: tuple[PartyMeasure, ...]
    """Measures of all these listings, the most severe first: in force before suspended before
    ended, and of these prohibited before licensed."""
    evidence: tuple[PartyLink, ...]
    """Why the members are one party."""
    perhaps: tuple[PartyBeside, ...]
    """Parties that may be the same, which the evidence does not settle."""
    related: tuple[PartyBeside, ...]
    """Parties that belong to it, or that a list names apart (head office and branch)."""
    owners: tuple[PartyOwner, ...] = ()
    """Listed parties that are said to own it, with the rules that reach it if they still do."""


class FoundParty(PartyProfile, frozen=True, kw_only=True, gc=False):
    """A party that the question may mean.

    Parties join the listings of the newest editions, whatever day is asked about.
    """

    score: float
    """The best name score of its hits, in [0, 1]."""
    through: tuple[PartyHit, ...]
    """Its listings that are no hits themselves, each with its own measures: the law of other
    authorities that print other names."""

    def hits_among(self, hits: Iterable[Hit]) -> tuple[Hit, ...]:
        """Return those of these hits that are its listings, in their order."""
        ids = {each.listing_id for each in self.members}
        return tuple(each for each in hits if each.listing.id in ids)


FoundParties = tuple[FoundParty, ...]
"""The hits grouped by who they are, likeliest first, with listings that the question misses.

They are in the order of their best hits, except that for a question of one word it counts how many
lists print a party under it.
"""


LeftHits = tuple[Hit, ...]
"""Deprecated since 2026-12-01, and may be gone from 2027-12-01: `delisted` has the same."""


def _name_both(answer: "PartyResult | SearchAnswer | TextAnswer") -> None:
    """Set `delisted` and `left` to the same hits; answers kept before have `left` alone."""
    hits = answer.delisted or answer.left
    msgspec.structs.force_setattr(answer, "delisted", hits)
    msgspec.structs.force_setattr(answer, "left", hits)


def listings_of(parties: Iterable[FoundParty], hits: Iterable[Hit]) -> tuple[Hit | PartyHit, ...]:
    """Return the listings of some parties: their hits, party by party and best first, then others.

    The others are those through which a party has the law of further authorities.
    """
    parties, hits = tuple(parties), tuple(hits)
    own = [sorted(each.hits_among(hits), key=lambda hit: -hit.score) for each in parties]
    return (*chain.from_iterable(own), *chain.from_iterable([each.through for each in parties]))


class PartyResult(msgspec.Struct, frozen=True, kw_only=True):
    """What was found for one party."""

    id: str | None
    """The caller's own id, as in the question; null without one."""
    name: str
    """The name, as in the question."""
    outcome: Outcome
    answer: AnswerOfFamily = None
    total: HitTotal
    hits: tuple[Hit, ...]
    """The best `limit` by name, and every listing that an identifier met, best first."""
    delisted: tuple[Hit, ...] = ()
    """Listings that had left their list by the day asked about, best first; no outcome counts
    them. An answer that was kept before 2026-12-01 has them in `left` alone."""
    left: LeftHits = ()
    parties: FoundParties = ()
    parties_note: PartiesNote = None
    warnings: tuple[InputWarning, ...] = ()
    """Likely slips in the question, such as a name that cannot be compared."""
    numbers: tuple[NumberSearched, ...] = ()
    """The numbers of the question, each with the lists that print such numbers."""

    def __post_init__(self) -> None:
        """Give both names of `delisted` its hits."""
        _name_both(self)


class OwnerResult(PartyResult, frozen=True, kw_only=True):
    """One owner's answer, and every place of the question that names the owner."""

    holdings: tuple[Holding, ...]
    """Every place of the question that names the owner."""


class OwnershipResult(msgspec.Struct, frozen=True, kw_only=True):
    """The owners, each once, and what they mean for the counterparty."""

    owners: tuple[OwnerResult, ...]
    """Each owner once, screened as a counterparty is."""
    findings: tuple[OwnershipFinding, ...]
    """One for each ownership rule that applies to a listing of an owner: rules that bind on the
    day first, of these what is met before what is open."""
    not_known: tuple[str, ...]
    """What the question leaves open, such as shares not accounted for, in sentences."""


class CounterpartyResult(PartyResult, frozen=True, kw_only=True):
    """One counterparty's answer."""

    ownership: OwnershipResult | None = None
    """What was found for its owners, never among `hits`; null if the question names none."""
    asked: Counterparty | None = None
    """The counterparty as it was sent, with every field; null in answers of versions that
    did not keep it."""


def outcome_of(
    coverage: Coverage,
    warnings: Collection[InputWarning],
    hits: Collection[object],
    owners: Collection[PartyResult] = (),
) -> Outcome:
    """Return the outcome for one party, by its own hits and those of its owners.

    This function alone decides whether finding nothing means no hits. Without a hit the outcome is
    `no_hits` only if nothing can hide one: every list was there and fresh, and every name,
    including the owners', could be compared. Else it is `incomplete`.
    """
    if hits:
        return "hits"
    if any(owner.hits for owner in owners):
        return "owner_hits"
    doubts = (*warnings, *(warning for owner in owners for warning in owner.warnings))
    is_certain = coverage.complete and not any(warning.may_hide for warning in doubts)
    return "no_hits" if is_certain else "incomplete"


class ScreeningHead(msgspec.Struct, frozen=True, kw_only=True):
    """What holds for all counterparties of a screening; see `ScreeningAnswer`."""

    id: UUID | None
    """Id under which `GET /v1/screenings/{id}` gives it again; null if it is not kept."""
    asked_at: datetime
    """When it was asked, in UTC."""
    as_of: LegalDay
    known_at: KnownDay
    scorer: Scorer
    threshold: Threshold
    limit: HitLimit
    stored: bool
    """Whether the answer is kept."""
    coverage: Coverage
    question: QuestionRecord | None = None
    """The question as it was read, and what the answer comes from; with `asked` of each result it
    is all of it. Null in answers of versions that did not keep it."""


class ScreeningAnswer(ScreeningHead, frozen=True, kw_only=True):
    """A whole screening: everything needed to understand it years later."""

    results: tuple[CounterpartyResult, ...]
    """One for each counterparty, in the order of the question."""
    restrictions: Restrictions
    """Measures that name no company, the same for all; they affect no outcome."""


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
    """The hits for one name. The answer is not stored."""

    name: str
    """The name, as asked."""
    as_of: LegalDay
    known_at: KnownDay
    scorer: Scorer
    threshold: Threshold
    limit: HitLimit
    coverage: Coverage
    outcome: Outcome
    answer: AnswerOfFamily = None
    total: HitTotal
    hits: tuple[Hit, ...]
    """As in a screening: the best `limit` by name, and what an identifier met, best first."""
    delisted: tuple[Hit, ...] = ()
    """As in a screening: parties that had left their list by the day asked about."""
    left: LeftHits = ()
    parties: FoundParties = ()
    parties_note: PartiesNote = None
    warnings: tuple[InputWarning, ...] = ()
    """Likely slips in the question."""
    numbers: tuple[NumberSearched, ...] = ()
    """The numbers within the name, each with the lists that print such numbers."""

    def __post_init__(self) -> None:
        """Give both names of `delisted` its hits."""
        _name_both(self)


class TextAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Every listed name in a text, with its places. The answer is not stored.

    Only whole listed names count, at a score of 0.85 or more, and the numbers of listings. A
    single word that is common, or that is the whole name of a person or, without a word for ships
    before it, of a ship, does not.
    """

    as_of: LegalDay
    known_at: KnownDay
    scorer: Scorer
    threshold: Threshold
    limit: HitLimit
    coverage: Coverage
    outcome: Outcome
    total: HitTotal
    hits: tuple[TextHit, ...]
    """The listings that the text names, best first, with the places of their names."""
    delisted: tuple[TextHit, ...] = ()
    """Of the listings named, those that had left their list by the day asked about."""
    left: tuple[TextHit, ...] = ()
    """Deprecated since 2026-12-01, and may be gone from 2027-12-01: `delisted` has the same."""
    parties: FoundParties = ()
    parties_note: PartiesNote = None
    warnings: tuple[InputWarning, ...] = ()
    """What of the text could be read only in part."""

    def __post_init__(self) -> None:
        """Give both names of `delisted` its hits."""
        _name_both(self)


class PartyAnswer(PartyProfile, frozen=True, kw_only=True):
    """One party: each of its listings on the day asked about, and the state of its lists.

    Parties join the listings of the newest editions, whatever day is asked about; one that had
    left its list by then, or was not on it yet, has no place in `listings`, or says so in its
    standing.
    """

    as_of: LegalDay
    known_at: KnownDay
    listings: tuple[PartyHit, ...]
    """Its listings on the day, each with its measures."""
    coverage: Coverage
    """The state of its lists on the day."""


class ListingAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One listing, its measures on the day asked about, and the state of its list."""

    as_of: LegalDay
    known_at: KnownDay
    listing: Listing
    """The entry, printed as in a `Hit`."""
    licence: TermsOfEntry
    licence_policy: PolicyOfEntry = None
    standing: Standing
    copies: OtherPrints
    measures: MeasuresOnParty
    unknown_programmes: UnknownProgrammes
    on_no_list: OnNoList
    on_list: ListCoverage
    """The state of its list on the day."""


class ListAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One list as it is today, and each publication of it that was ever loaded or tried."""

    coverage: ListCoverage
    editions: tuple[EditionCoverage, ...]
    expected_entries: ExpectedEntries | None = None
