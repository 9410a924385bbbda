"""A counterparty that is watched: what is kept of it, and what it is answered from."""

import hashlib
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Literal, Self, cast

import msgspec

from abeyance_screening.engine.names.match import DEFAULT_THRESHOLD
from abeyance_screening.engine.screening.answer import Outcome
from abeyance_screening.engine.screening.question import (
    MAX_LIMIT,
    Counterparty,
    Question,
    QuestionDefaults,
    QuestionTerms,
    read_percent,
)
from abeyance_screening.engine.screening.watched.standing import DEFAULT_LEADS, StandingAnswer
from abeyance_screening.primitives.days import ZONES, Days
from abeyance_screening.primitives.errors import BadInputError
from abeyance_screening.primitives.structs import copy_as

MOST_LEADS = 10
LeadDay = Annotated[int, msgspec.Meta(ge=1, le=365)]
OutcomeIfFresh = Literal["hits", "owner_hits", "no_hits", "incomplete"]

_encode = msgspec.json.Encoder(order="deterministic").encode


class WatchedCounterparty(Counterparty, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A counterparty to watch: the fields of one in a screening, and how it is watched.

    Its `id` is that of the address; in the body it may be left out.
    """

    lists: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)] | None = None
    """Codes of the lists to search, which are then all required; those of the key or every list if
    left out."""
    threshold: Annotated[float, msgspec.Meta(ge=0, le=1)] | None = None
    """The lowest score of a hit, in [0, 1]; that of the key or the service if left out."""
    profile: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)] | None = None
    """Profiles (`us`, `eu`) whose lists are required; those of the account or the installation if
    left out. Not together with `lists`."""
    lead_days: Annotated[tuple[LeadDay, ...], msgspec.Meta(max_length=MOST_LEADS)] | None = None
    """How many days ahead a change of the law is told: 30, 7 and 1 if left out."""

    @property
    def leads(self) -> tuple[int, ...]:
        """The lead days, those in use where none are given."""
        return DEFAULT_LEADS if self.lead_days is None else self.lead_days

    @property
    def terms(self) -> str | None:
        """The lists or profiles that it is asked about on, as a key; None if it names neither."""
        if self.lists is None and self.profile is None:
            return None
        return _encode((self.lists, self.profile)).decode()

    @property
    def asked(self) -> Counterparty:
        """What is asked about it, as in a screening."""
        return copy_as(Counterparty, self)

    def filled(self, key: str, defaults: QuestionDefaults) -> Self:
        """Return it under its id, with the lists and the threshold that are left to the caller."""
        threshold = defaults.threshold if self.threshold is None else self.threshold
        return msgspec.structs.replace(
            self,
            id=key,
            lists=defaults.lists if self.lists is None and self.profile is None else self.lists,
            threshold=DEFAULT_THRESHOLD if threshold is None else threshold,
            lead_days=None
            if self.lead_days is None
            else tuple(sorted(set(self.lead_days), reverse=True)),
        )

    def question(self, days: Days) -> Question:
        """Return the question on a day that finds all of its hits."""
        return Question(
            counterparties=(self.asked,),
            lists=self.lists,
            days=days,
            since=None,
            threshold=DEFAULT_THRESHOLD if self.threshold is None else self.threshold,
            limit=MAX_LIMIT,
        )

    def write(self) -> bytes:
        """Return it as JSON, the same for equal ones."""
        return _encode(self)


_decode_terms = msgspec.json.Decoder(tuple[tuple[str, ...] | None, tuple[str, ...] | None]).decode


def terms_read(terms: str) -> QuestionTerms:
    """Return the terms of a question for a key of `WatchedCounterparty.terms`, "" for none."""
    lists, profile = _decode_terms(terms) if terms else (None, None)
    return QuestionTerms(lists=lists, profile=profile)


_NO_IDS = frozenset({".", ".."})
_NOT_IN_IDS = frozenset({"Cc", "Cs", "Zl", "Zp"})
# They turn the text around that follows. The marks are of the classes of letters.
_TURNING = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})
_MARKS = frozenset({"\u061c", "\u200e", "\u200f"})
NUL = "\0"


def check_new_id(key: str) -> None:
    """Check an id under which no counterparty is on record yet; every other sign is taken.

    Raises:
        BadInputError: It has a control sign or one that turns text around, or is a step of a path.
    """
    if key in _NO_IDS:
        raise BadInputError("id", f"is {key!r}, which browsers and proxies leave out of addresses")
    for sign in key:
        if (
            unicodedata.category(sign) in _NOT_IN_IDS
            or unicodedata.bidirectional(sign) in _TURNING
            or sign in _MARKS
        ):
            reason = f"has U+{ord(sign):04X}, a sign that controls text and is not seen"
            raise BadInputError("id", reason)


def check_no_nul(value: object, at: str) -> None:
    """Check that no text within a value has the character NUL, which PostgreSQL cannot keep.

    Raises:
        BadInputError: One has; the field names it.
    """
    if isinstance(value, str):
        if NUL in value:
            raise BadInputError(at, "has the character NUL, which cannot be kept")
    elif isinstance(value, dict):
        for name, each in cast("dict[str, object]", value).items():
            check_no_nul(each, f"{at}.{name}" if at else name)
    elif isinstance(value, list | tuple):
        for place, each in enumerate(cast("Sequence[object]", value)):
            check_no_nul(each, f"{at}[{place}]")


read_watched = msgspec.json.Decoder(WatchedCounterparty, dec_hook=read_percent).decode


def digest_of(body: bytes) -> bytes:
    """Return what tells whether a counterparty is another one than before."""
    return hashlib.sha256(body).digest()


class World(msgspec.Struct, frozen=True, kw_only=True):
    """All that an answer comes from: lists, register, days and scorer.

    `edition` is the id of the newest edition that applies on the day, `register` grows with each
    change of the register, `scorer` is the release of the scorer.
    """

    edition: int
    register: int
    days: Days
    scorer: int

    def is_behind(self, other: Self) -> bool:
        """Return whether lists, register or any day here are older than in the other.

        The scorer counts on neither side, so that a program can be put back to an earlier release.
        """
        if self.edition < other.edition or self.register < other.register:
            return True
        return any(_is_earlier(self.days, other.days, each) for each in ("", *ZONES))

    @property
    def days_text(self) -> str:
        """The days as text, equal for equal days."""
        return _encode(self.days).decode()


def _is_earlier(days: Days, other: Days, jurisdiction: str) -> bool:
    return days.of(jurisdiction)[0] < other.of(jurisdiction)[0]


class StoredCounterparty(msgspec.Struct, frozen=True, kw_only=True):
    """A row of a counterparty; `standing` is what was last told of its answer, None if nothing.

    `world` is what that came from. `turn` counts how often the answer has changed.
    """

    key: int
    account: str
    id: str
    watched: WatchedCounterparty
    digest: bytes
    revision: int
    added_at: datetime
    changed_at: datetime
    pending: bool
    standing: StandingAnswer | None
    lookups: bytes | None
    turn: int
    screened_at: datetime | None
    world: World | None


class ListedCounterparty(msgspec.Struct, frozen=True, kw_only=True):
    """A counterparty in a list of them."""

    id: str
    """Your own id."""
    name: str
    """Its name."""
    revision: int
    """Number of the revision, which each change of it makes larger."""
    pending: bool
    """True until it has been screened as it is now."""
    outcome: Outcome | None
    """What the answer is, that of `GET /v1/counterparties/{counterparty_id}` at this moment:
    without a hit it is `incomplete` while a list that it requires is missing or too old, though
    none was when it was screened. Null while it is `pending`."""
    hits: int
    """How many hits it and its owners have, as last told."""
    added_at: datetime
    """When it was registered, in UTC."""
    changed_at: datetime
    """When it was last changed, in UTC."""
    screened_at: datetime | None
    """When it was last screened, in UTC; null if never."""


class ListedQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which counterparties are wanted; None lets every value through.

    `covered` are the terms on which all required lists are fresh now, "" for those of the account:
    on others finding nothing says nothing.
    """

    covered: frozenset[str] = frozenset()

    after: str | None = None
    part: str | None = None
    outcome: Outcome | None = None
    pending: bool | None = None


def outcome_if_fresh(standing: StandingAnswer) -> OutcomeIfFresh:
    """Return what a standing answer amounts to where every list is fresh."""
    if standing.own_hits:
        return "hits"
    if standing.hits:
        return "owner_hits"
    return "no_hits" if standing.is_sure else "incomplete"


def latest_day(days: Days) -> date:
    """Return the latest day that is today anywhere."""
    return max((days.as_of, *(day for _, day in days.as_of_by)))
