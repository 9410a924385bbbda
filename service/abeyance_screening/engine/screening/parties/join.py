"""Join listings into parties: the strongest evidence first, and nothing that contradicts it."""

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from importlib.resources import files
from itertools import combinations

import msgspec

from abeyance_screening.engine.lists.titles import list_title
from abeyance_screening.engine.names.form import normalise
from abeyance_screening.engine.screening.answer import PartyBeside, PartyLink
from abeyance_screening.engine.screening.identifiers import Number, meet
from abeyance_screening.engine.screening.parties.joined_party import (
    JoinedParty,
    OwnerLink,
    PartyKnown,
)
from abeyance_screening.engine.screening.parties.said_owners import OwnerMention
from abeyance_screening.engine.screening.parties.traits import (
    NOT_BRANDED,
    STRENGTH,
    CurrentListing,
    InCommon,
    Judged,
    ListingTraits,
    against,
    are_abroad,
    are_entered_twice,
    are_printed_alike,
    judge,
    key_of,
    traits_of,
)
from abeyance_screening.primitives.days import Rest, no_rest, paced

# A name, number or reference that more listings carry says nothing of any of them.
_MOST_HOLDERS = 60
# A party that a listing names as its parent, or is linked to, is not looked up under a name that
# more listings have.
_MOST_NAMESAKES = 5
# A rare word that more parties have beside Group, Technology or a place is no brand of one firm.
_MOST_OF_STEM = 12
# A shared name that weighs less is no reason to show two parties beside each other.
_LEAST_BESIDE = 0.9
# The same for a name by which one of the two lists calls the party: DJI weighs .86.
_LEAST_OF_PRIMARY = 0.8
# So many other parties are kept beside one, the likeliest first.
_MOST_BESIDE = 20
# How an owner's own listing says that it owns another party.
_OWNS = "subsidiary, by the owner's entry"


class Grouping(msgspec.Struct, frozen=True):
    """Which listings are one party.

    `members` has the listing ids of each party, lowest first, by the party's id, which is that of
    its lowest listing; `party_of` has the party of each listing. `links`, `perhaps`, `related` and
    `owners` are by the party's id, and leave out parties without any.
    """

    members: Mapping[str, tuple[str, ...]]
    party_of: Mapping[str, str]
    links: Mapping[str, tuple[PartyLink, ...]]
    perhaps: Mapping[str, tuple[PartyBeside, ...]]
    related: Mapping[str, tuple[PartyBeside, ...]]
    owners: Mapping[str, tuple[OwnerLink, ...]]


type _Pair = tuple[int, int]
type _Beside = dict[int, dict[int, str]]


class _JoinRequest(msgspec.Struct, frozen=True):
    """The traits of all listings, and operators' words on pairs, which go before evidence."""

    traits: msgspec.Raw
    splits: tuple[tuple[str, ...], ...]
    joins: tuple[tuple[str, ...], ...]


_RULES = ("join.py", "traits.py", "programmes.py", "said_owners.py")
# The sign of msgpack for an array with a count of four bytes.
_ARRAY = b"\xdd"


def write_traits(listings: Iterable[CurrentListing], rest: Rest = no_rest) -> bytearray:
    """Return what listings print that says who they are, one after another: 24 MB for 45,000.

    It is the same in every process that holds the same listings.
    """
    encoder = msgspec.msgpack.Encoder(order="deterministic")
    traits, count = bytearray(_ARRAY + bytes(4)), 0
    for each in paced(listings, rest):
        encoder.encode_into(traits_of(each), traits, len(traits))
        count += 1
    traits[1:5] = count.to_bytes(4, "big")
    return traits


def write_request(
    traits: bytes | bytearray,
    splits: Collection[frozenset[str]],
    joins: Collection[frozenset[str]] = (),
) -> bytes:
    """Return what `join_parties` needs: what `write_traits` wrote, and operators' words."""
    apart, one = (tuple(sorted(tuple(sorted(pair)) for pair in each)) for each in (splits, joins))
    return msgspec.msgpack.encode(
        _JoinRequest(msgspec.Raw(traits), apart, one), order="deterministic"
    )


def basis_of(request: bytes) -> bytes:
    """Return the SHA-256 of what `write_request` wrote and of the rules by which it is joined."""
    digest = sha256(request)
    for name in _RULES:
        digest.update(
            files("abeyance_screening.engine.screening.parties").joinpath(name).read_bytes()
        )
    return digest.digest()


def join_parties(request: bytes) -> bytes:
    """Return the parties of several listings, or with others beside them, as `JoinedParty`.

    The result does not depend on the order of the listings. Those of one list are joined only if
    the list has entered one party twice. Links are drawn from the strongest evidence to the
    weakest, within that by listing ids. A link is not drawn if anything on one side contradicts
    anything on the other.

    Joining needs some 100 MB for 45,000 listings, most of which a process that joins keeps
    although it no longer needs them. So a service lets another process do it.
    """
    written = msgspec.msgpack.decode(request, type=_JoinRequest)
    traits = msgspec.msgpack.decode(written.traits, type=list[ListingTraits])
    traits.sort(key=lambda each: each.listing_id)
    words = (frozenset(map(frozenset[str], each)) for each in (written.splits, written.joins))
    found = _Joining(traits, *words).grouping()
    known = found.links.keys() | found.perhaps.keys() | found.related.keys() | found.owners.keys()
    several = {party for party, some in found.members.items() if len(some) > 1}
    encoder = msgspec.msgpack.Encoder()
    parties = [
        JoinedParty(
            id=party,
            members=found.members[party],
            beside=msgspec.Raw(encoder.encode(_known_in(found, party))),
        )
        for party in sorted(several | known)
    ]
    return encoder.encode(parties)


def _known_in(grouping: Grouping, party: str) -> PartyKnown:
    return PartyKnown(
        grouping.links.get(party, ()),
        grouping.perhaps.get(party, ()),
        grouping.related.get(party, ()),
        grouping.owners.get(party, ()),
    )


class _Joining:
    """One computation of all parties; places are those of the sorted listings."""

    def __init__(
        self,
        traits: Sequence[ListingTraits],
        splits: Collection[frozenset[str]],
        joins: Collection[frozenset[str]],
    ) -> None:
        self._traits = traits
        self._place = {each.listing_id: number for number, each in enumerate(traits)}
        self._splits, self._joins = self._places_of(splits), self._places_of(joins)
        self._parent = list(range(len(traits)))
        self._parts: dict[int, list[int]] = {}
        self._by_key = _holders(traits, lambda each: each.names)
        self._links: list[tuple[int, PartyLink]] = []
        self._perhaps: _Beside = {}
        self._related: _Beside = {}
        self._owners: list[tuple[int, int, OwnerMention, int]] = []

    def _places_of(self, pairs: Collection[frozenset[str]]) -> set[_Pair]:
        return {
            _pair(*(self._place[each] for each in pair))
            for pair in pairs
            if len(pair) > 1 and pair <= self._place.keys()
        }

    def grouping(self) -> Grouping:
        """Join everything, and return who is whose party."""
        meetings = self._meetings()
        for pair in sorted(self._joins - self._splits):
            self._draw(pair, Judged("operator", "as recorded"))
        self._join_doubles()
        apart = self._keys_apart()
        judged: dict[_Pair, Judged] = {}
        for pair, meeting in meetings.items():
            shown = self._consider(pair, meeting, apart)
            if shown is not None:
                judged[pair] = shown
        self._set_ties_aside(judged)
        for pair in sorted(judged, key=lambda each: _order(each, judged)):
            self._draw(pair, judged[pair])
        self._relate()
        self._own()
        self._note_stems()
        return self._grouped()

    # --- Who meets whom, and what that shows.

    def _meetings(self) -> dict[_Pair, InCommon]:
        meetings: dict[_Pair, InCommon] = {}
        for key, places in self._by_key.items():
            for pair in _pairs(places):
                _meeting(meetings, pair).keys.append(key)
        for reference, places in _holders(self._traits, lambda each: each.references).items():
            for pair in _pairs(places):
                _meeting(meetings, pair).references.append(reference)
        for holders in self._by_number().values():
            if len(holders) <= _MOST_HOLDERS:
                self._meet_by_number(meetings, holders)
        return meetings

    def _by_number(self) -> dict[str, list[tuple[int, Number]]]:
        held: dict[str, list[tuple[int, Number]]] = {}
        for place, traits in enumerate(self._traits):
            for number in traits.numbers:
                held.setdefault(number.key, []).append((place, number))
        return held

    def _meet_by_number(
        self, meetings: dict[_Pair, InCommon], holders: list[tuple[int, Number]]
    ) -> None:
        """Let the holders of a number meet; where one list has several, only those of one name."""
        lists = [self._traits[place].list_code for place in {place for place, _ in holders}]
        is_crowded = len(set(lists)) < len(lists)
        for (here, one), (there, other) in combinations(holders, 2):
            if here != there and meet(one, other):
                pair = _pair(here, there)
                if not is_crowded or pair in meetings:
                    _meeting(meetings, pair).numbers.append(one if one.kind else other)
                elif self._are_of_one_list(pair):
                    reason = f"one list prints the number {one.key} for both"
                    _note(self._related, pair, reason)

    def _consider(
        self, pair: _Pair, meeting: InCommon, apart: Mapping[str, frozenset[str]]
    ) -> Judged | None:
        """Return what a meeting settles, or note that it may be one party; None for the latter."""
        one, other = (self._traits[place] for place in pair)
        if self._are_of_one_list(pair):
            self._keep_apart(pair, meeting)
            return None
        if against(one, other) is not None:
            return None
        lists = {one.list_code, other.list_code}
        shared = {
            key
            for key in meeting.keys
            if not lists.isdisjoint(apart.get(key, ()))
            and not (are_printed_alike(one, other, key) and self._is_alone(pair, key))
        }
        shown = judge(one, other, meeting, shared)
        if shown.kind is None:
            if self._is_worth_noting(pair, meeting):
                _note(self._perhaps, pair, f"both are named {shown.met}")
            return None
        return shown

    def _is_alone(self, pair: _Pair, key: str) -> bool:
        """Return whether no other entry of the two lists is called by a name with its form."""
        forms = self._traits[pair[0]].names[key].legal_forms
        lists = {self._traits[place].list_code for place in pair}
        return not any(
            place not in pair
            and self._traits[place].list_code in lists
            and self._traits[place].names[key].is_primary
            and self._traits[place].names[key].legal_forms == forms
            and self._root(place) not in {self._root(each) for each in pair}
            for place in self._by_key[key]
        )

    def _set_ties_aside(self, judged: dict[_Pair, Judged]) -> None:
        """Take out links by a shared name that are no better than another to the same list."""
        best: dict[tuple[int, str], list[tuple[int, int]]] = {}
        for pair, shown in judged.items():
            for here, there in (pair, pair[::-1]):
                code = self._traits[there].list_code
                strength = _strength(shown)
                best.setdefault((here, code), []).append((strength, self._root(there)))
        for pair, shown in [each for each in judged.items() if each[1].is_shared]:
            if any(
                strength >= _strength(shown) and root != self._root(there)
                for here, there in (pair, pair[::-1])
                for strength, root in best[here, self._traits[there].list_code]
            ):
                del judged[pair]
                reason = f"both are named {shown.met}, and so are others of the same list"
                _note(self._perhaps, pair, reason)

    def _keep_apart(self, pair: _Pair, meeting: InCommon) -> None:
        if self._root(pair[0]) == self._root(pair[1]):
            return
        one, other = (self._traits[place] for place in pair)
        if one.entity_type == other.entity_type == "person":
            return
        if meeting.numbers:
            reason = f"one list prints the number {meeting.numbers[0].key} for both"
            _note(self._related, pair, reason)
        elif self._is_worth_noting(pair, meeting):
            name = one.names[meeting.keys[0]].printed
            _note(self._related, pair, f"one list has both under the name {name}")

    def _is_worth_noting(self, pair: _Pair, meeting: InCommon) -> bool:
        one, other = (self._traits[place].names for place in pair)
        return any(
            one[key].weight >= _LEAST_BESIDE
            or (
                one[key].weight >= _LEAST_OF_PRIMARY
                and (one[key].is_primary or other[key].is_primary)
            )
            for key in meeting.keys
        )

    def _are_of_one_list(self, pair: _Pair) -> bool:
        return self._traits[pair[0]].list_code == self._traits[pair[1]].list_code

    # --- Joining.

    def _join_doubles(self) -> None:
        """Join the entries of one list that are one party entered twice."""
        named: dict[tuple[str, str], list[int]] = {}
        for place, traits in enumerate(self._traits):
            primary = traits.primary
            if primary is not None:
                named.setdefault((traits.list_code, primary.key), []).append(place)
        for places in named.values():
            for pair in _pairs(places):
                one, other = (self._traits[place] for place in pair)
                if are_entered_twice(one, other):
                    met = one.primary.printed if one.primary else one.listing_id
                    self._draw(pair, Judged("entered_twice", met))

    def _keys_apart(self) -> dict[str, frozenset[str]]:
        """Return the lists that have several parties under a name, by the key of the name."""
        apart: dict[str, frozenset[str]] = {}
        for key, places in self._by_key.items():
            if len(places) > 1:
                roots = {(self._traits[each].list_code, self._root(each)) for each in places}
                lists = [code for code, _ in roots]
                several = frozenset(code for code in lists if lists.count(code) > 1)
                if several:
                    apart[key] = several
        return apart

    def _draw(self, pair: _Pair, shown: Judged) -> None:
        """Join the parties of a pair, unless anything in them speaks against it."""
        if shown.kind is None:
            return
        one, other = (self._root(place) for place in pair)
        if one != other:
            reason = self._refusal(one, other, is_double=shown.kind == "entered_twice")
            if reason is not None:
                if shown.kind in {"number", "reference"}:
                    _note(self._related, pair, f"{shown.met}; {reason}")
                else:
                    _note(self._perhaps, pair, f"both are named {shown.met}, but {reason}")
                return
            low, high = min(one, other), max(one, other)
            self._parent[high] = low
            self._parts[low] = [*self._members(low), *self._members(high)]
        here, there = (self._traits[place].listing_id for place in pair)
        link = PartyLink(kind=shown.kind, one=here, other=there, met=shown.met)
        self._links.append((pair[0], link))

    def _refusal(self, one: int, other: int, *, is_double: bool) -> str | None:
        """Return why two parties cannot be one, in words; None if nothing says so."""
        for here in self._members(one):
            for there in self._members(other):
                pair = _pair(here, there)
                reason = self._reason_against(pair, is_double=is_double)
                if reason is not None:
                    return reason
        return None

    def _reason_against(self, pair: _Pair, *, is_double: bool) -> str | None:
        if pair in self._splits:
            return "an operator of this service keeps them apart"
        if pair in self._joins:
            return None
        one, other = (self._traits[place] for place in pair)
        is_named_apart = one.list_code == other.list_code and not is_double
        if is_named_apart and not are_entered_twice(one, other):
            return f"{list_title(one.list_code)} lists them separately"
        reason = against(one, other)
        return None if reason is None else f"{one.listing_id} and {other.listing_id}: {reason}"

    def _root(self, place: int) -> int:
        while self._parent[place] != place:
            self._parent[place] = self._parent[self._parent[place]]
            place = self._parent[place]
        return place

    def _members(self, root: int) -> list[int]:
        return self._parts.get(root) or [root]

    # --- The parties beside a party, and the result.

    def _relate(self) -> None:
        """Note the parties that a listing names as its parent, or as linked to it."""
        keys: dict[str, str] = {}
        for place, traits in enumerate(self._traits):
            for name in traits.linked_to:
                key = keys.get(name)
                if key is None:
                    key = keys[name] = key_of(normalise(name))
                others = self._by_key.get(key, ()) if key else ()
                own = [each for each in others if self._are_of_one_list((place, each))]
                for other in own or others:
                    if len(own or others) <= _MOST_NAMESAKES and other != place:
                        reason = f"the list says of one that it belongs to {name}"
                        _note(self._related, _pair(place, other), reason)

    def _own(self) -> None:
        """Note the listed owners of which a listing of the owned one, or of the owner, says so."""
        for place, traits in enumerate(self._traits):
            for said in traits.owners:
                found = ((place, owner, said, place) for owner in self._named(said.name))
                self._owners.extend(found)
            if traits.primary is not None:
                said = OwnerMention(traits.primary.printed, _OWNS)
                owned = (each for name in traits.owned for each in self._named(name))
                self._owners.extend((each, place, said, place) for each in owned)

    def _named(self, name: str) -> Sequence[int]:
        """Return the listings of a name; none of one that too many have."""
        key = key_of(normalise(name))
        found = self._by_key.get(key, ()) if key else ()
        return found if len({self._root(each) for each in found}) <= _MOST_NAMESAKES else ()

    def _owners_by_party(self) -> dict[str, tuple[OwnerLink, ...]]:
        found: dict[str, set[OwnerLink]] = {}
        for owned, owner, said, by in self._owners:
            one, other = self._id(owned), self._id(owner)
            if one != other:
                listing = self._traits[by].listing_id
                beside = OwnerLink(other, said.name, said.says, listing)
                found.setdefault(one, set()).add(beside)
        return {party: tuple(sorted(some)[:_MOST_BESIDE]) for party, some in found.items()}

    def _note_stems(self) -> None:
        """Note firms whose rare names differ in a trade word, if nothing speaks against it."""
        for stem, holders in _holders(self._traits, lambda each: each.stems).items():
            places = frozenset(holders)
            bare = (each for each in self._by_key.get(stem, ()) if self._may_be_branded(each))
            parties = {self._root(each): each for each in sorted({*bare, *places}, reverse=True)}
            if len(parties) > _MOST_OF_STEM:
                continue
            for pair in combinations(sorted(parties.values()), 2):
                if not places.isdisjoint(pair) and self._may_be_one(pair):
                    here, there = (self._called(place, stem) for place in pair)
                    _note(self._perhaps, pair, f"one is named {here}, the other {there}")

    def _may_be_one(self, pair: _Pair) -> bool:
        one, other = (self._traits[place] for place in pair)
        here, there = map(self._root, pair)
        return not are_abroad(one, other) and not self._refusal(here, there, is_double=False)

    def _may_be_branded(self, place: int) -> bool:
        return self._traits[place].entity_type not in NOT_BRANDED

    def _called(self, place: int, stem: str) -> str:
        traits = self._traits[place]
        return traits.names[stem].printed if stem in traits.names else traits.stems[stem]

    def _grouped(self) -> Grouping:
        members: dict[str, list[str]] = {}
        for place, traits in enumerate(self._traits):
            members.setdefault(self._id(place), []).append(traits.listing_id)
        links: dict[str, list[PartyLink]] = {}
        for place, link in self._links:
            links.setdefault(self._id(place), []).append(link)
        return Grouping(
            members={party: tuple(ids) for party, ids in members.items()},
            party_of={each: party for party, ids in members.items() for each in ids},
            links={party: tuple(some) for party, some in links.items()},
            perhaps=self._beside(self._perhaps),
            related=self._beside(self._related),
            owners=self._owners_by_party(),
        )

    def _id(self, place: int) -> str:
        """Return the id of a listing's party: that of its lowest listing."""
        return self._traits[self._root(place)].listing_id

    def _beside(self, noted: _Beside) -> dict[str, tuple[PartyBeside, ...]]:
        found: dict[str, dict[str, str]] = {}
        for here in sorted(noted):
            for there, reason in sorted(noted[here].items()):
                one, other = self._id(here), self._id(there)
                if one != other:
                    found.setdefault(one, {}).setdefault(other, reason)
                    found.setdefault(other, {}).setdefault(one, reason)
        return {
            party: tuple(
                PartyBeside(party=other, reason=reason)
                for other, reason in list(others.items())[:_MOST_BESIDE]
            )
            for party, others in found.items()
        }


def _holders[T: Hashable](
    traits: Sequence[ListingTraits], values: Callable[[ListingTraits], Iterable[T]]
) -> dict[T, list[int]]:
    held: dict[T, list[int]] = {}
    for place, each in enumerate(traits):
        for value in values(each):
            held.setdefault(value, []).append(place)
    return held


def _pairs(places: Sequence[int]) -> Iterator[_Pair]:
    if 1 < len(places) <= _MOST_HOLDERS:
        yield from combinations(places, 2)


def _pair(one: int, other: int) -> _Pair:
    return (one, other) if one < other else (other, one)


def _meeting(meetings: dict[_Pair, InCommon], pair: _Pair) -> InCommon:
    known = meetings.get(pair)
    if known is None:
        known = meetings[pair] = InCommon([], [], [])
    return known


def _note(noted: _Beside, pair: _Pair, reason: str) -> None:
    noted.setdefault(pair[0], {}).setdefault(pair[1], reason)


def _strength(shown: Judged) -> int:
    return 0 if shown.kind is None else STRENGTH[shown.kind]


def _order(pair: _Pair, judged: Mapping[_Pair, Judged]) -> tuple[int, int, int, _Pair]:
    shown = judged[pair]
    primary, count = shown.closeness
    return -_strength(shown), -primary, -count, pair
