"""A screening question, read and checked, and in it the holdings of owners."""

from collections import defaultdict, deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from numbers import Number
from typing import TYPE_CHECKING, Annotated, Self

import msgspec

from abeyance_screening.engine.lists.listing import EntityType
from abeyance_screening.engine.screening.ownership_findings import PartyNamed
from abeyance_screening.engine.screening.trade.transaction import (
    Country,
    QuestionExtent,
    Transaction,
)
from abeyance_screening.primitives.days import Days
from abeyance_screening.primitives.structs import copy_as

MAX_COUNTERPARTIES = 1000
MAX_NAMES_IN_ALL = 5000
MAX_NAME_LENGTH = 500
MAX_TEXT_LENGTH = 10_000
MAX_SHORT_LENGTH = 200
MAX_ALIASES = 50
MAX_COUNTRIES = 50
MAX_ADDRESSES = 20
MAX_IDENTIFIERS = 20
MAX_LIMIT = 500
DEFAULT_LIMIT = 10
# A contract names more parties than a name does.
DEFAULT_TEXT_LIMIT = 100
MAX_OWNERS = 200
MAX_OWNER_DEPTH = 10
# A share is in percent.
WHOLE_SHARE = Decimal(100)
# Nobody states a share more exactly, and 200 such shares add up exactly in 28 digits.
MAX_SHARE_DECIMALS = 12
# What the shares of one party may add up to: an excess beyond rounding is a mistake.
MAX_SHARES_IN_ALL = Decimal(101)
# Hits worked out for one question, shown or not; at some 4 kB each, memory allows no more.
MAX_HITS_IN_ALL = 20_000


NameText = Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_NAME_LENGTH)]
ShortText = Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_SHORT_LENGTH)]
BIRTH_DATE = "^(1[89]|20)[0-9]{2}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$"
BirthDate = Annotated[
    str, msgspec.Meta(pattern=BIRTH_DATE, description="1952-10-07, 1952-10 or 1952")
]
Countries = Annotated[tuple[Country, ...], msgspec.Meta(max_length=MAX_COUNTRIES)]
"""Countries, as ISO 3166-1 alpha-2 codes; they order hits."""

# At run time an abstract type, of which `Decimal` is one: each decoder reads it by a hook
# of its own. Their own `Decimal` takes whatever Python's does: `"5_0"`, `" 50 "`,
# full-width digits, a megabyte of digits.
if TYPE_CHECKING:
    Percent = Decimal
else:
    Percent = Number


def read_percent(kind: type, value: object) -> Decimal:
    """Read a `Percent` that a table has or that was stored, as the `dec_hook` of msgspec.

    Raises:
        ValueError: It is no number.
    """
    if kind is not Percent:
        raise NotImplementedError
    try:
        return msgspec.convert(value, Decimal, strict=False)
    except msgspec.ValidationError as error:
        raise ValueError(str(error)) from None


class PartyIdentifier(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A number of the counterparty.

    What kind and country are keeps a number from matching one of another kind or country with the
    same digits.
    """

    value: ShortText
    """The number or code."""
    kind: ShortText | None = None
    """What its issuer calls it, in any words: "INN", "Tax ID No.", "IMO number"."""
    country: Country | None = None
    """Who issued it: ISO 3166-1 alpha-2."""


class Counterparty(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A company or person to be screened; all but names and numbers only orders what is found."""

    name: NameText
    """The name. Numbers within it count as identifiers too ("OCEAN STAR, IMO 9187629"); one whose
    check digits are right needs no label."""
    id: ShortText | None = None
    """Your own id, which is returned unchanged."""
    aliases: Annotated[tuple[NameText, ...], msgspec.Meta(max_length=MAX_ALIASES)] = ()
    """Other names, each of which is searched."""
    entity_type: EntityType | None = None
    """The type of party, if known: it orders hits, except that a firm or ship with only some of a
    person's names scores less."""
    countries: Countries = ()
    addresses: Annotated[tuple[NameText, ...], msgspec.Meta(max_length=MAX_ADDRESSES)] = ()
    """Addresses, in any form; they order hits."""
    identifiers: Annotated[
        tuple[PartyIdentifier, ...], msgspec.Meta(max_length=MAX_IDENTIFIERS)
    ] = ()
    """Numbers that somebody issued to it; they find listings whatever the names. One that may be a
    name is searched as one too."""
    owners: Annotated[tuple["Owner", ...], msgspec.Meta(max_length=MAX_OWNERS)] = ()
    """Its owners, who are screened as well."""
    birth_date: BirthDate | None = None
    """Date of birth of a person, whole or in part: `1952-10-07`, `1952-10` or `1952`; it orders
    hits."""

    @property
    def in_words(self) -> str | None:
        """All but the name and the id, or None: `aliases: A; B | countries: DE`."""
        fields: tuple[tuple[str, Iterable[str]], ...] = (
            ("aliases", self.aliases),
            ("type", () if self.entity_type is None else (self.entity_type,)),
            ("countries", self.countries),
            ("addresses", self.addresses),
            ("birth date", () if self.birth_date is None else (self.birth_date,)),
            ("numbers", (f"{each.kind or 'number'} {each.value}" for each in self.identifiers)),
            ("owners", (each.with_share for each in self.owners)),
        )
        parts = [f"{field}: {text}" for field, texts in fields if (text := "; ".join(texts))]
        return " | ".join(parts) or None


class Owner(Counterparty, frozen=True, kw_only=True):
    """An owner of a part of a counterparty, or of another owner, with the owner's own owners.

    Owners with the same `id` are one party; one without an `id` is the party that has its name,
    with an `id` or without.
    """

    share: (
        Annotated[
            Percent,
            msgspec.Meta(
                description="Percent; a number, or a string with one in plain decimal notation",
                extra_json_schema={"minimum": 0, "maximum": 100},
            ),
        ]
        | None
    ) = None
    """Percent held, as a number or as a string in plain decimal notation; left out if nobody knows
    it."""
    control: bool | None = None
    """Whether the owner controls it by other means than the share; left out if nobody knows."""

    @property
    def with_share(self) -> str:
        """The name, and the share where one is stated: `Rostec 60 %`."""
        return self.name if self.share is None else f"{self.name} {self.share} %"


class QuestionTerms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a question is to be answered, whatever it is about.

    What is left out is as the caller's key says, or as usual.
    """

    lists: Annotated[tuple[ShortText, ...], msgspec.Meta(min_length=1)] | None = None
    """Codes of the lists to search, which are then all required; every list if left out."""
    profile: Annotated[tuple[ShortText, ...], msgspec.Meta(min_length=1)] | None = None
    """Profiles whose lists must be fresh for the answer to be complete, such as `us` or `us` and
    `eu`; if left out, those of the account, or else of the installation. All lists are searched
    either way, so that it cannot be given with `lists`."""
    as_of: date | None = None
    """The legal day asked about; today in each authority's time zone if left out."""
    known_at: date | None = None
    """A date: only what was public on this day counts; today if left out."""
    at: datetime | None = None
    """The moment that decides which day is today where `as_of` or `known_at` is left out:
    `2026-11-10T02:00:00Z`; now if left out."""
    since: date | None = None
    """An earlier day: each hit then shows what changed after it."""
    threshold: Annotated[float, msgspec.Meta(ge=0, le=1)] | None = None
    """The lowest score of a hit, in [0, 1]; 0.6 unless the key says otherwise."""
    limit: Annotated[int, msgspec.Meta(ge=1, le=MAX_LIMIT)] | None = None
    """The most hits by name for one counterparty; 10 if left out, 100 for a text. `total` counts
    all."""


class ScreeningTerms(QuestionTerms, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All that a screening asks, but for whom it asks about."""

    transaction: Transaction | None = None
    """What they trade; it finds measures that name no company and changes no hit."""
    questions: QuestionExtent = "first"
    """Which open questions on the trade to answer with: `first`, the six that decide most, or
    `all`."""
    store: bool | None = None
    """False keeps nothing of it, and the answer has no `id`; left out, it is kept unless the key
    or the service keeps nothing."""


class ScreeningQuestion(ScreeningTerms, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A screening of up to 1,000 counterparties."""

    counterparties: Annotated[
        tuple[Counterparty, ...], msgspec.Meta(min_length=1, max_length=MAX_COUNTERPARTIES)
    ]
    """Whom to screen."""

    @classmethod
    def of(cls, terms: QuestionTerms, *counterparties: Counterparty) -> Self:
        """Return the question about these counterparties with terms that were given apart."""
        return copy_as(
            cls,
            terms,
            counterparties=counterparties,
            transaction=None,
            questions="first",
            store=None,
        )


class SearchQuestion(QuestionTerms, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A search for one name, with its settings."""

    name: NameText
    """The name to search."""
    countries: Countries = ()
    entity_type: EntityType | None = None
    birth_date: BirthDate | None = None
    """Date of birth of a person: `1952-10-07`, `1952-10` or `1952`; it orders hits."""


class TextQuestion(QuestionTerms, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A text in which listed names are looked for, with its settings."""

    text: Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_TEXT_LENGTH)]
    """The text, such as a payment message or a contract."""


class CompleteTerms(msgspec.Struct, frozen=True, kw_only=True):
    """How a question is answered: nothing is left open."""

    lists: tuple[str, ...] | None
    """Codes of the lists searched; null for every list."""
    profile: tuple[str, ...] | None = None
    """Profiles whose lists are required; null for what the installation requires."""
    days: Days
    since: Days | None
    """The earlier day, and what was known on it, to show what changed in each hit since."""
    threshold: float
    """The lowest score of a hit, in [0, 1]."""
    limit: int
    """The most hits by name for one counterparty; `total` counts all."""
    transaction: Transaction | None = None
    """What the counterparties trade; null if that was not described. It finds measures that name
    no company and changes no hit."""
    questions: QuestionExtent = "first"
    """Which open questions on the trade are returned."""


class Question(CompleteTerms, frozen=True, kw_only=True):
    """A question, complete."""

    counterparties: tuple[Counterparty, ...]


# --- Holdings: who holds what of whom, with each party, and each holding, once.


class OwnerPlace(msgspec.Struct, frozen=True):
    """An owner in one place of the question: at `position` among the owners of `parent`.

    `parent` None means that it owns the counterparty itself, at `depth` 1.
    """

    owner: Owner
    position: int
    parent: Self | None
    depth: int

    @property
    def path(self) -> str:
        """The place as a field of the counterparty: `owners[0].owners[1]`."""
        own = f"owners[{self.position}]"
        return own if self.parent is None else f"{self.parent.path}.{own}"


COUNTERPARTY = "the counterparty"
NOTHING = Decimal(0)
type _Lists = defaultdict[int, list[Owner]]
"""What each list of owners states of one of them, by the identity of the list."""


class Stake(msgspec.Struct, frozen=True, kw_only=True):
    """What `owner` holds of `owned`, both by their keys.

    `share` is the stated percentage; `complete` is False if at least a part is not stated.
    `conflicting` means that places contradict each other: then the largest share is used, and
    control if any place states it.
    """

    owner: str
    owned: str
    share: Decimal
    complete: bool
    control: bool | None
    conflicting: bool


class OwnerParty(msgspec.Struct, frozen=True):
    """One owner with all its places, in the order of the question."""

    places: tuple[OwnerPlace, ...]

    @property
    def named(self) -> PartyNamed:
        """The party's name in its first place, and the first of its ids."""
        return PartyNamed(id=next(iter(self.ids), None), name=self.places[0].owner.name)

    @property
    def ids(self) -> tuple[str, ...]:
        """Every id that the question gives the party."""
        ids = (place.owner.id for place in self.places)
        return tuple(dict.fromkeys(each for each in ids if each is not None))

    @property
    def names(self) -> tuple[str, ...]:
        """Every main name that the question gives the party."""
        return tuple(dict.fromkeys(place.owner.name for place in self.places))

    @property
    def asked(self) -> Counterparty:
        """Everything that the question states of the party, as one counterparty to look for."""
        owners = [place.owner for place in self.places]
        name, *others = self.names
        aliases = (*others, *(alias for each in owners for alias in each.aliases))
        return Counterparty(
            name=name,
            id=self.named.id,
            aliases=tuple(dict.fromkeys(aliases)),
            entity_type=next((each.entity_type for each in owners if each.entity_type), None),
            countries=tuple(dict.fromkeys(each for one in owners for each in one.countries)),
            addresses=tuple(dict.fromkeys(each for one in owners for each in one.addresses)),
            identifiers=tuple(dict.fromkeys(each for one in owners for each in one.identifiers)),
            birth_date=next((each.birth_date for each in owners if each.birth_date), None),
        )


class _Statement(msgspec.Struct, frozen=True, order=True):
    """What one list of owners states of a share; the greater one is used."""

    share: Decimal
    complete: bool


def places(counterparty: Counterparty) -> Iterator[OwnerPlace]:
    """Yield every place, level by level: first the counterparty's own owners, then theirs.

    Places are made on demand, so that a caller may stop at one that is too deep.
    """
    waiting: deque[tuple[Counterparty, OwnerPlace | None]] = deque([(counterparty, None)])
    while waiting:
        owned, parent = waiting.popleft()
        depth = 1 if parent is None else parent.depth + 1
        for position, owner in enumerate(owned.owners):
            place = OwnerPlace(owner, position, parent, depth)
            yield place
            waiting.append((owner, place))


class Parties:
    """Identifies the party of each owner by a key.

    Owners with one id are one party, and so are those of one name that have no id. An owner
    without an id is the party with an id that has its name. If several have that name, it cannot
    be known which one it is, and all of them are treated as one, for separately they would hold
    less. An owner with the name of the counterparty, and with its id or none, is the counterparty
    itself, unless an owner with another id has that name.
    """

    def __init__(self, counterparty: Counterparty, name_key: Callable[[str], str]) -> None:
        self._root_id, self._root_name = counterparty.id, name_key(counterparty.name)
        self._name_key = name_key
        owners = [place.owner for place in places(counterparty)]
        ids: defaultdict[str, set[str]] = defaultdict(set)
        for owner in owners:
            if owner.id is not None and not self._is_root(owner):
                ids[name_key(owner.name)].add(owner.id)
        bare = {name_key(owner.name) for owner in owners if owner.id is None}
        self._ids_of = dict(ids)
        self._joined = _joined([ids[name] for name in sorted(bare & ids.keys())])

    def key(self, owner: Owner) -> str:
        """Return the key of the owner's party.

        It is the least of the party's ids, its name if it has none, or COUNTERPARTY.
        """
        name = self._name_key(owner.name)
        if owner.id is None and name in self._ids_of:
            ids = self._ids_of[name]
        elif self._is_root(owner):
            return COUNTERPARTY
        elif owner.id is None:
            return f"named {name}"
        else:
            ids = {owner.id}
        return f"id {min(min(self._joined.get(each, {each})) for each in ids)}"

    def _is_root(self, owner: Owner) -> bool:
        is_named_so = self._name_key(owner.name) == self._root_name
        return is_named_so and owner.id in {None, self._root_id}


class Holdings:
    """What a counterparty's owners state, searchable by owner and by what is owned.

    `owners` has every owner once, in the order of the question, by the key of its party. `rests`
    are what of each party with owners their stated shares do not account for, in percent.
    """

    def __init__(self, counterparty: Counterparty, name_key: Callable[[str], str]) -> None:
        self._root = PartyNamed(id=counterparty.id, name=counterparty.name)
        self._parties = Parties(counterparty, name_key)
        found: defaultdict[str, list[OwnerPlace]] = defaultdict(list)
        for place in places(counterparty):
            found[self._parties.key(place.owner)].append(place)
        self.owners: Mapping[str, OwnerParty] = {
            key: OwnerParty(tuple(found_at)) for key, found_at in found.items()
        }
        self.stakes = tuple(self._stakes())
        self._of, self._into = _grouped(self.stakes)
        self.rests: Mapping[str, Decimal] = {
            owned: max(NOTHING, WHOLE_SHARE - sum((each.share for each in stakes), NOTHING))
            for owned, stakes in self._into.items()
        }

    def of(self, owner: str) -> tuple[Stake, ...]:
        """Return what a party holds of others, by their keys."""
        return self._of.get(owner, ())

    def into(self, owned: str) -> tuple[Stake, ...]:
        """Return what others hold of a party, by their keys."""
        return self._into.get(owned, ())

    def named(self, key: str) -> PartyNamed:
        """Return the name and id of the party with that key."""
        return self._root if key == COUNTERPARTY else self.owners[key].named

    def owned_at(self, place: OwnerPlace) -> str:
        """Return the key of what the owner in that place owns."""
        return COUNTERPARTY if place.parent is None else self._parties.key(place.parent.owner)

    def _stakes(self) -> Iterable[Stake]:
        """Yield one stake for each pair; within one list of owners its shares add up.

        The same pair in another list, because its party has several places, is the same stake
        stated again; but not if several ids are treated as one party, each with a stake.
        """
        stated: defaultdict[tuple[str, str], defaultdict[str | None, _Lists]]
        stated = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
        for key, party in self.owners.items():
            several = len(party.ids) > 1
            for place in party.places:
                holder = place.owner.id if several else None
                stated[key, self.owned_at(place)][holder][id(place.parent)].append(place.owner)
        for (owner, owned), holders in stated.items():
            yield _stake(owner, owned, [list(lists.values()) for lists in holders.values()])


def _joined(groups: Collection[Collection[str]]) -> Mapping[str, Collection[str]]:
    """Return all ids that are joined with each, by one group or through several that overlap."""
    joined: dict[str, set[str]] = {}
    for group in groups:
        whole = set(group).union(*(joined.get(each, ()) for each in group))
        joined |= dict.fromkeys(whole, whole)
    return joined


def _grouped(
    stakes: Iterable[Stake],
) -> tuple[Mapping[str, tuple[Stake, ...]], Mapping[str, tuple[Stake, ...]]]:
    """Return the stakes by owner and by what is owned, each ordered by the other end's keys."""
    by_owner: defaultdict[str, list[Stake]] = defaultdict(list)
    by_owned: defaultdict[str, list[Stake]] = defaultdict(list)
    for stake in sorted(stakes, key=lambda each: (each.owner, each.owned)):
        by_owner[stake.owner].append(stake)
        by_owned[stake.owned].append(stake)
    return (
        {key: tuple(each) for key, each in by_owner.items()},
        {key: tuple(each) for key, each in by_owned.items()},
    )


def _stake(owner: str, owned: str, holders: Iterable[list[list[Owner]]]) -> Stake:
    stated = [[_statement(entries) for entries in lists] for lists in holders]
    used = [max(each) for each in stated]
    controls = {each.control for lists in holders for entries in lists for each in entries} - {
        None
    }
    differs = any(
        each.complete and each.share != most.share
        for statements, most in zip(stated, used, strict=True)
        for each in statements
    )
    return Stake(
        owner=owner,
        owned=owned,
        share=sum((each.share for each in used), NOTHING),
        complete=all(each.complete for each in used),
        control=None if not controls else True in controls,
        conflicting=differs or len(controls) > 1,
    )


def _statement(entries: Iterable[Owner]) -> _Statement:
    shares = [each.share for each in entries]
    known = [share for share in shares if share is not None]
    return _Statement(sum(known, NOTHING), len(known) == len(shares))


class QuestionDefaults(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a question with this key asks where it says nothing itself."""

    lists: tuple[str, ...] | None = None
    """Codes of the lists to search; null for all of them."""
    threshold: float | None = None
    """The lowest score of a hit; null for that of the service."""
    store: bool = True
    """False if no question with this key is kept."""
